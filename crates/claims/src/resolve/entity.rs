//! Whom the names of a page name: the dictionary's actors and office holders, else a name of the page's own.
//!
//! Start at [`entities`]. A name is looked up as it is written, then as a short form of a longer name before it
//! ("Sinwar" after "Yahya Sinwar", "VLF" after "Varda Liberation Front"), then as another spelling of a listed name. What
//! the lists do not know gets an id made of the name itself, `local:` in front: the same name has the same id in every page.

use super::actor::{Actor, Actors};
use super::country::is_demonym;
use super::gazetteer::{key, loose_key};
use crate::lexicon::{column, rows};
use hearsay_doc::{Claim, Doc, EntityRef, MentionKind, Span};
use std::collections::HashMap;
use std::sync::OnceLock;

/// One office and who held it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holder {
    /// Id of the person: a slug that stays.
    pub id: &'static str,
    /// The person's usual English name.
    pub name: &'static str,
    /// president, defence minister, leader …
    pub office: &'static str,
    /// Id of the actor whose office it is.
    pub of: &'static str,
    /// ISO 3166-1 alpha-2, or `-`.
    pub country: &'static str,
    /// First year.
    pub from: Option<i32>,
    /// Last year; `None` where no end is known.
    pub to: Option<i32>,
}

impl Holder {
    /// Was the office held in that year, as far as is known?
    pub fn holds_in(&self, year: i32) -> bool {
        self.from.is_none_or(|from| from <= year) && self.to.is_none_or(|to| year <= to)
    }
}

/// Offices by the keys of their holders' names.
fn holders() -> &'static HashMap<String, Vec<Holder>> {
    static HOLDERS: OnceLock<HashMap<String, Vec<Holder>>> = OnceLock::new();
    HOLDERS.get_or_init(|| {
        let mut by_name: HashMap<String, Vec<Holder>> = HashMap::new();
        for row in rows(include_str!("../../../../data/actors/people.tsv")) {
            let holder = Holder {
                id: column(&row, 0),
                name: column(&row, 1),
                office: column(&row, 3),
                of: column(&row, 4),
                country: column(&row, 5),
                from: column(&row, 6).parse().ok(),
                to: column(&row, 7).parse().ok(),
            };
            let aliases = column(&row, 2).split('|').filter(|alias| *alias != "-");
            for name in aliases.chain([holder.name]) {
                by_name.entry(key(name)).or_default().push(holder);
            }
        }
        by_name
    })
}

/// The office that the person of this name held in `year`, or, without a year or an office in it, the last one listed.
/// `None` for names that are not listed.
pub fn holder(name: &str, year: Option<i32>) -> Option<Holder> {
    let offices = holders().get(&key(name))?;
    let then = year.and_then(|year| offices.iter().find(|office| office.holds_in(year)));
    then.or(offices.last()).copied()
}

/// Titles before a person's name.
const TITLES: [&str; 30] = [
    "president ",
    "prime minister ",
    "defence minister ",
    "defense minister ",
    "foreign minister ",
    "minister ",
    "secretary ",
    "general ",
    "gen. ",
    "lt. gen. ",
    "maj. gen. ",
    "brig. gen. ",
    "col. ",
    "lt. col. ",
    "capt. ",
    "maj. ",
    "lt. ",
    "sgt. ",
    "adm. ",
    "dr. ",
    "mr. ",
    "mrs. ",
    "ms. ",
    "sheikh ",
    "ayatollah ",
    "sheik ",
    "king ",
    "prince ",
    "crown prince ",
    "judge ",
];

/// The name without title, article and possessive.
fn bare(name: &str) -> &str {
    let mut name = name.trim();
    name = name.strip_suffix("'s").or_else(|| name.strip_suffix("’s")).unwrap_or(name);
    name = ["the ", "The "].iter().find_map(|article| name.strip_prefix(article)).unwrap_or(name);
    for _ in 0..2 {
        let title = TITLES
            .iter()
            .find(|title| name.get(..title.len()).is_some_and(|start| start.eq_ignore_ascii_case(title)));
        name = title.map_or(name, |title| &name[title.len()..]);
    }
    name.trim()
}

