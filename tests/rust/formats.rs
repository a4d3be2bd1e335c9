//! Every report format of the tables proves itself by cases.

use std::collections::{BTreeMap, BTreeSet};

use komainu_tests::root;

/// So many cases must show a format, each in another file.
const LEAST: usize = 2;

#[test]
fn every_format_is_shown_by_cases() {
    let order = std::fs::read_to_string(root().join("core/rules/formats/order.toml")).unwrap();
    let order: toml::Table = order.parse().unwrap();
    let ids: Vec<&str> = order["order"].as_array().unwrap().iter().filter_map(|id| id.as_str()).collect();
    assert!(ids.len() > 80, "only {} formats in order.toml", ids.len());
    let mut shown: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut files = 0;
    for kind in std::fs::read_dir(root().join("tests/cases")).unwrap() {
        let Ok(folder) = std::fs::read_dir(kind.unwrap().path()) else { continue };
        for file in folder.map(|file| file.unwrap().path()) {
            if file.extension().is_none_or(|extension| extension != "eml") {
                continue;
            }
            files += 1;
            for record in komainu::parse(&std::fs::read(&file).unwrap()).records {
                shown.entry(record.format).or_default().insert(file.display().to_string());
            }
        }
    }
    assert!(files > 0, "no cases found");
    let bare: Vec<_> = ids.iter().filter(|id| shown.get(**id).map_or(0, BTreeSet::len) < LEAST).collect();
    assert!(bare.is_empty(), "fewer than {LEAST} cases under tests/cases: {bare:?}");
}
