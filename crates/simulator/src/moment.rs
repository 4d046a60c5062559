//! The moment at which a request is handled: both clocks, and fresh ids in the shapes that the clouds use.

use crate::scenario::Scenario;
use jiff::Timestamp;
use std::fmt::Write as _;

/// One moment, the same for everything that happens to one request.
pub(crate) struct Moment<'a> {
    /// Real time: signature windows, nonces, rates, tokens.
    pub(crate) real: Timestamp,
    /// Simulated time: the life of instances and orders.
    pub(crate) now: Timestamp,
    /// 16 bytes, different on every call.
    pub(crate) new_id: &'a (dyn Fn() -> [u8; 16] + Send + Sync),
    /// The scenario in force.
    pub(crate) scenario: &'static Scenario,
}

impl Moment<'_> {
    /// 32 lower-case hexadecimal digits, as in Huawei request ids.
    pub(crate) fn hex(&self) -> String {
        hex(&(self.new_id)())
    }

    /// A lower-case UUID, as in Huawei server ids.
    pub(crate) fn uuid(&self) -> String {
        let digits = self.hex();
        let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
        format!("{}-{}-4{}-8{}-{}", part(0, 8), part(8, 12), part(13, 16), part(17, 20), part(20, 32))
    }

    /// An upper-case UUID, as in Alibaba request ids.
    pub(crate) fn upper_uuid(&self) -> String {
        self.uuid().to_ascii_uppercase()
    }

    /// Decimal digits, for order numbers. At most 32.
    pub(crate) fn digits(&self, count: usize) -> String {
        let bytes = (self.new_id)();
        let all: String = bytes
            .iter()
            .flat_map(|byte| [byte / 26 % 10, byte % 10])
            .map(|digit| digit.to_string())
            .collect();
        all.chars().rev().take(count).collect()
    }

    /// Simulated time as `yyyyMMdd`, in UTC, for order numbers.
    pub(crate) fn date_digits(&self) -> String {
        self.now.to_string().chars().take(10).filter(char::is_ascii_digit).collect()
    }
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// `yyyy-MM-ddTHH:mm:ssZ`, the form in which Alibaba writes and reads times.
pub(crate) fn seconds_utc(at: Timestamp) -> String {
    Timestamp::from_second(at.as_second()).unwrap_or(at).to_string()
}

/// The moment this many seconds later; unchanged when that is beyond what a timestamp can hold.
pub(crate) fn later(at: Timestamp, seconds: i64) -> Timestamp {
    at.checked_add(jiff::SignedDuration::from_secs(seconds)).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_the_shapes_of_the_clouds() {
        let moment = Moment {
            real: Timestamp::UNIX_EPOCH,
            now: Timestamp::from_second(1_704_164_645).unwrap(),
            new_id: &|| [0xab; 16],
            scenario: &crate::scenarios()[0],
        };
        assert_eq!(moment.uuid(), "abababab-abab-4bab-8bab-abababababab");
        assert_eq!(moment.upper_uuid(), "ABABABAB-ABAB-4BAB-8BAB-ABABABABABAB");
        assert_eq!(moment.digits(7).len(), 7);
        assert_eq!(moment.date_digits(), "20240102");
        assert_eq!(seconds_utc(moment.now), "2024-01-02T03:04:05Z");
    }
}
