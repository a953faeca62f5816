//! Access lists, exactly as the contract has them (auth.md 2): which entries of a token's list allow an access such as
//! `confd.users.5.update`.
//!
//! An entry is compared with the whole access. `*` is any run of characters but `.` and `#`, `#` any run at all. As
//! whole words `me`, `my_session` and `edit` also stand for the caller, their session, and `update`. An entry that
//! begins with `!` denies, and a denial wins.

/// Longest access that is asked for, in bytes. No route's is longer; a longer one is not allowed to anybody.
const LONGEST: usize = 4096;

/// A list, made ready for one token.
#[derive(Debug, Clone, Default)]
pub struct Acl {
    entries: Vec<String>,
    denied: Vec<Entry>,
    allowed: Vec<Entry>,
}

/// Whom the reserved words stand for.
#[derive(Debug, Clone, Copy)]
pub struct Owner<'a> {
    /// What `me` is.
    pub auth_id: &'a str,
    /// What `my_session` is.
    pub session: &'a str,
}

#[derive(Debug, Clone)]
struct Entry(Vec<Part>);

#[derive(Debug, Clone)]
enum Part {
    Literal(String),
    /// `*`
    Word,
    /// `#`
    Rest,
    /// A reserved word: as it is written, or what it stands for.
    Either(&'static str, String),
}

impl Acl {
    pub fn new(entries: Vec<String>, owner: Owner) -> Acl {
        let (denied, allowed) = entries.iter().partition::<Vec<_>, _>(|entry| entry.starts_with('!'));
        let compile = |entry: &str| Entry::compile(entry, owner);
        Acl {
            denied: denied.iter().map(|entry| compile(entry.get(1..).unwrap_or_default())).collect(),
            allowed: allowed.iter().map(|entry| compile(entry)).collect(),
            entries,
        }
    }

    /// The entries as they were given.
    pub fn entries(&self) -> &[String] {
        &self.entries
    }

    /// Does the list allow this access? Wildcards in `access` are plain characters.
    pub fn allows(&self, access: &str) -> bool {
        let matches = |entry: &Entry| entry.matches(access);
        !self.denies(access) && self.allowed.iter().any(matches)
    }

    /// Does an entry deny this access? Most lists say nothing of it either way.
    pub fn denies(&self, access: &str) -> bool {
        access.len() > LONGEST || self.denied.iter().any(|entry| entry.matches(access))
    }

    /// May who has this list grant `access` to others? A denial may always be given.
    pub fn may_add(&self, access: &str) -> bool {
        access.starts_with('!') || self.allows(access)
    }

    /// May who has this list take `access` from others?
    pub fn may_remove(&self, access: &str) -> bool {
        self.allows(access.strip_prefix('!').unwrap_or(access))
    }
}

impl Entry {
    fn compile(entry: &str, owner: Owner) -> Entry {
        let mut parts = Vec::new();
        for (index, word) in entry.split('.').enumerate() {
            if index > 0 {
                literal(&mut parts, ".");
            }
            match word {
                "me" => parts.push(Part::Either("me", owner.auth_id.to_owned())),
                "my_session" => parts.push(Part::Either("my_session", owner.session.to_owned())),
                "edit" => parts.push(Part::Either("edit", "update".to_owned())),
                word => wildcards(&mut parts, word),
            }
        }
        Entry(parts)
    }

