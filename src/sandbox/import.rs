//! Zones from master files: a zone is made, or replaced as a whole, out of BIND text and a list of name servers.

use super::call::{Answer, Call, Failure, Reply};
use super::desk::Desk;
use super::dialect::ImportDnssec;
use super::rdata::{self, Rdata, Undotted};
use super::state::{Maker, Zone};
use super::zone::{self, Draft};

/// `POST /api/Zone/Import`
pub(super) fn create(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let (name, text, name_servers) = read(call)?;
    let domain = zone::domain_of_new(desk, call, &name)?;
    let mut zone = zone::new_zone(&domain, desk.state.next_number(), desk.now);
    let drafts = take(&mut zone, &text, &name_servers)?;
    zone::touch(desk, &mut zone);
    zone::fill(desk, &zone, drafts);
    Ok(Answer::Object(zone::json(&zone, desk.dialect)))
}

/// `PUT /api/Zone/Import/{zone_handle}`
pub(super) fn replace(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let (name, text, name_servers) = read(call)?;
    let mut zone = zone::writable(desk, call)?;
    if !name.trim_end_matches('.').eq_ignore_ascii_case(&zone.name) {
        return Err(Failure::code(
            552,
            "The object name and the handle do not match",
        ));
    }
    let drafts = take(&mut zone, &text, &name_servers)?;
    if desk.dialect.import_dnssec == ImportDnssec::Dropped {
        (zone.secure, zone.signed) = (false, None);
    }
    zone::touch(desk, &mut zone);
    zone::fill(desk, &zone, drafts);
    Ok(Answer::Object(zone::json(&zone, desk.dialect)))
}

fn read(call: &Call) -> Result<(String, String, Vec<String>), Failure> {
    let fields = call.fields()?;
    let name = fields.required("Name", (1, 255))?;
    let text = fields.required("BindData", (1, usize::MAX))?;
    let listed = fields.get("NsList").and_then(|list| list.as_array());
    let listed = listed.ok_or_else(|| Failure::model("NsList", "The NsList field is required."))?;
    let names = listed
        .iter()
        .map(|name| rdata::absolute(name.as_str()?, Undotted::Complete))
        .collect::<Option<Vec<_>>>();
    let names = names.filter(|names| names.len() >= 2);
    let names =
        names.ok_or_else(|| Failure::model("NsList", "At least two name servers are expected."))?;
    Ok((name, text, names))
}

/// Takes a master file into a zone; its SOA sets the fields of the zone, its first `$TTL` the time-to-live.
fn take(zone: &mut Zone, text: &str, name_servers: &[String]) -> Result<Vec<Draft>, Failure> {
    let file = parse(text, &zone.name).map_err(|line| {
        Failure::code(
            530,
            &format!("Invalid attribute value: BindData, line {line}"),
        )
    })?;
    if let Some(ttl) = file.ttl {
        zone.ttl = ttl;
    }
    zone.primary = name_servers[0].trim_end_matches('.').to_owned();
    if let Some(soa) = &file.soa {
        set_soa(zone, soa).ok_or_else(|| Failure::code(718, "Invalid SOA record"))?;
    }
    let mut drafts = zone::provider_records(zone, name_servers);
    let own = file.records.into_iter().filter(|(host, rtype, data)| {
        !(host == "@" && rtype == "NS" && name_servers.contains(data))
    });
    drafts.extend(own.map(|(host, rtype, data)| (host, rtype, data, Maker::Client)));
    Ok(drafts)
}

fn set_soa(zone: &mut Zone, words: &[String]) -> Option<()> {
    let [primary, person, _serial, refresh, retry, expire, minimum] = words else {
        return None;
    };
    let number = |text: &String, least: u32, most: u32| {
        seconds(text).filter(|value| (least..=most).contains(value))
    };
    zone.primary = primary.trim_end_matches('.').to_ascii_lowercase();
    zone.person = person.trim_end_matches('.').replacen('.', "@", 1);
    zone.refresh = number(refresh, 1_200, 43_200)?;
    zone.retry = number(retry, 180, 900)?;
    zone.expire = number(expire, 1_209_600, 2_419_200)?;
    zone.minimum = number(minimum, 3_600, 86_400)?;
    Some(())
}

/// What a master file holds: host, type and data of its records, and the rest.
#[derive(Debug, Default)]
struct MasterFile {
    ttl: Option<u32>,
    soa: Option<Vec<String>>,
    records: Vec<(String, String, String)>,
}

