//! Learning the scorers from annotated reports.
//!
//! Start at [`learn`]. Each annotation is first laid over the parse: a trigger, source or argument given as a string
//! becomes the head of the phrase whose words are most like it. Then every step's candidates are gone through with
//! the right answer beside them, so that training and reading see the same features.

use crate::lexicon::Lexicon;
use crate::linear::train::{Choice, Example, Options, rank, train};
use crate::linear::{Features, Linear, Models};
use crate::read::argument::{self, Casting, Filled, Role};
use crate::read::attribution::{self, Attribution};
use crate::read::context::Context;
use crate::read::coref::Antecedents;
use crate::read::judge::{self, Draft};
use crate::read::{figure, trigger, when};
use hearsay_doc::{Doc, EventType, Interval, Measure, Modality, Mode, Page, Position, Span, Stance};

/// One figure as annotated.
#[derive(Clone, Debug)]
pub struct GoldFigure {
    /// What is counted.
    pub measure: Measure,
    /// Its words.
    pub span: Span,
}

/// One claim as annotated. Strings are words of the claim's own sentence.
#[derive(Clone, Debug)]
pub struct GoldClaim {
    /// The trigger's words.
    pub trigger: Span,
    /// Event type.
    pub kind: EventType,
    /// How.
    pub mode: Option<Mode>,
    /// Whether.
    pub modality: Modality,
    /// Who did it.
    pub actor: Vec<String>,
    /// To whom.
    pub recipient: Vec<String>,
    /// With what.
    pub instrument: Vec<String>,
    /// Where.
    pub place: Vec<String>,
    /// First and last day, as written.
    pub date: Option<String>,
    /// Sources, the outermost first.
    pub chain: Vec<String>,
    /// The words that attribute.
    pub cue: Option<String>,
    /// What the source does with it.
    pub stance: Stance,
    /// Where the source stands.
    pub position: Position,
    /// Numbers of people harmed.
    pub figures: Vec<GoldFigure>,
}

/// A page with its analysis and its annotated claims.
#[derive(Clone, Debug)]
pub struct Annotated {
    /// The page.
    pub page: Page,
    /// Its analysis.
    pub doc: Doc,
    /// Its claims.
    pub claims: Vec<GoldClaim>,
    /// A sentence without its report, which teaches nothing about how a report's days go on from event to event.
    pub alone: bool,
}

/// A sentence with one event of which only the place is known.
#[derive(Clone, Debug)]
pub struct Placed {
    /// The sentence as a page.
    pub page: Page,
    /// Its analysis.
    pub doc: Doc,
    /// The event's words.
    pub trigger: Span,
    /// Names of places where it happened; none where the sentence does not say.
    pub places: Vec<Span>,
}

/// Only names are annotated, so descriptions ("the base") are no examples of either kind.
fn placed_examples(ctx: &Context, placed: &Placed, into: &mut Vec<Example>) {
    let Some(event) = head_token(ctx, placed.trigger) else { return };
    let listed = ctx.words[event].trigger.and_then(|trigger| trigger.kind.parse().ok());
    let mut f = Features::new(false);
    for phrase in argument::place_candidates(ctx, event) {
        let span = ctx.phrase(phrase);
        let right = placed.places.iter().any(|place| place.overlaps(span));
        // Of "the town of X" the inner name is the example.
        let inner = placed.places.iter().any(|place| place.overlaps(ctx.doc.tokens[phrase].span));
        if ctx.doc.form(phrase).starts_with(char::is_uppercase) && (inner || !right) {
            argument::place_features(ctx, event, listed.unwrap_or(EventType::Assault), phrase, &mut f);
            into.push(Example::new(&f, usize::from(inner)));
        }
    }
}

/// Words of a string for comparison: lower case, articles and possessives left out, as the scorer does it.
fn words(text: &str) -> Vec<String> {
    text.to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !matches!(*w, "" | "the" | "a" | "an" | "of" | "s" | "its" | "his" | "her" | "their"))
        .map(str::to_owned)
        .collect()
}

/// F1 of two strings' words; strings without such words are alike only if equal.
fn likeness(a: &str, b: &str) -> f32 {
    let (x, mut y) = (words(a), words(b));
    if x.is_empty() || y.is_empty() {
        return if a.trim().eq_ignore_ascii_case(b.trim()) { 1.0 } else { 0.0 };
    }
    let total = x.len() + y.len();
    let mut shared = 0;
    for word in &x {
        if let Some(at) = y.iter().position(|w| w == word) {
            y.swap_remove(at);
            shared += 1;
        }
    }
    2.0 * shared as f32 / total as f32
}

