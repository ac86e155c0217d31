//! What a person sees: a report's claims, drawn for the eye.
//!
//! Start at [`View::show`]. Each claim shows the words it was read from with its slots in colour, the chain from the
//! outside in, what the last source does with the event, and the slots by name. Nothing is said by colour alone.
//!
//! Texts come from anywhere. What is printed passes [`clean`], so that no page can write to the terminal beyond
//! its letters. How lines are broken and painted is in [`paint`].

mod links;
mod paint;

use std::io::IsTerminal;

use hearsay_doc::{
    Argument, Claim, Doc, Figure, Link, Page, PlaceRef, Position, Published, Scope, Span, Stance, TimeRef,
};
use hearsay_pipeline::Read;

use paint::{Piece, Pieces, Style};
pub(crate) use paint::{clean, cut, width_of};

/// When to use colour.
#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
pub(crate) enum ColorChoice {
    /// On a terminal, unless NO_COLOR is set
    #[default]
    Auto,
    /// Also in a pipe
    Always,
    /// Not at all
    Never,
}

impl ColorChoice {
    fn wanted(self) -> bool {
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        match self {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => {
                std::io::stdout().is_terminal()
                    && !set("NO_COLOR")
                    && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
            }
        }
    }
}

/// Colour and width, as every command that draws takes them.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
pub(crate) struct Look {
    /// Colours: auto is on a terminal, unless NO_COLOR is set
    #[arg(long, value_enum, default_value_t, value_name = "WHEN")]
    color: ColorChoice,
    /// Columns to wrap at [default: the terminal's, at most 100; 80 in a pipe]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(40..))]
    width: Option<u16>,
}

/// Lines longer than this tire the eye, however wide the terminal is.
const WIDEST: usize = 100;
/// Narrower than this, columns no longer fit side by side.
const NARROWEST: usize = 40;
/// Longest quote in bytes; a longer sentence is cut to the neighbourhood of what was read from it.
const LONGEST_QUOTE: usize = 600;
/// Columns before everything that belongs to a claim.
const INDENT: &str = "    ";

/// How reports are drawn.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View {
    color: bool,
    width: usize,
}

impl View {
    /// As the user asked for it; the width otherwise is the terminal's, or 80 in a pipe.
    pub(crate) fn new(look: Look) -> View {
        let terminal = || console::Term::stdout().size_checked().map_or(80, |(_, columns)| columns.into());
        let width = look.width.map_or_else(|| terminal().clamp(NARROWEST, WIDEST), usize::from);
        View { color: look.color.wanted(), width }
    }

    /// One report: what it is, its claims, its tolls, what was odd. Ends with a line end.
    pub(crate) fn show(&self, page: &Page, read: &Read) -> String {
        let mut out = self.header(page, read);
        for (claim, n) in read.reading.claims.iter().zip(1..) {
            out += "\n";
            out += &self.claim(page, &read.doc, claim, n);
        }
        out += &self.tolls(&read.doc, &read.reading.claims);
        for note in page.notes.iter().chain(&read.reading.notes) {
            let pieces = Pieces::from_iter([Piece::new(Style::Dim, "note "), Piece::plain(note)]);
            out += "\n";
            out += &self.lines(&pieces, "", "     ");
        }
        out
    }

    fn lines(&self, pieces: &Pieces, first: &str, rest: &str) -> String {
        pieces.wrap(first, rest, self.width, self.color)
    }

    fn header(&self, page: &Page, read: &Read) -> String {
        let mut out = String::new();
        let title = page.title.as_deref().unwrap_or(&page.name);
        out += &self.lines(&Pieces::from_iter([Piece::new(Style::Title, title)]), "", "");
        let mut facts: Vec<String> = Vec::new();
        facts.extend(page.outlet.clone());
        facts.push(
            page.published
                .as_ref()
                .map_or_else(|| "no date known (--published gives one)".to_owned(), published),
        );
        facts.extend(page.byline.as_ref().map(|byline| format!("by {byline}")));
        if !page.credits.is_empty() {
            facts.push(format!("credits {}", page.credits.join(", ")));
        }
        out += &self.lines(&Pieces::from_iter([Piece::plain(facts.join(" · "))]), "", "  ");
        if let Some(url) = &page.url {
            out += &self.lines(&Pieces::from_iter([Piece::new(Style::Dim, url)]), "", "  ");
        }
        out += &self.lines(&summary(read), "", "  ");
        out
    }

