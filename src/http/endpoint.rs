//! The address of an API, as far as credentials may be sent there.
//!
//! Knows the rule "https, or http to a loopback address" and nothing of who is trusted: that a host is the provider's
//! own, or was named from outside, is decided where the configuration is read.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// A base address that requests may go to: https, or http to a loopback address.
///
/// There is no other way to make one, so that a request in clear text cannot be written down.
#[derive(Clone, PartialEq, Eq)]
pub struct Endpoint {
    base: Url,
}

/// The whole address of a webhook, path and query included: whoever knows it may write there, so all of it is a secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Webhook {
    url: Url,
}

/// Why an address is not taken as an [`Endpoint`] or a [`Webhook`]; never shows the address, which may hold a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    /// It cannot be read as a URL with a host.
    #[error("the address is not of the form https://host")]
    NotAnAddress,
    /// It would send credentials in clear text.
    #[error("the address must begin with https:// (http:// is for loopback addresses only)")]
    NotHttps,
    /// It holds a user name, a query or a fragment.
    #[error("the address must not hold a user name, a password, a query or a fragment")]
    MoreThanAnAddress,
    /// It holds a user name or a fragment, where a path and a query may stand.
    #[error("the address must not hold a user name, a password or a fragment")]
    MoreThanAPlace,
}

impl Endpoint {
    /// Reads a base address such as `https://rest.namebay.com`, with or without a path.
    pub fn parse(address: &str) -> Result<Self, EndpointError> {
        let base = confidential(address)?;
        let user = !base.username().is_empty() || base.password().is_some();
        if user || base.query().is_some() || base.fragment().is_some() {
            return Err(EndpointError::MoreThanAnAddress);
        }
        Ok(Self { base })
    }

    /// Returns whether the host is a loopback address: `localhost`, 127.0.0.0/8 or `::1`.
    pub fn is_loopback(&self) -> bool {
        self.base.host().is_some_and(|host| is_loopback(&host))
    }

    /// Returns the host, with the port if it is not the scheme's own.
    pub fn host(&self) -> &str {
        &self.base[url::Position::BeforeHost..url::Position::AfterPort]
    }

    /// Returns the base address that paths are appended to.
    pub(super) fn base(&self) -> &Url {
        &self.base
    }

    /// Returns whether requests go there in clear text, which only loopback addresses are for.
    pub(super) fn is_plain(&self) -> bool {
        self.base.scheme() == "http"
    }
}

impl Webhook {
    /// Reads the address of a webhook; the rule of [`Endpoint::parse`] holds, and a query may stand in it.
    pub fn parse(address: &str) -> Result<Self, EndpointError> {
        let url = confidential(address)?;
        let user = !url.username().is_empty() || url.password().is_some();
        if user || url.fragment().is_some() {
            return Err(EndpointError::MoreThanAPlace);
        }
        Ok(Self { url })
    }

    /// Returns the host alone, which says nothing of the rest.
    pub(super) fn endpoint(&self) -> Endpoint {
        let mut base = self.url.clone();
        base.set_path("");
        base.set_query(None);
        Endpoint { base }
    }

    /// Returns the address to send to.
    pub(super) fn url(&self) -> &Url {
        &self.url
    }
}

impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Webhook(secret)")
    }
}

/// Reads an address that is reached encrypted, or on this machine.
fn confidential(address: &str) -> Result<Url, EndpointError> {
    let url = Url::parse(address).map_err(|_| EndpointError::NotAnAddress)?;
    let host = url.host().ok_or(EndpointError::NotAnAddress)?;
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(&host) => {}
        _ => return Err(EndpointError::NotHttps),
    }
    Ok(url)
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.base.as_str().trim_end_matches('/'))
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Endpoint({self})")
    }
}

/// `localhost` is loopback by name (RFC 6761); [`super::Client`] never asks a resolver for it.
fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost",
        Host::Ipv4(address) => Ipv4Addr::is_loopback(address),
        Host::Ipv6(address) => Ipv6Addr::is_loopback(address),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_go_out_encrypted_or_stay_on_this_machine() {
        for good in [
            "https://rest.namebay.com",
            "https://api.combell.com/v2",
            "http://127.0.0.1:8080",
            "http://127.9.9.9",
            "http://[::1]:1/base/",
            "http://localhost:3000",
        ] {
            assert!(Endpoint::parse(good).is_ok(), "{good}");
        }
        use EndpointError::*;
        for (bad, why) in [
            ("rest.namebay.com", NotAnAddress),
            ("https://", NotAnAddress),
            ("http://rest.namebay.com", NotHttps),
            ("http://localhost.example.com", NotHttps),
            ("http://127.0.0.1.example.com", NotHttps),
            ("http://127.0.0.1@example.com", NotHttps),
            ("http://[::ffff:10.0.0.1]", NotHttps),
            ("ftp://127.0.0.1", NotHttps),
            ("https://me:secret@rest.namebay.com", MoreThanAnAddress),
            ("https://rest.namebay.com/?user=1", MoreThanAnAddress),
            ("https://rest.namebay.com/#top", MoreThanAnAddress),
        ] {
            assert_eq!(Endpoint::parse(bad), Err(why), "{bad}");
        }
    }

    #[test]
    fn a_webhook_is_reached_as_safely_and_shown_to_nobody() {
        let address = "https://hooks.example/services/T0/canary?sig=canary";
        let webhook = Webhook::parse(address).unwrap();
        assert_eq!(webhook.url().as_str(), address);
        assert_eq!(
            webhook.endpoint().to_string(),
            "https://hooks.example",
            "the host alone"
        );
        assert!(!format!("{webhook:?}").contains("canary"));
        use EndpointError::*;
        for (bad, why) in [
            ("hooks.example/x", NotAnAddress),
            ("http://hooks.example/x", NotHttps),
            ("http://127.0.0.1.example.com/", NotHttps),
            ("https://me:secret@hooks.example/x", MoreThanAPlace),
            ("https://hooks.example/x#top", MoreThanAPlace),
        ] {
            assert_eq!(Webhook::parse(bad), Err(why), "{bad}");
        }
    }

    #[test]
    fn shows_host_and_port() {
        let local = Endpoint::parse("http://127.0.0.1:8080/").unwrap();
        assert_eq!(
            (local.host(), local.is_loopback()),
            ("127.0.0.1:8080", true)
        );
        let remote = Endpoint::parse("https://REST.namebay.com:443").unwrap();
        assert_eq!(
            (remote.host(), remote.is_loopback()),
            ("rest.namebay.com", false)
        );
        assert_eq!(remote.to_string(), "https://rest.namebay.com");
    }
}