/// The phrase among `heads` most like `words`; of equals the one nearest to `near`.
fn matching(ctx: &Context, heads: &[usize], words: &str, near: usize) -> Option<usize> {
    most_like(ctx, heads, words, near, |head| ctx.phrase(head))
}

/// The same among speakers.
fn speaking(ctx: &Context, heads: &[usize], words: &str, near: usize) -> Option<usize> {
    most_like(ctx, heads, words, near, |head| ctx.speaker(head))
}

fn most_like(
    ctx: &Context,
    heads: &[usize],
    words: &str,
    near: usize,
    span: impl Fn(usize) -> Span,
) -> Option<usize> {
    let mut best: Option<(f32, usize, usize)> = None;
    for &head in heads {
        let score = likeness(ctx.doc.slice(span(head)), words);
        let distance = head.abs_diff(near);
        if score >= 0.5 && best.is_none_or(|(s, d, _)| score > s || (score == s && distance < d)) {
            best = Some((score, distance, head));
        }
    }
    best.map(|(_, _, head)| head)
}

/// The token that heads a span: the one whose own head lies outside.
fn head_token(ctx: &Context, span: Span) -> Option<usize> {
    let first = ctx.doc.tokens.partition_point(|t| t.span.end <= span.start);
    let last = ctx.doc.tokens.partition_point(|t| t.span.start < span.end).checked_sub(1)?;
    (first..=last).find(|&i| ctx.tree.head(i).is_none_or(|h| h < first || h > last))
}

/// Examples of every scorer.
#[derive(Default)]
struct Examples {
    trigger: Vec<Example>,
    retrigger: Vec<Example>,
    kind: Vec<Example>,
    mode: Vec<Example>,
    modality: Vec<Example>,
    cue: Vec<Example>,
    source: Vec<Example>,
    stance: Vec<Example>,
    position: Vec<Example>,
    role: Vec<Example>,
    rerole: Vec<Example>,
    place: Vec<Example>,
    figure: Vec<Example>,
    date: Vec<Choice>,
}

fn class_of(kind: EventType) -> usize {
    EventType::ALL.iter().position(|k| *k == kind).expect("a listed type") + 1
}

/// Event class of every token: 0 for none.
fn trigger_classes(ctx: &Context, claims: &[GoldClaim]) -> Vec<usize> {
    let mut classes = vec![0; ctx.len()];
    for claim in claims {
        if let Some(idx) = head_token(ctx, claim.trigger) {
            classes[idx] = class_of(claim.kind);
        }
    }
    classes
}

fn first_examples(ctx: &Context, claims: &[GoldClaim], into: &mut Vec<Example>) {
    let classes = trigger_classes(ctx, claims);
    let mut f = Features::new(false);
    for idx in trigger::candidates(ctx) {
        trigger::features(ctx, idx, &mut f);
        into.push(Example::new(&f, classes[idx]));
    }
}

fn second_examples(ctx: &Context, claims: &[GoldClaim], models: &Models, into: &mut Examples) {
    let classes = trigger_classes(ctx, claims);
    let mut f = Features::new(false);
    let all = trigger::first_pass(ctx, models, &mut f);
    for (at, candidate) in all.iter().enumerate() {
        trigger::second_features(ctx, &all, at, &mut f);
        let class = classes[candidate.idx];
        into.retrigger.push(Example::new(&f, usize::from(class > 0)));
        into.kind.push(Example::new(&f, class));
    }
}

/// The annotated acts of saying behind a claim: cues that are in the annotated cue words, or whose grammatical
/// speaker is in the chain.
fn gold_chain(ctx: &Context, claim: &GoldClaim, event: usize, candidates: &[usize]) -> Vec<Attribution> {
    let cue_words = claim.cue.as_deref().map(words).unwrap_or_default();
    let mut found = Vec::new();
    for &cue in candidates {
        let in_words = cue_words.iter().any(|w| w == ctx.lower(cue));
        let speaker = attribution::subject(ctx, cue).map(|s| ctx.doc.slice(ctx.speaker(s)).to_owned());
        let named = |s: &String| claim.chain.iter().any(|link| likeness(link, s) >= 0.5);
        let speaks = speaker.as_ref().is_some_and(named);
        // The annotated words alone may stand twice in a sentence: the speaker decides between them.
        let twice = candidates.iter().filter(|&&c| ctx.lower(c) == ctx.lower(cue)).count() > 1;
        if in_words && (!twice || speaks || claim.chain.is_empty())
            || (speaks && claim.chain.len() > 1 && cue != event)
        {
            let speakers = attribution::speakers(ctx, cue);
            let source = claim
                .chain
                .iter()
                .rev()
                .filter_map(|link| speaking(ctx, &speakers, link, cue))
                .min_by_key(|s| (attribution::subject(ctx, cue) != Some(*s), s.abs_diff(cue)));
            found.push(Attribution { cue, source, medium: None, p: 1.0, reasons: Vec::new() });
        }
    }
    found
}

