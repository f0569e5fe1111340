//! What can go wrong with a ledger. Each says which file, and what to do.

use super::store::Holder;

/// Why a ledger cannot be read, locked or written.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// Another run holds it (exit 7).
    #[error("the ledger is locked by {0}; wait until that run has ended, then try again")]
    Held(Box<Holder>),
    /// The lock of this run is gone: another may have taken it.
    #[error("{name} is no longer the lock of this run; it writes nothing more, run it again")]
    Lost {
        /// Which lock.
        name: String,
    },
    /// Written by a later version.
    #[error(
        "{name} has the format {format:?}, which this version does not know; use the bailiwick that wrote it, or a later one"
    )]
    Newer {
        /// Which file.
        name: String,
        /// What it calls its format.
        format: String,
    },
    /// It belongs to another account, or to another ledger.
    #[error(
        "{name} belongs to {owner}, not to {expected}; put back the one that belongs here, or move it away: then what is live is adopted anew"
    )]
    Foreign {
        /// Which file.
        name: String,
        /// To what it belongs.
        owner: String,
        /// To what it should belong.
        expected: String,
    },
    /// It ends too early.
    #[error(
        "{name} ends before it is complete ({detail}); restore it from a backup, or move it away: then what is live is adopted anew, and orders under way are not known"
    )]
    Truncated {
        /// Which file.
        name: String,
        /// What is missing.
        detail: String,
    },
    /// It is not what was written.
    #[error(
        "{name} is not what bailiwick wrote ({detail}); undo the edit, restore it from a backup, or move it away: then what is live is adopted anew, and orders under way are not known"
    )]
    Edited {
        /// Which file.
        name: String,
        /// What is wrong with it.
        detail: String,
    },
    /// A run that goes on changes it faster than it can be read.
    #[error("{name} is being written by a run that is under way; try again")]
    Busy {
        /// Which folder.
        name: String,
    },
    /// The operating system refused.
    #[error("{name}: cannot {verb} it: {source}")]
    Io {
        /// Which file.
        name: String,
        /// What was tried: read, write, lock, remove.
        verb: &'static str,
        /// What it said.
        source: std::io::Error,
    },
}

impl LedgerError {
    pub(super) fn io(
        name: &str,
        verb: &'static str,
    ) -> impl FnOnce(std::io::Error) -> Self + use<> {
        let name = name.to_owned();
        move |source| Self::Io { name, verb, source }
    }

    pub(super) fn edited(name: &str, detail: impl Into<String>) -> Self {
        Self::Edited {
            name: name.to_owned(),
            detail: detail.into(),
        }
    }

    pub(super) fn truncated(name: &str, detail: impl Into<String>) -> Self {
        Self::Truncated {
            name: name.to_owned(),
            detail: detail.into(),
        }
    }
}
