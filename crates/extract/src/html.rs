//! A web page's main text, with what `metadata` finds out about it.
//!
//! Start at [`page`]. Small boxes that are named for what they are (author, newsletter, related) go first, then
//! dom_smoothie finds the main text, then lines that are the page's and not the report's go. A page in which next to
//! nothing is found gives its paragraphs.
//!
//! Measured on 791 article pages of WCXB's dev part (F1 of 4-word shingles, precision, recall; pages a second):
//! this file .940 .936 .944, 180; dom_smoothie alone .926 .918 .934, 275 (its other settings are not better); the
//! trafilatura crate .937 .924 .950, 93, favouring recall, .922 favouring precision. That crate would add 95 others
//! to 82, and 119 to 55 CPU seconds of a release build. On the same pages title .856, author .721, day .831 exact; day
//! .860 on 100 news pages of htmldate's set.

use crate::furniture::is_boilerplate;
use crate::masthead;
use crate::metadata::Metadata;
use crate::when;
use crate::{Given, Problem, Unpacked, blank};
use dom_query::{Document, NodeRef};
use dom_smoothie::{Config, Readability, TextMode};
use hearsay_doc::{Interval, PageKind, Published};

/// Never the report, wherever they stand: captions, dialogs, comments.
const REMOVED: &str = "figcaption, .wp-caption-text, [role=dialog], [id=comments]";

/// Below this many bytes of main text, a page's paragraphs are looked at too.
const SHORT: usize = 500;

/// Words in the class or id of boxes that are no part of a report.
const BOXES: &[&str] = &[
    "newsletter",
    "related",
    "author",
    "promo",
    "subscribe",
    "signup",
    "sign-up",
    "caption",
    "taglist",
    "tag-list",
    "post-tags",
    "article-tags",
    "table-of-contents",
    "breadcrumb",
    "disclaimer",
    "disclosure",
    "comment",
    "advert",
    "sponsor",
    "share",
    "social",
    "recommend",
    "read-more",
    "readmore",
    "more-on",
    "also-",
];

/// The most letters in such a box, in bytes. Some sites name the whole article's element "has-newsletter".
const BOX_BYTES: usize = 1500;

/// Takes out what is never the report: elements of `REMOVED`, small boxes of `BOXES`.
fn prune(document: &Document) {
    document.select(REMOVED).remove();
    for node in
        document.select("nav, footer, [role=navigation]").nodes().iter().filter(|node| !holds_report(node))
    {
        node.remove_from_parent();
    }
    let boxes = "div[class], section[class], aside, ul[class], p[class], form, div[id], section[id]";
    for node in document.select(boxes).nodes() {
        let label = format!("{} {}", node.class().unwrap_or_default(), node.id_attr().unwrap_or_default());
        let label = label.to_lowercase();
        let named = BOXES.iter().any(|word| label.contains(word))
            || label.split([' ', '-', '_']).any(|word| word == "toc");
        if named
            && !holds_report(node)
            && node.text().split_whitespace().map(|word| word.len() + 1).sum::<usize>() <= BOX_BYTES
        {
            node.remove_from_parent();
        }
    }
}

/// Does it hold the heading or three paragraphs? Some sites name the whole article's element "has-newsletter".
fn holds_report(node: &NodeRef) -> bool {
    let is = |node: &NodeRef, name: &str| node.node_name().is_some_and(|found| &*found == name);
    let long = |node: &NodeRef| is(node, "p") && node.text().trim().len() >= 80;
    node.descendants_it().any(|inner| is(&inner, "h1")) || node.descendants_it().filter(long).count() >= 3
}

/// All paragraphs of a page outside menus, forms and footers, for pages in which no main text was found.
fn paragraphs(html: &str) -> String {
    let document = Document::from(html);
    document.select("nav, header, footer, aside, form, script, style, noscript, template").remove();
    prune(&document);
    let blocks = document.select("p, li, blockquote, td");
    let mut lines: Vec<String> = Vec::new();
    for node in blocks.nodes() {
        let nested = node
            .ancestors_it(None)
            .any(|a| a.node_name().is_some_and(|name| ["p", "li", "blockquote", "td"].contains(&&*name)));
        let line = node.text().split_whitespace().collect::<Vec<_>>().join(" ");
        // Headlines of other reports end without a stop.
        let sentence = line.ends_with(['.', '!', '?', ':', '"', '”', '’', '»', ')', '…', '。', '؟', '۔']);
        if !nested && sentence && line.len() >= 40 && lines.last() != Some(&line) {
            lines.push(line);
        }
    }
    lines.join("\n")
}

