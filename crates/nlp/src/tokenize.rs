//! Words of a text, as the English Universal Dependencies treebanks cut them.
//!
//! Clitics are words ("do|n't", "Hamas|'s"), hyphens are too ("24|-|hour") except after prefixes ("co-founder"),
//! marks are cut off, an abbreviation keeps its full stop. Start at [`tokenize`]: one scan from left to right,
//! which looks ahead by a bounded distance and so stays linear on any text.
//!
//! Where sentences end belongs to `sentence`; it is asked after the words are known.

use hearsay_doc::Span;

/// No look-ahead goes further, in bytes.
const LOOK: usize = 96;

/// Cuts `text` into words, in order. White space, control characters and zero-width marks between words belong to
/// none; every other character belongs to exactly one.
pub fn tokenize(text: &str) -> Vec<Span> {
    let mut scan = Scan { text, spans: Vec::with_capacity(text.len() / 5) };
    let mut start = None;
    for (i, c) in text.char_indices() {
        match (is_gap(c), start) {
            (true, Some(from)) => {
                scan.chunk(from, i);
                start = None;
            }
            (false, None) => start = Some(i),
            _ => {}
        }
    }
    if let Some(from) = start {
        scan.chunk(from, text.len());
    }
    scan.spans
}

/// Characters that stand between words.
pub(crate) fn is_gap(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(
            c,
            '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{202a}'..='\u{202e}'
        )
}

struct Scan<'a> {
    text: &'a str,
    spans: Vec<Span>,
}

