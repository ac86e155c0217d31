//! Where sentences end.
//!
//! Start at [`split`]. A blank line always ends a sentence and so does a line break, unless the text is plainly
//! wrapped at a fixed width. Inside a line a sentence may end after a full stop, a mark of question or
//! exclamation, an ellipsis, a colon or a semicolon, together with the quotes and brackets that close after it. A
//! linear classifier over the words around such a candidate decides; its weights are in the model file and were
//! learned on the treebanks. Without weights (an empty list) a rule of thumb decides.

use hearsay_doc::Span;

use crate::features::norm;
use crate::tokenize::tokenize;

/// Number of hashed weights.
pub const N_WEIGHTS: usize = 1 << 14;

/// The classifier's weights.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Boundaries {
    weights: Vec<f32>,
}

impl Boundaries {
    /// From [`N_WEIGHTS`] weights, or none for the rule of thumb; `None` for another number.
    pub fn new(weights: Vec<f32>) -> Option<Boundaries> {
        matches!(weights.len(), 0 | N_WEIGHTS).then_some(Boundaries { weights })
    }

    /// The weights, empty for the rule of thumb.
    #[cfg(any(feature = "train", test))]
    pub fn weights(&self) -> &[f32] {
        &self.weights
    }

    /// Does a sentence end after the candidate word `i`?
    fn ends(&self, text: &str, spans: &[Span], i: usize) -> bool {
        if self.weights.is_empty() {
            return rule_of_thumb(text, spans, i);
        }
        let score: f32 = clues(text, spans, i).iter().map(|&c| self.weights[c as usize]).sum();
        score > 0.0
    }
}

/// Words of `text`, and its sentences as ranges of their indices that cover each word once.
pub fn split(text: &str, boundaries: &Boundaries) -> (Vec<Span>, Vec<(u32, u32)>) {
    let spans = tokenize(text);
    let wrap = wrap_width(text);
    let mut sentences = Vec::new();
    let mut first = 0;
    let mut dateline = None;
    for i in 0..spans.len() {
        if i == first
            && (i == 0 || lines_between(&text[spans[i - 1].end as usize..spans[i].start as usize]) > 0)
        {
            dateline = dateline_end(text, &spans, i);
        }
        let end = dateline == Some(i) || i + 1 == spans.len() || {
            let gap = &text[spans[i].end as usize..spans[i + 1].start as usize];
            match lines_between(gap) {
                0 => is_candidate(text, &spans, i) && boundaries.ends(text, &spans, i),
                1 => match wrap {
                    None => true,
                    Some(width) => {
                        // A short line ends a paragraph; a full one goes on.
                        line_length(text, spans[i].end as usize) + 25 < width
                            || is_candidate(text, &spans, i) && boundaries.ends(text, &spans, i)
                    }
                },
                _ => true,
            }
        };
        if end {
            sentences.push((first as u32, i as u32 + 1));
            first = i + 1;
        }
    }
    (spans, sentences)
}

/// The dash that ends the dateline of a wire report which begins at the word `first` of a line: "ALBA, May 3 (Wire) —".
///
/// A dateline is a sentence of its own here. In the treebanks it is part of the first sentence, where parsers take the
/// place for its subject. It has at most 14 words, none in lower case but small ones, and begins with a word in
/// capitals, unless the line goes on so, or ends with an agency in brackets.
fn dateline_end(text: &str, spans: &[Span], first: usize) -> Option<usize> {
    let dash = |i: usize| matches!(form(text, spans, i), "-" | "--" | "\u{2013}" | "\u{2014}");
    let spaced = |i: usize| {
        spans[i - 1].end < spans[i].start || spans.get(i + 1).is_some_and(|n| spans[i].end < n.start)
    };
    let end = (first + 1..spans.len().min(first + 15)).find(|&i| dash(i) && spaced(i))?;
    if end + 1 >= spans.len() || spans[end].end - spans[first].start > 90 {
        return None;
    }
    let plain = |i: usize| {
        let word = form(text, spans, i);
        !word.starts_with(char::is_lowercase)
            || matches!(word, "al" | "el" | "and" | "of" | "in" | "the" | "de")
    };
    let shouts = |i: usize| {
        let word = form(text, spans, i);
        word.chars().count() > 2
            && word.chars().all(|c| c.is_uppercase() || matches!(c, '.' | '\'' | '\u{2019}'))
    };
    let on_line = !text[spans[first].start as usize..spans[end].start as usize].contains('\n');
    let opened = (first..end).any(|i| form(text, spans, i) == "(")
        || (first..end).any(|i| form(text, spans, i) == "[");
    let agency = opened && matches!(form(text, spans, end - 1), ")" | "]") && form(text, spans, first) != "(";
    let stops = (first..end).any(|i| matches!(form(text, spans, i), "." | "!" | "?" | ";" | "\""));
    (on_line
        && !stops
        && (shouts(first) && !shouts(end + 1) && end - first < 9 || agency)
        && (first..end).all(plain))
    .then_some(end)
}

