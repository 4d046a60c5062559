//! The form of an operation: `/flows/{operation}?profile=…&Name=value…`. A link fills it and never sends anything.

mod keeping;
mod opening;
mod refilling;
mod sending;

use crate::client::{ClientError, Mode, Offered, Profile, use_client};
use crate::components::{
    Crumb, Crumbs, ErrorNote, Loading, Note, NoteKind, PageHead, Step, Steps, TraitBadges,
};
use crate::form::offers::Offers;
use crate::form::{FormState, OperationForm};
use crate::route::Route;
use crate::router::use_router;
use crate::state::band::{BandScope, set_band};
use crate::state::health::use_health;
use crate::state::profiles::use_profiles;
use crate::state::session::use_session;
use crate::times;
use crate::words::use_words;
use leptos::prelude::*;
use leptos::task::spawn_local;
use opening::Opening;
use std::sync::Arc;
use std::time::Duration;

/// How often the present is read again: it decides what is too early.
const TICK: Duration = Duration::from_secs(15);

/// The page.
#[component]
pub fn FlowPage() -> impl IntoView {
    let client = use_client();
    let health = use_health();
    let id = use_router().part(|route| match route {
        Route::Flow { operation } => Some(operation),
        _ => None,
    });
    let again = RwSignal::new(0_u32);
    let found = RwSignal::new(None::<Result<Arc<Offered>, ClientError>>);
    Effect::new(move || {
        again.track();
        let asked = id.get();
        found.set(None);
        spawn_local(async move {
            let answer = client.operation(&asked).await;
            health.learn(&answer);
            // The person may have gone on to another operation, or away.
            if id_is(&asked, id.try_get_untracked()) {
                found.try_set(Some(answer.map(Arc::new)));
            }
        });
    });
    let retry = Callback::new(move |()| again.update(|count| *count = count.wrapping_add(1)));
    move || match found.get() {
        None => view! { <Waiting/> }.into_any(),
        Some(Err(error)) => view! { <Failed error=error retry=retry/> }.into_any(),
        Some(Ok(offered)) => view! { <Flow offered=offered/> }.into_any(),
    }
}

fn id_is(wanted: &str, now: Option<String>) -> bool {
    now.as_deref() == Some(wanted)
}

#[component]
fn Waiting() -> impl IntoView {
    let words = use_words();
    let what = Signal::derive(move || words.get().form.loading().to_owned());
    view! { <PageHead heading=what/><Loading what=what/> }
}

#[component]
fn Failed(error: ClientError, retry: Callback<()>) -> impl IntoView {
    let words = use_words();
    let is_unknown = error.status() == Some(404);
    let heading = Signal::derive(move || {
        let words = &words.get().form;
        if is_unknown { words.unknown_operation() } else { words.not_read() }.to_owned()
    });
    let text = move || {
        if is_unknown {
            view! { <p>{move || words.get().form.unknown_operation_text()}</p> }.into_any()
        } else {
            let explained = error.explain(words.get());
            view! { <ErrorNote explained=explained retry=retry/> }.into_any()
        }
    };
    view! {
        <PageHead heading=heading/>
        <div class="stack-s">
            {text}
            <p><a href=Route::Home.href()>{move || words.get().form.all_operations()}</a></p>
        </div>
    }
}

