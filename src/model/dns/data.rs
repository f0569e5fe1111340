//! Record data in one form: from presentation form, or from the keys of the desired-state file, and back.
//!
//! The canonical text is both the identity of a value and what is shown. What each type consists of stands
//! in `layout`; this module knows only the ways in and out.

use super::address::{is_ipv4, is_ipv6, no_address};
use super::error::DataError;
use super::field::{self, Raw};
use super::layout::{self, Format, Layout};
use super::name::Reading;
use super::rtype::Rtype;
use super::token::Tokens;
use super::{generic, loc, plain, svcb, txt};
use std::borrow::Cow;

/// A key of a record in the desired-state file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// The value itself, or what is left of it beside the other keys.
    Data,
    /// MX, SRV.
    Priority,
    /// SRV.
    Weight,
    /// SRV.
    Port,
    /// CAA (a number), NAPTR (text).
    Flags,
    /// CAA.
    Tag,
    /// NAPTR.
    Order,
    /// NAPTR.
    Preference,
    /// NAPTR.
    Service,
    /// NAPTR.
    Regexp,
    /// TLSA.
    Usage,
    /// TLSA.
    Selector,
    /// TLSA.
    Matching,
}

impl Field {
    /// Every key but `data`.
    pub const BESIDE_DATA: [Field; 12] = [
        Field::Priority,
        Field::Weight,
        Field::Port,
        Field::Flags,
        Field::Tag,
        Field::Order,
        Field::Preference,
        Field::Service,
        Field::Regexp,
        Field::Usage,
        Field::Selector,
        Field::Matching,
    ];

    /// The key.
    pub fn name(self) -> &'static str {
        match self {
            Field::Data => "data",
            Field::Priority => "priority",
            Field::Weight => "weight",
            Field::Port => "port",
            Field::Flags => "flags",
            Field::Tag => "tag",
            Field::Order => "order",
            Field::Preference => "preference",
            Field::Service => "service",
            Field::Regexp => "regexp",
            Field::Usage => "usage",
            Field::Selector => "selector",
            Field::Matching => "matching",
        }
    }
}

/// What stands behind a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldValue<'a> {
    /// A number.
    Int(i64),
    /// A text.
    Text(Cow<'a, str>),
}

/// How the type is written: by name, or as `TYPE16` with data as RFC 3597 has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Form {
    /// `TXT`: its data is text.
    #[default]
    Named,
    /// `TYPE16`: its data is `\# length hex`, and means the same record.
    Numbered,
}

impl Form {
    /// The form that a type was written in.
    pub fn of(word: &str) -> Self {
        let digits = word
            .trim_ascii()
            .split_at_checked(4)
            .filter(|(kind, _)| kind.eq_ignore_ascii_case("TYPE"))
            .map(|(_, digits)| digits);
        match digits {
            Some(digits) if digits.parse::<u32>().is_ok() => Form::Numbered,
            Some(_) | None => Form::Named,
        }
    }

    /// The word for a type in this form.
    pub fn word(self, rtype: &Rtype) -> String {
        match (self, rtype.number()) {
            (Form::Numbered, Some(number)) => format!("TYPE{number}"),
            (Form::Numbered | Form::Named, _) => rtype.to_string(),
        }
    }
}

/// One value as the file writes it: `data`, and the keys that its type has beside it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fields<'a> {
    /// How its type is written.
    pub form: Form,
    /// The key `data`.
    pub data: Cow<'a, str>,
    /// The other keys.
    pub set: Vec<(Field, FieldValue<'a>)>,
}

impl<'a> Fields<'a> {
    /// A value with `data` alone.
    pub fn new(data: impl Into<Cow<'a, str>>) -> Self {
        Self {
            data: data.into(),
            ..Self::default()
        }
    }

    /// Adds a number.
    #[must_use]
    pub fn int(mut self, field: Field, value: i64) -> Self {
        self.set.push((field, FieldValue::Int(value)));
        self
    }

    /// Adds a text.
    #[must_use]
    pub fn text(mut self, field: Field, value: impl Into<Cow<'a, str>>) -> Self {
        self.set.push((field, FieldValue::Text(value.into())));
        self
    }

    /// The value of a key.
    pub fn get(&self, field: Field) -> Option<&FieldValue<'a>> {
        self.set
            .iter()
            .find(|(key, _)| *key == field)
            .map(|(_, value)| value)
    }
}

/// The keys that a type has beside `data`, in the order of its presentation form.
pub fn fields_of(rtype: &Rtype) -> impl Iterator<Item = Field> {
    layout::of(rtype.as_str())
        .into_iter()
        .flat_map(|layout| layout.fields.iter())
        .map(|(field, _)| *field)
        .filter(|field| *field != Field::Data)
}

