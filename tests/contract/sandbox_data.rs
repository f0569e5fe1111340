//! What a sandbox keeps in its folder, and what it starts with.

use std::collections::BTreeSet;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use bailiwick::sandbox::{
    Dialect, MailKind, Options, Pending, Sandbox, SandboxError, Seed, StoreError,
};
use serde_json::json;

use super::caller::Caller;

/// A folder of a test, gone with it.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!(
            "sandbox-data-{}-{}",
            std::process::id(),
            COUNT.fetch_add(1, Ordering::Relaxed)
        );
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// Copies the files as a killed process leaves them.
    fn copy(&self) -> Self {
        let copy = Self::new();
        for entry in std::fs::read_dir(&self.0).unwrap() {
            let entry = entry.unwrap();
            std::fs::copy(entry.path(), copy.0.join(entry.file_name())).unwrap();
        }
        copy
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn append(path: &Path, text: &str) {
    let mut file = OpenOptions::new()
        .create(true)
        .append(true)
        .open(path)
        .unwrap();
    file.write_all(text.as_bytes()).unwrap();
}

fn options(folder: &Folder) -> Options {
    let seed = Seed::empty()
        .domain("AA111111", "example.com")
        .zone("example.com")
        .mailbox("info@example.com")
        .redirection("example.com", "old.example.com", "https://www.example.net/")
        .ftp_user("example.com", None, "photos");
    Options::default().seed(seed).folder(&folder.0)
}

/// Writes to everything that is not a domain or a zone.
async fn services(caller: &Caller, zone: &str) {
    let (mail, hosting) = (
        caller.owned("mail", "example.com").await,
        caller.owned("hosting", "example.com").await,
    );
    let redirections = format!("/api/Zone/{zone}/Redirection");
    let to = json!({"UrlOrigin": "new.example.com", "UrlDestination": "https://www.example.net/", "Type": 1});
    assert_eq!(caller.post(&redirections, to).await.status, 200);
    let held = caller.get(&redirections).await.json();
    let old = held[0]["Handle"].as_str().unwrap();
    caller.delete(&format!("{redirections}/{old}")).await;
    let info = caller.owned("mailbox", "info@example.com").await;
    let responder = format!("/api/Mail/{info}/AutoResponder");
    caller
        .put(&responder, json!({"active": true, "start": "2026-02-01"}))
        .await;
    let alias = json!({"ServiceHandle": mail, "UserType": "alias", "UserMailAddress": "sales@example.com", "Forward": ["info@example.com"]});
    assert_eq!(caller.post("/api/Mail", alias).await.status, 200);
    let users = format!("/api/Hosting/{hosting}/User");
    let made = caller
        .post(&users, json!({"Pwd": "Example#2026"}))
        .await
        .json();
    caller.delete(&format!("{users}/{}", made["Id"])).await;
}

#[tokio::test]
async fn every_answered_write_outlives_the_process() {
    let folder = Folder::new();
    let sandbox = Sandbox::start(options(&folder)).await.unwrap();
    let caller = Caller::login(&sandbox, "AA111111").await;
    let zone = caller.handle("example.com").await;
    let made = caller.record(&zone, "a", ("A", "192.0.2.1")).await.json();
    let path = format!("/api/Zone/{zone}/Record/{}", made["Id"]);
    caller.record(&zone, "b", ("TXT", "two words")).await;
    caller
        .put(
            &path,
            json!({"Host": "a", "Type": "A", "Data": "192.0.2.2"}),
        )
        .await;
    let last = caller.record(&zone, "c", ("A", "192.0.2.3")).await.json();
    caller
        .delete(&format!("/api/Zone/{zone}/Record/{}", last["Id"]))
        .await;
    caller
        .put(&format!("/api/Domain/{zone}"), json!({"AutoRenew": true}))
        .await;
    services(&caller, &zone).await;
    let state = sandbox.state();

    // Killed here; the journal may end in half a line.
    let killed = folder.copy();
    let journal = killed.0.join("sandbox.journal");
    assert!(journal.metadata().unwrap().len() > 0);
    append(&journal, r#"[{"Record":{"zone":"#);
    for _ in 0..2 {
        let again = Sandbox::start(options(&killed)).await.unwrap();
        assert_eq!(again.state(), state);
        let caller = Caller::login(&again, "AA111111").await;
        assert_eq!(caller.get(&path).await.json()["Data"], "192.0.2.2");
        again.stop().await;
    }
    // A number is never given twice.
    let again = Sandbox::start(options(&killed)).await.unwrap();
    let caller = Caller::login(&again, "AA111111").await;
    let next = caller.record(&zone, "d", ("A", "192.0.2.4")).await.json();
    assert!(next["Id"].as_u64() > last["Id"].as_u64());
}

/// It keeps the passwords that clients send, and may lie in a repository.
#[tokio::test]
async fn nobody_commits_a_folder_by_mistake() {
    let folder = Folder::new();
    let running = Sandbox::start(options(&folder)).await.unwrap();
    running.stop().await;
    let ignored = std::fs::read_to_string(folder.0.join(".gitignore")).unwrap();
    assert_eq!(ignored, "*\n");
}

#[tokio::test]
async fn two_processes_do_not_share_a_folder() {
    let folder = Folder::new();
    let first = Sandbox::start(options(&folder)).await.unwrap();
    let second = Sandbox::start(options(&folder)).await;
    let Err(SandboxError::Store(StoreError::Busy(path))) = second else {
        panic!("{second:?}")
    };
    assert_eq!(path, folder.0);
    first.stop().await;
    let dialect = Dialect::with("apex", "full").unwrap();
    Sandbox::start(options(&folder).dialect(dialect))
        .await
        .unwrap()
        .stop()
        .await;
}

#[tokio::test]
async fn an_edit_is_kept_too() {
    let folder = Folder::new();
    let sandbox = Sandbox::start(options(&folder)).await.unwrap();
    sandbox
        .edit(|seed| seed.record("example.com", "drift", ("A", "192.0.2.66")))
        .unwrap();
    let state = sandbox.state();
    assert_eq!(state.zone("example.com").unwrap().records().len(), 1);
    sandbox.stop().await;
    assert_eq!(
        Sandbox::start(options(&folder)).await.unwrap().state(),
        state
    );
}

#[tokio::test]
async fn a_damaged_file_is_told_by_its_line() {
    let folder = Folder::new();
    Sandbox::start(options(&folder)).await.unwrap().stop().await;
    append(&folder.0.join("sandbox.journal"), "[]\nnonsense\n");
    let error = Sandbox::start(options(&folder))
        .await
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("sandbox.journal is damaged in line 2"),
        "{error}"
    );
}

#[test]
fn the_demo_is_believable_and_always_the_same() {
    let options = Options::default();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let state = runtime.block_on(async { Sandbox::start(options).await.unwrap().state() });
    let agency = |holder: &str| holder.starts_with("AG10000");
    let zones = state.zones().filter(|zone| !agency(&zone.zone.holder));
    let records: usize = zones.map(|zone| zone.records().len()).sum();
    assert!((380..=420).contains(&records), "{records}");
    for of_agency in [false, true] {
        let domains = state
            .domains()
            .filter(|domain| agency(&domain.holder) == of_agency);
        let holders: Vec<&str> = domains.map(|domain| domain.holder.as_str()).collect();
        let distinct: BTreeSet<&str> = holders.iter().copied().collect();
        assert_eq!((holders.len(), distinct.len()), (25, 3));
    }
    assert!(
        state
            .mailboxes()
            .any(|mailbox| mailbox.pending == Pending::Stuck)
    );
    assert!(
        state
            .mailboxes()
            .any(|mailbox| mailbox.kind == MailKind::Alias)
    );
    assert!(
        state
            .redirections("studio.example")
            .iter()
            .any(|redirection| !redirection.active)
    );
    let users = &state.hosting("shop.example").unwrap().users;
    let named = |name| {
        users
            .values()
            .filter(|user| user.full_name.as_deref() == name)
            .count()
    };
    assert_eq!((named(Some("Photos")), named(None)), (2, 2));
    let expired = state
        .domains()
        .filter(|domain| domain.expires < Seed::START);
    assert_eq!(
        expired
            .map(|domain| domain.name.as_str())
            .collect::<Vec<_>>(),
        ["lapsed.example"]
    );
    let again =
        runtime.block_on(async { Sandbox::start(Options::default()).await.unwrap().state() });
    assert_eq!(state, again);
}

#[tokio::test]
async fn a_folder_from_before_there_were_services_is_read() {
    let folder = Folder::new();
    let rows = concat!(
        r#"[{"User":{"handle":"AA111111","password":"sandbox","reseller":null,"balance":0,"auto_renew":false,"protect":true}}]"#,
        "\n[{\"Last\":7}]\n"
    );
    append(&folder.0.join("sandbox.json"), rows);
    let sandbox = Sandbox::start(options(&folder)).await.unwrap();
    assert_eq!(sandbox.state().domains().count(), 0);
    sandbox
        .edit(|seed| seed.mailbox("info@example.com"))
        .unwrap();
    assert!(sandbox.state().mailbox("info@example.com").is_some());
}

#[tokio::test]
async fn what_was_paid_outlives_the_process() {
    let folder = Folder::new();
    let sandbox = Sandbox::start(options(&folder)).await.unwrap();
    sandbox
        .edit(|seed| {
            seed.elsewhere("incoming.example", "Auth-7421-xyz")
                .price(790, 90_000)
                .renewal_run("example.com", "new")
        })
        .unwrap();
    let caller = Caller::login(&sandbox, "AA111111").await;
    let item = |product: u64, confirm: bool, attributes: serde_json::Value| {
        let item = json!({"ProduitID": product, "Period": 1, "Quantity": 1, "Confirm": confirm, "Attributes": attributes});
        json!({"Items": [item]})
    };
    let new =
        json!({"domain": "new.example", "ns1": "dns1.namebay.com", "ns2": "dns2.namebay.com"});
    let moved = json!({"domain": "incoming.example", "auth_info": "Auth-7421-xyz"});
    for body in [
        item(790, true, new.clone()),
        item(40, true, moved),
        item(790, false, new),
    ] {
        assert_eq!(caller.post("/api/Panier", body).await.status, 200);
    }
    caller.get("/api/OwnedProduct").await;
    let before = sandbox.state();
    let left = folder.copy();
    let again = Sandbox::start(options(&left)).await.unwrap();
    assert_eq!(again.state(), before);
    assert_eq!(again.state().debited(), 108_000 + 120_000);
    assert_eq!(
        (again.state().orders().len(), again.state().stored_carts()),
        (2, 1)
    );
}
