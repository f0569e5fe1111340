//! Notifications on values: what is news, what is said, and how often delivery is tried, on a clock that is paused.

mod deliver;
mod memory;
mod said;

use bailiwick::drift::{Class, Difference, Drift, Finding, Item};
use bailiwick::model::{Account, Address, Data, Kind, Severity, Value};

/// The zone of a domain.
fn zone(domain: &str) -> Address {
    Address::of(&Account::new("main"), &domain.into(), Kind::Zone)
}

/// An attribute of a zone that was changed outside.
fn item(domain: &str, live: &str) -> Item {
    let text = |text: &str| Some(Value::Known(Data::Text(text.into())));
    Item {
        address: zone(domain),
        class: Class::Drift,
        attributes: vec![Difference {
            name: "ttl",
            file: text("60"),
            applied: text("60"),
            live: text(live),
            secret: false,
        }],
    }
}

fn drift(items: Vec<Item>) -> Drift {
    Drift {
        items,
        ..Drift::default()
    }
}

fn finding(code: &'static str, severity: Severity, domain: &str, message: &str) -> Finding {
    Finding {
        code,
        severity,
        address: Some(zone(domain)),
        message: message.into(),
        origin: None,
    }
}
