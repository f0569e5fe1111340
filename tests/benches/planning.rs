//! Plans: by the stages of the library over prepared answers, and as the whole command over a local server.
//!
//! The first leaves out the wire and shows what each stage costs; the second is what a person waits for.

use crate::meter::{self, Cost, stage};
use crate::portfolio::{self, Size, State};
use crate::server::{self, Serving};
use crate::table::{self, Limit};
use bailiwick::apply;
use bailiwick::cli;
use bailiwick::config::{self, Disk, Trusted};
use bailiwick::diag::{Diagnostics, Sources};
use bailiwick::diff::{Intent, World, diff};
use bailiwick::http::{Endpoint, Fut, Link, Request, Response, Retry, SendError, Transport, Wire};
use bailiwick::ledger::{self, Begin, Folder, Holder, LedgerKey, Opening, Recorder};
use bailiwick::model::{Account, Admitted, Live, Offers, Prints, Secret, Time, Wish};
use bailiwick::plan::{self, Binds, Consent, Frame, Plan, PlanReads};
use bailiwick::provider::Provider;
use bailiwick::provider::namebay::{Credentials, Hosts, Login, Namebay};
use bailiwick::render::{Style, View, human, json};
use secrecy::ExposeSecret;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How often each is measured; the middle counts.
const ROUNDS: usize = 5;

/// A portfolio with its name and what its plan may cost.
struct Case {
    name: &'static str,
    size: Size,
    limit: Option<Limit>,
}

const CASES: [Case; 4] = [
    Case {
        name: "1 x 10,000",
        size: Size {
            zones: 1,
            records: 10_000,
            split: false,
        },
        limit: Some(Limit {
            cpu: 0.15,
            peak: 45.0,
        }),
    },
    Case {
        name: "1 x 50,000",
        size: Size {
            zones: 1,
            records: 50_000,
            split: false,
        },
        limit: None,
    },
    Case {
        name: "1,000 x 50, one file",
        size: Size {
            zones: 1_000,
            records: 50,
            split: false,
        },
        limit: Some(Limit {
            cpu: 0.6,
            peak: 160.0,
        }),
    },
    Case {
        name: "1,000 x 50, 1,000 files",
        size: Size {
            zones: 1_000,
            records: 50,
            split: true,
        },
        limit: Some(Limit {
            cpu: 0.45,
            peak: 80.0,
        }),
    },
];

/// The address that the prepared answers come from where nothing listens.
const NOWHERE: &str = "http://127.0.0.1:9";

/// Measures plans by their stages.
pub(crate) fn drive(folder: &Path) {
    println!(
        "\nplan: parse, decode, resolve, admit, fetch (prepared answers), settle, diff, build, review"
    );
    let mut first = None;
    for case in &CASES {
        println!("{}", case.name);
        let folder = folder.join(case.name.replace([' ', ','], "-"));
        portfolio::write_files(&folder, case.size, (NOWHERE, NOWHERE));
        for state in [State::Empty, State::Equal, State::Changed] {
            portfolio::write_answers(&folder, case.size, state);
        }
        let at = folder.display().to_string();
        let ledger = folder.join("ledger").display().to_string();
        meter::child(&["remember", &at, "equal", &ledger], &folder);
        for (what, state, ledger) in [
            ("everything is new", State::Empty, "none"),
            ("everything is adopted", State::Equal, "none"),
            ("known, 1 % differs", State::Changed, &*ledger),
        ] {
            let (mut plain, mut spanned) = (Vec::new(), Vec::new());
            let mut plans = Vec::new();
            let mut stages: BTreeMap<String, Vec<Cost>> = BTreeMap::new();
            let mut order = Vec::new();
            for _ in 0..ROUNDS {
                let bare = |tree| all(&meter::child(&["bare", tree, &at, state.word()], &folder));
                plain.push(bare("plain"));
                spanned.push(bare("spanned"));
                let told = meter::child(&["plan", &at, state.word(), ledger], &folder);
                plans.push(all(&told));
                order = told.iter().map(|(name, _)| name.clone()).collect();
                for (name, cost) in told {
                    stages.entry(name).or_default().push(cost);
                }
            }
            let plan = meter::median(&plans);
            let (plain, spanned) = (meter::median(&plain), meter::median(&spanned));
            table::line(&format!("bare parse ({what})"), plain, None);
            table::line("  the same with places", spanned, None);
            table::line(&format!("plan ({what})"), plan, case.limit);
            let seconds = |cost: Cost| cost.cpu.as_secs_f64();
            let beside = |bare| (seconds(plan), seconds(bare));
            table::ratio("plan / bare parse", beside(plain), 2.0);
            table::ratio("plan / bare parse with places", beside(spanned), 2.0);
            show_stages(&order, &stages);
            match (what, case.size.records, first) {
                ("everything is adopted", 10_000, _) => first = Some(seconds(plan)),
                ("everything is adopted", 50_000, Some(first)) => {
                    table::ratio("50,000 / 10,000", (seconds(plan), first), 6.0);
                }
                _ => {}
            }
        }
    }
}

