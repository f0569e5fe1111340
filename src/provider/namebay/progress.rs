//! How far an order is, and what the message queue says; pure.
//!
//! No document lists the states of a ticket: what is live decides, and a word that is not known means that the order
//! goes on. That an order failed is concluded only where Namebay says so and will not try again, because what failed may
//! be ordered a second time.

use crate::model::{Handle, On, Pending, Reason, Time};

use super::api::account::Holding;
use super::api::message::Message;
use super::api::ticket::Ticket;
use super::catalogue::Purpose;
use super::convert;

/// An order that is followed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Followed<'a> {
    /// Its number.
    pub(super) transaction: &'a str,
    /// What it is for.
    pub(super) purpose: Purpose,
    /// The domain, canonical.
    pub(super) domain: &'a str,
    /// Of a renewal, when the domain ended before it; of a registrant change, nothing.
    pub(super) ended: Option<Time>,
    /// Of a registrant change, who shall own the domain.
    pub(super) holder: Option<&'a str>,
}

/// What is known about it now.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Facts<'a> {
    /// Its tickets, without secrets.
    pub(super) tickets: &'a [Ticket],
    /// The domain, if the account holds it.
    pub(super) held: Option<&'a Holding>,
    /// Who owns it now, where that was read.
    pub(super) owner: Option<&'a str>,
}

/// How far an order is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Progress {
    /// It goes on.
    Pending(Pending),
    /// It is there.
    Done {
        /// The domain's handle.
        handle: Option<Handle>,
    },
    /// It failed, and will not be tried again.
    Failed(Reason),
}

/// The word for what an order will bring, as `pending[].goal` has it.
pub(super) fn goal(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Register => "registered",
        Purpose::Renew => "renewed",
        Purpose::Transfer => "transferred",
        Purpose::Registrant => "changed",
    }
}

/// Says how far an order is.
pub(super) fn progress(order: &Followed<'_>, facts: &Facts<'_>) -> Progress {
    let ticket = ticket(order.domain, facts.tickets);
    let handle = facts.held.and_then(|held| held.handle.word());
    let done = || Progress::Done {
        handle: handle.map(|handle| Handle(handle.into())),
    };
    if arrived(order, facts) {
        return done();
    }
    let word = ticket.map_or(State::Open, state);
    match (word, order.purpose) {
        // Whether a new domain is there is seen; whether an old one changed may not be.
        (State::Completed, Purpose::Renew | Purpose::Registrant) => done(),
        (State::Failed, _) => Progress::Failed(failure(order, ticket)),
        (State::Completed | State::Open, _) => Progress::Pending(Pending {
            on: ticket.map_or(On::Provider, waits_for),
            order: order.transaction.into(),
            goal: goal(order.purpose).into(),
        }),
    }
}

/// The ticket of a domain: products and numbers may differ from what was ordered, name and class do not. Of several, the
/// last that was made.
fn ticket<'a>(domain: &str, tickets: &'a [Ticket]) -> Option<&'a Ticket> {
    let own = tickets.iter().filter(|ticket| {
        let class = ticket.class.word();
        class.is_none_or(|class| class.eq_ignore_ascii_case("domain"))
            && convert::domain_name(&ticket.name).is_some_and(|name| *name == *domain)
    });
    own.max_by_key(|ticket| (ticket.requested.0, ticket.id.raw().len(), ticket.id.raw()))
}

/// Whether what was ordered is to be seen.
fn arrived(order: &Followed<'_>, facts: &Facts<'_>) -> bool {
    const REGISTERED: i64 = 1;
    let Some(held) = facts.held else {
        return false;
    };
    let is_registered = match (held.status.0, held.status_word.word()) {
        (Some(status), _) => status == REGISTERED,
        (None, word) => word.is_some_and(|word| word.eq_ignore_ascii_case("registered")),
    };
    let same = |handle: &str, other: &str| convert::contact(handle) == convert::contact(other);
    is_registered
        && held.handle.word().is_some()
        && match order.purpose {
            Purpose::Register | Purpose::Transfer => true,
            Purpose::Renew => match (order.ended, held.expires.0) {
                (Some(before), Some(now)) => now > before,
                (None, _) | (_, None) => false,
            },
            Purpose::Registrant => match (order.holder, facts.owner) {
                (Some(wanted), Some(live)) => same(wanted, live),
                (None, _) | (_, None) => false,
            },
        }
}

/// What a ticket's word means for the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// It goes on; every word that is not known.
    Open,
    /// It is through (`State` of the mail calls, `Status` of automatic renewals).
    Completed,
    /// It failed (`Status` of automatic renewals), and no time is set to try again.
    Failed,
}

fn state(ticket: &Ticket) -> State {
    let word = ticket.state.word().unwrap_or_default().to_ascii_lowercase();
    match word.as_str() {
        "completed" => State::Completed,
        "failed" | "error" if ticket.next.0.is_none() => State::Failed,
        _ => State::Open,
    }
}

