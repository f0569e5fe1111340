//! JSON as it is printed and saved: one member or entry a line where people look, and no character in it
//! that a terminal, a browser or a CI runner would obey.
//!
//! Knows nothing of plans; reports are written through it too.

pub use crate::model::hidden::hidden;
use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};
use std::io::{self, Write};

/// Levels whose entries stand on lines of their own; what lies deeper stays on one line, so that a plan
/// of many steps is one step a line.
const BROKEN_LEVELS: usize = 2;

/// Writes a value, with a final newline. Invisible characters come as `\u` escapes, which mean the same.
pub fn to_text<T: Serialize + ?Sized>(value: &T) -> String {
    let mut out = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut out, Lines::default());
    value
        .serialize(&mut serializer)
        .expect("forms have text keys, and a vector takes every byte");
    out.push(b'\n');
    String::from_utf8(out).expect("JSON is written as UTF-8")
}

/// The layout: `serde_json`'s pretty one down to a level, the compact one below.
#[derive(Default)]
struct Lines {
    level: usize,
    filled: bool,
}

impl Lines {
    fn open<W: Write + ?Sized>(&mut self, out: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.level += 1;
        self.filled = false;
        out.write_all(bracket)
    }

    fn close<W: Write + ?Sized>(&mut self, out: &mut W, bracket: &[u8]) -> io::Result<()> {
        if self.filled && self.level <= BROKEN_LEVELS {
            self.break_line(out, self.level - 1)?;
        }
        self.level -= 1;
        self.filled = true;
        out.write_all(bracket)
    }

    fn entry<W: Write + ?Sized>(&mut self, out: &mut W, place: Entry) -> io::Result<()> {
        let broken = self.level <= BROKEN_LEVELS;
        match place {
            Entry::First => {}
            Entry::Later if broken => out.write_all(b",")?,
            Entry::Later => out.write_all(b", ")?,
        }
        if broken {
            self.break_line(out, self.level)?;
        }
        Ok(())
    }

    fn break_line<W: Write + ?Sized>(&self, out: &mut W, level: usize) -> io::Result<()> {
        out.write_all(b"\n")?;
        for _ in 0..level {
            out.write_all(b"  ")?;
        }
        Ok(())
    }
}

#[derive(Clone, Copy)]
enum Entry {
    First,
    Later,
}

impl From<bool> for Entry {
    fn from(first: bool) -> Self {
        if first { Entry::First } else { Entry::Later }
    }
}

impl Formatter for Lines {
    fn begin_array<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.open(out, b"[")
    }

    fn end_array<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.close(out, b"]")
    }

    fn begin_array_value<W: Write + ?Sized>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.entry(out, first.into())
    }

    fn end_array_value<W: Write + ?Sized>(&mut self, _: &mut W) -> io::Result<()> {
        self.filled = true;
        Ok(())
    }

    fn begin_object<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.open(out, b"{")
    }

    fn end_object<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.close(out, b"}")
    }

    fn begin_object_key<W: Write + ?Sized>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.entry(out, first.into())
    }

    fn begin_object_value<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(b": ")
    }

    fn end_object_value<W: Write + ?Sized>(&mut self, _: &mut W) -> io::Result<()> {
        self.filled = true;
        Ok(())
    }

    fn write_string_fragment<W: Write + ?Sized>(
        &mut self,
        out: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut plain = 0;
        let mut last = '\0';
        for (at, c) in fragment.char_indices() {
            // CI runners look for "##[…" anywhere in a line.
            if hidden(c) || (c == '#' && last == '#') {
                out.write_all(&fragment.as_bytes()[plain..at])?;
                for unit in c.encode_utf16(&mut [0; 2]) {
                    write!(out, "\\u{unit:04x}")?;
                }
                plain = at + c.len_utf8();
            }
            last = c;
        }
        out.write_all(&fragment.as_bytes()[plain..])
    }
}
