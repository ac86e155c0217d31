//! Which pages tell of one thing in the world.
//!
//! A page tells of one event, or of a few: each is a [`Telling`], with the names, the other words, the days and the
//! figures it is told with. Start at [`tellings`], then [`cluster`].
//!
//! Tellings are compared by what they say ([`Weights::score`]) and joined from the most alike on, while the mean over the pairs
//! between two groups stays high (average linkage). Two strikes on one town a day apart share the town, the weapons and
//! half the words; they differ in the day, in what was hit and in how many died, so a day that differs counts against
//! joining, but not so much that one outlet's wrong day could keep a page apart that tells everything else alike.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use hearsay_doc::Date;

use crate::calendar::{MONTHS, WEEKDAYS};
use crate::page::{Page, Proper, bare, day_of, family, is_stop, stem, tokens};

/// One event as told by one page.
#[derive(Clone, Debug, Default)]
pub(crate) struct Telling {
    /// The page's number.
    pub page: usize,
    /// Names, in lower case, and how much the telling is about them.
    pub names: BTreeMap<String, f32>,
    /// Other words, shortened.
    pub terms: BTreeMap<String, f32>,
    /// First and last day on which it is said to have happened.
    pub days: Option<(i32, i32)>,
    /// The days were read from a claim, not guessed from the first sentences.
    pub sure: bool,
    /// Numbers killed, injured, detained, abducted.
    pub figures: BTreeSet<(String, u64)>,
    /// Numbers of its sentences.
    pub sentences: Vec<usize>,
    /// Claims that belong to it, by their number in the record.
    pub claims: Vec<usize>,
    /// The page is about it; otherwise it is a second thing that the page also tells.
    pub main: bool,
    /// The page only recalls it, far from its head: no report of it.
    pub aside: bool,
    /// Its page is about sport: no telling of an event, whatever the words.
    pub sport: bool,
}

/// The tellings of a page; one at least, even where the page has no claims.
pub(crate) fn tellings(number: usize, page: &Page) -> Vec<Telling> {
    let threads = threads(page);
    let body: Vec<usize> = (0..page.sentences.len()).filter(|&k| !page.aside(k)).collect();
    let mut main = Telling {
        page: number,
        names: page.names.clone(),
        terms: page.terms.clone(),
        sentences: body,
        main: true,
        sport: page.sport,
        ..Telling::default()
    };
    for (n, claim) in page.record.claims.iter().enumerate() {
        if !page.aside(page.sentence_of(claim)) {
            main.claims.push(n);
        }
    }
    main.figures = figures(page, &main.claims);
    (main.days, main.sure) = days(page, &main);
    let Some(threads) = threads else { return vec![main] };
    let mut out: Vec<Telling> = Vec::new();
    for (day, sentences) in threads {
        let mut telling =
            Telling { page: number, days: Some((day, day)), sure: true, sentences, ..Telling::default() };
        telling.main = out.is_empty();
        telling.sport = page.sport;
        let head = (0..page.sentences.len()).filter(|&k| !page.aside(k)).take(3).last().unwrap_or(0);
        telling.aside = !telling.main && telling.sentences.first().is_none_or(|&first| first > head);
        for &k in &telling.sentences {
            for word in tokens(page.slice(k)) {
                let bare = bare(word);
                if page.names.contains_key(&bare) {
                    *telling.names.entry(bare).or_default() += 1.0;
                } else if bare.len() > 2 && !is_stop(&bare) {
                    let stem = stem(&bare);
                    if let Some(family) = family(&stem) {
                        *telling.terms.entry(format!("={family}")).or_default() += 1.0;
                    }
                    *telling.terms.entry(stem).or_default() += 1.0;
                }
            }
        }
        // What the whole page is about is said once, often in the headline only.
        for (name, weight) in &page.names {
            telling.names.entry(name.clone()).or_insert(weight.min(1.0) * 0.5);
        }
        telling.claims = main
            .claims
            .iter()
            .copied()
            .filter(|&n| telling.sentences.contains(&page.sentence_of(&page.record.claims[n])))
            .collect();
        telling.figures = figures(page, &telling.claims);
        out.push(telling);
    }
    out
}

