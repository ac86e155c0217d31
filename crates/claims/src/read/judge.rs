//! What kind of claim it is: how the event was done, whether it is said to have happened, what the source does with
//! it and where the source stands in it.

use super::argument::{Filled, Role};
use super::attribution::Attribution;
use super::context::Context;
use super::coref::Antecedents;
use crate::linear::Features;
use hearsay_doc::{Deprel, EventType, Modality, Position, Responsibility, Stance, Upos};

/// An event with what has been found out about it so far.
pub(crate) struct Draft<'c> {
    pub idx: usize,
    pub kind: EventType,
    pub chain: &'c [Attribution],
    pub filled: &'c [Filled],
}

impl Draft<'_> {
    fn of(&self, role: Role) -> impl Iterator<Item = usize> + '_ {
        self.filled.iter().filter(move |f| f.role == role).map(|f| f.head)
    }
}

/// Features of how the event was done.
pub(crate) fn mode_features(ctx: &Context, draft: &Draft, f: &mut Features) {
    f.clear();
    let (idx, kind) = (draft.idx, draft.kind.as_str());
    let word = &ctx.words[idx];
    let listed = word.trigger.map_or("-", |t| t.mode);
    f.add("bias", &[kind]);
    f.add("list", &[listed, kind]);
    f.add("lemma", &[&word.lemma]);
    f.add("lemma.kind", &[&word.lemma, kind]);
    if let Some((first, last)) = word.trigger_tokens {
        for i in first as usize..=last as usize {
            f.add("trigger", &[ctx.lemma(i)]);
        }
    }
    for child in ctx.tree.children(idx) {
        if matches!(ctx.rel(child), Deprel::Compound | Deprel::Amod | Deprel::CompoundPrt) {
            f.add("modifier", &[ctx.lemma(child)]);
        }
    }
    for head in draft.of(Role::Instrument) {
        f.add("instrument", &[ctx.lemma(head)]);
        f.add("instrument.mode", &[ctx.words[head].noun.map_or("-", |n| n.mode)]);
    }
    for head in draft.of(Role::Actor) {
        f.add("actor", &[ctx.class(head), kind]);
        f.add("actor.lemma", &[ctx.lemma(head), kind]);
    }
    for head in draft.of(Role::Recipient) {
        f.add("recipient", &[ctx.class(head), kind]);
        f.add("recipient.lemma", &[ctx.lemma(head), kind]);
    }
    let sentence = ctx.tree.sentence(idx);
    let mut seen = Vec::new();
    for (at, word) in ctx.words.iter().enumerate() {
        let here = ctx.tree.sentence(at) == sentence;
        let mode = word
            .noun
            .map(|n| n.mode)
            .filter(|m| *m != "-")
            .or(word.trigger.map(|t| t.mode).filter(|m| *m != "-"));
        if let Some(mode) = mode {
            let where_ = if here { "sentence" } else { "page" };
            if !seen.contains(&(where_, mode)) {
                seen.push((where_, mode));
                f.add(where_, &[mode, kind, listed]);
            }
        }
    }
}

