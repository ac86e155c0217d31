//! What a web page says of itself: when and where it was published, by whom, under which headline, in which language.
//!
//! Start at [`Metadata::of`]. What a page says for machines is asked first: JSON-LD, then `<meta>`, `<time>`, the
//! address, and last what stands beside the headline; each answer for the day keeps which of these gave it.

use crate::when;
use dom_query::{Document, NodeRef, Selection};
use hearsay_doc::{Date, Interval, Published};
use serde_json::Value;

/// What was found; `None` where the page says nothing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Metadata {
    pub title: Option<String>,
    pub outlet: Option<String>,
    pub byline: Option<String>,
    pub published: Option<Published>,
    pub url: Option<String>,
    pub language: Option<String>,
}

impl Metadata {
    /// Reads a whole page, before anything is taken out of it. `address` is where it was found, if that is known.
    pub fn of(doc: &Document, address: Option<&str>) -> Metadata {
        let head = Head { doc, linked: linked_data(doc), meta: metas(doc) };
        let url = head.url();
        let outlet = head.outlet();
        let published = head.published(url.as_deref().or(address));
        let title = head.title(outlet.as_deref());
        let byline = head.byline(outlet.as_deref());
        Metadata { title, outlet, byline, published, url, language: head.language() }
    }
}

struct Head<'a> {
    doc: &'a Document,
    /// Objects of the page's JSON-LD that describe an article, then those that describe a page.
    linked: Vec<Value>,
    /// Names of `<meta>` in lower case, and what is not empty of their contents.
    meta: Vec<(String, String)>,
}

