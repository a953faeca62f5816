//! The options of a queue that app_queue knows: how each is read, what a new queue has, and what is left of it when all
//! options are replaced (confd.md 6.2). Other options are kept for the client, and mean nothing to calls.

use crate::domain::section;

/// How an option is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value {
    /// A number, not negative.
    Number,
    /// yes or no.
    Switch,
    OneOf(&'static [&'static str]),
    /// A recording, or several joined by commas.
    Sound,
    /// Conditions joined by commas.
    Conditions,
    /// The context of the keys that a waiting caller presses.
    Context,
    /// Of recordings.
    Format,
    /// Stored only: Asterisk has no such option any more, or it names a file that cordboard does not make.
    Stored,
}

/// An option.
#[derive(Debug)]
pub struct Known {
    pub name: &'static str,
    pub value: Value,
    /// Of a new queue.
    pub new: Option<&'static str>,
    /// What it is when all options are replaced by a list without it.
    pub kept: Option<&'static str>,
}

/// Every strategy of app_queue.
pub const STRATEGIES: &[&str] =
    &["ringall", "leastrecent", "fewestcalls", "random", "rrmemory", "rrordered", "linear", "wrandom"];

/// What `joinempty` and `leavewhenempty` may hold.
pub const CONDITIONS: &[&str] = &[
    "yes",
    "no",
    "strict",
    "loose",
    "paused",
    "penalty",
    "inuse",
    "ringing",
    "unavailable",
    "invalid",
    "unknown",
    "wrapup",
];

/// Every option, in the order of an answer.
pub const KNOWN: &[Known] = &[
    option("announce", Value::Sound),
    option("context", Value::Context),
    option("timeout", Value::Number).fresh("15"),
    option("monitor-type", Value::Stored),
    option("monitor-format", Value::Format),
    sound("queue-youarenext"),
    sound("queue-thereare"),
    sound("queue-callswaiting"),
    sound("queue-holdtime"),
    sound("queue-minutes"),
    sound("queue-seconds"),
    sound("queue-thankyou"),
    sound("queue-reporthold"),
    option("periodic-announce", Value::Sound).fresh("queue-periodic-announce"),
    option("announce-frequency", Value::Number).fresh("0"),
    option("periodic-announce-frequency", Value::Number).fresh("0"),
    option("announce-round-seconds", Value::Number).fresh("0"),
    option("announce-holdtime", Value::OneOf(&["yes", "no", "once"])).fresh("no"),
    option("retry", Value::Number).fresh("5"),
    option("wrapuptime", Value::Number).fresh("0"),
    option("maxlen", Value::Number).fresh("0"),
    option("servicelevel", Value::Number).fresh("0"),
    option("strategy", Value::OneOf(STRATEGIES)).fresh("ringall"),
    option("joinempty", Value::Conditions),
    option("leavewhenempty", Value::Conditions),
    option("memberdelay", Value::Number).fresh("0"),
    option("weight", Value::Number).fresh("0"),
    option("timeoutpriority", Value::OneOf(&["app", "conf"])).fresh("conf").kept("app"),
    switch("setqueueentryvar"),
    switch("setqueuevar"),
    switch("setinterfacevar"),
    switch("reportholdtime"),
    option("autofill", Value::Switch).fresh("yes").kept("yes"),
    option("autopause", Value::OneOf(&["yes", "no", "all"])).fresh("no").kept("no"),
    switch("timeoutrestart"),
    option("announce-position", Value::OneOf(&["yes", "no", "limit", "more"])).fresh("yes").kept("yes"),
    option("announce-position-limit", Value::Number).fresh("5").kept("5"),
    option("min-announce-frequency", Value::Number).fresh("60").kept("60"),
    switch("random-periodic-announce"),
    option("announce-to-first-user", Value::Switch),
    switch("ringinuse"),
    option("membermacro", Value::Stored),
    option("defaultrule", Value::Stored),
];

const fn option(name: &'static str, value: Value) -> Known {
    Known { name, value, new: None, kept: None }
}

/// On in a new queue, off when all options are replaced without it.
const fn switch(name: &'static str) -> Known {
    option(name, Value::Switch).fresh("yes").kept("no")
}

/// A recording that has the option's own name.
const fn sound(name: &'static str) -> Known {
    option(name, Value::Sound).fresh(name)
}

impl Known {
    const fn fresh(mut self, value: &'static str) -> Known {
        self.new = Some(value);
        self
    }

    const fn kept(mut self, value: &'static str) -> Known {
        self.kept = Some(value);
        self
    }

