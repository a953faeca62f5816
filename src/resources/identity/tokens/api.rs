//! Handlers of `/token`.

use super::issue::{Issued, Kind, Wish, issue};
use super::store::{self, Account};
use super::{Data, Message, Metadata, Scopes, View};
use crate::auth::{Grant, INTERNAL, Tree, hash_token, passwords};
use crate::clock;
use crate::domain::py::Py;
use crate::domain::refusal::Refusal;
use crate::domain::schema::{Field, Messages, Mode, Object, Rule, Schema};
use crate::domain::text::normalize;
use crate::error::Result;
use crate::http::{Answer, Call, Route, Waiting};
use crate::resources::identity::body;
use actix_web::http::Method;
use rusqlite::Connection;
use serde_json::Value;
use std::sync::Arc;
use std::time::Instant;
use uuid::Uuid;

/// Seconds that a token lasts when nobody says.
const LASTS: i64 = 7200;

/// Most seconds that a token lasts: ten years.
const LONGEST: i64 = 315_360_000;

static LOGIN: Schema = Schema::new(
    "TokenCreation",
    &[
        Field::text("backend"),
        Field::int("expiration").rules(&[Rule::Range(1, LONGEST)]),
        Field::text("access_type").rules(&[Rule::OneOf(&["online", "offline"])]),
        Field::text("client_id").rules(&[Rule::Between(1, 1024)]),
        Field::text("refresh_token"),
        Field::text("tenant_id"),
        Field::text("domain_name"),
        Field::text("saml_session_id").rules(&[Rule::Between(1, 1024)]),
    ],
)
.checked(check_login);

static SCOPES: Schema = Schema::new(
    "ScopesCheck",
    &[
        Field::list("scopes", &crate::domain::schema::Kind::Text).required(),
        Field::text("tenant_uuid").null_allowed(),
    ],
);

pub fn routes() -> Vec<Route> {
    let token = "/token/{token:uuid}";
    vec![
        Route::act(Method::POST, "/token", "Log in", create_token)
            .shows::<Data<View>>()
            .body(&LOGIN)
            .public(),
        Route::read(token, "Get what a token stands for", get_token).shows::<Data<View>>().public(),
        Route::read(token, "Ask whether a token allows something", check_token)
            .status(204)
            .on(Method::HEAD)
            .public(),
        Route::act(Method::DELETE, token, "Log out", delete_token)
            .status(200)
            .shows::<Data<Message>>()
            .public(),
        Route::read("/token/{token:uuid}/scopes/check", "Ask what a token allows", check_scopes)
            .on(Method::POST)
            .shows::<Scopes>()
            .body(&SCOPES)
            .public(),
    ]
}

fn check_login(body: &Object, _: Mode) -> Messages {
    let (has, text) = (|name: &str| body.contains_key(name), |name: &str| body::text(body, name));
    let offline = text("access_type") == Some("offline");
    let problem = if offline && has("refresh_token") {
        "cannot use the \"access_type\" \"offline\" with a refresh token"
    } else if offline && !has("client_id") {
        "\"client_id\" must be specified when using \"access_type\" is \"offline\""
    } else if has("refresh_token") && !has("client_id") {
        "\"client_id\" must be specified when using a \"refresh_token\""
    } else if has("tenant_id") && has("domain_name") {
        "\"tenant_id\" and \"domain_name\" must be mutually exclusive"
    } else if has("saml_session_id") && has("refresh_token") {
        "Cannot use a \"saml_session_id\" and a \"refresh_token\" at the same time"
    } else {
        return Messages::new();
    };
    vec![("_schema".to_owned(), Py::List(vec![problem.into()]))]
}

/// A body whose mistakes are told as Python prints them.
fn read(call: &Call, schema: &Schema) -> Result<Object> {
    let (object, messages) = schema.read_all(&body::object(call, "token")?, Mode::Create);
    if messages.is_empty() {
        return Ok(object);
    }
    let messages = messages.into_iter().map(|(name, message)| (Py::Str(name), message)).collect();
    Err(Refusal::reason(400, Py::Dict(messages).to_string()).into())
}

fn create_token(call: Call) -> Waiting {
    Box::pin(async move {
        let body = read(&call, &LOGIN)?;
        let lasts = body.get("expiration").and_then(Value::as_i64).unwrap_or(LASTS);
        let client_id = body::text(&body, "client_id").unwrap_or_default().to_owned();
        let (account, kind) = match body::text(&body, "refresh_token") {
            Some(token) => {
                let hash = hash_token(token);
                (by_refresh_token(&call, hash.clone(), client_id).await?, Kind::Refreshed { hash })
            }
            None => {
                let account = by_password(&call, &body).await?;
                let offline = body::text(&body, "access_type") == Some("offline");
                (account, if offline { Kind::Offline { client_id } } else { Kind::Online })
            }
        };
        let (app, wish) = (call.app.clone(), Wish { lasts, client: call.client.clone(), kind });
        let Issued { view, revoked } =
            call.app.db.write_aside(move |tx| issue(tx, &app, account, wish)).await?;
        tell_success(&call, &view);
        Answer::marked(&Data { data: view }, ("Wazo-Sessions-Revoked", revoked.to_string()))
    })
}

async fn by_refresh_token(call: &Call, hash: String, client: String) -> Result<Account> {
    let account =
        call.read(move |_, connection| store::account_by_refresh(connection, &hash, &client)).await?;
    let native = account.filter(|account| account.method == "native");
    native.ok_or_else(|| Refusal::failed_login().into())
}

