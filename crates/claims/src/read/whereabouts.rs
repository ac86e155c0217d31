//! Where the events of a page happened: their place words resolved together, and the country of each.
//!
//! Start at [`Whereabouts::of`]. Which words say where is decided in `argument`; here they get their coordinates
//! with all other names of the page, the chain that follows them ("X district, Y province") and their order, the
//! finest first.
//!
//! The country of an event is that of its places. Where it has none that is known, the words around it are weighed:
//! whom or what it struck, names in its sentence and paragraph, the event before it, what the page is about. Weights
//! are set by hand, from what annotated reports say most often, and an event whose evidence points two ways keeps none.

use super::argument::{Filled, Role};
use super::attribution::Attribution;
use super::context::Context;
use crate::resolve::actor::Actors;
use crate::resolve::country::Country;
use crate::resolve::gazetteer::Gazetteer;
use crate::resolve::offset::beside;
use crate::resolve::place;
use hearsay_doc::{Deprel, EventType, MentionKind, PlacePrecision, PlaceRef, Span, Upos};

/// The names of a page's places, resolved.
pub(crate) struct Whereabouts {
    /// In order; those of mentions and those of events.
    places: Vec<PlaceRef>,
    /// Countries that the page names: token, country, weight.
    named: Vec<(usize, Country, f32)>,
    /// Share of the page's weight that each country has, the largest first.
    shares: Vec<(Country, f32)>,
    /// Of the outlet, where it is listed.
    outlet: Option<Country>,
}

/// What is known of one event when its country is asked for.
pub(crate) struct Asked<'e> {
    pub event: usize,
    pub kind: EventType,
    pub chain: &'e [Attribution],
    pub filled: &'e [Filled],
    /// Country and event of the claim before.
    pub before: Option<(usize, Country)>,
}

impl Whereabouts {
    /// Resolves the page's locations and `spans`, the words that say where its events were.
    pub fn of(ctx: &Context, gazetteer: &Gazetteer, spans: impl Iterator<Item = Span>) -> Whereabouts {
        // "Al-Ahram said": an outlet is no place, though it bears the name of one.
        let outlet = |span: &Span| {
            let actor = head_of(ctx, *span).and_then(|head| ctx.actor(head));
            actor.is_some_and(|actor| matches!(actor.kind, "outlet" | "agency"))
        };
        let mut spans: Vec<Span> = spans.chain(place::named_in(gazetteer, ctx.doc)).collect();
        spans.retain(|span| !outlet(span) && !dedicated(ctx, *span));
        spans.sort_unstable();
        spans.dedup();
        let listed = ctx.page.outlet.as_deref().and_then(|name| Actors::shipped().named(name));
        let outlet = listed.and_then(|actor| actor.country.as_bytes().try_into().ok());
        let context = place::Context { text: &ctx.doc.text, outlet };
        let places = place::refer(gazetteer, &spans, &context);
        let mut found = Whereabouts { places, named: Vec::new(), shares: Vec::new(), outlet };
        found.named = found.countries(ctx);
        let mut shares: Vec<(Country, f32)> = Vec::new();
        for &(_, country, weight) in &found.named {
            match shares.iter_mut().find(|(known, _)| *known == country) {
                Some((_, sum)) => *sum += weight,
                None => shares.push((country, weight)),
            }
        }
        // One is added, so that a country named once in passing is no certainty.
        let total = shares.iter().map(|(_, sum)| sum).sum::<f32>() + 1.0;
        shares.iter_mut().for_each(|(_, sum)| *sum /= total);
        shares.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        found.shares = shares;
        // A lone name in a country that the page is not about is likely no place ("the church of St. Peter"): what is unknown
        // does not stand by it.
        let top = found.shares.first().map_or(0.0, |(_, share)| *share);
        let about = |country: Option<Country>| {
            country
                .is_none_or(|c| found.shares.iter().any(|(known, share)| *known == c && *share >= FAR * top))
        };
        for place in &mut found.places {
            place.near.take_if(|near| !about(near.country));
        }
        found
    }

    /// What the words at `span` mean: themselves, else a name inside them.
    pub fn at(&self, span: Span) -> PlaceRef {
        let exact = self.places.iter().find(|place| place.span == span);
        let inner = || self.places.iter().find(|p| span.contains(p.span) && p.resolved.is_some());
        match exact {
            Some(place) if place.resolved.is_some() => place.clone(),
            _ => match inner().or(exact) {
                Some(place) => PlaceRef { span, ..place.clone() },
                None => PlaceRef { span, resolved: None, near: None },
            },
        }
    }

