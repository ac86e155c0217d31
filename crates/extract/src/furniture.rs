//! Parts of a page's text that belong to the page, not to the report: credits, bylines, datelines, requests to share.
//!
//! Start at [`furniture`]. It goes line by line and marks a line only by its whole shape, because a sentence that is
//! marked by mistake is never read: a missed "Read more" costs nothing.
//!
//! What stands before a report's first words is `dateline`'s; names of agencies are `outlets`'.

use crate::dateline::{self, Dateline};
use crate::outlets;
use hearsay_doc::{Page, Span};
use std::collections::HashMap;
use std::sync::LazyLock;

/// What was found in a page's text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Furniture {
    /// Bytes of the text, in order, never overlapping.
    pub spans: Vec<Span>,
    /// Agencies and outlets named as the origin, as written, each once, without the page's own outlet.
    pub credits: Vec<String>,
    /// Who signed it.
    pub byline: Option<String>,
    /// The first dateline.
    pub dateline: Option<Dateline>,
}

/// Trimmed lines that hold anything, in order.
pub(crate) fn lines(text: &str) -> impl DoubleEndedIterator<Item = Span> {
    let base = text.as_ptr() as usize;
    text.split(['\n', '\r', '\u{2028}', '\u{2029}']).map(str::trim).filter(|line| !line.is_empty()).map(
        move |line| {
            let start = line.as_ptr() as usize - base;
            Span::new(start, start + line.len())
        },
    )
}

/// Finds the furniture of `page`, whose text and outlet are used and nothing else. Text without any gives empty lists.
pub fn furniture(page: &Page) -> Furniture {
    let text = page.text.as_str();
    let mut found = Finder { text, outlet: page.outlet.as_deref(), out: Furniture::default() };
    let all: Vec<Span> = lines(text).collect();
    for (n, &line) in all.iter().enumerate() {
        let opens = n < 3 || found.out.spans.last() == Some(&all[n - 1]) || opens(text, all[n - 1], line);
        found.line(line, Place { opens, head: n < 8, tail: all.len() - n <= 8 });
    }
    let mut out = found.out;
    out.spans.sort();
    out.spans.dedup_by(|next, kept| {
        let same = next.start <= kept.end;
        kept.end = if same { kept.end.max(next.end) } else { kept.end };
        same
    });
    out
}

/// Where a line stands.
#[derive(Clone, Copy)]
struct Place {
    /// It is no continuation of a line of the report, as lines of hard-wrapped text are.
    opens: bool,
    /// One of the first eight lines.
    head: bool,
    /// One of the last eight lines.
    tail: bool,
}

/// Does a paragraph begin here: after an empty line, or after a line that ends with a stop?
fn opens(text: &str, before: Span, line: Span) -> bool {
    let between = &text[before.end as usize..line.start as usize];
    between.matches('\n').count() > 1
        || before.of(text).ends_with(['.', '!', '?', ')', ':', '"', '”', '»', '…', ']'])
}

struct Finder<'a> {
    text: &'a str,
    outlet: Option<&'a str>,
    out: Furniture,
}

impl<'a> Finder<'a> {
    fn line(&mut self, line: Span, place: Place) {
        let Place { opens, head, tail } = place;
        let words = line.of(self.text);
        if let Some(name) = (head && opens).then(|| byline(words)).flatten() {
            self.sign(&name);
            return self.mark(line);
        }
        if let Some(names) = self.credit_line(words, tail) {
            names.iter().for_each(|name| self.credit(name));
            return self.mark(line);
        }
        if is_boilerplate(words) {
            return self.mark(line);
        }
        let marks = release_marks(words);
        marks.into_iter().for_each(|(from, to)| self.mark_within(line, from, to));
        let dateline = dateline::in_line(self.text, line);
        let first = head && self.out.dateline.is_none();
        let dateline = dateline.filter(|d| {
            d.place.is_some() && d.date.is_some()
                || opens && (d.agency.is_some() || d.date.is_some() || first)
        });
        if let Some(dateline) = dateline {
            self.mark(dateline.span);
            if let Some(agency) = dateline.agency {
                agency.of(self.text).split('/').for_each(|name| self.credit(name));
            }
            self.out.dateline.get_or_insert(dateline);
            if dateline.span == line {
                return;
            }
        }
        self.line_end(line);
    }

    fn mark(&mut self, span: Span) {
        self.out.spans.push(span);
    }

