//! Named objects in named files, so that two revisions have a diff by object.

use std::collections::BTreeMap;

use super::left_out::LeftOut;

/// Rendered files by their path below the configuration folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileSet {
    pub files: BTreeMap<&'static str, File>,
    /// The sounds that were sent in: path below the folder of sounds, and digest.
    pub sounds: BTreeMap<String, String>,
    /// What is stored and stands in none of the files.
    pub left_out: Vec<LeftOut>,
    /// What stands in the files and won't do what was meant: a sentence each.
    pub notes: Vec<String>,
}

/// A file: what stands before the objects, the objects in order, what stands after them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct File {
    pub head: String,
    pub objects: Vec<Object>,
    pub tail: String,
}

/// One object of a file: an endpoint, an extension, a mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    pub kind: Kind,
    /// What Asterisk calls it: `ab12cd34`, `1001@default`.
    pub name: String,
    /// Its lines, each ending in a newline.
    pub text: String,
}

/// What an object is to Asterisk, and so how its presence is verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Not verified by itself: a section of settings, a template of the dialplan.
    Plain,
    Transport,
    Endpoint,
    Auth,
    Aor,
    /// By address or header, as configured.
    Identify,
    /// With a provider.
    Registration,
    /// `number@context`.
    Exten,
    /// `number@context`.
    Mailbox,
    /// A group's queue.
    Queue,
    /// A class of music on hold.
    Music,
    /// A parking lot: name, slots and timeout, `parking-5 701-710 45`.
    ParkingLot,
    /// A data row read at call time.
    CallData,
    /// Its `name` is the object's name in Asterisk, its value proves that this very file was accepted.
    Canary,
}

impl File {
    /// The bytes that are written.
    pub fn text(&self) -> String {
        let size =
            self.head.len() + self.tail.len() + self.objects.iter().map(|o| o.text.len() + 1).sum::<usize>();
        let mut text = String::with_capacity(size);
        text.push_str(&self.head);
        for object in &self.objects {
            text.push_str(&object.text);
        }
        text.push_str(&self.tail);
        text
    }
}
