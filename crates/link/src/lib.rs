//! Which reports copy one another, which tell of one incident, and from how many independent origins.
//!
//! Start at [`Linker`]: readings go in one by one in any order, [`Linker::links`] gives what lies between them, the same for
//! the same set of readings whatever their order. A person's merges and splits ([`Linker::bind`]) are law.
//!
//! The steps, each in its file: `page` makes a reading ready, [`copies`] finds texts that copy one another, `incident`
//! tellings of one event, `speaker` who is who, `origin` who vouches, `edges` who copied whom, `status` and
//! `toll` what it comes to. [`story`] groups any pages by what they are about, claims or not.
//!
//! Claims are used where they help and never alone: the reader misses some, and what hangs on a missed claim would be
//! missed with it.
//!
//! *Absent:* files, sockets, clocks, and lists of the world's names: sides, groups and outlets are learnt from the pages.
//! Nothing here says what is true.

mod calendar;
pub mod copies;
mod edges;
mod incident;
pub mod links;
mod origin;
mod page;
mod phrases;
mod speaker;
mod status;
pub mod story;
mod toll;
mod words;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use hearsay_doc::Date;
use hearsay_doc::record::Record;

use copies::{Copies, Sketch};
use incident::Telling;
pub use links::Links;
use links::{Copy, Evidence, Incident, Origin, PageName, Party, Report, Shown, Status, Toll};
use origin::{Act, Statement, Weighed};
use page::{Page, Proper};
use speaker::{Cast, Speaker};

/// What a person decided about claims: that they are about one thing, or that they are not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bond {
    /// All of `one` (and `other`) tell of one incident; otherwise none of `one` with any of `other`.
    pub together: bool,
    /// Page key and claim id.
    pub one: Vec<(String, String)>,
    /// Page key and claim id; empty where `together`.
    pub other: Vec<(String, String)>,
}

/// Takes readings in and links them.
#[derive(Clone, Debug, Default)]
pub struct Linker {
    records: BTreeMap<String, Record>,
    bonds: Vec<Bond>,
}

impl Linker {
    /// Takes a reading in under a key that is the page's own; a later reading of the same page takes its place.
    pub fn add(&mut self, key: impl Into<String>, record: Record) {
        self.records.insert(key.into(), record);
    }

    /// Takes a page out again.
    pub fn remove(&mut self, key: &str) {
        self.records.remove(key);
    }

    /// What a person decided. A bond between pages that are not here is kept until they are.
    pub fn bind(&mut self, bond: Bond) {
        self.bonds.push(bond);
    }

    /// How many pages there are.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Is there none?
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// Everything that lies between the pages. The same for the same pages and bonds, in whatever order they came.
    pub fn links(&self) -> Links {
        World::new(&self.records, &self.bonds).links()
    }
}

/// All pages, made ready and compared.
struct World {
    keys: Vec<String>,
    pages: Vec<Page>,
    proper: Proper,
    cast: Cast,
    copies: Copies,
    groups: Vec<Vec<u32>>,
    tellings: Vec<Telling>,
    /// Groups of tellings.
    incidents: Vec<Vec<usize>>,
}

impl World {
    fn new(records: &BTreeMap<String, Record>, bonds: &[Bond]) -> World {
        let mut ready: Vec<(String, Page)> =
            records.iter().map(|(key, record)| (key.clone(), Page::new(record.clone()))).collect();
        ready.sort_by(|a, b| a.1.order().cmp(&b.1.order()).then(a.0.cmp(&b.0)));
        let (keys, mut pages): (Vec<String>, Vec<Page>) = ready.into_iter().unzip();
        let mut proper = Proper::default();
        pages.iter().for_each(|page| proper.add(page));
        pages.iter_mut().for_each(|page| page.weigh(&proper));
        let mut copies = Copies::default();
        for page in &pages {
            copies.add(Sketch::of_words(&page.words));
        }
        let groups = copies::groups(&copies, |n| pages[n as usize].text().to_owned());
        let tellings: Vec<Telling> =
            pages.iter().enumerate().flat_map(|(n, page)| incident::tellings(n, page)).collect();
        let bound = bounds(&keys, &pages, &groups, &tellings, bonds);
        let incidents =
            incident::cluster(&tellings, &pages, &proper, |a, b| bound.get(&(a.min(b), a.max(b))).copied());
        let cast = Cast::new(&pages);
        World { keys, pages, proper, cast, copies, groups, tellings, incidents }
    }

