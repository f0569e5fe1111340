//! The forms of single values on the command line: durations, amounts, patterns, `KIND=PATH`, `I/N`.
//!
//! Each reader gives one sentence that says what to write. Nothing here knows a command.

use crate::model::money::Money;
use crate::model::pattern::Pattern;
use std::path::PathBuf;
use std::time::Duration;

/// Reads `40s`, `10m`, `2h` or `30d`.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let form = || "write a whole number and s, m, h or d, such as 40s, 10m or 30d".to_owned();
    let unit = text.chars().next_back().ok_or_else(form)?;
    let seconds: u64 = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3_600,
        'd' => 86_400,
        _ => return Err(form()),
    };
    let digits = &text[..text.len() - unit.len_utf8()];
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(form());
    }
    let count: u64 = digits.parse().map_err(|_| form())?;
    count
        .checked_mul(seconds)
        .filter(|&total| total <= 100 * 365 * 86_400)
        .map(Duration::from_secs)
        .ok_or_else(|| "that is longer than a hundred years".to_owned())
}

/// Reads `12.00 EUR`.
pub(super) fn amount(text: &str) -> Result<Money, String> {
    Money::parse(text).map_err(|error| error.to_string())
}

/// Reads a pattern over addresses, in the form in which the file's are read.
pub(super) fn pattern(text: &str) -> Result<Pattern, String> {
    if text.is_empty() {
        return Err(
            "write an address such as zone.example.com; * stands for any run of characters".into(),
        );
    }
    let canonical = crate::config::canonical_pattern(text).map_err(|error| error.to_string())?;
    Ok(Pattern::new(&canonical))
}

/// Reads a pattern over the labels of accounts.
pub(super) fn label(text: &str) -> Result<Pattern, String> {
    Ok(Pattern::new(text))
}

/// What a report is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum ReportKind {
    /// The plan or report itself.
    Json,
    /// For a pull request.
    Markdown,
    /// A page.
    #[value(hide = true)]
    Html,
    /// All domains on a page.
    #[value(hide = true)]
    Portfolio,
    /// Test results.
    #[value(hide = true)]
    Junit,
    /// Code scanning.
    #[value(hide = true)]
    Sarif,
    /// A merge request's plan.
    #[value(hide = true)]
    Gitlab,
    /// Code quality.
    #[value(hide = true)]
    Codequality,
    /// Annotations.
    #[value(hide = true)]
    Github,
    /// Metrics.
    #[value(hide = true)]
    Prometheus,
}

/// `--report KIND=PATH`: a further output, into a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportTo {
    /// What is written.
    pub kind: ReportKind,
    /// Where.
    pub path: PathBuf,
}

/// Reads `KIND=PATH`.
pub(super) fn report(text: &str) -> Result<ReportTo, String> {
    use clap::ValueEnum;
    let kinds = || {
        let names: Vec<String> = ReportKind::value_variants()
            .iter()
            .filter_map(ValueEnum::to_possible_value)
            .filter(|value| !value.is_hide_set())
            .map(|value| value.get_name().to_owned())
            .collect();
        names.join(", ")
    };
    let (kind, path) = text
        .split_once('=')
        .ok_or_else(|| format!("write KIND=PATH; KIND is one of {}", kinds()))?;
    if path.is_empty() {
        return Err(format!("name a file after {kind}="));
    }
    let kind = ReportKind::from_str(kind, false)
        .map_err(|_| format!("\"{kind}\" is no kind of report; known: {}", kinds()))?;
    Ok(ReportTo {
        kind,
        path: output(path)?,
    })
}

/// `--shard I/N`: one of several runs that share the accounts out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    /// Which, from 1.
    pub index: u32,
    /// Of how many.
    pub of: u32,
}

/// Reads `I/N`.
pub(super) fn shard(text: &str) -> Result<Shard, String> {
    let form = || "write I/N with I from 1 to N, such as 2/5".to_owned();
    let (index, of) = text.split_once('/').ok_or_else(form)?;
    let index: u32 = index.parse().map_err(|_| form())?;
    let of: u32 = of.parse().map_err(|_| form())?;
    if index == 0 || index > of {
        return Err(form());
    }
    Ok(Shard { index, of })
}

/// `NAME=VALUE`, as `--dialect` takes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Switch {
    /// Which open question of the contract.
    pub name: String,
    /// How it is answered.
    pub value: String,
}

/// Reads `NAME=VALUE`.
pub(super) fn switch(text: &str) -> Result<Switch, String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() && !value.is_empty() => Ok(Switch {
            name: name.into(),
            value: value.into(),
        }),
        Some(_) | None => Err("write NAME=VALUE".into()),
    }
}

/// Reads `sha256:…`.
pub(super) fn digest(text: &str) -> Result<String, String> {
    let hex = text.strip_prefix("sha256:").unwrap_or("");
    if hex.len() == 64 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Ok(text.to_ascii_lowercase());
    }
    Err("write the digest that plan printed: sha256: and 64 hexadecimal digits".into())
}

/// Reads an address; whether it exists is not known here.
pub(super) fn address(text: &str) -> Result<String, String> {
    match text.split_once('.') {
        Some((kind, name)) if !kind.is_empty() && !name.is_empty() => Ok(text.into()),
        Some(_) | None => Err("write an address such as domain.example.com".into()),
    }
}

/// Reads the name of a file that a plan or a report goes into; one of the configuration is none, and would be lost.
pub(super) fn output(text: &str) -> Result<std::path::PathBuf, String> {
    let path = std::path::PathBuf::from(text);
    let name = path.extension().map(|end| end.to_ascii_lowercase());
    match name.is_some_and(|end| end == "toml" || end == "zone") {
        true => Err(format!(
            "{text} has the name of a file that you write; name another one, such as change.plan or plan.json"
        )),
        false => Ok(path),
    }
}

/// Reads what a provider calls something: one word that can be printed.
pub(super) fn handle(text: &str) -> Result<String, String> {
    let plain = text.chars().all(|c| c.is_ascii_graphic());
    match !text.is_empty() && text.len() <= 128 && plain {
        true => Ok(text.into()),
        false => Err("write the handle as the provider's panel shows it, such as DO100001".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_and_bad_ones_say_what_to_write() {
        assert_eq!(duration("40s"), Ok(Duration::from_secs(40)));
        assert_eq!(duration("10m"), Ok(Duration::from_secs(600)));
        assert_eq!(duration("30d"), Ok(Duration::from_secs(2_592_000)));
        assert_eq!(duration("0s"), Ok(Duration::ZERO));
        for bad in ["", "s", "10", "-1s", "+1s", "1.5h", "10w", "1 s", "1é"] {
            assert!(duration(bad).is_err(), "{bad}");
        }
        assert!(duration("18446744073709551615d").is_err());
    }

    #[test]
    fn a_report_is_a_kind_and_a_path() {
        assert_eq!(
            report("markdown=out/plan=1.md"),
            Ok(ReportTo {
                kind: ReportKind::Markdown,
                path: "out/plan=1.md".into()
            })
        );
        for bad in ["markdown", "markdown=", "pdf=x", "json=bailiwick.toml"] {
            assert!(report(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn shards_count_from_one() {
        assert_eq!(shard("2/5"), Ok(Shard { index: 2, of: 5 }));
        for bad in ["0/5", "6/5", "1", "a/b", "1/"] {
            assert!(shard(bad).is_err(), "{bad}");
        }
    }
}