    fn mark_within(&mut self, line: Span, from: usize, to: usize) {
        self.mark(Span::new(line.start as usize + from, line.start as usize + to));
    }

    fn sign(&mut self, name: &str) {
        if outlets::known(name) {
            self.credit(name);
        }
        self.out.byline.get_or_insert_with(|| name.to_owned());
    }

    fn credit(&mut self, name: &str) {
        let name = name.trim().trim_matches(['.', ',', '-', '–', '—', '(', ')', '"', '“', '”']).trim();
        let general = ["agencies", "news agencies", "wires", "staff", "file", "wire services", "agency"];
        let own = self.outlet.is_some_and(|outlet| outlets::same(name, outlet));
        let again = self.out.credits.iter().any(|credit| outlets::same(name, credit));
        if !name.is_empty() && !own && !again && !general.contains(&name.to_lowercase().as_str()) {
            self.out.credits.push(name.to_owned());
        }
    }

    /// The names that a line credits, if it does nothing else.
    fn credit_line(&self, words: &'a str, tail: bool) -> Option<Vec<&'a str>> {
        let lower = words.to_lowercase();
        let opens = STAFF.iter().any(|start| lower.trim_start_matches(['(', ' ']).starts_with(start));
        if words.len() <= 300 && is_staff_credit(&lower) && (opens || last_sentence(words).is_none()) {
            return Some(known_within(words));
        }
        if words.len() > 120 {
            return None;
        }
        let bare = words.trim_start_matches(|c: char| "-–—(/*[_".contains(c) || c.is_whitespace());
        let bare = bare.trim_end_matches(|c: char| ")/*]_".contains(c) || c.is_whitespace());
        let leads = [
            "source:",
            "sources:",
            "source –",
            "source -",
            "via:",
            "credit:",
            "credits:",
            "originally from:",
        ];
        if let Some(lead) = leads.iter().find(|lead| starts_with(bare, lead)) {
            let names = split_names(&bare[lead.len()..]);
            if names.iter().all(|n| is_web(n) || outlets::known(n) || tail && is_name(n)) {
                return Some(names.into_iter().filter(|name| !is_web(name)).collect());
            }
            return None;
        }
        let leads = [
            "with inputs from ",
            "with input from ",
            "with agency inputs",
            "with reporting by ",
            "with files from ",
            "with additional reporting by ",
            "with information from ",
            "with material from ",
            "with ",
        ];
        if let Some(lead) = leads.iter().find(|lead| starts_with(bare, lead)) {
            let names = split_names(bare.get(lead.len()..).unwrap_or("").trim_end_matches('.'));
            let general = |n: &str| {
                ["agencies", "agency inputs", "news agencies", "wires", "wire services"]
                    .contains(&n.to_lowercase().as_str())
            };
            let strict = *lead == "with ";
            let fits = names.iter().all(|n| general(n) || outlets::known(n) || !strict && is_name(n));
            return fits.then_some(names);
        }
        if !tail || bare.len() > 60 || bare.ends_with(['!', '?', ':', ',']) {
            return None;
        }
        let names = split_names(bare.trim_end_matches('.'));
        let own = |name: &str| {
            self.outlet.is_some_and(|outlet| outlets::same(name, outlet) || ends_outlet(name, outlet))
        };
        let general =
            |name: &str| ["agencies", "news agencies", "wires"].contains(&name.to_lowercase().as_str());
        let cased = |name: &str| name.contains(char::is_uppercase) || name == "dpa";
        let sure = |name: &&str| outlets::known(name) && cased(name) || own(name) || general(name);
        // "KNA/Vel Post": one that is known vouches for the other beside the stroke.
        let all = !names.is_empty() && names.iter().all(sure);
        let stroke =
            bare.contains('/') && names.iter().any(sure) && names.iter().all(|n| sure(n) || is_name(n));
        let own_outlet_alone = names.len() == 1 && own(names[0]) && bare == words;
        ((all && !own_outlet_alone) || stroke).then(|| names.into_iter().filter(|name| !own(name)).collect())
    }

    /// Brackets and dashes at the end of a line: "… fled. (Reuters) (Al Jazeera 2)", "… fled. — AFP".
    fn line_end(&mut self, line: Span) {
        let words = line.of(self.text);
        let mut end = words.len();
        let mut names: Vec<&str> = Vec::new();
        while words[..end].ends_with(')') {
            let Some(open) = words[..end].rfind('(') else { break };
            let inner = words[open + 1..end - 1].trim();
            let before = words[..open].trim_end();
            let parts = credited(inner);
            let ended = before.ends_with(['.', '!', '?', '…', '"', '”', '’', '»', ')', ']']);
            let all_known = !parts.is_empty() && parts.iter().all(|part| outlets::known(part));
            let shaped = ended && !parts.is_empty() && parts.iter().all(|part| is_outlet_shaped(part));
            let photographer = ended && is_photo_credit(inner);
            let staff = ended && is_staff_credit(&inner.to_lowercase());
            if before.is_empty() || !(all_known || shaped || photographer || staff) {
                break;
            }
            if staff {
                names.extend(known_within(inner));
            } else if !photographer {
                names.extend(parts.iter().rev());
            }
            end = before.len();
        }
        if end < words.len() {
            let from = end + words[end..].find('(').unwrap_or(0);
            self.mark_within(line, from, words.len());
            names.iter().rev().for_each(|name| self.credit(name));
            return;
        }
        if let Some((from, name)) = signed_by_agency(words) {
            self.mark_within(line, from, words.len());
            return split_names(name).into_iter().for_each(|name| self.credit(name));
        }
        if let Some(from) = last_sentence(words).filter(|from| *from > 0) {
            let sentence = &words[from..];
            if sentence.len() <= 200 && is_staff_credit(&sentence.to_lowercase()) {
                self.mark_within(line, from, words.len());
                known_within(sentence).into_iter().for_each(|name| self.credit(name));
            }
        }
    }
}

/// A line that belongs to the page and tells nothing of the report: "Read more: …", "Your Comment", "3 shares".
pub(crate) fn is_boilerplate(line: &str) -> bool {
    let n_chars = line.chars().count();
    let bare = line.trim_matches(|c: char| !c.is_alphanumeric() && !"©#@".contains(c));
    if bare.is_empty() || ["-30-", "(ends)"].contains(&line.to_ascii_lowercase().as_str()) {
        return true;
    }
    if bare.trim_matches('#').is_empty() || n_chars > 220 {
        return bare.trim_matches('#').is_empty();
    }
    let lower = bare.to_lowercase();
    let lower = lower.as_str();
    // "2 days ago." ends a sentence of wrapped text.
    let stops = line.ends_with(['.', ',', '?', '!', ';']);
    if n_chars <= 60 && !stops && (list("whole").contains(&lower) || is_count(lower)) || is_reference(line) {
        return true;
    }
    if list("holds").iter().any(|words| lower.contains(words)) || all_links(line) || is_menu(line) {
        return true;
    }
    let said = [" said", " told ", " says ", " сказал", " сообщил"].iter().any(|cue| lower.contains(cue));
    let opens = |start: &str| {
        let after = lower.strip_prefix(start);
        after.is_some_and(|rest| start.ends_with([':', ' ', '@']) || !rest.starts_with(char::is_alphanumeric))
    };
    n_chars <= 160 && !said && (list("opens").iter().any(|start| opens(start)) || is_dated(lower))
        || n_chars <= 140 && is_channel_footer(line, lower)
}

/// The rows of `boilerplate.tsv` of one kind.
fn list(kind: &str) -> &'static [&'static str] {
    static LISTS: LazyLock<HashMap<&str, Vec<&str>>> = LazyLock::new(|| {
        let mut lists: HashMap<&str, Vec<&str>> = HashMap::new();
        let rows = include_str!("boilerplate.tsv").lines().filter(|line| !line.starts_with('#'));
        for (kind, words) in rows.filter_map(|row| row.split_once('\t')) {
            lists.entry(kind).or_default().push(words);
        }
        lists
    });
    LISTS.get(kind).map_or(&[], Vec::as_slice)
}

