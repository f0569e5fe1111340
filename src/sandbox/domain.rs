//! Domains: find, read, and the settings that one call changes property by property.

use serde_json::{Value, json};

use super::call::{Answer, Call, Entry, Failure, Reply};
use super::desk::Desk;
use super::dialect::{Lag, Locked, RoleR, Unlock, Unlocked};
use super::state::{Change, Domain, Lagging, Role, Settings};
use super::tld::Tld;
use super::zone;

/// How many reads still show what a write has changed, where a dialect lets it lag.
const LAGGING_READS: u32 = 2;

/// `GET /api/Domain`
pub(super) fn list(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let (name, contact) = (call.query("name"), call.query("contact"));
    if name.is_none() && contact.is_none() {
        return Err(Failure::code(400, "Bad request: name or contact is needed"));
    }
    let letter = call.query("contactType").unwrap_or("R");
    let role = Role::from_letter(&letter.to_ascii_uppercase());
    let role = role.ok_or_else(|| Failure::code(400, "Bad request: contactType"))?;
    let found = desk.state.domains.values().filter(|domain| {
        let held = contact.is_none_or(|contact| {
            role_of(desk, domain, role).is_some_and(|handle| handle == contact)
        });
        // A contact of the reseller reaches its customers' domains; a name only one's own list.
        let mine = match contact {
            Some(_) => desk.reachable(&call.user, &domain.holder),
            None => desk.listed(&call.user, &domain.holder),
        };
        mine && held
            && name.is_none_or(|name| zone::matches(&domain.name, name, desk.dialect.filter))
    });
    let found: Vec<Domain> = found.cloned().collect();
    Ok(Answer::List(
        found
            .into_iter()
            .map(|domain| shown(desk, domain, call))
            .collect(),
    ))
}

/// Gives the handle in a role; who is reseller is a matter of dialect.
pub(super) fn role_of(desk: &Desk<'_>, domain: &Domain, role: Role) -> Option<String> {
    match (role, desk.dialect.role_r) {
        (Role::Reseller, RoleR::Reseller) => Some(
            desk.reseller_of(&domain.holder)
                .unwrap_or(&domain.holder)
                .to_owned(),
        ),
        (Role::Reseller | Role::Owner | Role::Admin | Role::Tech | Role::Billing, _) => {
            domain.settings.contacts.get(&role).cloned()
        }
    }
}

/// `GET /api/Domain/{handle}`
pub(super) fn get(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let domain = desk.domain(call, "handle")?;
    Ok(Answer::Object(shown(desk, domain, call)))
}

/// Writes a domain as this read sees it, and counts the read where something lags.
fn shown(desk: &mut Desk<'_>, domain: Domain, call: &Call) -> Value {
    let settings = seen(desk, &domain);
    json(desk, &domain, &settings, call)
}

/// Gives the settings that this read sees, and counts it where something lags.
pub(super) fn seen(desk: &mut Desk<'_>, domain: &Domain) -> Settings {
    let Some(lagging) = &domain.lagging else {
        return domain.settings.clone();
    };
    let before = lagging.before.clone();
    let left = lagging.reads_left.saturating_sub(1);
    let lagging = (left > 0).then(|| Lagging {
        before: before.clone(),
        reads_left: left,
    });
    desk.commit(Change::Domain(Box::new(Domain {
        lagging,
        ..domain.clone()
    })));
    before
}

/// What part of the settings a call changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// Status, whois, renewal.
    Properties,
    /// Contacts or name servers.
    Ties,
}

/// Stores new settings; whether reads lag behind depends on the dialect and on what was changed.
pub(super) fn store(desk: &mut Desk<'_>, domain: Domain, settings: Settings, part: Part) {
    let changed = settings != domain.settings;
    let lags = match (desk.dialect.lag, part) {
        (Lag::All, Part::Properties | Part::Ties) | (Lag::Settings, Part::Properties) => true,
        (Lag::None, Part::Properties | Part::Ties) | (Lag::Settings, Part::Ties) => false,
    };
    // What reads show meanwhile stays what they showed before the first of several writes.
    let before = match &domain.lagging {
        Some(lagging) => lagging.before.clone(),
        None => domain.settings.clone(),
    };
    let lagging = match (lags && changed, &domain.lagging) {
        (true, _) => Some(Lagging {
            before,
            reads_left: LAGGING_READS,
        }),
        (false, lagging) => lagging.clone(),
    };
    desk.commit(Change::Domain(Box::new(Domain {
        settings,
        lagging,
        ..domain
    })));
}