impl Scan<'_> {
    fn push(&mut self, from: usize, to: usize) {
        self.spans.push(Span::new(from, to));
    }

    /// Cuts a stretch without white space.
    fn chunk(&mut self, mut at: usize, end: usize) {
        while at < end {
            let rest = &self.text[at..end];
            let len = special(rest).or_else(|| mark(rest));
            if let Some(len) = len {
                self.push(at, at + len);
                at += len;
                continue;
            }
            let to = self.word_end(at, end);
            self.word(at, to);
            at = to;
        }
    }

    /// Where the word that begins at `from` ends; always after at least one character.
    fn word_end(&self, from: usize, end: usize) -> usize {
        let text = &self.text[..end];
        let mut last = '\0';
        for (i, c) in text[from..].char_indices() {
            let i = from + i;
            let next = text[i + c.len_utf8()..].chars().next();
            let joins = next.is_some_and(char::is_alphanumeric);
            let stop = match c {
                _ if i == from => false,
                c if c.is_alphanumeric() => {
                    is_emoji(c)
                        || last.is_ascii_digit() && c.is_alphabetic() && is_unit(&text[from..i], &text[i..])
                }
                '_' => false,
                '\'' | '\u{2019}' => !joins || last.is_ascii_digit(),
                '.' => match next {
                    Some('.') => true,
                    Some(n) if n.is_alphanumeric() => self.is_glued_full_stop(from, i, end),
                    _ => {
                        if self.keeps_full_stop(from, i, end) {
                            return i + 1;
                        }
                        true
                    }
                },
                ',' | ':' => !(last.is_ascii_digit() && next.is_some_and(|n| n.is_ascii_digit())),
                '/' => {
                    if is_domain(&text[from..i]) {
                        return address_end(text, from, end);
                    }
                    !(last.is_ascii_digit() && next.is_some_and(|n| n.is_ascii_digit()))
                }
                '-' => !(joins && last != '.' && hyphen_joins(&text[from..i], &text[i..])),
                '&' | '@' | '*' => !(joins && last.is_alphanumeric()),
                '\u{ad}' | '\u{200d}' => false,
                c => !is_combining(c),
            };
            if stop {
                return i;
            }
            last = c;
        }
        end
    }

    /// Is this full stop the end of one sentence run into the next ("shops.They")?
    fn is_glued_full_stop(&self, from: usize, at: usize, end: usize) -> bool {
        let before = &self.text[from..at];
        let after = &self.text[at + 1..end];
        let mut next = after.chars();
        let titled =
            next.next().is_some_and(char::is_uppercase) && next.next().is_some_and(char::is_lowercase);
        let plain = before.len() >= 2 && before.chars().rev().take(12).all(char::is_lowercase);
        plain && titled && !before.contains(['.', '@'])
    }

    /// Does the full stop at `at` belong to the word `from..at`?
    fn keeps_full_stop(&self, from: usize, at: usize, end: usize) -> bool {
        let word = &self.text[from..at];
        if word.len() > 16 {
            return false;
        }
        let after = self.text[at + 1..].trim_start_matches([' ', '\u{a0}']);
        let next = after.chars().next();
        let next_digit = next.is_some_and(|c| c.is_ascii_digit());
        let closing = at + 1 < end && self.text[at + 1..end].starts_with(['"', '\u{201d}', ')', ']']);
        if word.contains('.') {
            // U.S., a.m., Ph.D., e.g.: parts of at most two letters.
            let mut parts = word.split('.');
            return parts.all(|p| (1..=2).contains(&p.chars().count()) && p.chars().all(char::is_alphabetic));
        }
        let mut chars = word.chars();
        let first = chars.next().unwrap_or(' ');
        if chars.next().is_none() {
            let followed = next.is_some_and(|c| c.is_uppercase() || c == ',');
            let after_name = self.spans.last().is_some_and(|s| {
                s.of(self.text).starts_with(char::is_uppercase) && s.end as usize + 2 >= from
            });
            let start = self.spans.is_empty() || self.text[..from].ends_with('\n');
            let letter =
                first.is_uppercase() && followed && !closing && (first != 'I' || after_name || start);
            return letter || matches!(first, 'p' | 'c' | 'b' | 'd') && next_digit;
        }
        let lower = word.to_lowercase();
        if matches!(
            lower.as_str(),
            "no" | "nos" | "fig" | "pp" | "vol" | "art" | "sec" | "par" | "sun" | "op"
        ) {
            return next_digit || lower == "sun" && first.is_uppercase() && next == Some(',');
        }
        ABBREVIATIONS.contains(&lower.as_str())
            || first.is_uppercase() && CAPITAL_ABBREVIATIONS.contains(&lower.as_str())
    }

    /// Pushes a word, its clitics cut off.
    fn word(&mut self, from: usize, to: usize) {
        let word = &self.text[from..to];
        // Longer words have no clitic that is worth a look.
        if word.len() > 40 {
            return self.push(from, to);
        }
        let lower: String =
            word.chars().map(|c| if c == '\u{2019}' { '\'' } else { c.to_ascii_lowercase() }).collect();
        if let Some(&(_, cut)) = FUSED.iter().find(|(form, _)| *form == lower) {
            self.push(from, from + cut);
            return self.push(from + cut, to);
        }
        let n_chars = lower.chars().count();
        let cut = CLITICS
            .iter()
            .filter(|clitic| lower.ends_with(**clitic))
            .map(|clitic| n_chars - clitic.chars().count())
            .find(|&cut| cut > 0);
        match cut.and_then(|cut| word.char_indices().nth(cut)) {
            Some((cut, _)) => {
                self.word(from, from + cut);
                self.push(from + cut, to);
            }
            None => self.push(from, to),
        }
    }
}

/// Length of an address, e-mail address, emoticon or elided word at the start of `rest`.
fn special(rest: &str) -> Option<usize> {
    let head = cut(rest, LOOK);
    let lower = head.get(..8).unwrap_or(head).to_ascii_lowercase();
    if ["http://", "https://", "ftp://", "www."].iter().any(|p| lower.starts_with(p)) {
        return Some(address_end(rest, 0, rest.len()));
    }
    let first = rest.chars().next()?;
    if first.is_ascii_alphanumeric() {
        return email(head);
    }
    if let Some(face) = EMOTICONS.iter().find(|face| rest.starts_with(**face)) {
        let after = rest[face.len()..].chars().next();
        return after.is_none_or(|c| !c.is_alphanumeric()).then_some(face.len());
    }
    if matches!(first, '\'' | '\u{2019}' | '\u{2018}') {
        let word: String = head.chars().skip(1).take_while(|c| c.is_alphanumeric()).collect();
        let lower = word.to_ascii_lowercase();
        let decade = word.len() == 3 && word.ends_with('s') && word[..2].bytes().all(|b| b.is_ascii_digit());
        let year = word.len() == 2 && word.bytes().all(|b| b.is_ascii_digit());
        let after = head[first.len_utf8() + word.len()..].chars().next();
        let closed = matches!(after, Some('\'' | '\u{2019}'));
        if !closed && (decade || year || ELIDED.contains(&lower.as_str())) {
            return Some(first.len_utf8() + word.len());
        }
    }
    None
}

