//! One-time secrets in a folder: one age file each, named after its address and key.
//!
//! A name is reserved before the request goes out, by a file that says that it is not finished, and the sealed
//! secret replaces it. What is finished is never written over: a further secret of the same address gets a
//! number. A reservation that an earlier run left is used again. What is encrypted to whom is `config`'s.

use crate::apply::Keeping;
use crate::config::Sealing;
use crate::model::{Address, Secret};
use sha2::{Digest, Sha256};
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};

/// What stands in a reserved file; no age file begins so.
const RESERVED: &[u8] =
    b"bailiwick: reserved for a secret that is told once; it has not come, or could not be written\n";
/// The longest part of a name that stands for an address, in bytes; a file system takes 255 of a whole name.
const LONGEST: usize = 160;
/// So many secrets of one address and key are kept.
const MOST: u32 = 1_000;

/// The folder of one-time secrets.
#[derive(Debug)]
pub(super) struct SealedFolder {
    folder: PathBuf,
    /// How it is called in what is told.
    shown: String,
    sealing: Sealing,
}

impl SealedFolder {
    /// The folder that the file names, or the sandbox's.
    pub(super) fn new(sealing: &Sealing, instead: Option<PathBuf>) -> Self {
        let shown = match &instead {
            Some(folder) => folder.display().to_string(),
            None => sealing.written.trim_end_matches('/').to_owned(),
        };
        Self {
            folder: instead.unwrap_or_else(|| sealing.folder.clone()),
            shown,
            sealing: sealing.clone(),
        }
    }

    fn told(&self, name: &str) -> String {
        format!("{}/{name}", self.shown)
    }

    /// Makes the folder; a link, which may lead anywhere, is none.
    fn make(&self) -> std::io::Result<()> {
        match std::fs::symlink_metadata(&self.folder) {
            Ok(about) if about.is_dir() => return Ok(()),
            Ok(_) => return Err(std::io::Error::other("it is not a folder")),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&self.folder)?;
        match self.folder.parent() {
            Some(above) if !above.as_os_str().is_empty() => sync(above),
            Some(_) | None => sync(Path::new(".")),
        }
    }

    /// The first name that is free or reserved, reserved now.
    fn reserved(&self, address: &Address, key: &str) -> std::io::Result<String> {
        self.make()?;
        for number in 1..=MOST {
            let name = file_name(address, key, number);
            let path = self.folder.join(&name);
            match create(&path) {
                Ok(mut file) => {
                    file.write_all(RESERVED)?;
                    file.sync_all()?;
                    sync(&self.folder)?;
                    return Ok(name);
                }
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
            if is_unfinished(&path)? {
                return Ok(name);
            }
        }
        Err(std::io::Error::other(format!(
            "{MOST} earlier ones stand there: move some away"
        )))
    }

    /// Puts it in the place of the reservation, whole or not at all; where no second file can be written, over
    /// the reservation itself.
    fn put(&self, name: &str, sealed: &[u8]) -> std::io::Result<()> {
        let (path, beside) = (
            self.folder.join(name),
            self.folder.join(format!("{name}.tmp")),
        );
        let renamed = write_new(&beside, sealed).and_then(|()| std::fs::rename(&beside, &path));
        if renamed.is_err() {
            // What is left of it is no secret that could be read.
            drop(std::fs::remove_file(&beside));
            let mut file = OpenOptions::new().write(true).open(&path)?;
            file.write_all(sealed)?;
            file.set_len(sealed.len() as u64)?;
            file.sync_all()?;
        }
        sync(&self.folder)
    }
}

impl Keeping for SealedFolder {
    fn reserve(&self, address: &Address, name: &str) -> Result<(), Box<str>> {
        let reserved = self.reserved(address, name);
        reserved
            .map(|_| ())
            .map_err(|error| format!("{}: {error}", self.shown).into())
    }

