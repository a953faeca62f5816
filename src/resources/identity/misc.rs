//! What the auth API says of itself (auth.md 9).

use crate::error::Result;
use crate::http::{Answer, Call, Route, openapi::Api};
use actix_web::http::Method;
use rusqlite::Connection;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;
use std::sync::LazyLock;

/// How somebody can log in.
#[derive(Serialize, JsonSchema)]
struct Backends {
    data: [&'static str; 1],
}

pub fn routes() -> Vec<Route> {
    vec![
        Route::read("/status", "Is the auth API there?", |_, _| Answer::json(&json!({})))
            .on(Method::HEAD)
            .public(),
        Route::read("/backends", "How somebody can log in", |_, _| {
            Answer::json(&Backends { data: ["wazo_user"] })
        })
        .shows::<Backends>()
        .public(),
        Route::read("/api/api.yml", "This document", get_document).file("application/x-yaml").public(),
    ]
}

/// JSON is YAML too.
fn get_document(_: &Call, _: &Connection) -> Result<Answer> {
    static BODY: LazyLock<Vec<u8>> = LazyLock::new(|| {
        let document = crate::resources::document(Api::Auth);
        serde_json::to_vec_pretty(&document).unwrap_or_default()
    });
    Ok(Answer::File { content_type: "application/x-yaml", body: BODY.clone() })
}
