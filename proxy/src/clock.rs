//! Time and ids enter the program here and are passed in everywhere else.

use jiff::Timestamp;
use std::time::Instant;

/// Where real time and randomness come from.
#[derive(Clone, Copy)]
pub struct Sources {
    /// Real time.
    pub now: fn() -> Timestamp,
    /// Time that never goes back and that nobody sets, for what is counted and waited for.
    pub instant: fn() -> Instant,
    /// Fills a buffer with random bytes.
    pub random: fn(&mut [u8]),
}

impl Sources {
    /// The system's clock and random numbers.
    #[must_use]
    pub fn system() -> Self {
        Self { now: Timestamp::now, instant: Instant::now, random: fill }
    }

    /// A new id: prefix, time and 80 random bits in Crockford's base 32, so that ids sort by age.
    #[must_use]
    pub fn id(&self, prefix: &str) -> String {
        let mut bytes = [0_u8; 16];
        (self.random)(&mut bytes[6..]);
        let milliseconds = u64::try_from((self.now)().as_millisecond()).unwrap_or_default();
        bytes[..6].copy_from_slice(&milliseconds.to_be_bytes()[2..]);
        format!("{prefix}{}", base32(&bytes))
    }

    /// 128 random bits in lower-case hexadecimal: a nonce.
    #[must_use]
    pub fn nonce(&self) -> String {
        let mut bytes = [0_u8; 16];
        (self.random)(&mut bytes);
        bytes.iter().fold(String::with_capacity(32), |mut text, byte| {
            use std::fmt::Write;
            let _ = write!(text, "{byte:02x}");
            text
        })
    }
}

fn fill(buffer: &mut [u8]) {
    // Without random numbers nothing can be signed, so there is nothing to go on with.
    #[expect(clippy::expect_used, reason = "a system without random numbers cannot run this program")]
    getrandom::fill(buffer).expect("the system has random numbers");
}

fn base32(bytes: &[u8; 16]) -> String {
    const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let mut value = u128::from_be_bytes(*bytes);
    let mut digits = [b'0'; 26];
    for digit in digits.iter_mut().rev() {
        *digit = ALPHABET[(value & 31) as usize];
        value >>= 5;
    }
    digits.iter().map(|digit| char::from(*digit)).collect()
}

/// RFC 3339 in UTC with milliseconds.
#[must_use]
pub fn rfc3339(at: Timestamp) -> String {
    format!("{at:.3}")
}

/// An instant within a sentence for people: the page writes it on the clock of whoever reads it, and whoever reads the
/// HTTP API gets what all its times are. A minute is as fine as people choose a time, so fractions are left out.
#[must_use]
pub fn in_words(at: Timestamp) -> String {
    format!("{at:.0}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_sort_by_age_and_do_not_repeat() {
        let early = Sources { now: || Timestamp::from_millisecond(1_000).unwrap(), ..Sources::system() };
        let late = Sources { now: || Timestamp::from_millisecond(2_000).unwrap(), ..Sources::system() };
        assert!(early.id("run_") < late.id("run_"));
        assert_ne!(early.id("run_"), early.id("run_"));
        assert_eq!(early.id("run_").len(), 30);
    }

    #[test]
    fn times_are_utc_with_milliseconds() {
        assert_eq!(rfc3339(Timestamp::from_millisecond(1_500).unwrap()), "1970-01-01T00:00:01.500Z");
        assert_eq!(in_words(Timestamp::from_millisecond(1_795_291_440_999).unwrap()), "2026-11-21T20:04:00Z");
    }
}
