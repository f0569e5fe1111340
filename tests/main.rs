//! Every test of the crate in one binary: stages on values, then the sandbox, then the binary itself.

#[cfg(test)]
mod contract;
#[cfg(test)]
mod dns;
#[cfg(test)]
mod http;
#[cfg(test)]
mod stages;
