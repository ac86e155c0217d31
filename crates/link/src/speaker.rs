//! Who a source is: an outlet, a side's officials, an armed group, a hospital, a monitor, a witness.
//!
//! Nothing is looked up in lists of the world's names: outlets are those that published the pages at hand, groups are
//! the names that the pages give to fighters, a person is what stands beside the name ("Ministry spokesman Odo Tal").
//! Start at [`Cast::new`], which reads all pages once, and [`Cast::speaker`].

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::LazyLock;

use crate::calendar::is_calendar;
use crate::page::{Page, bare, tokens};

/// What kind of source a word makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Role {
    Hospital,
    Monitor,
    State,
    Armed,
    Witness,
    Unnamed,
    Medium,
    /// Comments, and knows nothing at first hand.
    Expert,
}

static ROLES: LazyLock<HashMap<&str, Role>> = LazyLock::new(|| {
    let lines = include_str!("../../../data/link/roles.tsv").lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| {
            let (word, role) = line.split_once('\t')?;
            let role = match role {
                "hospital" => Role::Hospital,
                "monitor" => Role::Monitor,
                "state" => Role::State,
                "armed" => Role::Armed,
                "witness" => Role::Witness,
                "unnamed" => Role::Unnamed,
                "expert" => Role::Expert,
                _ => Role::Medium,
            };
            Some((word, role))
        })
        .collect()
});

/// The kind of source that a word makes, if any.
pub(crate) fn role(word: &str) -> Option<Role> {
    let bare = bare(word);
    ROLES.get(bare.as_str()).copied().or_else(|| {
        // "Hearthguard", "Homeguard": a guard of a place is a militia.
        let guard = bare.len() > 6
            && bare.ends_with("guard")
            && bare != "coastguard"
            && bare != "safeguard"
            && bare != "bodyguard";
        guard.then_some(Role::Armed)
    })
}

/// Who says something.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Speaker {
    /// A side's officials, forces and state media; the side by its name, empty for the one at home.
    State(String),
    /// An armed group, by its number; none for "the rebels".
    Group(Option<usize>),
    /// A hospital or its doctors, by name where one is given.
    Hospital(String),
    /// An observer or monitor, by name.
    Monitor(String),
    /// Somebody who was there.
    Witness,
    /// Somebody whom the outlet does not name.
    Unnamed(String),
    /// An outlet, by its number.
    Outlet(usize),
    /// A medium that is not among the pages at hand.
    Medium(String),
    /// Somebody who comments.
    Expert,
}

impl Speaker {
    /// Does it belong to a side of the conflict?
    pub(crate) fn is_party(&self) -> bool {
        matches!(self, Speaker::State(_) | Speaker::Group(_))
    }
}

/// One outlet.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outlet {
    /// As most of its pages write it.
    pub name: String,
    /// Token sequences in lower case by which texts name it.
    pub aliases: BTreeSet<Vec<String>>,
    /// It speaks for a side.
    pub side: Option<Speaker>,
    /// It publishes posts.
    pub channel: bool,
    /// It counts the harm itself: a monitor's own site.
    pub monitor: bool,
}

/// An armed group.
#[derive(Clone, Debug, Default)]
pub(crate) struct Group {
    /// The usual name.
    pub name: String,
    /// Token sequences in lower case by which texts name it.
    pub aliases: BTreeSet<Vec<String>>,
}

/// Everybody who speaks in the pages at hand.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cast {
    pub outlets: Vec<Outlet>,
    pub groups: Vec<Group>,
    /// The outlet of each page.
    pub of_page: Vec<Option<usize>>,
    /// What a person is, by surname.
    persons: HashMap<String, Speaker>,
    /// Countries: the shortened name of each, the most mentioned first.
    pub countries: Vec<String>,
}

const VOWELS: [char; 5] = ['a', 'e', 'i', 'o', 'u'];

/// What the adjective of a country can look like: Varnia, Varnian; Tushara, Tushari; Orland, Orlandish.
fn adjectives(country: &str) -> Vec<String> {
    let stem = country.trim_end_matches(VOWELS);
    let mut forms: Vec<String> = ["n", "an", "ian", "ese", "i", "ish", "ic"]
        .iter()
        .map(|ending| format!("{country}{ending}"))
        .collect();
    if stem != country && stem.len() >= 3 {
        forms.extend(["an", "ian", "ese", "i", "ish", "ic"].iter().map(|ending| format!("{stem}{ending}")));
    }
    forms.retain(|form| form != country);
    forms
}

