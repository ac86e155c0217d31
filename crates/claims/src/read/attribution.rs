//! Who said it: the source, cue and content of each act of saying, and the chain that stands behind an event.
//!
//! In "The minister denied that talks had begun" the source is *The minister*, the cue *denied* and the content
//! *that talks had begun*; the three names are PolNeAR's. A cue word is proposed by a list (and any verb with a
//! clause below it), two scorers decide: does this cue attribute this event, and which phrase is its speaker. The
//! chain orders the cues that do from the outside in.
//!
//! Start at [`chain`]. Whom "the minister" stands for belongs to `coref`; stance and position to `judge`.

use super::context::Context;
use crate::linear::{Features, Models};
use hearsay_doc::{Deprel, Span, Upos};

/// One act of saying behind an event.
#[derive(Clone, Debug)]
pub(crate) struct Attribution {
    /// Token of the cue.
    pub cue: usize,
    /// Head of the speaker's phrase; `None` where nobody is named ("was reported").
    pub source: Option<usize>,
    /// Head of a medium that was told, and so stands before the speaker: "told Reuters".
    pub medium: Option<usize>,
    /// Probability that the cue attributes the event.
    pub p: f32,
    /// The features that decided, strongest first; only when asked for.
    pub reasons: Vec<(String, f32)>,
}

/// First and last token of every quotation, by its number minus one.
pub(crate) fn quotations(ctx: &Context) -> Vec<(usize, usize)> {
    let mut extents: Vec<(usize, usize)> = Vec::new();
    for (idx, &quote) in ctx.tree.quote.iter().enumerate() {
        if quote == 0 {
            continue;
        }
        let n = quote as usize;
        if extents.len() < n {
            extents.resize(n, (usize::MAX, 0));
        }
        let extent = &mut extents[n - 1];
        *extent = (extent.0.min(idx), idx);
    }
    extents
}

/// Can the token be a cue at all?
fn is_cue(ctx: &Context, idx: usize) -> bool {
    if ctx.furniture[idx] {
        return false;
    }
    ctx.words[idx].cue.is_some()
        || (ctx.pos(idx) == Upos::Verb
            && ctx.tree.child(idx, &[Deprel::Ccomp]).is_some()
            && ctx.tree.child(idx, &[Deprel::Nsubj]).is_some())
}

/// Cue words of every sentence.
pub(crate) fn cues(ctx: &Context) -> Vec<Vec<usize>> {
    let mut cues = vec![Vec::new(); ctx.doc.sentences.len()];
    for idx in 0..ctx.len() {
        if is_cue(ctx, idx) {
            cues[ctx.tree.sentence(idx)].push(idx);
        }
    }
    cues
}

/// The cues that may attribute the event: those of its sentence and, inside a quotation, those outside of it in
/// the sentences that the quotation touches and the ones beside them.
pub(crate) fn candidates(
    ctx: &Context,
    cues: &[Vec<usize>],
    quotations: &[(usize, usize)],
    event: usize,
) -> Vec<usize> {
    let own = ctx.tree.sentence(event);
    let mut found = cues[own].clone();
    let quote = ctx.tree.quote[event];
    if quote > 0 {
        let (first, last) = quotations[quote as usize - 1];
        let from = ctx.tree.sentence(first).saturating_sub(1).max(own.saturating_sub(8));
        let to = (ctx.tree.sentence(last) + 1).min(own + 8).min(cues.len() - 1);
        for (sentence, list) in cues.iter().enumerate().take(to + 1).skip(from) {
            if sentence != own {
                found.extend(list.iter().copied().filter(|&c| ctx.tree.quote[c] != quote));
            }
        }
    }
    found
}

/// The verb of quoting above "as saying".
fn quoting(ctx: &Context, cue: usize) -> Option<usize> {
    let says = ctx.lower(cue).ends_with("ing") && cue > 0 && ctx.lower(cue - 1) == "as";
    ctx.tree
        .ancestors(cue)
        .skip(1)
        .take(3)
        .find(|&v| matches!(ctx.lemma(v), "quote" | "cite"))
        .filter(|_| says)
}

