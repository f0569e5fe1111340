//! Contacts between the file and Namebay; pure.
//!
//! Namebay's alphabet is a fixed Latin one, and an address may not hold the words BP and CEDEX. How a phone number is
//! sent is not documented, so that none is.

use std::collections::BTreeSet;

use crate::model::{Attrs, Value};

use crate::provider::namebay::api::contact::{NewPerson, Person};

/// Longest name (reference, model DomainContact).
const NAME: usize = 150;

/// The letters of a name beyond those of ASCII.
const LETTERS: &str = "áàâäãåçéèêëíìîïñóòôöõúùûüýÿæœÁÀÂÄÃÅÇÉÈÊËÍÌÎÏÑÓÒÔÖÕÚÙÛÜÝŸÆŒß";
/// The signs of a name.
const SIGNS: &str = " .!#$%'()*+,:;=-?&@[]/^_`|}{\\";

/// What is wrong with a contact of the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(in crate::provider::namebay) enum ContactFlaw {
    /// It is asked for.
    #[error("`{0}` is needed to make a contact at Namebay")]
    Missing(&'static str),
    /// It is too long.
    #[error("`{0}` is too long; {NAME} characters are possible")]
    Long(&'static str),
    /// It has characters that Namebay does not take.
    #[error(
        "`{name}` holds {}, which Namebay does not take; write it in plain Latin letters",
        shown(letters)
    )]
    Alphabet {
        /// Which.
        name: &'static str,
        /// The characters.
        letters: BTreeSet<char>,
    },
    /// The address has a word that Namebay does not take.
    #[error("`address` holds the word {0}, which Namebay does not take; write street and number")]
    Word(&'static str),
    /// The country is no code.
    #[error("`country` is a code of two letters, such as FR")]
    Country,
    /// The mail address is none.
    #[error("`mail` is no mail address")]
    Mail,
    /// Told, and no hindrance.
    #[error("`phone` is not sent: Namebay documents no member for it")]
    PhoneNotSent,
}

impl ContactFlaw {
    /// Whether the contact cannot be made because of it.
    pub(in crate::provider::namebay) fn is_fatal(&self) -> bool {
        match self {
            ContactFlaw::PhoneNotSent => false,
            ContactFlaw::Missing(_)
            | ContactFlaw::Long(_)
            | ContactFlaw::Alphabet { .. }
            | ContactFlaw::Word(_)
            | ContactFlaw::Country
            | ContactFlaw::Mail => true,
        }
    }
}

fn shown(letters: &BTreeSet<char>) -> String {
    let all: Vec<String> = letters
        .iter()
        .map(|c| c.escape_debug().to_string())
        .collect();
    all.join(" ")
}

/// What Namebay asks for.
const NEEDED: [&str; 7] = [
    "first_name",
    "last_name",
    "address",
    "city",
    "postcode",
    "country",
    "mail",
];

/// Looks at a contact of the file, offline.
pub(in crate::provider::namebay) fn check(contact: &Attrs) -> Vec<ContactFlaw> {
    let text = |name| {
        contact
            .text(name)
            .map(str::trim)
            .filter(|text| !text.is_empty())
    };
    let needed = NEEDED.iter().filter(|name| text(name).is_none());
    let mut flaws: Vec<ContactFlaw> = needed.map(|name| ContactFlaw::Missing(name)).collect();
    for name in ["first_name", "last_name", "organisation", "address"] {
        let Some(text) = text(name) else { continue };
        // How long an address may be is not to be seen.
        if name != "address" && text.chars().count() > NAME {
            flaws.push(ContactFlaw::Long(name));
        }
        let taken = |c: &char| {
            c.is_ascii_alphanumeric()
                || LETTERS.contains(*c)
                || (SIGNS.contains(*c) && !(name == "address" && *c == '@'))
        };
        let letters: BTreeSet<char> = text.chars().filter(|c| !taken(c)).collect();
        if !letters.is_empty() {
            flaws.push(ContactFlaw::Alphabet { name, letters });
        }
    }
    if let Some(address) = text("address") {
        let words = || address.split(|c: char| !c.is_alphanumeric() && c != '_');
        let barred = ["BP", "CEDEX"].into_iter();
        flaws.extend(
            barred
                .filter(|barred| words().any(|word| word.eq_ignore_ascii_case(barred)))
                .map(ContactFlaw::Word),
        );
    }
    let is_code = |text: &str| text.len() == 2 && text.bytes().all(|b| b.is_ascii_alphabetic());
    if text("country").is_some_and(|country| !is_code(country)) {
        flaws.push(ContactFlaw::Country);
    }
    let is_mail = |text: &str| {
        let halves = text.rsplit_once('@');
        halves.is_some_and(|(name, host)| !name.is_empty() && host.contains('.'))
            && !text.contains(char::is_whitespace)
    };
    if text("mail").is_some_and(|mail| !is_mail(mail)) {
        flaws.push(ContactFlaw::Mail);
    }
    if text("phone").is_some() {
        flaws.push(ContactFlaw::PhoneNotSent);
    }
    flaws
}

