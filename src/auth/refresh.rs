//! The values of refresh tokens. A client is given the same value at each login, so it must be found again; yet the
//! database holds none. It is made from a random text in the database and a key in a file beside it.

use crate::domain::secret::Secret;
use crate::error::Result;
use crate::storage::random_hex;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use uuid::Uuid;

/// The key. Without it (a restored database alone) refresh tokens are made anew at the next login.
pub struct RefreshKey(Secret);

impl RefreshKey {
    pub fn new(key: Secret) -> RefreshKey {
        RefreshKey(key)
    }

    /// A new random text.
    ///
    /// # Errors
    /// The system has no randomness.
    pub fn nonce() -> Result<String> {
        random_hex()
    }

    /// The value that belongs to a random text.
    pub fn value(&self, nonce: &str) -> Secret {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.0.expose().as_bytes()) else {
            return Secret::default();
        };
        mac.update(nonce.as_bytes());
        let digest = mac.finalize().into_bytes();
        let bytes: [u8; 16] = digest.first_chunk().copied().unwrap_or_default();
        Secret::new(uuid::Builder::from_random_bytes(bytes).into_uuid().to_string())
    }
}

/// A new access token: 122 random bits.
pub fn new_token() -> Secret {
    Secret::new(Uuid::new_v4().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_found_again_with_the_key_and_the_text_and_only_so() {
        let (key, other) = (RefreshKey::new(Secret::new("k")), RefreshKey::new(Secret::new("l")));
        assert_eq!(key.value("a"), key.value("a"));
        assert_ne!(key.value("a"), key.value("b"));
        assert_ne!(key.value("a"), other.value("a"));
        assert_ne!(new_token(), new_token());
    }
}
