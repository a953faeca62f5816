//! Templates: options are collected depth-first, each template's own templates before it, then the endpoint's own.

use super::{Options, Sections};
use std::collections::HashMap;
use std::hash::Hash;

/// A list of options that live elsewhere.
pub type Pairs<'a> = Vec<(&'a str, &'a str)>;

/// One entry a key: at the place of the first, with the value of the last. What `view=merged` shows.
pub fn one_per_key<'a>(merged: &mut Pairs<'a>, options: impl IntoIterator<Item = (&'a str, &'a str)>) {
    for (key, value) in options {
        match merged.iter_mut().find(|(known, _)| *known == key) {
            Some(entry) => entry.1 = value,
            None => merged.push((key, value)),
        }
    }
}

/// As [`one_per_key`], but `set_var` and `match` gather all their values, each once. What Asterisk gets.
pub fn accumulated<'a>(merged: &mut Pairs<'a>, options: impl IntoIterator<Item = (&'a str, &'a str)>) {
    for (key, value) in options {
        let gathers = matches!(key, "set_var" | "match");
        let same = |known: &&mut (&str, &str)| known.0 == key && (!gathers || known.1 == value);
        match merged.iter_mut().find(same) {
            Some(entry) => entry.1 = value,
            None => merged.push((key, value)),
        }
    }
}

/// How an entry joins those that came before it.
type Join = for<'a> fn(&mut Pairs<'a>, &mut dyn Iterator<Item = (&'a str, &'a str)>);

/// An endpoint or a template, as merging sees it.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a, K> {
    pub options: &'a Sections<Options>,
    pub templates: &'a [K],
    pub transport: Option<K>,
}

/// What an endpoint is with its templates.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Merged<'a, K> {
    pub options: Sections<Pairs<'a>>,
    /// The last transport on the way: the endpoint's own, else that of the last template that has one.
    pub transport: Option<K>,
}

/// Merges many endpoints; every template is merged once and remembered.
pub struct Resolver<'a, K> {
    templates: HashMap<K, Source<'a, K>>,
    done: HashMap<K, Merged<'a, K>>,
    join: Join,
}

impl<'a, K: Copy + Eq + Hash> Resolver<'a, K> {
    /// For rendering: `set_var` and `match` gather.
    pub fn rendered(templates: HashMap<K, Source<'a, K>>) -> Self {
        Resolver { templates, done: HashMap::new(), join: |merged, options| accumulated(merged, options) }
    }

    /// For showing: one entry a key.
    pub fn shown(templates: HashMap<K, Source<'a, K>>) -> Self {
        Resolver { templates, done: HashMap::new(), join: |merged, options| one_per_key(merged, options) }
    }

    /// An endpoint with its templates. A template that is not known is passed over.
    pub fn merge(&mut self, source: Source<'a, K>) -> Merged<'a, K> {
        for template in source.templates {
            self.prepare(*template, &mut Vec::new());
        }
        self.over_templates(source)
    }

    /// Merges a template, its own templates first. A cycle can't be stored; `path` ends one all the same.
    fn prepare(&mut self, template: K, path: &mut Vec<K>) {
        if self.done.contains_key(&template) || path.contains(&template) {
            return;
        }
        let Some(source) = self.templates.get(&template).copied() else { return };
        path.push(template);
        for parent in source.templates {
            self.prepare(*parent, path);
        }
        path.pop();
        let merged = self.over_templates(source);
        self.done.insert(template, merged);
    }

    fn over_templates(&self, source: Source<'a, K>) -> Merged<'a, K> {
        let mut templates = source.templates.iter().filter_map(|template| self.done.get(template));
        let first = templates.next();
        let own = source.options.map(|own| own);
        let mut options = match first {
            Some(first) => first.options.map(|list| list).zip(own, |list, own| with_room(list, own.len())),
            None => own.map(|own| Vec::with_capacity(own.len())),
        };
        let mut transport = first.and_then(|first| first.transport);
        for template in templates {
            options = options.zip(template.options.map(|list| list), |mut list, more| {
                (self.join)(&mut list, &mut more.iter().copied());
                list
            });
            transport = template.transport.or(transport);
        }
        let options = options.zip(own, |mut list, own| {
            (self.join)(&mut list, &mut own.iter().map(|(key, value)| (key.as_str(), value.as_str())));
            list
        });
        Merged { options, transport: source.transport.or(transport) }
    }
}

/// A copy with room for some more: most endpoints add a few options to those of their templates.
fn with_room<'a>(list: &Pairs<'a>, more: usize) -> Pairs<'a> {
    let mut copy = Vec::with_capacity(list.len() + more);
    copy.extend_from_slice(list);
    copy
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoint(options: &[(&str, &str)]) -> Sections<Options> {
        let own = options.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        Sections { endpoint: own, ..Sections::default() }
    }

