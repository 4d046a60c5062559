//! Carries a run from the confirmed intent to the state in which the cloud's answer leaves it. In a task of its own,
//! so that it ends whether or not the browser waits (security.md R5).

use crate::{
    answer::{self, Answer, Refusal, Verdict},
    error::text,
    flows::{self, Draft, Sight, Standing},
    following,
    plan::{Plan, Secrets, with_masks, with_secrets},
    profile::{Profile, ProfileError},
    run::{Failure, Known, Run, Source, State, Step},
    state::App,
    store::{Begin, StoreError},
    upstream::{Trouble, Unreachable},
};
use catalog::{Operation, Text};
use jiff::Timestamp;
use std::{sync::Arc, time::Duration};

/// How long to wait before the store is tried again: at first, and at last.
const SHORTEST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Whether a call is made for the first time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sending {
    /// Nothing of the run was sent before.
    First,
    /// A person had it sent again, with the same token: what comes of it does not tell what came of the first.
    Again,
}

/// Records the intent and starts the run, in a task of its own: a client that goes away meanwhile must not leave a run
/// that nobody drives.
///
/// # Errors
/// When the intent cannot be kept; then nothing is sent.
pub async fn begin(app: &Arc<App>, plan: Plan, run: Run, secrets: Secrets) -> Result<Begin, StoreError> {
    let app = Arc::clone(app);
    let begun = tokio::spawn(async move {
        let begun = app.store.begin(run).await;
        if let Ok(Begin::Created(run)) = &begun {
            if let Some(undoes) = &run.undoes {
                app.changes.announce(&undoes.run);
            }
            start(&app, plan, run.clone(), secrets, Sending::First);
        }
        begun
    });
    begun.await.unwrap_or(Err(StoreError::Other))
}

/// Sets an unknown run back and has its call sent again, in a task of its own. `None`: it is not unknown any more, so
/// that of several at once one is sent.
///
/// # Errors
/// When the intent cannot be kept; then nothing is sent.
pub async fn send_again(
    app: &Arc<App>,
    plan: Plan,
    step: Step,
    run: String,
    secrets: Secrets,
) -> Result<Option<Run>, StoreError> {
    let app = Arc::clone(app);
    let begun = tokio::spawn(async move {
        let moved = app.store.step(&run, Some(State::Unknown), step, (app.sources.now)()).await?;
        if let Some(run) = &moved {
            following::announce(&app, run);
            start(&app, plan, run.clone(), secrets, Sending::Again);
        }
        Ok(moved)
    });
    begun.await.unwrap_or(Err(StoreError::Other))
}

/// Starts a run that the store has just begun, or has just set back for a resend.
fn start(app: &Arc<App>, plan: Plan, run: Run, secrets: Secrets, sending: Sending) {
    let app = Arc::clone(app);
    let under_way = app.under_way.begin();
    tokio::spawn(async move {
        // Held until the run has its state, so that a stop waits for it.
        let _under_way = under_way;
        // A panic in there must not leave a run that looks as if it were still going.
        let id = run.id.clone();
        let worker = tokio::spawn(execute(Arc::clone(&app), plan, run, secrets, sending));
        if worker.await.is_err() {
            tracing::error!(run = id, "the run's task failed");
            let words = text(
                "This console failed while the call was under way. Whether the cloud acted is not known.",
                "控制台在调用过程中出错，云端是否已执行尚不可知。",
            );
            keep(&app, &id, Step { failure: Some(Failure::Cut), ..Step::to(State::Unknown, words) }).await;
        }
    });
}

async fn execute(app: Arc<App>, plan: Plan, run: Run, secrets: Secrets, sending: Sending) {
    let (Some(operation), Some(profile)) = (app.catalogue.get(&plan.operation), app.profile(&plan.profile))
    else {
        let words = text(
            "Nothing was sent: the operation or the profile is no longer there.",
            "没有发送：操作或账号配置已不存在。",
        );
        keep(&app, &run.id, after(sending, Step::to(State::NotSent, words))).await;
        return;
    };
    let step = call(&app, operation, profile, &plan, &run, &secrets).await;
    if keep(&app, &run.id, after(sending, step)).await {
        // Ends at once when there is nothing to follow.
        following::start(&app, &run.id, false);
    }
}