    fn keep(&self, address: &Address, name: &str, secret: &Secret) -> Result<Box<str>, Box<str>> {
        let sealed = self.sealing.seal(secret);
        let sealed = sealed.map_err(|error| format!("it cannot be encrypted: {error}"))?;
        let file = self
            .reserved(address, name)
            .map_err(|error| format!("{}: {error}", self.shown))?;
        let put = self.put(&file, &sealed);
        let told = self.told(&file);
        match put {
            Ok(()) => Ok(told.into()),
            Err(error) => Err(format!("{told}: {error}").into()),
        }
    }

    fn release(&self, address: &Address, name: &str) {
        for number in 1..=MOST {
            let path = self.folder.join(file_name(address, name, number));
            match is_unfinished(&path) {
                // One that stays is used again.
                Ok(true) => return drop(std::fs::remove_file(&path)),
                Ok(false) => {}
                Err(_) => return,
            }
        }
    }
}

/// The name of a file: injective, in lower case alone, and in no way a path.
fn file_name(address: &Address, key: &str, number: u32) -> String {
    let whole = address.full_text();
    let mut name = String::with_capacity(whole.len() + 16);
    for byte in whole.bytes() {
        match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-' | b'_' | b'@' => name.push(char::from(byte)),
            _ => name.push_str(&format!("%{byte:02x}")),
        }
    }
    if name.len() > LONGEST {
        name.truncate(LONGEST);
        let digest = Sha256::digest(whole.as_bytes());
        name.push('~');
        for byte in &digest[..16] {
            name.push_str(&format!("{byte:02x}"));
        }
    }
    match number {
        1 => format!("{name}+{key}.age"),
        _ => format!("{name}+{key}.{number}.age"),
    }
}

/// True if a file is a reservation, or the beginning of one that a crash left.
fn is_unfinished(path: &Path) -> std::io::Result<bool> {
    if !std::fs::symlink_metadata(path)?.is_file() {
        return Ok(false);
    }
    let mut start = Vec::with_capacity(RESERVED.len() + 1);
    File::open(path)?
        .take(RESERVED.len() as u64 + 1)
        .read_to_end(&mut start)?;
    Ok(RESERVED.starts_with(&start))
}

