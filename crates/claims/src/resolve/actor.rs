//! Who: states, armies, groups, monitors and outlets by their names and aliases.
//!
//! The dictionary is data (`data/actors/actors.tsv`): a row an actor with its aliases, country and side. Aliases are
//! matched as they are written, the longest first: "The Islamic Resistance in Iraq" is one name, whatever a tagger
//! makes of its parts. Start at [`Actors::find`].

use super::entity::Spellings;
use super::gazetteer::ListError;
use crate::lexicon::{column, rows};
use hearsay_doc::Doc;
use std::collections::HashMap;
use std::sync::OnceLock;

/// One actor of the dictionary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Actor {
    /// Its id: a slug that stays.
    pub id: &'static str,
    /// state, army, police, ministry, group, agency, outlet, monitor, un, alliance, hospital, person.
    pub kind: &'static str,
    /// Its usual English name.
    pub name: &'static str,
    /// ISO 3166-1 alpha-2, or `-`.
    pub country: &'static str,
    /// What all who belong to one side share, or `-`.
    pub side: &'static str,
}

/// The list compiled into the program.
const SHIPPED: &str = include_str!("../../../../data/actors/actors.tsv");

/// Columns of a user's list of actors, separated by tabs.
pub const COLUMNS: &str = "id, name, aliases, kind, side, country";

/// What an actor can be.
pub const KINDS: [&str; 12] = [
    "state", "army", "police", "ministry", "group", "agency", "outlet", "monitor", "un", "alliance",
    "hospital", "person",
];

/// An actor named in a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Named {
    /// First token and one past the last.
    pub tokens: (u32, u32),
    /// Who.
    pub actor: Actor,
}

/// The dictionary.
#[derive(Debug, Default)]
pub struct Actors {
    /// Aliases by their first word; in each list the longest first.
    by_first: HashMap<&'static str, Vec<(Vec<&'static str>, Actor)>>,
    spellings: Spellings,
}

impl Actors {
    /// The dictionary compiled into the program, read once.
    pub fn shipped() -> &'static Actors {
        static ACTORS: OnceLock<Actors> = OnceLock::new();
        ACTORS.get_or_init(|| Actors::read(SHIPPED))
    }

    fn read(list: &'static str) -> Actors {
        let mut actors = Actors::default();
        for row in rows(list) {
            actors.add_row(&row);
        }
        actors.sort();
        actors
    }

    fn add_row(&mut self, row: &[&'static str]) {
        let actor = Actor {
            id: column(row, 0),
            kind: column(row, 1),
            name: column(row, 2),
            country: column(row, 4),
            side: column(row, 5),
        };
        self.add(actor, column(row, 3));
    }

    fn add(&mut self, actor: Actor, aliases: &'static str) {
        let aliases = aliases.split('|').map(str::trim).filter(|alias| *alias != "-");
        for alias in std::iter::once(actor.name).chain(aliases) {
            self.spellings.add(alias, actor);
            let words = words(alias);
            let words = words.strip_prefix(&["The"]).unwrap_or(&words).to_vec();
            if let Some(first) = words.first() {
                self.by_first.entry(*first).or_default().push((words, actor));
            }
        }
    }

    /// Of the same words those added first stay first.
    fn sort(&mut self) {
        for list in self.by_first.values_mut() {
            list.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
        }
    }

    /// The dictionary with actors of the user's own before those that ship: a row an actor, tab-separated, with [`COLUMNS`].
    /// Aliases are separated by `|`, `-` or nothing stands for unknown, `#` opens a comment line, and a first line of column
    /// names is passed over. It stays in memory for as long as the program runs.
    ///
    /// # Errors
    ///
    /// [`ListError`] with the first line that lacks an id or name, or has an unknown kind.
    pub fn with_own(list: &str) -> Result<&'static Actors, ListError> {
        let list: &'static str = Box::leak(list.to_owned().into_boxed_str());
        let mut actors = Actors::default();
        for (line, n) in list.lines().zip(1..) {
            let row: Vec<&'static str> = line.split('\t').map(str::trim).collect();
            let header = n == 1 && column(&row, 0).eq_ignore_ascii_case("id");
            if line.trim().is_empty() || line.starts_with('#') || header {
                continue;
            }
            let fail = |what: String| ListError { line: n, what };
            let actor = Actor {
                id: column(&row, 0),
                name: column(&row, 1),
                kind: if column(&row, 3) == "-" { "group" } else { column(&row, 3) },
                side: column(&row, 4),
                country: column(&row, 5),
            };
            if actor.id == "-" || actor.name == "-" {
                return Err(fail(format!("no id or no name; the columns are {COLUMNS}")));
            }
            if !KINDS.contains(&actor.kind) {
                return Err(fail(format!("kind {:?} is none of {}", actor.kind, KINDS.join(", "))));
            }
            actors.add(actor, column(&row, 2));
        }
        for row in rows(SHIPPED) {
            actors.add_row(&row);
        }
        actors.sort();
        Ok(Box::leak(Box::new(actors)))
    }

    /// The actor that bears the name; case, diacritics and a leading "the" make no difference.
    pub fn named(&self, name: &str) -> Option<Actor> {
        self.spellings.named(name)
    }

    /// The one actor whose name is spelled nearly so, and how sure that is: another transliteration (0.85), or one letter
    /// in seven changed (0.75). States are found by transliteration alone; where two actors are as near, none is.
    pub fn alike(&self, name: &str) -> Option<(Actor, f32)> {
        self.spellings.alike(name)
    }

    /// The actors that `doc` names, in order, never overlapping.
    pub fn find(&self, doc: &Doc) -> Vec<Named> {
        let mut found = Vec::new();
        let mut idx = 0;
        while idx < doc.tokens.len() {
            match self.at(doc, idx) {
                Some((end, actor)) => {
                    found.push(Named { tokens: (idx as u32, end as u32), actor });
                    idx = end;
                }
                None => idx += 1,
            }
        }
        found
    }

    fn at(&self, doc: &Doc, idx: usize) -> Option<(usize, Actor)> {
        let candidates = self.by_first.get(doc.form(idx))?;
        candidates.iter().find_map(|(words, actor)| {
            let end = idx + words.len();
            let fits = end <= doc.tokens.len()
                && words.iter().enumerate().all(|(n, word)| doc.form(idx + n) == *word);
            fits.then_some((end, *actor))
        })
    }
}

