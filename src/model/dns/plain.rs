//! Names that are canonical as they stand, told at one glance: most of a zone are, and need not be built anew.
//!
//! It says yes only where the long way would give the very same text back, and no wherever it is not sure.

use super::name::{LABEL, WIRE};

/// True for one label of lower-case letters, digits, `-` and `_`.
pub(super) fn is_label(text: &str) -> bool {
    let usual = |octet: u8| matches!(octet, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_');
    (1..=LABEL).contains(&text.len()) && text.bytes().all(usual)
}

/// True for such labels with a dot after each.
pub(super) fn is_absolute(text: &str) -> bool {
    // Each dot stands for the length of a label; the root's comes on top.
    text.len() < WIRE
        && text
            .strip_suffix('.')
            .is_some_and(|bare| bare.split('.').all(is_label))
}
