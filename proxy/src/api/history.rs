//! The history: runs as a page, newest first, or exported whole, as JSON Lines or CSV, under the same filters.

use super::dto::{List, RunView};
use crate::{
    config::Mode,
    error::{Problem, text},
    language::Reader,
    run::{Run, State as RunState},
    state::App,
    store::{RunFilter, StoreError},
};
use axum::{
    Json,
    body::Body,
    extract::{Query, State},
    response::{IntoResponse, Response},
};
use catalog::model::Language;
use futures_util::{Stream, stream};
use http::{HeaderValue, header};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::{io, sync::Arc};

/// So many runs are on a page when nobody says otherwise.
const PAGE: usize = 50;
/// So many runs are read at a time for an export: their answers are in memory until they are written.
const CHUNK: usize = 100;

/// Which runs, and in which form.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct RunsQuery {
    /// Operation id.
    operation: Option<String>,
    /// Profile name.
    profile: Option<String>,
    /// Simulated or live.
    mode: Option<Mode>,
    /// Who confirmed.
    user: Option<String>,
    /// State.
    state: Option<RunState>,
    /// Free text.
    q: Option<String>,
    /// Only runs older than this one.
    before: Option<String>,
    /// A page has at most so many, 1 to 100; 50 when absent. An export has all.
    limit: Option<usize>,
    /// A page of whole runs (`json`, as when absent), or one line for every run (`jsonl`, `csv`).
    #[param(inline)]
    format: Option<Format>,
    /// The language of an export (`en`, `zh`), for a link cannot send `Accept-Language`.
    #[param(inline)]
    lang: Option<Spoken>,
}

/// How the runs are written.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
enum Format {
    Json,
    Jsonl,
    Csv,
}

/// A language by its tag.
#[derive(Clone, Copy, Deserialize, utoipa::ToSchema)]
enum Spoken {
    #[serde(rename = "en")]
    English,
    #[serde(rename = "zh", alias = "zh-CN")]
    Chinese,
}

/// Runs, newest first.
#[utoipa::path(get, path = "/api/runs", params(RunsQuery), responses((status = 200, body = List<RunView>)))]
pub(super) async fn list(
    State(app): State<Arc<App>>,
    Reader(reader): Reader,
    query: Result<Query<RunsQuery>, axum::extract::rejection::QueryRejection>,
) -> Result<Response, Problem> {
    let Query(query) = query.map_err(|_| {
        Problem::bad_request(
            "bad_query",
            text(
                "The address asks for something that the history does not know. Clear the filters, or give operation, \
                 profile, mode (simulated, live), user, state (the name of one, such as succeeded), q, before, limit, \
                 format (json, jsonl, csv) and lang (en, zh), each at most once.",
                "地址中有历史记录无法识别的筛选条件。请清除筛选，或使用 operation、profile、mode（simulated、live）、\
                 user、state（状态名，如 succeeded）、q、before、limit、format（json、jsonl、csv）、lang（en、zh），每个最多一次。",
            ),
        )
    })?;
    let language = match query.lang {
        Some(Spoken::English) => Language::En,
        Some(Spoken::Chinese) => Language::Zh,
        None => reader,
    };
    let some = |value: Option<String>| value.filter(|value| !value.is_empty());
    let limit = query.limit.unwrap_or(PAGE).clamp(1, 100);
    let format = query.format.unwrap_or(Format::Json);
    let filter = RunFilter {
        operation: some(query.operation),
        profile: some(query.profile),
        mode: query.mode,
        instance: None,
        user: some(query.user),
        state: query.state,
        text: some(query.q),
        before: some(query.before),
        limit: if format == Format::Json { limit + 1 } else { CHUNK },
    };
    // The first runs of an export are read before the answer begins, so that a store that is down is still an error.
    let mut runs = app.store.runs(&filter).await?;
    if format != Format::Json {
        return Ok(export(app, filter, runs, format, language));
    }
    // One more than asked for tells whether there is a next page.
    let more = runs.len() > limit;
    runs.truncate(limit);
    let next = more.then(|| runs.last().map(|run| run.id.clone())).flatten();
    Ok(Json(List { items: runs.iter().map(|run| RunView::new(run, language)).collect(), next })
        .into_response())
}

/// A file to keep.
fn export(app: Arc<App>, filter: RunFilter, first: Vec<Run>, format: Format, language: Language) -> Response {
    let (kind, name) = match format {
        Format::Csv => {
            ("text/csv; charset=utf-8; header=present", "attachment; filename=\"upgrade-console-runs.csv\"")
        }
        _ => ("application/jsonl", "attachment; filename=\"upgrade-console-runs.jsonl\""),
    };
    let mut response = Response::new(Body::from_stream(lines(app, filter, first, format, language)));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static(name));
    response
}

