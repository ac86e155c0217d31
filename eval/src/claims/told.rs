//! One claim as the scorer sees it, from an annotation or from a reading.

use serde_json::Value;

/// A string that may be `null`.
pub type Words = Option<String>;

/// One claim, flattened to what is compared.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Told {
    /// First code point of the trigger; -1 where it is not in the text.
    pub start: i64,
    /// One past the last code point of the trigger.
    pub end: i64,
    /// The words that name the event.
    pub trigger: Words,
    /// One of the ten types.
    pub kind: Words,
    /// How it was done.
    pub mode: Words,
    /// Who did it.
    pub actor: Vec<Words>,
    /// Whom the actor's words stand for.
    pub actor_alt: Vec<Words>,
    /// To whom or what.
    pub recipient: Vec<Words>,
    /// With what.
    pub instrument: Vec<Words>,
    /// Where.
    pub place: Vec<Words>,
    /// ISO 3166-1 alpha-2, of a reading that of its first place that has one.
    pub country: Words,
    /// As `country`, of a reading the event's own, which it may have without any place words.
    pub country_of_event: Words,
    /// `YYYY-MM-DD`, a prefix of it, or `START/END`.
    pub date: Words,
    /// Whether it is said to have happened.
    pub modality: Words,
    /// Sources from the outside in.
    pub chain: Vec<Words>,
    /// Whom the last source's words stand for.
    pub chain_alt: Vec<Words>,
    /// What the last source does with the event.
    pub stance: Words,
    /// Where the last source stands in it.
    pub position: Words,
    /// Numbers of people harmed: what is compared, and how they stand in the text.
    pub figures: Vec<Count>,
    /// The words that attribute; shown, never scored.
    pub cue: Words,
}

/// One number of people harmed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Count {
    /// `killed`, `injured` …
    pub measure: Words,
    /// At least so many.
    pub low: Option<f64>,
    /// At most so many.
    pub high: Option<f64>,
    /// Its words; shown, never scored.
    pub text: Words,
}

impl Count {
    /// Measure and both bounds agree.
    pub fn same(&self, other: &Count) -> bool {
        self.measure == other.measure && self.low == other.low && self.high == other.high
    }
}

impl Told {
    /// The source that vouches.
    pub fn last(&self) -> Option<&str> {
        self.chain.last().and_then(Option::as_deref)
    }

    /// The claims of an annotation file (`GUIDE.md`) on `text`.
    ///
    /// # Errors
    ///
    /// What is missing, in words.
    pub fn from_annotation(annotation: &Value, text: &str) -> Result<Vec<Told>, String> {
        let claims = annotation["claims"].as_array().ok_or("no list `claims`")?;
        let text: Vec<char> = text.chars().collect();
        claims
            .iter()
            .zip(1..)
            .map(|(claim, n)| annotated(claim, &text).map_err(|e| format!("claim {n}: {e}")))
            .collect()
    }

    /// The claims of one reading (`hearsay.reading/1`). What is absent counts as `null`.
    pub fn from_reading(reading: &Value) -> Vec<Told> {
        list(&reading["claims"]).iter().map(read).collect()
    }
}

fn annotated(claim: &Value, text: &[char]) -> Result<Told, String> {
    let needed = |name: &str| string(&claim[name]).ok_or_else(|| format!("no `{name}`"));
    let several = |name: &str| {
        claim[name]
            .as_array()
            .map(|list| list.iter().map(string).collect())
            .ok_or_else(|| format!("no list `{name}`"))
    };
    let quote: Vec<char> = needed("quote")?.chars().collect();
    let trigger = needed("trigger")?;
    let trigger_chars: Vec<char> = trigger.chars().collect();
    let in_text = nth(text, &quote, claim["nth"].as_u64().unwrap_or(0));
    let in_quote = nth(&quote, &trigger_chars, claim["trigger_nth"].as_u64().unwrap_or(0));
    let start = in_text + in_quote.max(0);
    Ok(Told {
        start,
        end: start + trigger_chars.len() as i64,
        trigger: Some(trigger),
        kind: Some(needed("type")?),
        mode: string(&claim["mode"]),
        actor: several("actor")?,
        actor_alt: one_or_several(&claim["actor_resolved"]),
        recipient: several("recipient")?,
        instrument: several("instrument")?,
        place: several("place")?,
        country: string(&claim["country"]),
        country_of_event: string(&claim["country"]),
        date: string(&claim["date"]),
        modality: Some(needed("modality")?),
        chain: several("chain")?,
        chain_alt: one_or_several(&claim["source_resolved"]),
        stance: Some(needed("stance")?),
        position: Some(needed("position")?),
        figures: list(&claim["figures"]).iter().map(|figure| count(figure, "quote")).collect(),
        cue: string(&claim["cue"]),
    })
}

