use crate::harness::{MASTER, Server, TOKEN};
use serde_json::{Value, json};

fn schedule(server: &Server) -> Value {
    let body = json!({"name": "hours", "closed_destination": {"type": "none"}});
    server.post("/schedules", body).expect(201)["id"].clone()
}

fn all(last: i64) -> Value {
    (1..=last).collect::<Vec<_>>().into()
}

#[test]
fn a_schedule_needs_a_destination_for_closed_hours_only() {
    let server = Server::start();
    let reply = server.post("/schedules", json!({"closed_destination": {"type": "none"}}));
    assert_eq!(reply.header("Location"), reply.json["links"][0]["href"]);
    let made = reply.expect(201);
    let keys: Vec<_> = made.as_object().unwrap().keys().map(String::as_str).collect();
    let order = [
        "id",
        "tenant_uuid",
        "name",
        "timezone",
        "closed_destination",
        "open_periods",
        "exceptional_periods",
        "enabled",
        "links",
        "incalls",
        "users",
        "groups",
        "queues",
        "outcalls",
    ];
    assert_eq!(keys, order);
    assert_eq!((&made["name"], &made["timezone"]), (&Value::Null, &Value::Null));
    assert_eq!((&made["open_periods"], &made["exceptional_periods"]), (&json!([]), &json!([])));
    assert_eq!((&made["enabled"], &made["closed_destination"]["type"]), (&json!(true), &json!("none")));
    assert!(made["links"][0]["href"].as_str().unwrap().ends_with(&format!("/1.1/schedules/{}", made["id"])));
    server
        .post("/schedules", json!({}))
        .refused(400, &["Input Error - closed_destination: ['Missing data for required field.']"]);
}

#[test]
fn a_period_without_days_is_one_of_every_day() {
    let server = Server::start();
    let period = json!({"hours_start": "08:00", "hours_end": "08:00", "months": [12]});
    let mut exception = period.clone();
    exception["destination"] = json!({"type": "hangup", "cause": "busy"});
    let body = json!({"closed_destination": {"type": "none"}, "open_periods": [period],
        "exceptional_periods": [exception], "timezone": "America/Montreal", "enabled": "no"});
    let made = server.post("/schedules", body).expect(201);
    let shown = json!({"hours_start": "08:00", "hours_end": "08:00", "week_days": all(7), "month_days": all(31),
        "months": [12]});
    assert_eq!(made["open_periods"], json!([shown]));
    let mut exceptional = shown;
    exceptional["destination"] = json!({"type": "hangup", "cause": "busy", "timeout": null});
    assert_eq!(made["exceptional_periods"], json!([exceptional]));
    assert_eq!((&made["enabled"], &made["timezone"]), (&json!(false), &json!("America/Montreal")));
    assert_eq!(server.get(&format!("/schedules/{}", made["id"])).expect(200), made);
}

#[test]
fn a_schedule_is_changed_in_parts_and_deleted() {
    let server = Server::start();
    let exception =
        |type_: &str| json!({"hours_start": "00:00", "hours_end": "23:59", "destination": {"type": type_}});
    let body = json!({"name": "a", "closed_destination": {"type": "hangup", "cause": "normal"},
        "exceptional_periods": [exception("none"), exception("none")]});
    let made = server.post("/schedules", body).expect(201);
    let path = format!("/schedules/{}", made["id"]);
    server.put(&path, json!({})).expect(204);
    assert_eq!(server.get(&path).expect(200), made);
    server.put(&path, json!({"name": null, "exceptional_periods": [exception("none")]})).expect(204);
    let shown = server.get(&path).expect(200);
    assert_eq!((&shown["name"], &shown["closed_destination"]), (&Value::Null, &made["closed_destination"]));
    assert_eq!(shown["exceptional_periods"].as_array().unwrap().len(), 1);
    server.delete(&path).expect(204);
    let text = format!("Resource Not Found - Schedule was not found ('id': {})", made["id"]);
    server.get(&path).refused(404, &[&text]);
    server.put(&path, json!({})).refused(404, &[&text]);
    server.delete(&path).refused(404, &[&text]);
}