/// At most `limit` bytes from the start, ending between characters.
fn cut(text: &str, limit: usize) -> &str {
    let mut end = limit.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Length of an e-mail address at the start of `head`.
fn email(head: &str) -> Option<usize> {
    let at = head.find('@')?;
    let local = head[..at].bytes().all(|b| b.is_ascii_alphanumeric() || b"._%+-".contains(&b));
    let domain = &head[at + 1..];
    let end = domain
        .bytes()
        .position(|b| !(b.is_ascii_alphanumeric() || b".-".contains(&b)))
        .unwrap_or(domain.len());
    let domain = domain[..end].trim_end_matches(['.', '-']);
    (local && domain.contains('.')).then_some(at + 1 + domain.len())
}

/// Where the address that begins at `from` ends: before marks that rather belong to the sentence.
fn address_end(text: &str, from: usize, end: usize) -> usize {
    let address = &text[from..end];
    let stop = address.find(['"', '\u{201c}', '\u{201d}', '<', '>', '|']).unwrap_or(address.len());
    let mut address = &address[..stop];
    while let Some(last) = address.chars().next_back() {
        let closes = match last {
            ')' => !address.contains('('),
            c => matches!(
                c,
                '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '\u{2019}' | ']' | '}' | '*' | '\u{2026}'
            ),
        };
        if !closes || address.len() <= 4 {
            break;
        }
        address = &address[..address.len() - last.len_utf8()];
    }
    from + address.len().max(1)
}

/// Does this begin of an address end in a top-level domain?
fn is_domain(word: &str) -> bool {
    word.rsplit_once('.').is_some_and(|(name, top)| {
        !name.is_empty()
            && matches!(
                top.to_ascii_lowercase().as_str(),
                "com"
                    | "org"
                    | "net"
                    | "gov"
                    | "edu"
                    | "mil"
                    | "int"
                    | "me"
                    | "io"
                    | "uk"
                    | "co"
                    | "info"
                    | "ru"
                    | "ir"
                    | "il"
                    | "ua"
                    | "tv"
                    | "eu"
                    | "de"
                    | "fr"
                    | "news"
                    | "be"
                    | "ly"
                    | "gl"
                    | "in"
                    | "cn"
            )
    })
}

/// Length of the mark at the start of `rest`, `None` if a word begins there.
fn mark(rest: &str) -> Option<usize> {
    let c = rest.chars().next()?;
    let after = rest[c.len_utf8()..].chars().next();
    let run = |set: &[char]| rest.find(|c| !set.contains(&c)).unwrap_or(rest.len());
    if is_emoji(c) {
        return Some(emoji_len(rest));
    }
    if c.is_alphanumeric() || is_combining(c) {
        return None;
    }
    Some(match c {
        '.' => match run(&['.']) {
            1 if after.is_some_and(|c| c.is_ascii_digit()) => return None,
            n => n,
        },
        '!' | '?' => run(&['!', '?']),
        '#' if after.is_some_and(char::is_alphabetic) => return None,
        '@' if after.is_some_and(|c| c.is_alphanumeric() || c == '_') => return None,
        '+' if after.is_some_and(|c| c.is_ascii_digit()) => return None,
        '-' | '=' | '*' | '_' | '~' | '#' | '+' | '<' | '>' | '\u{2026}' => run(&[c]),
        '`' => run(&[c]).min(2),
        '\'' if after == Some('\'') => 2,
        '\'' | '\u{2019}' => {
            // A clitic that was written apart ("the group 's").
            let word: String = rest.chars().skip(1).take(3).collect::<String>().to_ascii_lowercase();
            let letters = word.chars().take_while(|c| c.is_alphabetic()).count();
            let stem: String = word.chars().take(letters).collect();
            let clitic = matches!(stem.as_str(), "s" | "re" | "ve" | "ll" | "d" | "m");
            let alone = !rest
                .chars()
                .nth(1 + letters)
                .is_some_and(|c| c.is_alphanumeric() || c == '\'' || c == '\u{2019}');
            if clitic && alone { c.len_utf8() + stem.len() } else { c.len_utf8() }
        }
        c => c.len_utf8(),
    })
}

