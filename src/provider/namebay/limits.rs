//! What Namebay cannot hold, told before anything is sent; pure.
//!
//! Each limit is one of the contract's. What only Namebay can decide (whether a TLD knows a setting, whether a host is
//! registered) is not foreseen here.

use std::collections::BTreeMap;

use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::model::dns::{Apex, Host, Rtype, txt};
use crate::model::{Address, Attrs, Data, Kind, Origin, Wanted};

/// Longest host (reference, model Record).
const HOST: usize = 200;
/// Longest value.
const DATA: usize = 4096;
/// Longest type.
const TYPE: usize = 8;
/// Largest TTL.
const TTL: i64 = 2_147_483_647;

const TOO_LONG: Code = Code {
    id: "namebay.too-long",
    title: "Namebay cannot hold something this long",
};
const EMPTY: Code = Code {
    id: "namebay.empty-text",
    title: "Namebay cannot hold an empty text",
};
const RECORD_TTL: Code = Code {
    id: "namebay.record-ttl",
    title: "Namebay has one TTL per zone",
};
const ZONE_TTL: Code = Code {
    id: "namebay.zone-ttl",
    title: "The TTL is out of range",
};
const FEW_SERVERS: Code = Code {
    id: "namebay.few-name-servers",
    title: "A domain needs two name servers",
};
const SOA: Code = Code {
    id: "namebay.soa",
    title: "Namebay keeps the SOA record itself",
};

/// Tells what is wrong with one part, and leaves out what was only told.
pub(super) fn check(address: &Address, wanted: &mut Wanted, told: &mut Told<'_>) {
    match address.kind {
        Kind::Record => record(address, wanted, told),
        Kind::Zone => zone(wanted, told),
        Kind::Domain => domain(address, wanted, told),
        Kind::Contact
        | Kind::RedirectService
        | Kind::Redirect
        | Kind::Mail
        | Kind::Mailbox
        | Kind::Autoresponder
        | Kind::Hosting
        | Kind::FtpUser
        | Kind::Database
        | Kind::Site
        | Kind::Wordpress
        | Kind::Certificate
        | Kind::NsKey => {}
    }
}

/// What is told, and what is told once per zone at the end.
pub(super) struct Told<'a> {
    all: &'a mut Diagnostics,
    dropped_ttl: BTreeMap<Box<str>, (usize, Origin)>,
}

impl<'a> Told<'a> {
    /// Begins telling.
    pub(super) fn new(all: &'a mut Diagnostics) -> Self {
        Self {
            all,
            dropped_ttl: BTreeMap::new(),
        }
    }

    fn say(&mut self, diagnostic: Diagnostic, origin: &Origin) {
        self.all.push(diagnostic.in_place(origin.place.clone()));
    }

    /// Tells what is told once per zone.
    pub(super) fn finish(self) {
        for (zone, (count, origin)) in self.dropped_ttl {
            let message = format!(
                "{count} records of {zone} bring a TTL of their own, from a template or a master file; it is passed over"
            );
            let notice = Diagnostic::notice(RECORD_TTL, message)
                .help("set the TTL of the whole zone with zone.ttl")
                .in_place(origin.place);
            self.all.push(notice);
        }
    }
}

fn record(address: &Address, wanted: &mut Wanted, told: &mut Told<'_>) {
    let Some((host, rtype)) = address.host_and_type() else {
        return;
    };
    let Wanted { attrs, origin, .. } = wanted;
    let origin: &Origin = origin;
    if rtype == "SOA" {
        let error = Diagnostic::error(
            SOA,
            format!("the SOA record of {} cannot be written", address.domain),
        )
        .help("leave it out; the zone's TTL is zone.ttl");
        told.say(error, origin);
        return;
    }
    if rtype.chars().count() > TYPE {
        let message = format!(
            "the type {rtype} has {} characters; {TYPE} are possible",
            rtype.len()
        );
        told.say(Diagnostic::error(TOO_LONG, message), origin);
    }
    if host.len() > HOST {
        let apex = Apex::from_canonical(address.domain.clone());
        let full = Host::from_canonical(host).absolute(&apex);
        let message = format!(
            "the host of {full} has {} characters; {HOST} are possible",
            host.len()
        );
        told.say(Diagnostic::error(TOO_LONG, message), origin);
    }
    if attrs.get("ttl").is_some() {
        // A file that is no TOML is a master file.
        if origin.via.is_none() && origin.place.file.ends_with(".toml") {
            let error = Diagnostic::error(RECORD_TTL, format!("{address} has a TTL of its own"))
                .help("remove `ttl` here, and set zone.ttl for the whole zone");
            told.say(error, origin);
        } else {
            let zone = told.dropped_ttl.entry((&*address.domain).into());
            zone.or_insert_with(|| (0, origin.clone())).0 += 1;
        }
        let rest = attrs.iter().filter(|(name, _)| *name != "ttl");
        *attrs = Attrs::new(rest.map(|(name, value)| (name, value.clone())).collect());
    }
    let Some(value) = attrs.text("data") else {
        return;
    };
    let is_text = Rtype::parse(rtype).is_ok_and(|rtype| rtype.is_text());
    if is_text && value.is_empty() {
        let error = Diagnostic::error(EMPTY, format!("{address} holds an empty text"));
        told.say(error, origin);
    }
    let length = match is_text.then(|| txt::text(value)) {
        Some(Some(text)) => text.chars().count(),
        Some(None) => txt::quoted(value).chars().count(),
        None => value.chars().count(),
    };
    if length > DATA {
        let message = format!("a value of {address} has {length} characters; {DATA} are possible");
        told.say(Diagnostic::error(TOO_LONG, message), origin);
    }
}

fn zone(wanted: &Wanted, told: &mut Told<'_>) {
    if let Some(Data::Int(ttl)) = wanted.attrs.data("ttl")
        && !(0..=TTL).contains(ttl)
    {
        let message = format!("ttl = {ttl}; 0 to {TTL} seconds are possible");
        told.say(Diagnostic::error(ZONE_TTL, message), &wanted.origin);
    }
}

fn domain(address: &Address, wanted: &Wanted, told: &mut Told<'_>) {
    if let Some(Data::List(names)) = wanted.attrs.data("name_servers")
        && names.len() < 2
    {
        let message = format!(
            "{} gets {} name server{}; registries refuse fewer than two different ones",
            address.domain,
            names.len(),
            if names.len() == 1 { "" } else { "s" }
        );
        told.say(Diagnostic::warning(FEW_SERVERS, message), &wanted.origin);
    }
}
