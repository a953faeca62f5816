//! How many calls may go out.

/// How many calls somebody or something may have under way at once, and begin within an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ceiling {
    pub simultaneous: u32,
    pub hourly: u32,
}

/// A ceiling that leaves open what another one says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OwnCeiling {
    pub simultaneous: Option<u32>,
    pub hourly: Option<u32>,
}

/// Those of users and of trunks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ceilings<T> {
    pub user: T,
    pub trunk: T,
}

/// More than a person does: two calls, a consultation and one that they forgot; one a minute. More than a trunk of a small
/// office does: the thirty channels of a primary rate line, which take a call each three minutes.
pub const USUAL: Ceilings<Ceiling> = Ceilings {
    user: Ceiling { simultaneous: 4, hourly: 60 },
    trunk: Ceiling { simultaneous: 30, hourly: 600 },
};

/// A ceiling that is none.
pub const HIGHEST: u32 = 100_000;

impl OwnCeiling {
    /// This one, and `other` for what it leaves open.
    pub fn over(self, other: Ceiling) -> Ceiling {
        Ceiling {
            simultaneous: self.simultaneous.unwrap_or(other.simultaneous),
            hourly: self.hourly.unwrap_or(other.hourly),
        }
    }
}

impl Default for Ceilings<Ceiling> {
    fn default() -> Self {
        USUAL
    }
}

impl Ceiling {
    /// As a data file has it: `4:60`.
    pub fn rendered(self) -> String {
        format!("{}:{}", self.simultaneous, self.hourly)
    }
}
