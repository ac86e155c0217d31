//! One record made ready for linking: its sentences, what of them is background, its names, its day and hour.
//!
//! Start at [`Page::new`]. The claims of the record are used where they help, but never alone: a page whose claims were
//! all missed still has a headline, a first sentence, names and a day.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::LazyLock;

use hearsay_doc::record::{Claim, Record};
use hearsay_doc::{Date, Interval};

use crate::calendar::{MONTHS, is_calendar};
use crate::words::{Word, quotations, words};

/// A sentence in bytes of the text.
#[derive(Clone, Debug)]
pub(crate) struct Sentence {
    pub start: usize,
    pub end: usize,
    /// Number of its paragraph.
    pub paragraph: usize,
    /// It recalls something older than the news.
    pub background: bool,
    /// It is no part of the report: masthead, byline, credit line.
    pub edge: bool,
}

/// A record made ready.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    pub record: Record,
    pub words: Vec<Word>,
    pub sentences: Vec<Sentence>,
    pub quoted: Vec<(usize, usize)>,
    /// Day of publication, since 1970-01-01.
    pub day: Option<i32>,
    /// Minutes of that day.
    pub clock: Option<i32>,
    /// Names in the report, in lower case, with how much the page is about them.
    pub names: BTreeMap<String, f32>,
    /// Other words of the report, shortened, with how often they stand there.
    pub terms: BTreeMap<String, f32>,
    /// What stands in brackets or between strokes in the dateline: "Reuters".
    pub agency: Option<String>,
    /// The day that a line such as "Date of incident: 4 May" gives.
    pub stated_day: Option<i32>,
    /// It is about a match or a race, whose words are those of war.
    pub sport: bool,
    /// Byte offsets of code points, for texts that are not all ASCII.
    offsets: Vec<u32>,
}

impl Page {
    pub(crate) fn new(record: Record) -> Page {
        let text = &record.document.text;
        let offsets =
            if text.is_ascii() { Vec::new() } else { text.char_indices().map(|(at, _)| at as u32).collect() };
        let published = record.document.published.as_ref();
        let day = published.filter(|p| p.precision == "day").and_then(|p| day_of(&p.value));
        let clock = record.document.clock.as_deref().and_then(|clock| {
            let (hours, minutes) = clock.split_once(':')?;
            Some(60 * hours.parse::<i32>().ok()? + minutes.parse::<i32>().ok()?)
        });
        let mut page = Page {
            words: words(text),
            sentences: sentences(text),
            quoted: quotations(text),
            day,
            clock,
            names: BTreeMap::new(),
            terms: BTreeMap::new(),
            agency: None,
            stated_day: None,
            sport: false,
            offsets,
            record,
        };
        page.cut_dateline();
        let title = page.record.document.title.as_deref().unwrap_or("");
        let all = tokens(title).chain(tokens(page.text())).map(bare);
        let sport: BTreeSet<String> = all.filter(|word| SPORT.contains(&word.as_str())).collect();
        page.sport = sport.len() >= 3;
        page.mark_edges();
        page.mark_background();
        page
    }

    pub(crate) fn text(&self) -> &str {
        &self.record.document.text
    }

    /// The byte at a code point.
    pub(crate) fn byte(&self, code_point: u32) -> usize {
        match self.offsets.get(code_point as usize) {
            Some(&byte) => byte as usize,
            None if self.offsets.is_empty() => (code_point as usize).min(self.text().len()),
            None => self.text().len(),
        }
    }

    /// The code point at a byte.
    pub(crate) fn code_point(&self, byte: usize) -> u32 {
        if self.offsets.is_empty() {
            byte as u32
        } else {
            self.offsets.partition_point(|&at| (at as usize) < byte) as u32
        }
    }

    /// The number of the sentence that holds the byte, or the last before it.
    pub(crate) fn sentence_at(&self, byte: usize) -> usize {
        self.sentences.partition_point(|s| s.start <= byte).saturating_sub(1)
    }

