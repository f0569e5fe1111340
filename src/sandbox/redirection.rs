//! Redirections of hosts of a zone, and the records that come and go with them.

use serde_json::{Value, json};

use super::call::{Answer, Call, Failure, Reply, object};
use super::desk::Desk;
use super::dialect::{
    RedirectInactive, RedirectOrigin, RedirectPost, RedirectPut, RedirectRecords,
};
use super::fields::Fields;
use super::rdata::{self, Undotted};
use super::redirectservice;
use super::state::{Change, Maker, Record, Redirection, Served, Zone};
use super::zone;

/// The address of the server that redirects.
const ADDRESS: &str = "203.0.113.80";
/// The name of the server that redirects.
const SERVER: &str = "redirect.namebay.com.";

/// `GET /api/Zone/{zone_handle}/Redirection`
pub(super) fn list(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let zone = desk.zone(call, 404)?;
    let shown = of_zone(desk, &zone).filter(|redirection| {
        redirection.active || desk.dialect.redirect_inactive == RedirectInactive::Listed
    });
    Ok(Answer::List(
        shown.map(|found| json(desk, &zone, found)).collect(),
    ))
}

/// `GET /api/Zone/{zone_handle}/Redirection/{handle}`
pub(super) fn get(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let zone = desk.zone(call, 404)?;
    let found = find(desk, call, &zone)?;
    Ok(Answer::Object(json(desk, &zone, &found)))
}

/// `POST /api/Zone/{zone_handle}/Redirection`
pub(super) fn create(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let mut zone = writable(desk, call)?;
    let fields = call.fields()?;
    let number = desk.state.next_number();
    let mut redirection = Redirection {
        handle: format!("RD{:06}", 100_000 + number),
        number,
        zone: zone.handle.clone(),
        origin: String::new(),
        sent_origin: None,
        destination: String::new(),
        kind: 0,
        active: false,
        relative: false,
        title: None,
        keywords: None,
        description: None,
        created: desk.now,
        record: None,
    };
    read(desk, &zone, &fields, &mut redirection)?;
    redirectservice::room(desk, &zone)?;
    put_record(desk, &mut zone, &mut redirection);
    let answer = match desk.dialect.redirect_post {
        RedirectPost::Object => json(desk, &zone, &redirection),
        RedirectPost::Handle => json!({ "Handle": redirection.handle }),
    };
    desk.serve(Served::Redirection(redirection));
    Ok(Answer::Object(answer))
}

/// `PUT /api/Zone/{zone_handle}/Redirection/{handle}`
pub(super) fn update(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let mut zone = writable(desk, call)?;
    let old = find(desk, call, &zone)?;
    let fields = call.fields()?;
    let mut new = old.clone();
    if desk.dialect.redirect_put == RedirectPut::Replace {
        (new.active, new.relative) = (false, false);
        (new.title, new.keywords, new.description) = (None, None, None);
    }
    read(desk, &zone, &fields, &mut new)?;
    if new.origin != old.origin {
        take_record(desk, &mut zone, &old);
        put_record(desk, &mut zone, &mut new);
    }
    let answer = json(desk, &zone, &new);
    desk.serve(Served::Redirection(new));
    Ok(Answer::Object(answer))
}

/// `DELETE /api/Zone/{zone_handle}/Redirection/{handle}`
pub(super) fn delete(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let mut zone = desk.zone(call, 404)?;
    let found = find(desk, call, &zone)?;
    let gone = json(desk, &zone, &found);
    take_record(desk, &mut zone, &found);
    desk.serve(Served::RedirectionGone(found.handle));
    Ok(Answer::Deleted(gone))
}

/// Finds the zone in which a redirection is to be written: 511, 712, 714.
fn writable(desk: &Desk<'_>, call: &Call) -> Result<Zone, Failure> {
    let zone = desk.zone(call, 404)?;
    if let Some(domain) = desk.state.domains.get(&zone.handle) {
        if !desk.may_edit(&call.user, domain) {
            return Err(Failure::code(
                712,
                "You do not have permission on the domain",
            ));
        }
        if domain.expires <= desk.now {
            return Err(Failure::code(511, "The object has expired"));
        }
        if !domain.delegated_here() {
            return Err(Failure::code(
                714,
                "The primary name server of the domain is not Namebay's",
            ));
        }
    }
    Ok(zone)
}

