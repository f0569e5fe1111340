//! The policy of the whole tool, as one `match`. The first thing to read.
//!
//! It knows nothing of addresses or attributes: four facts about a unit and what holds around it.

/// Whether the file names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decl {
    /// It does.
    Yes,
    /// It does, and says that there shall be none.
    Gone,
    /// It does not.
    No,
}

/// Whether the ledger knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recd {
    /// It does not.
    No,
    /// As applied or adopted by us.
    Yes,
    /// As no longer declared and left alone.
    Forgotten,
}

/// What was read. Where the file does not name it, `Same` and `Differs` both mean "it is there".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Obs {
    /// Nothing is there.
    Absent,
    /// As the file wants it.
    Same,
    /// Something else.
    Differs,
    /// The provider has no call to read it.
    Unreadable,
}

/// What holds around a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Policy {
    /// It costs money or holds data.
    pub valued: bool,
    /// It is deleted with its line, while the block above stands (records, redirections, FTP users).
    pub child: bool,
    /// The block above it is declared.
    pub parent_stands: bool,
    /// The file is the whole of what is above it.
    pub purge: bool,
    /// An `ignore`, an owner or the kind itself keeps it.
    pub held: bool,
    /// A consent names its destruction, and its provider can.
    pub consent: bool,
    /// `--allow-rebuy` names it.
    pub rebuy: bool,
    /// It is never made here: it has to be bought, or comes with something else.
    pub not_ours_to_make: bool,
}

/// Why something is not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The outcome of an earlier write is not known.
    Doubt,
    /// An earlier write is under way.
    Pending,
    /// It was ours, costs money or holds data, and is gone.
    Missing,
    /// It has to be there first.
    NotThere,
    /// It cannot be read, and making a second one would cost or lose something.
    Unreadable,
}

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Make it.
    Create,
    /// Nothing.
    Keep,
    /// Note that it is there.
    Adopt,
    /// Change it in place.
    Update,
    /// Destroy it.
    Delete,
    /// Note that it is no longer ours.
    Forget,
    /// Tell that it is there.
    Unmanaged,
    /// Tell why nothing is done.
    Blocked(Why),
}

