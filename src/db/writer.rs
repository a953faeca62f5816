//! The one writer: a thread with its own connection. Writes that are waiting together run one after the other,
//! each in its own savepoint, and share one COMMIT: durability costs one fsync for many.

use super::Revision;
use crate::clock;
use crate::error::{Error, Result};
use rusqlite::{Connection, params};
use std::ops::Deref;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use tokio::sync::oneshot;

/// Most writes that share a commit.
const BATCH: usize = 64;
/// How many revisions are remembered.
const REMEMBERED: i64 = 10_000;

/// A write transaction. Only the writer makes one, so a function that takes it can only be called from a write.
pub struct WriteTx<'a> {
    connection: &'a Connection,
    /// How all of this write is undone: it may share its transaction with others.
    undo: &'static [&'static str],
    /// False while a write is tried without savepoints of its own.
    savepoints: bool,
}

/// A write that is alone in its transaction.
const UNDO_TRANSACTION: &[&str] = &["ROLLBACK", "BEGIN IMMEDIATE"];
/// A write among others.
const UNDO_SAVEPOINT: &[&str] = &["ROLLBACK TO job"];

impl Deref for WriteTx<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.connection
    }
}

impl WriteTx<'_> {
    /// Runs `f` in a savepoint: what it wrote is undone when it fails.
    ///
    /// # Errors
    /// What `f` gives.
    pub fn nested<T>(&self, f: impl FnOnce(&WriteTx) -> Result<T>) -> Result<T> {
        if !self.savepoints {
            return f(self);
        }
        self.run("SAVEPOINT nested")?;
        let result = f(self);
        if !self.connection.is_autocommit() {
            if result.is_err() {
                self.run("ROLLBACK TO nested")?;
            }
            self.run("RELEASE nested")?;
        }
        result
    }

    /// Runs `f` without savepoints, since most requests are good and savepoints cost. When it fails, all of this
    /// write is undone and `f` runs once more, now with savepoints, to find every mistake.
    ///
    /// # Errors
    /// What `f` gives the second time.
    pub fn hopefully<T>(&self, f: impl Fn(&WriteTx) -> Result<T>) -> Result<T> {
        let hopeful = WriteTx { savepoints: false, ..*self };
        match f(&hopeful) {
            Err(Error::Invalid(_) | Error::NotFound(_)) if !self.connection.is_autocommit() => {
                self.undo()?;
                f(self)
            }
            result => result,
        }
    }

    /// Undoes all of this write.
    fn undo(&self) -> Result<()> {
        self.undo.iter().try_for_each(|sql| self.run(sql))
    }

    fn run(&self, sql: &str) -> Result<()> {
        self.connection.prepare_cached(sql)?.execute([])?;
        Ok(())
    }
}

/// Something to write: it runs inside the transaction and is told after the commit.
trait Job: Send {
    fn run(&mut self, tx: &WriteTx) -> Option<String>;
    fn finish(self: Box<Self>, committed: Result<Revision>);
}

struct Write<F, T> {
    cause: String,
    f: Option<F>,
    result: Option<Result<T>>,
    answer: oneshot::Sender<Result<(T, Revision)>>,
}

impl<F, T> Job for Write<F, T>
where
    F: FnOnce(&WriteTx) -> Result<T> + Send,
    T: Send,
{
    /// The cause, when the write is to be kept; empty when it makes no revision.
    fn run(&mut self, tx: &WriteTx) -> Option<String> {
        let f = self.f.take()?;
        let result = catch_unwind(AssertUnwindSafe(|| f(tx)))
            .unwrap_or_else(|_| Err(Error::Internal("A fault of cordboard's: see its log".to_owned())));
        let kept = result.is_ok().then(|| std::mem::take(&mut self.cause));
        self.result = Some(result);
        kept
    }

    fn finish(self: Box<Self>, committed: Result<Revision>) {
        let answer = match (self.result, committed) {
            (Some(Ok(value)), Ok(revision)) => Ok((value, revision)),
            (Some(Err(error)), _) | (_, Err(error)) => Err(error),
            (None, Ok(_)) => Err(Error::Internal("A write did not run".to_owned())),
        };
        // The caller may be gone: the write stands all the same.
        drop(self.answer.send(answer));
    }
}

