//! skeleton
#[cfg(test)]
mod apply;
#[cfg(test)]
mod http;
