//! Runs: listed, read, followed.

use super::{
    dto::{EventView, List, RunView},
    plans, views,
};
use crate::{
    error::{Problem, text},
    language::Reader,
    run::{Event, Run, State as RunState},
    state::App,
    store::RunFilter,
};
use axum::{
    Json,
    extract::{Path, Query, State},
    response::{
        IntoResponse, Response,
        sse::{Event as ServerSentEvent, KeepAlive, Sse},
    },
};
use catalog::model::Language;
use futures_util::stream;
use http::HeaderMap;
use serde::Deserialize;
use std::{convert::Infallible, sync::Arc, time::Duration};

pub(super) async fn find(app: &App, id: &str) -> Result<Run, Problem> {
    app.store.run(id).await?.ok_or_else(Problem::not_found)
}

/// A run.
#[utoipa::path(get, path = "/api/runs/{id}", params(("id" = String, Path)),
    responses((status = 200, body = RunView), (status = 404, body = super::dto::ProblemView)))]
pub(super) async fn one(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Reader(language): Reader,
) -> Result<Json<RunView>, Problem> {
    let run = find(&app, &id).await?;
    let plan = plans::find(&app, &run.plan).await?;
    Ok(Json(views::run(&app, &run, &plan, language)))
}

/// Which runs to list.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct RunsQuery {
    /// Operation id.
    operation: Option<String>,
    /// Profile name.
    profile: Option<String>,
    /// State.
    state: Option<RunState>,
    /// Free text.
    q: Option<String>,
    /// Only runs older than this one.
    before: Option<String>,
    /// At most so many, 1 to 100; 50 when absent.
    limit: Option<usize>,
}

/// Runs, newest first.
#[utoipa::path(get, path = "/api/runs", params(RunsQuery), responses((status = 200, body = List<RunView>)))]
pub(super) async fn list(
    State(app): State<Arc<App>>,
    Reader(language): Reader,
    query: Result<Query<RunsQuery>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<List<RunView>>, Problem> {
    let Query(query) = query.map_err(|_| {
        Problem::bad_request(
            "bad_query",
            text(
                "The query takes operation, profile, state, q, before and limit.",
                "可用的查询参数：operation、profile、state、q、before、limit。",
            ),
        )
    })?;
    let limit = query.limit.unwrap_or(50).clamp(1, 100);
    let some = |value: Option<String>| value.filter(|value| !value.is_empty());
    let filter = RunFilter {
        operation: some(query.operation),
        profile: some(query.profile),
        state: query.state,
        text: some(query.q),
        mode: None,
        user: None,
        instance: None,
        before: some(query.before),
        limit: limit + 1,
    };
    let mut runs = app.store.runs(&filter).await?;
    // One more than asked for tells whether there is a next page.
    let more = runs.len() > limit;
    runs.truncate(limit);
    let next = more.then(|| runs.last().map(|run| run.id.clone())).flatten();
    Ok(Json(List { items: runs.iter().map(|run| RunView::new(run, language)).collect(), next }))
}

/// Where a listener left off.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct EventsQuery {
    /// The id of the last event that was seen.
    after: Option<usize>,
}

/// The timeline as server-sent events: what happened, then what happens; ends after a final state.
#[utoipa::path(get, path = "/api/runs/{id}/events", params(("id" = String, Path), EventsQuery),
    responses((status = 200, description = "text/event-stream of `timeline` events"), (status = 404, body = super::dto::ProblemView)))]
pub(super) async fn events(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Query(query): Query<EventsQuery>,
    Reader(language): Reader,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    // Listening begins before the first look, so that nothing falls between.
    let receiver = app.changes.listen(&id);
    find(&app, &id).await?;
    let seen = headers
        .get("last-event-id")
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.parse().ok())
        .or(query.after)
        .unwrap_or(0);
    let follow = Follow { app, id, language, seen, receiver, waiting: Vec::new(), ended: false };
    let stream = stream::unfold(follow, Follow::next);
    Ok(Sse::new(stream).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))).into_response())
}

struct Follow {
    app: Arc<App>,
    id: String,
    language: Language,
    // How many entries of the timeline the listener has; also the id of the last event.
    seen: usize,
    receiver: tokio::sync::watch::Receiver<u64>,
    waiting: Vec<Event>,
    ended: bool,
}

impl Follow {
    async fn next(mut self) -> Option<(Result<ServerSentEvent, Infallible>, Self)> {
        loop {
            if let Some(event) = (!self.waiting.is_empty()).then(|| self.waiting.remove(0)) {
                self.seen += 1;
                let data = serde_json::to_string(&EventView::new(&event, self.language)).unwrap_or_default();
                let sent = ServerSentEvent::default().event("timeline").id(self.seen.to_string()).data(data);
                return Some((Ok(sent), self));
            }
            if self.ended {
                return None;
            }
            self.receiver.mark_unchanged();
            let run = self.app.store.run(&self.id).await.ok().flatten()?;
            self.ended = run.is_over();
            self.waiting = run.timeline.into_iter().skip(self.seen).collect();
            if self.waiting.is_empty() && !self.ended {
                self.receiver.changed().await.ok()?;
            }
        }
    }
}
