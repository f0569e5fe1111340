//! How files are reached: includes, folders, master files, and their bounds.

use super::support::{ACCOUNT, Memory, line, load};
use bailiwick::config::{self, Disk, Trusted};
use std::path::Path;

fn names(loaded: &config::Loaded) -> Vec<&str> {
    loaded.desired.homes.keys().map(|name| &**name).collect()
}

#[test]
fn includes_are_sorted_globs_and_a_file_is_read_once() {
    let first = format!(
        "{ACCOUNT}[bailiwick]\ninclude = [\"d/*.toml\", \"d/a.toml\", \"none/*.toml\", \"**/deep?.toml\"]\n"
    );
    let (loaded, lines) = load(&[
        ("bailiwick.toml", &first),
        ("d/b.toml", "[domain.\"b.example\"]\n"),
        ("d/a.toml", "[domain.\"a.example\"]\nlocked = true\n"),
        ("d/.hidden.toml", "[domain.\"hidden.example\"]\n"),
        ("d/x.txt", "no TOML\n"),
        ("d/e/f/deep1.toml", "[domain.\"deep.example\"]\n"),
    ]);
    let loaded = loaded.unwrap_or_else(|| panic!("{lines:?}"));
    assert_eq!(names(&loaded), ["a.example", "b.example", "deep.example"]);
    assert_eq!(lines, [""; 0]);
}

#[test]
fn a_folder_is_all_its_toml_and_bailiwick_toml_comes_first() {
    let memory = Memory::of(&[
        ("a.toml", "[domain.\"a.example\"]\n[guard]\n"),
        (
            "bailiwick.toml",
            &format!("{ACCOUNT}[defaults]\nlocked = true\n"),
        ),
        ("below/c.toml", "[domain.\"c.example\"]\n"),
    ]);
    let loading = config::load(&memory, Path::new("/conf"), &Trusted::default());
    let lines: Vec<String> = loading
        .told
        .sorted()
        .into_iter()
        .map(|told| line(told, &loading.sources))
        .collect();
    assert_eq!(
        lines,
        ["a.toml:2:2 config.first-file [guard] stands in bailiwick.toml or nowhere"]
    );
}

#[test]
fn parts_of_one_domain_add_up_over_files() {
    let first =
        format!("{ACCOUNT}[bailiwick]\ninclude = [\"*.toml\"]\n[defaults]\nzone.ttl = 60\n");
    let zone = |records: &str| format!("[domain.\"example.com\".zone]\nrecords = [\n{records}]\n");
    let a = zone("  { host = \"a\", type = \"A\", data = \"192.0.2.1\" },\n");
    let b = format!(
        "[defaults]\nzone.ttl = 120\nauto_renew = true\n[domain.\"Example.com\"]\nlocked = true\n{}",
        zone("  { host = \"b\", type = \"A\", data = \"192.0.2.1\" },\n")
    );
    let (loaded, lines) = load(&[("first.toml", &first), ("a.toml", &a), ("b.toml", &b)]);
    let loaded = loaded.unwrap_or_else(|| panic!("{lines:?}"));
    let texts: Vec<String> = loaded
        .desired
        .objects
        .keys()
        .map(|address| address.text())
        .collect();
    assert_eq!(
        texts,
        [
            "domain.example.com",
            "zone.example.com",
            "record.example.com/a/A",
            "record.example.com/b/A"
        ]
    );
    // The block begins in a.toml, which has no defaults; so those of the first file hold.
    let zone = &loaded
        .desired
        .objects
        .values()
        .nth(1)
        .expect("the zone")
        .parts;
    let ttl = zone
        .iter()
        .find(|part| &*part.part.0 == "ttl")
        .expect("a ttl");
    assert_eq!(&*ttl.origin.place.file, "first.toml");

    let twice = b.replace(
        "[domain.\"Example.com\"]",
        "[domain.\"Example.com\"]\nnote = \"x\"\n",
    );
    let c = "[domain.\"example.com\"]\nlocked = true\n";
    let files = [
        ("first.toml", first.as_str()),
        ("b.toml", &twice),
        ("c.toml", c),
    ];
    assert_eq!(
        load(&files).1,
        [
            "c.toml:2:10 config.written-twice `locked` of [domain.\"example.com\"] is written twice; \
          one value is written once, even if both are equal + b.toml:7 first here"
        ]
    );
}

