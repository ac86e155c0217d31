//! When: which of the page's time expressions is the event's.
//!
//! Reports name the day once and go on without it: "On Sunday gunmen attacked … The assailants fled." So the days
//! that may be meant are the expressions of the event's own sentence, those of the sentences just before, the times
//! of events told before (the last one, the first one, the last of a like name), for a headline the first time that follows, and the published
//! day. Equal days from several of these are one [`Candidate`]. A scorer decides, and may decide that the time is not known.
//!
//! Which days an expression means belongs to `resolve::date`.

use super::context::Context;
use crate::linear::{Features, Models, softmax};
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
    /// From that day until the published one: "have since been killed".
    Since(usize),
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
    /// For a headline: the first event told after it whose time is known.
    After(Told),
    /// For a headline: the first such of a like name.
    AfterLike(Told),
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

/// The events told around one, in order.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Story<'a> {
    /// Those before it.
    pub before: &'a [Told],
    /// Those after it, where they are known already.
    pub after: &'a [Told],
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

/// Events that are looked at on either side of one: more than any report has, and a bound for what is no report.
const WINDOW: usize = 200;

impl<'a> Story<'a> {
    /// What is told before the event in place `at`.
    pub fn before(told: &'a [Told], at: usize) -> Story<'a> {
        Story { before: &told[at.saturating_sub(WINDOW)..at], after: &[] }
    }

    /// What is told around it.
    pub fn around(told: &'a [Told], at: usize) -> Story<'a> {
        Story { after: &told[at + 1..told.len().min(at + 1 + WINDOW)], ..Story::before(told, at) }
    }
}

impl Told {
    /// An event and what was found of its time.
    pub fn new(event: usize, time: Option<&TimeRef>) -> Told {
        Told { event, interval: time.map(|t| t.interval), worded: time.is_some_and(|t| t.span.is_some()) }
    }
}

/// The least probability of a time that is given. Chosen on five folds of `data/reports`, with events as annotated: of
/// 2,797 dated events 1,829 get their time at 0.3 and 1,917 at 0.2, of 1,607 that people left without one 714 and 922 get
/// one, mostly the page's main day.
const ENOUGH: f32 = 0.2;

/// How far back an expression is looked for, and how far ahead one for a headline, in sentences.
const REACH: usize = 3;

/// Times that may be the event's.
pub(crate) fn candidates(ctx: &Context, event: usize, story: Story) -> Vec<Candidate> {
    let told = story.before;
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
    let first = ctx.dates.partition_point(|date| at(date) < range.start);
    let past = ctx.dates.partition_point(|date| at(date) < range.end);
    let sentence_dates = (first..past).zip(&ctx.dates[first..past]);
    for (n, date) in sentence_dates.filter(|(_, date)| !ctx.furniture[at(date)]) {
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
    let close = |date: &FoundDate| ctx.tree.sentence(at(date)).abs_diff(sentence) <= REACH;
    let before = (0..first)
        .rev()
        .take_while(|&n| close(&ctx.dates[n]))
        .find(|&n| plain(&ctx.dates[n]) && ctx.dates[n].interval.is_some());
    if let Some(n) = before
        && let Some(interval) = ctx.dates[n].interval
    {
        add(interval, None, Origin::Near(n));
        let clause = ctx.clause(event);
        let since =
            ctx.tree.children(clause).any(|c| ctx.rel(c) == Deprel::Advmod && ctx.lower(c) == "since");
        let now = ctx.page.published.as_ref().map(|p| p.when);
        if since && let Some(stretch) = now.and_then(|now| Interval::joined(interval, now)) {
            add(stretch, None, Origin::Since(n));
        }
    }
    if timed().next().is_none() {
        let ahead = (past..ctx.dates.len())
            .take_while(|&n| close(&ctx.dates[n]))
            .find(|&n| plain(&ctx.dates[n]) && ctx.dates[n].interval.is_some());
        if let Some(n) = ahead
            && let Some(interval) = ctx.dates[n].interval
        {
            add(interval, None, Origin::Ahead(n));
        }
    }
    let later = || story.after.iter().filter_map(|t| Some((t, t.interval?)));
    if let Some((first, interval)) = later().next() {
        add(interval, None, Origin::After(*first));
    }
    if let Some((like, interval)) = later().find(|(t, _)| alike(ctx.lemma(t.event), ctx.lemma(event))) {
        add(interval, None, Origin::AfterLike(*like));
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
    let gap = bucket(tree.sentence(event).abs_diff(tree.sentence(told.event)));
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

/// Is the event's time not known at all?
pub(crate) fn none_features(
    ctx: &Context,
    Happening { event, kind, modality }: Happening,
    all: &[Candidate],
    story: Story,
    f: &mut Features,
) {
    f.clear();
    let tree = &ctx.tree;
    let (kind, modality) = (kind.as_str(), modality.as_str());
    let shape = shape(ctx, event);
    let worded = all.iter().filter(|c| c.span.is_some()).count();
    let n_words = ["0", "1", "2"].get(worded).copied().unwrap_or("3");
    let n_all = bucket(all.len());
    let sentence = tree.sentence(event);
    let left = ctx.doc.sentences.len() - sentence;
    let timed = story.before.iter().filter(|t| t.interval.is_some()).count();
    let known = match (timed, story.before.len()) {
        (_, 0) => "first",
        (0, _) => "none",
        (timed, all) if timed == all => "all",
        (timed, all) if 2 * timed > all => "most",
        _ => "some",
    };
    let style = style(ctx);
    f.add("none", &[n_words, n_all]);
    f.add("none.style", &[style, n_words]);
    f.add("none.known", &[known, n_words]);
    f.add("none.known.style", &[known, style, page(ctx)]);
    f.add("none.aspect", &[shape.aspect, n_words]);
    f.add("none.aspect.kind", &[shape.aspect, kind]);
    f.add("none.form", &[&shape.form, n_words]);
    f.add("none.form.modifier", &[&shape.form, shape.modifier]);
    f.add("none.form.known", &[&shape.form, known]);
    f.add("none.aspect.style", &[shape.aspect, style]);
    f.add("none.modality", &[modality, n_words]);
    f.add("none.modality.kind", &[modality, kind]);
    f.add("none.place", &[bucket(sentence), bucket(left)]);
    f.add("none.lemma", &[ctx.lemma(event)]);
    f.add("none.lemma.n", &[ctx.lemma(event), n_words]);
    f.add("none.quoted", &[if shape.quoted { "in" } else { "-" }, shape.aspect]);
    f.add("none.negated", &[if tree.negated(ctx.clause(event)) { "not" } else { "-" }, shape.aspect]);
    f.add("none.hedged", &[ctx.hedges(event).first().map_or("-", |h| h.0)]);
    f.add("none.subject", &[ctx.logical(event).0.map_or("-", |s| ctx.class(s)), &shape.form]);
}

/// A page that names days tells of its events by them; one that names none is of the published day.
fn style(ctx: &Context) -> &'static str {
    match ctx.n_days {
        0 => "no day",
        1 => "one day",
        _ => "days",
    }
}

/// Is the time the event's?
pub(crate) fn features(
    ctx: &Context,
    Happening { event, kind, modality }: Happening,
    (all, story): (&[Candidate], Story),
    this: &Candidate,
    f: &mut Features,
) {
    f.clear();
    let told = story.before;
    let tree = &ctx.tree;
    let (kind, modality) = (kind.as_str(), modality.as_str());
    let shape = shape(ctx, event);
    let worded = |c: &&Candidate| c.origins.iter().any(|o| matches!(o, Origin::Words(_)));
    let n_words = ["0", "1", "2"].get(all.iter().filter(worded).count()).copied().unwrap_or("3");
    let known = all.iter().any(|c| c.origins.iter().any(|o| matches!(o, Origin::Before(_))));
    let mut signature = String::new();
    for origin in &this.origins {
        signature.push(match origin {
            Origin::Words(_) => 'w',
            Origin::Near(_) => 'n',
            Origin::Since(_) => 's',
            Origin::Before(_) => 'b',
            Origin::Lead(_) => 'l',
            Origin::Like(_) => 'k',
            Origin::Earlier(_) => 'e',
            Origin::Ahead(_) => 'a',
            Origin::After(_) => 'f',
            Origin::AfterLike(_) => 'm',
            Origin::Published => 'p',
        });
        match origin {
            Origin::Words(n) => words_features(ctx, event, kind, *n, n_words, f),
            Origin::After(told) => told_features(ctx, event, "after", told, n_words, &shape, f),
            Origin::AfterLike(told) => told_features(ctx, event, "after like", told, n_words, &shape, f),
            Origin::Before(told) => told_features(ctx, event, "before", told, n_words, &shape, f),
            Origin::Lead(told) => told_features(ctx, event, "lead", told, n_words, &shape, f),
            Origin::Like(told) => told_features(ctx, event, "like", told, n_words, &shape, f),
            Origin::Earlier(told) => told_features(ctx, event, "earlier", told, n_words, &shape, f),
            Origin::Near(n) | Origin::Ahead(n) | Origin::Since(n) => {
                let name = match origin {
                    Origin::Near(_) => "near",
                    Origin::Since(_) => "since",
                    _ => "ahead",
                };
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
    let style = style(ctx);
    f.add("style", &[style, &signature, n_words]);
    f.add("style.aspect", &[style, &signature, shape.aspect]);
    f.add("style.form", &[style, &signature, &shape.form]);
    f.add("origins", &[&signature, n_words]);
    f.add("origins.aspect", &[&signature, shape.aspect]);
    f.add("origins.form", &[&signature, &shape.form]);
    f.add("age", &[age, n_words, &signature]);
    f.add("age.aspect", &[age, shape.aspect]);
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
    f.add("modality.origins", &[modality, &signature]);
    f.add("modality.age", &[modality, age]);
    f.add("lemma.origins", &[ctx.lemma(event), &signature]);
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

/// The day on which something was said: an expression that hangs on the word of saying, "said on Monday".
pub(crate) fn said(ctx: &Context, cue: usize) -> Option<Interval> {
    let range = ctx.tree.sentence_range(cue);
    let first = ctx.dates.partition_point(|date| (date.tokens.0 as usize) < range.start);
    let within = ctx.dates[first..].iter().take_while(|date| (date.tokens.0 as usize) < range.end);
    within.into_iter().find_map(|date| {
        let tokens = date.tokens.0 as usize..date.tokens.1 as usize;
        let plain = matches!(date.kind, DateKind::Day | DateKind::Span);
        let hangs = |t: usize| ctx.tree.head(t) == Some(cue);
        date.interval.filter(|_| plain && tokens.clone().any(hangs))
    })
}

/// The times of a page's events, which must be in order.
///
/// A headline tells what the report will tell again with its day, so its events are asked last.
pub(crate) fn times(
    ctx: &Context,
    models: &Models,
    events: &[Happening],
    f: &mut Features,
) -> Vec<Option<TimeRef>> {
    let mut told: Vec<Told> = Vec::with_capacity(events.len());
    let mut times: Vec<Option<TimeRef>> = Vec::with_capacity(events.len());
    for event in events {
        let story = Story::before(&told, told.len());
        let time = if waits(ctx, event.event) { None } else { time(ctx, models, *event, story, f) };
        told.push(Told::new(event.event, time.as_ref()));
        times.push(time);
    }
    for at in (0..events.len()).filter(|&at| waits(ctx, events[at].event)) {
        let story = Story::around(&told, at);
        times[at] = time(ctx, models, events[at], story, f);
        told[at] = Told::new(events[at].event, times[at].as_ref());
    }
    times
}

/// Does the event stand where a headline does, in a first sentence that names no time?
pub(crate) fn waits(ctx: &Context, event: usize) -> bool {
    if ctx.tree.sentence(event) > 0 || ctx.doc.sentences.len() < 2 {
        return false;
    }
    let end = ctx.tree.sentence_range(event).end;
    let mut first = ctx.dates.iter().take_while(|date| (date.tokens.0 as usize) < end);
    first.all(|date| date.interval.is_none())
}

/// The event's time, if the page tells it.
pub(crate) fn time(
    ctx: &Context,
    models: &Models,
    happening: Happening,
    story: Story,
    f: &mut Features,
) -> Option<TimeRef> {
    let all = candidates(ctx, happening.event, story);
    none_features(ctx, happening, &all, story, f);
    // Before any candidate: that the page does not tell the time.
    let mut scores = vec![models.date.odds(f)];
    for candidate in &all {
        features(ctx, happening, (&all, story), candidate, f);
        scores.push(models.date.odds(f));
    }
    softmax(&mut scores);
    let mut best: Option<(f32, &Candidate)> = None;
    for (candidate, &p) in all.iter().zip(&scores[1..]) {
        if p >= ENOUGH && best.is_none_or(|(q, _)| p > q) {
            best = Some((p, candidate));
        }
    }
    best.map(|(_, candidate)| TimeRef { span: candidate.span, interval: candidate.interval })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Lexicon;
    use hearsay_doc::{Page, Published, testing};

    /// The candidates of the event at each token of `events`, in order, with their origins. Events are told with the
    /// candidate whose place is given, if any; the page is of Tuesday 26 March 2024.
    fn check(parse: &str, events: &[(&str, Option<usize>)], expected: &[&str]) {
        let doc = testing::doc(parse);
        let when = Interval::parse("2024-03-26").unwrap();
        let page = Page { published: Some(Published { when, from: "given" }), ..Page::default() };
        let lexicon = Lexicon::new();
        let ctx = Context::new(&page, &doc, &lexicon);
        let mut told: Vec<Told> = Vec::new();
        for ((form, chosen), expected) in events.iter().zip(expected) {
            let from = told.last().map_or(0, |t| t.event + 1);
            let event = (from..ctx.len()).find(|&i| doc.form(i) == *form).expect("the event is in the text");
            let all = candidates(&ctx, event, Story::before(&told, told.len()));
            let shown: Vec<String> = all
                .iter()
                .map(|c| {
                    let origin = |o: &Origin| format!("{o:?}").split('(').next().unwrap_or("").to_owned();
                    format!(
                        "{} {}",
                        c.interval.iso(),
                        c.origins.iter().map(origin).collect::<Vec<_>>().join("+")
                    )
                })
                .collect();
            assert_eq!(shown.join(", "), *expected, "{form}");
            let time = chosen.map(|n| TimeRef { span: all[n].span, interval: all[n].interval });
            told.push(Told::new(event, time.as_ref()));
        }
    }

    #[test]
    fn the_day_of_a_statement_hangs_on_its_cue() {
        let doc = testing::doc(
            "Police/NOUN/2/nsubj said~say/VERB/0/root on/ADP/4/case Monday/PROPN/2/obl that/SCONJ/8/mark \
             two/NUM/8/nsubj:pass were/AUX/8/aux:pass shot~shoot/VERB/2/ccomp on/ADP/10/case Sunday/PROPN/8/obl",
        );
        let when = Interval::parse("2024-03-26").unwrap();
        let page = Page { published: Some(Published { when, from: "given" }), ..Page::default() };
        let lexicon = Lexicon::new();
        let ctx = Context::new(&page, &doc, &lexicon);
        let days = [1, 7].map(|cue| said(&ctx, cue).map(|day| day.iso()));
        assert_eq!(days, [Some("2024-03-25".to_owned()), Some("2024-03-24".to_owned())]);
        assert_eq!(said(&ctx, 0), None);
    }

    const SUNDAY: &str =
        "Gunmen/NOUN/2/nsubj attacked~attack/VERB/0/root Orm/PROPN/2/obj on/ADP/5/case Sunday/PROPN/2/obl";

    #[test]
    fn an_event_told_on_has_the_time_of_those_before() {
        check(
            &format!("{SUNDAY}\nThe/DET/2/det attack/NOUN/3/nsubj killed~kill/VERB/0/root five/NUM/3/obj"),
            &[("attacked", Some(0)), ("attack", None)],
            &[
                "2024-03-24 Words, 2024-03-26 Published",
                "2024-03-24 Before+Lead+Like+Near, 2024-03-26 Published",
            ],
        );
    }

    #[test]
    fn another_day_told_between_does_not_hide_the_first() {
        let aside = "On/ADP/2/case Friday/PROPN/4/obl police/NOUN/4/nsubj fired~fire/VERB/0/root";
        check(
            &format!(
                "{SUNDAY}\n{aside}\nThe/DET/2/det assault/NOUN/3/nsubj went~go/VERB/0/root on/ADV/3/advmod"
            ),
            &[("attacked", Some(0)), ("fired", Some(0)), ("assault", None)],
            &[
                "2024-03-24 Words, 2024-03-22 Ahead, 2024-03-26 Published",
                "2024-03-22 Words, 2024-03-24 Before+Lead+Near, 2024-03-26 Published",
                "2024-03-22 Before+Near, 2024-03-24 Earlier+Lead, 2024-03-26 Published",
            ],
        );
    }

    #[test]
    fn a_headline_looks_ahead_and_since_runs_until_the_published_day() {
        let since = "Thirty/NUM/5/nsubj:pass have/AUX/5/aux since/ADV/5/advmod been/AUX/5/aux:pass killed~kill/VERB/0/root";
        check(
            &format!("Raid/NOUN/2/nsubj kills~kill/VERB/0/root two/NUM/2/obj\n{SUNDAY}\n{since}"),
            &[("Raid", None), ("attacked", Some(0)), ("killed", None)],
            &[
                "2024-03-24 Ahead, 2024-03-26 Published",
                "2024-03-24 Words, 2024-03-26 Published",
                "2024-03-24 Before+Lead+Near, 2024-03-24/2024-03-26 Since, 2024-03-26 Published",
            ],
        );
    }
}
