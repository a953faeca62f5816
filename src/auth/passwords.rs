//! Passwords as argon2id hashes, made and compared on few threads of their own: hashing takes long on purpose, and must
//! hold up no other request.

use crate::error::{Error, Result};
use argon2::password_hash::{Output, ParamsString, PasswordHash, SaltString};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use subtle::ConstantTimeEq;
use tokio::sync::oneshot;

/// Memory in KiB, passes and lanes of argon2id: OWASP's smallest, which a Raspberry Pi bears.
const COST: (u32, u32, u32) = (19 * 1024, 2, 1);

/// Blocks of 1 KiB, more than 32 MiB in all.
const RESERVED: usize = 33 * 1024;

/// How many hashes are made at once: each takes its memory.
const THREADS: usize = 2;

/// How many wait for a thread; more are sent away.
const WAITING: usize = 64;

/// Compared with where there is no password, so that nobody sees by the time which accounts there are.
const NOBODYS: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5bm9ib2R5MTIzNA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

type Job = Box<dyn FnOnce() + Send>;

/// The threads that work on passwords.
#[derive(Clone)]
pub struct Passwords {
    jobs: SyncSender<Job>,
}

impl Passwords {
    /// # Errors
    /// The system gives no threads.
    pub fn start() -> Result<Passwords> {
        let (jobs, queue) = sync_channel::<Job>(WAITING);
        let queue = Arc::new(Mutex::new(queue));
        for number in 0..THREADS {
            let queue = queue.clone();
            std::thread::Builder::new()
                .name(format!("passwords-{number}"))
                .spawn(move || work(&queue))
                .map_err(|error| Error::Unavailable(format!("No thread can be started: {error}")))?;
        }
        Ok(Passwords { jobs })
    }

    /// Runs work that hashes.
    ///
    /// # Errors
    /// 503 when too many wait already.
    pub async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let (answer, receiver) = oneshot::channel();
        let job = Box::new(move || {
            // Who asked may be gone.
            drop(answer.send(work()));
        });
        let busy =
            || Error::Unavailable("Too many passwords are checked at the moment. Try again".to_owned());
        self.jobs.try_send(job).map_err(|_| busy())?;
        receiver.await.map_err(|_| Error::Internal("A password could not be worked on".to_owned()))
    }
}

fn work(queue: &Mutex<Receiver<Job>>) {
    loop {
        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = next else { return };
        // A fault of one job ends no thread: who asked sees that no answer came.
        drop(std::panic::catch_unwind(std::panic::AssertUnwindSafe(job)));
    }
}

/// The PHC string of a password; nothing when the system has no randomness.
pub fn hash(password: &str) -> Option<String> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).ok()?;
    let salt = SaltString::encode_b64(&bytes).ok()?;
    let (memory, passes, lanes) = COST;
    let params = Params::new(memory, passes, lanes, None).ok()?;
    let hash = digest(password, &bytes, &params)?;
    let phc = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(&params).ok()?,
        salt: Some(salt.as_salt()),
        hash: Some(Output::new(&hash).ok()?),
    };
    Some(phc.to_string())
}

/// Is this the password of a PHC string? Without one it takes as long and is not.
pub fn verify(password: &str, phc: Option<&str>) -> bool {
    let matches = compare(password, phc.unwrap_or(NOBODYS)).unwrap_or(false);
    matches && phc.is_some()
}

fn compare(password: &str, phc: &str) -> Option<bool> {
    let phc = PasswordHash::new(phc).ok()?;
    let params = Params::try_from(&phc).ok()?;
    let mut bytes = [0_u8; 64];
    let salt = phc.salt?.decode_b64(&mut bytes).ok()?;
    let hash = digest(password, salt, &params)?;
    Some(hash.ct_eq(phc.hash?.as_bytes()).into())
}

fn digest(password: &str, salt: &[u8], params: &Params) -> Option<[u8; 32]> {
    // glibc gives blocks of more than 32 MiB back at once when they are freed; smaller ones it would keep, in every
    // thread that hashes. What is reserved beyond the need is never touched.
    let mut blocks: Vec<Block> = Vec::with_capacity(RESERVED);
    blocks.resize(params.block_count(), Block::default());
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
    let mut hash = [0_u8; 32];
    argon.hash_password_into_with_memory(password.as_bytes(), salt, &mut hash, &mut blocks).ok()?;
    Some(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_known_by_its_hash_and_no_other_is() {
        let phc = hash("pass:wörd").unwrap();
        assert!(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{phc}");
        assert!(verify("pass:wörd", Some(&phc)));
        assert!(!verify("pass:word", Some(&phc)) && !verify("", Some(&phc)));
        assert_ne!(hash("x"), hash("x"));
    }

    #[test]
    fn nobodys_password_is_worked_on_and_never_right() {
        assert_eq!(compare("x", NOBODYS), Some(false));
        assert!(!verify("x", None) && !verify("x", Some("rubbish")));
    }

    #[tokio::test]
    async fn a_job_that_fails_takes_no_thread_along() {
        let passwords = Passwords::start().unwrap();
        for _ in 0..THREADS * 2 {
            passwords.run(|| panic!("a job of the test fails")).await.unwrap_err();
        }
        assert_eq!(passwords.run(|| 5).await.unwrap(), 5);
    }
}
