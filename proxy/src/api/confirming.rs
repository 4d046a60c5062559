//! Confirming a plan: everything that must hold before its run begins, in one place.

use super::{
    dto::{Confirmation, RunBody},
    plans, views,
};
use crate::{
    body::Strict,
    error::{FieldError, Problem, text},
    flows::{self, Current, Draft},
    guard::{self, User},
    language::Reader,
    limits::Class,
    plan::{Needs, Plan, with_masks},
    planning,
    profile::Profile,
    run::{Event, Run, Source, State as RunState},
    runner,
    state::App,
    store::Begin,
};
use axum::{
    Extension, Json,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use catalog::{Cloud, Operation, Role, model::Language};
use http::StatusCode;
use jiff::Timestamp;
use serde_json::Map;
use std::{sync::Arc, time::Duration};
use subtle::ConstantTimeEq;

/// Longest written reason or evidence, in characters.
pub(super) const LONGEST_REASON: usize = 1_000;

/// Confirms a plan: starts its run, at once and once.
#[utoipa::path(post, path = "/api/plans/{id}/runs", params(("id" = String, Path)), request_body = RunBody,
    responses((status = 201, body = super::dto::RunView), (status = 200, body = super::dto::RunView, description = "The plan has run before"),
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
    check_hash(&plan, &body.payload_hash)?;
    // One confirmation of a plan at a time: of a hundred at once, one starts the run and the others find it.
    let _turn = app.confirming.turn(id).await;
    if let Some(run) = app.store.run_of_plan(id).await? {
        guard::count(app, Class::Read, &user.0)?;
        return Ok((StatusCode::OK, Json(views::run(app, &run, &plan, language))).into_response());
    }
    check_time(app, &plan)?;
    check_confirmation(plan.needs, &plan.review.instance, &body.confirmation)?;
    plans::check_secrets(app, &plan, &body.secrets)?;
    let operation = app.catalogue.get(&plan.operation).ok_or_else(Problem::unknown_operation)?;
    // Held until the run has one of its own, so that a stop that comes now waits, and one that came before is seen.
    let _under_way = app.under_way.begin();
    if app.is_stopping() {
        return Err(Problem::overloaded());
    }
    guard::count(app, Class::Change, &user.0)?;
    take_turn_of_api(app, &plan.profile, operation)?;
    let (plan, overtaken) = planning::revise(app, &plan).await?;
    if let Some(why) = overtaken {
        return Err(Problem::plan_outdated(why));
    }
    // The run carries the hash that was confirmed, whatever was learnt meanwhile.
    check_hash(&plan, &body.payload_hash)?;
    // What is asked for may have grown with what the cloud told.
    check_confirmation(plan.needs, &plan.review.instance, &body.confirmation)?;
    let run = new_run(app, user, operation, &plan, body.confirmation.reason);
    match runner::begin(app, plan.clone(), run, body.secrets).await? {
        Begin::Created(run) => {
            Ok((StatusCode::CREATED, Json(views::run(app, &run, &plan, language))).into_response())
        }
        Begin::Existing(run) => {
            Ok((StatusCode::OK, Json(views::run(app, &run, &plan, language))).into_response())
        }
        Begin::InstanceBusy { run } => Err(Problem::conflict(
            "instance_busy",
            text("The instance has an open run", "该实例有未完成的运行"),
            text(
                format!("The run {run} of this instance is open or its outcome unknown. Settle it first."),
                format!("该实例的运行记录 {run} 尚未结束或结果未知，请先处理。"),
            ),
        )),
        Begin::NotUndoable => Err(Problem::plan_outdated(text(
            "What this plan takes back has moved on, or is being taken back by another run. Look at that run.",
            "该计划要撤销的运行已有变化，或正由另一运行撤销，请查看原运行记录。",
        ))),
        Begin::TokenUsed { .. } => Err(plans::token_reused()),
    }
}

fn new_run(app: &App, user: &User, operation: &Operation, plan: &Plan, reason: Option<String>) -> Run {
    let now = (app.sources.now)();
    let masked = with_masks(&plan.parameters, plan.secret_hashes.keys());
    let draft = draft(operation, &masked, now, &plan.current);
    let dry_run = draft.is_dry_run();
    let client_token =
        operation.field_with(Role::ClientToken).and_then(|field| plan.text_parameter(&field.name));
    Run {
        id: app.sources.id("run_"),
        plan: plan.id.clone(),
        operation: plan.operation.clone(),
        title: plan.title.clone(),
        profile: plan.profile.clone(),
        mode: plan.mode,
        realm: app.profile(&plan.profile).map(|profile| profile.config.realm()),
        kind: plan.kind,
        undoes: plan.undoes.clone(),
        undone_by: None,
        dry_run,
        followed: !dry_run && flows::of(operation).pace(RunState::Accepted).is_some(),
        instance: same_instance(operation, &plan.review.instance),
        name: plan.current.text("name").filter(|name| !name.is_empty()).map(ToOwned::to_owned),
        // The first change is the one that the target says in short.
        from: plan.review.changes.first().and_then(|change| change.from.clone()),
        target: plan.review.target.clone(),
        client_token: client_token.map(ToOwned::to_owned),
        secret_pointers: plan.secret_hashes.keys().cloned().collect(),
        payload_hash: plan.payload_hash.clone(),
        user: user.0.clone(),
        reason,
        state: RunState::Confirmed,
        failure: None,
        answer: None,
        order_id: None,
        sent_at: None,
        resent_at: Vec::new(),
        scheduled_for: None,
        followed_since: None,
        checked: false,
        last_seen: None,
        looked_at: None,
        facts: Map::new(),
        created_at: now,
        updated_at: now,
        timeline: vec![Event {
            at: now,
            state: RunState::Confirmed,
            detail: text(format!("By {}.", user.0), format!("确认人：{}。", user.0)),
            source: Source::Person,
            answer: None,
        }],
    }
}

/// The instance as runs are compared by it: Huawei's ids are UUIDs, which mean the same in capitals.
pub(super) fn same_instance(operation: &Operation, id: &str) -> String {
    match operation.cloud {
        Cloud::Huawei => id.to_ascii_lowercase(),
        Cloud::Alibaba => id.to_owned(),
    }
}

fn draft<'a>(
    operation: &'a Operation,
    parameters: &'a Map<String, serde_json::Value>,
    now: Timestamp,
    current: &'a Current,
) -> Draft<'a> {
    Draft { operation, parameters, now, confirming: true, current }
}