/// `PUT /api/Domain/{handle}`: one result per property, of which some may be refused.
pub(super) fn update(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let domain = desk.domain(call, "handle")?;
    let fields = call.fields()?;
    let mut settings = domain.settings.clone();
    let mut entries = Vec::new();
    let tld = Tld::of(&domain.name);
    let expired = domain.expires <= desk.now;
    let mut told = |name: &str, value: Value, result: Result<(), (u16, &str)>| {
        let result = if expired {
            Err((570, "The status of the object forbids the operation"))
        } else {
            result
        };
        let (code, detail) = result.err().unwrap_or((200, "OK"));
        let data = json!({ "Property": { "Name": name, "Value": value } });
        entries.push(Entry::new(code, detail, data));
    };
    const NOT_HERE: (u16, &str) = (572, "The operation is not allowed for this TLD");
    if let Some(word) = fields.text("Status", (1, 64))? {
        let result = match (locks(&word, desk.dialect.unlock), tld.lockable) {
            (Some(locked), true) => {
                settings.locked = locked;
                Ok(())
            }
            (None, _) | (_, false) => Err(NOT_HERE),
        };
        told("Status", json!(word), result);
    }
    if let Some(anonymous) = fields.boolean("HasAnonymousWhois")? {
        let result = if tld.anonymous_whois {
            settings.anonymous_whois = anonymous;
            Ok(())
        } else {
            Err(NOT_HERE)
        };
        told("HasAnonymousWhois", json!(anonymous), result);
    }
    if let Some(auto_renew) = fields.boolean("AutoRenew")? {
        settings.auto_renew = auto_renew;
        told("AutoRenew", json!(auto_renew), Ok(()));
    }
    if entries.is_empty() {
        return Err(Failure::code(400, "Bad request: nothing to change"));
    }
    if !expired {
        store(desk, domain, settings, Part::Properties);
    }
    Ok(Answer::Results(entries))
}

/// Tells whether a word locks or unlocks; nothing where it does neither.
fn locks(word: &str, unlock: Unlock) -> Option<bool> {
    let word = word.trim();
    if word.eq_ignore_ascii_case("protected") {
        return Some(true);
    }
    word.eq_ignore_ascii_case(unlock.word()).then_some(false)
}

fn json(desk: &Desk<'_>, domain: &Domain, settings: &Settings, call: &Call) -> Value {
    let Domain {
        handle,
        id,
        name,
        holder,
        created,
        expires,
        product,
        auth_info,
        ..
    } = domain;
    let owner = settings
        .contacts
        .get(&Role::Owner)
        .is_some_and(|owner| *owner == call.user);
    let told =
        owner || *holder == call.user || desk.reseller_of(holder) == Some(call.user.as_str());
    let for_owner = |value: Value| if told { value } else { Value::Null };
    let tld = Tld::of(name);
    let locked = match desk.dialect.locked {
        Locked::Protected => "protected",
        Locked::ProtectedCapital => "Protected",
        Locked::Lock => "lock",
    };
    let unlocked = match desk.dialect.unlocked {
        Unlocked::Active => "Active",
        Unlocked::Ok => "ok",
    };
    let status = match (*expires <= desk.now, settings.locked) {
        (true, _) => "expired",
        (false, true) => locked,
        (false, false) => unlocked,
    };
    json!({
        "Id": desk.decimal(*id),
        "Handle": handle,
        "Name": name,
        "Status": desk.state_word(status),
        "Created": desk.date(*created),
        "Expires": desk.date(*expires),
        "Renewal": Value::Null,
        "TldId": tld.id,
        "TldName": tld.name,
        "Registrar": "Namebay",
        "NameCode": Value::Null,
        "AuthInfo": for_owner(json!(auth_info)),
        "AuthInfoExpireson": Value::Null,
        "HasAnonymousWhois": if tld.anonymous_whois { json!(settings.anonymous_whois) } else { Value::Null },
        "AutoRenew": for_owner(json!(settings.auto_renew)),
        "CurrentProductID": product,
    })
}
