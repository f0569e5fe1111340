//! From the words of a master file to canonical records: owners, origins, classes, times and includes.
//!
//! It opens no file and keeps going after an error, so that all of them are told at once.

use super::lexer::{Broken, Entry, Lexer, Place, Word};
use super::{At, FileError, MasterFile, Record, Soa, Ttl};
use crate::model::dns::data;
use crate::model::dns::error::DataError;
use crate::model::dns::name::{Apex, Host, NameError, Reading};
use crate::model::dns::rtype::Rtype;
use std::sync::Arc;

/// Bytes that a file and its includes may have together.
const SIZE: usize = 16 << 20;
/// How deep includes may stand in each other.
const DEPTH: usize = 8;
/// Errors that are told; a file with more is not a master file.
const ERRORS: usize = 1000;
/// Largest time to live (RFC 2181, 8).
const TTL: u32 = i32::MAX as u32;

/// A file that `$INCLUDE` asks for.
#[derive(Debug, Clone, Copy)]
pub struct Include<'a> {
    /// The file that asks.
    pub from: &'a str,
    /// The path as written there.
    pub path: &'a str,
}

/// A file that was included.
#[derive(Debug, Clone)]
pub struct Included {
    /// Its name, for messages.
    pub file: Arc<str>,
    /// Its text.
    pub text: Arc<str>,
}

/// Reads a master file of a zone. `include` is asked for each `$INCLUDE`, and refuses with a reason what
/// lies outside the folder, cannot be read, or is not wanted.
pub fn read(
    zone: &Apex,
    file: &Arc<str>,
    text: &str,
    include: &mut dyn FnMut(Include<'_>) -> Result<Included, String>,
) -> MasterFile {
    let mut reader = Reader {
        zone,
        include,
        bytes: 0,
        last_ttl: None,
        out: MasterFile::default(),
    };
    let mut scope = Scope {
        origin: format!("{zone}."),
        owner: None,
    };
    reader.file(file, text, &mut scope, 0);
    reader.out
}

/// What the entries of one file hand to the next ones.
struct Scope {
    /// Absolute, canonical.
    origin: String,
    owner: Option<Owner>,
}

#[derive(Clone)]
enum Owner {
    Host(Host),
    /// It was wrong and told; records that inherit it are not told again.
    Wrong,
}

struct Reader<'a> {
    zone: &'a Apex,
    include: &'a mut dyn FnMut(Include<'_>) -> Result<Included, String>,
    bytes: usize,
    last_ttl: Option<u32>,
    out: MasterFile,
}

/// The file being read, to point into.
struct Page<'a> {
    file: &'a Arc<str>,
    text: &'a str,
}

impl Page<'_> {
    fn at(&self, place: Place) -> At {
        let before = self.text.get(place.line_start..place.start).unwrap_or("");
        At {
            file: Arc::clone(self.file),
            line: place.line,
            column: before.chars().count() as u32 + 1,
            start: place.start as u32,
            end: place.end as u32,
        }
    }
}

