//! Drops offenders' packets before Asterisk sees them: sets of addresses in an nftables table of our own, each with its
//! time. The whole table is replaced at once, so it is right whatever somebody did to it.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::process::Command;
use tokio::time::timeout;

use super::Ports;
use crate::domain::network::Network;

/// Services often have no `/usr/sbin` in their path.
const PLACES: [&str; 4] = ["nft", "/usr/sbin/nft", "/sbin/nft", "/usr/bin/nft"];
const BOUND: Duration = Duration::from_secs(5);
const LONGEST_REASON: usize = 200;

/// `nft`, where it is there and may.
#[derive(Debug)]
pub struct Firewall {
    program: PathBuf,
    ports: Ports,
}

impl Firewall {
    /// Tries an empty table.
    ///
    /// # Errors
    /// Why it can't be used, in words.
    pub async fn open(ports: Ports) -> Result<Self, String> {
        let mut reason = "there is no nft".to_owned();
        for place in PLACES {
            match run(Path::new(place), &script(&[], &ports)).await {
                Ok(()) => return Ok(Self { program: PathBuf::from(place), ports }),
                Err(Failed::Absent) => {}
                Err(Failed::Refused(text)) => reason = text,
            }
        }
        Err(reason)
    }

    /// Blocks these, each for so long, and nobody else.
    ///
    /// # Errors
    /// What nft says.
    pub async fn set(&self, blocks: &[(Network, Duration)]) -> Result<(), String> {
        let done = run(&self.program, &script(blocks, &self.ports)).await;
        done.map_err(|failed| match failed {
            Failed::Absent => "nft is gone".to_owned(),
            Failed::Refused(text) => text,
        })
    }
}

enum Failed {
    Absent,
    Refused(String),
}

async fn run(program: &Path, script: &str) -> Result<(), Failed> {
    let refused = |error: std::io::Error| Failed::Refused(format!("nft: {error}"));
    let child = Command::new(program)
        .args(["-f", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn();
    let mut child = match child {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(Failed::Absent),
        other => other.map_err(refused)?,
    };
    if let Some(mut input) = child.stdin.take() {
        // One that ends without reading says why.
        let _ = input.write_all(script.as_bytes()).await;
    }
    let output = timeout(BOUND, child.wait_with_output())
        .await
        .map_err(|_| Failed::Refused("nft did not end".to_owned()))?
        .map_err(refused)?;
    if output.status.success() {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&output.stderr);
    let line = text.lines().next().unwrap_or_default();
    Err(Failed::Refused(format!("nft: {}", line.chars().take(LONGEST_REASON).collect::<String>())))
}

/// The table with these blocks. An empty set can't be written with elements.
fn script(blocks: &[(Network, Duration)], ports: &Ports) -> String {
    let (four, six): (Vec<_>, Vec<_>) = blocks.iter().partition(|(network, _)| network.address().is_ipv4());
    let set = |name: &str, kind: &str, of: &[&(Network, Duration)]| {
        let each = of.iter().map(|(network, time)| format!("{network} timeout {}s", time.as_secs().max(1)));
        let elements = each.collect::<Vec<_>>().join(", ");
        let elements = if of.is_empty() { String::new() } else { format!("elements = {{ {elements} }};") };
        format!("set {name} {{ type {kind}; flags interval, timeout; {elements} }}\n")
    };
    let rule = |protocol: &str, ports: &[u16]| {
        let list = ports.iter().map(u16::to_string).collect::<Vec<_>>().join(", ");
        let rule =
            |family: &str, set: &str| format!("{family} saddr @{set} {protocol} dport {{ {list} }} drop\n");
        if ports.is_empty() { String::new() } else { rule("ip", "blocked4") + &rule("ip6", "blocked6") }
    };
    format!(
        "add table inet cordboard\ndelete table inet cordboard\ntable inet cordboard {{\n{}{}chain input {{\n\
         type filter hook input priority -10; policy accept;\n{}{}}}\n}}\n",
        set("blocked4", "ipv4_addr", &four),
        set("blocked6", "ipv6_addr", &six),
        rule("udp", &ports.udp),
        rule("tcp", &ports.tcp),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_drops_sip_of_the_blocked_and_nothing_else() {
        let block = |text: &str, seconds| (Network::read(text).unwrap(), Duration::from_secs(seconds));
        let ports = Ports { udp: vec![5060], tcp: vec![5060, 5061] };
        let text = script(&[block("192.0.2.1", 600), block("2001:db8::/64", 0)], &ports);
        for line in [
            "add table inet cordboard\ndelete table inet cordboard\n",
            "set blocked4 { type ipv4_addr; flags interval, timeout; elements = { 192.0.2.1 timeout 600s }; }",
            "set blocked6 { type ipv6_addr; flags interval, timeout; elements = { 2001:db8::/64 timeout 1s }; }",
            "ip saddr @blocked4 udp dport { 5060 } drop",
            "ip6 saddr @blocked6 tcp dport { 5060, 5061 } drop",
        ] {
            assert!(text.contains(line), "{line} in\n{text}");
        }
        assert!(!script(&[], &Ports::default()).contains("drop"));
    }
}