/// Words that are in the names of many outlets and tell none from another.
const GENERIC: [&str; 14] = [
    "the",
    "news",
    "wire",
    "newsline",
    "agency",
    "service",
    "world",
    "online",
    "daily",
    "english",
    "international",
    "bulletin",
    "newswire",
    "group",
];

/// An outlet's name without the words that all have.
fn outlet_key(name: &str) -> Vec<String> {
    let all: Vec<String> = tokens(name).map(bare).collect();
    let own: Vec<String> = all.iter().filter(|word| !GENERIC.contains(&word.as_str())).cloned().collect();
    if own.is_empty() { all } else { own }
}

/// First letters of the words that begin with a capital.
fn initials(words: &[&str]) -> String {
    words.iter().filter_map(|word| word.chars().next()).filter(|c| c.is_uppercase()).collect()
}

/// Runs of words in capitals in a text, "of" and "for" allowed inside, with the words before and after each.
pub(crate) fn phrases(sentence: &str) -> Vec<(usize, usize)> {
    let words: Vec<&str> = tokens(sentence).collect();
    let capital = |word: &str| word.starts_with(char::is_uppercase);
    let mut out = Vec::new();
    let mut k = 0;
    while k < words.len() {
        if !capital(words[k]) {
            k += 1;
            continue;
        }
        let start = k;
        let mut end = k + 1;
        // A genitive ends a name: "Varda's Odrimar".
        while end < words.len() && !(words[end - 1].ends_with("'s") || words[end - 1].ends_with("’s")) {
            let of =
                ["of", "for"].contains(&words[end]) && words.get(end + 1).is_some_and(|next| capital(next));
            if capital(words[end]) {
                end += 1;
            } else if of {
                end += 2;
            } else {
                break;
            }
        }
        out.push((start, end));
        k = end;
    }
    out
}

impl Cast {
    /// Reads all pages once. What is found depends on the set of pages, not on their order.
    pub(crate) fn new(pages: &[Page]) -> Cast {
        let mut cast = Cast::default();
        cast.find_countries(pages);
        cast.find_outlets(pages);
        cast.find_groups(pages);
        cast.find_sides(pages);
        cast.find_persons(pages);
        cast
    }

