//! The catalogue, and the exact request that parameters would make.

use super::dto::{HeaderView, Preview, PreviewBody};
use crate::{
    body::Strict,
    error::Problem,
    planning::{self, Input},
    state::App,
};
use axum::{
    Json,
    extract::{Path, State},
};
use catalog::{Operation, OperationSummary};
use secrecy::ExposeSecret;
use std::{collections::BTreeMap, sync::Arc};

/// The operations, as they stand in the list.
#[utoipa::path(get, path = "/api/operations", responses((status = 200, body = Object, description = "`{items, next}` of operation summaries")))]
pub(super) async fn list(State(app): State<Arc<App>>) -> Json<serde_json::Value> {
    let items: Vec<OperationSummary> = app
        .catalogue
        .operations
        .iter()
        .filter(|operation| !operation.internal)
        .map(Operation::summary)
        .collect();
    Json(serde_json::json!({"items": items, "next": null}))
}

/// One operation, whole.
#[utoipa::path(get, path = "/api/operations/{id}", params(("id" = String, Path)),
    responses((status = 200, body = Object), (status = 404, body = super::dto::ProblemView)))]
pub(super) async fn one(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
) -> Result<Json<Operation>, Problem> {
    app.catalogue.public(&id).cloned().map(Json).ok_or_else(Problem::unknown_operation)
}

/// The exact request, without sending it.
#[utoipa::path(post, path = "/api/operations/{id}/preview", params(("id" = String, Path)), request_body = PreviewBody,
    responses((status = 200, body = Preview), (status = 400, body = super::dto::ProblemView),
        (status = 403, body = super::dto::ProblemView), (status = 404, body = super::dto::ProblemView)))]
pub(super) async fn preview(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Strict(body): Strict<PreviewBody>,
) -> Result<Json<Preview>, Problem> {
    let input = Input {
        parameters: body.parameters,
        secrets: BTreeMap::new(),
        secret_pointers: body.secret_pointers,
    };
    let checked = planning::check(&app, &id, &body.profile, input, planning::MissingSecrets::Masked)?;
    let masked = crate::plan::with_masks(&checked.parameters, checked.secrets.keys());
    let request = checked
        .profile
        .preview(checked.operation, &masked)
        .await
        .map_err(|error| planning::not_prepared(checked.operation, &error))?;
    let mask = checked.profile.masked_access_key();
    let shown = |value: &str| {
        let mut value = value.to_owned();
        if let Some((access_key, mask)) = &mask {
            value = value.replace(access_key.expose_secret(), mask);
        }
        if !request.signature.is_empty() {
            // The first characters show that there is one; the rest would let it be sent (security.md section 1).
            let cut = format!("{}…", request.signature.chars().take(6).collect::<String>());
            value = value.replace(request.signature.as_str(), &cut);
        }
        value
    };
    Ok(Json(Preview {
        method: request.method,
        url: shown(&request.url()),
        headers: request
            .headers
            .iter()
            .map(|(name, value)| HeaderView { name: name.clone(), value: shown(value) })
            .collect(),
        body: shown(&String::from_utf8_lossy(&request.body)),
        canonical_request: shown(&request.canonical_request),
        string_to_sign: shown(&request.string_to_sign),
    }))
}
