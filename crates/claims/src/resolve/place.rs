//! Where: the names of one page, resolved together against the gazetteer.
//!
//! "Alexandria" is in Egypt, unless Louisiana stands beside it. Start at [`resolve`]: it looks each name up,
//! then lets the names vote for one another. A candidate gains from its own weight (population, capital), from a
//! province or country named beside it ("Alexandria, La."), from the countries that the page speaks of, and from
//! other names of the page that lie in the same province or near. A name means one place in one page.
//!
//! A name that nothing in the gazetteer bears stays unresolved; its words are kept by the caller.

use super::country::{Country, are_neighbours, countries_in};
use super::gazetteer::{Gazetteer, Place, Seat, key};
use crate::lexicon::rows;
use hearsay_doc::{Doc, MentionKind, PlacePrecision, PlaceRef, ResolvedPlace, Span, Upos};
use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

pub use super::country::{country_named, country_of_demonym, is_demonym};

/// What is known of the page beside its names.
#[derive(Clone, Copy, Debug, Default)]
pub struct Context<'a> {
    /// The page's text, to which the spans belong.
    pub text: &'a str,
    /// Country of the outlet, where known: weak evidence.
    pub outlet: Option<Country>,
}

/// Candidates of one name that are looked at, the most populous first; "San José" has over 200.
const MOST: usize = 120;

/// Resolves the place names of one page, in order; one answer per name.
///
/// A span outside the text is allowed, its neighbourhood is then empty. Names may be places, countries or peoples
/// ("Syrian" gives the country); "X province", "northern X", "X, Y" are understood. `None` where the gazetteer has
/// nothing.
pub fn resolve(
    gazetteer: &Gazetteer,
    names: &[(Span, &str)],
    context: &Context,
) -> Vec<Option<ResolvedPlace>> {
    let mut page = Page::new(gazetteer, names, context);
    page.choose();
    names
        .iter()
        .map(|(_, name)| {
            let at = *page.of_name.get(&key(name))?;
            let name = &page.names[at];
            name.candidates.get(name.chosen).map(resolved)
        })
        .collect()
}

/// The names of places in a text: what the tagger calls a location, and capitalised words that the gazetteer has a place of
/// note for, or a user's list any, where the tagger sees no name, or one of another kind that is the place's whole name or
/// begins with it ("Osh Police Department"). In order, never overlapping.
pub fn named_in(gazetteer: &Gazetteer, doc: &Doc) -> Vec<Span> {
    let mut found: Vec<Span> =
        doc.mentions.iter().filter(|m| m.kind == MentionKind::Location).map(|m| m.span).collect();
    let mut at = 0;
    while at < doc.tokens.len() {
        let end = name_at(gazetteer, doc, at).unwrap_or(at);
        if end > at {
            let span = doc.span(at, end - 1);
            if !found.iter().any(|other| other.overlaps(span)) {
                found.push(span);
            }
        }
        at = end.max(at + 1);
    }
    found.sort_unstable();
    found
}

/// One past the last token of the longest listed name that starts at `at`.
fn name_at(gazetteer: &Gazetteer, doc: &Doc, at: usize) -> Option<usize> {
    let is_part = |n: usize| {
        doc.tokens[n].upos == Upos::Propn || n > at && doc.form(n) == "-" && n + 1 < doc.tokens.len()
    };
    if !is_part(at) || !doc.form(at).starts_with(char::is_uppercase) {
        return None;
    }
    let mention = doc.mentions.iter().find(|m| (m.tokens.0 as usize) <= at && at < m.tokens.1 as usize);
    let last = (at..doc.tokens.len()).take(4).take_while(|&n| is_part(n)).last()?;
    (at + 1..=last + 1).rev().find(|&end| {
        let name = doc.slice(doc.span(at, end - 1));
        let several = end > at + 1;
        let whole = mention.is_none_or(|m| m.tokens == (at as u32, end as u32));
        let fits = match mention.map(|m| m.kind) {
            None => true,
            Some(MentionKind::Person) => whole && several,
            Some(MentionKind::Organization) => {
                !whole && mention.is_some_and(|m| m.tokens.0 as usize == at && m.tokens.1 as usize >= end)
            }
            _ => whole,
        };
        let of_note = |place: Place| match place.precision {
            _ if place.is_own => true,
            _ if !fits || is_demonym(name) || name.chars().count() < 4 => false,
            PlacePrecision::Settlement => place.population > if several { 1_000 } else { 20_000 },
            _ => true,
        };
        (!is_common(name) || several) && gazetteer.lookup_exact(name).any(of_note)
    })
}

/// As [`resolve`], with the words that it does not know placed by a known name beside or inside them.
pub fn refer(gazetteer: &Gazetteer, spans: &[Span], context: &Context) -> Vec<PlaceRef> {
    let mut names: Vec<(Span, &str)> = spans.iter().map(|span| (*span, span.of(context.text))).collect();
    let mut answers = resolve(gazetteer, &names, context);
    // "Bank of Japan", "the Osh hospital": the names inside names vote with the others.
    let unknown = || names.iter().zip(&answers).filter(|(_, answer)| answer.is_none());
    let inner: Vec<Span> =
        unknown().filter_map(|((span, _), _)| inner_name(gazetteer, context.text, *span)).collect();
    if !inner.is_empty() {
        names.extend(inner.iter().map(|span| (*span, span.of(context.text))));
        answers = resolve(gazetteer, &names, context);
    }
    let known: Vec<(Span, &ResolvedPlace)> = names
        .iter()
        .zip(&answers)
        .filter_map(|((span, _), answer)| Some((*span, answer.as_ref()?)))
        .collect();
    let near = |span: Span| nearest(context.text, &known, span);
    let refer = |(&span, resolved): (&Span, &Option<ResolvedPlace>)| match resolved {
        Some(place) => PlaceRef { span, resolved: Some(place.clone()), near: None },
        None => PlaceRef { span, resolved: None, near: near(span) },
    };
    spans.iter().zip(&answers).map(refer).collect()
}

