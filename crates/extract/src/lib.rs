//! Captured bytes to readable pages.
//!
//! Start at [`pages`]: it finds out what the bytes are and gives every page in them. What cannot be read becomes a
//! [`Problem`] and the rest goes on; odd input is never an error.
//!
//! Nothing here opens a file, a socket or a clock.

mod charset;
mod dateline;
mod furniture;
mod html;
mod json;
mod masthead;
mod metadata;
mod outlets;
mod when;

pub use dateline::{Dateline, dateline};
pub use furniture::{Furniture, furniture};

use hearsay_doc::{Capture, Interval, Page, PageKind, Published};
use sha2::{Digest, Sha256};
use std::str::FromStr;

/// What the caller knows of pages that do not say it themselves.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// When they were published.
    pub published: Option<Interval>,
    /// Who published them.
    pub outlet: Option<String>,
    /// Where they were published.
    pub url: Option<String>,
}

/// What a capture is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A web page.
    Html,
    /// Plain text.
    Text,
    /// Telegram Desktop's `result.json`.
    Telegram,
    /// One JSON object a line.
    JsonLines,
}

impl FromStr for Format {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        match word {
            "html" => Ok(Format::Html),
            "text" => Ok(Format::Text),
            "telegram" => Ok(Format::Telegram),
            "jsonl" => Ok(Format::JsonLines),
            _ => Err(format!("{word:?} is no format: expected html, text, telegram or jsonl")),
        }
    }
}

/// A place in a capture that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where: `line 17`, `message 4711`, `byte 0`.
    pub place: String,
    /// Why.
    pub reason: String,
    /// What to do about it.
    pub hint: Option<String>,
}

impl Problem {
    fn new(place: impl Into<String>, reason: impl Into<String>) -> Self {
        Problem { place: place.into(), reason: reason.into(), hint: None }
    }

    fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// What a capture holds.
#[derive(Clone, Debug, Default)]
pub struct Unpacked {
    /// Pages, in order.
    pub pages: Vec<Page>,
    /// What could not be read, in order.
    pub problems: Vec<Problem>,
}

/// Names bytes by their SHA-256. `origin` is for people, `name` becomes the name of a lone page.
pub fn capture(origin: &str, name: &str, bytes: Vec<u8>) -> Capture {
    let digest = Sha256::digest(&bytes);
    let hex: String = digest.iter().map(|b| format!("{b:02x}")).collect();
    Capture { id: format!("sha256:{hex}"), origin: origin.to_owned(), name: name.to_owned(), bytes }
}

/// All pages of a capture. Without a `format` it is told from the origin's ending and the first bytes.
pub fn pages(capture: &Capture, given: &Given, format: Option<Format>) -> Unpacked {
    let mut unpacked = Unpacked::default();
    if let Some(what) = binary(&capture.bytes) {
        unpacked.problems.push(Problem::new("byte 0", format!("this is {what}, not text")).hint(
            "give the pages inside as files of their own: HTML, text, JSON lines or a Telegram result.json",
        ));
        return unpacked;
    }
    let text = charset::decode(&capture.bytes);
    if text.trim().is_empty() {
        unpacked.problems.push(Problem::new("byte 0", "there is no text in it"));
        return unpacked;
    }
    match format.unwrap_or_else(|| guess(&capture.origin, &text)) {
        Format::Html => html::page(&text, given, &mut unpacked),
        Format::Text => {
            let mut page = Page { text: text.replace("\r\n", "\n"), ..Page::default() };
            masthead::of_text(&mut page);
            unpacked.pages.push(page);
        }
        Format::Telegram => json::telegram(&capture.origin, &text, &mut unpacked),
        Format::JsonLines => json::lines(&text, &mut unpacked),
    }
    for page in &mut unpacked.pages {
        if page.name.is_empty() {
            page.name.clone_from(&capture.name);
        }
        page.capture.clone_from(&capture.id);
        page.outlet = page.outlet.take().or_else(|| given.outlet.clone());
        page.url = page.url.take().or_else(|| given.url.clone());
        if page.published.is_none() {
            page.published = given.published.map(|when| Published { when, from: "given" });
        }
        furnish(page);
    }
    unpacked
}

/// Adds what a page's text says of its origin to what is known of the page.
fn furnish(page: &mut Page) {
    let found = furniture(page);
    for credit in found.credits {
        if !page.credits.iter().any(|known| outlets::same(known, &credit)) {
            page.credits.push(credit);
        }
    }
    page.byline = page.byline.take().or(found.byline);
    if page.published.is_none() {
        let day = found.dateline.and_then(|dateline| dateline::full_day(&page.text, &dateline));
        page.published = day.map(|day| Published { when: Interval::day(day), from: "text" });
    }
    page.furniture = found.spans;
}

/// What the bytes are, if they are no text.
fn binary(bytes: &[u8]) -> Option<&'static str> {
    let signatures: [(&[u8], &str); 8] = [
        (b"PK\x03\x04", "a ZIP archive"),
        (b"%PDF-", "a PDF file"),
        (b"\x1f\x8b", "a gzip file"),
        (b"\x28\xb5\x2f\xfd", "a Zstandard file"),
        (b"\x89PNG", "a PNG image"),
        (b"\xff\xd8\xff", "a JPEG image"),
        (b"GIF8", "a GIF image"),
        (b"SQLite format 3", "an SQLite database"),
    ];
    let known = signatures.iter().find(|(start, _)| bytes.starts_with(start)).map(|(_, what)| *what);
    let utf16 = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
    let zeros = bytes.iter().take(4096).any(|b| *b == 0) && !utf16;
    known.or(zeros.then_some("binary data"))
}

