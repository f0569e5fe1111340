//! Work: what is written, what came of it, and where a wish came from.

use super::address::{Address, Kind, Unit};
use super::attrs::Attrs;
use super::secret::Secret;
use super::world::{Admitted, Handle, LastSeen, Time};
use crate::diag::Place;
use std::sync::Arc;

/// A template or group through which a value came.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct Via {
    /// `template.parked`, `group.acme`.
    pub name: Box<str>,
    /// File in which it is used.
    pub file: Arc<str>,
    /// Line on which it is used.
    pub line: u32,
}

/// The line that wrote a value, and how it came to the object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The line.
    pub place: Place,
    /// Templates and groups, outermost first.
    pub via: Option<Arc<[Via]>>,
    /// The file's own words beside it (`note = "…"`).
    pub note: Option<Arc<str>>,
}

/// What a write does.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// Makes it.
    Create,
    /// Changes it in place.
    Update,
    /// Destroys it.
    Delete,
}

/// What an order asks for; empty until orders are built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// The product.
    pub product: i64,
    /// Years.
    pub period: u32,
}

/// One writing request, said in the model's words.
///
/// Of a set's member, `before` and `after` hold the member's data: a create has only `after`, a delete only
/// `before`, an update both, and `unit.part` is then the old member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Write {
    /// What it changes.
    pub unit: Unit,
    /// How.
    pub action: Action,
    /// What is expected to be there.
    pub before: Attrs,
    /// What shall be there.
    pub after: Attrs,
    /// What the provider calls the unit (a record's id; of facets and objects, the object's handle).
    pub handle: Option<Handle>,
    /// What the provider calls the object it lives in (a record: its zone).
    pub within: Option<Handle>,
    /// What it buys.
    pub order: Option<Order>,
}

impl Write {
    /// The secrets that its answer alone will tell: those that its kind has and no secret of the file
    /// replaces.
    pub fn one_time_secrets(&self) -> Vec<&'static str> {
        match self.action {
            Action::Create => unsaid(self.unit.address.kind, &self.after),
            Action::Update | Action::Delete => Vec::new(),
        }
    }
}

/// The secrets of a kind that making one with these attributes leaves to the provider.
pub fn unsaid(kind: Kind, after: &Attrs) -> Vec<&'static str> {
    let said = |name: &&&'static str| !after.secret_names().any(|own| own == **name);
    let all = kind.one_time_secrets().iter();
    all.filter(said).copied().collect()
}

/// What a server, or we, said about a failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// HTTP status, if there was one.
    pub status: Option<u16>,
    /// The provider's code as text, else ours (`net.timeout`).
    pub code: Box<str>,
    /// In words, without secrets; may hold server text, to be escaped where shown.
    pub text: Box<str>,
}

impl Reason {
    /// One of our own.
    pub fn ours(code: &str, text: impl Into<String>) -> Self {
        Self {
            status: None,
            code: code.into(),
            text: text.into().into(),
        }
    }
}

/// Whom or what something waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum On {
    /// The provider works on it.
    Provider,
    /// A person has to do something.
    Person {
        /// What.
        what: Box<str>,
        /// Where.
        place: Box<str>,
    },
    /// The DNS has to show something.
    Dns,
    /// Not before.
    Time {
        /// Until then.
        until: Time,
    },
}

/// Something accepted and not finished.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// What it waits for.
    pub on: On,
    /// What identifies it at the provider.
    pub order: Box<str>,
    /// What it will be: registered, renewed, transferred, issued, raised or changed.
    pub goal: Box<str>,
}

/// What came of a write, told apart by what can be done next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Done.
    Done {
        /// What the provider calls it now.
        handle: Option<Handle>,
        /// What the provider named.
        outputs: Attrs,
    },
    /// Answered with a no.
    Refused(Reason),
    /// Never left this machine, or certainly not taken.
    NotSent(Reason),
    /// Sent, and no usable answer.
    Unknown(Reason),
    /// Taken, and not finished.
    Pending(Pending),
}

/// An outcome with what may not be kept.
#[derive(Debug)]
pub struct Answer {
    /// For the journal.
    pub outcome: Outcome,
    /// One-time secrets, by field.
    pub sealed: Vec<(&'static str, Secret)>,
}

impl From<Outcome> for Answer {
    fn from(outcome: Outcome) -> Self {
        Self {
            outcome,
            sealed: Vec::new(),
        }
    }
}

/// What to read.
#[derive(Debug, Clone, Copy)]
pub struct Wish<'a> {
    /// What the file declares, of all accounts; a provider reads what its own account needs.
    pub desired: &'a Admitted,
    /// Only this object and what is below it.
    pub below: Option<&'a Address>,
    /// What the ledger knows of this account.
    pub recorded: &'a [(Address, Option<Handle>)],
    /// Writes whose outcome is not known.
    pub open: &'a [(Write, Option<Pending>)],
    /// What was remembered.
    pub seen: Option<&'a LastSeen>,
}

/// Prices and availability for orders; empty until orders are built.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Offers {}

/// Why a step is there.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// The file names it and nothing else does.
    NewInFile,
    /// The file changed since the last apply.
    EditedInFile,
    /// The provider's side changed since the last apply.
    ChangedOutside,
    /// Both changed.
    Both,
    /// It was applied, and is gone.
    Missing,
    /// The file does not name it (any more).
    NotInFile,
    /// It ends soon.
    RenewalDue,
    /// More capacity is declared.
    Capacity,
    /// The source of a secret changed.
    SecretChanged,
    /// It is there already.
    Adopted,
    /// Asked for.
    Resend,
    /// A later facet.
    Progress,
    /// What a provider put into a new zone.
    ProviderDefault,
    /// Another change makes it necessary.
    ForcedBy,
}

impl Cause {
    /// The word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Cause::NewInFile => "new-in-file",
            Cause::EditedInFile => "edited-in-file",
            Cause::ChangedOutside => "changed-outside",
            Cause::Both => "both",
            Cause::Missing => "missing",
            Cause::NotInFile => "not-in-file",
            Cause::RenewalDue => "renewal-due",
            Cause::Capacity => "capacity",
            Cause::SecretChanged => "secret-changed",
            Cause::Adopted => "adopted",
            Cause::Resend => "resend",
            Cause::Progress => "progress",
            Cause::ProviderDefault => "provider-default",
            Cause::ForcedBy => "forced-by",
        }
    }
}
