//! When: which of the page's time expressions is the event's.
//!
//! Reports name the day once and go on without it: "On Sunday gunmen attacked … The assailants fled." So the days
//! that may be meant are the expressions of the event's own sentence, those of the sentences just before, the times
//! of events told before (the last one, the first one, the last of a like name), for a headline the first time that follows, and the published
//! day. Equal days from several of these are one [`Candidate`]. A scorer decides, and may decide that the time is not known.
//!
//! Which days an expression means belongs to `resolve::date`.

use super::context::Context;
use crate::linear::{Features, Models};
use crate::resolve::date::{DateKind, FoundDate};
use hearsay_doc::{Deprel, EventType, Interval, Modality, Precision, Span, TimeRef, Upos};

/// A time that may be the event's.
#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    pub interval: Interval,
    /// Its words in the event's sentence.
    pub span: Option<Span>,
    origins: Vec<Origin>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    /// In the event's sentence; place in the page's list of time expressions.
    Words(usize),
    /// The last expression in the sentences before.
    Near(usize),
    /// The event told just before.
    Before(Told),
    /// The first event of the page whose time is known.
    Lead(Told),
    /// The last event of a like name: "attack", "attacked".
    Like(Told),
    /// The time told before that of the event just before.
    Earlier(Told),
    /// For what stands before any known time: the first expression that follows.
    Ahead(usize),
    Published,
}

/// The event whose time is asked for, as far as it is known.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Happening {
    /// Its trigger.
    pub event: usize,
    pub kind: EventType,
    pub modality: Modality,
}

/// An event told and its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Told {
    /// Its trigger.
    pub event: usize,
    /// When it happened, if that is known.
    pub interval: Option<Interval>,
    /// Its own sentence has words for the time.
    pub worded: bool,
}

impl Told {
    /// An event and what was found of its time.
    pub fn new(event: usize, time: Option<&TimeRef>) -> Told {
        Told { event, interval: time.map(|t| t.interval), worded: time.is_some_and(|t| t.span.is_some()) }
    }
}

/// The least probability of a time that the event's sentence names, and of one taken over from elsewhere. Chosen on five
/// folds of `data/reports`: with 0.4 for both half of the dated events stay without their time, with these two in
/// three get it; the price is a time on half of the events that people left without one, mostly the page's main day.
const IN_WORDS: f32 = 0.12;
const TAKEN_OVER: f32 = 0.2;

/// How far back an expression is looked for, and how far ahead one for a headline, in sentences.
const REACH: usize = 3;

/// Times that may be the event's. `told` are the events before it, in order.
pub(crate) fn candidates(ctx: &Context, event: usize, told: &[Told]) -> Vec<Candidate> {
    let sentence = ctx.tree.sentence(event);
    let range = ctx.tree.sentence_range(event);
    let mut found: Vec<Candidate> = Vec::new();
    let mut add = |interval: Interval, span: Option<Span>, origin: Origin| match found
        .iter_mut()
        .find(|c| c.interval == interval)
    {
        Some(known) => {
            known.span = known.span.or(span);
            known.origins.push(origin);
        }
        None => found.push(Candidate { interval, span, origins: vec![origin] }),
    };
    let at = |date: &FoundDate| date.tokens.0 as usize;
    let here = |date: &FoundDate| range.contains(&at(date)) && !ctx.furniture[at(date)];
    for (n, date) in ctx.dates.iter().enumerate().filter(|(_, date)| here(date)) {
        if let Some(interval) = date.interval {
            add(interval, Some(date.span), Origin::Words(n));
        }
    }
    let timed = || told.iter().filter_map(|t| Some((t, t.interval?)));
    if let Some((last, interval)) = timed().next_back() {
        add(interval, None, Origin::Before(*last));
        if let Some((other, interval)) = timed().rev().find(|(_, other)| *other != interval) {
            add(interval, None, Origin::Earlier(*other));
        }
    }
    if let Some((lead, interval)) = timed().next() {
        add(interval, None, Origin::Lead(*lead));
    }
    if let Some((like, interval)) = timed().rev().find(|(t, _)| alike(ctx.lemma(t.event), ctx.lemma(event))) {
        add(interval, None, Origin::Like(*like));
    }
    let plain =
        |date: &FoundDate| matches!(date.kind, DateKind::Day | DateKind::Span) && !ctx.furniture[at(date)];
    let before = ctx.dates.iter().enumerate().rev().find(|(_, date)| {
        at(date) < range.start
            && plain(date)
            && date.interval.is_some()
            && ctx.tree.sentence(at(date)) + REACH >= sentence
    });
    if let Some((n, date)) = before
        && let Some(interval) = date.interval
    {
        add(interval, None, Origin::Near(n));
    }
    if timed().next().is_none() {
        let ahead = ctx.dates.iter().enumerate().find(|(_, date)| {
            at(date) >= range.end
                && plain(date)
                && date.interval.is_some()
                && ctx.tree.sentence(at(date)) <= sentence + REACH
        });
        if let Some((n, date)) = ahead
            && let Some(interval) = date.interval
        {
            add(interval, None, Origin::Ahead(n));
        }
    }
    if let Some(published) = &ctx.page.published {
        add(published.when, None, Origin::Published);
    }
    found
}