/// The parts that phrases play in one annotated event.
struct Cast {
    event: usize,
    kind: EventType,
    chain: Vec<Attribution>,
    filled: Vec<Filled>,
}

/// Examples of every step after the events; gives the annotated casts, for the second pass over them.
fn later_examples(ctx: &Context, claims: &[GoldClaim], into: &mut Examples) -> Vec<Cast> {
    let mut f = Features::new(false);
    let cues = attribution::cues(ctx);
    let quotations = attribution::quotations(ctx);
    let mut sources_seen = Vec::new();
    let mut events = Vec::new();
    let mut chains = Vec::new();
    for claim in claims {
        let Some(event) = head_token(ctx, claim.trigger) else { continue };
        events.push((event, claim));
        let candidates = attribution::candidates(ctx, &cues, &quotations, event);
        chains.push((gold_chain(ctx, claim, event, &candidates), candidates));
    }
    let names = Antecedents::new(ctx, chains.iter().map(|(chain, _)| chain.as_slice()));
    let mut casts = Vec::new();
    for (&(event, claim), (chain, candidates)) in events.iter().zip(chains) {
        for &cue in &candidates {
            attribution::link_features(ctx, cue, event, &candidates, &mut f);
            into.cue.push(Example::new(&f, usize::from(chain.iter().any(|l| l.cue == cue))));
        }
        for link in &chain {
            if sources_seen.contains(&link.cue) {
                continue;
            }
            sources_seen.push(link.cue);
            for phrase in attribution::speakers(ctx, link.cue) {
                attribution::source_features(ctx, link.cue, phrase, &mut f);
                into.source.push(Example::new(&f, usize::from(link.source == Some(phrase))));
            }
        }
        let chain: Vec<Attribution> = if claim.chain.is_empty() {
            chain.into_iter().map(|l| Attribution { source: None, ..l }).collect()
        } else {
            chain
        };
        let filled = role_examples(ctx, claim, event, into);
        let draft = Draft { idx: event, kind: claim.kind, chain: &chain, filled: &filled };
        judge::mode_features(ctx, &draft, &mut f);
        let mode =
            claim.mode.map_or(0, |m| Mode::ALL.iter().position(|x| *x == m).expect("a listed mode") + 1);
        into.mode.push(Example::new(&f, mode));
        judge::modality_features(ctx, &draft, &mut f);
        into.modality.push(Example::new(&f, place_in(Modality::ALL, claim.modality)));
        judge::stance_features(ctx, &draft, &mut f);
        into.stance.push(Example::new(&f, place_in(Stance::ALL, claim.stance)));
        judge::position_features(ctx, &draft, &names, &mut f);
        into.position.push(Example::new(&f, place_in(Position::ALL, claim.position)));
        casts.push(Cast { event, kind: claim.kind, chain, filled });
    }
    figure_examples(ctx, &events, into);
    date_examples(ctx, &events, None, into);
    casts.sort_by_key(|cast| cast.event);
    casts
}

/// What phrases play in the cast's event, phrase by phrase.
fn first_role_examples(ctx: &Context, cast: &Cast, into: &mut Vec<Example>) {
    let mut f = Features::new(false);
    for phrase in argument::candidates(ctx, cast.event) {
        argument::role_features(ctx, cast.event, cast.kind, &cast.chain, phrase, &mut f);
        into.push(Example::new(&f, part(cast, phrase)));
    }
}

