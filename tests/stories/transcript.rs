//! The text of a story: read, compared with what was said, and written again.

use crate::support::Transcript;
use std::fmt::Write;

/// A whole story.
pub(super) struct Story {
    /// The comment at its top.
    top: Vec<String>,
    /// What happens, in order.
    pub(super) blocks: Vec<Block>,
}

/// One thing that happens.
pub(super) enum Block {
    /// A file is written.
    File { name: String, text: String },
    /// A file is removed.
    Remove(String),
    /// A variable is set from here on.
    Variable { name: String, value: String },
    /// The sandbox answers an open question of the contract so, from here on.
    Dialect(String),
    /// The program is run.
    Run { line: String, expected: Vec<String> },
}

impl Story {
    /// Reads one; what has no place is a mistake in the story.
    pub(super) fn parse(text: &str) -> Self {
        let mut top = Vec::new();
        let mut blocks: Vec<Block> = Vec::new();
        for line in text.lines() {
            let directive = line
                .strip_prefix("> ")
                .and_then(|rest| rest.split_once(' '));
            match directive {
                Some(("file", name)) => blocks.push(Block::File {
                    name: name.into(),
                    text: String::new(),
                }),
                Some(("remove", name)) => blocks.push(Block::Remove(name.into())),
                Some(("dialect", pair)) => blocks.push(Block::Dialect(pair.into())),
                Some(("variable", pair)) => {
                    let (name, value) = pair.split_once('=').expect("NAME=VALUE");
                    blocks.push(Block::Variable {
                        name: name.into(),
                        value: value.into(),
                    });
                }
                Some(_) | None => match (line.strip_prefix("$ "), blocks.last_mut()) {
                    (Some(line), _) => blocks.push(Block::Run {
                        line: line.into(),
                        expected: Vec::new(),
                    }),
                    (None, None) if line.is_empty() || line.starts_with('#') => {
                        top.push(line.into())
                    }
                    (None, Some(Block::File { text, .. })) => {
                        text.push_str(line);
                        text.push('\n');
                    }
                    (None, Some(Block::Run { expected, .. })) => expected.push(line.into()),
                    (None, Some(Block::Remove(_) | Block::Variable { .. } | Block::Dialect(_)))
                        if line.is_empty() => {}
                    (None, _) => panic!("no place for this line of the story: {line}"),
                },
            }
        }
        for block in &mut blocks {
            match block {
                Block::File { text, .. } => text.truncate(text.trim_end().len()),
                Block::Run { expected, .. } => trim(expected),
                Block::Remove(_) | Block::Variable { .. } | Block::Dialect(_) => {}
            }
        }
        for block in &mut blocks {
            if let Block::File { text, .. } = block {
                text.push('\n');
            }
        }
        Self { top, blocks }
    }

    /// Writes it again.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        for line in &self.top {
            text.push_str(line);
            text.push('\n');
        }
        for block in &self.blocks {
            let written = match block {
                Block::File { name, text: file } => writeln!(text, "> file {name}\n{file}"),
                Block::Remove(name) => writeln!(text, "> remove {name}\n"),
                Block::Variable { name, value } => writeln!(text, "> variable {name}={value}\n"),
                Block::Dialect(pair) => writeln!(text, "> dialect {pair}\n"),
                Block::Run { line, expected } => {
                    let lines: String = expected.iter().map(|line| format!("{line}\n")).collect();
                    writeln!(text, "$ {line}\n{lines}")
                }
            };
            written.expect("a String takes everything");
        }
        format!("{}\n", text.trim_end())
    }
}

fn trim(lines: &mut Vec<String>) {
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
}

/// What a run said, as a story tells it.
pub(super) fn said(transcript: &Transcript) -> Vec<String> {
    let mut lines: Vec<String> = transcript.stdout.lines().map(str::to_owned).collect();
    trim(&mut lines);
    let mut err: Vec<String> = transcript
        .stderr
        .lines()
        .map(|line| format!("2> {line}"))
        .collect();
    for line in &mut err {
        line.truncate(line.trim_end().len());
    }
    lines.append(&mut err);
    match transcript.status {
        Some(0) => {}
        Some(code) => lines.push(format!("[exit {code}]")),
        None => lines.push("[ended by a signal]".into()),
    }
    lines
}

