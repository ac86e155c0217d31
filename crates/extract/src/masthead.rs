//! Who publishes a page and at what hour, where no metadata says it: the first lines of a plain text, and the name
//! that a web page writes over, under and behind its headline.
//!
//! Start at [`of_text`] for plain text ("THE VEL POST, Monday 14 May 2024, page 4") and [`site_name`] for web pages
//! without metadata. [`clock`] reads the time of day beside a date: copies made on the day of their original can only
//! be told from it by the hour.

use dom_query::{Document, NodeRef};
use hearsay_doc::{Date, Interval, Page, Published};

use crate::dateline;
use crate::when;

/// The longest line of a masthead, in characters.
const LONGEST: usize = 110;

/// What the first lines of a plain text say.
#[derive(Debug, Default, PartialEq, Eq)]
struct Masthead<'t> {
    outlet: Option<&'t str>,
    day: Option<Date>,
    clock: Option<u16>,
    title: Option<&'t str>,
}

/// Adds outlet, day, hour and headline from the first lines of a plain text to what is known of the page. A text that
/// begins with its first sentence gives nothing.
pub(crate) fn of_text(page: &mut Page) {
    let text = std::mem::take(&mut page.text);
    let found = masthead(&text);
    page.outlet = page.outlet.take().or_else(|| found.outlet.map(str::to_owned));
    page.title = page.title.take().or_else(|| found.title.map(str::to_owned));
    page.clock = page.clock.or(found.clock);
    if page.published.is_none() {
        page.published = found.day.map(|day| Published { when: Interval::day(day), from: "text" });
    }
    page.text = text;
}

fn masthead(text: &str) -> Masthead<'_> {
    let mut found = Masthead::default();
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).take(6).collect();
    // The day of what is told ("Date of incident: …") is not the page's.
    let of_event =
        |line: &str| ["incident", "event", "occur"].iter().any(|w| line.to_lowercase().contains(w));
    let stamped = lines.iter().take(4).position(|line| {
        line.chars().count() <= LONGEST
            && !of_event(line)
            && !is_prose(line)
            && when::first_day(line).is_some()
    });
    let Some(at) = stamped else { return found };
    let line = lines[at];
    found.day = when::first_day(line);
    found.clock = clock(line);
    let before = &line[..day_start(line)];
    let name =
        before.split([',', '|', ';', '(']).next().unwrap_or("").trim_matches(|c: char| !c.is_alphanumeric());
    let stamp = ["published", "updated", "posted", "issued", "released", "date", "on"]
        .contains(&name.to_lowercase().as_str());
    found.outlet = match (name.is_empty() || stamp, at) {
        (false, _) => Some(name),
        (true, 0) => None,
        (true, _) => Some(lines[0]),
    }
    .filter(|name| is_name(name));
    let heading = |line: &&&str| {
        !is_prose(line)
            && !is_slug(line)
            && !line.starts_with("By ")
            && dateline::in_line(line, whole(line)).is_none()
    };
    // The headline stands after the masthead, or between the outlet's name and the stamp.
    let between = lines[..at].iter().skip(1).find(heading);
    found.title = between.or_else(|| lines[at + 1..].iter().take(2).find(heading)).copied();
    found
}

fn whole(line: &str) -> hearsay_doc::Span {
    hearsay_doc::Span::new(0, line.len())
}

/// Does the line end like a sentence, or run on like one?
fn is_prose(line: &str) -> bool {
    line.chars().count() > LONGEST || line.ends_with(['.', '!', ':', ';', ','])
}

/// "VARNIA-VEL/ (UPDATE 1)": what a wire prints for editors.
fn is_slug(line: &str) -> bool {
    let word = line.split_whitespace().next().unwrap_or("");
    word.contains('/') && !word.contains(|c: char| c.is_lowercase())
}

