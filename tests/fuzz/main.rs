//! Hostile input by the million: mutates what is known to be read, and stops at the first input that breaks a law.
//!
//! `cargo bench --profile fuzz --bench fuzz -- --runs 1000000 [--seed N] [TARGET…]`. The same seed gives the same
//! inputs, on any machine and with a stable compiler. What does something that was not seen before (each target says
//! what it came to) is mutated further. What breaks a law is written to `tests/fuzz/seeds/TARGET/`, where the tests
//! replay it from then on.
#![expect(clippy::print_stdout, reason = "figures are what a bench is for")]

mod corpus;
mod mutate;
mod seal;
mod target;

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use mutate::Mutator;
use target::{TARGETS, Target};

/// An execution that takes longer is a finding; inputs hold a few KiB.
const SLOW: Duration = Duration::from_millis(250);

struct Wanted {
    runs: u64,
    seed: u64,
    targets: Vec<&'static Target>,
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let wanted = match wanted(&words) {
        Ok(wanted) => wanted,
        Err(problem) => {
            println!("{problem}");
            return ExitCode::FAILURE;
        }
    };
    std::panic::set_hook(Box::new(|_| {}));
    let mut fine = true;
    for target in &wanted.targets {
        fine &= run(target, &wanted);
    }
    match fine {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

fn wanted(words: &[String]) -> Result<Wanted, String> {
    let mut wanted = Wanted {
        runs: 10_000,
        seed: 1,
        targets: Vec::new(),
    };
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let mut number = || {
            let number = words.next().and_then(|word| word.parse().ok());
            number.ok_or_else(|| format!("{word} takes a number"))
        };
        match word.as_str() {
            "--runs" => wanted.runs = number()?,
            "--seed" => wanted.seed = number()?,
            // What cargo itself passes on.
            "--bench" => {}
            name => {
                let known = TARGETS.iter().find(|target| target.name == name);
                let names: Vec<_> = TARGETS.iter().map(|target| target.name).collect();
                wanted
                    .targets
                    .push(known.ok_or_else(|| format!("{name}: no target; there are {names:?}"))?);
            }
        }
    }
    if wanted.targets.is_empty() {
        wanted.targets = TARGETS.iter().collect();
    }
    Ok(wanted)
}

/// Runs one target; false if it broke a law.
fn run(target: &Target, wanted: &Wanted) -> bool {
    let begun = now();
    let seeds = corpus::seeds(target.name);
    let mut seen = BTreeSet::new();
    let mut mutator = Mutator::new(wanted.seed, seeds);
    let mut slowest = Duration::ZERO;
    for count in 0..wanted.runs {
        let input = mutator.next();
        let before = now();
        let came_to = catch_unwind(AssertUnwindSafe(|| (target.run)(&input)));
        let took = before.elapsed();
        slowest = slowest.max(took);
        let problem = match came_to {
            Ok(_) if took > SLOW && again(target, &input) > SLOW => format!("it took {took:?}"),
            Ok(came_to) => {
                if seen.insert(came_to) {
                    mutator.keep(input);
                }
                continue;
            }
            Err(panic) => said(&*panic),
        };
        let path = save(target.name, &input);
        println!(
            "{}: execution {count}: {problem}\n  kept as {}",
            target.name,
            path.display()
        );
        return false;
    }
    let took = begun.elapsed();
    println!(
        "{:<12} {} executions in {:.0} s, {:.0} a second, slowest {:.1} ms; {} behaviours",
        target.name,
        wanted.runs,
        took.as_secs_f64(),
        wanted.runs as f64 / took.as_secs_f64(),
        slowest.as_secs_f64() * 1e3,
        seen.len(),
    );
    true
}

/// Keeps an input, and says where.
#[expect(
    clippy::disallowed_methods,
    reason = "a file of the project's own tests"
)]
fn save(target: &str, input: &[u8]) -> PathBuf {
    let folder = corpus::folder(target);
    std::fs::create_dir_all(&folder).expect("a folder for seeds");
    let number = input.iter().fold(0_u64, |sum, byte| {
        sum.wrapping_mul(0x0100_0000_01b3)
            .wrapping_add(u64::from(*byte) + 1)
    });
    let path = folder.join(format!("found-{number:016x}"));
    std::fs::write(&path, input).expect("a file for the seed");
    path
}

/// The shortest of a few times: a busy machine is no finding.
fn again(target: &Target, input: &[u8]) -> Duration {
    let times = (0..4).map(|_| {
        let before = now();
        (target.run)(input);
        before.elapsed()
    });
    times.min().unwrap_or_default()
}

#[expect(
    clippy::disallowed_methods,
    reason = "how long an input takes is what is asked"
)]
fn now() -> std::time::Instant {
    std::time::Instant::now()
}

fn said(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    text.unwrap_or("a panic without words").to_owned()
}
