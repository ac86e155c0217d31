//! The links task and the world's own script print the same, to the last digit.
//!
//! The script needs Python: where that is missing the comparison says so and passes.

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
}

fn worlds() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/worlds")
}

fn has_python() -> bool {
    let has = Command::new("python3").arg("--version").output().is_ok_and(|out| out.status.success());
    if !has {
        eprintln!("skipped: needs python3");
    }
    has
}

fn json_of(command: &mut Command) -> Value {
    let out = command.env("PYTHONIOENCODING", "utf-8").output().expect("the command starts");
    assert!(out.status.success(), "{command:?}: {}", String::from_utf8_lossy(&out.stderr));
    serde_json::from_slice(&out.stdout).expect("JSON")
}

fn assert_agree(name: &str, links: &Value) {
    let file = std::env::temp_dir().join(format!("hearsay-links-{}-{name}.json", std::process::id()));
    std::fs::write(&file, links.to_string()).unwrap();
    let world = worlds().join("varda");
    let ours = json_of(
        Command::new(env!("CARGO_BIN_EXE_hearsay-eval"))
            .args(["links", "--json", "--links"])
            .arg(&file)
            .arg(&world),
    );
    let theirs = json_of(
        Command::new("python3").arg(worlds().join("score_links.py")).arg(&world).arg(&file).arg("--json"),
    );
    std::fs::remove_file(&file).unwrap();
    assert_eq!(ours, theirs, "{name}");
}

/// Links that say what the truth says.
fn right() -> Value {
    let truth: Value =
        serde_json::from_slice(&std::fs::read(worlds().join("varda/truth.json")).unwrap()).unwrap();
    let copies: Vec<Value> = truth["reports"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|r| {
            r["copies"]
                .as_array()
                .unwrap()
                .iter()
                .map(|c| json!({"report": r["id"], "of": c["of"], "kind": c["kind"]}))
        })
        .collect();
    json!({"copies": copies, "incidents": truth["incidents"]})
}

#[test]
fn the_truth_scores_a_hundred_by_both() {
    if !has_python() {
        return;
    }
    assert_agree("truth", &right());
    assert_agree("nothing", &json!({"copies": [], "incidents": []}));
}

#[test]
fn damaged_links_score_the_same_by_both() {
    if !has_python() {
        return;
    }
    let names: Vec<String> = right()["incidents"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|i| i["reports"].as_array().unwrap().iter().map(|r| r.as_str().unwrap().to_owned()))
        .chain(["no-such-page".to_owned()])
        .collect();
    for seed in 0..12 {
        let mut dice = Dice(seed);
        let mut links = right();
        let copies = links["copies"].as_array_mut().unwrap();
        for copy in copies.iter_mut() {
            match dice.below(4) {
                0 => {
                    let (a, b) = (copy["report"].clone(), copy["of"].clone());
                    *copy = json!({"report": b, "of": a, "kind": "verbatim"});
                }
                1 => copy["of"] = json!(names[dice.below(names.len())]),
                _ => {}
            }
        }
        let incidents = links["incidents"].as_array_mut().unwrap();
        for incident in incidents.iter_mut() {
            let reports = incident["reports"].as_array_mut().unwrap();
            reports.retain(|_| dice.below(4) > 0);
            reports.push(json!(names[dice.below(names.len())]));
            if dice.below(3) == 0 {
                incident["independent_origins"] = json!(dice.below(6));
                incident["status"] = json!("contested");
            }
            if let Some(row) = incident["toll"].as_array_mut().and_then(|rows| rows.first_mut()) {
                row["killed"] = json!([dice.below(9), null]);
                row["injured"] = Value::Null;
            }
        }
        let merged = incidents.remove(dice.below(incidents.len()));
        let into = dice.below(incidents.len());
        let more = merged["reports"].as_array().unwrap().clone();
        incidents[into]["reports"].as_array_mut().unwrap().extend(more);
        assert_agree(&format!("damaged-{seed}"), &links);
    }
}