/// What each stage took, one after another on one line.
fn show_stages(order: &[String], stages: &BTreeMap<String, Vec<Cost>>) {
    let mut before = Cost::default();
    let mut line = String::from("   ");
    for name in order {
        let cost = meter::median(&stages[name]);
        let own = cost.cpu.saturating_sub(before.cpu).as_secs_f64() * 1e3;
        line.push_str(&format!(" {name} {own:.1} ms ({:.0})", table::mib(cost)));
        before = cost;
    }
    println!("{line}");
}

/// The cost of a plan without what is only shown beside it.
fn all(told: &[(String, Cost)]) -> Cost {
    let found = told
        .iter()
        .find(|(name, _)| name == "all")
        .expect("each child tells its whole cost");
    found.1
}

/// Measures `bailiwick plan` as a whole, its output thrown away.
pub(crate) fn drive_command(folder: &Path) {
    println!("\nthe command `plan`, requests to a local server included, output thrown away");
    for case in &CASES {
        let folder = folder.join(format!("command-{}", case.name.replace([' ', ','], "-")));
        portfolio::write_answers(&folder, case.size, State::Equal);
        let answers = portfolio::answers(&folder, State::Equal.word());
        let serving = Serving::start(&["serve", &answers.display().to_string()]);
        portfolio::write_files(&folder, case.size, (&serving.api, &serving.auth));
        for format in ["human", "json"] {
            let words = ["command", "plan", "--format", format];
            let costs: Vec<Cost> = (0..ROUNDS)
                .map(|_| all(&meter::child(&words, &folder)))
                .collect();
            let name = format!("{} ({format})", case.name);
            table::line(&name, meter::median(&costs), case.limit);
        }
    }
}

/// Runs a command line of the program. Words: those after its name.
pub(crate) fn command(words: &[&str]) {
    let words: Vec<OsString> = std::iter::once("bailiwick")
        .chain(words.iter().copied())
        .map(OsString::from)
        .collect();
    let here = PathBuf::from(".");
    let variables = BTreeMap::from([("NAMEBAY_PASSWORD".to_owned(), "bench".to_owned())]);
    let mut sealed = cli::env::Env::of_test(&here, variables, now());
    let exit = cli::main(&words, &mut sealed.env);
    assert_eq!(exit.code(), 0, "{}{}", sealed.out.text(), sealed.err.text());
    meter::tell();
}

/// Makes a plan. Words: the folder, the answers, the ledger's folder or `none`.
pub(crate) fn child(words: &[&str]) {
    let (here, plan) = planned(words);
    stage("all");
    let text = json::plan(&plan);
    stage("json");
    assert!(!text.is_empty());
    let text = human::plan(&View::of(&plan), Style::default());
    stage("human");
    assert!(!text.is_empty());
    drop((here, plan));
    stage("dropped");
}

/// Makes a plan and carries out what needs no request, so that the ledger knows what is live.
pub(crate) fn remember(words: &[&str]) {
    let [folder, state, root] = words else {
        panic!("a folder, the answers, a ledger: {words:?}")
    };
    let (here, plan) = planned(&[*folder, *state, "none"]);
    let (store, fresh) = (Folder::new(Path::new(root), &key()), fresh_id());
    let opening = Opening {
        account: &account(),
        key: &key(),
        fresh_id: &fresh,
    };
    let holder = Holder {
        host: "bench".into(),
        pid: 1,
        url: None,
        since: now(),
    };
    let locked = ledger::lock(Box::new(store), &opening, &holder).expect("nobody holds it");
    let ledgers = BTreeMap::from([(account(), locked.ledger().clone())]);
    let approved = plan::approve(plan, &ledgers, here.live, Consent::Given).expect("it may run");
    let begin = Begin {
        at: now(),
        pid: 1,
        first_file: "bailiwick.toml",
    };
    let journal = Recorder::begin(locked, begin).expect("the journal can be written");
    let env = apply::Env::new(Arc::new(now)).with(&account(), here.provider, journal);
    let report = runtime().block_on(apply::run(approved, env, &mut |_| {}));
    assert_eq!(report.tally().failed, 0);
    meter::tell();
}

/// What a plan was made from, which lives as long as the plan.
struct Here {
    provider: Arc<dyn Provider>,
    live: Live,
    #[expect(dead_code, reason = "the program keeps it as long, for showing lines")]
    sources: Sources,
    #[expect(dead_code, reason = "the program keeps it as long")]
    admitted: Admitted,
    #[expect(dead_code, reason = "the program keeps it as long")]
    ledgers: BTreeMap<Account, ledger::Ledger>,
}

