//! One attempt: render, plan, stage, swap, reload, verify; then keep it or go back.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;
use tracing::{info, warn};

use super::ami::{AmiError, Client};
use super::error::ApplyError;
use super::expect::{Expected, Mismatch, Read, summary};
use super::generation::{Generation, Store};
use super::link::Link;
use super::logtail::{LogMark, boot_complaint, complaint_of, with_complaints};
use super::plan::{Class, Manifest, Names, Plan, data, modules, removed};
use super::reload::reload_and_verify;
use super::settings::Mode;
use super::status::Outcome;
use super::worker::{Refused, Worker, blocking};
use super::{contacts, custom, external, links, verify};
use crate::render::FileSet;

/// How much of what was left out is shown.
const SHOWN: usize = 20;

/// A render and what it promises.
struct Wanted {
    revision: i64,
    set: FileSet,
    manifest: Manifest,
}

/// What this attempt has put before Asterisk.
struct Offer {
    revision: i64,
    /// The files are other ones than before.
    fresh: bool,
    /// Modules to reload.
    modules: Vec<&'static str>,
    /// Changed files that calls read.
    data: BTreeSet<String>,
    /// Objects that have to be gone.
    removed: Names,
    /// Names of changed custom files.
    custom: BTreeSet<String>,
    /// Why the wanted revision is not what is offered: Asterisk has refused it a short time ago.
    instead: Option<String>,
}

impl Offer {
    /// What runs stays; it is only verified.
    fn instead_of(refused: &Refused) -> Self {
        Self {
            revision: refused.revision,
            fresh: false,
            modules: Vec::new(),
            data: BTreeSet::new(),
            removed: Names::new(),
            custom: BTreeSet::new(),
            instead: Some(refused.reason.clone()),
        }
    }

    fn read(&self) -> Read<'_> {
        Read { modules: &self.modules, data: &self.data }
    }
}

impl Worker {
    /// One attempt, with its end in the status and the log.
    pub async fn cycle(&mut self, revision: i64) {
        let started = Instant::now();
        let refused = self.refused.as_ref().filter(|refused| Instant::now() < refused.until);
        let offer = match refused.filter(|refused| refused.revision == revision) {
            Some(refused) => Offer::instead_of(refused),
            None => match self.offer().await {
                Ok(offer) => offer,
                Err((revision, error)) => return self.not_offered(revision, &error, started),
            },
        };
        self.obstacle = offer.instead.clone();
        if matches!(self.settings.mode, Mode::None) {
            let outcome = if offer.fresh { Outcome::Applied } else { Outcome::Unchanged };
            return self.keep(&offer, outcome, started).await;
        }
        let mark = LogMark::now(self.settings.asterisk_log.as_ref());
        match self.bring(&offer).await {
            None => {
                // Coming up is a reason of its own.
                self.retry_at = None;
                self.publish(|status| {
                    status.outcome = Outcome::Pending;
                    status.error = None;
                });
            }
            Some(Ok((found, reloaded))) if found.is_empty() => {
                let outcome = if reloaded || offer.fresh { Outcome::Applied } else { Outcome::Unchanged };
                if !offer.custom.is_empty() {
                    self.custom_error = complaint_of(&offer.custom, &mark).await;
                }
                self.keep(&offer, outcome, started).await;
            }
            Some(Ok((found, _))) => {
                let reason = with_complaints(summary(&found), &offer.custom, &mark).await;
                self.go_back(offer.revision, &offer.modules, reason, started).await;
            }
            Some(Err(AmiError::Refused { action, message })) => {
                let reason = external::refusal(&action, &message);
                let reason = with_complaints(reason, &offer.custom, &mark).await;
                self.go_back(offer.revision, &offer.modules, reason, started).await;
            }
            Some(Err(error)) => self.lost(&error),
        }
    }