    fn claim(&self, page: &Page, doc: &Doc, claim: &Claim, n: usize) -> String {
        let mut out = self.headline(doc, claim, n);
        out += &self.lines(&quote(doc, claim), &bar(self.color), &bar(self.color));
        out += &self.lines(&chain(page, doc, claim), INDENT, "      ");
        for (name, pieces) in slots(doc, claim) {
            out += &self.lines(&pieces, &self.label(name, 6), "           ");
        }
        out + &self.reasons(doc, claim)
    }

    /// What decided: for each slot its words, and what spoke most for them. Nothing where nobody asked.
    fn reasons(&self, doc: &Doc, claim: &Claim) -> String {
        let mut out = String::new();
        for same in claim.why.chunk_by(|a, b| (a.slot, a.span) == (b.slot, b.span)) {
            let words = squeeze(doc.slice(same[0].span));
            let mut line = Pieces::from_iter([Piece::plain(format!("“{words}”"))]);
            for (reason, comma) in same.iter().zip(std::iter::once(": ").chain(std::iter::repeat(", "))) {
                line.push(Piece::new(Style::Dim, format!("{comma}{}", reason.rule)));
                if reason.weight != 0.0 {
                    line.push(Piece::plain(format!(" {:+.2}", reason.weight)));
                }
            }
            let label = self.label(&format!("why {}", same[0].slot), 14);
            out += &self.lines(&line, &label, "                     ");
        }
        if !claim.why.is_empty() {
            let sure = Pieces::from_iter([Piece::plain(format!("{:.0} %", claim.confidence * 100.0))]);
            out += &self.lines(&sure, &self.label("confidence", 14), "");
        }
        out
    }

    /// The name of a line, before it, in a column of its own.
    fn label(&self, name: &str, width: usize) -> String {
        let pad = " ".repeat((width + 1).saturating_sub(width_of(name)).max(1));
        INDENT.to_owned() + &Pieces::from_iter([Piece::new(Style::Dim, name)]).line(self.color) + &pad
    }

    /// Number, type, mode and the word that told of it; on the right what the source does with it.
    fn headline(&self, doc: &Doc, claim: &Claim, n: usize) -> String {
        let event = &claim.event;
        let number = format!("{n:>2}");
        let number_width = number.len() + 2;
        let number = Pieces::from_iter([Piece::new(Style::Dim, number)]).line(self.color) + "  ";
        let mut left = Pieces::from_iter([Piece::new(Style::Title, event.kind.as_str())]);
        if let Some(mode) = event.mode {
            left.push(Piece::plain(format!(" · {mode}")));
        }
        if event.modality != hearsay_doc::Modality::Actual {
            let word = event.modality.as_str().replace('_', " ");
            left.push(Piece::plain(" · "));
            left.push(Piece::new(Style::Warn, word));
        }
        // Several claims may share a sentence; where there is no colour this alone tells them apart.
        left.push(Piece::new(Style::Dim, format!("  “{}”", squeeze(doc.slice(event.trigger)))));
        let mut right = Pieces::from_iter([Piece::new(style_of(claim.stance), claim.stance.as_str())]);
        // "denies · denied" would say one thing twice.
        let derived = claim.responsibility.filter(|_| claim.stance != Stance::Denies);
        if let Some(responsibility) = derived {
            let word = responsibility.as_str().replace('_', " ");
            right.push(Piece::plain(format!(" · {word}")));
        }
        let gap = self.width.saturating_sub(number_width + left.width() + right.width());
        if gap < 2 {
            return self.lines(&left, &number, INDENT) + &self.lines(&right, INDENT, INDENT);
        }
        left.push(Piece::plain(" ".repeat(gap)));
        left.extend(right);
        number + &left.line(self.color) + "\n"
    }