/// Features of whether the event is said to have happened.
pub(crate) fn modality_features(ctx: &Context, draft: &Draft, f: &mut Features) {
    f.clear();
    let (idx, kind) = (draft.idx, draft.kind.as_str());
    let tree = &ctx.tree;
    let (pos, rel) = (ctx.pos(idx).as_str(), ctx.rel(idx).as_str());
    f.add("bias", &[]);
    f.add("kind", &[kind, pos]);
    f.add("rel", &[rel, pos]);
    f.add("lemma", &[ctx.lemma(idx)]);
    f.add("form", &[ctx.lower(idx), rel]);
    let ending = if ctx.lower(idx).ends_with("ing") {
        "ing"
    } else if ctx.lower(idx) == ctx.lemma(idx) {
        "base"
    } else {
        "other"
    };
    f.add("ending", &[ending, pos, rel]);
    let clause = ctx.clause(idx);
    f.add("tense", &[ctx.tense(clause), kind]);
    f.add("tense.rel", &[ctx.tense(clause), rel, if clause == idx { "own" } else { "above" }]);
    for child in tree.children(idx) {
        if matches!(
            ctx.rel(child),
            Deprel::Aux
                | Deprel::AuxPass
                | Deprel::Mark
                | Deprel::Advmod
                | Deprel::Det
                | Deprel::Amod
                | Deprel::Case
        ) {
            f.add("child", &[ctx.rel(child).as_str(), ctx.lemma(child)]);
            f.add("child.kind", &[ctx.lemma(child), kind, ending]);
        }
    }
    for (depth, node) in tree.ancestors(idx).skip(1).take(3).enumerate() {
        let depth = ["1", "2", "3"][depth];
        f.add("above", &[depth, ctx.lemma(node), rel]);
        f.add("above.sense", &[depth, ctx.sense(node), rel]);
        f.add("above.cue", &[depth, ctx.words[node].cue.map_or("-", |c| c.kind), rel]);
        f.add("above.list", &[depth, ctx.words[node].trigger.map_or("-", |t| t.kind), kind]);
        for child in tree.children(node) {
            if matches!(ctx.rel(child), Deprel::Aux | Deprel::Mark) && child != idx {
                f.add("above.aux", &[depth, ctx.lemma(child)]);
            }
        }
    }
    hedge_features(ctx, idx, f);
    if let Some(link) = draft.chain.last() {
        f.add("cue", &[ctx.lemma(link.cue), ending]);
        f.add("cue.kind", &[ctx.words[link.cue].cue.map_or("-", |c| c.kind), kind, ending]);
    }
    if tree.negated(idx) {
        f.add("negated", &[pos]);
    }
    // "No one was killed", "killed no civilians".
    for head in draft.of(Role::Recipient) {
        f.add("recipient", &[ctx.determiner(head)]);
        if matches!(ctx.lemma(head), "no" | "none" | "nobody") {
            f.add("nobody", &[]);
        }
    }
}

fn hedge_features(ctx: &Context, idx: usize, f: &mut Features) {
    for (effect, at) in ctx.hedges(idx) {
        f.add("hedge", &[effect]);
        f.add("hedge.word", &[ctx.lemma(at)]);
        f.add("hedge.rel", &[effect, ctx.rel(at).as_str()]);
    }
    // Within three words before it: "a suspected rebel attack".
    let start = ctx.tree.sentence_range(idx).start;
    for at in idx.saturating_sub(3).max(start)..idx {
        if let Some(effect) = ctx.words[at].hedge {
            f.add("hedge.near", &[effect, ctx.lemma(at)]);
        }
    }
}