    /// A country is a name of which the pages also use the adjective: Varnia, Varnian.
    fn find_countries(&mut self, pages: &[Page]) {
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        for page in pages {
            let words: BTreeSet<String> =
                tokens(page.text()).filter(|w| w.starts_with(char::is_uppercase)).map(bare).collect();
            words.into_iter().for_each(|word| *seen.entry(word).or_default() += 1);
        }
        let mut countries: Vec<(usize, String)> = Vec::new();
        // "VEL, Varnia, March 10 (KNA) -": the country that reports are sent from.
        let mut sent_from: BTreeMap<String, usize> = BTreeMap::new();
        for page in pages {
            for line in page.text().lines().take(8) {
                let mut parts = line.splitn(3, ", ");
                let (Some(place), Some(country), Some(_)) = (parts.next(), parts.next(), parts.next()) else {
                    continue;
                };
                let capitals = place.chars().count() < 40
                    && place.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase);
                let name = country.split(' ').next().map(bare).unwrap_or_default();
                if capitals
                    && !place.is_empty()
                    && country.len() < 40
                    && country.starts_with(char::is_uppercase)
                    && !is_calendar(&name)
                    && name.len() > 3
                {
                    *sent_from.entry(name).or_default() += 1;
                    break;
                }
            }
        }
        for (name, n) in &sent_from {
            if *n >= 2 {
                countries.push((1000 * n, name.clone()));
            }
        }
        for (word, n) in &seen {
            if word.len() < 4 {
                continue;
            }
            if !word.ends_with(VOWELS) && !word.ends_with(['n', 'd', 'l', 'r', 's', 't', 'k', 'm'])
                || is_calendar(word)
                || role(word).is_some()
            {
                continue;
            }
            let adjective =
                adjectives(word).iter().map(|form| seen.get(form).copied().unwrap_or(0)).max().unwrap_or(0);
            if adjective >= 2 && *n >= 2 && !countries.iter().any(|(_, known)| known == word) {
                countries.push((n + adjective, word.clone()));
            }
        }
        countries.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        self.countries = countries.into_iter().take(12).map(|(_, word)| word).collect();
    }

    /// The country that a word names, as noun or adjective.
    fn country(&self, word: &str) -> Option<&str> {
        let word = bare(word);
        let fits = |country: &&String| **country == word || adjectives(country).contains(&word);
        self.countries.iter().find(fits).map(String::as_str)
    }

    fn find_outlets(&mut self, pages: &[Page]) {
        let mut by_key: BTreeMap<Vec<String>, BTreeMap<&str, usize>> = BTreeMap::new();
        for page in pages {
            if let Some(name) = &page.record.document.outlet {
                *by_key.entry(outlet_key(name)).or_default().entry(name).or_default() += 1;
            }
        }
        let mut number: BTreeMap<Vec<String>, usize> = BTreeMap::new();
        for (key, names) in &by_key {
            let best = names.iter().max_by_key(|(name, n)| {
                (**n, name.chars().any(char::is_lowercase), std::cmp::Reverse(name.len()))
            });
            let mut outlet =
                Outlet { name: best.map_or("", |(name, _)| name).to_owned(), ..Outlet::default() };
            outlet.aliases.insert(key.clone());
            for name in names.keys() {
                outlet.aliases.insert(tokens(name).map(bare).filter(|word| word != "the").collect());
            }
            number.insert(key.clone(), self.outlets.len());
            self.outlets.push(outlet);
        }
        self.of_page = pages
            .iter()
            .map(|page| {
                page.record.document.outlet.as_deref().and_then(|name| number.get(&outlet_key(name)).copied())
            })
            .collect();
        for (page, outlet) in pages.iter().zip(&self.of_page) {
            if let Some(outlet) = outlet {
                self.outlets[*outlet].channel |= page.record.document.kind == "post";
            }
        }
        // "KPB" and "Kessian Press Bureau": a full name that the pages give to initials.
        let short: BTreeMap<String, usize> = self
            .outlets
            .iter()
            .enumerate()
            .filter(|(_, outlet)| {
                (2..=5).contains(&outlet.name.chars().count()) && outlet.name.chars().all(char::is_uppercase)
            })
            .map(|(n, outlet)| (outlet.name.clone(), n))
            .collect();
        for page in pages {
            for k in 0..page.sentences.len() {
                let sentence = page.slice(k);
                let words: Vec<&str> = tokens(sentence).collect();
                for (start, end) in phrases(sentence) {
                    let name = &words[start..end];
                    if name.len() >= 2
                        && let Some(&outlet) = short.get(&initials(name))
                    {
                        self.outlets[outlet].aliases.insert(name.iter().map(|word| bare(word)).collect());
                    }
                }
            }
        }
    }

    fn find_groups(&mut self, pages: &[Page]) {
        let of_whom = [
            "fighters",
            "militants",
            "rebels",
            "gunmen",
            "sappers",
            "units",
            "detachments",
            "formations",
            "militiamen",
            "fighter",
            "insurgents",
            "terrorists",
        ];
        let kinds = [
            "militia",
            "faction",
            "movement",
            "rebels",
            "grouping",
            "splinter",
            "insurgents",
            "militiamen",
            "breakaway",
            "guerrilla",
            "separatists",
        ];
        let is_state = |word: &str| {
            [
                "ministry",
                "army",
                "police",
                "republic",
                "government",
                "air",
                "state",
                "national",
                "united",
                "security",
                "armed",
                "interior",
                "foreign",
                "defence",
                "defense",
                "president",
            ]
            .contains(&bare(word).as_str())
        };
        let mut votes: BTreeMap<Vec<String>, (usize, BTreeMap<String, usize>)> = BTreeMap::new();
        for page in pages {
            let mut seen: BTreeSet<Vec<String>> = BTreeSet::new();
            for k in 0..page.sentences.len() {
                let sentence = page.slice(k);
                let words: Vec<&str> = tokens(sentence).collect();
                for (start, end) in phrases(sentence) {
                    let mut name = &words[start..end];
                    while name.first().is_some_and(|word| ["the", "so-called"].contains(&bare(word).as_str()))
                    {
                        name = &name[1..];
                    }
                    if name.is_empty() || name.iter().any(|word| is_state(word)) || name.len() > 5 {
                        continue;
                    }
                    let before = |n: usize| start.checked_sub(n).map_or("", |at| words[at]);
                    let after: Vec<String> = words[end..].iter().take(6).map(|word| bare(word)).collect();
                    let named = name.len() >= 2 && name.iter().any(|word| role(word) == Some(Role::Armed));
                    let unit = name.len() >= 2
                        && ["brigade", "brigades", "battalion", "legion"]
                            .contains(&name.last().map(|word| bare(word)).unwrap_or_default().as_str())
                        && !name.iter().any(|word| word.starts_with(|c: char| c.is_ascii_digit()));
                    let named = named || unit;
                    let named = named
                        || name.last().is_some_and(|word| {
                            role(word) == Some(Role::Armed) && bare(word).ends_with("guard")
                        });
                    let of = before(1) == "of" && of_whom.contains(&before(2))
                        || before(1) == "the" && before(2) == "of" && of_whom.contains(&before(3));
                    let theirs = after.first().is_some_and(|word| of_whom.contains(&word.as_str()));
                    let told = after.first().is_some_and(|word| ["a", "an", "the"].contains(&word.as_str()))
                        && after[1..].iter().take(4).any(|word| kinds.contains(&word.as_str()));
                    let strong =
                        usize::from(named) + 2 * usize::from(of) + usize::from(theirs) + usize::from(told);
                    if strong == 0 || name.len() == 1 && !(of || named) && !told {
                        continue;
                    }
                    let key: Vec<String> = name.iter().map(|word| bare(word)).collect();
                    let entry = votes.entry(key.clone()).or_default();
                    if seen.insert(key) {
                        entry.0 += strong;
                    }
                    *entry.1.entry(name.join(" ")).or_default() += 1;
                }
            }
        }
        // A name inside another is the same group: Northern Front, Northern Front of Orveth.
        let mut keys: Vec<&Vec<String>> =
            votes.iter().filter(|(_, (n, _))| *n >= 2).map(|(key, _)| key).collect();
        keys.sort_by_key(|key| (key.len(), (*key).clone()));
        let within =
            |short: &[String], long: &[String]| long.windows(short.len()).any(|window| window == short);
        for key in keys {
            let whole = votes[key]
                .1
                .iter()
                .max_by_key(|(name, n)| (**n, std::cmp::Reverse((*name).clone())))
                .map_or("", |(name, _)| name.as_str());
            let known = self.groups.iter_mut().find(|group| {
                group.aliases.iter().any(|alias| {
                    alias.len() > 1 && within(alias, key) || alias.len() == 1 && key.last() == alias.last()
                })
            });
            match known {
                Some(group) => {
                    group.aliases.insert(key.clone());
                }
                None => {
                    self.groups.push(Group { name: whole.to_owned(), aliases: BTreeSet::from([key.clone()]) })
                }
            }
        }
        for group in &mut self.groups {
            let mut short = BTreeSet::new();
            for alias in &group.aliases {
                let letters: String = alias
                    .iter()
                    .filter(|word| !["of", "the", "for"].contains(&word.as_str()))
                    .filter_map(|word| word.chars().next())
                    .collect();
                if letters.chars().count() >= 2 {
                    short.insert(vec![letters]);
                }
                if alias.len() > 1 {
                    // "the Front": a head that is a common noun.
                    let heads = alias.iter().filter(|word| role(word) == Some(Role::Armed));
                    heads.for_each(|head| {
                        short.insert(vec![head.clone()]);
                    });
                }
            }
            group.aliases.extend(short);
        }
    }

    fn find_persons(&mut self, pages: &[Page]) {
        let mut votes: BTreeMap<String, BTreeMap<Speaker, usize>> = BTreeMap::new();
        for (number, page) in pages.iter().enumerate() {
            for mention in page.record.mentions.iter().filter(|mention| mention.kind == "person") {
                let Some(surname) = tokens(&mention.text).last().map(bare) else { continue };
                let medium = self
                    .outlets
                    .iter()
                    .any(|outlet| outlet.aliases.iter().any(|alias| alias.contains(&surname)));
                if medium || role(&surname).is_some() || self.country(&surname).is_some() {
                    continue;
                }
                let at = page.byte(mention.start);
                let k = page.sentence_at(at);
                let s = &page.sentences[k];
                if at < s.start || at > s.end {
                    continue;
                }
                // The same noun phrase: "the ministry's spokesman, Odo Tal", no clause before.
                let ahead = page.text()[s.start..at].trim_end().trim_end_matches(',');
                let phrase = ahead.rsplit([',', ';', '"', '“', '”', ':', '.']).next().unwrap_or("");
                let before: Vec<&str> = tokens(phrase).collect();
                let before = before[before.len().saturating_sub(7)..].join(" ");
                let end = page.byte(mention.end).min(s.end);
                let rest = &page.text()[end..s.end];
                // After the name only an apposition: ", a weaver", ", who runs the hospital".
                let after = rest.strip_prefix([',', '(']).map_or(String::new(), |rest| {
                    let clause: String =
                        rest.chars().take_while(|c| !matches!(c, ',' | '.' | ';' | ')')).collect();
                    tokens(&clause).take(7).collect::<Vec<_>>().join(" ")
                });
                let own = mention.text.as_str();
                let found = self
                    .named(number, page, k, &before)
                    .or_else(|| self.named(number, page, k, &after))
                    .or_else(|| self.named(number, page, k, own));
                if let Some(found) =
                    found.filter(|found| !matches!(found, Speaker::Outlet(_) | Speaker::Medium(_)))
                {
                    // A side's own media know whose official somebody is.
                    let side = self.of_page[number].and_then(|outlet| self.outlets[outlet].side.clone());
                    let weight = if side.as_ref() == Some(&found) { 6 } else { 1 };
                    *votes.entry(surname).or_default().entry(found).or_default() += weight;
                }
            }
        }
        self.persons = votes
            .into_iter()
            .filter_map(|(surname, mut votes)| {
                // "Rebel spokesman" here, "the Front's spokesman" there: the group's.
                let rebel = votes.remove(&Speaker::Group(None)).unwrap_or(0);
                let group = votes
                    .iter()
                    .filter(|(who, _)| matches!(who, Speaker::Group(_)))
                    .max_by_key(|(_, n)| **n)
                    .map(|(who, _)| who.clone());
                *votes.entry(group.unwrap_or(Speaker::Group(None))).or_default() += rebel;
                let best = votes.into_iter().max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(&a.0)))?;
                Some((surname, best.0))
            })
            .collect();
    }

    /// An outlet speaks for a side where texts call it the state's, or where it bears a group's name or says "our fighters".
    fn find_sides(&mut self, pages: &[Page]) {
        let mut state: BTreeMap<usize, BTreeMap<String, usize>> = BTreeMap::new();
        for page in pages {
            for k in 0..page.sentences.len() {
                let words: Vec<&str> = tokens(page.slice(k)).collect();
                for at in 0..words.len() {
                    let Some((outlet, n)) = self.outlet_at(&words[at..]) else { continue };
                    let before: Vec<String> =
                        words[at.saturating_sub(4)..at].iter().map(|word| bare(word)).collect();
                    let owned = before.iter().any(|word| {
                        ["state", "state-run", "state-owned", "government", "official"]
                            .contains(&word.as_str())
                    }) && before.iter().any(|word| {
                        [
                            "agency",
                            "media",
                            "television",
                            "broadcaster",
                            "radio",
                            "newspaper",
                            "state-run",
                            "tv",
                        ]
                        .contains(&word.as_str())
                    });
                    let after: Vec<String> = words[at + n..].iter().take(6).map(|word| bare(word)).collect();
                    let told = after
                        .first()
                        .is_some_and(|word| ["a", "an", "the", "which", "who"].contains(&word.as_str()))
                        || !before.is_empty();
                    let monitors = |words: &[String]| {
                        words.iter().any(|word| {
                            ["monitoring", "monitor", "watchdog", "ngo", "non-governmental", "rights"]
                                .contains(&word.as_str())
                        })
                    };
                    self.outlets[outlet].monitor |= told
                        && (monitors(&before)
                            || after.first().is_some_and(|word| ["a", "an", "the"].contains(&word.as_str()))
                                && monitors(&after));
                    let own_name = words[at..at + n]
                        .iter()
                        .any(|word| ["state", "national"].contains(&bare(word).as_str()));
                    if owned || own_name {
                        let near = words[at.saturating_sub(5)..at + n]
                            .iter()
                            .find_map(|word| self.country(word))
                            .unwrap_or("");
                        *state.entry(outlet).or_default().entry(near.to_owned()).or_default() += 1;
                    }
                }
            }
        }
        for (outlet, countries) in state {
            let country = countries
                .iter()
                .filter(|(name, _)| !name.is_empty())
                .max_by_key(|(name, n)| (**n, std::cmp::Reverse((*name).clone())))
                .map_or("", |(name, _)| name);
            self.outlets[outlet].side = Some(self.state(country));
        }
        for n in 0..self.outlets.len() {
            let abroad = self.outlets[n]
                .aliases
                .iter()
                .flatten()
                .find_map(|word| self.country(word))
                .map(str::to_owned);
            if self.outlets[n].side.is_none()
                && let Some(country) = abroad.filter(|country| Some(country) != self.countries.first())
            {
                // A medium that bears another country's name tells that country's side.
                self.outlets[n].side = Some(Speaker::State(country));
            }
            let watch =
                self.outlets[n].aliases.iter().flatten().any(|word| role(word) == Some(Role::Monitor));
            self.outlets[n].monitor |= watch;
            if !self.outlets[n].channel {
                continue;
            }
            let words: BTreeSet<&String> = self.outlets[n].aliases.iter().flatten().collect();
            // "VAR MIL" of Varnia.
            let country = self.countries.iter().find(|country| {
                words.iter().any(|word| word.len() >= 3 && country.starts_with(word.as_str()))
            });
            if let Some(country) = country {
                self.outlets[n].side = Some(self.state(&country.clone()));
                continue;
            }
            let by_name = self.groups.iter().position(|group| {
                group.aliases.iter().any(|alias| {
                    alias.len() == 1 && words.contains(&alias[0])
                        || alias.len() > 1 && words.contains(&alias[0])
                })
            });
            let of_outlet = |page: &usize| self.of_page[*page] == Some(n);
            let posts: Vec<usize> = (0..pages.len())
                .filter(of_outlet)
                .filter(|&p| pages[p].record.document.credits.is_empty())
                .collect();
            let ours = posts.iter().filter(|&&p| speaks_for_fighters(pages[p].text())).count();
            if let Some(group) = by_name {
                self.outlets[n].side = Some(Speaker::Group(Some(group)));
            } else if ours > 0 {
                // The group that its posts name as their own: "units of the Front", "council of the Front".
                let mut named: BTreeMap<usize, usize> = BTreeMap::new();
                for &p in &posts {
                    let words: Vec<&str> = tokens(pages[p].text()).collect();
                    let own = |at: &usize| {
                        (1..=3).any(|back| {
                            at.checked_sub(back).is_some_and(|k| {
                                [
                                    "units",
                                    "fighters",
                                    "cell",
                                    "council",
                                    "command",
                                    "service",
                                    "detachments",
                                    "spokesman",
                                    "headquarters",
                                    "brigade",
                                ]
                                .contains(&bare(words[k]).as_str())
                            })
                        })
                    };
                    (0..words.len())
                        .filter(own)
                        .filter_map(|at| self.group_at(&words[at..]))
                        .for_each(|(group, _)| *named.entry(group).or_default() += 1);
                }
                if named.is_empty() {
                    continue;
                }
                let best = named
                    .iter()
                    .max_by_key(|(group, n)| (**n, std::cmp::Reverse(**group)))
                    .map(|(group, _)| *group);
                self.outlets[n].side = Some(Speaker::Group(best));
            }
        }
    }

    /// The state of a country; the one that the pages mention most is at home.
    fn state(&self, country: &str) -> Speaker {
        let home = self.countries.first().is_some_and(|home| home == country);
        Speaker::State(if home { String::new() } else { country.to_owned() })
    }

    /// Is it the surname of somebody of whom it is known what he is?
    pub(crate) fn knows(&self, word: &str) -> bool {
        word.starts_with(char::is_uppercase) && self.persons.contains_key(&bare(word))
    }

    /// What somebody is, by surname.
    pub(crate) fn person(&self, word: &str) -> Option<&Speaker> {
        self.persons.get(&bare(word)).filter(|_| word.starts_with(char::is_uppercase))
    }

    /// The outlet that the words begin with, and by how many words.
    pub(crate) fn outlet_at(&self, words: &[&str]) -> Option<(usize, usize)> {
        at(words, self.outlets.iter().map(|outlet| &outlet.aliases))
    }

    /// The group that the words begin with.
    pub(crate) fn group_at(&self, words: &[&str]) -> Option<(usize, usize)> {
        at(words, self.groups.iter().map(|group| &group.aliases))
    }

    /// Who is meant by a source's words in a sentence of a page.
    pub(crate) fn speaker(
        &self,
        number: usize,
        page: &Page,
        sentence: usize,
        source: &str,
        resolved: Option<&str>,
    ) -> Option<Speaker> {
        // The words may be half a name: "Vel" of "Vel Casualty Register".
        if let Some(first) = tokens(source).find(|word| word.starts_with(char::is_uppercase))
            && sentence < page.sentences.len()
        {
            let words: Vec<&str> = tokens(page.slice(sentence)).collect();
            let at = words.iter().position(|word| *word == first);
            if let Some((outlet, _)) = at.and_then(|at| self.outlet_at(&words[at..])).filter(|(_, n)| *n > 1)
            {
                return Some(Speaker::Outlet(outlet));
            }
        }
        let own = self.named(number, page, sentence, source);
        match own {
            Some(Speaker::Group(None)) | None => {
                resolved.and_then(|resolved| self.named(number, page, sentence, resolved)).or(own)
            }
            found => found,
        }
    }

    /// Who is named by `words`, where that can be told.
    pub(crate) fn named(&self, number: usize, page: &Page, sentence: usize, words: &str) -> Option<Speaker> {
        let words: Vec<&str> = tokens(words).collect();
        let mut roles: BTreeSet<Role> = BTreeSet::new();
        let (mut outlet, mut group, mut country, mut person) = (None, None, None, None);
        for at in 0..words.len() {
            if words[at].starts_with(char::is_uppercase) {
                group = group.or(self.group_at(&words[at..]).map(|(group, _)| group));
                outlet = outlet.or(self.outlet_at(&words[at..]).map(|(outlet, _)| outlet));
                country = country.or(self.country(words[at]));
                person = person.or_else(|| self.persons.get(&bare(words[at])));
            }
            roles.extend(role(words[at]));
        }
        if words.windows(2).any(|pair| pair[0] == "Red" && ["Cross", "Crescent"].contains(&pair[1])) {
            roles.insert(Role::Monitor);
        }
        let has = |role: Role| roles.contains(&role);
        if let Some(group) = group {
            return Some(Speaker::Group(Some(group)));
        }
        let official = has(Role::State) && person.is_some();
        let medium_words = has(Role::Medium) && !has(Role::State) && !has(Role::Hospital);
        if let Some(outlet) = outlet.filter(|_| !has(Role::Witness) && (medium_words || !official)) {
            return Some(Speaker::Outlet(outlet));
        }
        let sentence_words = || page.sentences.get(sentence).map(|_| page.slice(sentence)).unwrap_or("");
        let found = if has(Role::Unnamed) && has(Role::Medium) {
            // "The agency's source": the agency's, not ours.
            return None;
        } else if has(Role::Expert) {
            Speaker::Expert
        } else if has(Role::Unnamed) && !has(Role::Hospital) {
            Speaker::Unnamed("unnamed source".to_owned())
        } else if has(Role::Hospital)
            && !words.iter().any(|word| ["ministry", "minister", "governor"].contains(&bare(word).as_str()))
        {
            Speaker::Hospital(self.hospital(page, sentence, &words))
        } else if let Some(person) = person
            .filter(|who| !has(Role::Witness) && (country.is_none() || !matches!(who, Speaker::State(_))))
        {
            person.clone()
        } else if has(Role::Armed) && !has(Role::State) {
            Speaker::Group(None)
        } else if has(Role::Monitor) && (!has(Role::State) || words.contains(&"UN")) {
            Speaker::Monitor(self.monitor(&words))
        } else if has(Role::State) && has(Role::Armed) {
            Speaker::Group(None)
        } else if has(Role::State) {
            let abroad = country;
            let home = self.of_page.get(number).copied().flatten().and_then(|outlet| {
                match &self.outlets[outlet].side {
                    Some(Speaker::State(country)) => Some(country.clone()),
                    _ => None,
                }
            });
            // "Vel's official data" in the medium of another country: Vel's.
            let other = words.iter().any(|word| {
                word.starts_with(char::is_uppercase) && (word.ends_with("'s") || word.ends_with("’s"))
            });
            match (abroad, home.filter(|_| !other)) {
                (Some(country), _) => self.state(country),
                (None, Some(home)) => Speaker::State(home),
                (None, None) => Speaker::State(String::new()),
            }
        } else if has(Role::Witness) {
            Speaker::Witness
        } else if let Some(country) = country.filter(|_| words.len() <= 2) {
            self.state(country)
        } else if has(Role::Medium) {
            // "the television channel": the outlet that the sentence names.
            let words: Vec<&str> = tokens(sentence_words()).collect();
            let named = (0..words.len())
                .filter(|&at| words[at].starts_with(char::is_uppercase))
                .find_map(|at| self.outlet_at(&words[at..]));
            match named {
                Some((outlet, _)) => Speaker::Outlet(outlet),
                None => {
                    Speaker::Medium(words.iter().take(3).map(|word| bare(word)).collect::<Vec<_>>().join(" "))
                }
            }
        } else {
            return None;
        };
        Some(found)
    }

    /// A hospital's own name, where the words or the page have one; `""` for "the hospital".
    fn hospital(&self, page: &Page, _sentence: usize, words: &[&str]) -> String {
        let named = |words: &[&str]| {
            let at = words.iter().position(|word| {
                ["hospital", "clinic"].contains(&bare(word).as_str()) && word.starts_with(char::is_uppercase)
            })?;
            let start = (0..at)
                .rev()
                .take_while(|&k| words[k].starts_with(char::is_uppercase) && !is_calendar(&bare(words[k])))
                .last()?;
            Some(
                words[start..=at]
                    .iter()
                    .map(|word| bare(word))
                    .filter(|word| word != "the")
                    .collect::<Vec<_>>()
                    .join(" "),
            )
        };
        named(words)
            .or_else(|| {
                let mut names: BTreeMap<String, usize> = BTreeMap::new();
                for k in 0..page.sentences.len() {
                    let words: Vec<&str> = tokens(page.slice(k)).collect();
                    if let Some(name) = named(&words) {
                        *names.entry(name).or_default() += 1;
                    }
                }
                (names.len() == 1).then(|| names.into_keys().next()).flatten()
            })
            .unwrap_or_default()
    }

    /// A monitor's name: "un", "vel watch".
    fn monitor(&self, words: &[&str]) -> String {
        if let Some(pair) =
            words.windows(2).find(|pair| pair[0] == "Red" && ["Cross", "Crescent"].contains(&pair[1]))
        {
            return format!("red {}", bare(pair[1]));
        }
        if words.iter().any(|word| *word == "UN" || word.starts_with("UN "))
            || words.windows(2).any(|pair| pair[0] == "United" && pair[1] == "Nations")
        {
            return "un".to_owned();
        }
        let own = |word: &&&str| {
            word.starts_with(char::is_uppercase) && bare(word) != "the" && !is_calendar(&bare(word))
        };
        let name: Vec<String> = words.iter().filter(own).map(|word| bare(word)).collect();
        if name.iter().all(|word| role(word).is_some()) { String::new() } else { name.join(" ") }
    }

    /// Is it about the outlet itself: its name, "our", "we"?
    pub(crate) fn is_own(&self, number: usize, words: &[&str], at: usize) -> bool {
        let own = self.of_page[number];
        own.is_some_and(|own| {
            self.outlet_at(&words[at..]).is_some_and(|(outlet, _)| outlet == own)
                || self.outlets[own].aliases.iter().any(|alias| {
                    alias.len() > 1
                        && alias.last() == Some(&bare(words[at]))
                        && words[at].starts_with(char::is_uppercase)
                })
        })
    }

    /// Plain words for a speaker.
    pub(crate) fn show(&self, speaker: &Speaker) -> String {
        match speaker {
            Speaker::State(country) if country.is_empty() => "the government side".to_owned(),
            Speaker::State(country) => format!("the {country} side"),
            Speaker::Group(Some(group)) => self.groups[*group].name.clone(),
            Speaker::Group(None) => "armed group".to_owned(),
            Speaker::Hospital(name) if name.is_empty() => "hospital".to_owned(),
            Speaker::Hospital(name) | Speaker::Monitor(name) => name.clone(),
            Speaker::Witness => "witnesses".to_owned(),
            Speaker::Expert => "commentators".to_owned(),
            Speaker::Unnamed(what) => what.clone(),
            Speaker::Outlet(outlet) => self.outlets[*outlet].name.clone(),
            Speaker::Medium(name) => name.clone(),
        }
    }
}

