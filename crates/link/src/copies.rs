//! Which texts are copies: verbatim, trimmed, with paragraphs added, lightly edited; and which take over a passage.
//!
//! Start at [`Copies`]: texts are added one by one in any order, [`groups`] gives the groups of copies. Each text
//! is kept as a [`Sketch`], a winnowed set of hashed five-word shingles, in which any shared run of ten words leaves
//! a trace. A text is compared with those that share its rare prints, and with those that fall into its MinHash buckets:
//! the first finds passages, the second finds stories that were printed so often that none of their prints is rare.
//!
//! The difficult neighbour of a copy is a form: a brief on another event in the same words. Prints that very many texts
//! share weigh little, and where the shared text holds other numbers and names in the same places (`is_form`), it is no
//! copy, however much is shared.
//!
//! Who copied whom belongs to `edges`: that needs dates and credits.

use std::collections::HashMap;

use crate::page::dateline;
use crate::words::{Word, mix, words};

/// Words in a shingle. With 4, stock phrases ("told reporters on Monday that") meet by chance; with 6, a changed word
/// costs too many shingles.
const SHINGLE: usize = 5;
/// Shingles in a window, of which the one with the least hash is kept.
const WINDOW: usize = 6;
/// A print that more texts share finds no candidates any more.
const HOT: u32 = 48;
/// MinHash bands and rows: two texts of which 70 % is shared meet in a bucket with probability .99.
const BANDS: usize = 12;
const ROWS: usize = 3;

/// What is kept of a text: winnowed shingles and where they stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sketch {
    /// Hashes of shingles, in order, each once.
    prints: Box<[u32]>,
    n_words: u32,
}

impl Sketch {
    /// Of a text. One of fewer than five words has no prints and is nobody's copy.
    pub fn of(text: &str) -> Sketch {
        Sketch::of_words(&words(text))
    }

    pub(crate) fn of_words(words: &[Word]) -> Sketch {
        let n_words = words.len() as u32;
        if words.len() < SHINGLE {
            return Sketch { prints: Box::default(), n_words };
        }
        let n_shingles = words.len() - SHINGLE + 1;
        let mut rolled = 0u64;
        let mut hashes = Vec::with_capacity(n_shingles);
        for (at, word) in words.iter().enumerate() {
            rolled = rolled.rotate_left(7) ^ word.hash;
            if at >= SHINGLE {
                rolled ^= words[at - SHINGLE].hash.rotate_left(7 * SHINGLE as u32);
            }
            if at + 1 >= SHINGLE {
                hashes.push(mix(rolled) as u32);
            }
        }
        let mut prints = Vec::with_capacity(n_shingles / 3 + 1);
        let mut last = usize::MAX;
        for start in 0..n_shingles.saturating_sub(WINDOW - 1).max(1) {
            let window = &hashes[start..(start + WINDOW).min(n_shingles)];
            // Of equal hashes the last, so that a repeated shingle is kept once.
            let least = (0..window.len()).rev().min_by_key(|&i| window[i]).map_or(0, |i| start + i);
            if least != last {
                prints.push(hashes[least]);
                last = least;
            }
        }
        prints.sort_unstable();
        prints.dedup();
        Sketch { prints: prints.into_boxed_slice(), n_words }
    }

    /// Words in the text.
    pub fn n_words(&self) -> u32 {
        self.n_words
    }

    /// The buckets in which texts with most of their prints in common meet.
    fn buckets(&self) -> impl Iterator<Item = u64> + '_ {
        let rows = move |band: usize| {
            (0..ROWS).fold(band as u64, |bucket, row| {
                let seed = (band * ROWS + row) as u64;
                let least = |&print: &u32| {
                    (print ^ (seed as u32).wrapping_mul(0x9e37_79b9))
                        .wrapping_mul(0x85eb_ca6b ^ (seed as u32) << 1 | 1)
                };
                let least = self.prints.iter().map(least).min().unwrap_or(0);
                mix(bucket ^ u64::from(least))
            })
        };
        (0..BANDS).filter(|_| self.prints.len() >= 8).map(rows)
    }
}

/// Where a print's texts begin in the list of all, and how many they are.
#[derive(Clone, Copy, Debug)]
struct Posting {
    last: u32,
    n: u32,
}

/// No earlier posting.
const NONE: u32 = u32::MAX;

