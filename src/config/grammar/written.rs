//! A block as it can be written down again: keys and values, each with the place it came from.
//!
//! It is a tree of values of TOML; how it is laid out over lines is not known here.

use super::value::At;
use toml_edit::{InlineTable, Value};

/// Keys of a block, in the order of its declaration.
pub(crate) type Keys = Vec<(&'static str, Written)>;

/// What stands behind a key.
#[derive(Debug, Clone)]
pub(crate) enum Written {
    /// A single value.
    Value(At<Value>),
    /// A list that adds up: each item has its own place.
    List(Vec<At<Value>>),
    /// A table with free keys.
    Keyed(Vec<(Box<str>, At<Value>)>),
    /// A block of its own.
    Block(At<Keys>),
    /// Blocks under names that people give.
    Blocks(Vec<(Box<str>, At<Keys>)>),
}

/// A block in the place of a value; blocks below it have no place there.
pub(crate) fn inline(keys: Keys) -> Value {
    let mut table = InlineTable::new();
    for (key, written) in keys {
        match written {
            Written::Value(at) => {
                table.insert(key, at.value);
            }
            Written::List(items) => {
                let items: toml_edit::Array = items.into_iter().map(|at| at.value).collect();
                table.insert(key, items.into());
            }
            Written::Keyed(_) | Written::Block(_) | Written::Blocks(_) => {}
        }
    }
    table.into()
}
