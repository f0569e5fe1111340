//! The signature of a body, by which a receiver knows that it comes from whoever holds the key.

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;
use std::fmt::Write;

/// The header that holds the signature.
pub const HEADER: &str = "x-bailiwick-signature";

/// `sha256=` and HMAC-SHA256 (RFC 2104) of the body as it is sent, in hex.
pub fn sign(key: &SecretString, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.expose_secret().as_bytes())
        .expect("HMAC takes keys of any length");
    mac.update(body);
    let mut text = String::from("sha256=");
    for byte in mac.finalize().into_bytes() {
        // Writing to a text cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Those test cases of RFC 4231 whose keys are text.
    #[test]
    fn rfc_4231() {
        let key_2 = "Jefe".to_owned();
        let key_1 = "\u{b}".repeat(20);
        for (key, data, digest) in [
            (
                key_1,
                "Hi There",
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
            ),
            (
                key_2,
                "what do ya want for nothing?",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            ),
        ] {
            let signed = sign(&SecretString::from(key), data.as_bytes());
            assert_eq!(signed, format!("sha256={digest}"));
        }
    }
}