/// True if the lines are those that the story expects.
pub(super) fn fits(expected: &[String], said: &[String]) -> bool {
    let Some((first, rest)) = expected.split_first() else {
        return said.is_empty();
    };
    if first == "..." {
        return (0..=said.len()).any(|skipped| fits(rest, &said[skipped..]));
    }
    said.split_first()
        .is_some_and(|(line, more)| line_fits(first, line) && fits(rest, more))
}

fn line_fits(expected: &str, line: &str) -> bool {
    let Some((start, rest)) = expected.split_once("[..]") else {
        return expected == line;
    };
    let (middle, end) = rest.rsplit_once("[..]").unwrap_or(("", rest));
    let within = line
        .strip_prefix(start)
        .and_then(|line| line.strip_suffix(end));
    // The first place of each part leaves the most for the others.
    let found = middle
        .split("[..]")
        .try_fold(within.unwrap_or(""), |line, part| {
            line.find(part).map(|at| &line[at + part.len()..])
        });
    within.is_some() && found.is_some()
}

/// Both, line by line.
pub(super) fn difference(expected: &[String], said: &[String]) -> String {
    let mut text = String::new();
    let longest = expected.len().max(said.len());
    for at in 0..longest {
        let (want, have) = (expected.get(at), said.get(at));
        match (want, have) {
            (Some(want), Some(have)) if line_fits(want, have) => writeln!(text, "    {have}"),
            _ => {
                let want = want.map(|line| format!("  - {line}\n")).unwrap_or_default();
                let have = have.map(|line| format!("  + {line}\n")).unwrap_or_default();
                write!(text, "{want}{have}")
            }
        }
        .expect("a String takes everything");
    }
    text
}

/// What was said, with the wildcards of the lines that still fit.
pub(super) fn rewritten(expected: &[String], said: &[String]) -> Vec<String> {
    let mut patterns = expected
        .iter()
        .filter(|line| line.contains("[..]"))
        .peekable();
    said.iter()
        .map(|line| {
            match patterns
                .clone()
                .position(|pattern| line_fits(pattern, line))
            {
                Some(at) => patterns.nth(at).unwrap_or(line).clone(),
                None => line.clone(),
            }
        })
        .collect()
}

/// The words of a command line; quotes keep blanks together.
pub(super) fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = None::<String>;
    let mut quote = None;
    for c in line.chars() {
        match (quote, c) {
            (Some(open), _) if c == open => quote = None,
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, ' ') => words.extend(word.take()),
            (Some(_) | None, _) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

#[test]
fn wildcards_stand_for_anything() {
    let lines = |text: &str| -> Vec<String> { text.lines().map(str::to_owned).collect() };
    for (expected, said, fit) in [
        ("a [..] c", "a b c", true),
        ("a [..]", "a ", true),
        ("[..]c", "a c b c", true),
        ("a [..] c", "a b d", false),
        ("a", "a b", false),
        ("...\nz", "x\ny\nz", true),
        ("...\nz", "x\ny", false),
        ("a\n...", "a", true),
    ] {
        assert_eq!(
            fits(&lines(expected), &lines(said)),
            fit,
            "{expected} / {said}"
        );
    }
}

#[test]
fn a_story_is_written_as_it_was_read() {
    let text = "# A story.\n\n> file a.toml\nx = 1\n\n> variable A=b\n\n> dialect apex=empty\n\n$ bailiwick plan 'a b'\nout\n\nmore\n2> err\n[exit 2]\n";
    assert_eq!(Story::parse(text).text(), text);
    assert_eq!(
        words("bailiwick plan 'a b' c\"d\""),
        ["bailiwick", "plan", "a b", "cd"]
    );
}