/// Where a page tells of acts of violence on different days, each with its own dead, the sentences of each day.
fn threads(page: &Page) -> Option<Vec<(i32, Vec<usize>)>> {
    let mut marks: BTreeMap<usize, i32> = BTreeMap::new();
    let mut counted: BTreeSet<i32> = BTreeSet::new();
    for claim in &page.record.claims {
        let k = page.sentence_of(claim);
        if page.aside(k) || claim.confidence < 0.5 {
            continue;
        }
        let explicit = claim.event.time.as_ref().filter(|t| t.span.is_some() && t.precision == "day");
        let Some(day) = explicit.and_then(|t| day_of(&t.start)) else { continue };
        if claim.event.kind == "ASSAULT" && ["actual", "attempted"].contains(&claim.event.modality.as_str()) {
            marks.entry(k).or_insert(day);
        }
    }
    let days: BTreeSet<i32> = marks.values().copied().collect();
    if days.len() < 2 {
        return None;
    }
    // Each sentence belongs to the day last named before it; those before the first, to the first.
    let mut out: BTreeMap<i32, Vec<usize>> = BTreeMap::new();
    let mut day = *marks.values().next()?;
    for k in 0..page.sentences.len() {
        day = marks.get(&k).copied().unwrap_or(day);
        if !page.aside(k) {
            out.entry(day).or_default().push(k);
        }
    }
    for (day, sentences) in &out {
        let dead = sentences.iter().any(|&k| counts_dead(page.slice(k)));
        if dead {
            counted.insert(*day);
        }
    }
    out.retain(|day, _| counted.contains(day));
    if out.len() < 2 {
        return None;
    }
    // The day that fills most of the page first.
    let mut out: Vec<(i32, Vec<usize>)> = out.into_iter().collect();
    out.sort_by_key(|(day, sentences)| (std::cmp::Reverse(sentences.len()), *day));
    Some(out)
}

/// Does the sentence name a number and death or injury?
fn counts_dead(sentence: &str) -> bool {
    let lower = sentence.to_lowercase();
    let harm = ["kill", "died", "dead", "wounded", "injured", "lost their lives", "bodies"];
    harm.iter().any(|word| lower.contains(word))
}

/// Killed, injured, detained and abducted in these claims, by the lower bound.
fn figures(page: &Page, claims: &[usize]) -> BTreeSet<(String, u64)> {
    let figures = claims.iter().flat_map(|&n| &page.record.claims[n].figures);
    figures
        .filter(|f| f.scope == "event")
        .filter_map(|f| Some((f.measure.clone(), f.low.or(f.high)?)))
        .collect()
}

