//! The applier's task: waits for a reason to look, decides whether something is due, keeps the status.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, mpsc, oneshot, watch};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep};
use tracing::warn;

use super::agents::Agents;
use super::ami::AmiError;
use super::boot::Boot;
use super::ceilings::Ceilings;
use super::certificates::Certificates;
use super::custom::Custom;
use super::error::ApplyError;
use super::generation::{Found, Generation, Store};
use super::lamps::Lamps;
use super::link::{Change, Link};
use super::logtail::LogMark;
use super::opening::{open_store, reader};
use super::pins::Pins;
use super::reasons::{changed, next, next_process};
use super::settings::{ApplySettings, Mode};
use super::sounds::Known;
use super::status::{AsteriskState, Outcome, Status};
use super::switches::Switches;
use super::{Source, links};
use crate::asterisk::{Process, ProcessState};

/// How often the database is asked for its revision: the command line writes it too, and wakes nobody.
const TICK: Duration = Duration::from_secs(1);
/// Longest rest between two rounds while writes keep coming.
const LONGEST_REST: Duration = Duration::from_secs(1);
/// So many writes during one round are no reason to rest: a script that waits for each has one.
const FEW: i64 = 3;
/// What was switched holds already when it was pushed: a call that waits for it has the machine before its files do.
const CALLS_FIRST: Duration = Duration::from_millis(40);
/// First pause after a failure that has nothing to do with Asterisk (a full disk); doubles up to `Bounds::retry`.
const FIRST_PAUSE: Duration = Duration::from_secs(1);

/// A revision that Asterisk did not take. Until it is tried again, the good configuration is only watched over.
pub(super) struct Refused {
    pub revision: i64,
    pub reason: String,
    pub until: Instant,
}

pub(super) struct Worker {
    pub settings: ApplySettings,
    pub source: Arc<dyn Source>,
    pub store: Store,
    /// What the symlink names.
    pub current: Option<Arc<Generation>>,
    /// The last one that was verified.
    pub good: Option<Arc<Generation>>,
    pub link: Option<Link>,
    /// Asterisk may run anything: it has started, or an attempt ended in doubt.
    pub in_doubt: bool,
    pub boot: Boot,
    /// The log's end when the process was started.
    pub boot_mark: Option<LogMark>,
    /// What Asterisk could not do at its start.
    pub boot_error: Option<String>,
    /// Custom files that changed.
    pub touched: BTreeSet<String>,
    /// What Asterisk said to the last change of a custom file.
    pub custom_error: Option<String>,
    /// What the newest revision holds and its files don't.
    pub left_out: Vec<String>,
    /// What is in the files and won't do what was meant.
    pub advice: Vec<String>,
    /// What keeps a verification of this Asterisk from being a proof.
    pub notes: Vec<String>,
    pub certificates: Certificates,
    pub pins: Pins,
    pub switches: Switches,
    /// Context and number of mailboxes that phones have emptied.
    pub purged: Vec<(String, String)>,
    /// Calls that were refused since the last look.
    pub ceilings: Ceilings,
    pub lamps: Lamps,
    pub sounds: Known,
    /// When the logs of Asterisk were last looked at.
    pub logs_seen: Option<Instant>,
    pub agents: Agents,
    /// What stands in the way of the wanted revision, other than Asterisk being down.
    pub obstacle: Option<String>,
    /// The newest revision that has been tried.
    pub seen: Option<i64>,
    /// When a failed attempt is made again.
    pub retry_at: Option<Instant>,
    /// What Asterisk did not take.
    pub refused: Option<Refused>,
    pub pause: Duration,
    pub status: watch::Sender<Status>,
    pub process: Option<Process>,
    pub processes: Option<watch::Receiver<ProcessState>>,
}

/// Runs until it is told to stop, or until nobody holds a handle any more.
pub(super) async fn run(
    settings: ApplySettings,
    source: Arc<dyn Source>,
    wake: Arc<Notify>,
    status: watch::Sender<Status>,
    mut stop: mpsc::Receiver<oneshot::Sender<()>>,
) {
    let mut custom = match settings.mode {
        Mode::Managed { .. } | Mode::External { .. } => Some(Custom::watch(&settings.etc, reader(&settings))),
        Mode::None => None,
    };
    let work = async {
        let (store, found) = tokio::select! {
            biased;
            order = stop.recv() => return (None, order),
            opened = open_store(&settings, &status) => opened,
        };
        let mut worker = Worker::new(settings, source, store, found, status);
        let order = worker.work(&wake, &mut custom, &mut stop).await;
        (Some(worker), order)
    };
    let (worker, order) = work.await;
    if let Some(done) = order {
        if let Some(process) = worker.and_then(|worker| worker.process) {
            process.stop().await;
        }
        let _ = done.send(());
    }
}