    /// All figures of the report side by side, where there are several.
    fn tolls(&self, doc: &Doc, claims: &[Claim]) -> String {
        let rows: Vec<[String; 6]> = claims
            .iter()
            .zip(1..)
            .flat_map(|(claim, n)| claim.figures.iter().map(move |figure| toll(doc, claim, figure, n)))
            .collect();
        if rows.len() < 2 {
            return String::new();
        }
        let names = ["harm", "number", "whom", "counted", "claim", "who says"].map(str::to_owned);
        let widest = |column: usize| rows.iter().chain([&names]).map(|row| width_of(&row[column])).max();
        let widths: [usize; 6] = std::array::from_fn(|column| widest(column).unwrap_or(0));
        let title = Pieces::from_iter([Piece::new(Style::Title, "Tolls")]).line(self.color);
        let mut out = format!("\n{title}\n");
        // The last column takes what the others leave.
        let room = self.width.saturating_sub(widths[..5].iter().sum::<usize>() + 6 * 2);
        if room < 12 {
            for row in &rows {
                let [harm, number, whom, counted, claim, says] = row;
                let words = format!("{harm} · {number} · {whom} · {counted} · {says} · claim {claim}");
                out += &self.lines(&Pieces::from_iter([Piece::plain(words)]), "  ", "    ");
            }
            return out;
        }
        for (row, style) in
            [(&names, Style::Dim)].into_iter().chain(rows.iter().map(|row| (row, Style::Plain)))
        {
            let pad = |column: usize| " ".repeat(widths[column] - width_of(&row[column]));
            let [harm, number, whom, counted, claim, says] = row;
            let words = [
                format!("  {harm}{}  {}{number}  {whom}{}  ", pad(0), pad(1), pad(2)),
                format!("{counted}{}  {}{claim}  {}", pad(3), pad(4), paint::cut(says, room)),
            ];
            let line = Pieces::from_iter([Piece::new(style, words.concat())]);
            out = out + &line.line(self.color) + "\n";
        }
        out
    }

    /// What stands between two reports.
    pub(crate) fn between(&self) -> String {
        let rule = Pieces::from_iter([Piece::new(Style::Dim, "─".repeat(self.width))]);
        format!("\n{}\n\n", rule.line(self.color))
    }
}

/// `published 2024-03-24, from the page's JSON-LD`.
fn published(published: &Published) -> String {
    let evidence = match published.from {
        "given" => "as given",
        "json-ld" => "from the page's JSON-LD",
        "meta" => "from the page's meta tags",
        "time" => "from the page's time tag",
        "url" => "from the address",
        "text" => "from the text",
        "export" => "from the export",
        other => other,
    };
    format!("published {} ({evidence})", published.when.iso())
}

/// How many claims, and how many of them do more than assert.
fn summary(read: &Read) -> Pieces {
    let claims = &read.reading.claims;
    if claims.is_empty() {
        let n_words = read.doc.tokens.len();
        let words =
            format!("no claim of an event of armed conflict found in {} tokens", thousands(n_words as u64));
        return Pieces::from_iter([Piece::new(Style::Dim, words)]);
    }
    let noun = if claims.len() == 1 { "claim" } else { "claims" };
    let mut line = Pieces::from_iter([Piece::plain(format!("{} {noun}", claims.len()))]);
    for stance in Stance::ALL {
        let n = claims.iter().filter(|claim| claim.stance == *stance).count();
        if n > 0 {
            line.push(Piece::plain(format!(" · {n} ")));
            line.push(Piece::new(style_of(*stance), done(*stance)));
        }
    }
    line
}

/// The stance as it is counted: `2 denied`.
fn done(stance: Stance) -> &'static str {
    match stance {
        Stance::Asserts => "asserted",
        Stance::Confirms => "confirmed",
        Stance::Denies => "denied",
        Stance::Doubts => "doubted",
        Stance::Suspects => "suspected",
    }
}

