//! The figures: which predicted claim is which gold claim, and what is right about it.
//!
//! This is the definition that the gold set's own script gives, ported word for word, so that figures from here and
//! from there are the same digits; a test compares the two. Order matters throughout: the matching is greedy.

use std::collections::BTreeMap;

use super::told::{Told, Words};
use crate::python;

const STOP: [&str; 8] = ["the", "a", "an", "of", "'s", "its", "his", "her"];

fn content_words(text: &str) -> Vec<String> {
    let mut words = python::words(text);
    words.retain(|word| !STOP.contains(&word.as_str()) && word != "their");
    words
}

/// Do the words of both, articles and possessives left out, overlap with F1 of at least one half?
pub fn same(a: &Words, b: &Words) -> bool {
    let (a, b) = (a.as_deref().unwrap_or(""), b.as_deref().unwrap_or(""));
    let (x, y) = (content_words(a), content_words(b));
    if x.is_empty() || y.is_empty() {
        return python::strip(a).to_lowercase() == python::strip(b).to_lowercase();
    }
    let mut count: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for word in &x {
        count.entry(word).or_default().0 += 1;
    }
    for word in &y {
        count.entry(word).or_default().1 += 1;
    }
    let shared: usize = count.values().map(|&(in_x, in_y)| in_x.min(in_y)).sum();
    2.0 * shared as f64 / (x.len() + y.len()) as f64 >= 0.5
}

fn any_same(one: &Words, among: &[Words]) -> bool {
    among.iter().any(|other| same(one, other))
}

/// Half-open ranges of code points, one per sentence, without the white space between them.
pub fn sentences(text: &[char]) -> Vec<(i64, i64)> {
    let mut out = Vec::new();
    let (mut first, mut i) = (0, 0);
    while i < text.len() {
        match boundary(text, i) {
            Some(end) => {
                out.push((first as i64, i as i64));
                first = end;
                i = end;
            }
            None => i += 1,
        }
    }
    out.push((first as i64, text.len() as i64));
    out
}

/// Where the boundary that starts at `i` ends: after a full stop, closing quotes and white space before a capital, a
/// digit or an opening quote; or line ends.
fn boundary(text: &[char], i: usize) -> Option<usize> {
    let skip =
        |from: usize, is: &dyn Fn(char) -> bool| from + text[from..].iter().take_while(|&&c| is(c)).count();
    if i > 0 && matches!(text[i - 1], '.' | '!' | '?') {
        let closed = skip(i, &|c| matches!(c, '"' | '\'' | '”' | '’' | ')' | ']'));
        let next = skip(closed, &python::is_space);
        let opens = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || "\"'“‘([".contains(c);
        if next > closed && text.get(next).copied().is_some_and(opens) {
            return Some(next);
        }
    }
    let next = skip(i, &|c| c == '\n');
    (next > i).then_some(next)
}

/// The index of the first sentence that holds `at` (its end included).
pub fn sentence_of(sentences: &[(i64, i64)], at: i64) -> Option<usize> {
    sentences.iter().position(|&(start, end)| start <= at && at <= end)
}

/// First and last day as written; one date is its own range.
fn norm_date(date: &Words) -> Option<(&str, &str)> {
    let date = date.as_deref().filter(|date| !date.is_empty())?;
    let (start, end) = date.split_once('/').unwrap_or((date, ""));
    Some((start, if end.is_empty() { start } else { end }))
}

/// The same days?
pub fn same_date(a: &Words, b: &Words) -> bool {
    norm_date(a) == norm_date(b)
}

/// The one-to-one matching, best pairs first: indices of gold and predicted.
pub fn pair(gold: &[Told], pred: &[Told], text: &[char]) -> Vec<(usize, usize)> {
    let sentences = sentences(text);
    let mut candidates = Vec::new();
    for (i, g) in gold.iter().enumerate() {
        for (j, p) in pred.iter().enumerate() {
            let overlap = g.end.min(p.end) > g.start.max(p.start);
            let same_type = g.kind == p.kind;
            let near = same_type && sentence_of(&sentences, g.start) == sentence_of(&sentences, p.start);
            if !(overlap || near) {
                continue;
            }
            let shared = |of: &[Words], with: &[Words]| of.iter().filter(|x| any_same(x, with)).count();
            let score = 4 * usize::from(overlap)
                + 2 * usize::from(same_type)
                + usize::from(g.last() == p.last())
                + shared(&g.recipient, &p.recipient)
                + shared(&g.actor, &p.actor)
                + usize::from(same_date(&g.date, &p.date));
            candidates.push((score, -(g.start - p.start).abs(), i, j));
        }
    }
    candidates.sort_unstable_by(|a, b| b.cmp(a));
    let (mut taken_gold, mut taken_pred) = (vec![false; gold.len()], vec![false; pred.len()]);
    let mut out = Vec::new();
    for (_, _, i, j) in candidates {
        if !taken_gold[i] && !taken_pred[j] {
            (taken_gold[i], taken_pred[j]) = (true, true);
            out.push((i, j));
        }
    }
    out
}

