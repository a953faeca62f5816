//! Agents at work: logging in and out, pausing, and who is where (behaviour.md 4.4). These are agentd's routes: they act
//! in the running Asterisk, and have agentd's answers, `{"error": text}`.

mod actions;
pub mod floor;
mod me;
mod queues;
mod status;
mod trouble;

use crate::http::Route;
use actix_web::http::Method;

/// The routes that agentd and confd don't both have: below `/1.1` too.
pub fn routes() -> Vec<Route> {
    let routes = [actions::routes(), queues::routes(), me::routes(), status::routes()].concat();
    routes.into_iter().map(of_agentd).collect()
}

/// All of agentd's routes, where its clients look for them.
pub fn agentd() -> Vec<Route> {
    let list = Route::act(Method::GET, "/agents", "List what agents do", status::list_statuses)
        .shows::<Vec<status::Status>>();
    [vec![of_agentd(list)], routes()].concat()
}

fn of_agentd(route: Route) -> Route {
    route.service("agentd").unready("Asterisk can't be asked now")
}