/// The contact as it is made.
pub(in crate::provider::namebay) fn new(contact: &Attrs) -> NewPerson<'_> {
    let text = |name| contact.text(name).map_or("", str::trim);
    let organisation = Some(text("organisation")).filter(|name| !name.is_empty());
    NewPerson {
        entity: if organisation.is_some() { 1 } else { 2 },
        organisation,
        last_name: text("last_name"),
        first_name: text("first_name"),
        address: text("address"),
        city: text("city"),
        postcode: text("postcode"),
        country: text("country"),
        mail: text("mail"),
        is_individual: organisation.is_none(),
    }
}

/// A contact as the file would have it.
pub(in crate::provider::namebay) fn attrs(person: &Person) -> Attrs {
    let texts = [
        ("first_name", &person.first_name),
        ("last_name", &person.last_name),
        ("organisation", &person.organisation),
        ("address", &person.address),
        ("city", &person.city),
        ("postcode", &person.postcode),
        ("mail", &person.mail),
    ];
    let texts = texts
        .into_iter()
        .filter_map(|(name, text)| Some((name, Value::text(text.word()?))));
    let country = person.country.word().map(str::to_ascii_uppercase);
    let country = country.map(|code| ("country", Value::text(&code)));
    Attrs::new(texts.chain(country).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jane(change: &[(&'static str, &str)]) -> Attrs {
        let mut all = vec![
            ("first_name", "Jané"),
            ("last_name", "O'Doe-Müller"),
            ("address", "1, rue de l'Abpère"),
            ("city", "Monaco"),
            ("postcode", "98000"),
            ("country", "MC"),
            ("mail", "jane@example.com"),
        ];
        for (name, text) in change {
            all.retain(|(known, _)| known != name);
            all.push((name, text));
        }
        Attrs::new(
            all.into_iter()
                .map(|(name, text)| (name, Value::text(text)))
                .collect(),
        )
    }

    #[test]
    fn a_contact_is_checked_offline() {
        let flaws = |name, text| check(&jane(&[(name, text)]));
        assert_eq!(check(&jane(&[])), []);
        assert_eq!(
            flaws("first_name", " "),
            [ContactFlaw::Missing("first_name")]
        );
        assert_eq!(
            check(&jane(&[("last_name", &"x".repeat(151))])),
            [ContactFlaw::Long("last_name")]
        );
        assert_eq!(flaws("address", "BP 12"), [ContactFlaw::Word("BP")]);
        assert_eq!(
            flaws("address", "x, Monaco-cedex"),
            [ContactFlaw::Word("CEDEX")]
        );
        assert_eq!(flaws("country", "FRA"), [ContactFlaw::Country]);
        assert_eq!(flaws("mail", "jane"), [ContactFlaw::Mail]);
        let letters = |letters: &str| letters.chars().collect::<BTreeSet<char>>();
        for (name, text, odd) in [
            ("last_name", "Łódź", "Łź"),
            ("organisation", "Ωmega <b>", "Ω<>"),
            ("address", "1 @ home", "@"),
            ("first_name", "J\u{1b}\u{202e}", "\u{1b}\u{202e}"),
        ] {
            let found = flaws(name, text);
            let [flaw @ ContactFlaw::Alphabet { letters: found, .. }] = &found[..] else {
                panic!("{name}: {found:?}");
            };
            assert_eq!(*found, letters(odd));
            assert!(!flaw.to_string().contains(['\u{1b}', '\u{202e}']));
        }
        let phone = flaws("phone", "+377.12345678");
        assert!(phone == [ContactFlaw::PhoneNotSent] && !phone[0].is_fatal());
    }

    #[test]
    fn a_contact_comes_back_as_it_was_made() {
        for organisation in [None, Some(("organisation", "Example Ltd"))] {
            let file = jane(organisation.as_slice());
            let made = new(&file);
            assert_eq!(made.is_individual, organisation.is_none());
            assert_eq!(made.entity == 1, organisation.is_some());
            let sent = serde_json::to_value(&made).unwrap();
            let read: Person = serde_json::from_value(sent).unwrap();
            assert_eq!(attrs(&read), file);
        }
    }
}