    /// Renders, and puts the files in place when they are other ones. Nothing has changed on an error.
    async fn offer(&mut self) -> Result<Offer, (Option<i64>, ApplyError)> {
        let source = Arc::clone(&self.source);
        let wanted = blocking(move || {
            let (revision, set) = source.render().map_err(ApplyError::Render)?;
            Ok(Wanted { revision, manifest: Manifest::of(&set), set })
        });
        let wanted = wanted.await.map_err(|error| (None, error))?;
        let revision = wanted.revision;
        self.seen = Some(revision);
        self.note_left_out(&wanted.set);
        self.bring_sounds(&wanted.set.sounds).await.map_err(|error| (Some(revision), error))?;
        let reload_for = self.settings.reload_for;
        let empty = Manifest::default();
        let before = self.current.as_ref().map_or(&empty, |current| &current.manifest);
        let plan = Plan::between(before, &wanted.manifest, reload_for);
        let touched = custom::includers(&self.touched, &wanted.manifest, reload_for);
        let custom = std::mem::take(&mut self.touched);
        let modules = modules(plan.changed.iter().chain(&plan.dropped).chain(&touched), reload_for);
        let data = data(&plan.changed, reload_for);
        let staged = !plan.is_empty() || !touched.is_empty() || self.current.is_none();
        let removed = match &self.good {
            Some(good) if self.current.as_ref().is_some_and(|current| current.serial == good.serial) => {
                plan.removed.clone()
            }
            Some(good) => removed(&good.manifest, &wanted.manifest),
            None => Names::new(),
        };
        let removed = custom::without_theirs(removed, &self.settings.etc);
        let fresh = self.good.as_ref().is_none_or(|good| good.manifest != wanted.manifest);
        if staged {
            info!(
                revision,
                added = plan.added,
                altered = plan.altered,
                removed = plan.removed.values().map(BTreeSet::len).sum::<usize>(),
                files = plan.changed.len(),
                "staging"
            );
            self.stage(wanted, plan, touched).await.map_err(|error| (Some(revision), error))?;
            self.drop_superseded_pins().await;
        }
        Ok(Offer { revision, fresh, modules, data, removed, custom, instead: None })
    }

    fn note_left_out(&mut self, set: &FileSet) {
        let left_out: Vec<_> = set.left_out.iter().map(ToString::to_string).collect();
        for one in left_out.iter().filter(|one| !self.left_out.contains(one)).take(SHOWN) {
            warn!("{one}");
        }
        for one in set.notes.iter().filter(|one| !self.advice.contains(one)) {
            warn!("{one}");
        }
        self.left_out = left_out;
        self.advice.clone_from(&set.notes);
    }

    async fn stage(
        &mut self,
        wanted: Wanted,
        plan: Plan,
        touched: BTreeSet<String>,
    ) -> Result<(), ApplyError> {
        let (mut store, etc, base) = (self.store.clone(), self.settings.etc.clone(), self.current.clone());
        let (store, staged) = blocking(move || {
            let staged = place(&mut store, &etc, &wanted, &plan, base.as_deref(), &touched);
            // The store comes back in any case: it knows which names and times are used up.
            Ok((store, staged))
        })
        .await?;
        self.store = store;
        self.current = Some(Arc::new(staged?));
        Ok(())
    }

    fn not_offered(&mut self, revision: Option<i64>, error: &ApplyError, started: Instant) {
        warn!("not applied: {error}");
        self.retry_later(None);
        self.obstacle = Some(error.to_string());
        self.publish(|status| {
            status.outcome = Outcome::Pending;
            status.error = Some(error.to_string());
            status.duration_ms = milliseconds(started);
            status.settled_revision = status.settled_revision.max(revision.unwrap_or(0));
        });
    }

    /// Reloads what is needed and reads back what runs: the promises that don't hold, and whether something was
    /// reloaded. Nothing while there is no Asterisk.
    async fn bring(&mut self, offer: &Offer) -> Option<Result<(Vec<Mismatch>, bool), AmiError>> {
        let current = Arc::clone(self.current.as_ref()?);
        let process = self.process_state().and_then(|state| state.pid);
        let Self { link, settings, in_doubt, boot, boot_error, boot_mark, notes, .. } = self;
        let client = link.as_mut().and_then(Link::client)?;
        let reload_for = settings.reload_for;
        let bound = settings.bounds.verify;
        if !*in_doubt {
            let gone = &offer.removed;
            let expected = Expected::of(&current.manifest, gone, Some(offer.read()), reload_for);
            let found = reload_and_verify(client, &offer.modules, &expected, bound).await;
            return Some(found.map(|found| (found, !offer.modules.is_empty())));
        }
        let whole = async {
            let process = format!("{} {}", process.unwrap_or_default(), start_time(client).await?);
            if boot.seen(&process, &current.manifest.boot_digest(reload_for)) {
                *boot_error = boot_complaint(boot_mark.as_ref());
            }
            let expected = Expected::of(&current.manifest, &offer.removed, None, reload_for);
            if offer.custom.is_empty() && verify::verify(client, &expected, Duration::ZERO).await?.is_empty()
            {
                return Ok((Vec::new(), false));
            }
            let modules = modules(current.manifest.files.keys(), reload_for);
            Ok((reload_and_verify(client, &modules, &expected, bound).await?, true))
        };
        let found = whole.await;
        if let (Mode::External { .. }, Ok(_)) = (&settings.mode, &found) {
            match external::weakness(client).await {
                Ok(weakness) => *notes = weakness.into_iter().collect(),
                Err(error) => return Some(Err(error)),
            }
        }
        Some(found)
    }

