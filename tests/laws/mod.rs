//! What holds for every portfolio under every dialect, on the whole product: the file, the client over a
//! socket, the server that knows nothing of it, the ledger on disk.

mod crash;
mod goal;
mod import;
mod plan;
mod portfolio;
mod services;
mod spelling;

/// So many cases, always the same ones; a failure is told in its smallest form and not kept in a file.
pub(crate) fn cases(number: u32) -> proptest::test_runner::Config {
    proptest::test_runner::Config {
        cases: number,
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(0x8a17_14c6),
        max_shrink_iters: 400,
        ..proptest::test_runner::Config::default()
    }
}