impl Head<'_> {
    /// The content of the first of these that the page has, in the order of `names`.
    fn meta(&self, names: &[&str]) -> Option<String> {
        let of =
            |name: &str| self.meta.iter().find(|(key, _)| key == name).map(|(_, content)| content.clone());
        names.iter().find_map(|name| of(name))
    }

    fn url(&self) -> Option<String> {
        let canonical =
            self.doc.select("link[rel=canonical][href]").attr("href").map(|href| href.trim().to_owned());
        let whole = |url: &String| url.starts_with("http://") || url.starts_with("https://");
        let linked = self.linked.iter().find_map(|item| match &item["mainEntityOfPage"] {
            Value::String(url) => Some(url.clone()),
            other => other["@id"].as_str().or_else(|| item["url"].as_str()).map(str::to_owned),
        });
        canonical.filter(whole).or_else(|| self.meta(&["og:url"]).filter(whole)).or(linked.filter(whole))
    }

    fn outlet(&self) -> Option<String> {
        let linked = self.linked.iter().find_map(|item| name_of(&item["publisher"]));
        let site = self.meta(&["og:site_name"]);
        // "velpost.example" is an address; a publisher's name beside it is better.
        let address = |name: &String| !name.contains(' ') && name.contains('.');
        let meta = || {
            self.meta(&[
                "application-name",
                "dc.publisher",
                "article:publisher",
                "publisher",
                "cre",
                "source",
            ])
        };
        let meta = || meta().filter(|name| !name.contains("://"));
        site.clone().filter(|name| !address(name)).or(linked).or(site).or_else(meta)
    }

    fn title(&self, outlet: Option<&str>) -> Option<String> {
        let headline = self
            .linked
            .iter()
            .filter(|i| is_article(i))
            .find_map(|item| item["headline"].as_str().map(clean));
        let tag = clean(&self.doc.select("head title").first().text());
        let whole = self.doc.select("h1");
        let h1s: Vec<String> =
            whole.nodes().iter().map(|node| clean(&node.text())).filter(|t| !t.is_empty()).collect();
        let og = self.meta(&["og:title", "twitter:title", "dc.title", "headline"]);
        // The heading that readers see, where the page's title begins with it or holds it.
        let longer = og.clone().unwrap_or_else(|| tag.clone());
        let seen = h1s.iter().find(|h1| {
            h1.chars().count() >= 12 && (longer.contains(h1.as_str()) || tag.contains(h1.as_str()))
        });
        let lone =
            (h1s.len() == 1).then(|| h1s[0].clone()).filter(|h1| (12..=250).contains(&h1.chars().count()));
        let title = seen.cloned().or(lone).or(og).or(headline).unwrap_or(tag);
        Some(without_site(&title, outlet)).filter(|title| !title.is_empty())
    }

    fn byline(&self, outlet: Option<&str>) -> Option<String> {
        let linked = self.linked.iter().filter(|i| is_article(i)).find_map(|item| names_of(&item["author"]));
        let meta = || {
            self.meta(&[
                "author",
                "article:author",
                "byl",
                "parsely-author",
                "sailthru.author",
                "dc.creator",
                "dcterms.creator",
                "citation_author",
            ])
        };
        let seen = || {
            let places = [
                "[itemprop=author] [itemprop=name]",
                "[itemprop=author]",
                "[rel=author]",
                ".byline-name",
                ".author-name",
                ".byline",
                ".author",
                "[class*=byline] a",
                "[class*=author] a",
                "[class*=author-name]",
                "[class*=authorName]",
                "[class*=byline]",
                "[class*=author]",
            ];
            let signed = |text: &String| {
                (4..=60).contains(&text.chars().count())
                    && (2..=8).contains(&text.split_whitespace().count())
                    && !text.contains(|c: char| c.is_ascii_digit() || "@*".contains(c))
                    && text.contains(char::is_uppercase)
            };
            places.iter().find_map(|place| {
                let found = self.doc.select(place);
                found.nodes().iter().take(4).map(|node| clean(&node.text())).find(signed)
            })
        };
        let usable = |name: &String| {
            !name.contains("://")
                && !name.is_empty()
                && name.chars().count() <= 120
                && outlet.is_none_or(|outlet| !outlet.eq_ignore_ascii_case(name))
                && !["admin", "administrator", "editor", "staff", "author", "webmaster", "by"]
                    .contains(&name.to_lowercase().as_str())
        };
        let bare = |name: String| {
            let name = name.trim_matches(|c: char| c.is_whitespace() || "|,;:-–·•".contains(c));
            let start = ["written by ", "posted by ", "by: ", "by "]
                .iter()
                .find(|lead| name.get(..lead.len()).is_some_and(|s| s.eq_ignore_ascii_case(lead)));
            let name = name[start.map_or(0, |lead| lead.len())..].trim();
            // Elements side by side lose the space between them: "ByAna Orm".
            let glued = name.strip_prefix("By").filter(|rest| rest.starts_with(char::is_uppercase));
            glued.unwrap_or(name).to_owned()
        };
        let good = |name: Option<String>| name.map(bare).filter(usable);
        good(linked).or_else(|| good(meta())).or_else(|| good(seen()))
    }

    fn language(&self) -> Option<String> {
        let lang = self.doc.select("html").attr("lang").map(|lang| lang.to_string());
        let lang = lang
            .filter(|lang| lang.len() >= 2)
            .or_else(|| self.meta(&["og:locale", "language", "dc.language"]));
        let code: String = lang?.trim().chars().take_while(|c| c.is_ascii_alphabetic()).collect();
        (code.len() == 2).then(|| code.to_lowercase())
    }

    fn published(&self, url: Option<&str>) -> Option<Published> {
        let linked = || {
            let keys = ["datePublished", "dateCreated", "uploadDate"];
            keys.iter().find_map(|key| self.linked.iter().find_map(|item| moment(item[*key].as_str()?)))
        };
        let meta = || {
            self.meta_names().iter().find_map(|name| self.meta(&[name]).and_then(|content| moment(&content)))
        };
        let address = || url.and_then(day_in_address);
        let local = |date| (date, false);
        let order: [(&'static str, &dyn Fn() -> Option<Moment>); 5] = [
            ("json-ld", &linked),
            ("meta", &meta),
            ("time", &|| self.time().map(local)),
            ("url", &|| address().map(local)),
            ("text", &|| self.beside_the_headline().map(local)),
        ];
        let (from, (date, is_utc)) = order.iter().find_map(|(from, find)| Some((*from, find()?)))?;
        // A moment in universal time may be the day before or after where the page was published; its address
        // carries the day that its readers saw.
        let seen = address().filter(|day| is_utc && (day.days() - date.days()).abs() == 1);
        let (date, from) = seen.map_or((date, from), |day| (day, "url"));
        Some(Published { when: Interval::day(date), from })
    }

    fn meta_names(&self) -> &'static [&'static str] {
        &[
            "article:published_time",
            "og:article:published_time",
            "article:published",
            "datepublished",
            "parsely-pub-date",
            "sailthru.date",
            "pubdate",
            "publishdate",
            "publish-date",
            "publish_date",
            "publication_date",
            "published_time",
            "published_date",
            "article_date_original",
            "original-publish-date",
            "cxenseparse:recs:publishtime",
            "bt:pubdate",
            "dc.date.issued",
            "dcterms.issued",
            "dcterms.created",
            "dc.date.created",
            "dc.date",
            "dcterms.date",
            "rnews:datepublished",
            "og:pubdate",
            "og:published_time",
            "article.published",
            "date",
            "date.created",
            "datecreated",
            "created",
            "displaydate",
            "citation_publication_date",
            "citation_date",
            "last-modified-original",
        ]
    }

    /// `<time>`: one that says it is the day of publication, else the first outside comments, lists and asides.
    fn time(&self) -> Option<Date> {
        let sure = [
            "[itemprop=datePublished]",
            "time[pubdate]",
            "time.published",
            "time.entry-date",
            ".published[title]",
            "abbr.published",
        ];
        let sure = sure.iter().find_map(|place| self.doc.select(place).nodes().iter().find_map(node_day));
        let times: Selection = self.doc.select("time");
        let own = |node: &&NodeRef| {
            !within(
                node,
                &["aside", "footer", "nav", "li"],
                &[
                    "comment",
                    "related",
                    "sidebar",
                    "widget",
                    "recommend",
                    "footer",
                    "latest",
                    "popular",
                    "trending",
                    "teaser",
                    "card",
                ],
            )
        };
        let first = || times.nodes().iter().filter(own).find_map(node_day);
        sure.or_else(first)
            .or_else(|| times.nodes().iter().filter(|_| times.length() == 1).find_map(node_day))
    }

    /// A day in an element named for it, else in the lines next to the first heading.
    fn beside_the_headline(&self) -> Option<Date> {
        let places = [
            "[class*=publish]",
            "[class*=Publish]",
            "[id*=publish]",
            "[class*=posted]",
            "[class*=date]",
            "[class*=Date]",
            "[id*=date]",
            "[class*=time]",
            "[class*=byline]",
            "[class*=meta]",
            "[class*=author]",
            "[class*=info]",
        ];
        let own = |node: &&NodeRef| {
            !within(
                node,
                &["aside", "footer", "nav", "li"],
                &[
                    "comment",
                    "related",
                    "sidebar",
                    "widget",
                    "recommend",
                    "footer",
                    "latest",
                    "popular",
                    "trending",
                    "teaser",
                    "card",
                ],
            )
        };
        let short = |node: &NodeRef| {
            let text = node.text();
            (text.chars().count() <= 200).then(|| when::first_day(&text))?
        };
        let named =
            places.iter().find_map(|place| self.doc.select(place).nodes().iter().filter(own).find_map(short));
        named.or_else(|| {
            let heading = self.doc.select("h1").nodes().first().copied()?;
            let around = heading.ancestors_it(Some(3));
            around.into_iter().find_map(|node| {
                let text: String = node.formatted_text().chars().take(1500).collect();
                text.lines().filter(|line| line.chars().count() <= 120).find_map(when::first_day)
            })
        })
    }
}

