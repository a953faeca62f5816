//! Puts a file together: its head, its objects through their templates, its canary, its tail.

use std::fmt::Display;

use askama::Template;

use super::escape;
use super::fileset::{File, Kind, Object};
use super::{RenderError, index::Index, secret};

/// Asterisk reads lines into 8192 bytes.
const LONGEST_LINE: usize = 8190;

/// The name of the canary of a PJSIP file.
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

/// A section with its options, one a line, and comments above it.
#[derive(Template)]
#[template(path = "asterisk/section.conf")]
pub struct Section<'a, K: Display, V: Display> {
    comments: &'a [String],
    name: &'a str,
    options: &'a [(K, V)],
}

/// A file in the making.
pub struct Builder {
    name: &'static str,
    file: File,
}

impl Builder {
    /// A file that says who wrote it and, at its end, includes the administrator's own.
    pub fn new(name: &'static str) -> Result<Self, RenderError> {
        let mut builder = Self { name, file: File::default() };
        builder.file.head = builder.text(name, &Head { name })?;
        builder.file.tail = builder.text(name, &Tail { name })?;
        Ok(builder)
    }

    /// A file of rows that only the dialplan reads: nothing of the administrator's is included.
    pub fn data(name: &'static str) -> Result<Self, RenderError> {
        let mut builder = Self { name, file: File::default() };
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
    pub fn section<K: Display, V: Display>(
        &mut self,
        kind: Kind,
        name: &str,
        comments: &[&str],
        options: &[(K, V)],
    ) -> Result<(), RenderError> {
        let comments: Vec<_> = comments
            .iter()
            .map(|text| escape::comment(text).into_owned())
            .filter(|text| !text.is_empty())
            .collect();
        self.object(kind, name.to_owned(), &Section { comments: &comments, name, options })
    }

    pub fn finish(self) -> File {
        self.file
    }

    /// Adds the canary before the object at `position`; `options` gets the digest of all other text.
    pub fn finish_with_canary(
        mut self,
        position: usize,
        section: &str,
        object: &str,
        options: impl FnOnce(String) -> Vec<(&'static str, String)>,
    ) -> Result<File, RenderError> {
        let options = options(digest(&self.file));
        let text = self.text(object, &Section { comments: &[], name: section, options: &options })?;
        let position = position.min(self.file.objects.len());
        self.file.objects.insert(position, Object { kind: Kind::Canary, name: object.to_owned(), text });
        Ok(self.file)
    }

    fn text(&self, object: &str, template: &impl Template) -> Result<String, RenderError> {
        let mut text = String::with_capacity(256);
        template.render_into(&mut text).map_err(|_control| RenderError::ControlCharacter {
            file: self.name,
            object: object.to_owned(),
        })?;
        // The template engine drops a template's last newline.
        if !text.ends_with('\n') {
            text.push('\n');
        }
        match text.lines().map(str::len).max() {
            Some(bytes) if bytes > LONGEST_LINE => {
                Err(RenderError::LineTooLong { file: self.name, object: object.to_owned(), bytes })
            }
            _ => Ok(text),
        }
    }
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

/// 64 bits of FNV-1a: it tells two texts apart, and nothing depends on it being hard to forge.
fn digest(file: &File) -> String {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let texts = file.objects.iter().map(|object| &object.text);
    for text in std::iter::once(&file.head).chain(texts).chain(std::iter::once(&file.tail)) {
        for byte in text.bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    format!("{hash:016x}")
}