    /// The event's places, the finest first; those of the same fineness in the order given.
    pub fn places(&self, ctx: &Context, spans: &[Span]) -> Vec<PlaceRef> {
        let mut places: Vec<PlaceRef> =
            spans.iter().map(|&span| beside(&ctx.doc.text, self.at(span))).collect();
        let rank = |place: &PlaceRef| match place.resolved.as_ref().map(|found| found.precision) {
            None | Some(PlacePrecision::Facility) => 0,
            Some(PlacePrecision::Settlement) => 1,
            Some(PlacePrecision::Admin2) => 2,
            Some(PlacePrecision::Admin1) => 3,
            Some(PlacePrecision::Region) => 4,
            Some(PlacePrecision::Country) => 5,
        };
        places.sort_by_key(rank);
        places
    }

    /// Tokens that name a country, by themselves or as a place or people of it.
    fn countries(&self, ctx: &Context) -> Vec<(usize, Country, f32)> {
        let mut named = Vec::new();
        for place in &self.places {
            let (Some(found), Some(token)) = (&place.resolved, head_of(ctx, place.span)) else { continue };
            let Some(country) = found.country else { continue };
            let fine = !matches!(found.precision, PlacePrecision::Country | PlacePrecision::Region);
            // A capital that speaks is a government: "Washington said".
            let speaks = ctx.actor(token).is_some_and(|actor| actor.kind == "state");
            let acts = matches!(ctx.rel(token), Deprel::Nsubj | Deprel::OblAgent | Deprel::NmodPoss);
            let weight = match (fine, speaks) {
                (true, false) => 1.5,
                _ if acts => 0.3,
                _ => 0.7,
            };
            named.push((token, country, if ctx.furniture[token] { 0.5 * weight } else { weight }));
        }
        for token in 0..ctx.len() {
            let demonym = ctx.words[token].demonym.and_then(|code| code.as_bytes().try_into().ok());
            let known = ctx.actor(token).filter(|actor| actor.country != "-" && actor.kind != "outlet");
            let of_actor = known.and_then(|actor| actor.country.as_bytes().try_into().ok());
            let country = demonym.map(|country| (country, 0.5)).or(of_actor.map(|country| (country, 0.25)));
            if let Some((country, weight)) = country
                && !named.iter().any(|(at, ..)| *at == token)
            {
                named.push((token, country, weight));
            }
        }
        named.sort_by_key(|(token, ..)| *token);
        named
    }

