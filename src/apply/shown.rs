//! What Asterisk tells on its command line alone, read by AMI `Command`, line by line.

use super::ami::{AmiError, Client};
use super::expect::Running;
use super::plan::Class;
use crate::render::{ADDRESS_IDENTIFY, FEATURE};

/// Classes of music: `Class: default`.
pub async fn music(client: &mut Client, running: &mut Running) -> Result<(), AmiError> {
    let lines = shown(client, "moh show classes").await?;
    let names = running.names.entry(Class::Music).or_default();
    names.extend(
        lines.iter().filter_map(|line| line.strip_prefix("Class: ")).map(|name| name.trim().to_owned()),
    );
    Ok(())
}

/// The first file of a class of music, below its name: `File: /0123abcd`.
pub async fn music_entry(client: &mut Client, class: &str) -> Result<Option<String>, AmiError> {
    let lines = shown(client, "moh show files").await?;
    let at =
        lines.iter().position(|line| line.strip_prefix("Class: ").is_some_and(|name| name.trim() == class));
    let below = at.and_then(|at| lines.get(at + 1));
    Ok(below.and_then(|line| line.trim().strip_prefix("File: ")).map(str::to_owned))
}

/// Identifies by address: ` Identify:  address-0123abcd-trunk/trunk`. Those of phones are as many as phones, and not asked for.
pub async fn identifies(client: &mut Client, running: &mut Running) -> Result<(), AmiError> {
    let lines = shown(client, &format!("pjsip list identifies like ^{ADDRESS_IDENTIFY}")).await?;
    let names = running.names.entry(Class::Identify).or_default();
    let listed = lines.iter().filter_map(|line| line.trim().strip_prefix("Identify:")?.split_once('/'));
    names.extend(listed.map(|(name, _)| name.trim().to_owned()));
    Ok(())
}

/// The keys of the canary's feature: `===> --> cordboard-canary-keys (123)`.
pub async fn feature_keys(client: &mut Client) -> Result<Option<String>, AmiError> {
    let lines = shown(client, "features show").await?;
    Ok(find(&lines, &format!("===> --> {FEATURE} ("), ")"))
}

/// The context of a profile of rooms: `Registration context: 0123abcd`.
pub async fn bridge_context(client: &mut Client, name: &str) -> Result<Option<String>, AmiError> {
    let lines = shown(client, &format!("confbridge show profile bridge {name}")).await?;
    Ok(find(&lines, "Registration context: ", ""))
}

/// What stands between the two in the first line that begins with one and ends with the other.
fn find(lines: &[String], before: &str, after: &str) -> Option<String> {
    lines
        .iter()
        .find_map(|line| Some(line.trim().strip_prefix(before)?.strip_suffix(after)?.trim().to_owned()))
}

async fn shown(client: &mut Client, command: &str) -> Result<Vec<String>, AmiError> {
    match client.action("Command", &[("Command", command)]).await {
        Ok(shown) => Ok(shown.all("Output").map(str::to_owned).collect()),
        // There is no such command: its module does not run.
        Err(AmiError::Refused { message, .. }) if message.contains("output follows") => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}
