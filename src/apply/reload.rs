//! Makes modules read their files again. An answer of success is no proof, so it always comes with a verification.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::ami::{AmiError, Client};
use super::expect::{Expected, Mismatch};
use super::verify;

/// How long a reload that is "already in progress" is waited for.
const BUSY_BOUND: Duration = Duration::from_secs(5);

/// Reloads the modules in turn, then reads until what runs is what is expected, with a bound.
pub async fn reload_and_verify(
    client: &mut Client,
    modules: &[&'static str],
    expected: &Expected,
    bound: Duration,
) -> Result<Vec<Mismatch>, AmiError> {
    for module in modules {
        reload(client, module).await?;
    }
    verify::verify(client, expected, bound).await
}

/// Asterisk reloads one at a time: somebody else's reload is waited for.
async fn reload(client: &mut Client, module: &str) -> Result<(), AmiError> {
    let end = Instant::now() + BUSY_BOUND;
    loop {
        match client.action("Reload", &[("Module", module)]).await {
            Err(AmiError::Refused { message, .. })
                if message.contains("progress") && Instant::now() < end =>
            {
                sleep(Duration::from_millis(50)).await;
            }
            // It was told to load and could not, without the file that is there now.
            Err(AmiError::Refused { message, .. }) if is_not_running(&message) => {
                return load(client, module).await;
            }
            Err(AmiError::Refused { message, .. }) => {
                return Err(AmiError::Refused { action: format!("the reload of {module}"), message });
            }
            Err(error) => return Err(error),
            Ok(_) => return Ok(()),
        }
    }
}

fn is_not_running(message: &str) -> bool {
    ["No such module", "not initialized"].iter().any(|text| message.contains(text))
}

async fn load(client: &mut Client, module: &str) -> Result<(), AmiError> {
    match client.action("ModuleLoad", &[("LoadType", "load"), ("Module", module)]).await {
        Err(AmiError::Refused { message, .. }) => {
            Err(AmiError::Refused { action: format!("to load {module}"), message })
        }
        other => other.map(|_| ()),
    }
}
