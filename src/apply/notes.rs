//! The beginning of a run: what was approved and the plan's notes go into the ledgers before anything is sent.

use super::event::Event;
use super::report::Ending;
use super::run::Owner;
use super::schedule::At;
use crate::ledger::Record;
use crate::model::{Account, Address, Kind, Reason};
use crate::plan::{PlanAction, Step, sends};
use std::collections::{BTreeMap, BTreeSet};

/// How old a zone of ours must be before its provider is believed to put nothing more into it.
const SETTLED: jiff::SignedDuration = jiff::SignedDuration::from_hours(24);

impl Owner<'_> {
    /// Records what was approved, and the notes: they need no request, and come before any.
    pub(super) fn begin(&mut self) {
        let writes = (0..self.schedule.len())
            .filter(|at| sends(self.schedule.run(*at).step.action))
            .count();
        (self.tell)(Event::Begun { steps: writes });
        let strange = self
            .schedule
            .not_begun(|account| !self.logins.contains_key(account));
        let endings = strange.into_iter().map(|at| {
            let account = &self.schedule.run(at).step.address.account;
            let text = format!("nothing was given to reach the account {account} with");
            (
                at,
                Ending::NotStarted(Reason::ours("account.missing", text)),
            )
        });
        let endings = endings.collect();
        self.end_all(endings);
        let mut notes: BTreeMap<Account, Vec<At>> = BTreeMap::new();
        for at in self.schedule.not_begun(|_| true) {
            let step = &self.schedule.run(at).step;
            let of = notes.entry(step.address.account.clone()).or_default();
            if !sends(step.action) {
                of.push(at);
            }
        }
        let accounts: Vec<Account> = self.logins.keys().cloned().collect();
        for account in accounts {
            let mut records = self.at_goal(&account);
            let own = notes.remove(&account);
            if let Some(own) = &own {
                let digest = self.approved.plan().digest.as_str().into();
                records.splice(0..0, self.noted(&account, own));
                records.insert(0, Record::Approved(digest));
            }
            if records.is_empty() || !self.append(&account, &records) {
                continue;
            }
            let own = own.unwrap_or_default();
            self.end_all(own.into_iter().map(|at| (at, Ending::Applied)).collect());
        }
        self.scopes_at_start();
    }

    /// The records of the plan's notes, one for each address.
    pub(super) fn noted(&self, account: &Account, notes: &[At]) -> Vec<Record> {
        let mut adopted: BTreeMap<&Address, Vec<&Step>> = BTreeMap::new();
        let mut forgotten: BTreeSet<&Address> = BTreeSet::new();
        for at in notes {
            let step = &self.schedule.run(*at).step;
            if step.action == PlanAction::Adopt {
                adopted.entry(&step.address).or_default().push(step);
            } else {
                forgotten.insert(&step.address);
            }
        }
        let ledger = self.ledger(account);
        let adopted = adopted.into_iter().map(|(address, notes)| Record::Adopted {
            entry: self.approved.adopted(address, &notes, ledger),
            address: address.clone(),
        });
        let forgotten = forgotten.into_iter().cloned().map(Record::Forgotten);
        adopted.chain(forgotten).collect()
    }

    /// Zones that we made, more than a day ago, in which nothing is left to do.
    fn at_goal(&self, account: &Account) -> Vec<Record> {
        let plan = self.approved.plan();
        let live = self.approved.live();
        if !plan.complete {
            return Vec::new();
        }
        let zone_of = |address: &Address| {
            let own = (address.kind == Kind::Zone).then(|| address.clone());
            own.or_else(|| address.parent().filter(|top| top.kind == Kind::Zone))
        };
        let steps = (0..self.schedule.len()).map(|at| &self.schedule.run(at).step.address);
        let held = plan.blocked.iter().chain(self.approved.refused());
        let unread = live.failed.iter().map(|(address, _)| address);
        let busy: BTreeSet<Address> = steps
            .chain(held.map(|held| &held.address))
            .chain(unread)
            .filter_map(zone_of)
            .collect();
        let old = |made: jiff::Timestamp| live.as_of.duration_since(made) > SETTLED;
        self.ledger(account)
            .entries
            .iter()
            .filter(|(address, entry)| {
                address.kind == Kind::Zone
                    && entry.made.is_some_and(old)
                    && live.objects.contains_key(*address)
                    && !busy.contains(*address)
            })
            .map(|(address, _)| Record::AtGoal(address.clone()))
            .collect()
    }
}
