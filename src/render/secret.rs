//! Secrets that nobody is told, derived so that rendering stays a pure function.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use super::index::Index;

/// 32 hexadecimal digits that depend on the site's secret, the purpose and the name, and on nothing else.
pub fn derived(index: &Index<'_>, purpose: &str, name: &str) -> String {
    let mut hash = Sha256::new();
    for part in [index.model.site.secret.as_str(), purpose, name] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    hash.finalize().iter().take(16).fold(String::with_capacity(32), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