/// The speaker that grammar names: subject, agent of a passive, "according to X", "X's statement", "statement by X".
pub(crate) fn subject(ctx: &Context, cue: usize) -> Option<usize> {
    let tree = &ctx.tree;
    if ctx.lower(cue) == "according" || matches!(ctx.pos(cue), Upos::Adp) {
        return tree
            .head(cue)
            .filter(|&h| ctx.pos(h) != Upos::Verb)
            .or_else(|| tree.child(cue, &[Deprel::Obl, Deprel::Nmod]));
    }
    // "X quoted Y as saying", "Y was quoted as saying": the one quoted speaks; so does the one in ", citing Y".
    if let Some(verb) = quoting(ctx, cue) {
        let quoted =
            if ctx.passive(verb) { [Deprel::NsubjPass, Deprel::Nsubj] } else { [Deprel::Obj, Deprel::Iobj] };
        return tree.child(verb, &quoted);
    }
    if matches!(ctx.lower(cue), "citing" | "quoting") {
        return tree.child(cue, &[Deprel::Obj]);
    }
    if ctx.passive(cue) {
        return tree.child(cue, &[Deprel::OblAgent]);
    }
    let mut node = cue;
    for _ in 0..4 {
        if let Some(subject) = tree.child(node, &[Deprel::Nsubj, Deprel::NsubjPass]) {
            // A relative pronoun stands for the noun that its clause hangs on.
            let relative =
                matches!(ctx.lemma(subject), "who" | "which" | "that") && ctx.rel(node) == Deprel::AclRelcl;
            return if relative { tree.head(node) } else { Some(subject) };
        }
        if let Some(owner) = tree.child(node, &[Deprel::NmodPoss]).filter(|_| ctx.pos(node) == Upos::Noun) {
            return Some(owner);
        }
        match ctx.rel(node) {
            Deprel::Conj | Deprel::Xcomp | Deprel::Advcl | Deprel::Parataxis => node = tree.head(node)?,
            Deprel::Acl => return tree.head(node),
            _ => return None,
        }
    }
    None
}

fn distance(a: usize, b: usize) -> &'static str {
    ["0", "1", "2", "3", "4", "5", "7", "7", "10", "10"]
        .get(a.abs_diff(b))
        .copied()
        .unwrap_or(if a.abs_diff(b) < 20 { "19" } else { "far" })
}

fn cue_kind(ctx: &Context, cue: usize) -> &'static str {
    ctx.words[cue].cue.map_or("verb", |c| c.kind)
}

fn cue_stance(ctx: &Context, cue: usize) -> &'static str {
    ctx.words[cue].cue.map_or("-", |c| c.stance)
}

/// Relation by which the way from `above` leads down to `below`, or `-` if it does not.
fn first_step(ctx: &Context, above: usize, below: usize) -> &'static str {
    let mut last = below;
    for node in ctx.tree.ancestors(below) {
        if node == above {
            return if last == below && below == above { "self" } else { ctx.rel(last).as_str() };
        }
        last = node;
    }
    "-"
}

