//! The whole HTTP API on one screen (design.md section 6). Handlers live by resource.

mod actions;
mod confirming;
mod documents;
pub mod dto;
mod health;
mod history;
mod operations;
mod outcome;
mod plans;
mod records;
mod runs;
mod session;
mod simulated;
mod views;

use crate::{
    error::{Problem, text},
    guard::{self, Guard, allowed_hosts},
    state::App,
    static_files,
};
use axum::{
    Router,
    middleware::from_fn_with_state,
    response::IntoResponse,
    routing::{get, post},
};
use http::StatusCode;
use std::sync::Arc;

/// The server's routes, with everything that guards them.
pub fn router(app: Arc<App>, port: u16) -> Router {
    let hosts = allowed_hosts(port, &app.config.allowed_hosts).into();
    let api = Router::new()
        .route("/session", get(session::session))
        .route("/profiles", get(session::profiles))
        .route("/openapi.json", get(documents::openapi))
        .route("/operations", get(operations::list))
        .route("/operations/{id}", get(operations::one))
        .route("/operations/{id}/preview", post(operations::preview))
        .route("/operations/{id}/choices", post(operations::choices))
        .route("/plans", post(plans::create))
        .route("/plans/{id}", get(plans::one))
        .route("/plans/{id}/dry-run", post(plans::dry_run))
        .route("/plans/{id}/runs", post(confirming::create))
        .route("/plans/{id}/preview", post(plans::preview))
        .route("/plans/{id}/price", post(plans::price))
        .route("/runs", get(history::list))
        .route("/runs/{id}", get(runs::one))
        .route("/runs/{id}/events", get(runs::events))
        .route("/runs/{id}/check", post(actions::check))
        .route("/runs/{id}/resend", post(actions::resend))
        .route("/runs/{id}/settle", post(actions::settle))
        .route("/runs/{id}/cancel", post(actions::cancel))
        .route("/runs/{id}/rollback", post(actions::rollback))
        .route("/records", get(records::list))
        .route("/simulator", get(simulated::status))
        .route("/simulator/clock", post(simulated::advance))
        .route("/simulator/scenario", post(simulated::scenario))
        .route("/simulator/pay", post(simulated::pay))
        .route("/simulator/reset", post(simulated::reset))
        .fallback(async || Problem::not_found())
        .method_not_allowed_fallback(method_not_allowed);
    let routes = Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .nest("/api", api)
        .fallback(get(static_files::serve))
        .method_not_allowed_fallback(method_not_allowed)
        .with_state(Arc::clone(&app));
    let base = app.config.base_path.clone();
    let routes = if base.is_empty() {
        routes
    } else {
        // A portal links to the path with or without its last slash.
        let slashed = format!("{base}/");
        let home = Router::new().route(&slashed, get(static_files::serve)).with_state(Arc::clone(&app));
        Router::new().nest(&base, routes).merge(home)
    };
    routes.layer(from_fn_with_state(Guard { app, hosts }, guard::guard))
}

async fn method_not_allowed() -> impl IntoResponse {
    Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method_not_allowed",
        text("This method is not for this path", "该路径不支持此方法"),
        text("The `Allow` header names the methods.", "允许的方法见 `Allow` 响应头。"),
    )
}
