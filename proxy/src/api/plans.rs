//! Plans: made, read, dry-run.

use super::{
    confirming::same_instance,
    dto::{AnswerView, DryRunBody, DryRunResult, PlanBody, PlanView},
};
use crate::{
    answer::Verdict,
    asking::AskError,
    body::Strict,
    error::{FieldError, Problem, text},
    flows::{self, Draft},
    guard::User,
    language::Reader,
    plan::{DryRun, Plan, PlanKind, Secrets, with_masks, with_secrets},
    planning::{self, Input, MissingSecrets},
    run::{State as RunState, Undoes},
    state::App,
    store::RunFilter,
    upstream::Trouble,
};
use axum::{
    Extension, Json,
    extract::{Path, State},
};
use catalog::{Role, Trait};
use http::StatusCode;
use serde_json::Value;
use std::sync::Arc;

/// Makes a plan: validated, frozen, not sent.
#[utoipa::path(post, path = "/api/plans", request_body = PlanBody,
    responses((status = 201, body = PlanView), (status = 400, body = super::dto::ProblemView),
        (status = 403, body = super::dto::ProblemView), (status = 404, body = super::dto::ProblemView),
        (status = 409, body = super::dto::ProblemView)))]
pub(super) async fn create(
    State(app): State<Arc<App>>,
    Extension(user): Extension<User>,
    Reader(language): Reader,
    Strict(body): Strict<PlanBody>,
) -> Result<(StatusCode, Json<PlanView>), Problem> {
    let input =
        Input { parameters: body.parameters, secrets: body.secrets, secret_pointers: body.secret_pointers };
    let checked = planning::check(&app, &body.operation, &body.profile, input, MissingSecrets::Refused)?;
    let token_field = checked.operation.field_with(Role::ClientToken).map(|field| field.name.clone());
    let (kind, undoes) = what_it_takes_back(&app, &checked).await?;
    let plan = planning::plan(&app, &user.0, checked, kind, undoes).await?;
    if let Some(name) = token_field
        && let Some(token) = plan.text_parameter(&name)
    {
        let other = app.store.plan_with_token(&plan.profile, token, &plan.intent_hash).await?;
        if other.is_some() {
            return Err(token_reused());
        }
    }
    let view = PlanView::new(&plan, None, language);
    app.store.insert_plan(plan).await?;
    Ok((StatusCode::CREATED, Json(view)))
}

/// A form can ask to take a schedule back, too. Then it is about the run that made the schedule, if there is one here.
async fn what_it_takes_back(
    app: &App,
    checked: &planning::Checked<'_>,
) -> Result<(PlanKind, Option<Undoes>), Problem> {
    let operation = checked.operation;
    let value = |role| operation.field_with(role).and_then(|field| checked.parameters.get(&field.name));
    if value(Role::Cancel).and_then(Value::as_bool) != Some(true) {
        return Ok((PlanKind::Upgrade, None));
    }
    let filter = RunFilter {
        operation: Some(operation.id.clone()),
        profile: Some(checked.profile.config.name.clone()),
        instance: value(Role::Instance).and_then(Value::as_str).map(|id| same_instance(operation, id)),
        state: Some(RunState::Scheduled),
        limit: 1,
        ..RunFilter::default()
    };
    let scheduled = app.store.runs(&filter).await?.pop();
    Ok((PlanKind::Cancel, scheduled.map(|run| Undoes { run: run.id, operation: run.operation })))
}

/// Asks again what a plan costs and whether it can work, when what was told is older than five minutes.
#[utoipa::path(post, path = "/api/plans/{id}/price", params(("id" = String, Path)), request_body = super::dto::EmptyBody,
    responses((status = 200, body = PlanView), (status = 404, body = super::dto::ProblemView),
        (status = 503, body = super::dto::ProblemView)))]
