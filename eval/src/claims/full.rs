//! Errors in full: the sentence, every slot gold against got, and at the end what goes wrong most.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::Document;
use super::score::{self, same, same_date, sentence_of, sentences, slot_counts};
use super::told::{Count, Told, Words};

/// Every slot that is shown, in this order.
const SLOTS: [&str; 14] = [
    "type",
    "source",
    "chain",
    "cue",
    "stance",
    "modality",
    "position",
    "actor",
    "recipient",
    "instrument",
    "place",
    "date",
    "figures",
    "mode",
];
const COUNTRIES: [&str; 2] = ["country", "country_of_event"];

/// A listing in the making.
#[derive(Debug, Default)]
pub struct Listing {
    only: Vec<String>,
    text: String,
    wrong: BTreeMap<&'static str, usize>,
    words: BTreeMap<(&'static str, String), usize>,
    changed: BTreeMap<(&'static str, String), usize>,
}

impl Listing {
    /// A listing of claims that are wrong in one of `only`; of all errors if `only` is empty.
    pub fn new(only: Vec<&str>) -> Listing {
        Listing { only: only.into_iter().map(str::to_owned).collect(), ..Listing::default() }
    }

    /// Adds one document's errors, in the order of the text.
    pub fn add(&mut self, document: &Document, pairs: &[(usize, usize)]) {
        let partner: BTreeMap<usize, usize> = pairs.iter().copied().collect();
        let mut rows: Vec<(i64, Option<&Told>, Option<&Told>)> = Vec::new();
        for (i, g) in document.gold.iter().enumerate() {
            rows.push((g.start, Some(g), partner.get(&i).map(|&j| &document.pred[j])));
        }
        for (j, p) in document.pred.iter().enumerate() {
            if pairs.iter().all(|pair| pair.1 != j) {
                rows.push((p.start, None, Some(p)));
            }
        }
        rows.sort_by_key(|row| row.0);
        for (_, g, p) in rows {
            self.add_claim(document, g, p);
        }
    }

    fn add_claim(&mut self, document: &Document, g: Option<&Told>, p: Option<&Told>) {
        let wrong: Vec<&'static str> = match (g, p) {
            (Some(g), Some(p)) => slots().filter(|slot| !right(slot, g, p)).collect(),
            (Some(_), None) => vec!["missed"],
            _ => vec!["extra"],
        };
        if wrong.is_empty()
            || !(self.only.is_empty() || wrong.iter().any(|w| self.only.iter().any(|o| o == w)))
        {
            return;
        }
        self.count(&wrong, g, p);
        let empty = Told::default();
        let told = g.or(p).unwrap_or(&empty);
        let verdict = match (g, p) {
            (Some(g), Some(p)) if score::judge(g, p).claim => "claim counts, but wrong ",
            (Some(g), Some(p)) if score::judge(g, p).who => "who_says counts, but wrong ",
            (Some(_), Some(_)) => "wrong ",
            _ => "",
        };
        let _ = writeln!(
            self.text,
            "{} @{} {} {:?}: {verdict}{}",
            document.id,
            told.start,
            show(&told.kind),
            show(&told.trigger),
            wrong.join(" ").to_uppercase()
        );
        let _ = writeln!(self.text, "  | {}", sentence(document, told, p.filter(|_| g.is_some())));
        for slot in slots() {
            let (gold, got) = (g.map(|g| value(slot, g)), p.map(|p| value(slot, p)));
            if [&gold, &got].iter().all(|v| v.as_deref().unwrap_or("-") == "-") {
                continue;
            }
            let mark = if wrong.contains(&slot) { '✗' } else { ' ' };
            let _ = match (gold, got) {
                (Some(gold), Some(got)) if gold == got => writeln!(self.text, "  {mark} {slot:10} {gold}"),
                (Some(gold), Some(got)) => {
                    writeln!(self.text, "  {mark} {slot:10} gold {gold}  |  got {got}")
                }
                (gold, got) => writeln!(self.text, "  {mark} {slot:10} {}", gold.or(got).unwrap_or_default()),
            };
        }
        self.text.push('\n');
    }

    fn count(&mut self, wrong: &[&'static str], g: Option<&Told>, p: Option<&Told>) {
        for &slot in wrong {
            *self.wrong.entry(slot).or_default() += 1;
            match (g, p) {
                (Some(g), Some(p)) => {
                    if [
                        "type",
                        "stance",
                        "modality",
                        "position",
                        "mode",
                        "country",
                        "country_of_event",
                        "date",
                        "figures",
                    ]
                    .contains(&slot)
                    {
                        let change = format!("{} → {}", value(slot, g), value(slot, p));
                        *self.changed.entry((slot, change)).or_default() += 1;
                    }
                }
                _ => {
                    let told = g.or(p).expect("a row has one of the two");
                    let word = format!("{} {}", show(&told.kind), show(&told.trigger).to_lowercase());
                    *self.words.entry((slot, word)).or_default() += 1;
                }
            }
        }
    }

    /// The listing with its summary; nothing if nothing was listed.
    pub fn finish(self) -> String {
        let mut out = self.text;
        if self.wrong.is_empty() {
            return out;
        }
        let top = |counts: BTreeMap<(&'static str, String), usize>, out: &mut String| {
            let mut by_slot: BTreeMap<&str, Vec<(usize, String)>> = BTreeMap::new();
            for ((slot, what), n) in counts {
                by_slot.entry(slot).or_default().push((n, what));
            }
            for (slot, mut list) in by_slot {
                list.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
                let shown: Vec<String> =
                    list.iter().take(12).map(|(n, what)| format!("{what} {n}×")).collect();
                let _ = writeln!(out, "  {slot:10} {}", shown.join(", "));
            }
        };
        out.push_str("wrong most often\n");
        let mut wrong: Vec<_> = self.wrong.into_iter().collect();
        wrong.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
        for (slot, n) in wrong {
            let _ = writeln!(out, "  {slot:10} {n}");
        }
        out.push_str("gold → got, and triggers\n");
        top(self.changed, &mut out);
        top(self.words, &mut out);
        out.push('\n');
        out
    }
}

fn slots() -> impl Iterator<Item = &'static str> {
    SLOTS.into_iter().chain(COUNTRIES)
}

fn right(slot: &str, g: &Told, p: &Told) -> bool {
    let unknown = |words: &Words| words.as_deref().is_none_or(str::is_empty);
    match slot {
        "type" => g.kind == p.kind,
        "source" => score::source_ok(g, p),
        "chain" => score::chain_ok(g, p),
        "cue" => same(&g.cue, &p.cue),
        "stance" => g.stance == p.stance,
        "modality" => g.modality == p.modality,
        "position" => g.position == p.position,
        "date" => unknown(&g.date) || same_date(&g.date, &p.date),
        "mode" => unknown(&g.mode) || g.mode == p.mode,
        "country" => unknown(&g.country) || g.country == p.country,
        "country_of_event" => unknown(&g.country) || g.country == p.country_of_event,
        set => slot_counts(set, g, p).is_exact(),
    }
}

fn show(words: &Words) -> &str {
    words.as_deref().filter(|words| !words.is_empty()).unwrap_or("-")
}

fn value(slot: &str, told: &Told) -> String {
    let list = |words: &[Words], alt: &[Words]| {
        let own: Vec<&str> = words.iter().map(show).collect();
        let alt: Vec<&str> = alt.iter().map(show).collect();
        let own = if own.is_empty() { "-".to_owned() } else { own.join(" ; ") };
        if alt.is_empty() { own } else { format!("{own} (= {})", alt.join(" ; ")) }
    };
    let figure = |count: &Count| {
        let bound = |n: Option<f64>| n.map_or_else(|| "?".to_owned(), |n| n.to_string());
        format!(
            "{} {}..{} “{}”",
            show(&count.measure),
            bound(count.low),
            bound(count.high),
            show(&count.text)
        )
    };
    match slot {
        "type" => show(&told.kind).to_owned(),
        "source" => list(told.chain.last().map(std::slice::from_ref).unwrap_or(&[]), &told.chain_alt),
        // A chain of one says no more than its source.
        "chain" if told.chain.len() < 2 => "-".to_owned(),
        "chain" => told.chain.iter().map(show).collect::<Vec<_>>().join(" ← "),
        "cue" => show(&told.cue).to_owned(),
        "stance" => show(&told.stance).to_owned(),
        "modality" => show(&told.modality).to_owned(),
        "position" => show(&told.position).to_owned(),
        "actor" => list(&told.actor, &told.actor_alt),
        "recipient" => list(&told.recipient, &[]),
        "instrument" => list(&told.instrument, &[]),
        "place" => list(&told.place, &[]),
        "date" => show(&told.date).to_owned(),
        "mode" => show(&told.mode).to_owned(),
        "country" => show(&told.country).to_owned(),
        "country_of_event" => show(&told.country_of_event).to_owned(),
        _ if told.figures.is_empty() => "-".to_owned(),
        _ => told.figures.iter().map(figure).collect::<Vec<_>>().join(" ; "),
    }
}

/// The sentence with the trigger in `[[ ]]`, and the other side's in `{{ }}` where it stands elsewhere in it.
fn sentence(document: &Document, told: &Told, other: Option<&Told>) -> String {
    let sentences = sentences(&document.text);
    let Some(&(start, end)) = sentence_of(&sentences, told.start).map(|k| &sentences[k]) else {
        return "(not in the text)".to_owned();
    };
    let mut marks = vec![(told.start, "[["), (told.end, "]]")];
    if let Some(other) = other.filter(|o| (o.start, o.end) != (told.start, told.end)) {
        marks.extend([(other.start, "{{"), (other.end, "}}")]);
    }
    let end = end.max(told.end).min(document.text.len() as i64);
    let mut out = String::new();
    for at in start..=end {
        for (_, mark) in marks.iter().filter(|mark| mark.0 == at) {
            out.push_str(mark);
        }
        if at < end {
            let c = document.text[at as usize];
            out.push(if c == '\n' { '⏎' } else { c });
        }
    }
    out
}