/// Who the mentions of `doc` are, in order; mentions of places and of whole peoples are left out. `year` is the page's,
/// for offices.
pub fn entities(actors: &Actors, doc: &Doc, year: Option<i32>) -> Vec<EntityRef> {
    let mut found: Vec<EntityRef> = Vec::new();
    // Names of the page by their key, as they stand in it.
    let mut before: Vec<(MentionKind, String, usize)> = Vec::new();
    for (n, mention) in doc.mentions.iter().enumerate() {
        let name = bare(doc.slice(mention.span));
        let named =
            matches!(mention.kind, MentionKind::Person | MentionKind::Organization | MentionKind::Group);
        if !named || name.is_empty() {
            continue;
        }
        let entity = |id: &str, name: &str, score: f32| EntityRef {
            mention: n as u32,
            id: id.to_owned(),
            name: name.to_owned(),
            score,
        };
        let own_key = key(name);
        let earlier = || {
            let longer = before
                .iter()
                .rev()
                .find(|(kind, longer, _)| *kind == mention.kind && is_short_for(*kind, &own_key, longer));
            longer.map(|(_, _, at)| entity(&found[*at].id, &found[*at].name, found[*at].score.min(0.8)))
        };
        let made = if mention.kind == MentionKind::Person {
            earlier()
                .or_else(|| holder(name, year).map(|holder| entity(holder.id, holder.name, 0.95)))
                .or_else(|| spelled_otherwise(name).map(|holder| entity(holder.id, holder.name, 0.8)))
        } else if mention.kind == MentionKind::Group && is_demonym(name) {
            continue;
        } else {
            let exact = actors.named(name).map(|actor| entity(actor.id, actor.name, 0.95));
            exact
                .or_else(earlier)
                .or_else(|| actors.alike(name).map(|(actor, score)| entity(actor.id, actor.name, score)))
        };
        let one = match made {
            Some(one) => one,
            None if mention.kind == MentionKind::Group => continue,
            None => entity(&format!("local:{}", own_key.replace(' ', "-")), name, 0.5),
        };
        before.push((mention.kind, own_key, found.len()));
        found.push(one);
    }
    found
}

/// Gives actors and recipients that are a name, and have no id yet, the id of whom it names.
pub fn name_arguments(doc: &Doc, entities: &[EntityRef], claims: &mut [Claim]) {
    let events = claims.iter_mut().map(|claim| &mut claim.event);
    for argument in events.flat_map(|event| event.actor.iter_mut().chain(&mut event.recipient)) {
        let is_named = |entity: &&EntityRef| {
            let name = doc.mentions[entity.mention as usize].span;
            let before = Span { start: argument.span.start, end: name.start };
            argument.span.contains(name)
                && argument.span.end == name.end
                && matches!(doc.slice(before).trim(), "" | "the" | "The")
        };
        if argument.entity.is_none() {
            argument.entity = entities.iter().find(is_named).map(|entity| entity.id.clone());
        }
    }
}

/// "sinwar" for "yahya sinwar"; "vlf" for "varda liberation front".
fn is_short_for(kind: MentionKind, short: &str, long: &str) -> bool {
    if short.len() >= long.len() {
        return false;
    }
    match kind {
        MentionKind::Person => long.strip_suffix(short).is_some_and(|first| first.ends_with(' ')),
        _ => {
            let initials =
                long.split(' ').filter(|word| !matches!(*word, "of" | "the" | "for" | "and" | "in"));
            short.len() > 1
                && !short.contains(' ')
                && initials.filter_map(|w| w.chars().next()).eq(short.chars())
        }
    }
}

/// A listed person of at least two names whose name is spelled otherwise: "Volodimir Zelenski".
fn spelled_otherwise(name: &str) -> Option<Holder> {
    static LOOSE: OnceLock<HashMap<String, Holder>> = OnceLock::new();
    let loose = LOOSE.get_or_init(|| {
        holders().iter().filter_map(|(name, all)| Some((loose_key(name), *all.last()?))).collect()
    });
    let name = key(name);
    if !name.contains(' ') {
        return None;
    }
    let exact = loose.get(&loose_key(&name)).copied();
    exact.or_else(|| {
        let first = name.chars().next();
        let near = |listed: &&String| {
            listed.contains(' ')
                && listed.chars().next() == first
                && listed.len().abs_diff(name.len()) <= 2
                && strsim::osa_distance(listed, &name) <= if name.len() > 13 { 2 } else { 1 }
        };
        let listed = holders().keys().filter(near).min()?;
        holders()[listed].last().copied()
    })
}

/// Spellings under which listed actors are found besides their own.
#[derive(Debug, Default)]
pub(super) struct Spellings {
    exact: HashMap<String, Actor>,
    /// `None` where two actors share the coarse spelling.
    loose: HashMap<String, Option<Actor>>,
    /// Keys by first letter and length, of actors other than states.
    near: HashMap<(char, usize), Vec<(String, Actor)>>,
}

