//! `GET /cordboard/diagnose?exten=1001&context=default`: why does 1001 not ring?

use crate::apply::{LiveError, Message, Talk};
use crate::clock;
use crate::diagnose::{
    Contact, Contacts, Live, Question, QueueMember, Report, Wanted, diagnose, find, wanted,
};
use crate::domain::problems::{field_message, param_not_found};
use crate::error::{Error, Result};
use crate::http::{Answer, Call, Route, Scope, Waiting};
use crate::load;
use crate::model::{ContextKind, Model, Site};
use crate::resources::contexts;
use crate::resources::extensions::store;
use crate::settings::{Calls, International};
use rusqlite::Connection;
use std::collections::BTreeMap;

/// Endpoints of which Asterisk is asked for the contacts: the members of a large group are not all worth a question.
const MOST_ENDPOINTS: usize = 50;

pub fn routes() -> Vec<Route> {
    vec![Route::wait("/cordboard/diagnose", "Why does a number not ring?", get_diagnosis).shows::<Report>()]
}

/// What is asked: a number, where it is dialled, and the number of whoever dials it.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    pub exten: &'a str,
    pub context: Option<&'a str>,
    pub caller: Option<&'a str>,
}

/// What a snapshot of the database says of a question.
pub struct Case {
    model: Model,
    question: Question,
    /// What else is known of a number that reaches nothing.
    hints: Vec<String>,
}

impl Case {
    /// Looks a number up; without a context in the first of the tenant's that has it, internal ones first.
    ///
    /// # Errors
    /// 400: no number, or a context that the request does not see.
    pub fn open(connection: &Connection, calls: &Calls, scope: &Scope, asked: &Asked<'_>) -> Result<Case> {
        let Asked { exten, context, caller } = *asked;
        if exten.is_empty() {
            return Err(field_message("exten", "Missing data for required field.").into());
        }
        if let Some(name) = context
            && !contexts::store::by_name(connection, name)?.is_some_and(|row| scope.sees(row.tenant_uuid))
        {
            return Err(param_not_found("context", "Context", &[("context", name.into())]).into());
        }
        let abroad_is_open = calls.international == International::Open;
        let model = load::model(connection, Site { abroad_is_open, ..Site::default() })?;
        let context = context.map_or_else(|| place(&model, scope, exten), str::to_owned);
        let hints = hints(connection, &model, scope, exten, &context)?;
        let caller = caller.map(str::to_owned);
        let question = Question { exten: exten.to_owned(), context, caller, now: clock::instant() };
        Ok(Case { model, question, hints })
    }

    /// The report, with what Asterisk says.
    pub fn report(&self, live: &Live) -> Report {
        diagnose(&self.model, &self.question, live, &self.hints)
    }
}

/// The context in which a number is looked for when none is named; empty when the tenant has none.
fn place(model: &Model, scope: &Scope, exten: &str) -> String {
    let visible = |tenant: &str| scope.visible.iter().any(|one| one.to_string() == tenant);
    let mut contexts: Vec<_> =
        model.contexts.iter().filter(|context| visible(&context.tenant_uuid)).collect();
    contexts.sort_by_key(|context| {
        (context.tenant_uuid != scope.tenant.to_string(), context.kind != ContextKind::Internal)
    });
    let has = |name: &str| find(model, exten, name).kind() != "nobody";
    let found = contexts.iter().find(|context| has(&context.name)).or_else(|| contexts.first());
    found.map(|context| context.name.clone()).unwrap_or_default()
}

/// What the database knows of a number beside what is rendered: a disabled one, one that nothing has, the same number
/// elsewhere.
fn hints(
    connection: &Connection,
    model: &Model,
    scope: &Scope,
    exten: &str,
    context: &str,
) -> Result<Vec<String>> {
    let mut hints = Vec::new();
    if context.is_empty() {
        return Ok(vec!["The tenant has no context.".to_owned()]);
    }
    match store::find(connection, context, exten)? {
        Some(extension) if !extension.enabled => {
            hints.push("The extension is there, but it is disabled.".to_owned());
        }
        Some(_) => hints.push(
            "The extension is there, but nothing has it: give it to a line, a group or the like.".to_owned(),
        ),
        None => hints.push(format!("There is no extension {exten} in {context}.")),
    }
    if model.contexts.iter().any(|one| one.name == context && !one.enabled) {
        hints.push(format!("The context {context} is disabled."));
    }
    for other in model.contexts.iter().filter(|other| other.name != context) {
        let visible = scope.visible.iter().any(|tenant| tenant.to_string() == other.tenant_uuid);
        if visible && model.extensions.iter().any(|one| one.context == other.name && one.exten == exten) {
            hints.push(format!("The number is in the context {} ({}).", other.name, other.label));
        }
    }
    Ok(hints)
}

