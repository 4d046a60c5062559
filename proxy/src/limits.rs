//! How often a person may ask, and how often an API may be called (security.md R12).

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// What a request counts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// Reading the API; also executing a plan that was executed before.
    Read,
    /// Starting a changing call.
    Change,
    /// Previews and choices, which typing asks for.
    Preview,
}

/// Counts in a window that slides. Keys are few: people times classes, and operations.
#[derive(Default)]
pub struct Counter {
    seen: Mutex<HashMap<String, Seen>>,
}

/// What was counted under one key, in a window of its own length.
struct Seen {
    window: Duration,
    times: VecDeque<Instant>,
}

impl Counter {
    /// Counts one, or says how many seconds until one more is allowed.
    ///
    /// # Errors
    /// Whole seconds to wait, at least one.
    pub fn take(&self, key: &str, limit: u32, window: Duration, now: Instant) -> Result<(), u64> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        // Windows that ended are forgotten now and then, so that names do not pile up.
        if seen.len() > 1_024 {
            seen.retain(|_, one| one.times.back().is_some_and(|last| now.duration_since(*last) < one.window));
        }
        let Seen { times, .. } =
            seen.entry(key.to_owned()).or_insert_with(|| Seen { window, times: VecDeque::new() });
        while times.front().is_some_and(|first| now.duration_since(*first) >= window) {
            times.pop_front();
        }
        if times.len() < limit as usize {
            times.push_back(now);
            return Ok(());
        }
        let wait = times.front().map_or(window, |first| window.saturating_sub(now.duration_since(*first)));
        Err(wait.as_secs() + u64::from(wait.subsec_nanos() > 0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_slides() {
        let counter = Counter::default();
        let start = Instant::now();
        let minute = Duration::from_secs(60);
        for second in 0..3 {
            assert_eq!(counter.take("a", 3, minute, start + Duration::from_secs(second)), Ok(()));
        }
        assert_eq!(counter.take("a", 3, minute, start + Duration::from_secs(10)), Err(50));
        assert_eq!(counter.take("b", 3, minute, start + Duration::from_secs(10)), Ok(()));
        assert_eq!(counter.take("a", 3, minute, start + minute), Ok(()));
        assert_eq!(counter.take("a", 3, minute, start + minute), Err(1));
    }

    #[test]
    fn who_counts_in_a_short_window_ends_nobodys_long_one() {
        let counter = Counter::default();
        let start = Instant::now();
        let (second, minute) = (Duration::from_secs(1), Duration::from_secs(60));
        for person in 0..2_000 {
            assert_eq!(counter.take(&format!("person {person}"), 1, minute, start), Ok(()));
        }
        assert_eq!(counter.take("kafka", 2, second, start + 5 * second), Ok(()));
        assert_eq!(counter.take("person 7", 1, minute, start + 6 * second), Err(54));
        // What ended is forgotten, and nothing else.
        assert_eq!(counter.take("kafka", 2, second, start + minute), Ok(()));
        assert_eq!(counter.seen.lock().unwrap().len(), 1);
    }
}
