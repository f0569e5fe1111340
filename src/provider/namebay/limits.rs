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
const DIR: Code = Code {
    id: "namebay.dir",
    title: "An FTP user's directory lies in the hosting's",
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
        Kind::FtpUser => ftp_user(address, wanted, told),
        Kind::Contact
        | Kind::RedirectService
        | Kind::Redirect
        | Kind::Mail
        | Kind::Mailbox
        | Kind::Autoresponder
        | Kind::Hosting
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

fn ftp_user(address: &Address, wanted: &Wanted, told: &mut Told<'_>) {
    let climbs = |dir: &str| dir.split('/').any(|step| step == "..");
    if wanted.attrs.text("dir").is_some_and(climbs) {
        let error = Diagnostic::error(DIR, format!("the directory of {address} leads upwards"))
            .help(
                "write the path without `..`; it has to be the hosting's directory or one below it",
            );
        told.say(error, &wanted.origin);
    }
}

/// The special characters that an FTP password may hold, of which it needs one (guide, pattern of `Pwd`).
const SPECIAL: &str = "é'(-è_çà)=#{[|\\@]}$ù*,;:!£%µ?./§¤";

/// What Namebay would say against a password, without the password: of FTP users its rule is published, of mailboxes
/// none is.
pub fn password_problem(kind: Kind, password: &str) -> Option<&'static str> {
    if kind != Kind::FtpUser {
        return None;
    }
    let special = |c: char| SPECIAL.contains(c);
    let any = |wanted: fn(char) -> bool| password.chars().any(wanted);
    if !(6..=20).contains(&password.chars().count()) {
        Some("it needs 6 to 20 characters")
    } else if password
        .chars()
        .any(|c| !c.is_ascii_alphanumeric() && !special(c))
    {
        Some(
            "it may hold letters without accents, digits and é ' ( - è _ ç à ) = # { [ | \\ @ ] } $ ù * , ; : ! £ % µ ? \
             . / § ¤; no blank, no & \" + < > ^ ~ `",
        )
    } else if !any(|c| c.is_ascii_digit()) {
        Some("it needs a digit")
    } else if !any(|c| c.is_ascii_alphabetic()) {
        Some("it needs a letter from a to z")
    } else if !password.chars().any(special) {
        Some("it needs one of é ' ( - è _ ç à ) = # { [ | \\ @ ] } $ ù * , ; : ! £ % µ ? . / § ¤")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_of_an_ftp_user_has_a_published_rule() {
        let problem = |password| password_problem(Kind::FtpUser, password);
        for good in [
            "Exa#25",
            "Example#2025a",
            "1aé",
            "a1\\xxx",
            "µ12345a",
            "12345678901234567a-9",
        ] {
            let long_enough = good.chars().count() >= 6;
            assert_eq!(problem(good).is_none(), long_enough, "{good}");
        }
        for bad in [
            "",
            "Ex#25",
            "Example#2025aExample1",
            "Example2025",
            "Example#abc",
            "#1234567",
            "Exam ple#1",
            "Example+#1",
            "Ex\"ample#1",
            "Example~#1",
            "ßample#1",
        ] {
            let said = problem(bad).unwrap();
            assert!(bad.len() < 2 || !said.contains(bad));
        }
        assert_eq!(password_problem(Kind::Mailbox, ""), None);
    }
}
