//! What is said when the program itself is wrong: where, and nothing that was at hand, which might be a
//! secret.

use std::panic::PanicHookInfo;

/// Replaces the standard message, which quotes the panic's text.
pub(super) fn quieten() {
    std::panic::set_hook(Box::new(tell));
}

fn tell(info: &PanicHookInfo<'_>) {
    use std::io::Write;
    let place = info.location().map_or_else(
        || "an unknown place".to_owned(),
        |location| format!("{}:{}", location.file(), location.line()),
    );
    // Where stderr is gone, nobody is left to be told.
    let _ = writeln!(
        std::io::stderr(),
        "error: internal error at {place}; please report it with the command that was run"
    );
}
