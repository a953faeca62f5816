//! Deleting anything leaves no dangling reference: every pair of what names something and what is named. After the
//! deletion everything is as if the pair had never been made, and in the end the database is as at first.

mod destinations;
mod fields;
mod keys;
mod pairs;

use crate::harness::Server;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};

/// An object that was made: its list, and what the API says of it.
struct Thing {
    list: &'static str,
    /// The id in its path.
    id: String,
    made: Value,
}

impl Thing {
    fn path(&self) -> String {
        format!("{}/{}", self.list, self.id)
    }

    fn shown(&self, server: &Server) -> Value {
        server.get(&self.path()).expect(200)
    }

    /// Deletes it as a client does that wants it gone: what it is tied to is untied first, when that is asked for.
    fn delete(&self, server: &Server, untie: impl FnOnce()) {
        let reply = server.delete(&self.path());
        if reply.status != 204 {
            assert_eq!(reply.status, 400, "{} {}", self.path(), reply.text);
            assert!(reply.text.contains(" is associated with "), "{} {}", self.path(), reply.text);
            untie();
            server.delete(&self.path()).expect(204);
        }
        assert_eq!(server.get(&self.path()).status, 404, "{}", self.path());
    }
}

/// A number that nobody had.
fn next() -> u32 {
    static NEXT: AtomicU32 = AtomicU32::new(100);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// Makes one of each kind that can be named.
fn make(server: &Server, kind: &str) -> Thing {
    let number = next();
    let name = format!("thing{number}");
    let (list, body) = match kind {
        "agent" => ("/agents", json!({"number": number.to_string()})),
        "application" => ("/applications", json!({"name": name})),
        "call filter" => {
            let strategy = "all-recipients-then-all-surrogates";
            ("/callfilters", json!({"name": name, "source": "all", "strategy": strategy}))
        }
        "call permission" => ("/callpermissions", json!({"name": name})),
        "call pickup" => ("/callpickups", json!({"name": name})),
        "conference" => ("/conferences", json!({"name": name})),
        "context" => ("/contexts", json!({"label": name})),
        "custom endpoint" => ("/endpoints/custom", json!({"interface": format!("dahdi/{name}")})),
        "device" => ("/devices", json!({})),
        "group" => ("/groups", json!({"label": name})),
        "iax endpoint" => ("/endpoints/iax", json!({"name": name})),
        "iax register" => ("/registers/iax", json!({"remote_host": name})),
        "incall" => ("/incalls", json!({"destination": {"type": "none"}})),
        "incall number" => ("/extensions", json!({"exten": format!("5{number}"), "context": "from-extern"})),
        "ivr" => ("/ivr", json!({"name": name, "menu_sound": "beep"})),
        "key template" => ("/funckeys/templates", json!({"name": name, "keys": {}})),
        "line" => ("/lines", json!({"context": "default"})),
        "line with endpoint" => ("/lines", json!({"context": "default", "endpoint_sip": {}})),
        "moh" => ("/moh", json!({"label": name, "mode": "files"})),
        "user number" => ("/extensions", json!({"exten": format!("1{number}"), "context": "default"})),
        "group number" => ("/extensions", json!({"exten": format!("2{number}"), "context": "default"})),
        "queue number" => ("/extensions", json!({"exten": format!("3{number}"), "context": "default"})),
        "conference number" => ("/extensions", json!({"exten": format!("4{number}"), "context": "default"})),
        "outcall" => ("/outcalls", json!({"name": name})),
        "outcall number" => {
            ("/extensions", json!({"exten": format!("_0{number}X."), "context": "to-extern"}))
        }
        "paging" => ("/pagings", json!({"number": number.to_string()})),
        "parking lot" => {
            let slot = number * 10;
            ("/parkinglots", json!({"slots_start": slot.to_string(), "slots_end": (slot + 9).to_string()}))
        }
        "queue" => ("/queues", json!({"name": name})),
        "sccp endpoint" => ("/endpoints/sccp", json!({})),
        "schedule" => ("/schedules", json!({"name": name, "closed_destination": {"type": "none"}})),
        "sip endpoint" => ("/endpoints/sip", json!({"name": name})),
        "sip template" => ("/endpoints/sip/templates", json!({"label": name})),
        "skill" => ("/agents/skills", json!({"name": name})),
        "skill rule" => ("/queues/skillrules", json!({"name": name})),
        "switchboard" => ("/switchboards", json!({"name": name})),
        "transport" => ("/sip/transports", json!({"name": name})),
        "trunk" => ("/trunks", json!({})),
        "user" => ("/users", json!({"firstname": name})),
        "user with line" => {
            let line = json!({"context": "default", "endpoint_sip": {}});
            ("/users", json!({"firstname": name, "lines": [line]}))
        }
        "voicemail" => {
            ("/voicemails", json!({"name": name, "number": number.to_string(), "context": "default"}))
        }
        other => {
            assert_eq!(other, "line of somebody", "how is it made?");
            return line_of_somebody(server, number);
        }
    };
    let made = server.post(list, body).expect(201);
    let text = |key: &str| made[key].as_str().map(str::to_owned);
    let id = made["id"].as_i64().map(|id| id.to_string()).or_else(|| text("uuid")).or_else(|| text("id"));
    Thing { list, id: id.unwrap(), made }
}

/// A line with all that a device asks for; its user goes with it.
fn line_of_somebody(server: &Server, number: u32) -> Thing {
    let exten = format!("1{number}");
    let line = json!({"context": "default", "endpoint_sip": {}, "extensions": [{"exten": exten}]});
    let user = server.post("/users", json!({"firstname": "Ada", "lines": [line]})).expect(201);
    let made = user["lines"][0].clone();
    Thing { list: "/lines", id: made["id"].to_string(), made }
}

/// How many rows each table has, but for those that only grow.
fn rows(server: &Server) -> BTreeMap<String, i64> {
    const GROW: [&str; 4] = ["audit", "revision", "sqlite_sequence", "mailbox_folder"];
    let database = server.database();
    let mut tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").unwrap();
    let tables: Vec<String> = tables.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let counted = tables.into_iter().filter(|table| !GROW.iter().any(|grows| table.starts_with(grows)));
    counted
        .map(|table| {
            let sql = format!("SELECT count(*) FROM \"{table}\"");
            let count = database.query_row(&sql, [], |row| row.get(0)).unwrap();
            (table, count)
        })
        .collect()
}