/// Names that end so say nothing of the town that they were taken from.
const STREETS: [&str; 7] = [" Street", " Avenue", " Square", " Road", " Boulevard", " Lane", " Drive"];

/// Words for what a place is, and what it then is in the gazetteer.
const KINDS: [(&str, PlacePrecision); 14] = [
    ("city", PlacePrecision::Settlement),
    ("town", PlacePrecision::Settlement),
    ("village", PlacePrecision::Settlement),
    ("capital", PlacePrecision::Settlement),
    ("port", PlacePrecision::Settlement),
    ("district", PlacePrecision::Admin2),
    ("county", PlacePrecision::Admin2),
    ("province", PlacePrecision::Admin1),
    ("governorate", PlacePrecision::Admin1),
    ("state", PlacePrecision::Admin1),
    ("region", PlacePrecision::Admin1),
    ("country", PlacePrecision::Country),
    ("nation", PlacePrecision::Country),
    ("kingdom", PlacePrecision::Country),
];

/// What "the city" or "this province" takes up: the last place of that kind named before, within some sentences.
fn described(text: &str, known: &[(Span, &ResolvedPlace)], span: Span) -> Option<ResolvedPlace> {
    let words = span.of(text).to_lowercase();
    let definite = ["the ", "this ", "that "].iter().find_map(|word| words.strip_prefix(word))?;
    let kind = KINDS.iter().find(|(word, _)| *word == definite)?.1;
    let before = known
        .iter()
        .filter(|(at, place)| at.end <= span.start && span.start - at.end < 1500 && place.precision == kind);
    let (_, place) = before.max_by_key(|(at, _)| at.end)?;
    Some(ResolvedPlace { radius_km: Some(0.0), ..(*place).clone() })
}

/// The longest run of capitalised words inside the span that names a country, a province, a people or a town of note.
fn inner_name(gazetteer: &Gazetteer, text: &str, span: Span) -> Option<Span> {
    // "Washington Square" lies in any town.
    if STREETS.iter().any(|word| span.of(text).ends_with(word)) {
        return None;
    }
    let words: Vec<Span> = span
        .of(text)
        .split(' ')
        .scan(span.start as usize, |at, word| {
            let start = *at;
            *at += word.len() + 1;
            Some(Span::new(start, start + word.trim_end_matches(&[',', '.', '\''][..]).len()))
        })
        .collect();
    let of_note = |span: Span| {
        let name = span.of(text);
        let common = is_common(name) || name.strip_suffix('s').is_some_and(is_common);
        let found = candidates(gazetteer, name);
        name.starts_with(char::is_uppercase)
            && !found.is_loose
            && found.places.iter().any(|place| match place.precision {
                PlacePrecision::Country | PlacePrecision::Region => true,
                PlacePrecision::Admin1 => !common,
                _ => !common && place.population > 100_000,
            })
    };
    (1..words.len().min(4)).rev().find_map(|n| {
        let runs = words.windows(n).map(|run| Span::new(run[0].start as usize, run[n - 1].end as usize));
        // "University of California": what follows "of" before what leads.
        runs.rev().find(|run| of_note(*run))
    })
}

/// The known place that unknown words stand by, with the radius in which to look for them: a name that the words
/// themselves hold or that follows them ("the bridge in Osh"), else the nearest one, those of the same paragraph and fine
/// ones before others. `None` if nothing finer than a country is known.
pub fn nearest(text: &str, known: &[(Span, &ResolvedPlace)], span: Span) -> Option<ResolvedPlace> {
    if let Some(place) = described(text, known, span) {
        return Some(place);
    }
    let cost = |(at, place): &&(Span, &ResolvedPlace)| {
        let gap = if at.end <= span.start { span.start - at.end } else { at.start.saturating_sub(span.end) };
        let between =
            text.get(at.end.min(span.end) as usize..at.start.max(span.start) as usize).unwrap_or("");
        let breaks = between.matches(['\n', '.']).count().min(8) as u32;
        // "the bridge in Osh"
        let link = |word: &&str| between.ends_with(*word) && gap < 30 && !between.contains([',', '.', ';']);
        let beside = at.start >= span.end && (gap < 5 || [" in ", " of ", " near "].iter().any(link));
        let coarse = match place.precision {
            PlacePrecision::Facility | PlacePrecision::Settlement => 0,
            PlacePrecision::Admin2 => 60,
            PlacePrecision::Admin1 => 150,
            PlacePrecision::Region => 400,
            PlacePrecision::Country => 800,
        };
        if span.contains(*at) { 0 } else { (if beside { 0 } else { gap + 80 * breaks }) + coarse }
    };
    let (at, place) = known.iter().min_by_key(cost)?;
    let radius = match place.precision {
        PlacePrecision::Facility | PlacePrecision::Settlement => 25.0,
        PlacePrecision::Admin2 => 50.0,
        PlacePrecision::Admin1 => 150.0,
        // "The Kelmari High Court": somewhere in the country that the words themselves name.
        PlacePrecision::Region | PlacePrecision::Country if span.contains(*at) => 500.0,
        PlacePrecision::Region | PlacePrecision::Country => return None,
    };
    Some(ResolvedPlace { radius_km: Some(radius), ..(*place).clone() })
}

