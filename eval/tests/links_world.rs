//! The invented war, read and linked from its pages and posts: no figure may fall under what was promised.
#![cfg(feature = "reader")]

use std::path::Path;

#[test]
fn the_invented_war_is_linked_as_promised() {
    let world = Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/worlds/varda");
    let words = ["links".to_owned(), world.to_string_lossy().into_owned(), "--errors".to_owned()];
    let report = hearsay_eval::run(&words).unwrap();
    let figure =
        |name: &str| report.figures.iter().find(|(known, _)| known == name).map_or(0.0, |(_, value)| *value);
    let floors = [
        ("copies", 92.0),
        ("direction", 90.0),
        ("pairs", 86.0),
        ("found", 87.0),
        ("origins", 75.0),
        ("status", 75.0),
        ("toll", 80.0),
    ];
    for (name, floor) in floors {
        assert!(figure(name) >= floor, "{name} {} < {floor}\n{}", figure(name), report.text);
    }
    assert_eq!((figure("merges"), figure("over")), (0.0, 0.0), "{}", report.text);
}