/// "3 comments", "comments (3)", "4 min read", "2 hours ago".
fn is_count(lower: &str) -> bool {
    let words: Vec<&str> =
        lower.split(|c: char| c.is_whitespace() || "()-:".contains(c)).filter(|w| !w.is_empty()).collect();
    let number = |w: &str| w.trim_end_matches(['k', 'm', '+']).replace([',', '.'], "").parse::<u64>().is_ok();
    let unit = |w: &str| {
        [
            "comment", "comments", "share", "shares", "view", "views", "like", "likes", "reply", "replies",
            "min", "mins", "minute", "minutes", "read", "ago", "hour", "hours", "day", "days", "tweets",
            "reads",
        ]
        .contains(&w)
    };
    words.len() <= 5
        && words.iter().any(|w| number(w))
        && words.iter().all(|w| number(w) || unit(w))
        && words.iter().any(|w| {
            [
                "comment", "comments", "share", "shares", "view", "views", "read", "ago", "likes", "replies",
                "tweets", "reads",
            ]
            .contains(w)
        })
}

/// A press office's number: "2011-11-S-034", "Release No. 24-015".
fn is_reference(line: &str) -> bool {
    let number =
        line.strip_prefix("Release No").map_or(line, |rest| rest.trim_start_matches(['.', ':', ' ']));
    number.len() <= 24
        && number.matches('-').count() >= if number.len() == line.len() { 3 } else { 0 }
        && number.chars().all(|c| c.is_ascii_digit() || c.is_ascii_uppercase() || "-/".contains(c))
        && number.contains(|c: char| c.is_ascii_digit())
}

