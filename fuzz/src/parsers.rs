//! Parsers of single things that others send.

use crate::generate::{Maker, pick};
use actix_web::http::header::HeaderValue;
use actix_web::test::TestRequest;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cordboard::apply::ami::{Decoder, encode};
use cordboard::apply::logtail::LogMark;
use cordboard::apply::security::event::Seen;
use cordboard::apply::{Dialled, Message, pins};
use cordboard::domain::acl::{Acl, Owner};
use cordboard::domain::schema::{Kind, Mode, Schema, normalize_body};
use cordboard::domain::text::is_control;
use cordboard::domain::wav::Wav;
use cordboard::http::Client;
use cordboard::resources;
use cordboard::resources::users::csv::Sheet;
use libfuzzer_sys::arbitrary::Unstructured;
use serde_json::Value;
use std::sync::LazyLock;
use std::time::{Duration, SystemTime};
use tempfile::NamedTempFile;

/// The bodies of all routes.
static SCHEMAS: LazyLock<Vec<&'static Schema>> = LazyLock::new(|| {
    let routes = resources::mounts().into_iter().flat_map(|(_, routes)| routes);
    let mut schemas: Vec<_> = routes.filter_map(|route| route.body).collect();
    schemas.sort_by_key(|schema| schema.name);
    schemas.dedup_by_key(|schema| schema.name);
    schemas
});

/// The name of a schema in the first line, and a body: as text, or as the schema describes it. Lines that may be rendered hold no control characters, and what was
/// read is read once more as what it is.
pub fn body(data: &[u8]) {
    let mut lines = data.splitn(2, |byte| *byte == b'\n');
    let (name, rest) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    let schema = pick(&SCHEMAS, name, |schema| schema.name.to_owned());
    let given = match rest.first() {
        Some(b'{' | b'[') => serde_json::from_slice(rest).ok(),
        _ => Maker { bytes: &mut Unstructured::new(rest), known: &[] }.object(schema, 0).ok(),
    };
    let Some(Ok(object)) = given.map(normalize_body) else { return };
    for mode in [Mode::Create, Mode::Update] {
        let Ok(read) = schema.read(&object, mode) else { continue };
        for field in schema.fields.iter().filter(|field| matches!(field.kind, Kind::Text | Kind::Email)) {
            let text = read.get(field.name).and_then(Value::as_str).unwrap_or_default();
            assert!(!text.contains(is_control), "{} {}: {text:?}", schema.name, field.name);
        }
        let again =
            schema.read(&read, mode).unwrap_or_else(|wrong| panic!("{} {read:?}: {wrong:?}", schema.name));
        assert_eq!(again, read, "{} read twice", schema.name);
    }
}

/// A CSV file: rows are counted right, and an empty cell is none.
pub fn csv(data: &[u8]) {
    let Some((kind, bytes)) = data.split_first() else { return };
    let kind = if kind % 2 == 0 { "text/csv; charset=iso-8859-1" } else { "text/csv" };
    let Ok(sheet) = Sheet::read(bytes, kind) else { return };
    assert_eq!(sheet.rows().count(), sheet.len());
    for row in sheet.rows() {
        for name in sheet.header() {
            assert!(row.get(name).is_none_or(|cell| !cell.is_empty()));
        }
        if row.is_too_long() {
            assert_eq!(row.problem(String::new()).details.row_number, row.number);
        }
    }
}

/// What Asterisk's manager sends: the same messages in any pieces, and each read as all that it may be.
pub fn ami(data: &[u8]) {
    let Some((step, bytes)) = data.split_first() else { return };
    let messages = decoded(bytes, bytes.len());
    assert_eq!(messages, decoded(bytes, usize::from(*step)));
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_477_762);
    for message in messages.into_iter().flatten() {
        for (name, value) in message.lines() {
            assert!(!name.contains('\n') && !value.contains('\n'));
            // What is sent on is one action.
            if let Ok(bytes) = encode("Setvar", 1, &[(name, value)]) {
                assert_eq!(decoded(&bytes, bytes.len()).map(|sent| sent.len()), Some(1));
            }
        }
        let _ = Dialled::of_event(&message);
        if let Some(account) = Seen::of_event(&message, now).and_then(|seen| seen.account) {
            assert!(account.len() <= 64 && account.bytes().all(|byte| (b' '..=b'~').contains(&byte)));
        }
    }
}

/// The messages that come in pieces of this size; nothing when something is too long.
fn decoded(bytes: &[u8], step: usize) -> Option<Vec<Message>> {
    let mut decoder = Decoder::default();
    let mut messages = Vec::new();
    for piece in bytes.chunks(step.max(1)) {
        decoder.buffer().extend_from_slice(piece);
        while let Some(message) = decoder.message().ok()? {
            messages.push(message);
        }
    }
    Some(messages)
}

