//! Hostings, and the users who bring files to them.

use serde_json::{Value, json};

use super::call::{Answer, Call, Failure, Reply, object};
use super::desk::Desk;
use super::dialect::{FtpAdmin, FtpDir};
use super::fields::Fields;
use super::state::{FtpUser, Hosting, Served};

/// Number, kind, version and system of what hostings run.
const FRAMEWORKS: [(u64, &str, &str, &str); 3] = [
    (11, "PHP", "7.1.12", "Linux"),
    (12, "PHP", "8.2.4", "Linux"),
    (21, "ASP.NET", "4.8", "Windows"),
];

/// `GET /api/Hosting/{hosting_handle}`
pub(super) fn get(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let hosting = find(desk, call)?;
    Ok(Answer::Object(json(&hosting)))
}

/// `PUT /api/Hosting/{hosting_handle}`
pub(super) fn update(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let mut hosting = find(desk, call)?;
    let fields = call.fields()?;
    if let Some(handle) = contact(desk, &fields, "AdminContact")? {
        hosting.admin = handle;
    }
    if let Some(handle) = contact(desk, &fields, "BillingContact")? {
        hosting.billing = handle;
    }
    if let Some(wanted) = fields.get("FrameWork") {
        hosting.framework = framework(wanted)?;
    }
    hosting.auto_renew = fields.boolean("AutoRenew")?.unwrap_or(hosting.auto_renew);
    hosting.statistics = fields.boolean("HasStats")?.unwrap_or(hosting.statistics);
    let answer = json(&hosting);
    desk.serve(Served::Hosting(hosting));
    Ok(Answer::Object(answer))
}

/// `GET /api/Hosting/{hosting_handle}/User`
pub(super) fn list(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let hosting = find(desk, call)?;
    let users = hosting.users.values();
    Ok(Answer::List(
        users.map(|user| user_json(desk, &hosting, user)).collect(),
    ))
}

/// `POST /api/Hosting/{hosting_handle}/User`
pub(super) fn create(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let mut hosting = find(desk, call)?;
    let fields = call.fields()?;
    let password = password(&fields)?;
    let id = desk.state.next_number();
    let mut user = FtpUser {
        id,
        user_name: format!("{}u{id}", hosting.handle.to_ascii_lowercase()),
        password: Some(password),
        full_name: None,
        description: None,
        dir: hosting.root.clone(),
        created: desk.now,
    };
    read(desk, &hosting, &fields, &mut user)?;
    if hosting.users.len() > hosting.ftp_capacity {
        return Err(Failure::code(513, "The quota is exceeded"));
    }
    let answer = user_json(desk, &hosting, &user);
    hosting.users.insert(id, user);
    desk.serve(Served::Hosting(hosting));
    Ok(Answer::Object(answer))
}

/// `PUT /api/Hosting/{hosting_handle}/User/{id}`: the password is needed whatever is changed.
pub(super) fn update_user(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let mut hosting = find(desk, call)?;
    let mut user = find_user(&hosting, call)?;
    let fields = call.fields()?;
    user.password = Some(password(&fields)?);
    read(desk, &hosting, &fields, &mut user)?;
    let answer = user_json(desk, &hosting, &user);
    hosting.users.insert(user.id, user);
    desk.serve(Served::Hosting(hosting));
    Ok(Answer::Object(answer))
}

/// `DELETE /api/Hosting/{hosting_handle}/User/{id}`
pub(super) fn delete(desk: &mut Desk<'_>, call: &Call) -> Reply {
    let mut hosting = find(desk, call)?;
    let user = find_user(&hosting, call)?;
    if hosting.owns(&user) {
        return Err(Failure::code(
            550,
            "Parameter value policy error: the hosting's own user cannot be deleted",
        ));
    }
    let gone = user_json(desk, &hosting, &user);
    hosting.users.remove(&user.id);
    desk.serve(Served::Hosting(hosting));
    Ok(Answer::Deleted(gone))
}

