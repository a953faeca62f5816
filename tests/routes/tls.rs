//! The API over TLS: cordboard's own certificate, one of the administrator's, and a new one without a restart.

use crate::harness::{TOKEN, program};
use cordboard::tls::fingerprint;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A running cordboard that speaks TLS; it ends with this value.
struct Served {
    process: Child,
    address: String,
    /// What it said before it listened.
    said: String,
}

impl Served {
    fn start(mut serve: Command) -> Served {
        serve.env("CORDBOARD__HTTP__TLS", "on").stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = serve.spawn().unwrap();
        let mut said = String::new();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let address = lines.map_while(Result::ok).find_map(|line| {
            said += &line;
            Some(line.split_once("listens on https://")?.1.to_owned())
        });
        Served { process, address: address.unwrap(), said }
    }

    /// The answer to `GET /1.1/users` when the certificate is signed by, or is, the one in this file.
    fn users(&self, trusted: &Path) -> Result<String, std::io::Error> {
        self.shown(trusted).map(|(answer, _)| answer)
    }

    /// The same with the certificate that was shown.
    fn shown(&self, trusted: &Path) -> Result<(String, Vec<u8>), std::io::Error> {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(trusted).unwrap()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let name = ServerName::try_from("localhost").unwrap();
        let connection = ClientConnection::new(Arc::new(config), name).unwrap();
        let mut stream = StreamOwned::new(connection, TcpStream::connect(&self.address)?);
        let head = format!("Host: localhost\r\nX-Auth-Token: {TOKEN}\r\nConnection: close\r\n\r\n");
        stream.write_all(format!("GET /1.1/users HTTP/1.1\r\n{head}").as_bytes())?;
        let mut answer = Vec::new();
        let read = stream.read_to_end(&mut answer);
        if answer.is_empty() {
            read?;
        }
        let leaf = stream.conn.peer_certificates().unwrap()[0].to_vec();
        Ok((String::from_utf8(answer).unwrap(), leaf))
    }

