//! A file per command.

pub(crate) mod annotate;
pub(crate) mod explain;
pub(crate) mod incidents;
pub(crate) mod link;
pub(crate) mod read;
pub(crate) mod toll;
