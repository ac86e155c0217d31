//! How many were harmed: numbers read as intervals with their qualifier, and the event each belongs to.
//!
//! "at least five soldiers" is 5 and more, "up to 30" is 30 and less, "dozens" 24 and more, "a woman" one. What is
//! counted (killed, injured, detained …) and for which event, a scorer decides from the words of harm around.

use super::context::Context;
use crate::linear::{Features, Models};
use crate::resolve::date::DateKind;
use hearsay_doc::{Deprel, EventType, Figure, Interval, Measure, Population, Scope, Span, Upos};

/// A phrase that counts people.
#[derive(Clone, Debug)]
pub(crate) struct Count {
    /// Head of the phrase.
    pub head: usize,
    pub low: Option<u64>,
    pub high: Option<u64>,
    /// From the qualifier to the end of the phrase.
    pub span: Span,
}

/// Value of a numeral: digits with separators, or the list's number words.
fn value(ctx: &Context, idx: usize) -> Option<(Option<u64>, Option<u64>)> {
    let lower = ctx.lower(idx);
    if lower.starts_with(|c: char| c.is_ascii_digit()) {
        let digits: String = lower.chars().filter(|c| *c != ',').collect();
        let n = digits.parse::<u64>().ok()?;
        return Some((Some(n), Some(n)));
    }
    if let Some(found) = ctx.lexicon.number(lower) {
        return Some(found);
    }
    let mut sum = 0;
    for part in lower.split('-') {
        sum += ctx.lexicon.number(part)?.0?;
    }
    Some((Some(sum), Some(sum)))
}

/// Reads the numerals that end at or before `last`: "two hundred", "1.5 million", "dozens of". Gives the first token.
fn numeral(ctx: &Context, idx: usize) -> Option<(usize, Option<u64>, Option<u64>)> {
    let (mut low, mut high) = value(ctx, idx)?;
    let mut first = idx;
    let start = ctx.tree.sentence_range(idx).start;
    // "two hundred", "several thousand": a multiplier takes the number before it.
    while first > start
        && let Some(multiplier) = low.filter(|n| matches!(n, 100 | 1000 | 1_000_000))
        && high == low
        && matches!(ctx.lower(first), "hundred" | "thousand" | "million")
        && let Some((Some(times), times_high)) = value(ctx, first - 1)
    {
        first -= 1;
        low = Some(times.saturating_mul(multiplier));
        high = times_high.map(|t| t.saturating_mul(multiplier));
    }
    Some((first, low, high))
}

/// Applies the qualifier before the number: "at least", "up to", "more than", "between … and …".
fn qualified(
    ctx: &Context,
    first: usize,
    low: Option<u64>,
    high: Option<u64>,
) -> (usize, Option<u64>, Option<u64>) {
    let start = ctx.tree.sentence_range(first).start;
    for n in (1..=4).rev() {
        if first < start + n {
            continue;
        }
        let words: Vec<&str> = (first - n..first).map(|i| ctx.lower(i)).collect();
        match ctx.lexicon.qualifier(&words.join(" ")) {
            Some("low") => return (first - n, low, None),
            Some("high") => return (first - n, None, high.or(low)),
            Some("both") => return (first - n, low, high),
            _ => {}
        }
    }
    (first, low, high)
}

/// The count that the phrase headed by `head` gives, if it gives one.
pub(crate) fn count(ctx: &Context, head: usize) -> Option<Count> {
    if ctx.date_of[head] > 0 || ctx.furniture[head] {
        return None;
    }
    let number = ctx.number_token(head);
    let (_, last) = ctx.tree.noun_phrase(head);
    if let Some(number) = number {
        let (mut first, mut low, mut high) = numeral(ctx, number)?;
        // "between 20 and 30", "five or six", "20 to 30": the second number is the upper end.
        if let Some(other) =
            ctx.tree.children(number).find(|&c| ctx.rel(c) == Deprel::Conj || ctx.rel(c) == Deprel::Nmod)
            && other > number
            && let Some((_, _, top)) = numeral(ctx, other)
            && low <= top
        {
            high = top;
            if first > 0 && ctx.lower(first - 1) == "between" {
                first -= 1;
            }
        } else {
            (first, low, high) = qualified(ctx, first, low, high);
        }
        return Some(Count { head, low, high, span: ctx.doc.span(first, last.max(number)) });
    }
    // One person: "a woman", "the soldier", a name.
    let one = ctx.pos(head) != Upos::Pron
        && (ctx.determiner(head) == "a" || ctx.tree.mention(head) == "person")
        && (is_person(ctx, head) || ctx.tree.mention(head) == "person")
        && !is_plural(ctx, head);
    one.then(|| Count { head, low: Some(1), high: Some(1), span: ctx.phrase(head) })
}

