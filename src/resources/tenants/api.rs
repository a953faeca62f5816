//! `GET /tenants`, `GET /tenants/{uuid}` (confd.md 3.2).

use crate::http::Route;

pub fn routes() -> Vec<Route> {
    vec![]
}