fn style_of(stance: Stance) -> Style {
    match stance {
        Stance::Asserts | Stance::Confirms => Style::Good,
        Stance::Denies => Style::Bad,
        Stance::Doubts | Stance::Suspects => Style::Warn,
    }
}

/// The line beside a quote.
fn bar(color: bool) -> String {
    format!("{INDENT}{} ", Pieces::from_iter([Piece::new(Style::Dim, "│")]).line(color))
}

/// The sentence with the claim's slots painted. Where two slots share words the one named first wins.
fn quote(doc: &Doc, claim: &Claim) -> Pieces {
    let event = &claim.event;
    let mut painted: Vec<(Style, Span)> = vec![(Style::Trigger, event.trigger)];
    painted.extend(claim.figures.iter().map(|figure| (Style::Figure, figure.span)));
    painted.extend(event.time.iter().filter_map(|time| time.span).map(|span| (Style::Time, span)));
    painted.extend(event.place.iter().map(|place| (Style::Place, place.span)));
    painted.extend(event.actor.iter().map(|actor| (Style::Actor, actor.span)));
    painted.extend(event.recipient.iter().map(|recipient| (Style::Recipient, recipient.span)));
    painted.extend(event.instrument.iter().map(|instrument| (Style::Instrument, instrument.span)));
    painted.extend(claim.chain.iter().filter_map(|link| link.source).map(|span| (Style::Source, span)));
    painted.extend(claim.chain.iter().filter_map(|link| link.cue).map(|span| (Style::Cue, span)));

    let shown = excerpt(doc, claim, &painted);
    let text = doc.slice(shown);
    let mut styles = vec![Style::Plain; text.len()];
    for &(style, span) in painted.iter().rev().filter(|(_, span)| shown.contains(*span)) {
        let (start, end) = (span.start - shown.start, span.end - shown.start);
        styles[start as usize..end as usize].fill(style);
    }
    let ellipsis = |cut: bool| Piece::new(Style::Dim, if cut { "…" } else { "" });
    let mut pieces = Pieces::from_iter([ellipsis(shown.start > claim.sentence.start)]);
    let mut start = 0;
    for (run, style) in styles.chunk_by(|a, b| a == b).map(|run| (run.len(), run[0])) {
        pieces.push(Piece::new(style, &text[start..start + run]));
        start += run;
    }
    pieces.push(ellipsis(shown.end < claim.sentence.end));
    pieces
}

/// The sentence, or of a very long one the words around the trigger and as many slots as fit.
fn excerpt(doc: &Doc, claim: &Claim, painted: &[(Style, Span)]) -> Span {
    let sentence = claim.sentence;
    if (sentence.end - sentence.start) as usize <= LONGEST_QUOTE {
        return sentence;
    }
    let trigger = claim.event.trigger;
    let near = |span: &&(Style, Span)| {
        sentence.contains(span.1) && span.1.start + 250 > trigger.start && span.1.end < trigger.end + 250
    };
    let spans = || painted.iter().filter(near).map(|(_, span)| *span).chain([trigger]);
    let first = spans().map(|span| span.start).min().unwrap_or(trigger.start);
    let last = spans().map(|span| span.end).max().unwrap_or(trigger.end);
    // Outwards to a space, so that no word and no letter is cut.
    let start = sentence.start.max(first.saturating_sub(40));
    let start = doc.text.get(..first as usize).and_then(|before| {
        before.char_indices().rev().find(|&(at, c)| at < start as usize && c.is_whitespace())
    });
    let start = start.map_or(sentence.start, |(at, c)| (at + c.len_utf8()) as u32).max(sentence.start);
    let end = doc.text.get(last as usize..).and_then(|after| {
        after.char_indices().find(|&(at, c)| at >= 40 && c.is_whitespace()).map(|(at, _)| last + at as u32)
    });
    Span { start, end: end.unwrap_or(sentence.end).min(sentence.end) }
}