/// Does the node lie in an element of these names or with a class or id that holds one of these words?
fn within(node: &NodeRef, elements: &[&str], words: &[&str]) -> bool {
    let odd = |node: &NodeRef| {
        let name = node.node_name().unwrap_or_default();
        let label = format!("{} {}", node.class().unwrap_or_default(), node.id_attr().unwrap_or_default())
            .to_lowercase();
        let body = ["body", "html"].contains(&&*name);
        elements.contains(&&*name) || !body && words.iter().any(|word| label.contains(word))
    };
    odd(node) || node.ancestors_it(None).any(|ancestor| odd(&ancestor))
}

fn node_day(node: &NodeRef) -> Option<Date> {
    let attribute = |name| node.attr(name).and_then(|value| day(&value));
    attribute("datetime")
        .or_else(|| attribute("content"))
        .or_else(|| attribute("title"))
        .or_else(|| when::first_day(&node.text()))
}

/// A day, and whether it is that of a time in universal time: "2024-05-14T02:18:11Z".
type Moment = (Date, bool);

fn moment(words: &str) -> Option<Moment> {
    let is_utc = words.contains(':')
        && ["Z", "+00:00", "+0000", "GMT", "UTC"].iter().any(|z| words.trim().ends_with(z));
    Some((day(words)?, is_utc))
}

/// A day from 1980 to 2099 in a machine's words or a person's.
fn day(words: &str) -> Option<Date> {
    let iso =
        Interval::parse(words).ok().filter(|i| i.precision == hearsay_doc::Precision::Day).map(|i| i.start);
    iso.filter(|date| (1980..2100).contains(&date.year)).or_else(|| when::first_day(words))
}

