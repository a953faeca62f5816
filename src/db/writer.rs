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
}

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
        self.prepare_cached("SAVEPOINT nested")?.execute([])?;
        let result = f(self);
        // SQLite ends the transaction by itself when the disk is full.
        if !self.is_autocommit() {
            if result.is_err() {
                self.prepare_cached("ROLLBACK TO nested")?.execute([])?;
            }
            self.prepare_cached("RELEASE nested")?.execute([])?;
        }
        result
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
    /// The cause, when the write is to be kept.
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
    connection.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
    let tx = WriteTx { connection };
    let mut revisions = Vec::with_capacity(jobs.len());
    for job in jobs.iter_mut() {
        revisions.push(run_one(&tx, job.as_mut())?);
    }
    connection.prepare_cached("COMMIT")?.execute([])?;
    Ok(revisions)
}

/// One job in its savepoint. SQLite ends the whole transaction by itself when the disk is full: then every job
/// of the batch has failed, also those that ran before.
fn run_one(tx: &WriteTx, job: &mut dyn Job) -> Result<Revision> {
    tx.prepare_cached("SAVEPOINT job")?.execute([])?;
    let kept = job.run(tx);
    if tx.is_autocommit() {
        return Err(Error::Unavailable(
            "Storage failed, nothing was stored. Free some space in storage.dir and try again".to_owned(),
        ));
    }
    let Some(cause) = kept else {
        tx.prepare_cached("ROLLBACK TO job")?.execute([])?;
        tx.prepare_cached("RELEASE job")?.execute([])?;
        return Ok(0);
    };
    tx.prepare_cached("INSERT INTO revision (at, cause) VALUES (?1, ?2)")?
        .execute(params![clock::now(), cause])?;
    let revision = tx.last_insert_rowid();
    if revision % REMEMBERED == 0 {
        tx.execute("DELETE FROM revision WHERE number <= ?1", [revision - REMEMBERED])?;
    }
    tx.prepare_cached("RELEASE job")?.execute([])?;
    Ok(revision)
}
