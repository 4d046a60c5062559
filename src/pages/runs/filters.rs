//! What the history is filtered by: in the address, so that a link, a reload and the browser's Back keep it.

use crate::client::{RunFilter, RunState};
use crate::components::{Glyph, Icon};
use crate::form::row_tools::focus_soon;
use crate::route::Route;
use crate::router::use_router;
use crate::state::catalogue::use_catalogue;
use crate::state::profiles::use_profiles;
use crate::words::{Words, say, use_words};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

/// What a person chooses, by the names that the server knows too; `before` is where a later page starts.
const NAMES: [&str; 7] = ["q", "operation", "state", "mode", "profile", "user", "before"];

/// A choice: its value and its words.
type Choice = (String, String);

/// The filter that an address asks for; what else stands there is left alone.
pub(super) fn of(query: &[(String, String)]) -> RunFilter {
    let value = |name: &str| {
        query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str()).unwrap_or_default()
    };
    NAMES.iter().fold(RunFilter::default(), |filter, name| filter.with(name, value(name)))
}

/// The same filter from the newest run on.
pub(super) fn whole(filter: &RunFilter) -> RunFilter {
    NAMES[..6].iter().fold(RunFilter::default(), |kept, name| kept.with(name, filter.get(name)))
}

/// With another value of one condition, from the newest run on.
fn changed(filter: &RunFilter, name: &str, value: &str) -> RunFilter {
    NAMES[..6].iter().fold(RunFilter::default(), |kept, one| {
        kept.with(one, if *one == name { value } else { filter.get(one) })
    })
}

/// The form. What is typed takes effect when it is sent, which changes the address; `again` reads the same once more.
pub(super) fn filters(filter: Memo<RunFilter>, again: impl Fn() + Copy + 'static) -> AnyView {
    let words = use_words();
    let router = use_router();
    let (catalogue, profiles) = (use_catalogue(), use_profiles());
    let typed = RwSignal::new(RunFilter::default());
    // Back and forward, and a link to another filter, are seen in the form.
    Effect::new(move || typed.set(whole(&filter.get())));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let wanted = typed.get_untracked();
        if wanted == filter.get_untracked() {
            again();
        } else {
            router.go(&format!("{}{}", Route::Runs.href(), wanted.query()));
        }
    };
    let operations = Signal::derive(move || {
        let language = words.get().language();
        catalogue.list.with(|list| {
            let all = list.iter().flatten();
            all.map(|operation| (operation.id.clone(), operation.title.get(language).to_owned())).collect()
        })
    });
    let states = Signal::derive(move || {
        let words = words.get();
        let all = RunState::ALL.into_iter();
        all.map(|state| (state.name().to_owned(), words.states.state(state).to_owned())).collect()
    });
    let modes = Signal::derive(move || {
        let shell = &words.get().shell;
        vec![
            ("simulated".to_owned(), shell.simulated().to_owned()),
            ("live".to_owned(), shell.live().to_owned()),
        ]
    });
    let accounts = Signal::derive(move || {
        profiles.list.with(|list| {
            list.iter().flatten().map(|profile| (profile.name.clone(), profile.name.clone())).collect()
        })
    });
    let any = move || filter.with(|filter| whole(filter) != RunFilter::default());
    view! {
        <form class="filters" role="search" aria-label=say(|w| w.runs.filter_label()) on:submit=submit>
            <div class="field">
                <label for="runs-q">{say(|w| w.runs.search())}</label>
                <span class="input-with"><Icon glyph=Glyph::Search/>{text("q", "search", typed)}</span>
            </div>
            {choose("operation", |w| w.runs.operation(), |w| w.runs.all_operations(), operations, filter, typed)}
            {choose("state", |w| w.runs.state(), |w| w.runs.all_states(), states, filter, typed)}
            {choose("mode", |w| w.runs.mode(), |w| w.runs.all_modes(), modes, filter, typed)}
            {choose("profile", |w| w.shell.profile(), |w| w.runs.all_profiles(), accounts, filter, typed)}
            <div class="field">
                <label for="runs-user">{say(|w| w.runs.who())}</label>
                {text("user", "text", typed)}
            </div>
            <div class="row">
                <button class="btn" type="submit">{say(|w| w.runs.filter())}</button>
                {move || {
                    any().then(|| view! { <a href=Route::Runs.href() on:click=to_search>{say(|w| w.runs.clear_filters())}</a> })
                }}
            </div>
        </form>
    }
    .into_any()
}

/// A link that clears the filters is gone with the press: what is searched next is typed here.
pub(super) fn to_search(_: leptos::ev::MouseEvent) {
    focus_soon("runs-q".to_owned());
}

/// A text that is typed.
fn text(name: &'static str, kind: &'static str, typed: RwSignal<RunFilter>) -> AnyView {
    let hint = (name == "q").then_some(say(|w| w.runs.search_hint()));
    view! {
        <input
            class="input"
            id=format!("runs-{name}")
            type=kind
            autocomplete="off"
            placeholder=hint
            prop:value=move || typed.with(|typed| typed.get(name).to_owned())
            on:input=move |event| typed.update(|typed| *typed = changed(typed, name, &event_target_value(&event)))
        />
    }
    .into_any()
}

/// One of several known values, or all.
fn choose(
    name: &'static str,
    label: fn(&'static Words) -> &'static str,
    all: fn(&'static Words) -> &'static str,
    choices: Signal<Vec<Choice>>,
    filter: Memo<RunFilter>,
    typed: RwSignal<RunFilter>,
) -> AnyView {
    let id = format!("runs-{name}");
    let words = use_words();
    let options = move || {
        let now = filter.with(|filter| filter.get(name).to_owned());
        let mut choices = choices.get();
        // A link may name what is no longer offered; the filter is still on, and is seen.
        if !now.is_empty() && choices.iter().all(|(value, _)| *value != now) {
            choices.push((now.clone(), now.clone()));
        }
        choices.insert(0, (String::new(), all(words.get()).to_owned()));
        choices
            .into_iter()
            .map(|(value, label)| {
                let selected = value == now;
                view! { <option value=value selected=selected>{label}</option> }
            })
            .collect_view()
    };
    view! {
        <div class="field">
            <label for=id.clone()>{say(label)}</label>
            <span class="select-wrap">
                <select
                    class="select"
                    id=id
                    prop:value=move || typed.with(|typed| typed.get(name).to_owned())
                    on:change=move |event| typed.update(|typed| *typed = changed(typed, name, &event_target_value(&event)))
                >
                    {move || options()}
                </select>
                <Icon glyph=Glyph::Down/>
            </span>
        </div>
    }
    .into_any()
}
