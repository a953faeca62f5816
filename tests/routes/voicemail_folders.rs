//! Voicemails and their folders in Asterisk's spool, which here nobody else uses.

use crate::harness::{Server, program};
use serde_json::{Value, json};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};
use tempfile::TempDir;

struct House {
    storage: TempDir,
    server: Server,
}

fn until(what: &str, done: impl Fn() -> bool) {
    let end = Instant::now() + Duration::from_secs(20);
    while !done() {
        assert!(Instant::now() < end, "never came: {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

impl House {
    fn new() -> House {
        let storage = TempDir::new().unwrap();
        let server = Server::run(program(storage.path(), "serve"));
        House { storage, server }
    }

    /// As after a crash: SIGKILL, and `meanwhile` before the next start.
    fn crash(self, meanwhile: impl FnOnce(&Path)) -> House {
        self.server.kill();
        meanwhile(&self.storage.path().join("asterisk/spool/voicemail"));
        let server = Server::run(program(self.storage.path(), "serve"));
        House { storage: self.storage, server }
    }

    fn folder(&self, mailbox: &str) -> PathBuf {
        self.storage.path().join("asterisk/spool/voicemail").join(mailbox)
    }

    /// Makes a voicemail and gives its path.
    fn voicemail(&self, number: &str, password: Value) -> String {
        let body = json!({"name": "Ann", "number": number, "context": "default", "password": password});
        format!("/voicemails/{}", self.server.post("/voicemails", body).expect(201)["id"])
    }

    fn password(&self, voicemail: &str) -> Value {
        self.server.get(voicemail).expect(200)["password"].clone()
    }

    /// What only wakes the applier.
    fn other_write(&self) {
        self.server.post("/contexts", json!({"label": "other"})).expect(201);
    }

    fn message(&self, mailbox: &str, text: &str) {
        let inbox = self.folder(mailbox).join("INBOX");
        fs::create_dir_all(&inbox).unwrap();
        fs::write(inbox.join("msg0000.txt"), text).unwrap();
    }

    fn heard(&self, mailbox: &str) -> Option<String> {
        fs::read_to_string(self.folder(mailbox).join("INBOX/msg0000.txt")).ok()
    }
}

/// What app_voicemail writes, `age` ago.
fn change_pin(folder: &Path, pin: &str, age: Duration) {
    fs::create_dir_all(folder).unwrap();
    let path = folder.join("secret.conf");
    fs::write(
        &path,
        format!(";!\n;! Automatically generated configuration file\n\n[general]\npassword = {pin}\n"),
    )
    .unwrap();
    File::options().write(true).open(path).unwrap().set_modified(SystemTime::now() - age).unwrap();
}

#[test]
fn a_pin_of_the_phone_is_taken_over_and_its_file_goes() {
    let house = House::new();
    let voicemail = house.voicemail("1001", json!("4321"));
    let folder = house.folder("default/1001");
    for (pin, shown) in [("5566", json!("5566")), ("", Value::Null), ("007", json!("007"))] {
        change_pin(&folder, pin, Duration::ZERO);
        house.other_write();
        until("taken over", || house.password(&voicemail) == shown);
        until("one truth", || !folder.join("secret.conf").exists());
    }
    house.server.put(&voicemail, json!({"password": "11"})).expect(204);
    house.other_write();
    assert_eq!(house.password(&voicemail), json!("11"));
}

#[test]
fn a_pin_that_the_api_has_set_later_wins() {
    let house = House::new();
    let voicemail = house.voicemail("1001", json!("4321"));
    let folder = house.folder("default/1001");
    let house = house.crash(|_| change_pin(&folder, "5566", Duration::from_secs(3600)));
    until("gone", || !folder.join("secret.conf").exists());
    assert_eq!(house.password(&voicemail), json!("4321"));
}

#[test]
fn a_pin_changed_while_cordboard_was_down_is_kept() {
    let house = House::new();
    let voicemail = house.voicemail("1001", json!("4321"));
    let folder = house.folder("default/1001");
    let house = house.crash(|_| change_pin(&folder, "5566", Duration::ZERO));
    until("taken over", || house.password(&voicemail) == json!("5566"));
    until("one truth", || !folder.join("secret.conf").exists());
    let house = house.crash(|_| ());
    assert_eq!(house.password(&voicemail), json!("5566"));
}

#[test]
fn what_is_no_pin_or_of_no_voicemail_is_left_to_asterisk() {
    let house = House::new();
    let voicemail = house.voicemail("1001", json!("4321"));
    let (star, theirs) = (house.folder("default/1001"), house.folder("default/2000"));
    change_pin(&star, "12*4", Duration::ZERO);
    change_pin(&theirs, "77", Duration::ZERO);
    let witness = house.folder("default/1002");
    let other = house.voicemail("1002", json!("1"));
    change_pin(&witness, "2", Duration::ZERO);
    house.other_write();
    until("looked at", || house.password(&other) == json!("2"));
    assert_eq!(house.password(&voicemail), json!("4321"));
    assert!(star.join("secret.conf").exists() && theirs.join("secret.conf").exists());
}

#[test]
fn messages_follow_their_mailbox_also_when_numbers_change_hands() {
    let house = House::new();
    let (ann, ben) = (house.voicemail("1001", Value::Null), house.voicemail("1002", Value::Null));
    house.message("default/1001", "for ann");
    house.message("default/1002", "for ben");
    for (voicemail, number) in [(&ann, "1003"), (&ben, "1001"), (&ann, "1002")] {
        house.server.put(voicemail, json!({"number": number})).expect(204);
    }
    until("ann's", || house.heard("default/1002").as_deref() == Some("for ann"));
    assert_eq!(house.heard("default/1001").as_deref(), Some("for ben"));
    assert!(!house.folder("default/1003").exists());
    let context = house.server.post("/contexts", json!({"label": "other"})).expect(201);
    let name = context["name"].as_str().unwrap();
    house.server.put(&ann, json!({"context": name})).expect(204);
    until("moved", || house.heard(&format!("{name}/1002")).as_deref() == Some("for ann"));
}

#[test]
fn the_messages_of_a_deleted_mailbox_go_and_a_new_one_keeps_what_was_there_before() {
    let house = House::new();
    let ann = house.voicemail("1001", Value::Null);
    house.message("default/1001", "for ann");
    house.message("default/1002", "from an earlier Asterisk");
    house.voicemail("1002", Value::Null);
    house.server.delete(&ann).expect(204);
    house.voicemail("1001", Value::Null);
    until("gone", || !house.folder("default/1001").exists());
    assert_eq!(house.heard("default/1002").as_deref(), Some("from an earlier Asterisk"));
}

#[test]
fn a_folder_that_could_not_move_moves_after_a_crash() {
    let house = House::new();
    let ann = house.voicemail("1001", Value::Null);
    house.message("default/1001", "for ann");
    let context = house.server.post("/contexts", json!({"label": "other"})).expect(201);
    let name = context["name"].as_str().unwrap().to_owned();
    // A file stands in the way.
    fs::write(house.folder(&name), "").unwrap();
    let put = house.server.put(&ann, json!({"context": name, "number": "7"}));
    house.server.get(&format!("/cordboard/revisions/{}?wait=20", put.header("Config-Revision"))).expect(200);
    assert_eq!(house.heard("default/1001").as_deref(), Some("for ann"));
    let house = house.crash(|spool| fs::remove_file(spool.join(&name)).unwrap());
    until("moved", || house.heard(&format!("{name}/7")).as_deref() == Some("for ann"));
}