/// All texts that were added, ready to be asked for copies.
#[derive(Debug, Default)]
pub struct Copies {
    sketches: Vec<Sketch>,
    prints: Shards<u32, Posting>,
    /// A text and the posting before it of the same print; in pieces, because one long list is copied as it grows.
    postings: Vec<Vec<(u32, u32)>>,
    n_postings: u32,
    buckets: Shards<u64, Vec<u32>>,
    /// For each text the earlier ones with which it shares something rare.
    met: Vec<Box<[u32]>>,
}

/// Postings in a piece.
const PIECE: u32 = 1 << 20;

/// A map in many small ones: a large one stops for seconds when it grows.
#[derive(Debug)]
struct Shards<K, V>(Vec<HashMap<K, V, Plain>>);

impl<K, V> Default for Shards<K, V> {
    fn default() -> Self {
        Shards((0..1024).map(|_| HashMap::default()).collect())
    }
}

impl<K: Copy + Eq + std::hash::Hash + Into<u64>, V> Shards<K, V> {
    /// Other bits than those by which the map itself sorts.
    fn shard(key: K) -> usize {
        (mix(key.into()) & 1023) as usize
    }

    fn get(&self, key: K) -> Option<&V> {
        self.0[Self::shard(key)].get(&key)
    }

    fn entry(&mut self, key: K) -> std::collections::hash_map::Entry<'_, K, V> {
        self.0[Self::shard(key)].entry(key)
    }

    fn values(&self) -> impl Iterator<Item = &V> {
        self.0.iter().flat_map(HashMap::values)
    }
}

/// Hashes that are hashes already.
#[derive(Clone, Copy, Debug, Default)]
struct Plain;

impl std::hash::BuildHasher for Plain {
    type Hasher = PlainHasher;
    fn build_hasher(&self) -> PlainHasher {
        PlainHasher(0)
    }
}

#[derive(Debug)]
struct PlainHasher(u64);

