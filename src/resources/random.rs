//! Names and codes that nobody chose.

use crate::error::{Error, Result};

/// `length` random characters of `[a-z0-9]`.
///
/// # Errors
/// The system has no randomness.
pub fn random_text(length: usize) -> Result<String> {
    const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";
    let letter = |at: u64| usize::try_from(at).ok().and_then(|at| LETTERS.get(at)).copied();
    let mut text = String::with_capacity(length);
    for _ in 0..length {
        text.extend(letter(below(36)?).map(char::from));
    }
    Ok(text)
}

/// `length` random lower-case letters.
///
/// # Errors
/// The system has no randomness.
pub fn random_letters(length: usize) -> Result<String> {
    let mut text = String::with_capacity(length);
    for _ in 0..length {
        text.extend(u32::try_from(below(26)?).ok().and_then(|at| char::from_u32(u32::from('a') + at)));
    }
    Ok(text)
}

/// A random number from 0 to `limit` - 1.
///
/// # Errors
/// The system has no randomness.
pub fn below(limit: u64) -> Result<u64> {
    let random = getrandom::u64().map_err(|error| Error::Unavailable(format!("No randomness: {error}")))?;
    Ok(random % limit.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_random_name_has_the_length_and_the_letters() {
        let name = random_text(8).unwrap();
        assert_eq!(name.len(), 8);
        assert!(name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()));
    }
}
