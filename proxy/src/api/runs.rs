//! Runs: started, read, followed.

use super::{
    dto::{EventView, List, RunBody, RunView},
    plans,
};
use crate::{
    body::Strict,
    error::{FieldError, Problem, text},
    flows::{self, Draft},
    guard::{self, User},
    language::Reader,
    limits::Class,
    plan::{Plan, with_masks},
    run::{Event, Run, State as RunState},
    runner,
    state::App,
    store::{Begin, RunFilter},
};
use axum::{
    Extension, Json,
    extract::{Path, Query, State},
    response::{
        IntoResponse, Response,
        sse::{Event as ServerSentEvent, KeepAlive, Sse},
    },
};
use catalog::{Role, model::Language};
use futures_util::stream;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use std::{
    convert::Infallible,
    sync::Arc,
    time::{Duration, Instant},
};
use subtle::ConstantTimeEq;

/// Confirms a plan: starts its run, at once and once.
#[utoipa::path(post, path = "/api/plans/{id}/runs", params(("id" = String, Path)), request_body = RunBody,
    responses((status = 201, body = RunView), (status = 200, body = RunView, description = "The plan has run before"),
        (status = 400, body = super::dto::ProblemView), (status = 404, body = super::dto::ProblemView),
        (status = 409, body = super::dto::ProblemView), (status = 410, body = super::dto::ProblemView),
        (status = 429, body = super::dto::ProblemView), (status = 503, body = super::dto::ProblemView)))]
pub(super) async fn create(
    State(app): State<Arc<App>>,
    Extension(user): Extension<User>,
    Path(id): Path<String>,
    Reader(language): Reader,
    Strict(body): Strict<RunBody>,
) -> Result<Response, Problem> {
    let confirmed = confirm(&app, &user, &id, language, body).await;
    // What started no call was a look at the plan, so that guessing hashes and secrets has an end.
    if confirmed.as_ref().is_err_and(|problem| problem.status != StatusCode::TOO_MANY_REQUESTS) {
        guard::count(&app, Class::Read, &user.0)?;
    }
    confirmed
}

async fn confirm(
    app: &Arc<App>,
    user: &User,
    id: &str,
    language: Language,
    body: RunBody,
) -> Result<Response, Problem> {
    let plan = plans::find(app, id).await?;
    if !bool::from(plan.payload_hash.as_bytes().ct_eq(body.payload_hash.as_bytes())) {
        return Err(Problem::conflict(
            "payload_mismatch",
            text("This is not the plan that was reviewed", "与复核的计划不一致"),
            text(
                "The confirmation names another payload. Open the plan and review it again.",
                "确认的内容与计划不一致，请重新打开计划复核。",
            ),
        ));
    }
    // One confirmation of a plan at a time: of a hundred at once, one starts the run and the others find it.
    let _turn = app.confirming.turn(id).await;
    if let Some(run) = app.store.run_of_plan(id).await.map_err(|_| Problem::store_unavailable())? {
        guard::count(app, Class::Read, &user.0)?;
        return Ok((StatusCode::OK, Json(RunView::new(&run, language))).into_response());
    }
    check_plan(app, &plan)?;
    check_confirmation(&plan, &body)?;
    plans::check_secrets(app, &plan, &body.secrets)?;
    let operation = app.catalogue.public(&plan.operation).ok_or_else(Problem::unknown_operation)?;
    if app.is_stopping() {
        return Err(Problem::overloaded());
    }
    guard::count(app, Class::Change, &user.0)?;
    if let Some(limit) = operation.calls_per_second {
        // The API's own rate is for all people together.
        let key = format!("api {} {}", plan.profile, operation.id);
        app.counter.take(&key, limit, Duration::from_secs(1), Instant::now()).map_err(Problem::too_many)?;
    }
    let now = (app.sources.now)();
    let client_token =
        operation.field_with(Role::ClientToken).and_then(|field| plan.text_parameter(&field.name));
    let run = Run {
        id: app.sources.id("run_"),
        plan: plan.id.clone(),
        operation: plan.operation.clone(),
        title: plan.title.clone(),
        profile: plan.profile.clone(),
        mode: plan.mode,
        instance: plan.review.instance.clone(),
        target: plan.review.target.clone(),
        client_token: client_token.map(ToOwned::to_owned),
        payload_hash: plan.payload_hash.clone(),
        user: user.0.clone(),
        reason: body.confirmation.reason.clone(),
        state: RunState::Confirmed,
        failure: None,
        answer: None,
        created_at: now,
        updated_at: now,
        timeline: vec![Event {
            at: now,
            state: RunState::Confirmed,
            detail: text(format!("By {}.", user.0), format!("确认人：{}。", user.0)),
        }],
    };
    match app.store.begin(run).await.map_err(|_| Problem::store_unavailable())? {
        Begin::Created(run) => {
            let view = RunView::new(&run, language);
            runner::start(app, plan, run, body.secrets);
            Ok((StatusCode::CREATED, Json(view)).into_response())
        }
        Begin::Existing(run) => Ok((StatusCode::OK, Json(RunView::new(&run, language))).into_response()),
        Begin::InstanceBusy { run } => Err(Problem::conflict(
            "instance_busy",
            text("The instance has an open run", "该实例有未完成的执行"),
            text(
                format!("The run {run} of this instance is open or its outcome unknown. Settle it first."),
                format!("该实例的执行记录 {run} 尚未结束或结果未知，请先处理。"),
            ),
        )),
        Begin::TokenUsed { .. } => Err(plans::token_reused()),
    }
}

