//! Claims from a parsed page.

pub(crate) mod tree;
