//! Names of sections that are made from other names.

use sha2::{Digest, Sha256};

/// Asterisk reads so many characters of a section's name, and takes two that begin alike for one.
pub const LONGEST: usize = 79;

/// The name itself, or one that Asterisk reads to its end, and that ends in a digest of the whole.
pub fn readable(name: String) -> String {
    if name.len() <= LONGEST {
        return name;
    }
    let digest = format!("-{:016x}", digest(&name));
    name.chars().take(LONGEST - digest.len()).chain(digest.chars()).collect()
}

/// Tells texts apart in names.
pub fn digest(text: &str) -> u64 {
    Sha256::digest(text).iter().take(8).fold(0, |sum, byte| (sum << 8) | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_is_read_to_its_end_and_stays_apart_from_others() {
        let (one, two) = (readable("a".repeat(80)), readable("a".repeat(81)));
        assert_eq!((one.len(), two.len()), (LONGEST, LONGEST));
        assert_ne!(one, two);
        assert_eq!(readable("a".repeat(79)), "a".repeat(79));
    }
}