fn planned(words: &[&str]) -> (Here, Plan) {
    let [folder, state, root] = words else {
        panic!("a folder, the answers, a ledger: {words:?}")
    };
    let folder = Path::new(folder);
    stage("start");
    let loading = config::load(&Disk, &portfolio::first_file(folder), &Trusted::default());
    assert!(!loading.told.has_errors(), "{:?}", loading.told);
    let mut loaded = loading.loaded.expect("a file without errors is loaded");
    stage("load");
    let account = account();
    let provider = Arc::new(namebay(portfolio::answers(folder, state)));
    let mut told = Diagnostics::default();
    let own = loaded.desired.take_account(&account);
    let admitted = Admitted::default().merged(provider.admit(own, &mut told));
    assert!(!told.has_errors(), "{told:?}");
    stage("admit");
    let root = if *root == "none" { "nowhere" } else { root };
    let (store, fresh) = (Folder::new(Path::new(root), &key()), fresh_id());
    let opening = Opening {
        account: &account,
        key: &key(),
        fresh_id: &fresh,
    };
    let mut opened = ledger::open(&store, &opening).expect("the ledger can be read");
    let (recorded, open) = (opened.ledger.recorded(), opened.ledger.under_way());
    stage("ledger");
    let wish = Wish {
        desired: &admitted,
        below: None,
        recorded: &recorded,
        open: &open,
        seen: None,
    };
    let mut live = runtime()
        .block_on(provider.fetch(&wish))
        .expect("everything is answered");
    live.as_of = now();
    assert!(live.failed.is_empty(), "{:?}", live.failed);
    // As in the program, which has them for the read alone.
    drop((recorded, open));
    stage("fetch");
    opened.settle(&live);
    let ledgers = BTreeMap::from([(account.clone(), opened.ledger)]);
    let intent = Intent::default();
    let world = World {
        desired: &admitted,
        ledgers: &ledgers,
        live: &live,
        intent: &intent,
        secrets: &Prints::default(),
    };
    let changes = diff(&world);
    stage("diff");
    let frame = Frame {
        tool: "bench".to_owned(),
        basis: "live".to_owned(),
        binds: Binds {
            config: String::new(),
            ledger: BTreeMap::new(),
            accounts: Vec::new(),
            targets: Vec::new(),
        },
        reads: PlanReads {
            accounts: 1,
            domains: live.reads.domains,
            records: live.reads.records,
            requests: live.reads.requests,
        },
        limit: loaded.guards.max_cost.clone(),
    };
    let mut plan = plan::build(&world, changes, &Offers::default(), frame).expect("no cycle");
    stage("build");
    let found = plan::review(&plan, &world, &loaded.guards);
    plan.findings.extend(found);
    assert!(plan.blocked.is_empty(), "{:?}", plan.blocked);
    let here = Here {
        provider,
        live,
        sources: loading.sources,
        admitted,
        ledgers,
    };
    (here, plan)
}

fn account() -> Account {
    Account("main".into())
}

fn key() -> LedgerKey {
    LedgerKey {
        provider: "namebay".into(),
        endpoint: "bench".into(),
        user: "AA111111".into(),
    }
}

fn fresh_id() -> String {
    ledger::fresh_id(now(), 1)
}

fn now() -> Time {
    Time::constant(1_785_585_600, 0)
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
}

fn namebay(answers: PathBuf) -> Namebay {
    let nowhere = || Endpoint::parse(NOWHERE).expect("a loopback address");
    let parallelism = NonZeroUsize::MIN.saturating_add(7);
    let wire = Wire::new(Arc::new(Prepared(answers)), parallelism);
    let hosts = Hosts {
        api: nowhere(),
        auth: nowhere(),
    };
    let secret = |text: &str| Secret::new(text.to_owned());
    let credentials = Credentials {
        username: secret("bench"),
        password: secret("bench"),
    };
    let link = Link::new(wire, Login::terms(None, Retry::default()));
    let login = Arc::new(Login::new(link, hosts, credentials));
    Namebay::new(login, account(), "AA111111".to_owned())
}

/// Answers from files.
struct Prepared(PathBuf);

impl Transport for Prepared {
    fn send<'a>(&'a self, request: &'a Request) -> Fut<'a, Result<Response, SendError>> {
        Box::pin(async move {
            let target = request.target().expect("the request is well formed");
            let path = target.expose_secret();
            let path = path.split('?').next().unwrap_or_default();
            Ok(match server::read(&self.0, path) {
                Some(body) => Response::new(200, body),
                None => Response::new(404, "[]"),
            })
        })
    }
}
