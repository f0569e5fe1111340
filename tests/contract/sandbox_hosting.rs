//! FTP users: directories, the hosting's own user, full names, quotas; and that faults strike these calls too.

use bailiwick::sandbox::{Dialect, Effect, Fate, Fault, Options, Rule, Running, Sandbox, Seed};
use serde_json::{Value, json};

use super::caller::{Caller, code};

async fn start(name: &str, value: &str) -> (Running, Caller, String) {
    let seed = Seed::empty()
        .hosting("example.com")
        .ftp_user("example.com", Some("Photos"), "photos")
        .ftp_user("example.com", Some("Photos"), "")
        .ftp_user("example.com", None, "import");
    let dialect = Dialect::with(name, value).unwrap();
    let sandbox = Sandbox::start(Options::default().seed(seed).dialect(dialect))
        .await
        .unwrap();
    let caller = Caller::login(&sandbox, "AA111111").await;
    let hosting = caller.owned("hosting", "example.com").await;
    (sandbox, caller, hosting)
}

#[tokio::test]
async fn a_directory_may_be_relative_and_is_answered_complete() {
    for (value, wanted) in [("relative", 0), ("absolute", 530)] {
        let (_sandbox, caller, hosting) = start("ftp-dir", value).await;
        let users = format!("/api/Hosting/{hosting}/User");
        let made = caller
            .post(&users, json!({"Pwd": "Example#2026", "Dir": "web/new/"}))
            .await;
        assert_eq!(code(&made), wanted, "{value}");
        let root = format!("/var/www/sites/{}", hosting.to_ascii_lowercase());
        if wanted == 0 {
            assert_eq!(made.json()["Dir"], format!("{root}/web/new"));
        }
        let made = caller
            .post(&users, json!({"Pwd": "Example#2026"}))
            .await
            .json();
        assert_eq!(
            (&made["Dir"], &made["FullName"]),
            (&json!(root), &Value::Null)
        );
    }
}

#[tokio::test]
async fn the_own_user_is_known_by_the_handle_and_named_by_the_dialect() {
    for value in ["none", "handle", "word"] {
        let (_sandbox, caller, hosting) = start("ftp-admin", value).await;
        let shown = match value {
            "none" => Value::Null,
            "handle" => json!(hosting),
            _ => json!("Administrator"),
        };
        let path = format!("/api/Hosting/{hosting}/User");
        let users = caller.get(&path).await.json();
        let names: Vec<&Value> = users
            .as_array()
            .unwrap()
            .iter()
            .map(|user| &user["FullName"])
            .collect();
        let photos = json!("Photos");
        assert_eq!(names, [&shown, &photos, &photos, &Value::Null], "{value}");
        assert_eq!(users[0]["UserName"], *hosting);
        assert!(
            users[0]["Id"].is_f64(),
            "a number that the documents call decimal"
        );
        let own = format!("{path}/{}", users[0]["Id"]);
        assert_eq!(code(&caller.delete(&own).await), 550);
        let named = json!({"Pwd": "Example#2026", "FullName": "Ann"});
        assert_eq!(caller.put(&own, named).await.json()["FullName"], "Ann");
    }
}

#[tokio::test]
async fn a_windows_login_has_the_host_in_it_and_the_quota_holds() {
    let (sandbox, caller, hosting) = start("ftp-admin", "none").await;
    sandbox
        .edit(|seed| {
            seed.adjust_hosting("example.com", |hosting| {
                (hosting.windows, hosting.ftp_capacity) = (true, 4);
            })
        })
        .unwrap();
    let path = format!("/api/Hosting/{hosting}/User");
    let made = caller
        .post(&path, json!({"Pwd": "Example#2026"}))
        .await
        .json();
    assert_eq!(
        made["Login"],
        format!("example.com\\{}", made["UserName"].as_str().unwrap())
    );
    let more = caller.post(&path, json!({"Pwd": "Example#2026"})).await;
    assert_eq!(code(&more), 513);
}

#[tokio::test]
async fn an_answer_that_is_lost_leaves_what_it_told_of() {
    let (sandbox, caller, hosting) = start("ftp-admin", "none").await;
    let path = format!("/api/Hosting/{hosting}/User");
    let on = "POST /api/Hosting/*/User";
    sandbox.add_fault(Fault::new(Rule::nth(on, 1), Effect::LostAnswer));
    sandbox.add_fault(Fault::new(Rule::nth(on, 2), Effect::LostRequest));
    for _ in 0..2 {
        let body = json!({"Pwd": "Example#2026", "FullName": "Twice"});
        assert!(caller.try_call("POST", &path, &body).await.is_err());
    }
    let state = sandbox.state();
    let users = state.hosting("example.com").unwrap().users.values();
    assert_eq!(
        users
            .filter(|user| user.full_name.as_deref() == Some("Twice"))
            .count(),
        1
    );
    let log = sandbox.log().entries();
    let fates: Vec<Fate> = log
        .iter()
        .filter(|seen| seen.kind() == "POST /api/Hosting/{hosting_handle}/User")
        .map(|seen| {
            assert_eq!(seen.body.as_ref().unwrap()["Pwd"], "***");
            seen.fate
        })
        .collect();
    assert_eq!(fates, [Fate::AnswerLost, Fate::RequestLost]);
}