    pub(crate) fn slice(&self, sentence: usize) -> &str {
        let s = &self.sentences[sentence];
        &self.text()[s.start..s.end]
    }

    /// The sentence of a claim.
    pub(crate) fn sentence_of(&self, claim: &Claim) -> usize {
        self.sentence_at(self.byte(claim.event.trigger.start))
    }

    /// Is it background, or no part of the report?
    pub(crate) fn aside(&self, sentence: usize) -> bool {
        self.sentences.get(sentence).is_none_or(|s| s.background || s.edge)
    }

    /// The order of pages in which results are numbered and first ones are found: by time, then by name.
    pub(crate) fn order(&self) -> (i32, i32, &str, &str) {
        let document = &self.record.document;
        (self.day.unwrap_or(i32::MAX), self.clock.unwrap_or(24 * 60), &document.name, &document.id)
    }

    /// A report begins after its dateline: the day in it is the day of writing.
    fn cut_dateline(&mut self) {
        let text = self.record.document.text.clone();
        for k in 0..self.sentences.len().min(8) {
            let s = &self.sentences[k];
            // "KESSA, May 3. /KPA/. Shells fell": the stops end sentences of their own.
            let window = floor(&text, s.start, 120);
            if let Some((length, agency)) = dateline(window) {
                self.agency = agency;
                let end = s.start + length;
                for s in &mut self.sentences {
                    if s.start < end {
                        s.start = end.min(s.end);
                    }
                }
                self.sentences.retain(|s| text[s.start..s.end].chars().any(char::is_alphanumeric));
                self.sentences.iter_mut().for_each(|s| {
                    s.start += text[s.start..s.end].len() - text[s.start..s.end].trim_start().len();
                });
                break;
            }
        }
        let published = self.day;
        self.stated_day = text.lines().take(14).find_map(|line| {
            let (label, value) = line.split_once(':')?;
            let label = label.to_lowercase();
            let of_event = ["incident", "event", "attack"].iter().any(|word| label.contains(word))
                || ["when", "date"].contains(&label.trim());
            let day =
                (label.contains("date") || label.contains("when") || label.contains("time")) && of_event;
            day.then(|| crate::incident::named_day(value, published?)).flatten()
        });
    }

    /// Lines before the first sentence and after the last that are short and no sentences.
    fn mark_edges(&mut self) {
        let text = self.record.document.text.clone();
        let n = self.sentences.len();
        let title = self.record.document.title.clone().unwrap_or_default();
        let is_line = |s: &Sentence| {
            let words = text[s.start..s.end].trim();
            let full = words.ends_with(['.', '!', '?', '"', '”', '…']) && !words.starts_with('(');
            // "Weapon: mortar": a form's lines are its report.
            let label = words
                .split_once(": ")
                .is_some_and(|(label, _)| label.split_whitespace().count() <= 5 && words != title);
            !full && !label && words.chars().count() <= 110
                || words == title
                || words.starts_with("(Reporting")
                || words.starts_with("(Source")
        };
        for k in 0..n {
            let alone = (k == 0 || self.sentences[k - 1].paragraph != self.sentences[k].paragraph)
                && self.sentences.get(k + 1).is_none_or(|next| next.paragraph != self.sentences[k].paragraph);
            if alone && (k < 7 || k + 3 >= n) && is_line(&self.sentences[k]) && n > 1 {
                self.sentences[k].edge = true;
            }
        }
        // A picture's caption, before the report: all of its line.
        let first = self.sentences.iter().find(|s| !s.edge).map(|s| s.paragraph);
        if let Some(paragraph) = first {
            let line: Vec<usize> = (0..n).filter(|&k| self.sentences[k].paragraph == paragraph).collect();
            let words: String = line
                .iter()
                .map(|&k| text[self.sentences[k].start..self.sentences[k].end].to_lowercase() + " ")
                .collect();
            let named = [
                "photo",
                "picture",
                "archive",
                "drawing:",
                "image:",
                "still from",
                "file photo",
                "photograph",
            ]
            .iter()
            .any(|mark| words.contains(mark));
            if named && words.chars().count() <= 120 && line.len() < n {
                line.into_iter().for_each(|k| self.sentences[k].edge = true);
            }
        }
        if self.sentences.iter().all(|s| s.edge) {
            self.sentences.iter_mut().for_each(|s| s.edge = false);
        }
    }