/// Nothing but addresses, handles and hashtags.
fn all_links(line: &str) -> bool {
    let bare = |w: &str| w.trim_matches(|c: char| !c.is_alphanumeric() && !"@#".contains(c)).to_owned();
    let words: Vec<String> = line.split_whitespace().map(bare).filter(|w| !w.is_empty()).collect();
    let link = |w: &String| {
        w.len() > 1 && w.starts_with(['@', '#'])
            || w.starts_with("http") && w.contains("//")
            || w.starts_with("www.")
            || w.starts_with("t.me/")
    };
    !words.is_empty() && words.iter().all(link)
}

/// "News / Sport / Weather": three or more short entries and nothing else.
fn is_menu(line: &str) -> bool {
    let marks = ["/", "|", "›", "»", "·", "•", ">"];
    marks.iter().any(|mark| {
        let entries: Vec<&str> = line.split(mark).map(str::trim).filter(|e| !e.is_empty()).collect();
        let spaced = line.contains(&format!(" {mark} ")) || ["|", "›", "»"].contains(mark);
        entries.len() >= 3
            && spaced
            && line.chars().count() <= 120
            && entries.iter().all(|e| e.split_whitespace().count() <= 3 && e.starts_with(char::is_uppercase))
            && !line.contains(['.', ',', ':', ';', '"', '“', '?', '!'])
            && !line.contains(|c: char| c.is_ascii_digit())
    })
}

/// "Published: 14 May 2024", "Updated on May 14, 2024": a word for it, then a day.
fn is_dated(lower: &str) -> bool {
    let leads = [
        "published",
        "updated",
        "posted",
        "first published",
        "date",
        "last update",
        "last edited",
        "modified",
        "created",
    ];
    let rest = leads.iter().find_map(|lead| lower.strip_prefix(lead));
    rest.is_some_and(|rest| {
        rest.chars().count() <= 45
            && (rest.starts_with([':', ' ']))
            && (crate::when::first_day(rest).is_some()
                || rest.contains(" ago")
                || rest.trim_start_matches([':', ' ']).starts_with("at "))
    })
}

/// How channels end their posts: a request to subscribe with a link, in the languages of the war's channels.
fn is_channel_footer(line: &str, lower: &str) -> bool {
    let words = [
        "subscribe",
        "подписаться",
        "подписывайся",
        "подписывайтесь",
        "подпишись",
        "подпишитесь",
        "прислать новость",
        "підписатися",
        "підписатись",
        "підписуйтесь",
        "підпишись",
        "надіслати новину",
        "наш канал",
        "اشترك",
        "تابعونا",
        "اشتركوا",
    ];
    let asks = words.iter().any(|word| lower.contains(word));
    asks && (line.contains("t.me/") || line.contains('@') || lower.split_whitespace().count() <= 4)
}

/// "For Immediate Release" and "Download PDF" inside a line, as bytes of it.
fn release_marks(line: &str) -> Vec<(usize, usize)> {
    let lower = line.to_ascii_lowercase();
    let marks = dateline::RELEASE;
    marks
        .iter()
        .filter_map(|mark| lower.find(mark).filter(|at| *at < 300).map(|at| (at, at + mark.len())))
        .collect()
}