/// Features of what the source does with the event.
pub(crate) fn stance_features(ctx: &Context, draft: &Draft, f: &mut Features) {
    f.clear();
    let idx = draft.idx;
    let tree = &ctx.tree;
    f.add("bias", &[if draft.chain.is_empty() { "outlet" } else { "source" }]);
    f.add("kind", &[draft.kind.as_str()]);
    hedge_features(ctx, idx, f);
    for (name, link) in
        [("cue", draft.chain.last()), ("outer", draft.chain.first().filter(|_| draft.chain.len() > 1))]
    {
        let Some(link) = link else { continue };
        let cue = link.cue;
        let entry = ctx.words[cue].cue;
        let (kind, stance) = entry.map_or(("-", "-"), |c| (c.kind, c.stance));
        let not = if tree.negated(cue) { "not" } else { "-" };
        let step = tree.path(cue, idx);
        f.add(name, &[stance, not]);
        f.add(name, &["kind", kind, not]);
        f.add(name, &["lemma", ctx.lemma(cue), not]);
        f.add(name, &["lemma.pos", ctx.lemma(cue), ctx.pos(cue).as_str()]);
        f.add(name, &["path", stance, &step]);
        f.add(name, &["path.lemma", ctx.lemma(cue), &step]);
        f.add(name, &["source", if link.source.is_some() { "named" } else { "-" }, stance]);
        f.add(name, &["passive", if ctx.passive(cue) { "passive" } else { "-" }, stance]);
        f.add(name, &["event.not", if tree.negated(idx) { "not" } else { "-" }, stance]);
        for (effect, at) in ctx.hedges(cue) {
            f.add("cue.hedge", &[effect, ctx.lemma(at)]);
        }
        for child in tree.children(cue) {
            if matches!(ctx.rel(child), Deprel::Advmod | Deprel::Aux | Deprel::Mark) {
                f.add("cue.child", &[ctx.lemma(child), stance]);
            }
        }
        // "denied reports that", "confirmed the claim that": what stands between.
        for node in tree.ancestors(idx).skip(1).take(4).take_while(|&n| n != cue) {
            f.add("between", &[stance, ctx.lemma(node)]);
            f.add("between.kind", &[stance, ctx.words[node].cue.map_or("-", |c| c.kind)]);
        }
    }
    let word = ctx.words[idx].cue;
    f.add("self", &[word.map_or("-", |c| c.kind)]);
    // Without a source, cue words above the event still soften it: "is believed to", "reports of".
    for node in tree.ancestors(idx).skip(1).take(4) {
        if let Some(cue) = ctx.words[node].cue {
            f.add("above", &[cue.stance, if ctx.passive(node) { "passive" } else { "-" }]);
            f.add("above.lemma", &[ctx.lemma(node), ctx.rel(node).as_str()]);
        }
    }
    if tree.negated(idx) {
        f.add("negated", &[]);
    }
}

/// Same words, or the same people: does one phrase name the side of the other?
fn same_side(ctx: &Context, a: usize, b: usize) -> &'static str {
    if a == b {
        return "same";
    }
    let (a_span, b_span) = (ctx.phrase(a), ctx.phrase(b));
    if a_span.contains(b_span) || b_span.contains(a_span) {
        return "inside";
    }
    if ctx.lemma(a) == ctx.lemma(b) && ctx.pos(a) != Upos::Pron {
        return "lemma";
    }
    let countries = |idx: usize| -> Vec<[u8; 2]> {
        let (first, last) = ctx.tree.noun_phrase(idx);
        (first..=last)
            .filter_map(|i| {
                let form = ctx.doc.form(i);
                crate::resolve::place::country_of_demonym(form)
                    .or_else(|| crate::resolve::place::country_named(form))
            })
            .collect()
    };
    let of_b = countries(b);
    if !of_b.is_empty() {
        let of_a = countries(a);
        if of_a.iter().any(|c| of_b.contains(c)) {
            return "country";
        }
        if !of_a.is_empty() {
            return "foreign";
        }
    }
    "-"
}

/// Features of where the last source stands in the event.
pub(crate) fn position_features(ctx: &Context, draft: &Draft, names: &Antecedents, f: &mut Features) {
    f.clear();
    let kind = draft.kind.as_str();
    f.add("bias", &[if draft.chain.is_empty() { "outlet" } else { "source" }]);
    let Some(link) = draft.chain.last() else { return };
    let cue = ctx.words[link.cue].cue.map_or("-", |c| c.kind);
    f.add("cue", &[cue]);
    f.add("cue.lemma", &[ctx.lemma(link.cue)]);
    f.add("cue.kind", &[cue, kind]);
    let Some(source) = link.source else {
        f.add("nobody", &[]);
        return;
    };
    let class = ctx.class(source);
    f.add("class", &[class]);
    f.add("class.kind", &[class, kind]);
    f.add("class.cue", &[class, cue]);
    f.add("lemma", &[ctx.lemma(source)]);
    f.add("lemma.kind", &[ctx.lemma(source), kind]);
    f.add("mention", &[ctx.tree.mention(source), kind]);
    let own = names.side(ctx, source);
    for (name, role) in [("actor", Role::Actor), ("recipient", Role::Recipient)] {
        let mut any = false;
        for head in draft.of(role) {
            any = true;
            let mut side = same_side(ctx, source, head);
            if side == "-" && own.is_some() {
                side = if names.side(ctx, head) == own { "resolved" } else { "-" };
            }
            let argument = ctx.class(head);
            f.add(name, &["side", side]);
            f.add(name, &["side.cue", side, cue]);
            f.add(name, &["class", argument, class]);
            f.add(name, &["class.kind", argument, class, kind]);
            f.add(name, &["lemma", ctx.lemma(head), class]);
            if ctx.pos(head) == Upos::Pron {
                f.add(name, &["pronoun", ctx.lemma(head), class]);
            }
            if let Some(owner) = ctx.tree.child(head, &[Deprel::NmodPoss]) {
                f.add(name, &["owner", ctx.lemma(owner), class]);
            }
        }
        if !any {
            f.add(name, &["none", class, kind]);
        }
    }
    // "responsibility" and "our fighters" tell who speaks.
    for i in ctx.tree.sentence_range(draft.idx) {
        if matches!(ctx.lemma(i), "responsibility" | "we" | "our" | "us") {
            f.add("word", &[ctx.lemma(i), class]);
        }
    }
}