    /// A sentence recalls the past where it names a month without a day, a year or a long time ago, or tells an event
    /// of more than [`OLD`] days before; so does what follows it in its paragraph.
    fn mark_background(&mut self) {
        let mut old = BTreeSet::new();
        for claim in &self.record.claims {
            let time = claim.event.time.as_ref().filter(|time| time.span.is_some());
            let last = time.and_then(|time| Interval::parse(&time.end).ok()).map(|i| i.end.days());
            if let (Some(last), Some(day)) = (last, self.day)
                && last < day - OLD
            {
                old.insert(self.sentence_of(claim));
            }
        }
        let text = self.record.document.text.clone();
        let month = self.day.map(|day| Date::from_days(day).month);
        let first = self.sentences.iter().position(|s| !s.edge).unwrap_or(0);
        let mut before = (usize::MAX, false);
        for k in 0..self.sentences.len() {
            let s = &self.sentences[k];
            let says = k > first && (old.contains(&k) || recalls(&text[s.start..s.end], month));
            let goes_on = before == (s.paragraph, true);
            let background = says || goes_on;
            before = (s.paragraph, background);
            self.sentences[k].background = background;
        }
    }

    /// Counts names and other words; `proper` knows the names of all pages.
    pub(crate) fn weigh(&mut self, proper: &Proper) {
        let text = self.record.document.text.clone();
        let title = self.record.document.title.clone().unwrap_or_default();
        let n_body = self.sentences.iter().filter(|s| !s.edge && !s.background).count().max(1);
        let mut k_body = 0;
        for k in 0..self.sentences.len() {
            let s = self.sentences[k].clone();
            if s.edge || s.background {
                continue;
            }
            // The news stands at the head; what trails off weighs less.
            let weight = if k_body < 2 {
                2.0
            } else if 3 * k_body < 2 * n_body {
                1.0
            } else {
                0.6
            };
            k_body += 1;
            self.count(&text[s.start..s.end], weight, proper);
        }
        self.count(&title, 2.0, proper);
    }

    fn count(&mut self, words: &str, weight: f32, proper: &Proper) {
        for word in tokens(words) {
            let bare = bare(word);
            if proper.contains(&bare) {
                *self.names.entry(bare).or_default() += weight;
            } else if !is_stop(&bare) && bare.len() > 2 {
                let stem = stem(&bare);
                if let Some(family) = family(&stem) {
                    *self.terms.entry(format!("={family}")).or_default() += weight;
                }
                *self.terms.entry(stem).or_default() += weight;
            }
        }
    }
}

/// Words that are names, by how the pages write them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Proper {
    /// Times a word stands with a capital where no sentence begins, in a name of a place, in a name of a person, in
    /// lower case.
    counts: BTreeMap<String, [u32; 4]>,
}

impl Proper {
    pub(crate) fn add(&mut self, page: &Page) {
        let text = page.text();
        for s in page.sentences.iter().filter(|s| !s.edge) {
            let mut before = "";
            for word in tokens(&text[s.start..s.end]) {
                let shouted = word.chars().count() > 3 && word.chars().all(|c| c.is_uppercase());
                let key = bare(word);
                if word.starts_with(char::is_uppercase) && !before.is_empty() && !shouted {
                    let place = ["in", "near", "at", "over", "around", "of", "from"].contains(&before);
                    let counts = self.counts.entry(key).or_default();
                    counts[0] += 1;
                    counts[1] += u32::from(place && before != "of" && before != "from");
                } else if word.starts_with(char::is_lowercase) {
                    self.counts.entry(key).or_default()[3] += 1;
                }
                before = word;
            }
        }
        for mention in &page.record.mentions {
            let slot = match mention.kind.as_str() {
                "location" => 1,
                "person" => 2,
                _ => 0,
            };
            for word in tokens(&mention.text).filter(|word| word.starts_with(char::is_uppercase)) {
                self.counts.entry(bare(word)).or_default()[slot] += 1;
            }
        }
    }

