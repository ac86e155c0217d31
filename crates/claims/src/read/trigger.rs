//! Which words name events, and of which type.
//!
//! Two passes: the first scores every content word alone; the second sees what the first thought of the other
//! words of the sentence, since "an attack killed five" is one event with two words for it and "killed one and
//! arrested two" is two events.

use super::context::Context;
use crate::linear::{Features, Models};
use hearsay_doc::{Deprel, EventType, Span, Upos};

/// A word that may name an event.
pub(crate) struct Candidate {
    /// Its token.
    pub idx: usize,
    /// First-pass probabilities: no event, then the types in order.
    pub first: Vec<f32>,
}

/// An event mention found.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    /// Its token.
    pub idx: usize,
    pub kind: EventType,
    pub p: f32,
    /// The features that decided, strongest first; only when asked for.
    pub reasons: Vec<(String, f32)>,
}

/// Content words outside furniture; the lists' words of any part of speech.
pub(crate) fn candidates(ctx: &Context) -> Vec<usize> {
    (0..ctx.len())
        .filter(|&i| {
            let word = &ctx.words[i];
            !ctx.furniture[i]
                && ctx.date_of[i] == 0
                && match ctx.pos(i) {
                    Upos::Verb | Upos::Noun | Upos::Propn | Upos::Adj => true,
                    Upos::Aux | Upos::Punct | Upos::Num | Upos::Pron | Upos::Det => false,
                    _ => word.trigger.is_some(),
                }
                && word.lower.chars().any(char::is_alphabetic)
        })
        .collect()
}

/// What a list says of a word, as one part of a feature.
fn listed(ctx: &Context, idx: usize) -> &'static str {
    let word = &ctx.words[idx];
    match (&word.trigger, word.harm) {
        (Some(t), _) => match (t.kind, t.strength) {
            ("ASSAULT", "1.0") => "ASSAULT1",
            ("ASSAULT", "0.6") => "ASSAULT6",
            ("ASSAULT", _) => "ASSAULT3",
            (kind, _) => kind,
        },
        (None, Some(_)) => "harm",
        _ => match word.cue {
            Some(cue) => cue.kind,
            None => "-",
        },
    }
}

