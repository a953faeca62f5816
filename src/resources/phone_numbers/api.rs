//! Handlers of `/phone-numbers`.

use super::{MAIN, PhoneNumber, SCHEMA, create, range, store, update, view};
use crate::db::WriteTx;
use crate::domain::schema::Mode;
use crate::error::{Error, Result};
use crate::http::{Answer, Call, Link, Route};
use rusqlite::Connection;
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

/// What became of a range.
#[derive(Serialize, schemars::JsonSchema)]
struct Made {
    created: Vec<MadeNumber>,
    /// To all numbers of the range.
    links: Vec<Link>,
    total: usize,
}

#[derive(Serialize, schemars::JsonSchema)]
struct MadeNumber {
    uuid: Uuid,
}

pub fn routes() -> Vec<Route> {
    let one = "/phone-numbers/{number:uuid}";
    vec![
        Route::read("/phone-numbers", "List phone numbers", list_numbers).lists::<super::View>(),
        Route::post("/phone-numbers", "Create a phone number", create_number)
            .shows::<super::View>()
            .body(&SCHEMA),
        Route::read("/phone-numbers/main", "Get the tenant's main phone number", get_main)
            .shows::<super::View>(),
        Route::put("/phone-numbers/main", "Set the tenant's main phone number", put_main).body(&MAIN),
        Route::post("/phone-numbers/ranges", "Create phone numbers in a row", create_range)
            .shows::<Made>()
            .body(&range::SCHEMA),
        Route::read(one, "Get a phone number", get_number).shows::<super::View>(),
        Route::put(one, "Change a phone number", update_number).body(&SCHEMA),
        Route::delete(one, "Delete a phone number", delete_number),
    ]
}

fn list_numbers(call: &Call, connection: &Connection) -> Result<Answer> {
    let page = store::LISTING.page::<String>(call, connection)?;
    let views = |uuids: Vec<String>| {
        let rows = store::get_many(connection, &uuids)?;
        Ok(rows.into_iter().map(|row| view(call, row)).collect())
    };
    Answer::json(&page.map(views)?)
}

fn create_number(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let row = create(tx, call.scope().tenant, &call.parse(&SCHEMA, Mode::Create)?)?;
    call.created(&format!("/phone-numbers/{}", row.uuid), &view(call, row))
}

fn get_number(call: &Call, connection: &Connection) -> Result<Answer> {
    Answer::json(&view(call, found(call, connection)?))
}

fn update_number(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let row = found(call, tx)?;
    update(tx, &row, &call.parse(&SCHEMA, Mode::Update)?)?;
    Ok(Answer::Empty)
}

fn delete_number(call: &Call, tx: &WriteTx) -> Result<Answer> {
    store::delete(tx, found(call, tx)?.uuid)?;
    Ok(Answer::Empty)
}

fn get_main(call: &Call, connection: &Connection) -> Result<Answer> {
    let tenant = call.scope().tenant;
    let main = store::main(connection, tenant)?;
    let meta = [("main", crate::domain::py::Py::Raw("True".to_owned()))];
    Answer::json(&view(call, main.ok_or_else(|| Error::not_found("PhoneNumber", &meta))?))
}

fn put_main(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let tenant = call.scope().tenant;
    let body = call.parse(&MAIN, Mode::Create)?;
    let text = body.get("phone_number_uuid").and_then(Value::as_str).unwrap_or_default();
    let uuid = Uuid::try_parse(text).unwrap_or_default();
    let row = store::get(tx, uuid)?.filter(|row| row.tenant_uuid == tenant);
    row.ok_or_else(|| Error::not_found("PhoneNumber", &[("uuid", text.into())]))?;
    store::set_main(tx, tenant, uuid)?;
    Ok(Answer::Empty)
}

/// Numbers that there are already stay as they are; the answer links to both.
fn create_range(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let tenant = call.scope().tenant;
    let body = call.parse(&range::SCHEMA, Mode::Create)?;
    let (mut created, mut uuids, mut known) = (Vec::new(), Vec::new(), Vec::new());
    for number in range::numbers(&body) {
        match store::find(tx, tenant, &number)? {
            Some(uuid) => known.push(uuid),
            None => {
                let row = SCHEMA.read(&object(&number), Mode::Create)?;
                let uuid = create(tx, tenant, &row)?.uuid;
                created.push(MadeNumber { uuid });
                uuids.push(uuid);
            }
        }
    }
    uuids.append(&mut known);
    let link = |uuid: &Uuid| call.links("phone_numbers", &format!("/phone-numbers/{uuid}"));
    let links: Vec<Link> = uuids.iter().flat_map(link).collect();
    Answer::with_status(201, &Made { created, links, total: uuids.len() })
}

fn object(number: &str) -> crate::domain::schema::Object {
    [("number".to_owned(), Value::from(number))].into_iter().collect()
}

/// The phone number that the path names, if the request sees it.
fn found(call: &Call, connection: &Connection) -> Result<PhoneNumber> {
    let uuid = call.uuid("number");
    store::get(connection, uuid)?
        .filter(|row| call.scope().sees(row.tenant_uuid))
        .ok_or_else(|| Error::not_found("PhoneNumber", &[("uuid", uuid.into())]))
}
