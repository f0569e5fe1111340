//! How entries, writes and records are written down, in the document and in the journal.
//!
//! Nothing here can hold a secret: the model's types for what is written have no place for one.

mod value;

use super::record::{Entry, EntryPart, Open, Record, StepId};
use crate::model::{
    Action, Address, Handle, On, Order, Outcome, Part, Pending, Reason, Time, Unit, Write,
};
use serde::de::{Deserializer, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;
use value::{AttrsJson, address_text};
pub(super) use value::{NoAddress, Reader};

fn handle_out(handle: Option<&Handle>) -> Option<Box<str>> {
    handle.map(|handle| handle.0.clone())
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PartJson {
    part: Arc<str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    handle: Option<Box<str>>,
    #[serde(default, skip_serializing_if = "AttrsJson::is_empty")]
    attrs: AttrsJson,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    owner: Option<Box<str>>,
}

/// The parts of an entry. Most have one, and a vector would begin with room for four.
#[derive(Debug, Serialize)]
#[serde(transparent)]
struct Parts(Vec<PartJson>);

impl<'de> Deserialize<'de> for Parts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct List;
        impl<'de> Visitor<'de> for List {
            type Value = Parts;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of parts")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Parts, A::Error> {
                let mut parts = Vec::with_capacity(1);
                while let Some(part) = list.next_element()? {
                    parts.push(part);
                }
                Ok(Parts(parts))
            }
        }
        deserializer.deserialize_seq(List)
    }
}

/// An entry with its address.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EntryJson {
    address: Box<str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    handle: Option<Box<str>>,
    parts: Parts,
    #[serde(default, skip_serializing_if = "AttrsJson::is_empty")]
    outputs: AttrsJson,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    forgotten: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    made: Option<Time>,
}

impl EntryJson {
    pub(super) fn of(address: &Address, entry: &Entry) -> Self {
        let Entry {
            handle,
            parts,
            outputs,
            forgotten,
            made,
        } = entry;
        let part = |part: &EntryPart| {
            let EntryPart {
                part,
                handle,
                attrs,
                owner,
            } = part;
            PartJson {
                part: part.0.clone(),
                handle: handle_out(handle.as_ref()),
                attrs: AttrsJson::of(attrs),
                owner: owner.as_deref().map(address_text),
            }
        };
        Self {
            address: address_text(address),
            handle: handle_out(handle.as_ref()),
            parts: Parts(parts.iter().map(part).collect()),
            outputs: AttrsJson::of(outputs),
            forgotten: *forgotten,
            made: *made,
        }
    }

