//! Where the ledgers of all accounts are: a folder, or a place in an object store. It knows no account by itself.

use super::folder::Folder;
#[cfg(feature = "object-store")]
use super::objects::Objects;
use super::store::{LedgerKey, Store};
use std::path::{Path, PathBuf};

/// The root of ledgers and journals.
#[derive(Debug, Clone)]
pub enum Root {
    /// A folder of this machine.
    Folder(PathBuf),
    /// A bucket, and what stands before every name in it.
    #[cfg(feature = "object-store")]
    Objects(Objects),
}

impl Root {
    /// Where an account's ledger is; nothing is made or asked for yet.
    pub fn store(&self, key: &LedgerKey) -> Box<dyn Store> {
        match self {
            Self::Folder(root) => Box::new(Folder::new(root, key)),
            #[cfg(feature = "object-store")]
            Self::Objects(objects) => Box::new(objects.account(key)),
        }
    }

    /// The folder, if it is one.
    pub fn folder(&self) -> Option<&Path> {
        match self {
            Self::Folder(root) => Some(root),
            #[cfg(feature = "object-store")]
            Self::Objects(_) => None,
        }
    }
}