/// The days of what the telling is about: those of its first dated claim of something done; without one, the first day
/// that its sentences name.
fn days(page: &Page, telling: &Telling) -> (Option<(i32, i32)>, bool) {
    let rank = |kind: &str| match kind {
        "ASSAULT" | "COERCE" | "RETREAT" | "AGREE" | "THREATEN" | "PROTEST" => 0,
        "TOLL" => 1,
        _ => 2,
    };
    if let Some(day) = page.stated_day {
        return (Some((day, day)), true);
    }
    let published = page.day.unwrap_or(i32::MAX - 9);
    let head = telling.sentences.get(1).or(telling.sentences.first()).copied().unwrap_or(0);
    let mut dated: Vec<(i32, usize, i32, i32)> = Vec::new();
    for &n in &telling.claims {
        let claim = &page.record.claims[n];
        if claim.event.kind == "THREATEN" {
            continue;
        }
        let Some(time) = claim.event.time.as_ref().filter(|t| t.span.is_some()) else { continue };
        if !["day", "range"].contains(&time.precision.as_str()) || claim.confidence < 0.4 {
            continue;
        }
        let (Some(first), Some(last)) = (day_of(&time.start), day_of(&time.end)) else { continue };
        let sentence = page.sentence_of(claim);
        // A later report tells in its body what went on since: "the barrier was taken down this afternoon".
        let since = sentence > head && first >= published - 1;
        // What is announced for a day to come is said today.
        if last - first <= 2 && first <= published + 2 {
            dated.push((if since { 2 } else { rank(&claim.event.kind) }, sentence, first, last));
        }
    }
    dated.sort_unstable();
    if let Some(&(0 | 1, _, first, last)) = dated.first() {
        return (Some((first, last)), true);
    }
    let Some(published) = page.day else { return (None, false) };
    let named = telling
        .sentences
        .iter()
        .take(4)
        .filter_map(|&k| named_day(page.slice(k), published))
        .find(|&day| day <= published);
    let title = page.record.document.title.as_deref().and_then(|title| named_day(title, published));
    let guess = named
        .or(title)
        .map(|day| (day, day))
        .or_else(|| dated.first().map(|&(_, _, first, last)| (first, last)));
    (guess, false)
}

/// The first day that a sentence names: "on Tuesday", "3 September", "Sept 3", "yesterday", "this morning".
pub(crate) fn named_day(sentence: &str, published: i32) -> Option<i32> {
    let words: Vec<&str> = tokens(sentence).collect();
    let number =
        |k: usize| words.get(k).and_then(|word| word.parse::<u8>().ok()).filter(|n| (1..=31).contains(n));
    let today = Date::from_days(published);
    for (k, word) in words.iter().enumerate() {
        let lower = word.to_lowercase();
        let bare = lower.trim_end_matches("'s").trim_end_matches("’s");
        if let Some(weekday) = WEEKDAYS.iter().position(|name| *name == bare) {
            if k > 0 && ["next", "coming"].contains(&words[k - 1].to_lowercase().as_str()) {
                continue;
            }
            // `weekday` of a date counts from Monday.
            let back = (i32::from(today.weekday()) - weekday as i32).rem_euclid(7);
            return Some(published - back);
        }
        let month = (bare.len() >= 3 && word.starts_with(char::is_uppercase))
            .then(|| MONTHS.iter().position(|name| bare.starts_with(&name[..3])))
            .flatten()
            .filter(|&n| bare.len() <= 5 || MONTHS[n] == bare);
        if let Some(month) = month
            && let Some(day) = number(k + 1).or_else(|| k.checked_sub(1).and_then(number))
        {
            let year = |year: i16| Date::new(year, month as u8 + 1, day).map(Date::days);
            let this = year(today.year)?;
            return if this > published + 60 { year(today.year - 1) } else { Some(this) };
        }
        match bare {
            "yesterday" => return Some(published - 1),
            "today" | "tonight" => return Some(published),
            "this"
                if words.get(k + 1).is_some_and(|w| {
                    ["morning", "afternoon", "evening"].contains(&w.to_lowercase().as_str())
                }) =>
            {
                return Some(published);
            }
            _ => {}
        }
    }
    None
}

/// How rare words are in the pages at hand, and tellings as vectors.
pub(crate) struct Weights {
    names: Vec<HashMap<String, f32>>,
    terms: Vec<HashMap<String, f32>>,
}