#[test]
fn paths_do_not_leave_their_folder() {
    let text = format!(
        "[bailiwick]\ninclude = [\"../x.toml\", \"a/../../x.toml\", \"missing.toml\"]\nledger = \"../l\"\n\
         [domain.\"example.com\".zone]\nfile = [\"../x.zone\", \"\", \"z/*.zone\"]\n{ACCOUNT}"
    );
    assert_eq!(
        load(&[("bailiwick.toml", &text)]).1,
        [
            "bailiwick.toml:2:12 config.path \"../x.toml\": a path may not leave the folder of its file by `..`",
            "bailiwick.toml:2:25 config.path \"a/../../x.toml\": a path may not leave the folder of its file by `..`",
            "bailiwick.toml:2:43 config.unreadable missing.toml is not there",
            "bailiwick.toml:3:10 config.path `ledger` cannot be \"../l\": a path may not leave the folder of its file by `..`",
            "bailiwick.toml:5:9 config.path \"../x.zone\": a path may not leave the folder of its file by `..`",
            "bailiwick.toml:5:22 config.path \"\": this is no path",
            "bailiwick.toml:5:26 config.unreadable there is no file \"z/*.zone\"",
        ]
    );
}

#[test]
fn master_files_are_joined_with_the_block() {
    let text = format!(
        "[domain.\"example.com\".zone]\nttl = 300\nfile = [\"z/*.zone\"]\n\
         records = [ {{ host = \"www\", type = \"A\", data = \"192.0.2.1\" }} ]\n{ACCOUNT}"
    );
    let zone = "$TTL 300\n@ IN SOA ns. h. 1 2 3 4 5\n@ IN NS ns.example.net.\nmail IN A 192.0.2.2\n$INCLUDE more\n";
    let (loaded, lines) = load(&[
        ("bailiwick.toml", &text),
        ("z/a.zone", zone),
        ("z/more", "deep IN TXT \"a\" \"b\"\n"),
    ]);
    let loaded = loaded.unwrap_or_else(|| panic!("{lines:?}"));
    assert_eq!(lines, [""; 0]);
    let places: Vec<String> = loaded
        .desired
        .objects
        .iter()
        .filter(|(address, _)| address.text().starts_with("record."))
        .map(|(address, object)| {
            let place = &object.parts[0].origin.place;
            format!(
                "{address} {} {}:{}",
                object.parts[0].part.0, place.file, place.line
            )
        })
        .collect();
    assert_eq!(
        places,
        [
            "record.example.com/deep/TXT ab z/more:1",
            "record.example.com/mail/A 192.0.2.2 z/a.zone:4",
            "record.example.com/www/A 192.0.2.1 bailiwick.toml:4",
        ]
    );

    let wrong = "www 60 IN A 192.0.2.1\nx IN A 192.0.2.\n$INCLUDE ../up\n$INCLUDE /etc/passwd\n";
    let lines = load(&[("bailiwick.toml", &text), ("z/a.zone", wrong)]).1;
    let codes: Vec<&str> = lines
        .iter()
        .map(|line| line.splitn(3, ' ').take(2).last().unwrap_or_default())
        .collect();
    assert_eq!(
        codes,
        [
            "config.record-ttl",
            "config.record-twice",
            "config.master-file",
            "config.master-file",
            "config.master-file"
        ],
        "{lines:#?}"
    );
}

