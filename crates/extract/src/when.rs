//! Calendar days as pages write them beside a headline: "14 May 2024", "May 14, 2024", "2024-05-14T18:30", "14.05.2024".
//!
//! Start at [`first_day`]. Days inside sentences ("on Tuesday") belong to the reader of claims. `03/04/2024` is no
//! day: Britain and America read it differently; a number above 12 tells.

use hearsay_doc::Date;

/// Prefixes of the months' names, at least three letters, in English, German, French, Spanish, Italian, Portuguese,
/// Dutch, Polish, Romanian, Russian, Ukrainian and Turkish. The first that fits counts, so longer ones stand first.
const MONTHS: [&[&str]; 12] = [
    &[
        "january", "januar", "janvier", "enero", "gennaio", "janeiro", "stycznia", "ianuarie", "янв", "січ",
        "ocak", "jan", "ene", "gen",
    ],
    &[
        "february",
        "februar",
        "février",
        "fevrier",
        "febrero",
        "febbraio",
        "fevereiro",
        "lutego",
        "februarie",
        "фев",
        "лют",
        "şubat",
        "feb",
    ],
    &[
        "march", "märz", "mars", "marzo", "março", "maart", "marca", "martie", "мар", "бер", "mart", "mar",
        "mär",
    ],
    &[
        "april", "avril", "abril", "aprile", "kwietnia", "aprilie", "апр", "квіт", "nisan", "apr", "abr",
        "avr",
    ],
    &["may", "mai", "mayo", "maggio", "maio", "mei", "maja", "май", "мая", "трав", "mayıs"],
    &[
        "june", "juni", "juin", "junio", "giugno", "junho", "czerwca", "iunie", "июн", "черв", "haziran",
        "jun",
    ],
    &["july", "juli", "juillet", "julio", "luglio", "julho", "lipca", "iulie", "июл", "лип", "temmuz", "jul"],
    &["august", "août", "aout", "agosto", "augustus", "sierpnia", "авг", "серп", "ağustos", "aug", "ago"],
    &[
        "september",
        "septembre",
        "septiembre",
        "settembre",
        "setembro",
        "września",
        "septembrie",
        "сен",
        "верес",
        "eylül",
        "sept",
        "sep",
        "set",
    ],
    &[
        "october",
        "oktober",
        "octobre",
        "octubre",
        "ottobre",
        "outubro",
        "października",
        "octombrie",
        "окт",
        "жовт",
        "ekim",
        "oct",
        "okt",
        "out",
    ],
    &[
        "november",
        "novembre",
        "noviembre",
        "novembro",
        "listopada",
        "noiembrie",
        "ноя",
        "лист",
        "kasım",
        "nov",
    ],
    &[
        "december",
        "dezember",
        "décembre",
        "decembre",
        "diciembre",
        "dicembre",
        "dezembro",
        "grudnia",
        "decembrie",
        "дек",
        "груд",
        "aralık",
        "dec",
        "dez",
        "dic",
        "déc",
    ],
];

/// The month, 1 to 12, that `word` names or shortens ("Sept.", "mai", "мая").
pub(crate) fn month(word: &str) -> Option<u8> {
    let word = word.trim_matches(|c: char| !c.is_alphabetic()).to_lowercase();
    if word.chars().count() < 3 {
        return None;
    }
    // Cyrillic names are inflected: their stems are prefixes. Latin names must fit whole.
    let fits = |name: &str| match name.starts_with(|c: char| ('а'..='я').contains(&c)) {
        true => word.starts_with(name),
        false => word == name,
    };
    MONTHS.iter().position(|names| names.iter().any(|name| fits(name))).map(|n| n as u8 + 1)
}

/// The first day that `text` writes in full, from 1980 to 2099.
pub(crate) fn first_day(text: &str) -> Option<Date> {
    let parts: Vec<(&str, &str)> = parts(text);
    (0..parts.len()).find_map(|i| day_at(&parts[i..]))
}

