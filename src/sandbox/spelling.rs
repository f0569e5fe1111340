//! Records between the neutral form and the API: how requests may spell them and how answers do.

use serde_json::{Value, json};

use super::call::{Failure, Fields, object};
use super::dialect::{
    Apex, Caa, Dialect, Hex, Hosts, Input, Ipv6, Mx, Naptr as NaptrForm, Srv, TargetInput, Targets,
    Txt, Types, Unset, Validation,
};
use super::rdata::{self, Naptr, Rdata, Undotted};
use super::state::{Record, Zone};

/// The writable members of a record, as the API has them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Spelt {
    pub(super) host: String,
    pub(super) data: String,
    pub(super) rtype: String,
    pub(super) weight: Option<i64>,
    pub(super) preference: Option<String>,
    pub(super) flag: Option<String>,
    pub(super) regexp: Option<String>,
}

impl Spelt {
    /// Reads the members of a request.
    pub(super) fn read(fields: &Fields, dialect: &Dialect) -> Result<Self, Failure> {
        let shortest = if dialect.apex == Apex::Empty { 0 } else { 1 };
        let number_or_text = |name: &str| fields.text(name, (0, 4096));
        Ok(Self {
            host: fields.required("Host", (shortest, 200))?,
            data: fields.required("Data", (1, 4096))?,
            rtype: fields.required("Type", (1, 8))?.trim().to_ascii_uppercase(),
            weight: fields.integer("Weight")?,
            preference: number_or_text("NaptrPreference")?,
            flag: number_or_text("NaptrFlag")?,
            regexp: number_or_text("NaptrRegExp")?,
        })
    }
}

/// Brings `Host` of a request into the neutral form; nothing where it is not a host of this zone.
pub(super) fn host_in(host: &str, zone: &Zone, dialect: &Dialect) -> Option<String> {
    let lower = host.trim().to_ascii_lowercase();
    let (bare, dotted) = lower
        .strip_suffix('.')
        .map_or((lower.as_str(), false), |bare| (bare, true));
    let below = bare
        .strip_suffix(&zone.name)
        .and_then(|left| left.strip_suffix('.'));
    let neutral = match (bare, below) {
        ("" | "@", _) if !dotted => "@".to_owned(),
        (name, _) if name == zone.name => "@".to_owned(),
        (_, Some(label)) => label.to_owned(),
        (_, None) if dotted => return None,
        (label, None) => label.to_owned(),
    };
    let full = format!("{neutral}.{}", zone.name);
    let fits = neutral == "@" || rdata::absolute(&full, Undotted::Complete).is_some();
    let own = match dialect.input {
        Input::Any => true,
        Input::Own => host.eq_ignore_ascii_case(&host_out(&neutral, Some(host), zone, dialect)),
    };
    (fits && own).then_some(neutral)
}

/// Spells a host as answers do.
pub(super) fn host_out(host: &str, sent: Option<&str>, zone: &Zone, dialect: &Dialect) -> String {
    let name = &zone.name;
    if host == "@" {
        return match (dialect.apex, sent) {
            (Apex::AsSent, Some(sent)) => sent.to_owned(),
            (Apex::At | Apex::AsSent, _) => "@".to_owned(),
            (Apex::Empty, _) => String::new(),
            (Apex::Full, _) => match dialect.hosts {
                Hosts::FullDot => format!("{name}."),
                Hosts::Upper => name.to_ascii_uppercase(),
                Hosts::Relative | Hosts::Full | Hosts::AsSent => name.clone(),
            },
        };
    }
    match (dialect.hosts, sent) {
        (Hosts::AsSent, Some(sent)) => sent.to_owned(),
        (Hosts::Relative | Hosts::AsSent, _) => host.to_owned(),
        (Hosts::Full, _) => format!("{host}.{name}"),
        (Hosts::FullDot, _) => format!("{host}.{name}."),
        (Hosts::Upper, _) => host.to_ascii_uppercase(),
    }
}