/// Who signed, where the line is a byline and nothing else: "By Jane Doe", "Jane Doe, Staff Writer".
fn byline(line: &str) -> Option<String> {
    let line = line.trim_matches(['*', '_', '|', ' ']);
    if line.chars().count() > 110 {
        return None;
    }
    let roles = [
        "staff writer",
        "staff reporter",
        "staff correspondent",
        "correspondent",
        "reporter",
        "senior correspondent",
        "special correspondent",
        "our correspondent",
        "senior reporter",
        "associated press",
        "associated press writer",
        "foreign correspondent",
        "news editor",
        "chief correspondent",
        "world affairs editor",
        "defence correspondent",
        "diplomatic correspondent",
    ];
    if let Some((name, role)) = line.split_once(',') {
        let role = role.trim().to_lowercase();
        let person = (2..=4).contains(&name.split_whitespace().count()) && is_person(name);
        if person
            && (roles.contains(&role.as_str())
                || role.starts_with("special to ") && role.split_whitespace().count() <= 6)
        {
            return Some(name.trim().to_owned());
        }
    }
    let name = ["By ", "BY ", "By: ", "by: ", "Written by ", "Story by ", "Author: "]
        .iter()
        .find_map(|lead| line.strip_prefix(lead))?;
    let name = name.trim();
    let small = [
        "and",
        "of",
        "in",
        "the",
        "for",
        "with",
        "de",
        "van",
        "von",
        "al",
        "bin",
        "der",
        "du",
        "la",
        "el",
        "on",
        "at",
        "our",
        "staff",
        "correspondent",
        "|",
        "/",
        "-",
        "–",
        "&",
    ];
    let rank =
        |w: &str| w.len() <= 4 && w.starts_with(|c: char| c.is_ascii_digit()) && w.ends_with(['t', 'd', 'h']);
    let words: Vec<&str> = name.split_whitespace().collect();
    let shaped = words.iter().all(|w| w.starts_with(char::is_uppercase) || small.contains(w) || rank(w));
    let capitals = words.iter().filter(|w| w.starts_with(char::is_uppercase)).count();
    let day = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
        .contains(&words.first()?.trim_matches(','));
    let first = words.first()?.starts_with(char::is_uppercase);
    let sentence = name.ends_with(['.', '?', '!', ':', ',']) && !name.ends_with("Jr.")
        || name.contains(['"', '“', '”'])
        || name.contains("  ");
    let fits =
        first && shaped && !day && !sentence && words.len() <= 14 && (capitals >= 2 || outlets::known(name));
    fits.then(|| name.to_owned())
}

fn is_person(name: &str) -> bool {
    name.split_whitespace()
        .all(|w| w.starts_with(char::is_uppercase) && w.chars().skip(1).any(|c| c.is_lowercase() || c == '.'))
}

/// How those who wrote are named at the end, in lower case.
const STAFF: &[&str] = &[
    "reporting by ",
    "additional reporting by ",
    "writing by ",
    "editing by ",
    "reporting and writing by ",
    "reporting and editing by ",
    "writing and editing by ",
    "compiled by ",
    "with reporting from ",
];

/// How a reprint names its first place, in lower case.
const REPRINT: &[&str] = &[
    "this article was originally published",
    "this story was originally published",
    "this article was first published",
    "this story was first published",
    "this article originally appeared",
    "this article first appeared",
    "this story originally appeared",
    "this story first appeared",
    "this report was first published",
];

/// "Reporting by …; editing by …", "… contributed to this report", "This story first appeared in …".
fn is_staff_credit(lower: &str) -> bool {
    let lower = lower.trim_start_matches(['(', '[', '*', '_', '-', '–', '—', ' ']);
    let closing = [
        "contributed to this report",
        "contributed to this story",
        "contributed to this article",
        "contributed reporting",
        "contributed to the report",
    ];
    let body = lower.trim_end_matches(['.', ')', ']', '*', '_', ' ']);
    let opens = STAFF.iter().chain(REPRINT).any(|start| lower.starts_with(start));
    opens && !lower.contains(" said ") || closing.iter().any(|end| body.ends_with(end))
}

/// Agencies of the table among the capitalised words: "The Associated Press contributed …".
fn known_within(words: &str) -> Vec<&str> {
    let starts: Vec<(usize, &str)> =
        words.split_whitespace().map(|w| (w.as_ptr() as usize - words.as_ptr() as usize, w)).collect();
    let mut found = Vec::new();
    let mut i = 0;
    while i < starts.len() {
        let upper = starts[i].1.trim_start_matches('(').starts_with(char::is_uppercase);
        let longest = (1..=4usize.min(starts.len() - i)).rev().filter(|_| upper).find_map(|n| {
            let (last, word) = starts[i + n - 1];
            let name = words[starts[i].0..last + word.len()].trim_matches(|c: char| !c.is_alphanumeric());
            (outlets::known(name) && !(n == 1 && name.len() < 3 && name != "AP")).then_some((n, name))
        });
        match longest {
            Some((n, name)) => {
                found.push(name);
                i += n;
            }
            None => i += 1,
        }
    }
    found
}