/// Reads presentation form (of TXT: quoted or bare strings, joined) into the canonical form.
pub fn parse(rtype: &Rtype, text: &str, reading: Reading<'_>) -> Result<Box<str>, DataError> {
    let name = rtype.as_str();
    if let Some(octets) = generic::octets(text)? {
        return Ok(generic::canonical(rtype, &octets));
    }
    match name {
        "TXT" | "SPF" => txt::from_presentation(text),
        "SVCB" | "HTTPS" => svcb::parse(text, reading),
        "LOC" => loc::parse(text),
        _ => match layout::of(name) {
            Some(layout) => layout::parse(name, layout, text, reading),
            None => generic::fold(text),
        },
    }
}

/// True if a value without other keys is canonical as it stands; of text, the text itself. Most values of most zones
/// are, which spares building them anew.
pub fn is_plain(rtype: &Rtype, data: &str) -> bool {
    match rtype.as_str() {
        "A" => is_ipv4(data),
        "AAAA" => is_ipv6(data),
        "CNAME" | "NS" | "PTR" | "ALIAS" | "ANAME" => {
            plain::is_absolute(data) && no_address(data).is_ok()
        }
        "TXT" | "SPF" => txt::is_plain(data),
        _ => false,
    }
}

/// Reads the keys of the file, or an API's members of the same meaning, into the canonical form. `data` of
/// TXT is the text itself; of types without keys of their own it is presentation form. All that is wrong is
/// told.
pub fn from_fields(
    rtype: &Rtype,
    fields: &Fields<'_>,
    reading: Reading<'_>,
) -> Result<Box<str>, Vec<DataError>> {
    let name = rtype.as_str();
    let layout = layout::of(name);
    let mut errors: Vec<DataError> = fields
        .set
        .iter()
        .filter(|(field, _)| !layout.is_some_and(|layout| layout.has(*field)))
        .map(|(field, _)| foreign(*field, rtype))
        .collect();
    let generic = if rtype.is_text() && fields.form == Form::Named {
        Ok(None)
    } else {
        generic::octets(&fields.data)
    };
    let value = match generic {
        Err(error) => Err(vec![error]),
        Ok(Some(octets)) => {
            errors.extend(fields.set.iter().map(|(field, _)| beside_generic(*field)));
            Ok(generic::canonical(rtype, &octets))
        }
        Ok(None) if fields.form == Form::Numbered && rtype.is_text() => Err(vec![
            DataError::new("the data of a numbered type is not in the form of RFC 3597").write(
                format!("write type = \"{name}\" and the text itself, or `\\# length hex`"),
            ),
        ]),
        Ok(None) if rtype.is_text() => txt::from_text(&fields.data).map_err(|error| vec![error]),
        Ok(None) => match layout {
            Some(layout) if layout.is_keyed() => keyed(rtype, layout, fields, reading),
            Some(_) | None => {
                parse(rtype, &fields.data, reading).map_err(|error| vec![error.of(Field::Data, 0)])
            }
        },
    };
    match value {
        Ok(value) if errors.is_empty() => Ok(value),
        Ok(_) => Err(errors),
        Err(more) => {
            errors.extend(more);
            Err(errors)
        }
    }
}

fn foreign(field: Field, rtype: &Rtype) -> DataError {
    let own: Vec<&str> = fields_of(rtype).map(Field::name).collect();
    let own = if own.is_empty() {
        format!("{rtype} has `data` alone")
    } else {
        format!("{rtype} has {} and data", own.join(", "))
    };
    DataError::new(format!("`{}` is no key of {rtype} records", field.name()))
        .of(field, 0)
        .write(own)
}

fn beside_generic(field: Field) -> DataError {
    DataError::new(format!(
        "`{}` stands beside data in the form of RFC 3597, which is whole by itself",
        field.name()
    ))
    .of(field, 0)
}

