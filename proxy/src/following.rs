//! Follows accepted runs to their end: looks at the cloud at the product's pace, on the cloud's clock, until the run
//! ends or its time is up. A check is one such look, asked for by a person.

use crate::{
    asking::AskError,
    error::text,
    flows::{self, Inquiry, Look, Sight, Standing},
    plan::with_masks,
    run::{Brief, Failure, Known, Run, Source, State, Step},
    state::App,
    store::{RunFilter, StoreError},
};
use catalog::Text;
use jiff::{SignedDuration, Timestamp};
use std::{sync::Arc, time::Duration};

/// So many other runs are read at a time for what a lost call may have made, and so many times at most.
const SIBLINGS: usize = 100;
const SIBLING_PAGES: usize = 10;
/// A run that was confirmed so long before has been sent, and what it made is dated, well before this one's.
const BESIDE: SignedDuration = SignedDuration::from_hours(1);
/// How long to wait when the store cannot be read.
const STORE_PAUSE: Duration = Duration::from_secs(5);

/// Why the cloud is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The server follows the run: only what is new is told.
    Following,
    /// A person asked: what was seen is told, new or not.
    Check,
}

/// Follows every run that was being followed when the server stopped.
pub async fn resume(app: &Arc<App>) {
    for state in [State::Accepted, State::InProgress, State::Scheduled, State::AwaitingPayment] {
        let filter = RunFilter { state: Some(state), limit: usize::MAX >> 1, ..RunFilter::default() };
        match app.store.runs(&filter).await {
            Ok(runs) => {
                runs.iter().filter(|run| run.is_following()).for_each(|run| start(app, &run.id, true))
            }
            Err(error) => tracing::error!(%error, "runs that were open cannot be read"),
        }
    }
}

/// Follows a run, if nobody does; `at_once` when it was not looked at for a while.
pub fn start(app: &Arc<App>, run: &str, at_once: bool) {
    if !app.followers.claim(run) {
        return;
    }
    let (app, run) = (Arc::clone(app), run.to_owned());
    tokio::spawn(async move {
        let claim = Claim { app: &app, run: &run };
        let can_go_on = follow(&app, &run, at_once).await;
        drop(claim);
        // It may have been taken up again between the last look and the release.
        if can_go_on
            && let Ok(Some(again)) = app.store.run(&run).await
            && again.is_following()
        {
            start(&app, &run, false);
        }
    });
}

/// The task that follows a run; given back also when the task fails.
struct Claim<'a> {
    app: &'a App,
    run: &'a str,
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        self.app.followers.release(self.run);
    }
}

/// Returns whether the run could be followed if it were open again; not when what it needs is gone.
async fn follow(app: &Arc<App>, id: &str, at_once: bool) -> bool {
    let mut next = at_once.then_some(SignedDuration::ZERO);
    let mut looks = 0_u32;
    let mut state = None;
    let mut moves = None;
    loop {
        let run = match app.store.run(id).await {
            Ok(Some(run)) if run.is_following() => run,
            Ok(_) => return true,
            Err(_) => {
                tokio::time::sleep(STORE_PAUSE).await;
                continue;
            }
        };
        let (Some(operation), Some(profile)) = (app.catalogue.get(&run.operation), app.profile(&run.profile))
        else {
            tracing::warn!(run = id, "its operation or profile is no longer there; it is not followed");
            return false;
        };
        let Some(pace) = flows::of(operation).pace(run.state) else { return false };
        // The first wait counts from the call, so that a clock that was moved since then is not waited for again.
        let from = if state.is_none() { run.followed_since } else { None };
        if state != Some(run.state) {
            (state, looks) = (Some(run.state), 0);
        }
        if moves.is_none() {
            moves = profile.moves();
        }
        let wait = next.take().unwrap_or_else(|| pace.wait(looks));
        profile.wait(&mut moves, from.unwrap_or_else(|| profile.now()) + wait).await;
        looks += 1;
        match look(app, id, Purpose::Following).await {
            Ok(seen) => next = seen,
            Err(_) => tokio::time::sleep(STORE_PAUSE).await,
        }
    }
}