/// Does the cue attribute the event?
pub(crate) fn link_features(ctx: &Context, cue: usize, event: usize, all: &[usize], f: &mut Features) {
    f.clear();
    let tree = &ctx.tree;
    let kind = cue_kind(ctx, cue);
    let lemma = ctx.lemma(cue);
    let pos = ctx.pos(cue).as_str();
    let same = tree.sentence(cue) == tree.sentence(event);
    let side = if cue == event {
        "self"
    } else if cue < event {
        "before"
    } else {
        "after"
    };
    let quoted = match (tree.quote[event] > 0, tree.quote[cue] > 0) {
        (true, true) if tree.quote[event] == tree.quote[cue] => "both",
        (true, true) => "two",
        (true, false) => "event",
        (false, true) => "cue",
        _ => "none",
    };
    let step = first_step(ctx, cue, event);
    let below = first_step(ctx, event, cue);
    let speaker = subject(ctx, cue);
    let speaker_class = speaker.map_or("-", |s| ctx.class(s));
    f.add("bias", &[if same { "same" } else { "across" }]);
    f.add("kind", &[kind, pos]);
    f.add("lemma", &[lemma, pos]);
    f.add("stance", &[cue_stance(ctx, cue)]);
    f.add("side", &[side, quoted, kind]);
    f.add("quoted", &[quoted, if same { "same" } else { "across" }]);
    let beside = beside_quote(ctx, cue, event);
    f.add("beside", &[beside, kind]);
    f.add(
        "beside.same",
        &[beside, if same { "same" } else { "across" }, if speaker.is_some() { "speaker" } else { "-" }],
    );
    f.add("speaker", &[speaker_class, kind]);
    f.add("speaker.is", &[if speaker.is_some() { "yes" } else { "no" }, kind, pos]);
    if !same {
        let (a, b) = (tree.sentence(cue), tree.sentence(event));
        let far = ["0", "1", "2", "3"].get(a.abs_diff(b)).copied().unwrap_or("4");
        f.add("across", &[if a < b { "before" } else { "after" }, far, quoted]);
        let rival = all.iter().filter(|&&c| tree.sentence(c) == a && c != cue).count();
        f.add("across.rivals", &[["0", "1", "2"].get(rival).copied().unwrap_or("3"), kind]);
        let local = all.iter().any(|&c| tree.sentence(c) == b && tree.quote[c] == 0);
        f.add("across.local", &[if local { "local" } else { "none" }]);
        // Does a quotation mark stand beside the cue's own clause?
        f.add("across.has.quote", &[if quote_in_sentence(ctx, a) { "yes" } else { "no" }, side]);
        return;
    }
    let path = tree.path(cue, event);
    f.add("path", &[&path]);
    f.add("path.kind", &[&path, kind]);
    let tail = tail(ctx, cue);
    f.add("tail", &[tail, side, kind]);
    f.add("tail.step", &[tail, side, step, below]);
    f.add("tail.speaker", &[tail, side, if speaker.is_some() { "speaker" } else { "-" }]);
    f.add("step", &[step, below]);
    f.add("step.kind", &[step, below, kind]);
    f.add("step.lemma", &[step, below, lemma]);
    f.add("step.quoted", &[step, below, quoted]);
    f.add("step.event", &[step, ctx.pos(event).as_str(), kind]);
    f.add("distance", &[distance(cue, event), side]);
    f.add("event", &[ctx.words[event].trigger.map_or("-", |t| t.kind), kind]);
    f.add("event.rel", &[ctx.rel(event).as_str(), kind, step]);
    f.add("frames", &[ctx.words[cue].cue.map_or("-", |c| c.frames), step]);
    f.add("cue.rel", &[ctx.rel(cue).as_str(), kind, side]);
    // Is there another cue on the way, or a nearer one?
    let between =
        all.iter().any(|&c| c != cue && c != event && tree.dominates(cue, c) && tree.dominates(c, event));
    f.add("between", &[if between { "yes" } else { "no" }, kind]);
    let rivals = all.iter().filter(|&&c| c != cue && tree.sentence(c) == tree.sentence(event)).count();
    f.add("rivals", &[["0", "1", "2"].get(rivals).copied().unwrap_or("3"), step, kind]);
    // Which side of the clause: a comma between them, a coordination.
    let (a, b) = (cue.min(event), cue.max(event));
    let mut marks = ["-", "-"];
    for i in a + 1..b {
        match ctx.lower(i) {
            "," | ";" | ":" | "–" | "—" => marks[0] = "comma",
            "but" | "while" | "after" | "as" | "and" | "when" | "since" | "because" => marks[1] = "conj",
            _ => {}
        }
    }
    f.add("marks", &[marks[0], marks[1], side, step]);
    if let Some(mark) = tree.child(event, &[Deprel::Mark]) {
        f.add("mark", &[ctx.lemma(mark), kind]);
    }
    if ctx.passive(cue) {
        f.add("passive", &[kind, step]);
    }
    if tree.negated(cue) {
        f.add("negated", &[kind, step]);
    }
    // The speaker is himself inside the event: "the attackers said"; or is the event's own subject.
    if let Some(s) = speaker {
        f.add("speaker.in", &[if tree.dominates(event, s) { "in" } else { "out" }, side, step]);
    }
    if let Some(head) = tree.head(event) {
        f.add("event.head", &[if head == cue { "cue" } else { "no" }, ctx.rel(event).as_str(), kind]);
    }
}