/// `/2024/05/14/`, `/2024-05-14`, `-20240514.html`.
fn day_in_address(url: &str) -> Option<Date> {
    let path = url.split(['?', '#']).next()?.splitn(4, '/').nth(3)?;
    let segments: Vec<&str> = path.split('/').collect();
    let joined = segments.windows(3).find_map(|w| {
        let year = w[0].len() == 4 && w[0].starts_with(['1', '2']);
        let short = w[1].len() <= 3 && w[2].len() <= 2;
        (year && short).then(|| {
            let month = w[1].parse::<u8>().ok().or_else(|| when::month(w[1]))?;
            when::first_day(&format!("{}-{month:02}-{}", w[0], w[2]))
        })?
    });
    let inside = || {
        segments.iter().find_map(|s| {
            when::first_day(s).filter(|d| {
                s.contains(&d.to_string())
                    || s.contains(&d.to_string().replace('-', ""))
                    || s.contains(&d.to_string().replace('-', "_"))
            })
        })
    };
    joined.or_else(inside)
}

/// The headline without " - The Vel Post" or "The Vel Post | " around it.
fn without_site(title: &str, outlet: Option<&str>) -> String {
    let marks = [" | ", " - ", " – ", " — ", " :: ", " » ", " · ", " • "];
    let mut title = title.trim();
    for mark in marks {
        if let Some((before, after)) = title.rsplit_once(mark) {
            let own = outlet.is_some_and(|outlet| {
                crate::outlets::same(outlet, after) || after.contains(outlet) || outlet.contains(after)
            });
            let short =
                ["|", "::", "»"].contains(&mark.trim()) && before.chars().count() > 2 * after.chars().count();
            if own || short || crate::outlets::known(after) {
                title = before.trim();
            }
        }
        if let Some((before, after)) = title.split_once(mark)
            && outlet.is_some_and(|outlet| crate::outlets::same(outlet, before))
        {
            title = after.trim();
        }
    }
    title.to_owned()
}

fn metas(doc: &Document) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for node in doc.select("meta[content]").nodes() {
        let content = clean(&node.attr_or("content", ""));
        for key in ["property", "name", "itemprop"] {
            if let Some(name) = node.attr(key).filter(|_| !content.is_empty()) {
                found.push((name.trim().to_lowercase(), content.clone()));
            }
        }
    }
    found
}

/// Objects of the page's JSON-LD, articles first; a script that is no JSON is passed over.
fn linked_data(doc: &Document) -> Vec<Value> {
    let mut found = Vec::new();
    for script in doc.select("script[type='application/ld+json']").nodes() {
        let text = script.text();
        let text = text
            .trim()
            .trim_start_matches("<!--")
            .trim_start_matches("<![CDATA[")
            .trim_start_matches("//<![CDATA[");
        // Line feeds inside strings are the commonest fault.
        let parsed = serde_json::from_str::<Value>(text)
            .or_else(|_| serde_json::from_str(&text.replace(['\n', '\r', '\t'], " ")))
            .or_else(|_| {
                serde_json::from_str(
                    text.trim_end_matches("//]]>").trim_end_matches("]]>").trim().trim_end_matches(';'),
                )
            });
        if let Ok(value) = parsed {
            collect(value, &mut found, 0);
        }
    }
    found.sort_by_key(|item| !is_article(item));
    found
}

fn collect(value: Value, found: &mut Vec<Value>, depth: usize) {
    match value {
        Value::Array(items) if depth < 4 => {
            items.into_iter().for_each(|item| collect(item, found, depth + 1))
        }
        Value::Object(mut object) => {
            if let Some(graph) = object.remove("@graph").filter(|_| depth < 4) {
                collect(graph, found, depth + 1);
            }
            let item = Value::Object(object);
            let page = type_of(&item).is_some_and(|kind| kind.ends_with("Page") || kind == "VideoObject");
            if is_article(&item) || page {
                found.push(item);
            }
        }
        _ => {}
    }
}

fn type_of(item: &Value) -> Option<&str> {
    item["@type"].as_str().or_else(|| item["@type"][0].as_str())
}

fn is_article(item: &Value) -> bool {
    type_of(item)
        .is_some_and(|kind| kind.ends_with("Article") || kind.ends_with("Posting") || kind == "Report")
}

