//! A web page's main text and what it says of itself.
//!
//! dom_smoothie finds the main text: of the kept-up Rust extractors it is the fastest and loses one point of F1
//! to the most accurate. `TextMode::Formatted` keeps paragraphs apart.

use crate::{Problem, Unpacked, blank};
use dom_smoothie::{Config, Readability, TextMode};
use hearsay_doc::{Interval, PageKind, Published};

/// Adds the page in `html`, or the reason why there is none.
pub(crate) fn page(html: &str, unpacked: &mut Unpacked) {
    let config = Config { text_mode: TextMode::Formatted, ..Config::default() };
    let article = Readability::new(html, None, Some(config)).and_then(|mut r| r.parse());
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
    page.text = tidy(&article.text_content);
    page.title = Some(article.title).filter(|t| !t.trim().is_empty());
    page.outlet = article.site_name;
    page.byline = article.byline;
    page.language = article.lang.map(|l| l.chars().take(2).collect::<String>().to_lowercase());
    page.url = article.url;
    page.published = article
        .published_time
        .and_then(|when| Interval::parse(&when).ok())
        .map(|when| Published { when, from: "meta" });
    unpacked.pages.push(page);
}

/// One newline between paragraphs, no white space at the ends of lines.
fn tidy(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
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
