//! Whole requests to a running cordboard, and the files that come of them, read back by a reader that knows nothing of
//! how they are written.

use crate::generate::{Maker, pick};
use crate::reader::{Parsed, parse};
use crate::server::{Server, TOKEN};
use cordboard::connect::site_to_read;
use cordboard::db::Db;
use cordboard::http::Route;
use cordboard::render::render;
use cordboard::{load, resources, storage};
use libfuzzer_sys::arbitrary::{Result, Unstructured};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// Most requests of one input.
const MOST: usize = 8;

/// What file uploads, and much else, go to.
const THINGS: &[(&str, &str)] = &[
    ("/1.1/moh", r#"{"name": "music", "mode": "files"}"#),
    ("/1.1/sounds", r#"{"name": "sounds"}"#),
    ("/1.1/users", r#"{"firstname": "Ada"}"#),
];

struct Office {
    server: Server,
    db: Db,
    /// Prefix and route.
    routes: Vec<(&'static str, Route)>,
    /// Last parts of the paths of [`THINGS`].
    things: Vec<String>,
    /// Of each file, as they are before anybody has sent anything.
    directives: BTreeMap<&'static str, Vec<String>>,
}

thread_local! {
    static OFFICE: RefCell<Office> = RefCell::new(Office::open());
}

impl Office {
    fn open() -> Office {
        let mut server = Server::start();
        let things = THINGS.iter().map(|(path, body)| {
            let location = server.send("POST", path, body).location.expect("it is made");
            location.rsplit('/').next().unwrap_or_default().to_owned()
        });
        let things = things.collect();
        let db = Db::open(&storage::database(&server.settings.storage.dir)).expect("the database");
        let mounts = resources::mounts().into_iter().filter(|(prefix, _)| !prefix.starts_with("/api"));
        let routes = mounts.flat_map(|(prefix, routes)| routes.into_iter().map(move |route| (prefix, route)));
        let mut office = Office { server, db, routes: routes.collect(), things, directives: BTreeMap::new() };
        office.directives =
            office.written().into_iter().map(|(name, file)| (name, file.directives)).collect();
        office
    }

    /// The files of what is stored, read back.
    fn written(&self) -> BTreeMap<&'static str, Parsed> {
        let site = site_to_read(&self.server.settings).expect("a site");
        let model = self.db.read(|connection| load::model(connection, site)).expect("a model");
        let set = render(&model).expect("what is stored can be rendered");
        set.files.iter().map(|(name, file)| (*name, parse(&file.text()))).collect()
    }

    /// Files are what they are meant to be, and nobody adds a directive or a section of their own.
    fn judge(&self) {
        for (name, parsed) in self.written() {
            assert_eq!(parsed.directives, self.directives[name], "{name}");
            let odd = parsed.names().into_iter().find(|name| name.contains(['[', '(', '#', '$', ' ', ';']));
            assert_eq!(odd, None, "{name}");
        }
    }

    /// Asks what the bytes say, and notes where something was made.
    fn play(&mut self, bytes: &mut Unstructured, made: &mut Vec<String>) -> Result<()> {
        // Uploads and what asks Asterisk have no body that a schema describes.
        let asked = |(_, route): &&(&str, Route)| route.service == "confd" && route.bytes.is_none();
        let routes: Vec<&Route> = self.routes.iter().filter(asked).map(|(_, route)| route).collect();
        let creates = |route: &&&Route| route.method == "POST" && !route.path.contains('{');
        let creates: Vec<&Route> = routes.iter().filter(creates).copied().collect();
        for _ in 0..bytes.int_in_range(1..=MOST)? {
            let among = if bytes.arbitrary()? { &creates } else { &routes };
            let route = *bytes.choose(among)?;
            let made_here = made.iter().filter_map(|location| location.rsplit('/').next());
            let known: Vec<String> = made_here.map(str::to_owned).chain(self.things.clone()).collect();
            let target = filled(route.path, || {
                let guess = bytes.int_in_range(0..=7)? == 0;
                Ok(if guess { bytes.int_in_range(0..=9)?.to_string() } else { bytes.choose(&known)?.clone() })
            })?;
            let uuids: Vec<String> = known.into_iter().filter(|one| one.len() == 36).collect();
            let body =
                route.body.map(|schema| Maker { bytes, known: &uuids }.object(schema, 0)).transpose()?;
            let body = body.map(|body| body.to_string()).unwrap_or_default();
            let reply = self.server.send(route.method.as_str(), &format!("/1.1{target}"), &body);
            made.extend(reply.location);
        }
        Ok(())
    }
}

/// A path with values in the places of its placeholders.
fn filled(path: &str, mut value: impl FnMut() -> Result<String>) -> Result<String> {
    let parts = path.split('/').map(|part| if part.starts_with('{') { value() } else { Ok(part.to_owned()) });
    Ok(parts.collect::<Result<Vec<_>>>()?.join("/"))
}

/// Some requests, what is rendered after them, and everything away again.
pub fn files(data: &[u8]) {
    OFFICE.with_borrow_mut(|office| {
        let mut made = Vec::new();
        // The bytes may end early; what has been done by then counts.
        let _ = office.play(&mut Unstructured::new(data), &mut made);
        office.judge();
        for location in made.iter().rev() {
            let path = location.splitn(4, '/').nth(3).unwrap_or_default();
            office.server.send("DELETE", &format!("/{path}"), "");
        }
    });
}

/// One request. Its lines are: the route (`GET /1.1/users`; any other text is one of them too), values of the placeholders
/// between `/` (an empty first one is a thing that is there), the query, a header, and the rest is the body.
pub fn request(data: &[u8]) {
    let mut lines = data.splitn(5, |byte| *byte == b'\n');
    let [route, values, query, header, body] = std::array::from_fn(|_| lines.next().unwrap_or_default());
    OFFICE.with_borrow_mut(|office| {
        let (prefix, route) =
            pick(&office.routes, route, |(prefix, route)| format!("{} {prefix}{}", route.method, route.path));
        // The things stay for other requests.
        let thing = THINGS.iter().position(|(path, _)| route.path.starts_with(&path["/1.1".len()..]));
        let thing = thing.filter(|_| route.method != "DELETE").map_or("1", |at| &office.things[at]);
        let mut values = values.split(|byte| *byte == b'/').enumerate();
        let target = filled(route.path, || {
            Ok(match values.next() {
                Some((0, b"")) => thing.to_owned(),
                Some((_, value)) if !value.is_empty() => escaped(value),
                _ => "1".to_owned(),
            })
        });
        let header: String = header.iter().map(|byte| char::from(*byte)).filter(|c| matches!(c, ' '..='~')).collect();
        let header = Some(header).filter(|header| is_header(header)).unwrap_or_else(|| format!("X-Auth-Token: {TOKEN}"));
        let token = if header.starts_with("X-Auth-Token") { "" } else { TOKEN };
        let (method, target, query, length) =
            (&route.method, target.unwrap_or_default(), escaped(query), body.len());
        let head = format!(
            "{method} {prefix}{target}?{query} HTTP/1.1\r\nHost: fuzz\r\n{header}\r\nX-Auth-Token: {token}\r\n\
             Content-Length: {length}\r\n"
        );
        office.server.ask(&head, body);
    });
}

/// A header that leaves it to this program where a request ends.
fn is_header(line: &str) -> bool {
    let name = line.split(':').next().unwrap_or_default();
    let known = [
        "Accept",
        "Authorization",
        "Content-Type",
        "Wazo-Tenant",
        "X-Auth-Token",
        "X-Forwarded-For",
        "X-Script-Name",
    ];
    line.contains(':') && known.contains(&name)
}

/// Bytes as they can stand in the first line; a `%` stays one, with whatever is behind it.
fn escaped(bytes: &[u8]) -> String {
    let plain = |byte: u8| matches!(byte, b'!' | b'$'..=b'.' | b'0'..=b';' | b'=' | b'@'..=b'~');
    let one = |byte: &u8| if plain(*byte) { char::from(*byte).to_string() } else { format!("%{byte:02x}") };
    bytes.iter().map(one).collect()
}