/// Does a hyphen after `before` join it with what follows (`after` begins with the hyphen)?
fn hyphen_joins(before: &str, after: &str) -> bool {
    if before.len() > 24 {
        return false;
    }
    let lower = before.to_lowercase();
    if PREFIXES.contains(&lower.as_str()) {
        return true;
    }
    if lower == "e" {
        return after[1..].starts_with(['m', 'M', 'c']);
    }
    let head = cut(after, LOOK);
    let end = head.find(|c: char| !(c.is_ascii_digit() || c == '-')).unwrap_or(head.len());
    if !before.bytes().all(|b| b.is_ascii_digit() || b == b'-')
        || head[end..].starts_with(char::is_alphabetic)
    {
        return false;
    }
    // Telephone numbers and dates: three groups, or three digits and four.
    let groups: Vec<usize> = before.split('-').chain(head[1..end].split('-')).map(str::len).collect();
    groups.len() >= 3 || matches!(groups[..], [3, 4])
}

/// Is `after` a unit that follows the number `number`?
fn is_unit(number: &str, after: &str) -> bool {
    if number.len() > 16 || !number.bytes().all(|b| b.is_ascii_digit() || b".,:".contains(&b)) {
        return false;
    }
    let head = cut(after, 8);
    let letters = head.find(|c: char| !c.is_alphabetic()).unwrap_or(head.len());
    // "6p.m." and "6a.m." as well.
    let unit = if head[letters..].starts_with(".m") { &head[..letters + 2] } else { &head[..letters] };
    UNITS.contains(&unit.to_ascii_lowercase().as_str())
}

/// Marks that change the letter before them.
fn is_combining(c: char) -> bool {
    matches!(c as u32, 0x300..=0x36f | 0x483..=0x489 | 0x591..=0x5bd | 0x610..=0x61a | 0x64b..=0x65f | 0x670
        | 0x900..=0x903 | 0x93a..=0x94f | 0x1ab0..=0x1aff | 0x1dc0..=0x1dff | 0x20d0..=0x20ff | 0xfe20..=0xfe2f)
}

/// Pictures and dingbats.
pub(crate) fn is_emoji(c: char) -> bool {
    matches!(c as u32, 0x1f000..=0x1faff | 0x2600..=0x27bf | 0x2b00..=0x2bff | 0x2190..=0x21ff | 0x2300..=0x23ff
        | 0x25a0..=0x25ff | 0x203c | 0x2049)
}

/// Length of one picture with its variation, skin tone and joined parts; a flag is two letters.
fn emoji_len(rest: &str) -> usize {
    let mut chars = rest.char_indices().peekable();
    let Some((_, first)) = chars.next() else { return 0 };
    let flag = |c: char| ('\u{1f1e6}'..='\u{1f1ff}').contains(&c);
    if flag(first) && chars.peek().is_some_and(|&(_, c)| flag(c)) {
        chars.next();
    }
    let mut joined = false;
    for (i, c) in chars {
        let extends = matches!(c as u32, 0xfe0e | 0xfe0f | 0x20e3 | 0x1f3fb..=0x1f3ff | 0x200d);
        // The limit keeps the scan linear on a chain without end.
        if !(extends || joined && is_emoji(c)) || i > LOOK {
            return i;
        }
        joined = c == '\u{200d}';
    }
    rest.len()
}

const CLITICS: [&str; 7] = ["n't", "'s", "'re", "'ve", "'ll", "'d", "'m"];

