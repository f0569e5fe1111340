//! Two thousand records: how many requests a plan sends and how much it compares. Nothing is timed; that is the
//! bench's (`tests/benches/`).

use crate::support::Scenario;
use bailiwick::config::{self, Disk, Trusted};
use bailiwick::diag::Diagnostics;
use bailiwick::diff::{Changes, Intent, World, diff};
use bailiwick::http::script::{Reply, Script, Sent};
use bailiwick::http::{Endpoint, Link, Retry, Wire};
use bailiwick::model::{Account, Prints, Secret, Wish};
use bailiwick::provider::Provider;
use bailiwick::provider::namebay::{Credentials, Hosts, Login, Namebay};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::num::NonZeroUsize;
use std::sync::Arc;

/// How the records of a zone lie.
#[derive(Debug, Clone, Copy)]
enum Lie {
    /// One host each.
    Apart,
    /// All values of one host and type.
    Together,
}

/// What one plan sent and compared.
struct Effort {
    /// The targets, sorted.
    requests: Vec<String>,
    changes: Changes,
}

/// Plans one zone of so many records, of which every tenth value is another one live.
async fn effort(count: usize, lie: Lie) -> Effort {
    let host = |at: usize| match lie {
        Lie::Apart => format!("host-{at}"),
        Lie::Together => "many".to_owned(),
    };
    let mut file = String::from(
        "[account.main]\nprovider = \"namebay\"\nuser = \"AA111111\"\nusername = \"me\"\npassword = { env = \"P\" }\n\
         [domain.\"example.com\"]\nregistrar = \"external\"\n[domain.\"example.com\".zone]\nrecords = [\n",
    );
    let mut live = Vec::new();
    for at in 0..count {
        let (host, data) = (host(at), format!("198.51.{}.{}", at / 250, at % 250 + 1));
        let _ = writeln!(
            file,
            "{{ host = \"{host}\", type = \"A\", data = \"{data}\" }},"
        );
        let data = match at % 10 {
            0 => data.replace("198.51.", "203.0."),
            _ => data,
        };
        live.push(format!(
            r#"{{"Id": {}, "Host": "{host}", "Type": "A", "Data": "{data}"}}"#,
            at + 1
        ));
    }
    file.push_str("]\n");
    let scenario = Scenario::new();
    scenario.file("bailiwick.toml", &file);
    let path = scenario.folder().join("bailiwick.toml");
    let mut loading = config::load(&Disk, &path, &Trusted::default());
    assert!(!loading.told.has_errors(), "{:?}", loading.told);
    let mut loaded = loading.loaded.take().unwrap();

    let live = format!("[{}]", live.join(","));
    let script = Arc::new(Script::new(move |sent: &Sent| {
        let path = sent.target.split('?').next().unwrap();
        Reply::answer(
            200,
            match path {
                "/token" => r#"{"access_token": "t", "expires_in": 1209599}"#,
                "/api/Zone" => r#"[{"Handle": "DO1", "Name": "example.com", "Ttl": 3600}]"#,
                "/api/Zone/DO1/Record" => &live,
                other => panic!("nobody needs {other}"),
            },
        )
    }));
    let account = Account::new("main");
    let provider = namebay(Arc::clone(&script), account.clone());
    let own = loaded.desired.take_account(&account);
    let admitted = provider.admit(own, &mut Diagnostics::default());
    let wish = Wish {
        desired: &admitted,
        below: None,
        recorded: &[],
        open: &[],
        seen: None,
    };
    let live = provider.fetch(&wish).await.unwrap();
    let changes = diff(&World {
        desired: &admitted,
        ledgers: &BTreeMap::new(),
        live: &live,
        intent: &Intent::default(),
        secrets: &Prints::default(),
    });
    let mut requests: Vec<String> = script.sent().into_iter().map(|sent| sent.target).collect();
    requests.sort();
    Effort { requests, changes }
}

fn namebay(script: Arc<Script>, account: Account) -> Namebay {
    let hosts = Hosts {
        api: Endpoint::parse("https://rest.example.net").unwrap(),
        auth: Endpoint::parse("https://auth.example.net").unwrap(),
    };
    let credentials = Credentials {
        username: Secret::new("me".into()),
        password: Secret::new("sesame".into()),
    };
    let wire = Wire::new(script, NonZeroUsize::MIN);
    let link = Link::new(wire, Login::terms(None, Retry::default()));
    let login = Arc::new(Login::new(link, hosts, credentials));
    Namebay::new(login, account, "AA111111".into())
}

#[tokio::test]
async fn a_plan_of_two_thousand_records_sends_three_requests() {
    let Effort { requests, changes } = effort(2_000, Lie::Apart).await;
    assert_eq!(
        requests,
        [
            "/api/Zone/DO1/Record?user=AA111111",
            "/api/Zone?user=AA111111",
            "/token"
        ]
    );
    // One change for each record, and one for the zone that is adopted.
    assert_eq!(changes.list.len(), 2_001);
}

#[tokio::test]
async fn comparisons_grow_with_what_there_is() {
    for lie in [Lie::Apart, Lie::Together] {
        let half = effort(1_000, lie).await.changes.compared;
        let whole = effort(2_000, lie).await.changes.compared;
        // Each value of either side is looked at once, and the zone.
        assert_eq!((half, whole), (2_001, 4_001), "{lie:?}");
    }
}