    /// The option of that name.
    pub fn named(name: &str) -> Option<&'static Known> {
        KNOWN.iter().find(|known| known.name == name)
    }
}

impl Value {
    /// The value as it is stored, or what is wrong with it.
    ///
    /// # Errors
    /// The contract's words for a wrong value.
    pub fn read(self, text: &str) -> Result<String, String> {
        match self {
            Value::Number => match text.trim().parse::<u32>() {
                Ok(number) => Ok(number.to_string()),
                Err(_) if text.trim().parse::<i64>().is_ok_and(|number| number < 0) => {
                    Err("Must be greater than or equal to 0.".to_owned())
                }
                Err(_) => Err("Not a valid integer.".to_owned()),
            },
            Value::Switch => match text.to_ascii_lowercase().as_str() {
                "yes" | "true" | "on" | "1" => Ok("yes".to_owned()),
                "no" | "false" | "off" | "0" => Ok("no".to_owned()),
                _ => Err("Not a valid boolean.".to_owned()),
            },
            Value::OneOf(choices) if choices.contains(&text) => Ok(text.to_owned()),
            Value::OneOf(choices) => Err(format!("Must be one of: {}.", choices.join(", "))),
            Value::Sound | Value::Conditions | Value::Context | Value::Format | Value::Stored => {
                Ok(text.to_owned())
            }
        }
    }
}

/// What no administrator's queue is called by.
pub const OWN_NAMES: &str = "cordboard-";

/// What app_queue calls a queue of this name: another name when its members ring in order. app_queue decides when it
/// makes a queue whether it keeps their order, and a later change of the strategy does not change that.
pub fn running_name(name: &str, options: &[(String, String)]) -> String {
    let strategy = options.iter().find(|(name, _)| name == "strategy").map(|(_, value)| value.as_str());
    match strategy {
        Some("linear" | "rrordered") => section::readable(format!("{OWN_NAMES}ordered-{name}")),
        _ => section::readable(name.to_owned()),
    }
}

/// The options of a new queue: those given, over the defaults.
pub fn merged(given: &[(String, String)]) -> Vec<(String, String)> {
    over(|known| known.new, given)
}

/// All options replaced by those given.
pub fn replaced(given: &[(String, String)]) -> Vec<(String, String)> {
    over(|known| known.kept, given)
}

/// Known options in order, then the others as they came. Of an option that comes twice, the last counts.
fn over(default: fn(&Known) -> Option<&'static str>, given: &[(String, String)]) -> Vec<(String, String)> {
    let last = |name: &str| given.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    let known = KNOWN.iter().filter_map(|known| {
        let value = last(known.name).or_else(|| default(known).map(str::to_owned))?;
        Some((known.name.to_owned(), value))
    });
    let mut all: Vec<(String, String)> = known.collect();
    for (name, _) in given.iter().filter(|(name, _)| Known::named(name).is_none()) {
        if !all.iter().any(|(known, _)| known == name) {
            all.extend(last(name).map(|value| (name.clone(), value)));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
        list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_new_queue_has_the_defaults_and_what_is_given() {
        let all = merged(&pairs(&[("x", "1"), ("timeout", "3"), ("x", "2"), ("timeout", "4")]));
        assert_eq!(all.len(), 35);
        assert_eq!(all.last(), Some(&("x".to_owned(), "2".to_owned())));
        assert!(all.contains(&("timeout".to_owned(), "4".to_owned())));
    }

    #[test]
    fn what_replaces_all_leaves_what_can_not_be_empty() {
        let all = replaced(&pairs(&[("timeout", "1"), ("ringinuse", "yes")]));
        let expected = [
            ("timeout", "1"),
            ("timeoutpriority", "app"),
            ("setqueueentryvar", "no"),
            ("setqueuevar", "no"),
            ("setinterfacevar", "no"),
            ("reportholdtime", "no"),
            ("autofill", "yes"),
            ("autopause", "no"),
            ("timeoutrestart", "no"),
            ("announce-position", "yes"),
            ("announce-position-limit", "5"),
            ("min-announce-frequency", "60"),
            ("random-periodic-announce", "no"),
            ("ringinuse", "yes"),
        ];
        assert_eq!(all, pairs(&expected));
    }

    #[test]
    fn all_options_at_once_are_all_there_is() {
        let given: Vec<_> = KNOWN.iter().map(|known| (known.name.to_owned(), "42".to_owned())).collect();
        assert_eq!(given.len(), 43);
        assert_eq!((merged(&given), replaced(&given)), (given.clone(), given));
    }
}