impl Weights {
    pub(crate) fn new(tellings: &[Telling], proper: &Proper) -> Weights {
        let vectors = |of: &dyn Fn(&Telling) -> &BTreeMap<String, f32>, names: bool| {
            let mut df: HashMap<&str, f32> = HashMap::new();
            for telling in tellings {
                of(telling).keys().for_each(|word| *df.entry(word).or_default() += 1.0);
            }
            let n = tellings.len() as f32;
            let vector = |telling: &Telling| {
                let weigh = |(word, tf): (&String, &f32)| {
                    let idf = ((n + 1.0) / (df[word.as_str()] + 0.5)).ln().max(0.05);
                    let kind = if names {
                        proper.weight(word)
                    } else if word.starts_with('=') {
                        2.0
                    } else {
                        1.0
                    };
                    (word.clone(), (1.0 + tf.ln().max(-0.5)) * idf * kind)
                };
                let mut vector: HashMap<String, f32> = of(telling).iter().map(weigh).collect();
                // Summed in the order of the words, so that the last digit does not depend on a hash.
                let norm =
                    of(telling).keys().map(|word| vector[word] * vector[word]).sum::<f32>().sqrt().max(1e-6);
                vector.values_mut().for_each(|weight| *weight /= norm);
                vector
            };
            tellings.iter().map(vector).collect::<Vec<_>>()
        };
        Weights { names: vectors(&|t| &t.names, true), terms: vectors(&|t| &t.terms, false) }
    }

    fn cosine(tellings: &BTreeMap<String, f32>, a: &HashMap<String, f32>, b: &HashMap<String, f32>) -> f32 {
        tellings.keys().filter_map(|word| Some(a.get(word)? * b.get(word)?)).sum()
    }

    /// How alike two tellings are, about 0 to 1.5; and why.
    pub(crate) fn score(&self, tellings: &[Telling], pages: &[Page], a: usize, b: usize) -> Score {
        let (x, y) = (&tellings[a], &tellings[b]);
        let names = Weights::cosine(&x.names, &self.names[a], &self.names[b]);
        let terms = Weights::cosine(&x.terms, &self.terms[a], &self.terms[b]);
        let (p, q) = (&pages[x.page], &pages[y.page]);
        let mut days = 0.0;
        match (x.days, y.days) {
            (Some(d), Some(e)) if x.sure && y.sure || (d.0 - e.1).max(e.0 - d.1) <= 0 => {
                let gap = (d.0 - e.1).max(e.0 - d.1).max(0);
                days += match gap {
                    0 => 0.12,
                    1 => -0.22,
                    2..=3 => -0.34,
                    _ => -0.5,
                };
            }
            (known, other) => {
                // Days that were only guessed differ: a little less alike.
                if known.is_some() && other.is_some() {
                    days -= 0.08;
                }
                // A page cannot tell what happened after it came out; one that comes much later mostly tells something else.
                let ends = [
                    known.filter(|_| x.sure).map(|days| (days, q.day)),
                    other.filter(|_| y.sure).map(|days| (days, p.day)),
                ];
                for ((first, last), published) in ends.into_iter().flatten() {
                    let Some(published) = published else { continue };
                    days += match published - last {
                        ..=-1 if published < first => -0.4,
                        ..=3 => 0.04,
                        4..=7 => -0.03,
                        8..=14 => -0.12,
                        _ => -0.3,
                    };
                }
            }
        }
        if let (Some(p), Some(q)) = (p.day, q.day) {
            days += match (p - q).abs() {
                0..=1 => 0.04,
                2..=4 => 0.0,
                5..=9 => -0.05,
                10..=20 => -0.15,
                _ => -0.3,
            };
        }
        let same = x.figures.intersection(&y.figures).filter(|(_, n)| *n > 2).count() as f32;
        let figures = 0.06 * same.min(2.0);
        Score { names, terms, days, figures }
    }
}

/// Why two tellings are alike.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Score {
    pub names: f32,
    pub terms: f32,
    pub days: f32,
    pub figures: f32,
}

impl Score {
    pub(crate) fn total(self) -> f32 {
        0.6 * self.names + 0.8 * self.terms + self.days + self.figures
    }
}

/// Days between the publication of two pages beyond which they are not compared.
const WINDOW: u32 = 45;

/// Least mean score of the pairs between two groups that are joined.
pub(crate) const JOIN: f32 = 0.18;

