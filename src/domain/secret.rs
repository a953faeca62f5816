//! Something that is kept from others: no log, error or `Debug` output shows it.

use serde::Deserialize;
use std::fmt::{Debug, Formatter, Result};
use subtle::ConstantTimeEq;

/// A password or a token. It is read only by [`Secret::expose`], and compared in a time that does not depend on it.
#[derive(Clone, Default, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    pub fn new(text: impl Into<String>) -> Secret {
        Secret(text.into())
    }

    /// The text itself, for the one place that needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Secret) -> bool {
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
    }
}

impl Eq for Secret {}

impl Debug for Secret {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str("…")
    }
}

/// Gives types that hold secrets among other things a `Debug` that tells their name and nothing of what they hold: they are
/// shown and rendered, so their texts are plain.
macro_rules! unseen {
    ($name:ident) => {
        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(concat!(stringify!($name), " { … }"))
            }
        }
    };
}
pub(crate) use unseen;

#[cfg(test)]
mod tests {
    use super::Secret;

    struct Door {
        _pin: &'static str,
    }

    unseen!(Door);

    #[test]
    fn what_holds_a_secret_is_shown_by_its_name() {
        assert_eq!(format!("{:?}", Some(Door { _pin: "1234" })), "Some(Door { … })");
    }

    #[test]
    fn a_secret_is_not_shown() {
        let secret = Secret::new("hunter2");
        assert_eq!(format!("{secret:?} {:?}", Some(&secret)), "… Some(…)");
        assert_eq!((secret.expose(), &secret), ("hunter2", &Secret::new("hunter2")));
        assert_ne!(secret, Secret::new("hunter3"));
    }
}