/// What grammar decides whatever the scorers say, with the rule's name: too rare in the training reports to be learnt
/// from them, and too plain to be missed.
///
/// A negated verb did not happen ("did not attack", "killed no civilians"), unless the one who says so is accused of it,
/// which is a denial; "may have attacked" is a suspicion.
pub(crate) fn grammar(
    ctx: &Context,
    draft: &Draft,
    position: Position,
    modality: Modality,
    stance: Stance,
) -> Option<(Modality, Stance, &'static str)> {
    let idx = draft.idx;
    if ctx.pos(idx) != Upos::Verb || stance == Stance::Denies {
        return None;
    }
    let not =
        ctx.tree.children(idx).any(|c| c < idx && matches!(ctx.lower(c), "not" | "n't" | "n’t" | "never"));
    let nobody = ctx.logical(idx).1.is_some_and(|object| {
        ctx.determiner(object) == "no" || matches!(ctx.lower(object), "nobody" | "none" | "no-one")
    });
    if (not || nobody) && modality == Modality::Actual {
        let speaks = draft.chain.last().is_some_and(|l| l.source.is_some());
        if not && speaks && position == Position::Actor {
            return Some((Modality::Actual, Stance::Denies, "the accused says that it did not happen"));
        }
        return Some((Modality::NotHappened, stance, if not { "negated verb" } else { "done to nobody" }));
    }
    let modal = ctx.tree.children(idx).any(|c| c < idx && matches!(ctx.lower(c), "may" | "might" | "could"));
    let have = ctx.tree.children(idx).any(|c| c < idx && ctx.lower(c) == "have");
    if modal && have && stance == Stance::Asserts {
        return Some((modality, Stance::Suspects, "may have"));
    }
    None
}

/// MUC-4's confidence in who did it, from stance and position. `None` where nothing happened, and where nobody
/// is named as the actor and the source does not speak as one.
pub(crate) fn responsibility(
    stance: Stance,
    position: Position,
    modality: Modality,
    source: Option<&str>,
    actor_named: bool,
) -> Option<Responsibility> {
    if modality == Modality::NotHappened {
        return None;
    }
    if stance == Stance::Denies {
        return Some(Responsibility::Denied);
    }
    if position == Position::Actor && matches!(stance, Stance::Asserts | Stance::Confirms) {
        return Some(Responsibility::ClaimedOrAdmitted);
    }
    if !actor_named {
        return None;
    }
    Some(match (stance, source) {
        (Stance::Doubts, _) => Responsibility::Possible,
        _ if modality == Modality::Hypothetical => Responsibility::Possible,
        (Stance::Suspects, _) => Responsibility::SuspectedOrAccused,
        (_, None) => Responsibility::ReportedAsFact,
        (_, Some("official" | "state" | "police" | "military")) => Responsibility::AccusedByAuthorities,
        _ => Responsibility::SuspectedOrAccused,
    })
}
