//! The record, as JSON or as JSON Lines, whole and in order.

use super::dto::{List, RecordView};
use crate::{
    error::{Problem, text},
    record::Recorded,
    state::App,
    store::StoreError,
};
use axum::{
    body::Body,
    extract::{Query, State},
    response::Response,
};
use futures_util::{Stream, stream};
use http::{HeaderValue, header};
use serde::Deserialize;
use serde_json::json;
use std::{io, sync::Arc};

/// So many entries are read at a time.
const PAGE: usize = 500;

/// How the record is wanted.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct RecordsQuery {
    /// `jsonl`: one entry a line, all of them. Otherwise a page.
    format: Option<String>,
    /// Only entries after this one.
    after: Option<i64>,
}

/// The record, oldest first.
#[utoipa::path(get, path = "/api/records", params(RecordsQuery), responses((status = 200, body = List<RecordView>)))]
pub(super) async fn list(
    State(app): State<Arc<App>>,
    query: Result<Query<RecordsQuery>, axum::extract::rejection::QueryRejection>,
) -> Result<Response, Problem> {
    let bad = || {
        Problem::bad_request(
            "bad_query",
            text(
                "The query takes format (jsonl) and after (a number).",
                "可用的查询参数：format（jsonl）、after（数字）。",
            ),
        )
    };
    let Query(query) = query.map_err(|_| bad())?;
    let after = query.after.unwrap_or(0);
    match query.format.as_deref() {
        None | Some("json") => {
            let mut entries = app.store.records(after, PAGE + 1).await?;
            let more = entries.len() > PAGE;
            entries.truncate(PAGE);
            let next = more.then(|| entries.last().map(|entry| entry.seq.to_string())).flatten();
            // As text: it is the text of an entry that was hashed.
            let items = entries.iter().map(Recorded::json).collect::<Vec<_>>().join(",");
            let body = format!("{{\"items\":[{items}],\"next\":{}}}", json!(next));
            let mut response = Response::new(Body::from(body));
            response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
            Ok(response)
        }
        Some("jsonl") => {
            // The first page is read before the answer begins, so that a store that is down is still an error.
            let first = app.store.records(after, PAGE).await?;
            let mut response = Response::new(Body::from_stream(lines(app, first)));
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/jsonl"));
            headers.insert(
                header::CONTENT_DISPOSITION,
                HeaderValue::from_static("attachment; filename=\"upgrade-console-record.jsonl\""),
            );
            Ok(response)
        }
        Some(_) => Err(bad()),
    }
}

/// The lines, page by page. A store that fails on the way breaks the answer off: the part that was sent is a whole chain
/// of hashes by itself, so nothing else would tell that it is not the whole record.
fn lines(app: Arc<App>, first: Vec<Recorded>) -> impl Stream<Item = Result<String, io::Error>> {
    stream::unfold(Some(Ok(first)), move |page: Option<Result<Vec<Recorded>, StoreError>>| {
        let app = Arc::clone(&app);
        async move {
            let page = match page? {
                Ok(page) => page,
                Err(error) => return Some((Err(io::Error::other(error)), None)),
            };
            let chunk: String = page.iter().map(|entry| entry.json() + "\n").collect();
            let next = match page.last() {
                Some(last) if page.len() == PAGE => Some(app.store.records(last.seq, PAGE).await),
                _ => None,
            };
            Some((Ok(chunk), next))
        }
    })
}
