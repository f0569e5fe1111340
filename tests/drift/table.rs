//! F1: file × last applied × live, each cell.

use bailiwick::drift::Side::{Is, Nothing, Silent};
use bailiwick::drift::{Class, Side, cell};

#[test]
fn f1_every_cell_is_exactly_one_class_or_none() {
    use Class::{Conflict, Drift, Missing, Pending, Unmanaged};
    // `a`, `b` and `c` are three values; two sides agree where they hold the same letter.
    type Cell = (Side<char>, Side<char>, Option<char>, Option<Class>);
    let table: [Cell; 28] = [
        // The file wants a value: with the live side equal there is nothing to say, whoever made it so.
        (Is('a'), Silent, Some('a'), None),
        (Is('a'), Nothing, Some('a'), None),
        (Is('a'), Is('a'), Some('a'), None),
        (Is('a'), Is('b'), Some('a'), None),
        // It was never applied.
        (Is('a'), Silent, Some('b'), Some(Pending)),
        (Is('a'), Nothing, Some('b'), Some(Pending)),
        (Is('a'), Silent, None, Some(Pending)),
        (Is('a'), Nothing, None, Some(Pending)),
        // It was applied.
        (Is('a'), Is('a'), Some('b'), Some(Drift)),
        (Is('a'), Is('b'), Some('b'), Some(Pending)),
        (Is('a'), Is('b'), Some('c'), Some(Conflict)),
        (Is('a'), Is('a'), None, Some(Missing)),
        (Is('a'), Is('b'), None, Some(Missing)),
        // The file wants none.
        (Nothing, Silent, None, None),
        (Nothing, Nothing, None, None),
        (Nothing, Is('a'), None, None),
        (Nothing, Silent, Some('a'), Some(Pending)),
        (Nothing, Nothing, Some('a'), Some(Drift)),
        (Nothing, Is('a'), Some('a'), Some(Pending)),
        (Nothing, Is('a'), Some('b'), Some(Conflict)),
        // The file leaves it alone.
        (Silent, Silent, None, None),
        (Silent, Nothing, None, None),
        (Silent, Is('a'), None, None),
        (Silent, Silent, Some('a'), Some(Unmanaged)),
        (Silent, Nothing, Some('a'), Some(Unmanaged)),
        (Silent, Is('a'), Some('a'), Some(Pending)),
        (Silent, Is('a'), Some('b'), Some(Pending)),
        (Is('a'), Is('c'), Some('b'), Some(Conflict)),
    ];
    for (file, applied, live, class) in table {
        let found = cell(file, applied, live);
        assert_eq!(found, class, "{file:?} {applied:?} {live:?}");
    }
}

/// What counts as drift needs a side that was applied, or a whole that was.
#[test]
fn what_was_never_applied_was_not_changed_behind_our_back() {
    for file in [Silent, Nothing, Is('a')] {
        for live in [None, Some('a'), Some('b')] {
            let class = cell(file, Silent, live);
            assert!(!matches!(
                class,
                Some(Class::Drift | Class::Conflict | Class::Missing)
            ));
        }
    }
}
