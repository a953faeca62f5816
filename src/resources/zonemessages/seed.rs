//! The zones of a fresh system.
//!
//! A message is app_voicemail's: `'file'` plays a sound, `Q` says the day (today, yesterday, a weekday, a date),
//! `q` the same but nothing for today, `I` the hour of twelve, `k` the hour of 24, `M` the minute, `p` am or pm.

use super::{ZoneMessage, store};
use crate::db::WriteTx;
use crate::error::Result;

const TWELVE_HOURS: &str = "'vm-received' Q 'digits/at' IMp";
const TWENTY_FOUR_HOURS: &str = "'vm-received' q 'digits/at' kM";

const AMERICA: &[(&str, &str)] = &[
    ("na-newfoundland", "America/St_Johns"),
    ("na-atlantic", "America/Halifax"),
    ("na-eastern", "America/New_York"),
    ("na-central", "America/Chicago"),
    ("na-mountain", "America/Denver"),
    ("na-arizona", "America/Phoenix"),
    ("na-saskatchewan", "America/Regina"),
    ("na-pacific", "America/Los_Angeles"),
    ("na-alaska", "America/Anchorage"),
    ("na-hawaii", "Pacific/Honolulu"),
    ("na-puertorico", "America/Puerto_Rico"),
    ("na-mexico", "America/Mexico_City"),
    ("na-montreal", "America/Montreal"),
    ("na-toronto", "America/Toronto"),
    ("na-winnipeg", "America/Winnipeg"),
    ("na-edmonton", "America/Edmonton"),
    ("na-vancouver", "America/Vancouver"),
];

const ELSEWHERE: &[(&str, &str)] = &[
    ("eu-gb", "Europe/London"),
    ("eu-ie", "Europe/Dublin"),
    ("eu-pt", "Europe/Lisbon"),
    ("eu-es", "Europe/Madrid"),
    ("eu-be", "Europe/Brussels"),
    ("eu-nl", "Europe/Amsterdam"),
    ("eu-lu", "Europe/Luxembourg"),
    ("eu-ch", "Europe/Zurich"),
    ("eu-de", "Europe/Berlin"),
    ("eu-at", "Europe/Vienna"),
    ("eu-it", "Europe/Rome"),
    ("eu-dk", "Europe/Copenhagen"),
    ("eu-no", "Europe/Oslo"),
    ("eu-se", "Europe/Stockholm"),
    ("eu-fi", "Europe/Helsinki"),
    ("eu-pl", "Europe/Warsaw"),
    ("eu-cz", "Europe/Prague"),
    ("eu-sk", "Europe/Bratislava"),
    ("eu-hu", "Europe/Budapest"),
    ("eu-si", "Europe/Ljubljana"),
    ("eu-hr", "Europe/Zagreb"),
    ("eu-ro", "Europe/Bucharest"),
    ("eu-bg", "Europe/Sofia"),
    ("eu-gr", "Europe/Athens"),
    ("eu-ee", "Europe/Tallinn"),
    ("eu-lv", "Europe/Riga"),
    ("eu-lt", "Europe/Vilnius"),
    ("eu-ua", "Europe/Kyiv"),
    ("eu-ru", "Europe/Moscow"),
    ("eu-tr", "Europe/Istanbul"),
    ("sa-br", "America/Sao_Paulo"),
    ("sa-ar", "America/Argentina/Buenos_Aires"),
    ("sa-cl", "America/Santiago"),
    ("sa-co", "America/Bogota"),
    ("sa-pe", "America/Lima"),
    ("af-ma", "Africa/Casablanca"),
    ("af-tn", "Africa/Tunis"),
    ("af-sn", "Africa/Dakar"),
    ("af-ng", "Africa/Lagos"),
    ("af-za", "Africa/Johannesburg"),
    ("af-ke", "Africa/Nairobi"),
    ("as-ae", "Asia/Dubai"),
    ("as-il", "Asia/Jerusalem"),
    ("as-in", "Asia/Kolkata"),
    ("as-th", "Asia/Bangkok"),
    ("as-vn", "Asia/Ho_Chi_Minh"),
    ("as-sg", "Asia/Singapore"),
    ("as-hk", "Asia/Hong_Kong"),
    ("as-cn", "Asia/Shanghai"),
    ("as-tw", "Asia/Taipei"),
    ("as-kr", "Asia/Seoul"),
    ("as-jp", "Asia/Tokyo"),
    ("au-perth", "Australia/Perth"),
    ("au-adelaide", "Australia/Adelaide"),
    ("au-brisbane", "Australia/Brisbane"),
    ("au-sydney", "Australia/Sydney"),
    ("nz-auckland", "Pacific/Auckland"),
    ("utc", "Etc/UTC"),
];

/// Makes the zones of a fresh system, `eu-fr` first.
///
/// # Errors
/// The database can't be written.
pub fn seed(tx: &WriteTx) -> Result<()> {
    let zone = |(name, timezone): &(&str, &str), message: &str| ZoneMessage {
        name: (*name).to_owned(),
        timezone: (*timezone).to_owned(),
        message: Some(message.to_owned()),
    };
    let mut zones = vec![zone(&("eu-fr", "Europe/Paris"), TWENTY_FOUR_HOURS)];
    zones.extend(AMERICA.iter().map(|place| zone(place, TWELVE_HOURS)));
    zones.extend(ELSEWHERE.iter().map(|place| zone(place, TWENTY_FOUR_HOURS)));
    store::replace(tx, &zones)
}