/// What Asterisk leaves behind: switches in its database, PINs in `secret.conf`, lines in its log.
pub fn left(data: &[u8]) {
    thread_local! {
        static LOG: NamedTempFile = NamedTempFile::new().expect("a file");
    }
    let text = String::from_utf8_lossy(data);
    if let Some(dialled) = Dialled::parse(1, "dnd", &text) {
        assert!(dialled.number.is_none_or(|number| !number.is_empty()));
    }
    if let Some(pin) = pins::password(&text) {
        assert!(!pin.contains('\n') && pin.trim() == pin);
    }
    LOG.with(|log| {
        let path = log.path().to_path_buf();
        std::fs::write(&path, "").expect("the log");
        let mark = LogMark::now(Some(&path));
        std::fs::write(&path, data).expect("the log");
        for line in mark.complaints() {
            assert!(line.chars().count() <= 300 && !line.contains(char::is_control), "{line:?}");
        }
    });
}

/// A stranger's `Authorization` and what else a head may say. A password is never shown.
pub fn head(data: &[u8]) {
    let Some((kind, rest)) = data.split_first() else { return };
    let value = match kind % 3 {
        0 => format!("Basic {}", STANDARD.encode(rest)).into_bytes(),
        1 => [b"Basic ", rest].concat(),
        _ => rest.to_vec(),
    };
    let Ok(value) = HeaderValue::from_bytes(&value) else { return };
    let mut request = TestRequest::default().peer_addr(([127, 0, 0, 1], 1).into());
    for name in ["Authorization", "X-Forwarded-For", "X-Auth-Token", "Wazo-Session-Type"] {
        request = request.insert_header((name, value.clone()));
    }
    let client = Client::of(&request.to_http_request());
    if let Some((name, password)) = &client.login {
        assert!(!name.is_empty() && !name.contains(':') && !password.expose().is_empty());
        let shown = format!("{password:?}");
        assert!(password.expose().len() < 8 || !shown.contains(password.expose()));
    }
}

/// An access list and an access: as a textbook's way to match says.
pub fn access(data: &[u8]) {
    // Few enough reserved words that all their readings can be tried.
    const LONGEST: usize = 16;
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut lines = text.split('\n');
    let asked: Vec<char> = lines.next().unwrap_or_default().chars().take(40).collect();
    let entries: Vec<String> = lines.take(4).map(|line| line.chars().take(LONGEST).collect()).collect();
    let denied = entries.iter().filter_map(|one| one.strip_prefix('!')).any(|one| fits(one, &asked));
    let allowed = entries.iter().filter(|one| !one.starts_with('!')).any(|one| fits(one, &asked));
    let owner = Owner { auth_id: "7", session: "s" };
    let told = Acl::new(entries.clone(), owner).allows(&asked.iter().collect::<String>());
    assert_eq!(told, allowed && !denied, "{entries:?} {asked:?}");
}

/// Does one of an entry's readings match?
fn fits(entry: &str, asked: &[char]) -> bool {
    let mut readings = vec![String::new()];
    for (index, word) in entry.split('.').enumerate() {
        let meanings = match word {
            "me" => vec!["me", "7"],
            "my_session" => vec!["my_session", "s"],
            "edit" => vec!["edit", "update"],
            word => vec![word],
        };
        let dot = if index > 0 { "." } else { "" };
        let longer =
            |start: &String| meanings.iter().map(|word| format!("{start}{dot}{word}")).collect::<Vec<_>>();
        readings = readings.iter().flat_map(longer).collect();
    }
    readings.iter().any(|reading| matches(reading, asked))
}

/// The textbook's table: does the pattern up to here match the text up to there?
fn matches(pattern: &str, text: &[char]) -> bool {
    let mut row = vec![false; text.len() + 1];
    row[0] = true;
    for part in pattern.chars() {
        let mut next = vec![false; text.len() + 1];
        for at in 0..=text.len() {
            let (longer, last) = (at > 0 && next[at - 1], at.checked_sub(1).map(|at| text[at]));
            next[at] = match part {
                '#' => row[at] || longer,
                '*' => row[at] || longer && last.is_some_and(|c| c != '.' && c != '#'),
                part => at > 0 && row[at - 1] && last == Some(part),
            };
        }
        row = next;
    }
    row[text.len()]
}

/// A sound that was sent in: the form that Asterisk gets is a sound of the same rate, and stays as it is.
pub fn wav(data: &[u8]) {
    let Some(sound) = Wav::read(data) else { return };
    let made = sound.for_asterisk();
    let again = Wav::read(&made).expect("what was made is a sound");
    assert_eq!((again.rate, again.for_asterisk()), (sound.rate, made));
}