impl std::hash::Hasher for PlainHasher {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = mix(self.0 ^ u64::from(byte));
        }
    }
    fn write_u32(&mut self, n: u32) {
        self.0 = u64::from(n).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
    fn write_u64(&mut self, n: u64) {
        self.0 = n.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

/// What two texts share.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Shared {
    /// Share of the first text's weight that the second has.
    pub of_first: f32,
    /// Share of the second text's weight that the first has.
    pub of_second: f32,
    /// Prints in both.
    pub n: u32,
}

impl Shared {
    /// The larger share: how much of the shorter text is in the longer.
    pub fn contained(self) -> f32 {
        self.of_first.max(self.of_second)
    }

    /// Both shares together, 0 to 1: a trimmed copy resembles its original less than a full one does.
    pub fn alike(self) -> f32 {
        let (a, b) = (self.of_first, self.of_second);
        if a + b <= 0.0 { 0.0 } else { a * b / (a + b - a * b) }
    }
}

impl Copies {
    /// Adds a text and gives its number, counted from 0. Takes time by the text's length, not by how many there are.
    pub fn add(&mut self, sketch: Sketch) -> u32 {
        let page = self.sketches.len() as u32;
        let mut met: Vec<u32> = Vec::new();
        for &print in &sketch.prints {
            let posting = self.prints.entry(print).or_insert(Posting { last: NONE, n: 0 });
            if posting.n <= HOT {
                let mut at = posting.last;
                while at != NONE {
                    let (other, before) = self.postings[(at / PIECE) as usize][(at % PIECE) as usize];
                    met.push(other);
                    at = before;
                }
            }
            if self.n_postings.is_multiple_of(PIECE) {
                self.postings.push(Vec::with_capacity(PIECE as usize));
            }
            if let Some(piece) = self.postings.last_mut() {
                piece.push((page, posting.last));
            }
            *posting = Posting { last: self.n_postings, n: posting.n + 1 };
            self.n_postings += 1;
        }
        for bucket in sketch.buckets() {
            self.buckets.entry(bucket).or_default().push(page);
        }
        self.sketches.push(sketch);
        self.met.push(Box::default());
        self.met[page as usize] = enough(met);
        page
    }

    /// How many texts there are.
    pub fn len(&self) -> usize {
        self.sketches.len()
    }

    /// Is there none?
    pub fn is_empty(&self) -> bool {
        self.sketches.is_empty()
    }

    /// The texts with which this one shares something, before or after it; only those that can be its copies.
    pub fn met(&self, page: u32) -> Vec<u32> {
        let mut found = self.met[page as usize].to_vec();
        for bucket in self.sketches[page as usize].buckets() {
            // A story printed a thousand times: one of its texts is enough to compare with.
            found.extend(
                self.buckets.get(bucket).into_iter().flatten().filter(|&&other| other != page).take(4),
            );
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// How much a print weighs: full where few texts have it, little where it is furniture or a form.
    fn weight(&self, print: u32) -> f32 {
        let n = self.prints.get(print).map_or(1, |posting| posting.n);
        (RARE / n as f32).min(1.0)
    }

    /// What two texts share, by weight.
    pub fn shared(&self, first: u32, second: u32) -> Shared {
        let (a, b) = (&self.sketches[first as usize].prints, &self.sketches[second as usize].prints);
        let (mut i, mut j, mut both, mut n) = (0, 0, 0.0f32, 0u32);
        let (mut of_a, mut of_b) = (0.0f32, 0.0f32);
        while i < a.len() || j < b.len() {
            let left = a.get(i).map_or(u64::MAX, |print| u64::from(*print));
            let right = b.get(j).map_or(u64::MAX, |print| u64::from(*print));
            let weight = self.weight(left.min(right) as u32);
            if left <= right {
                of_a += weight;
                i += 1;
            }
            if right <= left {
                of_b += weight;
                j += 1;
            }
            if left == right {
                both += weight;
                n += 1;
            }
        }
        let share = |whole: f32| if whole > 0.0 { both / whole } else { 0.0 };
        Shared { of_first: share(of_a), of_second: share(of_b), n }
    }

    /// All pairs of texts with something in common, each once, the smaller number first.
    pub fn pairs(&self) -> Vec<(u32, u32)> {
        let mut pairs: Vec<(u32, u32)> = Vec::new();
        for page in 0..self.sketches.len() as u32 {
            pairs.extend(self.met[page as usize].iter().map(|&other| (other.min(page), other.max(page))));
        }
        for members in self.buckets.values().filter(|members| members.len() > 1) {
            let first = *members.iter().min().expect("more than one");
            pairs.extend(members.iter().filter(|&&other| other != first).map(|&other| (first, other)));
        }
        pairs.sort_unstable();
        pairs.dedup();
        pairs
    }
}

/// Least share of the shorter text that a copy has in common with another. Tried on dedup_dev: see [`groups`].
const COPY: f32 = 0.5;

/// Groups of texts that are copies of one another, each with its texts in order, the groups by their first; a text
/// that is nobody's copy is in no group. `text` gives a text again by its number: where two share much, their words are
/// compared, so that a form filled in twice is told from a copy.
///
/// Two groups are joined while the mean share over the pairs between them is at least half: a page that prints
/// two stories one after the other does not tie the copies of one to those of the other. The order of joining is
/// by likeness and then by number, which makes the result a function of the set of texts alone once they are numbered.
pub fn groups(copies: &Copies, text: impl Fn(u32) -> String) -> Vec<Vec<u32>> {
    let mut edges: Vec<(f32, f32, u32, u32)> = Vec::new();
    for (a, b) in copies.pairs() {
        let shared = copies.shared(a, b);
        if shared.n >= 2 && shared.contained() >= COPY && !is_form(&text(a), &text(b)) {
            edges.push((shared.alike(), shared.contained(), a, b));
        }
    }
    join(&mut edges, copies.len())
}

/// Joins the ends of `edges` (likeness, share, text, text) from the most alike on.
fn join(edges: &mut [(f32, f32, u32, u32)], n: usize) -> Vec<Vec<u32>> {
    edges.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.2, a.3).cmp(&(b.2, b.3))));
    let share: HashMap<(u32, u32), f32> = edges.iter().map(|&(_, share, a, b)| ((a, b), share)).collect();
    let mut group: Vec<u32> = (0..n as u32).collect();
    let mut members: HashMap<u32, Vec<u32>> = HashMap::new();
    for &(_, _, a, b) in edges.iter() {
        let (into, from) = (group[a as usize], group[b as usize]);
        if into == from {
            continue;
        }
        let (left, right) =
            (members.remove(&into).unwrap_or(vec![into]), members.remove(&from).unwrap_or(vec![from]));
        // In a story printed a thousand times a sample of the pairs says the same.
        let (some, others) = (&left[..left.len().min(24)], &right[..right.len().min(24)]);
        let pairs = some.iter().flat_map(|&x| others.iter().map(move |&y| (x.min(y), x.max(y))));
        let sum: f32 = pairs.map(|pair| share.get(&pair).copied().unwrap_or(0.0)).sum();
        let join = sum / (some.len() * others.len()) as f32 >= LINKAGE || left.len().max(right.len()) > 24;
        if join {
            let mut all = left;
            right.iter().for_each(|&member| group[member as usize] = into);
            all.extend(right);
            members.insert(into, all);
        } else {
            members.insert(into, left);
            members.insert(from, right);
        }
    }
    let mut out: Vec<Vec<u32>> = members.into_values().filter(|members| members.len() > 1).collect();
    out.iter_mut().for_each(|members| members.sort_unstable());
    out.sort_unstable();
    out
}