fn find(desk: &Desk<'_>, call: &Call) -> Result<Hosting, Failure> {
    let handle = call.param("hosting_handle").to_ascii_uppercase();
    let found = desk.state.services.hostings.get(&handle);
    found
        .filter(|hosting| desk.reachable(&call.user, &hosting.holder))
        .cloned()
        .ok_or_else(|| Failure::not_found("The hosting"))
}

fn find_user(hosting: &Hosting, call: &Call) -> Result<FtpUser, Failure> {
    let id = call
        .number("id")
        .ok_or_else(|| Failure::model("id", "A number is expected."))?;
    let user = hosting.users.get(&id);
    user.cloned()
        .ok_or_else(|| Failure::not_found("The FTP user"))
}

fn contact(desk: &Desk<'_>, fields: &Fields, name: &str) -> Result<Option<String>, Failure> {
    let Some(value) = fields.get(name) else {
        return Ok(None);
    };
    let contact = Fields::read(value)
        .ok_or_else(|| Failure::model(name, "An object is expected."))?
        .required("Handle", (1, 64))?;
    let known = desk.contact(&contact).is_some();
    match known {
        true => Ok(Some(contact)),
        false => Err(Failure::not_found("The contact")),
    }
}

/// Finds the one framework that a request describes: 404 where there is none, 300 where there are several.
fn framework(wanted: &Value) -> Result<u64, Failure> {
    let fields = Fields::read(wanted)
        .ok_or_else(|| Failure::model("FrameWork", "An object is expected."))?;
    let id = fields.integer("Id")?;
    let texts = [
        fields.text("Type", (0, 64))?,
        fields.text("Version", (0, 64))?,
        fields.text("Os", (0, 64))?,
    ];
    let fits = |framework: &&(u64, &str, &str, &str)| {
        let (number, kind, version, system) = **framework;
        let said = texts.iter().zip([kind, version, system]);
        let mut said = said.filter_map(|(text, is)| Some((text.as_deref()?, is)));
        id.is_none_or(|id| u64::try_from(id) == Ok(number))
            && said.all(|(text, is)| text.eq_ignore_ascii_case(is))
    };
    let found: Vec<u64> = FRAMEWORKS
        .iter()
        .filter(fits)
        .map(|found| found.0)
        .collect();
    match found[..] {
        [one] => Ok(one),
        [] => Err(Failure::not_found("The framework")),
        [..] => Err(Failure::code(300, "Several frameworks match")),
    }
}

/// Reads the password, which the published pattern has to match.
fn password(fields: &Fields) -> Result<String, Failure> {
    let password = fields.required("Pwd", (1, 256))?;
    if allowed(&password) {
        Ok(password)
    } else {
        Err(Failure::code(530, "Invalid attribute value: Pwd"))
    }
}

/// Tells whether a password matches the published pattern: 6 to 20 letters, digits and specials, one of each.
fn allowed(password: &str) -> bool {
    let special = |letter: char| "é'(-è_çà)=#{[|\\@]}$ù*,;:!£%µ?./§¤".contains(letter);
    let has = |kind: &dyn Fn(char) -> bool| password.chars().any(kind);
    (6..=20).contains(&password.chars().count())
        && password
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || special(letter))
        && has(&|letter| letter.is_ascii_digit())
        && has(&|letter| letter.is_ascii_alphabetic())
        && has(&special)
}

/// Takes over what a request says beside the password.
fn read(
    desk: &Desk<'_>,
    hosting: &Hosting,
    fields: &Fields,
    user: &mut FtpUser,
) -> Result<(), Failure> {
    desk.set_text(fields, "FullName", &mut user.full_name)?;
    desk.set_text(fields, "Description", &mut user.description)?;
    if let Some(sent) = fields.text("Dir", (0, 1024))?.filter(|dir| !dir.is_empty()) {
        let dir = dir_in(&sent, &hosting.root, desk.dialect.ftp_dir);
        user.dir = dir.ok_or_else(|| Failure::code(530, "Invalid attribute value: Dir"))?;
    }
    Ok(())
}

