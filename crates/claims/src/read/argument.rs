//! Who did it, to whom or what, with what, and where: the phrases around an event and the part each plays.

use super::attribution::Attribution;
use super::context::Context;
use crate::linear::{Features, Models};
use hearsay_doc::{Deprel, EventType, Upos};

/// The parts that a phrase can play, in order of the scorer's classes; class 0 is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Actor = 1,
    Recipient = 2,
    Instrument = 3,
}

/// Phrases of the event's sentence that may play a part.
pub(crate) fn candidates(ctx: &Context, event: usize) -> Vec<usize> {
    let trigger = ctx.words[event].trigger_tokens.unwrap_or((event as u32, event as u32));
    ctx.tree
        .noun_phrases(ctx.tree.sentence_range(event))
        .into_iter()
        .filter(|&n| {
            let inside = (trigger.0..=trigger.1).contains(&(n as u32));
            n != event && !inside && ctx.date_of[n] == 0 && !ctx.furniture[n]
        })
        .collect()
}

/// The way from the event to the phrase with coordination folded: both conjuncts of "soldiers and police" stand
/// where the first one does.
fn folded(ctx: &Context, event: usize, phrase: usize) -> (String, bool) {
    let mut node = phrase;
    let mut conj = false;
    while ctx.rel(node) == Deprel::Conj && !ctx.tree.dominates(node, event) {
        let Some(head) = ctx.tree.head(node) else { break };
        if head == event {
            break;
        }
        (node, conj) = (head, true);
    }
    (ctx.tree.path(event, node), conj)
}

/// The first of the coordinated phrases that this one belongs to.
fn first_conjunct(ctx: &Context, phrase: usize) -> usize {
    let mut node = phrase;
    for _ in 0..12 {
        match ctx.tree.head(node) {
            Some(head) if ctx.rel(node) == Deprel::Conj => node = head,
            _ => break,
        }
    }
    node
}

/// Is there another listed event word between the phrase and this event in the tree? Then the phrase is likely its.
fn nearer_event(ctx: &Context, event: usize, phrase: usize) -> bool {
    let up = ctx.tree.ancestors(phrase).skip(1).take(8);
    for node in up {
        if node == event {
            return false;
        }
        if ctx.words[node].trigger.is_some_and(|t| t.strength != "0.3") {
            return true;
        }
    }
    false
}

