//! Why a name or record data cannot stand: which key is to blame, the reason, and what to write.
//!
//! It knows no file and no position; the caller attaches both.

use super::data::Field;
use super::name::LABEL;

/// A value that the DNS would refuse, or that can be read in two ways.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct DataError {
    /// The key of the file to blame.
    pub field: Field,
    /// Which field of the presentation form, counted from 0.
    pub token: usize,
    /// What is wrong, and why.
    pub reason: String,
    /// What to write, where that can be said.
    pub write: Option<String>,
}

impl DataError {
    /// A reason, blamed on `data` as a whole.
    pub fn new(reason: impl Into<String>) -> Self {
        Self {
            field: Field::Data,
            token: 0,
            reason: reason.into(),
            write: None,
        }
    }

    /// Adds what to write.
    #[must_use]
    pub fn write(mut self, write: impl Into<String>) -> Self {
        self.write = Some(write.into());
        self
    }

    /// Blames a field.
    #[must_use]
    pub fn of(mut self, field: Field, token: usize) -> Self {
        self.field = field;
        self.token = token;
        self
    }
}

impl From<NameError> for DataError {
    fn from(error: NameError) -> Self {
        Self {
            write: error.write(),
            ..Self::new(error.to_string())
        }
    }
}

/// Why a text is no name, or not one name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Nothing is written where a name must stand.
    #[error("a name is missing")]
    Missing,
    /// Two dots meet, or one comes first.
    #[error("`{name}` has an empty label (two dots beside each other, or one in front)")]
    EmptyLabel {
        /// The text.
        name: Box<str>,
    },
    /// More than 63 octets between two dots.
    #[error("the label `{label}` has {octets} octets, and the DNS allows {LABEL}")]
    LongLabel {
        /// The label, canonical.
        label: Box<str>,
        /// Its length.
        octets: usize,
    },
    /// More than 253 characters, as people count them.
    #[error("`{name}` has {octets} octets as a full name, and the DNS allows 253")]
    LongName {
        /// The name, canonical.
        name: Box<str>,
        /// Its length without the final dot.
        octets: usize,
    },
    /// A character that has a meaning of its own in names.
    #[error("`{name}` holds {}, which no name holds unescaped", described(*.found))]
    Character {
        /// The text.
        name: Box<str>,
        /// The character.
        found: char,
    },
    /// A backslash without what must follow it.
    #[error("`{name}` holds a backslash that is not followed by a character or by 000 to 255")]
    Escape {
        /// The text.
        name: Box<str>,
    },
    /// Not allowed by IDNA (UTS 46).
    #[error("the label `{label}` cannot be written in the DNS: IDNA (UTS 46) refuses it")]
    Idna {
        /// The label as written.
        label: Box<str>,
    },
    /// Ends elsewhere.
    #[error("`{name}` lies outside the zone {zone}")]
    Outside {
        /// The name, canonical.
        name: Box<str>,
        /// The zone.
        zone: Box<str>,
    },
    /// Two names can be meant.
    #[error("\"{name}\": write \"{full}\" or, if meant below this zone, \"{below}\"")]
    Ambiguous {
        /// The text.
        name: Box<str>,
        /// Read as complete.
        full: Box<str>,
        /// Read as standing below the zone.
        below: Box<str>,
    },
    /// A zone or domain name needs plain labels.
    #[error("`{name}` cannot be a domain name: {why}")]
    NotADomain {
        /// The text.
        name: Box<str>,
        /// What is in the way.
        why: &'static str,
    },
}

impl NameError {
    /// What to write instead, where that can be said.
    pub fn write(&self) -> Option<String> {
        match self {
            NameError::Missing => Some("write the name, or `@` for the zone itself".into()),
            NameError::EmptyLabel { name } => {
                let mended: Vec<&str> = name.split('.').filter(|part| !part.is_empty()).collect();
                (!mended.is_empty()).then(|| format!("perhaps `{}`", mended.join(".")))
            }
            NameError::Outside { zone, .. } => Some(format!(
                "write it under the domain it belongs to, or without the final dot if it is meant below {zone}"
            )),
            NameError::Character { found: '@', .. } => {
                Some("write only the name of the host; `@` alone is the zone itself".into())
            }
            NameError::Character { found, .. } if found.is_whitespace() => {
                Some("remove the blank".into())
            }
            NameError::Escape { .. } => Some("write `\\\\` for a backslash".into()),
            // Its message says what to write.
            NameError::Ambiguous { .. }
            | NameError::LongLabel { .. }
            | NameError::LongName { .. }
            | NameError::Character { .. }
            | NameError::Idna { .. }
            | NameError::NotADomain { .. } => None,
        }
    }
}

fn described(found: char) -> String {
    match found {
        ' ' => "a blank".into(),
        '\t' => "a tab".into(),
        other if other.is_control() => format!("the control character U+{:04X}", u32::from(other)),
        other => format!("`{other}`"),
    }
}
