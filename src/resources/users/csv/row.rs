//! One row: a user with a line, a number, a mailbox, a number from outside, permissions and an account, made by the
//! functions of the single routes.

use super::sheet::Row;
use super::{Cell, USER, VOICEMAIL};
use crate::db::WriteTx;
use crate::domain::problems::{Problems, already_exists, not_found};
use crate::domain::py::Py;
use crate::domain::schema::{Messages, Mode, Object, Schema};
use crate::error::{Error, Result, gather, refuse};
use crate::http::{Key, Scope};
use crate::resources::call_permissions::{self, Holder};
use crate::resources::destinations::{self, Owner};
use crate::resources::incalls::{EVENT, nested};
use crate::resources::random::random_letters;
use crate::resources::users::{
    Identity, SCHEMA, account, identity, lines as association, new_row, problems_of, store, voicemails,
    without_judged,
};
use crate::resources::{contexts, lines, tenants, voicemails as mailboxes};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::HashMap;
use uuid::Uuid;

/// What was made of a row.
#[derive(Debug, Default, Serialize, schemars::JsonSchema)]
pub struct Created {
    pub row_number: usize,
    pub user_id: i64,
    pub user_uuid: Uuid,
    pub voicemail_id: Option<i64>,
    pub line_id: Option<i64>,
    pub sip_uuid: Option<Uuid>,
    pub sccp_id: Option<i64>,
    pub extension_id: Option<i64>,
    pub incall_extension_id: Option<i64>,
    pub call_permission_ids: Vec<i64>,
}

/// Makes users of rows in one tenant.
pub struct Maker<'a> {
    scope: &'a Scope,
    /// The tenant's templates for phones and for browsers.
    global: Option<String>,
    webrtc: Option<String>,
    /// Which contexts the request sees, as far as rows have asked.
    contexts: HashMap<String, bool>,
}