/// A new file that its owner alone may read.
fn create(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn write_new(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    let mut file = create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Forces a folder's entries to disk; elsewhere than on Unix no folder can be opened.
fn sync(folder: &Path) -> std::io::Result<()> {
    match cfg!(unix) {
        true => File::open(folder)?.sync_all(),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Account, Kind};

    /// A folder of this test's own, with the key that reads what is in it.
    struct Place {
        root: PathBuf,
        own: SealedFolder,
    }

    const READER: &str = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";

    impl Place {
        fn new(name: &str) -> Self {
            let root = std::env::temp_dir()
                .join(format!("bailiwick-sealed-{}-{name}", std::process::id()));
            drop(std::fs::remove_dir_all(&root));
            std::fs::create_dir_all(&root).unwrap();
            let sealing = Sealing {
                folder: root.join("secrets"),
                written: "secrets".into(),
                recipients: vec![READER.parse().unwrap()],
            };
            let own = SealedFolder::new(&sealing, None);
            Self { root, own }
        }

        fn names(&self) -> Vec<String> {
            let entries = std::fs::read_dir(self.root.join("secrets")).unwrap();
            let mut names: Vec<String> = entries
                .map(|entry| entry.unwrap().file_name().into_string().unwrap())
                .collect();
            names.sort();
            names
        }

        fn bytes(&self, name: &str) -> Vec<u8> {
            std::fs::read(self.root.join("secrets").join(name)).unwrap()
        }
    }

    impl Drop for Place {
        fn drop(&mut self) {
            drop(std::fs::remove_dir_all(&self.root));
        }
    }

    fn database(name: &str) -> Address {
        Address {
            name: name.into(),
            ..Address::of(&Account::new("main"), &"example.com".into(), Kind::Database)
        }
    }

    const FIRST: &str = "database.example.com%2fshop@main+password.age";
    const SECOND: &str = "database.example.com%2fshop@main+password.2.age";

    fn secret() -> Secret {
        Secret::new("canary-secret".into())
    }

    #[test]
    fn a_place_is_reserved_used_again_filled_and_never_written_over() {
        let place = Place::new("stages");
        let shop = database("shop");
        for _ in 0..2 {
            place.own.reserve(&shop, "password").unwrap();
            assert_eq!(place.names(), [FIRST]);
            assert_eq!(place.bytes(FIRST), RESERVED);
        }
        let kept = place.own.keep(&shop, "password", &secret()).unwrap();
        assert_eq!(&*kept, format!("secrets/{FIRST}"));
        let first = place.bytes(FIRST);
        assert!(first.starts_with(b"age-encryption.org/v1"));
        assert!(!first.windows(6).any(|bytes| bytes == b"canary"));

        let kept = place.own.keep(&shop, "password", &secret()).unwrap();
        assert_eq!(&*kept, format!("secrets/{SECOND}"));
        assert_eq!(place.bytes(FIRST), first);
        place.own.release(&shop, "password");
        assert_eq!(place.names(), [SECOND, FIRST], "nothing finished goes");
    }

    #[test]
    fn a_reservation_of_which_nothing_came_is_given_up_and_what_a_crash_left_is_used() {
        let place = Place::new("crash");
        let shop = database("shop");
        place.own.reserve(&shop, "password").unwrap();
        place.own.release(&shop, "password");
        assert_eq!(place.names(), [""; 0]);
        let folder = place.root.join("secrets");
        write_new(&folder.join(FIRST), &RESERVED[..7]).unwrap();
        write_new(&folder.join(format!("{FIRST}.tmp")), b"half").unwrap();
        place.own.keep(&shop, "password", &secret()).unwrap();
        assert_eq!(place.names(), [FIRST]);
        assert!(place.bytes(FIRST).starts_with(b"age-encryption.org/v1"));
    }

    #[test]
    fn where_no_second_file_can_be_written_the_reservation_takes_it() {
        let place = Place::new("in-place");
        let shop = database("shop");
        place.own.reserve(&shop, "password").unwrap();
        // Nothing can be created under that name.
        let beside = place.root.join("secrets").join(format!("{FIRST}.tmp"));
        std::fs::create_dir(&beside).unwrap();
        write_new(&beside.join("x"), b"").unwrap();
        place.own.keep(&shop, "password", &secret()).unwrap();
        assert!(place.bytes(FIRST).starts_with(b"age-encryption.org/v1"));
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_reads_it_and_a_link_is_no_folder() {
        use std::os::unix::fs::PermissionsExt as _;
        let place = Place::new("mode");
        place
            .own
            .keep(&database("shop"), "password", &secret())
            .unwrap();
        let mode = |path: PathBuf| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let folder = place.root.join("secrets");
        assert_eq!(mode(folder.clone()), 0o700);
        assert_eq!(mode(folder.join(FIRST)), 0o600);

        let elsewhere = place.root.join("elsewhere");
        std::fs::rename(&folder, &elsewhere).unwrap();
        std::os::unix::fs::symlink(&elsewhere, &folder).unwrap();
        let refused = place.own.reserve(&database("x"), "password").unwrap_err();
        assert!(refused.contains("not a folder"), "{refused}");
    }

    #[test]
    fn names_are_injective_and_no_paths() {
        let long = "l".repeat(300);
        let names = [
            "shop",
            "Shop",
            "sHop",
            "../../etc/passwd",
            "a/b",
            "a%2fb",
            "a+password",
            "a~b",
            "ä",
            "a\0b",
            "..",
            "",
            "a b",
            "a\\b",
            "a*b",
            &long,
            &long[1..],
        ];
        let mut seen = std::collections::BTreeSet::new();
        for name in names {
            for key in ["password", "admin_password"] {
                for number in [1, 2] {
                    let file = file_name(&database(name), key, number);
                    assert!(file.len() < 240 && !file.starts_with('.'), "{file}");
                    assert!(!file.contains(['/', '\\', '\0', ':']), "{file}");
                    assert_eq!(file.to_lowercase(), file);
                    assert!(seen.insert(file), "{name} {key} {number}");
                }
            }
        }
    }
}
