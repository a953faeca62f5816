//! What operators of a switchboard dial. The number of the switchboard is its id in the database.

/// Takes the call that waits longest; its lamp is lit while calls wait.
pub fn next(id: i64) -> String {
    format!("*55{id}")
}

/// Takes the call in a place, which follows the star.
pub fn each(id: i64) -> String {
    format!("_*55{id}*X!")
}

/// Holds the call that is transferred here.
pub fn hold(id: i64) -> String {
    format!("*56{id}")
}

/// Takes back a held call; its lamp is lit while calls are held.
pub fn held(id: i64) -> String {
    format!("*57{id}")
}

/// Takes back the held call of a place.
pub fn each_held(id: i64) -> String {
    format!("_*57{id}*X!")
}

/// The code of one place: `*551*3`.
pub fn place(code: &str, place: i64) -> String {
    format!("{code}*{place}")
}

/// How many characters come before the place.
pub fn prefix(id: i64) -> usize {
    next(id).len() + 1
}

/// The pattern of all codes that have a lamp.
pub const LAMPS: &str = "_*5[57]X!";
