//! One id for each request: in the answer's header, in a problem's `instance`, and on every line that the log gets while
//! the request is worked on. A handler that panics is a problem with that id, and the server goes on (security.md R13, F10).

use crate::error::Problem;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use http::HeaderName;
use std::{future::Future, panic::AssertUnwindSafe};
use tracing::Instrument;

/// The header that tells the id.
pub const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// What a request is answered with, under its id.
pub(crate) async fn under(id: &str, answering: impl Future<Output = Response>) -> Response {
    let answer = async {
        // Whatever a panic leaves half done is dropped with the future; what is shared is behind locks that outlive it.
        let response = AssertUnwindSafe(answering).catch_unwind().await.unwrap_or_else(|_| {
            tracing::error!("a handler failed");
            Problem::internal().into_response()
        });
        if let Some(problem) = response.extensions().get::<Problem>()
            && problem.status.is_server_error()
        {
            tracing::warn!(
                status = problem.status.as_u16(),
                code = problem.code,
                "a request could not be served"
            );
        }
        response
    };
    // As severe as can be, so that no level of the log leaves the id out.
    answer.instrument(tracing::error_span!("request", id)).await
}