/// Do the words begin alike: "explode" and "explosion"?
fn alike(a: &str, b: &str) -> bool {
    let shared = a.chars().zip(b.chars()).take_while(|(x, y)| x == y).count();
    shared >= 4 && shared + 4 >= a.chars().count().max(b.chars().count())
}

/// What the event's words tell of its time, apart from any expression.
struct Shape {
    /// Tense and aspect of its clause: `past`, `has`, `had`, `modal`, `ing` …
    aspect: &'static str,
    /// For a noun: its determiner and number; for a verb its relation to what it depends on.
    form: String,
    /// `new`, `recent`, `past`, `several` … beside a noun.
    modifier: &'static str,
    /// In direct speech.
    quoted: bool,
}

fn shape(ctx: &Context, event: usize) -> Shape {
    let clause = ctx.clause(event);
    let helper = |words: &[&str]| {
        ctx.tree.children(clause).any(|c| ctx.rel(c) == Deprel::Aux && words.contains(&ctx.lower(c)))
    };
    let aspect = match ctx.tense(clause) {
        "perfect" if helper(&["had"]) => "had",
        "perfect" => "has",
        tense => tense,
    };
    let verb = ctx.pos(event) == Upos::Verb;
    let plural = !verb && ctx.lower(event).ends_with('s') && ctx.lower(event) != ctx.lemma(event);
    let form = match (verb, plural) {
        (true, _) => format!("v.{}", ctx.rel(event).as_str()),
        (_, true) => format!("ns.{}", ctx.determiner(event)),
        _ => format!("n.{}", ctx.determiner(event)),
    };
    let modifier = ctx
        .tree
        .children(event)
        .find_map(|c| match ctx.lower(c) {
            "recent" | "latest" | "new" | "fresh" => Some("new"),
            "previous" | "earlier" | "past" | "last" | "first" | "similar" => Some("old"),
            "several" | "many" | "repeated" | "frequent" | "further" | "more" | "other" | "continued"
            | "daily" => Some("many"),
            "future" | "possible" | "planned" | "next" => Some("to come"),
            _ => None,
        })
        .unwrap_or("-");
    let start = ctx.tree.sentence_range(event).start;
    let marks = (start..event).filter(|&i| matches!(ctx.lower(i), "\"" | "“" | "”" | "``" | "''")).count();
    Shape { aspect, form, modifier, quoted: marks % 2 == 1 }
}

/// How an expression hangs in the event's sentence.
fn words_features(ctx: &Context, event: usize, kind: &str, n: usize, n_words: &str, f: &mut Features) {
    let tree = &ctx.tree;
    let date = &ctx.dates[n];
    let tokens = date.tokens.0 as usize..date.tokens.1 as usize;
    let steps = |t: usize| {
        let path = tree.path(event, t);
        (if path == "far" { 9 } else { path.matches(['^', '_']).count() }, path)
    };
    let (near, path) = tokens.clone().map(steps).min_by_key(|(n, _)| *n).unwrap_or((9, String::new()));
    let near = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"][near.min(9)];
    let side = if tokens.start < event { "before" } else { "after" };
    let gap = bucket(tokens.start.abs_diff(event));
    let sort = date.kind.as_str();
    let (low, high) = (tokens.start.min(event) + 1, tokens.start.max(event));
    let between = (low..high).any(|i| ctx.words[i].trigger.is_some_and(|t| t.strength == "1.0"));
    let cue_between = (low..high).any(|i| ctx.words[i].cue.is_some());
    // The word that the expression belongs to, and whether the event lies under it.
    let head =
        tokens.clone().find(|&t| tree.head(t).is_none_or(|h| !tokens.contains(&h))).unwrap_or(tokens.start);
    let owner = tree.head(head);
    let owner_is = owner.map_or("root", |o| {
        if o == event {
            "event"
        } else if ctx.words[o].cue.is_some() {
            if tree.dominates(o, event) { "cue over" } else { "cue" }
        } else if ctx.words[o].trigger.is_some_and(|t| t.strength == "1.0") {
            if tree.dominates(o, event) { "trigger over" } else { "trigger" }
        } else if tree.dominates(o, event) {
            if ctx.pos(o) == Upos::Verb { "verb over" } else { "noun over" }
        } else if tree.dominates(event, o) {
            "under"
        } else if ctx.pos(o) == Upos::Verb {
            "verb"
        } else {
            "noun"
        }
    });
    let case = tree.case(head);
    let opens = if tokens.start < tree.sentence_range(event).start + 3 { "opens" } else { "-" };
    f.add("words", &[sort, n_words]);
    f.add("words.path", &[&path]);
    f.add("words.steps", &[near, n_words]);
    f.add("words.gap", &[gap, side, n_words]);
    f.add("words.kind", &[sort, kind]);
    f.add(
        "words.between",
        &[if between { "yes" } else { "no" }, if cue_between { "cue" } else { "-" }, n_words],
    );
    f.add("words.precision", &[date.interval.map_or("-", |i| i.precision.as_str()), kind]);
    f.add("words.owner", &[owner_is, sort]);
    f.add("words.owner.n", &[owner_is, n_words, side]);
    f.add("words.owner.case", &[owner_is, case]);
    f.add("words.opens", &[opens, owner_is, n_words]);
    f.add("words.case", &[case, sort]);
    if n_words == "1" {
        f.add("words.only", &[sort, ctx.tense(ctx.clause(event))]);
        f.add("words.only.owner", &[owner_is]);
    }
}

