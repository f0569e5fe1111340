//! Placeholders, `{name}` with a name of `a-z0-9-`, in templates and groups: what they stand for, and filling
//! them in.
//!
//! `%{` begins a macro of SPF and stays. What is filled in is not looked at again, so that text can hold
//! braces. Where placeholders work is not known here.

use std::borrow::Cow;
use std::collections::BTreeMap;

/// What placeholders stand for in one domain.
pub(crate) struct Vars<'a> {
    values: BTreeMap<&'a str, &'a str>,
}

impl<'a> Vars<'a> {
    /// The domain's own name first, then those given later where a name is not known yet.
    pub(crate) fn new(domain: &'a str, dashed: &'a str) -> Self {
        Self {
            values: BTreeMap::from([("domain", domain), ("domain-dashed", dashed)]),
        }
    }

    /// Adds one, unless the name is known.
    pub(crate) fn add(&mut self, name: &'a str, value: &'a str) {
        self.values.entry(name).or_insert(value);
    }

    /// The names, sorted.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'a str> + Clone {
        self.values.keys().copied()
    }

    /// Fills a text in; the name of a placeholder that is not set otherwise.
    pub(crate) fn fill<'t>(&self, text: &'t str) -> Result<Cow<'t, str>, &'t str> {
        let mut out = String::new();
        let mut rest = text;
        let mut copied = false;
        while let Some((before, name, after)) = placeholder(rest) {
            let value = self.values.get(name).ok_or(name)?;
            out.push_str(before);
            out.push_str(value);
            rest = after;
            copied = true;
        }
        if !copied {
            return Ok(Cow::Borrowed(text));
        }
        out.push_str(rest);
        Ok(Cow::Owned(out))
    }
}

/// The first placeholder: what stands before it, its name, what stands after it.
fn placeholder(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    while let Some(at) = text[from..].find('{') {
        let open = from + at;
        let name = &text[open + 1..];
        let end = name
            .find(|c: char| !(c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'))
            .unwrap_or(name.len());
        let closed = end > 0 && name[end..].starts_with('}');
        if closed && !text[..open].ends_with('%') {
            return Some((&text[..open], &name[..end], &name[end + 1..]));
        }
        from = open + 1;
    }
    None
}

/// True if a name can be that of a placeholder.
pub(crate) fn is_name(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !text.is_empty() && text.chars().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_filled_in_once() {
        let mut vars = Vars::new("example.com", "example-com");
        vars.add("a", "{domain}");
        vars.add("domain", "never");
        for (text, filled) in [
            ("{domain}", "example.com"),
            ("x.{domain-dashed}.y", "x.example-com.y"),
            ("{a}{a}", "{domain}{domain}"),
            (
                "v=spf1 exists:%{i}._spf.{domain} -all",
                "v=spf1 exists:%{i}._spf.example.com -all",
            ),
            ("{}", "{}"),
            ("{Domain}", "{Domain}"),
            ("{{domain}}", "{example.com}"),
            ("{domain", "{domain"),
            ("é{domain}é", "éexample.comé"),
        ] {
            assert_eq!(vars.fill(text).as_deref(), Ok(filled));
        }
        assert_eq!(vars.fill("{domain} {b}"), Err("b"));
    }
}