/// The way to the writer's thread.
#[derive(Clone)]
pub struct Writer {
    jobs: mpsc::Sender<Box<dyn Job>>,
}

impl Writer {
    pub fn start(connection: Connection) -> Writer {
        let (jobs, queue) = mpsc::channel::<Box<dyn Job>>();
        std::thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || {
                while let Ok(first) = queue.recv() {
                    let waiting = std::iter::from_fn(|| queue.try_recv().ok()).take(BATCH - 1);
                    commit(&connection, std::iter::once(first).chain(waiting).collect());
                }
            })
            .map(drop)
            .unwrap_or_else(|error| tracing::error!(%error, "the writer could not start"));
        Writer { jobs }
    }

    pub fn submit<T: Send + 'static>(
        &self,
        cause: String,
        f: impl FnOnce(&WriteTx) -> Result<T> + Send + 'static,
    ) -> oneshot::Receiver<Result<(T, Revision)>> {
        let (answer, receiver) = oneshot::channel();
        // A stopped writer drops the job, and with it `answer`: the receiver is told.
        drop(self.jobs.send(Box::new(Write { cause, f: Some(f), result: None, answer })));
        receiver
    }
}

/// Runs a batch in one transaction and tells every job how it went.
fn commit(connection: &Connection, mut jobs: Vec<Box<dyn Job>>) {
    let revisions = run(connection, &mut jobs);
    if !connection.is_autocommit()
        && let Err(error) = connection.execute_batch("ROLLBACK")
    {
        tracing::error!(%error, "a failed transaction could not be rolled back");
    }
    match revisions {
        Ok(revisions) => {
            for (job, revision) in jobs.into_iter().zip(revisions) {
                job.finish(Ok(revision));
            }
        }
        Err(error) => {
            tracing::error!(%error, "a commit failed: nothing of it was stored");
            for job in jobs {
                job.finish(Err(again(&error)));
            }
        }
    }
}

/// The same error for each job of a failed batch.
fn again(error: &Error) -> Error {
    match error {
        Error::Unavailable(text) => Error::Unavailable(text.clone()),
        other => Error::Internal(other.to_string()),
    }
}

fn run(connection: &Connection, jobs: &mut [Box<dyn Job>]) -> Result<Vec<Revision>> {
    let undo = if jobs.len() == 1 { UNDO_TRANSACTION } else { UNDO_SAVEPOINT };
    let tx = WriteTx { connection, undo, savepoints: true };
    tx.run("BEGIN IMMEDIATE")?;
    let mut revisions = Vec::with_capacity(jobs.len());
    for job in jobs.iter_mut() {
        revisions.push(run_one(&tx, job.as_mut())?);
    }
    tx.run("COMMIT")?;
    Ok(revisions)
}

/// One job; among others it is in a savepoint. SQLite ends the whole transaction by itself when the disk is full:
/// then every job of the batch has failed, also those that ran before.
fn run_one(tx: &WriteTx, job: &mut dyn Job) -> Result<Revision> {
    let among_others = tx.undo == UNDO_SAVEPOINT;
    if among_others {
        tx.run("SAVEPOINT job")?;
    }
    let kept = job.run(tx);
    if tx.is_autocommit() {
        return Err(Error::Unavailable(
            "Storage failed, nothing was stored. Free some space in storage.dir and try again".to_owned(),
        ));
    }
    let revision = match kept {
        Some(cause) if cause.is_empty() => 0,
        Some(cause) => remember(tx, &cause)?,
        None => {
            tx.undo()?;
            0
        }
    };
    if among_others {
        tx.run("RELEASE job")?;
    }
    Ok(revision)
}

/// Gives the write its number.
fn remember(tx: &WriteTx, cause: &str) -> Result<Revision> {
    tx.prepare_cached("INSERT INTO revision (at, cause) VALUES (?1, ?2)")?
        .execute(params![clock::now(), cause])?;
    let revision = tx.last_insert_rowid();
    if revision % REMEMBERED == 0 {
        tx.execute("DELETE FROM revision WHERE number <= ?1", [revision - REMEMBERED])?;
    }
    Ok(revision)
}
