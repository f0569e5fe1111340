//! What the walk found: changes, and what is told beside them.

use crate::model::Severity;
use crate::model::{Address, Attrs, Cause, Need, Origin, Unit};

/// What a change does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Makes the object.
    Create,
    /// Changes it in place; of a set, also a value more or less.
    Update,
    /// Destroys it.
    Delete,
    /// A note: live equals the file; with nothing after, that a part is no longer managed.
    Adopt,
    /// A note: no longer declared.
    Forget,
}

/// One unit to be changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Which.
    pub unit: Unit,
    /// How.
    pub act: Act,
    /// What is there, of what changes.
    pub before: Attrs,
    /// What shall be there.
    pub after: Attrs,
    /// What was applied last.
    pub applied: Attrs,
    /// True if the unit is live, with `before`; false if nothing may be there.
    pub there: bool,
    /// Why.
    pub reason: Cause,
    /// The line, where the file has one.
    pub origin: Option<Origin>,
    /// What comes before.
    pub needs: Vec<Need>,
    /// Hangs on the making of that object, which comes filled.
    pub below_new: Option<Box<Address>>,
}

/// Something that is not done.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    /// The object.
    pub address: Address,
    /// `domain.not-owned` and the like.
    pub code: &'static str,
    /// In words.
    pub reason: String,
    /// The line.
    pub origin: Option<Origin>,
}

/// Something that is told.
#[derive(Debug, Clone, PartialEq)]
pub struct Note {
    /// `record.beside` and the like.
    pub code: &'static str,
    /// How serious.
    pub severity: Severity,
    /// The object.
    pub address: Address,
    /// In words.
    pub message: String,
    /// The line.
    pub origin: Option<Origin>,
}

/// Everything the walk found.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// In order of unit.
    pub list: Vec<Change>,
    /// Not done.
    pub held: Vec<Held>,
    /// Known to neither file nor ledger.
    pub unmanaged: Vec<Address>,
    /// Told.
    pub notes: Vec<Note>,
    /// Declared addresses that are as the file says.
    pub unchanged: usize,
    /// How many comparisons of units were made; the tests hold it to be linear.
    pub compared: usize,
}
