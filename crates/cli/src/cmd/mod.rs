//! A file per command.

pub(crate) mod annotate;
pub(crate) mod dates;
pub(crate) mod explain;
pub(crate) mod read;