/// Which part does the phrase play in the event?
pub(crate) fn role_features(
    ctx: &Context,
    event: usize,
    kind: EventType,
    chain: &[Attribution],
    phrase: usize,
    f: &mut Features,
) {
    f.clear();
    let tree = &ctx.tree;
    let kind = kind.as_str();
    let pos = ctx.pos(event).as_str();
    let (path, conj) = folded(ctx, event, phrase);
    let class = ctx.class(phrase);
    let case = tree.case(phrase);
    let rel = ctx.rel(phrase).as_str();
    let voice = if ctx.passive(event) { "passive" } else { "active" };
    let side = if phrase < event { "before" } else { "after" };
    let mention = tree.mention(phrase);
    let (subject, object) = ctx.logical(event);
    let first = first_conjunct(ctx, phrase);
    let logic = if subject == Some(phrase) || subject == Some(first) {
        "subject"
    } else if object == Some(phrase) || object == Some(first) {
        "object"
    } else {
        "-"
    };
    let taken = match (subject.is_some(), object.is_some()) {
        (true, true) => "both",
        (true, false) => "subject",
        (false, true) => "object",
        _ => "none",
    };
    f.add("logic", &[logic, pos]);
    f.add("logic.kind", &[logic, kind, pos]);
    f.add("logic.class", &[logic, class, pos]);
    f.add("logic.lemma", &[logic, ctx.lemma(event)]);
    f.add("logic.taken", &[logic, taken, side, class]);
    f.add("logic.case", &[logic, taken, rel, case, pos]);
    f.add("bias", &[]);
    f.add("path", &[&path]);
    f.add("path.voice", &[&path, voice, case]);
    f.add("path.kind", &[&path, kind, voice]);
    f.add("path.class", &[&path, class]);
    f.add("path.mention", &[&path, mention]);
    let (sense, doing) = (ctx.sense(phrase), ctx.words[event].sense);
    f.add("sense", &[sense, kind]);
    f.add("path.sense", &[&path, sense]);
    f.add("logic.sense", &[logic, sense, pos]);
    f.add("doing", &[doing, logic, case]);
    f.add("doing.path", &[doing, &path]);
    f.add("doing.class", &[doing, class, side]);
    f.add("path.lemma", &[&path, ctx.lemma(event)]);
    f.add("path.case.kind", &[&path, case, kind]);
    f.add("class", &[class]);
    f.add("class.kind", &[class, kind]);
    f.add("class.case", &[class, case, rel]);
    f.add("lemma", &[ctx.lemma(phrase)]);
    f.add("lemma.kind", &[ctx.lemma(phrase), kind]);
    f.add("mention", &[mention, rel, case]);
    f.add("pos", &[ctx.pos(phrase).as_str(), rel, case]);
    f.add("event.pos", &[pos, rel, case, side]);
    f.add("side", &[side, pos, voice, class]);
    f.add("event.lemma", &[ctx.lemma(event), rel, case]);
    f.add("event.class", &[ctx.lemma(event), class]);
    let gap = phrase.abs_diff(event);
    let gap = ["0", "1", "2", "3", "4", "6", "6", "9", "9", "9"].get(gap).copied().unwrap_or(if gap < 16 {
        "15"
    } else {
        "far"
    });
    f.add("gap", &[gap, side, class]);
    if conj {
        f.add("conj", &[&path]);
    }
    if let Some(noun) = ctx.words[phrase].noun
        && noun.population != "-"
    {
        f.add("population", &[noun.population, kind, &path]);
    }
    f.add("number", &[if ctx.number_token(phrase).is_some() { "yes" } else { "no" }, kind, side]);
    f.add("nearer", &[if nearer_event(ctx, event, phrase) { "yes" } else { "no" }, class]);
    let top = meeting(ctx, event, phrase);
    if let Some(top) = top.filter(|&t| t != event && t != phrase) {
        f.add("top", &[ctx.lemma(top), &path]);
        f.add("top.lemma", &[ctx.lemma(top), rel]);
        f.add("top.kind", &[ctx.words[top].trigger.map_or("-", |t| t.kind), &path]);
        f.add("top.cue", &[ctx.words[top].cue.map_or("-", |c| c.kind), &path]);
    }
    let said = chain.last().and_then(|l| l.source);
    let source = if chain.iter().any(|l| l.source == Some(phrase)) {
        if said == Some(phrase) { "last" } else { "outer" }
    } else {
        "no"
    };
    if source != "no" {
        f.add("source", &[source]);
        f.add("source.path", &[source, &path]);
        let cue = chain.iter().find(|l| l.source == Some(phrase)).map_or("-", |l| ctx.lemma(l.cue));
        f.add("source.cue", &[cue, kind]);
    }
    if ctx.words[phrase].cue.is_some() {
        f.add("is.cue", &[rel]);
    }
    if ctx.words[phrase].trigger.is_some() {
        f.add("is.event", &[rel, side]);
    }
    // The object of a cue and event: "accused Israel of bombing", "blamed rebels for the attack".
    if let Some(head) = tree.head(phrase)
        && let Some(cue) = ctx.words[head].cue
    {
        f.add("under.cue", &[cue.kind, rel, case]);
        f.add("under.cue.path", &[cue.kind, &path]);
    }
    if tree.quote[phrase] != tree.quote[event] {
        f.add("quote", &[if tree.quote[event] > 0 { "event" } else { "phrase" }, class]);
    }
    // Is there a better subject or object: what fills those places at the event itself?
    let subject = tree.child(event, &[Deprel::Nsubj, Deprel::NsubjPass]);
    let object = tree.child(event, &[Deprel::Obj]);
    let filled = [
        if subject.is_some() { if subject == Some(phrase) { "self" } else { "subj" } } else { "-" },
        if object.is_some() { if object == Some(phrase) { "self" } else { "obj" } } else { "-" },
    ];
    f.add("filled", &[filled[0], filled[1], &path]);
    f.add("filled.class", &[filled[0], filled[1], class, side]);
}

/// Where the ways up from the two tokens meet.
fn meeting(ctx: &Context, a: usize, b: usize) -> Option<usize> {
    let ups: Vec<usize> = ctx.tree.ancestors(a).collect();
    ctx.tree.ancestors(b).find(|n| ups.contains(n))
}

/// A phrase that plays a part, with the features that decided (only when asked for).
#[derive(Clone, Debug)]
pub(crate) struct Filled {
    pub head: usize,
    pub role: Role,
    pub p: f32,
    pub reasons: Vec<(String, f32)>,
}