/// Least mean share over the pairs between two groups that are joined.
const LINKAGE: f32 = 0.4;

/// A print weighs 1 up to so many texts, and less in proportion beyond.
const RARE: f32 = 12.0;

/// Those met at least twice, or once where that is all: a single shared print is more often a stock phrase.
fn enough(mut met: Vec<u32>) -> Box<[u32]> {
    met.sort_unstable();
    let mut out = Vec::new();
    let mut at = 0;
    while at < met.len() {
        let n = met[at..].iter().take_while(|&&other| other == met[at]).count();
        out.push(met[at]);
        at += n;
    }
    out.into_boxed_slice()
}

/// A run of words that two texts share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    /// First word in the first text.
    pub first: usize,
    /// First word in the second text.
    pub second: usize,
    /// Words in it.
    pub n: usize,
}

/// The longest shared runs of at least `least` words, by their place in the second text, never overlapping there.
pub(crate) fn runs(first: &[Word], second: &[Word], least: usize) -> Vec<Run> {
    let seed = least.clamp(1, SHINGLE);
    let key = |words: &[Word]| words.iter().fold(0u64, |key, word| key.rotate_left(7) ^ word.hash);
    let mut places: HashMap<u64, Vec<usize>, Plain> = HashMap::default();
    for (at, window) in first.windows(seed).enumerate() {
        places.entry(key(window)).or_default().push(at);
    }
    let mut out = Vec::new();
    let mut at = 0;
    while at + seed <= second.len() {
        let found = places.get(&key(&second[at..at + seed]));
        // A phrase repeated all over a text is looked at in its first places only.
        let best = found.into_iter().flatten().take(16).map(|&place| {
            let n = first[place..].iter().zip(&second[at..]).take_while(|(a, b)| a.hash == b.hash).count();
            Run { first: place, second: at, n }
        });
        match best.max_by_key(|run| (run.n, std::cmp::Reverse(run.first))).filter(|run| run.n >= least) {
            Some(run) => {
                at += run.n;
                out.push(run);
            }
            None => at += 1,
        }
    }
    out
}

/// Do two texts hold other numbers and names in the same places, as a form does that was filled in twice?
///
/// Between two runs of shared words stand a few words that differ; where one side of such a gap has a number or a name
/// that the other side has not, a blank was filled in differently. An edited copy has one or two of these in all its
/// length, two briefs in the same form many in their first sentences.
pub(crate) fn is_form(first: &str, second: &str) -> bool {
    // An agency's customers print their own places and days before its text.
    let body = |text: &'_ str| dateline(text).map_or(0, |(length, _)| length);
    let (first, second) = (&first[body(first)..], &second[body(second)..]);
    let (a, b) = (words(first), words(second));
    // A blank may stand before the first shared words, so the texts begin with an empty run.
    let mut all = vec![Run { first: 0, second: 0, n: 0 }];
    all.extend(runs(&a, &b, 3));
    let runs = all;
    let is_fact = |text: &str, word: &Word| {
        let form = &text[word.start as usize..word.end as usize];
        form.starts_with(|c: char| c.is_ascii_digit() || c.is_uppercase())
    };
    let (mut n_blanks, mut n_words) = (0usize, 0usize);
    for pair in runs.windows(2) {
        n_words += pair[0].n;
        let (left_start, right_start) = (pair[0].first + pair[0].n, pair[0].second + pair[0].n);
        let in_order = left_start <= pair[1].first;
        let (left, right) = if in_order {
            (&a[left_start..pair[1].first], &b[right_start..pair[1].second])
        } else {
            (&a[..0], &b[..0])
        };
        if left.is_empty() || right.is_empty() || left.len().max(right.len()) > 6 {
            continue;
        }
        let differs = |text: &str, side: &[Word], others: &[Word]| {
            side.iter()
                .filter(|word| is_fact(text, word) && !others.iter().any(|other| other.hash == word.hash))
                .count()
        };
        let n = differs(first, left, right).min(differs(second, right, left));
        // Before the first shared words stand bylines and kickers as often as a form's first blank.
        n_blanks += if pair[0].n == 0 { n.min(1) } else { n.min(2) };
    }
    n_blanks >= 3 && n_blanks * 60 >= n_words
}

