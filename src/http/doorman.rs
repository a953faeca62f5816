//! How much of the server one address may take: requests without a token that counts, and connections.
//!
//! The machine's own address is let through: a proxy there speaks for everybody, and tells whom it speaks for.

use crate::auth::network;
use actix_tls::accept::rustls_0_23::TlsStream;
use actix_web::dev::Extensions;
use actix_web::rt::net::TcpStream;
use rustix::net::{Shutdown, shutdown};
use std::any::Any;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Most addresses that are remembered.
const REMEMBERED: usize = 20_000;
const MINUTE: Duration = Duration::from_secs(60);

/// Counts requests of strangers and connections, by address (by network, of IPv6).
pub struct Doorman {
    /// 0 is any number.
    per_minute: u32,
    connections: u32,
    strangers: Mutex<HashMap<IpAddr, Bucket>>,
    open: Arc<Mutex<HashMap<IpAddr, u32>>>,
}

/// Requests that were let in and are not forgotten yet; one is forgotten every `MINUTE / per_minute`.
#[derive(Clone, Copy)]
struct Bucket {
    level: f64,
    at: Instant,
}

/// A connection that is open as long as this lives.
pub struct Place {
    address: IpAddr,
    open: Arc<Mutex<HashMap<IpAddr, u32>>>,
}

impl Doorman {
    pub fn new(per_minute: u32, connections: u32) -> Doorman {
        Doorman { per_minute, connections, strangers: Mutex::default(), open: Arc::default() }
    }

    /// Lets a stranger's request in.
    ///
    /// # Errors
    /// The seconds to wait before the next one.
    pub fn let_in(&self, address: IpAddr, now: Instant) -> Result<(), u64> {
        let address = network(address);
        if self.per_minute == 0 || is_own(address) {
            return Ok(());
        }
        let most = f64::from(self.per_minute);
        let rate = most / MINUTE.as_secs_f64();
        let mut strangers = self.strangers.lock().unwrap_or_else(PoisonError::into_inner);
        if strangers.len() >= REMEMBERED && !strangers.contains_key(&address) {
            strangers.retain(|_, bucket| now.saturating_duration_since(bucket.at) < MINUTE);
        }
        if strangers.len() >= REMEMBERED && !strangers.contains_key(&address) {
            strangers.clear();
        }
        let bucket = strangers.entry(address).or_insert(Bucket { level: 0.0, at: now });
        let gone = now.saturating_duration_since(bucket.at).as_secs_f64() * rate;
        let level = (bucket.level - gone).max(0.0);
        if level + 1.0 > most {
            *bucket = Bucket { level, at: now };
            let wait = ((level + 1.0 - most) / rate).ceil();
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "1 to 60 seconds")]
            return Err((wait as u64).max(1));
        }
        *bucket = Bucket { level: level + 1.0, at: now };
        Ok(())
    }

    /// The request was nobody's who has to be counted.
    pub fn forgive(&self, address: IpAddr) {
        let mut strangers = self.strangers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bucket) = strangers.get_mut(&network(address)) {
            bucket.level = (bucket.level - 1.0).max(0.0);
        }
    }

    /// A place for one more connection, unless the address has as many as it may.
    pub fn place(&self, address: IpAddr) -> Option<Place> {
        let address = network(address);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(address).or_default();
        if self.connections != 0 && *count >= self.connections && !is_own(address) {
            return None;
        }
        *count += 1;
        Some(Place { address, open: self.open.clone() })
    }
}

/// What is done with a new connection: it gets its place, or is cut off.
pub fn seat(doorman: Arc<Doorman>) -> impl Fn(&dyn Any, &mut Extensions) + Send + Clone + 'static {
    move |connection, extensions| {
        let secure = || connection.downcast_ref::<TlsStream<TcpStream>>().map(|stream| stream.get_ref().0);
        let Some(stream) = connection.downcast_ref::<TcpStream>().or_else(secure) else { return };
        let Ok(peer) = stream.peer_addr() else { return };
        match doorman.place(peer.ip()) {
            Some(place) => drop(extensions.insert(place)),
            // It is gone already: as good.
            None => drop(shutdown(stream, Shutdown::Both)),
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let left = open.get(&self.address).map_or(0, |count| count.saturating_sub(1));
        if left == 0 {
            open.remove(&self.address);
        } else {
            open.insert(self.address, left);
        }
    }
}

/// `127.0.0.1` or `::1`.
fn is_own(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address == std::net::Ipv4Addr::LOCALHOST,
        IpAddr::V6(address) => address.segments().iter().all(|word| *word == 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STRANGER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(198, 51, 100, 7));
    const OTHER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(198, 51, 100, 8));

    #[test]
    fn an_address_has_so_many_requests_in_a_minute_and_more_come_back_with_time() {
        let (doorman, start) = (Doorman::new(60, 0), Instant::now());
        for _ in 0..60 {
            assert_eq!(doorman.let_in(STRANGER, start), Ok(()));
        }
        assert_eq!(doorman.let_in(STRANGER, start), Err(1));
        assert_eq!(doorman.let_in(OTHER, start), Ok(()));
        let later = start + Duration::from_secs(2);
        assert_eq!(doorman.let_in(STRANGER, later), Ok(()));
        assert_eq!(doorman.let_in(STRANGER, later), Ok(()));
        assert_eq!(doorman.let_in(STRANGER, later), Err(1));
        doorman.forgive(STRANGER);
        assert_eq!(doorman.let_in(STRANGER, later), Ok(()));
    }

    #[test]
    fn a_rare_pace_says_how_long_to_wait() {
        let (doorman, start) = (Doorman::new(1, 0), Instant::now());
        assert_eq!(doorman.let_in(STRANGER, start), Ok(()));
        assert_eq!(doorman.let_in(STRANGER, start), Err(60));
        assert_eq!(doorman.let_in(STRANGER, start + Duration::from_secs(59)), Err(1));
        assert_eq!(doorman.let_in(STRANGER, start + MINUTE), Ok(()));
    }

    #[test]
    fn nought_is_any_number_and_the_machine_itself_is_not_counted() {
        let now = Instant::now();
        for (doorman, address) in [
            (Doorman::new(0, 0), STRANGER),
            (Doorman::new(1, 1), IpAddr::V4(std::net::Ipv4Addr::LOCALHOST)),
            (Doorman::new(1, 1), IpAddr::V6(std::net::Ipv6Addr::LOCALHOST)),
        ] {
            assert!((0..1000).all(|_| doorman.let_in(address, now).is_ok()));
            let places: Vec<_> = (0..1000).map(|_| doorman.place(address)).collect();
            assert!(places.iter().all(Option::is_some));
        }
    }

    #[test]
    fn a_place_is_free_again_when_its_connection_ends() {
        let doorman = Doorman::new(0, 2);
        let places = (doorman.place(STRANGER), doorman.place(STRANGER));
        assert!(places.0.is_some() && places.1.is_some() && doorman.place(STRANGER).is_none());
        assert!(doorman.place(OTHER).is_some());
        drop(places.0);
        assert!(doorman.place(STRANGER).is_some());
        drop(places.1);
        assert!(doorman.open.lock().unwrap().is_empty());
    }

    #[test]
    fn many_addresses_do_not_fill_the_memory() {
        let (doorman, now) = (Doorman::new(1, 0), Instant::now());
        for number in 0..50_000_u32 {
            assert!(
                doorman.let_in(IpAddr::from(number.to_be_bytes().map(|byte| byte | 1)), now).is_ok()
                    || number > 0
            );
        }
        assert!(doorman.strangers.lock().unwrap().len() <= REMEMBERED);
    }
}