/// The API's own rate is for all people together, and for all profiles of an account.
pub(super) fn take_turn_of_api(app: &App, profile: &str, operation: &Operation) -> Result<(), Problem> {
    let Some(limit) = operation.calls_per_second else { return Ok(()) };
    let account = app.profile(profile).map(Profile::account).unwrap_or_default();
    let key = format!("api {account} {}", operation.id);
    app.counter.take(&key, limit, Duration::from_secs(1), (app.sources.instant)()).map_err(Problem::too_many)
}

/// The hash names exactly what the person saw.
pub(super) fn check_hash(plan: &Plan, hash: &str) -> Result<(), Problem> {
    if bool::from(plan.payload_hash.as_bytes().ct_eq(hash.as_bytes())) {
        return Ok(());
    }
    Err(Problem::conflict(
        "payload_mismatch",
        text("This is not the plan that was reviewed", "与复核的计划不一致"),
        text(
            "The confirmation names another payload. Open the plan and review it again.",
            "确认的内容与计划不一致，请重新打开计划复核。",
        ),
    ))
}

/// What time may have done to a plan since it was reviewed.
fn check_time(app: &App, plan: &Plan) -> Result<(), Problem> {
    if plan.expires_at <= (app.sources.now)() {
        return Err(Problem::plan_expired());
    }
    let operation = app.catalogue.get(&plan.operation).ok_or_else(Problem::unknown_operation)?;
    let profile = app.profile(&plan.profile).ok_or_else(Problem::profile_forbidden)?;
    let masked = with_masks(&plan.parameters, plan.secret_hashes.keys());
    let draft = draft(operation, &masked, profile.now(), &plan.current);
    match flows::of(operation).check(&draft).into_iter().next() {
        Some(error) => Err(Problem::plan_outdated(error.detail)),
        None => Ok(()),
    }
}

fn check_confirmation(needs: Needs, instance: &str, given: &Confirmation) -> Result<(), Problem> {
    let mut errors = Vec::new();
    let mut ask = |member: &str, en: &str, zh: &str| {
        errors.push(FieldError {
            pointer: format!("/confirmation/{member}"),
            code: "confirmation_required".to_owned(),
            detail: text(en, zh),
        });
    };
    if needs.instance_id && given.instance_id.as_deref() != Some(instance) {
        ask("instance_id", "Type the instance id exactly.", "请准确输入实例 ID。");
    }
    if needs.accept_unknown_cost && !given.accept_unknown_cost {
        ask("accept_unknown_cost", "Accept that the cost is not known.", "请确认接受费用未知。");
    }
    let reason = given.reason.as_deref().unwrap_or_default().trim();
    if needs.reason && reason.is_empty() {
        ask("reason", "Write why it is done without a passed dry run.", "请说明为何未通过预检就执行。");
    }
    if reason.chars().count() > LONGEST_REASON {
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
