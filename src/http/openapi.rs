//! The OpenAPI document, from the table of routes, the schemas of their bodies and the types of their answers.
#![expect(clippy::indexing_slicing, reason = "a string index into a JSON object that is just made")]

use super::auth::Service;
use super::path::{placeholders, to_openapi};
use super::route::{Access, Route};
use super::shapes::{Shapes, reference};
use crate::domain::schema::Mode;
use actix_web::http::Method;
use serde_json::{Map, Value, json};

/// Which API a document is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Api {
    Confd,
    Auth,
    Agentd,
    Calld,
}

/// The document of these routes.
pub fn document(routes: &[Route], api: Api) -> Value {
    let mut shapes = Shapes::default();
    let mut paths: Map<String, Value> = Map::new();
    for route in routes {
        let path = paths.entry(to_openapi(route.path)).or_insert_with(|| json!({}));
        path[route.method.as_str().to_lowercase()] = operation(route, &mut shapes);
    }
    paths.sort_keys();
    let (description, servers) = match api {
        Api::Confd => ("PBX configuration, compatible with confd 1.1", ["/1.1", "/api/confd/1.1"]),
        Api::Auth => ("Who may do what, compatible with auth 0.1", ["/0.1", "/api/auth/0.1"]),
        Api::Agentd => ("Agents at work, compatible with agentd 1.0", ["/1.0", "/api/agentd/1.0"]),
        Api::Calld => ("Calls of switchboards, compatible with calld 1.0", ["/1.0", "/api/calld/1.0"]),
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
            "schemas": shapes.all(),
        },
        "paths": paths,
    })
}

fn operation(route: &Route, shapes: &mut Shapes) -> Value {
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
        "responses": responses(route, shapes),
        "x-access": route.access_name(|name| format!("{{{name}}}")),
    });
    if route.unready.is_some() {
        operation["x-unready"] = json!(true);
    }
    if route.access == Access::Public {
        operation["security"] = json!([]);
    }
    if let Some(schema) = route.body {
        let mode = if route.method == Method::POST { Mode::Create } else { Mode::Update };
        operation["requestBody"] = json!({"required": true, "content": {
            "application/json": {"schema": schema.json_schema(mode)}}});
    }
    if route.bytes.is_some() {
        operation["requestBody"] = json!({"required": true, "content": {"application/octet-stream": {}}});
    }
    operation
}

fn refusal(text: &str, shape: &str) -> Value {
    json!({"description": text, "content": {"application/json": {"schema": reference(shape)}}})
}

fn responses(route: &Route, shapes: &mut Shapes) -> Value {
    let mut responses = match route.told_by() {
        Service::Auth => auth_refusals(),
        Service::Confd => confd_refusals(route),
    };
    if let Some(says) = route.unready {
        responses["503"]["description"] = json!(says);
    }
    let usual = match (route.told_by(), &route.method) {
        (Service::Confd, &Method::POST) => 201,
        (_, &Method::PUT | &Method::DELETE) => 204,
        _ => 200,
    };
    let status = route.status.unwrap_or(usual);
    let text = match status {
        201 => "Created",
        204 => "Done",
        _ => "Here it is",
    };
    let mut done = json!({"description": text});
    if status != 204 {
        done["content"] = shapes.content(route.shows);
    }
    if route.unready.is_some() && route.service == "confd" {
        // The same, for what is not so yet; or that it could not be looked at.
        let shapes = [&done["content"]["application/json"]["schema"], &reference("Errors")];
        responses["503"]["content"]["application/json"]["schema"] = json!({"anyOf": shapes});
    }
    responses[status.to_string()] = done;
    if route.path.contains('{') {
        // No route has a path whose placeholder is of another type.
        responses["404"]["content"]["text/html"] = json!({});
    }
    if route.refuses.is_some() {
        let own = shapes.content(route.refuses);
        let shapes = [&reference("Errors"), &own["application/json"]["schema"]];
        responses["400"]["content"]["application/json"]["schema"] = json!({"anyOf": shapes});
    }
    if route.path.ends_with("/associated/endpoints/sip") {
        // A user without such a line is refused with a text alone (confd.md 3.9).
        let shapes = [&reference("Errors"), &json!({"type": "string"})];
        responses["404"]["content"]["application/json"]["schema"] = json!({"anyOf": shapes});
    }
    if route.method == Method::HEAD
        && let Some(answers) = responses.as_object_mut()
    {
        for answer in answers.values_mut().filter_map(Value::as_object_mut) {
            answer.remove("content");
        }
    }
    responses.sort_all_objects();
    responses
}

/// Of the auth API.
fn auth_refusals() -> Value {
    let refusal = |text: &str| refusal(text, "Refusal");
    json!({
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

fn confd_refusals(route: &Route) -> Value {
    // Whoever asks Asterisk answers in the words of another service of the family.
    let own = match route.service {
        "agentd" => "Trouble",
        "calld" => "Objection",
        _ => "Errors",
    };
    let mut responses = json!({
        "400": refusal("Every mistake of the request", own),
        "404": refusal("The path names something unknown", own),
        "408": refusal("The request came too slowly", "Errors"),
        "413": refusal("The body is too large", "Errors"),
        "429": refusal("Too many requests; `Retry-After` says when to come again", "Errors"),
        "503": refusal("Nothing was stored; try again", own),
    });
    if route.access != Access::Public {
        responses["401"] = refusal("No token, an unknown one, or a tenant that it does not see", "Errors");
    }
    if route.service != "confd" {
        responses["409"] = refusal("It is so already, or not so", own);
    }
    responses
}
