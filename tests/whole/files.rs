//! Files that are asked for: written whole, private, and only where a file may stand.

use crate::support::simulated::{Simulated, USER};
use bailiwick::sandbox::{Dialect, Seed};
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};

fn simulated() -> Simulated {
    let seed = Seed::empty().user(USER).zone("example.com");
    let simulated = Simulated::new(seed, Dialect::default());
    simulated.file("[domain.\"example.com\".zone]\nttl = 300\n");
    simulated
}

#[test]
fn a_report_is_private_and_replaces_what_a_link_points_at() {
    let simulated = simulated();
    let folder = simulated.scenario.folder();
    simulated.scenario.file("real.json", "old");
    std::os::unix::fs::symlink("real.json", folder.join("link.json")).unwrap();
    let told = simulated.call(&["plan", "--report", "json=link.json"]);
    assert_eq!(told.status, Some(0), "{told:?}");
    let link = folder.join("link.json").symlink_metadata().unwrap();
    assert!(link.file_type().is_symlink());
    let text = std::fs::read_to_string(folder.join("real.json")).unwrap();
    assert!(text.contains("bailiwick/plan/1"), "{text}");
    let mode = std::fs::metadata(folder.join("real.json")).unwrap().mode();
    assert_eq!(mode & 0o777, 0o600);
    let left: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .filter_map(|entry| entry.unwrap().file_name().into_string().ok())
        .filter(|name| name.starts_with('.') && name != ".bailiwick")
        .collect();
    assert_eq!(left, Vec::<String>::new());
}

#[test]
fn a_pipe_is_written_into_and_not_replaced() {
    let simulated = simulated();
    let pipe = simulated.scenario.folder().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    let reader = {
        let pipe = pipe.clone();
        std::thread::spawn(move || std::fs::read_to_string(pipe).unwrap())
    };
    let told = simulated.call(&["plan", "--report", "json=pipe"]);
    assert_eq!(told.status, Some(0), "{told:?}");
    assert!(std::fs::metadata(&pipe).unwrap().file_type().is_fifo());
    assert!(reader.join().unwrap().contains("bailiwick/plan/1"));
}

#[test]
fn out_never_writes_over_a_file_without_force() {
    let simulated = simulated();
    simulated.scenario.file("mine.toml", "mine");
    let arguments = ["import", "--all", "--out", "mine.toml"];
    let told = simulated.call(&arguments);
    assert_eq!(told.status, Some(3), "{told:?}");
    assert!(told.stderr.contains("--force"), "{told:?}");
    let path = simulated.scenario.folder().join("mine.toml");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "mine");
    let told = simulated.call(&["import", "--all", "--out", "mine.toml", "--force"]);
    assert_eq!(told.status, Some(0), "{told:?}");
    assert!(std::fs::read_to_string(&path).unwrap().contains("[domain."));
}

#[test]
fn an_import_into_a_folder_adds_what_is_new_and_leaves_the_rest() {
    let seed = Seed::empty()
        .user(USER)
        .zone("a.example")
        .zone("b.example")
        .zone("c.example")
        .zone("d.example");
    let simulated = Simulated::new(seed, Dialect::default());
    simulated.file("[domain.\"d.example\".zone]\n");
    let folder = simulated.scenario.folder();
    let arguments = ["import", "--all", "--out-dir", "domains/more"];
    let first = simulated.call(&["import", "a.example", "--out-dir", "domains/more"]);
    assert_eq!(first.status, Some(0), "{first:?}");
    let place = folder.join("domains/more");
    let mine = "# mine\n";
    simulated.scenario.file("domains/more/a.example.toml", mine);
    simulated.scenario.file("outside", mine);
    std::os::unix::fs::symlink("../../outside", place.join("b.example.toml")).unwrap();
    let told = simulated.call(&arguments);
    assert_eq!(told.status, Some(0), "{told:?}");
    let last = "1 file written to ";
    assert!(told.stderr.contains(last), "{told:?}");
    assert!(
        told.stderr.contains("3 left as they are there already."),
        "{told:?}"
    );
    assert!(told.stderr.contains("b.example.toml is a link"), "{told:?}");
    let text = |path: &str| std::fs::read_to_string(folder.join(path)).unwrap();
    assert_eq!(text("domains/more/a.example.toml"), mine);
    let made = text("domains/more/c.example.toml");
    assert!(made.starts_with("[domain.\"c.example\"]"), "{made}");
    assert!(!place.join("d.example.toml").exists());
    let forced = simulated.call(&[&arguments[..], &["--force"]].concat());
    assert_eq!(forced.status, Some(0), "{forced:?}");
    assert_ne!(text("domains/more/a.example.toml"), mine);
    assert_eq!(text("outside"), mine);
    let mode = std::fs::metadata(place.join("a.example.toml"))
        .unwrap()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
}
