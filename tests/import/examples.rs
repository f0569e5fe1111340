//! Real zones: the example `public`, from its file to what is live, and back through import and export.

use super::export::checked;
use super::reading::{Memory, account, changes, imported, load, see, see_record};
use bailiwick::config::write::{AccountsInFile, master_file};
use bailiwick::config::{self, Disk, Loaded, Trusted};
use bailiwick::model::{Kind, Live};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

fn public() -> (Loaded, Vec<(&'static str, String)>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/public");
    let loading = config::load(&Disk, &folder, &Trusted::default());
    let told = loading
        .told
        .sorted()
        .into_iter()
        .map(|problem| (problem.severity.word(), problem.message.clone()))
        .filter(|(_, message)| !message.contains("one TTL per zone"))
        .collect();
    (loading.loaded.expect("a file without errors"), told)
}

/// The world in which everything that the example wants is there.
fn as_live(loaded: &Loaded) -> Live {
    let mut live = Live::default();
    for (address, declared) in &loaded.desired.objects {
        for part in &declared.parts {
            see(&mut live, address.clone(), &part.part.0, part.attrs.clone());
        }
        if address.kind == Kind::Zone {
            see_record(&mut live, address, ("@", "NS", "dns1.namebay.com."));
            see_record(&mut live, address, ("@", "NS", "dns2.namebay.com."));
        }
    }
    live
}

#[test]
fn the_file_loads_and_names_every_zone_of_its_folder() {
    let (loaded, told) = public();
    assert_eq!(told, []);
    let conf = &loaded.accounts[&account("main")];
    assert_eq!(&*conf.user, "PU181818");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/public/zones");
    let files: BTreeSet<String> = std::fs::read_dir(folder)
        .unwrap()
        .filter_map(|entry| entry.unwrap().file_name().into_string().ok())
        .filter_map(|name| name.strip_suffix(".zone").map(str::to_owned))
        .collect();
    let zones: BTreeSet<String> = loaded
        .desired
        .objects
        .keys()
        .filter(|address| address.kind == Kind::Zone)
        .map(|address| address.domain.to_string())
        .collect();
    assert_eq!(zones, files);
    assert_eq!(zones.len(), 25);
    let values: usize = loaded
        .desired
        .objects
        .iter()
        .filter(|(address, _)| address.kind == Kind::Record)
        .map(|(_, declared)| declared.parts.len())
        .sum();
    assert_eq!(values, 376);
}

#[test]
fn real_zones_go_through_import_and_export_unchanged() {
    let (loaded, _) = public();
    let live = as_live(&loaded);
    assert_eq!(changes(loaded.desired.clone(), &live), Vec::<String>::new());

    let (written, desired) = imported(&live, AccountsInFile::One);
    assert_eq!(written.left_out, []);
    assert_eq!(changes(desired, &live), Vec::<String>::new());

    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/public");
    let toml = std::fs::read_to_string(folder.join("bailiwick.toml")).unwrap();
    let mut files = BTreeMap::from([(PathBuf::from("/c/bailiwick.toml"), toml)]);
    let zones = live
        .objects
        .keys()
        .filter(|address| address.kind == Kind::Zone);
    for zone in zones {
        let written = master_file(&live, zone).expect("a live zone");
        assert_eq!(written.left_out, []);
        assert_eq!(checked(&zone.domain, &written.text), Ok(()));
        let path = PathBuf::from(format!("/c/zones/{}.zone", zone.domain));
        files.insert(path, written.text);
    }
    assert_eq!(changes(load(Memory(files)), &live), Vec::<String>::new());
}