/// The same for the second pass, with `models` that have not seen the page.
fn second_role_examples(ctx: &Context, casts: &[Cast], models: &Models, into: &mut Vec<Example>) {
    let mut f = Features::new(false);
    for casts in casts.chunk_by(|a, b| ctx.tree.sentence(a.event) == ctx.tree.sentence(b.event)) {
        let all: Vec<Casting> = casts
            .iter()
            .map(|c| argument::first_pass(ctx, models, c.event, c.kind, &c.chain, &mut f))
            .collect();
        for (at, cast) in casts.iter().enumerate() {
            for (phrase, _) in &all[at].first {
                argument::second_features(ctx, &all, at, &cast.chain, *phrase, &mut f);
                into.push(Example::new(&f, part(cast, *phrase)));
            }
        }
    }
}

fn part(cast: &Cast, phrase: usize) -> usize {
    cast.filled.iter().find(|x| x.head == phrase).map_or(0, |x| x.role as usize)
}

fn place_in<T: PartialEq>(all: &[T], one: T) -> usize {
    all.iter().position(|x| *x == one).expect("a listed label")
}

/// The annotated parts as phrases; examples of places.
fn role_examples(ctx: &Context, claim: &GoldClaim, event: usize, into: &mut Examples) -> Vec<Filled> {
    let mut f = Features::new(false);
    let candidates = argument::candidates(ctx, event);
    let mut filled = Vec::new();
    let roles = [
        (Role::Actor, &claim.actor),
        (Role::Recipient, &claim.recipient),
        (Role::Instrument, &claim.instrument),
    ];
    for (role, strings) in roles {
        for words in strings {
            if let Some(head) = matching(ctx, &candidates, words, event) {
                filled.push(Filled { head, role, p: 1.0, reasons: Vec::new() });
            }
        }
    }
    let where_ = argument::place_candidates(ctx, event);
    let places: Vec<usize> = claim.place.iter().filter_map(|p| matching(ctx, &where_, p, event)).collect();
    for &phrase in &where_ {
        argument::place_features(ctx, event, claim.kind, phrase, &mut f);
        into.place.push(Example::new(&f, usize::from(places.contains(&phrase))));
    }
    filled
}

fn figure_examples(ctx: &Context, events: &[(usize, &GoldClaim)], into: &mut Examples) {
    let mut f = Features::new(false);
    for &(event, claim) in events {
        for count in figure::candidates(ctx, ctx.tree.sentence_range(event)) {
            let class = claim
                .figures
                .iter()
                .find(|g| count.span.overlaps(g.span))
                .map_or(0, |g| place_in(Measure::ALL, g.measure) + 1);
            figure::features(ctx, event, claim.kind, count.head, &mut f);
            into.figure.push(Example::new(&f, class));
        }
    }
}

/// With `read`, what was told before an event is what those models find of it, else what is annotated.
fn date_examples(ctx: &Context, events: &[(usize, &GoldClaim)], read: Option<&Models>, into: &mut Examples) {
    let mut f = Features::new(false);
    let mut ordered = events.to_vec();
    ordered.sort_by_key(|(event, _)| *event);
    let happening =
        |event, claim: &GoldClaim| when::Happening { event, kind: claim.kind, modality: claim.modality };
    let mut add = |event, claim: &GoldClaim, story: when::Story| {
        let all = when::candidates(ctx, event, story);
        let right = |interval: &Interval| {
            claim.date.as_deref().is_some_and(|date| {
                let (start, end) = date.split_once('/').unwrap_or((date, date));
                interval.start_iso() == start && interval.end_iso() == end
            })
        };
        when::none_features(ctx, happening(event, claim), &all, story, &mut f);
        let mut choice = Choice { candidates: vec![f.hashes.clone()], right: 0 };
        for (candidate, n) in all.iter().zip(1..) {
            when::features(ctx, happening(event, claim), (&all, story), candidate, &mut f);
            choice.candidates.push(f.hashes.clone());
            if right(&candidate.interval) {
                choice.right = n;
            }
        }
        // A time that the page tells somewhere else is no sign that it tells none.
        if choice.right > 0 || claim.date.is_none() {
            into.date.push(choice);
        }
        let time = all.iter().find(|c| right(&c.interval));
        let worded = time.is_some_and(|c| c.span.is_some());
        when::Told { event, interval: time.map(|c| c.interval), worded }
    };
    let mut told: Vec<when::Told> = Vec::with_capacity(ordered.len());
    let mut f = Features::new(false);
    for &(event, claim) in &ordered {
        if when::waits(ctx, event) {
            told.push(when::Told::new(event, None));
            continue;
        }
        let story = when::Story::before(&told, told.len());
        let annotated = add(event, claim, story);
        let found = read.map(|models| when::time(ctx, models, happening(event, claim), story, &mut f));
        told.push(found.map_or(annotated, |time| when::Told::new(event, time.as_ref())));
    }
    for (at, &(event, claim)) in ordered.iter().enumerate().filter(|(_, (e, _))| when::waits(ctx, *e)) {
        let annotated = add(event, claim, when::Story::around(&told, at));
        told[at] = annotated;
    }
}

