//! What a person can do with a run: look again, send again, say what became of it, take it back.

use super::{
    confirming::{LONGEST_REASON, check_hash, take_turn_of_api},
    dto::{EmptyBody, PlanView, ResendBody, RunView, SettleBody},
    plans, runs, views,
};
use crate::{
    body::Strict,
    error::{Problem, text},
    flows::{self, Undo},
    following::{self, Purpose},
    guard::{self, User},
    language::Reader,
    limits::Class,
    plan::{Plan, PlanKind, Secrets},
    planning::{self, Input, MissingSecrets},
    record::Kind,
    run::{ByPerson, Run, State as RunState, Step, Undoes},
    runner,
    state::App,
};
use axum::{
    Extension, Json,
    extract::{Path, State},
};
use catalog::{Text, model::Language};
use http::StatusCode;
use std::sync::Arc;

async fn run_and_plan(app: &App, id: &str) -> Result<(Run, Plan), Problem> {
    let run = runs::find(app, id).await?;
    let plan = plans::find(app, &run.plan).await?;
    Ok((run, plan))
}

async fn as_it_stands(app: &App, id: &str, language: Language) -> Result<Json<RunView>, Problem> {
    let (run, plan) = run_and_plan(app, id).await?;
    Ok(Json(views::run(app, &run, &plan, language)))
}

/// Looks at the cloud now, and moves the run on by what it sees.
#[utoipa::path(post, path = "/api/runs/{id}/check", params(("id" = String, Path)), request_body = EmptyBody,
    responses((status = 200, body = RunView), (status = 404, body = super::dto::ProblemView),
        (status = 409, body = super::dto::ProblemView), (status = 503, body = super::dto::ProblemView)))]
pub(super) async fn check(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Reader(language): Reader,
    Strict(_): Strict<EmptyBody>,
) -> Result<Json<RunView>, Problem> {
    let run = runs::find(&app, &id).await?;
    // It may have ended since the person saw it open; how it ended is what they ask for.
    if run.is_over() {
        return as_it_stands(&app, &id, language).await;
    }
    if let Some(why) = views::check(&app, &run) {
        return Err(Problem::conflict("not_checkable", text("There is nothing to check", "无需检查"), why));
    }
    // In a task of its own: a client that goes away must not leave a run that was taken up and is not followed.
    let look = tokio::spawn({
        let (app, id) = (Arc::clone(&app), id.clone());
        async move { following::look(&app, &id, Purpose::Check).await }
    });
    look.await.map_err(|_| Problem::internal())??;
    as_it_stands(&app, &id, language).await
}

/// Sends the call of an unknown run again: the same token and parameters, a new nonce, date and signature.
#[utoipa::path(post, path = "/api/runs/{id}/resend", params(("id" = String, Path)), request_body = ResendBody,
    responses((status = 200, body = RunView), (status = 400, body = super::dto::ProblemView),
        (status = 404, body = super::dto::ProblemView), (status = 409, body = super::dto::ProblemView),
        (status = 429, body = super::dto::ProblemView), (status = 503, body = super::dto::ProblemView)))]
pub(super) async fn resend(
    State(app): State<Arc<App>>,
    Extension(user): Extension<User>,
    Path(id): Path<String>,
    Reader(language): Reader,
    Strict(body): Strict<ResendBody>,
) -> Result<Json<RunView>, Problem> {
    let (run, plan) = run_and_plan(&app, &id).await?;
    check_hash(&plan, &body.payload_hash)?;
    if let Some(why) = views::resend(&app, &run, &plan) {
        return Err(not_resendable(why));
    }
    plans::check_secrets(&app, &plan, &body.secrets)?;
    let _under_way = app.under_way.begin();
    if app.is_stopping() {
        return Err(Problem::overloaded());
    }
    guard::count(&app, Class::Change, &user.0)?;
    let operation = app.catalogue.get(&plan.operation).ok_or_else(Problem::unknown_operation)?;
    take_turn_of_api(&app, &plan.profile, operation)?;
    let words = text(
        format!("Sent again by {}, with the same token.", user.0),
        format!("由 {} 使用相同令牌重新发送。", user.0),
    );
    let by = ByPerson { kind: Kind::Resent, user: user.0, reason: None };
    let step = Step::by(RunState::Confirmed, words, by);
    // Of several at once, one finds the run unknown.
    let moved = runner::send_again(&app, plan.clone(), step, id, body.secrets).await?;
    let Some(run) = moved else {
        return Err(not_resendable(text("The run has moved on.", "运行状态已变化。")));
    };
    Ok(Json(views::run(&app, &run, &plan, language)))
}

fn not_resendable(why: Text) -> Problem {
    Problem::conflict("not_resendable", text("It cannot be sent again", "不能重新发送"), why)
}

/// Takes a person's word, with evidence, for what became of an unknown run.
#[utoipa::path(post, path = "/api/runs/{id}/settle", params(("id" = String, Path)), request_body = SettleBody,
    responses((status = 200, body = RunView), (status = 400, body = super::dto::ProblemView),
        (status = 404, body = super::dto::ProblemView), (status = 409, body = super::dto::ProblemView),
        (status = 503, body = super::dto::ProblemView)))]
