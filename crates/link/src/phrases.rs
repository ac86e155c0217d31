//! Phrases by which a sentence denies, owns up, takes back, declines: `data/link/phrases.tsv`, looked up as they stand.

use std::collections::HashMap;
use std::sync::LazyLock;

static PHRASES: LazyLock<HashMap<&str, Vec<&str>>> = LazyLock::new(|| {
    let mut phrases: HashMap<&str, Vec<&str>> = HashMap::new();
    for line in include_str!("../../../data/link/phrases.tsv").lines() {
        if let Some((kind, phrase)) = line.split_once('\t').filter(|_| !line.starts_with('#')) {
            phrases.entry(kind).or_default().push(phrase);
        }
    }
    phrases
});

/// Has the text, in lower case, one of the phrases of that kind?
pub(crate) fn has(kind: &str, lower: &str) -> bool {
    PHRASES.get(kind).is_some_and(|phrases| phrases.iter().any(|phrase| lower.contains(phrase)))
}