/// The lines, page by page. A store that fails on the way breaks the answer off, so that half a history is never taken
/// for a whole one.
fn lines(
    app: Arc<App>,
    filter: RunFilter,
    first: Vec<Run>,
    format: Format,
    language: Language,
) -> impl Stream<Item = Result<String, io::Error>> {
    let head = if format == Format::Csv { csv_head(language) } else { String::new() };
    stream::unfold(Some((head, Ok(first))), move |state| {
        let app = Arc::clone(&app);
        let mut filter = filter.clone();
        async move {
            let (mut chunk, page): (String, Result<Vec<Run>, StoreError>) = state?;
            let page = match page {
                Ok(page) => page,
                Err(error) => return Some((Err(io::Error::other(error)), None)),
            };
            for run in &page {
                let view = RunView::new(run, language);
                match format {
                    Format::Csv => csv_line(&mut chunk, COLUMNS.iter().map(|(_, cell)| cell(&view))),
                    _ => json_line(&mut chunk, &view),
                }
            }
            let next = match page.last() {
                Some(last) if page.len() == CHUNK => {
                    filter.before = Some(last.id.clone());
                    Some((String::new(), app.store.runs(&filter).await))
                }
                _ => None,
            };
            Some((Ok(chunk), next))
        }
    })
}

/// A column: its name, and what of a run stands in it.
type Column = (&'static str, fn(&RunView) -> Value);

/// The columns of an export, the same in both forms. Who reads a file by program relies on the names.
const COLUMNS: [Column; 25] = [
    ("id", |run| json!(run.id)),
    ("created_at", |run| json!(run.created_at)),
    ("updated_at", |run| json!(run.updated_at)),
    ("user", |run| json!(run.user)),
    ("mode", |run| json!(run.mode)),
    ("profile", |run| json!(run.profile)),
    ("operation", |run| json!(run.operation)),
    ("title", |run| json!(run.title)),
    ("instance", |run| json!(run.instance)),
    ("target", |run| json!(run.target)),
    ("state", |run| json!(run.state)),
    ("failure", |run| json!(run.failure)),
    ("outcome", |run| json!(run.outcome)),
    ("reason", |run| json!(run.reason)),
    ("status", |run| json!(run.answer.as_ref().map(|answer| answer.status))),
    ("code", |run| json!(run.answer.as_ref().and_then(|answer| answer.code.as_deref()))),
    ("message", |run| json!(run.answer.as_ref().and_then(|answer| answer.message.as_deref()))),
    ("request_id", |run| json!(run.answer.as_ref().and_then(|answer| answer.request_id.as_deref()))),
    ("order_id", |run| json!(run.order_id)),
    ("duration_ms", |run| json!(run.answer.as_ref().map(|answer| answer.duration_ms))),
    ("plan", |run| json!(run.plan)),
    ("payload_hash", |run| json!(run.payload_hash)),
    ("kind", |run| json!(run.kind)),
    ("undoes", |run| json!(run.undoes)),
    ("dry_run", |run| json!(run.dry_run)),
];

fn json_line(out: &mut String, run: &RunView) {
    let line: Map<String, Value> =
        COLUMNS.iter().map(|(name, cell)| ((*name).to_owned(), cell(run))).collect();
    out.push_str(&Value::Object(line).to_string());
    out.push('\n');
}

fn csv_head(language: Language) -> String {
    // Spreadsheets take a file without this mark for the local code page, which spoils Chinese; programs trip over it.
    let mut head = if language == Language::Zh { "\u{feff}" } else { "" }.to_owned();
    csv_line(&mut head, COLUMNS.iter().map(|(name, _)| json!(name)));
    head
}

/// One line of RFC 4180.
fn csv_line(out: &mut String, cells: impl Iterator<Item = Value>) {
    for (index, cell) in cells.enumerate() {
        if index > 0 {
            out.push(',');
        }
        match cell {
            Value::Null => {}
            Value::String(text) => csv_text(out, &text),
            other => out.push_str(&other.to_string()),
        }
    }
    out.push_str("\r\n");
}

/// A text that a spreadsheet would run as a formula (a cloud chose its words) gets an apostrophe in front.
fn csv_text(out: &mut String, text: &str) {
    let guard = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    if text.contains(['"', ',', '\r', '\n']) {
        out.push('"');
        out.push_str(guard);
        out.push_str(&text.replace('"', "\"\""));
        out.push('"');
    } else {
        out.push_str(guard);
        out.push_str(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(cells: &[Value]) -> String {
        let mut out = String::new();
        csv_line(&mut out, cells.iter().cloned());
        out
    }

    #[test]
    fn cells_are_quoted_as_rfc_4180_says() {
        assert_eq!(
            line(&[
                json!("plain"),
                json!("a,b"),
                json!("say \"hi\""),
                json!("two\nlines"),
                json!(null),
                json!(412)
            ]),
            "plain,\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\",,412\r\n"
        );
    }

    #[test]
    fn no_cell_is_a_formula() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"] {
            let line = line(&[json!(text)]);
            assert!(line.trim_start_matches('"').starts_with('\''), "{line:?}");
        }
        assert_eq!(line(&[json!("=HYPERLINK(\"x\",\"y\")")]), "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"\r\n");
        assert_eq!(line(&[json!("2026-11-21T08:00:00Z"), json!(-5)]), "2026-11-21T08:00:00Z,-5\r\n");
    }
}
