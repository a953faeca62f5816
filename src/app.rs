//! The composition root: settings → database, server.

use crate::db::Db;
use crate::error::{Error, Result};
use crate::http::{self, Shared};
use crate::resources;
use crate::settings::Settings;
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
    listener: TcpListener,
}

impl App {
    /// Opens the storage and the port.
    ///
    /// # Errors
    /// The storage can't be opened, or the address can't be listened on.
    pub fn build(settings: &Settings) -> Result<App> {
        std::fs::create_dir_all(&settings.storage.dir)
            .map_err(|error| cannot("storage.dir", &settings.storage.dir.display().to_string(), &error))?;
        let db = Db::open(&settings.storage.dir.join("cordboard.db"))?;
        let (server_uuid, _) = db
            .write_blocking("first start", {
                let auth = settings.auth.clone();
                move |tx| resources::seed(tx, &auth)
            })?
            .0;
        let listener = TcpListener::bind(&settings.http.listen)
            .map_err(|error| cannot("http.listen", &settings.http.listen, &error))?;
        Ok(App { state: Arc::new(State { db, server_uuid }), listener })
    }

    /// `host:port` that is listened on.
    pub fn address(&self) -> String {
        self.listener.local_addr().map(|address| address.to_string()).unwrap_or_default()
    }

    /// Answers requests until the server is stopped.
    ///
    /// # Errors
    /// The listener failed.
    pub fn serve(self) -> std::io::Result<Server> {
        let routes = resources::routes();
        let server = HttpServer::new(move || {
            let state = &self.state;
            Actix::new()
                .configure(|config| http::configure(config, "/1.1", &routes, state))
                .configure(|config| http::configure(config, "/api/confd/1.1", &routes, state))
                .default_service(web::to(http::not_found_page))
        });
        Ok(server.workers(2).listen(self.listener)?.run())
    }
}

fn cannot(key: &str, value: &str, error: &std::io::Error) -> Error {
    Error::Internal(format!("{key} = {value:?} can't be used: {error}"))
}