impl<'a> Maker<'a> {
    /// # Errors
    /// The database can't be read.
    pub fn new(tx: &WriteTx, scope: &'a Scope) -> Result<Maker<'a>> {
        let tenant = tenants::store::views(tx, &[scope.tenant.to_string()])?.pop();
        let (global, webrtc) = tenant
            .map(|tenant| (tenant.global_sip_template_uuid, tenant.webrtc_sip_template_uuid))
            .unwrap_or_default();
        Ok(Maker { scope, global, webrtc, contexts: HashMap::new() })
    }

    /// # Errors
    /// 400 with all that is wrong with the row.
    pub fn make(&mut self, tx: &WriteTx, row: Row, hash: Option<&str>) -> Result<Created> {
        let mut problems = Problems::default();
        if row.is_too_long() {
            problems.0.push("The row has more cells than the header has columns".to_owned());
        }
        let (user, identity) = self.user(tx, row, &mut problems)?;
        let voicemail = attempt(&mut problems, self.voicemail(tx, row, &user, &identity))?.flatten();
        let line = attempt(&mut problems, self.line(tx, row, &identity))?.unwrap_or_default();
        let incall = attempt(&mut problems, self.incall(tx, row, &identity))?.flatten();
        let permissions = attempt(&mut problems, self.permissions(tx, row, &identity))?;
        attempt(&mut problems, make_account(tx, row, &user, hash))?;
        refuse(problems)?;
        Ok(Created {
            row_number: row.number,
            user_id: identity.id,
            user_uuid: identity.uuid,
            voicemail_id: voicemail,
            incall_extension_id: incall,
            call_permission_ids: permissions.unwrap_or_default(),
            ..line
        })
    }

    /// The user alone. When something is against the row, another stands in: what else is wrong is wanted too.
    fn user(&self, tx: &WriteTx, row: Row, problems: &mut Problems) -> Result<(Object, Identity)> {
        let mut raw = cells(row, "", &USER, problems);
        let (mut body, messages) = SCHEMA.read_all(&raw, Mode::Create);
        if !messages.is_empty() {
            problems.0.push(structure(&messages));
            raw.retain(|name, _| !messages.iter().any(|(failed, _)| failed == name));
            raw.entry("firstname").or_insert_with(|| json!(""));
            body = SCHEMA.read_all(&raw, Mode::Create).0;
        }
        let mut user = new_row(self.scope.tenant, body);
        if let Some(given) = row.get("uuid") {
            match Uuid::try_parse(given) {
                Ok(uuid) if identity(tx, Key::Uuid(uuid))?.is_none() => {
                    user.insert("uuid".to_owned(), Value::from(uuid.to_string()));
                }
                Ok(_) => problems.0.extend(already_exists("User", &[("uuid", given.into())]).0),
                Err(_) => problems.0.push("{'uuid': ['Not a valid UUID.']}".to_owned()),
            }
        }
        let against = problems_of(tx, &user, None)?;
        if !against.is_empty() {
            user = without_judged(user);
            problems.0.extend(against.0);
        }
        let id = store::insert(tx, &user)?;
        user.insert("id".to_owned(), Value::from(id));
        let uuid = user.get("uuid").and_then(Value::as_str).and_then(|uuid| Uuid::try_parse(uuid).ok());
        Ok((user, Identity { id, uuid: uuid.unwrap_or_default(), tenant_uuid: self.scope.tenant }))
    }

    /// The mailbox: the one that has this number, or a new one.
    fn voicemail(
        &mut self,
        tx: &WriteTx,
        row: Row,
        user: &Object,
        identity: &Identity,
    ) -> Result<Option<i64>> {
        if VOICEMAIL.iter().all(|(name, _)| row.get(&format!("voicemail_{name}")).is_none()) {
            return Ok(None);
        }
        require(row, &["voicemail_number", "voicemail_context"])?;
        let mut problems = Problems::default();
        let mut raw = cells(row, "voicemail_", &VOICEMAIL, &mut problems);
        refuse(problems)?;
        raw.entry("name").or_insert_with(|| Value::from(super::super::full_name(user)));
        let body = read(&mailboxes::SCHEMA, &raw)?;
        let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
        self.context(tx, text("context"))?;
        let id = match mailboxes::store::find(tx, text("context"), text("number"))? {
            Some(id) => id,
            None => mailboxes::create(tx, self.scope, &body)?,
        };
        match mailboxes::store::get(tx, id)? {
            Some(voicemail) => voicemails::attach(tx, identity, &voicemail)?,
            None => return Err(Error::Internal(format!("voicemail {id} is gone"))),
        }
        Ok(Some(id))
    }

    /// The line with its endpoint and number, as far as the row names them.
    fn line(&mut self, tx: &WriteTx, row: Row, user: &Identity) -> Result<Created> {
        if let Some(name) = row.get("context") {
            self.context(tx, name)?;
        }
        let context = row.get("context").unwrap_or_default();
        let body = match (row.get("line_protocol"), row.get("exten")) {
            (None, None) => return Ok(Created::default()),
            (None, Some(_)) => return Err(missing(row, &["context", "line_protocol"])),
            (Some(_), _) if context.is_empty() => return Err(missing(row, &["context"])),
            (Some(protocol), exten) => {
                let endpoint = self.endpoint(row, protocol)?;
                let extensions = exten.map(|exten| json!({"exten": exten, "context": context}));
                let (kind, endpoint) = endpoint;
                json!({"context": context, kind: endpoint, "extensions": Vec::from_iter(extensions)})
            }
        };
        let body = read(&lines::NESTED, body.as_object().unwrap_or(&Object::new()))?;
        let id = lines::create(tx, self.scope, &body)?;
        let Some(line) = association::store::get(tx, id)? else { return Ok(Created::default()) };
        association::attach(tx, user, &line)?;
        Ok(Created {
            line_id: Some(id),
            sip_uuid: line.endpoint_sip_uuid,
            sccp_id: lines::store::get(tx, id)?.and_then(|line| line.endpoint_sccp_id),
            extension_id: lines::store::extensions(tx, id)?.first().copied(),
            ..Created::default()
        })
    }

    /// The endpoint's key in a line's body, and what stands there.
    fn endpoint(&self, row: Row, protocol: &str) -> Result<(&'static str, Value)> {
        let templates: Vec<&String> = match protocol {
            "sip" => self.global.iter().collect(),
            "webrtc" => self.global.iter().chain(&self.webrtc).collect(),
            "sccp" => return Ok(("endpoint_sccp", json!({"options": []}))),
            _ => {
                let text = "Input Error - 'line_protocol' must be one of (sccp, sip, webrtc)";
                return Err(Problems::one(text).into());
            }
        };
        let templates: Vec<Value> = templates.iter().map(|uuid| json!({"uuid": uuid})).collect();
        let username =
            row.get("sip_username").map_or_else(|| random_letters(8), |name| Ok(name.to_owned()))?;
        let secret = row.get("sip_secret").map_or_else(|| random_letters(16), |text| Ok(text.to_owned()))?;
        Ok((
            "endpoint_sip",
            json!({
                "name": username, "templates": templates,
                "auth_section_options": [["username", username], ["password", secret]],
            }),
        ))
    }

    /// The number from outside; its extension and incall may be there already.
    fn incall(&mut self, tx: &WriteTx, row: Row, user: &Identity) -> Result<Option<i64>> {
        if row.get("incall_exten").is_none() && row.get("incall_context").is_none() {
            return Ok(None);
        }
        require(row, &["incall_exten", "incall_context"])?;
        let (exten, context) = (row.get("incall_exten"), row.get("incall_context").unwrap_or_default());
        self.context(tx, context)?;
        let ring_time = row.get("incall_ring_seconds").map(|text| number("incall_ring_seconds", text));
        let ring_time = ring_time.transpose()?;
        let body = json!({"exten": exten, "context": context});
        let body = read(&nested::EXTENSION, body.as_object().unwrap_or(&Object::new()))?;
        let (extension, id) = nested::reach(tx, self.scope, user, &body)?;
        if let Some(seconds) = ring_time {
            let destination =
                json!({"type": "user", "user_id": user.id, "ring_time": seconds, "moh_uuid": null});
            let owner = Owner { word: "incall", id };
            destinations::set(tx, self.scope, owner, EVENT, destination.as_object())?;
        }
        Ok(Some(extension))
    }

    fn permissions(&self, tx: &WriteTx, row: Row, user: &Identity) -> Result<Vec<i64>> {
        let mut problems = Problems::default();
        let mut ids = Vec::new();
        let names = row.get("call_permissions").unwrap_or_default().split(';').map(str::trim);
        for name in names.filter(|name| !name.is_empty()) {
            let id = call_permissions::store::by_name(tx, self.scope.tenant, name)?;
            let row = id.map(|id| call_permissions::store::get(tx, id)).transpose()?.flatten();
            let Some(permission) = row else {
                problems.0.push(not_found("CallPermission", &[("name", name.into())]));
                continue;
            };
            call_permissions::attach(tx, Holder::User, (user.id, user.tenant_uuid), &permission)?;
            ids.push(permission.id);
        }
        refuse(problems)?;
        Ok(ids)
    }

    /// A context must exist where the request sees it.
    fn context(&mut self, tx: &WriteTx, name: &str) -> Result<()> {
        let known = match self.contexts.get(name) {
            Some(known) => *known,
            None => {
                let row = contexts::store::by_name(tx, name)?;
                let known = row.is_some_and(|context| self.scope.sees(context.tenant_uuid));
                self.contexts.insert(name.to_owned(), known);
                known
            }
        };
        if known { Ok(()) } else { Err(Problems::one(not_found("Context", &[("name", name.into())])).into()) }
    }
}

/// Everybody of a file gets an account; without a password nobody can log in with it.
fn make_account(tx: &WriteTx, row: Row, user: &Object, hash: Option<&str>) -> Result<()> {
    let given = ["username", "password"].into_iter().filter_map(|name| Some((name, row.get(name)?)));
    let raw: Object = given.map(|(name, text)| (name.to_owned(), Value::from(text))).collect();
    let auth = read(&account::SCHEMA, &raw)?;
    account::create_hashed(tx, user, &auth, hash)?;
    Ok(())
}

/// Puts what is wrong with a part to the rest; a part that names something unknown is as wrong as any.
fn attempt<T>(problems: &mut Problems, part: Result<T>) -> Result<Option<T>> {
    match part {
        Err(Error::NotFound(text)) => gather(problems, Err(Problems::one(text).into())),
        part => gather(problems, part),
    }
}

/// The cells of some columns as a body.
fn cells(row: Row, prefix: &str, columns: &[(&str, Cell)], problems: &mut Problems) -> Object {
    let mut body = Object::new();
    for (name, cell) in columns {
        let column = format!("{prefix}{name}");
        let Some(text) = row.get(&column) else { continue };
        let value = match (cell, text) {
            (Cell::Text, text) => Ok(Value::from(text)),
            (Cell::Flag, "0") => Ok(Value::Bool(false)),
            (Cell::Flag, "1") => Ok(Value::Bool(true)),
            (Cell::Flag, _) => Err(Problems::one(format!("Input Error - '{column}' must be one of (0, 1)"))),
            (Cell::Number, text) => number(&column, text).map(Value::from),
        };
        match value {
            Ok(value) => drop(body.insert((*name).to_owned(), value)),
            Err(wrong) => problems.0.extend(wrong.0),
        }
    }
    body
}

fn number(column: &str, text: &str) -> Result<i64, Problems> {
    text.trim().parse().map_err(|_| {
        Problems::one(format!("Input Error - field '{column}': wrong type. Should be a integer"))
    })
}

/// Reads a body; its mistakes as one structure, as a row shows them.
fn read(schema: &Schema, raw: &Object) -> Result<Object> {
    let (body, messages) = schema.read_all(raw, Mode::Create);
    if messages.is_empty() { Ok(body) } else { Err(Problems::one(structure(&messages)).into()) }
}

fn structure(messages: &Messages) -> String {
    let pairs = messages.iter().map(|(name, message)| (Py::Str(name.clone()), message.clone()));
    Py::Dict(pairs.collect()).to_string()
}

/// Refuses a row in which one of these columns is empty.
fn require(row: Row, columns: &[&str]) -> Result<()> {
    if columns.iter().all(|column| row.get(column).is_some()) { Ok(()) } else { Err(missing(row, columns)) }
}

/// Names those of the columns that are empty.
fn missing(row: Row, columns: &[&str]) -> Error {
    let absent: Vec<&str> = columns.iter().copied().filter(|column| row.get(column).is_none()).collect();
    Problems::one(format!("Input Error - missing parameters: {}", absent.join(", "))).into()
}