/// A resend that was refused, or did not leave, says nothing of the call before it.
fn after(sending: Sending, step: Step) -> Step {
    if sending == Sending::First || !matches!(step.state, State::Refused | State::NotSent) {
        return step;
    }
    let detail = text(
        format!(
            "The resend changed nothing: {} Whether the first call acted is still not known.",
            step.detail.en
        ),
        format!("重新发送没有产生变更：{}首次调用是否已执行仍不可知。", step.detail.zh),
    );
    Step { state: State::Unknown, detail, ..step }
}

async fn call(
    app: &Arc<App>,
    operation: &Operation,
    profile: &Profile,
    plan: &Plan,
    run: &Run,
    secrets: &Secrets,
) -> Step {
    let parameters = with_secrets(&plan.parameters, secrets);
    let request = match profile.request(operation, &parameters).await {
        Ok(request) => request,
        Err(error) => return not_prepared(&error),
    };
    let Ok(_place) = profile.places.acquire().await else {
        let words = text("Nothing was sent: the console is stopping.", "没有发送：控制台正在停止。");
        return Step::to(State::NotSent, words);
    };
    let host = request.origin.authority.clone();
    let bytes = request.target.len() + request.body.len();
    let sent = async {
        let words = text(
            format!("{} to {host}, {bytes} bytes.", request.method),
            format!("{} 请求已发往 {host}，{bytes} 字节。", request.method),
        );
        let known = Known { sent_at: Some(profile.now()), ..Known::default() };
        let step = Step { known, ..Step::to(State::Sent, words) };
        // Only what is still merely confirmed is sent.
        record(app, &run.id, Some(State::Confirmed), step).await.unwrap_or(false)
    };
    let outcome = profile.upstream.change(&request, sent).await;
    let mut redactor = profile.redactor(&request);
    redactor.hide_all(secrets.values());
    match outcome {
        Err(trouble) => failed(trouble),
        Ok(raw) => {
            let flow = flows::of(operation);
            let (answer, verdict) =
                answer::read(&raw, operation, flow.empty_body(), &redactor, profile.now());
            // The next call logs in anew; this one is not sent a second time.
            profile.hears(&request, &answer, verdict).await;
            let masked = with_masks(&plan.parameters, secrets.keys());
            let draft = Draft {
                operation,
                parameters: &masked,
                now: profile.now(),
                confirming: false,
                current: &plan.current,
            };
            answered(answer, verdict, draft.now, |answer| flow.accepted(&draft, answer))
        }
    }
}

/// Appends a step; says whether there is such a run, in the state `from`.
async fn record(app: &Arc<App>, run: &str, from: Option<State>, step: Step) -> Result<bool, StoreError> {
    let state = step.state;
    match app.store.step(run, from, step, (app.sources.now)()).await {
        Ok(Some(updated)) => {
            tracing::info!(run, state = state.as_str(), operation = updated.operation, mode = ?updated.mode, "run");
            following::announce(app, &updated);
            Ok(true)
        }
        Ok(None) => {
            tracing::error!(run, "the run is not in the store, or has moved on");
            Ok(false)
        }
        Err(error) => {
            tracing::error!(run, %error, "the run's step cannot be recorded");
            Err(error)
        }
    }
}