/// The chain from the outside in: `Mehr News Agency ← the statement (Islamic Resistance in Iraq) said`.
fn chain(page: &Page, doc: &Doc, claim: &Claim) -> Pieces {
    let outlet = page.outlet.as_deref().unwrap_or("the report");
    let mut line = Pieces::from_iter([Piece::plain(outlet)]);
    if claim.chain.is_empty() {
        line.push(Piece::plain(", in its own voice"));
    }
    for link in &claim.chain {
        line.push(Piece::plain(" ← "));
        let cue = link.cue.map(|cue| squeeze(doc.slice(cue)));
        match cue {
            Some(cue) if is_prepositional(&cue) => {
                line.push(Piece::new(Style::Cue, format!("{} ", cue.to_lowercase())));
                line.push(Piece::new(Style::Source, source(doc, link)));
            }
            cue => {
                line.push(Piece::new(Style::Source, source(doc, link)));
                line.extend(cue.iter().map(|cue| Piece::new(Style::Cue, format!(" {cue}"))).collect());
            }
        }
        if let Some(medium) = link.medium {
            line.push(Piece::plain(format!(" {}", squeeze(doc.slice(medium)))));
        }
        if let Some(when) = link.said_on {
            line.push(Piece::plain(format!(" ({})", when.iso())));
        }
    }
    match claim.position {
        Position::Actor if !claim.chain.is_empty() => line.push(Piece::plain(" · speaks as the actor")),
        Position::Recipient if !claim.chain.is_empty() => {
            line.push(Piece::plain(" · speaks as the recipient"))
        }
        _ => {}
    }
    line
}

/// Whether a cue is read before its source: "according to the mayor", but "the mayor said" however they are ordered.
fn is_prepositional(cue: &str) -> bool {
    let first = cue.split(' ').next().unwrap_or_default().to_lowercase();
    ["according", "by", "citing", "from", "per", "quoting", "via"].contains(&first.as_str())
}

/// A source's words, and whom they stand for.
fn source(doc: &Doc, link: &Link) -> String {
    let words = link.source.map(|span| squeeze(doc.slice(span)));
    with_resolved(words.as_deref().unwrap_or("somebody unnamed"), link.resolved.as_deref())
}

fn with_resolved(words: &str, resolved: Option<&str>) -> String {
    match resolved {
        Some(name) if name != words => format!("{words} ({name})"),
        _ => words.to_owned(),
    }
}

/// The named lines below the chain; a line with nothing to say is left out.
fn slots(doc: &Doc, claim: &Claim) -> Vec<(&'static str, Pieces)> {
    let event = &claim.event;
    let mut lines = Vec::new();
    if !event.actor.is_empty() || !event.recipient.is_empty() {
        let actor = match event.actor.is_empty() {
            true => Pieces::from_iter([Piece::new(Style::Dim, "nobody named")]),
            false => arguments(doc, &event.actor, Style::Actor),
        };
        let recipient = match event.recipient.is_empty() {
            true => Pieces::default(),
            false => Pieces::from_iter([Piece::plain(" → ")]).then(arguments(
                doc,
                &event.recipient,
                Style::Recipient,
            )),
        };
        lines.push(("who", actor.then(recipient)));
    }
    if !event.instrument.is_empty() {
        lines.push(("with", arguments(doc, &event.instrument, Style::Instrument)));
    }
    if !event.place.is_empty() || event.country.is_some() {
        lines.push(("where", places(doc, &event.place, event.country)));
    }
    lines.extend(event.time.as_ref().map(|time| ("when", when(doc, time))));
    for figure in &claim.figures {
        let words = format!("{} {}, “{}”", figure.measure, interval(figure), squeeze(doc.slice(figure.span)));
        let about = [figure.population.map(|who| who.to_string()), scope(figure)];
        let about = about.into_iter().flatten().map(|word| format!(" · {word}")).collect::<String>();
        lines.push(("toll", Pieces::from_iter([Piece::new(Style::Figure, words), Piece::plain(about)])));
    }
    lines
}

