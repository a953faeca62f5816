use super::{extension, group};
use crate::harness::{Server, Tenant};
use serde_json::{Value, json};

fn labels(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|item| item["label"].as_str().unwrap()).collect()
}

#[test]
fn groups_are_listed_by_label_filtered_ordered_and_searched() {
    let server = Server::start();
    let (sales, help) = (group(&server, "Sales"), group(&server, "Help desk"));
    let body = json!({"label": "Night", "preprocess_subroutine": "after-hours"});
    let night = server.post("/groups", body).expect(201);
    for (group, exten) in [(&sales, "2001"), (&help, "2002")] {
        let number = extension(&server, exten, "default");
        server.associate(&format!("/groups/{}/extensions/{number}", group["id"])).expect(204);
    }
    let list = |query: &str| server.get(&format!("/groups{query}")).expect(200);
    assert_eq!(list("")["total"], 3);
    assert_eq!(labels(&list("")), ["Help desk", "Night", "Sales"]);
    assert_eq!(labels(&list("?direction=desc&limit=1")), ["Sales"]);
    assert_eq!(labels(&list("?order=exten")), ["Sales", "Help desk", "Night"]);
    assert_eq!(labels(&list("?order=id")), ["Sales", "Help desk", "Night"]);
    for query in [
        "?search=SALE".to_owned(),
        "?search=2001".to_owned(),
        "?exten=2001".to_owned(),
        "?label=Sales".to_owned(),
        format!("?id={}", sales["id"]),
        format!("?name={}", sales["name"].as_str().unwrap()),
    ] {
        assert_eq!(labels(&list(&query)), ["Sales"], "{query}");
    }
    assert_eq!(labels(&list("?preprocess_subroutine=after-hours")), ["Night"]);
    assert_eq!(labels(&list(&format!("?search={}", night["uuid"].as_str().unwrap()))), ["Night"]);
    assert_eq!(list("?id=x")["total"], 0);
    server.get("/groups?order=zz").refused(400, &["Input Error - order: column 'zz' was not found"]);
}

#[test]
fn a_list_holds_the_groups_of_the_tenant_and_with_recurse_those_below() {
    let server = Server::start();
    group(&server, "Mine");
    let other: Tenant = server.add_tenant("other", None);
    server.send_in(&other, "POST", "/groups", Some(json!({"label": "Theirs"}))).expect(201);
    assert_eq!(labels(&server.get("/groups").expect(200)), ["Mine"]);
    assert_eq!(labels(&server.get("/groups?recurse=true").expect(200)), ["Mine", "Theirs"]);
    let theirs = server.send("GET", "/groups?recurse=true", None, &[("X-Auth-Token", &other.token)]);
    assert_eq!(labels(&theirs.expect(200)), ["Theirs"]);
}