/// A name cut as the tokenizer cuts: possessives and hyphens stand apart.
fn words(name: &'static str) -> Vec<&'static str> {
    let mut words = Vec::new();
    for word in name.split(' ') {
        let (stem, tail) = match word.strip_suffix("'s") {
            Some(stem) => (stem, Some(&word[stem.len()..])),
            None => (word, None),
        };
        let mut rest = stem;
        while let Some(at) = rest.find('-').filter(|at| *at > 0) {
            words.extend([&rest[..at], &rest[at..at + 1]]);
            rest = &rest[at + 1..];
        }
        words.push(rest);
        words.extend(tail);
    }
    words.retain(|w| !w.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use hearsay_doc::testing;

    #[test]
    fn actors_of_ones_own_come_before_those_that_ship() {
        let list = "id\tname\taliases\tkind\tside\nvarda\tVarda Front\tVF|Iraq\tgroup\tvarda\tVD\n";
        let own = Actors::with_own(list).unwrap();
        let doc = testing::doc(
            "VF/PROPN/2/nsubj left/VERB/0/root Iraq/PROPN/2/obj for/ADP/5/case Iran/PROPN/2/obl",
        );
        let shown: Vec<_> = own.find(&doc).iter().map(|n| (n.actor.id, n.actor.country)).collect();
        assert_eq!(shown, [("varda", "VD"), ("varda", "VD"), ("iran", "IR")]);
        let wrong = |list: &str| Actors::with_own(list).unwrap_err().to_string();
        assert_eq!(
            wrong("# x\nvarda"),
            "line 2: no id or no name; the columns are id, name, aliases, kind, side, country"
        );
        assert!(wrong("varda\tVarda\t-\tband").starts_with("line 1: kind \"band\" is none of state, army"));
    }

    #[test]
    fn the_longest_alias_is_found_as_it_is_written() {
        let doc = testing::doc(
            "The/DET/3/det Islamic/ADJ/3/amod Resistance/PROPN/6/nsubj in/ADP/5/case Iraq/PROPN/3/nmod struck/VERB/0/root Iraq/PROPN/6/obj",
        );
        let found = Actors::shipped().find(&doc);
        let shown: Vec<_> = found.iter().map(|n| (n.tokens, n.actor.id)).collect();
        assert_eq!(shown, [((1, 5), "islamic-resistance-iraq"), ((6, 7), "iraq")]);
    }
}