/// Line breaks in the white space between two words; `\r\n` is one.
fn lines_between(gap: &str) -> usize {
    let breaks =
        gap.chars().filter(|c| matches!(c, '\n' | '\u{2028}' | '\u{2029}' | '\u{b}' | '\u{c}')).count();
    if breaks == 0 { gap.matches('\r').count() } else { breaks }
}

/// Characters on the line that ends at `end` after its indentation, counted up to 200.
fn line_length(text: &str, end: usize) -> usize {
    let line = text[..end].chars().rev().take(200).take_while(|&c| c != '\n');
    line.collect::<Vec<char>>().iter().rev().skip_while(|c| c.is_whitespace()).count()
}

/// The longest line of a text that is wrapped at a fixed width, `None` for all others.
///
/// Wrapped text has at least four line breaks inside paragraphs, no line over 140 characters, and at least 3 in 10
/// of its breaks follow a line of 50 or more and go on in lower case (in a text all in capitals: follow no stop).
fn wrap_width(text: &str) -> Option<usize> {
    let (mut breaks, mut running, mut longest) = (0usize, 0usize, 0usize);
    let (mut before, mut stopped): (Option<usize>, bool) = (None, true);
    for line in text.lines() {
        let line = line.trim();
        let length = if line.len() > 400 { 400 } else { line.chars().count() };
        if length > 140 {
            return None;
        }
        if let (Some(before), false) = (before, line.is_empty()) {
            breaks += 1;
            let capitals = !line.chars().any(char::is_lowercase);
            let goes_on = if capitals { !stopped } else { line.starts_with(char::is_lowercase) };
            running += usize::from(before >= 50 && goes_on);
        }
        stopped = line.ends_with(['.', '!', '?', ':', '"', '\u{201d}', ']']);
        longest = longest.max(length);
        before = (!line.is_empty()).then_some(length);
    }
    (breaks >= 4 && running * 10 >= breaks * 3 && longest >= 50).then_some(longest)
}

fn form<'a>(text: &'a str, spans: &[Span], i: usize) -> &'a str {
    spans[i].of(text)
}

/// Quotes and brackets that close.
fn is_closing(form: &str) -> bool {
    matches!(form, "\"" | "\u{201d}" | "'" | "\u{2019}" | "''" | ")" | "]" | "}" | "\u{bb}" | "*")
}

/// A word after which a sentence may end.
fn is_terminal(form: &str) -> bool {
    form.ends_with(['.', '!', '?', ':', ';', '\u{2026}', '\u{3002}', '\u{ff01}', '\u{ff1f}'])
        || form.chars().next().is_some_and(crate::tokenize::is_emoji)
        || matches!(form, ":)" | ":(" | ";)" | ":D" | ":-)" | "-" | "--" | "\u{2014}" | "\u{2013}" | "|")
        || form.starts_with("http")
}

/// The terminal word at or before `i`, with only closing marks between.
fn terminal_of(text: &str, spans: &[Span], i: usize) -> Option<usize> {
    let mut at = i;
    for _ in 0..4 {
        if is_terminal(form(text, spans, at)) {
            return Some(at);
        }
        if at == 0 || !is_closing(form(text, spans, at)) || spans[at - 1].end != spans[at].start {
            return None;
        }
        at -= 1;
    }
    None
}

/// May a sentence end after the word `i`, which is not the last?
pub fn is_candidate(text: &str, spans: &[Span], i: usize) -> bool {
    terminal_of(text, spans, i).is_some()
}

fn rule_of_thumb(text: &str, spans: &[Span], i: usize) -> bool {
    let Some(terminal) = terminal_of(text, spans, i) else { return false };
    let word = form(text, spans, terminal);
    let next = form(text, spans, i + 1);
    let spaced = spans[i].end < spans[i + 1].start;
    let upper = next.starts_with(|c: char| c.is_uppercase() || c.is_numeric() || "\"“‘([".contains(c));
    let stop = matches!(word, "." | "!" | "?" | "..." | "\u{2026}") || word.starts_with(['!', '?']);
    stop && upper && spaced
}

