//! Lines of painted words: colour, width, wrapping, and nothing that a terminal would obey.

use std::borrow::Cow;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// What words are, and so how they look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    Title,
    Dim,
    Good,
    Bad,
    Warn,
    Trigger,
    Actor,
    Recipient,
    Instrument,
    Place,
    Time,
    Figure,
    Source,
    Cue,
}

impl Style {
    /// The parameters of the terminal's "select graphic rendition". The sixteen basic colours, which follow the
    /// user's theme; no background, so that both light and dark ones stay readable. Plain blue is too dark for many.
    fn code(self) -> &'static str {
        match self {
            Style::Plain => "",
            Style::Title => "1",
            Style::Dim => "2",
            Style::Good => "1;32",
            Style::Bad => "1;31",
            Style::Warn => "1;33",
            Style::Trigger => "1;4",
            Style::Actor => "35",
            Style::Recipient => "94",
            Style::Instrument => "31",
            Style::Place => "32",
            Style::Time => "36",
            Style::Figure => "33",
            Style::Source => "1",
            Style::Cue => "3",
        }
    }
}

/// Words in one style.
#[derive(Clone, Debug)]
pub(super) struct Piece<'w> {
    style: Style,
    words: Cow<'w, str>,
}

impl<'w> Piece<'w> {
    pub(super) fn new(style: Style, words: impl Into<Cow<'w, str>>) -> Self {
        Piece { style, words: words.into() }
    }
}

/// A line before it is broken: clean words in their styles.
#[derive(Clone, Debug, Default)]
pub(super) struct Pieces {
    pieces: Vec<(Style, String)>,
}

impl<'w> Piece<'w> {
    pub(super) fn plain(words: impl Into<Cow<'w, str>>) -> Self {
        Piece::new(Style::Plain, words)
    }
}

impl<'w> FromIterator<Piece<'w>> for Pieces {
    fn from_iter<I: IntoIterator<Item = Piece<'w>>>(pieces: I) -> Self {
        let mut line = Pieces::default();
        pieces.into_iter().for_each(|piece| line.push(piece));
        line
    }
}

impl Pieces {
    pub(super) fn push(&mut self, piece: Piece<'_>) {
        self.pieces.push((piece.style, clean(&piece.words)));
    }

    pub(super) fn extend(&mut self, more: Pieces) {
        self.pieces.extend(more.pieces);
    }

    pub(super) fn then(mut self, more: Pieces) -> Pieces {
        self.extend(more);
        self
    }

    /// Columns on a terminal.
    pub(super) fn width(&self) -> usize {
        self.pieces.iter().map(|(_, words)| width_of(words)).sum()
    }

    /// Everything on one line, spaces as they are, without a line end.
    pub(super) fn line(&self, color: bool) -> String {
        let mut brush = Brush::new(color);
        for (style, words) in &self.pieces {
            brush.paint(*style, words);
        }
        brush.finish()
    }

    /// Broken at spaces into lines of at most `width` columns, the first behind `first` and the others behind
    /// `rest` (which may hold colours). Runs of spaces become one. A longer word is broken
    /// where it must be. Each line ends with a line end; no words give one empty line.
    pub(super) fn wrap(&self, first: &str, rest: &str, width: usize, color: bool) -> String {
        let room = |lead: &str| width.saturating_sub(console::measure_text_width(lead)).max(8);
        let mut out = String::new();
        let mut lead = first;
        let mut brush = Brush::new(color);
        let mut used = 0;
        let mut gap: Option<Style> = None;
        for word in self.words() {
            let letters = match word {
                Token::Word(letters) => letters,
                Token::Spaces(style) => {
                    if used > 0 {
                        gap.get_or_insert(style);
                    }
                    continue;
                }
            };
            let word_width: usize = letters.iter().map(|&(_, letter)| letter.width().unwrap_or(0)).sum();
            if used > 0 && used + usize::from(gap.is_some()) + word_width > room(lead) {
                out = out + lead + &std::mem::replace(&mut brush, Brush::new(color)).finish() + "\n";
                (lead, used, gap) = (rest, 0, None);
            }
            if let Some(style) = gap.take() {
                brush.paint(style, " ");
                used += 1;
            }
            for (style, letter) in letters {
                let letter_width = letter.width().unwrap_or(0);
                if used + letter_width > room(lead) {
                    out = out + lead + &std::mem::replace(&mut brush, Brush::new(color)).finish() + "\n";
                    (lead, used) = (rest, 0);
                }
                brush.paint(style, letter.encode_utf8(&mut [0; 4]));
                used += letter_width;
            }
        }
        out + lead + &brush.finish() + "\n"
    }

