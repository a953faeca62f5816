//! Handlers of `/users` of the auth API.

use super::{Account, Email, NewAccount, View, found, store, taken, usual_method};
use crate::auth::passwords;
use crate::db::WriteTx;
use crate::domain::refusal::Refusal;
use crate::domain::schema::{Default, Field, Kind, Object, Rule, Schema, concat};
use crate::error::{Error, Result};
use crate::http::{Answer, Call, Route, Waiting};
use crate::resources::identity::body::{self, flag, text};
use crate::resources::identity::listing::{Found, Within, uuids};
use actix_web::http::Method;
use rusqlite::Connection;
use serde_json::json;
use uuid::Uuid;

const RESOURCE: &str = "users";

static OWN: [Field; 6] = [
    Field::prose("username").nullable().rules(&[Rule::Between(1, 256)]),
    Field::prose("firstname").nullable(),
    Field::prose("lastname").nullable(),
    Field::text("purpose").or(Default::Text("user")).rules(&[Rule::OneOf(&[
        "user",
        "internal",
        "external_api",
    ])]),
    Field::text("authentication_method"),
    Field::new("enabled", Kind::LooseBool).or(Default::Bool(true)),
];

static ALL: [Field; 9] = concat(&[
    &OWN,
    &[
        Field::new("uuid", Kind::Uuid),
        Field::prose("password").null_allowed().rules(&[Rule::Min(1)]),
        Field::new("email_address", Kind::Email).null_allowed(),
    ],
]);

static CREATION: Schema = Schema::new("AccountCreation", &ALL);
static UPDATE: Schema = Schema::new("Account", &OWN);

pub fn routes() -> Vec<Route> {
    let one = "/users/{user:uuid}";
    vec![
        Route::read("/users", "List accounts", list_accounts).shows::<Found<View>>(),
        Route::act(Method::POST, "/users", "Create an account", create_account)
            .shows::<View>()
            .body(&CREATION),
        Route::read(one, "Get an account", get_account).shows::<View>(),
        Route::put(one, "Change an account", update_account)
            .status(200)
            .shows::<View>()
            .body(&UPDATE)
            .aside(),
        Route::delete(one, "Delete an account", delete_account).aside(),
    ]
}

fn list_accounts(call: &Call, connection: &Connection) -> Result<Answer> {
    let within = Within::tenants(call, "a.tenant_uuid")?;
    let page = store::LISTING.page::<String>(call, connection, within)?;
    Answer::json(&page.map(|found| {
        let accounts = store::accounts(connection, &uuids(&found))?;
        Ok(accounts.into_iter().map(Account::view).collect())
    })?)
}

fn get_account(call: &Call, connection: &Connection) -> Result<Answer> {
    Answer::json(&found(call, connection)?.view())
}

fn create_account(call: Call) -> Waiting {
    Box::pin(async move {
        let body = body::read(&call, &CREATION, RESOURCE)?;
        let account = compose(&body, call.scope().tenant)?;
        let password = text(&body, "password").map(str::to_owned);
        let hash = match password {
            None => None,
            Some(password) => {
                Some(call.app.passwords.run(move || passwords::hash(&password)).await?.ok_or_else(|| {
                    Error::Unavailable("The password could not be hashed. Try again".to_owned())
                })?)
            }
        };
        let new = NewAccount { account, password_hash: hash };
        let view = call.app.db.write_aside(move |tx| insert(tx, &new)).await?;
        Answer::json(&view)
    })
}

/// An account of a body that the schema has read.
fn compose(body: &Object, tenant_uuid: Uuid) -> Result<Account> {
    let own = |name: &str| text(body, name).map(str::to_owned);
    let purpose = own("purpose").unwrap_or_default();
    let method = own("authentication_method").unwrap_or_else(|| usual_method(&purpose).to_owned());
    if !["native", "default", "ldap", "saml"].contains(&method.as_str()) {
        return Err(Refusal::Detailed {
            status: 400,
            message: json!(format!("Invalid authentication method {method}")),
            error_id: "invalid-data",
            details: json!({"authentication_method": method}),
            resource: Some(RESOURCE),
        }
        .into());
    }
    let email = own("email_address").map(|address| Email {
        uuid: Uuid::new_v4(),
        address,
        main: true,
        confirmed: true,
    });
    let uuid = own("uuid").and_then(|uuid| Uuid::try_parse(&uuid).ok());
    Ok(Account {
        uuid: uuid.unwrap_or_else(Uuid::new_v4),
        tenant_uuid,
        username: own("username"),
        firstname: own("firstname"),
        lastname: own("lastname"),
        purpose,
        authentication_method: method,
        enabled: flag(body, "enabled"),
        emails: email.into_iter().collect(),
    })
}

fn insert(tx: &WriteTx, new: &NewAccount) -> Result<serde_json::Value> {
    let account = &new.account;
    if store::exists(tx, account.uuid)? {
        let message = format!("The uuid \"{}\" is already used", account.uuid);
        let details = json!({"uuid": {"constraint_id": "unique", "message": message}});
        return Err(Refusal::conflict(RESOURCE, details).into());
    }
    judge_logins(tx, account, None)?;
    store::insert(tx, new)?;
    Ok(account.created())
}

/// A name and an address that nobody else has.
fn judge_logins(connection: &Connection, account: &Account, own: Option<Uuid>) -> Result<()> {
    let name = account.username.as_ref().map(|name| ("username", name));
    let emails = account.emails.iter().map(|email| ("email_address", &email.address));
    for (field, login) in name.into_iter().chain(emails) {
        if store::login_taken(connection, login, own)? {
            return Err(taken(field, login));
        }
    }
    Ok(())
}

fn update_account(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let body = body::read(call, &UPDATE, RESOURCE)?;
    let before = found(call, tx)?;
    let account = Account { uuid: before.uuid, emails: before.emails, ..compose(&body, before.tenant_uuid)? };
    judge_logins(tx, &account, Some(account.uuid))?;
    store::update(tx, &account)?;
    if !account.enabled {
        store::end_sessions(tx, account.uuid)?;
    }
    Answer::json(&account.view())
}

fn delete_account(call: &Call, tx: &WriteTx) -> Result<Answer> {
    store::delete(tx, found(call, tx)?.uuid)?;
    Ok(Answer::Empty)
}