fn resolved(place: &Place) -> ResolvedPlace {
    ResolvedPlace {
        name: place.name.to_owned(),
        geonames: place.geonames,
        lat: place.lat,
        lon: place.lon,
        precision: place.precision,
        country: place.country,
        radius_km: None,
    }
}

/// Is it an ordinary word, that no small place is meant by: "Congress", "the Valley", "West"?
fn is_common(word: &str) -> bool {
    static WORDS: OnceLock<HashSet<&'static str>> = OnceLock::new();
    let words = WORDS.get_or_init(|| {
        let lists = [
            include_str!("../../../../data/lexicon/nouns.tsv"),
            include_str!("../../../../data/lexicon/adjectives.tsv"),
        ];
        lists.into_iter().flat_map(rows).map(|row| row[0]).collect()
    });
    words.contains(word.to_lowercase().as_str())
}

/// Kilometres between two places.
fn distance(one: &Place, other: &Place) -> f32 {
    let (a, b) = (one.lat.to_radians(), other.lat.to_radians());
    let (dlat, dlon) = (b - a, (other.lon - one.lon).to_radians());
    let h = (dlat / 2.0).sin().powi(2) + a.cos() * b.cos() * (dlon / 2.0).sin().powi(2);
    2.0 * 6371.0 * h.sqrt().min(1.0).asin()
}

/// One distinct name of the page.
struct Name {
    candidates: Vec<Place>,
    /// Each candidate's weight of its own.
    fixed: Vec<f32>,
    /// What the words beside a mention add, the best of all mentions.
    beside: Vec<f32>,
    /// How likely each candidate is, adding up to 1.
    belief: Vec<f32>,
    /// Index of the likeliest.
    chosen: usize,
    /// Byte offsets of its mentions.
    at: Vec<u32>,
    /// Are its candidates only spelled like it?
    is_loose: bool,
}

struct Page<'a> {
    gazetteer: &'a Gazetteer,
    names: Vec<Name>,
    /// Index in `names` of a name's key.
    of_name: HashMap<String, usize>,
    /// Share of each country among the countries and peoples of the text.
    countries: HashMap<Country, f32>,
    outlet: Option<Country>,
}

