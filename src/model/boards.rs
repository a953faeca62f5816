//! Where calls are put aside: parking lots and switchboards.

/// A parking lot that has a number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ParkingLot {
    pub id: i64,
    /// The first and the last slot, digits that Asterisk can count.
    pub slots: (String, String),
    /// Seconds until the call comes back; none and 0 are for ever.
    pub timeout: Option<i64>,
    pub music: Option<String>,
}

/// A switchboard: calls wait there until an operator takes them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Switchboard {
    /// The number in the codes of phones.
    pub id: i64,
    pub uuid: String,
    pub tenant_uuid: String,
    /// Free text.
    pub name: String,
    /// Seconds until the fallback; none is for ever.
    pub timeout: Option<i64>,
    /// What is heard by those who wait, and by those who are held.
    pub queue_music: Option<String>,
    pub hold_music: Option<String>,
    /// Ids of the users who may take its calls.
    pub members: Vec<i64>,
}