/// Appends what came of a call, however long the store takes to be there again: nobody else knows it. A stop ends the
/// wait; the next start then finds a run that was sent, and does not know what came of it.
async fn keep(app: &Arc<App>, run: &str, step: Step) -> bool {
    let mut pause = SHORTEST_PAUSE;
    loop {
        match record(app, run, None, step.clone()).await {
            Ok(recorded) => return recorded,
            Err(_) if app.is_stopping() => return false,
            Err(_) => tokio::time::sleep(pause).await,
        }
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

fn not_prepared(error: &ProfileError) -> Step {
    use crate::iam::IamError;
    let failure = match error {
        ProfileError::Iam(IamError::Refused(_)) => Some(Failure::Credentials),
        ProfileError::Iam(IamError::Throttled) => Some(Failure::Throttled),
        ProfileError::Iam(IamError::Unreachable(_) | IamError::Failed(_)) => Some(Failure::Unreachable),
        // It was not for the cloud.
        _ => None,
    };
    let why = error.words();
    let words = text(format!("Nothing was sent: {}.", why.en), format!("没有发送：{}。", why.zh));
    Step { failure, ..Step::to(State::NotSent, words) }
}

fn failed(trouble: Trouble) -> Step {
    let (state, failure, words) = match trouble {
        Trouble::Unreachable(why) => (State::NotSent, Some(Failure::Unreachable), unreachable(why)),
        Trouble::ClosedBeforeSending => (
            State::NotSent,
            Some(Failure::Unreachable),
            text("Nothing was sent: the connection closed first.", "没有发送：连接提前关闭。"),
        ),
        Trouble::Withheld => (
            State::NotSent,
            None,
            text(
                "Nothing was sent: the console could not write into its record that it was about to.",
                "没有发送：控制台无法在记录中写明即将发送。",
            ),
        ),
        Trouble::Cut => (
            State::Unknown,
            Some(Failure::Cut),
            text(
                "The request was sent, then the connection ended without an answer. Whether the cloud acted is not known.",
                "请求已发出，但连接中断，没有收到响应。云端是否已执行尚不可知。",
            ),
        ),
        Trouble::TimedOut => (
            State::Unknown,
            Some(Failure::Timeout),
            text(
                "The request was sent and no answer came in time. Whether the cloud acted is not known.",
                "请求已发出，但超时未收到响应。云端是否已执行尚不可知。",
            ),
        ),
        Trouble::TooLarge | Trouble::Unreadable => (
            State::Unknown,
            Some(Failure::Unreadable),
            text(
                "The request was sent and the answer cannot be read. Whether the cloud acted is not known.",
                "请求已发出，但响应无法读取。云端是否已执行尚不可知。",
            ),
        ),
    };
    Step { failure, ..Step::to(state, words) }
}

fn unreachable(why: Unreachable) -> Text {
    match why {
        Unreachable::Name => {
            text("Nothing was sent: the cloud's name does not resolve.", "没有发送：云端域名无法解析。")
        }
        Unreachable::ForbiddenAddress => text(
            "Nothing was sent: the cloud's name points to an address that this profile may not reach.",
            "没有发送：云端域名指向该账号配置不允许访问的地址。",
        ),
        Unreachable::Connect => {
            text("Nothing was sent: the cloud refused the connection.", "没有发送：云端拒绝连接。")
        }
        Unreachable::Timeout => text("Nothing was sent: no connection in time.", "没有发送：连接超时。"),
        Unreachable::Tls => {
            text("Nothing was sent: the cloud's certificate is not valid.", "没有发送：云端证书无效。")
        }
    }
}

fn answered(
    answer: Answer,
    verdict: Verdict,
    now: Timestamp,
    accepted: impl FnOnce(&Answer) -> Sight,
) -> Step {
    let status = answer.status;
    let code = answer.code.clone().unwrap_or_default();
    let mut known = Known::default();
    let (state, failure, detail) = match verdict {
        Verdict::Accepted => {
            let sight = accepted(&answer);
            let state = match sight.standing {
                Standing::Going(state) | Standing::Ended(state) => state,
                Standing::Unclear => State::Accepted,
            };
            known = Known {
                order_id: sight.order_id,
                scheduled_for: sight.scheduled_for,
                followed_since: Some(now),
                facts: sight.facts,
                ..Known::default()
            };
            (state, None, sight.detail)
        }
        Verdict::Refused(kind) => {
            let failure = match kind {
                Refusal::Business => Failure::Refused,
                Refusal::Credentials => Failure::Credentials,
                Refusal::Throttled => Failure::Throttled,
            };
            let words = text(
                format!("HTTP {status} {code}. The cloud said no; nothing changed."),
                format!("HTTP {status} {code}。云端拒绝了请求，没有任何变更。"),
            );
            (State::Refused, Some(failure), words)
        }
        Verdict::ServerError => (
            State::Unknown,
            Some(Failure::ServerError),
            text(
                format!(
                    "HTTP {status} {code}. The cloud failed while it worked on the request; whether it acted is not known."
                ),
                format!("HTTP {status} {code}。云端处理请求时出错，是否已执行尚不可知。"),
            ),
        ),
        Verdict::Unreadable => (
            State::Unknown,
            Some(Failure::Unreadable),
            text(
                format!(
                    "HTTP {status}, with an answer that is none of this API's. Whether the cloud acted is not known."
                ),
                format!("HTTP {status}，响应不是该接口的格式。云端是否已执行尚不可知。"),
            ),
        ),
    };
    Step { source: Source::Cloud, failure, answer: Some(answer), known, ..Step::to(state, detail) }
}
