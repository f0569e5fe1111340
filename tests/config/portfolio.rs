use super::support::*;
use bailiwick::config::{self, Disk, Trusted};
use std::path::Path;

#[test]
fn scratch() {
    let loading = config::load(&Disk, Path::new("examples/zone"), &Trusted::default());
    for problem in loading.told.sorted() {
        println!("{}", line(problem, &loading.sources));
    }
    if let Some(loaded) = loading.loaded {
        for (address, declared) in &loaded.desired.objects {
            println!("{address}");
            for wanted in &declared.parts {
                println!(
                    "   {:?} {:?} {:?}",
                    wanted.part.0, wanted.attrs, wanted.origin.place
                );
            }
        }
        println!("{:?}", loaded.accounts);
    }
    let mut toml = String::from(ACCOUNT);
    for entry in std::fs::read_dir("examples/public/zones").unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let domain = name.trim_end_matches(".zone").trim_end_matches(".");
        toml += &format!(
            "[domain.{domain:?}]\nregistrar = \"external\"\n[domain.{domain:?}.zone]\nfile = \"zones/{name}\"\n"
        );
    }
    let mut memory = Memory::of(&[("bailiwick.toml", &toml)]);
    for entry in std::fs::read_dir("examples/public/zones").unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        memory.add(
            &format!("zones/{name}"),
            std::fs::read_to_string(&path).unwrap(),
        );
    }
    let loading = config::load(
        &memory,
        Path::new("/conf/bailiwick.toml"),
        &Trusted::default(),
    );
    for problem in loading.told.sorted() {
        println!("{}", line(problem, &loading.sources));
    }
    println!("{:?}", loading.loaded.map(|l| l.desired.objects.len()));
}