/// Features of the first pass.
pub(crate) fn features(ctx: &Context, idx: usize, f: &mut Features) {
    f.clear();
    let tree = &ctx.tree;
    let word = &ctx.words[idx];
    let pos = ctx.pos(idx).as_str();
    let rel = ctx.rel(idx).as_str();
    f.add("bias", &[]);
    f.add("lemma", &[&word.lemma]);
    f.add("lemma.pos", &[&word.lemma, pos]);
    f.add("form", &[&word.lower]);
    f.add("pos.rel", &[pos, rel]);
    let (kind, strength, mode) = word.trigger.map_or(("-", "-", "-"), |t| (t.kind, t.strength, t.mode));
    f.add("list", &[kind]);
    f.add("list.strength", &[kind, strength]);
    f.add("list.strength.pos", &[kind, strength, pos]);
    f.add("list.mode", &[kind, mode]);
    f.add("list.rel", &[kind, strength, rel]);
    f.add("list.long", &[kind, if word.trigger_tokens.is_some() { "long" } else { "one" }]);
    f.add("harm", &[word.harm.unwrap_or("-"), pos]);
    f.add("cue", &[word.cue.map_or("-", |c| c.kind), kind]);
    f.add("class", &[ctx.class(idx), kind]);
    let sense = word.sense;
    f.add("sense", &[sense, pos]);
    f.add("sense.list", &[sense, kind, strength]);
    f.add("sense.rel", &[sense, rel]);
    f.add("sense.det", &[sense, ctx.determiner(idx)]);
    let plural = pos == "NOUN" && word.lower != word.lemma;
    let determiner = ctx.determiner(idx);
    f.add("det", &[determiner, kind, if plural { "s" } else { "1" }]);
    f.add("det.lemma", &[determiner, &word.lemma]);
    if word.demonym.is_some() || tree.mention(idx) != "-" {
        f.add("name", &[tree.mention(idx), kind]);
    }
    let suffix: String = word.lemma.chars().rev().take(4).collect::<Vec<_>>().into_iter().rev().collect();
    f.add("suffix", &[&suffix, pos]);

    // Around it.
    let range = tree.sentence_range(idx);
    for (offset, name) in [(-2i32, "w-2"), (-1, "w-1"), (1, "w+1"), (2, "w+2")] {
        let at = idx as i32 + offset;
        let (lemma, at) = if at >= range.start as i32 && at < range.end as i32 {
            (ctx.lemma(at as usize), Some(at as usize))
        } else {
            ("#", None)
        };
        f.add(name, &[lemma]);
        if let Some(at) = at {
            f.add("sense.w", &[name, ctx.sense(at), sense]);
        }
        if offset.abs() == 1 {
            f.add(if offset < 0 { "pair-1" } else { "pair+1" }, &[&word.lemma, lemma]);
            f.add(if offset < 0 { "list-1" } else { "list+1" }, &[at.map_or("#", |a| ctx.class(a)), kind]);
        }
    }

    // Above it.
    if let Some(head) = tree.head(idx) {
        f.add("head", &[rel, ctx.lemma(head)]);
        f.add("head.list", &[rel, listed(ctx, head), kind]);
        f.add("head.sense", &[rel, ctx.sense(head), sense]);
        f.add("head.sense.kind", &[rel, ctx.sense(head), kind]);
        f.add("head.class", &[rel, ctx.class(head), kind]);
        f.add("head.case", &[rel, tree.case(idx), kind]);
        if rel == "compound" {
            f.add("compound.of", &[ctx.lemma(head), kind]);
            f.add("compound.list", &[listed(ctx, head), kind, strength]);
        }
    }
    f.add("case", &[tree.case(idx), kind]);

    // Below it.
    let (mut n_children, mut number, mut place, mut date) = (0, false, false, false);
    for child in tree.children(idx) {
        let child_rel = ctx.rel(child);
        if child_rel == Deprel::Punct {
            continue;
        }
        n_children += 1;
        let class = ctx.class(child);
        f.add("child", &[child_rel.as_str(), class, kind]);
        f.add("child.sense", &[child_rel.as_str(), ctx.sense(child), kind]);
        f.add("child.senses", &[child_rel.as_str(), ctx.sense(child), sense]);
        f.add("child.case", &[child_rel.as_str(), tree.case(child), class]);
        if !matches!(child_rel, Deprel::Det | Deprel::Case) {
            f.add("child.lemma", &[child_rel.as_str(), ctx.lemma(child)]);
        }
        number |= ctx.number_token(child).is_some();
        place |= tree.mention(child) == "location" || class == "area";
        date |= ctx.date_of[child] > 0;
        if let Some(hedge) = ctx.words[child].hedge {
            f.add("child.hedge", &[hedge, kind]);
        }
        if listed(ctx, child) != "-" {
            f.add("child.list", &[child_rel.as_str(), listed(ctx, child), kind]);
        }
    }
    let bare = n_children == 0 || (n_children == 1 && determiner != "-");
    f.add("bare", &[if bare { determiner } else { "full" }, kind, pos, tree.case(idx)]);
    for (yes, name) in [(number, "number"), (place, "place"), (date, "date")] {
        if yes {
            f.add("has", &[name, kind, strength]);
        }
    }
    if number && word.harm.is_some() {
        f.add("harm.number", &[&word.lemma]);
    }

    // Its clause: when and how it is told, and what else the clause tells.
    let clause = ctx.clause(idx);
    let tense = ctx.tense(clause);
    f.add("tense", &[tense, kind, pos]);
    f.add("tense.list", &[tense, kind, strength]);
    if clause != idx {
        f.add("clause", &[ctx.lemma(clause), kind]);
        f.add("clause.list", &[listed(ctx, clause), kind, strength]);
    }
    let (doer, done) = ctx.logical(idx);
    let of = |idx: Option<usize>| {
        idx.map_or("-", |i| if ctx.class(i) == "noun" { ctx.sense(i) } else { ctx.class(i) })
    };
    f.add("doer", &[of(doer), sense]);
    f.add("done", &[of(done), sense]);
    f.add("doer.done", &[of(doer), of(done), kind]);
    f.add("doer.kind", &[of(doer), kind, strength]);
    f.add("done.kind", &[of(done), kind, strength]);
    f.add("clause.sense", &[ctx.sense(clause), kind, strength]);
    let (mut told, mut actors) = ([false; 3], [false; 4]);
    for i in range.clone() {
        if ctx.date_of[i] > 0 {
            told[0] = true;
        }
        let class = ctx.class(i);
        told[1] |= class == "location" || tree.mention(i) == "location";
        told[2] |= ctx.pos(i) == Upos::Num && ctx.date_of[i] == 0;
        actors[0] |= class == "military" || class == "police";
        actors[1] |= class == "militant";
        actors[2] |= class == "weapon" || class == "vehicle";
        actors[3] |= class == "civilian" || class == "people";
    }
    for (yes, name) in told.into_iter().zip(["date", "place", "number"]) {
        f.add("tells", &[name, if yes { "yes" } else { "no" }, kind, strength]);
    }
    for (yes, name) in actors.into_iter().zip(["military", "militant", "weapon", "civilian"]) {
        f.add("around", &[name, if yes { "yes" } else { "no" }, kind, strength]);
    }
    let n_told = told.iter().filter(|t| **t).count();
    f.add("n.told", &[["0", "1", "2", "3"][n_told], pos, kind, determiner]);

    // The sentence and the page.
    let mut strongest = "-";
    for other in range.clone() {
        if other != idx && ctx.words[other].trigger.is_some_and(|t| t.strength == "1.0") {
            strongest = "1.0";
            if tree.dominates(idx, other) || tree.dominates(other, idx) {
                f.add("other", &[&tree.path(idx, other), kind, listed(ctx, other)]);
            }
        }
    }
    f.add("others", &[strongest, kind, strength]);
    let sentence = tree.sentence(idx);
    f.add("first", &[if sentence == 0 { "first" } else { "later" }, kind, strength]);
    f.add("density", &[density(ctx), kind, strength]);
    f.add("near", &[nearby(ctx, sentence), kind, strength]);
    f.add("quote", &[if tree.quote[idx] > 0 { "in" } else { "out" }, kind, strength]);
    for (effect, at) in ctx.hedges(idx).into_iter().take(4) {
        f.add("hedge", &[effect, kind]);
        f.add("hedge.word", &[ctx.lemma(at), kind]);
    }
    for node in tree.ancestors(idx).skip(1).take(5) {
        if let Some(cue) = ctx.words[node].cue {
            f.add("under", &[cue.kind, kind]);
            break;
        }
    }
}

