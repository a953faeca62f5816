//! `POST /users/import` and `GET /users/export`.

use crate::harness::{MASTER, Reply, Server, TOKEN};
use serde_json::{Value, json};

fn import(server: &Server, file: &str) -> Reply {
    let headers = [("X-Auth-Token", TOKEN), ("Content-Type", "text/csv; charset=utf-8")];
    server.send("POST", "/users/import", Some(file.to_owned()), &headers)
}

fn export(server: &Server, accept: &str) -> Reply {
    server.send("GET", "/users/export", None, &[("X-Auth-Token", TOKEN), ("Accept", accept)])
}

/// Row number and message of each refused row.
fn refused(reply: Reply) -> Vec<(i64, String)> {
    let body = reply.expect(400);
    let errors = body["errors"].as_array().unwrap().iter();
    errors
        .map(|error| {
            assert!(error["timestamp"].as_i64().unwrap() > 1_700_000_000, "{error}");
            (error["details"]["row_number"].as_i64().unwrap(), error["message"].as_str().unwrap().to_owned())
        })
        .collect()
}

/// How many there are of all that an import makes.
fn totals(server: &Server) -> Vec<Value> {
    let lists = ["/users", "/lines", "/endpoints/sip", "/extensions", "/voicemails", "/incalls"];
    lists.iter().map(|list| server.get(list).expect(200)["total"].clone()).collect()
}

const WHOLE: &str = "firstname,lastname,email,enabled,ring_seconds,context,line_protocol,sip_username,sip_secret,\
    exten,voicemail_name,voicemail_number,voicemail_context,voicemail_password,voicemail_ask_password,incall_exten,\
    incall_context,incall_ring_seconds,call_permissions,username\n\
    Ada,Lovelace,ada@x.org,1,20,default,sip,ada,s3cr3t99,1001,\"Lovelace, Ada\",1001,default,1234,0,5001,from-extern,\
    15,outside;inside,ada\n";

#[test]
fn a_row_makes_a_whole_person() {
    let server = Server::start();
    for name in ["inside", "outside"] {
        server.post("/callpermissions", json!({"name": name})).expect(201);
    }
    let created = import(&server, WHOLE).expect(201);
    let row = &created["created"][0];
    let user = server.get(&format!("/users/{}", row["user_uuid"].as_str().unwrap())).expect(200);
    assert_eq!((&row["row_number"], &row["user_id"]), (&json!(1), &user["id"]));
    assert_eq!((&user["firstname"], &user["ring_seconds"]), (&json!("Ada"), &json!(20)));
    let line = &user["lines"][0];
    assert_eq!((&row["line_id"], &row["sip_uuid"]), (&line["id"], &line["endpoint_sip"]["uuid"]));
    assert_eq!((&line["name"], &line["caller_id_num"]), (&json!("ada"), &json!("1001")));
    assert_eq!((&row["extension_id"], &row["sccp_id"]), (&line["extensions"][0]["id"], &Value::Null));
    let endpoint = line["endpoint_sip"]["uuid"].as_str().unwrap();
    let endpoint = server.get(&format!("/endpoints/sip/{endpoint}")).expect(200);
    assert_eq!(endpoint["templates"][0]["label"], "global");
    assert_eq!(endpoint["auth_section_options"], json!([["username", "ada"], ["password", "s3cr3t99"]]));
    let voicemail = server.get(&format!("/voicemails/{}", row["voicemail_id"])).expect(200);
    assert_eq!((&voicemail["name"], &voicemail["ask_password"]), (&json!("Lovelace, Ada"), &json!(false)));
    let incall = server.get(&format!("/incalls/{}", user["incalls"][0]["id"])).expect(200);
    assert_eq!(incall["extensions"][0]["id"], row["incall_extension_id"]);
    assert_eq!(incall["destination"]["ring_time"], 15.0);
    assert_eq!(row["call_permission_ids"], json!([2, 1]));
    assert_eq!(user["call_permissions"].as_array().unwrap().len(), 2);
}