/// Looks at the cloud once and moves the run on; says when the product wants to look again.
///
/// # Errors
/// When the store cannot be read or written.
pub async fn look(app: &Arc<App>, id: &str, purpose: Purpose) -> Result<Option<SignedDuration>, StoreError> {
    let _turn = app.looking.turn(id).await;
    let Some(run) = app.store.run(id).await? else { return Ok(None) };
    // While a call is under way, its answer decides.
    let under_way = matches!(run.state, State::Confirmed | State::Sent);
    let wanted = run.is_following() || (purpose == Purpose::Check && !run.is_over() && !under_way);
    let Some(plan) = app.store.plan(&run.plan).await?.filter(|_| wanted) else { return Ok(None) };
    let (Some(operation), Some(profile)) = (app.catalogue.get(&run.operation), app.profile(&run.profile))
    else {
        return Ok(None);
    };
    let flow = flows::of(operation);
    let masked = with_masks(&plan.parameters, plan.secret_hashes.keys());
    let siblings = if run.state == State::Unknown { siblings(app, &run).await? } else { Vec::new() };
    let look = Look { inquiry: Inquiry::new(profile, operation, &masked), run: &run, plan: &plan, siblings };
    let outcome = flow.look(&look).await;
    let (now, brief) = (look.now(), look.inquiry.heard());
    let next = outcome.as_ref().ok().and_then(|sight| sight.next);
    let budget = |state| flow.pace(state).map(|pace| pace.budget);
    let what = judge(&run, outcome, brief, now, purpose, budget);
    let at = (app.sources.now)();
    match what {
        Told::Nothing(known) => {
            app.store.learn(id, *known, at).await?;
        }
        Told::Step(step) => {
            if let Some(moved) = app.store.step(id, Some(run.state), *step, at).await? {
                tracing::info!(run = id, state = moved.state.as_str(), "run");
                announce(app, &moved);
                if moved.is_following() {
                    start(app, id, false);
                }
            }
        }
    }
    Ok(next)
}

/// Other runs that can have made what is found: those since shortly before the run, and those of its instance.
async fn siblings(app: &App, run: &Run) -> Result<Vec<Run>, StoreError> {
    let mut filter = RunFilter {
        operation: Some(run.operation.clone()),
        mode: Some(run.mode),
        limit: SIBLINGS,
        ..RunFilter::default()
    };
    let of_instance = RunFilter { instance: Some(run.instance.clone()), ..filter.clone() };
    let mut found = app.store.runs(&of_instance).await?;
    for _ in 0..SIBLING_PAGES {
        let page = app.store.runs(&filter).await?;
        let oldest = page.last().filter(|_| page.len() == SIBLINGS);
        filter.before =
            oldest.filter(|last| last.created_at > run.created_at - BESIDE).map(|last| last.id.clone());
        found.extend(page.into_iter().filter(|other| other.instance != run.instance));
        if filter.before.is_none() {
            break;
        }
    }
    // Another profile may be the same account.
    let near = |other: &Run| {
        other.profile == run.profile
            || other.realm == run.realm
            || other.realm.is_none()
            || run.realm.is_none()
    };
    found.retain(|other| other.id != run.id && near(other));
    Ok(found)
}

/// Tells open pages that a run moved on, and with it the one that it takes back.
pub fn announce(app: &App, run: &Run) {
    app.changes.announce(&run.id);
    if let Some(undoes) = &run.undoes {
        app.changes.announce(&undoes.run);
    }
}

/// What a look leads to.
enum Told {
    /// An entry of the timeline.
    Step(Box<Step>),
    /// Nothing new, but worth keeping.
    Nothing(Box<Known>),
}

fn judge(
    run: &Run,
    outcome: Result<Sight, AskError>,
    brief: Option<Brief>,
    now: Timestamp,
    purpose: Purpose,
    budget: impl Fn(State) -> Option<SignedDuration>,
) -> Told {
    let asked = purpose == Purpose::Check;
    let answered = outcome.is_ok();
    let (standing, detail, mut known) = match outcome {
        Ok(sight) => {
            let known = Known {
                order_id: sight.order_id,
                scheduled_for: sight.scheduled_for,
                last_seen: Some(sight.detail.clone()),
                facts: sight.facts,
                ..Known::default()
            };
            (sight.standing, sight.detail, known)
        }
        Err(error) => {
            let why = error.words();
            let detail =
                text(format!("Nothing could be seen: {}.", why.en), format!("无法查看：{}。", why.zh));
            (Standing::Unclear, detail, Known::default())
        }
    };
    let step = |state: State, detail: Text, known: Known| {
        let source = if answered { Source::Cloud } else { Source::Console };
        Told::Step(Box::new(Step { source, brief: brief.clone(), known, ..Step::to(state, detail) }))
    };
    match standing {
        Standing::Ended(state) => step(state, detail, known),
        Standing::Going(state) if run.state == State::Unknown => {
            known.followed_since = Some(now);
            step(state, detail, known)
        }
        Standing::Unclear if run.state == State::Unknown => {
            known.checked = answered;
            step(State::Unknown, detail, known)
        }
        Standing::Going(_) | Standing::Unclear => {
            let state = if let Standing::Going(state) = standing { state } else { run.state };
            // The days that a person takes to pay are not the product's.
            if run.state == State::AwaitingPayment && state != run.state {
                known.followed_since = Some(now);
            }
            let followed = known.followed_since.or(run.followed_since);
            let since = known.scheduled_for.max(run.scheduled_for).max(followed);
            let over = purpose == Purpose::Following
                && since
                    .zip(budget(state))
                    // Beyond the end of time nothing is over.
                    .and_then(|(since, budget)| since.checked_add(budget).ok())
                    .is_some_and(|until| now > until);
            if over {
                return give_up(&detail, known);
            }
            let told = run.timeline.last().is_some_and(|last| last.state == state && last.detail == detail);
            let new = answered && !told && standing != Standing::Unclear;
            if asked || state != run.state || new {
                step(state, detail, known)
            } else {
                Told::Nothing(Box::new(known))
            }
        }
    }
}