/// Hashed clues for the classifier at the candidate `i`, each below [`N_WEIGHTS`].
pub fn clues(text: &str, spans: &[Span], i: usize) -> Vec<u16> {
    let terminal = terminal_of(text, spans, i).unwrap_or(i);
    let word = form(text, spans, terminal);
    let before = if terminal == 0 { "" } else { form(text, spans, terminal - 1) };
    let next = form(text, spans, i + 1);
    let after = spans.get(i + 2).map_or("", |s| s.of(text));
    let spaced = spans[i].end < spans[i + 1].start;
    let space = if spaced { "_" } else { "" };
    let closed = if terminal == i { "" } else { form(text, spans, i) };
    let (word_n, before_n, next_n) = (short(word), short(before), short(next));
    let (next_k, after_k, before_k) = (kind(next), kind(after), kind(before));
    // An abbreviation is known by its own letters, a lone mark by itself.
    let class = if word.len() > 1 && word.ends_with('.') && word != "..." { "abbr" } else { word_n.as_str() };
    // How far back the last terminal is: list numbers and initials stand close to one.
    let since = (1..=4).find(|&n| terminal < n || is_terminal(form(text, spans, terminal - n))).unwrap_or(5);
    // Does the line go on, or did the text before the candidate open a quotation that is not closed?
    let clue = |kind: &str, parts: [&str; 3]| -> u16 {
        let mut h = 0xcbf2_9ce4_8422_2325u64;
        for part in [kind, parts[0], parts[1], parts[2]] {
            for b in part.bytes().chain([0xff]) {
                h = (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3);
            }
        }
        ((h ^ (h >> 31)) % N_WEIGHTS as u64) as u16
    };
    let since = ["0", "1", "2", "3", "4", "5"][since];
    vec![
        clue("bias", ["", "", ""]),
        clue("w", [&word_n, space, ""]),
        clue("wc", [class, closed, space]),
        clue("wck", [class, closed, next_k]),
        clue("wk", [&word_n, next_k, ""]),
        clue("ck", [class, next_k, space]),
        clue("cka", [class, next_k, after_k]),
        clue("cn", [class, &next_n, ""]),
        clue("n", [&next_n, "", ""]),
        clue("cb", [class, &before_n, ""]),
        clue("bkk", [before_k, class, next_k]),
        clue("cs", [class, since, ""]),
        clue("csk", [class, since, next_k]),
        clue("bk", [before_k, class, ""]),
    ]
}

/// The form as a clue: normalised, at most 12 characters.
fn short(form: &str) -> String {
    let head: String = form.chars().take(12).collect();
    norm(&head)
}

