//! A file per command.

pub(crate) mod actors;
pub(crate) mod annotate;
pub(crate) mod credits;
pub(crate) mod dates;
pub(crate) mod explain;
pub(crate) mod lists;
pub(crate) mod places;
pub(crate) mod read;
