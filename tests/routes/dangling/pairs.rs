//! Associations: every one of the contract.

use super::{Thing, make, rows};
use crate::harness::Server;
use serde_json::json;

/// How two things are tied together by PUT: the route of the contract, what its placeholders name in turn (of a list in
/// the body, the second is in there), and what the body holds.
struct Pair {
    route: &'static str,
    owner: &'static str,
    member: &'static str,
    body: Body,
}

/// What ties and unties.
enum Body {
    /// The path alone; DELETE unties.
    Path,
    /// A list of this name, of objects with this key; an empty one unties.
    List(&'static str, &'static str),
}

use Body::{List, Path};

const fn pair(route: &'static str, owner: &'static str, member: &'static str, body: Body) -> Pair {
    Pair { route, owner, member, body }
}

const PAIRS: &[Pair] = &[
    pair("/agents/{id}/skills/{id}", "agent", "skill", Path),
    pair("/callfilters/{id}/recipients/users", "call filter", "user with line", List("users", "uuid")),
    pair("/callfilters/{id}/surrogates/users", "call filter", "user with line", List("users", "uuid")),
    pair("/callpickups/{id}/interceptors/groups", "call pickup", "group", List("groups", "id")),
    pair("/callpickups/{id}/interceptors/users", "call pickup", "user", List("users", "uuid")),
    pair("/callpickups/{id}/targets/groups", "call pickup", "group", List("groups", "id")),
    pair("/callpickups/{id}/targets/users", "call pickup", "user", List("users", "uuid")),
    pair("/conferences/{id}/extensions/{id}", "conference", "conference number", Path),
    pair("/contexts/{id}/contexts", "context", "context", List("contexts", "id")),
    pair("/groups/{g}/callpermissions/{id}", "group", "call permission", Path),
    pair("/groups/{g}/extensions/{id}", "group", "group number", Path),
    pair("/groups/{g}/members/users", "group", "user with line", List("users", "uuid")),
    pair("/groups/{g}/schedules/{id}", "group", "schedule", Path),
    pair("/incalls/{id}/extensions/{id}", "incall", "incall number", Path),
    pair("/incalls/{id}/schedules/{id}", "incall", "schedule", Path),
    pair("/lines/{id}/applications/{uuid}", "line", "application", Path),
    pair("/lines/{id}/devices/{device_id}", "line of somebody", "device", Path),
    pair("/lines/{id}/endpoints/custom/{id}", "line", "custom endpoint", Path),
    pair("/lines/{id}/endpoints/sccp/{id}", "line", "sccp endpoint", Path),
    pair("/lines/{id}/endpoints/sip/{uuid}", "line", "sip endpoint", Path),
    pair("/lines/{id}/extensions/{id}", "line with endpoint", "user number", Path),
    pair("/outcalls/{id}/callpermissions/{id}", "outcall", "call permission", Path),
    pair("/outcalls/{id}/extensions/{id}", "outcall", "outcall number", Path),
    pair("/outcalls/{id}/schedules/{id}", "outcall", "schedule", Path),
    pair("/outcalls/{id}/trunks", "outcall", "trunk", List("trunks", "id")),
    pair("/pagings/{id}/callers/users", "paging", "user", List("users", "uuid")),
    pair("/pagings/{id}/members/users", "paging", "user", List("users", "uuid")),
    pair("/parkinglots/{id}/extensions/{id}", "parking lot", "user number", Path),
    pair("/queues/{id}/extensions/{id}", "queue", "queue number", Path),
    pair("/queues/{id}/members/agents/{id}", "queue", "agent", Path),
    pair("/queues/{id}/members/users/{u}", "queue", "user with line", Path),
    pair("/queues/{id}/schedules/{id}", "queue", "schedule", Path),
    pair("/switchboards/{uuid}/members/users", "switchboard", "user", List("users", "uuid")),
    pair("/trunks/{id}/endpoints/custom/{id}", "trunk", "custom endpoint", Path),
    pair("/trunks/{id}/endpoints/iax/{id}", "trunk", "iax endpoint", Path),
    pair("/trunks/{id}/endpoints/sip/{uuid}", "trunk", "sip endpoint", Path),
    pair("/trunks/{id}/registers/iax/{id}", "trunk", "iax register", Path),
    pair("/users/{u}/agents/{agent_id}", "user", "agent", Path),
    pair("/users/{u}/callpermissions/{id}", "user", "call permission", Path),
    pair("/users/{u}/funckeys/templates/{id}", "user", "key template", Path),
    pair("/users/{u}/groups", "user with line", "group", List("groups", "uuid")),
    pair("/users/{u}/lines", "user", "line with endpoint", List("lines", "id")),
    pair("/users/{u}/lines/{line_id}", "user", "line with endpoint", Path),
    pair("/users/{u}/schedules/{id}", "user", "schedule", Path),
    pair("/users/{u}/voicemails/{id}", "user", "voicemail", Path),
];