#[test]
fn too_much_is_said_to_be_too_much() {
    let first = format!("{ACCOUNT}[bailiwick]\ninclude = [\"d/*.toml\"]\n");
    let big = format!("# {}\n", "x".repeat(9 * 1024 * 1024));
    let (_, lines) = load(&[("a.toml", &first), ("d/a.toml", &big), ("d/b.toml", &big)]);
    assert_eq!(
        lines,
        ["a.toml:8:12 config.too-large with d/b.toml the files hold more than 16 MiB"]
    );
    let mut memory = Memory::of(&[("a.toml", &first)]);
    for number in 0..config::MOST_FILES + 5 {
        memory.add(&format!("d/{number}.toml"), "[defaults]\n".to_owned());
    }
    let loading = config::load(&memory, Path::new("/conf/a.toml"), &Trusted::default());
    let lines: Vec<String> = loading
        .told
        .sorted()
        .into_iter()
        .map(|told| line(told, &loading.sources))
        .collect();
    assert_eq!(
        lines,
        ["a.toml:8:12 config.too-large there are more than 2000 files"]
    );
}

#[test]
fn a_master_file_that_includes_itself_is_told_once() {
    let text = format!("[domain.\"example.com\".zone]\nfile = \"z/a.zone\"\n{ACCOUNT}");
    let files = [
        ("bailiwick.toml", text.as_str()),
        (
            "z/a.zone",
            "a IN A 192.0.2.1\n$INCLUDE b.zone\n$INCLUDE c.zone\n",
        ),
        ("z/b.zone", "b IN A 192.0.2.1\n$INCLUDE a.zone\n"),
        ("z/c.zone", "c IN A 192.0.2.1\n$INCLUDE c.zone\n"),
    ];
    let lines = load(&files).1;
    let ends: Vec<&str> = lines
        .iter()
        .map(|line| line.split_once(" config.").map_or("", |(place, _)| place))
        .collect();
    assert_eq!(ends, ["z/b.zone:2:10", "z/c.zone:2:10"], "{lines:#?}");
    assert!(
        lines[0].contains("it includes itself: z/a.zone → z/b.zone → z/a.zone"),
        "{lines:#?}"
    );
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a test's own file")]
fn a_file_that_is_not_text_and_a_key_too_deep_are_told_with_their_line() {
    let folder = std::env::temp_dir().join(format!("bailiwick-not-text-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join("t.toml");
    std::fs::write(&path, b"# a\n# b \xff\n").expect("a file");
    let loading = config::load(&Disk, &path, &Trusted::default());
    let messages: Vec<&str> = loading
        .told
        .sorted()
        .into_iter()
        .map(|told| told.message.as_str())
        .collect();
    assert_eq!(
        messages,
        ["t.toml: it is not text in UTF-8: byte 5 of line 2 is not"]
    );
    std::fs::remove_dir_all(&folder).expect("gone");

    let deep = format!("[http]\nattempts = 1\n a{} = 1\n", ".a".repeat(200));
    let (_, lines) = load(&[("bailiwick.toml", &deep)]);
    assert_eq!(
        lines,
        ["bailiwick.toml:3:2 config.syntax a key is nested too deeply"]
    );
}

#[test]
fn what_is_not_there_is_told_without_a_place() {
    let loading = config::load(&Disk, Path::new("no/such/file.toml"), &Trusted::default());
    let lines: Vec<String> = loading
        .told
        .sorted()
        .into_iter()
        .map(|told| line(told, &loading.sources))
        .collect();
    assert_eq!(
        lines,
        [
            "config.unreadable no/such/file.toml: there is no such file | write --config FILE, the file or folder that has your portfolio"
        ]
    );
}

#[test]
fn a_file_that_was_never_toml_is_told_so_and_no_more() {
    let text = "one two three\n".repeat(5_000);
    let (_, lines) = load(&[("bailiwick.toml", &text)]);
    assert!(lines.len() <= 102, "{}", lines.len());
    let text = "[a]\n[a]\nb = 1\nb = 1\n".repeat(5_000);
    let (_, lines) = load(&[("bailiwick.toml", &text)]);
    assert!(lines.len() <= 102, "{}", lines.len());
}
