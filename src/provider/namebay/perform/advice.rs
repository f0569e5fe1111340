//! What to do about a refusal, where the code alone does not say it: the same code means other things of other objects.

use crate::model::{Action, Kind, Reason, Write};

use super::super::errors::{Fault, Refusal};

/// What to tell of a refused write.
pub(super) fn reason(write: &Write, refusal: &Refusal) -> Reason {
    let mut reason = refusal.reason();
    if let Some(advice) = advice(write, refusal.code()) {
        reason.text = format!("{}. {advice}", reason.text).into();
    }
    reason
}

/// A fault with what to do about it.
pub(super) fn outcome(write: &Write, fault: Fault) -> crate::model::Outcome {
    match fault {
        Fault::Refused(refusal) => crate::model::Outcome::Refused(reason(write, &refusal)),
        fault @ (Fault::Credentials(_)
        | Fault::NotSent(_)
        | Fault::Silent(_)
        | Fault::Nonsense(_)) => fault.outcome(),
    }
}

fn advice(write: &Write, code: i64) -> Option<&'static str> {
    let sealed = write.after.secret_names().next().is_some();
    Some(match (write.unit.address.kind, code) {
        (Kind::Redirect, 511) => "The redirect service has ended: it has to be renewed",
        (Kind::Redirect, 513) => {
            "All redirections that were bought are in use: buy more capacity, or take one out"
        }
        (Kind::Redirect, 530 | 550) => "Look at `to` and `type`",
        (Kind::Mailbox | Kind::Autoresponder, 511) => {
            "The mail service has ended: it has to be renewed"
        }
        (Kind::Mailbox, 513) => {
            "All mailboxes that were bought are in use: buy more, or delete one"
        }
        (Kind::Mailbox, 525 | 551) => {
            "The address is taken, perhaps as another mailbox's alias. Plan again, and look at `aliases` of the others"
        }
        (Kind::Mailbox, 400 | 530 | 550) if sealed => {
            "The password may be the reason; Namebay publishes no rule for those of mailboxes. Look at the addresses, too"
        }
        (Kind::Mailbox, 400 | 530 | 550) => "Look at `name`, `aliases` and `forward`",
        (Kind::Autoresponder, 404 | 405 | 501) if write.action == Action::Delete => {
            "Write `active = false` instead: it switches the answer off and keeps its text"
        }
        (Kind::FtpUser, 513) => "The hosting allows no more FTP users: delete one",
        (Kind::FtpUser, 400 | 530 | 550) => {
            "The password needs 6 to 20 characters with a letter, a digit and a special one, and `dir` has to lie in the \
             hosting's directory"
        }
        _ => return None,
    })
}