/// Is the last source the same, under its own words or those it stands for?
pub fn source_ok(g: &Told, p: &Told) -> bool {
    match (g.last(), p.last()) {
        (None, None) => true,
        (Some(_), Some(_)) => {
            let names = |told: &Told| {
                let last = told.chain.last().cloned();
                last.into_iter().chain(told.chain_alt.iter().cloned()).collect::<Vec<_>>()
            };
            let of_p = names(p);
            names(g).iter().any(|name| any_same(name, &of_p))
        }
        _ => false,
    }
}

/// Is the whole chain the same?
pub fn chain_ok(g: &Told, p: &Told) -> bool {
    let n = g.chain.len();
    n == p.chain.len()
        && source_ok(g, p)
        && g.chain.iter().zip(&p.chain).take(n.saturating_sub(1)).all(|(a, b)| same(a, b))
}

/// True positives, gold and predicted: what precision and recall are made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Found and right.
    pub tp: usize,
    /// In the gold annotation.
    pub gold: usize,
    /// Predicted.
    pub pred: usize,
}

impl Counts {
    fn add(&mut self, other: Counts) {
        self.tp += other.tp;
        self.gold += other.gold;
        self.pred += other.pred;
    }

    /// Everything found, nothing added.
    pub fn is_exact(self) -> bool {
        self.tp == self.gold && self.gold == self.pred
    }
}

/// How many strings of two lists are the same, each used once; the `alt` lists hold what strings of that side stand for.
pub fn set_counts(gold: &[Words], pred: &[Words], gold_alt: &[Words], pred_alt: &[Words]) -> Counts {
    let mut used = vec![false; pred.len()];
    let mut tp = 0;
    for g in gold {
        let hit = (0..pred.len()).find(|&k| {
            !used[k] && (same(g, &pred[k]) || any_same(&pred[k], gold_alt) || any_same(g, pred_alt))
        });
        if let Some(k) = hit {
            used[k] = true;
            tp += 1;
        }
    }
    Counts { tp, gold: gold.len(), pred: pred.len() }
}

/// The lists of strings that are compared, in the order in which they are printed; figures come after them.
pub const SETS: [&str; 5] = ["actor", "recipient", "instrument", "place", "figures"];

/// Counts of one list of a pair of claims.
pub fn slot_counts(slot: &str, g: &Told, p: &Told) -> Counts {
    match slot {
        "actor" => set_counts(&g.actor, &p.actor, &g.actor_alt, &p.actor_alt),
        "recipient" => set_counts(&g.recipient, &p.recipient, &[], &[]),
        "instrument" => set_counts(&g.instrument, &p.instrument, &[], &[]),
        "place" => set_counts(&g.place, &p.place, &[], &[]),
        _ => Counts {
            tp: g.figures.iter().filter(|f| p.figures.iter().any(|other| f.same(other))).count(),
            gold: g.figures.len(),
            pred: p.figures.len(),
        },
    }
}

fn len_of(slot: &str, told: &Told) -> usize {
    match slot {
        "actor" => told.actor.len(),
        "recipient" => told.recipient.len(),
        "instrument" => told.instrument.len(),
        "place" => told.place.len(),
        _ => told.figures.len(),
    }
}

/// Accuracies on matched claims, in the order in which they are printed.
pub const ACCURACIES: [&str; 10] = [
    "source",
    "chain",
    "stance",
    "modality",
    "position",
    "date",
    "country",
    "mode",
    "attributed_source",
    "non_asserting_stance",
];

/// What is right about one matched pair.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// Type, last source, stance and modality.
    pub who: bool,
    /// And actor and recipient.
    pub claim: bool,
    /// Each of [`ACCURACIES`], `None` where it does not apply.
    pub accurate: [Option<bool>; 10],
}