/// Runs file work on a thread that may block.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ApplyError> + Send + 'static,
) -> Result<T, ApplyError> {
    let joined = tokio::task::spawn_blocking(work).await;
    joined.unwrap_or_else(|error| Err(ApplyError::Render(format!("a task of the applier died: {error}"))))
}

impl Worker {
    fn new(
        settings: ApplySettings,
        source: Arc<dyn Source>,
        store: Store,
        found: Found,
        status: watch::Sender<Status>,
    ) -> Self {
        let link = match &settings.mode {
            Mode::Managed { ami, .. } | Mode::External { ami } => {
                Some(Link::new(ami.clone(), settings.bounds))
            }
            Mode::None => None,
        };
        Self {
            boot: Boot::load(&settings.generations),
            settings,
            source,
            store,
            current: found.current.map(Arc::new),
            good: found.good.map(Arc::new),
            link,
            in_doubt: true,
            boot_mark: None,
            boot_error: None,
            touched: BTreeSet::new(),
            custom_error: None,
            left_out: Vec::new(),
            advice: Vec::new(),
            notes: Vec::new(),
            certificates: Certificates::default(),
            pins: Pins::default(),
            switches: Switches::default(),
            purged: Vec::new(),
            ceilings: Ceilings::default(),
            lamps: Lamps::default(),
            sounds: Known::default(),
            agents: Agents::default(),
            logs_seen: None,
            obstacle: None,
            seen: None,
            retry_at: None,
            refused: None,
            pause: FIRST_PAUSE,
            status,
            process: None,
            processes: None,
        }
    }