/// How an event told before stands to this one.
fn told_features(
    ctx: &Context,
    event: usize,
    name: &str,
    told: &Told,
    n_words: &str,
    shape: &Shape,
    f: &mut Features,
) {
    let tree = &ctx.tree;
    let gap = bucket(tree.sentence(event) - tree.sentence(told.event));
    let line = if new_line(ctx, told.event, event) { "new" } else { "same" };
    let worded = if told.worded { "worded" } else { "-" };
    let same = if alike(ctx.lemma(told.event), ctx.lemma(event)) { "same" } else { "-" };
    let kind = |at: usize| ctx.words[at].trigger.map_or("-", |t| t.kind);
    let precision = told.interval.map_or("-", |i| i.precision.as_str());
    f.add(name, &[gap, n_words]);
    f.add(name, &["form", &shape.form, n_words]);
    f.add(name, &["aspect", shape.aspect, n_words, gap]);
    f.add(name, &["same", same, n_words]);
    f.add(name, &["kinds", kind(told.event), kind(event), n_words]);
    f.add(name, &["precision", precision, n_words]);
    f.add(name, &["line", line, n_words, worded]);
    f.add(name, &["modifier", shape.modifier, &shape.form]);
    f.add(name, &["quoted", if shape.quoted { "in" } else { "-" }]);
}