/// The frame of the page. The form inside is one for each profile: values of one account mean nothing in another.
#[component]
fn Flow(offered: Arc<Offered>) -> impl IntoView {
    let operation = &offered.operation;
    let words = use_words();
    let profiles = use_profiles();
    let language = crate::state::preferences::use_language();
    let cloud = operation.cloud;
    set_band(Signal::stored(BandScope::Cloud(cloud)));
    let opening = Opening::read();
    opening.choose_profile(profiles);
    let problems = RwSignal::new(false);
    let title = operation.title.clone();
    let heading = Signal::derive(move || title.get(language.get()).to_owned());
    let window = Signal::derive(move || {
        if problems.get() { words.get().shell.error_prefix(&heading.get()) } else { heading.get() }
    });
    let product = operation.product.title.clone();
    let crumbs = Signal::derive(move || {
        let words = words.get();
        let product = product.get(language.get()).to_owned();
        vec![
            Crumb {
                label: Signal::stored(words.shell.operations().to_owned()),
                href: Some(Route::Home.href()),
            },
            Crumb { label: Signal::stored(words.shell.cloud(cloud).to_owned()), href: None },
            Crumb { label: Signal::stored(product), href: None },
        ]
    });
    // `None` until it is known whether there are profiles: a form that is drawn earlier would lose its draft.
    let profile = Memo::new(move |_| {
        let known = profiles.list.with(Option::is_some) || profiles.failed.with(Option::is_some);
        known.then(|| profiles.current_for(cloud))
    });
    let traits = operation.traits.clone();
    let summary = operation.summary.clone();
    let id = operation.id.clone();
    let opening = StoredValue::new(Some(opening));
    let form = move || match profile.get() {
        None => {
            let what = Signal::derive(move || words.get().form.loading().to_owned());
            view! { <Loading what=what/> }.into_any()
        }
        Some(profile) => {
            // A link speaks to the first form only.
            let opening = opening.try_update_value(Option::take).flatten().unwrap_or_default();
            view! { <Filling offered=Arc::clone(&offered) profile=profile opening=opening problems=problems/> }.into_any()
        }
    };
    view! {
        <Crumbs crumbs=crumbs/>
        <PageHead heading=heading title=window side=ViewFn::from(|| view! { <Steps current=Step::Fill/> })>
            <p class="lede">{move || summary.get(language.get()).to_owned()}</p>
            <div class="head-sub"><code>{id.clone()}</code><TraitBadges traits=traits/></div>
        </PageHead>
        {form}
    }
}

/// The form for one profile.
#[component]
fn Filling(
    offered: Arc<Offered>,
    profile: Option<Profile>,
    opening: Opening,
    problems: RwSignal<bool>,
) -> impl IntoView {
    let words = use_words();
    let session = use_session();
    let simulated = profile.as_ref().is_some_and(|profile| profile.mode == Mode::Simulated);
    let present = move || {
        let ahead = if simulated { session.clock_offset_ms() } else { 0.0 };
        // Milliseconds since 1970 are whole and far below 2^53.
        #[expect(clippy::cast_possible_truncation, reason = "instants of the calendar fit 64 bits")]
        let now = (times::now_ms() + ahead) as i64;
        now
    };
    let operation = Arc::new(offered.operation.clone());
    let opened = opening::open(&operation, profile.as_ref(), opening);
    let form = FormState::new(Arc::clone(&operation), opened.draft.clone(), untrack(present));
    if let Some(profile) = &profile {
        form.offer(Offers { profile: profile.name.clone(), fields: offered.choices.clone() });
    }
    Effect::new(move || form.now.set(present()));
    if let Ok(timer) = set_interval_with_handle(move || form.now.set(untrack(present)), TICK) {
        on_cleanup(move || timer.clear());
    }
    Effect::new(move || problems.set(!form.open_problems().is_empty()));
    let keeper = keeping::Keeper::new(form, &operation, profile.as_ref(), &opened);
    let sender = sending::Sender::new(form, keeper, profile.clone());
    refilling::refill(form, keeper, &opened);
    let name = profile.as_ref().map(|profile| profile.name.clone());
    let mode = profile.as_ref().map(|profile| profile.mode);
    let no_profile = profile.is_none().then(|| {
        view! { <Note kind=NoteKind::Warn><p>{move || words.get().form.no_profile()}</p></Note> }
    });
    view! {
        <div class="stack">
            {no_profile}
            {keeper.notices()}
            <OperationForm
                form=form
                profile=Signal::stored(name)
                mode=Signal::stored(mode)
                on_submit=Callback::new(move |()| sender.send())
                on_clear=Callback::new(move |()| keeper.clear())
                busy=sender.busy
                said=keeper.said()
                notice=ViewFn::from(move || sender.failure())
            />
        </div>
    }
}
