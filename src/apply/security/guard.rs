//! The guard's task: reads events, decides once in a while, keeps the firewall in step.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};
use tracing::{info, warn};

use super::event::{Fact, Seen};
use super::firewall::Firewall;
use super::homes;
use super::providers::Providers;
use super::tally::{Record, Tally, Verdict};
use super::{BlockList, GuardSettings, Guarding, Offence, Wanted};
use crate::apply::Handle;
use crate::apply::ami::{AmiError, Client, Message};
use crate::apply::error::ApplyError;
use crate::apply::settings::AmiAccount;
use crate::apply::worker::blocking;
use crate::domain::network::Network;

/// An action without an answer.
const BOUND: Duration = Duration::from_secs(10);
/// From the start of Asterisk until it is fully booted.
const BOOT: Duration = Duration::from_secs(120);
/// Before Asterisk is tried again.
const PAUSE: Duration = Duration::from_secs(1);
/// How often offenders are taken to the database: those of a moment share a write and a reload.
const ROUND: Duration = Duration::from_millis(250);
/// How often the database is asked for its revision.
const LOOK: Duration = Duration::from_secs(1);
/// How often the firewall is set although nothing has changed: somebody may have flushed it.
const RENEW: Duration = Duration::from_secs(60);
/// How long the event of our own login is waited for.
const PROOF: Duration = Duration::from_secs(5);

/// How long after a block requests that were under way may still be refused for other reasons, and how many more show
/// that Asterisk lets the blocked in.
const UNDER_WAY: Duration = Duration::from_secs(5);
const IN_VAIN: u32 = 20;

/// Most addresses that are warned of in a minute.
const MOST_WARNED: usize = 100;

const LEAKY: &str = "Asterisk lets blocked addresses in: is res_pjsip_acl loaded, and pjsip_acl.conf read (custom/pjsip_acl.conf)?";
const NO_CLASS: &str =
    "the manager account does not see security events: add `security` to its read = line in manager.conf";

struct Guard {
    settings: GuardSettings,
    list: Arc<dyn BlockList>,
    applier: Handle,
    tally: Tally,
    providers: Providers,
    firewall: Option<Firewall>,
    pending: BTreeMap<Network, Offence>,
    /// Who is blocked, and until when.
    blocked: BTreeMap<Network, SystemTime>,
    seen: Option<i64>,
    looked: Option<Instant>,
    /// When the list of the blocked has last changed, and who has come in since all the same.
    changed: Instant,
    in_vain: u32,
    /// Who was warned of lately, and not blocked.
    warned: BTreeMap<Network, Instant>,
    renewed: Option<Instant>,
    failures: u64,
    status: watch::Sender<Guarding>,
}

/// Runs as long as the runtime does.
pub async fn run(
    settings: GuardSettings,
    account: AmiAccount,
    list: Arc<dyn BlockList>,
    applier: Handle,
    status: watch::Sender<Guarding>,
) {
    let (firewall, error) = open_firewall(&settings).await;
    let by = match (&firewall, settings.block) {
        (_, false) => Vec::new(),
        (None, true) => vec!["asterisk"],
        (Some(_), true) => vec!["nftables", "asterisk"],
    };
    status.send_modify(|status| (status.by, status.error) = (by, error.clone()));
    let mut guard = Guard {
        tally: Tally::new(settings.limit),
        settings,
        list,
        applier,
        providers: Providers::default(),
        firewall,
        pending: BTreeMap::new(),
        blocked: BTreeMap::new(),
        seen: None,
        looked: None,
        changed: Instant::now(),
        in_vain: 0,
        warned: BTreeMap::new(),
        renewed: None,
        failures: 0,
        status,
    };
    loop {
        let ended = guard.watch(&account, &error).await;
        tracing::debug!("security events are not seen: {ended}");
        guard.status.send_modify(|status| status.watching = false);
        // Blocks end and are released while Asterisk is away, too.
        guard.round().await;
        sleep(PAUSE).await;
    }
}