    fn links(&self) -> Links {
        let mut of_page: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); self.pages.len()];
        for (n, members) in self.incidents.iter().enumerate() {
            members.iter().for_each(|&t| {
                of_page[self.tellings[t].page].insert(n);
            });
        }
        let together = |a: usize, b: usize| !of_page[a].is_disjoint(&of_page[b]);
        let edges = edges::edges(&self.pages, &self.copies, &self.groups, &self.cast, together);
        let copied: BTreeMap<usize, usize> = edges
            .iter()
            .filter(|edge| ["verbatim", "trimmed", "forward"].contains(&edge.kind))
            .map(|edge| (edge.page, edge.of))
            .collect();
        let evidence = |page: usize, of: usize, evidence: &edges::Evidence| {
            let points = |page: usize, span: Option<(usize, usize)>| {
                span.map(|(from, to)| (self.pages[page].code_point(from), self.pages[page].code_point(to)))
            };
            Evidence {
                kind: evidence.kind.to_owned(),
                here: points(page, evidence.here),
                there: points(of, evidence.there),
            }
        };
        let copy = |edge: &edges::Edge| Copy {
            report: self.name(edge.page),
            of: self.name(edge.of),
            kind: edge.kind.to_owned(),
            direction: edge.direction.to_owned(),
            evidence: edge.evidence.iter().map(|e| evidence(edge.page, edge.of, e)).collect(),
        };
        Links {
            copies: edges.iter().map(copy).collect(),
            groups: self
                .groups
                .iter()
                .map(|members| members.iter().map(|&m| self.name(m as usize)).collect())
                .collect(),
            incidents: self.incidents.iter().filter_map(|members| self.incident(members, &copied)).collect(),
        }
    }

    fn name(&self, page: usize) -> PageName {
        PageName { key: self.keys[page].clone(), name: self.pages[page].record.document.name.clone() }
    }

    /// One incident; none where its pages tell of nothing that happened.
    fn incident(&self, members: &[usize], copied: &BTreeMap<usize, usize>) -> Option<Incident> {
        let reported: Vec<usize> = members.iter().copied().filter(|&t| !self.tellings[t].aside).collect();
        let recalled: Vec<usize> = members.iter().copied().filter(|&t| self.tellings[t].aside).collect();
        let reported = if reported.is_empty() { members.to_vec() } else { reported };
        let told = |t: &usize| !self.tellings[*t].claims.is_empty();
        if members.len() == 1 && !members.iter().any(told) {
            return None;
        }
        let statements: Vec<Statement> = reported
            .iter()
            .flat_map(|&t| {
                origin::statements(
                    self.tellings[t].page,
                    &self.pages[self.tellings[t].page],
                    &self.tellings[t],
                    &self.cast,
                )
            })
            .collect();
        let (kind, mode) = self.kind(&reported);
        let here: BTreeSet<usize> = reported.iter().map(|&t| self.tellings[t].page).collect();
        let copied: BTreeSet<usize> = copied
            .iter()
            .filter(|(page, of)| here.contains(page) && here.contains(of))
            .map(|(page, _)| *page)
            .collect();
        let weighed = origin::weigh(&statements, &self.pages, &self.cast, &here, &copied, kind == "THREATEN");
        let status = status::status(&weighed, &kind);
        let retracted = !weighed.retracted.is_empty();
        let toll = self.toll(&reported, &statements, &weighed);
        let (place, lat, lon, country) = self.place(&reported);
        let (date, until) = self.days(&reported);
        let first = members[0];
        let nth =
            self.tellings[..first].iter().rev().take_while(|t| t.page == self.tellings[first].page).count();
        let key = format!("{}/{nth}", self.keys[self.tellings[first].page]);
        let digest = key.bytes().fold(0u64, |hash, byte| words::mix(hash ^ u64::from(byte)));
        Some(Incident {
            id: format!("i{:010x}", digest >> 24),
            kind,
            mode,
            date,
            until,
            place,
            lat,
            lon,
            country,
            reports: self.reports(&reported),
            mentioned_in: self.reports(&recalled),
            origins: weighed.origins.iter().map(|origin| self.origin(origin, &statements)).collect(),
            denied_by: self.parties(&weighed.deniers, &statements, Act::Denies, &weighed),
            claimed_by: self.parties(&weighed.owners, &statements, Act::Owns, &weighed),
            retracted_by: self.parties(&weighed.retracted, &statements, Act::Retracts, &weighed),
            status: Status {
                word: status.word.to_owned(),
                rule: status.rule.to_owned(),
                airwars: status::airwars(status, retracted).to_owned(),
                admiralty: status::admiralty(status, weighed.origins.len(), retracted),
            },
            figures: toll::figures(&toll),
            toll,
        })
    }

    fn reports(&self, tellings: &[usize]) -> Vec<Report> {
        let report = |&t: &usize| {
            let telling = &self.tellings[t];
            let document = &self.pages[telling.page].record.document;
            Report {
                page: self.name(telling.page),
                outlet: document.outlet.clone(),
                published: document.published.as_ref().map(|published| published.value.clone()),
                claims: telling
                    .claims
                    .iter()
                    .map(|&n| self.pages[telling.page].record.claims[n].id.clone())
                    .collect(),
            }
        };
        tellings.iter().map(report).collect()
    }

    /// The type and mode that most claims have, weighed by their confidence and their place near the head.
    fn kind(&self, tellings: &[usize]) -> (String, Option<String>) {
        let mut kinds: BTreeMap<&str, f64> = BTreeMap::new();
        let mut modes: BTreeMap<&str, f64> = BTreeMap::new();
        for &t in tellings {
            let telling = &self.tellings[t];
            for (nth, &n) in telling.claims.iter().enumerate() {
                let claim = &self.pages[telling.page].record.claims[n];
                let weight = claim.confidence / (1.0 + nth as f64);
                if claim.event.kind != "TOLL" {
                    *kinds.entry(&claim.event.kind).or_default() += weight;
                }
                if let Some(mode) = &claim.event.mode {
                    *modes.entry(mode).or_default() += weight;
                }
            }
        }
        // What the words say where most tellings use them: a truce is often told without any claim of one.
        let share = |family: &str| {
            let n = tellings.iter().filter(|&&t| self.tellings[t].terms.contains_key(family)).count();
            n as f32 / tellings.len().max(1) as f32
        };
        if share("=ceasefire") >= 0.5 {
            return ("RETREAT".to_owned(), Some("ceasefire".to_owned()));
        }
        let best = |votes: &BTreeMap<&str, f64>| {
            votes
                .iter()
                .max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(a.0)))
                .map(|(word, _)| (*word).to_owned())
        };
        (best(&kinds).unwrap_or_else(|| "ASSAULT".to_owned()), best(&modes))
    }

    /// First and last day: what most of the tellings with a day of their own say.
    fn days(&self, tellings: &[usize]) -> (Option<String>, Option<String>) {
        let mut votes: BTreeMap<(i32, i32), usize> = BTreeMap::new();
        for &t in tellings {
            if let Some(days) = self.tellings[t].days {
                *votes.entry(days).or_default() += if self.tellings[t].sure { 3 } else { 1 };
            }
        }
        let best =
            votes.iter().max_by_key(|(days, n)| (**n, std::cmp::Reverse(**days))).map(|(days, _)| *days);
        let first = tellings.iter().filter_map(|&t| self.pages[self.tellings[t].page].day).min();
        let days = best.or(first.map(|day| (day, day)));
        let iso = |day: i32| Date::from_days(day).to_string();
        (days.map(|(first, _)| iso(first)), days.map(|(_, last)| iso(last)))
    }

    /// The place that the tellings name most, weighed by how rarely it is named elsewhere; with what the gazetteer knows.
    fn place(&self, tellings: &[usize]) -> (Option<String>, Option<f64>, Option<f64>, Option<String>) {
        let mut votes: BTreeMap<&str, f32> = BTreeMap::new();
        for &t in tellings {
            for (name, weight) in &self.tellings[t].names {
                *votes.entry(name).or_default() += weight.min(6.0) * self.proper.is_place(name);
            }
        }
        let everywhere = |name: &str| {
            self.tellings.iter().filter(|telling| telling.names.contains_key(name)).count() as f32
        };
        let best = votes
            .iter()
            .filter(|(name, _)| !self.cast.countries.iter().any(|country| name.starts_with(country.as_str())))
            .map(|(name, n)| (n * ((self.tellings.len() + 1) as f32 / everywhere(name)).ln().max(0.1), *name))
            .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(a.1)))
            .map(|(_, name)| name.to_owned());
        let places = || {
            tellings.iter().flat_map(|&t| {
                let page = &self.pages[self.tellings[t].page];
                self.tellings[t].claims.iter().flat_map(move |&n| &page.record.claims[n].event.place)
            })
        };
        let Some(best) = best else {
            let place = places().next();
            return place.map_or((None, None, None, None), |p| {
                (Some(p.name.clone().unwrap_or(p.text.clone())), p.lat, p.lon, p.country.clone())
            });
        };
        let shown = self.in_full(tellings, &best);
        let words: Vec<String> = page::tokens(&shown).map(page::bare).collect();
        let named = |place: &&hearsay_doc::record::Place| {
            place.lat.is_some() && page::tokens(&place.text).map(page::bare).eq(words.iter().cloned())
        };
        match places().find(named) {
            Some(place) => {
                (Some(place.name.clone().unwrap_or(shown)), place.lat, place.lon, place.country.clone())
            }
            None => (Some(shown), None, None, places().find_map(|place| place.country.clone())),
        }
    }

    /// A place's whole name, of which one word is known: "Brask Ford" for "ford".
    fn in_full(&self, tellings: &[usize], word: &str) -> String {
        let mut names: BTreeMap<String, usize> = BTreeMap::new();
        let mut n_all = 0;
        for &t in tellings {
            let telling = &self.tellings[t];
            let page = &self.pages[telling.page];
            let title = page.record.document.title.clone().unwrap_or_default();
            for sentence in telling.sentences.iter().map(|&k| page.slice(k)).chain([title.as_str()]) {
                let words: Vec<&str> = page::tokens(sentence).collect();
                for (start, end) in speaker::phrases(sentence) {
                    let name: Vec<String> = words[start..end]
                        .iter()
                        .map(|word| word.trim_end_matches("'s").trim_end_matches("’s").to_owned())
                        .collect();
                    if name.iter().any(|part| page::bare(part) == word) {
                        n_all += 1;
                        *names.entry(name.join(" ")).or_default() += 1;
                    }
                }
            }
        }
        let single = |name: &str| name.split(' ').count() == 1;
        let best = names
            .iter()
            .filter(|(name, _)| !single(name) && name.split(' ').count() <= 3)
            .max_by_key(|(name, n)| (**n, std::cmp::Reverse((*name).clone())));
        if let Some((name, n)) = best
            && *n >= 2
            && 2 * n >= n_all
        {
            return name.clone();
        }
        let lone = names.keys().find(|name| single(name) && name.chars().any(char::is_lowercase)).cloned();
        lone.unwrap_or_else(|| {
            let mut shown = word.to_owned();
            if let Some(first) = shown.get(..1).map(str::to_uppercase) {
                shown.replace_range(..1, &first);
            }
            shown
        })
    }

    fn shown(&self, statement: &Statement) -> Shown {
        let page = &self.pages[statement.page];
        let s = &page.sentences[statement.sentence];
        Shown {
            page: self.name(statement.page),
            at: (page.code_point(s.start), page.code_point(s.end)),
            claim: statement.claim.map(|n| page.record.claims[n].id.clone()),
        }
    }

    fn origin(&self, origin: &origin::Origin, statements: &[Statement]) -> Origin {
        let kind = match origin.speaker {
            Speaker::State(_) => "side",
            Speaker::Group(_) => "group",
            Speaker::Hospital(_) => "hospital",
            Speaker::Monitor(_) => "monitor",
            Speaker::Witness => "witness",
            Speaker::Outlet(_) => "outlet",
            _ => "unnamed",
        };
        Origin {
            name: self.cast.show(&origin.speaker),
            kind: kind.to_owned(),
            rule: origin.rule.to_owned(),
            evidence: origin.evidence.iter().map(|&n| self.shown(&statements[n])).collect(),
        }
    }

    fn parties(
        &self,
        speakers: &BTreeSet<Speaker>,
        statements: &[Statement],
        act: Act,
        weighed: &Weighed,
    ) -> Vec<Party> {
        let party = |speaker: &Speaker| Party {
            name: self.cast.show(speaker),
            evidence: statements
                .iter()
                .filter(|s| s.act == act && weighed.canonical.get(&s.speaker) == Some(speaker))
                .map(|s| self.shown(s))
                .collect(),
        };
        speakers.iter().map(party).collect()
    }

    /// Counts in the tellings' sentences, with who is nearest to have said them.
    fn toll(&self, tellings: &[usize], statements: &[Statement], weighed: &Weighed) -> Vec<Toll> {
        let mut rows: Vec<Toll> = Vec::new();
        for &t in tellings {
            let telling = &self.tellings[t];
            let page = &self.pages[telling.page];
            for &k in &telling.sentences {
                let counts = toll::counts(page.slice(k));
                if counts.is_empty() {
                    continue;
                }
                // Who says it in this sentence, of several the one whose claim has the number.
                let has = |s: &Statement| {
                    let figures = s.claim.into_iter().flat_map(|n| &page.record.claims[n].figures);
                    let low: Vec<Option<u64>> = figures.map(|figure| figure.low).collect();
                    counts.iter().any(|count| low.contains(&count.low))
                };
                let near = statements
                    .iter()
                    .filter(|s| s.page == telling.page)
                    .min_by_key(|s| (s.sentence.abs_diff(k), !has(s), s.claim.is_none()));
                let by = near.map_or_else(
                    || {
                        page.record
                            .document
                            .outlet
                            .clone()
                            .unwrap_or_else(|| page.record.document.name.clone())
                    },
                    |s| self.cast.show(weighed.canonical.get(&s.speaker).unwrap_or(&s.speaker)),
                );
                let interval = |measure: &str| {
                    counts.iter().find(|count| count.measure == measure).map(|count| (count.low, count.high))
                };
                let s = &page.sentences[k];
                let shown = Shown {
                    page: self.name(telling.page),
                    at: (page.code_point(s.start), page.code_point(s.end)),
                    claim: None,
                };
                rows.push(Toll {
                    said_on: page.day.map(|day| Date::from_days(day).to_string()),
                    by,
                    killed: interval("killed"),
                    injured: interval("injured"),
                    revision: String::new(),
                    shown,
                });
            }
        }
        toll::series(rows)
    }
}

