//! The OpenAPI document, from the table of routes and the schemas of their bodies.
#![expect(clippy::indexing_slicing, reason = "a string index into a JSON object that is just made")]

use super::auth::Service;
use super::path::{placeholders, to_openapi};
use super::route::{Access, Route};
use crate::domain::schema::Mode;
use actix_web::http::Method;
use serde_json::{Map, Value, json};

/// Which API a document is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Api {
    Confd,
    Auth,
}

/// The document of confd's routes.
pub fn document(routes: &[Route]) -> Value {
    document_of(routes, Api::Confd)
}

/// The document of these routes.
pub fn document_of(routes: &[Route], api: Api) -> Value {
    let mut paths: Map<String, Value> = Map::new();
    for route in routes {
        let path = paths.entry(to_openapi(route.path)).or_insert_with(|| json!({}));
        path[route.method.as_str().to_lowercase()] = operation(route);
    }
    paths.sort_keys();
    let (description, servers) = match api {
        Api::Confd => ("PBX configuration, compatible with confd 1.1", ["/1.1", "/api/confd/1.1"]),
        Api::Auth => ("Who may do what, compatible with auth 0.1", ["/0.1", "/api/auth/0.1"]),
    };
    let servers = servers.map(|url| json!({"url": url}));
    json!({
        "openapi": "3.1.0",
        "info": {"title": "cordboard", "version": env!("CARGO_PKG_VERSION"),
                 "description": description},
        "servers": servers,
        "security": [{"token": []}],
        "components": {
            "securitySchemes": {
                "token": {"type": "apiKey", "in": "header", "name": "X-Auth-Token"},
                "login": {"type": "http", "scheme": "basic"},
            },
            "schemas": {"Errors": {"type": "array", "items": {"type": "string"}}, "Refusal": {"type": "object"}},
        },
        "paths": paths,
    })
}

fn operation(route: &Route) -> Value {
    let parameters: Vec<Value> = placeholders(route.path)
        .into_iter()
        .map(|(name, kind)| {
            let schema = match kind {
                "int" => json!({"type": "integer", "minimum": 0}),
                "uuid" => json!({"type": "string", "format": "uuid"}),
                _ => json!({"type": "string"}),
            };
            json!({"name": name, "in": "path", "required": true, "schema": schema})
        })
        .collect();
    let mut operation = json!({
        "summary": route.summary,
        "parameters": parameters,
        "responses": responses(route),
        "x-access": route.access_name(|name| format!("{{{name}}}")),
    });
    if route.access == Access::Public {
        operation["security"] = json!([]);
    }
    if let Some(schema) = route.body {
        let mode = if route.method == Method::POST { Mode::Create } else { Mode::Update };
        operation["requestBody"] = json!({"required": true, "content": {
            "application/json": {"schema": schema.json_schema(mode)}}});
    }
    operation
}

/// Of the auth API: whatever was asked is answered with 200 or, where there is nothing to say, with 204.
fn auth_responses() -> Value {
    let refusal = |text: &str| {
        json!({"description": text, "content": {
            "application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}}})
    };
    json!({
        "200": {"description": "Here it is"},
        "204": {"description": "Done"},
        "400": refusal("The first mistake of the request"),
        "401": refusal("No token or no right, or the login failed"),
        "403": refusal("It must not be changed, or the token does not allow it"),
        "404": refusal("The path names something unknown"),
        "405": refusal("It is managed elsewhere"),
        "408": refusal("The request came too slowly"),
        "409": refusal("Somebody else has it"),
        "413": refusal("The body is too large"),
        "429": refusal("Too many logins failed, or too many sessions are open"),
        "503": refusal("Nothing was stored; try again"),
    })
}

fn responses(route: &Route) -> Value {
    if route.told_by() == Service::Auth {
        return auth_responses();
    }
    let errors = |text: &str| {
        json!({"description": text, "content": {
            "application/json": {"schema": {"$ref": "#/components/schemas/Errors"}}}})
    };
    let mut responses = match route.method {
        Method::POST => json!({"201": {"description": "Created"}}),
        Method::PUT | Method::DELETE => json!({"204": {"description": "Done"}}),
        _ => json!({"200": {"description": "Here it is"}}),
    };
    responses["400"] = errors("Every mistake of the request");
    if route.access != Access::Public {
        responses["401"] = errors("No token, an unknown one, or a tenant that it does not see");
    }
    responses["404"] = errors("The path names something unknown");
    responses["503"] = errors("Nothing was stored; try again");
    responses
}