#[test]
fn what_a_schedule_may_not_hold_is_named() {
    let server = Server::start();
    let post = |mut body: Value| {
        body["closed_destination"] = json!({"type": "none"});
        server.post("/schedules", body)
    };
    post(json!({"name": "n".repeat(129), "timezone": "Europe/Pairs", "open_periods": {}, "enabled": "perhaps"}))
        .refused(
            400,
            &[
                "Input Error - name: ['Longer than maximum length 128.']",
                "Input Error - timezone: ['Not a valid timezone.']",
                "Input Error - open_periods: ['Invalid type.']",
                "Input Error - enabled: ['Not a valid boolean.']",
            ],
        );
    let pattern = "['String does not match expected pattern.']";
    let texts = [
        (
            json!({"hours_start": "8:00", "hours_end": "24:00"}),
            format!("{{'hours_start': {pattern}, 'hours_end': {pattern}}}"),
        ),
        (
            json!({"hours_start": ",8:00", "hours_end": "08:60"}),
            format!("{{'hours_start': {pattern}, 'hours_end': {pattern}}}"),
        ),
        (
            json!({"hours_start": "08:01", "hours_end": "08:00"}),
            "{'_schema': ['hours_end is before hours_start']}".to_owned(),
        ),
        (
            json!({"hours_start": "08:00", "hours_end": "08:00", "week_days": [], "month_days": [], "months": []}),
            "{'week_days': ['week_days cannot be empty'], 'month_days': ['month_days cannot be empty'], 'months': \
             ['months cannot be empty']}"
                .to_owned(),
        ),
        (
            json!({"hours_start": "08:00", "hours_end": "08:00", "week_days": [1, 8]}),
            "{'week_days': {1: ['Must be greater than or equal to 1 and less than or equal to 7.']}}".to_owned(),
        ),
        (
            json!({"week_days": "monday"}),
            "{'hours_start': ['Missing data for required field.'], 'hours_end': ['Missing data for required field.'], \
             'week_days': ['Not a valid list.']}"
                .to_owned(),
        ),
    ];
    for (period, text) in texts {
        post(json!({"open_periods": [period]}))
            .refused(400, &[&format!("Input Error - open_periods: {{0: {text}}}")]);
    }
    post(json!({"exceptional_periods": [{"hours_start": "08:00", "hours_end": "09:00"}]})).refused(
        400,
        &["Input Error - exceptional_periods: {0: {'destination': ['Missing data for required field.']}}"],
    );
    assert_eq!(server.get("/schedules").expect(200)["total"], 0);
}

#[test]
fn every_unknown_destination_is_named() {
    let server = Server::start();
    let exception = |destination: Value| json!({"hours_start": "08:00", "hours_end": "09:00", "destination": destination});
    let body = json!({"closed_destination": {"type": "user", "user_id": 999}, "exceptional_periods": [
        exception(json!({"type": "none"})), exception(json!({"type": "user", "user_id": 998}))]});
    server.post("/schedules", body).refused(
        400,
        &[
            "Input Error - field 'fallback_actionid': User was not found ('fallback_actionid': 999)",
            "Input Error - field 'actionarg1': User was not found ('actionarg1': 998)",
        ],
    );
    let body = json!({"closed_destination": {"type": "group", "group_id": 999}});
    server
        .post("/schedules", body)
        .refused(400, &["Input Error - field 'actionarg1': Group was not found ('actionarg1': 999)"]);
    assert_eq!(server.get("/schedules").expect(200)["total"], 0);
}