/// How near the cue stands to the quotation that holds the event: `…," he said` and `He added: "…` are right beside.
fn beside_quote(ctx: &Context, cue: usize, event: usize) -> &'static str {
    let quote = ctx.tree.quote[event];
    if quote == 0 || ctx.tree.quote[cue] == quote {
        return "-";
    }
    let gap = if cue < event {
        ctx.tree.quote[cue..event].iter().position(|q| *q == quote)
    } else {
        ctx.tree.quote[event..cue].iter().rev().position(|q| *q == quote)
    };
    match gap {
        Some(0..=3) => "beside",
        Some(4..=7) => "near",
        Some(8..=14) => "by",
        _ => "far",
    }
}

/// Does the cue stand in a reporting tail ("…, officials said"), open its sentence, or neither?
fn tail(ctx: &Context, cue: usize) -> &'static str {
    let range = ctx.tree.sentence_range(cue);
    let comma = (cue.saturating_sub(9).max(range.start)..cue).rev().find(|&i| ctx.lower(i) == ",");
    let after = (cue + 1..range.end).filter(|&i| ctx.pos(i) != Upos::Punct).count();
    let clause = comma.is_some_and(|c| (c + 1..cue).all(|i| ctx.pos(i) != Upos::Verb));
    match (after, clause) {
        (0..=1, true) => "tail",
        (2..=6, true) => "tail+",
        (_, true) => "middle",
        _ if cue < range.start + 6 => "start",
        _ => "-",
    }
}

fn quote_in_sentence(ctx: &Context, sentence: usize) -> bool {
    let (start, end) = ctx.doc.sentences[sentence];
    (start as usize..end as usize).any(|i| ctx.tree.quote[i] > 0)
}

/// Is the phrase the speaker of the cue?
pub(crate) fn source_features(ctx: &Context, cue: usize, phrase: usize, f: &mut Features) {
    f.clear();
    let tree = &ctx.tree;
    let kind = cue_kind(ctx, cue);
    let pos = ctx.pos(cue).as_str();
    let path = tree.path(cue, phrase);
    let class = ctx.class(phrase);
    let side = if phrase < cue { "before" } else { "after" };
    let grammatical = if subject(ctx, cue) == Some(phrase) { "subject" } else { "-" };
    f.add("bias", &[]);
    f.add("path", &[&path]);
    f.add("path.pos", &[&path, pos]);
    f.add("path.kind", &[&path, kind]);
    f.add("path.class", &[&path, class]);
    f.add("path.case", &[&path, tree.case(phrase), pos]);
    f.add("subject", &[grammatical, kind]);
    f.add("subject.class", &[grammatical, class]);
    f.add("subject.pos", &[grammatical, pos, if ctx.passive(cue) { "passive" } else { "active" }]);
    f.add("class", &[class]);
    f.add("agent", &[if ctx.is_agent(phrase) { "agent" } else { "-" }, side]);
    f.add("lemma", &[ctx.lemma(phrase)]);
    f.add("upos", &[ctx.pos(phrase).as_str(), side]);
    f.add("rel", &[ctx.rel(phrase).as_str(), tree.case(phrase), side]);
    f.add("distance", &[distance(cue, phrase), side]);
    f.add("cue", &[ctx.lemma(cue), grammatical]);
    f.add(
        "quoted",
        &[if tree.quote[phrase] > 0 { "in" } else { "out" }, if tree.quote[cue] > 0 { "in" } else { "out" }],
    );
    let between = phrase.min(cue) + 1..phrase.max(cue);
    let nearer = between
        .clone()
        .any(|i| ctx.is_agent(i) && matches!(ctx.pos(i), Upos::Noun | Upos::Propn | Upos::Pron));
    f.add("nearer", &[if nearer { "yes" } else { "no" }, side, pos]);
    f.add("case", &[tree.case(phrase), kind]);
    if let Some(event) = ctx.words[phrase].trigger {
        f.add("event", &[event.kind]);
    }
}

