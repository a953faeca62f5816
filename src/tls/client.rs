//! The client's end: the command line, which takes the very certificate that its own server shows and no other; and a
//! look at what a server shows.

use super::files::{chain, fingerprint};
use super::provider;
use anyhow::Context;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, ClientConnection, DigitallySignedStruct, Error, SignatureScheme, StreamOwned};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// Speaks TLS on a connection to the server that shows the certificate in this file.
///
/// # Errors
/// The file can't be read.
pub fn open(
    stream: TcpStream,
    certificate: &Path,
) -> anyhow::Result<StreamOwned<ClientConnection, TcpStream>> {
    let leaf = chain(certificate)?.into_iter().next().context("there is no certificate")?;
    Ok(StreamOwned::new(connection(Some(leaf))?, stream))
}

/// SHA-256 of the certificate that the server at this address shows, and has the key of. It is asked nothing.
///
/// # Errors
/// Nobody listens there, or does not speak TLS within `bound`.
pub fn shown_at(address: SocketAddr, bound: Duration) -> anyhow::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, bound)?;
    stream.set_read_timeout(Some(bound))?;
    stream.set_write_timeout(Some(bound))?;
    let mut connection = connection(None)?;
    while connection.is_handshaking() {
        connection.complete_io(&mut stream)?;
    }
    let leaf =
        connection.peer_certificates().and_then(|chain| chain.first()).context("there is no certificate")?;
    let print = fingerprint(leaf);
    connection.send_close_notify();
    // It has shown what it shows; how it takes the end is its own affair. Asterisk logs an error when nobody waits for it.
    let _ = connection.complete_io(&mut stream);
    let _ = stream.shutdown(Shutdown::Write);
    let _ = std::io::copy(&mut stream, &mut std::io::sink());
    Ok(print)
}

/// Takes this certificate and no other; any, without one.
fn connection(leaf: Option<CertificateDer<'static>>) -> anyhow::Result<ClientConnection> {
    let provider = provider();
    let known = Known { leaf, algorithms: provider.signature_verification_algorithms };
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(known))
        .with_no_client_auth();
    Ok(ClientConnection::new(Arc::new(config), ServerName::try_from("localhost")?)?)
}

/// Names and dates say nothing here: whoever has the key of this certificate is the server.
#[derive(Debug)]
struct Known {
    leaf: Option<CertificateDer<'static>>,
    algorithms: WebPkiSupportedAlgorithms,
}

impl ServerCertVerifier for Known {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if self.leaf.as_ref().is_none_or(|leaf| leaf == end_entity) {
            Ok(ServerCertVerified::assertion())
        } else {
            Err(Error::General("another certificate than that of the settings is shown".to_owned()))
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signature, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signature, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}