    pub(crate) fn contains(&self, word: &str) -> bool {
        let usable = word.chars().count() > 2 && !is_stop(word);
        usable && self.counts.get(word).is_some_and(|[name, place, person, low]| name + place + person > *low)
    }

    /// How much of what is written of a name says that it is a place's, 0 to 1.
    pub(crate) fn is_place(&self, word: &str) -> f32 {
        let Some([name, place, person, _]) = self.counts.get(word) else { return 0.0 };
        (*place as f32 / (*name + *place + person) as f32 * 2.0).min(1.0)
    }

    /// How much a name says about what a text is about: places most, persons least.
    pub(crate) fn weight(&self, word: &str) -> f32 {
        match self.counts.get(word) {
            Some([name, place, person, _]) if 3 * place > name + 2 * person => 1.5,
            Some([name, place, person, _]) if *person > name + place => 0.6,
            _ => 1.0,
        }
    }
}

/// In lower case and without the genitive's ending.
pub(crate) fn bare(word: &str) -> String {
    let lower = word.to_lowercase();
    lower.trim_end_matches("'s").trim_end_matches("’s").to_owned()
}

/// An event that ended so many days before a page came out is no news in it.
const OLD: i32 = 12;

/// `n` bytes of `text` from `start`, or fewer where that would cut a character.
fn floor(text: &str, start: usize, n: usize) -> &str {
    let mut end = (start + n).min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[start..end]
}

/// The length of a dateline at the start of `text` and the agency in it: "VEL, Varnia, May 3 (KNA) - ",
/// "VEL, May 3. /KNA/. ", "VEL — ".
pub(crate) fn dateline(text: &str) -> Option<(usize, Option<String>)> {
    let line = text.lines().next()?;
    let place: String =
        line.chars().take_while(|c| c.is_alphabetic() || matches!(c, ' ' | '-' | '\'' | '’')).collect();
    let first = place.split_whitespace().next()?;
    if first.chars().count() < 3 || first.chars().any(char::is_lowercase) {
        return None;
    }
    if let Some(at) = line.find("/. ").filter(|at| *at < 80)
        && let Some(open) = line[..at].find('/')
    {
        return Some((at + 3, Some(line[open + 1..at].to_owned())));
    }
    let dash = [" - ", " – ", " — ", "-- "]
        .iter()
        .filter_map(|dash| line.find(dash).map(|at| (at, dash.len())))
        .min()?;
    if dash.0 > 90 {
        return None;
    }
    let head = &line[..dash.0];
    let agency = head.find('(').and_then(|open| Some(head[open + 1..].split(')').next()?.to_owned()));
    Some((dash.0 + dash.1, agency))
}

/// The day of an ISO date.
pub(crate) fn day_of(iso: &str) -> Option<i32> {
    Interval::parse(iso).ok().map(|interval| interval.start.days())
}

/// Words as written, with hyphens and apostrophes inside.
pub(crate) fn tokens(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '\'' | '’' | '-')))
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|word| !word.is_empty())
}

/// A word without the endings of number and tense.
pub(crate) fn stem(word: &str) -> String {
    let word = word.trim_end_matches("'s").trim_end_matches("’s");
    for ending in ["ings", "ing", "edly", "ers", "ed", "es", "er", "s"] {
        if let Some(bare) = word.strip_suffix(ending)
            && bare.len() >= 4
        {
            return bare.to_owned();
        }
    }
    word.to_owned()
}