#[test]
fn a_destination_goes_with_what_it_names() {
    let server = Server::start();
    let user = server.post("/users", json!({"firstname": "A"})).expect(201)["id"].clone();
    let to = json!({"type": "user", "user_id": user});
    let body = json!({"closed_destination": to, "exceptional_periods": [
        {"hours_start": "08:00", "hours_end": "09:00", "destination": to}]});
    let made = server.post("/schedules", body).expect(201);
    assert_eq!(made["closed_destination"]["user_firstname"], "A");
    server.delete(&format!("/users/{user}")).expect(204);
    let shown = server.get(&format!("/schedules/{}", made["id"])).expect(200);
    assert_eq!(shown["closed_destination"], json!({"type": "none"}));
    assert_eq!(shown["exceptional_periods"][0]["destination"], json!({"type": "none"}));
}

/// An owner of each kind: what it is called, the beginning of its address, its id and its address.
fn owners(server: &Server) -> Vec<(&'static str, &'static str, Value, String)> {
    let user = server.post("/users", json!({"firstname": "A"})).expect(201)["id"].clone();
    let group = server.post("/groups", json!({"label": "g"})).expect(201)["id"].clone();
    let queue = server.post("/queues", json!({"name": "q"})).expect(201)["id"].clone();
    let incall = server.post("/incalls", json!({"destination": {"type": "none"}})).expect(201)["id"].clone();
    let outcall = server.post("/outcalls", json!({"name": "o"})).expect(201)["id"].clone();
    [
        ("User", "users", user),
        ("Group", "groups", group),
        ("Queue", "queues", queue),
        ("Incall", "incalls", incall),
        ("Outcall", "outcalls", outcall),
    ]
    .into_iter()
    .map(|(name, word, id)| (name, word, id.clone(), format!("/{word}/{id}")))
    .collect()
}

#[test]
fn every_owner_has_one_schedule() {
    let server = Server::start();
    let (first, second) = (schedule(&server), schedule(&server));
    for (name, word, id, path) in owners(&server) {
        let at = |schedule: &Value| format!("{path}/schedules/{schedule}");
        server.delete(&at(&first)).expect(204);
        server.associate(&at(&first)).expect(204);
        server.associate(&at(&first)).expect(204);
        let key = name.to_lowercase();
        server.associate(&at(&second)).refused(
            400,
            &[&format!(
                "Resource Error - {name} is associated with a Schedule ('{key}_id': {id}, 'schedule_id': {first})"
            )],
        );
        let shown = server.get(&path).expect(200)["schedules"].clone();
        let href = format!("/1.1/schedules/{first}");
        assert_eq!((&shown[0]["id"], &shown[0]["name"]), (&first, &json!("hours")));
        assert!(shown[0]["links"][0]["href"].as_str().unwrap().ends_with(&href));
        let back = server.get(&format!("/schedules/{first}")).expect(200)[word].clone();
        assert_eq!(back.as_array().unwrap().len(), 1);
        assert!(back[0]["links"][0]["href"].as_str().unwrap().contains(&format!("/1.1/{word}/")));
        // Another schedule is not this one.
        server.delete(&at(&second)).expect(204);
        assert_eq!(server.get(&path).expect(200)["schedules"], shown);
        server.delete(&at(&first)).expect(204);
        assert_eq!(server.get(&path).expect(200)["schedules"], json!([]));
        server.associate(&at(&second)).expect(204);
        assert_eq!(server.get(&path).expect(200)["schedules"][0]["id"], second);
    }
}

#[test]
fn owner_and_schedule_are_known_and_of_one_tenant() {
    let server = Server::start();
    let tenant = server.add_tenant("other", None);
    let body = json!({"closed_destination": {"type": "none"}});
    let theirs = server.send_in(&tenant, "POST", "/schedules", Some(body)).expect(201)["id"].clone();
    let ours = schedule(&server);
    for (name, word, _, path) in owners(&server) {
        let key = name.to_lowercase();
        server.associate(&format!("{path}/schedules/{theirs}")).refused(
            400,
            &[&format!(
                "Resource Error - different tenants ('{key}_tenant_uuid': '{MASTER}', 'schedule_tenant_uuid': '{}')",
                tenant.uuid
            )],
        );
        for method in ["PUT", "DELETE"] {
            let send = |path: &str| server.send(method, path, None, &[("X-Auth-Token", TOKEN)]);
            send(&format!("{path}/schedules/999"))
                .refused(404, &["Resource Not Found - Schedule was not found ('id': 999)"]);
            send(&format!("/{word}/999/schedules/{ours}"))
                .refused(404, &[&format!("Resource Not Found - {name} was not found ('id': 999)")]);
        }
        assert_eq!(server.send_in(&tenant, "PUT", &format!("{path}/schedules/{theirs}"), None).status, 404);
    }
    assert_eq!(server.send_in(&tenant, "GET", &format!("/schedules/{ours}"), None).status, 404);
}

