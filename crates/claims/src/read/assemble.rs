//! The steps in order: from a page and its parse to its claims.

use super::argument::{self, Filled, Role};
use super::attribution::{self, Attribution};
use super::context::Context;
use super::coref::Antecedents;
use super::judge::{self, Draft};
use super::whereabouts::{self, Asked, Whereabouts};
use super::{figure, trigger, when};
use crate::linear::{Features, Linear, Models};
use crate::resolve::country::Country;
use crate::resolve::gazetteer::Gazetteer;
use hearsay_doc::{
    Argument, Claim, Event, EventType, Figure, Link, Modality, Mode, PlaceRef, Position, Reason, Scope,
    SourceKind, Span, Stance, TimeRef,
};

/// One event with what was found about it, before places and dates of the whole page are settled.
struct Found {
    event: trigger::Found,
    chain: Vec<Attribution>,
    filled: Vec<Filled>,
    places: Vec<Span>,
    figures: Vec<Figure>,
    time: Option<TimeRef>,
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
            Found { event, chain, filled: Vec::new(), places: Vec::new(), figures: Vec::new(), time: None }
        })
        .collect();
    for sentence in
        found.chunk_by_mut(|a, b| ctx.tree.sentence(a.event.idx) == ctx.tree.sentence(b.event.idx))
    {
        let events: Vec<_> =
            sentence.iter().map(|x| (x.event.idx, x.event.kind, x.chain.as_slice())).collect();
        let filled = argument::roles(ctx, models, &events, explain);
        for (one, filled) in sentence.iter_mut().zip(filled) {
            let (idx, kind) = (one.event.idx, one.event.kind);
            one.places = argument::places(ctx, models, idx, kind, &one.chain, &filled, &mut f);
            one.filled = filled;
        }
    }
    count(ctx, models, &mut found, &mut f);
    let mut happenings: Vec<when::Happening> = Vec::with_capacity(found.len());
    for one in &found {
        let (event, kind) = (one.event.idx, one.event.kind);
        let draft = Draft { idx: event, kind, chain: &one.chain, filled: &one.filled };
        judge::modality_features(ctx, &draft, &mut f);
        let modality = label(&models.modality, &f, Modality::ALL).map_or(Modality::Actual, |(m, _)| m);
        happenings.push(when::Happening { event, kind, modality });
    }
    let times = when::times(ctx, models, &happenings, &mut f);
    for (one, time) in found.iter_mut().zip(times) {
        one.time = time;
    }
    let page = Page {
        places: Whereabouts::of(ctx, gazetteer, found.iter().flat_map(|x| x.places.iter().copied())),
        names: Antecedents::new(ctx, found.iter().map(|x| x.chain.as_slice())),
    };
    let mut claims: Vec<Claim> = Vec::with_capacity(found.len());
    let mut before = None;
    for one in &found {
        let claim = claim(ctx, models, one, &page, before, explain);
        before = claim.event.country.map(|country| (one.event.idx, country)).or(before);
        claims.push(claim);
    }
    claims.sort_by_key(|c| (c.event.trigger.start, c.event.trigger.end));
    claims
}

/// Where the event named by the words at `trigger` was, whether or not the reader would have taken them for one.
pub(crate) fn event_places(
    ctx: &Context,
    models: &Models,
    gazetteer: &Gazetteer,
    trigger: Span,
) -> Vec<PlaceRef> {
    let Some(idx) = whereabouts::head_of(ctx, trigger) else { return Vec::new() };
    let found = trigger::find(ctx, models, false).into_iter().find(|event| event.idx == idx);
    let kind = found.map_or(EventType::Assault, |event| event.kind);
    let (cues, quotations) = (attribution::cues(ctx), attribution::quotations(ctx));
    let chain = attribution::chain(ctx, models, &cues, &quotations, idx, false);
    let filled = argument::roles(ctx, models, &[(idx, kind, &chain)], false).remove(0);
    let spans = argument::places(ctx, models, idx, kind, &chain, &filled, &mut Features::new(false));
    Whereabouts::of(ctx, gazetteer, spans.iter().copied()).places(ctx, &spans)
}

/// Gives the counts of each sentence to its events.
fn count(ctx: &Context, models: &Models, found: &mut [Found], f: &mut Features) {
    for sentence in
        found.chunk_by_mut(|a, b| ctx.tree.sentence(a.event.idx) == ctx.tree.sentence(b.event.idx))
    {
        let events: Vec<(usize, EventType)> = sentence.iter().map(|x| (x.event.idx, x.event.kind)).collect();
        let range = ctx.tree.sentence_range(events[0].0);
        for (at, measure, count) in figure::find(ctx, models, range, &events, f) {
            let figure = figure::figure(ctx, measure, &count, events[at].0);
            let one = &mut sentence[at];
            // "More than 32,000 have been killed since": a running total of harm is a toll, whoever did it.
            let harmed = ctx.words[one.event.idx].harm.is_some() && ctx.passive(one.event.idx);
            if harmed && figure.scope == Scope::Cumulative {
                one.event.kind = EventType::Toll;
            }
            one.figures.push(figure);
        }
    }
}

/// What the page as a whole says of its names.
struct Page {
    places: Whereabouts,
    names: Antecedents,
}