    pub(super) fn read(self, reader: &mut Reader) -> Result<(Address, Entry), NoAddress> {
        let address = reader.address(&self.address)?;
        let mut parts = Vec::with_capacity(self.parts.0.len());
        for part in self.parts.0 {
            let owner = part.owner.map(|owner| reader.address(&owner)).transpose()?;
            parts.push(EntryPart {
                attrs: part.attrs.sharing(&part.part).read(reader)?,
                part: Part(part.part),
                handle: part.handle.map(Handle),
                owner: owner.map(Box::new),
            });
        }
        parts.sort_by(|a, b| a.part.cmp(&b.part));
        let entry = Entry {
            handle: self.handle.map(Handle),
            parts: parts.into(),
            outputs: self.outputs.read(reader)?,
            forgotten: self.forgotten,
            made: self.made,
        };
        Ok((address, entry))
    }
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct OrderJson {
    product: i64,
    period: u32,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WriteJson {
    address: Box<str>,
    part: Arc<str>,
    action: Action,
    #[serde(default, skip_serializing_if = "AttrsJson::is_empty")]
    before: AttrsJson,
    #[serde(default, skip_serializing_if = "AttrsJson::is_empty")]
    after: AttrsJson,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    handle: Option<Box<str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    within: Option<Box<str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    order: Option<OrderJson>,
}

impl WriteJson {
    fn of(write: &Write) -> Self {
        let Write {
            unit,
            action,
            before,
            after,
            handle,
            within,
            order,
        } = write;
        Self {
            address: address_text(&unit.address),
            part: unit.part.0.clone(),
            action: *action,
            before: AttrsJson::of(before),
            after: AttrsJson::of(after),
            handle: handle_out(handle.as_ref()),
            within: handle_out(within.as_ref()),
            order: order.as_ref().map(|Order { product, period }| OrderJson {
                product: *product,
                period: *period,
            }),
        }
    }

    fn read(self, reader: &mut Reader) -> Result<Write, NoAddress> {
        Ok(Write {
            unit: Unit::new(reader.address(&self.address)?, Part(self.part)),
            action: self.action,
            before: self.before.read(reader)?,
            after: self.after.read(reader)?,
            handle: self.handle.map(Handle),
            within: self.within.map(Handle),
            order: self.order.map(|order| Order {
                product: order.product,
                period: order.period,
            }),
        })
    }
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum OnJson {
    Provider,
    Person { what: Box<str>, place: Box<str> },
    Dns,
    Time { until: Time },
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PendingJson {
    on: OnJson,
    order: Box<str>,
    goal: Box<str>,
}

impl PendingJson {
    fn of(pending: &Pending) -> Self {
        let Pending { on, order, goal } = pending;
        let on = match on {
            On::Provider => OnJson::Provider,
            On::Person { what, place } => OnJson::Person {
                what: what.clone(),
                place: place.clone(),
            },
            On::Dns => OnJson::Dns,
            On::Time { until } => OnJson::Time { until: *until },
        };
        Self {
            on,
            order: order.clone(),
            goal: goal.clone(),
        }
    }

    fn read(self) -> Pending {
        let on = match self.on {
            OnJson::Provider => On::Provider,
            OnJson::Person { what, place } => On::Person { what, place },
            OnJson::Dns => On::Dns,
            OnJson::Time { until } => On::Time { until },
        };
        Pending {
            on,
            order: self.order,
            goal: self.goal,
        }
    }
}

/// A write under way.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OpenJson {
    step: StepId,
    since: Time,
    write: WriteJson,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pending: Option<PendingJson>,
}

impl OpenJson {
    pub(super) fn of(open: &Open) -> Self {
        let Open {
            step,
            write,
            since,
            pending,
        } = open;
        Self {
            step: *step,
            since: *since,
            write: WriteJson::of(write),
            pending: pending.as_ref().map(PendingJson::of),
        }
    }

    pub(super) fn read(self, reader: &mut Reader) -> Result<(Unit, Open), NoAddress> {
        let write = self.write.read(reader)?;
        let open = Open {
            step: self.step,
            since: self.since,
            pending: self.pending.map(PendingJson::read),
            write,
        };
        Ok((open.write.unit.clone(), open))
    }
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReasonJson {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    code: Box<str>,
    text: Box<str>,
}

impl ReasonJson {
    fn of(reason: &Reason) -> Self {
        let Reason { status, code, text } = reason;
        Self {
            status: *status,
            code: code.clone(),
            text: text.clone(),
        }
    }

    fn read(self) -> Reason {
        Reason {
            status: self.status,
            code: self.code,
            text: self.text,
        }
    }
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum OutcomeJson {
    Done {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        handle: Option<Box<str>>,
        #[serde(default, skip_serializing_if = "AttrsJson::is_empty")]
        outputs: AttrsJson,
    },
    Refused(ReasonJson),
    NotSent(ReasonJson),
    Unknown(ReasonJson),
    Pending(PendingJson),
}

impl OutcomeJson {
    fn of(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Done { handle, outputs } => Self::Done {
                handle: handle_out(handle.as_ref()),
                outputs: AttrsJson::of(outputs),
            },
            Outcome::Refused(reason) => Self::Refused(ReasonJson::of(reason)),
            Outcome::NotSent(reason) => Self::NotSent(ReasonJson::of(reason)),
            Outcome::Unknown(reason) => Self::Unknown(ReasonJson::of(reason)),
            Outcome::Pending(pending) => Self::Pending(PendingJson::of(pending)),
        }
    }

    fn read(self, reader: &mut Reader) -> Result<Outcome, NoAddress> {
        Ok(match self {
            Self::Done { handle, outputs } => Outcome::Done {
                handle: handle.map(Handle),
                outputs: outputs.read(reader)?,
            },
            Self::Refused(reason) => Outcome::Refused(reason.read()),
            Self::NotSent(reason) => Outcome::NotSent(reason.read()),
            Self::Unknown(reason) => Outcome::Unknown(reason.read()),
            Self::Pending(pending) => Outcome::Pending(pending.read()),
        })
    }
}

/// A record of the journal.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum RecordJson {
    Started {
        step: StepId,
        write: WriteJson,
        at: Time,
    },
    Ended {
        step: StepId,
        outcome: OutcomeJson,
    },
    Arrived {
        address: Box<str>,
        part: Arc<str>,
        outcome: OutcomeJson,
    },
    Adopted(EntryJson),
    Forgotten(Box<str>),
    Moved {
        from: Box<str>,
        to: Box<str>,
    },
    AtGoal(Box<str>),
    Approved(Box<str>),
    Closed {
        finished: bool,
    },
}

impl RecordJson {
    pub(super) fn of(record: &Record) -> Self {
        match record {
            Record::Started { step, write, at } => Self::Started {
                step: *step,
                write: WriteJson::of(write),
                at: *at,
            },
            Record::Ended { step, outcome } => Self::Ended {
                step: *step,
                outcome: OutcomeJson::of(outcome),
            },
            Record::Arrived { unit, outcome } => Self::Arrived {
                address: address_text(&unit.address),
                part: unit.part.0.clone(),
                outcome: OutcomeJson::of(outcome),
            },
            Record::Adopted { address, entry } => Self::Adopted(EntryJson::of(address, entry)),
            Record::Forgotten(address) => Self::Forgotten(address_text(address)),
            Record::Moved { from, to } => Self::Moved {
                from: address_text(from),
                to: address_text(to),
            },
            Record::AtGoal(address) => Self::AtGoal(address_text(address)),
            Record::Approved(digest) => Self::Approved(digest.clone()),
            Record::Closed { finished } => Self::Closed {
                finished: *finished,
            },
        }
    }

    pub(super) fn read(self, reader: &mut Reader) -> Result<Record, NoAddress> {
        Ok(match self {
            Self::Started { step, write, at } => Record::Started {
                step,
                write: write.read(reader)?,
                at,
            },
            Self::Ended { step, outcome } => Record::Ended {
                step,
                outcome: outcome.read(reader)?,
            },
            Self::Arrived {
                address,
                part,
                outcome,
            } => Record::Arrived {
                unit: Unit::new(reader.address(&address)?, Part(part)),
                outcome: outcome.read(reader)?,
            },
            Self::Adopted(entry) => {
                let (address, entry) = entry.read(reader)?;
                Record::Adopted { address, entry }
            }
            Self::Forgotten(address) => Record::Forgotten(reader.address(&address)?),
            Self::Moved { from, to } => Record::Moved {
                from: reader.address(&from)?,
                to: reader.address(&to)?,
            },
            Self::AtGoal(address) => Record::AtGoal(reader.address(&address)?),
            Self::Approved(digest) => Record::Approved(digest),
            Self::Closed { finished } => Record::Closed { finished },
        })
    }
}
