//! `res_parking.conf`: the lots in which calls wait, two of them for every switchboard. Which numbers lead to them is
//! the dialplan's: res_parking makes no extensions of its own.

use super::builder::{self, Builder};
use super::fileset::{File, Kind};
use super::groups::known_music;
use super::index::Index;
use super::left_out::{Failed, Part};
use crate::resources::parking_lots::slots;

/// So many calls wait, and so many are held, at one switchboard.
pub const PLACES: i64 = 50;

type Options = Vec<(&'static str, String)>;

pub fn render(name: &'static str, index: &Index<'_>) -> Result<File, Failed> {
    let mut builder = Builder::new(name)?;
    builder.section(Kind::Plain, "general", &[], &[("parkeddynamic", "no")])?;
    // res_parking makes a default lot when it is not told one: nobody reaches this.
    let nowhere = [("context", "cordboard-parking-default"), ("parkpos", "1-1"), ("parkinghints", "no")];
    builder.section(Kind::Plain, "default", &[], &nowhere)?;
    for lot in &index.model.parking_lots {
        let Some((first, last)) = slots::number(&lot.slots.0).zip(slots::number(&lot.slots.1)) else {
            continue;
        };
        let timeout = lot.timeout.unwrap_or(0);
        let options = options(index, (first, last), timeout, "cordboard-parked-long", lot.music.as_deref());
        let done = section(&mut builder, &format!("parking-{}", lot.id), &[], options);
        builder.note(done, || Part::ParkingLot(lot.id));
    }
    for board in &index.model.switchboards {
        let musics = [("queue", &board.queue_music), ("hold", &board.hold_music)];
        let done = musics.into_iter().try_for_each(|(what, music)| {
            let options = options(index, (1, PLACES), 0, "cordboard-waited", music.as_deref());
            section(&mut builder, &lot_name(board.id, what), &[&board.name], options)
        });
        builder.note(done, || Part::Switchboard(board.id));
    }
    builder.finish_with_canary(1, builder::CANARY, builder::CANARY, |digest| {
        // Asterisk shows nothing of a lot but numbers.
        let number = digest.get(..7).and_then(|digits| u32::from_str_radix(digits, 16).ok()).unwrap_or(0);
        vec![
            ("context", "cordboard-canary".to_owned()),
            ("parkpos", "1-1".to_owned()),
            ("parkinghints", "no".to_owned()),
            ("parkingtime", number.to_string()),
        ]
    })
}

/// The name of a switchboard's lot: `queue` or `hold`.
pub fn lot_name(board: i64, what: &str) -> String {
    format!("switchboard-{board}-{what}")
}

/// The device that is in use while a call is in a place of a lot.
pub fn device(lot: &str, place: i64) -> String {
    format!("park:{place}@cordboard-{lot}")
}

fn options(
    index: &Index<'_>,
    (first, last): (i64, i64),
    timeout: i64,
    comeback: &str,
    music: Option<&str>,
) -> Options {
    let mut options = vec![
        ("parkpos", format!("{first}-{last}")),
        ("parkingtime", timeout.to_string()),
        ("findslot", "next".to_owned()),
        ("parkinghints", "no".to_owned()),
        ("comebacktoorigin", "no".to_owned()),
        ("comebackcontext", comeback.to_owned()),
    ];
    options.extend(known_music(index, music).map(|class| ("parkedmusicclass", class.to_owned())));
    options
}

/// What Asterisk lists of a lot is its name as an object: `parking-5 701-710 45`.
fn section(
    builder: &mut Builder,
    name: &str,
    comments: &[&str],
    mut options: Options,
) -> Result<(), super::RenderError> {
    let value = |key: &str| options.iter().find(|(name, _)| *name == key).map_or("", |(_, value)| value);
    let listed = format!("{name} {} {}", value("parkpos"), value("parkingtime"));
    options.insert(0, ("context", format!("cordboard-{name}")));
    builder.named_section(Kind::ParkingLot, listed, name, comments, &options)
}
