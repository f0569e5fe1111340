//! What an answer says: yes, no, or nothing that can be used.
//!
//! Namebay says no with a list of `{Code, Detail, Data}`, under any status, 200 included; codes up to 500 are those of
//! HTTP, codes from 510 are its own and no trouble of a server; 300 means "ambiguous" and leads nowhere else. The
//! framework below it says `{Message}` instead, and the auth host `{error}`. The code of the body counts before the
//! status. Nothing here knows which call was made.

use std::fmt::Write as _;

use crate::http::{self, BodyError, Failure, Response, SendError, Verdict};
use crate::model::{Outcome, Reason};
use crate::provider::ProviderError;

use super::api::lenient::{Listed, Loose, Many, Text, Whole};
use super::api::wire;

/// The longest text of the server that is passed on.
const DETAIL_LIMIT: usize = 400;

wire! {
    /// What a result is about; anything else in it is passed over.
    Culprit {
        property: Loose<Property> = "Property",
        name: Text = "Name",
        role: Text = "Type",
    }
}

wire! {
    /// The property that a result of `PUT Domain` is about.
    Property {
        name: Text = "Name",
    }
}

wire! {
    /// One result: of Namebay (`Code`, `Detail`, `Data`), of the framework (`Message`), or of the auth host (`error`).
    Entry {
        code: Whole = "Code",
        detail: Text = "Detail",
        data: Loose<Culprit> = "Data",
        message: Text = "Message",
        error: Text = "error",
        description: Text = "error_description",
    }
}

wire! {
    /// An object that carries results beside what it is.
    Carrier {
        errors: Many<Loose<Entry>> = "Errors",
    }
}

impl Entry {
    /// What it says, in its own words.
    pub(super) fn said(&self) -> Option<String> {
        let words = [&self.detail, &self.message, &self.description, &self.error];
        let said = words.into_iter().find_map(Text::word)?;
        Some(said.chars().take(DETAIL_LIMIT).collect())
    }

    /// What it is about: a property, a name, a role.
    fn about(&self) -> Option<&str> {
        let Culprit {
            property,
            name,
            role,
        } = &self.data.0;
        [&property.0.name, name, role]
            .into_iter()
            .find_map(Text::word)
    }

    /// The name of the property it is about, of `PUT Domain`.
    pub(super) fn property(&self) -> Option<&str> {
        self.data.0.property.0.name.word()
    }

    /// Takes a secret out of its words, in case the server repeats it.
    pub(super) fn mask(&mut self, secret: &str) {
        let Culprit {
            property,
            name,
            role,
        } = &mut self.data.0;
        let words = [
            &mut self.detail,
            &mut self.message,
            &mut self.description,
            &mut self.error,
            &mut property.0.name,
            name,
            role,
        ];
        for text in words {
            text.mask(secret);
        }
    }

    /// True if it reports something done.
    pub(super) fn is_done(&self) -> bool {
        self.code.0 == Some(200)
    }
}

/// How a refusal was worded, which tells a call that does not exist from an object that does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// By Namebay: entries with codes.
    Coded,
    /// By something before it.
    Other,
}

/// An answer that says no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    /// The HTTP status.
    pub(super) status: u16,
    /// How it was worded.
    pub(super) shape: Shape,
    /// What was said.
    pub(super) entries: Vec<Entry>,
    /// The request, as messages show it.
    pub(super) request: Box<str>,
}

/// Why a call brought nothing, by what can be done about it.
#[derive(Debug)]
pub(super) enum Fault {
    /// The credentials are refused, and nothing else will fare better.
    Credentials(Reason),
    /// It was certainly not taken.
    NotSent(Reason),
    /// No usable answer: it may have been taken.
    Silent(Reason),
    /// Answered with a yes whose content makes no sense.
    Nonsense(Reason),
    /// Answered with a no.
    Refused(Refusal),
}

/// What an answer amounts to.
#[derive(Debug)]
pub(super) enum Said {
    /// Yes.
    Yes,
    /// No.
    No(Shape, Vec<Entry>),
    /// Nothing usable, in words.
    Nothing(String),
}

