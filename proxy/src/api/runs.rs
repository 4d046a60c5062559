//! Runs: read, followed. How they are listed is in `history`.

use super::{
    dto::{EventView, RunView},
    plans, views,
};
use crate::{
    error::Problem,
    language::Reader,
    run::{Event, Run},
    state::App,
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