impl<'a> Page<'a> {
    fn new(gazetteer: &'a Gazetteer, names: &[(Span, &str)], context: &Context) -> Page<'a> {
        let told = countries_in(context.text);
        // Two are added, so that one country named once is no certainty.
        let total = told.iter().map(|(_, n)| *n as f32).sum::<f32>() + 2.0;
        let countries = told.iter().map(|(country, n)| (*country, *n as f32 / total)).collect();
        let mut page =
            Page { gazetteer, names: Vec::new(), of_name: HashMap::new(), countries, outlet: context.outlet };
        for (span, name) in names {
            let at = page.add(name);
            page.names[at].at.push(span.start);
        }
        for (span, name) in names {
            page.beside(context.text, *span, name);
        }
        page.drop_strays();
        for (span, name) in names {
            page.said_to_be(context.text, *span, name);
        }
        page
    }

    /// Takes candidates that are only spelled like the name, or are villages of unknown size, from countries that the
    /// page does not speak of: "South Side" is not Fatsa. A page that speaks of no country keeps them.
    fn drop_strays(&mut self) {
        let village = |place: &Place| {
            place.precision == PlacePrecision::Settlement && place.population == 0 && !place.is_own
        };
        let sure = self.names.iter().filter(|name| !name.is_loose);
        let mut spoken: Vec<Country> = sure
            .filter_map(|name| {
                let scored = name.fixed.iter().zip(&name.candidates).filter(|(_, place)| !village(place));
                scored.max_by(|a, b| a.0.total_cmp(b.0))?.1.country
            })
            .collect();
        spoken.extend(self.countries.keys());
        if spoken.is_empty() {
            return;
        }
        for name in &mut self.names {
            let stays = |(place, beside): (&Place, &f32)| {
                let here = place.country.is_some_and(|country| spoken.contains(&country));
                here || *beside > 0.0 || !(name.is_loose || village(place))
            };
            let kept: Vec<bool> = name.candidates.iter().zip(&name.beside).map(stays).collect();
            for list in [&mut name.fixed, &mut name.beside] {
                let mut keep = kept.iter();
                list.retain(|_| *keep.next().expect("one a candidate"));
            }
            let mut keep = kept.iter();
            name.candidates.retain(|_| *keep.next().expect("one a candidate"));
        }
    }

    fn add(&mut self, name: &str) -> usize {
        let key = self::key(name);
        if let Some(&at) = self.of_name.get(&key) {
            return at;
        }
        let Candidates { places: candidates, kind, is_loose } = candidates(self.gazetteer, name);
        let mut fixed: Vec<f32> =
            candidates.iter().map(|place| self.weight(place, kind, &candidates)).collect();
        // A name once borne, or borne in another language, yields to a town that bears it now: Salisbury is not Harare.
        let bears = |place: &Place| {
            let start: String = key.chars().take(3).collect();
            place.precision != PlacePrecision::Settlement || self::key(place.name).starts_with(&start)
        };
        if candidates.iter().any(|place| place.population > 20_000 && self::key(place.name) == key) {
            for (place, fixed) in candidates.iter().zip(&mut fixed) {
                *fixed -= if bears(place) { 0.0 } else { 2.5 };
            }
        }
        let beside = vec![0.0; candidates.len()];
        self.names.push(Name {
            candidates,
            fixed,
            beside,
            belief: Vec::new(),
            chosen: 0,
            at: Vec::new(),
            is_loose,
        });
        self.of_name.insert(key, self.names.len() - 1);
        self.names.len() - 1
    }

    /// How likely a place is to be named at all: a hundredfold population weighs as much as a capital. Scaled so
    /// that 1 is about what one neighbouring name adds.
    fn weight(&self, place: &Place, kind: Option<PlacePrecision>, all: &[Place]) -> f32 {
        let mut weight = 0.94 * (place.population as f32 + 30.0).log10();
        weight += match place.seat {
            Seat::Country => 1.8,
            Seat::Province => 0.3,
            Seat::None => 0.0,
        };
        weight += match place.precision {
            PlacePrecision::Country => 1.8,
            PlacePrecision::Region => 1.0,
            PlacePrecision::Facility => 0.6,
            // An area that shares its name with its town is said to be one: "Aleppo province".
            PlacePrecision::Admin1 | PlacePrecision::Admin2 => {
                let town = all.iter().any(|other| {
                    other.precision == PlacePrecision::Settlement
                        && other.country == place.country
                        && (other.seat != Seat::None || other.population > place.population / 20)
                        && (other.province == Some(place.idx) || distance(other, place) < 150.0)
                });
                match (town, place.precision) {
                    (true, _) => -1.5,
                    (false, PlacePrecision::Admin1) => 0.7,
                    _ => -1.0,
                }
            }
            PlacePrecision::Settlement => 0.0,
        };
        weight += if place.is_own { 4.0 } else { 0.0 };
        if let Some(kind) = kind {
            weight += if kind == place.precision { 3.0 } else { 0.0 };
        }
        if let Some(country) = place.country {
            let share = self.countries.get(&country).copied().unwrap_or(0.0);
            weight += 1.1 * share;
            let near = self.countries.iter().filter(|(other, _)| are_neighbours(country, **other));
            weight += 0.5 * near.map(|(_, share)| share).sum::<f32>();
            // "Mexico" names the country before its capital or a province of the name.
            let shadowed = |other: &Place| {
                other.precision == PlacePrecision::Country
                    && other.idx != place.idx
                    && other.country == place.country
            };
            weight -= if all.iter().any(shadowed) { 6.0 } else { 0.0 };
            weight += if self.outlet == Some(country) { 0.7 } else { 0.0 };
        }
        weight
    }

    /// "X, Y", "X in Y", "X (Y)": candidates of X that lie in Y gain, and so do candidates of Y that hold X.
    fn beside(&mut self, text: &str, span: Span, name: &str) {
        let own = self.of_name[&key(name)];
        let inner = name.split_once(',').map(|(_, after)| after.trim());
        let after = text.get(span.end as usize..).unwrap_or("");
        let (outer, bonus) = match inner {
            Some(inner) => (inner, 5.0),
            None => match next_name(after) {
                Some(found) => found,
                None => return,
            },
        };
        // "Alexandria, Louisiana The police": the words may run on into what is no name.
        let shorter = std::iter::successors(Some(outer), |name| Some(name.rsplit_once(' ')?.0));
        let found = shorter.take(4).find_map(|outer| {
            let mut holders = candidates(self.gazetteer, outer).places;
            holders.retain(|p| !matches!(p.precision, PlacePrecision::Settlement | PlacePrecision::Facility));
            (!holders.is_empty()).then_some((outer, holders))
        });
        let Some((outer, holders)) = found else { return };
        let mut held = vec![false; holders.len()];
        let name = &mut self.names[own];
        for (place, beside) in name.candidates.iter().zip(&mut name.beside) {
            let mut inside = false;
            for (holder, held) in holders.iter().zip(&mut held) {
                if holds(holder, place) {
                    inside = true;
                    *held |= place.population > 0 || bonus > 3.0;
                }
            }
            if inside {
                *beside = beside.max(bonus);
            }
        }
        if let Some(&at) = self.of_name.get(&key(outer)).filter(|at| **at != own) {
            let outer = &mut self.names[at];
            for (place, beside) in outer.candidates.iter().zip(&mut outer.beside) {
                if holders.iter().zip(&held).any(|(holder, held)| *held && holder.idx == place.idx) {
                    *beside = beside.max(bonus * 0.5);
                }
            }
        }
    }

    /// "the city of X", "X Post", "X County": the words around the name say what it is.
    fn said_to_be(&mut self, text: &str, span: Span, name: &str) {
        let after = text.get(span.end as usize..).unwrap_or("");
        let ends =
            |word: &str| after.get(word.len()..).is_some_and(|rest| !rest.starts_with(char::is_alphabetic));
        let follows = |word: &&(&str, PlacePrecision)| after.starts_with(word.0) && ends(word.0);
        let lower = after.get(..20.min(after.len())).unwrap_or("").to_lowercase();
        let kind = TITLES.iter().find(follows).map(|(_, kind)| *kind).or_else(|| {
            let (word, kind) = AFTER.iter().find(|(word, _)| lower.starts_with(word))?;
            ends(word).then_some(*kind)?
        });
        let before = text.get(..span.start as usize).unwrap_or("");
        let kind = kind.or_else(|| BEFORE.iter().find(|(word, _)| before.ends_with(word))?.1);
        let Some(kind) = kind else { return };
        let name = &mut self.names[self.of_name[&key(name)]];
        for (place, beside) in name.candidates.iter().zip(&mut name.beside) {
            *beside += if place.precision == kind { 2.0 / name.at.len() as f32 } else { 0.0 };
        }
    }

    /// Rounds of voting: how likely each candidate is, given how likely the candidates of the other names are.
    ///
    /// Beliefs rather than winners are passed on: "Henry County" beside "Paris" has ten candidates and "Paris" a
    /// famous one, and only together do they point to Tennessee.
    fn choose(&mut self) {
        for name in &mut self.names {
            let scores: Vec<f32> = name.fixed.iter().zip(&name.beside).map(|(a, b)| a + b).collect();
            name.belief = softmax(&scores);
            name.chosen = best(&scores);
        }
        for _ in 0..5 {
            let scores: Vec<Vec<f32>> = (0..self.names.len()).map(|at| self.scores(at)).collect();
            for (name, scores) in self.names.iter_mut().zip(scores) {
                name.belief = softmax(&scores);
                name.chosen = best(&scores);
            }
        }
    }

    /// Scores of one name's candidates, given the beliefs about the others.
    fn scores(&self, own: usize) -> Vec<f32> {
        let name = &self.names[own];
        let fixed = name.fixed.iter().zip(&name.beside).map(|(fixed, beside)| fixed + beside);
        if name.candidates.len() < 2 {
            return fixed.collect();
        }
        let others: Vec<(f32, Vec<(&Place, f32)>)> = self
            .names
            .iter()
            .enumerate()
            .filter(|(at, _)| *at != own)
            .map(|(_, other)| voters(other))
            .collect();
        let total: f32 = others.iter().map(|(weight, _)| weight).sum::<f32>() + 0.9;
        let support = |place: &Place| {
            let (mut votes, mut near) = (0.0, 0.0_f32);
            for (weight, voters) in &others {
                let mut nearest = 0.0_f32;
                for (other, belief) in voters {
                    votes += weight * belief * kinship(place, other);
                    if is_small(other) && place.precision != PlacePrecision::Country {
                        nearest = nearest.max(belief.sqrt() * (-distance(place, other) / NEAR_KM).exp());
                    }
                }
                near += weight * nearest;
            }
            1.7 * votes / total + 1.7 * near.min(1.4)
        };
        fixed.zip(&name.candidates).map(|(fixed, place)| fixed + support(place)).collect()
    }
}

/// Distance at which a neighbour's vote falls to a third.
const NEAR_KM: f32 = 75.0;

/// What one name's vote for another weighs, and its likelier candidates.
fn voters(other: &Name) -> (f32, Vec<(&Place, f32)>) {
    if other.candidates.is_empty() {
        return (0.0, Vec::new());
    }
    // What is said often counts for more.
    let often = (other.at.len() as f32).sqrt();
    let likely = other.candidates.iter().zip(&other.belief).map(|(place, belief)| (place, *belief));
    (1.4 * often, likely.filter(|(_, belief)| *belief > 0.02).collect())
}

/// 1.5 for the same country, 3 more for the same province.
fn kinship(place: &Place, other: &Place) -> f32 {
    if place.country.is_none() || place.country != other.country {
        return 0.0;
    }
    let province = if other.precision == PlacePrecision::Admin1 { Some(other.idx) } else { other.province };
    let same = place.province == province || Some(place.idx) == province;
    if province.is_some() && same && is_small(other) { 4.5 } else { 1.5 }
}

fn is_small(place: &Place) -> bool {
    !matches!(place.precision, PlacePrecision::Country | PlacePrecision::Region)
}

fn softmax(scores: &[f32]) -> Vec<f32> {
    let most = scores.iter().copied().fold(f32::MIN, f32::max);
    let mut belief: Vec<f32> = scores.iter().map(|score| (score - most).exp()).collect();
    let sum: f32 = belief.iter().sum();
    belief.iter_mut().for_each(|b| *b /= sum);
    belief
}

/// Index of the highest; the first among equals, so the most populous.
fn best(scores: &[f32]) -> usize {
    let mut best = 0;
    for (n, score) in scores.iter().enumerate() {
        if *score > scores[best] {
            best = n;
        }
    }
    best
}

/// Does the larger area hold the place, as far as the gazetteer can tell?
fn holds(holder: &Place, place: &Place) -> bool {
    if holder.idx == place.idx {
        return false;
    }
    match holder.precision {
        PlacePrecision::Country => {
            holder.country == place.country && place.precision != PlacePrecision::Country
        }
        PlacePrecision::Admin1 => {
            place.province == Some(holder.idx)
                || place.province.is_none()
                    && holder.country == place.country
                    && distance(holder, place) < 120.0
        }
        PlacePrecision::Admin2 => holder.country == place.country && distance(holder, place) < 60.0,
        PlacePrecision::Region => {
            holder.country.is_some() && holder.country == place.country && distance(holder, place) < 250.0
        }
        PlacePrecision::Settlement | PlacePrecision::Facility => false,
    }
}

/// The name after ", ", " (", " in " or " of ", and what lying in it is worth.
fn next_name(after: &str) -> Option<(&str, f32)> {
    let (rest, bonus) =
        [(", ", 4.0), (" (", 4.0), (" in the ", 3.8), (" in ", 3.8), (", in ", 3.0), (" of ", 1.0)]
            .iter()
            .rev()
            .find_map(|(open, bonus)| after.strip_prefix(open).map(|rest| (rest, *bonus)))?;
    let mut end = 0;
    for word in rest.split_inclusive(' ') {
        let bare = word.trim_end();
        let small = ["northern", "southern", "eastern", "western", "central", "the"].contains(&bare);
        if !(bare.starts_with(char::is_uppercase) || small && end == 0) {
            break;
        }
        end += word.len();
        let closes =
            bare.ends_with([',', ';', ')', ':', '?', '!', '—']) || bare.ends_with('.') && bare.len() > 6;
        if closes || bare.ends_with("'s") || bare.ends_with("’s") {
            break;
        }
    }
    let name = rest[..end].trim_end().trim_end_matches([',', ';', ')', ':', '?', '!', '—']);
    let name = name.strip_suffix("'s").or_else(|| name.strip_suffix("’s")).unwrap_or(name);
    (!name.is_empty()).then_some((name, bonus))
}

/// Words around a name that say what it is, or nothing that the gazetteer knows.
const BEFORE: [(&str, Option<PlacePrecision>); 34] = [
    ("republic of ", Some(PlacePrecision::Country)),
    ("city of ", Some(PlacePrecision::Settlement)),
    ("town of ", Some(PlacePrecision::Settlement)),
    ("village of ", Some(PlacePrecision::Settlement)),
    ("capital of ", None),
    ("province of ", Some(PlacePrecision::Admin1)),
    ("state of ", Some(PlacePrecision::Admin1)),
    ("region of ", None),
    ("district of ", Some(PlacePrecision::Admin2)),
    ("port of ", None),
    ("island of ", None),
    ("northeastern ", None),
    ("northwestern ", None),
    ("southeastern ", None),
    ("southwestern ", None),
    ("northern ", None),
    ("southern ", None),
    ("eastern ", None),
    ("western ", None),
    ("central ", None),
    ("northeast ", None),
    ("northwest ", None),
    ("southeast ", None),
    ("southwest ", None),
    ("north ", None),
    ("south ", None),
    ("east ", None),
    ("west ", None),
    ("occupied ", None),
    ("greater ", None),
    ("downtown ", None),
    ("upper ", None),
    ("lower ", None),
    ("rural ", None),
];

/// What is called after a town, or after a state, and follows its name.
const TITLES: [(&str, PlacePrecision); 16] = [
    (" Post", PlacePrecision::Settlement),
    (" Times", PlacePrecision::Settlement),
    (" Herald", PlacePrecision::Settlement),
    (" Tribune", PlacePrecision::Settlement),
    (" Police Department", PlacePrecision::Settlement),
    (" Fire Department", PlacePrecision::Settlement),
    (" City Council", PlacePrecision::Settlement),
    (" City Hall", PlacePrecision::Settlement),
    (" Mayor", PlacePrecision::Settlement),
    (" mayor", PlacePrecision::Settlement),
    (" police", PlacePrecision::Settlement),
    (" Sheriff", PlacePrecision::Admin2),
    (" State Police", PlacePrecision::Admin1),
    (" National Guard", PlacePrecision::Admin1),
    (" Gov.", PlacePrecision::Admin1),
    (" governor", PlacePrecision::Admin1),
];

/// As [`BEFORE`], for what follows a name.
const AFTER: [(&str, Option<PlacePrecision>); 36] = [
    (" province", Some(PlacePrecision::Admin1)),
    (" governorate", Some(PlacePrecision::Admin1)),
    (" oblast", Some(PlacePrecision::Admin1)),
    (" state", Some(PlacePrecision::Admin1)),
    (" prefecture", Some(PlacePrecision::Admin1)),
    (" region", Some(PlacePrecision::Admin1)),
    (" department", Some(PlacePrecision::Admin1)),
    (" district", Some(PlacePrecision::Admin2)),
    (" county", Some(PlacePrecision::Admin2)),
    (" parish", Some(PlacePrecision::Admin2)),
    (" township", Some(PlacePrecision::Settlement)),
    (" municipality", Some(PlacePrecision::Admin2)),
    (" raion", Some(PlacePrecision::Admin2)),
    (" refugee camp", None),
    (" camp", None),
    (" city", Some(PlacePrecision::Settlement)),
    (" town", Some(PlacePrecision::Settlement)),
    (" village", Some(PlacePrecision::Settlement)),
    (" neighborhood", None),
    (" neighbourhood", None),
    (" area", None),
    (" countryside", None),
    (" suburb", None),
    (" suburbs", None),
    (" border crossing", None),
    (" crossing", None),
    (" international airport", None),
    (" airport", None),
    (" air base", None),
    (" airbase", None),
    (" port", None),
    (" valley", None),
    (" peninsula", None),
    (" island", None),
    (" coast", None),
    (" metro", None),
];

/// People of a place that is meant though its name is an ordinary word: Nice, Split, Reading; not Congress in Arizona.
const COMMON: u32 = 50_000;

/// What a name may lack: "Miami-Dade", "Sinjar" where the gazetteer says county or district.
const UNSAID: [&str; 6] = [" camp", " province", " governorate", " district", " county", " parish"];

/// Places that a name may mean.
#[derive(Debug, Default)]
struct Candidates {
    places: Vec<Place>,
    /// What the words beside the name say that it is.
    kind: Option<PlacePrecision>,
    /// Are they only spelled like it, as transliterations are?
    is_loose: bool,
}

/// Places that the name may mean, and what its words say that it is. The closest reading that finds anything wins.
fn candidates(gazetteer: &Gazetteer, name: &str) -> Candidates {
    let name = name.trim();
    let name = name.strip_suffix("'s").or_else(|| name.strip_suffix("’s")).unwrap_or(name);
    // "The village": a description, that no entry of the gazetteer bears.
    if !name.chars().any(|c| c.is_uppercase() || c.is_alphabetic() && !c.is_lowercase()) {
        return Candidates::default();
    }
    let exact = |name: &str| gazetteer.lookup_exact(name).take(MOST).collect::<Vec<_>>();
    let mut found = exact(name);
    if found.is_empty()
        && let Some((before, _)) = name.split_once(',')
    {
        found = exact(before);
    }
    // "SA" and "EU" are areas or world cities; villages of the name are not written so.
    if name.len() < 4 && name.chars().all(char::is_uppercase) {
        found.retain(|place| place.precision != PlacePrecision::Settlement || place.population > 1_000_000);
        return Candidates { places: found, ..Candidates::default() };
    }
    let area = |place: &Place| place.precision != PlacePrecision::Settlement;
    if !found.iter().any(area) && is_demonym(name) {
        let country = country_of_demonym(name).and_then(|country| country_place(gazetteer, country));
        // "Kurdish", "Arab": peoples of no one state, whatever village bears the name.
        found.retain(|place| country.is_some() || place.population > 100_000);
        return Candidates { places: country.map_or(found, |place| vec![place]), ..Candidates::default() };
    }
    let common = name.strip_prefix("the ").or(name.strip_prefix("The ")).unwrap_or(name);
    if is_common(common) {
        found.retain(|place| match place.precision {
            PlacePrecision::Settlement => place.population > COMMON,
            PlacePrecision::Admin1 | PlacePrecision::Admin2 => false,
            _ => true,
        });
        return Candidates { places: found, ..Candidates::default() };
    }
    let lower = name.to_lowercase();
    let lower = lower.strip_prefix("the ").unwrap_or(&lower);
    let after = AFTER.iter().find(|(word, _)| lower.ends_with(word));
    let mut kind = after.and_then(|(_, kind)| *kind);
    let mut bare = after.map_or(lower, |(word, _)| &lower[..lower.len() - word.len()]);
    if after.is_some() && (found.is_empty() || kind == Some(PlacePrecision::Admin1)) {
        for place in exact(bare) {
            if found.iter().all(|other| other.idx != place.idx) {
                found.push(place);
            }
        }
        found.sort_by_key(|place| std::cmp::Reverse(place.population));
    }
    if found.is_empty() {
        found = UNSAID.iter().flat_map(|word| exact(&format!("{bare}{word}"))).collect();
    }
    for _ in 0..2 {
        let before = BEFORE.iter().find(|(word, _)| bare.starts_with(word));
        if let Some((word, precision)) = before.filter(|_| found.is_empty()) {
            bare = &bare[word.len()..];
            kind = kind.or(*precision);
            found = exact(bare);
            // "West Wing" is no part of a village called Wing.
            found.retain(|place| place.precision != PlacePrecision::Settlement || place.population > 20_000);
        }
    }
    // Villages of unknown size bear every name: a town that is spelled a little otherwise may be meant as well.
    let is_loose = found
        .iter()
        .all(|place| place.precision == PlacePrecision::Settlement && place.population == 0 && !place.is_own);
    if is_loose {
        let camp = format!("{bare} camp");
        let loose =
            [lower, bare, &camp].into_iter().map(|name| gazetteer.lookup_loose(name).take(MOST).collect());
        let loose = loose.into_iter().find(|found: &Vec<Place>| !found.is_empty()).unwrap_or_default();
        let known: Vec<u32> = found.iter().map(|place| place.idx).collect();
        let unseen =
            |place: &Place| !known.contains(&place.idx) && (known.is_empty() || place.population > 0);
        found.extend(loose.into_iter().filter(unseen));
    }
    Candidates { places: found, kind, is_loose }
}

fn country_place(gazetteer: &Gazetteer, country: Country) -> Option<Place> {
    let name = super::country::name_of(country)?;
    gazetteer
        .lookup_exact(name)
        .find(|place| place.precision == PlacePrecision::Country && place.country == Some(country))
}

#[cfg(test)]
mod tests {
    use super::super::gazetteer::small;
    use super::*;

