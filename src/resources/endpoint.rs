//! An endpoint of any kind, as lines and trunks see it: each has at most one, and each endpoint has one owner.

use crate::domain::py::Py;
use crate::http::{Call, Link};
use serde::Serialize;
use uuid::Uuid;

/// Which endpoint is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reference {
    Sip(Uuid),
    Custom(i64),
    Sccp(i64),
    Iax(i64),
}

impl Reference {
    /// The kind's word in error texts.
    pub fn word(self) -> &'static str {
        match self {
            Reference::Sip(_) => "sip",
            Reference::Custom(_) => "custom",
            Reference::Sccp(_) => "sccp",
            Reference::Iax(_) => "iax",
        }
    }

    /// The id as error texts print it.
    pub fn id(self) -> Py {
        match self {
            Reference::Sip(uuid) => uuid.into(),
            Reference::Custom(id) | Reference::Sccp(id) | Reference::Iax(id) => id.into(),
        }
    }

    /// What error texts of lines call the id.
    pub fn key(self) -> &'static str {
        match self {
            Reference::Sip(_) => "endpoint_uuid",
            Reference::Custom(_) | Reference::Sccp(_) | Reference::Iax(_) => "endpoint_id",
        }
    }
}

/// What uses an endpoint: a line or a trunk.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct Owner {
    pub id: i64,
    pub links: Vec<Link>,
}

impl Owner {
    pub fn line(call: &Call, id: i64) -> Owner {
        Owner { id, links: call.links("lines", &format!("/lines/{id}")) }
    }

    pub fn trunk(call: &Call, id: i64) -> Owner {
        Owner { id, links: call.links("trunks", &format!("/trunks/{id}")) }
    }
}
