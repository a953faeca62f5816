//! Whole requests to a running cordboard, and the files that come of them, read back by a parser of its own.

use crate::generate;
use crate::parser::parse;
use crate::wire::{TOKEN, Wire};
use arbitrary::{Result, Unstructured};
use cordboard::app::App;
use cordboard::connect::site_to_read;
use cordboard::db::Db;
use cordboard::domain::schema::Schema;
use cordboard::domain::secret::Secret;
use cordboard::http::Access;
use cordboard::render::render;
use cordboard::settings::{AsteriskMode, Settings};
use cordboard::{load, resources};
use std::cell::RefCell;
use tempfile::TempDir;

/// Most requests of one input.
const MOST: usize = 6;

struct Office {
    storage: TempDir,
    settings: Settings,
    wire: Wire,
    routes: Vec<Asked>,
}

/// A route, as it is asked.
struct Asked {
    method: String,
    path: &'static str,
    body: Option<&'static Schema>,
}

thread_local! {
    static OFFICE: RefCell<Office> = RefCell::new(Office::open());
}

impl Office {
    fn open() -> Office {
        let fast = std::path::Path::new("/dev/shm");
        let storage = if fast.is_dir() { TempDir::new_in(fast) } else { TempDir::new() }.expect("a folder");
        let mut settings = Settings::default();
        settings.http.listen = "127.0.0.1:0".to_owned();
        settings.storage.dir = storage.path().to_owned();
        settings.asterisk.mode = AsteriskMode::None;
        settings.auth.bootstrap_token = Some(Secret::new(TOKEN));
        let app = App::build(&settings).expect("an application");
        let address = app.address().trim_start_matches("http://").to_owned();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
            actix_web::rt::System::with_tokio_rt(|| runtime.expect("a runtime")).block_on(app.run_until_stopped())
        });
        let routes = resources::routes().into_iter().filter(|route| route.access != Access::Public);
        // They work on what stands on the disk.
        let routes = routes.filter(|route| route.bytes.is_none() && route.service == "confd");
        let routes = routes
            .map(|route| Asked { method: route.method.to_string(), path: route.path, body: route.body })
            .collect();
        Office { wire: Wire::to(&address), storage, settings, routes }
    }

    /// A request must never be a fault of ours.
    fn ask(&mut self, method: &str, target: &str, body: &str) -> crate::wire::Reply {
        let reply = self.wire.ask(method, target, body);
        assert!(reply.status < 500, "{method} {target} {body}: {} {}", reply.status, reply.body);
        reply
    }

    /// The files of what is stored: they are read back as what they are meant to be.
    fn read_back(&self) {
        let db = Db::open(&self.storage.path().join("cordboard.db")).expect("the database");
        let site = site_to_read(&self.settings).expect("a site");
        let model = db.read(|connection| load::model(connection, site)).expect("a model");
        let files = render(&model).expect("files");
        for (name, file) in &files.files {
            let parsed = parse(&file.text());
            let custom = format!("#tryinclude custom/{name}");
            assert!(parsed.directives.iter().all(|one| *one == custom), "{name}: {:?}", parsed.directives);
            assert!(!parsed.names().contains(&"evil"), "{name}");
            let mut names = parsed.names();
            names.sort_unstable();
            let all = names.len();
            names.dedup();
            assert!(names.len() == all || name == "pjsip.conf", "{name} has a section twice");
        }
    }

    fn tidy(&mut self, made: Vec<String>) {
        for location in made.iter().rev() {
            let target = location.splitn(4, '/').nth(3).unwrap_or_default();
            let path = target.replacen("endpoints/sip/templates", "endpoints/sip", 1);
            self.ask("DELETE", &format!("/{path}"), "");
        }
    }

    fn play(&mut self, bytes: &mut Unstructured, made: &mut Vec<String>) -> Result<()> {
        for _ in 0..bytes.int_in_range(1..=MOST)? {
            // Half of them make something.
            let creates: Vec<usize> = (0..self.routes.len())
                .filter(|index| self.routes[*index].method == "POST" && !self.routes[*index].path.contains('{'))
                .collect();
            let index = if bytes.arbitrary()? { *bytes.choose(&creates)? } else { bytes.choose_index(self.routes.len())? };
            let Asked { method, path, body } = &self.routes[index];
            let (method, body) = (method.clone(), *body);
            let target = filled(path, made, bytes)?;
            let body = body.map_or(String::new(), |schema| generate::body(schema, bytes).to_string());
            let reply = self.ask(&method, &format!("/1.1{target}"), &body);
            made.extend(reply.location);
        }
        Ok(())
    }
}

/// A path with something in its placeholders: what was made, or a guess.
fn filled(path: &str, made: &[String], bytes: &mut Unstructured) -> Result<String> {
    let mut parts = Vec::new();
    for part in path.split('/') {
        if !part.starts_with('{') {
            parts.push(part.to_owned());
            continue;
        }
        let known = if made.is_empty() { None } else { bytes.choose(made)?.rsplit('/').next() };
        parts.push(match (known, bytes.int_in_range(0..=3)?) {
            (Some(known), 1..) => known.to_owned(),
            (_, guess) => (guess + 1).to_string(),
        });
    }
    Ok(parts.join("/"))
}

/// Some requests, what is rendered after them, and everything away again.
pub fn requests(data: &[u8]) {
    OFFICE.with_borrow_mut(|office| {
        let mut made = Vec::new();
        // The bytes may end early.
        drop(office.play(&mut Unstructured::new(data), &mut made));
        office.read_back();
        office.tidy(made);
    });
}

/// A list with any query.
pub fn query(data: &[u8]) {
    let Some((which, rest)) = data.split_first() else { return };
    OFFICE.with_borrow_mut(|office| {
        let lists: Vec<&'static str> =
            office.routes.iter().filter(|route| route.method == "GET").map(|route| route.path).collect();
        let path = lists[usize::from(*which) * 3 % lists.len()];
        let parts: Vec<String> = path
            .split('/')
            .map(|part| if part.starts_with('{') { "1".to_owned() } else { part.to_owned() })
            .collect();
        let plain = |byte: &u8| matches!(byte, b'!' | b'$'..=b';' | b'=' | b'?'..=b'~').then_some(char::from(*byte));
        let query: String = rest.iter().map(|byte| plain(byte).map_or_else(|| format!("%{byte:02x}"), String::from)).collect();
        office.ask("GET", &format!("/1.1{}?{query}", parts.join("/")), "");
    });
}
