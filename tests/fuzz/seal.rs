//! Digests and sums put right, so that what was mutated gets past them and meets the readers behind.
//!
//! Written from the formats and not with the code that checks them.

use sha2::{Digest, Sha256};

const NO_DIGEST: &str = "sha256:0000000000000000000000000000000000000000000000000000000000000000";

/// The first line is what a ledger's document says; its digest is made to fit.
pub(crate) fn document(text: &str) -> String {
    const BEFORE: &str = "\"digest\":\"";
    let Some(at) = text.find(BEFORE).map(|at| at + BEFORE.len()) else {
        return text.to_owned();
    };
    let end = text[at..].find('"').map_or(text.len(), |end| at + end);
    let zeroed = format!(
        "{}{NO_DIGEST}{}\n",
        &text[..at],
        text[end..].trim_end_matches('\n')
    );
    zeroed.replacen(NO_DIGEST, &format!("sha256:{}", hex(zeroed.as_bytes())), 1)
}

/// Each line is the content of one of a segment's lines; the sums are added, and how many there are is said.
pub(crate) fn segment(text: &str) -> String {
    let records = text.lines().count().saturating_sub(1);
    let (mut sum, mut out) = (String::new(), String::new());
    for line in text.lines() {
        let line = line.replace("\"records\":0", &format!("\"records\":{records}"));
        sum = hex(format!("{sum}{line}").as_bytes())[..16].to_owned();
        out += &format!("{{\"sum\":\"{sum}\",\"line\":{line}}}\n");
    }
    out
}

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
