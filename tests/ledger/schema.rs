//! The document's JSON Schema says what is written.

use super::any::records;
use super::{account, begin, holder, key, opening};
use bailiwick::ledger::{FORMAT, Memory, Record, Recorder, Store, lock};
use proptest::prelude::*;
use serde_json::{Value, json};

fn schema() -> jsonschema::Validator {
    let text = include_str!("../../schema/ledger.schema.json");
    let schema: Value = serde_json::from_str(text).unwrap();
    jsonschema::validator_for(&schema).unwrap()
}

/// The document after a run with these records.
fn document(records: &[Record]) -> Value {
    let (account, key, store) = (account(), key(), Memory::new());
    let locked = lock(Box::new(store.clone()), &opening(&account, &key), &holder()).unwrap();
    let mut recorder = Recorder::begin(locked, begin()).unwrap();
    recorder.append(records).unwrap();
    recorder.finish().unwrap();
    serde_json::from_slice(&store.document().unwrap().unwrap()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn every_document_fits_its_schema(records in records()) {
        let document = document(&records);
        let wrong: Vec<String> = schema().iter_errors(&document).map(|e| e.to_string()).collect();
        prop_assert!(wrong.is_empty(), "{wrong:?}\n{document:#}");
    }
}

#[test]
fn the_schema_is_closed() {
    let whole = document(&[]);
    assert!(schema().is_valid(&whole));
    assert_eq!(whole["format"], FORMAT);
    for member in whole.as_object().unwrap().keys() {
        let mut cut = whole.clone();
        cut.as_object_mut().unwrap().remove(member);
        assert!(!schema().is_valid(&cut), "without {member}");
    }
    for (member, value) in [
        ("more", json!(1)),
        ("format", json!("bailiwick/ledger/2")),
        (
            "entries",
            json!([{ "address": "planet.mars", "parts": [] }]),
        ),
        (
            "entries",
            json!([{ "address": "zone.a.example", "parts": [], "password": "x" }]),
        ),
        (
            "pending",
            json!([{ "step": 0, "since": "2026-01-01T00:00:00Z", "write": { "address": "zone.a.example", "part": "", "action": "create" } }]),
        ),
    ] {
        let mut changed = whole.clone();
        changed[member] = value;
        assert!(!schema().is_valid(&changed), "{member}");
    }
}