#[test]
fn one_bad_row_and_nothing_is_stored_and_every_bad_row_is_told() {
    let server = Server::start();
    let before = totals(&server);
    let file = "firstname,email,enabled,ring_seconds,context,line_protocol,exten,call_permissions,voicemail_number,\
        voicemail_context\n\
        Good,good@x.org,1,,default,sip,1001,,1001,default\n\
        ,good@x.org,2,soon,nope,,1002,,,\n\
        Fine,fine@x.org,,,default,webrtc,1003,,,\n\
        Bad,,,,default,fax,1004,zz,1004,nope\n\
        Same,GOOD@x.org,,,default,sip,1001,,,\n\
        Far,,,,default,sip,5000,,,\n\
        Long,,,,,,,,,,one more\n";
    let reply = import(&server, file);
    let entry = reply.json["errors"][0]["details"].clone();
    let errors = refused(reply);
    let (numbers, texts): (Vec<i64>, Vec<String>) = errors.into_iter().unzip();
    assert_eq!(numbers, [2, 4, 5, 6, 7]);
    assert_eq!(entry["row"]["ring_seconds"], "soon");
    let holds = |index: usize, part: &str| assert!(texts[index].contains(part), "{}: {part}", texts[index]);
    holds(0, "{'firstname': ['Missing data for required field.']}");
    holds(0, "Input Error - 'enabled' must be one of (0, 1)");
    holds(0, "Input Error - field 'ring_seconds': wrong type. Should be a integer");
    holds(0, "Resource Error - User already exists ('email': 'good@x.org')");
    holds(0, "Resource Not Found - Context was not found ('name': 'nope')");
    holds(1, "Input Error - 'line_protocol' must be one of (sccp, sip, webrtc)");
    holds(1, "Resource Not Found - CallPermission was not found ('name': 'zz')");
    holds(1, "Resource Not Found - Context was not found ('name': 'nope')");
    holds(2, "Resource Error - User already exists ('email': 'GOOD@x.org')");
    holds(2, "Resource Error - Line is associated with a Extension");
    holds(3, "Extension '5000' is outside of range for context 'default'");
    holds(4, "more cells than the header has columns");
    assert_eq!(totals(&server), before);
}

#[test]
fn a_number_without_a_protocol_or_a_context_is_refused() {
    let server = Server::start();
    let one = |columns: &str, cells: &str| {
        refused(import(&server, &format!("firstname,{columns}\nAda,{cells}\n"))).remove(0).1
    };
    assert_eq!(one("exten,context", "1001,default"), "Input Error - missing parameters: line_protocol");
    assert_eq!(one("exten", "1001"), "Input Error - missing parameters: context, line_protocol");
    assert_eq!(one("line_protocol", "sip"), "Input Error - missing parameters: context");
    assert_eq!(
        one("voicemail_name", "A"),
        "Input Error - missing parameters: voicemail_number, voicemail_context"
    );
    assert_eq!(one("incall_exten", "5000"), "Input Error - missing parameters: incall_context");
    assert_eq!(one("uuid", "zz"), "{'uuid': ['Not a valid UUID.']}");
    assert_eq!(
        one("mobile_phone_number", "x"),
        "{'mobile_phone_number': ['String does not match expected pattern.']}"
    );
    let taken =
        "uuid,firstname\n11111111-2222-4333-8444-555555555555,A\n11111111-2222-4333-8444-555555555555,B\n";
    let errors = refused(import(&server, taken));
    assert_eq!((errors.len(), errors[0].0), (1, 2));
    assert!(errors[0].1.starts_with("Resource Error - User already exists ('uuid': "), "{}", errors[0].1);
}