fn failure(order: &Followed<'_>, ticket: Option<&Ticket>) -> Reason {
    let said = ticket.and_then(|ticket| ticket.remark.word().or(ticket.state.word()));
    let text = format!(
        "order {} failed: {}",
        order.transaction,
        said.unwrap_or("no reason is given")
    );
    Reason::ours("order.failed", text)
}

/// Whom a ticket waits for. The words are those of the message queue, in whatever spelling; others are Namebay's own
/// business.
fn waits_for(ticket: &Ticket) -> On {
    let letters = |text: &str| -> String {
        let all = text.chars().filter(char::is_ascii_alphanumeric);
        all.map(|c| c.to_ascii_lowercase()).collect()
    };
    let words = [&ticket.state, &ticket.remark].map(|text| letters(text.raw()));
    let says = |word: &str| words.iter().any(|text| text.contains(word));
    if says("previousownerapproval") {
        OLD_OWNER.on()
    } else if says("newownerapproval") {
        NEW_OWNER.on()
    } else if says("registraranswer") {
        REGISTRAR.on()
    } else {
        On::Provider
    }
}

/// What a person has to do, and where.
struct Task {
    what: &'static str,
    place: &'static str,
}

const OLD_OWNER: Task = Task {
    what: "the previous owner has to approve the change",
    place: "the mail sent to the previous owner's address",
};
const NEW_OWNER: Task = Task {
    what: "the new owner has to approve the change",
    place: "the mail sent to the new owner's address",
};
const REGISTRAR: Task = Task {
    what: "the current registrar has to release the domain, or its days to answer have to pass",
    place: "the current registrar's panel, or its mail to the owner",
};

impl Task {
    fn on(&self) -> On {
        On::Person {
            what: self.what.into(),
            place: self.place.into(),
        }
    }
}

/// What a message says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum News {
    /// A hosting is there.
    HostingCreated,
    /// A transfer waits for the registrar that has the domain.
    TransferWaits,
    /// A domain was transferred in.
    TransferredIn,
    /// A change of owner waits for the previous one.
    OldOwnerAsked,
    /// A change of owner waits for the new one.
    NewOwnerAsked,
    /// An owner was changed.
    OwnerChanged,
    /// Anything else, in Namebay's word.
    Other(Box<str>),
}

/// A message of the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Event {
    /// Its number, by which it is acknowledged.
    pub(super) id: Box<str>,
    /// What it says.
    pub(super) news: News,
    /// Its word, as it came.
    pub(super) word: Box<str>,
    /// When it was made.
    pub(super) at: Option<Time>,
    /// The object's handle.
    pub(super) handle: Option<Box<str>>,
    /// The object's class.
    pub(super) class: Option<Box<str>>,
    /// The ticket's number.
    pub(super) ticket: Option<Box<str>>,
    /// How many messages there are, this one included.
    pub(super) waiting: Option<i64>,
}

/// Reads the head of the queue; none if the queue is empty (null, nothing, or a message without number).
pub(super) fn event(message: &Message) -> Option<Event> {
    let id = message.id.word()?;
    let word = message.name.word().unwrap_or_default();
    if word.is_empty() && message.count.0.unwrap_or(0) <= 0 {
        return None;
    }
    let about = &message.about.0;
    let text = |text: &super::api::lenient::Text| text.word().map(Into::into);
    Some(Event {
        id: id.into(),
        news: news(word),
        word: word.into(),
        at: message.created.0.or(about.logged.0),
        handle: text(&about.handle),
        class: text(&about.class),
        ticket: text(&about.ticket),
        waiting: message.count.0,
    })
}

