//! The presenter's hands on the simulated clouds of this process. They reach no live profile: a live profile has
//! another door.

use super::dto::{ClockBody, PayBody, ResetBody, ScenarioBody, ScenarioView, SimulatorView};
use crate::{
    body::Strict,
    clock::rfc3339,
    error::{Problem, text},
    language::Reader,
    state::App,
};
use axum::{Json, extract::State};
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
    Ok(view(clouds, language))
}
