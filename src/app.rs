//! The composition root: settings → storage, database, applier, server.

use crate::apply::{self, ApplySettings, GuardSettings, Guarding, Handle, Live};
use crate::auth::{Keyring, Passwords, RefreshKey, Throttle};
use crate::connect::{self, Blocks, Office};
use crate::db::Db;
use crate::domain::secret::Secret;
use crate::error::{Error, Result};
use crate::http::{self, Doorman, Shared};
use crate::resources;
use crate::resources::sounds::Folders;
use crate::settings::{Calls, Origins, Settings, Tls};
use crate::storage::{self, Made, Storage};
use crate::tls::{self, Pair};
use actix_web::middleware::from_fn;
use actix_web::{App as Actix, HttpServer, web};
use std::net::{IpAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tracing::warn;
use uuid::Uuid;

/// Requests are short: two threads serve them, and each has two more that may block on the database.
const WORKERS: usize = 2;
const BLOCKING: usize = 2;
/// Seconds that requests under way are given when the server stops.
const GRACE: u64 = 5;

/// Connections that each worker keeps open at once; more wait.
const CONNECTIONS: usize = 512;
/// How long the head of a request may take to arrive.
const HEAD_PATIENCE: Duration = Duration::from_secs(10);

/// What every request may use.
pub struct State {
    pub db: Db,
    pub applier: Handle,
    /// For requests that ask or change the running Asterisk.
    pub live: Live,
    /// What is known of who attacks SIP.
    pub guard: watch::Receiver<Guarding>,
    /// This installation's identity, made at first start.
    pub server_uuid: Uuid,
    pub keyring: Keyring,
    pub passwords: Passwords,
    pub throttle: Throttle,
    pub doorman: Arc<Doorman>,
    pub refresh_key: RefreshKey,
    /// The policy whose rights every login has, by its slug.
    pub default_policy: String,
    /// How long changes are remembered.
    pub audit_days: u32,
    pub sounds: Folders,
    pub calls: Calls,
}

/// A built application, listening but not yet answering.
pub struct App {
    db: Db,
    apply: ApplySettings,
    guard: GuardSettings,
    blocks: Blocks,
    office: Office,
    sounds: Folders,
    calls: Calls,
    server_uuid: Uuid,
    refresh_key: RefreshKey,
    default_policy: String,
    audit_days: u32,
    doorman: Arc<Doorman>,
    origins: Arc<Origins>,
    listener: TcpListener,
    tls: Option<tls::Server>,
    phones: Option<Arc<tls::Phones>>,
    _storage: Storage,
    /// The administrator's token when it is cordboard's own, not the settings'.
    pub made_token: Option<Made>,
}

impl App {
    /// Takes the storage and the port, finds Asterisk.
    ///
    /// # Errors
    /// The storage can't be opened, another cordboard has it, there is no Asterisk, or the address can't be
    /// listened on.
    pub fn build(settings: &Settings) -> Result<App> {
        let storage = Storage::take(&settings.storage.dir)?;
        let listener = TcpListener::bind(&settings.http.listen).map_err(|error| {
            Error::Unavailable(format!("http.listen = {:?} can't be used: {error}", settings.http.listen))
        })?;
        let (tls, phones) = certificates(settings, &listener)?;
        let connection = connect::connect(settings, &storage)?;
        let db = Db::open(&storage::database(storage.dir()))?;
        let mut auth = settings.auth.clone();
        let made_token = match auth.bootstrap_token {
            Some(_) => None,
            None => Some(storage.secret("administrator-token")?),
        };
        if let Some(token) = &made_token {
            auth.bootstrap_token = Some(Secret::new(token.value.clone()));
        }
        let refresh_key = RefreshKey::new(Secret::new(storage.secret("refresh-key")?.value));
        let default_policy = auth.default_user_policy.clone();
        let ((server_uuid, _), _) = db.write_blocking("start", move |tx| resources::seed(tx, &auth))?;
        let sounds = connect::sound_folders(&connection.site);
        let office = Office { db: db.clone(), site: connection.site, phones: phones.clone() };
        let blocks = Blocks::new(db.clone(), &settings.abuse);
        let guard = connect::guard(settings, &connection.apply);
        Ok(App {
            db,
            apply: connection.apply,
            guard,
            blocks,
            office,
            sounds,
            calls: settings.calls.clone(),
            server_uuid,
            refresh_key,
            default_policy,
            audit_days: settings.audit.keep_days,
            doorman: Arc::new(Doorman::new(
                settings.http.strangers_per_minute,
                settings.http.connections_per_address,
            )),
            origins: Arc::new(settings.http.origins.clone()),
            listener,
            tls,
            phones,
            _storage: storage,
            made_token,
        })
    }

    /// The root of the API: `http://host:port`.
    pub fn address(&self) -> String {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        let address = self.listener.local_addr().map(|address| address.to_string()).unwrap_or_default();
        format!("{scheme}://{address}")
    }

    /// SHA-256 of the certificate, when TLS is spoken.
    pub fn fingerprint(&self) -> Option<String> {
        self.tls.as_ref().map(tls::Server::fingerprint)
    }

    pub fn db(&self) -> &Db {
        &self.db
    }

    /// Answers requests and keeps Asterisk in step, until SIGTERM or SIGINT; then ends in order. `started` is told
    /// who keeps it in step.
    ///
    /// # Errors
    /// The listener failed.
    pub async fn run_until_stopped(self, started: impl FnOnce(Handle)) -> std::io::Result<()> {
        let failed = |error: Error| std::io::Error::other(error.to_string());
        let keyring = Keyring::open(&self.db).map_err(failed)?;
        let passwords = Passwords::start().map_err(failed)?;
        let live = Live::new(&self.apply);
        let applier = apply::spawn(self.apply, Arc::new(self.office));
        applier.wake();
        started(applier.clone());
        let guard = apply::security::spawn(self.guard, Arc::new(self.blocks), applier.clone());
        let _certificate = self.phones.as_ref().and_then(|phones| {
            let (db, applier) = (self.db.clone(), applier.clone());
            phones.follow(move || renewed(&db, &applier))
        });
        let state: Shared = Arc::new(State {
            db: self.db,
            applier: applier.clone(),
            live,
            guard,
            server_uuid: self.server_uuid,
            keyring,
            passwords,
            throttle: Throttle::default(),
            doorman: self.doorman.clone(),
            refresh_key: self.refresh_key,
            default_policy: self.default_policy,
            audit_days: self.audit_days,
            sounds: self.sounds,
            calls: self.calls,
        });
        actix_web::rt::spawn(resources::identity::sweep(state.db.clone()));
        let router = http::Router::new(resources::mounts())
            .map_err(|error| failed(Error::Internal(format!("A route's path: {error}"))))?;
        let (router, origins) = (Arc::new(router), self.origins);
        let server = HttpServer::new(move || {
            let (router, state, origins) = (router.clone(), state.clone(), origins.clone());
            let tell = move |request, next| http::tell_browsers(origins.clone(), request, next);
            let answer =
                move |request, payload| http::dispatch(request, payload, router.clone(), state.clone());
            Actix::new().wrap(from_fn(tell)).default_service(web::to(answer))
        });
        let server = server
            .workers(WORKERS)
            .max_connections(CONNECTIONS)
            .client_request_timeout(HEAD_PATIENCE)
            .on_connect(http::seat(self.doorman))
            .worker_max_blocking_threads(BLOCKING);
        let server = server.shutdown_timeout(GRACE);
        let server = match &self.tls {
            Some(tls) => server.listen_rustls_0_23(self.listener, tls.config().map_err(failed)?)?,
            None => server.listen(self.listener)?,
        };
        let served = server.run().await;
        applier.stop().await;
        served
    }
}

/// A new certificate for phones is a new revision: it is rendered, reloaded and verified as any other.
fn renewed(db: &Db, applier: &Handle) {
    match db.write_blocking("a new certificate for phones", |_| Ok(())) {
        Ok(_) => applier.wake(),
        Err(error) => warn!("The new certificate is shown to phones after the next change: {error}"),
    }
}

type Certificates = (Option<tls::Server>, Option<Arc<tls::Phones>>);

/// Sees to the certificates of the settings; cordboard's own is made when it is missing. Gives that of the API, when
/// the API speaks TLS, and that of phones, when Asterisk does.
fn certificates(settings: &Settings, listener: &TcpListener) -> Result<Certificates> {
    let (http, sip) = (Pair::of_http(settings), Pair::of_sip(settings));
    let addresses = listener.local_addr().ok().into_iter().chain(settings.sip.encrypted());
    let hosts: Vec<IpAddr> = addresses.map(|address| address.ip()).collect();
    let mut phones = None;
    if settings.sip.encrypted().next().is_some() {
        sip.make_if_own(&settings.storage.dir, &hosts)?;
        // Asterisk would only say that its transport can't be made.
        phones = Some(Arc::new(tls::Phones::start(settings)?));
    }
    if settings.http.tls == Tls::Off {
        return Ok((None, phones));
    }
    http.make_if_own(&settings.storage.dir, &hosts)?;
    Ok((Some(tls::Server::start(http)?), phones))
}