/// Parts into which the reports are cut so that the second pass learns from first-pass answers on reports that the
/// first pass has not seen.
const FOLDS: usize = 4;

/// Classes of the scorers of parts: none and the three [`Role`]s.
const N_PARTS: usize = 4;

/// The scorer of times, learnt twice: a time is often taken over from the event before, so the second pass sees those that
/// the first pass found, mistakes included, as reading does. It gives a fifth fewer times that nobody told.
fn learn_date(contexts: &[Context], reports: &[Annotated], first: &[Choice]) -> Linear {
    let models = Models { date: rank(first, Options::default()), ..Models::default() };
    let mut examples = Examples::default();
    for (ctx, report) in contexts.iter().zip(reports).filter(|(_, report)| !report.alone) {
        let events: Vec<(usize, &GoldClaim)> =
            report.claims.iter().filter_map(|claim| Some((head_token(ctx, claim.trigger)?, claim))).collect();
        date_examples(ctx, &events, Some(&models), &mut examples);
    }
    rank(&examples.date, Options::default())
}

/// Learns every scorer, that of places also from `placed`. The same reports in the same order give the same weights.
pub fn learn(reports: &[Annotated], placed: &[Placed]) -> Models {
    let lexicon = Lexicon::new();
    let contexts: Vec<Context> = reports.iter().map(|r| Context::new(&r.page, &r.doc, &lexicon)).collect();
    let mut examples = Examples::default();
    let n_types = EventType::ALL.len() + 1;
    for fold in 0..FOLDS {
        let mut first = Vec::new();
        for (n, ctx) in contexts.iter().enumerate().filter(|(n, _)| n % FOLDS != fold) {
            first_examples(ctx, &reports[n].claims, &mut first);
        }
        let models = Models { trigger: train(&first, n_types, Options::default()), ..Models::default() };
        for (n, ctx) in contexts.iter().enumerate().filter(|(n, _)| n % FOLDS == fold) {
            second_examples(ctx, &reports[n].claims, &models, &mut examples);
        }
    }
    let mut casts = Vec::new();
    for (ctx, report) in contexts.iter().zip(reports) {
        first_examples(ctx, &report.claims, &mut examples.trigger);
        casts.push(later_examples(ctx, &report.claims, &mut examples));
    }
    for fold in 0..FOLDS {
        let mut first = Vec::new();
        for (n, ctx) in contexts.iter().enumerate().filter(|(n, _)| n % FOLDS != fold) {
            casts[n].iter().for_each(|cast| first_role_examples(ctx, cast, &mut first));
        }
        let models = Models { role: train(&first, N_PARTS, Options::default()), ..Models::default() };
        for (n, ctx) in contexts.iter().enumerate().filter(|(n, _)| n % FOLDS == fold) {
            second_role_examples(ctx, &casts[n], &models, &mut examples.rerole);
        }
    }
    for (ctx, casts) in contexts.iter().zip(&casts) {
        casts.iter().for_each(|cast| first_role_examples(ctx, cast, &mut examples.role));
    }
    for one in placed {
        placed_examples(&Context::new(&one.page, &one.doc, &lexicon), one, &mut examples.place);
    }
    let fit =
        |examples: &[Example], n_classes: usize| -> Linear { train(examples, n_classes, Options::default()) };
    let date = learn_date(&contexts, reports, &examples.date);
    Models {
        trigger: fit(&examples.trigger, n_types),
        retrigger: fit(&examples.retrigger, 2),
        kind: fit(&examples.kind, n_types),
        mode: fit(&examples.mode, Mode::ALL.len() + 1),
        modality: fit(&examples.modality, Modality::ALL.len()),
        cue: fit(&examples.cue, 2),
        source: fit(&examples.source, 2),
        stance: fit(&examples.stance, Stance::ALL.len()),
        position: fit(&examples.position, Position::ALL.len()),
        role: fit(&examples.role, N_PARTS),
        rerole: fit(&examples.rerole, N_PARTS),
        place: fit(&examples.place, 2),
        figure: fit(&examples.figure, Measure::ALL.len() + 1),
        date,
    }
}
