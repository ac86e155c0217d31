//! Names of news agencies and outlets, and whether two names are one outlet's.
//!
//! Start at [`known`]. The table is `outlets.tsv`; names are compared without case, marks and a leading article.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Key of a name or an alias, to the number of its row.
static TABLE: LazyLock<HashMap<String, u16>> = LazyLock::new(|| {
    let mut table = HashMap::new();
    for (row, line) in include_str!("outlets.tsv").lines().filter(|l| !l.starts_with('#')).enumerate() {
        let mut columns = line.split('\t').skip(1);
        let name = columns.next().unwrap_or("");
        let aliases = columns.next().unwrap_or("-").split('|').filter(|alias| *alias != "-");
        for alias in [name].into_iter().chain(aliases) {
            table.entry(key(alias)).or_insert(row as u16);
        }
    }
    table
});

/// Words that are in many outlets' names and in no person's.
pub(crate) const PRESS: [&str; 14] = [
    "Agence", "Agency", "Daily", "Herald", "Journal", "Media", "News", "Post", "Press", "Radio", "Service",
    "TV", "Times", "Wire",
];

/// Letters and digits in lower case, without a leading "the".
fn key(name: &str) -> String {
    let key: String = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    match name.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("the ")) {
        true => key[3..].to_owned(),
        false => key,
    }
}

/// Is it an agency or outlet of the table?
pub(crate) fn known(name: &str) -> bool {
    TABLE.contains_key(&key(name))
}

/// Do both name the same outlet: by the same words, by the table, or one by the other's initials ("MNA", Mehr News Agency)?
pub(crate) fn same(a: &str, b: &str) -> bool {
    let (key_a, key_b) = (key(a), key(b));
    if key_a.is_empty() || key_b.is_empty() {
        return false;
    }
    key_a == key_b
        || matches!((TABLE.get(&key_a), TABLE.get(&key_b)), (Some(a), Some(b)) if a == b)
        || a == initials(b)
        || b == initials(a)
}

/// The first letters of the capitalised words, where there are at least two.
fn initials(name: &str) -> String {
    let words = name.split([' ', '-']).filter(|word| *word != "The");
    let letters: String = words.filter_map(|w| w.chars().next()).filter(|c| c.is_uppercase()).collect();
    if letters.chars().count() < 2 { String::new() } else { letters }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_outlet_by_several_names() {
        for (a, b) in
            [("MNA", "Mehr News Agency"), ("AP", "The Associated Press"), ("The Vel Post", "Vel Post")]
        {
            assert!(same(a, b), "{a} {b}");
        }
        assert!(!same("Press TV", "Mehr News Agency") && !same("", "Vel") && !same("V", "Vel"));
    }

    #[test]
    fn every_row_of_the_table_has_three_columns_and_no_alias_is_empty() {
        for line in include_str!("outlets.tsv").lines().filter(|l| !l.starts_with('#')) {
            let columns: Vec<&str> = line.split('\t').collect();
            assert!(columns.len() == 3 && ["agency", "outlet"].contains(&columns[0]), "{line}");
            assert!(columns[1..].iter().all(|c| c.split('|').all(|alias| !alias.is_empty())), "{line}");
        }
        assert!(known("AFP") && known("Agence France-Presse") && known("press tv") && !known("Vel"));
    }
}
