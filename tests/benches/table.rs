//! How figures are printed: seconds, MiB, the limit beside them, and a mark where it is not kept.

use crate::meter::Cost;

/// What a figure may be at most: CPU seconds and MiB.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limit {
    /// CPU seconds.
    pub(crate) cpu: f64,
    /// MiB; infinite where memory is no part of the limit.
    pub(crate) peak: f64,
}

/// Prints one line.
pub(crate) fn line(name: &str, cost: Cost, limit: Option<Limit>) {
    let (cpu, peak) = (cost.cpu.as_secs_f64(), mib(cost));
    let beside = limit.map_or_else(String::new, |limit| {
        let room = match limit.peak.is_finite() {
            true => format!(", {:.0} MiB", limit.peak),
            false => String::new(),
        };
        let kept = mark(cpu <= limit.cpu && peak <= limit.peak);
        format!("   at most {:.2} s{room}{kept}", limit.cpu)
    });
    println!("  {name:<44} {cpu:>8.4} s {peak:>8.1} MiB{beside}");
}

/// Prints how one figure stands to another.
pub(crate) fn ratio(name: &str, (part, whole): (f64, f64), most: f64) {
    let ratio = part / whole;
    println!(
        "  {name:<44} {ratio:>8.2}                   at most {most}{}",
        mark(ratio <= most)
    );
}

fn mark(kept: bool) -> &'static str {
    if kept { "" } else { "   NOT KEPT" }
}

/// A peak in MiB.
#[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
pub(crate) fn mib(cost: Cost) -> f64 {
    cost.peak as f64 / 1024.0
}
