//! A web page's main text and what it says of itself.
//!
//! dom_smoothie finds the main text: of the kept-up Rust extractors it is the fastest and loses one point of F1
//! to the most accurate. `TextMode::Formatted` keeps paragraphs apart.

use crate::furniture::is_boilerplate;
use crate::metadata::Metadata;
use crate::{Given, Problem, Unpacked, blank};
use dom_query::Document;
use dom_smoothie::{Config, Readability, TextMode};
use hearsay_doc::{Interval, PageKind, Published};

/// Never the report, wherever they stand: captions, dialogs, comments.
const REMOVED: &str = "figcaption, .wp-caption-text, [role=dialog], [id=comments]";

/// Adds the page in `html`, or the reason why there is none.
pub(crate) fn page(html: &str, given: &Given, unpacked: &mut Unpacked) {
    let document = Document::from(html);
    let about = Metadata::of(&document, given.url.as_deref());
    document.select(REMOVED).remove();
    let config = Config { text_mode: TextMode::Formatted, ..Config::default() };
    let article = Readability::with_document(document, None, Some(config)).and_then(|mut r| r.parse());
    let article = match article {
        Ok(article) => article,
        Err(error) => {
            unpacked.problems.push(
                Problem::new("byte 0", format!("no main text found in this page: {error}"))
                    .hint("if the text is there, save it as plain text and read that"),
            );
            return;
        }
    };
    let mut page = blank(PageKind::Article);
    page.title = about.title.or_else(|| Some(article.title).filter(|t| !t.trim().is_empty()));
    page.outlet = about.outlet.or(article.site_name);
    page.byline = about.byline.or(article.byline);
    page.language = about.language;
    page.url = about.url.or(article.url);
    page.published = about.published.or_else(|| {
        let when = Interval::parse(&article.published_time?).ok()?;
        Some(Published { when, from: "meta" })
    });
    page.text = report(&article.text_content, page.title.as_deref(), page.outlet.as_deref());
    unpacked.pages.push(page);
}

/// One newline between paragraphs, no white space at the ends of lines; without lines that are the page's, not the
/// report's, and without the headline and the outlet's name on lines of their own.
fn report(text: &str, title: Option<&str>, outlet: Option<&str>) -> String {
    let repeats = |line: &str, known: Option<&str>| known.is_some_and(|known| known.trim() == line);
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !is_boilerplate(line));
    let mut lines: Vec<&str> = lines.filter(|line| !repeats(line, outlet)).collect();
    if lines.len() > 1 && repeats(lines[0], title) {
        lines.remove(0);
    }
    lines.join("\n")
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
}