impl Reader<'_> {
    fn is_full(&self) -> bool {
        self.out.errors.len() >= ERRORS
    }

    fn tell(&mut self, page: &Page<'_>, place: Place, error: impl Into<DataError>) {
        if !self.is_full() {
            self.out.errors.push(FileError {
                at: page.at(place),
                error: error.into(),
            });
        }
    }

    fn file(&mut self, file: &Arc<str>, text: &str, scope: &mut Scope, depth: usize) {
        let page = Page { file, text };
        self.bytes += text.len();
        if self.bytes > SIZE {
            let place = Place {
                line: 1,
                line_start: 0,
                start: 0,
                end: 0,
            };
            let error = DataError::new(format!(
                "the file and what it includes have more than {} MiB",
                SIZE >> 20
            ));
            self.tell(&page, place, error);
            return;
        }
        for entry in Lexer::new(text) {
            if self.is_full() {
                return;
            }
            match entry {
                Ok(entry) => self.entry(&page, &entry, scope, depth),
                Err((broken, place)) => self.tell(&page, place, describe(broken)),
            }
        }
    }

    fn entry(&mut self, page: &Page<'_>, entry: &Entry<'_>, scope: &mut Scope, depth: usize) {
        let Some((first, rest)) = entry.words.split_first() else {
            return;
        };
        if first.text.starts_with('$') && !entry.same_owner {
            self.control(page, *first, rest, (scope, depth));
            return;
        }
        let words = if entry.same_owner {
            &entry.words[..]
        } else {
            scope.owner = Some(self.owner(page, *first, scope));
            rest
        };
        let host = match &scope.owner {
            Some(Owner::Host(host)) => host.clone(),
            Some(Owner::Wrong) => return,
            None => {
                let error = DataError::new("the line begins with a blank, and no record stands before it whose owner it could share")
                    .write("write the owner, or `@`, at the start of the line");
                self.tell(page, first.place, error);
                return;
            }
        };
        if let Err((place, error)) = self.record(page, *first, words, (host, &scope.origin)) {
            self.tell(page, place, error);
        }
    }

    fn owner(&mut self, page: &Page<'_>, word: Word<'_>, scope: &Scope) -> Owner {
        let host = Reading::master(&scope.origin)
            .target(word.text)
            .and_then(|name| {
                Host::strip(self.zone, &name).ok_or_else(|| NameError::Outside {
                    name,
                    zone: self.zone.as_str().into(),
                })
            });
        match host {
            Ok(host) => Owner::Host(host),
            Err(error) => {
                self.tell(page, word.place, error);
                Owner::Wrong
            }
        }
    }

    fn record(
        &mut self,
        page: &Page<'_>,
        first: Word<'_>,
        words: &[Word<'_>],
        (host, origin): (Host, &str),
    ) -> Result<(), (Place, DataError)> {
        let (mut ttl, mut class) = (None, false);
        let mut words = words.iter();
        let typed = loop {
            let Some(word) = words.next() else {
                return Err((
                    first.place,
                    DataError::new("the record has no type")
                        .write("write owner, type and data, like `www A 192.0.2.1`"),
                ));
            };
            if !class && is_class(word.text) {
                if !word.text.eq_ignore_ascii_case("IN") {
                    return Err((
                        word.place,
                        DataError::new(format!("the class {} is not kept here", word.text))
                            .write("write IN"),
                    ));
                }
                class = true;
            } else if ttl.is_none() && word.text.starts_with(|digit: char| digit.is_ascii_digit()) {
                ttl = Some(seconds(word.text, TTL).map_err(|error| (word.place, error))?);
            } else {
                break word;
            }
        };
        let rtype = Rtype::parse(typed.text).map_err(|error| (typed.place, error))?;
        let words = words.as_slice();
        let ttl = match ttl {
            Some(ttl) => {
                self.last_ttl = Some(ttl);
                Ttl::Written(ttl)
            }
            None => self
                .out
                .ttl
                .or(self.last_ttl)
                .map_or(Ttl::Unknown, Ttl::Inherited),
        };
        let reading = Reading::master(origin);
        if rtype.as_str() == "SOA" {
            return self.soa(typed, words, (&host, reading));
        }
        let text = words
            .iter()
            .map(|word| word.text)
            .collect::<Vec<_>>()
            .join(" ");
        let data = data::parse(&rtype, &text, reading).map_err(|error| {
            let blamed = words.get(error.token).or(words.last()).unwrap_or(typed);
            (blamed.place, error)
        })?;
        let apex_ns = host.is_apex() && rtype.as_str() == "NS";
        let record = Record {
            host,
            rtype,
            data,
            ttl,
            at: page.at(first.place),
        };
        if apex_ns {
            self.out.apex_ns.push(record);
        } else {
            self.out.records.push(record);
        }
        Ok(())
    }

    fn soa(
        &mut self,
        typed: &Word<'_>,
        words: &[Word<'_>],
        (host, reading): (&Host, Reading<'_>),
    ) -> Result<(), (Place, DataError)> {
        if !host.is_apex() {
            return Err((
                typed.place,
                DataError::new(format!(
                    "the SOA stands at `{host}`, so this is the file of another zone than {}",
                    self.zone
                )),
            ));
        }
        if self.out.soa.is_some() {
            return Err((
                typed.place,
                DataError::new("a zone has one SOA, and another one stands before"),
            ));
        }
        let [primary, mailbox, serial, refresh, retry, expire, minimum] = words else {
            return Err((
                typed.place,
                DataError::new(format!(
                    "an SOA has seven fields, and {} are written",
                    words.len()
                ))
                .write("write `ns1.example.com. hostmaster.example.com. 2026010101 4h 15m 14d 1h`"),
            ));
        };
        let name = |word: &Word<'_>| {
            reading
                .target(word.text)
                .map_err(|error| (word.place, error.into()))
        };
        let time =
            |word: &Word<'_>| seconds(word.text, u32::MAX).map_err(|error| (word.place, error));
        let serial = serial.text.parse().map_err(|_| {
            (
                serial.place,
                DataError::new(format!(
                    "`{}` is no serial: a number from 0 to 4294967295",
                    serial.text
                )),
            )
        })?;
        self.out.soa = Some(Soa {
            primary: name(primary)?,
            mailbox: name(mailbox)?,
            serial,
            refresh: time(refresh)?,
            retry: time(retry)?,
            expire: time(expire)?,
            minimum: time(minimum)?,
        });
        Ok(())
    }

    fn control(
        &mut self,
        page: &Page<'_>,
        word: Word<'_>,
        rest: &[Word<'_>],
        (scope, depth): (&mut Scope, usize),
    ) {
        match (word.text.to_ascii_uppercase().as_str(), rest) {
            ("$ORIGIN", [name]) => match Reading::master(&scope.origin).target(name.text) {
                Ok(origin) => scope.origin = origin.into(),
                Err(error) => self.tell(page, name.place, error),
            },
            ("$TTL", [time]) => match seconds(time.text, TTL) {
                Ok(ttl) => self.out.ttl = Some(ttl),
                Err(error) => self.tell(page, time.place, error),
            },
            ("$INCLUDE", [path]) => {
                let origin = scope.origin.clone();
                self.include(page, *path, (scope, origin, depth));
            }
            ("$INCLUDE", [path, name]) => match Reading::master(&scope.origin).target(name.text) {
                Ok(origin) => self.include(page, *path, (scope, origin.into(), depth)),
                Err(error) => self.tell(page, name.place, error),
            },
            ("$ORIGIN" | "$TTL" | "$INCLUDE", _) => {
                let error =
                    DataError::new(format!("{} is not complete, or has too much", word.text))
                        .write(
                            "write `$ORIGIN example.com.`, `$TTL 1h` or `$INCLUDE file [origin]`",
                        );
                self.tell(page, word.place, error);
            }
            ("$GENERATE", _) => {
                let error = DataError::new("$GENERATE is BIND's own and not read here")
                    .write("write the records out");
                self.tell(page, word.place, error);
            }
            (_, _) => {
                let error = DataError::new(format!("`{}` is no control entry", word.text))
                    .write("write `\\$` where a name begins with a dollar sign");
                self.tell(page, word.place, error);
            }
        }
    }

    fn include(
        &mut self,
        page: &Page<'_>,
        path: Word<'_>,
        (scope, origin, depth): (&Scope, String, usize),
    ) {
        if depth >= DEPTH {
            let error = DataError::new(format!(
                "files include each other more than {DEPTH} deep, perhaps in a circle"
            ));
            self.tell(page, path.place, error);
            return;
        }
        let bare = path
            .text
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'))
            .unwrap_or(path.text);
        let asked = Include {
            from: page.file,
            path: bare,
        };
        match (self.include)(asked) {
            Ok(included) => {
                // Origin and owner of the including file come back after it (RFC 1035, 5.1).
                let mut inner = Scope {
                    origin,
                    owner: scope.owner.clone(),
                };
                self.file(&included.file, &included.text, &mut inner, depth + 1);
            }
            Err(reason) => self.tell(page, path.place, DataError::new(reason)),
        }
    }
}

fn describe(broken: Broken) -> DataError {
    match broken {
        Broken::Quote => DataError::new("a quote is opened and not closed on its line")
            .write("write `\\\"` for a quote inside a text, and `\\010` for a line break"),
        Broken::Open => DataError::new(
            "a parenthesis is opened and not closed; what follows it was not looked at",
        )
        .write("close it with `)`"),
        Broken::Close => DataError::new("a parenthesis is closed and not opened"),
    }
}

fn is_class(text: &str) -> bool {
    ["IN", "CH", "HS", "CS"]
        .iter()
        .any(|class| class.eq_ignore_ascii_case(text))
}

/// Reads a time: seconds, or with units (`1h30m`; w, d, h, m, s).
fn seconds(text: &str, limit: u32) -> Result<u32, DataError> {
    let bad = || {
        DataError::new(format!("`{text}` is no time"))
            .write("write seconds, or a time like 1h, 30m, 2d")
    };
    let mut total: u64 = 0;
    let mut number: Option<u64> = None;
    for found in text.chars() {
        if let Some(digit) = found.to_digit(10) {
            let value = number.unwrap_or(0) * 10 + u64::from(digit);
            if value > u64::from(u32::MAX) {
                return Err(bad());
            }
            number = Some(value);
            continue;
        }
        let unit: u64 = match found.to_ascii_lowercase() {
            's' => 1,
            'm' => 60,
            'h' => 3_600,
            'd' => 86_400,
            'w' => 604_800,
            _ => return Err(bad()),
        };
        total = number
            .take()
            .and_then(|number| number.checked_mul(unit))
            .and_then(|part| total.checked_add(part))
            .ok_or_else(bad)?;
    }
    match number {
        Some(number) => total = total.checked_add(number).ok_or_else(bad)?,
        None if text.is_empty() => return Err(bad()),
        None => {}
    }
    u32::try_from(total)
        .ok()
        .filter(|total| *total <= limit)
        .ok_or_else(|| DataError::new(format!("`{text}` is above {limit} seconds")))
}