/// Words that are written as one and cut after so many bytes.
const FUSED: [(&str, usize); 42] = [
    ("cannot", 3),
    ("gonna", 3),
    ("wanna", 3),
    ("gotta", 3),
    ("outta", 3),
    ("lotta", 3),
    ("kinda", 4),
    ("sorta", 4),
    ("dont", 2),
    ("didnt", 3),
    ("doesnt", 4),
    ("wont", 2),
    ("cant", 2),
    ("couldnt", 5),
    ("wouldnt", 5),
    ("shouldnt", 6),
    ("isnt", 2),
    ("arent", 3),
    ("wasnt", 3),
    ("werent", 4),
    ("havent", 4),
    ("hasnt", 3),
    ("hadnt", 3),
    ("aint", 2),
    ("im", 1),
    ("ive", 1),
    ("youre", 3),
    ("youve", 3),
    ("youll", 3),
    ("theyre", 4),
    ("theyve", 4),
    ("thats", 4),
    ("theres", 5),
    ("whats", 4),
    ("hes", 2),
    ("shes", 3),
    ("lets", 3),
    ("weve", 2),
    ("arnt", 2),
    ("theyll", 4),
    ("whos", 3),
    ("heres", 4),
];

const ELIDED: [&str; 10] = ["em", "til", "till", "cause", "bout", "tis", "twas", "cuz", "round", "n"];

const EMOTICONS: [&str; 26] = [
    ":-)", ":-(", ";-)", ":-D", ":-P", ":-/", ":'(", ">:(", ":)", ":(", ";)", ":D", ":P", ";P", ":p", ":/",
    "=)", "=(", "=D", "<3", "^_^", "-_-", "^^", ":]", ":3", ":O",
];

/// After these a hyphen does not cut: the treebanks' own habit, counted on EWT and GUM.
const PREFIXES: [&str; 33] = [
    "non", "re", "anti", "co", "mid", "pre", "pro", "cross", "post", "over", "semi", "ex", "sub", "multi",
    "counter", "mini", "socio", "inter", "intra", "micro", "un", "trans", "ultra", "hyper", "infra", "extra",
    "pseudo", "quasi", "bi", "tri", "psycho", "super", "dis",
];

const UNITS: [&str; 48] = [
    "am", "pm", "a.m", "p.m", "km", "kms", "m", "mm", "cm", "kg", "kgs", "g", "mg", "ft", "mph", "kph",
    "kmh", "lb", "lbs", "oz", "hrs", "hr", "min", "mins", "sec", "secs", "k", "bn", "mn", "tn", "gb", "mb",
    "kb", "tb", "kw", "mw", "gw", "hz", "khz", "mhz", "ghz", "mi", "yd", "ha", "l", "ml", "cc", "hours",
];

/// Abbreviations in any case.
const ABBREVIATIONS: [&str; 34] = [
    "etc", "vs", "al", "approx", "dept", "inc", "corp", "ltd", "jr", "sr", "ca", "cf", "bros", "assn", "mr",
    "mrs", "ms", "dr", "prof", "messrs", "lt", "sgt", "capt", "cmdr", "brig", "viz", "esp", "incl", "mt",
    "blvd", "univ", "govt", "intl", "natl",
];