/// The longest alias that the words begin with; the first of them must be written with a capital.
fn at<'a>(words: &[&str], all: impl Iterator<Item = &'a BTreeSet<Vec<String>>>) -> Option<(usize, usize)> {
    if !words.first()?.starts_with(char::is_uppercase) {
        return None;
    }
    // Nearly no word begins a name: the others are made ready only where one does.
    let first = bare(words[0]);
    let mut rest: Option<Vec<String>> = None;
    let mut best: Option<(usize, usize)> = None;
    for (number, aliases) in all.enumerate() {
        for alias in aliases.iter().filter(|alias| alias.first() == Some(&first)) {
            let start = rest.get_or_insert_with(|| words.iter().take(6).map(|word| bare(word)).collect());
            if start.starts_with(alias) && best.is_none_or(|(_, n)| alias.len() > n) {
                best = Some((number, alias.len()));
            }
        }
    }
    best
}

/// Does a post speak as fighters do of themselves: "our sappers", "none of our aircraft", "we shall burn"?
pub(crate) fn speaks_for_fighters(text: &str) -> bool {
    let words: Vec<String> = tokens(text).map(bare).collect();
    let forces = [
        "fighters",
        "sappers",
        "assault",
        "units",
        "group",
        "aircraft",
        "guns",
        "gunners",
        "batteries",
        "detachments",
        "boys",
        "snipers",
        "artillery",
        "brigade",
        "forces",
        "men",
        "cell",
        "drones",
    ];
    words.windows(2).any(|pair| pair[0] == "our" && forces.contains(&pair[1].as_str()))
        || words.windows(2).any(|pair| pair[0] == "of" && ["ours"].contains(&pair[1].as_str()))
        || words.windows(3).any(|w| {
            ["we", "i"].contains(&w[0].as_str())
                && ["shall", "will"].contains(&w[1].as_str())
                && ["burn", "strike", "attack", "hit", "destroy", "shoot", "blow"].contains(&w[2].as_str())
        })
        || words.windows(2).any(|pair| ["was", "is"].contains(&pair[0].as_str()) && pair[1] == "ours")
}
