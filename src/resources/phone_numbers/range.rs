//! Phone numbers in a row: `POST /phone-numbers/ranges`.

use super::IS_NUMBER;
use crate::domain::py::Py;
use crate::domain::schema::{Field, Messages, Mode, Object, Schema};
use serde_json::Value;

/// Most numbers of one range.
const MOST: u128 = 10_000;

pub static SCHEMA: Schema = Schema::new(
    "PhoneNumberRange",
    &[
        Field::text("start_number").required().rules(IS_NUMBER),
        Field::text("end_number").required().rules(IS_NUMBER),
    ],
)
.checked(check);

fn text<'a>(body: &'a Object, name: &str) -> &'a str {
    body.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// First and last number as digits; nothing for more digits than a number has.
fn bounds(body: &Object) -> Option<(u128, u128)> {
    let number = |name| text(body, name).trim_start_matches('+').parse().ok();
    number("start_number").zip(number("end_number"))
}

fn check(body: &Object, _: Mode) -> Messages {
    let message = if text(body, "start_number") > text(body, "end_number") {
        "start phone number must precede end phone number".to_owned()
    } else if bounds(body).is_some_and(|(start, end)| start <= end && end - start < MOST) {
        return Messages::new();
    } else {
        format!("range size must be between 1 and {MOST}")
    };
    vec![("_schema".to_owned(), Py::List(vec![message.into()]))]
}

/// Every number of a range that [`SCHEMA`] has read, written as its first one is.
pub fn numbers(body: &Object) -> impl Iterator<Item = String> {
    let start = text(body, "start_number");
    let plus = if start.starts_with('+') { "+" } else { "" };
    let width = start.len() - plus.len();
    let (first, last) = bounds(body).unwrap_or((1, 0));
    (first..=last).map(move |number| format!("{plus}{number:0width$}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn range(start: &str, end: &str) -> Object {
        json!({"start_number": start, "end_number": end}).as_object().cloned().unwrap()
    }

    #[test]
    fn numbers_keep_the_form_of_the_first() {
        let all = |start, end| numbers(&range(start, end)).collect::<Vec<_>>();
        assert_eq!(all("+15550098", "+15550101"), ["+15550098", "+15550099", "+15550100", "+15550101"]);
        assert_eq!(all("0099", "0100"), ["0099", "0100"]);
        assert_eq!(all("7", "7"), ["7"]);
    }

    #[test]
    fn a_range_has_at_most_ten_thousand_numbers() {
        assert!(check(&range("+10000", "+19999"), Mode::Create).is_empty());
        assert_eq!(check(&range("10000", "20000"), Mode::Create).len(), 1);
        assert_eq!(check(&range("200", "100"), Mode::Create).len(), 1);
        assert_eq!(check(&range(&"1".repeat(60), &"1".repeat(60)), Mode::Create).len(), 1);
    }
}
