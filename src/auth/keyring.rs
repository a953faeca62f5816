//! Tokens that were seen before, so that a request does not ask the database who calls.
//!
//! The database counts everything that makes a token worth less (`token_epoch`, by triggers, whoever writes). Only that
//! number is read with every request; when it has grown, all is forgotten. So a token that was revoked before a request
//! came never counts, and no writer has to think of it.

use super::grant::{Grant, Tree, epoch, hash_token};
use crate::clock;
use crate::db::{Db, Epoch};
use crate::error::Result;
use rusqlite::Connection;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

/// Most tokens that are remembered.
const REMEMBERED: usize = 10_000;

/// Finds out what tokens stand for.
pub struct Keyring {
    db: Db,
    /// A connection of its own: asking for the epoch never waits for a free one.
    epoch: Mutex<Connection>,
    known: RwLock<Known>,
}

#[derive(Default)]
struct Known {
    epoch: Epoch,
    tree: Arc<Tree>,
    grants: HashMap<String, Arc<Grant>>,
}

impl Keyring {
    /// # Errors
    /// The database can't be opened once more.
    pub fn open(db: &Db) -> Result<Keyring> {
        let epoch = Mutex::new(db.another_reader()?);
        Ok(Keyring { db: db.clone(), epoch, known: RwLock::default() })
    }

    /// What a token stands for, if it counts now, and the tree of tenants.
    ///
    /// # Errors
    /// The database can't be read.
    pub fn find(&self, token: &str) -> Result<Option<(Arc<Grant>, Arc<Tree>)>> {
        let hash = hash_token(token);
        let now = clock::seconds();
        let epoch = self.epoch()?;
        if let Some((grant, tree)) = self.known(&hash, epoch) {
            return Ok(grant.is_alive(now).then_some((grant, tree)));
        }
        let Some((grant, tree)) = self.learn(hash)? else { return Ok(None) };
        Ok(grant.is_alive(now).then_some((grant, tree)))
    }

    /// The tree of tenants as it is now.
    ///
    /// # Errors
    /// The database can't be read.
    pub fn tree(&self) -> Result<Arc<Tree>> {
        let epoch = self.epoch()?;
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        if known.epoch == epoch {
            return Ok(known.tree.clone());
        }
        drop(known);
        Ok(Arc::new(self.db.read(Tree::read)?))
    }

    fn epoch(&self) -> Result<Epoch> {
        epoch(&self.epoch.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn known(&self, hash: &str, epoch: Epoch) -> Option<(Arc<Grant>, Arc<Tree>)> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let grant = known.grants.get(hash).filter(|_| known.epoch == epoch)?;
        Some((grant.clone(), known.tree.clone()))
    }

    fn learn(&self, hash: String) -> Result<Option<(Arc<Grant>, Arc<Tree>)>> {
        let (epoch, tree, grant) = self.db.read(|connection| {
            Ok((epoch(connection)?, Tree::read(connection)?, Grant::find(connection, &hash)?))
        })?;
        let Some(grant) = grant.map(Arc::new) else { return Ok(None) };
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if known.epoch != epoch || known.grants.len() >= REMEMBERED {
            *known = Known { epoch, tree: Arc::new(tree), grants: HashMap::new() };
        }
        known.grants.insert(hash, grant.clone());
        Ok(Some((grant, known.tree.clone())))
    }
}