fn news(word: &str) -> News {
    match word.to_ascii_lowercase().as_str() {
        "hostingcreated" => News::HostingCreated,
        "domaintransferredinwaitingforregistraranswer" => News::TransferWaits,
        "domaintransferredin" => News::TransferredIn,
        "domainownerchangewaitingforpreviousownerapproval" => News::OldOwnerAsked,
        "domainownerchangewaitingfornewownerapproval" => News::NewOwnerAsked,
        "domainownerchanged" => News::OwnerChanged,
        _ => News::Other(word.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn guide(id: &str) -> Value {
        let rows: Vec<Value> =
            serde_json::from_str(include_str!("../../../tests/namebay/guide_orders.json")).unwrap();
        let row = rows.into_iter().find(|row| row["id"] == id).unwrap();
        row["response"].clone()
    }

    fn tickets(json: Value) -> Vec<Ticket> {
        let read: Vec<Ticket> = serde_json::from_value(json).unwrap();
        read.into_iter().map(Ticket::masked).collect()
    }

    fn order(purpose: Purpose) -> Followed<'static> {
        Followed {
            transaction: "T-1",
            purpose,
            domain: "example.com",
            ended: Some("2026-02-21T00:00:00Z".parse().unwrap()),
            holder: Some("AA222222"),
        }
    }

    fn of(purpose: Purpose, ticket: Value, held: Option<Value>, owner: Option<&str>) -> Progress {
        let tickets = tickets(json!([ticket]));
        let held: Option<Holding> = held.map(|held| serde_json::from_value(held).unwrap());
        let facts = Facts {
            tickets: &tickets,
            held: held.as_ref(),
            owner,
        };
        progress(&order(purpose), &facts)
    }

    fn on(progress: Progress) -> On {
        match progress {
            Progress::Pending(pending) => pending.on,
            Progress::Done { .. } | Progress::Failed(_) => panic!("it goes on: {progress:?}"),
        }
    }

    #[test]
    fn the_guides_tickets_go_on_and_hold_no_code() {
        for (id, purpose) in [("nb-09", Purpose::Transfer), ("nb-13", Purpose::Registrant)] {
            let tickets = tickets(guide(id));
            let facts = Facts {
                tickets: &tickets,
                ..Facts::default()
            };
            assert_eq!(on(progress(&order(purpose), &facts)), On::Provider);
            assert!(!format!("{tickets:?}").contains("Auth-7421"));
        }
    }

    #[test]
    fn a_code_is_taken_out_of_a_remark() {
        let all = tickets(json!([{
            "Remark": "bad code Auth-7421-xyz", "Extensions": {"AUTHCODE": "Auth-7421-xyz"},
        }, {"Extensions": [1, {}]}, {"Extensions": null}]));
        assert_eq!(all[0].remark.raw(), "bad code (secret)");
        assert_eq!(all.len(), 3);
    }

    #[test]
    fn what_is_live_decides() {
        let mut held = guide("nb-04")[0].clone();
        let new = json!({"ObjectName": "Example.COM", "ClassName": "domain", "TicketState": "New"});
        let at = |purpose, held: &Value, owner| of(purpose, new.clone(), Some(held.clone()), owner);
        let done = Progress::Done {
            handle: Some(Handle("DO100001".into())),
        };
        assert_eq!(at(Purpose::Register, &held, None), done);
        assert_eq!(at(Purpose::Transfer, &held, None), done);
        // Held before the order, so that only what it changes proves something.
        on(at(Purpose::Renew, &held, None));
        on(at(Purpose::Registrant, &held, Some("AA111111")));
        assert_eq!(at(Purpose::Registrant, &held, Some("aa222222 ")), done);
        held["ExpDate"] = json!("2027-02-21T00:00:00");
        assert_eq!(at(Purpose::Renew, &held, None), done);
        held["StatusID"] = json!(10);
        for purpose in [Purpose::Register, Purpose::Renew, Purpose::Transfer] {
            on(at(purpose, &held, None));
        }
    }

    #[test]
    fn words_that_are_not_known_go_on() {
        let state = |word: &str, change: Value| {
            let mut ticket = json!({"ObjectName": "example.com", "TicketState": word});
            for (name, value) in change.as_object().unwrap() {
                ticket[name] = value.clone();
            }
            of(Purpose::Register, ticket, None, None)
        };
        for word in [
            "",
            " New",
            "Refused",
            "WaitingUrlMetaCheck",
            "\u{1b}[31mDone",
            "Completed",
        ] {
            on(state(word, json!({})));
        }
        let failed = state(" Failed ", json!({"Remark": "no such nexus"}));
        let Progress::Failed(reason) = failed else {
            panic!("it failed");
        };
        assert_eq!(&*reason.text, "order T-1 failed: no such nexus");
        // It is tried again.
        on(state(
            "error",
            json!({"NextProcessingDate": "2025-03-26T17:13:25.157"}),
        ));
        on(state("failed", json!({"ObjectName": "example.org"})));
        on(state("failed", json!({"ClassName": "hosting"})));
    }

    #[test]
    fn what_a_person_must_do_is_told() {
        for (state, remark, who) in [
            (
                "WaitingForPreviousOwnerApproval",
                "",
                Some("previous owner"),
            ),
            ("New", "waiting for new owner approval", Some("new owner")),
            (
                " Waiting For Registrar Answer",
                "",
                Some("current registrar"),
            ),
            ("Waiting", "approval", None),
        ] {
            let ticket =
                json!({"ObjectName": "example.com", "TicketState": state, "Remark": remark});
            match (on(of(Purpose::Registrant, ticket, None, None)), who) {
                (On::Person { what, .. }, Some(who)) => assert!(what.contains(who), "{what}"),
                (On::Provider, None) => {}
                (other, _) => panic!("{state}: {other:?}"),
            }
        }
    }

    #[test]
    fn messages_are_passed_on_even_if_unknown() {
        let read = |json: Value| event(&serde_json::from_value(json).unwrap());
        let known = read(guide("nb-65")).unwrap();
        assert_eq!((&*known.id, known.news), ("3", News::HostingCreated));
        assert_eq!(known.ticket.as_deref(), Some("13"));
        assert_eq!(known.handle.as_deref(), Some("HO300001"));
        let odd = read(json!({"Id": 4.0, "Message": "domainEaten", "Data": "none"})).unwrap();
        assert_eq!(odd.news, News::Other("domainEaten".into()));
        for none in [json!({}), json!({"Count": 0}), json!({"Id": 0, "Count": 0})] {
            assert_eq!(read(none), None);
        }
    }
}
