//! Puts a file together: its head, its objects through their templates, its canary, its tail.

use std::borrow::Cow;

use askama::Template;

use super::escape;
use super::fileset::{File, Kind, Object};
use super::left_out::{Failed, Flaw, Part};
use super::{RenderError, index::Index, secret};
use crate::domain::section;

/// Asterisk reads lines into 8192 bytes.
const LONGEST_LINE: usize = 8190;

/// The section of the canary of a PJSIP file or of call data.
pub const CANARY: &str = "cordboard-canary";

#[derive(Template)]
#[template(path = "asterisk/head.conf")]
struct Head {
    name: &'static str,
}

#[derive(Template)]
#[template(path = "asterisk/data_head.conf")]
struct DataHead;

#[derive(Template)]
#[template(path = "asterisk/tail.conf")]
struct Tail {
    name: &'static str,
}

#[derive(Template)]
#[template(path = "asterisk/certificate.conf")]
struct Certificates<'a> {
    all: &'a [String],
}

/// A section with its options, one a line, and comments above it.
#[derive(Template)]
#[template(path = "asterisk/section.conf")]
struct Section<'a> {
    comments: Vec<Cow<'a, str>>,
    name: &'a str,
    /// Plain `&str`, which the template engine writes without the detour of `Display`.
    options: Vec<(&'a str, &'a str)>,
}

impl<'a> Section<'a> {
    fn new<K: AsRef<str>, V: AsRef<str>>(name: &'a str, comments: &[&'a str], options: &'a [(K, V)]) -> Self {
        let comments =
            comments.iter().copied().map(escape::comment).filter(|text| !text.is_empty()).collect();
        let options = options.iter().map(|(key, value)| (key.as_ref(), value.as_ref())).collect();
        Self { comments, name, options }
    }
}

/// A file in the making.
pub struct Builder {
    name: &'static str,
    file: File,
    /// Where objects are rendered before they get memory of their exact size.
    scratch: String,
    /// Parts of the model that cannot stand in this file.
    flaws: Vec<Flaw>,
}

impl Builder {
    /// A file that says who wrote it and, at its end, includes the administrator's own.
    pub fn new(name: &'static str) -> Result<Self, RenderError> {
        let mut builder = Self { name, file: File::default(), scratch: String::new(), flaws: Vec::new() };
        builder.file.head = builder.text(name, &Head { name })?;
        builder.file.tail = builder.text(name, &Tail { name })?;
        Ok(builder)
    }

    /// A file of rows that only the dialplan reads: nothing of the administrator's is included.
    pub fn data(name: &'static str) -> Result<Self, RenderError> {
        let mut builder = Self { name, file: File::default(), scratch: String::new(), flaws: Vec::new() };
        builder.file.head = builder.text(name, &DataHead)?;
        Ok(builder)
    }

    /// Adds an object.
    pub fn object(&mut self, kind: Kind, name: String, template: &impl Template) -> Result<(), RenderError> {
        let text = self.text(&name, template)?;
        self.file.objects.push(Object { kind, name, text });
        Ok(())
    }

    /// Adds a section named as its object, below `comments` of any text.
    pub fn section<K: AsRef<str>, V: AsRef<str>>(
        &mut self,
        kind: Kind,
        name: &str,
        comments: &[&str],
        options: &[(K, V)],
    ) -> Result<(), RenderError> {
        self.named_section(kind, name.to_owned(), name, comments, options)
    }

    /// The same, for an object that Asterisk lists by more than its section's name.
    pub fn named_section<K: AsRef<str>, V: AsRef<str>>(
        &mut self,
        kind: Kind,
        object: String,
        name: &str,
        comments: &[&str],
        options: &[(K, V)],
    ) -> Result<(), RenderError> {
        if name.len() > section::LONGEST && kind != Kind::CallData {
            return Err(RenderError::Name { what: "section", name: name.to_owned() });
        }
        self.object(kind, object, &Section::new(name, comments, options))
    }

    /// Notes which certificates Asterisk reads with this file: when they are others, it is another file, and is read.
    pub fn certificates(&mut self, all: &[String]) -> Result<(), RenderError> {
        if all.is_empty() {
            return Ok(());
        }
        self.object(Kind::Plain, "certificate".to_owned(), &Certificates { all })
    }