/// Does the sentence recall something old: a month without a day, a year, a season, "years ago", "the last time"?
fn recalls(sentence: &str, month: Option<u8>) -> bool {
    let words: Vec<&str> = tokens(sentence).collect();
    let number = |k: usize| words.get(k).is_some_and(|word| word.starts_with(|c: char| c.is_ascii_digit()));
    for (k, word) in words.iter().enumerate() {
        let lower = word.to_lowercase();
        let before = if k > 0 { words[k - 1].to_lowercase() } else { String::new() };
        if let Some(n) = MONTHS.iter().position(|name| *name == lower) {
            let is_name = word.starts_with(char::is_uppercase);
            // "In April, 17 people": the number is no day.
            let end = word.as_ptr() as usize - sentence.as_ptr() as usize + word.len();
            let comma = sentence[end..].starts_with(',');
            let with_day = number(k + 1) && !comma || k > 0 && number(k - 1);
            let same = month == Some(n as u8 + 1);
            if is_name
                && !with_day
                && !same
                && ["in", "since", "last", "of", "during"].contains(&before.as_str())
            {
                return true;
            }
        }
        let year =
            word.len() == 4 && word.starts_with(['1', '2']) && word.bytes().all(|b| b.is_ascii_digit());
        if year && ["in", "since"].contains(&before.as_str()) {
            return true;
        }
        // "It is five months since the bus".
        if lower == "since" && ["months", "years"].contains(&before.as_str()) {
            return true;
        }
        if lower == "ago" && k > 0 && ["years", "year", "months"].contains(&before.as_str()) {
            return true;
        }
    }
    let lower = sentence.to_lowercase();
    ["the last time ", "last year", "earlier this year", "not the first time"]
        .iter()
        .any(|mark| lower.contains(mark))
}

/// The sentences of a text; a line end always ends one.
fn sentences(text: &str) -> Vec<Sentence> {
    let mut out = Vec::new();
    let mut paragraph = 0;
    let mut line_start = 0;
    for line in text.split_inclusive('\n') {
        let mut start = line_start;
        let bytes = line.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            if matches!(bytes[at], b'.' | b'!' | b'?') && ends(line, at) {
                let mut end = at + 1;
                while let Some(c) =
                    line[end..].chars().next().filter(|c| matches!(c, '"' | '”' | '’' | ')' | '»' | '\''))
                {
                    end += c.len_utf8();
                }
                push(&mut out, text, start, line_start + end, paragraph);
                start = line_start + end;
                at = end;
                continue;
            }
            at += 1;
        }
        push(&mut out, text, start, line_start + line.len(), paragraph);
        line_start += line.len();
        paragraph += 1;
    }
    out
}

fn push(out: &mut Vec<Sentence>, text: &str, start: usize, end: usize, paragraph: usize) {
    let words = &text[start..end];
    let trimmed = words.trim();
    if trimmed.chars().any(char::is_alphanumeric) {
        let start = start + (words.len() - words.trim_start().len());
        out.push(Sentence { start, end: start + trimmed.len(), paragraph, background: false, edge: false });
    }
}

/// Does a sentence end at this stop? Not after an initial or a title, not before a lower-case letter.
fn ends(line: &str, at: usize) -> bool {
    let after = line[at + 1..].trim_start_matches(['"', '”', '’', ')', '»', '\'']);
    if !after.is_empty() && !after.starts_with(char::is_whitespace) {
        return false;
    }
    if after.trim_start().starts_with(char::is_lowercase) {
        return false;
    }
    let before = line[..at].rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
    let titles =
        ["Mr", "Mrs", "Ms", "Dr", "St", "Col", "Gen", "Lt", "Maj", "Capt", "Sgt", "No", "Prof", "Rev", "Gov"];
    let initial = before.chars().count() == 1 && before.starts_with(char::is_uppercase);
    line.as_bytes()[at] != b'.' || !(titles.contains(&before) || initial)
}

/// The kind of event that a shortened word tells of.
pub(crate) fn family(stem: &str) -> Option<&'static str> {
    static FAMILIES: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
        let lines =
            include_str!("../../../data/link/families.tsv").lines().filter(|line| !line.starts_with('#'));
        lines
            .filter_map(|line| line.split_once('\t'))
            .flat_map(|(family, words)| words.split(' ').map(move |word| (word, family)))
            .collect()
    });
    FAMILIES.get(stem).copied()
}

