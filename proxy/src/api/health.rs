//! Whether the process lives, and whether it can work.

use crate::{
    error::{Problem, text},
    state::App,
};
use axum::{Json, extract::State};
use http::StatusCode;
use serde_json::{Value, json};
use std::sync::Arc;

/// The process answers.
#[utoipa::path(get, path = "/healthz", responses((status = 200, body = Object)))]
pub(super) async fn alive() -> Json<Value> {
    Json(json!({"status": "ok"}))
}

/// The store can be written and the server is not stopping.
#[utoipa::path(get, path = "/readyz", responses((status = 200, body = Object), (status = 503, body = super::dto::ProblemView)))]
pub(super) async fn ready(State(app): State<Arc<App>>) -> Result<Json<Value>, Problem> {
    if app.is_stopping() {
        return Err(Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "stopping",
            text("The console is stopping", "控制台正在停止"),
            text("It starts no new call.", "不再发起新的调用。"),
        ));
    }
    app.store.ready().await?;
    Ok(Json(json!({"status": "ready"})))
}
