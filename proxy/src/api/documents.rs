//! The description of this HTTP API, made from the handlers' own types.

use axum::Json;
use utoipa::OpenApi;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Upgrade Console",
        description = "Plan, review, run and follow upgrades of cloud instances."
    ),
    paths(
        super::health::alive,
        super::health::ready,
        super::session::session,
        super::session::profiles,
        super::operations::list,
        super::operations::one,
        super::operations::preview,
        super::operations::choices,
        super::plans::create,
        super::plans::one,
        super::plans::dry_run,
        super::runs::create,
        super::runs::list,
        super::runs::one,
        super::runs::events,
        super::records::list,
        super::simulated::status,
        super::simulated::advance,
        super::simulated::scenario,
        super::simulated::reset,
        openapi,
    )
)]
struct Document;

/// This document.
#[utoipa::path(get, path = "/api/openapi.json", responses((status = 200, body = Object)))]
pub(super) async fn openapi() -> Json<utoipa::openapi::OpenApi> {
    Json(Document::openapi())
}
