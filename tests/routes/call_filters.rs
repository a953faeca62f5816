use crate::harness::{MASTER, Server};
use serde_json::{Value, json};

fn user(server: &Server, name: &str) -> Value {
    server.post("/users", json!({"firstname": name})).expect(201)
}

fn filter(server: &Server, name: &str) -> String {
    let body = json!({"name": name, "strategy": "all", "source": "all"});
    format!("/callfilters/{}", server.post("/callfilters", body).expect(201)["id"])
}

fn put(server: &Server, path: &str, side: &str, users: &[&Value]) {
    let users: Vec<_> = users.iter().map(|user| json!({"uuid": user["uuid"]})).collect();
    server.put(&format!("{path}/{side}/users"), json!({"users": users})).expect(204);
}

#[test]
fn a_filter_needs_name_strategy_and_source() {
    let server = Server::start();
    let missing = |name| format!("Input Error - {name}: ['Missing data for required field.']");
    let texts: Vec<_> = ["name", "strategy", "source"].into_iter().map(missing).collect();
    let texts: Vec<_> = texts.iter().map(String::as_str).collect();
    server.post("/callfilters", json!({})).refused(400, &texts);
    let reply = server.post(
        "/callfilters",
        json!({"name": "cf", "strategy": "all", "source": "internal", "enabled": true}),
    );
    assert_eq!(reply.header("Location"), reply.json["links"][0]["href"]);
    let made = reply.expect(201);
    let keys: Vec<_> = made.as_object().unwrap().keys().map(String::as_str).collect();
    let order = [
        "id",
        "tenant_uuid",
        "name",
        "strategy",
        "source",
        "caller_id_mode",
        "caller_id_name",
        "surrogates_timeout",
        "description",
        "enabled",
        "links",
        "fallbacks",
        "recipients",
        "surrogates",
    ];
    assert_eq!(keys, order);
    assert_eq!(made["fallbacks"], json!({"noanswer_destination": null}));
    assert_eq!((&made["recipients"], &made["surrogates"]), (&json!({"users": []}), &json!({"users": []})));
    assert_eq!((&made["surrogates_timeout"], &made["enabled"]), (&Value::Null, &json!(true)));
}

#[test]
fn what_a_filter_may_not_hold_is_named() {
    let server = Server::start();
    let body = json!({"name": "x".repeat(129), "strategy": "a", "source": "b", "caller_id_mode": "c",
        "caller_id_name": "x".repeat(81), "surrogates_timeout": -1, "enabled": "yes"});
    server.post("/callfilters", body).refused(
        400,
        &[
            "Input Error - name: ['Longer than maximum length 128.']",
            "Input Error - strategy: ['Must be one of: all-recipients-then-linear-surrogates, \
             all-recipients-then-all-surrogates, all-surrogates-then-all-recipients, \
             linear-surrogates-then-all-recipients, all.']",
            "Input Error - source: ['Must be one of: internal, external, all.']",
            "Input Error - caller_id_mode: ['Must be one of: prepend, overwrite, append.']",
            "Input Error - caller_id_name: ['Longer than maximum length 80.']",
            "Input Error - surrogates_timeout: ['Must be greater than or equal to 0.']",
            "Input Error - enabled: ['Not a valid boolean.']",
        ],
    );
    filter(&server, "cf");
    server
        .post("/callfilters", json!({"name": "cf", "strategy": "all", "source": "all"}))
        .refused(400, &["Resource Error - CallFilter already exists ('name': 'cf')"]);
}