impl Spellings {
    /// Of two actors with one name the first keeps it.
    pub(super) fn add(&mut self, name: &str, actor: Actor) {
        let key = key(name);
        let Some(first) = key.chars().next() else { return };
        let loose = self.loose.entry(loose_key(&key)).or_insert(Some(actor));
        if loose.is_some_and(|known| known.id != actor.id) {
            *loose = None;
        }
        if actor.kind != "state" {
            self.near.entry((first, key.len())).or_default().push((key.clone(), actor));
        }
        self.exact.entry(key).or_insert(actor);
    }

    pub(super) fn named(&self, name: &str) -> Option<Actor> {
        self.exact.get(&key(name)).copied()
    }

    pub(super) fn alike(&self, name: &str) -> Option<(Actor, f32)> {
        let key = key(name);
        if key.len() < 5 || is_demonym(name) {
            return None;
        }
        if let Some(actor) = self.loose.get(&loose_key(&key)).copied().flatten() {
            return Some((actor, 0.85));
        }
        if key.len() < 7 {
            return None;
        }
        let most = if key.len() > 13 { 2 } else { 1 };
        let first = key.chars().next()?;
        let lengths = key.len() - most..=key.len() + most;
        let listed = lengths.filter_map(|length| self.near.get(&(first, length))).flatten();
        let mut near = listed.filter(|(listed, _)| strsim::osa_distance(listed, &key) <= most);
        let actor = near.next()?.1;
        // Two actors as near as each other: neither.
        near.all(|(_, other)| other.id == actor.id).then_some((actor, 0.75))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hearsay_doc::Mention;

    /// Names as `words/kind`, the rest of the text between them; prints each with its id.
    fn check(names: &[(&str, MentionKind)], expected: &[&str]) {
        let mut doc = Doc::default();
        for (name, kind) in names {
            let start = doc.text.len();
            doc.text.push_str(name);
            let span = Span::new(start, doc.text.len());
            doc.mentions.push(Mention { span, tokens: (0, 0), kind: *kind });
            doc.text.push_str(" . ");
        }
        let found = entities(Actors::shipped(), &doc, Some(2024));
        let shown: Vec<String> =
            found.iter().map(|e| format!("{} {} {}", e.mention, e.id, e.score)).collect();
        assert_eq!(shown, expected);
    }

    use MentionKind::{Group, Location, Organization, Person};

    #[test]
    fn listed_names_are_found_in_other_spellings() {
        check(
            &[
                ("President Volodymyr Zelensky", Person),
                ("Volodimir Zelensky", Person),
                ("the Hizballah", Organization),
                ("Taliban", Group),
                ("Afghans", Group),
                ("Kabul", Location),
            ],
            &[
                "0 volodymyr-zelenskyy 0.95",
                "1 volodymyr-zelenskyy 0.8",
                "2 hezbollah 0.95",
                "3 taliban 0.95",
            ],
        );
    }

    #[test]
    fn a_short_name_follows_the_full_one_of_its_page() {
        check(
            &[("Yahya Sinwar", Person), ("Sinwar", Person), ("Mira Sinwar", Person), ("Sinwar", Person)],
            &[
                "0 yahya-sinwar 0.95",
                "1 yahya-sinwar 0.8",
                "2 local:mira-sinwar 0.5",
                "3 local:mira-sinwar 0.5",
            ],
        );
        check(
            &[("Varda Liberation Front", Organization), ("VLF", Organization)],
            &["0 local:varda-liberation-front 0.5", "1 local:varda-liberation-front 0.5"],
        );
    }

    #[test]
    fn an_office_belongs_to_its_years() {
        let office = |name: &str, year| holder(name, year).map(|h| (h.office, h.of, h.from));
        assert_eq!(office("Medvedev", Some(2010)), Some(("president", "russia", Some(2008))));
        assert_eq!(office("Donald Trump", Some(2018)), Some(("president", "united-states", Some(2017))));
        assert_eq!(office("Donald Trump", None), Some(("president", "united-states", Some(2025))));
        assert_eq!(office("Nobody Known", None), None);
    }

    #[test]
    fn every_office_is_one_of_a_listed_actor() {
        let ids: Vec<&str> =
            rows(include_str!("../../../../data/actors/actors.tsv")).map(|row| row[0]).collect();
        for holder in holders().values().flatten() {
            assert!(ids.contains(&holder.of), "{} of {}", holder.id, holder.of);
            assert!(holder.from.is_some_and(|from| holder.to.is_none_or(|to| from <= to)), "{}", holder.id);
        }
    }
}