/// Reads a directory; nothing where it does not lie in the hosting's.
fn dir_in(sent: &str, root: &str, form: FtpDir) -> Option<String> {
    let whole = match (sent.starts_with('/'), form) {
        (true, _) => sent.to_owned(),
        (false, FtpDir::Relative) => format!("{root}/{sent}"),
        (false, FtpDir::Absolute) => return None,
    };
    let whole = whole.trim_end_matches('/');
    let below = whole.strip_prefix(root)?;
    let mut words = below.split('/');
    let fits = |word: &str| !matches!(word, "" | "." | "..") && !word.chars().any(char::is_control);
    (words.next() == Some("") && words.all(fits)).then(|| whole.to_owned())
}

fn json(hosting: &Hosting) -> Value {
    let runs = FRAMEWORKS.iter().find(|known| known.0 == hosting.framework);
    let runs = runs.map(|(id, kind, version, system)| {
        json!({ "Id": id, "Type": kind, "Version": version, "Os": system })
    });
    json!({
        "HostingHandle": hosting.handle,
        "AdminContact": { "Handle": hosting.admin },
        "BillingContact": { "Handle": hosting.billing },
        "FrameWork": runs,
        "WindowsConfig": Value::Null,
        "AutoRenew": hosting.auto_renew,
        "HasStats": hosting.statistics,
    })
}

fn user_json(desk: &Desk<'_>, hosting: &Hosting, user: &FtpUser) -> Value {
    let owns = hosting.owns(user);
    let usual = match desk.dialect.ftp_admin {
        FtpAdmin::Handle if owns => Some(hosting.handle.as_str()),
        FtpAdmin::Word if owns => Some("Administrator"),
        FtpAdmin::None | FtpAdmin::Handle | FtpAdmin::Word => None,
    };
    let login = match hosting.windows {
        true => format!("{}\\{}", hosting.domain, user.user_name),
        false => user.user_name.clone(),
    };
    object(vec![
        ("Id", Some(desk.decimal(user.id))),
        ("HostingHandle", Some(json!(hosting.handle))),
        ("Host", Some(json!(hosting.domain))),
        ("UserName", Some(json!(user.user_name))),
        ("Login", Some(json!(login))),
        ("Pwd", Some(Value::Null)),
        ("FullName", desk.text(user.full_name.as_deref().or(usual))),
        ("Description", desk.text(user.description.as_deref())),
        ("Dir", Some(json!(user.dir))),
        ("Uid", Some(json!(28_000 + user.id))),
        ("Gid", Some(json!(28_000 + hosting.number))),
        ("DateCre", Some(desk.date(user.created))),
        ("Etat", Some(json!(0))),
        ("IsParent", Some(json!(owns))),
        ("IsFpUser", Some(json!(false))),
        ("IsUnixUser", Some(json!(false))),
        ("IsFtpUser", Some(json!(true))),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_match_the_published_pattern() {
        for good in ["Example#2025a", "a1.bcd", "é1aaaa", "0123456789abcdefgh-."] {
            assert!(allowed(good), "{good}");
        }
        let bad = [
            "a1.bc",
            "0123456789abcdefghi-.",
            "abcdef-",
            "123456-",
            "abc123",
            "abc 12-",
            "abc12&-",
            "abc12+-",
            "ééé123-",
            "abc12~-",
        ];
        for bad in bad {
            assert!(!allowed(bad), "{bad}");
        }
    }

    #[test]
    fn a_directory_lies_in_that_of_the_hosting() {
        let root = "/var/www/sites/h1";
        let read = |sent| dir_in(sent, root, FtpDir::Relative);
        assert_eq!(read(root), Some(root.to_owned()));
        assert_eq!(read("/var/www/sites/h1/a/"), Some(format!("{root}/a")));
        assert_eq!(read("a/b"), Some(format!("{root}/a/b")));
        for bad in ["/var/www/sites/h10", "/var/www", "../h2", "a//b", "/"] {
            assert_eq!(read(bad), None, "{bad}");
        }
        assert_eq!(dir_in("a", root, FtpDir::Absolute), None);
    }
}