    fn log(&mut self) -> BufReader<ChildStderr> {
        BufReader::new(self.process.stderr.take().unwrap())
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Writes a new certificate for `localhost` and its key, as whoever renews one does: one file after the other.
fn renew(folder: &Path) {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    std::fs::write(folder.join("new.pem"), made.cert.pem()).unwrap();
    std::fs::rename(folder.join("new.pem"), folder.join("cert.pem")).unwrap();
    std::fs::write(folder.join("key.pem"), made.signing_key.serialize_pem()).unwrap();
}

fn with_files(storage: &Path, files: &Path) -> Command {
    let mut serve = program(storage, "serve");
    serve.env("CORDBOARD__HTTP__CERTIFICATE", files.join("cert.pem"));
    serve.env("CORDBOARD__HTTP__KEY", files.join("key.pem"));
    serve
}

#[test]
fn cordboard_makes_a_certificate_of_its_own_and_keeps_it() {
    let storage = TempDir::new().unwrap();
    let own = storage.path().join("tls/certificate.pem");
    let served = Served::start(program(storage.path(), "serve"));
    let mode = |name: &str| {
        std::fs::metadata(storage.path().join("tls").join(name)).unwrap().permissions().mode() & 0o777
    };
    assert_eq!((mode(""), mode("key.pem"), mode("certificate.pem")), (0o700, 0o600, 0o600));
    let (answer, leaf) = served.shown(&own).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains("\"items\""), "{answer}");
    assert!(served.said.contains(&fingerprint(&leaf)), "{}", served.said);
    let stranger = TempDir::new().unwrap();
    renew(stranger.path());
    served.users(&stranger.path().join("cert.pem")).unwrap_err();

    let mut plain = TcpStream::connect(&served.address).unwrap();
    write!(plain, "GET /1.1/status HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    // Cut off, or told that this was no TLS.
    let _ = plain.read_to_end(&mut answer);
    assert!(!answer.starts_with(b"HTTP/"), "{}", String::from_utf8_lossy(&answer));

    drop(served);
    let again = Served::start(program(storage.path(), "serve"));
    assert_eq!(again.shown(&own).unwrap().1, leaf);
}

#[test]
fn the_commands_know_the_certificate_of_their_own_server() {
    let storage = TempDir::new().unwrap();
    let served = Served::start(program(storage.path(), "serve"));
    let ask = |command: &mut Command| {
        command
            .env("CORDBOARD__HTTP__TLS", "on")
            .env("CORDBOARD__HTTP__LISTEN", &served.address)
            .output()
            .unwrap()
    };
    let well = ask(&mut program(storage.path(), "healthcheck"));
    assert!(well.status.success(), "{}", String::from_utf8_lossy(&well.stderr));
    let page = ask(program(storage.path(), "diagnose").arg("1001"));
    let noise = String::from_utf8(page.stderr).unwrap();
    assert!(page.status.success() && !noise.contains("does not run"), "{noise}");

    let stranger = TempDir::new().unwrap();
    renew(stranger.path());
    let mut other = with_files(storage.path(), stranger.path());
    let mut healthcheck = program(storage.path(), "healthcheck");
    healthcheck.envs(
        other.env("CORDBOARD__HTTP__TLS", "on").get_envs().filter_map(|(key, value)| Some((key, value?))),
    );
    let fooled = ask(&mut healthcheck);
    let said = String::from_utf8(fooled.stderr).unwrap();
    assert!(!fooled.status.success() && said.contains("another certificate"), "{said}");
}

#[test]
fn a_replaced_certificate_is_shown_without_a_restart() {
    let (storage, files) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let certificate = files.path().join("cert.pem");
    renew(files.path());
    let mut served = Served::start(with_files(storage.path(), files.path()));
    served.users(&certificate).unwrap();
    renew(files.path());
    let end = Instant::now() + Duration::from_secs(20);
    while let Err(error) = served.users(&certificate) {
        assert!(Instant::now() < end, "the new certificate is not shown: {error}");
        std::thread::sleep(Duration::from_millis(50));
    }

    // A key of another certificate: the pair before is shown on.
    let before = files.path().join("before.pem");
    std::fs::copy(&certificate, &before).unwrap();
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    std::fs::write(files.path().join("key.pem"), made.signing_key.serialize_pem()).unwrap();
    let told = served.log().lines().map_while(Result::ok).find(|line| line.contains("is not taken"));
    assert!(told.unwrap().contains("is not the key of"));
    served.users(&before).unwrap();
}

#[test]
fn a_certificate_that_is_none_stops_the_start_with_its_name() {
    let (storage, files) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    renew(files.path());
    std::fs::write(files.path().join("cert.pem"), "hello").unwrap();
    let output = with_files(storage.path(), files.path()).env("CORDBOARD__HTTP__TLS", "on").output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success() && said.contains("cert.pem holds no certificate"), "{said}");
}

#[test]
fn the_clear_text_api_is_for_loopback_unless_the_settings_say_so() {
    let storage = TempDir::new().unwrap();
    let mut serve = program(storage.path(), "serve");
    let output = serve.env("CORDBOARD__HTTP__LISTEN", "0.0.0.0:0").output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("http.tls = \"on\"") && said.contains("http.allow_plain = true"), "{said}");
    let check = |key: &str, value: &str| {
        let mut check = program(storage.path(), "check");
        check.env("CORDBOARD__HTTP__LISTEN", "0.0.0.0:0").env(key, value).output().unwrap().status.success()
    };
    assert!(check("CORDBOARD__HTTP__ALLOW_PLAIN", "true"));
    assert!(check("CORDBOARD__HTTP__TLS", "on"));
    assert!(!check("CORDBOARD__HTTP__ALLOW_PLAIN", "false"));
}
