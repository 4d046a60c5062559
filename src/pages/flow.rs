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
use crate::form::{FormParts, FormState, operation_form};
use crate::route::Route;
use crate::router::use_router;
use crate::state::band::{BandScope, set_band};
use crate::state::profiles::use_profiles;
use crate::state::session::use_session;
use crate::times;
use crate::words::{said, say, use_words};
use catalog::model::{Operation, Text};
use keeping::Filling;
use leptos::prelude::*;
use opening::Opening;
use refilling::refill;
use std::sync::Arc;
use std::time::Duration;

/// How often the present is read again: it decides what is too early.
const TICK: Duration = Duration::from_secs(15);

/// The page.
#[component]
pub fn FlowPage() -> impl IntoView {
    let client = use_client();
    let id = use_router().part(|route| match route {
        Route::Flow { operation } => Some(operation),
        _ => None,
    });
    let again = RwSignal::new(0_u32);
    let found = RwSignal::new(None::<Result<Arc<Offered>, ClientError>>);
    Effect::new(move || {
        again.track();
        found.set(None);
        client.operation(&id.get()).then_here(move |answer| found.set(Some(answer.map(Arc::new))));
    });
    let retry = Callback::new(move |()| again.update(|count| *count = count.wrapping_add(1)));
    move || match found.get() {
        None => waiting(),
        Some(Err(error)) => failed(error, retry),
        Some(Ok(offered)) => flow(offered),
    }
}

fn waiting() -> AnyView {
    let what = said(|w| w.form.loading());
    view! { <PageHead heading=what/><Loading what=what/> }
}

fn failed(error: ClientError, retry: Callback<()>) -> AnyView {
    let words = use_words();
    let is_unknown = error.status() == Some(404);
    let heading = if is_unknown { said(|w| w.form.unknown_operation()) } else { said(|w| w.form.not_read()) };
    let text = move || {
        if is_unknown {
            let text = words.get().form.unknown_operation_text();
            view! { <p>{text}</p> }
        } else {
            let explained = error.explain(words.get());
            view! { <ErrorNote explained=explained retry=retry/> }
        }
    };
    view! {
        <PageHead heading=heading/>
        <div class="stack-s">
            {text}
            <p><a href=Route::Home.href()>{say(|w| w.form.all_operations())}</a></p>
        </div>
    }
}

/// The frame of the page. The form inside is one for each profile: values of one account mean nothing in another.
fn flow(offered: Arc<Offered>) -> AnyView {
    let words = use_words();
    let profiles = use_profiles();
    let language = crate::state::preferences::use_language();
    let cloud = offered.operation.cloud;
    set_band(Signal::stored(BandScope::Cloud(cloud)));
    let opening = Opening::read();
    opening.choose_profile(profiles);
    let opening = StoredValue::new(Some(opening));
    let problems = RwSignal::new(false);
    let id = offered.operation.id.clone();
    let traits = offered.operation.traits.clone();
    let offered = StoredValue::new(offered);
    let text = move |pick: fn(&Operation) -> &Text| {
        Signal::derive(move || {
            offered.with_value(|offered| pick(&offered.operation).get(language.get()).to_owned())
        })
    };
    let heading = text(|operation| &operation.title);
    let window = Signal::derive(move || {
        let heading = heading.get();
        if problems.get() { words.get().shell.error_prefix(&heading) } else { heading }
    });
    let product = text(|operation| &operation.product.title);
    let crumbs = Signal::derive(move || {
        let words = &words.get().shell;
        let crumb = |label: &str, href| Crumb { label: Signal::stored(label.to_owned()), href };
        vec![
            crumb(words.operations(), Some(Route::Home.href())),
            crumb(words.cloud(cloud), None),
            Crumb { label: product, href: None },
        ]
    });
    // `None` until it is known whether there are profiles: a form that is drawn earlier would lose its draft.
    let profile = Memo::new(move |_| {
        let known = profiles.list.with(Option::is_some) || profiles.failed.with(Option::is_some);
        known.then(|| profiles.current_for(cloud))
    });
    let form = move || match profile.get() {
        None => view! { <Loading what=said(|w| w.form.loading())/> },
        Some(profile) => {
            // A link speaks to the first form only.
            let opening = opening.try_update_value(Option::take).flatten().unwrap_or_default();
            filling(&offered.get_value(), profile, opening, problems)
        }
    };
    let steps = || view! { <Steps current=Step::Fill/> };
    view! {
        <Crumbs crumbs=crumbs/>
        <PageHead heading=heading title=window side=ViewFn::from(steps)>
            <p class="lede">{text(|operation| &operation.summary)}</p>
            <div class="head-sub"><code>{id}</code><TraitBadges traits=traits/></div>
        </PageHead>
        {form}
    }
}

/// The form for one profile.
fn filling(
    offered: &Offered,
    profile: Option<Profile>,
    opening: Opening,
    problems: RwSignal<bool>,
) -> AnyView {
    let session = use_session();
    let profile = profile.as_ref();
    let simulated = profile.is_some_and(|profile| profile.mode == Mode::Simulated);
    let present = move || {
        let ahead = if simulated { session.clock_offset_ms() } else { 0.0 };
        // Milliseconds since 1970 are whole and far below 2^53.
        #[expect(clippy::cast_possible_truncation, reason = "instants of the calendar fit 64 bits")]
        let now = (times::now_ms() + ahead) as i64;
        now
    };
    let operation = Arc::clone(&offered.operation);
    let mut opened = opening::open(&operation, profile, opening);
    let form = FormState::new(operation, std::mem::take(&mut opened.draft), untrack(present));
    if let Some(profile) = profile {
        form.offer(Offers { profile: profile.name.clone(), fields: offered.choices.clone() });
    }
    let now = form.now();
    Effect::new(move || now.set(present()));
    if let Ok(timer) = set_interval_with_handle(move || now.set(untrack(present)), TICK) {
        on_cleanup(move || timer.clear());
    }
    let is_wrong = Memo::new(move |_| form.has_open_problems());
    Effect::new(move || problems.set(is_wrong.get()));
    let filling = Filling::new(form, profile, &opened);
    if opened.link.is_some() || opened.from.is_some() {
        refill(filling, opened.from);
    }
    let no_profile = profile
        .is_none()
        .then(|| view! { <Note kind=NoteKind::Warn><p>{say(|w| w.form.no_profile())}</p></Note> });
    let parts = FormParts {
        profile: profile.map(|profile| profile.name.clone()),
        mode: profile.map(|profile| profile.mode),
        on_submit: Callback::new(move |()| filling.send()),
        on_clear: Callback::new(move |()| filling.clear()),
        busy: filling.parts().busy.into(),
        said: Signal::derive(move || filling.said()),
        notice: filling.failure(),
    };
    view! {
        <div class="stack">
            {no_profile}
            {filling.notices(opened.missing_profile, opened.link)}
            {operation_form(form, parts)}
        </div>
    }
}
