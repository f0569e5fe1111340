//! Export: the live zone as a master file that name servers load, and whose plan is empty.

use super::reading::{Memory, changes, head, load, see, see_domain, see_record, see_zone};
use crate::dns::laws::{canonical, dotted, zone};
use bailiwick::config::write::{AccountsInFile, LeftOut, master_file};
use bailiwick::model::dns::Host;
use bailiwick::model::dns::name::HostForm;
use bailiwick::model::{Address, Attrs, Desired, Live, Value};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;

fn domain() -> Arc<str> {
    Arc::from("example.com")
}

/// What a file says that names an exported master file.
fn as_file(text: &str) -> Desired {
    let toml = format!(
        "{}[domain.\"example.com\"]\nregistrar = \"external\"\n\
         [domain.\"example.com\".zone]\nfile = \"z.zone\"\n",
        head(AccountsInFile::One)
    );
    load(Memory(BTreeMap::from([
        (PathBuf::from("/c/bailiwick.toml"), toml),
        (PathBuf::from("/c/z.zone"), text.to_owned()),
    ])))
}

/// Whether name servers load it; told as skipped where the tool is not installed.
pub(super) fn checked(zone: &str, text: &str) -> Result<(), String> {
    let started = Command::new("named-checkzone")
        .args(["-i", "local", zone, "/dev/stdin"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = match started {
        Ok(child) => child,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            // Not `eprintln!`, which is captured: somebody should see it.
            let skipped =
                b"SKIPPED: named-checkzone is not installed (apt-get install bind9-utils)\n";
            return std::io::stderr()
                .write_all(skipped)
                .map_err(|error| error.to_string());
        }
        Err(error) => return Err(error.to_string()),
    };
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(text.as_bytes()).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    Err(format!("{said}\n{text}"))
}

fn zone_with(records: &[(&str, &str, &str)]) -> (Live, Address) {
    let mut live = Live::default();
    let zone = see_zone(&mut live, "main", &domain());
    for record in records {
        see_record(&mut live, &zone, *record);
    }
    (live, zone)
}

#[test]
fn a_zone_is_written_with_its_soa_and_its_name_servers() {
    let long = "x".repeat(300);
    let (mut live, zone) = zone_with(&[
        ("@", "NS", "dns2.namebay.com."),
        ("@", "NS", "dns1.namebay.com."),
        ("@", "SOA", "as it came"),
        ("@", "TXT", "v=spf1 mx -all"),
        ("@", "TXT", "say \"a\\b;c\"\n"),
        ("@", "MX", "10 mail.example.com."),
        ("@", "CAA", "0 issue \"letsencrypt.org\""),
        ("*.dev", "A", "192.0.2.1"),
        ("long", "TXT", &long),
        ("mail", "AAAA", "2001:db8::1"),
        ("mail", "A", "192.0.2.2"),
        ("mail", "A", "192.0.2.2"),
        ("www", "CNAME", "example.com."),
        ("zz", "TYPE65280", "\\# 2 abcd"),
    ]);
    let mut seen = live.objects.remove(&zone).unwrap();
    seen.outputs = Attrs::new(vec![
        ("soa_primary", Value::text("dns1.namebay.com")),
        ("soa_mailbox", Value::text("host.master@namebay.com")),
        ("soa_serial", Value::text("Apr 16 2025 11:37AM")),
        ("soa_retry", Value::int(900)),
    ]);
    live.objects.insert(zone.clone(), seen);
    see(
        &mut live,
        zone.clone(),
        "ttl",
        Attrs::one("ttl", Value::int(600)),
    );
    let written = master_file(&live, &zone).unwrap();
    assert_eq!(written.left_out, []);
    let (first, rest) = ("x".repeat(255), "x".repeat(45));
    let expected = format!(
        "$ORIGIN example.com.
$TTL 600
@\tIN\tSOA\tdns1.namebay.com. host\\.master.namebay.com. 1744803420 10800 900 1209600 3600
@\tIN\tNS\tdns1.namebay.com.
@\tIN\tNS\tdns2.namebay.com.
@\tIN\tCAA\t0 issue \"letsencrypt.org\"
@\tIN\tMX\t10 mail.example.com.
@\tIN\tTXT\t\"say \\\"a\\\\b;c\\\"\\010\"
@\tIN\tTXT\t\"v=spf1 mx -all\"
*.dev\tIN\tA\t192.0.2.1
long\tIN\tTXT\t( \"{first}\"
\t\"{rest}\" )
mail\tIN\tA\t192.0.2.2
mail\tIN\tAAAA\t2001:db8::1
www\tIN\tCNAME\texample.com.
zz\tIN\tTYPE65280\t\\# 2 abcd
"
    );
    assert_eq!(written.text, expected);
    assert_eq!(checked("example.com", &written.text), Ok(()));
    assert_eq!(changes(as_file(&written.text), &live), Vec::<String>::new());
}

#[test]
fn what_no_name_server_loads_is_a_comment() {
    let (mut live, zone) = zone_with(&[
        ("@", "CNAME", "example.net."),
        ("a", "A", "192.0.2.1\nb IN A 192.0.2.2"),
        ("b", "ALIAS", "example.net."),
        ("c", "CNAME", "example.net."),
        ("c", "TXT", "beside"),
    ]);
    let address = see_domain(&mut live, "main", &domain());
    let servers = Value::list(&["dns1.namebay.com"]);
    let servers = Attrs::one("name_servers", servers);
    see(&mut live, address, "delegation", servers);
    let written = master_file(&live, &zone).unwrap();
    let expected = "$ORIGIN example.com.
$TTL 3600
@\tIN\tSOA\tdns1.namebay.com. hostmaster.example.com. 1 10800 600 1209600 3600
@\tIN\tNS\tdns1.namebay.com.
; not of the DNS: b\tIN\tALIAS\texample.net.
c\tIN\tTXT\t\"beside\"
; left out: @ CNAME \"example.net.\" (a CNAME stands at the apex, beside the SOA and NS that every zone has there)
; left out: a A \"192.0.2.1\\nb IN A 192.0.2.2\" (A data has 1 field, and more is written)
; left out: c CNAME \"example.net.\" (`c` has a CNAME beside TXT; a host with a CNAME has nothing else)
";
    assert_eq!(written.text, expected);
    let left: Vec<String> = written
        .left_out
        .into_iter()
        .map(|LeftOut { what, .. }| what)
        .collect();
    assert_eq!(left.len(), 4, "{left:?}");
    assert_eq!(checked("example.com", &written.text), Ok(()));
    let nowhere = Address {
        domain: Arc::from("example.net"),
        ..zone
    };
    assert_eq!(master_file(&live, &nowhere), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn an_exported_zone_is_loaded_and_wants_no_change(
        records in prop::collection::vec((dotted(), canonical()), 0..12),
    ) {
        let mut live = Live::default();
        let address = see_zone(&mut live, "main", &domain());
        see_record(&mut live, &address, ("@", "NS", "ns1.example.net."));
        for (at, (host, (rtype, data))) in records.iter().enumerate() {
            // A host of its own for each, so that they do not get in each other's way.
            let host = format!("h{at}.{host}");
            let Ok(host) = Host::from_server(&zone(), &host, HostForm::Relative) else {
                continue;
            };
            // BIND reads the expression of a NAPTR, and a random one is none.
            if !matches!(rtype.as_str(), "ALIAS" | "NAPTR") {
                see_record(&mut live, &address, (host.as_str(), rtype.as_str(), data));
            }
        }
        let written = master_file(&live, &address).unwrap();
        prop_assert_eq!(&written.left_out, &[]);
        prop_assert_eq!(changes(as_file(&written.text), &live), Vec::<String>::new());
        prop_assert_eq!(checked("example.com", &written.text), Ok(()));
    }
}
