//! What all stores share: reading one snapshot, and the only way to write. No resource is known here.

mod functions;
mod migrate;
mod params;
mod writer;

pub use params::{bind, execute, id_list, object_of};
pub use writer::WriteTx;

use crate::error::{Error, Result};
use r2d2_sqlite::SqliteConnectionManager;
use rusqlite::{Connection, OpenFlags};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use writer::Writer;

/// Number of a committed write; grows by one with each.
pub type Revision = i64;

/// Grows when what is remembered of tokens must be forgotten.
pub type Epoch = i64;

const READERS: u32 = 4;
const READER: OpenFlags = OpenFlags::SQLITE_OPEN_READ_WRITE.union(OpenFlags::SQLITE_OPEN_NO_MUTEX);
/// Page cache of a reader in KiB (negative: SQLite's way to say so). The system caches the file anyway.
const READER_CACHE: i64 = -256;
/// Of the writer: thousands of users that come in one write are not written before they are whole.
const WRITER_CACHE: i64 = -16_384;
/// Of a new database, in bytes. A write touches some forty trees, a few hundred bytes in each: half the page is half of
/// what is written and synced.
const PAGE: i64 = 2048;

/// The database: many readers, one writer.
#[derive(Clone)]
pub struct Db {
    file: Arc<Path>,
    readers: r2d2::Pool<SqliteConnectionManager>,
    writer: Writer,
}

impl Db {
    /// Opens (or makes) the database file and brings its schema up to date.
    ///
    /// # Errors
    /// The file can't be opened or written, or a newer cordboard made it.
    pub fn open(file: &Path) -> Result<Db> {
        let mut connection = Connection::open(file)?;
        prepare(&connection)?;
        connection.pragma_update(None, "page_size", PAGE)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", "ON")?;
        connection.pragma_update(None, "cache_size", WRITER_CACHE)?;
        migrate::to_latest(&mut connection)?;
        let manager = SqliteConnectionManager::file(file)
            .with_flags(READER)
            .with_init(|connection| prepare_reader(connection));
        let readers = r2d2::Pool::builder()
            .max_size(READERS)
            .min_idle(Some(1))
            .test_on_check_out(false)
            .connection_timeout(Duration::from_secs(5))
            .build(manager)?;
        Ok(Db { file: file.into(), readers, writer: Writer::start(connection) })
    }

    /// A reader outside of those that are shared, for who must never wait for one.
    ///
    /// # Errors
    /// The file can't be opened.
    pub fn another_reader(&self) -> Result<Connection> {
        let connection = Connection::open_with_flags(&self.file, READER)?;
        prepare_reader(&connection)?;
        Ok(connection)
    }

    /// Runs `f` on one snapshot of the database. Blocks.
    ///
    /// # Errors
    /// What `f` gives, or no connection is free.
    pub fn read<T>(&self, f: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let connection = self.readers.get()?;
        let snapshot = connection.unchecked_transaction()?;
        f(&snapshot)
    }

    /// Runs `f` in a write transaction: all of it is durable when this returns, or nothing. Writes that come
    /// together share one commit.
    ///
    /// # Errors
    /// What `f` gives, or the storage failed.
    pub async fn write<T: Send + 'static>(
        &self,
        cause: impl Into<String>,
        f: impl FnOnce(&WriteTx) -> Result<T> + Send + 'static,
    ) -> Result<(T, Revision)> {
        let answer = self.writer.submit(cause.into(), f);
        answer.await.unwrap_or_else(|_| Err(Error::Internal("The writer has stopped".to_owned())))
    }

    /// As [`Db::write`], for what no file of Asterisk's comes from, such as sessions: it makes no revision.
    ///
    /// # Errors
    /// As [`Db::write`].
    pub async fn write_aside<T: Send + 'static>(
        &self,
        f: impl FnOnce(&WriteTx) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        Ok(self.write(String::new(), f).await?.0)
    }

    /// As [`Db::write`], for programs without a runtime.
    ///
    /// # Errors
    /// As [`Db::write`].
    pub fn write_blocking<T: Send + 'static>(
        &self,
        cause: impl Into<String>,
        f: impl FnOnce(&WriteTx) -> Result<T> + Send + 'static,
    ) -> Result<(T, Revision)> {
        let answer = self.writer.submit(cause.into(), f);
        answer.blocking_recv().unwrap_or_else(|_| Err(Error::Internal("The writer has stopped".to_owned())))
    }
}

/// The newest committed revision; 0 before the first write.
///
/// # Errors
/// The database can't be read.
pub fn revision(connection: &Connection) -> Result<Revision> {
    let mut newest = connection.prepare_cached("SELECT coalesce(max(number), 0) FROM revision")?;
    Ok(newest.query_row([], |row| row.get(0))?)
}

fn prepare_reader(connection: &Connection) -> rusqlite::Result<()> {
    prepare(connection)?;
    connection.pragma_update(None, "cache_size", READER_CACHE)?;
    connection.pragma_update(None, "query_only", "ON")
}

fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(Duration::from_secs(5))?;
    // Savepoints keep a journal of their own: in memory, not in a file that is made anew for each.
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.set_prepared_statement_cache_capacity(256);
    functions::add(connection)
}
