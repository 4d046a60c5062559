//! The description of this HTTP API, made from the handlers' own types.

use axum::Json;
use http::StatusCode;
use utoipa::{
    Modify, OpenApi, ToSchema,
    openapi::{Content, Ref, RefOr, Response, path::Operation},
};

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
        super::plans::preview,
        super::plans::price,
        super::confirming::create,
        super::history::list,
        super::runs::one,
        super::runs::events,
        super::actions::check,
        super::actions::resend,
        super::actions::settle,
        super::actions::cancel,
        super::actions::rollback,
        super::records::list,
        super::simulated::status,
        super::simulated::advance,
        super::simulated::scenario,
        super::simulated::pay,
        super::simulated::reset,
        openapi,
    ),
    modifiers(&Completed)
)]
struct Document;

/// What is the same for every operation, and what the derived description leaves out although OpenAPI 3.1 asks for it:
/// names that stand once in the document, and descriptions of answers.
struct Completed;

impl Modify for Completed {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        for (path, item) in &mut document.paths.paths {
            for (method, operation) in [("get", &mut item.get), ("post", &mut item.post)] {
                if let Some(operation) = operation {
                    complete(method, path, operation);
                }
            }
        }
    }
}

const PROBLEM: &str = "application/problem+json";

fn complete(method: &str, path: &str, operation: &mut Operation) {
    let words: Vec<&str> = path
        .split(['/', '.'])
        .filter(|part| !matches!(*part, "" | "api") && !part.starts_with('{'))
        .collect();
    let one = if path.contains('{') { "_one" } else { "" };
    operation.operation_id = Some(format!("{method}_{}{one}", words.join("_").replace('-', "_")));
    operation.tags = words.first().map(|resource| vec![(*resource).to_owned()]);
    let responses = &mut operation.responses.responses;
    for (status, response) in responses.iter_mut() {
        let RefOr::T(response) = response else { continue };
        let status = status.parse::<StatusCode>().unwrap_or_default();
        let refuses = status.is_client_error() || status.is_server_error();
        if refuses && let Some(content) = response.content.shift_remove("application/json") {
            response.content.insert(PROBLEM.to_owned(), content);
        }
        if response.description.is_empty() {
            status.canonical_reason().unwrap_or_default().clone_into(&mut response.description);
        }
    }
    // Host, origin, size, rate and load are checked before any handler (`guard`).
    let mut refusal = Response::new("Any other refusal");
    let schema = Ref::from_schema_name(super::dto::ProblemView::name());
    refusal.content.insert(PROBLEM.to_owned(), RefOr::T(Content::new(Some(schema))));
    responses.insert("default".to_owned(), RefOr::T(refusal));
}

/// This document.
#[utoipa::path(get, path = "/api/openapi.json", responses((status = 200, body = Object)))]
pub(super) async fn openapi() -> Json<utoipa::openapi::OpenApi> {
    Json(Document::openapi())
}