async fn open_firewall(settings: &GuardSettings) -> (Option<Firewall>, Option<String>) {
    if settings.firewall == Wanted::Off || !settings.block {
        return (None, None);
    }
    match Firewall::open(settings.ports.clone()).await {
        Ok(firewall) => {
            info!("blocked addresses are kept out by nftables, too");
            (Some(firewall), None)
        }
        Err(error) if settings.firewall == Wanted::On => {
            let error = format!("abuse.firewall is \"on\" and can't be used: {error}");
            warn!("{error}");
            (None, Some(error))
        }
        Err(error) => {
            info!("blocked addresses are kept out by Asterisk alone: {error}");
            (None, None)
        }
    }
}

impl Guard {
    /// Watches one connection until it is lost.
    async fn watch(&mut self, account: &AmiAccount, error: &Option<String>) -> AmiError {
        let mut client = match self.connect(account).await {
            Ok(client) => client,
            Err(error) => return error,
        };
        let mut proof = Some((Instant::now(), tokio::spawn(knock(account.clone()))));
        let mut tick = interval(ROUND);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                event = client.event() => match event {
                    Ok(event) => {
                        if event.is("Privilege", "security,all") && proof.take().is_some() {
                            let error = error.clone();
                            self.publish(|status| (status.watching, status.error) = (true, error));
                        }
                        self.note(&event);
                    }
                    Err(error) => return error,
                },
                _ = tick.tick() => {
                    if proof.as_ref().is_some_and(|(since, _)| since.elapsed() > PROOF) {
                        proof = None;
                        warn!("{NO_CLASS}");
                        self.publish(|status| status.error = Some(NO_CLASS.to_owned()));
                    }
                    self.round().await;
                }
            }
        }
    }

    /// Where phones are at home is asked before events come, since a stranger's words stand in those.
    async fn connect(&mut self, account: &AmiAccount) -> Result<Client, AmiError> {
        let mut client = Client::connect_for(account, BOUND, "system").await?;
        let booted = async {
            while !client.event().await?.is("Event", "FullyBooted") {}
            Ok::<_, AmiError>(())
        };
        timeout(BOOT, booted).await.map_err(|_| AmiError::Closed)??;
        for home in homes::all(&mut client).await? {
            self.tally.at_home(home, Instant::now());
        }
        client.action("Events", &[("EventMask", "security")]).await?;
        Ok(client)
    }

    fn note(&mut self, event: &Message) {
        let Some(seen) = Seen::of_event(event, SystemTime::now()) else { return };
        if seen.fact != Fact::Success && seen.fact != Fact::Challenged {
            self.failures += 1;
        }
        let known = |network: &Network| self.settings.trusted.iter().any(|trusted| trusted.holds(network));
        if self.blocked.contains_key(&seen.network) {
            return self.note_in_vain();
        }
        if known(&seen.network) {
            return;
        }
        let verdict = self.tally.count(&seen, Instant::now());
        if verdict == Verdict::Nothing || self.pending.contains_key(&seen.network) {
            return;
        }
        let network = seen.network;
        let Record { failures, what, accounts } = self.tally.record(&network);
        let seconds = self.settings.limit.within.as_secs();
        let reason = format!("{failures} {what} within about {seconds} s");
        if verdict == Verdict::Warn {
            return self.warn(
                network,
                &reason,
                "a phone is registered from there, and anybody may write its address",
            );
        }
        self.tally.forget(&network);
        if !self.settings.block {
            return self.warn(network, &reason, "abuse.block is off");
        }
        let brief = verdict == Verdict::Brief;
        self.pending.insert(network, Offence { network, reason, failures, accounts, brief });
    }

    /// Tells of an attack that is let happen, once in a while.
    fn warn(&mut self, network: Network, reason: &str, why: &str) {
        self.warned.retain(|_, at| at.elapsed() < RENEW);
        if self.warned.len() < MOST_WARNED && self.warned.insert(network, Instant::now()).is_none() {
            warn!("{network} attacks SIP and is not blocked: {reason}; {why}");
        }
    }

    /// Somebody who is blocked was answered all the same.
    fn note_in_vain(&mut self) {
        if self.changed.elapsed() < UNDER_WAY {
            return;
        }
        self.in_vain += 1;
        if self.in_vain == IN_VAIN {
            warn!("{LEAKY}");
            self.publish(|status| status.error = Some(LEAKY.to_owned()));
        }
    }

    /// What is due once in a while.
    async fn round(&mut self) {
        if let Err(error) = self.block_pending().await {
            warn!("offenders are not blocked yet: {error}");
        }
        if self.looked.is_none_or(|at| at.elapsed() >= LOOK)
            && let Err(error) = self.look().await
        {
            warn!("who is blocked can't be read: {error}");
        }
        let (blocked, failures) = (self.blocked.len(), self.failures);
        self.publish(|status| (status.blocked, status.failures) = (blocked, failures));
    }

    async fn block_pending(&mut self) -> Result<(), ApplyError> {
        if self.pending.is_empty() {
            return Ok(());
        }
        let providers = self.providers.networks(&self.list).await;
        let is_provider = |network: &Network| providers.iter().any(|provider| provider.meets(network));
        let spared: Vec<Network> = self.pending.keys().copied().filter(is_provider).collect();
        for network in spared {
            if let Some(offence) = self.pending.remove(&network) {
                self.warn(network, &offence.reason, "a trunk has this address");
            }
        }
        let offences: Vec<Offence> = self.pending.values().cloned().collect();
        if offences.is_empty() {
            return Ok(());
        }
        let (list, told) = (Arc::clone(&self.list), offences.clone());
        blocking(move || list.block(&told).map_err(ApplyError::Render)).await?;
        self.applier.wake();
        for Offence { network, reason, accounts, .. } in offences {
            warn!("blocked {network}: {reason}; accounts: {}", accounts.join(", "));
        }
        self.pending.clear();
        self.looked = None;
        Ok(())
    }

    /// Compares with the database: blocks end, and are released by the API.
    async fn look(&mut self) -> Result<(), ApplyError> {
        self.looked = Some(Instant::now());
        let now = SystemTime::now();
        let list = Arc::clone(&self.list);
        let seen = self.seen;
        let ends = self.blocked.values().any(|until| *until <= now);
        let trusted = self.settings.trusted.clone();
        let (newest, blocked, wrote) = blocking(move || {
            let newest = list.revision().map_err(ApplyError::Render)?;
            if seen == Some(newest) && !ends {
                return Ok((newest, None, false));
            }
            let mut blocked = list.blocked().map_err(ApplyError::Render)?;
            let due = blocked.iter().any(|(_, until)| *until <= now);
            if due {
                list.end_blocks().map_err(ApplyError::Render)?;
                blocked.retain(|(_, until)| *until > now);
            }
            let spared = |network: &Network| trusted.iter().any(|trusted| trusted.holds(network));
            let freed: Vec<_> = blocked.iter().map(|(network, _)| *network).filter(spared).collect();
            if !freed.is_empty() {
                list.release(&freed).map_err(ApplyError::Render)?;
                blocked.retain(|(network, _)| !freed.contains(network));
            }
            Ok((newest, Some(blocked), due || !freed.is_empty()))
        })
        .await?;
        if wrote {
            self.applier.wake();
        }
        self.seen = Some(newest);
        let changed = blocked.map(|blocked| blocked.into_iter().collect::<BTreeMap<_, _>>());
        let changed = changed.filter(|blocked| *blocked != self.blocked);
        let renew = self.renewed.is_none_or(|at| at.elapsed() >= RENEW);
        if let Some(blocked) = changed {
            for network in self.blocked.keys().filter(|network| !blocked.contains_key(network)) {
                info!("{network} is no longer blocked");
            }
            self.blocked = blocked;
            (self.changed, self.in_vain) = (Instant::now(), 0);
        } else if !renew {
            return Ok(());
        }
        self.set_firewall(now).await;
        Ok(())
    }

    async fn set_firewall(&mut self, now: SystemTime) {
        self.renewed = Some(Instant::now());
        let Some(firewall) = &self.firewall else { return };
        let left =
            |(network, until): (&Network, &SystemTime)| Some((*network, until.duration_since(now).ok()?));
        let blocks: Vec<_> = self.blocked.iter().filter_map(left).collect();
        if let Err(error) = firewall.set(&blocks).await {
            warn!("nftables does not know who is blocked, Asterisk does: {error}");
        }
    }

    fn publish(&self, change: impl FnOnce(&mut Guarding)) {
        self.status.send_if_modified(|status| {
            let before = status.clone();
            change(status);
            *status != before
        });
    }
}

/// Logs in once: Asterisk tells of it to who may see security events.
async fn knock(account: AmiAccount) {
    let _ = Client::connect_for(&account, BOUND, "off").await;
}
