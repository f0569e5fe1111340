//! One wrong line that many domains use is told once, with their number.
//!
//! What is wrong is not known here: problems are the same if their kind and their first place are.

use crate::diag::{Diagnostic, Diagnostics, Span};
use std::collections::BTreeMap;

/// The problems of all domains.
#[derive(Default)]
pub(super) struct Repeated {
    items: Vec<(Diagnostic, usize)>,
    known: BTreeMap<(&'static str, Span), Known>,
}

struct Known {
    at: usize,
    domain: usize,
}

impl Repeated {
    /// Takes in the problems of one domain, by its number.
    pub(super) fn take_in(
        &mut self,
        domain: usize,
        problems: impl IntoIterator<Item = Diagnostic>,
    ) {
        for problem in problems {
            let key = problem
                .labels
                .first()
                .map(|label| (problem.code.id, label.span));
            let Some(key) = key else {
                self.items.push((problem, 0));
                continue;
            };
            match self.known.get_mut(&key) {
                Some(known) if known.domain != domain => {
                    known.domain = domain;
                    self.items[known.at].1 += 1;
                }
                // One line may be wrong in two ways; of a line that was told before, one is enough.
                Some(known) if self.items[known.at].1 > 0 => {}
                found => {
                    if found.is_none() {
                        let at = self.items.len();
                        self.known.insert(key, Known { at, domain });
                    }
                    self.items.push((problem, 0));
                }
            }
        }
    }

    /// Tells them.
    pub(super) fn tell(self, told: &mut Diagnostics) {
        for (mut problem, more) in self.items {
            if more > 0 {
                let plural = if more == 1 { "" } else { "s" };
                problem.message += &format!("; the same in {more} more domain{plural}");
            }
            told.push(problem);
        }
    }
}
