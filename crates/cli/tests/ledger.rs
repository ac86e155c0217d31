//! Ledgers as their users have them: added to, interrupted, asked, verified, decided about.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use expect_test::{Expect, expect};
use hearsay_ledger::{Options, Writer};

/// hearsay in the root of the repository.
fn hearsay(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hearsay"));
    command.args(arguments).current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")).stdin(Stdio::null());
    command
        .env_remove("HEARSAY_LEDGER")
        .env_remove("HEARSAY_WHO")
        .env_remove("NO_COLOR")
        .env_remove("RUST_BACKTRACE");
    command
}

fn run(arguments: &[&str]) -> Output {
    hearsay(arguments).output().unwrap()
}

/// What was printed by a run that went well.
fn said(arguments: &[&str]) -> String {
    let output = run(arguments);
    let messages = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {messages}");
    String::from_utf8(output.stdout).unwrap()
}

/// A folder of this test alone, empty.
fn folder(test: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("ledger").join(test);
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    path
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// The ledger's content, whatever the order in which it came in.
fn export(ledger: &Path) -> String {
    said(&["export", "readings", "--ledger", text(ledger)])
}

fn verify(ledger: &Path) {
    let output = run(&["verify", "--ledger", text(ledger)]);
    let report = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && report.contains("all is as it was written"), "{report}");
}

/// Reports of an invented war as text files, and as one file of JSON lines, with what cannot be read among them.
fn reports(folder: &Path, n: usize) {
    let towns = ["Orm", "Vel", "Selma", "Tal", "Karsk", "Dunmere"];
    let mut lines = String::new();
    for idx in 0..n {
        let (town, other) = (towns[idx % 6], towns[(idx / 6 + 1) % 6]);
        let report = format!(
            "Shells hit the market of {town} on Tuesday and killed {} people, the hospital of {town} said. The army denied that \
             it had shelled {town}. Rebels claimed that their drones destroyed two fuel trucks near {other}. Report {idx}.\n",
            idx % 40 + 2
        );
        if idx % 3 == 0 {
            let line = serde_json::json!({ "id": format!("wire-{idx}"), "text": report, "outlet": "KNA", "published": "2024-05-14" });
            lines += &format!("{line}\n");
        } else {
            fs::write(folder.join(format!("report-{idx:04}.txt")), report).unwrap();
        }
    }
    fs::write(folder.join("wire.jsonl"), lines).unwrap();
}

#[test]
fn a_folder_goes_in_with_one_command_and_can_be_asked_about() {
    let ledger = folder("demo");
    let at = ["--ledger", text(&ledger)];
    let output = run(&[&["add", "data/demo"][..], &at].concat());
    let messages = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success() && messages.starts_with("hearsay: 7 reports, "), "{messages}");
    let count = |asked: &[&str]| {
        said(&[&["claims", "--count"][..], &at, asked].concat()).trim().parse::<usize>().unwrap()
    };
    let all = count(&[]);
    assert!(all > 20, "{all}");
    assert_eq!(
        count(&["--stance", "denies"])
            + count(&["--stance", "asserts"])
            + count(&["--stance", "confirms"])
            + count(&["--stance", "doubts"])
            + count(&["--stance", "suspects"]),
        all
    );
    let listed = said(&[&["claims", "--json", "--limit", "5"][..], &at].concat());
    let listed: serde_json::Value = serde_json::from_str(&listed).unwrap();
    assert_eq!(
        (listed["schema"].as_str(), listed["rows"].as_array().unwrap().len()),
        (Some("hearsay.claims/1"), 5)
    );
    let next = listed["next"].as_str().unwrap();
    let rest = said(&[&["claims", "--jsonl", "--limit", "1000", "--after", next][..], &at].concat());
    assert_eq!(rest.lines().count(), all - 5);
    let csv = said(&[&["claims", "--csv", "--limit", "1000"][..], &at].concat());
    assert!(csv.starts_with("claim,report,outlet,"), "{csv}");
    let report = listed["rows"][0]["report"].as_str().unwrap();
    let shown = said(&[&["show", report][..], &at].concat());
    assert!(shown.contains("who says"), "{shown}");
    let record: serde_json::Value =
        serde_json::from_str(&said(&[&["show", report, "--json"][..], &at].concat())).unwrap();
    assert_eq!(record["document"]["name"], *report);
    assert_eq!(
        said(&[&["sql", "SELECT count(*) AS n FROM claims", "--jsonl"][..], &at].concat()),
        format!("{{\"n\":{all}}}\n")
    );
    verify(&ledger);
}

