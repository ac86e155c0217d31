//! When: which of the page's time expressions is the event's.
//!
//! The sentence's own expressions come first; where it has none, the day of the event told just before or the
//! published day may be meant ("Two policemen were wounded"). A scorer decides, and may decide that it is not known.

use super::context::Context;
use crate::linear::{Features, Models};
use crate::resolve::date::DateKind;
use hearsay_doc::{EventType, Interval, Span, TimeRef};

/// A time that may be the event's.
#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    pub interval: Interval,
    /// Its words in the event's sentence.
    pub span: Option<Span>,
    origin: Origin,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    /// Place in the page's list of time expressions.
    Words(usize),
    /// The event told before, in that sentence, with that trigger.
    Before {
        sentence: usize,
        trigger: usize,
    },
    Published,
}

/// The last event told and its time.
pub(crate) type Before = Option<(usize, Interval)>;

/// Times that may be the event's.
pub(crate) fn candidates(ctx: &Context, event: usize, before: Before) -> Vec<Candidate> {
    let range = ctx.tree.sentence_range(event);
    let mut found: Vec<Candidate> = Vec::new();
    for (n, date) in ctx.dates.iter().enumerate() {
        if range.contains(&(date.tokens.0 as usize))
            && let Some(interval) = date.interval
        {
            found.push(Candidate { interval, span: Some(date.span), origin: Origin::Words(n) });
        }
    }
    if let Some((trigger, interval)) = before {
        let sentence = ctx.tree.sentence(trigger);
        found.push(Candidate { interval, span: None, origin: Origin::Before { sentence, trigger } });
    }
    if let Some(published) = &ctx.page.published {
        let known = found.iter().any(|c| c.interval == published.when);
        if !known {
            found.push(Candidate { interval: published.when, span: None, origin: Origin::Published });
        }
    }
    found
}

/// Is the time the event's?
pub(crate) fn features(
    ctx: &Context,
    event: usize,
    kind: EventType,
    all: &[Candidate],
    this: &Candidate,
    f: &mut Features,
) {
    f.clear();
    let tree = &ctx.tree;
    let kind = kind.as_str();
    let clause = ctx.clause(event);
    let tense = ctx.tense(clause);
    let n_words = all.iter().filter(|c| matches!(c.origin, Origin::Words(_))).count();
    let words = ["0", "1", "2"].get(n_words).copied().unwrap_or("3");
    let pos = ctx.pos(event).as_str();
    let determiner = ctx.determiner(event);
    let precision = this.interval.precision.as_str();
    match this.origin {
        Origin::Words(n) => {
            let date = &ctx.dates[n];
            let tokens = date.tokens.0 as usize..date.tokens.1 as usize;
            let steps = |t: usize| {
                let path = tree.path(event, t);
                (if path == "far" { 9 } else { path.matches(['^', '_']).count() }, path)
            };
            let (near, path) =
                tokens.clone().map(steps).min_by_key(|(n, _)| *n).unwrap_or((9, String::new()));
            let side = if tokens.start < event { "before" } else { "after" };
            let gap = tokens.start.abs_diff(event);
            let gap = ["0", "1", "2", "3", "4", "5", "7", "7"].get(gap).copied().unwrap_or(if gap < 15 {
                "14"
            } else {
                "far"
            });
            let sort = match date.kind {
                DateKind::Day => "day",
                DateKind::Span => "span",
                DateKind::Since => "since",
                DateKind::Duration => "duration",
                DateKind::TimeOfDay => "time",
                DateKind::Vague | DateKind::Set | DateKind::Reference => "vague",
            };
            let between = (tokens.start.min(event) + 1..tokens.start.max(event))
                .any(|i| ctx.words[i].trigger.is_some_and(|t| t.strength == "1.0"));
            f.add("words", &[sort, words]);
            f.add("words.path", &[&path]);
            f.add("words.steps", &[["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"][near.min(9)], words]);
            f.add("words.gap", &[gap, side, words]);
            f.add("words.kind", &[sort, kind]);
            f.add("words.between", &[if between { "yes" } else { "no" }, words]);
            f.add("words.precision", &[precision, kind]);
            f.add(
                "words.published",
                &[if Some(this.interval) == ctx.page.published.as_ref().map(|p| p.when) {
                    "is"
                } else {
                    "-"
                }],
            );
            if n_words == 1 {
                f.add("words.only", &[sort, tense]);
            }
        }
        Origin::Before { sentence, trigger } => {
            let gap = tree.sentence(event) - sentence;
            let gap = ["0", "1", "2", "3"].get(gap).copied().unwrap_or("far");
            let same = if ctx.lemma(trigger) == ctx.lemma(event) { "same" } else { "-" };
            f.add("before", &[gap, words]);
            f.add("before.det", &[gap, words, determiner, pos]);
            f.add("before.tense", &[gap, words, tense]);
            f.add("before.kind", &[words, kind, same]);
            f.add("before.kinds", &[ctx.words[trigger].trigger.map_or("-", |t| t.kind), kind, words]);
            f.add("before.precision", &[precision, gap, words]);
            f.add(
                "before.line",
                &[if new_line(ctx, trigger, event) { "new" } else { "same" }, page(ctx), words],
            );
        }
        Origin::Published => {
            f.add("published", &[page(ctx), words]);
            f.add("published.tense", &[page(ctx), words, tense]);
            f.add("published.kind", &[page(ctx), words, kind]);
            f.add("published.first", &[if tree.sentence(event) < 2 { "first" } else { "later" }, words]);
            f.add("published.lemma", &[ctx.lemma(event), words]);
            f.add("published.det", &[determiner, pos, words]);
        }
    }
    f.add("bias", &[]);
}

fn page(ctx: &Context) -> &'static str {
    ctx.page.kind.as_str()
}

/// Does a paragraph end between the two?
fn new_line(ctx: &Context, a: usize, b: usize) -> bool {
    let (a, b) = (ctx.doc.tokens[a.min(b)].span.end, ctx.doc.tokens[a.max(b)].span.start);
    ctx.doc.text.get(a as usize..b as usize).is_some_and(|between| between.contains('\n'))
}

/// The event's time, if the page tells it.
pub(crate) fn time(
    ctx: &Context,
    models: &Models,
    event: usize,
    kind: EventType,
    before: Before,
    f: &mut Features,
) -> Option<TimeRef> {
    let all = candidates(ctx, event, before);
    let mut best: Option<(f32, &Candidate)> = None;
    for candidate in &all {
        features(ctx, event, kind, &all, candidate, f);
        let p = models.date.yes(f);
        if p >= 0.4 && best.is_none_or(|(q, _)| p > q) {
            best = Some((p, candidate));
        }
    }
    best.map(|(_, candidate)| TimeRef { span: candidate.span, interval: candidate.interval })
}
