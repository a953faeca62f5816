use crate::harness::Server;
use serde_json::json;

const PATH: &str = "/asterisk/queues/general";

#[test]
fn general_options_are_replaced_as_a_whole_by_the_master_tenant() {
    let server = Server::start();
    let fresh = server.get(PATH).expect(200);
    assert_eq!(fresh["options"]["shared_lastcall"], "yes");
    let options = json!({"options": {"shared_lastcall": "no", "zz": null}});
    server.put(PATH, options.clone()).expect(204);
    assert_eq!(server.get(PATH).expect(200), options);
    for wrong in [json!({"a": 5}), json!({"a": "b\nc"})] {
        let text = "Input Error - options: ['Not a valid string.']";
        server.put(PATH, json!({"options": wrong})).refused(400, &[text]);
    }
    server
        .put(PATH, json!({}))
        .refused(400, &["Input Error - options: ['Missing data for required field.']"]);
}
