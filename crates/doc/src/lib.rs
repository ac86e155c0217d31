//! The words that every part of hearsay shares.
//!
//! The way of the data is [`Capture`] → [`Page`] → [`Doc`] → [`Reading`]. Each type is what one stage yields
//! and the next one takes; no stage edits what it was given. Spans are half-open ranges of UTF-8 bytes in the
//! page's text; the public record counts code points and is converted in one place (`hearsay-pipeline`).
//!
//! What has been read leaves as a [`record::Record`], the public form; the types above know nothing of JSON, HTML, files or
//! clocks.

mod claim;
mod labels;
mod page;
pub mod record;
pub mod testing;
mod time;

pub use claim::{
    Argument, Claim, EntityRef, Event, Figure, Link, PlaceRef, Reading, Reason, ResolvedPlace, SourceKind,
    TimeRef,
};
pub use labels::{
    Deprel, EventType, Measure, MentionKind, Modality, Mode, PlacePrecision, Population, Position,
    Responsibility, Scope, Stance, UnknownLabel, Upos,
};
pub use page::{Capture, Doc, Mention, Page, PageKind, Published, Span, Token};
pub use time::{Date, DateError, Interval, Precision};
