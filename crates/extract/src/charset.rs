//! Bytes to text: byte order mark, UTF-8, what the page declares, else a guess from the letters' frequencies.

use encoding_rs::Encoding;

/// Decodes `bytes`; what is no character becomes U+FFFD. The byte order mark is left out.
pub(crate) fn decode(bytes: &[u8]) -> String {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[length..]).0.into_owned();
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    let encoding = declared(bytes).unwrap_or_else(|| {
        let mut detector = chardetng::EncodingDetector::new();
        detector.feed(bytes, true);
        detector.guess(None, true)
    });
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

/// The charset that a page's head names.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(2048)]).to_ascii_lowercase();
    let after = head.split_once("charset=")?.1;
    let label: String = after
        .trim_start_matches(['"', '\''])
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c))
        .collect();
    Encoding::for_label(label.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn declared_marked_and_guessed_encodings() {
        assert_eq!(decode(b"\xef\xbb\xbfVel"), "Vel");
        assert_eq!(decode(b"<meta charset=\"windows-1252\">caf\xe9"), "<meta charset=\"windows-1252\">café");
        assert_eq!(decode(b"\xff\xfeV\0e\0l\0"), "Vel");
    }
}
