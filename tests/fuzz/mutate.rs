//! Inputs out of other inputs: flipped, cut, spliced, and peppered with what readers of text stumble over.
//!
//! Deterministic by its seed. It knows no format; the words it throws in are those of all of them.

/// The longest input.
const LONGEST: usize = 8 << 10;
/// The most inputs that are mutated further.
const MOST: usize = 4096;

const WORDS: &[&str] = &[
    // TOML and our keys.
    "[account.main]\n",
    "[domain.\"example.com\"]\n",
    "[domain.\"example.com\".zone]\n",
    "[defaults]\n",
    "[guard]\n",
    "[[allow]]\n",
    "[[moved]]\n",
    "[template.x]\n",
    "[group.x]\n",
    "[http]\n",
    "[bailiwick]\n",
    "include = [\"**/*.toml\"]\n",
    "records = [",
    "{ host = \"@\", type = \"TXT\", data = \"",
    "file = \"x.zone\"\n",
    "password = { command = [\"x\"] }\n",
    "use = [\"x\"]\n",
    "${domain}",
    "{domain}",
    "\"\"\"",
    "'''",
    " = ",
    "# ",
    "1979-05-27T07:32:00Z",
    "inf",
    "nan",
    "0x7fffffffffffffff",
    "a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r.s.t.u.v.w.x.y.z",
    "\n=== other.toml\n",
    "\n=== x.zone\n",
    // JSON.
    "null",
    "true",
    "{}",
    "[]",
    "\"\"",
    "{\"a\":",
    "\\u0000",
    "\\ud800",
    "\\udc00",
    "1e999",
    "-0.0",
    "1e-400",
    "18446744073709551616",
    "-9223372036854775809",
    "9007199254740993",
    "1.0",
    "\"Handle\":",
    "\"Id\":",
    "\"Name\":",
    "\"Type\":",
    "\"Host\":",
    "\"Data\":",
    "\"Code\":510,",
    "\"Detail\":",
    "\"Errors\":[",
    "\"format\":",
    "\"digest\":",
    // DNS.
    "$ORIGIN ",
    "$TTL ",
    "$INCLUDE x ",
    "$GENERATE ",
    " IN ",
    " CH ",
    "SOA",
    "NS",
    "A ",
    "AAAA ",
    "CNAME ",
    "MX 10 ",
    "TXT ",
    "SRV 1 2 3 ",
    "CAA 0 issue ",
    "DS ",
    "TLSA ",
    "NAPTR 1 1 \"U\" \"\" \"!^.*$!x!\" .",
    "LOC ",
    "SSHFP ",
    "\\# 4 c0000201",
    "TYPE65534 ",
    "CLASS65535 ",
    "\\000",
    "\\255",
    "\\256",
    "\\.",
    "( ",
    " )",
    ";",
    "@",
    "*",
    ".",
    "..",
    "1w2d3h4m5s",
    "4294967295",
    "4294967296",
    "2147483648",
    "xn--",
    "xn--bcher-kva",
    "bücher",
    "ß",
    "İ",
    "k\u{307}",
    // What terminals, shells, browsers, tables and runners obey.
    "\u{1b}[2J",
    "\u{9b}31m",
    "\u{202e}",
    "\u{200b}",
    "\u{feff}",
    "\u{2028}",
    "\u{e0041}",
    "::error::x",
    "\n::set-env name=a::b",
    "##vso[task]",
    "##[group]",
    "```",
    "````",
    "<script>",
    "| a |",
    "=cmd|' /C calc'!A0",
    "$(id)",
    "`id`",
    "%n",
    "../",
    "/etc/passwd",
    "\0",
    "\r\n",
    "\n",
    "\t",
    "\"",
    "\\",
    "'",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
];

/// Bytes that are no UTF-8, or not all of it.
const BYTES: &[&[u8]] = &[
    b"\xff",
    b"\xc3\x28",
    b"\xed\xa0\x80",
    b"\xf0\x9f",
    b"\xef\xbb\xbf",
    b"\xc0\x80",
];

/// Makes inputs.
pub(crate) struct Mutator {
    state: u64,
    pool: Vec<Vec<u8>>,
    seeds: usize,
    given: usize,
}