/// Words of sport; three of them make a page about it.
const SPORT: &[&str] = &[
    "goal",
    "goals",
    "goalkeeper",
    "keeper",
    "striker",
    "defender",
    "midfielder",
    "coach",
    "referee",
    "match",
    "derby",
    "league",
    "cup",
    "championship",
    "tournament",
    "medal",
    "medals",
    "final",
    "semi-final",
    "stadium",
    "half-time",
    "offside",
    "penalty",
    "team-mates",
    "teammates",
    "athletic",
    "rovers",
    "wanderers",
    "olympic",
    "olympics",
    "wrestler",
    "wrestlers",
    "boxer",
    "tennis",
    "football",
    "basketball",
    "hockey",
    "cyclist",
    "sprint",
    "marathon",
    "jury",
    "scored",
    "lap",
    "innings",
    "wicket",
];

/// Is it a word, in lower case, that tells no story from another: of grammar, of reporting, of the calendar?
pub(crate) fn is_stop(word: &str) -> bool {
    STOP.contains(&word) || is_calendar(word)
}

/// Words of grammar, and of reporting, which tell nothing of what happened.
const STOP: &[&str] = &[
    "the",
    "and",
    "for",
    "that",
    "with",
    "was",
    "were",
    "has",
    "have",
    "had",
    "been",
    "are",
    "its",
    "their",
    "his",
    "her",
    "they",
    "them",
    "who",
    "whom",
    "whose",
    "which",
    "what",
    "when",
    "where",
    "why",
    "how",
    "this",
    "these",
    "those",
    "there",
    "here",
    "from",
    "into",
    "onto",
    "over",
    "under",
    "after",
    "before",
    "about",
    "against",
    "between",
    "during",
    "since",
    "until",
    "while",
    "than",
    "then",
    "also",
    "but",
    "not",
    "nor",
    "none",
    "all",
    "any",
    "some",
    "one",
    "two",
    "more",
    "most",
    "less",
    "least",
    "very",
    "only",
    "just",
    "even",
    "still",
    "yet",
    "now",
    "ago",
    "will",
    "would",
    "could",
    "should",
    "can",
    "may",
    "might",
    "must",
    "did",
    "does",
    "do",
    "done",
    "being",
    "our",
    "your",
    "you",
    "him",
    "she",
    "out",
    "off",
    "down",
    "said",
    "says",
    "say",
    "told",
    "according",
    "reported",
    "report",
    "reports",
    "statement",
    "added",
    "spokesman",
    "spokeswoman",
    "spokesperson",
    "day",
    "days",
    "week",
    "year",
    "years",
    "time",
    "people",
    "person",
    "other",
    "others",
    "another",
    "same",
    "such",
    "each",
    "both",
    "because",
    "through",
    "without",
    "within",
    "near",
    "like",
    "many",
    "much",
    "mr",
    "mrs",
    "ms",
    "dr",
    "it",
    "in",
    "on",
    "at",
    "of",
    "to",
    "by",
    "as",
    "an",
    "is",
    "be",
    "we",
    "us",
    "if",
    "so",
    "no",
    "or",
    "he",
    "up",
    "it's",
    "i",
    "a",
    "reporting",
    "editing",
    "news",
    "agency",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_at_stops_but_not_after_titles() {
        let text = "Dr. Tal of St. Orm said \"Gone.\" He left.\nTwo died";
        let found: Vec<&str> = sentences(text).iter().map(|s| &text[s.start..s.end]).collect();
        assert_eq!(found, ["Dr. Tal of St. Orm said \"Gone.\"", "He left.", "Two died"]);
    }

    #[test]
    fn a_month_without_a_day_recalls_the_past() {
        for (sentence, expected) in [
            ("In April, 17 people died when a bus was struck.", true),
            ("More than 3,000 civilians have been killed since March.", true),
            ("It was repaired in 2019.", true),
            ("Shells fell on 14 April.", false),
            ("Shells may fall again.", false),
            ("In May the market reopened.", false),
        ] {
            assert_eq!(recalls(sentence, Some(5)), expected, "{sentence}");
        }
    }
}