    /// The baseline moves: this is what runs.
    async fn keep(&mut self, offer: &Offer, outcome: Outcome, started: Instant) {
        let Some(current) = self.current.clone() else { return };
        if let Err(error) = self.purge(&offer.removed).await {
            return self.lost(&error);
        }
        self.in_doubt = false;
        match &self.refused {
            Some(refused) if offer.instead.is_some() => self.retry_at = Some(refused.until),
            _ => self.no_retry(),
        }
        self.boot.passed(&current, &current.manifest.boot_digest(self.settings.reload_for));
        let current_revision = current.revision;
        self.good = Some(Arc::clone(&current));
        let store = self.store.clone();
        if let Err(error) = blocking(move || store.mark_good(&current)).await {
            warn!("{error}");
        }
        if offer.instead.is_none() {
            self.drop_adopted_pins().await;
            if let Err(error) = self.work_on_folders(offer.revision).await {
                return self.lost(&error);
            }
        }
        let duration = milliseconds(started);
        info!(revision = offer.revision, ?outcome, duration_ms = duration, "settled");
        let (applied, outcome, error) = match &offer.instead {
            None => (offer.revision, outcome, self.blemish()),
            Some(reason) => (current_revision, Outcome::Restored, Some(reason.clone())),
        };
        self.publish(|status| {
            status.applied_revision = applied.max(status.applied_revision);
            status.settled_revision = offer.revision;
            status.outcome = outcome;
            status.duration_ms = duration;
            status.error = error;
            status.left_out = self.left_out.iter().take(SHOWN).cloned().collect();
            status.notes = self.all_notes();
        });
        // Housekeeping: nobody waits for it.
        if offer.instead.is_none() {
            self.clear_sounds().await;
        }
        self.collect().await;
    }

    /// What is wrong although everything runs that could be rendered.
    fn blemish(&self) -> Option<String> {
        let left_out = || match self.left_out.as_slice() {
            [] => None,
            [one] => Some(one.clone()),
            [one, more @ ..] => Some(format!("{one}; and {} more, see left_out", more.len())),
        };
        self.boot_error.clone().or(self.custom_error.clone()).or_else(left_out)
    }

    /// Removes old generations.
    pub async fn collect(&mut self) {
        let in_use = [&self.current, &self.good, &self.boot.good]
            .into_iter()
            .flatten()
            .map(|one| one.serial)
            .collect();
        let (store, in_use): (Store, Vec<u64>) = (self.store.clone(), in_use);
        if let Err(error) = blocking(move || store.collect(&in_use)).await {
            warn!("{error}");
        }
    }

    async fn purge(&mut self, removed: &Names) -> Result<(), AmiError> {
        let Some(aors) = removed.get(&Class::Aor) else { return Ok(()) };
        let Some(client) = self.link.as_mut().and_then(Link::client) else { return Ok(()) };
        let purged = contacts::purge(client, aors).await?;
        if purged > 0 {
            info!(purged, "removed the registrations of deleted endpoints");
        }
        Ok(())
    }

    /// Asterisk went away in the middle: what is staged is verified as soon as it is back.
    pub fn lost(&mut self, error: &AmiError) {
        if let Some(link) = &mut self.link {
            link.lost(error);
        }
        self.in_doubt = true;
        self.publish(|status| {
            status.outcome = Outcome::Pending;
            status.error = Some(error.to_string());
        });
    }
}

fn place(
    store: &mut Store,
    etc: &Path,
    wanted: &Wanted,
    plan: &Plan,
    base: Option<&Generation>,
    touched: &BTreeSet<String>,
) -> Result<Generation, ApplyError> {
    let names = || wanted.manifest.files.keys();
    links::check(etc, &store.current(), names())?;
    let generation = store.stage(wanted.revision, &wanted.set, &wanted.manifest, base, touched)?;
    links::make(etc, &store.current(), names())?;
    store.swap(&generation)?;
    links::drop(etc, &store.current(), plan.dropped.iter())?;
    Ok(generation)
}

async fn start_time(client: &mut Client) -> Result<String, AmiError> {
    let answer = client.action("CoreStatus", &[]).await?;
    let field = |name| answer.get(name).unwrap_or_default().to_owned();
    Ok(format!("{} {}", field("CoreStartupDate"), field("CoreStartupTime")))
}

pub(super) fn milliseconds(started: Instant) -> f64 {
    started.elapsed().as_secs_f64() * 1000.0
}
