//! What became of a request that brought no answer, sorted by what the caller can do about it.
//!
//! Nothing here holds a URL, a header or a body; providers' own errors, which are answers, are not this module's.

use std::fmt;
use std::time::Duration;

/// The outcome of an attempt without a usable answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SendError {
    /// Nothing was done: no byte of the request left, or the provider said that it did not take it.
    NotSent(Reason),
    /// The request may have been carried out; only a look at the provider tells.
    OutcomeUnknown(Reason),
}

/// Why there is no usable answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// The request cannot be put on the wire as it is.
    Malformed(Box<str>),
    /// The client cannot be set up: certificates to trust, or the proxy.
    Setup(Box<str>),
    /// No connection: name resolution, TCP, TLS or the proxy failed.
    Connect(Box<str>),
    /// The host's certificate was not accepted.
    Untrusted(Box<str>),
    /// No complete answer within the time given.
    Timeout(Duration),
    /// The connection broke before the answer was complete; the status, if it had come by then.
    Broken {
        /// The status of the answer that was cut off.
        status: Option<u16>,
        /// What the connection reported.
        detail: Box<str>,
    },
    /// The answer is larger than this client reads.
    TooLarge {
        /// The status of the answer that was cut off.
        status: u16,
        /// The bound, in bytes.
        limit: usize,
    },
    /// The provider, or something on the way to it, answers that it failed, and not what became of the request.
    Trouble {
        /// The status of that answer.
        status: u16,
        /// Whether it is a page for people, as gateways send them.
        page: bool,
    },
    /// The provider has too much to do (429), and still had after the last attempt.
    Busy,
    /// The provider asks for more patience than this client has.
    Wait {
        /// The status of that answer.
        status: u16,
        /// How long the provider wants to be left alone.
        asked: Duration,
        /// The longest that this client waits.
        most: Duration,
    },
    /// Writes to this provider are held back since it stopped answering.
    Held,
    /// This run may not write any more, and why.
    Withdrawn(Box<str>),
}

/// A request that failed in the end, after what attempts there were.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What the last attempt came to.
    pub error: SendError,
    /// The request as messages show it: what it is for, method, host, path template, names of parameters.
    pub request: Box<str>,
    /// How many attempts were made; 0 if nothing was tried.
    pub attempts: u32,
}

impl SendError {
    /// Returns why there is no usable answer.
    pub fn reason(&self) -> &Reason {
        match self {
            Self::NotSent(reason) | Self::OutcomeUnknown(reason) => reason,
        }
    }

    /// Returns whether the request may have been carried out.
    pub fn is_unknown(&self) -> bool {
        match self {
            Self::NotSent(_) => false,
            Self::OutcomeUnknown(_) => true,
        }
    }
}

impl Reason {
    /// Returns whether another attempt may well fare better.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Connect(_) | Self::Timeout(_) | Self::Broken { .. } | Self::Trouble { .. } => {
                true
            }
            Self::Malformed(_)
            | Self::Setup(_)
            | Self::Untrusted(_)
            | Self::TooLarge { .. }
            | Self::Busy
            | Self::Wait { .. }
            | Self::Held
            | Self::Withdrawn(_) => false,
        }
    }

    /// Returns whether this speaks of the provider rather than of the request or this machine's settings.
    pub(super) fn blames_provider(&self) -> bool {
        match self {
            Self::Connect(_)
            | Self::Untrusted(_)
            | Self::Timeout(_)
            | Self::Broken { .. }
            | Self::TooLarge { .. }
            | Self::Trouble { .. } => true,
            Self::Malformed(_)
            | Self::Setup(_)
            | Self::Busy
            | Self::Wait { .. }
            | Self::Held
            | Self::Withdrawn(_) => false,
        }
    }

    /// Returns the status that had arrived before the attempt failed.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Broken { status, .. } => *status,
            Self::TooLarge { status, .. }
            | Self::Trouble { status, .. }
            | Self::Wait { status, .. } => Some(*status),
            Self::Busy => Some(429),
            Self::Malformed(_)
            | Self::Setup(_)
            | Self::Connect(_)
            | Self::Untrusted(_)
            | Self::Timeout(_)
            | Self::Held
            | Self::Withdrawn(_) => None,
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(detail) => write!(f, "the request cannot be sent: {detail}"),
            Self::Setup(detail) => write!(f, "the HTTP client cannot be set up: {detail}"),
            Self::Connect(detail) => write!(f, "no connection: {detail}"),
            Self::Untrusted(detail) => write!(f, "the certificate is not trusted: {detail}"),
            Self::Timeout(limit) => write!(f, "no complete answer within {limit:?}"),
            Self::Broken {
                status: Some(status),
                detail,
            } => {
                write!(f, "the answer (status {status}) broke off: {detail}")
            }
            Self::Broken {
                status: None,
                detail,
            } => {
                write!(f, "the connection broke before an answer: {detail}")
            }
            Self::TooLarge { status, limit } => {
                write!(
                    f,
                    "the answer (status {status}) is larger than {} MiB",
                    limit >> 20
                )
            }
            Self::Trouble { status, page: true } => {
                write!(
                    f,
                    "the provider answers with an HTML page and status {status}"
                )
            }
            Self::Trouble {
                status,
                page: false,
            } => {
                write!(
                    f,
                    "the provider answers with status {status} and no explanation"
                )
            }
            Self::Busy => f.write_str("the provider answers that it gets too many requests (429)"),
            Self::Wait {
                status,
                asked,
                most,
            } => write!(
                f,
                "the provider (status {status}) asks to wait {asked:?}, at most {most:?} are waited"
            ),
            Self::Held => f.write_str("held back, because the provider stopped answering"),
            Self::Withdrawn(why) => write!(f, "not sent any more, because {why}"),
        }
    }
}

impl fmt::Display for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotSent(reason) => write!(f, "{reason}"),
            Self::OutcomeUnknown(reason) => write!(f, "{reason} (it may have been carried out)"),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.request, self.error.reason())?;
        if self.attempts > 1 {
            write!(f, ", after {} attempts", self.attempts)?;
        }
        Ok(())
    }
}

impl std::error::Error for SendError {}

impl std::error::Error for Failure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}
