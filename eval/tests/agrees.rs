//! The claims task and the gold set's own script print the same, to the last digit.
//!
//! The script stands beside the set, outside the repository, and needs Python: where either is missing the
//! comparison says so and passes. `claims.rs` checks the figures by hand and needs neither.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

/// Numbers that look random and are the same on every run (Knuth's MMIX generator).
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) as usize % n
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn pick<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len())]
    }
}

fn gold() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/gold");
    let python = Command::new("python3").arg("--version").output().is_ok_and(|out| out.status.success());
    if !folder.join("score.py").is_file() || !python {
        eprintln!("skipped: needs python3 and {}", folder.display());
        return None;
    }
    Some(folder)
}

/// Standard output and error of a command that must succeed.
fn output(command: &mut Command) -> (String, String) {
    let out = command.env("PYTHONIOENCODING", "utf-8").output().expect("the command starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    assert!(out.status.success(), "{command:?}: {}", String::from_utf8_lossy(&out.stderr));
    (text(out.stdout), text(out.stderr))
}

fn assert_agree(gold: &Path, predictions: &Path) {
    for options in [&[][..], &["--json"], &["--errors"], &["--errors", "--json"]] {
        let theirs = output(
            Command::new("python3").arg(gold.join("score.py")).arg(gold).arg(predictions).args(options),
        );
        let ours = output(
            Command::new(env!("CARGO_BIN_EXE_hearsay-eval"))
                .args(["claims", "--readings"])
                .arg(predictions)
                .arg(gold)
                .args(options),
        );
        assert_eq!(ours, theirs, "{} {options:?}", predictions.display());
    }
}

fn read(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).expect("readable")).expect("JSON")
}

/// Every annotation as a reading, changed by `dice`: the more, the smaller `rarity`.
fn perturbed(gold: &Path, dice: &mut Dice, rarity: usize) -> String {
    let docs = read(&gold.join("docs.json"));
    let mut lines = String::new();
    for doc in docs.as_array().expect("a list") {
        let (id, text) = (doc["id"].as_str().expect("id"), doc["text"].as_str().expect("text"));
        let path = gold.join("ann").join(format!("{id}.json"));
        if !path.is_file() || dice.one_in(rarity * 4) {
            continue;
        }
        let annotation = read(&path);
        let mut claims = Vec::new();
        for claim in annotation["claims"].as_array().expect("claims") {
            for _ in 0..dice.below(rarity * 3).max(1).min(1 + usize::from(dice.one_in(rarity * 2))) {
                if !dice.one_in(rarity) {
                    claims.push(reading(claim, text, dice, rarity));
                }
            }
        }
        let odd = if dice.one_in(rarity * 2) { "\u{1f}\u{3000}" } else { "" };
        let other = if dice.one_in(rarity * 4) { " And more." } else { "" };
        let document = json!({"name": id, "text": format!("{text}{odd}{other}")});
        lines += &json!({"document": document, "claims": claims}).to_string();
        lines += if dice.one_in(2) { "\n" } else { " \r\n\n" };
    }
    lines
}

