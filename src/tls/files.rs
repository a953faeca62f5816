//! A certificate and its key: where they lie, and what is in them.

use super::{own, provider};
use crate::error::{Error, Result};
use crate::settings::Settings;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use sha2::{Digest, Sha256};
use std::fs;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

/// A certificate with the chain above it, and its key: PEM files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    pub certificate: PathBuf,
    pub key: PathBuf,
}

impl Pair {
    /// The files that `http.certificate` and `http.key` name, or else cordboard's own in the storage folder.
    pub fn of_http(settings: &Settings) -> Pair {
        let http = &settings.http;
        match (&http.certificate, &http.key) {
            (Some(certificate), Some(key)) => Pair { certificate: certificate.clone(), key: key.clone() },
            _ => own::pair(&settings.storage.dir),
        }
    }

    /// The files that `sip.certificate` and `sip.key` name, or else those of the API.
    pub fn of_sip(settings: &Settings) -> Pair {
        match (&settings.sip.certificate, &settings.sip.key) {
            (Some(certificate), Some(key)) => Pair { certificate: certificate.clone(), key: key.clone() },
            _ => Pair::of_http(settings),
        }
    }

    /// Makes cordboard's own certificate when these files are its own and are missing. `hosts` are the addresses that
    /// are listened on.
    ///
    /// # Errors
    /// The files can't be written.
    pub fn make_if_own(&self, storage: &Path, hosts: &[IpAddr]) -> Result<()> {
        if *self == own::pair(storage) && !(self.certificate.exists() && self.key.exists()) {
            own::make(self, hosts)?;
        }
        Ok(())
    }

    /// Reads both.
    ///
    /// # Errors
    /// A file can't be read, holds something else, or the key is another certificate's.
    pub fn load(&self) -> Result<CertifiedKey> {
        self.parse(&read(&self.certificate)?, &read(&self.key)?)
    }

    /// The same of what these files hold.
    ///
    /// # Errors
    /// It is something else, or the key is another certificate's.
    pub fn parse(&self, certificate: &[u8], key: &[u8]) -> Result<CertifiedKey> {
        let chain = parse_chain(&self.certificate, certificate)?;
        let key = PrivateKeyDer::from_pem_slice(key).map_err(|error| wrong(&self.key, &error))?;
        CertifiedKey::from_der(chain, key, &provider()).map_err(|error| {
            let (certificate, key) = (self.certificate.display(), self.key.display());
            Error::Unavailable(format!("{key} is not the key of {certificate}: {error}"))
        })
    }
}

/// The certificates of a PEM file; the server's own is the first.
///
/// # Errors
/// The file can't be read, or holds none.
pub fn chain(file: &Path) -> Result<Vec<CertificateDer<'static>>> {
    parse_chain(file, &read(file)?)
}

fn parse_chain(file: &Path, pem: &[u8]) -> Result<Vec<CertificateDer<'static>>> {
    let found: std::result::Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    let chain = found.map_err(|error| wrong(file, &error))?;
    if chain.is_empty() {
        return Err(Error::Unavailable(format!("{} holds no certificate (PEM is expected)", file.display())));
    }
    Ok(chain)
}

/// The bytes of a file.
///
/// # Errors
/// It can't be read.
pub fn read(file: &Path) -> Result<Vec<u8>> {
    fs::read(file).map_err(|error| Error::Unavailable(format!("{} can't be read: {error}", file.display())))
}

/// SHA-256 of a certificate, as `openssl x509 -fingerprint -sha256` shows it: `AB:CD:…`.
pub fn fingerprint(certificate: &[u8]) -> String {
    let bytes: Vec<String> = Sha256::digest(certificate).iter().map(|byte| format!("{byte:02X}")).collect();
    bytes.join(":")
}

fn wrong(file: &Path, error: &rustls::pki_types::pem::Error) -> Error {
    Error::Unavailable(format!("{} can't be read as PEM: {error}", file.display()))
}