fn get_diagnosis(call: Call) -> Waiting {
    Box::pin(async move {
        let case = call
            .read(|call, connection| {
                let named = |name: &str| call.query(name).filter(|value| !value.is_empty());
                let exten = call.query("exten").unwrap_or_default();
                let asked = Asked { exten, context: named("context"), caller: named("caller") };
                Case::open(connection, &call.app.calls, call.scope(), &asked)
            })
            .await?;
        let wanted = wanted(&case.model, &case.question);
        let live = match call.app.live.open().await {
            Ok(mut talk) => ask(&mut talk, &wanted).await,
            Err(_) => Live::default(),
        };
        Answer::json(&case.report(&live))
    })
}

/// What Asterisk says of what a report wants to know.
pub async fn ask(talk: &mut Talk, wanted: &Wanted) -> Live {
    let mut live = Live { contacts: registered(talk, &wanted.endpoints).await, ..Live::default() };
    if let Some(queue) = &wanted.queue {
        let events = listed(talk, "QueueStatus", &[("Queue", queue)]).await;
        live.inside = events.as_ref().map(|events| count(events, "QueueEntry"));
        live.members = events.map(|events| events.iter().filter_map(member).collect());
    }
    if let Some(lot) = &wanted.lot {
        let events = listed(talk, "ParkedCalls", &[("ParkingLot", lot)]).await;
        live.inside = events.map(|events| count(&events, "ParkedCall"));
    }
    if let Some(room) = &wanted.room {
        let events = listed(talk, "ConfbridgeList", &[("Conference", room)]).await;
        live.inside = events.map(|events| count(&events, "ConfbridgeList"));
    }
    live
}

/// The events of a list; what Asterisk refuses to list is empty or not there.
async fn listed(talk: &mut Talk, action: &str, fields: &[(&str, &str)]) -> Option<Vec<Message>> {
    match talk.list(action, fields).await {
        Ok(events) => Some(events),
        Err(LiveError::Refused(_)) => Some(Vec::new()),
        Err(LiveError::Away(_)) => None,
    }
}

fn count(events: &[Message], name: &str) -> usize {
    events.iter().filter(|event| event.is("Event", name)).count()
}

fn member(event: &Message) -> Option<QueueMember> {
    if !event.is("Event", "QueueMember") {
        return None;
    }
    let text = |name: &str| event.get(name).unwrap_or_default().to_owned();
    Some(QueueMember {
        name: text("Name"),
        interface: text("Location"),
        state: text("Status").parse().unwrap_or_default(),
        paused: event.is("Paused", "1"),
        reason: text("PausedReason"),
    })
}

/// The phones of these endpoints; nothing when Asterisk does not answer.
async fn registered(talk: &mut Talk, endpoints: &[String]) -> Contacts {
    let mut contacts = BTreeMap::new();
    for name in endpoints.iter().take(MOST_ENDPOINTS) {
        // An endpoint that Asterisk does not have (yet) has no phone.
        let events = listed(talk, "PJSIPShowEndpoint", &[("Endpoint", name)]).await?;
        let found = events.iter().filter(|event| event.is("Event", "ContactStatusDetail")).map(|event| {
            let text = |name: &str| event.get(name).unwrap_or_default().to_owned();
            let agent = Some(text("UserAgent")).filter(|agent| !agent.is_empty());
            Contact { uri: text("URI"), status: text("Status"), user_agent: agent }
        });
        contacts.insert(name.clone(), found.collect());
    }
    Some(contacts)
}

/// As the route, without an Asterisk to ask: for the command line.
///
/// # Errors
/// As [`Case::open`].
pub fn offline(
    connection: &Connection,
    calls: &Calls,
    scope: &Scope,
    asked: &Asked<'_>,
) -> Result<Report, Error> {
    Ok(Case::open(connection, calls, scope, asked)?.report(&Live::default()))
}