/// Groups of tellings, by number: every telling is in one. `bound` says what is settled beforehand: `Some(true)` for
/// pairs that belong together whatever they say (a copy and its original, a person's merge), `Some(false)` for pairs that
/// must not.
pub(crate) fn cluster(
    tellings: &[Telling],
    pages: &[Page],
    proper: &Proper,
    bound: impl Fn(usize, usize) -> Option<bool>,
) -> Vec<Vec<usize>> {
    let weights = Weights::new(tellings, proper);
    let mut score: HashMap<(usize, usize), f32> = HashMap::new();
    for (a, b) in candidates(tellings, pages) {
        let total = match bound(a, b) {
            Some(true) => 3.0,
            Some(false) => -1000.0,
            None => weights.score(tellings, pages, a, b).total(),
        };
        score.insert((a, b), total);
    }
    let of = |a: usize, b: usize| score.get(&(a.min(b), a.max(b))).copied().unwrap_or(-0.3);
    let mut edges: Vec<(f32, usize, usize)> =
        score.iter().filter(|(_, s)| **s >= JOIN).map(|(&(a, b), &s)| (s, a, b)).collect();
    edges.sort_by(|x, y| y.0.total_cmp(&x.0).then((x.1, x.2).cmp(&(y.1, y.2))));
    let mut group: Vec<usize> = (0..tellings.len()).collect();
    let mut members: Vec<Vec<usize>> = (0..tellings.len()).map(|n| vec![n]).collect();
    // Joining lowers some means and raises others: an edge that failed is tried again after the rest.
    for _ in 0..3 {
        let mut joined = false;
        for &(_, a, b) in &edges {
            let (into, from) = (group[a].min(group[b]), group[a].max(group[b]));
            if into == from {
                continue;
            }
            let pairs = members[into].iter().flat_map(|&x| members[from].iter().map(move |&y| (x, y)));
            let scores: Vec<f32> = pairs.map(|(x, y)| of(x, y)).collect();
            let mean = scores.iter().sum::<f32>() / scores.len() as f32;
            if mean >= JOIN {
                let moved = std::mem::take(&mut members[from]);
                moved.iter().for_each(|&m| group[m] = into);
                members[into].extend(moved);
                joined = true;
            }
        }
        if !joined {
            break;
        }
    }
    members.retain(|members| !members.is_empty());
    members.iter_mut().for_each(|members| members.sort_unstable());
    members.sort();
    members
}

/// Pairs of tellings of different pages that share a name or two words that are not everywhere, the smaller first.
fn candidates(tellings: &[Telling], pages: &[Page]) -> BTreeSet<(usize, usize)> {
    let mut by_word: BTreeMap<(bool, &str), Vec<usize>> = BTreeMap::new();
    for (n, telling) in tellings.iter().enumerate() {
        telling.names.keys().for_each(|name| by_word.entry((true, name)).or_default().push(n));
        telling.terms.keys().for_each(|term| by_word.entry((false, term)).or_default().push(n));
    }
    let mut met: HashMap<(usize, usize), u32> = HashMap::new();
    // What stands in very many tellings finds nothing, and costs by the square.
    let many = |is_name: bool| (tellings.len() / 3).clamp(20, if is_name { 150 } else { 60 });
    // Far apart in time a page recalls, and does not report.
    let near = |a: usize, b: usize| match (pages[tellings[a].page].day, pages[tellings[b].page].day) {
        (Some(a), Some(b)) => a.abs_diff(b) <= WINDOW,
        _ => true,
    };
    for ((is_name, _), list) in by_word.iter().filter(|((is_name, _), list)| list.len() <= many(*is_name)) {
        for (i, &a) in list.iter().enumerate() {
            for &b in list[i + 1..].iter().filter(|&&b| near(a, b)) {
                *met.entry((a, b)).or_default() += if *is_name { 2 } else { 1 };
            }
        }
    }
    met.into_iter()
        .filter(|((a, b), _)| !tellings[*a].sport && !tellings[*b].sport)
        .filter(|((a, b), n)| *n >= 2 && tellings[*a].page != tellings[*b].page)
        .map(|(pair, _)| pair)
        .collect()
}
