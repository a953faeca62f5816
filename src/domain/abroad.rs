//! Which numbers lead out of the country. The renderer hands the expressions to the dialplan (`cordboard-abroad`); what
//! they mean together stands there and, for `diagnose`, in [`Abroad::leads_there`].

use super::country::Country;
use regex_lite::Regex;

/// How numbers of other countries begin, and how one's own looks from there. Extended regular expressions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Abroad {
    /// Of a number that leads abroad, unless it is one of `home`.
    pub begins: String,
    /// Of a number of the own country, written as from abroad; nothing when the country is not known.
    pub home: Option<String>,
    /// Of dropped digits that end in such a beginning: what is left is then a calling code and a number.
    pub dropped: String,
}

/// Behind these the calling code follows at once. Where the caller chooses a carrier with the digits behind `00`
/// (as in Brazil), there is none.
fn straight(code: &str) -> &'static [&'static str] {
    match code {
        "US" | "CA" => &["011"],
        "AU" => &["0011"],
        "JP" => &["010"],
        "RU" => &["810"],
        "BR" | "CO" | "CL" | "HK" | "KR" | "SG" => &[],
        _ => &["00"],
    }
}

/// Other beginnings, in which a carrier is chosen. Everywhere `00` is one too: many providers take it whatever the
/// country.
fn others(code: &str) -> &'static [&'static str] {
    match code {
        "" => &["00", "011"],
        "US" | "CA" => &["00", "01", "101[0-9]{4}01"],
        "CL" => &["00", "1[0-9]{2}0[0-9]{5}"],
        "FI" => &["00", "99[0-9]"],
        "IL" => &["00", "01[2-9]"],
        "SG" => &["00", "01", "02"],
        _ => &["00"],
    }
}

impl Abroad {
    /// As seen from this country.
    pub fn from(country: &Country) -> Abroad {
        let straight = straight(country.code);
        let mut all: Vec<&str> = straight.to_vec();
        all.extend(others(country.code).iter().filter(|one| !straight.contains(one)));
        let all = all.join("|");
        let home = (!country.calling_code.is_empty()).then(|| {
            let begins: Vec<&str> = ["[+]"].iter().chain(straight).copied().collect();
            format!("^({}){}[0-9]*$", begins.join("|"), country.calling_code)
        });
        // Behind a service code (`*31*`) the number itself follows.
        Abroad { begins: format!("[+]|(^|[*#])({all})"), home, dropped: format!("([+]|{all})$") }
    }

    /// Does a number lead abroad that was dialled so, when so many digits are dropped and then `prefix` is put before it?
    pub fn leads_there(&self, dialled: &str, strip: usize, prefix: &str) -> bool {
        let (dropped, rest) = dialled.split_at_checked(strip).unwrap_or((dialled, ""));
        let sent = format!("{prefix}{rest}");
        let behind = if matches(&self.dropped, dropped) { format!("+{rest}") } else { rest.to_owned() };
        [sent, behind].iter().any(|number| self.is_abroad(number))
    }

    fn is_abroad(&self, number: &str) -> bool {
        matches(&self.begins, number) && !self.home.as_deref().is_some_and(|home| matches(home, number))
    }
}

fn matches(expression: &str, number: &str) -> bool {
    Regex::new(expression).is_ok_and(|regex| regex.is_match(number))
}

#[cfg(test)]
mod tests {
    use super::super::country;
    use super::*;

    fn abroad(code: &str, dialled: &str, strip: usize, prefix: &str) -> bool {
        Abroad::from(&country::of(Some(code))).leads_there(dialled, strip, prefix)
    }

    #[test]
    fn numbers_abroad_are_known_by_how_they_begin() {
        let leads = [
            ("FR", "+4930123456"),
            ("FR", "004930123456"),
            ("FR", "*31*004930123456"),
            ("FR", "1+4930"),
            ("US", "011493012345"),
            ("US", "01493012345"),
            ("US", "1010288011493012345"),
            ("AU", "00114930123"),
            ("JP", "0104930123"),
            ("JP", "0033010493012"),
            ("RU", "8104930123456"),
            ("BR", "0055121255512"),
            ("IL", "0134930123456"),
            ("CL", "12304930123456"),
            ("FI", "9904930123456"),
            ("", "+331234"),
            ("", "00331234"),
            ("", "0113312345"),
            ("zz", "+331234"),
        ];
        for (code, number) in leads {
            assert!(abroad(code, number, 0, ""), "{code} {number}");
        }
    }

    #[test]
    fn numbers_of_the_own_country_are_at_home_however_they_are_written() {
        let stays = [
            ("FR", "0123456789"),
            ("FR", "+33123456789"),
            ("FR", "0033123456789"),
            ("FR", "3699"),
            ("US", "+12125551234"),
            ("US", "12125551234"),
            ("US", "2125551234"),
            ("US", "0111212555123"),
            ("AU", "0011612345678"),
            ("JP", "0312345678"),
            ("RU", "84951234567"),
            ("RU", "8107495123456"),
            ("CL", "1404"),
            ("FI", "0912345"),
            ("", "0123456789"),
        ];
        for (code, number) in stays {
            assert!(!abroad(code, number, 0, ""), "{code} {number}");
        }
    }

    #[test]
    fn it_counts_what_the_network_gets_and_what_was_meant() {
        // A digit for the line, dropped.
        assert!(abroad("DE", "00033123", 1, "") && !abroad("DE", "0030123", 1, ""));
        // The prefix of the outcall makes it a number abroad, or one at home.
        assert!(abroad("DE", "933123", 1, "00") && !abroad("DE", "930123", 1, "+49"));
        // A provider that wants the calling code without anything before it.
        assert!(abroad("DE", "0033123", 2, "") && abroad("DE", "+33123", 1, ""));
        assert!(!abroad("DE", "004930123", 2, "") && !abroad("DE", "+4930123", 1, ""));
        // A gateway behind which a digit gets a line.
        assert!(abroad("DE", "0033123", 0, "9"));
        // More is dropped than was dialled.
        assert!(!abroad("DE", "12", 5, ""));
    }

    #[test]
    fn the_expressions_stand_in_a_file_of_asterisk() {
        for code in ["", "US", "CL", "JP", "FR"] {
            let Abroad { begins, home, dropped } = Abroad::from(&country::of(Some(code)));
            for text in [begins, home.unwrap_or_default(), dropped] {
                assert!(
                    text.bytes().all(|b| b.is_ascii_alphanumeric() || b"[]()^$|+*#{}-".contains(&b)),
                    "{text}"
                );
            }
        }
    }
}