/// Probability above which a phrase takes a part, chosen on held-out training reports.
pub(crate) const ROLE_THRESHOLD: f32 = 0.40;

/// The phrases that play a part in the event. Of two phrases of which one holds the other, the likelier one plays
/// it; the same part is not played by a phrase and a piece of it.
pub(crate) fn roles(
    ctx: &Context,
    models: &Models,
    event: usize,
    kind: EventType,
    chain: &[Attribution],
    explain: bool,
) -> Vec<Filled> {
    let mut f = Features::new(explain);
    let mut found: Vec<Filled> = Vec::new();
    for phrase in candidates(ctx, event) {
        role_features(ctx, event, kind, chain, phrase, &mut f);
        let p = models.role.probabilities(&f);
        let Some((class, best)) = (1..p.len()).map(|c| (c, p[c])).max_by(|a, b| a.1.total_cmp(&b.1)) else {
            continue;
        };
        if best < ROLE_THRESHOLD {
            continue;
        }
        let role = [Role::Actor, Role::Recipient, Role::Instrument][class - 1];
        let reasons = if explain { models.role.reasons(&f, class, 3) } else { Vec::new() };
        found.push(Filled { head: phrase, role, p: best, reasons });
    }
    found.sort_by(|a, b| b.p.total_cmp(&a.p).then(a.head.cmp(&b.head)));
    let mut kept: Vec<Filled> = Vec::new();
    for filled in found {
        let span = ctx.phrase(filled.head);
        if !kept.iter().any(|k| ctx.phrase(k.head).overlaps(span)) {
            kept.push(filled);
        }
    }
    kept.sort_by_key(|k| k.head);
    kept
}

/// Phrases of the event's sentence that may say where: names of places, areas and buildings.
pub(crate) fn place_candidates(ctx: &Context, event: usize) -> Vec<usize> {
    candidates(ctx, event)
        .into_iter()
        .filter(|&n| {
            let class = ctx.class(n);
            matches!(class, "area" | "building" | "location")
                || ctx.tree.mention(n) == "location"
                || (ctx.pos(n) == Upos::Propn
                    && matches!(
                        ctx.tree.case(n),
                        "in" | "at" | "near" | "on" | "from" | "to" | "into" | "around" | "across" | "of"
                    ))
        })
        .collect()
}

/// Does the phrase say where the event took place?
pub(crate) fn place_features(ctx: &Context, event: usize, kind: EventType, phrase: usize, f: &mut Features) {
    f.clear();
    let tree = &ctx.tree;
    let (path, conj) = folded(ctx, event, phrase);
    let (class, case, mention) = (ctx.class(phrase), tree.case(phrase), tree.mention(phrase));
    let rel = ctx.rel(phrase).as_str();
    f.add("bias", &[]);
    f.add("path", &[&path]);
    f.add("path.case", &[&path, case]);
    f.add("path.class", &[&path, class]);
    f.add("case", &[case, class]);
    f.add("case.kind", &[case, kind.as_str()]);
    f.add("class", &[class, mention]);
    f.add("mention", &[mention, rel, case]);
    f.add("rel", &[rel, case]);
    f.add("lemma", &[ctx.lemma(phrase)]);
    f.add("event", &[ctx.lemma(event), case]);
    if conj {
        f.add("conj", &[]);
    }
    f.add("nearer", &[if nearer_event(ctx, event, phrase) { "yes" } else { "no" }, case]);
    let gap = phrase.abs_diff(event);
    let gap = ["0", "1", "2", "3", "4", "6", "6", "9", "9", "9"].get(gap).copied().unwrap_or(if gap < 16 {
        "15"
    } else {
        "far"
    });
    f.add("gap", &[gap, if phrase < event { "before" } else { "after" }]);
    if let Some(head) = tree.head(phrase) {
        f.add("head", &[ctx.class(head), rel, case]);
        f.add(
            "head.event",
            &[if head == event { "event" } else { ctx.words[head].trigger.map_or("-", |t| t.kind) }, rel],
        );
    }
}

/// The places of the event, the finest (as the text orders them) first.
pub(crate) fn places(
    ctx: &Context,
    models: &Models,
    event: usize,
    kind: EventType,
    f: &mut Features,
) -> Vec<usize> {
    let mut found: Vec<usize> = Vec::new();
    for phrase in place_candidates(ctx, event) {
        place_features(ctx, event, kind, phrase, f);
        if models.place.yes(f) >= 0.45 {
            found.push(phrase);
        }
    }
    found
}