/// The names in a bracket: "AFP via Al Arabiya", "Al Jazeera 2", "El Tiempo in Spanish", "AP, KNA".
fn credited(inner: &str) -> Vec<&str> {
    let strip = |name: &'_ str| -> usize {
        let cut = name.find(" in ").filter(|at| name[at + 4..].split_whitespace().count() == 1);
        let name = &name[..cut.unwrap_or(name.len())];
        name.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end().len()
    };
    let parts = inner.split(" via ").flat_map(|part| split_names(part));
    parts
        .map(|part| if outlets::known(part) { part } else { &part[..strip(part)] })
        .filter(|part| !part.is_empty())
        .collect()
}

fn split_names(words: &str) -> Vec<&str> {
    let parts = words.split(['/', ',', ';', '|', '+']).flat_map(|part| part.split(" and "));
    let parts = parts.flat_map(|part| part.split(" & "));
    parts.map(str::trim).filter(|part| !part.is_empty()).collect()
}

fn is_web(name: &str) -> bool {
    name.contains("://") || name.contains("www.") || name.starts_with('@') || name.starts_with("t.me")
}

/// One to five capitalised words.
fn is_name(name: &str) -> bool {
    let small = ["of", "the", "and", "for", "de", "la", "el", "al", "e", "in", "on", "du", "der", "del"];
    let words: Vec<&str> = name.split_whitespace().collect();
    (1..=5).contains(&words.len())
        && name.chars().count() <= 45
        && words[0].starts_with(char::is_uppercase)
        && words.iter().all(|w| w.starts_with(char::is_uppercase) || small.contains(w))
}

/// Could an unknown outlet be called this? Days, months, pictures and page numbers are none.
fn is_outlet_shaped(name: &str) -> bool {
    let lower = name.to_lowercase();
    let no_outlet = [
        "photo",
        "image",
        "picture",
        "video",
        "file",
        "see",
        "page",
        "updated",
        "continued",
        "more",
        "ends",
        "end",
        "note",
        "left",
        "right",
        "pictured",
        "laughter",
        "applause",
        "inaudible",
        "sic",
        "ret",
        "retired",
        "видео",
        "фото",
        "відео",
    ];
    let words: Vec<&str> = lower.split_whitespace().collect();
    let weekday = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let odd = words.iter().any(|w| weekday.contains(w) || crate::when::month(w).is_some());
    let first = words.first().is_none_or(|w| no_outlet.contains(w));
    let handle = name.starts_with(char::is_lowercase)
        && name.chars().all(char::is_alphanumeric)
        && outlets::known(name);
    (is_name(name) && name.chars().count() > 1 || handle)
        && !odd
        && !first
        && !lower.ends_with(['.', '?', '!'])
}

/// "Ali Vorn/Reuters", "Photo by Ali Vorn", "File: Reuters".
fn is_photo_credit(inner: &str) -> bool {
    let lower = inner.to_lowercase();
    if inner.chars().count() > 90 {
        return false;
    }
    let opening = [
        "photo by",
        "photo:",
        "photo courtesy",
        "photos by",
        "image:",
        "file photo",
        "picture:",
        "file:",
        "courtesy of",
        "u.s. army photo",
        "photo/",
    ];
    // "Ali Vorn/Reuters" and "Reuters/Ali Vorn", not "Reuters/Vel Post".
    let person = |part: &str| {
        (2..=4).contains(&part.split_whitespace().count())
            && is_person(part)
            && !outlets::known(part)
            && !part.split([' ', '-']).any(|word| outlets::PRESS.contains(&word))
    };
    let person_of = inner.contains('/') && inner.split('/').map(str::trim).any(person);
    let pool = ["getty images", "/pool", ", file/", ", pool"].iter().any(|mark| lower.contains(mark));
    opening.iter().any(|start| lower.starts_with(start)) || person_of || pool
}