/// Runs of letters or of digits, each with what stands before it.
fn parts(text: &str) -> Vec<(&str, &str)> {
    let mut parts = Vec::new();
    let mut gap = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        if !c.is_alphanumeric() {
            continue;
        }
        let digits = c.is_ascii_digit();
        let mut end = start + c.len_utf8();
        while let Some(&(at, next)) = chars.peek() {
            if !next.is_alphanumeric() || next.is_ascii_digit() != digits {
                break;
            }
            end = at + next.len_utf8();
            chars.next();
        }
        parts.push((&text[gap..start], &text[start..end]));
        gap = end;
    }
    parts
}

fn day_at(parts: &[(&str, &str)]) -> Option<Date> {
    let number = |i: usize, widths: &[usize]| -> Option<i16> {
        let (_, word) = parts.get(i)?;
        (widths.contains(&word.len()) && word.bytes().all(|b| b.is_ascii_digit()))
            .then(|| word.parse().ok())?
    };
    let gap = |i: usize| parts.get(i).map_or("", |(gap, _)| gap.trim());
    let date = |year: i16, month: i16, day: i16| {
        (1980..2100).contains(&year).then(|| Date::new(year, month as u8, day as u8))?
    };
    let (_, first) = parts[0];
    if let Some(month) = month(first) {
        // May 14, 2024 and May 14th, 2024
        let day = number(1, &[1, 2])?;
        let skip = usize::from(parts.get(2).is_some_and(|(_, w)| ["st", "nd", "rd", "th"].contains(w)));
        return date(number(2 + skip, &[4])?, month.into(), day);
    }
    if let (8, Some(n)) = (first.len(), first.parse::<u32>().ok()) {
        return date((n / 10_000) as i16, (n / 100 % 100) as i16, (n % 100) as i16);
    }
    let marked = |i: usize, mark| parts.get(i).is_some_and(|(_, word)| word.starts_with(mark));
    if let Some(year) = number(0, &[4])
        && marked(1, '年')
        && marked(3, '月')
    {
        // 2024年05月14日
        return date(year, number(2, &[1, 2])?, number(4, &[1, 2])?);
    }
    if let Some(year) = number(0, &[4]) {
        let (separator, month, day) = (gap(1), number(1, &[1, 2])?, number(2, &[1, 2])?);
        return (["-", "/", "."].contains(&separator) && gap(2) == separator)
            .then(|| date(year, month, day))?;
    }
    let day = number(0, &[1, 2])?;
    let skip = usize::from(
        parts.get(1).is_some_and(|(_, w)| ["st", "nd", "rd", "th", "de", "er", "of"].contains(w)),
    );
    if let Some(month) = parts.get(1 + skip).and_then(|(_, word)| month(word)) {
        // 14 May 2024, 14. Mai 2024, 14 de mayo de 2024
        let of = usize::from(parts.get(2 + skip).is_some_and(|(_, w)| ["de", "del"].contains(w)));
        return date(number(2 + skip + of, &[4])?, month.into(), day);
    }
    let (separator, second, year) = (gap(1), number(1, &[1, 2])?, number(2, &[4])?);
    match separator {
        "." if gap(2) == "." => date(year, second, day),
        "/" | "-" if gap(2) == separator && day > 12 => date(year, second, day),
        "/" | "-" if gap(2) == separator && (second > 12 || second == day) => date(year, day, second),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_in_the_forms_that_pages_use() {
        let show = |text| first_day(text).map_or_else(|| "-".to_owned(), |d| d.to_string());
        let forms = [
            "Tuesday, 14 May 2024",
            "Updated May 14th, 2024 6:30 pm",
            "2024-05-14T18:30:00+02:00",
            "20240514",
            "14.05.2024, 18:30",
            "5/14/2024",
            "14 de mayo de 2024",
            "14 мая 2024",
            "le 14 mai 2024",
            "14 maja 2024",
            "marți, 14 mai 2024",
            "2024年05月14日",
        ];
        for form in forms {
            assert_eq!(show(form), "2024-05-14", "{form}");
        }
        for form in ["03/04/2024", "May 2024", "14 May", "2024-13-40", "120240514", "", "1:2:3"] {
            assert_eq!(show(form), "-", "{form}");
        }
    }
}