#[cfg(test)]
mod tests {
    use super::*;

    const STORY: &str = "Two people were killed and five wounded on Wednesday evening when mortar bombs fell into the yard of the bus depot in Vel, the hospital said. \
        The depot lies two kilometres from the market that was shelled the day before. Nobody has said that it was his doing, and the governor's office had no word about who fired.";

    fn copies(texts: &[&str]) -> Copies {
        let mut copies = Copies::default();
        texts.iter().for_each(|text| {
            copies.add(Sketch::of(text));
        });
        copies
    }

    #[test]
    fn a_trimmed_copy_is_contained_in_its_original() {
        let trimmed = &STORY[..200];
        let copies = copies(&[
            STORY,
            trimmed,
            "Something else happened on the coast, where a storm took three roofs and a pier on Friday night.",
        ]);
        assert_eq!(copies.met(1), [0]);
        let shared = copies.shared(0, 1);
        assert!(shared.of_second > 0.9 && shared.of_first < 0.7, "{shared:?}");
        assert_eq!(copies.shared(0, 2).n, 0);
        assert!(copies.met(2).is_empty());
    }

    #[test]
    fn a_quoted_passage_is_found_with_its_place() {
        let quoting = "From the wires: the depot lies two kilometres from the market that was shelled the day before, and we walked it.";
        let (a, b) = (words(STORY), words(quoting));
        let found = runs(&a, &b, 8);
        assert_eq!(found.len(), 1);
        let run = found[0];
        let of = |text: &str, words: &[Word], at: usize| {
            text[words[at].start as usize..words[at + run.n - 1].end as usize].to_lowercase()
        };
        assert_eq!(of(STORY, &a, run.first), of(quoting, &b, run.second));
        assert!(of(quoting, &b, run.second).starts_with("the depot lies"), "{run:?}");
        assert_eq!(copies(&[STORY, quoting]).met(1), [0]);
    }

    #[test]
    fn a_story_printed_by_everybody_is_found_by_its_buckets() {
        let texts = vec![STORY; 100];
        let copies = copies(&texts);
        assert!(!copies.met(99).is_empty());
        assert_eq!(copies.shared(0, 99).contained(), 1.0);
    }

    #[test]
    fn a_form_filled_in_twice_is_no_copy() {
        let brief = |dead: u32, place: &str, day: u32, target: &str| {
            format!(
                "At least {dead} people were killed when shells hit the {target} of {place} on day {day}, officials said. {STORY}"
            )
        };
        assert!(is_form(&brief(68, "Orsun", 153, "market"), &brief(29, "Orm", 281, "gate")));
        assert!(!is_form(
            &brief(68, "Orsun", 153, "market"),
            &brief(68, "Orsun", 153, "market").replace("two", "three")
        ));
        let texts = [brief(68, "Orsun", 153, "market"), brief(29, "Orm", 281, "gate")];
        let copies = copies(&[&texts[0], &texts[1]]);
        assert!(groups(&copies, |n| texts[n as usize].clone()).is_empty());
    }

    #[test]
    fn texts_too_short_for_a_shingle_are_nobodys_copies() {
        let copies = copies(&["Shells on Vel", "Shells on Vel", ""]);
        assert!((0..3).all(|page| copies.met(page).is_empty()));
        assert_eq!(copies.shared(0, 1), Shared::default());
    }
}
