//! The quick part of the fuzz targets: what once broke a law, all seeds, and a few mutations of each.
//!
//! `cargo bench --profile fuzz --bench fuzz` is the long part (`main.rs`).

mod corpus;
mod mutate;
mod seal;
mod target;

use std::collections::BTreeSet;

use mutate::Mutator;
use target::TARGETS;

/// Enough to notice a target that broke; finding something new takes the long part.
const MUTATIONS: usize = 150;

#[test]
fn seeds_and_a_few_mutations_break_no_law() {
    for target in TARGETS {
        let seeds = corpus::seeds(target.name);
        let first = seeds.len();
        let mut mutator = Mutator::new(7, seeds);
        let mut seen = BTreeSet::new();
        for count in 0..first + MUTATIONS {
            let input = mutator.next();
            let Ok(came_to) = std::panic::catch_unwind(|| (target.run)(&input)) else {
                let shown = String::from_utf8_lossy(&input);
                panic!("{} {count}: {shown:?}", target.name);
            };
            if seen.insert(came_to) {
                mutator.keep(input);
            }
        }
    }
}

#[test]
fn seeds_get_past_the_door() {
    // A seed that is refused at once would be mutated for nothing.
    for (name, cut) in [("ledger", &b"s{"[..]), ("journal", b"s{"), ("plan", b"{")] {
        let target = TARGETS.iter().find(|target| target.name == name);
        let run = target.expect("a target").run;
        let refused = run(cut);
        for seed in corpus::seeds(name) {
            assert_ne!(run(&seed), refused, "{name}");
        }
    }
}
