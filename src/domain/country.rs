//! What telephony depends on the country: numbers that must always be reachable, and how national numbers are written.

/// A country's numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Country {
    /// ISO 3166, two letters.
    pub code: &'static str,
    /// Without the plus: `33`.
    pub calling_code: &'static str,
    /// What stands before a national number in place of `+33`; often `0`, may be empty.
    pub national_prefix: &'static str,
    /// Police, fire, ambulance and the like; never refused.
    pub emergency: &'static [&'static str],
}

const fn country(
    code: &'static str,
    calling_code: &'static str,
    national_prefix: &'static str,
    emergency: &'static [&'static str],
) -> Country {
    Country { code, calling_code, national_prefix, emergency }
}

/// Where the country is not known: what mobile networks everywhere take.
pub const UNKNOWN: Country = country("", "", "", &["112", "911"]);

/// By code.
const COUNTRIES: [Country; 58] = [
    country("AE", "971", "0", &["112", "997", "998", "999"]),
    country("AR", "54", "0", &["100", "101", "107", "112", "911"]),
    country("AT", "43", "0", &["112", "122", "133", "144"]),
    country("AU", "61", "0", &["000", "106", "112"]),
    country("BE", "32", "0", &["100", "101", "112"]),
    country("BG", "359", "0", &["112", "150", "160", "166"]),
    country("BR", "55", "0", &["112", "190", "192", "193", "911"]),
    country("CA", "1", "1", &["112", "911", "988"]),
    country("CH", "41", "0", &["112", "117", "118", "143", "144", "147"]),
    country("CI", "225", "", &["110", "111", "112", "170", "180", "185"]),
    country("CL", "56", "", &["112", "131", "132", "133", "911"]),
    country("CN", "86", "0", &["110", "112", "119", "120", "122"]),
    country("CO", "57", "", &["112", "119", "123", "125"]),
    country("CY", "357", "", &["112", "199"]),
    country("CZ", "420", "", &["112", "150", "155", "156", "158"]),
    country("DE", "49", "0", &["110", "112"]),
    country("DK", "45", "", &["112", "114"]),
    country("DZ", "213", "0", &["14", "17", "112", "1548"]),
    country("EE", "372", "", &["110", "112"]),
    country("ES", "34", "", &["061", "062", "080", "091", "092", "112"]),
    country("FI", "358", "0", &["112"]),
    country("FR", "33", "0", &["15", "17", "18", "112", "114", "115", "119", "191", "196", "197"]),
    country("GB", "44", "0", &["112", "999"]),
    country("GR", "30", "", &["100", "108", "112", "166", "199"]),
    country("HK", "852", "", &["112", "999"]),
    country("HR", "385", "0", &["112", "192", "193", "194", "195"]),
    country("HU", "36", "06", &["104", "105", "107", "112"]),
    country("IE", "353", "0", &["112", "999"]),
    country("IL", "972", "0", &["100", "101", "102", "112"]),
    country("IN", "91", "0", &["100", "101", "102", "108", "112"]),
    country("IS", "354", "", &["112"]),
    country("IT", "39", "", &["112", "113", "115", "118"]),
    country("JP", "81", "0", &["110", "118", "119"]),
    country("KR", "82", "0", &["112", "119"]),
    country("LT", "370", "8", &["112"]),
    country("LU", "352", "", &["112", "113"]),
    country("LV", "371", "", &["110", "112", "113"]),
    country("MA", "212", "0", &["15", "19", "112", "141", "150", "177", "190"]),
    country("MT", "356", "", &["112"]),
    country("MX", "52", "", &["112", "911"]),
    country("NL", "31", "0", &["112"]),
    country("NO", "47", "", &["110", "112", "113"]),
    country("NZ", "64", "0", &["111", "112"]),
    country("PL", "48", "", &["112", "997", "998", "999"]),
    country("PT", "351", "", &["112"]),
    country("RO", "40", "0", &["112"]),
    country("RS", "381", "0", &["112", "192", "193", "194"]),
    country("RU", "7", "8", &["01", "02", "03", "101", "102", "103", "112"]),
    country("SE", "46", "0", &["112"]),
    country("SG", "65", "", &["112", "995", "999"]),
    country("SI", "386", "0", &["112", "113"]),
    country("SK", "421", "0", &["112", "150", "155", "158"]),
    country("SN", "221", "", &["17", "18", "112", "1515"]),
    country("TN", "216", "", &["112", "190", "193", "197", "198"]),
    country("TR", "90", "0", &["110", "112", "155", "156"]),
    country("UA", "380", "0", &["101", "102", "103", "112"]),
    country("US", "1", "1", &["112", "911", "988"]),
    country("ZA", "27", "0", &["112", "10111", "10177"]),
];

/// The country with this code in any case; [`UNKNOWN`] for none or one that is not listed.
pub fn of(code: Option<&str>) -> Country {
    let wanted = code.unwrap_or_default().trim();
    COUNTRIES.into_iter().find(|country| country.code.eq_ignore_ascii_case(wanted)).unwrap_or(UNKNOWN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_country_is_there_once_with_numbers_that_can_be_dialled() {
        let mut codes: Vec<_> = COUNTRIES.iter().map(|country| country.code).collect();
        codes.dedup();
        assert!(codes.is_sorted() && codes.len() == COUNTRIES.len());
        for country in COUNTRIES {
            assert!(!country.emergency.is_empty() && !country.calling_code.is_empty());
            let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
            assert!(country.emergency.iter().all(|number| digits(number)) && digits(country.calling_code));
        }
    }

    #[test]
    fn an_unknown_country_has_the_numbers_of_mobile_networks() {
        assert_eq!(of(None).emergency, ["112", "911"]);
        assert_eq!(of(Some("zz")).emergency, ["112", "911"]);
        assert_eq!(of(Some("fr")).calling_code, "33");
    }
}