/// Where the day begins that [`when::first_day`] finds, or the weekday before it; the line's length if there is none.
fn day_start(line: &str) -> usize {
    let day = when::first_day(line);
    let starts: Vec<usize> = line
        .char_indices()
        .filter(|(at, c)| c.is_alphanumeric() && !line[..*at].ends_with(char::is_alphanumeric))
        .map(|(at, _)| at)
        .collect();
    let last =
        starts.iter().rev().find(|at| when::first_day(&line[**at..]) == day).copied().unwrap_or(line.len());
    let before = line[..last].trim_end();
    let weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let word = before.rsplit([' ', ',']).next().unwrap_or("").to_lowercase();
    if weekdays.contains(&word.as_str()) { before.len() - word.len() } else { last }
}

/// Up to five words, at least the first in capitals, no digits.
fn is_name(words: &str) -> bool {
    let n = words.split_whitespace().count();
    (1..=5).contains(&n)
        && words.chars().filter(|c| c.is_alphabetic()).count() >= 2
        && words.starts_with(char::is_uppercase)
        && !words.contains(|c: char| c.is_ascii_digit())
}

/// The time of day that `text` writes first: "16:05", "T08:15:00", "5.15 pm"; in minutes since midnight.
pub(crate) fn clock(text: &str) -> Option<u16> {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).filter(|b| b.is_ascii_digit()).map(|b| u16::from(b - b'0'));
    for at in 1..bytes.len() {
        if !matches!(bytes[at], b':' | b'.') || digit(at + 3).is_some() {
            continue;
        }
        let (Some(hour), Some(tens), Some(ones)) = (digit(at - 1), digit(at + 1), digit(at + 2)) else {
            continue;
        };
        let (hour, start) = match at.checked_sub(2).and_then(digit) {
            Some(ten) => (hour + 10 * ten, at - 2),
            None => (hour, at - 1),
        };
        if start > 0 && (digit(start - 1).is_some() || matches!(bytes[start - 1], b':' | b'.' | b'+' | b'-'))
        {
            continue;
        }
        let after = text[at + 3..].trim_start().to_ascii_lowercase();
        let half = after.strip_prefix(['a', 'p']).map(|rest| rest.trim_start_matches('.').starts_with('m'));
        let (am, pm) =
            (half == Some(true) && after.starts_with('a'), half == Some(true) && after.starts_with('p'));
        // "5.15" alone is a price or a section.
        if bytes[at] == b'.' && !(am || pm) {
            continue;
        }
        let hour = match (am, pm, hour) {
            (true, _, 12) => 0,
            (_, true, 1..=11) => hour + 12,
            _ => hour,
        };
        let minute = 10 * tens + ones;
        if hour < 24 && minute < 60 {
            return Some(60 * hour + minute);
        }
    }
    None
}

/// What a web page says beside its text, where it has no metadata.
#[derive(Debug, Default)]
pub(crate) struct Beside {
    /// The site's name.
    pub outlet: Option<String>,
    /// The headline, where the page's title is only the site's name.
    pub title: Option<String>,
    /// The day, where a number could be read as day or month and the addresses in the page tell which.
    pub day: Option<Date>,
    /// Minutes since midnight.
    pub clock: Option<u16>,
}

/// Looks beside the text of a whole page, before anything is taken out of it. `day` is the day of publication, if known.
pub(crate) fn beside(document: &Document, html: &str, day: Option<Date>) -> Beside {
    let outlet = site_name(document);
    let tag = squeeze(&document.select("head title").first().text());
    let only_site = outlet.as_ref().is_some_and(|name| {
        same_words(name, &tag)
            || tag.to_lowercase().starts_with(&name.to_lowercase())
                && tag.split_whitespace().count() <= name.split_whitespace().count() + 2
    });
    let headings =
        || document.select("h1, h2").nodes().iter().map(|node| squeeze(&node.text())).collect::<Vec<_>>();
    let title = only_site.then(|| headings().into_iter().find(|h| h.chars().count() >= 12)).flatten();
    let body = document.select("body").first().formatted_text().to_string();
    let short = || {
        body.lines()
            .map(str::trim)
            .filter(|line| !line.is_empty() && line.chars().count() <= LONGEST)
            .take(60)
    };
    let day_found = day
        .or_else(|| short().find_map(when::first_day))
        .or_else(|| short().find_map(|line| ambiguous(line, html)));
    let machine = || {
        ["datePublished\": \"", "datePublished\":\"", "published_time\" content=\"", "datetime=\""]
            .iter()
            .find_map(|mark| {
                let at = html.find(mark)? + mark.len();
                clock(html.get(at..at + 25)?)
            })
    };
    let seen = || {
        let stamp = |line: &&str| {
            when::first_day(line).is_some_and(|d| Some(d) == day_found)
                || ambiguous(line, html).is_some_and(|d| Some(d) == day_found)
                || day_month(line)
        };
        short().filter(stamp).find_map(clock)
    };
    Beside { outlet, title, day: day_found, clock: machine().or_else(seen) }
}

