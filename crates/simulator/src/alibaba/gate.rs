//! What the gateway remembers on real time: used nonces, and how often each operation of Kafka was called.

use crate::moment::later;
use jiff::{SignedDuration, Timestamp};
use std::collections::{HashMap, VecDeque};

/// A date may be this far from real time, and a nonce is remembered this long after its date (signing.md section 2).
pub(super) const WINDOW: SignedDuration = SignedDuration::from_mins(15);
/// How often nonces that can be used again are removed.
const SWEEP_SECONDS: i64 = 60;
/// Kafka: calls of one operation per user within one second. The documents state the limit API by API (apis.md
/// section 5).
const KAFKA_CALLS_PER_SECOND: usize = 2;

/// What the gateway remembers on real time.
#[derive(Default)]
pub(crate) struct Gate {
    /// Access key and nonce, until when the nonce cannot be used again.
    nonces: HashMap<(&'static str, String), Timestamp>,
    /// When nonces that can be used again were last removed.
    swept: Option<Timestamp>,
    /// Access key and operation, when Kafka was called so within the last second.
    kafka_calls: HashMap<(&'static str, &'static str), VecDeque<Timestamp>>,
}

impl Gate {
    /// Whether the nonce was new; it is used from now on.
    pub(super) fn use_nonce(
        &mut self,
        access_key: &'static str,
        nonce: &str,
        date: Timestamp,
        real: Timestamp,
    ) -> bool {
        // Once a minute, because under load there are many and looking through all of them takes time.
        if self.swept.is_none_or(|swept| later(swept, SWEEP_SECONDS) <= real) {
            self.nonces.retain(|_, until| *until > real);
            self.swept = Some(real);
        }
        let until = real.max(date).checked_add(WINDOW).unwrap_or(real);
        let before = self.nonces.insert((access_key, nonce.to_owned()), until);
        before.is_none_or(|before| before <= real)
    }

    /// `None` when the call is within the rate, else the milliseconds to wait.
    pub(super) fn kafka_wait(
        &mut self,
        access_key: &'static str,
        operation: &'static str,
        real: Timestamp,
    ) -> Option<i64> {
        let calls = self.kafka_calls.entry((access_key, operation)).or_default();
        while calls.front().is_some_and(|first| later(*first, 1) <= real) {
            calls.pop_front();
        }
        if calls.len() < KAFKA_CALLS_PER_SECOND {
            calls.push_back(real);
            return None;
        }
        let free_at = calls.front().map_or(real, |first| later(*first, 1));
        Some((free_at.as_millisecond() - real.as_millisecond()).max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nonces_are_used_once_and_forgotten_after_the_window() {
        let start = Timestamp::from_second(1_704_164_645).unwrap();
        let mut gate = Gate::default();
        assert!(gate.use_nonce("ak", "n", start, start));
        assert!(gate.use_nonce("other", "n", start, start));
        let almost = later(start, 899);
        assert!(!gate.use_nonce("ak", "n", start, almost));
        let end = later(start, 1800);
        assert!(gate.use_nonce("ak", "n", end, end));
        assert_eq!(gate.nonces.len(), 1);
    }
}