/// How thick the page is with words of violence: reports of conflict use the same words otherwise than others do.
fn density(ctx: &Context) -> &'static str {
    let strong: u32 = ctx.strong.iter().sum();
    match strong as usize * 100 / ctx.len().max(1) {
        0 => "0",
        1 => "1",
        2..=3 => "2",
        4..=5 => "4",
        _ => "6",
    }
}

/// How many sentences of the five around this one hold a strong word of violence.
fn nearby(ctx: &Context, sentence: usize) -> &'static str {
    let from = sentence.saturating_sub(2);
    let to = (sentence + 3).min(ctx.doc.sentences.len());
    let strong = (from..to).filter(|&s| s != sentence && ctx.strong[s] > 0);
    ["0", "1", "2", "3", "4"][strong.count().min(4)]
}

/// First pass over the whole page.
pub(crate) fn first_pass(ctx: &Context, models: &Models, f: &mut Features) -> Vec<Candidate> {
    candidates(ctx)
        .into_iter()
        .map(|idx| {
            features(ctx, idx, f);
            Candidate { idx, first: models.trigger.probabilities(f) }
        })
        .collect()
}

/// A probability as a word, for features.
pub(crate) fn bucket(p: f32) -> &'static str {
    match p {
        p if p < 0.05 => "0",
        p if p < 0.2 => "1",
        p if p < 0.4 => "2",
        p if p < 0.6 => "4",
        p if p < 0.8 => "6",
        p if p < 0.95 => "8",
        _ => "9",
    }
}

/// The likeliest type and the probability of an event of any type.
pub(crate) fn likeliest(p: &[f32]) -> (usize, f32) {
    let best = (1..p.len()).fold(1, |best, i| if p[i] > p[best] { i } else { best });
    (best, 1.0 - p.first().copied().unwrap_or(1.0))
}