#[test]
fn the_same_again_adds_nothing_and_any_order_and_number_of_threads_gives_the_same() {
    let folder = folder("order");
    let input = folder.join("in");
    fs::create_dir(&input).unwrap();
    reports(&input, 24);
    let (a, b) = (folder.join("a"), folder.join("b"));
    said(&["add", text(&input), "--ledger", text(&a), "--threads", "1"]);
    let head = said(&["head", "--ledger", text(&a)]);
    said(&["add", text(&input), "--ledger", text(&a), "--threads", "3"]);
    assert_eq!(said(&["head", "--ledger", text(&a)]), head);

    let mut files: Vec<PathBuf> = fs::read_dir(&input).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.reverse();
    let names: Vec<&str> = files.iter().map(|path| text(path)).collect();
    said(&[&["add"], &names[..], &["--ledger", text(&b), "--threads", "4"]].concat());
    assert_eq!(export(&a), export(&b));
    let claims = |ledger: &Path| {
        let csv = said(&["claims", "--csv", "--limit", "10000", "--ledger", text(ledger)]);
        let mut rows: Vec<String> = csv.lines().map(str::to_owned).collect();
        rows.sort();
        rows
    };
    assert_eq!(claims(&a), claims(&b));
}

#[test]
fn what_cannot_be_read_is_listed_and_stops_nothing() {
    let folder = folder("problems");
    let (input, ledger) = (folder.join("in"), folder.join("ledger"));
    fs::create_dir(&input).unwrap();
    fs::write(input.join("a.txt"), "Rebels shelled Orm, the army said.").unwrap();
    fs::write(input.join("b.txt"), b"PK\x03\x04 no text").unwrap();
    fs::write(input.join("c.jsonl"), "{\"id\": \"c1\", \"text\": \"Rebels left Vel.\"}\n{\"id\": \n")
        .unwrap();
    for _ in 0..2 {
        let output = run(&["add", text(&input), "none.txt", "--ledger", text(&ledger)]);
        assert_eq!(output.status.code(), Some(1));
    }
    let listed = said(&["problems", "--csv", "--ledger", text(&ledger)]);
    let listed: Vec<String> = listed
        .replace(text(&input), "[DIR]")
        .lines()
        .map(|line| line.split_once(',').map_or(line, |(_, rest)| rest).to_owned())
        .collect();
    expect![[r#"
        origin,place,reason,hint
        [DIR]/b.txt,[DIR]/b.txt: byte 0,"this is a ZIP archive, not text","give the pages inside as files of their own: HTML, text, JSON lines or a Telegram result.json"
        [DIR]/c.jsonl,[DIR]/c.jsonl: line 2,not JSON: EOF while parsing a value at column 7,
        none.txt,none.txt,there is no such file or folder,check the spelling; a glob belongs in quotes: 'reports/*.html'"#]]
    .assert_eq(&listed.join("\n"));
    assert_eq!(export(&ledger).lines().count(), 2);
    verify(&ledger);
}

fn check_failure(output: &Output, replace: &Path, expected: Expect) {
    let messages = String::from_utf8(output.stderr.clone()).unwrap().replace(text(replace), "[DIR]");
    expected.assert_eq(&format!("{messages}exit {}\n", output.status.code().unwrap()));
}

#[test]
fn where_there_is_no_ledger_it_is_said_how_to_make_one() {
    let folder = folder("none");
    check_failure(
        &run(&["claims", "--ledger", text(&folder)]),
        &folder,
        expect![[r#"
            error: ledger: [DIR]: there is no ledger here
              hint: hearsay add FILE… --ledger [DIR] makes one
            exit 3
        "#]],
    );
}

#[test]
fn a_second_writer_is_told_who_writes_and_changes_nothing() {
    let folder = folder("two_writers");
    said(&["add", "data/demo", "--ledger", text(&folder)]);
    let before = export(&folder);
    let writer = Writer::open(&folder, &Options::default()).unwrap();
    let output = run(&["add", "data/demo/hospital.txt", "--outlet", "KNA", "--ledger", text(&folder)]);
    let messages = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert!(
        messages.contains(&format!("another program is writing (process {} since", std::process::id())),
        "{messages}"
    );
    assert!(messages.contains("--wait 60"), "{messages}");
    assert_eq!(export(&folder), before);
    drop(writer);
    said(&["add", "data/demo/hospital.txt", "--outlet", "KNA", "--ledger", text(&folder), "--wait", "5"]);
    verify(&folder);
}

/// Numbers that look random and are the same in every run.
fn dice(seed: &mut u64, sides: u64) -> u64 {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*seed >> 33) % sides
}

fn number(name: &str, default: usize) -> usize {
    std::env::var(name).map_or(default, |n| n.parse().unwrap())
}

/// `HEARSAY_KILLS=200 HEARSAY_KILL_PAGES=2000 cargo test -p hearsay-cli --release --test ledger kill` is the long form.
#[test]
fn kill_9_at_any_moment_loses_nothing_that_was_acknowledged() {
    let folder = folder("kill");
    let (input, whole, ledger) = (folder.join("in"), folder.join("whole"), folder.join("killed"));
    fs::create_dir(&input).unwrap();
    reports(&input, number("HEARSAY_KILL_PAGES", 90));
    let begun = Instant::now();
    said(&["add", text(&input), "--ledger", text(&whole)]);
    let takes = begun.elapsed();
    let expected = export(&whole);

    let mut seed = 5;
    let mut n_acknowledged = 0;
    let (mut n_killed, mut n_runs) = (0, 0);
    let n_kills = number("HEARSAY_KILLS", 6);
    while n_killed < n_kills && n_runs < 3 * n_kills {
        n_runs += 1;
        if n_runs % 4 == 1 {
            let _ = fs::remove_dir_all(&ledger);
        }
        let mut child = hearsay(&["add", text(&input), "--ledger", text(&ledger), "--names"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let out = child.stdout.take().unwrap();
        let heard =
            std::thread::spawn(move || BufReader::new(out).lines().map_while(Result::ok).collect::<Vec<_>>());
        std::thread::sleep(takes.mul_f64(dice(&mut seed, 1000) as f64 / 1000.0));
        let killed = child.try_wait().unwrap().is_none();
        let _ = child.kill();
        child.wait().unwrap();
        n_killed += usize::from(killed);
        if !ledger.join("ledger.sqlite").exists() {
            continue;
        }
        let acknowledged: Vec<String> = heard
            .join()
            .unwrap()
            .iter()
            .filter_map(|line| Some(line.split_once('\t')?.0.to_owned()))
            .collect();
        n_acknowledged += acknowledged.len();
        // Killed before the very first commit, it is a file without tables.
        let keys = run(&["sql", "SELECT key FROM pages", "--limit", "1000000", "--ledger", text(&ledger)]);
        if !keys.status.success() {
            assert!(acknowledged.is_empty());
            continue;
        }
        verify(&ledger);
        let keys = String::from_utf8(keys.stdout).unwrap();
        let keys: std::collections::HashSet<&str> = keys.lines().collect();
        let missing: Vec<&String> = acknowledged.iter().filter(|key| !keys.contains(key.as_str())).collect();
        assert!(missing.is_empty(), "acknowledged and lost: {missing:?}");
        if n_killed % 4 == 0 {
            said(&["add", text(&input), "--ledger", text(&ledger)]);
            assert_eq!(export(&ledger), expected);
        }
    }
    said(&["add", text(&input), "--ledger", text(&ledger)]);
    assert!(export(&ledger) == expected, "a run to the end after kills gives another export");
    verify(&ledger);
    assert!(n_killed > 0 && n_acknowledged > 0, "{n_killed} kills, {n_acknowledged} acknowledged");
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_cleanly_and_the_same_command_goes_on() {
    let folder = folder("ctrl_c");
    let (input, whole, ledger) = (folder.join("in"), folder.join("whole"), folder.join("stopped"));
    fs::create_dir(&input).unwrap();
    reports(&input, 120);
    let child =
        hearsay(&["add", text(&input), "--ledger", text(&ledger)]).stderr(Stdio::piped()).spawn().unwrap();
    while !ledger.join("captures/00001.warc.gz").exists() {
        std::thread::sleep(Duration::from_millis(2));
    }
    let interrupt = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(interrupt.success());
    let output = child.wait_with_output().unwrap();
    let messages = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(130), "{messages}");
    assert!(messages.contains("stopped: run the same command again to go on"), "{messages}");
    verify(&ledger);
    said(&["add", text(&input), "--ledger", text(&ledger)]);
    said(&["add", text(&input), "--ledger", text(&whole)]);
    assert_eq!(export(&ledger), export(&whole));
}

#[test]
fn decisions_are_made_listed_and_told_apart() {
    let folder = folder("decide");
    let (file, ledger) = (folder.join("a.txt"), folder.join("ledger"));
    fs::write(&file, "Rebels shelled Orm on Tuesday, the army said. Two people were killed.").unwrap();
    said(&["add", text(&file), "--ledger", text(&ledger)]);
    let decide =
        |words: &[&str]| run(&[&["decide", "--ledger", text(&ledger), "--who", "Ana"][..], words].concat());
    assert!(decide(&["correct", "a:c1", "actor", "Orm front", "--why", "page 2"]).status.success());
    assert!(decide(&["grade", "--source", "The army", "--reliability", "d"]).status.success());
    assert!(decide(&["note", "--claim", "a:c1", "ask the hospital"]).status.success());
    check_failure(
        &decide(&["correct", "a:c1", "stance", "shrugs"]),
        &folder,
        expect![[r#"
            error: decision: stance: "shrugs" is no Stance
            exit 3
        "#]],
    );
    check_failure(
        &decide(&["reject", "a:c77"]),
        &folder,
        expect![[r#"
            error: a:c77: the report has no such claim
              hint: claims are named as `hearsay claims` lists them: REPORT:c3
            exit 3
        "#]],
    );
    let listed = said(&["decisions", "--csv", "--ledger", text(&ledger)]);
    let listed: Vec<Vec<&str>> = listed.lines().map(|line| line.split(',').skip(2).collect()).collect();
    expect![[r#"
        who,what,claims,why,undone,loose
        Ana,correct actor Orm front,a:c1,page 2,,no
        Ana,grade D source The army,,,,no
        Ana,note ask the hospital,a:c1,,,no"#]]
    .assert_eq(&listed.iter().map(|row| row.join(",")).collect::<Vec<_>>().join("\n"));
    assert_eq!(said(&["claims", "--actor", "front", "--count", "--ledger", text(&ledger)]), "1\n");
    let shown = said(&["show", "a:c1", "--ledger", text(&ledger)]);
    assert!(shown.contains("decision") && shown.contains("Orm front"), "{shown}");
    let diff = said(&["diff", "--from", "2020", "--ledger", text(&ledger)]);
    assert!(
        diff.contains("because the report came in") && diff.contains("because Ana decided (correct"),
        "{diff}"
    );
    verify(&ledger);
}

#[test]
fn a_ledger_that_was_tampered_with_says_where_and_a_backup_brings_it_back() {
    let folder = folder("tampered");
    let (ledger, backup, back) = (folder.join("ledger"), folder.join("backup"), folder.join("back"));
    said(&["add", "data/demo", "--ledger", text(&ledger)]);
    let head = folder.join("head.json");
    fs::write(&head, said(&["head", "--ledger", text(&ledger)])).unwrap();
    said(&["backup", text(&backup), "--ledger", text(&ledger)]);
    let mut warc = fs::read(ledger.join("captures/00001.warc.gz")).unwrap();
    let middle = warc.len() / 2;
    warc[middle] ^= 1;
    fs::write(ledger.join("captures/00001.warc.gz"), warc).unwrap();
    let output = run(&["verify", "--ledger", text(&ledger)]);
    let report = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(report.starts_with("altered: 00001.warc.gz at byte "), "{report}");
    said(&["restore", text(&backup), "--ledger", text(&back)]);
    said(&["verify", "--ledger", text(&back), "--head", text(&head)]);
    assert_eq!(export(&back), export(&backup));
    fs::write(backup.join("captures/00001.warc.gz"), "").unwrap();
    let output = run(&["restore", text(&backup), "--ledger", text(&folder.join("no"))]);
    assert_eq!(output.status.code(), Some(3));
    assert!(!folder.join("no").exists());
}

#[test]
fn a_capture_is_read_again_with_all_that_was_said_of_it() {
    let ledger = folder("reread");
    let at = ["--ledger", text(&ledger)];
    let file = "data/demo/hospital.txt";
    let read = said(&["read", "--jsonl", file, "--outlet", "KNA", "--published", "2024-05"]);
    let mut record: hearsay_doc::record::Record = serde_json::from_str(&read).unwrap();
    let n_claims = record.claims.len();
    assert!(n_claims > 0);
    // As an older reader left it, which found nothing.
    record.claims.clear();
    let given = hearsay_ledger::Given {
        outlet: Some("KNA".to_owned()),
        published: Some("2024-05".to_owned()),
        ..hearsay_ledger::Given::default()
    };
    let place = hearsay_ledger::Place {
        origin: file.to_owned(),
        name: "hospital".to_owned(),
        given: Some(given.clone()),
    };
    let bytes = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(file)).unwrap();
    let mut writer = Writer::open(&ledger, &Options::default()).unwrap();
    writer.take_in(&hearsay_ledger::member(&bytes, file, 0), &place).unwrap();
    writer.append(&hearsay_ledger::Prepared::new(record, 0, Some(given), "hearsay 0.0").unwrap()).unwrap();
    writer.commit().unwrap();
    drop(writer);
    let count = || said(&[&["claims", "--count"][..], &at].concat()).trim().parse::<usize>().unwrap();
    assert_eq!(count(), 0);

    said(&[&["reread"][..], &at].concat());
    assert_eq!(count(), n_claims);
    let pages = said(&[&["sql", "SELECT count(*), outlet, published FROM pages"][..], &at].concat());
    assert_eq!(pages, "count(*)\toutlet\tpublished\n1\tKNA\t2024-05\n");
    let head = said(&[&["head"][..], &at].concat());
    said(&[&["reread"][..], &at].concat());
    // The same said on the command line finds the same page.
    said(&[&["add", file, "--outlet", "KNA", "--published", "2024-05"][..], &at].concat());
    assert_eq!(said(&[&["head"][..], &at].concat()), head);
    verify(&ledger);
}

#[test]
fn an_incident_is_shown_as_a_card_of_the_width_asked_for_and_as_json() {
    let ledger = folder("show_incident").join("ledger");
    let world = ["data/worlds/varda/reports", "data/worlds/varda/telegram"];
    assert!(run(&[&["add", "--ledger", text(&ledger)], &world[..]].concat()).status.success());
    let table = run(&["incidents", "--ledger", text(&ledger), "--reports", "10"]);
    let table = String::from_utf8(table.stdout).unwrap();
    let id = table.lines().nth(1).expect("an incident").split(' ').next().unwrap();
    let shown = |more: &[&str]| {
        let output = run(&[&["show", id, "--ledger", text(&ledger)], more].concat());
        String::from_utf8(output.stdout).unwrap()
    };
    let card = shown(&["--width", "60", "--color", "never"]);
    let quotes = card.lines().skip_while(|line| *line != "Origins").take_while(|line| *line != "Reports");
    assert!(card.starts_with(id) && quotes.count() > 10, "{card}");
    let quotes = card.lines().skip_while(|line| *line != "Origins").take_while(|line| *line != "Reports");
    assert_eq!(quotes.filter(|line| line.chars().count() > 60).collect::<Vec<_>>(), [""; 0]);
    let json: serde_json::Value = serde_json::from_str(&shown(&["--json"])).unwrap();
    assert_eq!(json["id"], id);
}
