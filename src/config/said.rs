//! What the configuration says: the kinds of problems with their fixed sentences, and how keys, lists and
//! guesses are put into words.
//!
//! A title never holds user data, so that people learn to recognise it; the message beside it does.

use crate::diag::Code;
use std::fmt::Display;

macro_rules! codes {
    ($($name:ident = $id:literal, $title:literal;)+ => $($found:ident = $whole:literal, $about:literal;)+) => {
        $(#[doc = $title] pub(crate) const $name: Code = Code { id: concat!("config.", $id), title: $title };)+
        $(#[doc = $about] pub(crate) const $found: Code = Code { id: $whole, title: $about };)+
        /// All of them, for documentation and tests.
        pub const CODES: &[Code] = &[$($name,)+ $($found),+];
    };
}

codes! {
    SYNTAX = "syntax", "The file is not valid TOML";
    DUPLICATE_KEY = "duplicate-key", "A key is defined twice";
    UNREADABLE = "unreadable", "A file cannot be read";
    TOO_LARGE = "too-large", "The configuration is larger than allowed";
    PATH = "path", "A path leaves the folder of its file";
    UNKNOWN_KEY = "unknown-key", "A key is not known";
    MISSING_KEY = "missing-key", "A key is missing";
    WRONG_TYPE = "wrong-type", "A value has the wrong type";
    WORD = "word", "A value is none of the known words";
    RANGE = "range", "A number is out of range";
    SECRET_LITERAL = "secret-literal", "A secret is written in the file";
    SECRET_FORM = "secret-form", "A secret's source is not understood";
    SECRET_SOURCE = "secret-source", "A secret cannot be fetched";
    RECIPIENT = "recipient", "A recipient of one-time secrets cannot be used";
    WRITTEN_TWICE = "written-twice", "A value is written twice";
    FIRST_FILE = "first-file", "This block stands in the first file only";
    NOT_SUPPORTED_YET = "not-supported-yet", "Not supported yet";
    REQUIRES = "requires", "The file was written for another version of bailiwick";
    DAY = "day", "The calendar has no such day";
    AMOUNT = "amount", "This is no amount of money";
    DURATION = "duration", "This is no duration";
    RATE = "rate", "This is no rate";
    ENDPOINT = "endpoint", "An endpoint cannot be used";
    TRUST = "trust", "Something must be trusted from outside the file";
    ACCOUNT = "account", "An account is not complete";
    ACCOUNT_UNKNOWN = "account-unknown", "An account is not known";
    ACCOUNT_WANTED = "account-wanted", "It is not said which account this belongs to";
    ACCOUNT_TWICE = "account-twice", "Two accounts are the same";
    LOGIN = "login", "A login cannot be shared";
    CONTACT = "contact", "A contact cannot be used";
    TEMPLATE_UNKNOWN = "template-unknown", "A template is not known";
    TEMPLATE_UNUSED = "template-unused", "A template is not used";
    GROUPS_DIFFER = "groups-differ", "Two groups do not agree";
    GROUP_EMPTY = "group-empty", "A group has no domains";
    PLACEHOLDER = "placeholder", "A placeholder is not set";
    EXCEPT = "except", "An exception leaves nothing out";
    NAME = "name", "A name cannot be used";
    EXTERNAL = "external", "The domain is registered elsewhere";
    NAME_SERVERS = "name-servers", "The name servers cannot be used";
    GLUE = "glue", "A name server below the domain needs an address";
    RECORD = "record", "A record cannot be used";
    RECORD_TTL = "record-ttl", "The provider has one TTL per zone";
    RECORD_TWICE = "record-twice", "A record is defined twice";
    ZONE = "zone", "Records cannot stand together";
    MASTER_FILE = "master-file", "A master file is not understood";
    REDIRECT = "redirect", "A redirection cannot be used";
    MAILBOX = "mailbox", "A mailbox cannot be used";
    MAIL_ADDRESS = "mail-address", "This is no mail address";
    AUTORESPONDER = "autoresponder", "An automatic answer cannot be used";
    FTP_USER = "ftp-user", "An FTP user cannot be used";
    CAPACITY = "capacity", "More is declared than there is room for";
    PATTERN = "pattern", "A pattern is not understood";
    NOTIFY = "notify", "A notification cannot be used";
    ALLOW = "allow", "A consent is not complete";
    =>
    MX_ELSEWHERE = "mailbox.mx-elsewhere", "The zone sends mail elsewhere";
}

/// True for keys whose values are secrets, for what looks like one, and for addresses, in which people
/// write credentials.
pub(crate) fn is_secret_key(key: &str) -> bool {
    const WORDS: [&str; 7] = [
        "pass",
        "secret",
        "token",
        "auth_code",
        "api_key",
        "webhook",
        "_url",
    ];
    let key = key.to_ascii_lowercase();
    key == "key" || key == "username" || WORDS.iter().any(|word| key.contains(word))
}

/// True for blocks of which most keys are secrets: nothing that is wrong in them is shown.
pub(crate) fn holds_secrets<S: AsRef<str>>(path: &[S]) -> bool {
    let mut path = path.iter().map(AsRef::as_ref);
    match path.next() {
        Some("account" | "notify") => true,
        Some("domain" | "group") => matches!(path.nth(1), Some("mailbox" | "hosting")),
        Some(_) | None => false,
    }
}

/// A path of keys as a header: `[domain."example.com".zone]`.
pub(crate) fn header<S: AsRef<str>>(path: &[S]) -> String {
    if path.is_empty() {
        return "the file".to_owned();
    }
    let keys: Vec<String> = path.iter().map(|key| quoted(key.as_ref())).collect();
    format!("[{}]", keys.join("."))
}

/// A key as it must be written.
pub(crate) fn quoted(key: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if !key.is_empty() && key.chars().all(bare) {
        key.to_owned()
    } else {
        format!("{key:?}")
    }
}

/// `a, b and c`.
pub(crate) fn listed<T: Display>(items: impl IntoIterator<Item = T>) -> String {
    let items: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
    match &items[..] {
        [] => "none".to_owned(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} or {last}", most.join(", ")),
    }
}

/// The nearest of the known words, if one is near.
pub(crate) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = match word.chars().count() {
        0..=2 => 1,
        3..=7 => 2,
        _ => 3,
    };
    let word = word.replace('-', "_").to_lowercase();
    known
        .into_iter()
        .map(|name| {
            (
                strsim::damerau_levenshtein(&word, &name.replace('-', "_")),
                name,
            )
        })
        .filter(|(distance, name)| *distance <= allowed && *distance < name.len())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// What to write instead of a word: the nearest, else all.
pub(crate) fn one_of<'a>(word: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> String {
    match nearest(word, known.clone()) {
        Some(near) => format!("did you mean \"{near}\"?"),
        None => format!(
            "write {}",
            listed(known.into_iter().map(|name| format!("\"{name}\"")))
        ),
    }
}
