//! SIP endpoint options: names that PJSIP knows, and how templates are merged.

/// Option names and values in order.
pub type Options = Vec<(String, String)>;