/// Is the time the event's?
pub(crate) fn features(
    ctx: &Context,
    Happening { event, kind, modality }: Happening,
    (all, told): (&[Candidate], &[Told]),
    this: &Candidate,
    f: &mut Features,
) {
    f.clear();
    let tree = &ctx.tree;
    let (kind, modality) = (kind.as_str(), modality.as_str());
    let shape = shape(ctx, event);
    let worded = |c: &&Candidate| c.origins.iter().any(|o| matches!(o, Origin::Words(_)));
    let n_words = ["0", "1", "2"].get(all.iter().filter(worded).count()).copied().unwrap_or("3");
    let known = all.iter().any(|c| c.origins.iter().any(|o| matches!(o, Origin::Before(_))));
    let sentence = tree.sentence(event);
    let clause = ctx.clause(event);
    let mut signature = String::new();
    for origin in &this.origins {
        signature.push(match origin {
            Origin::Words(_) => 'w',
            Origin::Near(_) => 'n',
            Origin::Before(_) => 'b',
            Origin::Lead(_) => 'l',
            Origin::Like(_) => 'k',
            Origin::Earlier(_) => 'e',
            Origin::Ahead(_) => 'a',
            Origin::Published => 'p',
        });
        match origin {
            Origin::Words(n) => words_features(ctx, event, kind, *n, n_words, f),
            Origin::Before(told) => told_features(ctx, event, "before", told, n_words, &shape, f),
            Origin::Lead(told) => told_features(ctx, event, "lead", told, n_words, &shape, f),
            Origin::Like(told) => told_features(ctx, event, "like", told, n_words, &shape, f),
            Origin::Earlier(told) => told_features(ctx, event, "earlier", told, n_words, &shape, f),
            Origin::Near(n) | Origin::Ahead(n) => {
                let name = if matches!(origin, Origin::Near(_)) { "near" } else { "ahead" };
                let at = ctx.dates[*n].tokens.0 as usize;
                let gap = bucket(tree.sentence(event).abs_diff(tree.sentence(at)));
                let line = if new_line(ctx, at, event) { "new" } else { "same" };
                f.add(name, &[gap, n_words, line]);
                f.add(name, &["form", &shape.form, gap]);
                f.add(name, &["aspect", shape.aspect, gap]);
                f.add(name, &["first", if tree.sentence(event) == 0 { "first" } else { "later" }, gap]);
            }
            Origin::Published => {
                let first = if tree.sentence(event) < 2 { "first" } else { "later" };
                let known = if known { "told" } else { "-" };
                f.add("published", &[page(ctx), n_words, known]);
                f.add("published.tense", &[page(ctx), n_words, shape.aspect, known]);
                f.add("published.kind", &[page(ctx), n_words, kind]);
                f.add("published.first", &[first, n_words, known]);
                f.add("published.lemma", &[ctx.lemma(event), n_words]);
                f.add("published.form", &[&shape.form, n_words, known]);
                f.add("published.modifier", &[shape.modifier, &shape.form]);
            }
        }
    }
    // How far the time lies behind the published day.
    let published = ctx.page.published.as_ref().map(|p| p.when).filter(|p| p.precision == Precision::Day);
    let age = published.map_or("-", |p| match p.end.days() - this.interval.end.days() {
        i32::MIN..0 => "to come",
        0 => "0",
        1 => "1",
        2..=7 => "7",
        8..=31 => "31",
        32..=366 => "366",
        _ => "far",
    });
    // A page that names days tells of its events by them; one that names none is of the published day.
    let days = ctx.dates.iter().filter(|d| d.kind == DateKind::Day && d.interval.is_some()).count();
    let style = match days {
        0 => "no day",
        1 => "one day",
        _ => "days",
    };
    f.add("style", &[style, &signature, n_words]);
    f.add("style.aspect", &[style, &signature, shape.aspect]);
    f.add("style.form", &[style, &signature, &shape.form]);
    f.add("origins", &[&signature, n_words]);
    f.add("origins.aspect", &[&signature, shape.aspect]);
    f.add("origins.form", &[&signature, &shape.form]);
    f.add("age", &[age, n_words, &signature]);
    f.add("age.aspect", &[age, shape.aspect]);
    f.add("aspect", &[shape.aspect, kind]);
    f.add("form", &[&shape.form, shape.modifier]);
    // How much of what the page has told so far is of this time.
    let timed = told.iter().filter(|t| t.interval.is_some()).count();
    let own = told.iter().filter(|t| t.interval == Some(this.interval)).count();
    let share = match (own, timed) {
        (_, 0) => "none yet",
        (0, _) => "none",
        (own, timed) if own == timed => "all",
        (own, timed) if 2 * own > timed => "most",
        _ => "some",
    };
    f.add("share", &[share, bucket(own), n_words]);
    f.add("share.style", &[share, style, &signature]);
    let left = ctx.doc.sentences.len() - sentence;
    f.add("modality", &[modality, n_words]);
    f.add("modality.kind", &[modality, kind, n_words]);
    f.add("modality.origins", &[modality, &signature]);
    f.add("modality.age", &[modality, age]);
    f.add("place", &[bucket(sentence), bucket(left), n_words]);
    f.add("lemma", &[ctx.lemma(event), n_words]);
    f.add("lemma.origins", &[ctx.lemma(event), &signature]);
    f.add("quoted", &[if shape.quoted { "in" } else { "-" }, shape.aspect, n_words]);
    f.add("negated", &[if tree.negated(clause) { "not" } else { "-" }, shape.aspect]);
    f.add("hedged", &[ctx.hedges(event).first().map_or("-", |h| h.0), n_words]);
    f.add("subject", &[ctx.logical(event).0.map_or("-", |s| ctx.class(s)), &shape.form]);
    f.add("bias", &[]);
}

fn bucket(n: usize) -> &'static str {
    match n {
        0 => "0",
        1 => "1",
        2 => "2",
        3 => "3",
        4..=6 => "6",
        7..=12 => "12",
        _ => "far",
    }
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
    happening: Happening,
    told: &[Told],
    f: &mut Features,
) -> Option<TimeRef> {
    let all = candidates(ctx, happening.event, told);
    let mut best: Option<(f32, &Candidate)> = None;
    for candidate in &all {
        features(ctx, happening, (&all, told), candidate, f);
        let p = models.date.yes(f);
        let enough = if candidate.span.is_some() { IN_WORDS } else { TAKEN_OVER };
        if p >= enough && best.is_none_or(|(q, _)| p > q) {
            best = Some((p, candidate));
        }
    }
    best.map(|(_, candidate)| TimeRef { span: candidate.span, interval: candidate.interval })
}