pub(super) fn of_zone<'a>(
    desk: &'a Desk<'_>,
    zone: &Zone,
) -> impl Iterator<Item = &'a Redirection> {
    let all = desk.state.services.redirections.values();
    let handle = zone.handle.clone();
    all.filter(move |redirection| redirection.zone == handle)
}

fn find(desk: &Desk<'_>, call: &Call, zone: &Zone) -> Result<Redirection, Failure> {
    let handle = call.param("handle").to_ascii_uppercase();
    let found = desk.state.services.redirections.get(&handle);
    found
        .filter(|redirection| redirection.zone == zone.handle)
        .cloned()
        .ok_or_else(|| Failure::not_found("The redirection"))
}

/// Takes over what a request says: 400 for the model, 530 for values, 525 where the host redirects already.
fn read(
    desk: &Desk<'_>,
    zone: &Zone,
    fields: &Fields,
    redirection: &mut Redirection,
) -> Result<(), Failure> {
    let sent = fields.required("UrlOrigin", (1, 255))?;
    redirection.destination = fields.required("UrlDestination", (1, 2048))?;
    let kind = fields.integer("Type")?;
    let kind = kind.ok_or_else(|| Failure::model("Type", "The Type field is required."))?;
    if !(0..=6).contains(&kind) {
        return Err(Failure::model(
            "Type",
            "The field Type must match 0|1|2|3|4|5|6.",
        ));
    }
    redirection.kind = kind;
    redirection.active = fields.boolean("Active")?.unwrap_or(redirection.active);
    redirection.relative = fields.boolean("Relative")?.unwrap_or(redirection.relative);
    desk.set_text(fields, "Title", &mut redirection.title)?;
    desk.set_text(fields, "MetaKeyword", &mut redirection.keywords)?;
    desk.set_text(fields, "MetaDescription", &mut redirection.description)?;
    let origin = origin_in(&sent, zone);
    redirection.origin = origin.ok_or_else(|| Failure::code(530, "Invalid value: UrlOrigin"))?;
    redirection.sent_origin = Some(sent);
    if !leads_somewhere(&redirection.destination) {
        return Err(Failure::code(530, "Invalid value: UrlDestination"));
    }
    let taken = of_zone(desk, zone)
        .any(|other| other.origin == redirection.origin && other.handle != redirection.handle);
    if taken {
        return Err(Failure::code(525, "The object already exists"));
    }
    Ok(())
}

/// Reads an origin, the zone's name or one below it; nothing where it is another name, or has a path.
pub(super) fn origin_in(sent: &str, zone: &Zone) -> Option<String> {
    let lower = sent.trim().to_ascii_lowercase();
    let bare = ["http://", "https://"]
        .iter()
        .find_map(|scheme| lower.strip_prefix(scheme))
        .unwrap_or(&lower);
    let bare = bare.strip_suffix('/').unwrap_or(bare);
    if bare == "@" {
        return Some(zone.name.clone());
    }
    let name = rdata::absolute(bare, Undotted::Complete)?;
    let name = name.trim_end_matches('.').to_owned();
    let below = name
        .strip_suffix(&zone.name)
        .is_some_and(|left| left.is_empty() || left.ends_with('.'));
    let fits =
        |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.' | '*');
    (below && name.chars().all(fits)).then_some(name)
}

fn leads_somewhere(destination: &str) -> bool {
    let lower = destination.to_ascii_lowercase();
    let host = lower
        .split_once("://")
        .map_or(lower.as_str(), |(_, rest)| rest);
    !host.is_empty()
        && !destination
            .chars()
            .any(|letter| letter.is_whitespace() || letter.is_control())
}

