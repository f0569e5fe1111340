//! What a run costs: CPU seconds and peak memory of plans and applies, each measured in a process of its own.
//!
//! `cargo bench` prints the figures, `cargo bench -- plan` those of one part (`plan`, `command`, `apply`, `agency`,
//! `start`).
//! A plan stands in turn with a bare parse of the same files and answers, so that a busy machine slows both.
//! Nothing is asserted: figures are for people, and tests that time are wrong on the first slow day.
#![expect(clippy::print_stdout, reason = "figures are what a bench is for")]

mod agency;
mod applying;
mod bare;
mod meter;
mod planning;
mod portfolio;
mod server;
mod starting;
mod table;

use std::path::PathBuf;
use std::process::ExitCode;

/// A part of the benchmark, or of a process that it starts.
type Words<'a> = &'a [&'a str];

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match &*words {
        ["child", "bare", rest @ ..] => bare::child(rest),
        ["child", "plan", rest @ ..] => planning::child(rest),
        ["child", "remember", rest @ ..] => planning::remember(rest),
        ["child", "command", rest @ ..] => planning::command(rest),
        ["child", "serve", rest @ ..] => server::child(rest),
        ["child", "sandbox", rest @ ..] => applying::sandbox(rest),
        ["child", "agency", rest @ ..] => agency::child(rest),
        ["child", "nothing"] => {}
        ["child", other, ..] => panic!("no such child: {other}"),
        _ => driver(&words),
    }
    ExitCode::SUCCESS
}

fn driver(words: Words<'_>) {
    let chosen: Vec<&str> = words
        .iter()
        .copied()
        .filter(|word| !word.starts_with('-'))
        .collect();
    let wanted = |part: &str| chosen.is_empty() || chosen.contains(&part);
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("benches");
    // What an earlier run left may be of another shape.
    let _ = std::fs::remove_dir_all(&folder);
    println!("{}", meter::machine());
    if wanted("plan") {
        planning::drive(&folder);
    }
    if wanted("command") {
        planning::drive_command(&folder);
    }
    if wanted("apply") {
        applying::drive(&folder);
    }
    if wanted("agency") {
        agency::drive(&folder);
    }
    if wanted("start") {
        starting::drive(&folder);
    }
}
