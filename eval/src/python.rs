//! Strings and numbers as Python sees them.
//!
//! Figures of the claims task are defined by a Python script; to agree with it to the last digit, words,
//! spaces, rounding and the way values are printed must be Python's, not Rust's. The two differ in combining
//! marks (no part of `\w` there), in the control characters 0x1C–0x1F (spaces there) and in quoting.

use std::sync::LazyLock;

use regex::Regex;

static WORD: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[\p{L}\p{N}_]+|'s").expect("a constant expression"));
static UNPRINTABLE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[\p{C}\p{Z}]").expect("a constant expression"));

/// `re.findall(r"\w+|'s", text.lower())`
pub fn words(text: &str) -> Vec<String> {
    let text = text.to_lowercase();
    WORD.find_iter(&text).map(|word| word.as_str().to_owned()).collect()
}

/// `c.isspace()`
pub fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\x1c'..='\x1f').contains(&c)
}

/// `text.strip()`
pub fn strip(text: &str) -> &str {
    text.trim_matches(is_space)
}

/// `round(value, 1)`: of the two nearest, the exact binary value decides; a tie goes to the even digit.
pub fn round1(value: f64) -> f64 {
    format!("{value:.1}").parse().expect("a printed number reads back")
}

/// `repr(text)`
pub fn repr(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut out = String::from(quote);
    for c in text.chars() {
        match c {
            '\\' => out.push_str(r"\\"),
            '\n' => out.push_str(r"\n"),
            '\r' => out.push_str(r"\r"),
            '\t' => out.push_str(r"\t"),
            ' ' => out.push(' '),
            c if c == quote => {
                out.push('\\');
                out.push(c);
            }
            c if UNPRINTABLE.is_match(c.encode_utf8(&mut [0; 4])) => out.push_str(&match u32::from(c) {
                code @ ..=0xff => format!(r"\x{code:02x}"),
                code @ ..=0xffff => format!(r"\u{code:04x}"),
                code => format!(r"\U{code:08x}"),
            }),
            c => out.push(c),
        }
    }
    out.push(quote);
    out
}

/// `repr(x)` of a string or `None`.
pub fn repr_option(text: Option<&str>) -> String {
    text.map_or_else(|| "None".to_owned(), repr)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_letters_digits_and_the_genitive() {
        let check = |text: &str, expected: &[&str]| assert_eq!(words(text), expected, "{text:?}");
        check("Hamas's 32,000 fighters", &["hamas", "'s", "32", "000", "fighters"]);
        check("ŽIŽEK’s co-op", &["žižek", "s", "co", "op"]);
        // A combining accent ends a word in Python, where Rust's `\w` would go on.
        check("cafe\u{301}s", &["cafe", "s"]);
        check("x² ½ Ⅳ snake_case", &["x²", "½", "ⅳ", "snake_case"]);
        check("'sword", &["'s", "word"]);
    }

    #[test]
    fn rounding_is_pythons() {
        // 6.25 and 18.75 are exact in binary: ties, decided by the even digit; 0.35 is below, 0.45 above a tie.
        for (value, expected) in
            [(6.25, 6.2), (18.75, 18.8), (0.35, 0.3), (0.45, 0.5), (66.66666, 66.7), (100.0, 100.0)]
        {
            assert_eq!(round1(value), expected, "{value}");
        }
    }

    #[test]
    fn values_are_printed_as_python_prints_them() {
        assert_eq!(repr("it's"), r#""it's""#);
        assert_eq!(repr(r#"it's "so""#), r#"'it\'s "so"'"#);
        assert_eq!(repr("a\u{a0}b\u{200b}\n\\ž🛩"), r"'a\xa0b\u200b\n\\ž🛩'");
        assert_eq!(repr_option(None), "None");
        assert_eq!(strip("\u{1f} a \u{3000}"), "a");
    }
}