/// The deepest nesting that is read, as in browsers: finding the main text takes time by the square of it.
const DEEPEST: usize = 512;

/// How many elements the innermost node lies in.
fn depth(document: &Document) -> usize {
    let (mut node, mut depth, mut deepest) = (document.root(), 0, 0);
    loop {
        if let Some(child) = node.first_child() {
            (node, depth) = (child, depth + 1);
            deepest = deepest.max(depth);
            continue;
        }
        loop {
            if let Some(next) = node.next_sibling() {
                node = next;
                break;
            }
            match node.parent() {
                Some(parent) => (node, depth) = (parent, depth - 1),
                None => return deepest,
            }
        }
    }
}

/// Adds the page in `html`, or the reason why there is none.
pub(crate) fn page(html: &str, given: &Given, unpacked: &mut Unpacked) {
    let document = Document::from(html);
    let depth = depth(&document);
    if depth > DEEPEST {
        unpacked.problems.push(
            Problem::new(
                "byte 0",
                format!("its elements are nested {depth} deep, the most that is read is {DEEPEST}"),
            )
            .hint("save the text of the page as plain text and read that"),
        );
        return;
    }
    let mut about = Metadata::of(&document, given.url.as_deref());
    let beside = masthead::beside(&document, html, about.published.as_ref().map(|p| p.when.start));
    about.outlet = about.outlet.take().or(beside.outlet);
    about.title = beside.title.or(about.title.take());
    if about.published.is_none() {
        about.published = beside.day.map(|day| Published { when: Interval::day(day), from: "text" });
    }
    prune(&document);
    let config = Config { text_mode: TextMode::Formatted, ..Config::default() };
    let article = Readability::with_document(document, None, Some(config)).and_then(|mut r| r.parse());
    let text = article.as_ref().map_or_else(|_| String::new(), |article| article.text_content.to_string());
    let mut text = report(&text, &about);
    if text.len() < SHORT {
        let all = report(&paragraphs(html), &about);
        if all.len() > 3 * text.len() {
            text = all;
        }
    }
    if text.is_empty() {
        let reason = article.err().map_or_else(|| "it is empty".to_owned(), |error| error.to_string());
        unpacked.problems.push(
            Problem::new("byte 0", format!("no main text found in this page: {reason}"))
                .hint("if the text is there, save it as plain text and read that"),
        );
        return;
    }
    let mut page = blank(PageKind::Article);
    page.text = text;
    page.title = about.title;
    page.outlet = about.outlet;
    page.byline = about.byline;
    page.language = about.language;
    page.url = about.url;
    page.published = about.published;
    page.clock = beside.clock;
    if let Ok(article) = article {
        page.title = page.title.or_else(|| Some(article.title).filter(|t| !t.trim().is_empty()));
        page.outlet = page.outlet.or(article.site_name);
        page.byline = page.byline.or(article.byline);
        page.url = page.url.or(article.url);
    }
    unpacked.pages.push(page);
}

/// One newline between paragraphs, no white space at the ends of lines; without lines that are the page's, not the
/// report's, and without the headline, the outlet's name, the byline and the day on lines of their own.
fn report(text: &str, about: &Metadata) -> String {
    let repeats =
        |line: &str, known: &Option<String>| known.as_ref().is_some_and(|known| known.trim() == line);
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !is_boilerplate(line));
    let mut lines: Vec<&str> = lines.filter(|line| !repeats(line, &about.outlet)).collect();
    if lines.len() > 1 && repeats(lines[0], &about.title) {
        lines.remove(0);
    }
    // What stands between the headline and the first sentence.
    let n_head = lines.iter().take(8).take_while(|line| line.chars().count() <= 100).count();
    let mut n = 0;
    lines.retain(|line| {
        n += 1;
        n > n_head || !is_stamp(line, about.byline.as_deref())
    });
    // Three short entries or more in a row, at the very top: a menu that was written as a list.
    let entry = |line: &&&str| {
        line.split_whitespace().count() <= 3 && line.chars().all(|c| c.is_alphabetic() || " &'’-".contains(c))
    };
    let n_menu = lines.iter().take_while(entry).count();
    if n_menu >= 3 && n_menu < lines.len() {
        lines.drain(..n_menu);
    }
    lines.join("\n")
}