/// Whether an answer is one, for [`http::Link`].
pub(super) fn judge(response: &Response) -> Verdict {
    match said(response) {
        Said::Yes | Said::No(..) => Verdict::Answer,
        Said::Nothing(_) => Verdict::Trouble,
    }
}

/// Sorts an answer.
pub(super) fn said(response: &Response) -> Said {
    let status = response.status;
    if response.is_success() {
        if response.is_markup() {
            return Said::Nothing(BodyError::Markup.to_string());
        }
        if let Some(cut) = cut(&response.body) {
            return Said::Nothing(BodyError::Cut(cut).to_string());
        }
        let results = if mentions_code(&response.body) {
            let results = coded(&response.body);
            if results.is_empty() {
                carried(&response.body)
            } else {
                results
            }
        } else {
            Vec::new()
        };
        return if results.iter().all(Entry::is_done) {
            Said::Yes
        } else {
            Said::No(Shape::Coded, results)
        };
    }
    let results = coded(&response.body);
    if !results.is_empty() {
        // A server that failed inside does not know what it did before.
        let failed = results.iter().all(|entry| entry.code.0 == Some(500));
        return if failed {
            Said::Nothing(worded(&results))
        } else {
            Said::No(Shape::Coded, results)
        };
    }
    let entries = uncoded(&response.body);
    match status {
        408 | 500 | 502..=504 | 506..=509 => Said::Nothing(if entries.is_empty() {
            described(response)
        } else {
            worded(&entries)
        }),
        // Namebay's codes begin here and have no page for people; what has one (Cloudflare's 52x) is not Namebay.
        510.. if response.is_markup() => Said::Nothing(BodyError::Markup.to_string()),
        _ => Said::No(Shape::Other, entries),
    }
}

fn described(response: &Response) -> String {
    if response.is_markup() {
        BodyError::Markup.to_string()
    } else if response.body.trim_ascii().is_empty() {
        "the answer is empty".to_owned()
    } else {
        "the answer is none of Namebay's".to_owned()
    }
}

fn worded(entries: &[Entry]) -> String {
    let said: Vec<String> = entries.iter().filter_map(Entry::said).collect();
    if said.is_empty() {
        "the server failed inside".to_owned()
    } else {
        said.join("; ")
    }
}

/// The results that carry a code.
fn coded(body: &[u8]) -> Vec<Entry> {
    let mut entries = entries(body);
    entries.retain(|entry| entry.code.0.is_some());
    entries
}

/// The results that one object carries beside what it is (`Errors`). Those of a list's items are their own.
fn carried(body: &[u8]) -> Vec<Entry> {
    match http::decode::<Listed<Loose<Carrier>>>(body) {
        Ok(Listed::One(Loose(carrier))) => {
            let entries = carrier.errors.0.into_iter().map(|Loose(entry)| entry);
            entries.filter(|entry| entry.code.0.is_some()).collect()
        }
        Ok(Listed::List(_) | Listed::Null) | Err(_) => Vec::new(),
    }
}

/// What the framework or the auth host said.
fn uncoded(body: &[u8]) -> Vec<Entry> {
    let mut entries = entries(body);
    entries.retain(|entry| entry.said().is_some());
    entries
}

fn entries(body: &[u8]) -> Vec<Entry> {
    match http::decode::<Listed<Loose<Entry>>>(body) {
        Ok(Listed::List(entries)) => entries.into_iter().map(|Loose(entry)| entry).collect(),
        Ok(Listed::One(Loose(entry))) => vec![entry],
        Ok(Listed::Null) | Err(_) => Vec::new(),
    }
}

/// Spares long lists a second reading: without this word, in any case and in quotes, there is no result in them.
fn mentions_code(body: &[u8]) -> bool {
    /// So many places are looked at together, and one by one only where two letters of the word are among them.
    const STRETCH: usize = 64;
    const REST: usize = 5;
    let is_code = |six: &[u8]| {
        six[0] == b'"' && six[REST] == b'"' && six[1..REST].eq_ignore_ascii_case(b"code")
    };
    let mut places = body;
    while let Some((stretch, _)) = places.split_at_checked(STRETCH + REST) {
        let letters = stretch[2..].iter().zip(&stretch[3..]).zip(&stretch[REST..]);
        let maybe = letters.fold(false, |found, ((o, d), quote)| {
            found | (o | 0x20 == b'o' && d | 0x20 == b'd' && *quote == b'"')
        });
        if maybe && stretch.windows(REST + 1).any(is_code) {
            return true;
        }
        places = &places[STRETCH..];
    }
    places.windows(REST + 1).any(is_code)
}

