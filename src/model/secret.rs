//! Secret values: they can be used, not shown.

use secrecy::{ExposeSecret, SecretString};

/// A value that no output may hold: it cannot be displayed or serialised, and is wiped when dropped.
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// Takes a value in.
    pub fn new(text: String) -> Self {
        Self(SecretString::from(text))
    }

    /// The value, for the one place that sends it.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("(secret)")
    }
}
