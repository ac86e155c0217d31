//! A text as words with their places: what shingles, names and quotations are looked up in.
//!
//! Start at [`words`]. Letters and digits make words, in lower case; apostrophes are dropped, so that a text keeps its
//! words when its quotation marks are straightened.

/// One word of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    /// Of its letters in lower case.
    pub hash: u64,
    /// First byte in the text.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

const K: u64 = 0x517c_c1b7_2722_0a95;

/// Spreads the bits of `x` over all 64.
pub(crate) fn mix(mut x: u64) -> u64 {
    x ^= x >> 32;
    x = x.wrapping_mul(0xd6e8_feb8_6659_fd93);
    x ^= x >> 32;
    x = x.wrapping_mul(0xd6e8_feb8_6659_fd93);
    x ^ (x >> 32)
}

fn step(hash: u64, c: char) -> u64 {
    (hash.rotate_left(5) ^ u64::from(u32::from(c))).wrapping_mul(K)
}

/// The words of `text`, in order. A text beyond 4 GiB is cut there.
pub(crate) fn words(text: &str) -> Vec<Word> {
    let mut out = Vec::with_capacity(text.len() / 6);
    let bytes = text.as_bytes();
    let (mut hash, mut start, mut inside, mut at) = (0u64, 0usize, false, 0usize);
    while at < bytes.len() && at < u32::MAX as usize {
        let byte = bytes[at];
        // Nearly all bytes are ASCII: no decoding for them.
        let (c, len) = if byte < 0x80 {
            (char::from(byte.to_ascii_lowercase()), 1)
        } else {
            let c = text[at..].chars().next().unwrap_or(' ');
            (c.to_lowercase().next().unwrap_or(c), c.len_utf8())
        };
        if c.is_alphanumeric() {
            if !inside {
                (hash, start, inside) = (0, at, true);
            }
            hash = step(hash, c);
        } else if inside && !matches!(c, '\'' | '’') {
            out.push(Word { hash: mix(hash), start: start as u32, end: at as u32 });
            inside = false;
        }
        at += len;
    }
    if inside {
        out.push(Word { hash: mix(hash), start: start as u32, end: at as u32 });
    }
    out
}

/// Byte ranges of `text` that stand inside quotation marks, the marks left out, in order. A straight mark opens and
/// closes in turn; a mark that is not closed within its paragraph quotes nothing.
pub(crate) fn quotations(text: &str) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    let mut open: Option<(char, usize)> = None;
    for (at, c) in text.char_indices() {
        match (c, open) {
            ('\n', _) => open = None,
            ('“' | '«' | '„', None) => open = Some((c, at + c.len_utf8())),
            ('"', None) => open = Some((c, at + 1)),
            ('"', Some(('"', start)))
            | ('”', Some(('“' | '„', start)))
            | ('“', Some(('„', start)))
            | ('»', Some(('«', start))) => {
                out.push((start, at));
                open = None;
            }
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_keep_their_places_and_lose_case_and_apostrophes() {
        let text = "The Front’s GUNS, “guns” 152-mm";
        let found: Vec<&str> = words(text).iter().map(|w| &text[w.start as usize..w.end as usize]).collect();
        assert_eq!(found, ["The", "Front’s", "GUNS", "guns", "152", "mm"]);
        let of = |text: &str| words(text).iter().map(|w| w.hash).collect::<Vec<_>>();
        assert_eq!(of("The Front’s GUNS"), of("the front's guns"));
        assert_eq!(of("Ünal"), of("ünal"));
        assert!(words("… — !").is_empty());
    }

    #[test]
    fn quotations_close_in_their_own_paragraph() {
        let text = "He said \"no\" and “yes, they” left.\nAn open \" mark\n\"One.\"";
        let found: Vec<&str> = quotations(text).iter().map(|&(a, b)| &text[a..b]).collect();
        assert_eq!(found, ["no", "yes, they", "One."]);
    }
}
