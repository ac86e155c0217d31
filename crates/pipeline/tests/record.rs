//! The public record: its shape, its offsets, and that `reading.schema.json` describes it.

use expect_test::expect;
use hearsay_doc::{
    Argument, Claim, Date, Doc, Event, EventType, Figure, Interval, Link, Measure, Mention, MentionKind,
    Modality, Mode, Page, PageKind, PlacePrecision, PlaceRef, Population, Position, Published, Reading,
    Reason, ResolvedPlace, Responsibility, Scope, SourceKind, Span, Stance, TimeRef,
};
use hearsay_pipeline::{Read, Record, record};
use serde_json::Value;

/// The first occurrence of `words`, in bytes.
fn at(text: &str, words: &str) -> Span {
    let start = text.find(words).unwrap_or_else(|| panic!("{words:?} is not in the text"));
    Span::new(start, start + words.len())
}

fn day(words: &str) -> Interval {
    Interval::parse(words).unwrap()
}

/// A page with every field filled, and a reading that uses every kind of slot. Its text has letters of one, two
/// and four bytes before the claim, so that an offset in the wrong unit shows.
fn filled() -> (Page, Read) {
    let text = "🛩 Žirovnica – The Ash Column said on Telegram that its fighters hit Fort Odrim by drone on \
                Sunday, killing at least five soldiers.";
    let page = Page {
        name: "raid".to_owned(),
        capture: format!("sha256:{}", "0".repeat(64)),
        kind: PageKind::Article,
        url: Some("https://courier.example/raid".to_owned()),
        title: Some("Raid on Fort Odrim".to_owned()),
        outlet: Some("The Courier".to_owned()),
        credits: vec!["Meridane".to_owned()],
        byline: Some("A. Writer".to_owned()),
        language: Some("en".to_owned()),
        published: Some(Published { when: day("2024-03-25"), from: "json-ld" }),
        clock: Some(1110),
        text: text.to_owned(),
        furniture: Vec::new(),
        notes: vec!["the page names two dates".to_owned()],
    };
    let argument = |words: &str, resolved: Option<&str>| Argument {
        span: at(text, words),
        resolved: resolved.map(str::to_owned),
        entity: resolved.map(|_| "ash-column".to_owned()),
    };
    let odrim = ResolvedPlace {
        name: "Fort Odrim".to_owned(),
        geonames: Some(7),
        lat: 45.123_456,
        lon: -30.5,
        precision: PlacePrecision::Facility,
        country: Some(*b"VD"),
        radius_km: None,
    };
    let unknown_place = PlaceRef { span: at(text, "Žirovnica"), resolved: None, near: None };
    let event = Event {
        trigger: at(text, "hit"),
        kind: EventType::Assault,
        mode: Some(Mode::Drone),
        modality: Modality::Actual,
        actor: vec![argument("its fighters", Some("The Ash Column"))],
        recipient: vec![argument("Fort Odrim", None)],
        instrument: vec![argument("drone", None)],
        place: vec![
            PlaceRef { span: at(text, "Fort Odrim"), resolved: Some(odrim), near: None },
            unknown_place,
        ],
        country: Some(*b"VD"),
        time: Some(TimeRef { span: Some(at(text, "on Sunday")), interval: day("2024-03-24") }),
    };
    let claim = Claim {
        sentence: at(text, &text[text.find("The Ash").unwrap()..]),
        chain: vec![Link {
            source: Some(at(text, "The Ash Column")),
            resolved: None,
            kind: SourceKind::Group,
            cue: Some(at(text, "said")),
            medium: Some(at(text, "on Telegram")),
            said_on: Some(day("2024-03")),
        }],
        stance: Stance::Asserts,
        position: Position::Actor,
        responsibility: Some(Responsibility::ClaimedOrAdmitted),
        event,
        figures: vec![Figure {
            measure: Measure::Killed,
            low: Some(5),
            high: None,
            population: Some(Population::Soldiers),
            scope: Scope::Cumulative,
            since: Some(Interval::range(Date::new(2023, 10, 7).unwrap(), Date::new(2024, 3, 25).unwrap())),
            span: at(text, "at least five"),
        }],
        confidence: 0.874_9,
        why: vec![Reason {
            slot: "source",
            rule: "subject of a cue verb".to_owned(),
            weight: 1.256,
            span: at(text, "said"),
        }],
    };
    let mention =
        Mention { span: at(text, "The Ash Column"), tokens: (2, 5), kind: MentionKind::Organization };
    let doc = Doc { text: text.to_owned(), mentions: vec![mention], ..Doc::default() };
    let reading = Reading {
        claims: vec![claim],
        entities: Vec::new(),
        notes: vec!["one sentence is very long".to_owned()],
    };
    (page, Read { doc, reading })
}

