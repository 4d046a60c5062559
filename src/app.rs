//! The app: what it provides to its pages, and which page stands at which address.

use crate::client::Client;
use crate::components::{Announcer, Toast};
use crate::pages;
use crate::route::Route;
use crate::router::{Router, use_router};
use crate::shell::{BandBar, Footer, GoTo, SilenceNotice, SkipLink, TopBar};
use crate::state::attention::Attention;
use crate::state::band::{Band, BandScope};
use crate::state::catalogue::Catalogue;
use crate::state::health::{Health, Silence};
use crate::state::preferences::Preferences;
use crate::state::profiles::Profiles;
use crate::state::secrets::PlanSecrets;
use crate::state::session::SessionState;
use crate::state::simulator::Stage;
use leptos::prelude::*;
use std::time::Duration;

/// How often a server that does not answer is asked again.
const ASK_AGAIN: Duration = Duration::from_secs(5);

/// The page.
#[component]
pub fn App() -> impl IntoView {
    provide_state();
    let palette_open = RwSignal::new(false);
    view! {
        <SkipLink/>
        <BandBar/>
        <TopBar palette_open=palette_open/>
        <main class="page" id="main" tabindex="-1">
            <SilenceNotice/>
            <Pages/>
        </main>
        <Footer/>
        <Toast/>
        <GoTo open=palette_open/>
    }
}

/// Which page stands at which address; the addresses themselves are in [`crate::route`].
#[component]
fn Pages() -> impl IntoView {
    let router = use_router();
    // A page stays when only the id in its address changes.
    let page = Memo::new(move |_| std::mem::discriminant(&router.route()));
    move || {
        // Read, not only tracked: a memo that nobody has read does not know what it depends on.
        let _ = page.get();
        match untrack(|| router.route()) {
            Route::Home => pages::home::HomePage().into_any(),
            Route::Flow { .. } => pages::flow::FlowPage().into_any(),
            Route::Plan { .. } => pages::review::ReviewPage().into_any(),
            Route::Run { .. } => pages::run::RunPage().into_any(),
            Route::Runs => pages::runs::RunsPage().into_any(),
            Route::NotFound => pages::not_found::NotFoundPage().into_any(),
        }
    }
}

/// Creates what outlives a page, where it is owned: here.
fn provide_state() {
    let preferences = Preferences::restore();
    preferences.apply();
    let health = Health::new();
    let client = Client::new(preferences.language.read_only(), health);
    let session = SessionState::new();
    let profiles = Profiles::new();
    let catalogue = Catalogue::new();
    let router = Router::new();
    router.listen();
    provide_context(router);
    preferences.provide();
    provide_context(client);
    provide_context(health);
    provide_context(session);
    provide_context(profiles);
    provide_context(catalogue);
    let (stage, attention) = (Stage::new(), Attention::new());
    provide_context(stage);
    provide_context(attention);
    provide_context(PlanSecrets::new());
    provide_context(Announcer::new());
    provide_context(Band(RwSignal::new(BandScope::default())));

    let ask = move || {
        session.refresh(client);
        if profiles.list.with_untracked(Option::is_none) {
            profiles.refresh(client);
        }
        if catalogue.list.with_untracked(Option::is_none) {
            catalogue.refresh(client);
        }
        if attention.failed.with_untracked(Option::is_some) {
            attention.refresh(client);
        }
        if stage.failed.get_untracked() {
            stage.refresh(client, session);
        }
    };
    // Something was refused that every page needs: too many questions at once, a server that was starting.
    let is_missing = move || {
        session.failed.get_untracked()
            || stage.failed.get_untracked()
            || [profiles.failed, catalogue.failed, attention.failed]
                .iter()
                .any(|failed| failed.with_untracked(Option::is_some))
    };
    ask();
    // A server that does not answer, or not with what is needed, is asked again until it does.
    if let Ok(timer) = set_interval_with_handle(
        move || {
            if health.silence.get_untracked().is_some() || is_missing() {
                ask();
            }
        },
        ASK_AGAIN,
    ) {
        on_cleanup(move || timer.clear());
    }
    let lost = window_event_listener_untyped("offline", move |_| health.silence.set(Some(Silence::Offline)));
    let found = window_event_listener_untyped("online", move |_| ask());
    on_cleanup(move || {
        lost.remove();
        found.remove();
    });
}
