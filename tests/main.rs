//! skeleton
#[cfg(test)]
mod dns;
#[cfg(test)]
mod http;
#[cfg(test)]
mod namebay;
