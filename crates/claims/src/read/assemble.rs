//! The steps in order: from a page and its parse to its claims.

use super::argument::{self, Filled, Role};
use super::attribution::{self, Attribution};
use super::context::Context;
use super::judge::{self, Draft};
use super::{figure, trigger};
use crate::linear::{Features, Linear, Models};
use crate::resolve::date::DateKind;
use crate::resolve::gazetteer::Gazetteer;
use crate::resolve::place;
use hearsay_doc::{
    Argument, Claim, Event, EventType, Figure, Link, MentionKind, Modality, Mode, PlaceRef, Position, Reason,
    ResolvedPlace, SourceKind, Span, Stance, TimeRef,
};

/// One event with what was found about it, before places and dates of the whole page are settled.
struct Found {
    event: trigger::Found,
    chain: Vec<Attribution>,
    filled: Vec<Filled>,
    places: Vec<usize>,
    figures: Vec<Figure>,
}

/// Reads the claims of one page, ordered by where their trigger starts.
pub(crate) fn claims(ctx: &Context, models: &Models, gazetteer: &Gazetteer, explain: bool) -> Vec<Claim> {
    let mut f = Features::new(explain);
    let events = trigger::find(ctx, models, explain);
    let cues = attribution::cues(ctx);
    let quotations = attribution::quotations(ctx);
    let mut found: Vec<Found> = events
        .into_iter()
        .map(|event| {
            let chain = attribution::chain(ctx, models, &cues, &quotations, event.idx, explain);
            let filled = argument::roles(ctx, models, event.idx, event.kind, &chain, explain);
            let places = argument::places(ctx, models, event.idx, event.kind, &mut f);
            Found { event, chain, filled, places, figures: Vec::new() }
        })
        .collect();
    count(ctx, models, &mut found, &mut f);
    let resolved = Places::of(ctx, gazetteer, &found);
    let mut claims: Vec<Claim> =
        found.iter().map(|one| claim(ctx, models, one, &resolved, explain)).collect();
    claims.sort_by_key(|c| (c.event.trigger.start, c.event.trigger.end));
    claims
}

/// Gives the counts of each sentence to its events.
fn count(ctx: &Context, models: &Models, found: &mut [Found], f: &mut Features) {
    let mut start = 0;
    while start < found.len() {
        let sentence = ctx.tree.sentence(found[start].event.idx);
        let n = found[start..].iter().take_while(|x| ctx.tree.sentence(x.event.idx) == sentence).count();
        let events: Vec<(usize, EventType)> =
            found[start..start + n].iter().map(|x| (x.event.idx, x.event.kind)).collect();
        let range = ctx.tree.sentence_range(found[start].event.idx);
        for (at, measure, count) in figure::find(ctx, models, range, &events, f) {
            let figure = figure::figure(ctx, measure, &count, events[at].1);
            found[start + at].figures.push(figure);
        }
        start += n;
    }
}

/// What the gazetteer says of the page's names.
struct Places {
    resolved: Vec<(Span, Option<ResolvedPlace>)>,
    focus: Option<[u8; 2]>,
}

impl Places {
    fn of(ctx: &Context, gazetteer: &Gazetteer, found: &[Found]) -> Places {
        let mut spans: Vec<Span> =
            ctx.doc.mentions.iter().filter(|m| m.kind == MentionKind::Location).map(|m| m.span).collect();
        spans.extend(found.iter().flat_map(|x| &x.places).map(|&head| ctx.phrase(head)));
        spans.sort_unstable();
        spans.dedup();
        let names: Vec<(Span, &str)> = spans.iter().map(|&span| (span, ctx.doc.slice(span))).collect();
        let context = place::Context { text: &ctx.doc.text, outlet: None };
        let answers = place::resolve(gazetteer, &names, &context);
        let focus = place::focus(&ctx.doc.text, &answers);
        Places { resolved: spans.into_iter().zip(answers).collect(), focus }
    }

    /// The phrase itself, else the first name inside it.
    fn at(&self, span: Span) -> Option<&ResolvedPlace> {
        let exact = self.resolved.iter().find(|(s, _)| *s == span).and_then(|(_, place)| place.as_ref());
        exact.or_else(|| {
            self.resolved.iter().filter(|(s, _)| span.contains(*s)).find_map(|(_, place)| place.as_ref())
        })
    }
}

fn label<T: Copy>(model: &Linear, f: &Features, all: &[T]) -> Option<(T, usize)> {
    let (class, _) = model.best(f);
    all.get(class).map(|l| (*l, class))
}