/// Phrases that may speak: those of the cue's sentence.
pub(crate) fn speakers(ctx: &Context, cue: usize) -> Vec<usize> {
    ctx.tree
        .noun_phrases(ctx.tree.sentence_range(cue))
        .into_iter()
        .filter(|&n| n != cue && ctx.date_of[n] == 0 && !ctx.furniture[n])
        .collect()
}

/// The speaker of the cue, or `None` where nobody is named.
pub(crate) fn source(ctx: &Context, models: &Models, cue: usize, f: &mut Features) -> Option<usize> {
    let mut best: Option<(f32, usize)> = None;
    // What grammar names as the subject needs less evidence.
    let subject = subject(ctx, cue);
    for phrase in speakers(ctx, cue) {
        source_features(ctx, cue, phrase, f);
        let p = models.source.yes(f);
        let enough = if subject == Some(phrase) { 0.1 } else { 0.3 };
        if p > enough && best.is_none_or(|(q, _)| p > q) {
            best = Some((p, phrase));
        }
    }
    best.map(|(_, phrase)| phrase)
}

/// "told Reuters": the medium that was told, which stands before the speaker in the chain. The page's own outlet
/// and "reporters" are left out.
fn told(ctx: &Context, cue: usize) -> Option<usize> {
    if ctx.lemma(cue) != "tell" {
        return None;
    }
    let whom = ctx.tree.child(cue, &[Deprel::Iobj, Deprel::Obj])?;
    let words = ctx.doc.slice(ctx.phrase(whom));
    let named = ctx.tree.mention(whom) != "-" || ctx.pos(whom) == Upos::Propn;
    let own =
        ctx.page.outlet.as_deref().is_some_and(|o| o.eq_ignore_ascii_case(words.trim_start_matches("the ")));
    let medium = ctx.tree.mention(whom) == "organization" || ctx.class(whom) == "media";
    (named && medium && !own).then_some(whom)
}

/// The chain behind one event, the outermost act of saying first.
pub(crate) fn chain(
    ctx: &Context,
    models: &Models,
    cues: &[Vec<usize>],
    quotations: &[(usize, usize)],
    event: usize,
    explain: bool,
) -> Vec<Attribution> {
    let all = candidates(ctx, cues, quotations, event);
    let mut f = Features::new(explain);
    let mut found: Vec<Attribution> = Vec::new();
    for &cue in &all {
        link_features(ctx, cue, event, &all, &mut f);
        let p = models.cue.yes(&f);
        if p >= 0.33 {
            let reasons = if explain { models.cue.reasons(&f, 1, 3) } else { Vec::new() };
            found.push(Attribution { cue, source: None, medium: None, p, reasons });
        }
    }
    // Who quotes reports what the one quoted says.
    for at in 0..found.len() {
        if let Some(verb) = quoting(ctx, found[at].cue)
            && found.iter().all(|link| link.cue != verb)
        {
            let p = found[at].p;
            found.push(Attribution { cue: verb, source: None, medium: None, p, reasons: Vec::new() });
        }
    }
    // "…, the agency said, citing the ministry": the one cited vouches.
    for at in 0..found.len() {
        let cites = |&c: &usize| {
            matches!(ctx.rel(c), Deprel::Advcl | Deprel::Ccomp | Deprel::Xcomp)
                && matches!(ctx.lower(c), "citing" | "quoting")
                && subject(ctx, c).is_some()
        };
        if let Some(cites) = ctx.tree.children(found[at].cue).find(cites)
            && found.iter().all(|link| link.cue != cites)
        {
            let p = found[at].p;
            found.push(Attribution { cue: cites, source: None, medium: None, p, reasons: Vec::new() });
        }
    }
    for link in &mut found {
        link.source = source(ctx, models, link.cue, &mut f);
        if link.source.is_none() && matches!(ctx.lower(link.cue), "citing" | "quoting") {
            link.source = subject(ctx, link.cue);
        }
        // "rejected claims that …", "denied reports of …": who speaks is the verb's subject, and the verb is the cue.
        if link.source.is_none()
            && ctx.rel(link.cue) == Deprel::Obj
            && let Some(verb) = ctx.tree.head(link.cue).filter(|&v| ctx.words[v].cue.is_some())
            && let Some(speaker) = source(ctx, models, verb, &mut f)
        {
            (link.cue, link.source) = (verb, Some(speaker));
        }
        link.medium = told(ctx, link.cue);
    }
    order(ctx, found)
}