    const ROWS: &str = "
        United States; US; 39.76,-98.5; country; 310000000; U.S.
        Egypt; EG; 27,30; country; 80000000
        Syria; SY; 35,38; country; 20000000
        Georgia; GE; 42,43.5; country; 4600000
        Louisiana; US; 31,-92; admin1; 4600000; La.
        Georgia; US; 32.75,-83.5; admin1; 9000000; Ga.
        Texas; US; 31.25,-99.25; admin1; 24000000; Tex.
        Aleppo; SY; 36.2,37.8; admin1; 4000000
        Alexandria; EG; 31.2,29.9; settlement; 4500000
        Alexandria; US; 31.31,-92.44; settlement; 48000; ; Louisiana
        Pineville; US; 31.32,-92.43; settlement; 14000; ; Louisiana
        Paris; US; 33.66,-95.55; settlement; 25000; ; Texas
        Paris; FR; 48.85,2.35; settlement; 2100000
        Aleppo; SY; 36.2,37.16; settlement; 1600000; ; Aleppo
        Atlanta; US; 33.74,-84.39; settlement; 420000; ; Georgia
        Tiflis; GE; 41.7,44.8; settlement; 1000000";

    /// The text without its `[` and `]`, and the spans that stood between them.
    fn unmarked(marked: &str) -> (String, Vec<Span>) {
        let mut text = String::new();
        let mut spans = Vec::new();
        let mut start = 0;
        for c in marked.chars() {
            match c {
                '[' => start = text.len(),
                ']' => spans.push(Span::new(start, text.len())),
                c => text.push(c),
            }
        }
        (text, spans)
    }