/// Reads the data of a request; the failure has the code of the dialect.
pub(super) fn data_in(spelt: &Spelt, zone: &Zone, dialect: &Dialect) -> Result<Rdata, Failure> {
    if !allowed(&spelt.rtype, dialect.types) {
        return Err(Failure::code(
            530,
            &format!("Invalid attribute value: record type {}", spelt.rtype),
        ));
    }
    let invalid = || {
        Failure::code(
            530,
            &format!("Invalid attribute value: data of a {} record", spelt.rtype),
        )
    };
    let undotted = match dialect.target_input {
        TargetInput::Absolute | TargetInput::Undotted => Undotted::Complete,
        TargetInput::Relative => Undotted::Below(&zone.name),
    };
    let read = data_read(spelt, undotted);
    if let (Some(data), TargetInput::Undotted) = (&read, dialect.target_input)
        && target(data).is_some_and(|name| name != ".")
        && spelt.data.trim_end().ends_with('.')
    {
        return Err(invalid());
    }
    match (read, dialect.validation) {
        (Some(data), Validation::Checked | Validation::Unchecked) => match dialect.input {
            Input::Own if !own_layout(spelt, &data, dialect) => Err(Failure::code(
                552,
                "The object name and the handle do not match",
            )),
            Input::Any | Input::Own => Ok(data),
        },
        (None, Validation::Unchecked) => Ok(Rdata::Other(spelt.data.clone())),
        (None, Validation::Checked) => Err(invalid()),
    }
}

fn allowed(rtype: &str, types: Types) -> bool {
    let legacy = matches!(
        rtype,
        "A" | "CNAME" | "MX" | "TXT" | "AAAA" | "NS" | "NAPTR" | "SRV"
    );
    let plausible = rtype
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    match types {
        Types::Any => plausible && rtype != "SOA",
        Types::LegacyCaa => legacy || rtype == "CAA",
        Types::Legacy => legacy,
    }
}

/// Reads any layout that the documents permit.
fn data_read(spelt: &Spelt, undotted: Undotted<'_>) -> Option<Rdata> {
    let data = spelt.data.as_str();
    let rtype = spelt.rtype.as_str();
    let parse = |text: &str| Rdata::parse(rtype, text, undotted);
    match rtype {
        "TXT" | "SPF" => Some(Rdata::Txt(txt_in(data))),
        "MX" => match data.split_whitespace().count() {
            1 => parse(&format!("{} {data}", spelt.weight.unwrap_or(0))),
            _ => parse(data),
        },
        "SRV" => match data.split_whitespace().count() {
            3 => parse(&format!("{} {data}", spelt.weight.unwrap_or(0))),
            _ => parse(data),
        },
        "NAPTR" => naptr_in(spelt, undotted),
        _ => parse(data),
    }
}

/// Reads TXT data: quoted strings where the whole text is a row of them, else the text itself.
fn txt_in(data: &str) -> Vec<u8> {
    match rdata::words(data) {
        Some(words) if !words.is_empty() && words.iter().all(|word| word.quoted) => {
            words.into_iter().flat_map(|word| word.bytes).collect()
        }
        Some(_) | None => data.as_bytes().to_vec(),
    }
}

fn naptr_in(spelt: &Spelt, undotted: Undotted<'_>) -> Option<Rdata> {
    let words = rdata::words(&spelt.data)?;
    let text = |at: usize| {
        words
            .get(at)
            .and_then(|word| word.text())
            .map(str::to_owned)
    };
    let (order, service, replacement) = match words.len() {
        6 => return Rdata::parse("NAPTR", &spelt.data, undotted),
        3 => (text(0)?.parse().ok()?, text(1)?, text(2)?),
        2 => (
            u16::try_from(spelt.weight.unwrap_or(0)).ok()?,
            text(0)?,
            text(1)?,
        ),
        _ => return None,
    };
    let preference = spelt.preference.as_deref().unwrap_or("0").trim();
    Some(Rdata::Naptr(Box::new(Naptr {
        order,
        preference: preference.parse().ok()?,
        flags: spelt.flag.clone().unwrap_or_default(),
        service,
        regexp: spelt.regexp.clone().unwrap_or_default(),
        replacement: rdata::absolute(&replacement, undotted)?,
    })))
}