    /// Words with a style for each letter, and what is between them.
    fn words(&self) -> Vec<Token> {
        let mut tokens = Vec::new();
        for (style, words) in &self.pieces {
            for letter in words.chars() {
                match (letter == ' ', tokens.last_mut()) {
                    // The spaces take the style of their words, so that an underlined phrase is one line.
                    (true, _) => tokens.push(Token::Spaces(*style)),
                    (false, Some(Token::Word(letters))) => letters.push((*style, letter)),
                    (false, _) => tokens.push(Token::Word(vec![(*style, letter)])),
                }
            }
        }
        tokens
    }
}

enum Token {
    Word(Vec<(Style, char)>),
    Spaces(Style),
}

/// Writes words and, between words of different styles, the codes that change colour.
struct Brush {
    color: bool,
    style: Style,
    out: String,
}

impl Brush {
    fn new(color: bool) -> Self {
        Brush { color, style: Style::Plain, out: String::new() }
    }

    fn paint(&mut self, style: Style, words: &str) {
        self.change(style);
        self.out += words;
    }

    fn change(&mut self, style: Style) {
        if self.color && style != self.style {
            if self.style != Style::Plain {
                self.out += "\x1b[0m";
            }
            if style != Style::Plain {
                self.out = std::mem::take(&mut self.out) + "\x1b[" + style.code() + "m";
            }
        }
        self.style = style;
    }

    /// The line, without colours left open and spaces at its end.
    fn finish(mut self) -> String {
        self.change(Style::Plain);
        self.out.truncate(self.out.trim_end_matches(' ').len());
        self.out
    }
}

/// Columns on a terminal.
pub(crate) fn width_of(words: &str) -> usize {
    words.width()
}

/// `words`, shortened to `width` columns with `…`.
pub(crate) fn cut(words: &str, width: usize) -> String {
    if width_of(words) <= width {
        return words.to_owned();
    }
    let mut out = String::new();
    for letter in words.chars() {
        if width_of(&out) + letter.width().unwrap_or(0) >= width {
            break;
        }
        out.push(letter);
    }
    out + "…"
}

/// `words` without anything that a terminal obeys or that turns the direction of reading: white space becomes a
/// space, other control characters become U+FFFD.
pub(crate) fn clean(words: &str) -> String {
    words
        .chars()
        .map(|letter| match letter {
            _ if letter.is_whitespace() => ' ',
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                '\u{fffd}'
            }
            _ if letter.is_control() => '\u{fffd}',
            _ => letter,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(pieces: &[(Style, &str)], width: usize, color: bool, expected: Expect) {
        let line: Pieces = pieces.iter().map(|&(style, words)| Piece::new(style, words)).collect();
        let shown = line.wrap("> ", "  ", width, color).replace('\x1b', "^");
        expected.assert_eq(&shown);
        for line in shown.lines().filter(|_| !color) {
            assert!(width_of(line) <= width, "{line:?} is wider than {width}");
        }
    }

    #[test]
    fn lines_break_at_spaces_and_runs_of_spaces_become_one() {
        let words = "The  governor said\nthat nothing had happened.";
        check(
            &[(Style::Plain, words)],
            20,
            false,
            expect![[r#"
            > The governor said
              that nothing had
              happened.
        "#]],
        );
    }

    #[test]
    fn colour_is_closed_at_the_end_of_a_line_and_opened_again() {
        check(
            &[(Style::Plain, "they "), (Style::Trigger, "shelled the"), (Style::Plain, " town")],
            16,
            true,
            expect![[r#"
            > they ^[1;4mshelled^[0m
              ^[1;4mthe^[0m town
        "#]],
        );
    }

    #[test]
    fn a_word_wider_than_the_line_is_broken() {
        check(
            &[(Style::Plain, "see https://courier.example/a/b now")],
            18,
            false,
            expect![[r#"
            > see
              https://courier.
              example/a/b now
        "#]],
        );
    }

    #[test]
    fn letters_of_two_columns_count_twice() {
        check(
            &[(Style::Plain, "新华社报道了袭击事件的伤亡人数")],
            14,
            false,
            expect![[r#"
            > 新华社报道了
              袭击事件的伤
              亡人数
        "#]],
        );
    }

    #[test]
    fn a_text_cannot_command_the_terminal() {
        check(
            &[(Style::Plain, "a\x1b[31mb\u{202e}c\x07")],
            40,
            false,
            expect![[r#"
            > a�[31mb�c�
        "#]],
        );
    }
}
