//! cordboard's own certificate, signed by itself: for whoever has none, trusted by its fingerprint or by its file.

use super::files::Pair;
use crate::error::{Error, Result};
use crate::storage;
use rcgen::{CertificateParams, DnType, ExtendedKeyUsagePurpose, KeyPair};
use std::net::IpAddr;
use std::path::Path;

/// In a folder of their own: it is watched, and the storage itself changes with every write.
const FOLDER: &str = "tls";

/// Where it lies in a storage folder.
pub fn pair(storage: &Path) -> Pair {
    let folder = storage.join(FOLDER);
    Pair { certificate: folder.join("certificate.pem"), key: folder.join("key.pem") }
}

/// Makes it for this machine's name, `localhost`, and the addresses that are listened on, with the key first: a
/// certificate without its key would be kept for ever.
///
/// # Errors
/// The files can't be written.
pub fn make(pair: &Pair, hosts: &[IpAddr]) -> Result<()> {
    let (certificate, key) =
        signed(hosts).map_err(|error| Error::Internal(format!("A certificate can't be made: {error}")))?;
    if let Some(folder) = pair.key.parent() {
        storage::make_private(folder)?;
    }
    storage::keep(&pair.key, &key)?;
    storage::keep(&pair.certificate, &certificate)
}

/// Certificate and key in PEM.
fn signed(hosts: &[IpAddr]) -> std::result::Result<(String, String), rcgen::Error> {
    let mut names = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()];
    names.extend(hosts.iter().filter(|host| !host.is_unspecified()).map(IpAddr::to_string));
    names.extend(machine());
    names.sort();
    names.dedup();
    let key = KeyPair::generate()?;
    let mut parameters = CertificateParams::new(names)?;
    parameters.distinguished_name.push(DnType::CommonName, "cordboard");
    parameters.extended_key_usages.push(ExtendedKeyUsagePurpose::ServerAuth);
    Ok((parameters.self_signed(&key)?.pem(), key.serialize_pem()))
}

/// The machine's name, if it is one that a certificate can hold.
fn machine() -> Option<String> {
    let system = rustix::system::uname();
    let name = system.nodename().to_str().ok()?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
    (!name.is_empty() && name.bytes().all(plain)).then(|| name.to_owned())
}