/// "By Irsa Tolvane Tuesday, 14 May 2024, 6:30 pm": the author or the day of publication and nothing else.
fn is_stamp(line: &str, byline: Option<&str>) -> bool {
    let signed = byline.filter(|name| line.contains(name));
    let rest = signed.map_or_else(|| line.to_owned(), |name| line.replacen(name, " ", 1));
    let small = [
        "by",
        "on",
        "at",
        "updated",
        "published",
        "posted",
        "last",
        "am",
        "pm",
        "a",
        "p",
        "m",
        "gmt",
        "utc",
        "est",
        "edt",
        "pst",
        "pdt",
        "cet",
        "ist",
        "bst",
        "th",
        "st",
        "nd",
        "rd",
        "et",
        "h",
        "written",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "mon",
        "tue",
        "wed",
        "thu",
        "fri",
        "sat",
        "sun",
        "de",
        "date",
        "min",
        "read",
        "t",
        "z",
    ];
    let mut words = rest.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let stamp = words.all(|word| {
        word.bytes().all(|b| b.is_ascii_digit())
            || small.contains(&word.to_lowercase().as_str())
            || when::month(word).is_some()
    });
    stamp && (signed.is_some() || when::first_day(line).is_some())
}

#[cfg(test)]
mod tests {
    use crate::{Given, capture, pages};

    #[test]
    fn paragraphs_stay_apart_and_the_menu_is_gone() {
        let body = "<p>Guards in Vel fired on a crowd at the north gate on Monday, the mayor's office said in a statement.</p>";
        let html = format!(
            "<html lang=en><head><title>Shots in Vel</title><meta property='og:site_name' content='Vel Times'>\
             <meta property='article:published_time' content='2024-03-25T08:00:00Z'></head>\
             <body><nav><a href=/>Home</a></nav><article>{}</article></body></html>",
            body.repeat(6)
        );
        let found = pages(&capture("a.html", "a", html.into_bytes()), &Given::default(), None);
        let page = &found.pages[0];
        assert_eq!(page.text.lines().count(), 6);
        assert!(!page.text.contains("Home"));
        assert_eq!(
            (page.outlet.as_deref(), page.title.as_deref()),
            (Some("Vel Times"), Some("Shots in Vel"))
        );
        assert_eq!(page.published.as_ref().map(|p| p.when.iso()).as_deref(), Some("2024-03-25"));
    }

    /// The text of a page whose body is this.
    fn text_of(body: &str) -> String {
        let html = format!(
            "<html><head><title>Shots in Vel</title></head><meta name=author content='Ana Orm'><body>{body}</body></html>"
        );
        let found = pages(&capture("a.html", "a", html.into_bytes()), &Given::default(), None);
        found.pages.first().map_or_else(|| found.problems[0].reason.clone(), |page| page.text.clone())
    }

    #[test]
    fn captions_boxes_and_lines_of_the_page_are_left_out() {
        let report = "<p>Guards in Vel fired on a crowd at the north gate on Monday, the mayor said, and two men were hurt.</p>";
        let text = text_of(&format!(
            "<ul><li>News</li><li>The war</li><li>Sport</li></ul><article><h1>Shots in Vel</h1>\
             <p>By Ana Orm Tuesday, 14 May 2024, 6:30 pm</p><figure><img src=a.jpg><figcaption>The gate, by Ana Orm.</figcaption></figure>{}\
             <div class=author-box><p>Ana Orm has written for the Post since 2001, and lives in Vel with two dogs and a cat.</p></div>\
             <p>Read more: Shells on Orm</p><p>KNA/Vel Post</p><p>Share this article</p></article>",
            report.repeat(6)
        ));
        assert_eq!(text.lines().count(), 7, "{text}");
        assert!(text.ends_with("KNA/Vel Post") && !text.contains("dogs") && !text.contains("Share"));
    }

    #[test]
    fn a_box_named_in_the_class_of_the_whole_article_takes_nothing_away() {
        let report = "<p>Guards in Vel fired on a crowd at the north gate on Monday, the mayor said, and two men were hurt.</p>";
        let text =
            text_of(&format!("<div class='post author-orm has-newsletter'>{}</div>", report.repeat(3)));
        assert_eq!(text.lines().count(), 3);
    }

    #[test]
    fn a_page_without_a_main_text_gives_its_paragraphs_or_a_problem() {
        let brief = "A man was shot dead at the gate of Vel on Monday.";
        let cells = format!(
            "<nav><p>All about our radio, day and night, in Vel and Orm.</p></nav><table><tr><td>{brief}</td></tr></table>"
        );
        assert_eq!(text_of(&cells), brief);
        assert!(text_of("<nav><a href=/>Home</a></nav>").starts_with("no main text found in this page: "));
    }

    #[test]
    fn a_page_nested_too_deep_is_a_problem() {
        assert_eq!(
            text_of(&"<div>".repeat(20_000)),
            "its elements are nested 20002 deep, the most that is read is 512"
        );
    }
}