#[test]
fn a_file_that_is_none_is_refused_as_a_whole() {
    let server = Server::start();
    for (file, kind) in [
        ("firstname,firstname\nA,B\n".to_owned(), "text/csv"),
        ("firstname\nA\n".to_owned(), "text/csv; charset=utf-16"),
        (format!("firstname\n{}", "A\n".repeat(10_001)), "text/csv"),
    ] {
        let headers = [("X-Auth-Token", TOKEN), ("Content-Type", kind)];
        let errors = refused(server.send("POST", "/users/import", Some(file), &headers));
        assert_eq!((errors.len(), errors[0].0), (1, 0), "{kind}");
    }
    let huge = "x".repeat(17 * 1024 * 1024);
    assert_eq!(import(&server, &huge).status, 413);
    assert_eq!(server.send("PUT", "/users/import", None, &[("X-Auth-Token", TOKEN)]).status, 405);
    for empty in ["", "firstname\n", "\u{feff}firstname,lastname\r\n"] {
        assert_eq!(import(&server, empty).expect(201), json!({"created": []}));
    }
}

#[test]
fn what_was_exported_can_be_imported_elsewhere() {
    let server = Server::start();
    for name in ["inside", "outside"] {
        server.post("/callpermissions", json!({"name": name})).expect(201);
    }
    import(&server, WHOLE).expect(201);
    import(
        &server,
        "firstname,context,line_protocol,exten,password\n\u{c9}ric,default,webrtc,1002,pass;w\"rd\n",
    )
    .expect(201);
    let reply = export(&server, "text/csv; charset=utf-8");
    assert_eq!(reply.header("Content-Type"), "text/csv; charset=utf-8");
    assert!(reply.text.starts_with("uuid,subscription_type,firstname,"), "{}", reply.text);
    let json = export(&server, "application/json").expect(200);
    assert_eq!(json["headers"].as_array().unwrap().len(), 39);
    let (ada, eric) = (&json["content"][0], &json["content"][1]);
    assert_eq!((&ada["subscription_type"], &ada["enabled"]), (&json!(""), &json!("1")));
    assert_eq!((&ada["line_protocol"], &eric["line_protocol"]), (&json!("sip"), &json!("webrtc")));
    assert_eq!((&ada["sip_username"], &ada["sip_secret"]), (&json!("ada"), &json!("s3cr3t99")));
    assert_eq!((&ada["incall_exten"], &ada["incall_context"]), (&json!("5001"), &json!("from-extern")));
    assert_eq!((&ada["call_permissions"], &ada["username"]), (&json!("inside;outside"), &json!("ada")));
    assert_eq!(eric["sip_username"].as_str().unwrap().len(), 8);

    let other = Server::start();
    for name in ["inside", "outside"] {
        other.post("/callpermissions", json!({"name": name})).expect(201);
    }
    assert_eq!(import(&other, &reply.text).expect(201)["created"].as_array().unwrap().len(), 2);
    let again = export(&other, "text/csv").text;
    // Only the codes for provisioning are made anew.
    let code = ada["provisioning_code"].as_str().unwrap();
    assert_eq!(again.lines().count(), reply.text.lines().count());
    assert!(!code.is_empty() && again.contains("Lovelace, Ada"));
    assert_eq!(totals(&other), totals(&server));
}

#[test]
fn an_import_belongs_to_the_tenant_of_the_request_and_sees_no_other() {
    let server = Server::start();
    let other = server.add_tenant("other", None);
    let headers = [("X-Auth-Token", other.token.as_str())];
    let send = |file: &str| server.send("POST", "/users/import", Some(file.to_owned()), &headers);
    send("firstname\nEve\n").expect(201);
    let errors = refused(send("firstname,context,line_protocol,exten\nEve,default,sip,1001\n"));
    assert_eq!(errors[0].1, "Resource Not Found - Context was not found ('name': 'default')");
    let export = server.send("GET", "/users/export", None, &headers);
    assert!(export.text.contains("Eve"), "{}", export.text);
    let main = server.send("GET", "/users/export", None, &[("X-Auth-Token", TOKEN), ("Wazo-Tenant", MASTER)]);
    assert!(!main.text.contains("Eve"), "{}", main.text);
}