fn is_person(ctx: &Context, idx: usize) -> bool {
    matches!(
        ctx.class(idx),
        "official"
            | "military"
            | "police"
            | "militant"
            | "civilian"
            | "medic"
            | "media"
            | "family"
            | "people"
            | "person"
            | "witness"
            | "demonym"
    )
}

fn is_plural(ctx: &Context, idx: usize) -> bool {
    ctx.pos(idx) == Upos::Noun && ctx.lower(idx) != ctx.lemma(idx)
}

/// Phrases of the sentence that count something and could count people.
pub(crate) fn candidates(ctx: &Context, sentence: std::ops::Range<usize>) -> Vec<Count> {
    let mut heads = ctx.tree.noun_phrases(sentence.clone());
    heads.extend(sentence.filter(|&i| {
        ctx.pos(i) == Upos::Num
            && matches!(
                ctx.rel(i),
                Deprel::Conj | Deprel::Root | Deprel::Ccomp | Deprel::Xcomp | Deprel::Dep | Deprel::Parataxis
            )
    }));
    heads.sort_unstable();
    heads.dedup();
    heads.into_iter().filter_map(|h| count(ctx, h)).collect()
}

/// The word of harm nearest to the phrase in the tree, with the way to it.
fn harm(ctx: &Context, head: usize) -> Option<(usize, &'static str, String)> {
    let mut best: Option<(usize, usize, &'static str, String)> = None;
    for idx in ctx.tree.sentence_range(head) {
        let Some(measure) = ctx.words[idx].harm else { continue };
        let path = ctx.tree.path(idx, head);
        let length = if path == "far" { 9 } else { path.matches(['^', '_']).count() };
        // Parses of lists are shaky: ties go to the nearer word.
        let cost = length * 100 + idx.abs_diff(head).min(99);
        if best.as_ref().is_none_or(|b| cost < b.0) {
            best = Some((cost, idx, measure, path));
        }
    }
    best.map(|(_, idx, measure, path)| (idx, measure, path))
}

/// Is the phrase a count of people harmed in the event, and how?
pub(crate) fn features(ctx: &Context, event: usize, kind: EventType, head: usize, f: &mut Features) {
    f.clear();
    let tree = &ctx.tree;
    let class = ctx.class(head);
    let path = tree.path(event, head);
    let kind = kind.as_str();
    let (rel, case) = (ctx.rel(head).as_str(), tree.case(head));
    let own = ctx.words[event].harm.unwrap_or("-");
    let voice = if ctx.passive(event) { "passive" } else { "active" };
    f.add("bias", &[]);
    f.add("class", &[class]);
    f.add("class.kind", &[class, kind]);
    f.add("lemma", &[ctx.lemma(head)]);
    f.add("own", &[own, &path, voice]);
    f.add("own.class", &[own, class]);
    f.add("path", &[&path]);
    f.add("path.kind", &[&path, kind]);
    f.add("event", &[ctx.lemma(event), rel, voice]);
    f.add("rel", &[rel, case, kind]);
    f.add("number", &[if ctx.number_token(head).is_some() { "number" } else { "one" }, class, rel]);
    f.add(
        "gap",
        &[["0", "1", "2", "3", "4", "5", "6"].get(event.abs_diff(head)).copied().unwrap_or("far"), own],
    );
    match harm(ctx, head) {
        Some((at, measure, way)) => {
            let same = if at == event { "event" } else { "other" };
            let voice = if ctx.passive(at) { "passive" } else { "active" };
            f.add("harm", &[measure, same]);
            f.add("harm.path", &[measure, &way, voice]);
            f.add("harm.way", &[&way, voice, same]);
            f.add("harm.class", &[measure, class]);
            f.add("harm.kind", &[measure, kind, same]);
            f.add("harm.lemma", &[ctx.lemma(at), &way]);
            f.add("harm.reach", &[&tree.path(event, at), measure]);
        }
        None => f.add("harm", &["none", class]),
    }
    let between = event.min(head) + 1..event.max(head);
    let other = between.clone().find(|&i| ctx.words[i].trigger.is_some_and(|t| t.strength == "1.0"));
    f.add("between", &[other.map_or("-", |i| ctx.words[i].trigger.map_or("-", |t| t.kind)), kind]);
    if let Some(next) = (head + 1 < ctx.len()).then(|| ctx.lemma(head + 1)) {
        f.add("next", &[next]);
    }
}

/// The counts of the sentence, each with what it counts and the event (by place in `events`) that it belongs to.
pub(crate) fn find(
    ctx: &Context,
    models: &Models,
    sentence: std::ops::Range<usize>,
    events: &[(usize, EventType)],
    f: &mut Features,
) -> Vec<(usize, Measure, Count)> {
    let mut found: Vec<(usize, Measure, Count, f32)> = Vec::new();
    for count in candidates(ctx, sentence) {
        let mut best: Option<(usize, usize, f32)> = None;
        for (at, &(event, kind)) in events.iter().enumerate() {
            features(ctx, event, kind, count.head, f);
            let p = models.figure.probabilities(f);
            for (class, &p) in p.iter().enumerate().skip(1) {
                if p > 0.4 && best.is_none_or(|(_, _, q)| p > q) {
                    best = Some((at, class - 1, p));
                }
            }
        }
        if let Some((at, measure, p)) = best {
            found.push((at, Measure::ALL[measure], count, p));
        }
    }
    // A phrase and a piece of it are one count.
    found.sort_by(|a, b| b.3.total_cmp(&a.3));
    let mut kept: Vec<(usize, Measure, Count)> = Vec::new();
    for (at, measure, count, _) in found {
        if !kept.iter().any(|(_, _, k)| k.span.overlaps(count.span)) {
            kept.push((at, measure, count));
        }
    }
    kept.sort_by_key(|(_, _, count)| count.head);
    kept
}

/// Who was counted, as the phrase's words say.
fn population(ctx: &Context, head: usize) -> Option<Population> {
    let of = |idx: usize| ctx.words[idx].noun.and_then(|n| n.population.parse().ok());
    let (first, last) = ctx.tree.noun_phrase(head);
    of(head).or_else(|| (first..=last).find_map(of))
}

/// Is what the sentence counts a running total, and since when? "Since October 7" says so itself; "have since been
/// killed" means the last such day told before; "in total" and "so far" name no day.
pub(crate) fn running(ctx: &Context, head: usize) -> Option<Option<Interval>> {
    let sentence = ctx.tree.sentence_range(head);
    let since = |range: std::ops::Range<usize>| {
        ctx.dates
            .iter()
            .rev()
            .find(|d| d.kind == DateKind::Since && range.contains(&(d.tokens.0 as usize)))
            .and_then(|d| d.interval)
            .map(|interval| Interval::day(interval.start))
    };
    if let Some(day) = since(sentence.clone()) {
        return Some(Some(day));
    }
    let mut words = sentence.clone();
    if words.clone().any(|i| ctx.lower(i) == "since" && ctx.rel(i) == Deprel::Advmod) {
        return Some(since(0..sentence.start));
    }
    let total = words.any(|i| {
        matches!(ctx.lower(i), "total" | "overall" | "altogether")
            || (ctx.lower(i) == "far" && i > 0 && ctx.lower(i - 1) == "so")
    });
    total.then_some(None)
}

/// The public form of a count. A total that hangs on a word of harm or a toll is running where the sentence says so.
pub(crate) fn figure(ctx: &Context, measure: Measure, count: &Count, event: usize) -> Figure {
    let counted = ctx.words[event].harm.is_some();
    let running = running(ctx, count.head).filter(|since| counted || since.is_some());
    Figure {
        measure,
        low: count.low,
        high: count.high,
        population: population(ctx, count.head),
        scope: if running.is_some() { Scope::Cumulative } else { Scope::Event },
        since: running.flatten(),
        span: count.span,
    }
}
