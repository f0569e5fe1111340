//! The master-file reader: it ends, and what it accepts is written and read again without loss.

use std::collections::BTreeSet;
use std::sync::Arc;

use bailiwick::model::dns::Apex;
use bailiwick::model::dns::masterfile::{self, Included, Line, MasterFile, Record, Soa, Zone};

use super::{came_to, shape};

/// `\n=== …\n` begins what `$INCLUDE` gets, whatever it asks for.
const NEXT: &str = "\n=== ";

/// Reads a master file.
pub(super) fn run(input: &[u8]) -> u64 {
    let text = String::from_utf8_lossy(input);
    let (text, included) = text
        .split_once(NEXT)
        .unwrap_or((&text, "more IN A 192.0.2.9\n"));
    let apex = apex();
    let read = read(&apex, text, included);
    let types: BTreeSet<String> = all(&read)
        .map(|record| format!("{:?}", record.rtype))
        .collect();
    let told: BTreeSet<String> = read
        .errors
        .iter()
        .map(|told| shape(&told.error.to_string()))
        .collect();
    if read.errors.is_empty() {
        survives(&apex, &read);
    }
    came_to((types, told, read.soa.is_some(), read.ttl.is_some()))
}

fn read(apex: &Apex, text: &str, included: &str) -> MasterFile {
    let file: Arc<str> = "x.zone".into();
    masterfile::read(apex, &file, text, &mut |include| {
        Ok(Included {
            file: include.path.into(),
            text: included.into(),
        })
    })
}

fn survives(apex: &Apex, read: &MasterFile) {
    let soa = read.soa.clone().unwrap_or(Soa {
        primary: "ns.example.net.".into(),
        mailbox: "x.example.net.".into(),
        serial: 1,
        refresh: 1,
        retry: 1,
        expire: 1,
        minimum: 1,
    });
    let records: Vec<(String, String, &str)> = all(read)
        .map(|record| {
            (
                record.host.to_string(),
                record.rtype.to_string(),
                &*record.data,
            )
        })
        .collect();
    let lines: Vec<Line<'_>> = records
        .iter()
        .map(|(host, rtype, data)| Line {
            host,
            rtype,
            data,
            ttl: None,
        })
        .collect();
    let written = masterfile::write(&Zone {
        apex,
        soa: &soa,
        ttl: 60,
        records: &lines,
    });
    let again = self::read(apex, &written.text, "");
    assert!(
        again.errors.is_empty(),
        "{:?}\n{}",
        again.errors,
        written.text
    );
    let kept = |file: &MasterFile| -> BTreeSet<_> {
        all(file)
            .map(|record| {
                (
                    record.host.to_string(),
                    record.rtype.to_string(),
                    record.data.clone(),
                )
            })
            .collect()
    };
    let mut before = kept(read);
    for index in &written.left_out {
        let (host, rtype, data) = &records[*index];
        before.remove(&(host.clone(), rtype.clone(), (*data).into()));
    }
    assert_eq!(before, kept(&again), "{}", written.text);
    assert_eq!(again.soa, Some(soa));
}

fn all(file: &MasterFile) -> impl Iterator<Item = &Record> {
    file.records.iter().chain(&file.apex_ns)
}

fn apex() -> Apex {
    Apex::parse("example.com").expect("a name")
}