/// Reads a master file (RFC 1035, section 5); the error is the number of the line.
fn parse(text: &str, zone: &str) -> Result<MasterFile, usize> {
    let mut file = MasterFile::default();
    let mut origin = zone.to_owned();
    let mut owner: Option<String> = None;
    for (number, entry) in entries(text)? {
        let blank_owner = entry.starts_with([' ', '\t']);
        let words = rdata::words(&entry).ok_or(number)?;
        let mut raws: Vec<&str> = words.iter().map(|word| word.raw.as_str()).collect();
        match raws.as_slice() {
            [] => continue,
            ["$TTL", ttl, ..] => {
                file.ttl = Some(seconds(ttl).ok_or(number)?);
                continue;
            }
            ["$ORIGIN", name, ..] => {
                let name = rdata::absolute(name, Undotted::Below(&origin)).ok_or(number)?;
                origin = name.trim_end_matches('.').to_owned();
                continue;
            }
            [directive, ..] if directive.starts_with('$') => return Err(number),
            [_, ..] => {}
        }
        if !blank_owner {
            owner = Some(rdata::absolute(raws.remove(0), Undotted::Below(&origin)).ok_or(number)?);
        }
        let owner = owner.as_deref().ok_or(number)?;
        let host = host(owner, zone).ok_or(number)?;
        let skipped = raws
            .iter()
            .take_while(|word| word.eq_ignore_ascii_case("IN") || seconds(word).is_some())
            .count();
        let rtype = raws.get(skipped).ok_or(number)?.to_ascii_uppercase();
        let from = words.len() - raws.len() + skipped + 1;
        let data = words[from..].iter().map(|word| {
            if word.quoted {
                rdata::quoted(&word.bytes)
            } else {
                word.raw.clone()
            }
        });
        let data: Vec<String> = data.collect();
        if rtype == "SOA" {
            file.soa = Some(data);
            continue;
        }
        let read = Rdata::parse(&rtype, &data.join(" "), Undotted::Below(&origin)).ok_or(number)?;
        file.records.push((host, rtype, read.text()));
    }
    Ok(file)
}

fn host(owner: &str, zone: &str) -> Option<String> {
    let owner = owner.trim_end_matches('.');
    if owner == zone {
        return Some("@".to_owned());
    }
    owner
        .strip_suffix(zone)?
        .strip_suffix('.')
        .map(str::to_owned)
}

/// Splits a master file into entries without comments, brackets resolved, each with the number of its first line.
fn entries(text: &str) -> Result<Vec<(usize, String)>, usize> {
    let mut found = Vec::new();
    let mut entry = String::new();
    let (mut start, mut depth) = (1, 0_usize);
    for (number, line) in (1..).zip(text.lines()) {
        let (mut quoted, mut escaped) = (false, false);
        for letter in line.chars() {
            match letter {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => quoted = !quoted,
                _ if quoted => {}
                ';' => break,
                '(' => {
                    depth += 1;
                    entry.push(' ');
                    continue;
                }
                ')' => {
                    depth = depth.checked_sub(1).ok_or(number)?;
                    entry.push(' ');
                    continue;
                }
                _ => {}
            }
            entry.push(letter);
        }
        if depth == 0 {
            if !entry.trim().is_empty() {
                found.push((start, std::mem::take(&mut entry)));
            }
            entry.clear();
            start = number + 1;
        } else {
            entry.push(' ');
        }
    }
    if depth == 0 { Ok(found) } else { Err(start) }
}

/// Reads seconds, also as `1h30m`.
fn seconds(text: &str) -> Option<u32> {
    if text.is_empty() || !text.starts_with(|letter: char| letter.is_ascii_digit()) {
        return None;
    }
    let (mut total, mut number, mut open) = (0_u32, 0_u32, false);
    for letter in text.chars() {
        if let Some(digit) = letter.to_digit(10) {
            number = number.checked_mul(10)?.checked_add(digit)?;
            open = true;
            continue;
        }
        let unit = match letter.to_ascii_lowercase() {
            's' => 1,
            'm' => 60,
            'h' => 3_600,
            'd' => 86_400,
            'w' => 604_800,
            _ => return None,
        };
        total = total.checked_add(number.checked_mul(unit)?)?;
        (number, open) = (0, false);
    }
    if open {
        total.checked_add(number)
    } else {
        Some(total)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_master_file_with_all_its_forms_is_read() {
        let text = "$ORIGIN example.com.\n$TTL 10h\n@ IN SOA ns1.example.net. hostmaster.example.com. (\n  1 ; serial\n  10800 600 2w 1h )\n\
            @ 300 IN NS ns1.example.net.\n\tIN NS ns2.example.net. ; second\nwww IN CNAME @\nmail 1h A 192.0.2.25\n\
            @ MX 10 mail\n@ TXT \"a;b\" \"c\\\"\"\n$ORIGIN sub.example.com.\nhost AAAA 2001:DB8::1\nx TYPE300 \\# 1 00\n";
        let file = parse(text, "example.com").unwrap();
        assert_eq!(file.ttl, Some(36_000));
        assert_eq!(file.soa.unwrap()[3..], ["10800", "600", "2w", "1h"]);
        let lines: Vec<String> = file
            .records
            .iter()
            .map(|(host, rtype, data)| format!("{host} {rtype} {data}"))
            .collect();
        assert_eq!(
            lines,
            [
                "@ NS ns1.example.net.",
                "@ NS ns2.example.net.",
                "www CNAME example.com.",
                "mail A 192.0.2.25",
                "@ MX 10 mail.example.com.",
                "@ TXT \"a;bc\\\"\"",
                "host.sub AAAA 2001:db8::1",
                "x.sub TYPE300 \\# 1 00",
            ]
        );
        assert_eq!(parse("@ A 192.0.2\n", "example.com").unwrap_err(), 1);
        assert_eq!(parse("\n@ MX (\n10", "example.com").unwrap_err(), 2);
        assert_eq!(
            parse("other.org. A 192.0.2.1\n", "example.com").unwrap_err(),
            1
        );
    }
}
