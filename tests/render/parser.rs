//! A small reader of Asterisk's configuration files, from its documented rules and knowing nothing of how
//! they are written here.
//!
//! A line ends at LF. `;` starts a comment unless a backslash stands before it, which is dropped; `;--`
//! opens a block comment up to `--;`. Blanks around a line, a name or a value do not count. `[name]` opens
//! a section, `[name](…)` may inherit, `#` starts a directive, anything else is `name = value` or
//! `name => value`.

/// A section: its name and its pairs in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    pub name: String,
    pub pairs: Vec<(String, String)>,
}

impl Section {
    /// The values of a name, in order.
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.pairs.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str()).collect()
    }

    /// The only value of a name.
    pub fn one(&self, name: &str) -> &str {
        let all = self.all(name);
        assert_eq!(all.len(), 1, "[{}] {name}: {all:?}", self.name);
        all[0]
    }
}

/// A file: its sections and its directives, both in order.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Parsed {
    pub sections: Vec<Section>,
    pub directives: Vec<String>,
}

impl Parsed {
    /// The only section of a name.
    pub fn section(&self, name: &str) -> &Section {
        let found: Vec<_> = self.sections.iter().filter(|section| section.name == name).collect();
        assert_eq!(found.len(), 1, "sections named {name:?}");
        found[0]
    }

    /// Names of the rows of call data; the canary is the last of them and none.
    pub fn rows(&self) -> Vec<&str> {
        let mut names = self.names();
        assert_eq!(names.pop(), Some("cordboard-canary"));
        names
    }

    pub fn names(&self) -> Vec<&str> {
        self.sections.iter().map(|section| section.name.as_str()).collect()
    }
}

/// Reads a whole file; panics where Asterisk would warn or refuse.
pub fn parse(text: &str) -> Parsed {
    assert!(text.ends_with('\n') && !text.contains(['\r', '\0', '\u{b}', '\u{c}']));
    let mut parsed = Parsed::default();
    let mut blocks = 0;
    for line in text.split('\n') {
        assert!(line.len() < 8191, "a line of {} bytes", line.len());
        let line = strip(&uncomment(line, &mut blocks)).to_owned();
        if line.is_empty() {
        } else if let Some(rest) = line.strip_prefix('[') {
            let (name, rest) = rest.split_once(']').expect("an unclosed section name");
            assert_eq!(rest, "", "[{name}] inherits or goes on");
            parsed.sections.push(Section { name: name.to_owned(), pairs: Vec::new() });
        } else if line.starts_with('#') {
            parsed.directives.push(line);
        } else {
            let (name, value) = line.split_once('=').unwrap_or_else(|| panic!("no = in {line:?}"));
            assert!(!name.ends_with('+'), "{line:?} appends");
            let value = value.strip_prefix('>').unwrap_or(value);
            let section = parsed.sections.last_mut().expect("a pair before any section");
            section.pairs.push((strip(name).to_owned(), strip(value).to_owned()));
        }
    }
    assert_eq!(blocks, 0, "a block comment that never ends");
    parsed
}

/// Asterisk's idea of blanks: every byte up to 32.
fn strip(text: &str) -> &str {
    text.trim_matches(|c| c <= ' ')
}

fn uncomment(line: &str, blocks: &mut u32) -> String {
    let mut kept = String::new();
    let mut rest = line;
    while let Some(at) = rest.find(';') {
        let before = &rest[..at];
        if *blocks == 0 && before.ends_with('\\') {
            kept.push_str(&before[..at - 1]);
            kept.push(';');
            rest = &rest[at + 1..];
        } else if rest[at..].starts_with(";--") && !rest[at..].starts_with(";---") {
            if *blocks == 0 {
                kept.push_str(before);
            }
            *blocks += 1;
            rest = &rest[at + 3..];
        } else if *blocks > 0 {
            if before.ends_with("--") {
                *blocks -= 1;
            }
            rest = &rest[at + 1..];
        } else {
            kept.push_str(before);
            return kept;
        }
    }
    if *blocks == 0 {
        kept.push_str(rest);
    }
    kept
}
