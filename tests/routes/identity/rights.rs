//! What a token allows, on the routes of confd.

use super::user;
use crate::harness::Server;
use serde_json::json;

#[test]
fn an_ordinary_user_reads_and_switches_their_own_and_nothing_else() {
    let server = Server::start();
    let (anna, ben) = (user(&server, "anna"), user(&server, "ben"));
    let token = server.token_of("anna", "secret");
    let send = |method: &str, path: &str, body: &str| {
        server.send(method, path, Some(body.to_owned()), &[("X-Auth-Token", token.as_str())])
    };
    let (own, other) = (anna["uuid"].as_str().unwrap(), ben["uuid"].as_str().unwrap());
    send("GET", "/infos", "").expect(200);
    send("GET", &format!("/users/{own}"), "").expect(200);
    send("GET", &format!("/users/{}", own.to_uppercase()), "").expect(200);
    let forward = "{\"enabled\": true, \"destination\": \"123\"}";
    send("PUT", &format!("/users/{own}/forwards/busy"), forward).expect(204);
    send("PUT", &format!("/users/{own}/services/dnd"), "{\"enabled\": true}").expect(204);
    send("PUT", &format!("/users/{own}/funckeys"), "{}").expect(204);
    let id = anna["id"].as_i64().unwrap();
    for (method, path, access) in [
        ("GET", "/users".to_owned(), "confd.users.read".to_owned()),
        ("GET", format!("/users/{id}"), format!("confd.users.{id}.read")),
        ("GET", format!("/users/00{id}"), format!("confd.users.{id}.read")),
        ("GET", format!("/users/{other}"), format!("confd.users.{other}.read")),
        ("PUT", format!("/users/{other}/forwards/busy"), format!("confd.users.{other}.forwards.busy.update")),
        ("DELETE", format!("/users/{own}"), format!("confd.users.{own}.delete")),
        ("PUT", format!("/users/{own}/fallbacks"), format!("confd.users.{own}.fallbacks.update")),
        ("POST", "/users".to_owned(), "confd.users.create".to_owned()),
    ] {
        send(method, &path, "{}").refused(401, &[&format!("('{token}', '{access}', None)")]);
    }
    let header = [("X-Auth-Token", token.as_str()), ("Wazo-Tenant", "x")];
    server
        .send("GET", "/users", None, &header)
        .refused(401, &[&format!("('{token}', 'confd.users.read', 'x')")]);
    let text = format!("('{token}', 'confd.infos.read', 'x')");
    server.send("GET", "/infos", None, &header).refused(401, &[&text]);
    assert_eq!(server.get("/users").expect(200)["total"], json!(2));
}