/// Judges one matched pair.
pub fn judge(g: &Told, p: &Told) -> Verdict {
    let given = |words: &Words| words.as_deref().is_some_and(|w| !w.is_empty());
    let (source, stance, modality) = (source_ok(g, p), g.stance == p.stance, g.modality == p.modality);
    let who = g.kind == p.kind && source && stance && modality;
    let full = ["actor", "recipient"].iter().all(|slot| slot_counts(slot, g, p).is_exact());
    Verdict {
        who,
        claim: who && full,
        accurate: [
            Some(source),
            Some(chain_ok(g, p)),
            Some(stance),
            Some(modality),
            Some(g.position == p.position),
            given(&g.date).then(|| same_date(&g.date, &p.date)),
            given(&g.country).then(|| g.country == p.country),
            given(&g.mode).then(|| g.mode == p.mode),
            (!g.chain.is_empty()).then_some(source),
            (g.stance.as_deref() != Some("asserts")).then_some(stance),
        ],
    }
}

/// Sums over documents.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Totals {
    /// Documents.
    pub documents: usize,
    /// Gold claims.
    pub gold: usize,
    /// Predicted claims.
    pub pred: usize,
    /// Matched, typed, who-says, claim.
    pub headline: [usize; 4],
    /// Per [`SETS`].
    pub sets: [Counts; 5],
    /// Per [`ACCURACIES`]: right, of.
    pub accuracies: [(usize, usize); 10],
}

impl Totals {
    /// Adds one document; gives the pairs.
    pub fn add(&mut self, gold: &[Told], pred: &[Told], text: &[char]) -> Vec<(usize, usize)> {
        self.documents += 1;
        self.gold += gold.len();
        self.pred += pred.len();
        let pairs = pair(gold, pred, text);
        for &(i, j) in &pairs {
            self.add_pair(&gold[i], &pred[j]);
        }
        for (_, g) in gold.iter().enumerate().filter(|(i, _)| pairs.iter().all(|pair| pair.0 != *i)) {
            for (slot, counts) in SETS.iter().zip(&mut self.sets) {
                counts.gold += len_of(slot, g);
            }
        }
        for (_, p) in pred.iter().enumerate().filter(|(j, _)| pairs.iter().all(|pair| pair.1 != *j)) {
            for (slot, counts) in SETS.iter().zip(&mut self.sets) {
                counts.pred += len_of(slot, p);
            }
        }
        pairs
    }

    fn add_pair(&mut self, g: &Told, p: &Told) {
        let verdict = judge(g, p);
        let right = [true, g.kind == p.kind, verdict.who, verdict.claim];
        for (n, right) in self.headline.iter_mut().zip(right) {
            *n += usize::from(right);
        }
        for (slot, counts) in SETS.iter().zip(&mut self.sets) {
            counts.add(slot_counts(slot, g, p));
        }
        for (sum, accurate) in self.accuracies.iter_mut().zip(verdict.accurate) {
            if let Some(right) = accurate {
                sum.0 += usize::from(right);
                sum.1 += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_match_when_half_of_their_words_do() {
        let check = |a: &str, b: &str, expected: bool| {
            assert_eq!(same(&Some(a.to_owned()), &Some(b.to_owned())), expected, "{a:?} {b:?}");
        };
        check("the Varda front", "its front", true); // 1 of 2 and 1 of 1: F1 2/3
        check("the Varda front", "the northern front", true); // exactly one half
        check("the Varda front command", "the front", true);
        check("the Varda front command", "a front line post", false); // 1 of 3 and 1 of 3
        check("the", "The ", true); // no words left: compared as they are
        check("the", "an", false);
        check("Varda", "", false);
        assert!(same(&None, &Some(" ".to_owned())));
    }

    #[test]
    fn sentences_end_at_stops_before_capitals_and_at_line_ends() {
        let check = |text: &str, expected: &[&str]| {
            let chars: Vec<char> = text.chars().collect();
            let parts: Vec<String> = sentences(&chars)
                .iter()
                .map(|&(start, end)| chars[start as usize..end as usize].iter().collect())
                .collect();
            assert_eq!(parts, expected, "{text:?}");
        };
        check("One. Two! “Three?” (Four)", &["One.", "Two!", "“Three?", "(Four)"]);
        check("at 5 p.m. on Sunday. 12 died", &["at 5 p.m. on Sunday.", "12 died"]);
        check("Title\n\nBody", &["Title", "Body"]);
        check("End.\n\nnext", &["End.", "next"]);
        check("End.\u{1f}Next", &["End.", "Next"]);
        check("", &[""]);
    }
}
