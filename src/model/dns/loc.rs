//! LOC (RFC 1876): a place on earth, in the one spelling that its wire format can hold.
//!
//! Degrees, minutes, seconds and the four lengths are read and written without rounding surprises: what has
//! more digits than the wire format is an error of the person, not a silent change.

use super::error::DataError;
use super::token::Tokens;

/// Thousandths of a second of arc in a degree.
const DEGREE: u32 = 3_600_000;
/// The equator and the prime meridian on the wire.
const MIDDLE: u32 = 1 << 31;
/// The altitude that the wire format calls 0, in centimetres.
const BASE: i64 = 10_000_000;

fn bad(reason: impl Into<String>) -> DataError {
    DataError::new(reason).write("write `51 30 12.748 N 0 7 39.611 W 15m`")
}

/// Reads presentation form.
pub(super) fn parse(text: &str) -> Result<Box<str>, DataError> {
    let words: Vec<&str> = Tokens::new(text)
        .map(|token| token.map(|token| token.0))
        .collect::<Result<_, _>>()?;
    let mut words = words.as_slice();
    let latitude = angle(&mut words, 90, ["N", "S"])?;
    let longitude = angle(&mut words, 180, ["E", "W"])?;
    let Some((altitude, rest)) = words.split_first() else {
        return Err(bad("the altitude is missing"));
    };
    let altitude = centimetres(altitude)?;
    if !(-BASE..=4_284_967_295).contains(&altitude) {
        return Err(bad("the altitude is outside -100000.00m to 42849672.95m"));
    }
    // Size and precisions, where left out: RFC 1876, 3.
    let mut sizes = [precision(100)?, precision(1_000_000)?, precision(1_000)?];
    if rest.len() > sizes.len() {
        return Err(bad("more stands there than size and two precisions"));
    }
    for (size, word) in sizes.iter_mut().zip(rest) {
        *size = precision(centimetres(word)?)?;
    }
    Ok(show(latitude, longitude, altitude, sizes))
}

fn angle(words: &mut &[&str], limit: u32, sides: [&str; 2]) -> Result<u32, DataError> {
    let mut parts = [0u32; 3];
    let mut count = 0;
    loop {
        let Some((word, rest)) = words.split_first() else {
            return Err(bad(format!("{} or {} is missing", sides[0], sides[1])));
        };
        *words = rest;
        if let Some(side) = sides
            .iter()
            .position(|side| side.eq_ignore_ascii_case(word))
        {
            if count == 0 {
                return Err(bad("degrees are missing"));
            }
            let value = parts[0] * DEGREE + parts[1] * 60_000 + parts[2];
            if value > limit * DEGREE {
                return Err(bad(format!("an angle is above {limit} degrees")));
            }
            return Ok(if side == 0 {
                MIDDLE + value
            } else {
                MIDDLE - value
            });
        }
        let part = match count {
            0 => whole(word, limit)?,
            1 => whole(word, 59)?,
            2 => thousandths(word)?,
            _ => return Err(bad("an angle has degrees, minutes and seconds")),
        };
        parts[count] = part;
        count += 1;
    }
}

fn whole(word: &str, limit: u32) -> Result<u32, DataError> {
    word.parse()
        .ok()
        .filter(|number| *number <= limit && !word.starts_with('+'))
        .ok_or_else(|| bad(format!("`{word}` is no whole number from 0 to {limit}")))
}

fn thousandths(word: &str) -> Result<u32, DataError> {
    fraction(word, 3)
        .and_then(|value| u32::try_from(value).ok())
        .filter(|value| *value < 60_000)
        .ok_or_else(|| bad(format!("`{word}` is no number of seconds from 0 to 59.999")))
}

fn centimetres(word: &str) -> Result<i64, DataError> {
    let digits = word.strip_suffix(['m', 'M']).unwrap_or(word);
    let (sign, digits) = match digits.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, digits),
    };
    fraction(digits, 2)
        .map(|value| sign * value)
        .ok_or_else(|| {
            bad(format!(
                "`{word}` is no length in metres with at most two decimals"
            ))
        })
}

/// A decimal number times ten to `places`; `None` if it has more places or is too large.
fn fraction(word: &str, places: usize) -> Option<i64> {
    let (whole, part) = word.split_once('.').unwrap_or((word, ""));
    let digits = |text: &str| text.bytes().all(|digit| digit.is_ascii_digit());
    let part = part.trim_end_matches('0');
    if whole.is_empty() || whole.len() > 9 || part.len() > places || !digits(whole) || !digits(part)
    {
        return None;
    }
    format!("{whole}{part:0<places$}").parse().ok()
}

/// A length as its one digit and power of ten.
fn precision(centimetres: i64) -> Result<u8, DataError> {
    let mut digit =
        u64::try_from(centimetres).map_err(|_| bad("a size or precision is not negative"))?;
    let mut power = 0;
    while digit > 9 {
        if digit % 10 != 0 {
            return Err(bad(
                "a size or precision has one digit other than 0, like 0.5m, 20m or 3000m",
            ));
        }
        digit /= 10;
        power += 1;
    }
    if power > 9 {
        return Err(bad("a size or precision is above 90000000m"));
    }
    Ok((digit as u8) << 4 | power)
}

fn show(latitude: u32, longitude: u32, altitude: i64, sizes: [u8; 3]) -> Box<str> {
    let sizes = sizes.map(|size| {
        let power = u32::from(size & 15);
        metres(i64::from(size >> 4) * 10i64.pow(power))
    });
    format!(
        "{} {} {} {}",
        arc(latitude, ["N", "S"]),
        arc(longitude, ["E", "W"]),
        metres(altitude),
        sizes.join(" ")
    )
    .into()
}

fn arc(value: u32, sides: [&str; 2]) -> String {
    let (side, value) = if value >= MIDDLE {
        (sides[0], value - MIDDLE)
    } else {
        (sides[1], MIDDLE - value)
    };
    format!(
        "{} {} {}.{:03} {side}",
        value / DEGREE,
        value / 60_000 % 60,
        value / 1_000 % 60,
        value % 1_000
    )
}

fn metres(centimetres: i64) -> String {
    let sign = if centimetres < 0 { "-" } else { "" };
    let value = centimetres.abs();
    match value % 100 {
        0 => format!("{sign}{}m", value / 100),
        part => format!("{sign}{}.{part:02}m", value / 100),
    }
}

/// Reads wire format; `None` if it is none of version 0.
pub(super) fn from_wire(octets: &[u8]) -> Option<Box<str>> {
    let octets: &[u8; 16] = octets.try_into().ok()?;
    let [version, sizes @ .., _, _, _, _, _, _, _, _, _, _, _, _] = octets;
    let word = |at: usize| {
        let bytes = [octets[at], octets[at + 1], octets[at + 2], octets[at + 3]];
        u32::from_be_bytes(bytes)
    };
    let valid = *version == 0
        && sizes.iter().all(|size| size >> 4 <= 9 && size & 15 <= 9)
        && word(4).abs_diff(MIDDLE) <= 90 * DEGREE
        && word(8).abs_diff(MIDDLE) <= 180 * DEGREE;
    valid.then(|| show(word(4), word(8), i64::from(word(12)) - BASE, *sizes))
}
