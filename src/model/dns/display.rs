//! Names as people read them.
//!
//! Only for showing: nothing is compared or sent in this form.

use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};
use std::borrow::Cow;

/// A canonical name as people read it: A-labels in Unicode, except those that could deceive (mixed scripts,
/// letters of one script that pass for those of another, invisible or directional characters).
pub fn display(name: &str) -> Cow<'_, str> {
    if !name.contains("xn--") {
        return Cow::Borrowed(name);
    }
    let labels: Vec<Cow<'_, str>> = name.split('.').map(display_label).collect();
    Cow::Owned(labels.join("."))
}

fn display_label(label: &str) -> Cow<'_, str> {
    if !label.starts_with("xn--") {
        return Cow::Borrowed(label);
    }
    let (unicode, result) =
        Uts46::new().to_unicode(label.as_bytes(), AsciiDenyList::URL, Hyphens::Allow);
    let same = Uts46::new()
        .to_ascii(
            unicode.as_bytes(),
            AsciiDenyList::URL,
            Hyphens::Allow,
            DnsLength::Ignore,
        )
        .is_ok_and(|ascii| ascii == label);
    if result.is_ok() && same && is_honest(&unicode) {
        Cow::Owned(unicode.into_owned())
    } else {
        Cow::Borrowed(label)
    }
}

/// Scripts as far as telling honest labels from deceiving ones needs them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Script {
    Latin,
    Greek,
    Cyrillic,
    Hebrew,
    Arabic,
    Indic,
    Thai,
    EastAsian,
}

fn script(letter: char) -> Option<Script> {
    if !letter.is_alphanumeric() && !matches!(letter, '\u{0300}'..='\u{036f}') {
        // Combining marks of the Indic scripts, Thai, Hebrew and Arabic are not alphanumeric.
        return match letter {
            '\u{0591}'..='\u{05c7}' => Some(Script::Hebrew),
            '\u{064b}'..='\u{0655}' => Some(Script::Arabic),
            '\u{0900}'..='\u{0dff}' => Some(Script::Indic),
            '\u{0e30}'..='\u{0e4e}' => Some(Script::Thai),
            _ => None,
        };
    }
    match letter {
        'a'..='z' | '\u{00df}'..='\u{024f}' | '\u{1e00}'..='\u{1eff}' => Some(Script::Latin),
        '\u{0370}'..='\u{03ff}' | '\u{1f00}'..='\u{1fff}' => Some(Script::Greek),
        '\u{0400}'..='\u{052f}' => Some(Script::Cyrillic),
        '\u{05d0}'..='\u{05ea}' => Some(Script::Hebrew),
        '\u{0620}'..='\u{06ff}' => Some(Script::Arabic),
        '\u{0900}'..='\u{0dff}' => Some(Script::Indic),
        '\u{0e00}'..='\u{0e7f}' => Some(Script::Thai),
        '\u{3005}'..='\u{3007}'
        | '\u{3041}'..='\u{30ff}'
        | '\u{3400}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7a3}' => Some(Script::EastAsian),
        _ => None,
    }
}

/// Cyrillic letters that pass for Latin ones; a label of nothing else could be one in Latin letters.
const LOOK_ALIKES: &str = "асԁеһіјӏорԛѕԝхуъьүҽпгѵѡ";

fn is_honest(label: &str) -> bool {
    let mut one = None;
    for letter in label.chars() {
        if letter == '-' || letter.is_ascii_digit() {
            continue;
        }
        match (script(letter), one) {
            (None, _) => return false,
            (Some(found), None) => one = Some(found),
            (Some(found), Some(before)) if found != before => return false,
            (Some(_), Some(_)) => {}
        }
    }
    one != Some(Script::Cyrillic)
        || label
            .chars()
            .any(|letter| script(letter).is_some() && !LOOK_ALIKES.contains(letter))
}

#[cfg(test)]
mod tests {
    use super::display;

    #[test]
    fn honest_labels_are_shown_and_deceiving_ones_are_not() {
        let table = [
            ("www.xn--mnchen-3ya.de", "www.münchen.de"),
            ("xn--wgv71a.jp", "日本.jp"),
            ("xn--80aswg.xn--p1ai", "сайт.рф"),
            ("example.com", "example.com"),
            // All Cyrillic, and looks like apple.
            ("xn--80ak6aa92e.com", "xn--80ak6aa92e.com"),
            // Latin with one Cyrillic letter.
            ("xn--pypal-4ve.com", "xn--pypal-4ve.com"),
            ("xn--0.com", "xn--0.com"),
        ];
        for (name, shown) in table {
            assert_eq!(display(name), shown);
        }
    }
}