fn reading(claim: &Value, text: &str, dice: &mut Dice, rarity: usize) -> Value {
    const ODD: &[&str] = &[
        "it",
        "its",
        "the",
        "",
        "Žižek’s e\u{301}lan",
        "ΟΔΟΣ",
        "İzmir",
        "a\u{a0}b",
        "it's \"so\"",
        "'s",
        "x²½\u{200b}",
        "\u{e000}",
        "🛩",
        "the \\ and\ttab",
        "Hamas's",
    ];
    let string = |value: &Value, dice: &mut Dice| match value.as_str() {
        Some(_) if dice.one_in(rarity * 3) => Value::Null,
        Some(_) if dice.one_in(rarity * 2) => dice.pick(ODD).into(),
        Some(words) if dice.one_in(rarity) => {
            words.split_whitespace().skip(dice.below(3)).collect::<Vec<_>>().join(" ").to_uppercase().into()
        }
        _ => value.clone(),
    };
    let spans = |name: &str, dice: &mut Dice| -> Value {
        let mut list: Vec<Value> = claim[name].as_array().expect("a list").clone();
        if dice.one_in(rarity) {
            list.reverse();
        }
        if dice.one_in(rarity * 2) {
            list.pop();
        }
        if dice.one_in(rarity * 2) {
            list.push(dice.pick(ODD).into());
        }
        let span = |words: &Value, dice: &mut Dice| {
            let resolved = if dice.one_in(rarity) { claim["actor"][0].clone() } else { Value::Null };
            let country = if dice.one_in(2) { claim["country"].clone() } else { Value::Null };
            json!({"text": string(words, dice), "resolved": resolved, "country": country})
        };
        list.iter().map(|words| span(words, dice)).collect()
    };
    let label = |name: &str, others: &[&str], dice: &mut Dice| match dice.one_in(rarity * 2) {
        true => Value::from(dice.pick(others)),
        false => claim[name].clone(),
    };
    let byte = text.find(claim["quote"].as_str().expect("quote")).unwrap_or(0);
    let inside = claim["quote"].as_str().and_then(|q| q.find(claim["trigger"].as_str()?)).unwrap_or(0);
    let n = claim["trigger"].as_str().expect("trigger").chars().count();
    let shift = if dice.one_in(rarity) { dice.below(60) } else { 0 };
    let start = text[..byte + inside].chars().count() + shift;
    let (first, last) = match claim["date"].as_str() {
        Some(date) => date.split_once('/').map_or((Some(date), Some(date)), |(a, b)| (Some(a), Some(b))),
        None => (None, None),
    };
    // One name or a list of them.
    let known = claim["source_resolved"].as_array().map_or(&claim["source_resolved"], |list| &list[0]);
    let link = |source: &Value, dice: &mut Dice| {
        let resolved = if dice.one_in(rarity) { Value::from("Varda Front") } else { known.clone() };
        let kind = dice.pick(&["person", "group", "group", "medium", "outlet"]);
        let source = json!({"text": string(source, dice)});
        json!({"source": if dice.one_in(rarity * 2) { Value::Null } else { source }, "resolved": resolved, "kind": kind})
    };
    let chain: Value = claim["chain"].as_array().expect("chain").iter().map(|s| link(s, dice)).collect();
    let figure = |figure: &Value, dice: &mut Dice| {
        let low = if dice.one_in(rarity * 2) { json!(dice.below(90)) } else { figure["low"].clone() };
        json!({"measure": figure["measure"], "low": low, "high": figure["high"]})
    };
    let figures: Value = claim["figures"].as_array().into_iter().flatten().map(|f| figure(f, dice)).collect();
    json!({
        "chain": chain, "figures": figures,
        "stance": label("stance", &["asserts", "denies", "doubts", "suspects"], dice),
        "position": label("position", &["actor", "recipient", "third", "unknown"], dice),
        "event": {
            "trigger": {"start": start, "end": start + n, "text": string(&claim["trigger"], dice)},
            "type": label("type", &["ASSAULT", "TOLL", "AID", "COERCE"], dice),
            "mode": label("mode", &["drone", "clash", "arrest"], dice),
            "modality": label("modality", &["actual", "attempted", "planned"], dice),
            "actor": spans("actor", dice), "recipient": spans("recipient", dice),
            "instrument": spans("instrument", dice), "place": spans("place", dice),
            "time": {"start": first, "end": if dice.one_in(rarity * 2) { None } else { last }},
        },
    })
}

#[test]
fn perturbed_gold_scores_the_same_here_and_there() {
    let Some(gold) = gold() else { return };
    let folder = std::env::temp_dir().join(format!("hearsay-eval-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a temporary folder");
    for (seed, rarity) in [(1, 2), (2, 3), (3, 5), (4, 9), (5, 30)] {
        let file = folder.join(format!("{seed}.jsonl"));
        std::fs::write(&file, perturbed(&gold, &mut Dice(seed), rarity)).expect("writable");
        assert_agree(&gold, &file);
    }
    std::fs::remove_dir_all(&folder).expect("ours to remove");
}

#[test]
fn a_folder_of_annotations_scores_the_same_here_and_there() {
    let Some(gold) = gold() else { return };
    assert_agree(&gold, &gold.join("ann"));
}

/// The gold texts as JSON lines through the program, scored by the script: the texts come out as they went in.
#[cfg(feature = "reader")]
#[test]
fn the_programs_own_readings_are_scored_by_the_script() {
    let Some(gold) = gold() else { return };
    let program = Path::new(env!("CARGO_BIN_EXE_hearsay-eval")).with_file_name("hearsay");
    if !program.is_file() {
        eprintln!("skipped: {} is not built", program.display());
        return;
    }
    let folder = std::env::temp_dir().join(format!("hearsay-eval-read-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a temporary folder");
    let (reports, readings) = (folder.join("reports.jsonl"), folder.join("readings.jsonl"));
    let docs = read(&gold.join("docs.json"));
    let lines: String = docs
        .as_array()
        .expect("a list")
        .iter()
        .map(|doc| {
            let (id, text, title) = (&doc["id"], &doc["text"], &doc["title"]);
            let (outlet, published, url) = (&doc["outlet"], &doc["published"], &doc["url"]);
            json!({"id": id, "text": text, "title": title, "outlet": outlet, "published": published, "url": url})
                .to_string()
                + "\n"
        })
        .collect();
    std::fs::write(&reports, lines).expect("writable");
    let (lines, _) = output(Command::new(program).arg("read").arg(&reports).arg("--jsonl"));
    let texts =
        |list: Vec<(Value, Value)>| list.into_iter().map(|pair| format!("{pair:?}")).collect::<Vec<_>>();
    let came = lines.lines().map(|line| serde_json::from_str::<Value>(line).expect("a record"));
    let came = came.map(|r| (r["document"]["name"].clone(), r["document"]["text"].clone())).collect();
    let went =
        docs.as_array().expect("a list").iter().map(|d| (d["id"].clone(), d["text"].clone())).collect();
    assert_eq!(texts(came), texts(went));
    std::fs::write(&readings, &lines).expect("writable");
    assert_agree(&gold, &readings);
    std::fs::remove_dir_all(&folder).expect("ours to remove");
}