    /// Follows all ways to match at once, so that no entry takes more than its length times the access's.
    fn matches(&self, access: &str) -> bool {
        let mut ends = vec![0];
        for part in &self.0 {
            ends = part.after(&ends, access);
            if ends.is_empty() {
                return false;
            }
        }
        ends.last() == Some(&access.len())
    }
}

impl Part {
    /// Where a match of this part ends that begins at one of `starts`; both in order, without repetition.
    fn after(&self, starts: &[usize], access: &str) -> Vec<usize> {
        let rest = |start: usize| access.get(start..).unwrap_or_default();
        let skip = |text: &str| -> Vec<usize> {
            let here = starts.iter().filter(|start| rest(**start).starts_with(text));
            here.map(|start| start + text.len()).collect()
        };
        match self {
            Part::Literal(text) => skip(text),
            Part::Either(word, meaning) => {
                let mut ends = skip(word);
                ends.extend(skip(meaning));
                ends.sort_unstable();
                ends.dedup();
                ends
            }
            Part::Rest => {
                let first = starts.first().copied().unwrap_or(access.len());
                (first..=access.len()).filter(|end| access.is_char_boundary(*end)).collect()
            }
            Part::Word => word_ends(starts, access),
        }
    }
}

/// Where runs of characters but `.` and `#` end that begin at one of `starts`, in one pass.
fn word_ends(starts: &[usize], access: &str) -> Vec<usize> {
    let mut ends = Vec::new();
    let mut starts = starts.iter().copied().peekable();
    let mut running = false;
    for (at, c) in access.char_indices().map(|(at, c)| (at, Some(c))).chain([(access.len(), None)]) {
        running |= starts.next_if_eq(&at).is_some();
        if running {
            ends.push(at);
        }
        running &= c.is_some_and(|c| !['.', '#'].contains(&c));
    }
    ends
}

fn wildcards(parts: &mut Vec<Part>, word: &str) {
    for piece in word.split_inclusive(['*', '#']) {
        match piece.strip_suffix(['*', '#']) {
            Some(text) => {
                literal(parts, text);
                parts.push(if piece.ends_with('*') { Part::Word } else { Part::Rest });
            }
            None => literal(parts, piece),
        }
    }
}

/// Adds text, to the text before it if there is some.
fn literal(parts: &mut Vec<Part>, text: &str) {
    match parts.last_mut() {
        Some(Part::Literal(before)) => before.push_str(text),
        _ if text.is_empty() => {}
        _ => parts.push(Part::Literal(text.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::time::{Duration, Instant};

    const OWNER: Owner = Owner { auth_id: "123", session: "s-1" };

    fn allows(entries: &[&str], access: &str) -> bool {
        Acl::new(entries.iter().map(|entry| (*entry).to_owned()).collect(), OWNER).allows(access)
    }

    #[test]
    fn the_truth_table_of_the_contract_holds() {
        for (entries, access, allowed) in [
            (vec!["foo.bar.#.titi"], "foo.bar.titi", false),
            (vec!["foo.bar.#.titi"], "foo.bar.toto.tata.titi", true),
            (vec!["foo.bar.#.titi"], "foo.bar.*.titi", true),
            (vec!["foo.#.me"], "foo.bar.me", true),
            (vec!["foo.#.me"], "foo.bar.123", true),
            (vec!["foo.#.me"], "foo.*.456", false),
            (vec!["foo.#.me"], "foo.#.me", true),
            (vec!["foo.#", "!foo.me.bar.#", "foo.me.bar.123"], "foo.me.bar.123", false),
            (vec!["!*.bar", "foo.bar"], "foo.bar", false),
            (vec!["foo.*.bar", "!foo.123.bar"], "foo.me.bar", true),
            (vec!["foo.*.bar", "!foo.123.bar"], "foo.123.bar", false),
            (vec!["!foo.x"], "foo.y", false),
            (vec!["!!a.b", "#"], "a.b", true),
            (vec!["!!a.b", "#"], "!a.b", false),
        ] {
            assert_eq!(allows(&entries, access), allowed, "{entries:?} {access}");
        }
    }

    #[test]
    fn a_star_is_a_word_and_a_hash_the_rest() {
        for (entry, access, allowed) in [
            ("foo.#", "foo.", true),
            ("foo.#", "foo.a.b", true),
            ("foo.#", "foo", false),
            ("foo.*", "foo.a", true),
            ("foo.*", "foo.*", true),
            ("foo.*", "foo.a.b", false),
            ("foo.*", "foo.#", false),
            ("#", "", true),
            ("*", "", true),
            ("*", "x", true),
            ("*", "a.b", false),
            ("a.#.c", "a.c", false),
            ("a.#.c", "a..c", true),
            ("confd.users.me.#.read", "confd.users.me.read", false),
            ("foo.b*r", "foo.br", true),
            ("foo.b*r", "foo.bear", true),
            ("foo.b*r", "foo.b.r", false),
            ("foo.bar.#", "foo.bar.*.*", true),
            ("foo.*.*", "foo.*.*", true),
            ("foo.*.*", "foo.bar.#", false),
            ("foo", "FOO", false),
            ("", "", true),
        ] {
            assert_eq!(allows(&[entry], access), allowed, "{entry} {access}");
        }
    }

    #[test]
    fn reserved_words_are_whole_words() {
        for (entry, access, allowed) in [
            ("foo.me", "foo.me", true),
            ("foo.me", "foo.123", true),
            ("foo.me", "foo.12", false),
            ("foo.me#", "foo.123", false),
            ("foo.me#", "foo.me2", true),
            ("my_session.read", "s-1.read", true),
            ("x.edit", "x.update", true),
            ("x.edit", "x.edit", true),
            ("x.update", "x.edit", false),
        ] {
            assert_eq!(allows(&[entry], access), allowed, "{entry} {access}");
        }
    }

    #[test]
    fn nobody_gives_or_takes_more_than_they_have() {
        let acl = Acl::new(vec!["confd.#".to_owned()], OWNER);
        assert!(acl.may_add("confd.*.read") && acl.may_add("!#") && !acl.may_add("#"));
        assert!(acl.may_remove("!confd.users.read") && !acl.may_remove("!auth.#"));
    }

    #[test]
    fn no_entry_takes_exponential_time() {
        let entry = "#a*a#.*a".repeat(200);
        let access = "a".repeat(2000);
        let start = Instant::now();
        assert!(!allows(&[&entry], &(access + "!")));
        assert!(start.elapsed() < Duration::from_secs(5));
    }

    /// The rules written down once more, by trying every way.
    fn tries_all(entry: &[char], access: &[char]) -> bool {
        match entry.split_first() {
            None => access.is_empty(),
            Some(('#', rest)) => (0..=access.len()).any(|skip| tries_all(rest, &access[skip..])),
            Some(('*', rest)) => {
                let run = access.iter().take_while(|c| !['.', '#'].contains(c)).count();
                (0..=run).any(|skip| tries_all(rest, &access[skip..]))
            }
            Some((c, rest)) => access.first() == Some(c) && tries_all(rest, &access[1..]),
        }
    }

    proptest! {
        #[test]
        fn an_entry_matches_what_trying_every_way_matches(entry in "[ab.*#é]{0,8}", access in "[ab.*#é]{0,8}") {
            let chars = |text: &str| text.chars().collect::<Vec<_>>();
            let expected = !entry.starts_with('!') && tries_all(&chars(&entry), &chars(&access));
            prop_assert_eq!(allows(&[&entry], &access), expected);
        }

        #[test]
        fn a_denial_wins_wherever_it_stands(access in "[a-c.]{0,6}", entry in "[a-c.*#]{0,6}") {
            let denial = format!("!{entry}");
            let denied = allows(&[&entry], &access);
            prop_assert_eq!(allows(&["#", &denial], &access), !denied);
            prop_assert_eq!(allows(&[&denial, "#"], &access), !denied);
        }
    }
}
