//! skeleton
#[cfg(test)]
mod http;
#[cfg(test)]
mod stages;
