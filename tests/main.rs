//! skeleton
#[cfg(test)]
mod http;
