//! The program as its users call it: arguments and files in; output, messages and exit code out.

use std::fs;
use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use expect_test::{Expect, expect};
use serde_json::Value;

/// hearsay in the root of the repository, so that paths in tests are those of the README.
fn hearsay(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hearsay"));
    command.args(arguments).current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")).stdin(Stdio::null());
    command.env_remove("NO_COLOR").env_remove("RUST_BACKTRACE");
    command
}

fn run(arguments: &[&str]) -> Output {
    hearsay(arguments).output().unwrap()
}

/// A folder of this test alone, empty.
fn folder(test: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(test);
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    path
}

fn stdout(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

/// One JSON value per line of the output.
fn records(output: &Output) -> Vec<Value> {
    stdout(output).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn names(output: &Output) -> Vec<String> {
    records(output).iter().map(|record| record["document"]["name"].as_str().unwrap().to_owned()).collect()
}

/// Compares the exit code and everything on standard error, `replace` standing for the folder's path.
fn check_failure(output: &Output, replace: &str, expected: Expect) {
    let messages = String::from_utf8(output.stderr.clone()).unwrap();
    let messages = if replace.is_empty() { messages } else { messages.replace(replace, "[DIR]") };
    expected.assert_eq(&format!("{messages}exit {}\n", output.status.code().unwrap()));
}

#[test]
fn a_missing_file_is_named_and_nothing_was_read() {
    check_failure(
        &run(&["read", "no/such.html"]),
        "",
        expect![[r#"
        error: no/such.html: there is no such file or folder
          hint: check the spelling; a glob belongs in quotes: 'reports/*.html'
        hearsay: 0 reports read, 1 failure
        exit 3
    "#]],
    );
}

#[test]
fn one_bad_input_does_not_stop_the_others() {
    let output = run(&["read", "--jsonl", "data/demo/hospital.txt", "none.txt", "data/demo/wire.jsonl"]);
    assert_eq!(names(&output), ["hospital", "wire-1", "wire-2", "wire-3"]);
    check_failure(
        &output,
        "",
        expect![[r#"
        error: none.txt: there is no such file or folder
          hint: check the spelling; a glob belongs in quotes: 'reports/*.html'
        hearsay: 4 reports read, 1 failure
        exit 1
    "#]],
    );
}

#[test]
fn a_broken_json_line_is_named_by_its_number() {
    let folder = folder("broken_line");
    let file = folder.join("lines.jsonl");
    fs::write(
        &file,
        "{\"id\": \"a\", \"text\": \"One.\"}\n{\"id\": \n{\"id\": \"c\", \"text\": \"Three.\"}\n",
    )
    .unwrap();
    let output = run(&["read", "--jsonl", file.to_str().unwrap()]);
    assert_eq!(names(&output), ["a", "c"]);
    assert_eq!(output.status.code(), Some(1));
    let messages = String::from_utf8(output.stderr).unwrap();
    assert!(messages.starts_with(&format!("error: {}: line 2: ", file.display())), "{messages}");
    assert!(messages.ends_with("\nhearsay: 2 reports read, 1 failure\n"), "{messages}");
}

#[test]
fn a_folder_without_reports_says_what_would_be_read() {
    let folder = folder("no_reports");
    fs::write(folder.join("picture.png"), b"\x89PNG\r\n").unwrap();
    let path = folder.to_str().unwrap();
    check_failure(
        &run(&["read", path]),
        path,
        expect![[r#"
            error: [DIR]: holds no report: no file ends in .html .htm .xhtml .txt .text .jsonl .ndjson (1 others)
              hint: name a file by itself, and it is read whatever its ending
            hearsay: 0 reports read, 1 failure
            exit 3
        "#]],
    );
}

#[test]
fn a_folder_is_walked_by_name_and_a_glob_may_be_quoted() {
    let folder = folder("walk");
    fs::create_dir(folder.join("b")).unwrap();
    for name in ["c.txt", "b/2.txt", "b/1.txt", "a.txt", ".hidden.txt", "d.css"] {
        fs::write(folder.join(name), "The mayor resigned.").unwrap();
    }
    let path = folder.to_str().unwrap();
    assert_eq!(names(&run(&["read", "--jsonl", path])), ["a", "1", "2", "c"]);
    assert_eq!(names(&run(&["read", "--jsonl", &format!("{path}/*.txt")])), ["a", "c"]);
    assert_eq!(names(&run(&["read", "--jsonl", &format!("{path}/**/[12].txt")])), ["1", "2"]);
}

#[test]
fn a_wrong_command_line_is_exit_code_2() {
    for arguments in [&["read", "--colour"][..], &["read", "x", "--published", "24/3/2024"], &["reed"], &[]] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(!output.stderr.is_empty() && output.stdout.is_empty(), "{arguments:?}");
    }
}

#[test]
fn standard_input_is_read_when_it_is_piped_or_named() {
    for arguments in [
        &["read", "--jsonl", "--published", "2024-05"][..],
        &["read", "-", "--jsonl", "--published", "2024-05"],
    ] {
        let mut child = hearsay(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all("Rebels shelled the town of Žirov.".as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let record = &records(&output)[0];
        assert_eq!(record["document"]["name"], "stdin");
        assert_eq!(record["document"]["text"], "Rebels shelled the town of Žirov.");
        assert_eq!(record["document"]["published"]["value"], "2024-05");
        assert_eq!(record["document"]["published"]["from"], "given");
        assert_eq!(output.status.code(), Some(0));
    }
}

#[test]
fn the_same_bytes_give_the_same_records_on_one_thread_and_on_eight() {
    let one = run(&["read", "--jsonl", "--threads", "1", "data/demo"]);
    let eight = run(&["read", "--jsonl", "--threads", "8", "data/demo"]);
    assert!(records(&one).len() >= 5);
    assert_eq!(stdout(&one), stdout(&eight));
}

#[test]
fn a_given_line_is_kept_as_it_is() {
    let output = run(&["read", "--jsonl", "data/demo/wire.jsonl"]);
    let given =
        fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/demo/wire.jsonl")).unwrap();
    let given: Vec<Value> = given.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for (record, given) in records(&output).iter().zip(&given) {
        assert_eq!(record["schema"], "hearsay.reading/1");
        assert_eq!(record["document"]["name"], given["id"]);
        assert_eq!(record["document"]["text"], given["text"]);
        assert_eq!(record["document"]["outlet"], given["outlet"]);
    }
}

#[test]
fn json_for_people_is_the_same_record() {
    let pretty = run(&["read", "--json", "data/demo/hospital.txt"]);
    let line = run(&["read", "--jsonl", "data/demo/hospital.txt"]);
    assert!(stdout(&pretty).lines().count() > 10);
    assert_eq!(serde_json::from_str::<Value>(stdout(&pretty)).unwrap(), records(&line)[0]);
}

/// Which claims there are depends on the models; what the page is and that it has claims does not.
#[test]
fn the_demonstration_page_is_read_with_its_title_outlet_date_and_credits() {
    let output = run(&["read", "--jsonl", "data/demo/report.html"]);
    assert_eq!(output.status.code(), Some(0));
    let record = &records(&output)[0];
    let document = &record["document"];
    assert_eq!(document["title"], "Front claims drone attack on Dorvik barracks");
    assert_eq!(document["outlet"], "The Lindmark Post");
    assert_eq!(document["byline"], "Irsa Tolvane");
    assert_eq!(document["credits"], serde_json::json!(["KNA"]));
    assert_eq!(document["published"]["value"], "2024-05-14");
    let text = document["text"].as_str().unwrap();
    for left_out in ["Your Comment", "cookies", "Ten tips", "3 Ferry Lane"] {
        assert!(!text.contains(left_out), "{left_out:?} is in the text");
    }
    let claims = record["claims"].as_array().unwrap();
    assert!(claims.iter().any(|claim| claim["event"]["type"] == "ASSAULT"), "{claims:?}");
    assert!(claims.iter().any(|claim| claim["stance"] == "denies"), "{claims:?}");
    assert!(claims.iter().any(|claim| claim["figures"][0]["low"] == 4300), "{claims:?}");
}

#[test]
fn the_terminal_view_begins_with_the_report_and_keeps_to_its_width() {
    let shown = run(&["read", "--width", "60", "data/demo/report.html"]);
    assert!(stdout(&shown).starts_with(
        "Front claims drone attack on Dorvik barracks\nThe Lindmark Post · published 2024-05-14"
    ));
    assert!(stdout(&shown).lines().all(|line| line.chars().count() <= 60), "{}", stdout(&shown));
    let reasons = |output: &Output| stdout(output).matches("    why type ").count();
    assert_eq!(reasons(&shown), 0);
    assert!(reasons(&run(&["explain", "data/demo/report.html"])) > 0);
}

#[test]
fn an_export_without_posts_says_so() {
    let folder = folder("no_posts");
    let file = folder.join("result.json");
    fs::write(&file, r#"{"name": "Quiet", "type": "public_channel", "id": 1, "messages": []}"#).unwrap();
    check_failure(
        &run(&["read", file.to_str().unwrap()]),
        "",
        expect![[r#"
            hearsay: there was no report in the input
            exit 0
        "#]],
    );
}

#[test]
fn colour_is_for_terminals_unless_asked_for() {
    let escape = |arguments: &[&str]| stdout(&run(arguments)).contains('\x1b');
    assert!(!escape(&["read", "data/demo/hospital.txt"]));
    assert!(escape(&["read", "--color", "always", "data/demo/hospital.txt"]));
    assert!(!escape(&["read", "--color", "never", "data/demo/hospital.txt"]));
}

#[test]
fn a_report_cannot_write_to_the_terminal() {
    let folder = folder("escape");
    let file = folder.join("evil.txt");
    fs::write(
        &file,
        "Rebels \x1b]0;owned\x07 shelled the town of \x1b[31mSelvorn on Monday, officials said.",
    )
    .unwrap();
    let output = run(&["explain", file.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0));
    assert!(!stdout(&output).contains(['\x1b', '\x07']), "{}", stdout(&output));
}

#[test]
fn rubbish_is_answered_not_feared() {
    let folder = folder("rubbish");
    let noise: Vec<u8> = (0..20_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    for (name, bytes) in [("noise.txt", &noise[..]), ("empty.txt", b""), ("zeros.html", &[0; 4096])] {
        let file = folder.join(name);
        fs::write(&file, bytes).unwrap();
        let output = run(&["read", "--jsonl", file.to_str().unwrap()]);
        let code = output.status.code();
        assert!(matches!(code, Some(0 | 3)), "{name}: {code:?}");
        let messages = String::from_utf8(output.stderr).unwrap();
        assert!(!messages.contains("panicked"), "{name}: {messages}");
        assert_eq!(
            code == Some(3),
            messages.contains(&format!("error: {}", file.display())),
            "{name}: {messages}"
        );
    }
}

#[test]
fn a_closed_pipe_is_no_error() {
    let folder = folder("pipe");
    let file = folder.join("many.jsonl");
    fs::write(&file, "{\"id\": \"x\", \"text\": \"The mayor resigned.\"}\n".repeat(2_000)).unwrap();
    let mut child = hearsay(&["read", "--jsonl", file.to_str().unwrap()])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut some = [0; 10];
    child.stdout.take().unwrap().read_exact(&mut some).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr), (Some(0), Vec::new()));
}

#[test]
fn annotate_prints_ten_columns_a_token() {
    let output = run(&["annotate", "--conllu", "data/demo/hospital.txt"]);
    assert!(stdout(&output).starts_with("# newdoc id = hospital\n"));
    let tokens: Vec<_> =
        stdout(&output).lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    assert!(tokens.len() > 100);
    assert!(tokens.iter().all(|line| line.split('\t').count() == 10));
}

#[test]
fn the_version_names_the_model() {
    expect![[r#"
        hearsay 0.1.0 · en-1
    "#]]
    .assert_eq(stdout(&run(&["--version"])));
}

/// What stands between `<!-- NAME -->` and `<!-- /NAME -->` in the README is what the program prints; with
/// `UPDATE_EXPECT=1` it is written there.
fn check_readme(name: &str, printed: &str) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../README.md");
    let readme = fs::read_to_string(path).unwrap();
    let (open, close) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
    let (before, rest) = readme.split_once(&open).unwrap();
    let (block, after) = rest.split_once(&close).unwrap();
    let fresh =
        format!("```{}\n{}\n```\n", if name == "record" { "json" } else { "text" }, printed.trim_end());
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(path, format!("{before}{open}{fresh}{close}{after}")).unwrap();
        return;
    }
    assert_eq!(block, fresh, "README.md, {name}: just bless writes it anew");
}

#[test]
fn the_readme_shows_what_the_program_prints() {
    let view = run(&["read", "data/demo/report.html", "--color", "never", "--width", "100"]);
    let third = stdout(&view).find("\n 3  ").unwrap();
    let claims = stdout(&view)[..third].trim_end().to_owned();

    let explained = run(&["explain", "data/demo/report.html", "--color", "never", "--width", "100"]);
    let reasons: Vec<&str> = stdout(&explained).lines().skip_while(|l| !l.contains("why source")).collect();
    let ends = reasons[1..].iter().position(|l| l.contains("why ")).unwrap();

    let record = &records(&run(&["read", "data/demo/report.html", "--jsonl"]))[0]["claims"][0];
    let shown = |value: &Value, keys: &[&str], indent: &str| -> String {
        let lines: Vec<String> =
            keys.iter().map(|key| format!("{indent}\"{key}\": {}", value[key])).collect();
        lines.join(",\n")
    };
    let event = shown(
        &record["event"],
        &["trigger", "type", "mode", "modality", "actor", "recipient", "time"],
        "    ",
    );
    let outside = shown(record, &["chain", "stance", "position", "responsibility"], "  ");
    let figures = &record["figures"];
    let record = format!("{{\n{outside},\n  \"event\": {{\n{event}\n  }},\n  \"figures\": {figures}\n}}");

    check_readme("sample", &claims);
    check_readme("reason", &reasons[..=ends].join("\n"));
    check_readme("record", &record);
}

#[test]
fn places_are_tried_alone_with_a_list_of_ones_own() {
    let folder = folder("own_places");
    let list = folder.join("ours.tsv");
    fs::write(&list, "Old Mill\tKelm Mlyn|Mlyn\t-\tUA\t48.5\t35.1\t-\tS\n").unwrap();
    let list = list.to_str().unwrap();
    let output = run(&["places", "--json", "--gazetteer", list, "They shelled Kelm Mlyn in Ukraine."]);
    let places: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(places[0]["text"], "Kelm Mlyn");
    assert_eq!(places[0]["name"], "Old Mill");
    assert_eq!(places[0]["precision"], "facility");
    assert_eq!((&places[0]["lat"], &places[0]["lon"]), (&48.5.into(), &35.1.into()));
    assert_eq!(places[1]["country"], "UA");
    assert_eq!(stdout(&run(&["places", "Nobody came."])), "no place is named\n");
}

#[test]
fn a_list_that_cannot_be_read_says_which_line_and_what_belongs_there() {
    let folder = folder("bad_places");
    let list = folder.join("ours.tsv");
    fs::write(&list, "# ours\nOld Mill\t-\t-\tUA\tnorth\t35.1\n").unwrap();
    let output = run(&["read", "--gazetteer", list.to_str().unwrap(), "data/demo/hospital.txt"]);
    check_failure(
        &output,
        folder.to_str().unwrap(),
        expect![[r#"
        error: [DIR]/ours.tsv: line 2: lat is "north", not a number of -90 to 90
          hint: columns, separated by tabs: name, alternates, admin1, country, lat, lon, population, feature class
        exit 3
    "#]],
    );
    let list = folder.join("actors.tsv");
    fs::write(&list, "kelm\tKelm Front\t-\tgang\n").unwrap();
    let output = run(&["actors", "--actors", list.to_str().unwrap(), "The Kelm Front left."]);
    check_failure(
        &output,
        folder.to_str().unwrap(),
        expect![[r#"
        error: [DIR]/actors.tsv: line 1: kind "gang" is none of state, army, police, ministry, group, agency, outlet, monitor, un, alliance, hospital, person
          hint: columns, separated by tabs: id, name, aliases, kind, side, country
        exit 3
    "#]],
    );
}

#[test]
fn actors_are_tried_alone() {
    let output = run(&["actors", "--json", "Hizballah fired, Volodymyr Zelensky said."]);
    let actors: Value = serde_json::from_slice(&output.stdout).unwrap();
    let shown: Vec<(&str, &str)> = actors
        .as_array()
        .unwrap()
        .iter()
        .map(|actor| (actor["id"].as_str().unwrap(), actor["text"].as_str().unwrap()))
        .collect();
    assert_eq!(shown, [("hezbollah", "Hizballah"), ("volodymyr-zelenskyy", "Volodymyr Zelensky")]);
}

#[test]
fn the_credits_hold_what_each_source_of_the_gazetteer_asks_to_be_said() {
    let output = run(&["credits"]);
    let sources = include_str!("../../../data/gazetteer/SOURCE.toml");
    let asked = sources.lines().filter_map(|line| line.strip_prefix("attribution = \"")?.strip_suffix('"'));
    let mut n = 0;
    for line in asked {
        assert!(stdout(&output).contains(line), "{line}");
        n += 1;
    }
    assert_eq!(n, 2);
}

#[test]
fn dates_are_resolved_from_the_day_given() {
    let text = "Shells fell on Orm late on Saturday night and for three days before, from 3 to 5 March.";
    let output = run(&["dates", text, "--on", "2024-03-26"]);
    expect![[r#"
        late on Saturday night  2024-03-23                day       TIME 2024-03-23TNI
        three days              -                         duration  DURATION P3D
        3 to 5 March            2024-03-03 to 2024-03-05  range     DATE 2024-03-03 / DATE 2024-03-05
    "#]]
    .assert_eq(stdout(&output));
    let json = |day: &str| -> Value {
        serde_json::from_slice(&run(&["dates", "on 3/4/2024", "--json", day]).stdout).unwrap()
    };
    assert_eq!(json("--day-first")[0]["from"], "2024-04-03");
    assert_eq!(json("--month-first")[0]["from"], "2024-03-04");
    let refused = run(&["dates", "on Sunday", "--on", "Sunday"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("expected YYYY-MM-DD, YYYY-MM or YYYY"));
}

const WORLD: [&str; 2] = ["data/worlds/varda/reports", "data/worlds/varda/telegram"];

#[test]
fn incidents_of_reports_are_a_table_a_card_and_json() {
    let table = run(&[&["incidents", "--reports", "10"], &WORLD[..]].concat());
    let lines: Vec<&str> = stdout(&table).lines().collect();
    assert!(lines[0].starts_with("id ") && lines[0].contains("origins"), "{lines:?}");
    let market = lines.iter().find(|line| line.contains("Kelmara")).expect("the shelling of the market");
    assert!(market.contains("contested"), "{market}");
    let id = market.split(' ').next().unwrap();
    let card = run(&[&["incidents", "--show", id], &WORLD[..]].concat());
    let card = stdout(&card);
    for part in ["Origins", "Denies", "Reports", "no verdict", "killed by the rules of ACLED"] {
        assert!(card.contains(part), "{part} is missing in\n{card}");
    }
    let json = run(&[&["incidents", "--json", "--status", "single_side"], &WORLD[..]].concat());
    let incidents: Value = serde_json::from_slice(&json.stdout).unwrap();
    assert!(incidents.as_array().unwrap().iter().all(|i| i["status"]["word"] == "single_side"));
    let unknown = run(&[&["incidents", "--show", "zzz"], &WORLD[..]].concat());
    assert_eq!(unknown.status.code(), Some(1));
}

#[test]
fn links_of_a_ledger_are_those_of_its_reports() {
    let ledger = folder("links_of_a_ledger").join("ledger");
    let ledger = ledger.to_str().unwrap();
    assert!(run(&[&["add", "--ledger", ledger], &WORLD[..]].concat()).status.success());
    let kept: Value =
        serde_json::from_slice(&run(&["export", "links", "--json", "--ledger", ledger]).stdout).unwrap();
    let made: Value =
        serde_json::from_slice(&run(&[&["link", "--export"], &WORLD[..]].concat()).stdout).unwrap();
    let copies = |links: &Value| {
        let mut copies: Vec<String> =
            links["copies"].as_array().unwrap().iter().map(Value::to_string).collect();
        copies.sort();
        copies
    };
    assert_eq!(copies(&kept), copies(&made));
    let reports = |links: &Value| {
        let mut all: Vec<String> =
            links["incidents"].as_array().unwrap().iter().map(|i| i["reports"].to_string()).collect();
        all.sort();
        all
    };
    assert_eq!(reports(&kept), reports(&made));
    let toll = run(&["toll", "--ledger", ledger]);
    assert!(stdout(&toll).contains("st ilmar hospital"), "{}", stdout(&toll));
}