#[test]
fn every_slot_has_its_words_and_its_offsets_in_code_points() {
    let (page, read) = filled();
    let record = record(&page, &read, "hearsay 0 · test");
    expect![[r#"
        {
          "schema": "hearsay.reading/1",
          "document": {
            "id": "sha256:12786aac6e4c3f4504e614a40f749f753a0d3c5881930a32f0795e0f25b14853",
            "name": "raid",
            "capture": "sha256:0000000000000000000000000000000000000000000000000000000000000000",
            "kind": "article",
            "url": "https://courier.example/raid",
            "title": "Raid on Fort Odrim",
            "outlet": "The Courier",
            "credits": [
              "Meridane"
            ],
            "byline": "A. Writer",
            "language": "en",
            "published": {
              "value": "2024-03-25",
              "precision": "day",
              "from": "json-ld"
            },
            "clock": "18:30",
            "text": "🛩 Žirovnica – The Ash Column said on Telegram that its fighters hit Fort Odrim by drone on Sunday, killing at least five soldiers."
          },
          "mentions": [
            {
              "start": 14,
              "end": 28,
              "text": "The Ash Column",
              "kind": "organization",
              "entity": null
            }
          ],
          "claims": [
            {
              "id": "c1",
              "sentence": {
                "start": 14,
                "end": 130
              },
              "chain": [
                {
                  "source": {
                    "start": 14,
                    "end": 28,
                    "text": "The Ash Column"
                  },
                  "resolved": null,
                  "kind": "group",
                  "cue": {
                    "start": 29,
                    "end": 33,
                    "text": "said"
                  },
                  "medium": "on Telegram",
                  "said_on": "2024-03"
                }
              ],
              "stance": "asserts",
              "position": "actor",
              "responsibility": "claimed_or_admitted",
              "event": {
                "trigger": {
                  "start": 64,
                  "end": 67,
                  "text": "hit"
                },
                "type": "ASSAULT",
                "mode": "drone",
                "modality": "actual",
                "actor": [
                  {
                    "start": 51,
                    "end": 63,
                    "text": "its fighters",
                    "resolved": "The Ash Column",
                    "entity": "ash-column"
                  }
                ],
                "recipient": [
                  {
                    "start": 68,
                    "end": 78,
                    "text": "Fort Odrim",
                    "resolved": null,
                    "entity": null
                  }
                ],
                "instrument": [
                  {
                    "start": 82,
                    "end": 87,
                    "text": "drone",
                    "resolved": null,
                    "entity": null
                  }
                ],
                "place": [
                  {
                    "start": 68,
                    "end": 78,
                    "text": "Fort Odrim",
                    "name": "Fort Odrim",
                    "geonames": 7,
                    "lat": 45.1235,
                    "lon": -30.5,
                    "radius_km": null,
                    "near": null,
                    "precision": "facility",
                    "country": "VD"
                  },
                  {
                    "start": 2,
                    "end": 11,
                    "text": "Žirovnica",
                    "name": null,
                    "geonames": null,
                    "lat": null,
                    "lon": null,
                    "radius_km": null,
                    "near": null,
                    "precision": null,
                    "country": "VD"
                  }
                ],
                "country": "VD",
                "time": {
                  "start": "2024-03-24",
                  "end": "2024-03-24",
                  "precision": "day",
                  "text": "on Sunday",
                  "span": {
                    "start": 88,
                    "end": 97
                  }
                }
              },
              "figures": [
                {
                  "measure": "killed",
                  "low": 5,
                  "high": null,
                  "population": "soldiers",
                  "scope": "cumulative",
                  "since": "2023-10-07",
                  "start": 107,
                  "end": 120,
                  "text": "at least five"
                }
              ],
              "confidence": 0.87,
              "by": "hearsay 0 · test",
              "why": [
                {
                  "slot": "source",
                  "rule": "subject of a cue verb",
                  "weight": 1.26,
                  "start": 29,
                  "end": 33,
                  "text": "said"
                }
              ]
            }
          ],
          "notes": [
            "the page names two dates",
            "one sentence is very long"
          ]
        }"#]].assert_eq(&record.to_pretty());
}

#[test]
fn offsets_cut_the_same_words_out_of_the_text() {
    let (page, read) = filled();
    let record = serde_json::to_value(record(&page, &read, "")).unwrap();
    let text: Vec<char> = page.text.chars().collect();
    let mut n_words = 0;
    visit(&record, &mut |value| {
        let (Some(start), Some(end), Some(words)) =
            (value["start"].as_u64(), value["end"].as_u64(), value["text"].as_str())
        else {
            return;
        };
        let cut: String = text[start as usize..end as usize].iter().collect();
        assert_eq!(cut, words);
        n_words += 1;
    });
    assert_eq!(n_words, 11, "mention, source, cue, trigger, 3 arguments, 2 places, figure, reason");
}

#[test]
fn a_record_survives_the_way_to_json_and_back() {
    let (page, read) = filled();
    let record = record(&page, &read, "hearsay 0 · test");
    assert!(!record.to_line().contains('\n'));
    assert_eq!(serde_json::from_str::<Record>(&record.to_line()).unwrap(), record);
}

#[test]
fn the_schema_describes_a_full_record_and_an_empty_one() {
    let (page, read) = filled();
    for record in [record(&page, &read, "x"), record(&empty_page(), &Read::default(), "x")] {
        assert_eq!(schema_errors(&serde_json::to_value(record).unwrap()), [""; 0]);
    }
}

#[test]
fn the_schema_check_would_notice() {
    let (page, read) = filled();
    let mut record = serde_json::to_value(record(&page, &read, "x")).unwrap();
    record["claims"][0]["stance"] = "shrugs".into();
    record["claims"][0]["event"]["place"][0]["lat"] = 91.into();
    record["document"]["id"] = "sha256:0".into();
    record["document"]["weather"] = "fine".into();
    record["mentions"][0].as_object_mut().unwrap().remove("kind");
    expect![[r#"
        record.claims[0].event.place[0].lat: 91 is not in -90..=90
        record.claims[0].stance: "shrugs" is none of the words
        record.document.id: "sha256:0" is not like ^sha256:[0-9a-f]{64}$
        record.document.weather is not in the schema
        record.mentions[0].kind is missing"#]]
    .assert_eq(&schema_errors(&record).join("\n"));
}

fn empty_page() -> Page {
    Page { capture: format!("sha256:{}", "0".repeat(64)), ..Page::default() }
}

/// Calls `see` on `value` and everything in it.
fn visit(value: &Value, see: &mut impl FnMut(&Value)) {
    see(value);
    match value {
        Value::Array(items) => items.iter().for_each(|item| visit(item, see)),
        Value::Object(fields) => fields.values().for_each(|field| visit(field, see)),
        _ => {}
    }
}

/// What in `record` is not as `reading.schema.json` says. A field that the schema does not name is an error too,
/// stricter than JSON Schema: here it means that one of the two was forgotten.
fn schema_errors(record: &Value) -> Vec<String> {
    let schema: Value = serde_json::from_str(include_str!("../reading.schema.json")).unwrap();
    let mut errors = Vec::new();
    check(&schema, &schema, record, "record", &mut errors);
    errors
}

/// The part of JSON Schema that `reading.schema.json` uses.
fn check(root: &Value, schema: &Value, value: &Value, path: &str, errors: &mut Vec<String>) {
    if let Some(name) = schema["$ref"].as_str() {
        let definition =
            root.pointer(name.trim_start_matches('#')).expect("the schema defines what it refers to");
        return check(root, definition, value, path, errors);
    }
    if let Some(options) = schema["anyOf"].as_array() {
        let of_option = |option: &Value| {
            let mut found = Vec::new();
            check(root, option, value, path, &mut found);
            found
        };
        let fewest = options.iter().map(of_option).min_by_key(Vec::len).expect("anyOf has options");
        return errors.extend(fewest);
    }
    if let Some(words) = schema["enum"].as_array()
        && !words.contains(value)
    {
        errors.push(format!("{path}: {value} is none of the words"));
    }
    if !schema["type"].is_null() && !type_names(&schema["type"]).any(|name| is_type(value, name)) {
        return errors.push(format!("{path}: {value} is no {}", schema["type"]));
    }
    if let (Some(pattern), Some(words)) = (schema["pattern"].as_str(), value.as_str())
        && !regex_lite::Regex::new(pattern).unwrap().is_match(words)
    {
        errors.push(format!("{path}: {value} is not like {pattern}"));
    }
    if let Some(number) = value.as_f64() {
        let least = schema["minimum"].as_f64().unwrap_or(f64::NEG_INFINITY);
        let most = schema["maximum"].as_f64().unwrap_or(f64::INFINITY);
        if !(least..=most).contains(&number) {
            errors.push(format!("{path}: {number} is not in {least}..={most}"));
        }
    }
    for (item, n) in value.as_array().into_iter().flatten().zip(0..) {
        check(root, &schema["items"], item, &format!("{path}[{n}]"), errors);
    }
    if let Some(fields) = value.as_object() {
        let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
        errors.extend(
            required
                .filter(|name| !fields.contains_key(*name))
                .map(|name| format!("{path}.{name} is missing")),
        );
        for (name, field) in fields {
            match schema["properties"].get(name) {
                Some(property) => check(root, property, field, &format!("{path}.{name}"), errors),
                None => errors.push(format!("{path}.{name} is not in the schema")),
            }
        }
    }
}

/// The one or more names in a schema's `type`.
fn type_names(names: &Value) -> impl Iterator<Item = &str> {
    names.as_array().map_or(std::slice::from_ref(names), Vec::as_slice).iter().filter_map(Value::as_str)
}

fn is_type(value: &Value, name: &str) -> bool {
    match name {
        "null" => value.is_null(),
        "string" => value.is_string(),
        "integer" => value.is_u64() || value.is_i64(),
        "number" => value.is_number(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => panic!("the schema has the type {name}"),
    }
}