/// What time may have done to a plan since it was reviewed.
fn check_plan(app: &App, plan: &Plan) -> Result<(), Problem> {
    if plan.expires_at <= (app.sources.now)() {
        return Err(Problem::plan_expired());
    }
    let operation = app.catalogue.public(&plan.operation).ok_or_else(Problem::unknown_operation)?;
    let profile = app.profile(&plan.profile).ok_or_else(Problem::profile_forbidden)?;
    let masked = with_masks(&plan.parameters, plan.secret_hashes.keys());
    let draft = Draft { operation, parameters: &masked, now: profile.now(), confirming: true };
    match flows::of(operation).check(&draft).into_iter().next() {
        Some(error) => Err(Problem::plan_outdated(error.detail)),
        None => Ok(()),
    }
}

fn check_confirmation(plan: &Plan, body: &RunBody) -> Result<(), Problem> {
    let needs = plan.needs;
    let given = &body.confirmation;
    let mut errors = Vec::new();
    let mut ask = |member: &str, en: &str, zh: &str| {
        errors.push(FieldError {
            pointer: format!("/confirmation/{member}"),
            code: "confirmation_required".to_owned(),
            detail: text(en, zh),
        });
    };
    if needs.instance_id && given.instance_id.as_deref() != Some(plan.review.instance.as_str()) {
        ask("instance_id", "Type the instance id exactly.", "请准确输入实例 ID。");
    }
    if needs.accept_unknown_cost && !given.accept_unknown_cost {
        ask("accept_unknown_cost", "Accept that the cost is not known.", "请确认接受费用未知。");
    }
    let reason = given.reason.as_deref().unwrap_or_default().trim();
    if needs.reason && reason.is_empty() {
        ask("reason", "Write why it is done without a passed dry run.", "请说明为何未通过预检就执行。");
    }
    if reason.chars().count() > 1_000 {
        ask("reason", "At most 1,000 characters.", "最多 1000 个字符。");
    }
    if errors.is_empty() {
        return Ok(());
    }
    let mut problem = Problem::bad_request(
        "confirmation_required",
        text("The confirmation is not complete.", "确认信息不完整。"),
    );
    problem.errors = errors;
    Err(problem)
}

async fn find(app: &App, id: &str) -> Result<Run, Problem> {
    app.store.run(id).await.map_err(|_| Problem::store_unavailable())?.ok_or_else(Problem::not_found)
}

/// A run.
#[utoipa::path(get, path = "/api/runs/{id}", params(("id" = String, Path)),
    responses((status = 200, body = RunView), (status = 404, body = super::dto::ProblemView)))]
