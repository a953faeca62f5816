use crate::harness::{MASTER, Server, TOKEN};
use serde_json::{Value, json};

fn uuids(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|item| item["uuid"].as_str().unwrap()).collect()
}

#[test]
fn a_tenant_shows_its_templates() {
    let server = Server::start();
    let branch = server.add_tenant("branch", None);
    for uuid in [MASTER, &branch.uuid] {
        let tenant = server.get(&format!("/tenants/{uuid}")).expect(200);
        let keys: Vec<_> = tenant.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(
            keys,
            [
                "uuid",
                "sip_templates_generated",
                "global_sip_template_uuid",
                "webrtc_sip_template_uuid",
                "registration_trunk_sip_template_uuid",
                "meeting_guest_sip_template_uuid",
            ]
        );
        assert_eq!((&tenant["uuid"], &tenant["sip_templates_generated"]), (&json!(uuid), &json!(true)));
        let path =
            format!("/endpoints/sip/templates/{}", tenant["webrtc_sip_template_uuid"].as_str().unwrap());
        let template = server.get(&path).expect(200);
        assert_eq!((&template["label"], &template["tenant_uuid"]), (&json!("webrtc"), &json!(uuid)));
    }
}

#[test]
fn a_token_sees_its_tenant_and_those_below() {
    let server = Server::start();
    let branch = server.add_tenant("branch", None);
    let desk = server.add_tenant("desk", Some(&branch));
    let other = server.add_tenant("other", None);
    assert_eq!(server.get("/tenants").expect(200)["total"], 4);
    let mut below = [branch.uuid.as_str(), desk.uuid.as_str()];
    below.sort_unstable();
    let own = [("X-Auth-Token", branch.token.as_str())];
    let chosen = [("X-Auth-Token", TOKEN), ("Wazo-Tenant", branch.uuid.as_str())];
    assert_eq!(uuids(&server.send("GET", "/tenants", None, &own).expect(200)), below);
    assert_eq!(uuids(&server.send("GET", "/tenants", None, &chosen).expect(200)), below);
    let filter = format!("/tenants?uuid={}", desk.uuid);
    assert_eq!(uuids(&server.send("GET", &filter, None, &own).expect(200)), [desk.uuid.as_str()]);
    let text = format!("Resource Not Found - Tenant was not found ('uuid': '{}')", other.uuid);
    server.send("GET", &format!("/tenants/{}", other.uuid), None, &own).refused(404, &[&text]);
}

#[test]
fn tenants_are_not_written_by_the_api() {
    let server = Server::start();
    for path in ["/tenants".to_owned(), format!("/tenants/{MASTER}")] {
        for method in ["POST", "PUT", "DELETE"] {
            let reply = server.send(method, &path, Some("{}".to_owned()), &[("X-Auth-Token", TOKEN)]);
            assert_eq!((reply.status, reply.text.as_str()), (405, ""), "{method} {path}");
            assert!(reply.header("Allow").contains("GET"));
        }
    }
}

#[test]
fn rows_of_a_tenant_that_is_not_visible_do_not_exist() {
    let server = Server::start();
    let branch = server.add_tenant("branch", None);
    let (mine, all) = ([("X-Auth-Token", branch.token.as_str())], [("X-Auth-Token", TOKEN)]);
    let send = |method: &str, path: &str, body: Value, headers: &[(&str, &str)]| {
        server.send(method, path, Some(body.to_string()), headers)
    };
    let context = send("POST", "/contexts", json!({"label": "Branch"}), &mine).expect(201);
    assert_eq!(context["tenant_uuid"], json!(branch.uuid));
    let name = context["name"].as_str().unwrap();
    assert!(name.starts_with("ctx-branch-internal-"), "{name}");
    let extension =
        send("POST", "/extensions", json!({"exten": "1", "context": "default"}), &all).expect(201);
    let voicemail = json!({"name": "A", "number": "1", "context": "default"});
    let voicemail = send("POST", "/voicemails", voicemail, &all).expect(201);
    for (path, resource) in [
        ("/contexts/1".to_owned(), "Context"),
        (format!("/extensions/{}", extension["id"]), "Extension"),
        (format!("/voicemails/{}", voicemail["id"]), "Voicemail"),
    ] {
        let id = path.rsplit('/').next().unwrap();
        let text = format!("Resource Not Found - {resource} was not found ('id': {id})");
        for method in ["GET", "PUT", "DELETE"] {
            send(method, &path, json!({}), &mine).refused(404, &[&text]);
        }
    }
    let unknown = "Input Error - field 'context': Context was not found ('context': 'default')";
    send("POST", "/extensions", json!({"exten": "2", "context": "default"}), &mine).refused(400, &[unknown]);
    let body = json!({"name": "A", "number": "2", "context": "default"});
    send("POST", "/voicemails", body, &mine).refused(400, &[unknown]);
    let path = format!("/contexts/{}/contexts", context["id"]);
    let text = "Input Error - field 'contexts': Context was not found ('id': 1)";
    send("PUT", &path, json!({"contexts": [{"id": 1}]}), &mine).refused(400, &[text]);
}

#[test]
fn a_row_belongs_to_the_tenant_of_its_context() {
    let server = Server::start();
    let branch = server.add_tenant("branch", None);
    let below = [("X-Auth-Token", TOKEN), ("Wazo-Tenant", branch.uuid.as_str())];
    let body = json!({"label": "Branch"}).to_string();
    let context = server.send("POST", "/contexts", Some(body), &below).expect(201)["name"].clone();
    let extension = server.post("/extensions", json!({"exten": "1", "context": context})).expect(201);
    assert_eq!(extension["tenant_uuid"], json!(branch.uuid));
    let body = json!({"name": "A", "number": "1", "context": context});
    let voicemail = server.post("/voicemails", body).expect(201);
    assert_eq!(voicemail["tenant_uuid"], json!(branch.uuid));
    for path in [format!("/extensions/{}", extension["id"]), format!("/voicemails/{}", voicemail["id"])] {
        server.put(&path, json!({"context": "default"})).expect(204);
        assert_eq!(server.get(&path).expect(200)["tenant_uuid"], MASTER, "a free one may move");
    }
}