fn target(data: &Rdata) -> Option<&str> {
    match data {
        Rdata::Name(name) | Rdata::Mx { exchange: name, .. } | Rdata::Srv { target: name, .. } => {
            Some(name)
        }
        Rdata::Naptr(naptr) => Some(&naptr.replacement),
        Rdata::A(_) | Rdata::Aaaa(_) | Rdata::Txt(_) | Rdata::Caa { .. } | Rdata::Other(_) => None,
    }
}

/// Tells whether a request puts the parts of the data where the server's answers do.
fn own_layout(spelt: &Spelt, data: &Rdata, dialect: &Dialect) -> bool {
    let words = rdata::words(&spelt.data).map_or(0, |words| words.len());
    match data {
        Rdata::Mx { .. } => words == if dialect.mx == Mx::Weight { 1 } else { 2 },
        Rdata::Srv { .. } => words == if dialect.srv == Srv::Weight { 3 } else { 4 },
        Rdata::Naptr(_) => {
            words
                == match dialect.naptr {
                    NaptrForm::Fields => 2,
                    NaptrForm::OrderInData => 3,
                    NaptrForm::Data => 6,
                }
        }
        Rdata::A(_)
        | Rdata::Aaaa(_)
        | Rdata::Name(_)
        | Rdata::Txt(_)
        | Rdata::Caa { .. }
        | Rdata::Other(_) => true,
    }
}

/// Spells a record as answers do.
pub(super) fn record_out(record: &Record, zone: &Zone, dialect: &Dialect) -> Spelt {
    let rdata = record.rdata();
    let sent = record.sent_data.as_deref();
    let name = |name: &str| target_out(name, sent, dialect.targets);
    let host = host_out(&record.host, record.sent_host.as_deref(), zone, dialect);
    let mut spelt = Spelt {
        host,
        rtype: record.rtype.clone(),
        ..Spelt::default()
    };
    spelt.data = match &rdata {
        Rdata::A(address) => address.to_string(),
        Rdata::Aaaa(address) => match (dialect.ipv6, sent) {
            (Ipv6::AsSent, Some(sent)) => sent.to_owned(),
            (Ipv6::Short | Ipv6::AsSent, _) => address.to_string(),
            (Ipv6::Full, _) => address
                .segments()
                .map(|group| format!("{group:04x}"))
                .join(":"),
        },
        Rdata::Name(target) => name(target),
        Rdata::Mx {
            preference,
            exchange,
        } => match dialect.mx {
            Mx::Weight => {
                spelt.weight = Some(i64::from(*preference));
                name(exchange)
            }
            Mx::Data => format!("{preference} {}", name(exchange)),
        },
        Rdata::Txt(bytes) => match (dialect.txt, sent) {
            (Txt::AsSent, Some(sent)) => sent.to_owned(),
            (Txt::Plain | Txt::AsSent, _) => plain(bytes),
            (Txt::Quoted, _) => rdata::quoted(bytes),
            (Txt::Chunks, _) if bytes.is_empty() => rdata::quoted(bytes),
            (Txt::Chunks, _) => bytes
                .chunks(255)
                .map(rdata::quoted)
                .collect::<Vec<_>>()
                .join(" "),
        },
        Rdata::Srv {
            priority,
            weight,
            port,
            target,
        } => match dialect.srv {
            Srv::Weight => {
                spelt.weight = Some(i64::from(*priority));
                format!("{weight} {port} {}", name(target))
            }
            Srv::Data => format!("{priority} {weight} {port} {}", name(target)),
        },
        Rdata::Naptr(naptr) => naptr_out(naptr, &name(&naptr.replacement), dialect, &mut spelt),
        Rdata::Caa { flags, tag, value } => match dialect.caa {
            Caa::Quoted => format!("{flags} {tag} {}", rdata::quoted(value)),
            Caa::Bare => format!("{flags} {tag} {}", bare_value(value)),
        },
        Rdata::Other(text) => hex_out(&record.rtype, text, dialect.hex),
    };
    spelt
}