    /// Names between `[` and `]`; prints each with its country, precision and latitude.
    fn check(marked: &str, expected: &str) {
        let (text, spans) = unmarked(marked);
        let names: Vec<(Span, &str)> = spans.iter().map(|span| (*span, span.of(&text))).collect();
        let places = resolve(&small(ROWS), &names, &Context { text: &text, outlet: None });
        let show: Vec<String> = places
            .iter()
            .map(|place| {
                place.as_ref().map_or("-".to_owned(), |p| {
                    let country =
                        p.country.map_or("--".to_owned(), |c| String::from_utf8_lossy(&c).into_owned());
                    format!("{} {country} {} {:.1}", p.name, p.precision, p.lat)
                })
            })
            .collect();
        assert_eq!(show.join(" | "), expected, "{marked}");
    }

    #[test]
    fn the_larger_place_is_meant_where_nothing_else_is_said() {
        check("Police in [Alexandria] said so.", "Alexandria EG settlement 31.2");
        check("Police in [Atlantis] said so.", "-");
    }

    #[test]
    fn a_province_beside_the_name_decides() {
        check("Police in [Alexandria], La., said so.", "Alexandria US settlement 31.3");
        check("He is from [Paris, Texas].", "Paris US settlement 33.7");
        check("in [Atlanta], [Georgia]", "Atlanta US settlement 33.7 | Georgia US admin1 32.8");
        check("in [Tiflis], [Georgia]", "Tiflis GE settlement 41.7 | Georgia GE country 42.0");
    }