pub(super) async fn price(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Reader(language): Reader,
    Strict(_): Strict<super::dto::EmptyBody>,
) -> Result<Json<PlanView>, Problem> {
    let mut plan = find(&app, &id).await?;
    let run = app.store.run_of_plan(&id).await?;
    let stale = plan.review.price.as_ref().is_none_or(|price| price.is_stale((app.sources.now)()));
    // What was confirmed stays as it was seen.
    if stale && run.is_none() {
        (plan, _) = planning::revise(&app, &plan).await?;
    }
    Ok(Json(PlanView::new(&plan, run.map(|run| run.id), language)))
}

/// The same token with other values would be two intents under one name (security.md A43).
pub(super) fn token_reused() -> Problem {
    Problem::conflict(
        "client_token_reused",
        text("The idempotency token is taken", "幂等令牌已被使用"),
        text(
            "Another plan with other values carries this ClientToken. Leave it out to get a new one.",
            "另一个参数不同的计划已使用该 ClientToken，不填即可获得新的令牌。",
        ),
    )
}

pub(super) async fn find(app: &App, id: &str) -> Result<Plan, Problem> {
    app.store.plan(id).await?.ok_or_else(Problem::not_found)
}

/// A plan.
#[utoipa::path(get, path = "/api/plans/{id}", params(("id" = String, Path)),
    responses((status = 200, body = PlanView), (status = 404, body = super::dto::ProblemView)))]
pub(super) async fn one(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Reader(language): Reader,
) -> Result<Json<PlanView>, Problem> {
    let plan = find(&app, &id).await?;
    let run = app.store.run_of_plan(&id).await?;
    Ok(Json(PlanView::new(&plan, run.map(|run| run.id), language)))
}

/// The exact request of a plan, without sending it; also of a plan that takes a run back, whose operation no form has.
#[utoipa::path(post, path = "/api/plans/{id}/preview", params(("id" = String, Path)), request_body = super::dto::EmptyBody,
    responses((status = 200, body = super::dto::Preview), (status = 404, body = super::dto::ProblemView)))]
pub(super) async fn preview(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Strict(_): Strict<super::dto::EmptyBody>,
) -> Result<Json<super::dto::Preview>, Problem> {
    let plan = find(&app, &id).await?;
    let operation = app.catalogue.get(&plan.operation).ok_or_else(Problem::unknown_operation)?;
    let profile = app.profile(&plan.profile).ok_or_else(Problem::profile_forbidden)?;
    let masked = with_masks(&plan.parameters, plan.secret_hashes.keys());
    super::operations::shown(profile, operation, &masked).await.map(Json)
}

/// Compares secrets that were sent again with the hashes that the plan keeps.
pub(super) fn check_secrets(app: &App, plan: &Plan, secrets: &Secrets) -> Result<(), Problem> {
    let mut errors = Vec::new();
    let pointer_in_body =
        |pointer: &str| format!("/secrets/{}", pointer.replace('~', "~0").replace('/', "~1"));
    for (pointer, hash) in &plan.secret_hashes {
        match secrets.get(pointer) {
            None => errors.push(FieldError {
                pointer: pointer_in_body(pointer),
                code: "missing".to_owned(),
                detail: text("Type this secret again: it is not kept.", "请重新输入该密文：系统不保存密文。"),
            }),
            Some(secret) => {
                use subtle::ConstantTimeEq;
                if !bool::from(app.secret_hasher.hash(pointer, secret).as_bytes().ct_eq(hash.as_bytes())) {
                    errors.push(FieldError {
                        pointer: pointer_in_body(pointer),
                        code: "differs".to_owned(),
                        detail: text("This is not the value that was planned.", "与计划时的值不同。"),
                    });
                }
            }
        }
    }
    if let Some(pointer) = secrets.keys().find(|pointer| !plan.secret_hashes.contains_key(*pointer)) {
        errors.push(FieldError {
            pointer: pointer_in_body(pointer),
            code: "unknown_pointer".to_owned(),
            detail: text("The plan has no such secret.", "计划中没有这个密文。"),
        });
    }
    if errors.is_empty() { Ok(()) } else { Err(Problem::invalid(errors)) }
}