/// "13 SEP, 08:40": a stamp without a year.
fn day_month(line: &str) -> bool {
    let words: Vec<&str> = line.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    words.len() <= 6
        && words.windows(2).any(|pair| {
            let is_day = |w: &str| w.len() <= 2 && w.parse::<u8>().is_ok_and(|n| (1..=31).contains(&n));
            is_day(pair[0]) && when::month(pair[1]).is_some()
                || is_day(pair[1]) && when::month(pair[0]).is_some()
        })
}

/// A stamp such as "04/09/2024", in the order whose year and month stand in an address of the page ("/2024/09/").
fn ambiguous(line: &str, html: &str) -> Option<Date> {
    let words: Vec<&str> = line.split(|c: char| !c.is_ascii_digit()).filter(|w| !w.is_empty()).collect();
    words.windows(3).find_map(|w| {
        let (a, b, year): (u8, u8, i16) = (w[0].parse().ok()?, w[1].parse().ok()?, w[2].parse().ok()?);
        if w[2].len() != 4
            || !(1980..2100).contains(&year)
            || !line.contains(&format!("{}/{}/{}", w[0], w[1], w[2]))
        {
            return None;
        }
        // A page is never older than what it links to, and seldom much younger.
        let newest = (1..=12u8).rev().find(|month| html.contains(&format!("/{year}/{month:02}/")))?;
        let fits = |month: u8| (newest..=newest + 1).contains(&month);
        match (fits(b) && (b == newest || !fits(a)), fits(a) && (a == newest || !fits(b))) {
            (true, false) => Date::new(year, b, a),
            (false, true) => Date::new(year, a, b),
            _ => None,
        }
    })
}

/// The name that stands at the end or the start of the page's title and again in the page, or in its link home, or
/// in its logo.
fn site_name(document: &Document) -> Option<String> {
    let title = squeeze(&document.select("head title").first().text());
    let body = squeeze(&document.select("body").first().text()).to_lowercase();
    let alts: Vec<String> = document
        .select("img[alt]")
        .nodes()
        .iter()
        .filter_map(|node| node.attr("alt").map(|alt| squeeze(&alt)))
        .collect();
    let seen = |name: &str| {
        let lower = name.to_lowercase();
        body.contains(&lower) || alts.iter().any(|alt| alt.to_lowercase() == lower)
    };
    let marks = [" | ", " - ", " – ", " — ", " :: ", " · "];
    let parts: Vec<&str> = marks
        .iter()
        .find_map(|mark| title.contains(mark).then(|| title.split(mark).map(str::trim).collect()))
        .unwrap_or_default();
    let name = |part: &&&str| is_name(part) && part.split_whitespace().count() <= 4 && seen(part);
    let in_title =
        [parts.last(), parts.first()].into_iter().flatten().find(name).map(|part| (*part).to_owned());
    let home = || {
        let links = document.select("a[href='/']");
        links.nodes().iter().map(|node: &NodeRef| squeeze(&node.text())).find(|text| {
            (1..=5).contains(&text.split_whitespace().count())
                && text.chars().count() >= 3
                && !["home", "start", "front page", "main", "news", "menu"]
                    .contains(&text.to_lowercase().as_str())
        })
    };
    let logo = || {
        alts.iter()
            .find(|alt| {
                is_name(alt)
                    && (title.contains(alt.as_str()) || alts.len() == 1 && body.contains(&alt.to_lowercase()))
            })
            .cloned()
    };
    in_title.or_else(home).or_else(logo)
}

