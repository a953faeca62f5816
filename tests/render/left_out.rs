//! One value that cannot stand in a file never keeps the others from being rendered.

use cordboard::model::{Extension, Member, Model, Reached, Way};
use cordboard::render::{FileSet, render};

use super::office::{empty, office};
use super::parser::{Parsed, parse};

fn file(set: &FileSet, name: &str) -> Parsed {
    parse(&set.files[name].text())
}

fn left_out(model: &Model) -> (FileSet, Vec<String>) {
    let set = render(model).unwrap();
    let said = set.left_out.iter().map(ToString::to_string).collect();
    (set, said)
}

#[test]
fn an_office_leaves_nothing_out() {
    assert_eq!(left_out(&office()).1, Vec::<String>::new());
}

#[test]
fn a_number_of_more_lines_than_a_line_of_a_file_holds_is_left_out_alone() {
    let mut model = office();
    let endpoints = (0..100).map(|n| format!("{n:0>79}")).collect();
    model.extensions.insert(
        2,
        Extension {
            exten: "10019".into(),
            context: "default".into(),
            reached: Reached::Lines { user: Some(1), endpoints, interfaces: Vec::new() },
        },
    );
    let (set, said) = left_out(&model);
    assert_eq!(
        said,
        [
            "extension 10019@default is left out: cordboard_extensions.conf: \"10019@default\" has a line of 8606 bytes, Asterisk reads 8190"
        ]
    );
    let mut plain = render(&office()).unwrap();
    plain.left_out = set.left_out.clone();
    assert_eq!(set, plain);
}

#[test]
fn whatever_cannot_stand_in_a_file_costs_itself_and_what_depends_on_it() {
    let mut model = office();
    model.endpoints[0].name = "alice desk".into();
    model.endpoints[2].auth = vec![("password".into(), "x".repeat(9000))];
    model.mailboxes[1].number = "10x2".into();
    model.contexts[2].name = "sa\nles".into();
    let sales = model.extensions.iter_mut().find(|one| one.exten == "_17[2-4]X");
    sales.unwrap().context = "sa\nles".into();
    model.zones[0].message = Some("m".repeat(9000));
    model.transports.push(cordboard::model::Transport { name: "a b".into(), options: Vec::new() });
    let (set, said) = left_out(&model);
    let objects: Vec<_> = said.iter().map(|text| text.split(" is left out").next().unwrap()).collect();
    assert_eq!(
        objects,
        [
            "transport a b",
            "context sa\\nles",
            "endpoint alice desk",
            "endpoint b0b5r4nd",
            "extension _17[2-4]X@sa\\nles",
            "mailbox 10x2@default",
            "zone message eu-fr"
        ]
    );
    assert!(!said.concat().contains("xxxx"), "{said:?}");
    for name in ["pjsip_endpoint.conf", "pjsip_auth.conf"] {
        assert_eq!(file(&set, name).names()[..4], ["cordboard-canary", "alice-soft", "carol", "dave"]);
    }
    let rows = file(&set, "cordboard_extensions.conf");
    assert_eq!(rows.section("1002@default").one("endpoints"), "");
    assert!(!rows.names().iter().any(|name| name.contains("17{2-4}")));
    assert_eq!(file(&set, "voicemail.conf").section("default").pairs.len(), 1);
}

#[test]
fn a_number_that_nobody_can_dial_costs_its_place_in_the_group() {
    let mut model = office();
    model.groups[0].members.push(Member::Number { exten: "zz".into(), context: "default".into() });
    model.groups[0].members.push(Member::Number { exten: "5".into(), context: "a b".into() });
    model.groups[1].name = "grp a".into();
    model.groups[1].strategy = "all".into();
    model.users[1].name = "\n".into();
    let (set, said) = left_out(&model);
    let objects: Vec<_> = said.iter().map(|text| text.split(" is left out").next().unwrap()).collect();
    assert_eq!(objects, ["user 2", "group 2", "member 5@a b of group 1", "member zz@default of group 1"]);
    let queue = file(&set, "queues.conf").section(&model.groups[0].name).all("member").join(" ");
    assert_eq!(queue, "Local/1@cordboard-member/n,0 Local/1-1@cordboard-member/n,0");
    assert_eq!(file(&set, "cordboard_groups.conf").section("group-1").one("members"), "1&1-1");
    assert_eq!(file(&set, "cordboard_groups.conf").rows(), ["group-1", "group-3"]);
}

#[test]
fn a_bad_way_out_leaves_the_others_and_a_lost_permission_refuses() {
    let mut model = office();
    let at = model.endpoints.iter().position(|endpoint| endpoint.name == "fr-address").unwrap();
    model.endpoints[at].name = "fr address".into();
    model.trunks[0].way = Way::Sip("fr address".into());
    model.permissions[0].password = Some("p".repeat(9000));
    model.permissions[1].patterns = (0..2000).map(|n| format!("_{n}X.")).collect();
    model.permissions[2].password = Some("1\n2".into());
    let (set, said) = left_out(&model);
    let objects: Vec<_> = said.iter().map(|text| text.split(" is left out").next().unwrap()).collect();
    assert_eq!(objects, ["endpoint fr address", "call permission 5", "call permission 7"]);
    assert_eq!(file(&set, "cordboard_trunks.conf").rows(), ["trunk-2", "trunk-3"]);
    let outcalls = file(&set, "cordboard_outcalls.conf");
    assert_eq!(outcalls.section("outcall-1").one("trunks"), "2");
    // The dialplan does not find the row, and lets nothing out.
    assert_eq!(outcalls.section("outcall-1").one("permissions"), "5");
    assert_eq!(file(&set, "cordboard_users.conf").section("user-2").one("permissions"), "7");
    let longest = |(_, text): &(String, String)| text.len() <= 1000;
    assert!(file(&set, "cordboard_permissions.conf").section("permission-6").pairs.iter().all(longest));
}

#[test]
fn many_bad_values_cost_two_rounds() {
    let mut model = office();
    let alice = model.users[0].clone();
    model.users =
        (0..2000).map(|id| cordboard::model::User { id, name: "\n".into(), ..alice.clone() }).collect();
    let (set, said) = left_out(&model);
    assert_eq!(said.len(), 2000);
    assert_eq!(file(&set, "cordboard_users.conf").rows(), Vec::<&str>::new());
}

#[test]
fn a_context_that_includes_hundreds_has_lamps_for_as_many_as_a_line_holds() {
    let mut model = office();
    for n in 0..200 {
        let name = format!("c{n}");
        let context = cordboard::model::Context { name: name.clone(), ..model.contexts[2].clone() };
        model.contexts[0].includes.push(name.clone());
        model.contexts.push(context);
        model.extensions.push(Extension { exten: "7".into(), context: name, ..Extension::default() });
    }
    assert_eq!(left_out(&model).1, Vec::<String>::new());
}

#[test]
fn a_setting_of_the_site_itself_is_an_error() {
    let mut model = empty();
    model.site.ami.secret = "a\nb".into();
    assert!(render(&model).is_err());
}