/// "… fled. — AFP", "… fled. -Reuters", "… fled. AFP": where the signature starts, and the agency.
fn signed_by_agency(words: &str) -> Option<(usize, &str)> {
    let last = last_sentence(words)?;
    let tail = &words[last..];
    let name = tail.trim_start_matches(|c: char| "-–—/ ".contains(c)).trim_end_matches(['/', '.']);
    let dashed = tail.starts_with(['-', '–', '—', '/']);
    let capitals = name.len() >= 3 && name.chars().all(|c| c.is_ascii_uppercase() || c == '/');
    let names = split_names(name);
    let fits =
        last > 0 && !names.is_empty() && names.iter().all(|n| outlets::known(n)) && (dashed || capitals);
    fits.then_some((last, name))
}

/// Where the last sentence of a line starts, 0 where it has one only.
fn last_sentence(words: &str) -> Option<usize> {
    let body = words.trim_end_matches(['.', '!', '?', '"', '”', ')', ']']);
    let ends = body.char_indices().rev().find(|&(i, c)| {
        let after = &body[i + c.len_utf8()..];
        ".!?\"”".contains(c) && after.starts_with([' ', '\u{a0}', '—', '–'])
    });
    ends.map(|(i, c)| {
        let start = i + c.len_utf8();
        start + words[start..].len() - words[start..].trim_start().len()
    })
}

/// "Lindmark Post" ends "The Lindmark Post"; "Post" would end too many.
fn ends_outlet(name: &str, outlet: &str) -> bool {
    name.contains(' ') && outlet.to_lowercase().ends_with(&name.to_lowercase())
}