/// Nesting: what is said inside another's words comes later. Two cues of which neither holds the other are rivals
/// and the likelier one stays.
fn order(ctx: &Context, mut found: Vec<Attribution>) -> Vec<Attribution> {
    // Two cues with one speaker ("said in a statement that … adding") are one act of saying.
    found.sort_by(|a, b| b.p.total_cmp(&a.p).then(a.cue.cmp(&b.cue)));
    let mut kept: Vec<Attribution> = Vec::new();
    for link in found {
        let repeated = link.source.is_some() && kept.iter().any(|k| k.source == link.source);
        let nested = kept.iter().all(|k| outer(ctx, &link, k) || outer(ctx, k, &link));
        if !repeated && nested && kept.len() < 4 {
            kept.push(link);
        }
    }
    kept.sort_by(|a, b| outer(ctx, b, a).cmp(&outer(ctx, a, b)).then(a.cue.cmp(&b.cue)));
    // "X said he believed that …" is one speaker: the full name stands for the pronoun, the inner cue for the stance.
    for i in (1..kept.len()).rev() {
        let pronoun = kept[i].source.is_some_and(|s| ctx.pos(s) == Upos::Pron);
        if pronoun
            && kept[i - 1].source.is_some()
            && ctx.tree.quote[kept[i].cue] == ctx.tree.quote[kept[i - 1].cue]
        {
            kept[i].source = kept[i - 1].source;
            kept.remove(i - 1);
        }
    }
    kept
}

/// Does `a` report what `b` says?
fn outer(ctx: &Context, a: &Attribution, b: &Attribution) -> bool {
    if a.cue == b.cue {
        return false;
    }
    let (a_prep, b_prep) = (is_prepositional(ctx, a.cue), is_prepositional(ctx, b.cue));
    if a_prep != b_prep {
        return a_prep;
    }
    let (a_quoted, b_quoted) = (ctx.tree.quote[a.cue] > 0, ctx.tree.quote[b.cue] > 0);
    if a_quoted != b_quoted {
        return b_quoted;
    }
    ctx.tree.dominates(a.cue, b.cue)
        // "X was quoted by Y as saying": the speaker of the inner act hangs on the outer cue.
        || b.source.is_some_and(|s| ctx.tree.head(s) == Some(a.cue) && a.source != Some(s))
}

fn is_prepositional(ctx: &Context, cue: usize) -> bool {
    ctx.lower(cue) == "according" || ctx.pos(cue) == Upos::Adp
}

/// The cue's words: the list's entry where it is longer than one word ("claimed responsibility"), else the word.
pub(crate) fn cue_span(ctx: &Context, cue: usize) -> Span {
    match ctx.words[cue].cue_tokens {
        Some((first, last)) if last - first < 4 => ctx.doc.span(first as usize, last as usize),
        _ => ctx.doc.span(cue, cue),
    }
}