fn read(claim: &Value) -> Told {
    let event = &claim["event"];
    let trigger = &event["trigger"];
    let chain: Vec<&Value> = list(&claim["chain"])
        .iter()
        .filter(|link| {
            link["kind"] != "outlet" && (is_truthy(&link["source"]) || is_truthy(&link["resolved"]))
        })
        .collect();
    let words = |name: &str| list(&event[name]).iter().map(span_text).collect();
    let time = &event["time"];
    let date = string(&time["start"]).map(|start| match string(&time["end"]) {
        Some(end) if !end.is_empty() && end != start && !start.is_empty() => format!("{start}/{end}"),
        _ => start,
    });
    Told {
        start: trigger["start"].as_i64().unwrap_or(-1),
        end: trigger["end"].as_i64().unwrap_or(-1),
        trigger: string(&trigger["text"]),
        kind: string(&event["type"]),
        mode: string(&event["mode"]),
        actor: words("actor"),
        actor_alt: list(&event["actor"])
            .iter()
            .map(|actor| &actor["resolved"])
            .filter(|r| is_truthy(r))
            .map(string)
            .collect(),
        recipient: words("recipient"),
        instrument: words("instrument"),
        place: words("place"),
        country: list(&event["place"])
            .iter()
            .map(|place| &place["country"])
            .find(|c| is_truthy(c))
            .and_then(string),
        country_of_event: string(&event["country"]),
        date,
        modality: string(&event["modality"]),
        chain: chain
            .iter()
            .map(|link| {
                span_text(&link["source"]).filter(|s| !s.is_empty()).or_else(|| string(&link["resolved"]))
            })
            .collect(),
        chain_alt: chain
            .last()
            .map(|link| &link["resolved"])
            .filter(|r| is_truthy(r))
            .map(string)
            .into_iter()
            .collect(),
        stance: string(&claim["stance"]),
        position: string(&claim["position"]),
        figures: list(&claim["figures"]).iter().map(|figure| count(figure, "text")).collect(),
        cue: chain.last().and_then(|link| span_text(&link["cue"])),
    }
}

/// The code point at which the `n`th (from 0) occurrence of `needle` starts, or -1. Occurrences may overlap.
fn nth(hay: &[char], needle: &[char], n: u64) -> i64 {
    let starts = (0..(hay.len() + 1).saturating_sub(needle.len())).filter(|&i| hay[i..].starts_with(needle));
    starts.map(|i| i as i64).nth(n as usize).unwrap_or(-1)
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn string(value: &Value) -> Words {
    value.as_str().map(str::to_owned)
}

/// A span's words, or a plain string.
fn span_text(value: &Value) -> Words {
    if value.is_object() { string(&value["text"]) } else { string(value) }
}

fn one_or_several(value: &Value) -> Vec<Words> {
    value.as_str().map_or_else(|| list(value).iter().map(string).collect(), |one| vec![Some(one.to_owned())])
}

fn is_truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(s) => !s.is_empty(),
        Value::Object(o) => !o.is_empty(),
        _ => true,
    }
}

fn count(figure: &Value, words: &str) -> Count {
    Count {
        measure: string(&figure["measure"]),
        low: figure["low"].as_f64(),
        high: figure["high"].as_f64(),
        text: string(&figure[words]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn occurrences_are_counted_in_code_points_and_may_overlap() {
        let chars = |s: &str| s.chars().collect::<Vec<char>>();
        let check = |hay: &str, needle: &str, n, expected| {
            assert_eq!(nth(&chars(hay), &chars(needle), n), expected, "{n} {needle:?} in {hay:?}");
        };
        check("žžžž", "žž", 2, 2);
        check("žžžž", "žž", 3, -1);
        check("ab", "abc", 0, -1);
        check("ab", "", 2, 2);
    }
}