/// What looks like an association, and names nothing that can be deleted.
const NO_PAIRS: &[&str] =
    &["/groups/{g}/members/extensions", "/users/{u}/external/apps/{name}", "/sounds/{cat}/files/{f}"];

/// What goes with its owner.
const OWNED: &[&str] = &["/lines/{id}/endpoints", "/trunks/{id}/endpoints", "/trunks/{id}/registers"];

/// The end of a path that is a thing's own.
const OWN: &[&str] = &["fallbacks", "forwards", "busy", "noanswer", "unconditional", "services", "dnd"];
const ALSO_OWN: &[&str] = &["incallfilter", "funckeys", "{pos}", "{path}"];

impl Pair {
    fn path(&self, owner: &Thing, member: &Thing) -> String {
        let mut path = String::new();
        let mut ids = [&owner.id, &member.id].into_iter();
        for part in self.route.split('/').skip(1) {
            path = path + "/" + if part.starts_with('{') { ids.next().unwrap() } else { part };
        }
        path
    }

    fn tie(&self, server: &Server, owner: &Thing, member: &Thing) {
        let body = match self.body {
            Path => json!({}),
            List(name, key) => json!({name: [{key: member.made[key]}]}),
        };
        server.put(&self.path(owner, member), body).expect(204);
    }

    fn untie(&self, server: &Server, owner: &Thing, member: &Thing) {
        let path = self.path(owner, member);
        match self.body {
            Path if path.contains("/voicemails/") => {
                server.delete(path.rsplit_once('/').unwrap().0).expect(204)
            }
            Path => server.delete(&path).expect(204),
            List(name, _) => server.put(&path, json!({name: []})).expect(204),
        };
    }
}

#[test]
fn what_is_deleted_leaves_everything_that_it_was_tied_to_as_it_was_before() {
    let server = Server::start();
    for pair in PAIRS {
        let before = rows(&server);
        let (owner, member) = (make(&server, pair.owner), make(&server, pair.member));
        let (alone, single) = (owner.shown(&server), member.shown(&server));
        pair.tie(&server, &owner, &member);
        let seen = owner.shown(&server) != alone || member.shown(&server) != single;
        assert!(seen, "{}: neither shows the other", pair.route);
        member.delete(&server, || pair.untie(&server, &owner, &member));
        assert_eq!(owner.shown(&server), alone, "{}: the {} went", pair.route, pair.member);
        let member = make(&server, pair.member);
        let single = member.shown(&server);
        pair.tie(&server, &owner, &member);
        owner.delete(&server, || pair.untie(&server, &owner, &member));
        if OWNED.iter().any(|owned| pair.route.starts_with(owned)) {
            assert_eq!(server.get(&member.path()).status, 404, "{} goes along", pair.route);
        } else {
            assert_eq!(member.shown(&server), single, "{}: the {} went", pair.route, pair.owner);
            member.delete(&server, || panic!("{} is still tied", pair.route));
        }
        clear(&server);
        assert_eq!(rows(&server), before, "{}", pair.route);
    }
}

/// Deletes what came with the things of a pair.
fn clear(server: &Server) {
    for list in ["/users", "/lines", "/endpoints/sip", "/endpoints/iax", "/extensions"] {
        let key = if list == "/endpoints/sip" { "uuid" } else { "id" };
        let items = server.get(list).expect(200)["items"].as_array().unwrap().clone();
        for item in items {
            let id = item[key].as_str().map_or_else(|| item[key].to_string(), str::to_owned);
            let recursive = if list == "/users" { "?recursive=true" } else { "" };
            server.delete(&format!("{list}/{id}{recursive}")).expect(204);
        }
    }
}

/// The routes of the contract that tie two things.
fn associations() -> impl Iterator<Item = &'static str> {
    let routes = include_str!("../contract_routes.txt").lines();
    let paths = routes.filter_map(|line| line.strip_prefix("PUT "));
    paths.filter(|path| {
        let end = path.rsplit('/').next().unwrap();
        let own = OWN.contains(&end) || ALSO_OWN.contains(&end) || path.contains("/me/");
        path.matches('/').count() > 2 && !own && path.trim_end_matches(end).contains('{')
    })
}

#[test]
fn every_association_of_the_contract_is_walked() {
    let walked: Vec<&str> = PAIRS.iter().map(|pair| pair.route).chain(NO_PAIRS.iter().copied()).collect();
    let missing: Vec<&str> = associations().filter(|route| !walked.contains(route)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    let unknown: Vec<&&str> = walked.iter().filter(|route| !associations().any(|it| it == **route)).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}
