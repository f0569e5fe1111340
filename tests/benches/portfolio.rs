//! A portfolio of a given size, written down twice: as the file that wants it, and as what the API answers.
//!
//! Each zone has the mix of a usual one: mostly addresses, some names, texts, mail and services. The answers stand in
//! files, one per call, so that no process holds those that it has not asked for.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// A portfolio's size and shape.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    /// How many zones.
    pub(crate) zones: usize,
    /// How many records in each.
    pub(crate) records: usize,
    /// Whether each zone has a file of its own.
    pub(crate) split: bool,
}

/// What the API answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// Zones without records.
    Empty,
    /// What the file wants.
    Equal,
    /// The same, but for one record in a hundred.
    Changed,
}

impl State {
    /// The name of the folder of its answers.
    pub(crate) fn word(self) -> &'static str {
        match self {
            State::Empty => "empty",
            State::Equal => "equal",
            State::Changed => "changed",
        }
    }
}

/// The first file of a portfolio.
pub(crate) fn first_file(folder: &Path) -> PathBuf {
    folder.join("bailiwick.toml")
}

/// Where the answers are.
pub(crate) fn answers(folder: &Path, state: &str) -> PathBuf {
    folder.join(state)
}

/// The file of one answer: the path of a call without its query.
pub(crate) fn answer(answers: &Path, path: &str) -> PathBuf {
    answers.join(path.trim_start_matches('/').replace('/', "_"))
}

/// Writes the file, or the files.
pub(crate) fn write_files(folder: &Path, size: Size, addresses: (&str, &str)) {
    let (api, auth) = addresses;
    let mut first = format!(
        "[bailiwick]\ninclude = [\"zones/*.toml\"]\n\n[account.main]\nprovider = \"namebay\"\nuser = \"AA111111\"\n\
         username = \"bench\"\npassword = {{ env = \"NAMEBAY_PASSWORD\" }}\nbase_url = \"{api}\"\nauth_url = \"{auth}\"\n\n"
    );
    fs::create_dir_all(folder.join("zones")).expect("the folder of the zones");
    for zone in 0..size.zones {
        let block = block(zone, size.records);
        if size.split {
            let path = folder.join("zones").join(format!("{zone:04}.toml"));
            write(&path, &block);
        } else {
            first.push_str(&block);
        }
    }
    write(&first_file(folder), &first);
}

/// Writes what is answered.
pub(crate) fn write_answers(folder: &Path, size: Size, state: State) {
    let answers = answers(folder, state.word());
    fs::create_dir_all(&answers).expect("the folder of the answers");
    let zones: Vec<String> = (0..size.zones)
        .map(|zone| {
            let (handle, name) = (handle(zone), name(zone));
            format!(
                r#"{{"Handle":"{handle}","Name":"{name}","SoaSerial":"2026010100","Ttl":3600}}"#
            )
        })
        .collect();
    write(
        &answer(&answers, "/api/Zone"),
        &format!("[{}]", zones.join(",")),
    );
    write(
        &answer(&answers, "/token"),
        r#"{"access_token":"t","token_type":"bearer","expires_in":1209600}"#,
    );
    for zone in 0..size.zones {
        let path = format!("/api/Zone/{}/Record", handle(zone));
        write(
            &answer(&answers, &path),
            &records(zone, size.records, state),
        );
    }
}

fn name(zone: usize) -> String {
    format!("zone{zone:04}.example")
}

fn handle(zone: usize) -> String {
    format!("DO{:06}", 100_000 + zone)
}

/// Host, type, number and data: those of the file, which are those of the answer but for their form.
struct Row {
    host: String,
    rtype: &'static str,
    priority: Option<usize>,
    data: String,
}

fn row(at: usize) -> Row {
    let of = |rtype, data: String| Row {
        host: format!("host-{at}"),
        rtype,
        priority: None,
        data,
    };
    let (high, low) = (at / 250 % 250, at % 250 + 1);
    match at % 10 {
        0..=3 => of("A", format!("198.18.{high}.{low}")),
        4 | 5 => of("AAAA", format!("2001:db8::{high:x}:{low:x}")),
        6 => of("CNAME", format!("www.target-{at}.example.net.")),
        7 => of(
            "TXT",
            format!(
                "k=rsa; note=\u{201c}the text of record {at}\u{201d}; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQ"
            ),
        ),
        8 => Row {
            priority: Some(10),
            ..of("MX", format!("mx-{at}.example.net."))
        },
        _ => of("TXT", format!("site-verification={at:032x}")),
    }
}

fn block(zone: usize, records: usize) -> String {
    let mut text = format!(
        "[domain.\"{}\"]\nregistrar = \"external\"\n[domain.\"{0}\".zone]\nttl = 3600\nrecords = [\n",
        name(zone)
    );
    for at in 0..records {
        let Row {
            host,
            rtype,
            priority,
            data,
        } = row(at);
        let _ = write!(text, "  {{ host = \"{host}\", type = \"{rtype}\", ");
        if let Some(priority) = priority {
            let _ = write!(text, "priority = {priority}, ");
        }
        let _ = writeln!(text, "data = \"{data}\" }},");
    }
    text.push_str("]\n\n");
    text
}

fn records(zone: usize, records: usize, state: State) -> String {
    let records = match state {
        State::Empty => 0,
        State::Equal | State::Changed => records,
    };
    let each = |at: usize| {
        let Row {
            host,
            rtype,
            priority,
            mut data,
        } = row(at);
        if state == State::Changed && at % 100 == 9 {
            data.push_str("-old");
        }
        let weight = priority.map_or_else(|| "null".to_owned(), |number| number.to_string());
        format!(
            r#"{{"Id":{},"ZoneId":{},"Host":"{host}","Data":"{data}","Type":"{rtype}","Weight":{weight},"DateCreated":"2025-04-16T11:02:27.03","NaptrPreference":null,"NaptrFlag":null,"NaptrRegExp":null}}"#,
            zone * records + at + 1,
            zone + 1
        )
    };
    let rows: Vec<String> = (0..records).map(each).collect();
    format!("[{}]", rows.join(","))
}

#[expect(
    clippy::disallowed_methods,
    reason = "a bench's own file needs no care"
)]
fn write(path: &Path, text: &str) {
    fs::write(path, text).expect("the file can be written");
}
