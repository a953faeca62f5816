//! Handlers of `/users`.

use super::account::hash_password;
use super::listing::LISTING;
use super::provision::{CREATION, Created, create_user};
use super::view::Mailbox;
use super::{SCHEMA, View, delete, found, own, recursive, store, summaries, update, views};
use crate::db::WriteTx;
use crate::domain::problems::Problems;
use crate::domain::schema::Mode;
use crate::error::Result;
use crate::http::{Answer, Call, Page, Route};
use crate::resources::lines;
use rusqlite::Connection;
use serde::Serialize;

/// A user as GET shows it.
type Whole = View<lines::Brief, Mailbox>;

/// The list, in the view that was asked for.
#[derive(Serialize, schemars::JsonSchema)]
#[serde(untagged)]
enum Listed {
    Whole(Page<Whole>),
    Directory(Page<summaries::Directory>),
    Summary(Page<summaries::Summary>),
    LinePresence(Page<summaries::LinePresence>),
}

pub fn routes() -> Vec<Route> {
    vec![
        Route::read("/users", "List users", list_users).shows::<Listed>(),
        Route::post("/users", "Create a user with all that belongs to it", create_user)
            .shows::<Created>()
            .body(&CREATION)
            .prepare(|call| call.has("auth"), hash_password),
        Route::read("/users/subscriptions", "Count users by subscription", list_subscriptions)
            .lists::<store::Subscription>(),
        Route::read("/users/{user:key}", "Get a user", get_user).shows::<Whole>(),
        Route::put("/users/{user:key}", "Change a user", update_user).body(&SCHEMA),
        Route::delete("/users/{user:key}", "Delete a user", delete_user),
    ]
}

fn list_users(call: &Call, connection: &Connection) -> Result<Answer> {
    let page = |call| LISTING.page::<i64>(call, connection);
    let listed = match call.query("view").unwrap_or_default() {
        "" => Listed::Whole(page(call)?.map(|ids| views(call, connection, &ids))?),
        "directory" => Listed::Directory(page(call)?.map(|ids| summaries::directory(connection, &ids))?),
        "summary" => Listed::Summary(page(call)?.map(|ids| summaries::summary(connection, &ids))?),
        "line_presence" => {
            Listed::LinePresence(page(call)?.map(|ids| summaries::line_presence(connection, &ids))?)
        }
        other => return Err(Problems::one(format!("Input Error - view '{other}' does not exist")).into()),
    };
    Answer::json(&listed)
}

fn list_subscriptions(call: &Call, connection: &Connection) -> Result<Answer> {
    let items = store::subscriptions(connection, call.scope().tenant)?;
    let total = i64::try_from(items.len()).unwrap_or(i64::MAX);
    Answer::json(&Page { total, items })
}

fn get_user(call: &Call, connection: &Connection) -> Result<Answer> {
    let user = found(call, connection)?;
    Answer::json(&views(call, connection, &[user.id])?.first())
}

fn update_user(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let user = found(call, tx)?;
    own::judge(call, tx, &user)?;
    if call.recursive() {
        recursive::update(call, tx, &user)?;
    } else {
        update(tx, user.id, call.parse(&SCHEMA, Mode::Update)?)?;
    }
    Ok(Answer::Empty)
}

fn delete_user(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let user = found(call, tx)?;
    if call.recursive() {
        recursive::delete(tx, &user)?
    } else {
        delete(tx, user.id)?
    }
    Ok(Answer::Empty)
}