fn guess(origin: &str, text: &str) -> Format {
    let ending = origin.rsplit('.').next().unwrap_or("").to_ascii_lowercase();
    let start = text.trim_start();
    match ending.as_str() {
        "jsonl" | "ndjson" => Format::JsonLines,
        "html" | "htm" | "xhtml" => Format::Html,
        "txt" | "md" => Format::Text,
        _ if start.starts_with('{') || start.starts_with("[{") => {
            if is_telegram(start) {
                Format::Telegram
            } else {
                Format::JsonLines
            }
        }
        _ => {
            let head: String = start.chars().take(512).collect::<String>().to_ascii_lowercase();
            let page = head.starts_with("<!doctype html") || head.contains("<html") || head.contains("<body");
            if page { Format::Html } else { Format::Text }
        }
    }
}

/// Is it one object with a chat's messages or with chats? Told by keys near its start: exports run to gigabytes.
fn is_telegram(text: &str) -> bool {
    let head: String = text.chars().take(4096).filter(|c| !c.is_whitespace()).collect();
    let key = |name: &str, opens: char| head.contains(&format!("\"{name}\":{opens}"));
    let fields = key("text", '"') && !head.contains("\"type\":\"");
    head.starts_with('{') && !fields && (key("messages", '[') || key("chats", '{'))
}

/// A page of the given kind with nothing known yet.
fn blank(kind: PageKind) -> Page {
    Page { kind, ..Page::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(origin: &str, bytes: &[u8]) -> Unpacked {
        pages(&capture(origin, "name", bytes.to_vec()), &Given::default(), None)
    }

    #[test]
    fn a_lone_text_takes_the_captures_name_and_what_is_given() {
        let given = Given { outlet: Some("Vel Times".into()), ..Given::default() };
        let found = pages(&capture("a.txt", "a", b"One.\r\nTwo.".to_vec()), &given, None);
        let page = &found.pages[0];
        assert_eq!((page.name.as_str(), page.text.as_str()), ("a", "One.\nTwo."));
        assert_eq!(page.outlet.as_deref(), Some("Vel Times"));
    }

    #[test]
    fn binary_and_empty_input_are_problems_with_a_reason() {
        assert_eq!(read("x", b"PK\x03\x04rest").problems[0].reason, "this is a ZIP archive, not text");
        assert_eq!(read("x", b" \n").problems[0].reason, "there is no text in it");
    }

    #[test]
    fn an_export_on_standard_input_is_known_by_its_keys() {
        let chat = r#"{"name": "Vel", "type": "public_channel", "messages": [{"id": 1, "type": "message", "text": "Shells fell."}]}"#;
        assert_eq!(read("stdin", chat.as_bytes()).pages[0].name, "Vel/1");
        let all = format!(r#"{{"about": "All", "chats": {{"about": "", "list": [{chat}]}}}}"#);
        assert_eq!(read("stdin", all.as_bytes()).pages[0].name, "Vel/1");
        let line = r#"{"id": "a", "text": "The \"messages\": [none]."}"#;
        assert_eq!(read("stdin", line.as_bytes()).pages[0].name, "a");
    }

    #[test]
    fn a_text_gives_credits_byline_and_the_day_of_its_dateline() {
        let text =
            "Shells on Orm\nBy Ana Tal\nSELMA, Varnia, May 14, 2024 (KNA) - Shells fell.\nYour Comment";
        let page = &read("a.txt", text.as_bytes()).pages[0];
        assert_eq!((page.text.as_str(), page.byline.as_deref()), (text, Some("Ana Tal")));
        assert_eq!(page.credits, ["KNA"]);
        assert_eq!(
            page.published.as_ref().map(|p| (p.when.iso(), p.from)),
            Some(("2024-05-14".into(), "text"))
        );
        let marked: Vec<&str> = page.furniture.iter().map(|span| span.of(text)).collect();
        assert_eq!(marked, ["By Ana Tal", "SELMA, Varnia, May 14, 2024 (KNA) -", "Your Comment"]);
    }

    #[test]
    fn rubbish_never_panics() {
        let mut seed = 7u32;
        for n in 0..400usize {
            let bytes: Vec<u8> = (0..n)
                .map(|_| {
                    seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    (seed >> 24) as u8
                })
                .collect();
            for origin in ["x.html", "x.jsonl", "x.json", "x.txt", "x"] {
                read(origin, &bytes);
            }
        }
    }
}