/// The length of a JSON list or object that does not end, judged by its last character alone.
fn cut(body: &[u8]) -> Option<usize> {
    let text = body
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(body)
        .trim_ascii();
    let end = match text.first()? {
        b'[' => b']',
        b'{' => b'}',
        _ => return None,
    };
    (text.last() != Some(&end)).then_some(body.len())
}

impl Refusal {
    /// The code: the first that is no success, else the status.
    pub(super) fn code(&self) -> i64 {
        self.entries
            .iter()
            .find_map(|entry| entry.code.0.filter(|code| *code != 200))
            .unwrap_or_else(|| i64::from(self.status))
    }

    /// True if it says that there is nothing (a list that is empty, an object that is gone).
    pub(super) fn is_nothing(&self) -> bool {
        self.shape == Shape::Coded && self.code() == 404
    }

    /// True if there is no such call: 405 and 501 say so in every form, 404 only where it was not Namebay that
    /// answered.
    pub(super) fn is_no_call(&self) -> bool {
        matches!(self.code(), 405 | 501) || (self.shape == Shape::Other && self.status == 404)
    }

    /// True if it is about who asks.
    pub(super) fn is_about_rights(&self) -> bool {
        matches!(self.code(), 401 | 403)
    }

    /// True if the way a record was written may be the reason: it was not taken, and may be written another way.
    pub(super) fn is_about_spelling(&self) -> bool {
        matches!(self.code(), 400 | 530 | 550 | 552)
    }

    /// What to tell.
    pub(super) fn reason(&self) -> Reason {
        let code = self.code();
        let mut text = self.request.to_string();
        let _ = write!(text, ": {}", meaning(code).unwrap_or("refused"));
        let said: Vec<String> = self
            .entries
            .iter()
            .filter(|entry| !entry.is_done())
            .filter_map(|entry| match (entry.about(), entry.said()) {
                (Some(about), Some(said)) => Some(format!("{about}: {said}")),
                (Some(about), None) => Some(about.to_owned()),
                (None, said) => said,
            })
            .collect();
        if !said.is_empty() {
            let _ = write!(text, " ({})", said.join("; "));
        }
        if let Some(advice) = advice(code) {
            let _ = write!(text, ". {advice}");
        }
        Reason {
            status: Some(self.status),
            code: code.to_string().into(),
            text: text.into(),
        }
    }
}

/// The table of codes, in the contract's words.
fn meaning(code: i64) -> Option<&'static str> {
    Some(match code {
        300 => "the handle is ambiguous",
        400 => "the request is malformed",
        401 => "not authorised",
        403 => "not allowed",
        404 => "not found, or no right to see it",
        405 | 501 => "there is no such call",
        500 => "the server failed inside",
        510 => "the object does not exist",
        511 => "the object has expired",
        512 => "the object's parent does not exist",
        513 => "the quota is exceeded",
        515 => "the status is invalid",
        520 => "a required attribute is missing",
        525 => "it exists already",
        530 => "an attribute has an invalid value",
        550 => "a value breaks a policy",
        551 => "a value is given twice",
        552 => "name and handle do not match",
        570 => "the object's status forbids it",
        572 => "not allowed for this TLD",
        580 => "the registry cannot be reached",
        581 => "the command failed at the registry",
        696 => "the zone is hosted by Namebay",
        700 => "the request is invalid",
        702 => "the zone is not found",
        703 => "the zone is inactive",
        706 => "an unexpected error",
        707 => "the zone exists already",
        712 => "no permission on the domain",
        713 => "Advanced DNS Management is not active",
        714 => "the domain's first name server is not Namebay's",
        718 => "the SOA record is invalid",
        _ => return None,
    })
}