#[test]
fn a_filter_is_changed_in_parts_and_deleted() {
    let server = Server::start();
    let path = filter(&server, "cf");
    let before = server.get(&path).expect(200);
    server.put(&path, json!({})).expect(204);
    assert_eq!(server.get(&path).expect(200), before);
    let changes = json!({"source": "external", "surrogates_timeout": 10, "caller_id_mode": "prepend",
        "caller_id_name": "Boss", "description": "d", "enabled": false});
    server.put(&path, changes.clone()).expect(204);
    let after = server.get(&path).expect(200);
    for (key, value) in changes.as_object().unwrap() {
        assert_eq!(&after[key], value, "{key}");
    }
    server.delete(&path).expect(204);
    let id = before["id"].clone();
    let gone = format!("Resource Not Found - CallFilter was not found ('id': {id})");
    server.get(&path).refused(404, &[&gone]);
    for list in ["recipients/users", "surrogates/users", "fallbacks"] {
        server.put(&format!("{path}/{list}"), json!({"users": []})).refused(404, &[&gone]);
    }
}

#[test]
fn a_boss_and_secretaries_stand_in_a_filter_and_keep_their_ids() {
    let server = Server::start();
    let (boss, ann, ben) = (user(&server, "Boss"), user(&server, "Ann"), user(&server, "Ben"));
    let path = filter(&server, "cf");
    let body = json!({"users": [{"uuid": boss["uuid"], "timeout": 7}]});
    server.put(&format!("{path}/recipients/users"), body).expect(204);
    put(&server, &path, "surrogates", &[&ann, &ben]);
    let shown = server.get(&path).expect(200);
    let recipient = &shown["recipients"]["users"][0];
    assert_eq!((&recipient["timeout"], &recipient["uuid"]), (&json!(7), &boss["uuid"]));
    let surrogates = shown["surrogates"]["users"].as_array().unwrap().clone();
    let names: Vec<_> = surrogates.iter().map(|one| one["firstname"].as_str().unwrap()).collect();
    assert_eq!(names, ["Ann", "Ben"]);
    assert_eq!(surrogates[0]["exten"], format!("*37{}", surrogates[0]["member_id"]));
    put(&server, &path, "surrogates", &[&ben, &ann]);
    let again = server.get(&path).expect(200)["surrogates"]["users"].clone();
    assert_eq!(again, json!([surrogates[1], surrogates[0]]));
    put(&server, &path, "recipients", &[&boss]);
    assert_eq!(server.get(&path).expect(200)["recipients"]["users"][0]["timeout"], Value::Null);
    server.delete(&format!("/users/{}", ann["uuid"].as_str().unwrap())).expect(204);
    put(&server, &path, "recipients", &[]);
    let shown = server.get(&path).expect(200);
    assert_eq!(shown["recipients"]["users"], json!([]));
    assert_eq!(shown["surrogates"]["users"].as_array().unwrap().len(), 1);
}

#[test]
fn who_can_not_stand_in_a_filter_is_refused() {
    let server = Server::start();
    let tenant = server.add_tenant("other", None);
    let (boss, ann) = (user(&server, "Boss"), user(&server, "Ann"));
    let path = filter(&server, "cf");
    let recipients = |users: Value| server.put(&format!("{path}/recipients/users"), json!({"users": users}));
    let surrogates = |users: Value| server.put(&format!("{path}/surrogates/users"), json!({"users": users}));
    let one = |user: &Value| json!({"uuid": user["uuid"]});
    recipients(json!([one(&boss), one(&ann)])).refused(
        400,
        &["Resource Error - Operation not permitted. Cannot associate more than one recipient"],
    );
    recipients(json!([{"uuid": boss["uuid"], "timeout": -1}]))
        .refused(400, &["Input Error - users: {0: {'timeout': ['Must be greater than or equal to 0.']}}"]);
    let twice = "Resource Error - Operation not permitted. Cannot associate same user more than once";
    surrogates(json!([one(&ann), one(&ann)])).refused(400, &[twice]);
    surrogates(json!([{"uuid": "zz"}]))
        .refused(400, &["Input Error - field 'users': User was not found ('uuid': 'zz')"]);
    let theirs = server.send_in(&tenant, "POST", "/users", Some(json!({"firstname": "T"}))).expect(201);
    surrogates(json!([one(&theirs)])).refused(
        400,
        &[&format!(
            "Resource Error - different tenants ('call_filter_tenant_uuid': '{MASTER}', 'user_tenant_uuid': '{}')",
            tenant.uuid
        )],
    );
    recipients(json!([one(&boss)])).expect(204);
    surrogates(json!([one(&ann)])).expect(204);
    let text = |key: &str, user: &Value| {
        format!(
            "Resource Error - CallFilter is associated with a User ('{key}': '{}')",
            user["uuid"].as_str().unwrap()
        )
    };
    surrogates(json!([one(&boss)])).refused(400, &[&text("recipient_user_uuid", &boss)]);
    recipients(json!([one(&ann)])).refused(400, &[&text("surrogate_user_uuid", &ann)]);
}