fn starts_with(words: &str, lead: &str) -> bool {
    words.get(..lead.len()).is_some_and(|start| start.eq_ignore_ascii_case(lead))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The furniture in square brackets inside the text, then credits and byline.
    fn show(outlet: &str, text: &str) -> String {
        let outlet = Some(outlet.to_owned()).filter(|o| !o.is_empty());
        let found = furniture(&Page { text: text.to_owned(), outlet, ..Page::default() });
        let mut shown = text.to_owned();
        for span in found.spans.iter().rev() {
            shown.insert(span.end as usize, ']');
            shown.insert(span.start as usize, '[');
        }
        if !found.credits.is_empty() {
            shown += &format!(" credits: {}", found.credits.join("; "));
        }
        found.byline.map_or(shown.clone(), |byline| format!("{shown} byline: {byline}"))
    }

    #[test]
    fn credits_leave_out_the_pages_own_outlet() {
        let cases = [
            (
                "Mehr News Agency",
                "A man fell.\nMNA/Press TV",
                "A man fell.\n[MNA/Press TV] credits: Press TV",
            ),
            ("The Vel Post", "A man fell.\nKNA/Vel Post", "A man fell.\n[KNA/Vel Post] credits: KNA"),
            ("", "A man fell.\n(Reuters)", "A man fell.\n[(Reuters)] credits: Reuters"),
            ("", "A man fell.\nSource: Vel Radio", "A man fell.\n[Source: Vel Radio] credits: Vel Radio"),
            ("", "A man fell. — AFP", "A man fell. [— AFP] credits: AFP"),
            (
                "",
                "A man fell.\nBy Agence France-Presse",
                "A man fell.\n[By Agence France-Presse] credits: Agence France-Presse byline: Agence France-Presse",
            ),
            ("", "A man fell.\nWith inputs from agencies", "A man fell.\n[With inputs from agencies]"),
            ("", "VEL (AP) — A man fell.", "[VEL (AP) —] A man fell. credits: AP"),
            (
                "",
                "A man fell.\nThe Associated Press contributed to this report.",
                "A man fell.\n[The Associated Press contributed to this report.] credits: The Associated Press",
            ),
            (
                "",
                "A man fell. Ana Orm in Selm contributed to this report.",
                "A man fell. [Ana Orm in Selm contributed to this report.]",
            ),
            (
                "",
                "A man fell.\n(Reporting by Ana Orm; Editing by Ivo Tal)",
                "A man fell.\n[(Reporting by Ana Orm; Editing by Ivo Tal)]",
            ),
        ];
        for (outlet, text, expected) in cases {
            assert_eq!(show(outlet, text), expected);
        }
    }

    #[test]
    fn outlets_in_brackets_after_an_item() {
        let cases = [
            (
                "Shells hit Orm. (Reuters) (Al Jazeera 2)\nA man fell. (AFP via Vel Post)",
                "Shells hit Orm. [(Reuters) (Al Jazeera 2)]\nA man fell. [(AFP via Vel Post)] credits: Reuters; Al Jazeera; AFP; Vel Post",
            ),
            ("Shells hit Orm. (El Vel in Spanish)", "Shells hit Orm. [(El Vel in Spanish)] credits: El Vel"),
            ("Smoke over Orm. (Ana Tal/Reuters)", "Smoke over Orm. [(Ana Tal/Reuters)]"),
            ("Smoke over Orm. (Reuters/Ana Tal)", "Smoke over Orm. [(Reuters/Ana Tal)]"),
            ("Shells hit Orm. (KNA/Vel Post)", "Shells hit Orm. [(KNA/Vel Post)] credits: KNA; Vel Post"),
        ];
        for (text, expected) in cases {
            assert_eq!(show("", text), expected);
        }
    }

    #[test]
    fn bylines_in_the_first_lines() {
        let cases = [
            ("By Ana Orm\nA man fell.", "[By Ana Orm]\nA man fell. byline: Ana Orm"),
            (
                "By U.S. Army 1st Lt. R.J. Tal\nA man fell.",
                "[By U.S. Army 1st Lt. R.J. Tal]\nA man fell. byline: U.S. Army 1st Lt. R.J. Tal",
            ),
            ("Ana Orm, Staff Writer\nA man fell.", "[Ana Orm, Staff Writer]\nA man fell. byline: Ana Orm"),
        ];
        for (text, expected) in cases {
            assert_eq!(show("", text), expected);
        }
    }

    #[test]
    fn lines_of_the_page() {
        for line in [
            "Your Comment",
            "Read more: Shells on Orm",
            "Share this article",
            "Follow us on Telegram",
            "Subscribe to our newsletter",
            "Photo: Ana Orm",
            "© 2024 The Vel Post",
            "All rights reserved.",
            "ENDS",
            "-30-",
            "###",
            "* * *",
            "3 comments",
            "Comments (12)",
            "4 min read",
            "Tags: Orm, Selm",
            "Last updated 14 May 2024",
            "Published: 14 May 2024 18:30",
            "For Immediate Release",
            "Contact: press@vel.example",
            "#orm #selm",
            "https://vel.example/1",
            "@velpost",
            "News / Sport / Weather",
            "2011-11-S-034",
            "👉 [Vel News. Подписаться](https://t.me/velnews)",
        ] {
            assert_eq!(show("", line), format!("[{line}]"));
        }
    }

    #[test]
    fn sentences_of_the_report_are_never_marked() {
        for text in [
            "Photographs showed that five men were killed.",
            "Follow the money, the minister said.",
            "By Monday the army had left Orm.",
            "By the river, five men were shot.",
            "Sources: five killed in Orm",
            "Source: Army to strike Orm tonight",
            "Share of the dead rose to 30 percent.",
            "Ends of the bridge were shelled.",
            "The attack killed five men (three of them soldiers).",
            "Five were hurt (two in Selm).",
            "The group (Vel Front) fled.",
            "Related attacks killed five in Orm.",
            "5 killed, 12 hurt",
            "12 views of the dead",
            "Reporters told AFP",
            "He told Reuters.",
            "Army / Front / Police: five dead",
            "More than 30 people were killed.",
            "With AFP reporters watching, the army fired.",
            "Contact was lost with the aircraft.",
            "Updated figures put the dead at 30.",
            "Subscribers of the channel saw the attack.",
            "“We fled,” he said. “Five died.”",
            "Ivo Orm, spokesman",
            "ONE.\n\nTWO MEN WERE HELD.\n\nTHE FARMERS ASKED THE OFFICE FOR FREE\nLANDS (FINATA) -- A BODY OF THE STATE -- TO ACT",
        ] {
            assert_eq!(show("", text), text);
        }
    }

    #[test]
    fn spans_are_in_order_apart_and_on_character_bounds() {
        let text = "ÉTÉ-SUR-ORM (AFP) – Ż fell. (AP)\n— 👉 —\nŽ. — AFP\n(ŽŽ";
        let found = furniture(&Page { text: text.to_owned(), ..Page::default() });
        assert!(found.spans.iter().all(|span| !span.of(text).is_empty()));
        assert!(found.spans.windows(2).all(|w| w[0].end < w[1].start));
        assert_eq!(found.credits, ["AFP", "AP"]);
    }
}