    /// True when `value` can stand in a line beside a hundred bytes of others.
    pub fn fits(&self, object: &str, value: &str) -> Result<(), RenderError> {
        if value.chars().any(char::is_control) {
            return Err(RenderError::ControlCharacter { file: self.name, object: object.to_owned() });
        }
        // Every `;` gets a backslash.
        let bytes = value.len() + value.matches(';').count() + 100;
        if bytes > LONGEST_LINE {
            return Err(RenderError::LineTooLong { file: self.name, object: object.to_owned(), bytes });
        }
        Ok(())
    }

    /// Notes that a part of the model could not be rendered; the other parts still are, to find all that fail.
    pub fn note(&mut self, result: Result<(), RenderError>, part: impl FnOnce() -> Part) {
        if let Err(error) = result {
            self.flaws.push(Flaw { part: part(), file: self.name, error });
        }
    }

    /// True when a part could not be rendered, so that this file will be rendered anew.
    pub fn is_flawed(&self) -> bool {
        !self.flaws.is_empty()
    }

    /// The file; it is worth nothing when a part of it could not be rendered.
    pub fn finish(self) -> Result<File, Failed> {
        if self.flaws.is_empty() { Ok(self.file) } else { Err(Failed::Parts(self.flaws)) }
    }

    /// The same for a file of [`Builder::data`]; the canary is its last row, so that it is found by who has read them all.
    pub fn finish_data(self) -> Result<File, Failed> {
        let (name, position) = (self.name, self.file.objects.len());
        self.finish_with_canary(position, CANARY, name, |digest| vec![("digest", digest)])
    }

    /// Adds the canary before the object at `position`; `options` gets the digest of all other text.
    pub fn finish_with_canary(
        mut self,
        position: usize,
        section: &str,
        object: &str,
        options: impl FnOnce(String) -> Vec<(&'static str, String)>,
    ) -> Result<File, Failed> {
        let options = options(digest(&self.file));
        let text = self.text(object, &Section::new(section, &[], &options))?;
        let position = position.min(self.file.objects.len());
        self.file.objects.insert(position, Object { kind: Kind::Canary, name: object.to_owned(), text });
        self.finish()
    }

    fn text(&mut self, object: &str, template: &impl Template) -> Result<String, RenderError> {
        let text = &mut self.scratch;
        text.clear();
        template.render_into(text).map_err(|_control| RenderError::ControlCharacter {
            file: self.name,
            object: object.to_owned(),
        })?;
        // The template engine drops a template's last newline.
        if !text.ends_with('\n') {
            text.push('\n');
        }
        check_length(self.name, object, text)?;
        Ok(text.as_str().to_owned())
    }
}

/// Asterisk would read the rest of a longer line as another line.
fn check_length(file: &'static str, object: &str, text: &str) -> Result<(), RenderError> {
    if text.len() > LONGEST_LINE {
        let bytes = text.lines().map(str::len).max().unwrap_or_default();
        if bytes > LONGEST_LINE {
            return Err(RenderError::LineTooLong { file, object: object.to_owned(), bytes });
        }
    }
    Ok(())
}

/// The secret of the canaries that need one: an endpoint without authentication would be open.
pub fn canary_secret(index: &Index<'_>) -> String {
    secret::derived(index, "canary", CANARY)
}

/// What the canary of a file must show in the running Asterisk: a digest of the file's other text.
/// Nothing for a file without canary.
pub fn canary_value(file: &File) -> Option<&str> {
    let canary = file.objects.iter().find(|object| object.kind == Kind::Canary)?;
    canary.text.trim_end().rsplit([' ', ',']).next()
}

/// A digest that tells two texts apart; nothing depends on it being hard to forge. Eight bytes at a time,
/// since it reads every byte of every render.
fn digest(file: &File) -> String {
    const PRIME: u64 = 0x9e37_79b9_7f4a_7c15;
    let mix = |hash: u64, word: u64| (hash.rotate_left(23) ^ word).wrapping_mul(PRIME);
    let texts = file.objects.iter().map(|object| &object.text);
    let mut hash = 0;
    for text in std::iter::once(&file.head).chain(texts).chain(std::iter::once(&file.tail)) {
        let (words, rest) = text.as_bytes().as_chunks::<8>();
        hash = words.iter().fold(hash, |hash, word| mix(hash, u64::from_le_bytes(*word)));
        hash = rest.iter().fold(hash, |hash, byte| mix(hash, u64::from(*byte)));
    }
    // The last word must reach every digit.
    hash = mix(hash ^ (hash >> 32), 0);
    format!("{:016x}", hash ^ (hash >> 29))
}