    #[test]
    fn neighbours_on_the_page_decide_and_a_name_means_one_place() {
        check(
            "[Alexandria] police. Crews from [Pineville] in [Louisiana] came. [Alexandria] thanked them.",
            "Alexandria US settlement 31.3 | Pineville US settlement 31.3 | Louisiana US admin1 31.0 | Alexandria US settlement 31.3",
        );
    }

    #[test]
    fn words_around_a_name_say_what_it_is() {
        check("in [Aleppo province]", "Aleppo SY admin1 36.2");
        check("in [northern Aleppo]", "Aleppo SY settlement 36.2");
        check("a [Syrian] town in [southern Syria]", "Syria SY country 35.0 | Syria SY country 35.0");
    }

    #[test]
    fn what_stands_behind_the_name_may_run_on() {
        check("in [Alexandria], Louisiana The police came.", "Alexandria US settlement 31.3");
    }

    #[test]
    fn descriptions_and_short_capitals_are_no_towns() {
        check("in [the village]", "-");
        check("the [SA] said", "-");
    }

    /// Spans as in [`check`]; prints what each stands by and the radius.
    fn check_near(marked: &str, expected: &str) {
        let (text, spans) = unmarked(marked);
        let places = refer(&small(ROWS), &spans, &Context { text: &text, outlet: None });
        let show = |place: &PlaceRef| match (&place.resolved, &place.near) {
            (Some(found), _) => found.name.clone(),
            (None, Some(near)) => format!("near {} {}", near.name, near.radius_km.unwrap_or(-1.0)),
            (None, None) => "-".to_owned(),
        };
        let shown: Vec<String> = places.iter().map(show).collect();
        assert_eq!(shown.join(" | "), expected, "{marked}");
    }

    #[test]
    fn unknown_words_stand_by_a_known_place() {
        check_near("[Aleppo] fell. The [Nur mosque] in [Tiflis] stands.", "Aleppo | near Tiflis 25 | Tiflis");
        check_near("[Atlanta] is calm. Troops left [the city].", "Atlanta | near Atlanta 0");
        check_near("the [Bank of Syria] closed", "near Syria 500");
        check_near("[the base]", "-");
        check_near("in [Syria], at [the base]", "Syria | -");
    }
}