    #[test]
    fn the_last_value_wins_at_the_first_place_and_variables_gather() {
        let base = endpoint(&[("allow", "ulaw"), ("set_var", "A=1"), ("language", "en")]);
        let above = endpoint(&[("set_var", "B=2"), ("language", "fr")]);
        let own = endpoint(&[("allow", "alaw"), ("set_var", "A=1")]);
        let templates = || {
            HashMap::from([
                (1, Source { options: &base, templates: &[], transport: Some(7) }),
                (2, Source { options: &above, templates: &[1], transport: None }),
            ])
        };
        let source = Source { options: &own, templates: &[2], transport: None };
        let merged = Resolver::rendered(templates()).merge(source);
        let rendered = [("allow", "alaw"), ("set_var", "A=1"), ("language", "fr"), ("set_var", "B=2")];
        assert_eq!(merged.options.endpoint, rendered);
        assert_eq!(merged.transport, Some(7));
        let shown = Resolver::shown(templates()).merge(source);
        assert_eq!(shown.options.endpoint, [("allow", "alaw"), ("set_var", "A=1"), ("language", "fr")]);
    }

    #[test]
    fn a_cycle_of_templates_ends() {
        let own = endpoint(&[("allow", "ulaw")]);
        let templates = HashMap::from([
            (1, Source { options: &own, templates: &[2], transport: None }),
            (2, Source { options: &own, templates: &[1], transport: None }),
        ]);
        let merged =
            Resolver::shown(templates).merge(Source { options: &own, templates: &[1], transport: None });
        assert_eq!(merged.options.endpoint, [("allow", "ulaw")]);
    }

    /// All options on the way, as the contract tells it: depth-first, then the endpoint's own.
    fn collected<'a>(all: &'a [(Sections<Options>, Vec<usize>)], at: usize, found: &mut Pairs<'a>) {
        let (own, templates) = &all[at];
        for template in templates {
            collected(all, *template, found);
        }
        found.extend(own.endpoint.iter().map(|(key, value)| (key.as_str(), value.as_str())));
    }

    proptest::proptest! {
        #[test]
        fn merging_template_by_template_is_merging_all_at_once(
            nodes in proptest::collection::vec(
                (proptest::collection::vec(("a|b|match|set_var", "[0-3]"), 0..5), proptest::collection::vec(0_usize..8, 0..4)),
                1..8,
            )
        ) {
            // Each is made after earlier ones only: no cycles.
            let all: Vec<(Sections<Options>, Vec<usize>)> = nodes
                .into_iter()
                .enumerate()
                .map(|(at, (endpoint, templates))| {
                    let before = templates.into_iter().filter(|template| *template < at).collect();
                    (Sections { endpoint, ..Sections::default() }, before)
                })
                .collect();
            let source = |at: usize| Source { options: &all[at].0, templates: &all[at].1, transport: None };
            let templates: HashMap<_, _> = (0..all.len()).map(|at| (at, source(at))).collect();
            let last = all.len() - 1;
            let mut flat = Pairs::new();
            collected(&all, last, &mut flat);
            let (mut shown, mut rendered) = (Pairs::new(), Pairs::new());
            one_per_key(&mut shown, flat.iter().copied());
            accumulated(&mut rendered, flat.iter().copied());
            proptest::prop_assert_eq!(Resolver::shown(templates.clone()).merge(source(last)).options.endpoint, shown);
            proptest::prop_assert_eq!(Resolver::rendered(templates).merge(source(last)).options.endpoint, rendered);
        }
    }
}
