//! `cordboard_schedules.conf`: when calls are taken. The dialplan looks at it in the middle of a call: a change reloads
//! nothing.

use std::borrow::Cow;

use super::builder::Builder;
use super::fileset::{File, Kind};
use super::index::Index;
use super::left_out::{Failed, Part};
use crate::domain::hours::{self, Period};
use crate::model::Schedule;

/// So many bytes of items stand in a line; Asterisk reads some more than 8000.
const LONGEST_LIST: usize = 7000;

/// What the dialplan reads of whoever follows a schedule.
pub fn followed(schedule: Option<i64>) -> Option<(&'static str, Cow<'static, str>)> {
    schedule.map(|id| ("schedule", id.to_string().into()))
}

/// A row a schedule, `[schedule-id]`.
pub fn render(name: &'static str, index: &Index<'_>) -> Result<File, Failed> {
    let mut builder = Builder::data(name)?;
    for schedule in &index.model.schedules {
        let done =
            builder.section(Kind::CallData, &format!("schedule-{}", schedule.id), &[], &values(schedule));
        builder.note(done, || Part::Schedule(schedule.id));
    }
    builder.finish_data()
}

fn values(schedule: &Schedule) -> Vec<(String, Cow<'_, str>)> {
    let mut row = vec![("enabled".to_owned(), "yes".into())];
    if let Some(zone) = schedule.timezone.as_deref().and_then(hours::timezone) {
        row.push(("timezone".to_owned(), zone.into()));
        row.extend(hours::rule(zone).map(|rule| ("rule".to_owned(), format!("\"{rule}\"").into())));
    }
    for (key, periods) in [("exceptional", &schedule.exceptional), ("open", &schedule.open)] {
        let lists = (1..).zip(lists(periods.iter().map(written).collect()));
        row.extend(lists.map(|(at, list): (i64, _)| (format!("{key}{at}"), list.into())));
    }
    row
}

/// Items joined by `&`, as many as a line holds.
pub fn lists(items: Vec<String>) -> Vec<String> {
    let mut lists: Vec<String> = Vec::new();
    for item in items {
        match lists.last_mut() {
            Some(list) if list.len() + item.len() < LONGEST_LIST => {
                list.push('&');
                list.push_str(&item);
            }
            _ => lists.push(item),
        }
    }
    lists
}

/// `0800:1730:^[12345]-..-..$`: the first and the last minute, and an expression of the days, which are written as day of
/// the week, of the month, and month: `1-31-12`.
fn written(period: &Period) -> String {
    let minute = |text: &str| -> String { text.bytes().filter(u8::is_ascii_digit).map(char::from).collect() };
    format!(
        "{}:{}:^{}-{}-{}$",
        minute(&period.hours_start),
        minute(&period.hours_end),
        one_of(&period.week_days, 7, 1),
        one_of(&period.month_days, 31, 2),
        one_of(&period.months, 12, 2),
    )
}

/// An expression of these numbers with so many digits.
fn one_of(numbers: &[i64], last: i64, digits: usize) -> String {
    if (1..=last).all(|number| numbers.contains(&number)) {
        return ".".repeat(digits);
    }
    let each: Vec<String> = numbers.iter().map(|number| format!("{number:0digits$}")).collect();
    if digits == 1 { format!("[{}]", each.concat()) } else { format!("({})", each.join("|")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(week_days: &[i64], month_days: &[i64], months: &[i64]) -> Period {
        Period {
            hours_start: "08:00".to_owned(),
            hours_end: "17:30".to_owned(),
            week_days: week_days.to_vec(),
            month_days: month_days.to_vec(),
            months: months.to_vec(),
        }
    }

    #[test]
    fn a_period_is_its_minutes_and_an_expression_of_its_days() {
        let all = |last| (1..=last).collect::<Vec<i64>>();
        assert_eq!(written(&period(&all(7), &all(31), &all(12))), "0800:1730:^.-..-..$");
        assert_eq!(written(&period(&[1, 5], &[1, 31], &[12])), "0800:1730:^[15]-(01|31)-(12)$");
    }

    #[test]
    fn more_periods_than_a_line_holds_are_continued_in_the_next() {
        let month_days: Vec<i64> = (2..=31).collect();
        let lists = lists(vec![written(&period(&[1], &month_days, &[1])); 200]);
        assert!(lists.len() > 1 && lists.iter().all(|list| list.len() < 8000));
        assert_eq!(lists.iter().map(|list| list.split('&').count()).sum::<usize>(), 200);
    }
}