fn naptr_out(naptr: &Naptr, replacement: &str, dialect: &Dialect, spelt: &mut Spelt) -> String {
    let Naptr {
        order,
        preference,
        flags,
        service,
        regexp,
        replacement: _,
    } = naptr;
    let service = rdata::quoted(service.as_bytes());
    if dialect.naptr == NaptrForm::Data {
        let [flags, regexp] = [flags, regexp].map(|part| rdata::quoted(part.as_bytes()));
        return format!("{order} {preference} {flags} {service} {regexp} {replacement}");
    }
    spelt.preference = Some(preference.to_string());
    spelt.flag = Some(flags.clone());
    spelt.regexp = Some(regexp.clone());
    if dialect.naptr == NaptrForm::OrderInData {
        return format!("{order} {service} {replacement}");
    }
    spelt.weight = Some(i64::from(*order));
    format!("{service} {replacement}")
}

fn target_out(name: &str, sent: Option<&str>, targets: Targets) -> String {
    let dotted = match targets {
        Targets::Bare => false,
        Targets::Dotted => true,
        Targets::AsSent => sent.is_some_and(|sent| sent.trim_end().ends_with('.')),
    };
    match name.strip_suffix('.') {
        Some(bare) if !dotted && !bare.is_empty() => bare.to_owned(),
        Some(_) | None => name.to_owned(),
    }
}

/// Writes text bare; what would be read as quoted strings, or is not text, is quoted.
fn plain(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.is_empty() && txt_in(text) == bytes => text.to_owned(),
        Ok(_) | Err(_) => rdata::quoted(bytes),
    }
}

/// Writes a CAA value bare; what would be read as something else is quoted.
fn bare_value(value: &[u8]) -> String {
    let text = std::str::from_utf8(value).ok().filter(|text| {
        let back = Rdata::parse("CAA", &format!("0 t {text}"), Undotted::Complete);
        matches!(back, Some(Rdata::Caa { value: read, .. }) if read == value)
    });
    text.map_or_else(|| rdata::quoted(value), str::to_owned)
}

fn hex_out(rtype: &str, text: &str, hex: Hex) -> String {
    let numbers = match rtype {
        "DS" | "CDS" | "TLSA" | "SMIMEA" => 3,
        "SSHFP" => 2,
        _ => return text.to_owned(),
    };
    let words = text.split(' ').enumerate().map(|(at, word)| match hex {
        Hex::Upper if at >= numbers => word.to_ascii_uppercase(),
        Hex::Lower if at >= numbers => word.to_ascii_lowercase(),
        Hex::AsSent | Hex::Upper | Hex::Lower => word.to_owned(),
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Writes the members of a record that the dialect and the record have.
pub(super) fn members(spelt: &Spelt, unset: Unset) -> Vec<(&'static str, Option<Value>)> {
    let number = |value: Option<i64>| match (value, unset) {
        (Some(value), _) => Some(json!(value)),
        (None, Unset::Null) => Some(Value::Null),
        (None, Unset::Zero) => Some(json!(0)),
        (None, Unset::Absent) => None,
    };
    let text = |value: &Option<String>, zero: &str| match (value, unset) {
        (Some(value), _) => Some(json!(value)),
        (None, Unset::Null) => Some(Value::Null),
        (None, Unset::Zero) => Some(json!(zero)),
        (None, Unset::Absent) => None,
    };
    vec![
        ("Host", Some(json!(spelt.host))),
        ("Data", Some(json!(spelt.data))),
        ("Type", Some(json!(spelt.rtype))),
        ("Weight", number(spelt.weight)),
        ("NaptrPreference", text(&spelt.preference, "0")),
        ("NaptrFlag", text(&spelt.flag, "")),
        ("NaptrRegExp", text(&spelt.regexp, "")),
    ]
}

/// Writes a record as an answer has it.
pub(super) fn json(record: &Record, zone: &Zone, dialect: &Dialect, date: Value) -> Value {
    let spelt = record_out(record, zone, dialect);
    let mut all = members(&spelt, dialect.unset);
    all.push(("Id", Some(json!(record.id))));
    all.push(("ZoneId", Some(json!(zone.number))));
    all.push(("DateCreated", Some(date)));
    object(all)
}
