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

/// Value of a numeral: digits with separators, or the list's number words. A number joined to a name ("Channel-24") is
/// part of the name.
fn value(ctx: &Context, idx: usize) -> Option<(Option<u64>, Option<u64>)> {
    let lower = ctx.lower(idx);
    if lower.starts_with(|c: char| c.is_ascii_digit()) {
        let joined = |a: usize, b: usize| ctx.doc.tokens[a].span.end == ctx.doc.tokens[b].span.start;
        if idx >= 2 && ctx.lower(idx - 1) == "-" && joined(idx - 2, idx - 1) && joined(idx - 1, idx) {
            let name = ctx.lower(idx - 2).starts_with(char::is_alphabetic);
            if name && ctx.lexicon.number(ctx.lower(idx - 2)).is_none() {
                return None;
            }
        }
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

/// A numeral and the tokens it takes.
struct Numeral {
    first: usize,
    last: usize,
    low: Option<u64>,
    high: Option<u64>,
}

/// The numeral that the token is part of: the list's longest entry ("tens of thousands", "half a dozen"), or digits and
/// words with the multiplier after them ("two hundred", "1.5 million", "several thousand").
fn numeral(ctx: &Context, idx: usize) -> Option<Numeral> {
    let range = ctx.tree.sentence_range(idx);
    for n in (2..=4).rev() {
        for first in (idx + 1).saturating_sub(n).max(range.start)..=idx {
            if first + n > range.end {
                break;
            }
            let words: Vec<&str> = (first..first + n).map(|i| ctx.lower(i)).collect();
            if let Some((low, high)) = ctx.lexicon.number(&words.join(" ")) {
                return Some(Numeral { first, last: first + n - 1, low, high });
            }
        }
    }
    let multiplier = |i: usize| match ctx.lower(i) {
        "hundred" => Some(100),
        "thousand" => Some(1000),
        "million" => Some(1_000_000),
        _ => None,
    };
    // The head of "1.5 million" may be either word.
    let (mut first, mut last) = (idx, idx);
    while first > range.start && multiplier(first).is_some() && countable(ctx, first - 1) {
        first -= 1;
    }
    while last + 1 < range.end && multiplier(last + 1).is_some() {
        last += 1;
    }
    let times = (first + 1..=last).try_fold(1u64, |times, i| times.checked_mul(multiplier(i)?))?;
    let decimal =
        ctx.lower(first).parse::<f64>().ok().filter(|_| times > 1 && ctx.lower(first).contains('.'));
    let (low, high) = match decimal {
        Some(n) if n >= 0.0 => {
            let n = (n * times as f64).round() as u64;
            (Some(n), Some(n))
        }
        _ => {
            let (low, high) = value(ctx, first)?;
            (low.map(|n| n.saturating_mul(times)), high.map(|n| n.saturating_mul(times)))
        }
    };
    Some(Numeral { first, last, low, high })
}

/// May the token stand before a multiplier?
fn countable(ctx: &Context, idx: usize) -> bool {
    value(ctx, idx).is_some() || ctx.lower(idx).parse::<f64>().is_ok()
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
        let Numeral { mut first, last: end, mut low, mut high } = numeral(ctx, number)?;
        // "between 20 and 30", "five or six", "20 to 30": the second number is the upper end.
        if let Some(other) =
            ctx.tree.children(number).find(|&c| ctx.rel(c) == Deprel::Conj || ctx.rel(c) == Deprel::Nmod)
            && other > end
            && let Some(Numeral { high: top, .. }) = numeral(ctx, other)
            && low <= top
        {
            high = top;
            if first > 0 && ctx.lower(first - 1) == "between" {
                first -= 1;
            }
        } else {
            (first, low, high) = qualified(ctx, first, low, high);
        }
        return Some(Count { head, low, high, span: ctx.doc.span(first, last.max(end)) });
    }
    // One person: "a woman", "the soldier", "his brother", a name, "she".
    let person = match ctx.pos(head) {
        Upos::Pron => matches!(ctx.lemma(head), "he" | "she" | "i") && ctx.rel(head) != Deprel::NmodPoss,
        _ => {
            let named = ctx.tree.mention(head) == "person" && ctx.actor(head).is_none();
            named || is_person(ctx, head) && ctx.determiner(head) != "-"
        }
    };
    let one = person && !is_plural(ctx, head);
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
    let counts: Vec<Count> = heads.into_iter().filter_map(|h| count(ctx, h)).collect();
    // "thousands" in "tens of thousands" gives the same number again.
    let mut kept: Vec<Count> = Vec::new();
    for (at, count) in counts.iter().enumerate() {
        let same = |other: &Count| (other.low, other.high) == (count.low, count.high);
        let inside =
            |other: &Count| same(other) && other.span.contains(count.span) && other.span != count.span;
        if !counts.iter().any(inside) && !counts[..at].iter().any(|k| same(k) && k.span == count.span) {
            kept.push(count.clone());
        }
    }
    kept
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
    let number = if ctx.number_token(head).is_some() { "number" } else { ctx.determiner(head) };
    f.add("number", &[number, class, rel]);
    f.add("number.own", &[number, own, &path]);
    f.add("number.kind", &[number, kind, ctx.tree.mention(head)]);
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
    // Between its auxiliaries it is an adverb, whatever the parser makes of it.
    let verbal = |i: usize| matches!(ctx.pos(i), Upos::Aux | Upos::Verb);
    let inside = |i: usize| i > sentence.start && i + 1 < sentence.end && verbal(i - 1) && verbal(i + 1);
    let alone = |i: usize| ctx.lower(i) == "since" && (ctx.rel(i) == Deprel::Advmod || inside(i));
    if words.clone().any(alone) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Lexicon;
    use expect_test::{Expect, expect};
    use hearsay_doc::{Page, testing};

    /// Prints `low..high words` of each count of the sentence.
    fn check(parse: &str, expected: Expect) {
        let doc = testing::doc(parse);
        let page = Page { text: doc.text.clone(), ..Page::default() };
        let lexicon = Lexicon::new();
        let ctx = Context::new(&page, &doc, &lexicon);
        let bound = |n: Option<u64>| n.map_or("?".to_owned(), |n| n.to_string());
        let shown: Vec<String> = candidates(&ctx, 0..ctx.len())
            .iter()
            .map(|c| format!("{}..{} {}", bound(c.low), bound(c.high), doc.slice(c.span)))
            .collect();
        expected.assert_eq(&shown.join("\n"));
    }

    #[test]
    fn a_number_of_several_words_is_read_as_a_whole() {
        check(
            "Tens~ten/NOUN/4/nsubj of/ADP/3/case thousands~thousand/NOUN/1/nmod fled~flee/VERB/0/root",
            expect!["20000..? Tens of thousands"],
        );
        check(
            "about/ADV/2/advmod 1.5/NUM/3/nummod million/NUM/4/nummod people/NOUN/0/root",
            expect!["1500000..1500000 about 1.5 million people"],
        );
    }

    #[test]
    fn a_qualifier_reaches_over_the_article_of_the_number() {
        check(
            "at/ADP/2/case least/ADJ/4/advmod a/DET/4/det dozen/NOUN/5/nummod miners~miner/NOUN/0/root",
            expect!["12..? at least a dozen miners"],
        );
    }

    #[test]
    fn one_person_counts_as_one_whoever_is_meant() {
        check(
            "the/DET/2/det soldier/NOUN/4/nsubj:pass was/AUX/4/aux:pass shot/VERB/0/root",
            expect!["1..1 the soldier"],
        );
        check("she/PRON/2/nsubj:pass fell~fall/VERB/0/root", expect!["1..1 she"]);
        check("the/DET/2/det soldiers~soldier/NOUN/0/root", expect![""]);
    }
}
