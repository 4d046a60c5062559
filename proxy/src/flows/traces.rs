//! Whose is what the cloud shows: when what a run's calls made is dated, and which other runs can have made it.

use crate::{
    config::Mode,
    run::{Run, State},
};
use jiff::{SignedDuration, Timestamp};

/// Clocks differ a little: what the cloud dates so much before the call may still be of the call.
const SKEW: SignedDuration = SignedDuration::from_mins(2);
/// A call is answered, or given up, long before this; what is made later is of another call.
const MADE_WITHIN: SignedDuration = SignedDuration::from_mins(15);

/// A span of time, with both its ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Its begin.
    pub from: Timestamp,
    /// Its end.
    pub until: Timestamp,
}

impl Span {
    /// Whether a moment is in it.
    #[must_use]
    pub fn holds(&self, at: Timestamp) -> bool {
        (self.from..=self.until).contains(&at)
    }
}

/// When the run's call was sent, each time, oldest first.
fn sendings(run: &Run) -> Vec<Timestamp> {
    let first = run.sent_at.unwrap_or(run.created_at);
    let mut sendings = vec![first];
    sendings.extend(&run.resent_at);
    // Runs of before resends were kept have them in the timeline, whose clock is a live cloud's, too.
    if run.mode == Mode::Live {
        let sent = run.timeline.iter().filter(|event| event.state == State::Sent).map(|event| event.at);
        sendings.extend(sent.skip(sendings.len()));
    }
    sendings.sort();
    sendings
}

/// The spans in which the cloud dates what the run's calls made, oldest first; those that meet are one.
#[must_use]
pub fn spans(run: &Run) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    for sent in sendings(run) {
        let span = Span { from: sent - SKEW, until: sent + MADE_WITHIN };
        match spans.last_mut().filter(|last| last.holds(span.from)) {
            Some(last) => last.until = span.until,
            None => spans.push(span),
        }
    }
    spans
}

/// What the cloud dates at or after this can be of the run.
#[must_use]
pub fn since(run: &Run) -> Timestamp {
    run.sent_at.unwrap_or(run.created_at) - SKEW
}

/// What the cloud dates at or after this can be of the call that was sent last.
#[must_use]
pub fn since_last(run: &Run) -> Timestamp {
    sendings(run).last().map_or_else(|| since(run), |last| *last - SKEW)
}

/// Whether a run of which no order is known, and not what came of it, was sent when something was made.
#[must_use]
pub fn may_have_made(run: &Run, made: Option<Timestamp>) -> bool {
    let open = matches!(run.state, State::Sent | State::Unknown) && run.order_id.is_none();
    // A time that cannot be read rules nothing out.
    open && made.is_none_or(|made| spans(run).iter().any(|span| span.holds(made)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::{Event, testing::run};

    fn at(minutes: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minutes)
    }

    #[test]
    fn each_sending_has_a_span_and_what_lies_between_them_is_of_others() {
        let sent = Run { sent_at: Some(at(0)), resent_at: vec![at(10), at(600)], ..run() };
        let spans = spans(&sent);
        assert_eq!(
            spans,
            [Span { from: at(-2), until: at(25) }, Span { from: at(598), until: at(615) }],
            "the first two meet"
        );
        assert!(!spans.iter().any(|span| span.holds(at(300))));
        assert_eq!((since(&sent), since_last(&sent)), (at(-2), at(598)));
    }

    #[test]
    fn resends_of_before_they_were_kept_are_in_the_timeline() {
        let event = |minutes| Event {
            at: at(minutes),
            state: State::Sent,
            detail: crate::error::text("", ""),
            source: crate::run::Source::Console,
            answer: None,
        };
        let old = Run { mode: Mode::Live, timeline: vec![event(0), event(600)], ..run() };
        assert_eq!(since_last(&old), at(598));
        // A simulated cloud may have been moved meanwhile.
        assert_eq!(since_last(&Run { mode: Mode::Simulated, ..old }), at(-2));
    }

    #[test]
    fn only_a_run_whose_outcome_is_open_may_have_made_something_and_only_then() {
        let lost = || Run { state: State::Unknown, ..run() };
        assert!(may_have_made(&lost(), Some(at(3))) && may_have_made(&lost(), None));
        assert!(!may_have_made(&lost(), Some(at(16))));
        assert!(may_have_made(&Run { state: State::Sent, ..run() }, Some(at(3))), "its answer is on the way");
        assert!(!may_have_made(&Run { order_id: Some("1".to_owned()), ..lost() }, Some(at(3))));
        assert!(!may_have_made(&Run { state: State::Refused, ..run() }, Some(at(3))));
    }
}