fn claim(ctx: &Context, models: &Models, found: &Found, places: &Places, explain: bool) -> Claim {
    let Found { event, chain, filled, .. } = found;
    let draft = Draft { idx: event.idx, kind: event.kind, chain, filled };
    let mut f = Features::new(explain);
    let trigger = trigger::span(ctx, event.idx);
    let mut why: Vec<Reason> = Vec::new();
    let mut explained = |slot: &'static str, span: Span, reasons: Vec<(String, f32)>| {
        why.extend(reasons.into_iter().map(|(rule, weight)| Reason { slot, rule, weight, span }));
    };
    explained("type", trigger, event.reasons.clone());
    for link in chain {
        explained("source", attribution::cue_span(ctx, link.cue), link.reasons.clone());
    }
    for one in filled {
        let slot = match one.role {
            Role::Actor => "actor",
            Role::Recipient => "recipient",
            Role::Instrument => "instrument",
        };
        explained(slot, ctx.phrase(one.head), one.reasons.clone());
    }
    judge::mode_features(ctx, &draft, &mut f);
    let (class, _) = models.mode.best(&f);
    let mode = class.checked_sub(1).and_then(|c| Mode::ALL.get(c)).copied();
    judge::modality_features(ctx, &draft, &mut f);
    let (modality, class) = label(&models.modality, &f, Modality::ALL).unwrap_or((Modality::Actual, 0));
    explained("modality", trigger, models.modality.reasons(&f, class, 2));
    judge::stance_features(ctx, &draft, &mut f);
    let (stance, class) = label(&models.stance, &f, Stance::ALL).unwrap_or((Stance::Asserts, 0));
    let cue = chain.last().map_or(trigger, |l| attribution::cue_span(ctx, l.cue));
    explained("stance", cue, models.stance.reasons(&f, class, 2));
    judge::position_features(ctx, &draft, &mut f);
    let speaks = chain.iter().any(|l| l.source.is_some());
    let (position, class) =
        label(&models.position, &f, Position::ALL).filter(|_| speaks).unwrap_or((Position::Third, 2));
    if speaks {
        explained("position", cue, models.position.reasons(&f, class, 2));
    }
    let source = chain.last().and_then(|l| l.source);
    let actor_named = filled.iter().any(|x| x.role == Role::Actor);
    let responsibility =
        judge::responsibility(stance, position, modality, source.map(|s| ctx.class(s)), actor_named);
    let place: Vec<PlaceRef> = found
        .places
        .iter()
        .map(|&head| {
            let span = ctx.phrase(head);
            PlaceRef { span, resolved: places.at(span).cloned() }
        })
        .collect();
    let country = place.iter().find_map(|p| p.resolved.as_ref()?.country).or(places.focus);
    let (first, last) = ctx.doc.sentences[ctx.tree.sentence(event.idx)];
    Claim {
        sentence: ctx.doc.span(first as usize, last as usize - 1),
        chain: links(ctx, chain),
        stance,
        position,
        responsibility,
        event: Event {
            trigger,
            kind: event.kind,
            mode,
            modality,
            actor: arguments(ctx, filled, Role::Actor),
            recipient: arguments(ctx, filled, Role::Recipient),
            instrument: arguments(ctx, filled, Role::Instrument),
            place,
            country,
            time: time(ctx, event.idx),
        },
        figures: found.figures.clone(),
        confidence: event.p,
        why,
    }
}

fn arguments(ctx: &Context, filled: &[Filled], role: Role) -> Vec<Argument> {
    filled
        .iter()
        .filter(|x| x.role == role)
        .map(|x| Argument { span: ctx.phrase(x.head), resolved: None, entity: None })
        .collect()
}

/// The chain's links with a speaker, a told medium before its speaker. A cue without a speaker is kept only as the
/// last link: it says that the outlet does not vouch itself.
fn links(ctx: &Context, chain: &[Attribution]) -> Vec<Link> {
    let mut links = Vec::new();
    for link in chain {
        let Some(source) = link.source else { continue };
        let cue = Some(attribution::cue_span(ctx, link.cue));
        if let Some(medium) = link.medium {
            links.push(Link {
                source: Some(ctx.phrase(medium)),
                kind: SourceKind::Outlet,
                cue,
                ..Link::default()
            });
        }
        links.push(Link {
            source: Some(ctx.phrase(source)),
            kind: kind(ctx, source),
            cue,
            ..Link::default()
        });
    }
    links
}

/// What a speaker is, from the class of the word.
fn kind(ctx: &Context, source: usize) -> SourceKind {
    match ctx.class(source) {
        "official" | "medic" | "witness" | "civilian" | "family" | "people" | "person" => SourceKind::Person,
        "media" => SourceKind::Outlet,
        "document" => SourceKind::Document,
        "military" | "police" | "militant" | "monitor" | "state" | "organisation" | "organization"
        | "group" | "demonym" => SourceKind::Group,
        "pron" if matches!(ctx.lemma(source), "he" | "she" | "i" | "who") => SourceKind::Person,
        _ => SourceKind::Unknown,
    }
}

/// The day of the event: of the sentence's time expressions the one nearest in the parse.
fn time(ctx: &Context, event: usize) -> Option<TimeRef> {
    let range = ctx.tree.sentence_range(event);
    ctx.dates
        .iter()
        .filter(|d| range.contains(&(d.tokens.0 as usize)) && d.kind != DateKind::Duration)
        .filter_map(|d| {
            let interval = d.interval?;
            let way = (d.tokens.0..d.tokens.1)
                .map(|t| {
                    let path = ctx.tree.path(event, t as usize);
                    if path == "far" { 9 } else { path.matches(['^', '_']).count() }
                })
                .min()?;
            let gap = (d.tokens.0 as usize).abs_diff(event);
            Some(((way, gap), TimeRef { span: Some(d.span), interval }))
        })
        .min_by_key(|(cost, _)| *cost)
        .map(|(_, time)| time)
}
