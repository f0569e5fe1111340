//! Usage: what is said before any file is read (A2, A6, A7, A8).

use crate::support::Scenario;

#[test]
fn help_and_version_are_results() {
    let scenario = Scenario::new();
    let version = scenario.run(&["--version"]);
    assert_eq!(version.status, Some(0));
    assert_eq!(
        version.stdout,
        concat!("bailiwick ", env!("CARGO_PKG_VERSION"), "\n")
    );
    assert_eq!(version.stderr, "");
    for arguments in [
        &["--help"][..],
        &["plan", "--help"],
        &["sandbox", "serve", "-h"],
    ] {
        let help = scenario.run(arguments);
        assert_eq!(help.status, Some(0), "{arguments:?}");
        assert!(help.stdout.contains("Usage: bailiwick"), "{arguments:?}");
        assert_eq!(help.stderr, "", "{arguments:?}");
    }
}

#[test]
fn a_wrong_command_line_ends_with_3_and_leaves_stdout_to_results() {
    let scenario = Scenario::new();
    for arguments in [
        &[][..],
        &["plan", "--frobnicate"],
        &["plam"],
        &["doctor"],
        &["plan", "--live", "x"],
    ] {
        let refused = scenario.run(arguments);
        assert_eq!(refused.status, Some(3), "{arguments:?}");
        assert_eq!(refused.stdout, "", "{arguments:?}");
        assert!(refused.stderr.starts_with("error: "), "{arguments:?}");
    }
    let typo = scenario.run(&["plan", "--targett", "x"]);
    assert!(typo.stderr.contains("--target"), "{}", typo.stderr);
}

#[test]
fn a_program_that_asked_for_json_gets_json_for_a_bad_flag_too() {
    let scenario = Scenario::new();
    for arguments in [
        &["plan", "--format", "json", "--frobnicate"][..],
        &["--frobnicate", "plan", "--format=json"],
        &["doctor", "--json"],
    ] {
        let refused = scenario.run(arguments);
        assert_eq!(refused.status, Some(3), "{arguments:?}");
        let json: serde_json::Value = serde_json::from_str(&refused.stdout).expect("JSON");
        assert_eq!(json["error"]["exit"], 3, "{arguments:?}");
        assert!(json["error"]["message"].is_string(), "{arguments:?}");
        assert!(json["diagnostics"].is_array(), "{arguments:?}");
    }
}

#[test]
fn no_escape_reaches_a_file_and_colour_can_be_forced() {
    let mut scenario = Scenario::new();
    let plain = scenario.run(&["plan", "--\u{1b}[31mred"]);
    assert!(!plain.stderr.contains('\u{1b}'), "{}", plain.stderr);
    scenario.variable("CLICOLOR_FORCE", "1");
    let coloured = scenario.run(&["plan", "--frobnicate"]);
    assert!(
        coloured.stderr.starts_with("\u{1b}["),
        "{}",
        coloured.stderr
    );
    scenario.variable("NO_COLOR", "1");
    let plain = scenario.run(&["plan", "--frobnicate"]);
    assert!(!plain.stderr.contains('\u{1b}'), "{}", plain.stderr);
}

#[test]
fn the_program_and_the_library_say_the_same() {
    let scenario = Scenario::new();
    for arguments in [
        &["--version"][..],
        &["plan", "--frobnicate"],
        &["completions", "fish"],
        &["man"],
    ] {
        assert_eq!(
            scenario.run(arguments),
            scenario.call(arguments),
            "{arguments:?}"
        );
    }
}

#[test]
fn a_reader_that_went_away_ends_the_program_quietly() {
    let scenario = Scenario::new();
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let mut command = scenario.command(&["man"]);
    let output = command.stdout(writer).output().expect("the program starts");
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stderr.is_empty(), "{output:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_result_that_could_not_be_written_is_an_error() {
    let scenario = Scenario::new();
    let full = std::fs::File::options()
        .write(true)
        .open("/dev/full")
        .expect("/dev/full");
    let output = scenario
        .command(&["man"])
        .stdout(full)
        .output()
        .expect("the program starts");
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(
        told.starts_with("error: the result cannot be written"),
        "{told}"
    );
}
