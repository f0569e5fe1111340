//! DNSSEC: the signing of zones here, and the keys of zones that are hosted elsewhere.

use serde_json::{Value, json};

use super::call::{Answer, Call, Failure, Reply};
use super::desk::Desk;
use super::dialect::Signing;
use super::state::{Change, Domain, Key, PublicKey, Zone};

/// `GET /api/Zone/{zone_handle}/DnsSec`; what was deferred is done by the time of the next read.
pub(super) fn get(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let zone = desk.zone(call, 404)?;
    let answer = status(desk, &zone);
    if zone.secure && zone.signed.is_none() {
        let signed = Zone {
            signed: Some(desk.now),
            ..zone
        };
        desk.commit(Change::Zone(Box::new(signed)));
    }
    Ok(Answer::Object(answer))
}

/// `PUT /api/Zone/{zone_handle}/DnsSec`
pub(super) fn set(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let mut zone = desk.zone(call, 404)?;
    let secure = call.fields()?.boolean("isSec")?;
    let secure = secure.ok_or_else(|| Failure::model("isSec", "The isSec field is required."))?;
    if zone.secure != secure {
        let at_once = secure && desk.dialect.signing == Signing::AtOnce;
        (zone.secure, zone.signed) = (secure, at_once.then_some(desk.now));
        desk.commit(Change::Zone(Box::new(zone.clone())));
    }
    Ok(Answer::Object(status(desk, &zone)))
}

fn status(desk: &Desk<'_>, zone: &Zone) -> Value {
    let signed = zone.signed.map_or(Value::Null, |time| desk.date(time));
    json!({ "Zone": zone.name, "IsSec": zone.secure, "IsSign": zone.signed.is_some(), "SignDate": signed })
}

/// `GET /api/Zone/{zone_handle}/NsKey`
pub(super) fn keys(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let domain = desk.domain(call, "zone_handle")?;
    Ok(Answer::List(
        domain
            .keys
            .iter()
            .map(|(id, key)| key_json(desk, &domain, *id, key))
            .collect(),
    ))
}

/// `POST /api/Zone/{zone_handle}/NsKey`
pub(super) fn create_key(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let mut domain = elsewhere(desk, call)?;
    let fields = call.fields()?;
    let number = |name: &str| {
        fields
            .integer(name)?
            .ok_or_else(|| Failure::model(name, &format!("The {name} field is required.")))
    };
    let key = Key {
        tag: fields.required("KeyTag", (1, 5))?,
        algorithm: number("Algorithm")?,
        digest_type: number("DigestType")?,
        digest: fields.required("Digest", (1, 4096))?,
        entered: desk.now,
    };
    let same = |other: &Key| other.tag == key.tag && other.digest_type == key.digest_type;
    if domain.keys.values().any(same) {
        return Err(Failure::code(525, "The object already exists"));
    }
    let id = desk.state.next_number();
    let answer = key_json(desk, &domain, id, &key);
    domain.keys.insert(id, key);
    desk.commit(Change::Domain(Box::new(domain)));
    Ok(Answer::Object(answer))
}

/// `DELETE /api/Zone/{zone_handle}/NsKey/{id}`
pub(super) fn delete_key(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let mut domain = desk.domain(call, "zone_handle")?;
    let found = call
        .number("id")
        .and_then(|id| Some((id, domain.keys.remove(&id)?)));
    let (id, key) = found.ok_or_else(|| Failure::not_found("The key"))?;
    let gone = key_json(desk, &domain, id, &key);
    desk.commit(Change::Domain(Box::new(domain)));
    Ok(Answer::Deleted(gone))
}

/// `GET /api/Zone/{zone_handle}/NsPubKey`
pub(super) fn public_keys(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let domain = desk.domain(call, "zone_handle")?;
    Ok(Answer::List(
        domain
            .public_keys
            .iter()
            .map(|(id, key)| public_json(desk, &domain, *id, key))
            .collect(),
    ))
}

/// `POST /api/Zone/{zone_handle}/NsPubKey`
pub(super) fn create_public(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let mut domain = elsewhere(desk, call)?;
    let fields = call.fields()?;
    let (tag, key) = (
        fields.required("KeyTag", (1, 5))?,
        fields.required("PubKey", (1, 4096))?,
    );
    let key = PublicKey {
        tag,
        key,
        entered: desk.now,
    };
    if domain
        .public_keys
        .values()
        .any(|other| other.tag == key.tag)
    {
        return Err(Failure::code(525, "The object already exists"));
    }
    let id = desk.state.next_number();
    let answer = public_json(desk, &domain, id, &key);
    domain.public_keys.insert(id, key);
    desk.commit(Change::Domain(Box::new(domain)));
    Ok(Answer::Object(answer))
}

/// `PUT /api/Zone/{zone_handle}/NsPubKey/{id}`
pub(super) fn update_public(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let mut domain = desk.domain(call, "zone_handle")?;
    let key = call.fields()?.required("PubKey", (1, 4096))?;
    let id = call.number("id").unwrap_or_default();
    let held = domain
        .public_keys
        .get_mut(&id)
        .ok_or_else(|| Failure::not_found("The key"))?;
    held.key = key;
    let answer = public_json(desk, &domain, id, &domain.public_keys[&id]);
    desk.commit(Change::Domain(Box::new(domain)));
    Ok(Answer::Object(answer))
}

/// `DELETE /api/Zone/{zone_handle}/NsPubKey/{id}`
pub(super) fn delete_public(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let mut domain = desk.domain(call, "zone_handle")?;
    let found = call
        .number("id")
        .and_then(|id| Some((id, domain.public_keys.remove(&id)?)));
    let (id, key) = found.ok_or_else(|| Failure::not_found("The key"))?;
    let gone = public_json(desk, &domain, id, &key);
    desk.commit(Change::Domain(Box::new(domain)));
    Ok(Answer::Deleted(gone))
}

/// Finds the domain whose zone is hosted elsewhere (696 otherwise).
fn elsewhere(desk: &Desk<'_>, call: &Call) -> Result<Domain, Failure> {
    let domain = desk.domain(call, "zone_handle")?;
    if desk.state.zones.contains_key(&domain.handle) {
        return Err(Failure::code(696, "The zone is hosted by Namebay"));
    }
    Ok(domain)
}

fn key_json(desk: &Desk<'_>, domain: &Domain, id: u64, key: &Key) -> Value {
    json!({
        "Id": id,
        "ZoneName": domain.name,
        "KeyTag": key.tag,
        "Algorithm": key.algorithm,
        "DigestType": key.digest_type,
        "Digest": key.digest,
        "DateInsert": desk.date(key.entered),
        "Active": true,
        "NbNs": false,
    })
}

fn public_json(desk: &Desk<'_>, domain: &Domain, id: u64, key: &PublicKey) -> Value {
    json!({
        "Id": id,
        "ZoneName": domain.name,
        "KeyTag": key.tag,
        "PubKey": key.key,
        "DateInsert": desk.date(key.entered),
        "NbNs": false,
    })
}