impl Mutator {
    /// Makes inputs of these.
    pub(crate) fn new(seed: u64, seeds: Vec<Vec<u8>>) -> Self {
        assert!(!seeds.is_empty(), "a target has seeds");
        Self {
            state: seed,
            seeds: seeds.len(),
            pool: seeds,
            given: 0,
        }
    }

    /// Remembers an input that did something new.
    pub(crate) fn keep(&mut self, input: Vec<u8>) {
        if self.pool.len() < MOST {
            self.pool.push(input);
        }
    }

    /// The next input: each seed as it is, then mutations.
    pub(crate) fn next(&mut self) -> Vec<u8> {
        if self.given < self.seeds {
            self.given += 1;
            return self.pool[self.given - 1].clone();
        }
        let mut input = self.one_of_the_pool().to_vec();
        for _ in 0..1 << self.below(4) {
            self.mutate(&mut input);
        }
        input.truncate(LONGEST);
        input
    }

    fn mutate(&mut self, input: &mut Vec<u8>) {
        let at = self.below(input.len() + 1);
        let most = 1 << self.below(9);
        let end = (at + 1 + self.below(most)).min(input.len());
        match self.below(13) {
            0 if at < input.len() => input[at] ^= 1 << self.below(8),
            1 if at < input.len() => input[at] = self.byte(),
            2 => {
                input.drain(at.min(end)..end);
            }
            3 => {
                // Twice the same: a key, a line, a handle.
                let again = input[at.min(end)..end].to_vec();
                insert(input, at, &again);
            }
            4 => {
                let other = self.piece();
                insert(input, at, &other);
            }
            5 => {
                let kept = self.one_of_the_pool_from_half();
                input.truncate(at);
                input.extend(kept);
            }
            6 => {
                let word = BYTES[self.below(BYTES.len())];
                insert(input, at, word);
            }
            // So often the same that nesting and repetition show.
            7 => {
                let times = 1 << self.below(8);
                let word = WORDS[self.below(WORDS.len())].repeat(times);
                insert(input, at, &word.as_bytes()[..word.len().min(LONGEST)]);
            }
            8 => {
                let number = self.number();
                let digits = input[at..].iter().take_while(|byte| byte.is_ascii_digit());
                let end = at + digits.count();
                input.splice(at..end, number.into_bytes());
            }
            9 => self.swap_lines(input),
            10 => {
                let word = WORDS[self.below(WORDS.len())];
                input.splice(at.min(end)..end, word.bytes());
            }
            _ => {
                let word = WORDS[self.below(WORDS.len())];
                insert(input, at, word.as_bytes());
            }
        }
        input.truncate(2 * LONGEST);
    }

    fn swap_lines(&mut self, input: &mut Vec<u8>) {
        let mut lines: Vec<&[u8]> = input.split(|byte| *byte == b'\n').collect();
        let (one, other) = (self.below(lines.len()), self.below(lines.len()));
        lines.swap(one, other);
        *input = lines.join(&b'\n');
    }

    fn number(&mut self) -> String {
        match self.below(6) {
            0 => (u64::MAX >> self.below(64)).to_string(),
            1 => u64::MAX.to_string(),
            2 => i64::MIN.to_string(),
            3 => "9".repeat(self.below(400)),
            4 => format!("{}e{}", self.below(100), self.below(400)),
            _ => self.below(70_000).to_string(),
        }
    }

    fn one_of_the_pool(&mut self) -> &[u8] {
        let at = self.below(self.pool.len());
        &self.pool[at]
    }

    fn one_of_the_pool_from_half(&mut self) -> Vec<u8> {
        let other = self.one_of_the_pool().to_vec();
        let from = self.below(other.len() + 1);
        other[from..].to_vec()
    }

    fn piece(&mut self) -> Vec<u8> {
        let mut piece = self.one_of_the_pool_from_half();
        piece.truncate(self.below(256));
        piece
    }

    fn byte(&mut self) -> u8 {
        u8::try_from(self.below(256)).unwrap_or_default()
    }

    /// A number below another one (splitmix64).
    fn below(&mut self, bound: usize) -> usize {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        usize::try_from(mixed % bound.max(1) as u64).unwrap_or_default()
    }
}

fn insert(input: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    input.splice(at..at, bytes.iter().copied());
}
