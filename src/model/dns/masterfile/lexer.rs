//! The surface of master files: lines, comments, parentheses and quotes, cut into entries.
//!
//! It knows no records: what the words of an entry mean is the reader's business.

/// One word of an entry, quotes included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Word<'a> {
    pub(super) text: &'a str,
    pub(super) place: Place,
}

/// Where a word stands; the column is counted only when somebody asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) line: u32,
    pub(super) line_start: usize,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// One record or control entry, over as many lines as its parentheses hold.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Entry<'a> {
    /// It begins with a blank, so that the owner is the one before.
    pub(super) same_owner: bool,
    pub(super) words: Vec<Word<'a>>,
}

/// Why no entry could be cut out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Broken {
    /// A quote is not closed on its line.
    Quote,
    /// A parenthesis is not closed until the end of the file, of which nothing more is read.
    Open,
    /// A closing parenthesis without an opening one.
    Close,
}

/// Cuts a text into entries, in one pass.
#[derive(Debug)]
pub(super) struct Lexer<'a> {
    text: &'a str,
    at: usize,
    line: u32,
    line_start: usize,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let at = if text.starts_with('\u{feff}') { 3 } else { 0 };
        Self {
            text,
            at,
            line: 1,
            line_start: at,
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn is_at_blank(&self) -> bool {
        matches!(self.peek(), Some(b' ' | b'\t' | b'\r'))
    }

    fn next_line(&mut self) {
        self.at += 1;
        self.line += 1;
        self.line_start = self.at;
    }

    fn skip_to_line_end(&mut self) {
        let rest = &self.text.as_bytes()[self.at..];
        self.at += rest
            .iter()
            .position(|&octet| octet == b'\n')
            .unwrap_or(rest.len());
    }

    fn place(&self, start: usize) -> Place {
        Place {
            line: self.line,
            line_start: self.line_start,
            start,
            end: self.at,
        }
    }

    /// One character, as a place to point at.
    fn here(&self) -> Place {
        Place {
            end: self.at + 1,
            ..self.place(self.at)
        }
    }

    /// A word from here to the next blank; in quotes, to the closing one.
    fn word(&mut self) -> Result<Word<'a>, Place> {
        let start = self.at;
        let whole = self.peek() == Some(b'"');
        let (mut quoted, mut escaped) = (false, false);
        while let Some(octet) = self.peek() {
            match octet {
                b'\n' => break,
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' if quoted && whole => {
                    self.at += 1;
                    quoted = false;
                    break;
                }
                b'"' => quoted = !quoted,
                b' ' | b'\t' | b'\r' | b';' | b'(' | b')' if !quoted => break,
                _ => {}
            }
            self.at += 1;
        }
        if quoted {
            return Err(self.place(start));
        }
        Ok(Word {
            text: &self.text[start..self.at],
            place: self.place(start),
        })
    }
}

impl<'a> Iterator for Lexer<'a> {
    type Item = Result<Entry<'a>, (Broken, Place)>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut words = Vec::new();
        let mut same_owner = self.is_at_blank();
        let mut broken = None;
        let (mut depth, mut first_open) = (0usize, self.here());
        loop {
            let octet = self.peek();
            let ended = match octet {
                None => true,
                Some(b'\n') => depth == 0 && !(words.is_empty() && broken.is_none()),
                Some(_) => false,
            };
            if ended {
                if octet.is_some() {
                    self.next_line();
                } else if depth > 0 {
                    broken = broken.or(Some((Broken::Open, first_open)));
                }
                return match broken {
                    Some(broken) => Some(Err(broken)),
                    None if words.is_empty() => None,
                    None => Some(Ok(Entry { same_owner, words })),
                };
            }
            match octet {
                Some(b'\n') => {
                    self.next_line();
                    if depth == 0 {
                        same_owner = self.is_at_blank();
                    }
                }
                Some(b' ' | b'\t' | b'\r') => self.at += 1,
                Some(b';') => self.skip_to_line_end(),
                Some(b'(') => {
                    if depth == 0 {
                        first_open = self.here();
                    }
                    depth += 1;
                    self.at += 1;
                }
                Some(b')') => {
                    if depth == 0 {
                        broken = broken.or(Some((Broken::Close, self.here())));
                    }
                    depth = depth.saturating_sub(1);
                    self.at += 1;
                }
                Some(_) | None => match self.word() {
                    Ok(word) => words.push(word),
                    Err(place) => {
                        self.skip_to_line_end();
                        broken = broken.or(Some((Broken::Quote, place)));
                    }
                },
            }
        }
    }
}