/// What kind of word it is by its first characters.
fn kind(form: &str) -> &'static str {
    let mut chars = form.chars();
    let (first, second) = (chars.next().unwrap_or(' '), chars.next());
    match first {
        ' ' => "none",
        'I' if second.is_none() => "i",
        c if c.is_uppercase() => match second {
            None => "letter",
            Some('.') => "initial",
            Some(s) if s.is_uppercase() => "upper",
            Some(_) => "title",
        },
        c if c.is_lowercase() => "lower",
        c if c.is_numeric() => "digit",
        '"' | '\u{201c}' | '\'' | '\u{2018}' | '`' => "quote",
        '\u{201d}' | '\u{2019}' => "unquote",
        '(' | '[' => "open",
        ')' | ']' => "close",
        '.' | '!' | '?' | '\u{2026}' => "stop",
        ',' | ';' | ':' => "comma",
        '-' | '\u{2013}' | '\u{2014}' => "dash",
        '@' | '#' => "tag",
        c if crate::tokenize::is_emoji(c) => "emoji",
        _ => "mark",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    /// Sentences by the rule of thumb, one a line; line breaks inside one are shown as ⏎.
    fn check(text: &str, expected: Expect) {
        let (spans, sentences) = split(text, &Boundaries::default());
        let lines: Vec<String> = sentences
            .iter()
            .map(|&(a, b)| {
                let (start, end) = (spans[a as usize].start as usize, spans[b as usize - 1].end as usize);
                text[start..end].replace('\n', "⏎")
            })
            .collect();
        expected.assert_eq(&lines.join("\n"));
    }

    #[test]
    fn a_line_break_ends_a_sentence_and_a_headline_needs_no_full_stop() {
        check(
            "Three hurt in Port Alba\nALBA (Wire) — A boat sank. It was old.\n\nMore soon",
            expect![[r#"
                Three hurt in Port Alba
                ALBA (Wire) —
                A boat sank.
                It was old.
                More soon"#]],
        );
    }

    #[test]
    fn wrapped_text_goes_on_over_its_line_breaks() {
        check(
            "The ferry that left the old harbour on the evening of\nthe third of May was carrying forty people and a load of\ntimber for the sawmill at the northern end of the lake,\nsaid the owner, who had bought it from his brother only\ntwo weeks before.\nThe brother could not be reached. Nobody was hurt by\nany of it.",
            expect![[r#"
                The ferry that left the old harbour on the evening of⏎the third of May was carrying forty people and a load of⏎timber for the sawmill at the northern end of the lake,⏎said the owner, who had bought it from his brother only⏎two weeks before.
                The brother could not be reached.
                Nobody was hurt by⏎any of it."#]],
        );
    }

    #[test]
    fn indented_wrapped_text_goes_on_too() {
        let indent = " ".repeat(12);
        let lines = [
            "The ferry that left the old harbour on the evening of the third of May was carrying forty people and a load",
            "of timber for the sawmill at the northern end of the lake, said the owner, who had bought it from his only",
            "brother two weeks before. Two rowers",
            "The pilots who saw it from the bridge that leads to the lower town did not think that anything was wrong; a",
            "few minutes later they heard the bell and went down to the boats, which lie under the northern arch of the",
            "bridge all summer.",
        ];
        check(
            &lines.join(&format!("\n{indent}")),
            expect![[r#"
                The ferry that left the old harbour on the evening of the third of May was carrying forty people and a load⏎            of timber for the sawmill at the northern end of the lake, said the owner, who had bought it from his only⏎            brother two weeks before.
                Two rowers
                The pilots who saw it from the bridge that leads to the lower town did not think that anything was wrong; a⏎            few minutes later they heard the bell and went down to the boats, which lie under the northern arch of the⏎            bridge all summer."#]],
        );
    }

    #[test]
    fn wrapped_capitals_go_on_too() {
        check(
            "PORT ALBA, 3 MAY 90 (WIRE) -- THE FERRY THAT LEFT THE OLD HARBOUR ON\nTHE EVENING OF THE THIRD OF MAY WAS CARRYING FORTY PEOPLE AND A LOAD\nOF TIMBER FOR THE SAWMILL AT THE NORTHERN END OF THE LAKE, SAID THE\nOWNER, WHO HAD BOUGHT IT FROM HIS BROTHER ONLY TWO WEEKS BEFORE. THE\nBROTHER COULD NOT BE REACHED.\n",
            expect![[r#"
                PORT ALBA, 3 MAY 90 (WIRE) --
                THE FERRY THAT LEFT THE OLD HARBOUR ON⏎THE EVENING OF THE THIRD OF MAY WAS CARRYING FORTY PEOPLE AND A LOAD⏎OF TIMBER FOR THE SAWMILL AT THE NORTHERN END OF THE LAKE, SAID THE⏎OWNER, WHO HAD BOUGHT IT FROM HIS BROTHER ONLY TWO WEEKS BEFORE.
                THE⏎BROTHER COULD NOT BE REACHED."#]],
        );
    }

    #[test]
    fn a_dateline_is_a_sentence_of_its_own() {
        check(
            "PORT ALBA (Wire) — A boat sank - fast.",
            expect![[r#"
            PORT ALBA (Wire) —
            A boat sank - fast."#]],
        );
        check("POLICE HURT THREE - SOURCES", expect!["POLICE HURT THREE - SOURCES"]);
        check(
            "Alba, May 3 (Wire) -- It sank.",
            expect![[r#"
            Alba, May 3 (Wire) --
            It sank."#]],
        );
        check(
            "Ana Moss - who left - came back. USA — yes",
            expect![[r#"
            Ana Moss - who left - came back.
            USA — yes"#]],
        );
    }

    #[test]
    fn quotes_that_close_belong_to_their_sentence() {
        check(
            "\"We left.\" He nodded. (They stayed.) Why?",
            expect![[r#"
                "We left."
                He nodded.
                (They stayed.)
                Why?"#]],
        );
    }

    #[test]
    fn every_word_is_in_one_sentence() {
        for text in ["", " \n\n ", ".", "\n\n\n.", "a.\r\n\r\nb", "?!. . .", "🙂🙂\n🙂"] {
            let (spans, sentences) = split(text, &Boundaries::default());
            let mut next = 0;
            for &(a, b) in &sentences {
                assert!(a == next && a < b, "{text:?}");
                next = b;
            }
            assert_eq!(next as usize, spans.len(), "{text:?}");
        }
    }

    #[test]
    fn only_whole_lists_of_weights_are_taken() {
        assert!(Boundaries::new(vec![]).is_some() && Boundaries::new(vec![0.0; N_WEIGHTS]).is_some());
        assert!(Boundaries::new(vec![0.0; 3]).is_none());
    }
}
