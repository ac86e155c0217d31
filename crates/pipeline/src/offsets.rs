//! Bytes to code points: the one place where offsets change their unit.
//!
//! Inside hearsay spans count UTF-8 bytes; the public record counts code points, as Python's strings do.

use hearsay_doc::Span;

/// Knows, for one text, how many code points begin before each byte.
pub(crate) struct Offsets<'t> {
    text: &'t str,
    /// Code points before every [`STEP`]th byte; empty where the text is ASCII and both units are the same.
    before: Vec<u32>,
}

/// Bytes between two counts: a table of one number in 64 bytes, and at most 64 bytes to look at for an answer.
const STEP: usize = 64;

impl<'t> Offsets<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        let mut before = Vec::new();
        if !text.is_ascii() {
            let mut n = 0;
            for chunk in text.as_bytes().chunks(STEP) {
                before.push(n);
                n += starts(chunk);
            }
            before.push(n);
        }
        Offsets { text, before }
    }

    /// The code points before `byte`; an offset past the end counts as the end.
    pub(crate) fn code_point(&self, byte: u32) -> u32 {
        let byte = (byte as usize).min(self.text.len());
        if self.before.is_empty() {
            return byte as u32;
        }
        let step = byte / STEP;
        self.before[step] + starts(&self.text.as_bytes()[step * STEP..byte])
    }

    /// First code point and one past the last.
    pub(crate) fn range(&self, span: Span) -> (u32, u32) {
        (self.code_point(span.start), self.code_point(span.end))
    }
}

/// How many code points start in `bytes`: every byte but the continuation bytes `10xxxxxx`.
fn starts(bytes: &[u8]) -> u32 {
    bytes.iter().filter(|&&byte| byte & 0b1100_0000 != 0b1000_0000).count() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_boundary_is_counted_as_python_counts() {
        for text in ["", "plain", "Žižek ← дрон 🛩 end", &"ž🛩a".repeat(100), &"ž".repeat(64)] {
            let offsets = Offsets::new(text);
            for (n, (byte, _)) in text.char_indices().enumerate() {
                assert_eq!(offsets.code_point(byte as u32), n as u32, "byte {byte} of {text:?}");
            }
            assert_eq!(offsets.code_point(text.len() as u32), text.chars().count() as u32);
            assert_eq!(offsets.code_point(u32::MAX), text.chars().count() as u32);
        }
    }
}
