//! JSON lines with named fields, and Telegram Desktop's export.

use crate::{Problem, Unpacked, blank};
use hearsay_doc::{Interval, Page, PageKind, Published};
use serde_json::Value;

/// One object a line (or one array of objects): `id`, `text` (kept verbatim), `title`, `outlet`, `published`, `url`,
/// `credits`.
pub(crate) fn lines(text: &str, unpacked: &mut Unpacked) {
    if let Ok(Value::Array(items)) = serde_json::from_str::<Value>(text) {
        for (n, item) in items.iter().enumerate() {
            item_page(item, &format!("item {}", n + 1), unpacked);
        }
        return;
    }
    // An object written over several lines is one page.
    if let Ok(item @ Value::Object(_)) = serde_json::from_str::<Value>(text) {
        return item_page(&item, "line 1", unpacked);
    }
    for (n, line) in text.split('\n').enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        let place = format!("line {}", n + 1);
        match serde_json::from_str::<Value>(line) {
            Ok(item) => item_page(&item, &place, unpacked),
            Err(error) => unpacked.problems.push(Problem::new(place, not_json(&error))),
        }
    }
}

/// Why it is no JSON and at which column; the line is the problem's place.
fn not_json(error: &serde_json::Error) -> String {
    format!("not JSON: {error}").replace(&format!("at line {} column", error.line()), "at column")
}

fn item_page(item: &Value, place: &str, unpacked: &mut Unpacked) {
    let Some(text) = item.get("text").and_then(Value::as_str) else {
        let fields: Vec<&str> =
            item.as_object().map(|o| o.keys().map(String::as_str).collect()).unwrap_or_default();
        let problem = Problem::new(place, format!("no field `text`; it has: {}", fields.join(", ")));
        unpacked.problems.push(problem.hint("each line is an object with at least \"text\""));
        return;
    };
    let field =
        |key: &str| item.get(key).and_then(Value::as_str).filter(|s| !s.is_empty()).map(str::to_owned);
    let mut page = Page { text: text.to_owned(), title: field("title"), ..blank(PageKind::Item) };
    page.name = match item.get("id") {
        Some(Value::String(id)) => id.clone(),
        Some(Value::Number(id)) => id.to_string(),
        _ => place.to_owned(),
    };
    page.outlet = field("outlet");
    page.url = field("url");
    page.credits = match item.get("credits") {
        Some(Value::String(credit)) => vec![credit.clone()],
        Some(Value::Array(credits)) => credits.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    };
    if let Some(when) = field("published") {
        match Interval::parse(&when) {
            Ok(day) => {
                page.published = Some(Published { when: day, from: "given" });
                page.clock = crate::masthead::clock(&when);
            }
            Err(error) => page.notes.push(format!("published: {error}")),
        }
    }
    unpacked.pages.push(page);
}

/// One page a message with text, of one chat or of all chats of an account.
pub(crate) fn telegram(origin: &str, text: &str, unpacked: &mut Unpacked) {
    let export: Value = match serde_json::from_str(text) {
        Ok(export) => export,
        Err(error) => {
            let problem = Problem::new(format!("line {}", error.line()), not_json(&error));
            unpacked.problems.push(problem.hint("export the chat again as \"Machine-readable JSON\""));
            return;
        }
    };
    let folder = origin.rsplit(['/', '\\']).nth(1).filter(|f| !f.is_empty() && *f != ".");
    match export.pointer("/chats/list").and_then(Value::as_array) {
        Some(chats) => chats.iter().for_each(|chat| chat_pages(chat, None, unpacked)),
        None => chat_pages(&export, folder, unpacked),
    }
}

fn chat_pages(chat: &Value, folder: Option<&str>, unpacked: &mut Unpacked) {
    let name = chat.get("name").and_then(Value::as_str).unwrap_or("chat");
    let Some(messages) = chat.get("messages").and_then(Value::as_array) else {
        unpacked.problems.push(Problem::new(format!("chat {name}"), "it has no list `messages`"));
        return;
    };
    for message in messages {
        if message.get("type").and_then(Value::as_str) != Some("message") {
            continue;
        }
        let text = message_text(message.get("text").unwrap_or(&Value::Null));
        if text.trim().is_empty() {
            continue;
        }
        let id = message.get("id").and_then(Value::as_i64).unwrap_or(0);
        let forwarded = message.get("forwarded_from").and_then(Value::as_str);
        let when = message.get("date").and_then(Value::as_str).and_then(|d| Interval::parse(d).ok());
        unpacked.pages.push(Page {
            name: format!("{}/{id}", folder.unwrap_or(name)),
            outlet: Some(name.to_owned()),
            credits: forwarded.map(str::to_owned).into_iter().collect(),
            published: when.map(|when| Published { when, from: "export" }),
            clock: message.get("date").and_then(Value::as_str).and_then(crate::masthead::clock),
            text,
            ..blank(PageKind::Post)
        });
    }
}

/// A message's text is a string, or a list of strings and of objects with a `text`.
fn message_text(text: &Value) -> String {
    match text {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts
            .iter()
            .map(|part| part.as_str().or_else(|| part.get("text").and_then(Value::as_str)).unwrap_or(""))
            .collect(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use crate::{Given, Unpacked, capture, pages};

    fn read(origin: &str, text: &str) -> Unpacked {
        pages(&capture(origin, "x", text.as_bytes().to_vec()), &Given::default(), None)
    }

    #[test]
    fn a_bad_line_is_named_and_the_rest_is_read() {
        let found = read(
            "a.jsonl",
            "{\"id\":1,\"text\":\" A. \",\"published\":\"2024-03\"}\n{oops\n{\"body\":\"B\"}\n",
        );
        assert_eq!((found.pages[0].name.as_str(), found.pages[0].text.as_str()), ("1", " A. "));
        let places: Vec<&str> = found.problems.iter().map(|p| p.place.as_str()).collect();
        assert_eq!(places, ["line 2", "line 3"]);
        assert_eq!(found.problems[0].reason, "not JSON: key must be a string at column 2");
        assert_eq!(found.problems[1].reason, "no field `text`; it has: body");
    }

    #[test]
    fn a_channel_gives_a_page_a_post_and_keeps_the_forward() {
        let found = read(
            "in/velnews/result.json",
            r#"{"name":"Vel News","messages":[{"id":1,"type":"service"},
               {"id":7,"type":"message","date":"2024-03-24T10:00:00","forwarded_from":"Kor Post",
                "text":["Shelling in ",{"type":"bold","text":"Vel"},"."]}]}"#,
        );
        let page = &found.pages[0];
        assert_eq!((page.name.as_str(), page.text.as_str()), ("velnews/7", "Shelling in Vel."));
        assert_eq!(page.credits, ["Kor Post"]);
    }
}
