//! Where a text result goes: to stdout, or with `--out` into a file that is not there yet.

use super::args::flags::Into;
use super::env::Env;
use super::failure::Failure;
use super::files::{self, Existing};

/// Prints a text, or writes it; never over an existing file without `--force`.
pub(super) fn give(into: &Into, text: &str, env: &mut Env) -> Result<(), Failure> {
    let Some(path) = &into.out else {
        env.streams.out.text(text);
        return Ok(());
    };
    let existing = if into.force {
        Existing::Replace
    } else {
        Existing::Keep
    };
    files::write(&env.folder.join(path), text, existing)
}
