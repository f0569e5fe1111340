//! Fingerprints of secrets: argon2id in PHC form, so that a short password cannot be guessed from a ledger.
//!
//! A fingerprint is compared with one that was made under the same salt and cost; which those are, the ledger's
//! own tell. Nothing here knows where a secret comes from or goes to.

use crate::model::Secret;
use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;
use std::collections::BTreeMap;
use std::sync::Arc;

/// KiB, passes and lanes of new fingerprints, as OWASP asks of stored passwords: a thousand still take seconds.
const COST: Cost = Cost {
    memory: 19 * 1024,
    passes: 2,
    lanes: 1,
};
/// Bytes of a fingerprint.
const LENGTH: usize = 32;
/// A ledger may have been edited: nothing above these is computed.
const MOST: Cost = Cost {
    memory: 64 * 1024,
    passes: 8,
    lanes: 4,
};
/// Threads that compute them.
const THREADS: usize = 2;

/// What a fingerprint costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Cost {
    memory: u32,
    passes: u32,
    lanes: u32,
}

/// Under which salt and at which cost a fingerprint is made.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Salt {
    cost: Cost,
    bytes: Vec<u8>,
}

impl Salt {
    /// A new one; it has to be unlike others, not unknown.
    pub(super) fn new(unlike_others: &str) -> Self {
        Self {
            cost: COST,
            bytes: unlike_others.as_bytes().to_vec(),
        }
    }

    /// That of a fingerprint; `None` if it is not one of ours.
    pub(super) fn of(print: &str) -> Option<Self> {
        let rest = print.strip_prefix("$argon2id$v=19$")?;
        let mut fields = rest.split('$');
        let (cost, salt, _) = (fields.next()?, fields.next()?, fields.next()?);
        let mut numbers = cost.split(',').zip(["m=", "t=", "p="]).map(|(text, name)| {
            let number = text.strip_prefix(name)?.parse::<u32>().ok()?;
            Some(number)
        });
        let cost = Cost {
            memory: numbers.next()??,
            passes: numbers.next()??,
            lanes: numbers.next()??,
        };
        let bytes = BASE64.decode(salt).ok()?;
        let bounded = cost.memory <= MOST.memory
            && cost.passes <= MOST.passes
            && cost.lanes <= MOST.lanes
            && (8..=64).contains(&bytes.len());
        bounded.then_some(Self { cost, bytes })
    }
}

/// A fingerprint, in PHC form; `None` for a salt and cost that are outside what argon2 takes.
fn print(secret: &Secret, salt: &Salt) -> Option<Arc<str>> {
    let Cost {
        memory,
        passes,
        lanes,
    } = salt.cost;
    let params = Params::new(memory, passes, lanes, Some(LENGTH)).ok()?;
    let mut bytes = [0; LENGTH];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(secret.expose().as_bytes(), &salt.bytes, &mut bytes)
        .ok()?;
    let (salt, bytes) = (BASE64.encode(&salt.bytes), BASE64.encode(bytes));
    Some(format!("$argon2id$v=19$m={memory},t={passes},p={lanes}${salt}${bytes}").into())
}

/// Makes the fingerprints of numbered secrets, each once under each salt, on two threads.
pub(super) fn all(
    secrets: &[Secret],
    wanted: impl Iterator<Item = (usize, Salt)>,
) -> BTreeMap<(usize, Salt), Arc<str>> {
    let mut jobs: Vec<(usize, Salt)> = wanted.collect();
    jobs.sort();
    jobs.dedup();
    let each = jobs.len().div_ceil(THREADS).max(1);
    let work = |jobs: &[(usize, Salt)]| -> Vec<_> {
        let made = jobs.iter().filter_map(|(at, salt)| {
            let print = print(secrets.get(*at)?, salt)?;
            Some(((*at, salt.clone()), print))
        });
        made.collect()
    };
    let mut parts = jobs.chunks(each);
    let (first, second) = (
        parts.next().unwrap_or_default(),
        parts.next().unwrap_or_default(),
    );
    std::thread::scope(|threads| {
        let beside = threads.spawn(|| work(second));
        let mut made = work(first);
        // A panic in there is one of ours, and is shown as such.
        made.extend(
            beside
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
        );
        made.into_iter().collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(value: &str, salt: &Salt) -> Arc<str> {
        print(&Secret::new(value.into()), salt).expect("a fingerprint")
    }

    #[test]
    fn equal_under_the_salt_of_the_first_and_unlike_under_another() {
        let salt = Salt::new("0123456789abcdef");
        let first = one("hunter2", &salt);
        let again = Salt::of(&first).expect("one of ours");
        assert_eq!(again, salt);
        assert_eq!(one("hunter2", &again), first);
        assert_ne!(one("hunter3", &again), first);
        assert_ne!(one("hunter2", &Salt::new("fedcba9876543210")), first);
        assert!(!first.contains("hunter2"));
    }

    #[test]
    fn what_is_not_ours_or_asks_for_too_much_is_no_salt() {
        for print in [
            "",
            "$argon2id$v=19$m=8192,t=1,p=1",
            "$argon2i$v=19$m=8192,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$x",
            "$argon2id$v=19$m=99999999,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$x",
            "$argon2id$v=19$m=8192,t=1$MDEyMzQ1Njc4OWFiY2RlZg$x",
            "$argon2id$v=19$m=8192,t=1,p=1$%%$x",
        ] {
            assert_eq!(Salt::of(print), None, "{print}");
        }
    }

    #[test]
    fn each_is_made_once_and_all_of_them() {
        let secrets: Vec<Secret> = (0..5).map(|n| Secret::new(format!("p{n}"))).collect();
        let salt = Salt::new("0123456789abcdef");
        let wanted = (0..10).map(|at| (at % 5, salt.clone()));
        let made = all(&secrets, wanted);
        assert_eq!(made.len(), 5);
        assert_eq!(made[&(3, salt.clone())], one("p3", &salt));
    }
}
