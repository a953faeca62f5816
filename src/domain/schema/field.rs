//! One field of a schema, written as `text("label").required().rules(&[Rule::Max(128)])`.

use super::{Rule, Schema};

/// The JSON type of a field and how leniently it is read (confd.md 1.6).
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// One line of text: control characters are refused.
    Text,
    /// Text that is never rendered: line breaks are fine.
    Prose,
    Int,
    Float,
    /// `true` or `false`.
    Bool,
    /// Also `1`, `"yes"`, `"off"` …
    LooseBool,
    Uuid,
    Email,
    Object,
    /// An object whose values are texts or null.
    Texts,
    List(&'static Kind),
    Nested(&'static Schema),
    Many(&'static Schema),
    /// Anything: the part is read by this schema later, and its mistakes stand alone.
    Aside(&'static Schema),
    /// Objects by their position, an integer from 1 on; what is no object at all is complained about with
    /// `no_object`.
    Keyed {
        of: &'static Schema,
        no_object: &'static str,
    },
    /// A list of pairs of strings; each string has `Between` these lengths, the pair's length is complained
    /// about with `arity`.
    Pairs {
        arity: &'static str,
        text: &'static [Rule],
    },
}

/// What an absent field becomes when a resource is created.
#[derive(Debug, Clone, Copy)]
pub enum Default {
    /// It stays absent.
    Absent,
    Null,
    Bool(bool),
    Int(i64),
    Text(&'static str),
    EmptyList,
}

/// What `null` means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Null {
    Refused,
    Stored,
    /// On creation the same as absent, refused on update.
    IsDefault,
}

#[derive(Debug, Clone, Copy)]
pub struct Field {
    pub name: &'static str,
    pub kind: Kind,
    pub required: bool,
    pub null: Null,
    pub default: Default,
    pub rules: &'static [Rule],
    /// Rules of each element of a list.
    pub each: &'static [Rule],
    /// `""` is stored as null.
    pub empty_is_null: bool,
}

impl Field {
    pub const fn new(name: &'static str, kind: Kind) -> Self {
        Field {
            name,
            kind,
            required: false,
            null: Null::Refused,
            default: Default::Absent,
            rules: &[],
            each: &[],
            empty_is_null: false,
        }
    }

    pub const fn text(name: &'static str) -> Self {
        Field::new(name, Kind::Text)
    }

    pub const fn prose(name: &'static str) -> Self {
        Field::new(name, Kind::Prose)
    }

    pub const fn int(name: &'static str) -> Self {
        Field::new(name, Kind::Int)
    }

    pub const fn bool(name: &'static str) -> Self {
        Field::new(name, Kind::Bool)
    }

    pub const fn list(name: &'static str, of: &'static Kind) -> Self {
        Field::new(name, Kind::List(of))
    }

    pub const fn nested(name: &'static str, schema: &'static Schema) -> Self {
        Field::new(name, Kind::Nested(schema))
    }

    pub const fn aside(name: &'static str, schema: &'static Schema) -> Self {
        Field::new(name, Kind::Aside(schema))
    }

    pub const fn many(name: &'static str, schema: &'static Schema) -> Self {
        Field::new(name, Kind::Many(schema))
    }

    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// `null` is stored; absent becomes null too.
    pub const fn nullable(mut self) -> Self {
        self.null = Null::Stored;
        self.default = Default::Null;
        self
    }

    /// `null` is allowed, absent stays absent.
    pub const fn null_allowed(mut self) -> Self {
        self.null = Null::Stored;
        self
    }

    /// `null` on creation is the same as absent.
    pub const fn null_is_default(mut self) -> Self {
        self.null = Null::IsDefault;
        self
    }

    pub const fn or(mut self, default: Default) -> Self {
        self.default = default;
        self
    }

    pub const fn empty_is_null(mut self) -> Self {
        self.empty_is_null = true;
        self
    }

    pub const fn rules(mut self, rules: &'static [Rule]) -> Self {
        self.rules = rules;
        self
    }

    pub const fn each(mut self, rules: &'static [Rule]) -> Self {
        self.each = rules;
        self
    }
}
