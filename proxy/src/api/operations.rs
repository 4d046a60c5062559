//! The catalogue, and the exact request that parameters would make.

use super::dto::{ChoiceView, ChoicesBody, HeaderView, List, Preview, PreviewBody};
use crate::{
    body::Strict,
    choices::Choosing,
    error::{Problem, text},
    flows,
    language::Reader,
    planning::{self, Input},
    profile::Profile,
    state::App,
};
use axum::{
    Json,
    extract::{Path, State},
};
use catalog::{Kind, Operation, OperationSummary};
use secrecy::ExposeSecret;
use serde::Serialize;
use serde_json::{Map, Value};
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

/// One operation, whole; `choices` names the fields whose choices the cloud gives, `*` stands for an index or for the name
/// of a free member.
#[utoipa::path(get, path = "/api/operations/{id}", params(("id" = String, Path)),
    responses((status = 200, body = Object), (status = 404, body = super::dto::ProblemView)))]
pub(super) async fn one(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
) -> Result<Json<OperationView>, Problem> {
    let operation = app.catalogue.public(&id).cloned().ok_or_else(Problem::unknown_operation)?;
    Ok(Json(OperationView { choices: flows::of(&operation).choice_fields(), operation }))
}

/// An operation with what the flow adds.
#[derive(Serialize)]
pub(super) struct OperationView {
    #[serde(flatten)]
    operation: Operation,
    choices: &'static [&'static str],
}

/// Choices for a field, from the cloud's own lists.
#[utoipa::path(post, path = "/api/operations/{id}/choices", params(("id" = String, Path)), request_body = ChoicesBody,
    responses((status = 200, body = List<ChoiceView>), (status = 400, body = super::dto::ProblemView),
        (status = 403, body = super::dto::ProblemView), (status = 404, body = super::dto::ProblemView),
        (status = 502, body = super::dto::ProblemView)))]
pub(super) async fn choices(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Reader(language): Reader,
    Strict(body): Strict<ChoicesBody>,
) -> Result<Json<List<ChoiceView>>, Problem> {
    let operation = app.catalogue.public(&id).ok_or_else(Problem::unknown_operation)?;
    let profile = app.profile(&body.profile).ok_or_else(Problem::profile_forbidden)?;
    if profile.config.cloud != operation.cloud {
        return Err(planning::wrong_cloud());
    }
    let flow = flows::of(operation);
    let field = if body.field.starts_with('/') { body.field.clone() } else { format!("/{}", body.field) };
    if !flow.choice_fields().iter().any(|known| names(operation, known, &field)) {
        return Err(Problem::invalid_one(
            "/field",
            "no_choices",
            text("The cloud gives no choices for this field.", "云端没有该字段的可选值。"),
        ));
    }
    let query = body.query.unwrap_or_default().trim().to_lowercase();
    let choosing = Choosing {
        profile,
        operation,
        field: &field,
        parameters: &body.parameters,
        query: &query,
        cursor: body.cursor.as_deref(),
    };
    let found = flow.choices(choosing).await?;
    Ok(Json(List {
        items: found.items.iter().map(|choice| ChoiceView::new(choice, language)).collect(),
        next: found.next,
    }))
}

/// Whether a pointer is one of those that a pattern stands for: `*` is an index of a list, or any member of an object
/// whose members are free.
fn names(operation: &Operation, pattern: &str, pointer: &str) -> bool {
    let (wanted, given): (Vec<&str>, Vec<&str>) =
        (pattern.split('/').collect(), pointer.split('/').collect());
    let free = wanted.get(1).is_some_and(|name| {
        operation.fields.iter().any(|field| field.name == *name && matches!(field.kind, Kind::FreeObject))
    });
    let fits = |(wanted, given): (&&str, &&str)| {
        let any = !given.is_empty() && (free || given.bytes().all(|byte| byte.is_ascii_digit()));
        wanted == given || (*wanted == "*" && any)
    };
    wanted.len() == given.len() && wanted.iter().zip(&given).all(fits)
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
    shown(checked.profile, checked.operation, &masked).await.map(Json)
}

/// The exact request of masked parameters, with the access key masked and the signature cut.
pub(super) async fn shown(
    profile: &Profile,
    operation: &Operation,
    masked: &Map<String, Value>,
) -> Result<Preview, Problem> {
    let request = profile
        .preview(operation, masked)
        .await
        .map_err(|error| planning::not_prepared(operation, &error))?;
    let mask = profile.masked_access_key();
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
    Ok(Preview {
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
    })
}