fn label<T: Copy>(model: &Linear, f: &Features, all: &[T]) -> Option<(T, usize)> {
    let (class, _) = model.best(f);
    all.get(class).map(|l| (*l, class))
}

fn claim(
    ctx: &Context,
    models: &Models,
    found: &Found,
    page: &Page,
    before: Option<(usize, Country)>,
    explain: bool,
) -> Claim {
    let Found { event, chain, filled, .. } = found;
    let draft = Draft { idx: event.idx, kind: event.kind, chain, filled };
    let mut f = Features::new(explain);
    let trigger = trigger::span(ctx, event.idx);
    let mut why: Vec<Reason> = Vec::new();
    let mut explained = |slot: &'static str, span: Span, reasons: Vec<(String, f32)>| {
        if explain {
            why.extend(reasons.into_iter().map(|(rule, weight)| Reason { slot, rule, weight, span }));
        }
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
    judge::position_features(ctx, &draft, &page.names, &mut f);
    let speaks = chain.iter().any(|l| l.source.is_some());
    let (position, class) =
        label(&models.position, &f, Position::ALL).filter(|_| speaks).unwrap_or((Position::Third, 2));
    if speaks {
        explained("position", cue, models.position.reasons(&f, class, 2));
    }
    // Who speaks of the deeds of his own side, or of what was done to it, stands where it stands, however he is named.
    let own = chain.last().and_then(|l| l.source).and_then(|s| page.names.side(ctx, s));
    let of = |role: Role| {
        filled.iter().filter(|x| x.role == role).any(|x| own.is_some() && page.names.side(ctx, x.head) == own)
    };
    let position = match (of(Role::Actor), of(Role::Recipient)) {
        (true, _) => Position::Actor,
        (false, true) => Position::Recipient,
        _ => position,
    };
    let (modality, stance) = match judge::grammar(ctx, &draft, position, modality, stance) {
        Some((modality, stance, rule)) => {
            explained("modality", trigger, vec![(rule.to_owned(), 0.0)]);
            (modality, stance)
        }
        None => (modality, stance),
    };
    let source = chain.last().and_then(|l| l.source);
    let actor_named = filled.iter().any(|x| x.role == Role::Actor);
    let responsibility =
        judge::responsibility(stance, position, modality, source.map(|s| ctx.class(s)), actor_named);
    let place = page.places.places(ctx, &found.places);
    let asked = Asked { event: event.idx, kind: event.kind, chain, filled, before };
    let country = page.places.country(ctx, &place, &asked);
    if let Some((_, rule)) = country {
        explained("country", trigger, vec![(rule.to_owned(), 0.0)]);
    }
    let country = country.map(|(country, _)| country);
    let (first, last) = ctx.doc.sentences[ctx.tree.sentence(event.idx)];
    Claim {
        sentence: ctx.doc.span(first as usize, last as usize - 1),
        chain: links(ctx, chain, &page.names),
        stance,
        position,
        responsibility,
        event: Event {
            trigger,
            kind: event.kind,
            mode,
            modality,
            actor: arguments(ctx, found, Role::Actor, &page.names),
            recipient: arguments(ctx, found, Role::Recipient, &page.names),
            instrument: arguments(ctx, found, Role::Instrument, &page.names),
            place,
            country,
            time: found.time.clone(),
        },
        figures: found.figures.clone(),
        confidence: event.p,
        why,
    }
}

fn arguments(ctx: &Context, found: &Found, role: Role, names: &Antecedents) -> Vec<Argument> {
    let trigger = trigger::span(ctx, found.event.idx);
    // "Attacking churches": the parser takes the event's word into the phrase, the event does not strike itself.
    let span = |head: usize| {
        let (span, own) = (ctx.phrase(head), ctx.doc.tokens[head].span);
        let (start, end) = (span.start as usize, span.end as usize);
        if !span.overlaps(trigger) || own.overlaps(trigger) {
            return span;
        }
        if trigger.end <= own.start {
            let rest = &ctx.doc.text[trigger.end as usize..end];
            return Span::new(end - rest.trim_start_matches([' ', '-', '\n']).len(), end);
        }
        let rest = &ctx.doc.text[start..trigger.start as usize];
        Span::new(start, start + rest.trim_end_matches([' ', '-', '\n']).len())
    };
    found
        .filled
        .iter()
        .filter(|x| x.role == role)
        .map(|x| Argument {
            span: span(x.head),
            resolved: names.name(ctx, x.head),
            entity: ctx.actor(x.head).map(|actor| actor.id.to_owned()),
        })
        .collect()
}

/// The chain's links with a speaker, a told medium before its speaker.
fn links(ctx: &Context, chain: &[Attribution], names: &Antecedents) -> Vec<Link> {
    let mut links = Vec::new();
    for link in chain {
        let Some(source) = link.source else { continue };
        let cue = Some(attribution::cue_span(ctx, link.cue));
        let said_on = when::said(ctx, link.cue);
        if let Some(medium) = link.medium {
            links.push(Link {
                source: Some(ctx.phrase(medium)),
                kind: SourceKind::Outlet,
                cue,
                ..Link::default()
            });
        }
        let (source, kind, resolved) =
            (Some(ctx.speaker(source)), kind(ctx, source), names.name(ctx, source));
        links.push(Link { source, kind, resolved, cue, said_on, ..Link::default() });
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