    async fn work(
        &mut self,
        wake: &Notify,
        custom: &mut Option<Custom>,
        stop: &mut mpsc::Receiver<oneshot::Sender<()>>,
    ) -> Option<oneshot::Sender<()>> {
        let mut tick = interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let started = Instant::now();
            tokio::select! {
                biased;
                order = stop.recv() => return order,
                () = self.step() => {}
            }
            if self.is_left_behind().await {
                let rest = (started.elapsed() * 8).min(LONGEST_REST);
                tokio::select! {
                    biased;
                    order = stop.recv() => return order,
                    () = sleep(rest) => {}
                }
                continue;
            }
            tokio::select! {
                biased;
                order = stop.recv() => return order,
                () = wake.notified() => self.try_again(),
                files = changed(custom) => {
                    self.touched.extend(files);
                    self.try_again();
                }
                change = next(&mut self.link) => self.connected(change),
                () = next_process(&mut self.processes) => self.process_changed(),
                _ = tick.tick() => {}
            }
        }
    }

    /// Do writes come faster than they are applied? Then those of the next moments share one round, and the machine is
    /// left to requests for a while.
    async fn is_left_behind(&mut self) -> bool {
        if self.retry_at.is_some() {
            return false;
        }
        let source = Arc::clone(&self.source);
        let newest = blocking(move || source.revision().map_err(ApplyError::Render)).await;
        newest.is_ok_and(|newest| self.seen.is_some_and(|seen| newest - seen > FEW))
    }

    /// Somebody asks: what was put off is done now.
    fn try_again(&mut self) {
        self.retry_at = self.retry_at.map(|_| Instant::now());
        if let Some(refused) = &mut self.refused {
            refused.until = Instant::now();
        }
    }

    fn connected(&mut self, change: Change) {
        match change {
            Change::Up => {
                self.in_doubt = true;
                self.pins.due = true;
                self.switches.due = true;
                self.lamps.forget();
                self.agents.forget();
                self.certificates.forget();
                self.retry_at = self.retry_at.map(|_| Instant::now());
            }
            Change::Pin => self.pins.due = true,
            Change::Agent => self.agents.forget(),
            Change::Switched(dialled) => self.switches.tell(dialled),
            Change::Purged(context, number) => self.purged.push((context, number)),
            Change::Ceiling(reached) => self.tell_of_ceiling(reached),
            Change::Down => self.in_doubt = true,
            Change::Nothing => {}
        }
    }

    fn process_changed(&mut self) {
        if let Some(state) = self.process_state()
            && state.pid.is_some()
            && let Some(link) = &mut self.link
        {
            link.hurry();
        } else {
            self.mark_boot();
        }
    }

    /// State of the managed process.
    pub fn process_state(&self) -> Option<ProcessState> {
        self.processes.as_ref().map(|processes| processes.borrow().clone())
    }

    /// One look: whatever is due is done.
    async fn step(&mut self) {
        let source = Arc::clone(&self.source);
        match blocking(move || source.revision().map_err(ApplyError::Render)).await {
            Ok(revision) => {
                let revision = self.take_pins(revision).await;
                let revision = self.take_switches(revision).await;
                let revision = self.take_logins(revision).await;
                if self.seen.is_some_and(|seen| seen != revision) && self.push_switches().await {
                    sleep(CALLS_FIRST).await;
                }
                self.publish(|status| status.wanted_revision = revision);
                if self.is_due(revision) {
                    self.cycle(revision).await;
                }
                self.drop_switches().await;
                self.tell_of_purged().await;
                self.take_ceilings().await;
                self.show_lamps(revision).await;
                self.seat_agents(revision).await;
                self.look_at_certificates().await;
            }
            Err(error) => warn!("{error}"),
        }
        self.run_asterisk();
        self.end_trial().await;
        self.restart_when_quiet().await;
        self.bound_logs().await;
        self.refresh();
    }

    fn is_due(&mut self, revision: i64) -> bool {
        if self.seen != Some(revision) {
            return true;
        }
        if self.retry_at.is_some_and(|at| Instant::now() < at) {
            return false;
        }
        let up = self.link.as_mut().is_none_or(|link| link.client().is_some());
        self.retry_at.is_some() || (up && (self.in_doubt || !self.touched.is_empty()))
    }

    /// Starts Asterisk again, when it is ours; tells whether it is.
    pub async fn restart(&mut self) -> bool {
        let Some(process) = &self.process else { return false };
        process.restart().await;
        self.in_doubt = true;
        self.mark_boot();
        if let Some(link) = &mut self.link {
            link.lost(&AmiError::Closed);
            link.hurry();
        }
        true
    }

    /// Changes the status; watchers hear of it only when it has really changed.
    pub fn publish(&self, change: impl FnOnce(&mut Status)) {
        self.status.send_if_modified(|status| {
            let before = status.clone();
            change(status);
            *status != before
        });
    }

    fn refresh(&mut self) {
        let process = self.process_state();
        let restart_needed = self.restart_needed();
        let link = self.link.as_ref();
        let down = link.and_then(|link| link.error.clone());
        let mut asterisk = link.map_or(AsteriskState::None, Link::asterisk);
        if asterisk == AsteriskState::Down && process.as_ref().is_some_and(|process| process.pid.is_some()) {
            asterisk = AsteriskState::Starting;
        }
        let process_error = process.as_ref().and_then(|process| process.error.clone());
        let pending = self.obstacle.clone().or(process_error).or(down);
        self.publish(|status| {
            status.asterisk = asterisk;
            status.restart_needed = restart_needed;
            status.asterisk_crashes = process.map_or(0, |process| process.crashes);
            if status.outcome == Outcome::Pending {
                status.error = pending;
            }
        });
    }

    /// Plans another attempt without anybody asking for it.
    pub fn retry_later(&mut self, pause: Option<Duration>) {
        let pause = pause.unwrap_or_else(|| {
            let pause = self.pause;
            self.pause = (pause * 2).min(self.settings.bounds.retry);
            pause
        });
        self.retry_at = Some(Instant::now() + pause);
    }

    /// After a success.
    pub fn no_retry(&mut self) {
        self.retry_at = None;
        self.refused = None;
        self.pause = FIRST_PAUSE;
    }

    /// Names the generation in use again, and its symlinks.
    pub async fn point_to(&mut self, generation: &Arc<Generation>) -> Result<(), ApplyError> {
        let (store, etc, target) = (self.store.clone(), self.settings.etc.clone(), Arc::clone(generation));
        blocking(move || {
            links::make(&etc, &store.current(), target.manifest.files.keys())?;
            store.swap(&target)
        })
        .await?;
        self.current = Some(Arc::clone(generation));
        Ok(())
    }
}
