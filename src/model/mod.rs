//! What the stages hand to each other: addresses, attributes, both sides of the comparison, and work.
//!
//! The types here pin the stages (they are the fixed points between modules that grow side by side).
//! Nothing here reads, sends, prints or knows the time; no provider and no file format is known.

pub mod address;
pub mod attrs;
pub mod dns;
pub mod guards;
pub mod hidden;
pub mod market;
pub mod money;
pub mod pattern;
pub mod secret;
pub mod work;
pub mod world;

pub use crate::diag::{Place, Severity};
pub use address::{Account, Address, Kind, Part, Unit};
pub use attrs::{Attrs, Data, Digesting, Fingerprint, Later, Value};
pub use guards::{Allow, Guards, LedgerLasts};
pub use secret::{Print, Prints, Secret, Sent, WantedSecret};
pub use work::{
    Action, Answer, Cause, Offers, On, Order, Origin, Outcome, Pending, Reason, Via, Wish, Write,
};
pub use world::{
    Admitted, Buy, Days, Declared, Desired, Handle, Home, Ignore, LastSeen, Live, Need, Reads,
    Roster, Rules, Seen, SeenPart, Time, Wanted,
};
