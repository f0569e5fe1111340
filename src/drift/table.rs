//! The truth table: file × last applied × live.
//!
//! Knows nothing of what the values are; three sides go in, a class comes out.

use super::Class;

/// What one side says of a value, or of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side<T> {
    /// Nothing at all: the file leaves it alone, the ledger has never known it.
    Silent,
    /// That there is none, or shall be none.
    Nothing,
    /// This.
    Is(T),
}

impl<T> Side<T> {
    /// A value, or silence.
    pub fn or_silent(value: Option<T>) -> Self {
        value.map_or(Side::Silent, Side::Is)
    }

    /// A value, or that there is none.
    pub fn or_nothing(value: Option<T>) -> Self {
        value.map_or(Side::Nothing, Side::Is)
    }
}

/// What a difference is; `None` if there is none. What is live is never silent: it is there or not.
///
/// What was never applied cannot have been changed behind our back: there the file is ahead.
pub fn cell<T: PartialEq>(file: Side<T>, applied: Side<T>, live: Option<T>) -> Option<Class> {
    use Side::{Is, Nothing, Silent};
    match (file, applied, live) {
        // The file wants a value.
        (Is(file), _, Some(live)) if file == live => None,
        (Is(_), Silent | Nothing, _) => Some(Class::Pending),
        (Is(_), Is(_), None) => Some(Class::Missing),
        (Is(file), Is(applied), Some(_)) if applied == file => Some(Class::Drift),
        (Is(_), Is(applied), Some(live)) if applied == live => Some(Class::Pending),
        (Is(_), Is(_), Some(_)) => Some(Class::Conflict),

        // The file wants none.
        (Nothing, _, None) => None,
        (Nothing, Nothing, Some(_)) => Some(Class::Drift),
        (Nothing, Silent, Some(_)) => Some(Class::Pending),
        (Nothing, Is(applied), Some(live)) if applied == live => Some(Class::Pending),
        (Nothing, Is(_), Some(_)) => Some(Class::Conflict),

        // The file leaves it alone: what we applied is still to be let go of, whatever became of it.
        (Silent, _, None) => None,
        (Silent, Is(_), Some(_)) => Some(Class::Pending),
        (Silent, Silent | Nothing, Some(_)) => Some(Class::Unmanaged),
    }
}