fn same_words(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b)
}

fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_lines_of_a_text_name_outlet_day_hour_and_headline() {
        let check = |text: &str, expected: &str| {
            let m = masthead(text);
            let day = m.day.map_or("-".to_owned(), |d| d.to_string());
            let clock = m.clock.map_or("-".to_owned(), |c| format!("{:02}:{:02}", c / 60, c % 60));
            assert_eq!(
                format!("{} | {day} | {clock} | {}", m.outlet.unwrap_or("-"), m.title.unwrap_or("-")),
                expected
            );
        };
        check(
            "VEL NEWS WIRE  2024-05-14 16:05\nVARNIA-VEL/ (UPDATE 1)\n\nShells kill two in Vel\nBy Ana Tal\n\nVEL, May 14 - Two died.",
            "VEL NEWS WIRE | 2024-05-14 | 16:05 | Shells kill two in Vel",
        );
        check(
            "THE VEL POST, Monday 14 May 2024, page 4\n\nArmy silent on deaths\n\nTwo died.",
            "THE VEL POST | 2024-05-14 | - | Army silent on deaths",
        );
        check(
            "VPB | 5 Sep 2024 | 19:20\nShells fall on Vel\n\nTwo died.",
            "VPB | 2024-09-05 | 19:20 | Shells fall on Vel",
        );
        check(
            "Vel Watch\nNote 12: Orm, bus depot\nPublished 5 September 2024, 11:00\n\nDate of incident: 4 September 2024\n\nTwo died.",
            "Vel Watch | 2024-09-05 | 11:00 | Note 12: Orm, bus depot",
        );
        check("Two people died in Vel on 14 May 2024, the mayor said.\nMore followed.", "- | - | - | -");
    }

    #[test]
    fn the_hour_is_read_in_the_forms_that_pages_use() {
        for (text, expected) in [
            ("2024-05-14T08:15:00+02:00", Some(495)),
            ("14.05.2024 17:30", Some(1050)),
            ("13 Sept 2024, 5.15 pm", Some(1035)),
            ("12:05 a.m.", Some(5)),
            ("price 5.15", None),
            ("ratio 1:200", None),
        ] {
            assert_eq!(clock(text), expected, "{text}");
        }
    }

    fn seen(html: &str) -> Beside {
        beside(&Document::from(html), html, None)
    }

    #[test]
    fn a_site_is_named_behind_the_headline_or_in_its_link_home() {
        let name = |html: &str| seen(html).outlet;
        assert_eq!(
            name("<title>Shots in Vel - World - VPB</title><body><div>VPB</div></body>").as_deref(),
            Some("VPB")
        );
        assert_eq!(
            name("<title>Shots in Vel</title><body><a href='/'>vel daily</a></body>").as_deref(),
            Some("vel daily")
        );
        assert_eq!(name("<title>Shots in Vel - a chronicle</title><body>Shots</body>"), None);
    }

    #[test]
    fn a_number_that_may_be_day_or_month_is_decided_by_the_addresses_of_the_page() {
        let page = |month: &str| {
            format!(
                "<title>Radio Vel</title><body><img alt='Radio Vel'>Radio Vel<a href='https://vel.example/2024/{month}/a'>a</a><h2>Shots fired in Vel</h2><p>04/09/2024 07:30</p></body>"
            )
        };
        let found = seen(&page("09"));
        assert_eq!(found.day.map(|d| d.to_string()).as_deref(), Some("2024-09-04"));
        assert_eq!((found.clock, found.title.as_deref()), (Some(450), Some("Shots fired in Vel")));
        assert_eq!(seen(&page("11")).day, None);
    }
}