/// Abbreviations only where they begin upper case; in lower case they are words.
const CAPITAL_ABBREVIATIONS: [&str; 82] = [
    "gen", "col", "maj", "cpl", "pvt", "spc", "pfc", "adm", "rep", "reps", "sen", "sens", "gov", "rev",
    "hon", "st", "ste", "ft", "co", "cos", "ave", "rd", "jan", "feb", "mar", "apr", "jun", "jul", "aug",
    "sep", "sept", "oct", "nov", "dec", "mon", "tue", "tues", "wed", "thu", "thur", "thurs", "fri", "sat",
    "calif", "fla", "va", "pa", "mass", "conn", "ill", "mich", "minn", "wis", "wash", "ore", "ariz", "colo",
    "tenn", "ky", "ala", "tex", "okla", "kan", "neb", "nev", "mont", "md", "ga", "supt", "insp", "det",
    "ing", "mlle", "mme", "pres", "atty", "amb", "ayt", "eng", "ph", "maj-gen", "que",
];

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    /// Words joined by `|`.
    fn check(text: &str, expected: Expect) {
        let words: Vec<&str> = tokenize(text).iter().map(|s| s.of(text)).collect();
        expected.assert_eq(&words.join("|"));
    }

    #[test]
    fn clitics_are_words() {
        check("They don't, can't and won't.", expect!["They|do|n't|,|ca|n't|and|wo|n't|."]);
        check(
            "We’ve seen the army’s and the rebels' posts",
            expect!["We|’ve|seen|the|army|’s|and|the|rebels|'|posts"],
        );
        check("It cannot; she'd've gone at 5 o'clock", expect!["It|can|not|;|she|'d|'ve|gone|at|5|o'clock"]);
        check("the group 's men in the '90s, 'em", expect!["the|group|'s|men|in|the|'90s|,|'em"]);
    }

    #[test]
    fn abbreviations_keep_their_full_stop() {
        check(
            "Lt. Col. J. R. Moss left the U.S. on Oct. 7 at 6 a.m.",
            expect!["Lt.|Col.|J.|R.|Moss|left|the|U.S.|on|Oct.|7|at|6|a.m."],
        );
        check(
            "No. 5 said no. The U.S.'s Gen. Ray sat.",
            expect!["No.|5|said|no|.|The|U.S.|'s|Gen.|Ray|sat|."],
        );
        check("Fargo, N.D., etc. He and I. Then", expect!["Fargo|,|N.D.|,|etc.|He|and|I|.|Then"]);
    }

    #[test]
    fn hyphens_are_words_except_after_prefixes() {
        check(
            "The 24-hour anti-tank co-ordination of al-Nour's ex-chief",
            expect!["The|24|-|hour|anti-tank|co-ordination|of|al|-|Nour|'s|ex-chief"],
        );
        check(
            "An AK-47 in 2016-17, 555-123-4567, 2024-03-24",
            expect!["An|AK|-|47|in|2016|-|17|,|555-123-4567|,|2024-03-24"],
        );
        check("well—perhaps – 10–12 -- no", expect!["well|—|perhaps|–|10|–|12|--|no"]);
    }

    #[test]
    fn numbers_keep_their_inner_marks_and_lose_their_units() {
        check(
            "1,200 men, 3.5% on 3/24/2024 at 10:30pm",
            expect!["1,200|men|,|3.5|%|on|3/24/2024|at|10:30|pm"],
        );
        check(
            "$5m, 40km, the 20th and/or 1990s, .5",
            expect!["$|5|m|,|40|km|,|the|20th|and|/|or|1990s|,|.5"],
        );
    }

    #[test]
    fn addresses_are_one_word() {
        check(
            "See https://example.org/a?b=1, (t.me/some_channel/12) or mail a.b@example.org.",
            expect!["See|https://example.org/a?b=1|,|(|t.me/some_channel/12|)|or|mail|a.b@example.org|."],
        );
        check("@some_user: #Alba #1 www.example.com.", expect!["@some_user|:|#Alba|#|1|www.example.com|."]);
    }

    #[test]
    fn marks_are_cut_off_and_runs_stay_whole() {
        check("“Stop!!!” he said... \"No?\" (Yes)", expect!["“|Stop|!!!|”|he|said|...|\"|No|?|\"|(|Yes|)"]);
        check("shops.They left,right [sic]… ok:)", expect!["shops|.|They|left|,|right|[|sic|]|…|ok|:)"]);
        check("🇫🇷🇩🇪👍🏽👩‍🚀⚡️Breaking", expect!["🇫🇷|🇩🇪|👍🏽|👩‍🚀|⚡️|Breaking"]);
    }

    #[test]
    fn every_visible_character_is_in_one_word_whatever_the_text() {
        let mut seed = 9u64;
        let alphabet: Vec<char> =
            "aZ9.,'’-/:@#$%&*()\"“” \n\t\u{0}é中🙂\u{301}\u{200d}_…—nts".chars().collect();
        for _ in 0..3000 {
            let text: String = (0..24)
                .map(|_| {
                    seed =
                        seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    alphabet[(seed >> 33) as usize % alphabet.len()]
                })
                .collect();
            let spans = tokenize(&text);
            let mut at = 0;
            for span in &spans {
                let gap = &text[at..span.start as usize];
                assert!(gap.chars().all(is_gap) && span.start < span.end, "{text:?} {spans:?}");
                at = span.end as usize;
            }
            assert!(text[at..].chars().all(is_gap), "{text:?}");
        }
    }
}
