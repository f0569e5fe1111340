//! Everything people and programs are shown: plans, reports, problems and progress, as text.
//!
//! What there is to see is worked out once, in `view`; the formats only lay it out, so that they cannot
//! disagree. Nothing here prints, reads the environment or a clock, or decides an exit code.

pub mod catalogue;
pub mod diagnostics;
pub mod drift;
pub mod escape;
pub mod events;
pub mod human;
pub mod json;
pub mod locks;
pub mod markdown;
pub mod orders;
pub mod outcome;
pub mod outputs;
pub mod progress;
pub mod settled;
mod style;
pub mod view;

pub use style::{Colour, Style};
pub use view::View;
