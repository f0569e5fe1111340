//! Applies: so many records made in one zone of a sandbox that runs in another process.

use crate::meter::{self, Cost};
use crate::portfolio::{self, Size};
use crate::server::Serving;
use crate::table::{self, Limit};
use bailiwick::sandbox::{Options, Sandbox, Seed};
use std::path::Path;

const LIMIT: Limit = Limit {
    cpu: 2.0,
    peak: 120.0,
};

/// How often each is measured; the middle counts.
const ROUNDS: usize = 3;

/// Measures applies.
pub(crate) fn drive(folder: &Path) {
    println!("\nthe command `apply`: records made in one zone, ledger and journal on this disk");
    let mut costs = Vec::new();
    for steps in [500, 1_000, 2_000] {
        let size = Size {
            zones: 1,
            records: steps,
            split: false,
        };
        let one = |round: usize| {
            let folder = folder.join(format!("apply-{steps}-{round}"));
            let serving = Serving::start(&["sandbox"]);
            portfolio::write_files(&folder, size, (&serving.api, &serving.auth));
            let words = ["command", "apply", "--yes", "--quiet"];
            let told = meter::child(&words, &folder);
            let again = meter::child(&["command", "plan"], &folder);
            (last(&told), last(&again))
        };
        let (told, again): (Vec<Cost>, Vec<Cost>) = (0..ROUNDS).map(one).unzip();
        let cost = meter::median(&told);
        table::line(&format!("{steps} steps"), cost, Some(LIMIT));
        table::line("  the plan after it", meter::median(&again), None);
        costs.push(cost.cpu.as_secs_f64());
    }
    if let [_, half, whole] = *costs {
        table::ratio("2,000 steps / 1,000 steps", (whole, half), 2.5);
    }
}

fn last(told: &[(String, Cost)]) -> Cost {
    told.last().expect("each child tells its cost").1
}

/// Runs a sandbox with an empty zone.
pub(crate) fn sandbox(_words: &[&str]) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let seed = Seed::empty().user("AA111111").zone("zone0000.example");
        let running = Sandbox::start(Options::at(Seed::START).seed(seed))
            .await
            .expect("the sandbox starts");
        println!("{}\n{}", running.base_url, running.auth_url);
        std::future::pending::<()>().await;
    });
}