fn origin_out(redirection: &Redirection, zone: &Zone, form: RedirectOrigin) -> String {
    let origin = &redirection.origin;
    match form {
        RedirectOrigin::AsSent => redirection.sent_origin.as_ref().unwrap_or(origin).clone(),
        RedirectOrigin::Dotted => format!("{origin}."),
        RedirectOrigin::Scheme => format!("http://{origin}"),
        RedirectOrigin::At if *origin == zone.name => "@".to_owned(),
        RedirectOrigin::Lower | RedirectOrigin::At => origin.clone(),
    }
}

/// Adds the record of a redirection where neither an address nor an alias stands at its host.
fn put_record(desk: &mut Desk<'_>, zone: &mut Zone, redirection: &mut Redirection) {
    let mut wanted = record(zone, redirection, desk.dialect.redirect_records);
    let taken = |record: &Record| {
        let records = desk.state.records(&zone.handle).at(&record.host);
        let mut types = records.map(|other| other.rtype.as_str());
        match record.rtype.as_str() {
            "CNAME" => types.next().is_some(),
            _ => types.any(|rtype| matches!(rtype, "A" | "AAAA" | "CNAME")),
        }
    };
    if wanted.as_ref().is_some_and(taken) {
        wanted = None;
    }
    let Some(record) = wanted else { return };
    // The redirection's own number is given, though not yet stored.
    let record = Record {
        id: desk.state.next_number() + 1,
        written: desk.now,
        ..record
    };
    redirection.record = Some(record.id);
    desk.commit(Change::Record {
        zone: zone.handle.clone(),
        record,
    });
    zone::touch(desk, zone);
}

/// Makes the record that a redirection adds, still without a number.
pub(super) fn record(
    zone: &Zone,
    redirection: &Redirection,
    form: RedirectRecords,
) -> Option<Record> {
    let below = redirection.origin.strip_suffix(&zone.name)?;
    let host = match below.trim_end_matches('.') {
        "" => "@",
        label => label,
    };
    let (rtype, data) = match form {
        RedirectRecords::None => return None,
        RedirectRecords::Alias if host != "@" => ("CNAME", SERVER),
        RedirectRecords::Address | RedirectRecords::Alias => ("A", ADDRESS),
    };
    Some(Record {
        id: 0,
        host: host.to_owned(),
        rtype: rtype.to_owned(),
        data: data.to_owned(),
        maker: Maker::Redirection,
        sent_host: None,
        sent_data: None,
        written: redirection.created,
    })
}

/// Removes the record that came with a redirection, unless somebody has made it his own since.
fn take_record(desk: &mut Desk<'_>, zone: &mut Zone, redirection: &Redirection) {
    let records = desk.state.records(&zone.handle);
    let own = redirection.record.and_then(|id| records.get(id));
    let own = own.filter(|record| record.maker == Maker::Redirection);
    let Some(id) = own.map(|record| record.id) else {
        return;
    };
    desk.commit(Change::RecordGone {
        zone: zone.handle.clone(),
        id,
    });
    zone::touch(desk, zone);
}

fn json(desk: &Desk<'_>, zone: &Zone, redirection: &Redirection) -> Value {
    let Redirection {
        handle,
        destination,
        kind,
        active,
        relative,
        title,
        keywords,
        description,
        created,
        ..
    } = redirection;
    let origin = origin_out(redirection, zone, desk.dialect.redirect_origin);
    object(vec![
        ("Handle", Some(json!(handle))),
        ("CreatedOn", Some(desk.date(*created))),
        ("HitsYesterday", Some(json!(0))),
        ("UrlOrigin", Some(json!(origin))),
        ("UrlDestination", Some(json!(destination))),
        ("Type", Some(json!(kind))),
        ("Active", Some(json!(active))),
        ("Title", desk.text(title.as_deref())),
        ("MetaKeyword", desk.text(keywords.as_deref())),
        ("MetaDescription", desk.text(description.as_deref())),
        ("Relative", Some(json!(relative))),
    ])
}