/// Features of the second pass: those of the first, and what it thought of this word and its neighbours.
pub(crate) fn second_features(ctx: &Context, all: &[Candidate], at: usize, f: &mut Features) {
    let this = &all[at];
    features(ctx, this.idx, f);
    let tree = &ctx.tree;
    let (kind, p) = likeliest(&this.first);
    let kind_word = EventType::ALL[kind - 1].as_str();
    f.add("1st", &[bucket(p)]);
    f.add("1st.kind", &[bucket(p), kind_word]);
    f.add("1st.list", &[bucket(p), ctx.words[this.idx].trigger.map_or("-", |t| t.kind)]);
    let sentence = tree.sentence(this.idx);
    let (mut rivals, mut nearest) = (0, None::<(usize, usize)>);
    let pos = ctx.pos(this.idx).as_str();
    let from = all.partition_point(|c| tree.sentence(c.idx) < sentence);
    for other in all[from..].iter().take_while(|c| tree.sentence(c.idx) == sentence) {
        let (other_kind, other_p) = likeliest(&other.first);
        if other.idx == this.idx || other_p < 0.3 {
            continue;
        }
        rivals += 1;
        let other_word = EventType::ALL[other_kind - 1].as_str();
        let same = if kind == other_kind { "same" } else { "other" };
        let side = if other.idx < this.idx { "before" } else { "after" };
        let path = tree.path(this.idx, other.idx);
        let harm = if ctx.words[this.idx].harm.is_some() { "harm" } else { "-" };
        let other_harm = if ctx.words[other.idx].harm.is_some() { "harm" } else { "-" };
        f.add("rival", &[same, side, &path]);
        f.add("rival.harm", &[harm, other_harm, same, side]);
        f.add("rival.harm.path", &[harm, other_harm, &path]);
        f.add("rival.p", &[bucket(p), bucket(other_p), same]);
        f.add("rival.kind", &[kind_word, other_word, side]);
        f.add("rival.pos", &[pos, ctx.pos(other.idx).as_str(), same, harm, other_harm]);
        let distance = other.idx.abs_diff(this.idx);
        if nearest.is_none_or(|(d, _)| distance < d) {
            nearest = Some((distance, other.idx));
        }
    }
    f.add("rivals", &[["0", "1", "2", "3", "4"][rivals.min(4)], kind_word]);
    if let Some((distance, other)) = nearest {
        let near = ["0", "1", "2", "3", "3", "5", "5", "5"].get(distance).copied().unwrap_or("8");
        f.add("nearest", &[near, pos, ctx.pos(other).as_str()]);
        f.add("nearest.lemma", &[ctx.lemma(this.idx), ctx.lemma(other)]);
    }
    // Said before in other words: a bare back-reference adds nothing.
    let before = all[..at].iter().rev().take(60).any(|c| {
        likeliest(&c.first).1 > 0.5
            && ctx.lemma(c.idx) == ctx.lemma(this.idx)
            && tree.sentence(c.idx) != sentence
    });
    f.add("again", &[if before { "again" } else { "new" }, ctx.determiner(this.idx), pos]);
}

/// Probability of an event above which it is read. Chosen on held-out training reports, see `train`.
pub(crate) const THRESHOLD: f32 = 0.36;

/// Both passes: the events of the page, in order.
pub(crate) fn find(ctx: &Context, models: &Models, explain: bool) -> Vec<Found> {
    let mut f = Features::new(false);
    let all = first_pass(ctx, models, &mut f);
    let mut named = Features::new(explain);
    let mut found = Vec::new();
    for (at, candidate) in all.iter().enumerate() {
        // What the first pass is sure is nothing needs no second look.
        if 1.0 - candidate.first.first().copied().unwrap_or(1.0) < 0.02 {
            continue;
        }
        second_features(ctx, &all, at, &mut named);
        // One scorer asks whether, over all types together, so that rare types profit from what the frequent ones
        // teach; the other asks which. Their mean is right more often than either.
        let types = models.kind.probabilities(&named);
        let (kind, of_types) = likeliest(&types);
        let any = (models.retrigger.yes(&named) + of_types) / 2.0;
        if any >= THRESHOLD {
            let mut reasons = Vec::new();
            if explain {
                reasons = models.retrigger.reasons(&named, 1, 3);
                reasons.extend(models.kind.reasons(&named, kind, 2));
            }
            found.push(Found { idx: candidate.idx, kind: EventType::ALL[kind - 1], p: any, reasons });
        }
    }
    found
}

/// The words of a trigger: the list's entry where it is longer than one word and hangs together, else the word
/// with its particle.
pub(crate) fn span(ctx: &Context, idx: usize) -> Span {
    if let Some((first, last)) = ctx.words[idx].trigger_tokens
        && (last - first) < 4
    {
        return ctx.doc.span(first as usize, last as usize);
    }
    let particle = ctx.tree.children(idx).find(|&c| ctx.rel(c) == Deprel::CompoundPrt && c == idx + 1);
    ctx.doc.span(idx, particle.unwrap_or(idx))
}