/// What to do, where that can be said.
fn advice(code: i64) -> Option<&'static str> {
    Some(match code {
        401 => "Look at user, username and password of the account",
        511 => "Renew it, or take it out of the file",
        510 => "Register the host at the registry first, or write another name server",
        570 | 703 => "Look at its status in Namebay's panel",
        580 | 581 => "Try again later",
        712 => "The account's user must be owner, admin, tech or reseller of the domain",
        713 => {
            "Order Advanced DNS Management for the domain, or have it activated for the reseller"
        }
        714 => {
            "Write name_servers = [\"dns1.namebay.com\", \"dns2.namebay.com\"] for the domain, and apply again once \
                the registry shows them"
        }
        _ => return None,
    })
}

/// Says what a request without an answer came to.
pub(super) fn fault(failure: &Failure) -> Fault {
    match &failure.error {
        SendError::NotSent(_) => Fault::NotSent(unsent(failure)),
        SendError::OutcomeUnknown(_) => Fault::Silent(unsent(failure)),
    }
}

fn unsent(failure: &Failure) -> Reason {
    let reason = failure.error.reason();
    let code = match reason {
        http::Reason::Malformed(_) => "net.malformed",
        http::Reason::Setup(_) => "net.setup",
        http::Reason::Connect(_) => "net.connect",
        http::Reason::Untrusted(_) => "net.untrusted",
        http::Reason::Timeout(_) => "net.timeout",
        http::Reason::Broken { .. } => "net.broken",
        http::Reason::TooLarge { .. } => "net.too-large",
        http::Reason::Trouble { .. } => "net.trouble",
        http::Reason::Busy => "net.busy",
        http::Reason::Wait { .. } => "net.wait",
        http::Reason::Held => "net.held",
        http::Reason::Withdrawn(_) => "net.withdrawn",
    };
    let mut text = failure.to_string();
    match reason {
        http::Reason::Trouble {
            status: 200..300,
            page: false,
        } => {
            text.push_str(". What it answers breaks off in the middle; try again later");
        }
        http::Reason::Trouble { .. } => {
            text.push_str(". ");
            text.push_str(MAINTENANCE);
        }
        http::Reason::Malformed(_)
        | http::Reason::Setup(_)
        | http::Reason::Connect(_)
        | http::Reason::Untrusted(_)
        | http::Reason::Timeout(_)
        | http::Reason::Broken { .. }
        | http::Reason::TooLarge { .. }
        | http::Reason::Busy
        | http::Reason::Wait { .. }
        | http::Reason::Held
        | http::Reason::Withdrawn(_) => {}
    }
    Reason {
        status: reason.status(),
        code: code.into(),
        text: text.into(),
    }
}

/// What to do about an answer that is none.
const MAINTENANCE: &str = "Namebay may be under maintenance, or something between here and there answers in its place; \
                           try again later";

/// Says that an answer cannot be used.
pub(super) fn unusable(request: &str, status: u16, why: &str) -> Reason {
    Reason {
        status: Some(status),
        code: "net.answer".into(),
        text: format!("{request}: {why} (status {status}). {MAINTENANCE}").into(),
    }
}

impl Fault {
    /// What was said.
    pub(super) fn reason(&self) -> Reason {
        match self {
            Fault::Credentials(reason)
            | Fault::NotSent(reason)
            | Fault::Silent(reason)
            | Fault::Nonsense(reason) => reason.clone(),
            Fault::Refused(refusal) => refusal.reason(),
        }
    }

    /// As the outcome of a write.
    pub(super) fn outcome(self) -> Outcome {
        match self {
            Fault::Credentials(reason) | Fault::NotSent(reason) => Outcome::NotSent(reason),
            Fault::Silent(reason) | Fault::Nonsense(reason) => Outcome::Unknown(reason),
            Fault::Refused(refusal) => Outcome::Refused(refusal.reason()),
        }
    }

    /// As the end of reading a whole account.
    pub(super) fn for_account(self) -> ProviderError {
        match self {
            Fault::Credentials(reason) => ProviderError::Credentials(reason),
            Fault::NotSent(reason) | Fault::Silent(reason) => ProviderError::Unavailable(reason),
            Fault::Nonsense(reason) => ProviderError::Answer(reason),
            Fault::Refused(refusal) if refusal.is_about_rights() => {
                ProviderError::Credentials(refusal.reason())
            }
            Fault::Refused(refusal) => ProviderError::Answer(refusal.reason()),
        }
    }
}