fn arguments(doc: &Doc, list: &[Argument], style: Style) -> Pieces {
    let mut line = Pieces::default();
    for (argument, n) in list.iter().zip(0..) {
        if n > 0 {
            line.push(Piece::plain("; "));
        }
        let words = squeeze(doc.slice(argument.span));
        line.push(Piece::new(style, with_resolved(&words, argument.resolved.as_deref())));
    }
    line
}

/// Words, fineness and country of each place; the country alone where no place is named.
fn places(doc: &Doc, list: &[PlaceRef], country: Option<[u8; 2]>) -> Pieces {
    let letters = |code: [u8; 2]| code.map(char::from).iter().collect::<String>();
    let mut line = Pieces::default();
    for (place, n) in list.iter().zip(0..) {
        if n > 0 {
            line.push(Piece::plain("; "));
        }
        line.push(Piece::new(Style::Place, squeeze(doc.slice(place.span))));
        if let Some(found) = &place.resolved {
            let known = [Some(found.precision.to_string()), found.country.map(letters)];
            let within = found.radius_km.map(|km| format!("within {km:.0} km"));
            line.push(Piece::plain(format!(
                " ({})",
                known.into_iter().chain([within]).flatten().collect::<Vec<_>>().join(", ")
            )));
        } else if let Some(near) = &place.near {
            line.push(Piece::plain(format!(" (by {})", clean(&near.name))));
        }
    }
    let unsaid = list.iter().all(|place| place.resolved.as_ref().is_none_or(|found| found.country.is_none()));
    if let (Some(code), true) = (country, unsaid) {
        let lead = if list.is_empty() { "somewhere in " } else { ", " };
        line.push(Piece::plain(format!("{lead}{}", letters(code))));
    }
    line
}

fn when(doc: &Doc, time: &TimeRef) -> Pieces {
    let mut line = Pieces::from_iter([Piece::new(Style::Time, time.interval.iso())]);
    if let Some(span) = time.span {
        line.push(Piece::plain(format!(" “{}”", squeeze(doc.slice(span)))));
    }
    line
}

/// A figure as a row: measure, number, population, scope, claim, who says.
fn toll(doc: &Doc, claim: &Claim, figure: &Figure, n: usize) -> [String; 6] {
    let says = match claim.chain.last() {
        Some(link) => source(doc, link),
        None => "the outlet".to_owned(),
    };
    let says = match claim.stance {
        Stance::Asserts => says,
        stance => format!("{says} {stance}"),
    };
    [
        figure.measure.to_string(),
        interval(figure),
        figure.population.map_or("people".to_owned(), |who| who.to_string()),
        scope(figure).unwrap_or_else(|| "this event".to_owned()),
        n.to_string(),
        paint::clean(&says),
    ]
}

/// `since 2023-10-07` or `running total`; nothing where this event alone is counted.
fn scope(figure: &Figure) -> Option<String> {
    match (figure.scope, figure.since) {
        (Scope::Event, _) => None,
        (Scope::Cumulative, Some(since)) => Some(format!("since {}", since.start_iso())),
        (Scope::Cumulative, None) => Some("running total".to_owned()),
    }
}

/// `5`, `20–30`, `5 or more`, `up to 30`, `unknown`.
fn interval(figure: &Figure) -> String {
    match (figure.low.map(thousands), figure.high.map(thousands)) {
        (Some(low), Some(high)) if low == high => low,
        (Some(low), Some(high)) => format!("{low}–{high}"),
        (Some(low), None) => format!("{low} or more"),
        (None, Some(high)) => format!("up to {high}"),
        (None, None) => "unknown".to_owned(),
    }
}

/// `32,000`.
fn thousands(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (digit, left) in digits.chars().zip((0..digits.len()).rev()) {
        out.push(digit);
        if left > 0 && left % 3 == 0 {
            out.push(',');
        }
    }
    out
}

/// Words on one line, with single spaces.
fn squeeze(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