#[test]
fn a_filtered_call_goes_on_somewhere() {
    let server = Server::start();
    let boss = user(&server, "Boss");
    let path = filter(&server, "cf");
    let fallbacks = format!("{path}/fallbacks");
    assert_eq!(server.get(&fallbacks).expect(200), json!({"noanswer_destination": null}));
    let to = json!({"type": "user", "user_id": boss["id"]});
    server.put(&fallbacks, json!({"noanswer_destination": to})).expect(204);
    assert_eq!(server.get(&path).expect(200)["fallbacks"]["noanswer_destination"]["user_id"], boss["id"]);
    server
        .put(&fallbacks, json!({"noanswer_destination": {"type": "user", "user_id": 999}}))
        .refused(400, &["Input Error - field 'actionarg1': User was not found ('actionarg1': 999)"]);
    server.delete(&format!("/users/{}", boss["id"])).expect(204);
    assert_eq!(server.get(&fallbacks).expect(200)["noanswer_destination"], Value::Null);
    server.put(&fallbacks, json!({"noanswer_destination": {"type": "none"}})).expect(204);
    server.put(&fallbacks, json!({})).expect(204);
    assert_eq!(server.get(&fallbacks).expect(200), json!({"noanswer_destination": null}));
}

#[test]
fn keys_switch_secretaries_for_who_is_in_the_filter() {
    let server = Server::start();
    let (boss, ann, eve) = (user(&server, "Boss"), user(&server, "Ann"), user(&server, "Eve"));
    let path = filter(&server, "cf");
    put(&server, &path, "recipients", &[&boss]);
    put(&server, &path, "surrogates", &[&ann]);
    let member = server.get(&path).expect(200)["surrogates"]["users"][0]["member_id"].clone();
    let key = |member: &Value| json!({"destination": {"type": "bsfilter", "filter_member_id": member}});
    let keys = |user: &Value| format!("/users/{}/funckeys/1", user["id"]);
    for user in [&boss, &ann] {
        server.put(&keys(user), key(&member)).expect(204);
        let shown = server.get(&keys(user)).expect(200);
        assert_eq!(
            (&shown["blf"], &shown["destination"]["filter_member_firstname"]),
            (&json!(true), &json!("Ann"))
        );
        let dialled = server.get(&format!("/cordboard/users/{}/funckeys", user["id"])).expect(200);
        assert_eq!(
            (&dialled["items"][0]["number"], &dialled["items"][0]["type"]),
            (&json!(format!("*37{member}")), &json!("blf"))
        );
    }
    server.put(&keys(&eve), key(&member)).refused(
        400,
        &[&format!("Resource Error - User must be associated with a BSFilter ('user_id': {})", eve["id"])],
    );
    server.put(&keys(&boss), key(&json!(999))).refused(
        400,
        &["Input Error - field 'filter_member_id': FilterMember was not found ('filter_member_id': 999)"],
    );
    put(&server, &path, "surrogates", &[&eve]);
    assert_eq!(server.get(&keys(&boss)).status, 404);
    put(&server, &path, "surrogates", &[&ann]);
    let member = server.get(&path).expect(200)["surrogates"]["users"][0]["member_id"].clone();
    server.put(&keys(&boss), key(&member)).expect(204);
    server.delete(&path).expect(204);
    assert_eq!(server.get(&keys(&boss)).status, 404);
}