    /// The country that the event's place words lie in, else the one that its surroundings point to, with the name of
    /// what decided.
    pub fn country(
        &self,
        ctx: &Context,
        places: &[PlaceRef],
        asked: &Asked,
    ) -> Option<(Country, &'static str)> {
        let known: Vec<_> = places.iter().filter_map(|place| place.resolved.as_ref()).collect();
        if let Some(finest) = known.first() {
            let of_some = known.iter().find_map(|place| place.country);
            // "In Kelmara and Osh" happened in no one country, and at sea in none.
            let several = finest.precision == PlacePrecision::Country
                && known.iter().any(|place| place.country != finest.country);
            return of_some.filter(|_| !several).map(|country| (country, "country of the place"));
        }
        let mut votes: Vec<(Country, f32, &'static str)> = Vec::new();
        let mut vote = |country: Country, weight: f32, why: &'static str| match votes
            .iter_mut()
            .find(|(known, ..)| *known == country)
        {
            Some((_, sum, reason)) => {
                *sum += weight;
                if weight > 1.0 {
                    *reason = why;
                }
            }
            None => votes.push((country, weight, why)),
        };
        if let Some(country) = places.iter().find_map(|place| place.near.as_ref()?.country) {
            vote(country, 1.2, "country of a place near by");
        }
        let sentence = ctx.tree.sentence(asked.event);
        let paragraph = paragraph(ctx, asked.event);
        let phrase_of = |role: Role, token: usize| {
            asked
                .filled
                .iter()
                .any(|x| x.role == role && ctx.phrase(x.head).contains(ctx.doc.tokens[token].span))
        };
        let mut in_paragraph: Vec<(Country, f32)> = Vec::new();
        for &(token, country, weight) in &self.named {
            let span = ctx.doc.tokens[token].span;
            if span.start < paragraph.start || span.end > paragraph.end {
                continue;
            }
            let spoken = asked
                .chain
                .iter()
                .any(|link| link.source.is_some_and(|source| ctx.phrase(source).contains(span)));
            if ctx.tree.sentence(token) == sentence {
                if phrase_of(Role::Recipient, token) {
                    // "Palestinian civilians" live there, most often; a tourist's people does not tell.
                    let people = ctx.words[token].demonym.is_some();
                    vote(country, if people { 1.2 } else { 2.5 }, "country of whom it struck");
                } else if phrase_of(Role::Actor, token) {
                    vote(country, 0.4, "country of who did it");
                } else if spoken {
                    vote(country, 0.15, "country of who says it");
                } else {
                    let inside = matches!(ctx.tree.case(token), "in" | "at" | "inside" | "across" | "near");
                    vote(country, weight + if inside { 0.7 } else { 0.0 }, "country named in the sentence");
                }
            } else if !spoken {
                in_paragraph.push((country, weight));
            }
        }
        let total: f32 = in_paragraph.iter().map(|(_, weight)| weight).sum::<f32>() + 0.5;
        for (country, weight) in in_paragraph {
            vote(country, 1.5 * weight / total, "country named in the paragraph");
        }
        if let Some((event, country)) = asked.before {
            let gap = sentence - ctx.tree.sentence(event).min(sentence);
            let same = ctx.doc.tokens[event].span.start >= paragraph.start;
            let weight = if gap == 0 { 1.5 } else { 1.0 };
            vote(country, if same || gap < 2 { weight } else { 0.5 }, "country of the event before");
        }
        // Never enough by itself: outlets report from everywhere.
        if let Some(country) = self.outlet {
            vote(country, 0.2, "country of the outlet");
        }
        for &(country, share) in &self.shares {
            vote(country, 2.5 * share, "country that the page is about");
        }
        votes.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let (country, weight, why) = *votes.first()?;
        let second = votes.get(1).map_or(0.0, |vote| vote.1);
        // Deals, sanctions and threats are between countries, and in one only where all points there.
        let between = matches!(asked.kind, EventType::Agree | EventType::Sanction | EventType::Threaten);
        let (enough, clear) = if between { BETWEEN } else { (ENOUGH, CLEAR) };
        (weight >= enough && weight >= clear * second).then_some((country, why))
    }
}

/// Share of the weight of the page's first country under which a country is named in passing.
const FAR: f32 = 0.25;

/// Votes that a country needs. With 0.5 the country of `claims_train` is right as often, and oftener given where the
/// annotation gives none.
const ENOUGH: f32 = 0.8;

/// By how much the first must lead the second.
const CLEAR: f32 = 1.05;

/// Both, for what happens between countries.
const BETWEEN: (f32, f32) = (2.0, 1.6);

/// Is it a saint's name that says no place ("the church of St. Peter", "St. Mark's")? Parishes bear such names too, but one
/// is in a parish.
fn dedicated(ctx: &Context, span: Span) -> bool {
    let words = span.of(&ctx.doc.text);
    let saint = ["St. ", "St ", "Saint ", "Saints "].iter().any(|title| words.starts_with(title));
    let case = head_of(ctx, span).map_or("-", |head| ctx.tree.case(head));
    saint && !matches!(case, "in" | "at" | "near" | "from" | "to" | "into" | "outside" | "across")
}

/// From line end to line end around the token.
fn paragraph(ctx: &Context, token: usize) -> Span {
    let at = ctx.doc.tokens[token].span.start as usize;
    let start = ctx.doc.text[..at].rfind('\n').map_or(0, |n| n + 1);
    let end = ctx.doc.text[at..].find('\n').map_or(ctx.doc.text.len(), |n| at + n);
    Span::new(start, end)
}

/// The token of the span whose head lies outside.
pub(crate) fn head_of(ctx: &Context, span: Span) -> Option<usize> {
    let first = ctx.doc.tokens.partition_point(|t| t.span.end <= span.start);
    let last = ctx.doc.tokens.partition_point(|t| t.span.start < span.end).checked_sub(1)?;
    (first..=last).find(|&i| ctx.tree.head(i).is_none_or(|head| head < first || head > last))
}

/// Words between a place and the one that holds it.
const LINKS: [&str; 9] = [", ", " in ", " of ", ", in ", " in the ", " of the ", " (", ", near ", " near "];

/// Words before a name that belong to neither.
const SIDES: [&str; 14] = [
    "the ",
    "nearby ",
    "northern ",
    "southern ",
    "eastern ",
    "western ",
    "central ",
    "northeastern ",
    "northwestern ",
    "southeastern ",
    "southwestern ",
    "northeast ",
    "northwest ",
    "southeast ",
];

/// Each place with the chain of names that follows it: "X district, Y province", "X in Y". Spans that hold another one
/// are dropped, and so are descriptions that a name stands behind ("the capital, X").
pub(crate) fn chained(ctx: &Context, spans: &[Span]) -> Vec<Span> {
    let mut all: Vec<Span> = Vec::new();
    for span in spans.iter().flat_map(|&span| parts(ctx, span)) {
        let first = next_in_chain(ctx, span);
        let named = first.is_some() && ctx.doc.text[span.end as usize..].starts_with(", ");
        if !(named && is_description(ctx, span)) {
            all.push(span);
        }
        all.extend(std::iter::successors(first, |&at| next_in_chain(ctx, at)).take(4));
    }
    let inner = |n: usize| {
        let held = |(m, other): (usize, &Span)| {
            all[n] == *other && m < n || all[n] != *other && all[n].contains(*other)
        };
        all.iter().enumerate().any(held)
    };
    (0..all.len()).filter(|&n| !inner(n)).map(|n| all[n]).collect()
}

/// The names in "X, Y" one by one, each with the word for what it is.
fn parts(ctx: &Context, span: Span) -> Vec<Span> {
    let mut start = span.start as usize;
    let pieces = span.of(&ctx.doc.text).split(", ").map(|piece| {
        let at = Span::new(start, start + piece.len());
        start += piece.len() + 2;
        at
    });
    pieces.filter(|piece| piece.start < piece.end).map(|piece| with_kind(ctx, piece)).collect()
}

/// "the Kelmari capital": headed by a common noun for a place.
fn is_description(ctx: &Context, span: Span) -> bool {
    head_of(ctx, span).is_some_and(|head| {
        ctx.pos(head) == Upos::Noun
            && matches!(ctx.lemma(head), "capital" | "city" | "town" | "village" | "port")
    })
}

/// The location that follows the place and is said to hold it.
fn next_in_chain(ctx: &Context, span: Span) -> Option<Span> {
    let text = &ctx.doc.text;
    let rest = text.get(span.end as usize..)?;
    let link = LINKS.iter().filter(|link| rest.starts_with(**link)).max_by_key(|link| link.len())?;
    let mut from = span.end as usize + link.len();
    while let Some(side) = SIDES.iter().find(|side| text[from..].starts_with(**side)) {
        from += side.len();
    }
    let mention = ctx.doc.mentions.iter().find(|m| {
        m.kind == MentionKind::Location && m.span.start as usize <= from && (m.span.end as usize) > from
    })?;
    let (first, last) = (mention.tokens.0 as usize, mention.tokens.1 as usize - 1);
    // "In Osh, Kelmara said": who speaks or acts next holds nothing.
    let head = (first..=last).find(|&i| ctx.tree.head(i).is_none_or(|h| h < first || h > last))?;
    if matches!(ctx.rel(head), Deprel::Nsubj | Deprel::NsubjPass | Deprel::NmodPoss | Deprel::Obj) {
        return None;
    }
    Some(with_kind(ctx, mention.span))
}

/// A name with the word after it for what it is: "Badghis province", where the span leaves it out.
fn with_kind(ctx: &Context, span: Span) -> Span {
    let next = ctx.doc.tokens.partition_point(|token| token.span.start < span.end);
    match ctx.doc.tokens.get(next) {
        Some(token) if KINDS.contains(&ctx.lower(next)) && token.span.start == span.end + 1 => {
            Span::new(span.start as usize, token.span.end as usize)
        }
        _ => span,
    }
}

/// Words for what a place is, that follow its name.
const KINDS: [&str; 17] = [
    "province",
    "district",
    "governorate",
    "region",
    "county",
    "state",
    "oblast",
    "city",
    "town",
    "village",
    "camp",
    "neighborhood",
    "neighbourhood",
    "municipality",
    "subdistrict",
    "township",
    "raion",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Lexicon;
    use hearsay_doc::{Doc, Mention, Page, Token, testing};

    /// A text with its locations in `[ ]`, and in `< >` the phrase that says where; a location with `!` is a subject.
    /// Prints the chain.
    fn check(marked: &str, expected: &str) {
        let mut doc = Doc::default();
        let (mut phrase, mut open, mut names) = (Span::new(0, 0), 0, Vec::new());
        for c in marked.chars() {
            let at = doc.text.len();
            match c {
                '<' => phrase.start = at as u32,
                '>' => phrase.end = at as u32,
                '[' => open = at,
                ']' => names.push((Span::new(open, at), false)),
                '!' => names.last_mut().expect("a name before").1 = true,
                c => doc.text.push(c),
            }
        }
        let mut start = 0;
        for word in doc.text.clone().split_inclusive([' ', ',', '.']) {
            let bare = word.trim_end_matches([' ', ',', '.']);
            let stop = word[bare.len()..].trim_end();
            for (form, at) in [(bare, start), (stop, start + bare.len())] {
                if !form.is_empty() {
                    let span = Span::new(at, at + form.len());
                    let name = names.iter().find(|(name, _)| name.contains(span));
                    let upos = if name.is_some() { Upos::Propn } else { Upos::Noun };
                    let subject = name.is_some_and(|(_, subject)| *subject);
                    let deprel = if subject { Deprel::Nsubj } else { Deprel::Nmod };
                    doc.tokens.push(Token { span, lemma: form.to_lowercase(), upos, head: 0, deprel });
                }
            }
            start += word.len();
        }
        // The last word of the phrase heads it.
        let head = doc.tokens.partition_point(|token| token.span.start < phrase.end) - 1;
        for token in doc.tokens[..head].iter_mut().filter(|token| phrase.contains(token.span)) {
            token.head = head as u32;
        }
        for (span, _) in names {
            let first = doc.tokens.partition_point(|token| token.span.end <= span.start) as u32;
            let last = doc.tokens.partition_point(|token| token.span.start < span.end) as u32;
            doc.mentions.push(Mention { span, tokens: (first, last), kind: MentionKind::Location });
        }
        doc.sentences.push((0, doc.tokens.len() as u32));
        let (page, lexicon) = (Page::default(), Lexicon::new());
        let ctx = Context::with(&page, &doc, &lexicon, Actors::shipped(), Gazetteer::shipped());
        let found: Vec<&str> = chained(&ctx, &[phrase]).iter().map(|span| span.of(&doc.text)).collect();
        assert_eq!(found.join(" | "), expected, "{marked}");
    }

    #[test]
    fn the_places_that_hold_a_place_follow_it() {
        check("fired in <[Kelm]> district, [Osh] province yesterday", "Kelm district | Osh province");
        check("fired in <[Kelm]> in northern [Osh].", "Kelm | Osh");
        check("fired in <[Kelm], [Osh]>.", "Kelm | Osh");
    }

    #[test]
    fn who_acts_next_holds_nothing() {
        check("fired in <[Kelm]>, [Varda]! said", "Kelm");
    }

    #[test]
    fn a_description_yields_to_the_name_behind_it() {
        check("fired in <the Vardan capital>, [Kelm], at noon", "Kelm");
        check("fired at <a castle> in [Kelm]", "a castle | Kelm");
    }

    /// The country of the event at the token, and what decided.
    fn country(parse: &str, event: usize, place: &str) -> String {
        let doc = testing::doc(parse);
        let (page, lexicon) = (Page::default(), Lexicon::new());
        let ctx = Context::with(&page, &doc, &lexicon, Actors::shipped(), Gazetteer::shipped());
        let spans: Vec<Span> =
            doc.text.match_indices(place).take(1).map(|(at, _)| Span::new(at, at + place.len())).collect();
        let spans = if place.is_empty() { Vec::new() } else { spans };
        let whereabouts = Whereabouts::of(&ctx, &Gazetteer::shipped(), spans.iter().copied());
        let places = whereabouts.places(&ctx, &spans);
        let asked = Asked { event, kind: EventType::Assault, chain: &[], filled: &[], before: None };
        whereabouts
            .country(&ctx, &places, &asked)
            .map_or("-".to_owned(), |(country, why)| format!("{}: {why}", String::from_utf8_lossy(&country)))
    }

    #[test]
    fn the_country_is_that_of_the_place_else_that_of_the_report() {
        let report = "Police/NOUN/2/nsubj shot~shoot/VERB/0/root men~man/NOUN/2/obj in/ADP/5/case Kunar@location/PROPN/2/obl\n\
                      They/PRON/2/nsubj fired~fire/VERB/0/root";
        assert_eq!(country(report, 1, "Kunar"), "AF: country of the place");
        assert_eq!(country(report, 6, ""), "AF: country that the page is about");
    }

    #[test]
    fn at_sea_and_without_evidence_there_is_none() {
        let at_sea = "Ships/NOUN/2/nsubj fired~fire/VERB/0/root in/ADP/5/case Red@location/PROPN/5/compound \
                      Sea@location/PROPN/2/obl";
        assert_eq!(country(at_sea, 1, "Red Sea"), "-");
        assert_eq!(country("They/PRON/2/nsubj fired~fire/VERB/0/root", 1, ""), "-");
    }
}