#[test]
fn nothing_is_left_of_what_was_deleted() {
    let server = Server::start();
    let id = schedule(&server);
    let path = format!("/schedules/{id}");
    let owners = owners(&server);
    for (_, _, _, owner) in &owners {
        server.associate(&format!("{owner}/schedules/{id}")).expect(204);
    }
    for (_, word, _, owner) in &owners {
        server.delete(owner).expect(204);
        assert_eq!(server.get(&path).expect(200)[*word], json!([]));
    }
    let user = server.post("/users", json!({"firstname": "A", "schedules": [{"id": id}]})).expect(201);
    server.delete(&path).expect(204);
    assert_eq!(server.get(&format!("/users/{}", user["id"])).expect(200)["schedules"], json!([]));
}

#[test]
fn a_user_is_made_with_a_schedule_and_keeps_it_through_a_recursive_change() {
    let server = Server::start();
    let (first, second) = (schedule(&server), schedule(&server));
    let user = server.post("/users", json!({"firstname": "A", "schedules": [{"id": first}]})).expect(201);
    assert_eq!(user["schedules"][0]["id"], first);
    let path = format!("/users/{}", user["id"]);
    let shown = || server.get(&path).expect(200)["schedules"].clone();
    assert_eq!(shown(), user["schedules"]);
    let change = |body: Value| server.put(&format!("{path}?recursive=true"), body).expect(204);
    change(json!({"firstname": "A"}));
    assert_eq!(shown(), user["schedules"]);
    change(json!({"firstname": "A", "schedules": [{"id": second}]}));
    assert_eq!(shown()[0]["id"], second);
    change(json!({"firstname": "A", "schedules": []}));
    assert_eq!(shown(), json!([]));
}

#[test]
fn a_user_is_not_made_with_two_schedules_or_an_unknown_one() {
    let server = Server::start();
    let (first, second) = (schedule(&server), schedule(&server));
    let post = |schedules: Value| server.post("/users", json!({"firstname": "A", "schedules": schedules}));
    post(json!([{"id": 999}])).refused(
        400,
        &["Input Error - field 'schedules': Schedule was not found ('id': 999) (at schedules[0])"],
    );
    post(json!([{}]))
        .refused(400, &["Input Error - schedules: {0: {'id': ['Missing data for required field.']}}"]);
    let refused = post(json!([{"id": first}, {"id": second}]));
    assert_eq!(refused.status, 400);
    assert!(refused.text.contains("User is associated with a Schedule"), "{}", refused.text);
    assert_eq!(server.get("/users").expect(200)["total"], 0);
}

#[test]
fn schedules_are_listed_by_name() {
    let server = Server::start();
    for (name, timezone) in [("night", "Europe/Paris"), ("day", "UTC")] {
        let body = json!({"name": name, "timezone": timezone, "closed_destination": {"type": "none"}});
        server.post("/schedules", body).expect(201);
    }
    let names = |query: &str| -> Vec<String> {
        let items = server.get(&format!("/schedules?{query}")).expect(200)["items"].clone();
        items.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(""), ["day", "night"]);
    assert_eq!(names("direction=desc"), ["night", "day"]);
    assert_eq!(names("search=paris"), ["night"]);
    assert_eq!(names("timezone=UTC"), ["day"]);
    assert_eq!(names("order=timezone"), ["night", "day"]);
}