/// Asks the cloud whether the plan would work, without the run's token; nothing changes.
#[utoipa::path(post, path = "/api/plans/{id}/dry-run", params(("id" = String, Path)), request_body = DryRunBody,
    responses((status = 200, body = DryRunResult), (status = 400, body = super::dto::ProblemView),
        (status = 404, body = super::dto::ProblemView), (status = 409, body = super::dto::ProblemView),
        (status = 502, body = super::dto::ProblemView)))]
pub(super) async fn dry_run(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Reader(language): Reader,
    Strict(body): Strict<DryRunBody>,
) -> Result<Json<DryRunResult>, Problem> {
    let plan = find(&app, &id).await?;
    let operation = app.catalogue.public(&plan.operation).ok_or_else(Problem::unknown_operation)?;
    let profile = app.profile(&plan.profile).ok_or_else(Problem::profile_forbidden)?;
    let Some(field) = operation.field_with(Role::DryRun).filter(|_| operation.has(Trait::DryRun)) else {
        return Err(Problem::bad_request(
            "no_dry_run",
            text("This operation has no dry run.", "该操作不支持预检。"),
        ));
    };
    if plan.expires_at <= (app.sources.now)() {
        return Err(Problem::plan_expired());
    }
    check_secrets(&app, &plan, &body.secrets)?;
    let mut parameters = with_secrets(&plan.parameters, &body.secrets);
    parameters.insert(field.name.clone(), Value::String("true".to_owned()));
    // The run's token must not be used up by a check.
    if let Some(token) = operation.field_with(Role::ClientToken) {
        parameters.shift_remove(&token.name);
    }
    let empty = flows::of(operation).empty_body();
    let (answer, verdict) = profile.exchange(operation, &parameters, &body.secrets, empty).await.map_err(
        |error| match error {
            AskError::Profile(error) => planning::not_prepared(operation, &error),
            AskError::Trouble(trouble) => {
                tracing::warn!(plan = id, ?trouble, "dry run without an answer");
                no_dry_run_answer(trouble)
            }
            other => other.into(),
        },
    )?;
    let required_parameters: Vec<String> = flows::required_parameters(&answer)
        .into_iter()
        .filter(|name| !has_parameter(&parameters, name))
        .collect();
    let passed = verdict == Verdict::Accepted && required_parameters.is_empty();
    let outcome = DryRun {
        at: (app.sources.now)(),
        passed,
        answer: Some(answer.clone()),
        required_parameters: required_parameters.clone(),
    };
    let masked = with_masks(&plan.parameters, plan.secret_hashes.keys());
    let draft = Draft {
        operation,
        parameters: &masked,
        now: profile.now(),
        confirming: false,
        current: &plan.current,
    };
    let needs_reason = planning::asks_for_reason(&draft) && !passed;
    let plan = app.store.set_dry_run(&id, outcome, needs_reason).await?.ok_or_else(Problem::not_found)?;
    let run = app.store.run_of_plan(&id).await?;
    Ok(Json(DryRunResult {
        passed,
        answer: Some(AnswerView::new(&answer, language)),
        required_parameters,
        plan: PlanView::new(&plan, run.map(|run| run.id), language),
    }))
}

fn no_dry_run_answer(trouble: Trouble) -> Problem {
    Problem::upstream(if trouble.nothing_sent() {
        text(
            "The cloud cannot be reached. Nothing was changed; run the dry run again.",
            "无法连接云端，没有任何变更，请重试预检。",
        )
    } else {
        text(
            "The dry run got no answer. Nothing was changed; run it again.",
            "预检没有收到响应，没有任何变更，请重试。",
        )
    })
}

fn has_parameter(parameters: &serde_json::Map<String, Value>, name: &str) -> bool {
    parameters.values().filter_map(Value::as_object).any(|members| members.contains_key(name))
}