pub(super) async fn settle(
    State(app): State<Arc<App>>,
    Extension(user): Extension<User>,
    Path(id): Path<String>,
    Reader(language): Reader,
    Strict(body): Strict<SettleBody>,
) -> Result<Json<RunView>, Problem> {
    let run = runs::find(&app, &id).await?;
    let outcomes = views::outcomes(&app, &run);
    if !outcomes.contains(&body.state) {
        let choices: Vec<&str> = outcomes.into_iter().map(RunState::as_str).collect();
        return Err(Problem::invalid_one(
            "/state",
            "not_a_choice",
            text(format!("One of {}.", choices.join(", ")), format!("可选：{}。", choices.join("、"))),
        ));
    }
    let evidence = body.evidence.trim().to_owned();
    if evidence.is_empty() || evidence.chars().count() > LONGEST_REASON {
        return Err(Problem::invalid_one(
            "/evidence",
            if evidence.is_empty() { "missing" } else { "too_long" },
            text("Write what shows it: 1 to 1,000 characters.", "请写明依据，1 至 1000 个字符。"),
        ));
    }
    let words = text(format!("Settled by {}: {evidence}", user.0), format!("由 {} 认定：{evidence}", user.0));
    let by = ByPerson { kind: Kind::Settled, user: user.0, reason: Some(evidence) };
    let moved = app
        .store
        .step(&id, Some(RunState::Unknown), Step::by(body.state, words, by), (app.sources.now)())
        .await?;
    let Some(run) = moved else {
        return Err(Problem::conflict(
            "not_settleable",
            text("There is nothing to settle", "无需认定"),
            text(
                "Only a run of unknown outcome is settled by a person.",
                "只有结果未知的运行才需要人工认定。",
            ),
        ));
    };
    following::announce(&app, &run);
    as_it_stands(&app, &id, language).await
}

/// A plan that takes back what has not begun; it is reviewed and confirmed like any other.
#[utoipa::path(post, path = "/api/runs/{id}/cancel", params(("id" = String, Path)), request_body = EmptyBody,
    responses((status = 201, body = PlanView), (status = 404, body = super::dto::ProblemView),
        (status = 409, body = super::dto::ProblemView)))]
pub(super) async fn cancel(
    State(app): State<Arc<App>>,
    Extension(user): Extension<User>,
    Path(id): Path<String>,
    Reader(language): Reader,
    Strict(_): Strict<EmptyBody>,
) -> Result<(StatusCode, Json<PlanView>), Problem> {
    take_back(&app, &user, &id, language, PlanKind::Cancel).await
}

/// A plan that returns to what was before; it is reviewed and confirmed like any other.
#[utoipa::path(post, path = "/api/runs/{id}/rollback", params(("id" = String, Path)), request_body = EmptyBody,
    responses((status = 201, body = PlanView), (status = 404, body = super::dto::ProblemView),
        (status = 409, body = super::dto::ProblemView)))]
pub(super) async fn rollback(
    State(app): State<Arc<App>>,
    Extension(user): Extension<User>,
    Path(id): Path<String>,
    Reader(language): Reader,
    Strict(_): Strict<EmptyBody>,
) -> Result<(StatusCode, Json<PlanView>), Problem> {
    take_back(&app, &user, &id, language, PlanKind::Rollback).await
}

async fn take_back(
    app: &App,
    user: &User,
    id: &str,
    language: Language,
    kind: PlanKind,
) -> Result<(StatusCode, Json<PlanView>), Problem> {
    let refused = |why: Text| match kind {
        PlanKind::Rollback => {
            Problem::conflict("not_rollbackable", text("It cannot be rolled back", "不能回滚"), why)
        }
        _ => Problem::conflict("not_cancellable", text("It cannot be cancelled", "不能取消"), why),
    };
    let (run, plan) = run_and_plan(app, id).await?;
    let (operation, parameters) = match views::undo(app, &run, &plan, kind) {
        Undo::By { operation, parameters } => (operation, parameters),
        Undo::Unavailable(why) => return Err(refused(why)),
        Undo::None => {
            return Err(refused(text(
                "No call of the product takes this run back.",
                "该产品没有可以撤销此运行的接口。",
            )));
        }
    };
    let input = Input { parameters, secrets: Secrets::new(), secret_pointers: Vec::new() };
    let checked = planning::check_any(app, operation, &run.profile, input, MissingSecrets::Refused)?;
    let undoes = Undoes { run: run.id.clone(), operation: run.operation.clone() };
    let made = planning::plan(app, &user.0, checked, kind, Some(undoes)).await;
    // The person gave no values, so what is wrong is not one of theirs.
    let plan = made.map_err(|problem| match problem.errors.into_iter().next() {
        Some(error) => refused(error.detail),
        None => refused(problem.detail),
    })?;
    let of_run = app.catalogue.get(&run.operation).ok_or_else(Problem::unknown_operation)?;
    if let Some(why) = flows::of(of_run).takes_back_another(&run, &plan.current) {
        return Err(refused(why));
    }
    let view = PlanView::new(&plan, None, language);
    app.store.insert_plan(plan).await?;
    Ok((StatusCode::CREATED, Json(view)))
}
