//! Who the person is, and as which accounts one can act.

use super::dto::{Features, List, ProfileView, Session, SessionLimits};
use crate::{clock::rfc3339, identity::Person, state::App};
use axum::{Extension, Json, extract::State};
use std::sync::Arc;

/// Who am I, and what is on.
#[utoipa::path(get, path = "/api/session", responses((status = 200, body = Session)))]
pub(super) async fn session(
    State(app): State<Arc<App>>,
    Extension(person): Extension<Person>,
) -> Json<Session> {
    let limits = &app.config.limits;
    let (now, offset) = match &app.built_in {
        Some(built_in) => (built_in.clouds.now(), built_in.clouds.clock_offset_seconds()),
        None => ((app.sources.now)(), 0),
    };
    Json(Session {
        user: person.user,
        display_name: person.display_name,
        email: person.email,
        groups: person.groups,
        identity: app.identity.name(),
        roles: vec!["operator"],
        version: env!("CARGO_PKG_VERSION"),
        features: Features {
            live: app.config.allow_live,
            simulator: app.built_in.is_some(),
            approvals: false,
        },
        limits: SessionLimits {
            body_bytes: limits.body_bytes,
            reads_per_minute: limits.reads_per_minute,
            changes_per_minute: limits.changes_per_minute,
            previews_per_minute: limits.previews_per_minute,
        },
        now: rfc3339(now),
        clock_offset_seconds: offset,
    })
}

/// The accounts to act as.
#[utoipa::path(get, path = "/api/profiles", responses((status = 200, body = List<ProfileView>)))]
pub(super) async fn profiles(State(app): State<Arc<App>>) -> Json<List<ProfileView>> {
    let items = app
        .profiles
        .iter()
        .map(|profile| ProfileView {
            name: profile.config.name.clone(),
            cloud: profile.config.cloud,
            mode: profile.config.mode,
            region: profile.config.region.clone(),
            site: profile.config.site,
            project_id: profile.known_project_id().map(ToOwned::to_owned),
            domain_id: profile.known_domain_id().map(ToOwned::to_owned),
        })
        .collect();
    Json(List { items, next: None })
}
