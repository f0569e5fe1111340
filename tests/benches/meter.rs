//! What the kernel says of this process: CPU time, peak memory; and of children, what they print of themselves.
//!
//! Linux alone tells it this way. `schedstat` counts nanoseconds where `stat` counts hundredths of a second.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// What a process, or a stage of it, cost.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Cost {
    /// User and system.
    pub(crate) cpu: Duration,
    /// The most memory that was resident at once, in KiB.
    pub(crate) peak: u64,
}

/// The cost of this process so far, all its living threads counted.
pub(crate) fn so_far() -> Cost {
    // The kernel brings the sum up to date when a thread is switched, not when it is read.
    std::thread::yield_now();
    let tasks = std::fs::read_dir("/proc/self/task").expect("this is Linux");
    let nanos = tasks
        .filter_map(|task| std::fs::read_to_string(task.ok()?.path().join("schedstat")).ok())
        .filter_map(|text| text.split(' ').next()?.parse::<u64>().ok())
        .sum();
    let status = std::fs::read_to_string("/proc/self/status").expect("this is Linux");
    let peak = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"))
        .and_then(|number| number.trim().parse().ok())
        .expect("the peak stands in the status");
    Cost {
        cpu: Duration::from_nanos(nanos),
        peak,
    }
}

/// Prints what this process cost, for [`child`].
pub(crate) fn tell() {
    stage("all");
}

/// Prints what this process cost so far, under a name.
pub(crate) fn stage(name: &str) {
    let Cost { cpu, peak } = so_far();
    println!("cost {name} {} {peak}", cpu.as_nanos());
}

/// Runs this program again as a child and gives what it cost, at each stage and at its end.
pub(crate) fn child(words: &[&str], folder: &Path) -> Vec<(String, Cost)> {
    let own = std::env::current_exe().expect("this program has a name");
    let output = Command::new(own)
        .arg("child")
        .args(words)
        .current_dir(folder)
        .env("NAMEBAY_PASSWORD", "bench")
        .stderr(Stdio::inherit())
        .output()
        .expect("the child starts");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{words:?} failed:\n{text}");
    text.lines().filter_map(read).collect()
}

fn read(line: &str) -> Option<(String, Cost)> {
    let [name, cpu, peak] = line
        .strip_prefix("cost ")?
        .split(' ')
        .collect::<Vec<_>>()
        .try_into()
        .ok()?;
    let cost = Cost {
        cpu: Duration::from_nanos(cpu.parse().ok()?),
        peak: peak.parse().ok()?,
    };
    Some((name.to_owned(), cost))
}

/// The middle of several costs, each figure by itself.
pub(crate) fn median(costs: &[Cost]) -> Cost {
    let middle = |mut list: Vec<u64>| {
        list.sort_unstable();
        list.get(list.len() / 2).copied().unwrap_or_default()
    };
    let nanos = |cost: &Cost| u64::try_from(cost.cpu.as_nanos()).unwrap_or(u64::MAX);
    Cost {
        cpu: Duration::from_nanos(middle(costs.iter().map(nanos).collect())),
        peak: middle(costs.iter().map(|cost| cost.peak).collect()),
    }
}

/// The processor and how many of it there are.
pub(crate) fn machine() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = info
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split(": ").nth(1))
        .unwrap_or("an unknown processor");
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or_default().to_owned();
    format!("{name}, {cores} cores, load {load}")
}
