//! The composition root: settings → storage, database, server.

use crate::db::Db;
use crate::error::{Error, Result};
use crate::http::{self, Shared};
use crate::resources;
use crate::settings::Settings;
use crate::storage::{self, Secret, Storage};
use actix_web::middleware::from_fn;
use actix_web::{App as Actix, HttpServer, dev::Server, web};
use std::net::TcpListener;
use std::sync::Arc;
use uuid::Uuid;

/// What every request may use.
pub struct State {
    pub db: Db,
    /// This installation's identity, made at first start.
    pub server_uuid: Uuid,
}

impl State {
    /// Tells the applier that the database has moved on.
    pub fn wake(&self) {}
}

/// A built application, listening but not yet answering.
pub struct App {
    pub state: Shared,
    /// The administrator's token when it is cordboard's own, not the settings'.
    pub made_token: Option<Secret>,
    pub storage: Storage,
    listener: TcpListener,
}

impl App {
    /// Takes the storage and the port.
    ///
    /// # Errors
    /// The storage can't be opened, another cordboard has it, or the address can't be listened on.
    pub fn build(settings: &Settings) -> Result<App> {
        let storage = Storage::take(&settings.storage.dir)?;
        let db = Db::open(&storage::database(storage.dir()))?;
        let mut auth = settings.auth.clone();
        let made_token = match auth.bootstrap_token {
            Some(_) => None,
            None => Some(storage.secret("administrator-token")?),
        };
        if let Some(token) = &made_token {
            auth.bootstrap_token = Some(token.value.clone());
        }
        let ((server_uuid, _), _) = db.write_blocking("start", move |tx| resources::seed(tx, &auth))?;
        let listener = TcpListener::bind(&settings.http.listen).map_err(|error| {
            Error::Unavailable(format!("http.listen = {:?} can't be used: {error}", settings.http.listen))
        })?;
        Ok(App { state: Arc::new(State { db, server_uuid }), made_token, storage, listener })
    }

    /// `host:port` that is listened on.
    pub fn address(&self) -> String {
        self.listener.local_addr().map(|address| address.to_string()).unwrap_or_default()
    }

    /// Answers requests until the server is stopped.
    ///
    /// # Errors
    /// The listener failed.
    pub fn serve(&self) -> std::io::Result<Server> {
        let routes = resources::routes();
        let state = self.state.clone();
        let server = HttpServer::new(move || {
            Actix::new()
                .wrap(from_fn(http::allow_origins))
                .configure(|config| http::configure(config, "/1.1", &routes, &state))
                .configure(|config| http::configure(config, "/api/confd/1.1", &routes, &state))
                .default_service(web::to(http::not_found_page))
        });
        Ok(server.workers(2).listen(self.listener.try_clone()?)?.run())
    }
}
