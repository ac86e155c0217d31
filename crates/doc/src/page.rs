//! Bytes as obtained, the readable text taken from them, and that text analysed.

use crate::{Deprel, Interval, MentionKind, Upos};

/// A half-open range of UTF-8 bytes in a page's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The span `start..end`, in bytes.
    pub fn new(start: usize, end: usize) -> Self {
        debug_assert!(start <= end);
        Span { start: start as u32, end: end as u32 }
    }

    /// The text this span covers. An offset outside `text` or inside a character gives `""`.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize).unwrap_or("")
    }

    /// Do the two share at least one byte?
    pub fn overlaps(self, other: Span) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Does `self` hold the whole of `other`?
    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

/// Bytes as obtained, never changed afterwards.
#[derive(Clone, Debug)]
pub struct Capture {
    /// `sha256:` and 64 hexadecimal digits, of `bytes`.
    pub id: String,
    /// Where the bytes came from, for people: a path, a URL, `stdin`.
    pub origin: String,
    /// File stem, the name by which a lone page in this capture is known.
    pub name: String,
    /// The bytes themselves.
    pub bytes: Vec<u8>,
}

/// What kind of readable text a page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum PageKind {
    /// A news article or other web page.
    Article,
    /// One post of a channel.
    Post,
    /// Plain text with nothing known about it.
    #[default]
    Text,
    /// One item of a feed or a line of a data set.
    Item,
}

impl PageKind {
    /// The word in the public record.
    pub fn as_str(self) -> &'static str {
        match self {
            PageKind::Article => "article",
            PageKind::Post => "post",
            PageKind::Text => "text",
            PageKind::Item => "item",
        }
    }
}

/// When a page was published, and how we know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// The day, month or year.
    pub when: Interval,
    /// `given`, `json-ld`, `meta`, `time`, `url`, `text`, `export`.
    pub from: &'static str,
}

/// One readable text taken from a capture.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// File stem, a line's `id`, or `<folder>/<message id>`.
    pub name: String,
    /// The capture's id.
    pub capture: String,
    /// What kind of page.
    pub kind: PageKind,
    /// Where it was published.
    pub url: Option<String>,
    /// Headline.
    pub title: Option<String>,
    /// Who published it.
    pub outlet: Option<String>,
    /// Agencies or outlets that it names as its origin.
    pub credits: Vec<String>,
    /// Who signed it.
    pub byline: Option<String>,
    /// ISO 639-1, where it could be told.
    pub language: Option<String>,
    /// When it was published.
    pub published: Option<Published>,
    /// The time of day that stands beside the day of publication, on the page's own clock: minutes since midnight.
    pub clock: Option<u16>,
    /// The readable text. Every span of the later stages is a range of it.
    pub text: String,
    /// Parts of `text` that belong to the page, not to the report: credit lines, "Your Comment", datelines.
    /// Kept in `text` so that offsets hold; no claim is read from them.
    pub furniture: Vec<Span>,
    /// What was odd about the input, for people.
    pub notes: Vec<String>,
}

/// One token of a [`Doc`].
#[derive(Clone, Debug, PartialEq)]
pub struct Token {
    /// Where it stands in the text.
    pub span: Span,
    /// Dictionary form, lower case (proper nouns keep their case).
    pub lemma: String,
    /// Universal part of speech.
    pub upos: Upos,
    /// Index in [`Doc::tokens`] of the head; a root is its own head.
    pub head: u32,
    /// Relation to the head.
    pub deprel: Deprel,
}

/// A named person, organisation, place or people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// Where it stands in the text.
    pub span: Span,
    /// First token and one past the last, indices in [`Doc::tokens`].
    pub tokens: (u32, u32),
    /// What it names.
    pub kind: MentionKind,
}

/// A page with its language analysis.
#[derive(Clone, Debug, Default)]
pub struct Doc {
    /// The page's text.
    pub text: String,
    /// All tokens, in order.
    pub tokens: Vec<Token>,
    /// Ranges of token indices, in order, covering every token once.
    pub sentences: Vec<(u32, u32)>,
    /// Names, in order, never overlapping.
    pub mentions: Vec<Mention>,
}

impl Doc {
    /// The words of `span`.
    pub fn slice(&self, span: Span) -> &str {
        span.of(&self.text)
    }

    /// The form of the token with this index.
    pub fn form(&self, token_idx: usize) -> &str {
        self.slice(self.tokens[token_idx].span)
    }

    /// From the start of token `first` to the end of token `last` (inclusive).
    pub fn span(&self, first: usize, last: usize) -> Span {
        Span { start: self.tokens[first].span.start, end: self.tokens[last].span.end }
    }

    /// The index of the sentence that holds the token.
    pub fn sentence_of(&self, token_idx: usize) -> usize {
        self.sentences.partition_point(|&(_, end)| end as usize <= token_idx)
    }
}