/// Who has this name and this password. The password is worked on even where there is no such account.
async fn by_password(call: &Call, body: &Object) -> Result<Account> {
    let elsewhere = ["saml_session_id", "tenant_id"].iter().any(|name| body.contains_key(*name));
    let Some((login, password)) = call.client.login.clone().filter(|_| !elsewhere) else {
        return Err(Refusal::failed_login().into());
    };
    let attempt = call.app.throttle.attempt(call.client.address, &login, Instant::now());
    let attempt = attempt.map_err(|seconds| {
        let text = format!("Too many failed logins. Try again in {seconds} s");
        tracing::warn!(?login, address = %call.client.address, seconds, "a login is put off");
        Refusal::Later { seconds, text }
    })?;
    let name = login.clone();
    let account = call.read(move |_, connection| store::account_by_login(connection, &name)).await?;
    let hash = account.as_ref().and_then(|account| account.password_hash.clone());
    let right = call.app.passwords.run(move || passwords::verify(password.expose(), hash.as_deref())).await?;
    let account = account.filter(|account| right && account.method == "native");
    let Some(account) = account else {
        let agent = &call.client.user_agent;
        tracing::warn!(
            "Failed login: for login {login:?} from {} using agent {agent:?}",
            call.client.address
        );
        return Err(Refusal::failed_login().into());
    };
    call.app.throttle.succeeded(attempt);
    Ok(account)
}

fn tell_success(call: &Call, view: &View) {
    let end = view.token.get(28..).unwrap_or_default();
    let (who, agent) = (&view.auth_id, &call.client.user_agent);
    let address = call.client.address;
    tracing::info!(
        "Successful login: {who} got token XXXXXXXX-XXXX-XXXX-XXXX-XXXX{end} from {address} using agent {agent:?}"
    );
}

/// The token of the path, for who asks what it allows: it is alive, and allows the scope in the tenant.
fn found(call: &Call) -> Result<Arc<Grant>> {
    let (grant, tree) = alive(call)?;
    if let Some(scope) = call.query("scope")
        && !grant.acl.allows(scope)
    {
        let scope: String = normalize(scope).chars().filter(char::is_ascii).collect();
        return Err(Refusal::reason(403, format!("Unauthorized for {scope}")).into());
    }
    require_tenant(&grant, &tree, call.query("tenant"))?;
    Ok(grant)
}

fn alive(call: &Call) -> Result<(Arc<Grant>, Arc<Tree>)> {
    let found = call.app.keyring.find(&call.segment("token").to_lowercase())?;
    found.ok_or_else(|| Refusal::no_such_token().into())
}

fn require_tenant(grant: &Grant, tree: &Tree, tenant: Option<&str>) -> Result<()> {
    let Some(text) = tenant.filter(|tenant| !tenant.is_empty()) else { return Ok(()) };
    let tenant = Uuid::try_parse(text).ok().filter(|tenant| tree.is_within(*tenant, grant.tenant));
    match tenant {
        Some(_) => Ok(()),
        None => Err(Refusal::reason(403, format!("Unauthorized for tenant {text}")).into()),
    }
}

fn check_token(call: &Call, _: &Connection) -> Result<Answer> {
    found(call).map(|_| Answer::Empty)
}

fn get_token(call: &Call, connection: &Connection) -> Result<Answer> {
    let grant = found(call)?;
    let token = call.segment("token").to_lowercase();
    let view = match store::session(connection, &hash_token(&token))? {
        Some(session) => session.view(&crate::domain::secret::Secret::new(token), call.app.server_uuid, None),
        None => administrators(call, &grant, token),
    };
    Answer::json(&Data { data: view })
}

/// A token that is nobody's: it has no session, and does not end.
fn administrators(call: &Call, grant: &Grant, token: String) -> View {
    let (server, now) = (call.app.server_uuid, clock::seconds() * 1_000_000);
    let end = now + LONGEST * 1_000_000;
    View {
        token,
        auth_id: INTERNAL.to_owned(),
        xivo_user_uuid: None,
        xivo_uuid: server,
        issued_at: clock::here(now),
        expires_at: clock::here(end),
        utc_issued_at: clock::universal(now),
        utc_expires_at: clock::universal(end),
        acl: grant.acl.entries().to_vec(),
        metadata: Metadata {
            uuid: INTERNAL.to_owned(),
            tenant_uuid: grant.tenant,
            auth_id: INTERNAL.to_owned(),
            pbx_user_uuid: None,
            xivo_uuid: server,
            purpose: "internal".to_owned(),
            admin: None,
        },
        session_uuid: None,
        remote_addr: String::new(),
        user_agent: String::new(),
        refresh_token: None,
    }
}

fn delete_token(call: Call) -> Waiting {
    Box::pin(async move {
        let hash = hash_token(&call.segment("token").to_lowercase());
        call.app.db.write_aside(move |tx| store::delete_token(tx, &hash)).await?;
        Answer::json(&Data { data: Message { message: "success" } })
    })
}

fn check_scopes(call: &Call, _: &Connection) -> Result<Answer> {
    let body = read(call, &SCOPES)?;
    let (grant, tree) = alive(call)?;
    require_tenant(&grant, &tree, body::text(&body, "tenant_uuid"))?;
    let mut scopes = Object::new();
    for scope in body::texts(&body, "scopes") {
        let allowed = grant.acl.allows(&scope);
        scopes.insert(scope, allowed.into());
    }
    Answer::json(&Scopes { scopes })
}
