//! The steps in order: from a page and its parse to its claims.

use super::argument::{self, Filled, Role};
use super::attribution::{self, Attribution};
use super::context::Context;
use super::coref::Antecedents;
use super::judge::{self, Draft};
use super::{figure, trigger, when};
use crate::linear::{Features, Linear, Models};
use crate::resolve::gazetteer::Gazetteer;
use crate::resolve::place;
use hearsay_doc::{
    Argument, Claim, Event, EventType, Figure, Link, MentionKind, Modality, Mode, PlaceRef, Position, Reason,
    ResolvedPlace, Scope, SourceKind, Span, Stance, TimeRef,
};

/// One event with what was found about it, before places and dates of the whole page are settled.
struct Found {
    event: trigger::Found,
    chain: Vec<Attribution>,
    filled: Vec<Filled>,
    places: Vec<usize>,
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
            let filled = argument::roles(ctx, models, event.idx, event.kind, &chain, explain);
            let places = argument::places(ctx, models, event.idx, event.kind, &mut f);
            Found { event, chain, filled, places, figures: Vec::new(), time: None }
        })
        .collect();
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
        places: Places::of(ctx, gazetteer, &found),
        names: Antecedents::new(ctx, found.iter().map(|x| x.chain.as_slice())),
    };
    let mut claims: Vec<Claim> = found.iter().map(|one| claim(ctx, models, one, &page, explain)).collect();
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
            let figure = figure::figure(ctx, measure, &count, events[at].0);
            let one = &mut found[start + at];
            // "More than 32,000 have been killed since": a running total of harm is a toll, whoever did it.
            let harmed = ctx.words[one.event.idx].harm.is_some() && ctx.passive(one.event.idx);
            if harmed && figure.scope == Scope::Cumulative {
                one.event.kind = EventType::Toll;
            }
            one.figures.push(figure);
        }
        start += n;
    }
}

/// What the page as a whole says of its names.
struct Page {
    places: Places,
    names: Antecedents,
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

fn claim(ctx: &Context, models: &Models, found: &Found, page: &Page, explain: bool) -> Claim {
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
    judge::position_features(ctx, &draft, &page.names, &mut f);
    let speaks = chain.iter().any(|l| l.source.is_some());
    let (position, class) =
        label(&models.position, &f, Position::ALL).filter(|_| speaks).unwrap_or((Position::Third, 2));
    if speaks {
        explained("position", cue, models.position.reasons(&f, class, 2));
    }
    // Who speaks of the deeds of his own side stands where it stands, however he is named.
    let own = chain.last().and_then(|l| l.source).and_then(|s| page.names.side(ctx, s));
    let of_actor =
        filled.iter().filter(|x| x.role == Role::Actor).any(|x| page.names.side(ctx, x.head) == own);
    let position = if own.is_some() && of_actor { Position::Actor } else { position };
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
    let place: Vec<PlaceRef> = found
        .places
        .iter()
        .map(|&head| {
            let span = ctx.phrase(head);
            PlaceRef { span, resolved: page.places.at(span).cloned() }
        })
        .collect();
    // Words of a place that the gazetteer does not know ("the police station") lie where the page's places lie.
    let focus = page.places.focus.filter(|_| !place.is_empty());
    let country = place.iter().find_map(|p| p.resolved.as_ref()?.country).or(focus);
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
            actor: arguments(ctx, filled, Role::Actor, &page.names),
            recipient: arguments(ctx, filled, Role::Recipient, &page.names),
            instrument: arguments(ctx, filled, Role::Instrument, &page.names),
            place,
            country,
            time: found.time.clone(),
        },
        figures: found.figures.clone(),
        confidence: event.p,
        why,
    }
}

fn arguments(ctx: &Context, filled: &[Filled], role: Role, names: &Antecedents) -> Vec<Argument> {
    filled
        .iter()
        .filter(|x| x.role == role)
        .map(|x| Argument {
            span: ctx.phrase(x.head),
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
        let (source, kind, resolved) = (Some(ctx.phrase(source)), kind(ctx, source), names.name(ctx, source));
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
