//! Requests: every spelling that the documents permit, brought into the neutral form.

use super::super::call::Failure;
use super::super::dialect::{
    Dialect, Input, Mx, Naptr as NaptrForm, Srv, TargetInput, Types, Validation,
};
use super::super::rdata::{self, Naptr, Rdata, Undotted};
use super::super::state::Zone;
use super::Spelt;
use super::write::host_out;

/// Brings `Host` of a request into the neutral form; nothing where it is not a host of this zone.
pub(in super::super) fn host_in(host: &str, zone: &Zone, dialect: &Dialect) -> Option<String> {
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

/// Reads the data of a request; the failure has the code of the dialect.
pub(in super::super) fn data_in(
    spelt: &Spelt,
    zone: &Zone,
    dialect: &Dialect,
) -> Result<Rdata, Failure> {
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
pub(super) fn txt_in(data: &str) -> Vec<u8> {
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
