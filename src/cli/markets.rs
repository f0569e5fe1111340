//! The accounts of the file that sell something or have a message queue, for `products`, `check` and `events`.

use super::connect::Connected;
use super::exit::Exit;
use super::failure::Failure;
use crate::model::Account;
use crate::provider::Market;

/// Those accounts, by label; an error where there is none.
pub(super) fn all<'a>(
    connected: &'a Connected,
    command: &str,
) -> Result<Vec<(&'a Account, &'a dyn Market)>, Failure> {
    let found = of(connected);
    if found.is_empty() {
        let message = format!("no account of the file is at a provider that can serve `{command}`");
        return Err(Failure::new(Exit::Invalid, "account.no-market", message)
            .help("name an account at Namebay: [account.main] with provider = \"namebay\""));
    }
    Ok(found)
}

/// The same; perhaps none.
pub(super) fn of(connected: &Connected) -> Vec<(&Account, &dyn Market)> {
    let markets = connected.providers.iter();
    markets
        .filter_map(|(account, provider)| Some((account, provider.market()?)))
        .collect()
}