pub(super) async fn one(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Reader(language): Reader,
) -> Result<Json<RunView>, Problem> {
    Ok(Json(RunView::new(&find(&app, &id).await?, language)))
}

/// Which runs to list.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct RunsQuery {
    /// Operation id.
    operation: Option<String>,
    /// Profile name.
    profile: Option<String>,
    /// State.
    state: Option<RunState>,
    /// Free text.
    q: Option<String>,
    /// Only runs older than this one.
    before: Option<String>,
    /// At most so many, 1 to 100; 50 when absent.
    limit: Option<usize>,
}

/// Runs, newest first.
#[utoipa::path(get, path = "/api/runs", params(RunsQuery), responses((status = 200, body = List<RunView>)))]
pub(super) async fn list(
    State(app): State<Arc<App>>,
    Reader(language): Reader,
    query: Result<Query<RunsQuery>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<List<RunView>>, Problem> {
    let Query(query) = query.map_err(|_| {
        Problem::bad_request(
            "bad_query",
            text(
                "The query takes operation, profile, state, q, before and limit.",
                "可用的查询参数：operation、profile、state、q、before、limit。",
            ),
        )
    })?;
    let limit = query.limit.unwrap_or(50).clamp(1, 100);
    let some = |value: Option<String>| value.filter(|value| !value.is_empty());
    let filter = RunFilter {
        operation: some(query.operation),
        profile: some(query.profile),
        state: query.state,
        text: some(query.q),
        before: some(query.before),
        limit: limit + 1,
    };
    let mut runs = app.store.runs(&filter).await.map_err(|_| Problem::store_unavailable())?;
    // One more than asked for tells whether there is a next page.
    let more = runs.len() > limit;
    runs.truncate(limit);
    let next = more.then(|| runs.last().map(|run| run.id.clone())).flatten();
    Ok(Json(List { items: runs.iter().map(|run| RunView::new(run, language)).collect(), next }))
}

/// Where a listener left off.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct EventsQuery {
    /// The id of the last event that was seen.
    after: Option<usize>,
}

/// The timeline as server-sent events: what happened, then what happens; ends after a final state.
#[utoipa::path(get, path = "/api/runs/{id}/events", params(("id" = String, Path), EventsQuery),
    responses((status = 200, description = "text/event-stream of `timeline` events"), (status = 404, body = super::dto::ProblemView)))]
pub(super) async fn events(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Query(query): Query<EventsQuery>,
    Reader(language): Reader,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    // Listening begins before the first look, so that nothing falls between.
    let receiver = app.changes.listen(&id);
    find(&app, &id).await?;
    let seen = headers
        .get("last-event-id")
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.parse().ok())
        .or(query.after)
        .unwrap_or(0);
    let follow = Follow { app, id, language, seen, receiver, waiting: Vec::new(), ended: false };
    let stream = stream::unfold(follow, Follow::next);
    Ok(Sse::new(stream).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))).into_response())
}

struct Follow {
    app: Arc<App>,
    id: String,
    language: Language,
    // How many entries of the timeline the listener has; also the id of the last event.
    seen: usize,
    receiver: tokio::sync::watch::Receiver<u64>,
    waiting: Vec<Event>,
    ended: bool,
}

impl Follow {
    async fn next(mut self) -> Option<(Result<ServerSentEvent, Infallible>, Self)> {
        loop {
            if let Some(event) = (!self.waiting.is_empty()).then(|| self.waiting.remove(0)) {
                self.seen += 1;
                let data = serde_json::to_string(&EventView::new(&event, self.language)).unwrap_or_default();
                let sent = ServerSentEvent::default().event("timeline").id(self.seen.to_string()).data(data);
                return Some((Ok(sent), self));
            }
            if self.ended {
                return None;
            }
            self.receiver.mark_unchanged();
            let run = self.app.store.run(&self.id).await.ok().flatten()?;
            self.waiting = run.timeline.into_iter().skip(self.seen).collect();
            self.ended = run.state.is_settled();
            if self.waiting.is_empty() && !self.ended {
                self.receiver.changed().await.ok()?;
            }
        }
    }
}
