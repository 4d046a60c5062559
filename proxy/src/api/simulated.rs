//! The presenter's hands on the simulated clouds of this process. They reach no live profile: a live profile has
//! another door.

use super::dto::{ClockBody, PayBody, ResetBody, ScenarioBody, ScenarioView, SimulatorView};
use crate::{
    body::Strict,
    clock::rfc3339,
    error::{Problem, text},
    following,
    guard::User,
    language::Reader,
    profile::Profile,
    record::Kind,
    run::{ByPerson, Run, State as RunState, Step},
    state::App,
    store::RunFilter,
};
use axum::{Extension, Json, extract::State};
use catalog::model::Language;
use simulator::{MOST_CROWD, Simulator, Title};
use std::sync::Arc;

fn clouds(app: &App) -> Result<&Simulator, Problem> {
    app.built_in.as_ref().map(|built_in| &built_in.clouds).ok_or_else(Problem::not_found)
}

fn view(clouds: &Simulator, language: Language) -> Json<SimulatorView> {
    let say = |title: Title| {
        match language {
            Language::En => title.en,
            Language::Zh => title.zh,
        }
        .to_owned()
    };
    Json(SimulatorView {
        scenario: clouds.scenario().name.to_owned(),
        scenarios: clouds
            .scenarios()
            .iter()
            .map(|scenario| ScenarioView {
                name: scenario.name.to_owned(),
                title: say(scenario.title),
                group: say(scenario.group),
            })
            .collect(),
        now: rfc3339(clouds.now()),
        clock_offset_seconds: clouds.clock_offset_seconds(),
        changing_calls: clouds.calls().iter().filter(|call| call.changing).count(),
    })
}

/// What is on.
#[utoipa::path(get, path = "/api/simulator", responses((status = 200, body = SimulatorView), (status = 404, body = super::dto::ProblemView)))]
pub(super) async fn status(
    State(app): State<Arc<App>>,
    Reader(language): Reader,
) -> Result<Json<SimulatorView>, Problem> {
    Ok(view(clouds(&app)?, language))
}

/// Moves the simulated clock.
#[utoipa::path(post, path = "/api/simulator/clock", request_body = ClockBody,
    responses((status = 200, body = SimulatorView), (status = 400, body = super::dto::ProblemView)))]
pub(super) async fn advance(
    State(app): State<Arc<App>>,
    Reader(language): Reader,
    Strict(body): Strict<ClockBody>,
) -> Result<Json<SimulatorView>, Problem> {
    let clouds = clouds(&app)?;
    clouds.advance(body.advance_seconds).map_err(|_| {
        Problem::invalid_one(
            "/advance_seconds",
            "too_far",
            text("The clock goes forward only, and at most ten years.", "时钟只能前进，且最多十年。"),
        )
    })?;
    Ok(view(clouds, language))
}

/// Chooses what the clouds do.
#[utoipa::path(post, path = "/api/simulator/scenario", request_body = ScenarioBody,
    responses((status = 200, body = SimulatorView), (status = 400, body = super::dto::ProblemView)))]
pub(super) async fn scenario(
    State(app): State<Arc<App>>,
    Reader(language): Reader,
    Strict(body): Strict<ScenarioBody>,
) -> Result<Json<SimulatorView>, Problem> {
    let clouds = clouds(&app)?;
    clouds.set_scenario(&body.name).map_err(|_| {
        let known: Vec<&str> = clouds.scenarios().iter().map(|scenario| scenario.name).collect();
        Problem::invalid_one(
            "/name",
            "not_a_choice",
            text(format!("One of {}.", known.join(", ")), format!("可选：{}。", known.join("、"))),
        )
    })?;
    Ok(view(clouds, language))
}

/// Pays an order, as a person would in the cloud's own console.
#[utoipa::path(post, path = "/api/simulator/pay", request_body = PayBody,
    responses((status = 200, body = SimulatorView), (status = 400, body = super::dto::ProblemView)))]
pub(super) async fn pay(
    State(app): State<Arc<App>>,
    Reader(language): Reader,
    Strict(body): Strict<PayBody>,
) -> Result<Json<SimulatorView>, Problem> {
    let clouds = clouds(&app)?;
    clouds.pay_order(&body.order_id).map_err(|_| {
        Problem::invalid_one(
            "/order_id",
            "nothing_to_pay",
            text("No order with this id waits for payment.", "没有待支付的此订单。"),
        )
    })?;
    Ok(view(clouds, language))
}

/// Puts the clouds back as they were at the start, with a crowd of instances more when one is asked for.
#[utoipa::path(post, path = "/api/simulator/reset", request_body = ResetBody,
    responses((status = 200, body = SimulatorView), (status = 400, body = super::dto::ProblemView)))]
pub(super) async fn reset(
    State(app): State<Arc<App>>,
    Extension(user): Extension<User>,
    Reader(language): Reader,
    Strict(body): Strict<ResetBody>,
) -> Result<Json<SimulatorView>, Problem> {
    let clouds = clouds(&app)?;
    match body.crowd {
        Some(crowd) if crowd > MOST_CROWD => {
            return Err(Problem::invalid_one(
                "/crowd",
                "too_large",
                text(format!("At most {MOST_CROWD}."), format!("最多 {MOST_CROWD}。")),
            ));
        }
        Some(crowd) => clouds.reset_with_crowd(crowd),
        None => clouds.reset(),
    }
    end_with_the_clouds(&app, &user).await?;
    Ok(view(clouds, language))
}

/// Ends what went on in the clouds that are gone: nobody will ever see how it goes on, and the new instance must not be
/// busy with it.
async fn end_with_the_clouds(app: &App, user: &User) -> Result<(), Problem> {
    let built_in = |run: &Run| app.profile(&run.profile).is_some_and(Profile::is_at_built_in_clouds);
    let going = [RunState::Accepted, RunState::InProgress, RunState::Scheduled, RunState::AwaitingPayment];
    for state in going.into_iter().chain([RunState::Unknown]) {
        let filter = RunFilter { state: Some(state), limit: usize::MAX >> 1, ..RunFilter::default() };
        for run in app.store.runs(&filter).await?.into_iter().filter(built_in) {
            let words = text(
                format!(
                    "Ended by {}: the simulated clouds were reset, and what went on there with them.",
                    user.0
                ),
                format!("由 {} 结束：模拟云已重置，其中的变更随之消失。", user.0),
            );
            let reason = Some("simulated clouds reset".to_owned());
            let by = ByPerson { kind: Kind::Settled, user: user.0.clone(), reason };
            let step = Step::by(RunState::Failed, words, by);
            if let Some(ended) = app.store.step(&run.id, Some(state), step, (app.sources.now)()).await? {
                following::announce(app, &ended);
            }
        }
    }
    Ok(())
}