/// Pairs of tellings that are settled beforehand: copies of one text belong together, and what a person decided.
fn bounds(
    keys: &[String],
    pages: &[Page],
    groups: &[Vec<u32>],
    tellings: &[Telling],
    bonds: &[Bond],
) -> HashMap<(usize, usize), bool> {
    let mut out = HashMap::new();
    let mut main: HashMap<usize, usize> = HashMap::new();
    for (t, telling) in tellings.iter().enumerate() {
        if telling.main {
            main.insert(telling.page, t);
        }
    }
    for members in groups {
        for (i, a) in members.iter().enumerate() {
            for b in members[i + 1..].iter().take(50) {
                if let (Some(&a), Some(&b)) = (main.get(&(*a as usize)), main.get(&(*b as usize))) {
                    out.insert((a.min(b), a.max(b)), true);
                }
            }
        }
    }
    let telling_of = |(key, claim): &(String, String)| {
        let page = keys.iter().position(|known| known == key)?;
        let n = pages[page].record.claims.iter().position(|c| c.id == *claim)?;
        tellings
            .iter()
            .position(|t| t.page == page && t.claims.contains(&n))
            .or_else(|| main.get(&page).copied())
    };
    for bond in bonds {
        let one: Vec<usize> = bond.one.iter().filter_map(telling_of).collect();
        let other: Vec<usize> = bond.other.iter().filter_map(telling_of).collect();
        let pairs: Vec<(usize, usize)> = match bond.together {
            true => {
                let all: Vec<usize> = one.iter().chain(&other).copied().collect();
                all.iter().flat_map(|&a| all.iter().map(move |&b| (a, b))).filter(|(a, b)| a < b).collect()
            }
            false => one.iter().flat_map(|&a| other.iter().map(move |&b| (a.min(b), a.max(b)))).collect(),
        };
        pairs.into_iter().filter(|(a, b)| a != b).for_each(|pair| {
            out.insert(pair, bond.together);
        });
    }
    out
}
