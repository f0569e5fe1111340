//! `[notify]`: where the webhook's address and key are fetched, in which form it is told, and of what.
//!
//! The address is a secret, so that nothing can be said of it here: whoever fetches it looks at it.

use super::super::grammar::value::At;
use super::super::grammar::{self, NotifyForm as WrittenForm, NotifyOn as WrittenOn};
use super::super::said;
use super::super::secrets::SecretRef;
use super::{Desk, secret};
use crate::diag::Diagnostic;
use std::collections::BTreeSet;

/// Who is told, and of what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotifyConf {
    /// Where the webhook's address is fetched.
    pub webhook: SecretRef,
    /// Where the key of the signature is fetched; without one nothing is signed.
    pub key: Option<SecretRef>,
    /// In which form it is told.
    pub form: NotifyForm,
    /// What is told; never empty.
    pub on: BTreeSet<NotifyOn>,
}

/// The form of a notification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotifyForm {
    /// The JSON of the drift or of the report.
    Json,
    /// A message of Slack.
    Slack,
    /// A card of Teams.
    Teams,
}

/// What is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NotifyOn {
    /// There is another drift than before.
    Drift,
    /// There is none any more.
    Recovered,
    /// Something ends, and nobody renews it.
    Expiry,
    /// An apply failed.
    Failed,
    /// What was pending at the provider is done.
    PendingDone,
}

impl NotifyOn {
    /// All of them, which is what holds where the file does not say.
    pub const ALL: [NotifyOn; 5] = [
        NotifyOn::Drift,
        NotifyOn::Recovered,
        NotifyOn::Expiry,
        NotifyOn::Failed,
        NotifyOn::PendingDone,
    ];
}

/// Reads the block.
pub(super) fn resolve(
    block: Option<At<grammar::Notify>>,
    desk: &mut Desk<'_>,
) -> Option<NotifyConf> {
    let At { span, value } = block?;
    let grammar::Notify {
        webhook,
        key,
        form,
        on,
        note: _,
    } = value;
    if webhook.is_none() && !desk.is_lost("[notify]", "webhook", span) {
        let message = "[notify] has no `webhook`, so that nobody can be told";
        desk.error(
            Diagnostic::error(said::MISSING_KEY, message)
                .at(span, "")
                .help("write webhook = { env = \"HOOK_URL\" }, or take [notify] out"),
        );
    }
    let key = key.map(|at| secret::source("key of [notify]", at.span, at.value, desk));
    let webhook =
        webhook.and_then(|at| secret::source("webhook of [notify]", at.span, at.value, desk));
    let on = match on {
        None => NotifyOn::ALL.into(),
        Some(at) if at.value.0.is_empty() => {
            let message = "`on` of [notify] is empty, so that nothing is ever told";
            let problem = Diagnostic::error(said::NOTIFY, message).at(at.span, "");
            desk.error(
                problem.help("name what is told, or take out `on` to be told of everything"),
            );
            return None;
        }
        Some(at) => at.value.0.iter().map(|on| told(on.value.0)).collect(),
    };
    Some(NotifyConf {
        webhook: webhook?,
        // A key that cannot be fetched is no reason to send without a signature.
        key: match key {
            Some(key) => Some(key?),
            None => None,
        },
        form: form.map_or(NotifyForm::Json, |at| match at.value.0 {
            WrittenForm::Json => NotifyForm::Json,
            WrittenForm::Slack => NotifyForm::Slack,
            WrittenForm::Teams => NotifyForm::Teams,
        }),
        on,
    })
}

fn told(on: WrittenOn) -> NotifyOn {
    match on {
        WrittenOn::Drift => NotifyOn::Drift,
        WrittenOn::Recovered => NotifyOn::Recovered,
        WrittenOn::Expiry => NotifyOn::Expiry,
        WrittenOn::Failed => NotifyOn::Failed,
        WrittenOn::PendingDone => NotifyOn::PendingDone,
    }
}