/// Decides about one unit, from (declared, recorded, observed, doubt, pending) under a policy.
pub fn decide(case: (Decl, Recd, Obs, bool, bool), policy: &Policy) -> Verdict {
    use {Decl as D, Obs as O, Recd as R, Verdict as V};
    match case {
        // What an earlier run left open comes first: nothing is written over it.
        (_, _, _, true, _) => V::Blocked(Why::Doubt),
        (_, _, _, false, true) => V::Blocked(Why::Pending),

        // Declared.
        (D::Yes, R::No, O::Absent, ..) if policy.not_ours_to_make => V::Blocked(Why::NotThere),
        (D::Yes, R::No, O::Absent, ..) => V::Create,
        (D::Yes, R::Yes | R::Forgotten, O::Absent, ..) if policy.valued && !policy.rebuy => {
            V::Blocked(Why::Missing)
        }
        (D::Yes, R::Yes | R::Forgotten, O::Absent, ..) if policy.not_ours_to_make => {
            V::Blocked(Why::NotThere)
        }
        (D::Yes, R::Yes | R::Forgotten, O::Absent, ..) => V::Create,
        (D::Yes, R::Yes, O::Same, ..) => V::Keep,
        (D::Yes, R::No | R::Forgotten, O::Same, ..) => V::Adopt,
        (D::Yes, _, O::Differs, ..) => V::Update,
        (D::Yes, R::Yes, O::Unreadable, ..) => V::Keep,
        (D::Yes, R::No | R::Forgotten, O::Unreadable, ..)
            if policy.valued || policy.not_ours_to_make =>
        {
            V::Blocked(Why::Unreadable)
        }
        (D::Yes, R::No | R::Forgotten, O::Unreadable, ..) => V::Create,

        // Declared as absent.
        (D::Gone, R::No, O::Absent, ..) => V::Keep,
        (D::Gone, R::Yes | R::Forgotten, O::Absent, ..) => V::Forget,
        (D::Gone, _, O::Same | O::Differs, ..) if policy.valued && !policy.consent => V::Keep,
        (D::Gone, _, O::Same | O::Differs, ..) => V::Delete,
        (D::Gone, _, O::Unreadable, ..) => V::Blocked(Why::Unreadable),

        // Not declared, and it was ours.
        (D::No, R::Yes, O::Absent, ..) => V::Forget,
        (D::No, R::Yes, O::Same | O::Differs, ..) if policy.held => V::Forget,
        (D::No, R::Yes, O::Same | O::Differs, ..) if policy.child && policy.parent_stands => {
            V::Delete
        }
        (D::No, R::Yes, O::Same | O::Differs, ..) if policy.valued && policy.consent => V::Delete,
        (D::No, R::Yes, O::Same | O::Differs | O::Unreadable, ..) => V::Forget,
        (D::No, R::Forgotten, O::Same | O::Differs, ..) if policy.valued && policy.consent => {
            V::Delete
        }
        (D::No, R::Forgotten, ..) => V::Keep,

        // Nobody knows it.
        (D::No, R::No, O::Absent | O::Unreadable, ..) => V::Keep,
        (D::No, R::No, O::Same | O::Differs, ..) if policy.held => V::Keep,
        (D::No, R::No, O::Same | O::Differs, ..)
            if policy.child && policy.parent_stands && policy.purge =>
        {
            V::Delete
        }
        (D::No, R::No, O::Same | O::Differs, ..) => V::Unmanaged,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL_OBS: [Obs; 4] = [Obs::Absent, Obs::Same, Obs::Differs, Obs::Unreadable];
    const ALL_RECD: [Recd; 3] = [Recd::No, Recd::Yes, Recd::Forgotten];

    /// Runs a check over every case and every policy: 144 × 256 of them.
    fn everywhere(check: impl Fn((Decl, Recd, Obs, bool, bool), &Policy, Verdict)) {
        for bits in 0..256_u32 {
            let bit = |n: u32| bits & (1 << n) != 0;
            let policy = Policy {
                valued: bit(0),
                child: bit(1),
                parent_stands: bit(2),
                purge: bit(3),
                held: bit(4),
                consent: bit(5),
                rebuy: bit(6),
                not_ours_to_make: bit(7),
            };
            for decl in [Decl::Yes, Decl::Gone, Decl::No] {
                for recd in ALL_RECD {
                    for obs in ALL_OBS {
                        for (doubt, pending) in
                            [(false, false), (true, false), (false, true), (true, true)]
                        {
                            let case = (decl, recd, obs, doubt, pending);
                            check(case, &policy, decide(case, &policy));
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn nothing_is_written_over_what_is_open() {
        everywhere(|(.., doubt, pending), _, verdict| {
            if doubt || pending {
                assert!(matches!(verdict, Verdict::Blocked(_)));
            }
        });
    }

    #[test]
    fn gone_is_not_new() {
        everywhere(|(decl, recd, obs, ..), policy, verdict| {
            if decl == Decl::Yes
                && recd != Recd::No
                && obs == Obs::Absent
                && policy.valued
                && !policy.rebuy
            {
                assert!(matches!(verdict, Verdict::Blocked(_)), "{policy:?}");
            }
        });
    }

    #[test]
    fn only_children_and_what_consent_names_are_destroyed() {
        everywhere(|(decl, recd, ..), policy, verdict| {
            if verdict == Verdict::Delete && decl == Decl::Gone {
                assert!(!policy.valued || policy.consent);
            } else if verdict == Verdict::Delete {
                assert_eq!(decl, Decl::No);
                assert!(!policy.held || policy.valued);
                let line_went =
                    policy.child && policy.parent_stands && (recd == Recd::Yes || policy.purge);
                assert!(line_went || (policy.valued && policy.consent && recd != Recd::No));
            }
        });
    }

    #[test]
    fn what_is_declared_is_never_destroyed_or_forgotten_and_what_is_not_is_never_made() {
        everywhere(|(decl, ..), _, verdict| {
            let ours = matches!(verdict, Verdict::Create | Verdict::Update | Verdict::Adopt);
            let gone = matches!(
                verdict,
                Verdict::Delete | Verdict::Forget | Verdict::Unmanaged
            );
            assert!(!(decl == Decl::Yes && gone));
            assert!(!(decl != Decl::Yes && ours));
            assert!(!(decl == Decl::Gone && verdict == Verdict::Unmanaged));
        });
    }

    #[test]
    fn what_is_not_ours_to_make_is_made_in_no_case() {
        everywhere(|(.., obs, _, _), policy, verdict| {
            if policy.not_ours_to_make {
                assert_ne!(verdict, Verdict::Create, "{obs:?} {policy:?}");
            }
        });
    }

    #[test]
    fn once_it_is_gone_what_shall_be_gone_asks_for_nothing() {
        everywhere(|(decl, recd, obs, doubt, pending), _, verdict| {
            if decl == Decl::Gone && recd == Recd::No && obs == Obs::Absent && !doubt && !pending {
                assert_eq!(verdict, Verdict::Keep);
            }
        });
    }

    #[test]
    fn what_nobody_can_read_is_never_changed_in_place() {
        everywhere(|(_, _, obs, ..), _, verdict| {
            if obs == Obs::Unreadable {
                assert!(!matches!(
                    verdict,
                    Verdict::Update | Verdict::Delete | Verdict::Adopt
                ));
            }
        });
    }
}