/// The name of a person or organisation: a string, an object or the first of several.
fn name_of(value: &Value) -> Option<String> {
    let name = match value {
        Value::String(name) => name,
        Value::Array(items) => return name_of(items.first()?),
        Value::Object(_) => match &value["name"] {
            Value::String(name) => name,
            Value::Array(names) => names.first()?.as_str()?,
            _ => return None,
        },
        _ => return None,
    };
    Some(clean(name)).filter(|name| !name.is_empty() && !name.contains("://"))
}

fn names_of(value: &Value) -> Option<String> {
    let mut names: Vec<String> = match value {
        Value::Array(items) => items.iter().filter_map(name_of).collect(),
        one => name_of(one).into_iter().collect(),
    };
    names.dedup();
    (!names.is_empty()).then(|| names.join(", "))
}

/// White space runs as one space; entities that are left in JSON and attributes as characters.
fn clean(words: &str) -> String {
    let mut words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    for (entity, character) in [
        ("&quot;", "\""),
        ("&#039;", "'"),
        ("&#39;", "'"),
        ("&#8217;", "’"),
        ("&#8216;", "‘"),
        ("&#8220;", "“"),
        ("&#8221;", "”"),
        ("&#8211;", "–"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&nbsp;", " "),
        ("&amp;", "&"),
    ] {
        if words.contains(entity) {
            words = words.replace(entity, character);
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day_of(html: &str) -> String {
        let found = Metadata::of(&Document::from(html), None);
        found.published.map_or_else(|| "-".to_owned(), |p| format!("{} {}", p.when.iso(), p.from))
    }

    #[test]
    fn the_day_comes_from_the_most_trusted_place_that_has_one() {
        let linked = r#"<script type="application/ld+json">{"@graph":[{"@type":"WebSite"},{"@type":["NewsArticle"],"datePublished":"2024-05-01T10:00Z"}]}</script>"#;
        let meta = "<meta property=article:published_time content=2024-05-02T10:00>";
        let time =
            "<aside><time datetime=2020-01-01>1 Jan</time></aside><time datetime=2024-05-03>3 May</time>";
        let address = "<link rel=canonical href=https://vel.example/2024/05/04/shots>";
        let text = "<div><h1>Shots</h1><p class=dateline>Sunday 5 May 2024</p><p>On 7 May 2019 there was none.</p></div>";
        let parts = [text, address, time, meta, linked];
        let expected =
            ["2024-05-05 text", "2024-05-04 url", "2024-05-03 time", "2024-05-02 meta", "2024-05-01 json-ld"];
        for n in 1..=parts.len() {
            assert_eq!(day_of(&parts[..n].concat()), expected[n - 1]);
        }
        assert_eq!(day_of("<h1>Shots</h1><p>Some day in May.</p>"), "-");
    }

    #[test]
    fn the_address_knows_the_day_where_universal_time_is_a_day_off() {
        let page = |time: &str| {
            format!(
                "<link rel=canonical href=https://vel.example/2024/05/04/shots><meta property=article:published_time content={time}>"
            )
        };
        assert_eq!(day_of(&page("2024-05-05T02:18:11Z")), "2024-05-04 url");
        assert_eq!(day_of(&page("2024-05-05T02:18:11-05:00")), "2024-05-05 meta");
        assert_eq!(day_of(&page("2024-05-07T02:18:11Z")), "2024-05-07 meta");
    }

    #[test]
    fn the_headline_loses_the_site_and_the_author_the_by() {
        let html = "<html lang=en-GB><title>Shots in Vel at dawn - The Vel Post</title><meta property=og:site_name content='The Vel Post'><meta name=author content='By Ana Orm'>";
        let found = Metadata::of(&Document::from(html), None);
        assert_eq!(found.title.as_deref(), Some("Shots in Vel at dawn"));
        assert_eq!((found.byline.as_deref(), found.language.as_deref()), (Some("Ana Orm"), Some("en")));
    }

    #[test]
    fn broken_linked_data_is_passed_over() {
        let html = r#"<script type="application/ld+json">{"@type":"NewsArticle",</script><script type="application/ld+json">{"@type":"Article","author":[{"name":"Ana Orm"},{"name":"Ivo Tal"}],"publisher":{"name":"Vel Post"}}</script>"#;
        let found = Metadata::of(&Document::from(html), None);
        assert_eq!(
            (found.byline.as_deref(), found.outlet.as_deref()),
            (Some("Ana Orm, Ivo Tal"), Some("Vel Post"))
        );
    }
}
