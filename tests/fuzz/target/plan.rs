//! The saved plan: what is accepted is written as the same plan, and shown inert.

use bailiwick::plan::file::{self, Unreadable};
use bailiwick::render::{Style, View, human, json, markdown};

use super::{assert_inert, came_to, shape};

/// Reads a plan.
pub(super) fn run(input: &[u8]) -> u64 {
    let text = String::from_utf8_lossy(input).into_owned();
    let mut read = file::read(&text);
    // Its digest put right, so that what was edited is met as well.
    if let Err(Unreadable::Edited { said, found }) = &read {
        read = match said.is_empty() {
            true => read,
            false => file::read(&text.replacen(said, found, 1)),
        };
    }
    let plan = match read {
        Ok(plan) => plan,
        Err(problem) => {
            let said = problem.to_string();
            return came_to(shape(&said));
        }
    };
    let written = file::write(&plan);
    let again = file::read(&written).expect("what was written is read");
    assert_eq!(again, plan);
    assert_eq!(file::write(&again), written);
    let view = View::of(&plan);
    for shown in [
        human::plan(&view, Style::default()),
        markdown::plan(&view),
        json::plan(&plan),
    ] {
        assert_inert(&shown);
    }
    came_to((
        plan.steps.len(),
        plan.blocked.len(),
        plan.findings.len(),
        plan.scopes.len(),
        plan.pending.len(),
    ))
}
