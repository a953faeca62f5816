//! Parsers of single things that others send.

use actix_web::test::TestRequest;
use arbitrary::Unstructured;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cordboard::apply::Dialled;
use cordboard::apply::ami::Decoder;
use cordboard::domain::acl::{Acl, Owner};
use cordboard::domain::schema::{Mode, Schema, normalize_body};
use cordboard::domain::text::is_control;
use cordboard::domain::wav::Wav;
use cordboard::http::Client;
use cordboard::resources;
use cordboard::resources::users::csv::Sheet;
use serde_json::Value;
use std::sync::LazyLock;

/// The bodies of all routes.
static SCHEMAS: LazyLock<Vec<&'static Schema>> = LazyLock::new(|| {
    let routes = resources::mounts().into_iter().flat_map(|(_, routes)| routes);
    routes.filter_map(|route| route.body).collect()
});

/// A body, as text and as its schema describes it: what is read has no control characters where it may be rendered, and
/// is read once more as what it is.
pub fn body(data: &[u8]) {
    let Some((which, rest)) = data.split_first() else { return };
    let schema = SCHEMAS[usize::from(*which) * 7 % SCHEMAS.len()];
    let given = match rest.first() {
        Some(b'{' | b'[') => serde_json::from_slice(rest).ok(),
        _ => Some(crate::generate::body(schema, &mut Unstructured::new(rest))),
    };
    let Some(Ok(object)) = given.map(normalize_body) else { return };
    for mode in [Mode::Create, Mode::Update] {
        let Ok(read) = schema.read(&object, mode) else { continue };
        let plain: Vec<_> = schema.fields.iter().filter(|field| crate::generate::is_plain(field)).collect();
        for field in plain {
            let text = read.get(field.name).and_then(Value::as_str).unwrap_or_default();
            assert!(!text.contains(is_control), "{} {text:?}", field.name);
        }
        let again = schema.read(&read, mode).unwrap_or_else(|problems| panic!("{read:?}: {problems:?}"));
        assert_eq!(again, read, "read twice");
    }
}

/// A CSV file: every row has cells, and none has more columns than the head without being told.
pub fn csv(data: &[u8]) {
    let (kind, bytes) = match data.split_first() {
        Some((kind, bytes)) if kind % 2 == 0 => ("text/csv; charset=iso-8859-1", bytes),
        _ => ("text/csv", data),
    };
    let Ok(sheet) = Sheet::read(bytes, kind) else { return };
    assert_eq!(sheet.rows().count(), sheet.len());
    for row in sheet.rows() {
        for name in sheet.header() {
            assert!(row.get(name).is_none_or(|cell| !cell.is_empty()));
        }
        row.is_too_long();
    }
}

/// What Asterisk's manager sends, in pieces.
pub fn ami(data: &[u8]) {
    let Some((step, bytes)) = data.split_first() else { return };
    let mut decoder = Decoder::default();
    let mut banner = step % 2 == 0;
    for piece in bytes.chunks(usize::from(*step).max(1)) {
        decoder.buffer().extend_from_slice(piece);
        if banner {
            match decoder.line() {
                Ok(line) => banner = line.is_none(),
                Err(_) => return,
            }
        }
        while !banner {
            match decoder.message() {
                Ok(Some(message)) => {
                    assert!(message.all("Event").all(|value| !value.contains('\n')));
                    drop(Dialled::of_event(&message));
                }
                Ok(None) => break,
                Err(_) => return,
            }
        }
    }
}

/// `Authorization`, `X-Forwarded-For` and what else a stranger's head may say.
pub fn login(data: &[u8]) {
    let (head, rest) = data.split_at(data.len().min(2));
    let value = match head.first() {
        Some(kind) if kind % 3 == 0 => format!("Basic {}", STANDARD.encode(rest)).into_bytes(),
        Some(kind) if kind % 3 == 1 => [b"Basic ", rest].concat(),
        _ => rest.to_vec(),
    };
    let Ok(header) = actix_web::http::header::HeaderValue::from_bytes(&value) else { return };
    let mut request = TestRequest::default().peer_addr(([127, 0, 0, 1], 1).into());
    for name in ["Authorization", "X-Forwarded-For", "X-Auth-Token", "Wazo-Session-Type", "User-Agent"] {
        request = request.insert_header((name, header.clone()));
    }
    let client = Client::of(&request.to_http_request());
    if let Some((name, password)) = &client.login {
        assert!(!name.is_empty() && !name.contains(':') && !password.expose().is_empty());
        assert!(!format!("{client:?}").contains(&format!("{:?}", password.expose())) || password.expose().len() < 8);
    }
}

/// An access list and an access, compared with the plain way to match.
pub fn access(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut lines = text.split('\n').map(|line| line.chars().take(40).collect::<String>());
    let asked = lines.next().unwrap_or_default();
    let entries: Vec<String> = lines.take(4).collect();
    let owner = Owner { auth_id: "7", session: "s" };
    let expected = !entries.iter().any(|one| one.strip_prefix('!').is_some_and(|one| fits(one, &asked)))
        && entries.iter().any(|one| !one.starts_with('!') && fits(one, &asked));
    assert_eq!(Acl::new(entries.clone(), owner).allows(&asked), expected, "{entries:?} {asked:?}");
}

/// Does an entry allow an access, by trying everything?
fn fits(entry: &str, asked: &str) -> bool {
    let words: Vec<Vec<&str>> = entry
        .split('.')
        .map(|word| match word {
            "me" => vec!["me", "7"],
            "my_session" => vec!["my_session", "s"],
            "edit" => vec!["edit", "update"],
            word => vec![word],
        })
        .collect();
    // The wildcards of a reserved word's meaning are none; these have none.
    let mut all = vec![String::new()];
    for (index, choices) in words.iter().enumerate() {
        let dot = if index > 0 { "." } else { "" };
        all = all.iter().flat_map(|start| choices.iter().map(move |word| format!("{start}{dot}{word}"))).collect();
        all.truncate(64);
    }
    let asked: Vec<char> = asked.chars().collect();
    all.iter().any(|pattern| wild(&pattern.chars().collect::<Vec<_>>(), &asked))
}

/// The textbook's table: does `pattern` up to here match `text` up to there?
fn wild(pattern: &[char], text: &[char]) -> bool {
    let mut row = vec![false; text.len() + 1];
    row[0] = true;
    for part in pattern {
        let mut next = vec![false; text.len() + 1];
        for at in 0..=text.len() {
            next[at] = match part {
                '#' => row[at] || (at > 0 && next[at - 1]),
                '*' => row[at] || (at > 0 && next[at - 1] && text[at - 1] != '.' && text[at - 1] != '#'),
                part => at > 0 && row[at - 1] && text[at - 1] == *part,
            };
        }
        row = next;
    }
    row[text.len()]
}

/// What a phone left in Asterisk's database.
pub fn phone(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Some(dialled) = Dialled::parse(1, "dnd", text) {
        assert!(dialled.number.is_none_or(|number| !number.is_empty()));
    }
}

/// A sound that was sent in: what is taken is taken again in the form that Asterisk gets.
pub fn wav(data: &[u8]) {
    let Some(sound) = Wav::read(data) else { return };
    let made = sound.for_asterisk();
    let again = Wav::read(&made).unwrap_or_else(|| panic!("what was made is no sound"));
    assert_eq!((again.rate, again.for_asterisk()), (sound.rate, made));
}
