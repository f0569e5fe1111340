//! Records of a zone: list, read, create, replace, delete.

use serde_json::Value;

use super::call::{Answer, Call, Failure, Reply};
use super::desk::Desk;
use super::dialect::{ApexNs, ApexRecords, Duplicates, Ids, Put, Validation};
use super::fields::Fields;
use super::spelling::{self, Spelt};
use super::state::{Change, Maker, Record, Zone};
use super::zone;

/// `GET /api/Zone/{zone_handle}/Record`
pub(super) fn list(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let zone = desk.zone(call, 404)?;
    let records = desk
        .state
        .records(&zone.handle)
        .iter()
        .filter(|record| visible(record, desk));
    Ok(Answer::List(
        records.map(|record| json(desk, &zone, record)).collect(),
    ))
}

/// `GET /api/Zone/{zone_handle}/Record/{id}`
pub(super) fn get(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let zone = desk.zone(call, 404)?;
    let record = find(desk, call, &zone)?;
    Ok(Answer::Object(json(desk, &zone, &record)))
}

/// `POST /api/Zone/{zone_handle}/Record`
pub(super) fn create(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let mut zone = desk.zone(call, 404)?;
    let spelt = Spelt::read(&call.fields()?, desk.dialect)?;
    let mut record = read(desk, &zone, &spelt, desk.state.next_number())?;
    let same = desk
        .state
        .records(&zone.handle)
        .at(&record.host)
        .find(|other| alike(other, &record) && visible(other, desk));
    if let Some(same) = same.cloned() {
        match desk.dialect.duplicates {
            Duplicates::Refused => return Err(Failure::code(525, "The object already exists")),
            Duplicates::Merged => {
                record = Record {
                    id: same.id,
                    ..record
                }
            }
            Duplicates::Accepted => {}
        }
    }
    write(desk, &mut zone, record)
}

/// `PUT /api/Zone/{zone_handle}/Record/{id}`
pub(super) fn update(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let mut zone = desk.zone(call, 404)?;
    let old = find(desk, call, &zone)?;
    changeable(desk, &old)?;
    let fields = call.fields()?;
    let mut spelt = Spelt::read(&fields, desk.dialect)?;
    if desk.dialect.put == Put::Merge {
        keep(
            &mut spelt,
            &fields,
            &spelling::record_out(&old, &zone, desk.dialect),
        );
    }
    let mut record = read(desk, &zone, &spelt, old.id)?;
    let mut others = desk.state.records(&zone.handle).at(&record.host);
    let taken =
        others.any(|other| other.id != old.id && visible(other, desk) && alike(other, &record));
    drop(others);
    if taken && desk.dialect.duplicates == Duplicates::Refused {
        return Err(Failure::code(525, "The object already exists"));
    }
    if desk.dialect.ids == Ids::New {
        record.id = desk.state.next_number();
        desk.commit(Change::RecordGone {
            zone: zone.handle.clone(),
            id: old.id,
        });
    }
    write(desk, &mut zone, record)
}

/// `DELETE /api/Zone/{zone_handle}/Record/{id}`
pub(super) fn delete(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let mut zone = desk.zone(call, 404)?;
    let record = find(desk, call, &zone)?;
    changeable(desk, &record)?;
    let gone = json(desk, &zone, &record);
    desk.commit(Change::RecordGone {
        zone: zone.handle.clone(),
        id: record.id,
    });
    zone::touch(desk, &mut zone);
    Ok(Answer::Deleted(gone))
}

fn find(desk: &Desk<'_>, call: &Call, zone: &Zone) -> Result<Record, Failure> {
    let id = call
        .number("id")
        .ok_or_else(|| Failure::model("id", "A whole number is expected."))?;
    let record = desk
        .state
        .records(&zone.handle)
        .get(id)
        .filter(|record| visible(record, desk));
    record
        .cloned()
        .ok_or_else(|| Failure::not_found("The record"))
}

/// Tells whether a record is listed, or is one of those that make up the zone and are not.
fn visible(record: &Record, desk: &Desk<'_>) -> bool {
    match (record.maker, desk.dialect.apex_records) {
        (Maker::Client | Maker::Redirection, _) | (Maker::Provider, ApexRecords::SoaNs) => true,
        (Maker::Provider, ApexRecords::Ns) => record.rtype == "NS",
        (Maker::Provider, ApexRecords::Hidden) => false,
    }
}

/// Refuses to touch what the provider keeps for itself.
fn changeable(desk: &Desk<'_>, record: &Record) -> Result<(), Failure> {
    let fixed = desk.dialect.apex_ns == ApexNs::Fixed && record.rtype == "NS" && record.host == "@";
    match record.rtype.as_str() {
        "SOA" => Err(Failure::code(718, "Invalid SOA record")),
        _ if fixed => Err(Failure::code(
            550,
            "The name servers of the zone cannot be changed here",
        )),
        _ => Ok(()),
    }
}

/// Makes a record out of what a request says, and checks it against its neighbours.
fn read(desk: &Desk<'_>, zone: &Zone, spelt: &Spelt, id: u64) -> Result<Record, Failure> {
    let host = spelling::host_in(&spelt.host, zone, desk.dialect)
        .ok_or_else(|| Failure::code(552, "The object name and the handle do not match"))?;
    let data = spelling::data_in(spelt, zone, desk.dialect)?;
    let record = Record {
        id,
        host,
        rtype: spelt.rtype.clone(),
        data: data.text(),
        maker: Maker::Client,
        sent_host: Some(spelt.host.clone()),
        sent_data: Some(spelt.data.clone()),
        written: desk.now,
    };
    changeable(desk, &record)?;
    if desk.dialect.validation == Validation::Checked && clashes(desk, zone, &record) {
        return Err(Failure::code(
            550,
            "Parameter value policy error: a CNAME cannot stand beside other records",
        ));
    }
    Ok(record)
}

fn clashes(desk: &Desk<'_>, zone: &Zone, record: &Record) -> bool {
    let alias = record.rtype == "CNAME";
    let mut others = desk
        .state
        .records(&zone.handle)
        .at(&record.host)
        .filter(|other| other.id != record.id);
    others.any(|other| (alias || other.rtype == "CNAME") && !alike(other, record))
}

fn alike(one: &Record, other: &Record) -> bool {
    (&one.host, &one.rtype, &one.data) == (&other.host, &other.rtype, &other.data)
}

/// Takes over what a request leaves out, as a server does that merges.
fn keep(spelt: &mut Spelt, fields: &Fields, old: &Spelt) {
    if spelt.rtype != old.rtype {
        return;
    }
    if !fields.has("Weight") {
        spelt.weight = old.weight;
    }
    let members = [
        ("NaptrPreference", &mut spelt.preference, &old.preference),
        ("NaptrFlag", &mut spelt.flag, &old.flag),
        ("NaptrRegExp", &mut spelt.regexp, &old.regexp),
    ];
    for (name, new, old) in members {
        if !fields.has(name) {
            new.clone_from(old);
        }
    }
}

fn write(desk: &mut Desk<'_>, zone: &mut Zone, record: Record) -> Reply {
    let answer = json(desk, zone, &record);
    desk.commit(Change::Record {
        zone: zone.handle.clone(),
        record,
    });
    zone::touch(desk, zone);
    Ok(Answer::Object(answer))
}

fn json(desk: &Desk<'_>, zone: &Zone, record: &Record) -> Value {
    spelling::json(record, zone, desk.dialect, desk.date(record.written))
}
