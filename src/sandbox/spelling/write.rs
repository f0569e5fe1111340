//! Answers: the one spelling of a dialect.

use super::super::dialect::{
    Apex, Caa, Dialect, Hex, Hosts, Ipv6, Mx, Naptr as NaptrForm, Srv, TargetInput, Targets, Txt,
};
use super::super::rdata::{self, Naptr, Rdata, Undotted};
use super::super::state::{Record, Zone};
use super::Spelt;
use super::read::txt_in;

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

/// Spells a record as answers do.
pub(in super::super) fn record_out(record: &Record, zone: &Zone, dialect: &Dialect) -> Spelt {
    let rdata = record.rdata();
    let sent = record.sent_data.as_deref();
    let name = |name: &str| target_out(name, sent, dialect);
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
        Rdata::Other(text) => hex_out(&record.rtype, text, sent, dialect.hex),
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

/// Spells a host name in data; a server that reads names in one way only writes them so.
fn target_out(name: &str, sent: Option<&str>, dialect: &Dialect) -> String {
    let dotted = match (dialect.target_input, dialect.targets) {
        (TargetInput::Relative, _) => true,
        (TargetInput::Undotted, _) => false,
        (TargetInput::Absolute, Targets::Bare) => false,
        (TargetInput::Absolute, Targets::Dotted) => true,
        (TargetInput::Absolute, Targets::AsSent) => {
            sent.is_some_and(|sent| sent.trim_end().ends_with('.'))
        }
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

/// Spells the hexadecimal rest of a type that has one.
fn hex_out(rtype: &str, text: &str, sent: Option<&str>, hex: Hex) -> String {
    let Some((numbers, rest)) = rdata::hex_after(rtype).and_then(|_| text.rsplit_once(' ')) else {
        return text.to_owned();
    };
    match (hex, sent) {
        (Hex::AsSent, Some(sent)) => sent.to_owned(),
        (Hex::Upper, _) => format!("{numbers} {}", rest.to_ascii_uppercase()),
        (Hex::Lower | Hex::AsSent, _) => text.to_owned(),
    }
}