fn give_up(seen: &Text, known: Known) -> Told {
    let detail = text(
        format!("Its end was not seen in the time that it should take. Last seen: {}", seen.en),
        format!("在预期时间内没有看到结束。最后看到：{}", seen.zh),
    );
    Told::Step(Box::new(Step { failure: Some(Failure::GivenUp), known, ..Step::to(State::Unknown, detail) }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::testing::run;

    const HOUR: SignedDuration = SignedDuration::from_hours(1);

    fn at(minutes: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minutes)
    }

    fn words(said: &str) -> Text {
        text(said, said)
    }

    fn told(run: &Run, sight: Result<Sight, AskError>, minute: i64, purpose: Purpose) -> Option<Step> {
        match judge(run, sight, None, at(minute), purpose, |_| Some(HOUR)) {
            Told::Step(step) => Some(*step),
            Told::Nothing(_) => None,
        }
    }

    fn lost() -> Result<Sight, AskError> {
        Err(AskError::Impossible("x".to_owned()))
    }

    #[test]
    fn only_what_is_new_is_told_while_following_and_everything_in_a_check() {
        let mut run = run();
        let going = || Ok(Sight::going(State::InProgress, words("half")));
        let step = told(&run, going(), 1, Purpose::Following).unwrap();
        assert_eq!(step.state, State::InProgress);
        run.apply(step, at(1));
        assert!(told(&run, going(), 2, Purpose::Following).is_none());
        assert!(told(&run, going(), 2, Purpose::Check).is_some());
        assert!(told(&run, lost(), 2, Purpose::Following).is_none());
    }

    #[test]
    fn following_gives_up_when_the_time_is_over_and_says_what_was_last_seen() {
        let run = run();
        let going = || Ok(Sight::going(State::Accepted, words("not begun")));
        assert_ne!(told(&run, going(), 60, Purpose::Following).map(|step| step.state), Some(State::Unknown));
        let step = told(&run, going(), 61, Purpose::Following).unwrap();
        assert_eq!((step.state, step.failure), (State::Unknown, Some(Failure::GivenUp)));
        assert!(step.detail.en.contains("not begun"), "{}", step.detail.en);
        // The end is believed however late it is seen; a check does not give up.
        let ended = Ok(Sight::ended(State::Succeeded, words("done")));
        assert_eq!(told(&run, ended, 600, Purpose::Following).unwrap().state, State::Succeeded);
        assert_eq!(told(&run, going(), 600, Purpose::Check).unwrap().state, State::Accepted);
    }

    #[test]
    fn the_time_of_a_schedule_does_not_count() {
        let run = Run { state: State::Scheduled, scheduled_for: Some(at(24 * 60)), ..run() };
        let going = || Ok(Sight::going(State::Scheduled, words("scheduled")));
        let state = |minute| told(&run, going(), minute, Purpose::Following).map(|step| step.state);
        assert_ne!(state(24 * 60 + 60), Some(State::Unknown));
        assert_eq!(state(24 * 60 + 61), Some(State::Unknown));
    }

    #[test]
    fn the_time_that_a_person_takes_to_pay_does_not_count() {
        let mut run = Run { state: State::AwaitingPayment, ..run() };
        let going = || Ok(Sight::going(State::InProgress, words("paid")));
        let step = told(&run, going(), 600, Purpose::Following).unwrap();
        assert_eq!((step.state, step.known.followed_since), (State::InProgress, Some(at(600))));
        run.apply(step, at(600));
        assert!(told(&run, going(), 659, Purpose::Following).is_none());
        assert_eq!(told(&run, going(), 661, Purpose::Following).unwrap().state, State::Unknown);
    }

    #[test]
    fn a_check_of_an_unknown_run_counts_only_when_it_was_answered() {
        let run = Run { state: State::Unknown, ..run() };
        let no_trace = Ok(Sight::unclear(words("no trace")));
        let step = told(&run, no_trace, 1, Purpose::Check).unwrap();
        assert_eq!((step.state, step.known.checked), (State::Unknown, true));
        let step = told(&run, lost(), 1, Purpose::Check).unwrap();
        assert_eq!((step.state, step.known.checked), (State::Unknown, false));
        let step =
            told(&run, Ok(Sight::going(State::InProgress, words("it goes"))), 9, Purpose::Check).unwrap();
        assert_eq!((step.state, step.known.followed_since), (State::InProgress, Some(at(9))));
    }
}
