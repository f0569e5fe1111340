//! What is fed with hostile bytes, and the laws that no input may break.
//!
//! Each target is a plain function of bytes: it panics where a law is broken, and otherwise tells in one number what
//! the input came to, so that a driver knows which inputs do something new. None opens a file or a connection.

mod config;
mod ledger;
mod master_file;
mod plan;
mod wire;

use std::hash::{DefaultHasher, Hash, Hasher};

pub(crate) use wire::{CALLS, letter};

/// One reader of what others wrote.
pub(crate) struct Target {
    /// What it is called on the command line and below `seeds/`.
    pub(crate) name: &'static str,
    /// Reads an input.
    pub(crate) run: fn(&[u8]) -> u64,
}

/// All of them.
pub(crate) const TARGETS: &[Target] = &[
    Target {
        name: "config",
        run: config::run,
    },
    Target {
        name: "master-file",
        run: master_file::run,
    },
    Target {
        name: "wire",
        run: wire::run,
    },
    Target {
        name: "plan",
        run: plan::run,
    },
    Target {
        name: "ledger",
        run: ledger::document,
    },
    Target {
        name: "journal",
        run: ledger::journal,
    },
    Target {
        name: "cache",
        run: ledger::cache,
    },
];

/// One number for what an input came to.
fn came_to(what: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    what.hash(&mut hasher);
    hasher.finish()
}

/// The shape of a message: its words, without what stands in quotes, numbers or paths.
fn shape(message: &str) -> String {
    let plain = |word: &&str| word.bytes().all(|byte| byte.is_ascii_alphabetic());
    message.split(' ').filter(plain).take(12).collect()
}

/// What is shown holds nothing that a terminal or a CI runner obeys.
fn assert_inert(text: &str) {
    for line in text.lines() {
        assert!(!line.trim_start().starts_with("::"), "a command: {line:?}");
        assert!(!line.contains("##["), "a command: {line:?}");
        let hidden = line
            .chars()
            .find(|c| bailiwick::plan::file::text::hidden(*c));
        assert!(hidden.is_none(), "{hidden:?} in {line:?}");
    }
    assert!(!text.contains('\r'), "a carriage return");
}