fn keyed(
    rtype: &Rtype,
    layout: &Layout,
    fields: &Fields<'_>,
    reading: Reading<'_>,
) -> Result<Box<str>, Vec<DataError>> {
    let mut out = String::with_capacity(fields.data.len() + 24);
    let mut errors = Vec::new();
    let mut missing = Vec::new();
    for (index, (field, format)) in layout.fields.iter().enumerate() {
        if index > 0 {
            out.push(' ');
        }
        let raw = match (field, fields.get(*field)) {
            (Field::Data, _) => Raw::Text(&fields.data),
            (_, Some(FieldValue::Int(number))) => Raw::Int(*number),
            (_, Some(FieldValue::Text(text))) => Raw::Text(text),
            (_, None) => match layout::default_of(rtype.as_str(), *field) {
                Some(default) => {
                    out.push_str(default);
                    continue;
                }
                None => {
                    missing.push(*field);
                    continue;
                }
            },
        };
        if let Err(error) = field::push(&mut out, *format, raw, reading) {
            errors.push(error.of(*field, index));
        }
    }
    if !missing.is_empty() {
        // Somebody who pasted the whole presentation form is told how its parts are called.
        let whole = parse(rtype, &fields.data, reading)
            .or_else(|_| parse(rtype, &fields.data, Reading::master(".")))
            .ok()
            .filter(|_| missing.len() + 1 == layout.fields.len() || fields.set.is_empty());
        if let Some(whole) = whole {
            return Err(vec![written_whole(rtype, &whole, &missing)]);
        }
        errors.extend(missing.iter().map(|field| {
            DataError::new(format!("{rtype} needs `{}`", field.name()))
                .write(format!("add {} = …", field.name()))
        }));
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    match layout::verify(rtype.as_str(), &out, reading) {
        Ok(()) => Ok(out.into()),
        Err(error) => Err(vec![error]),
    }
}

fn written_whole(rtype: &Rtype, whole: &str, missing: &[Field]) -> DataError {
    let fields = to_fields(rtype, whole);
    let missing: Vec<String> = missing
        .iter()
        .map(|field| format!("`{}`", field.name()))
        .collect();
    let keys: Vec<String> = fields
        .set
        .iter()
        .map(|(field, value)| match value {
            FieldValue::Int(number) => format!("{} = {number}", field.name()),
            FieldValue::Text(text) => format!("{} = {text:?}", field.name()),
        })
        .chain([format!("data = {:?}", fields.data)])
        .collect();
    DataError::new(format!(
        "{rtype} needs {}, which `data` seems to hold as well",
        missing.join(", ")
    ))
    .write(format!("write {}", keys.join(", ")))
}

/// Takes a canonical value apart into the keys that the file has for its type.
pub fn to_fields(rtype: &Rtype, canonical: &str) -> Fields<'static> {
    let numbered = || Fields {
        form: Form::Numbered,
        data: generic::encode(rtype, canonical).into(),
        set: Vec::new(),
    };
    if rtype.is_text() {
        return match txt::text(canonical) {
            Some(text) => Fields::new(text.into_owned()),
            None => numbered(),
        };
    }
    match layout::of(rtype.as_str()) {
        Some(layout) if layout.is_keyed() && !canonical.starts_with("\\#") => {
            taken_apart(layout, canonical).unwrap_or_else(numbered)
        }
        Some(_) | None => Fields::new(canonical.to_owned()),
    }
}

/// `None` if a text in it is not UTF-8, or if it is not canonical.
fn taken_apart(layout: &Layout, canonical: &str) -> Option<Fields<'static>> {
    let mut fields = Fields::default();
    let mut tokens = Tokens::new(canonical);
    for (field, format) in layout.fields {
        let token = tokens.next()?.ok()?;
        let value = match format {
            Format::U8 | Format::U16 | Format::Mnemonic(_, _) => {
                FieldValue::Int(token.0.parse().ok()?)
            }
            Format::Text | Format::Flags | Format::Value => {
                FieldValue::Text(String::from_utf8(token.octets().ok()?).ok()?.into())
            }
            Format::Name
            | Format::Target
            | Format::Tag
            | Format::Hex
            | Format::Base64
            | Format::Ipv4
            | Format::Ipv6 => FieldValue::Text(token.0.to_owned().into()),
        };
        match (field, value) {
            (Field::Data, FieldValue::Text(text)) => fields.data = text,
            (Field::Data, FieldValue::Int(number)) => fields.data = number.to_string().into(),
            (_, value) => fields.set.push((*field, value)),
        }
    }
    Some(fields)
}

/// The single fields of a canonical value, as text without quotes, for APIs that have members for them: of
/// MX `["10", "mx1.example.net."]`, of CAA `["0", "issue", "letsencrypt.org"]`.
pub fn split(canonical: &str) -> Vec<Box<str>> {
    Tokens::new(canonical)
        .map_while(Result::ok)
        .map(|token| match token.octets() {
            Ok(octets) if token.is_quoted() => String::from_utf8_lossy(&octets).into(),
            Ok(_) | Err(_) => token.0.into(),
        })
        .collect()
}

/// True if the tool knows what the data of a type means; what it does not know it never deletes unasked.
pub fn is_known_type(rtype: &str) -> bool {
    matches!(rtype, "TXT" | "SPF" | "SVCB" | "HTTPS" | "LOC") || layout::of(rtype).is_some()
}
