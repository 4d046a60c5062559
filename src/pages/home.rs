//! Home: the operations, what waits for a person, and what was begun on this device.

use crate::client::{Run, RunState, use_client};
use crate::components::{
    Empty, ErrorNote, Glyph, Icon, Leap, Loading, ModeTag, PageHead, StateBadge, TraitBadges,
};
use crate::route::Route;
use crate::search::holds_all;
use crate::state::attention::use_attention;
use crate::state::band::{BandScope, set_band};
use crate::state::catalogue::use_catalogue;
use crate::state::drafts::{self, Draft};
use crate::state::profiles::use_profiles;
use crate::times::{self, Style};
use crate::words::{Words, said, say, use_words};
use catalog::model::OperationSummary;
use catalog::text::Joined;
use leptos::prelude::*;

/// The page.
#[component]
pub fn HomePage() -> impl IntoView {
    set_band(Signal::stored(BandScope::Any));
    view! {
        <PageHead heading=said(|w| w.home.heading()) title=said(|w| w.home.title())>
            <p class="lede">{say(|w| w.home.lede())}</p>
        </PageHead>
        <div class="split split-narrow">
            <Operations/>
            <div class="stack"><NeedsYou/><Drafts/></div>
        </div>
    }
}

/// The operations, as far as they match the filter.
#[component]
fn Operations() -> impl IntoView {
    let words = use_words();
    let catalogue = use_catalogue();
    let client = use_client();
    let query = RwSignal::new(String::new());
    // Their places in the list.
    let matching = Memo::new(move |_| {
        let (query, words) = (query.get(), words.get());
        catalogue.list.with(|list| {
            let all = list.iter().flatten().enumerate();
            all.filter(|(_, operation)| matches(operation, &query, words))
                .map(|(place, _)| place)
                .collect::<Vec<usize>>()
        })
    });
    let all = move || catalogue.list.with(|list| list.as_ref().map_or(0, Vec::len));
    let count = move || {
        catalogue.list.with(Option::is_some).then(|| words.get().home.count(matching.with(Vec::len), all()))
    };
    let inside = move || {
        if let (Some(error), false) = (catalogue.failed.get(), catalogue.list.with(Option::is_some)) {
            let retry = Callback::new(move |()| catalogue.refresh(client));
            return view! {
                <div class="card-body"><ErrorNote explained=error.explain(words.get()) retry=retry/></div>
            }
            .into_any();
        }
        if catalogue.list.with(Option::is_none) {
            return view! { <div class="card-body"><Loading what=said(|w| w.home.reading())/></div> }
                .into_any();
        }
        let shown = matching.get();
        if shown.is_empty() {
            let clear = move |_| {
                query.set(String::new());
                crate::browser::focus("filter");
            };
            let title = Signal::derive(move || words.get().home.none_title(query.get().trim()));
            let text = move || {
                let words = words.get();
                let separator = if words.is_chinese() { "、" } else { ", " };
                let products = catalogue.list.with(|list| {
                    let names = list
                        .iter()
                        .flatten()
                        .map(|operation| operation.product.title.get(words.language()).to_owned());
                    names.collect::<Vec<_>>().joined(separator)
                });
                words.home.none_text(&products)
            };
            return view! {
                <div class="card-body">
                    <Empty title=title>
                        <p>{move || text()}</p>
                        <button class="btn btn-s" type="button" on:click=clear>{say(|w| w.home.clear_filter())}</button>
                    </Empty>
                </div>
            }
            .into_any();
        }
        let rows = catalogue.list.with(|list| {
            let shown = shown.iter().filter_map(|place| list.as_ref()?.get(*place));
            shown.map(|operation| operation_row(operation, words.get())).collect_view()
        });
        view! { <ul class="ops">{rows}</ul> }.into_any()
    };
    view! {
        <section class="card" aria-labelledby="ops-h">
            <div class="card-head">
                <h2 id="ops-h">{say(|w| w.shell.operations())}</h2>
                <span class="mute" role="status">{move || count()}</span>
            </div>
            <div class="card-body">
                <label class="vh" for="filter">{say(|w| w.home.filter())}</label>
                <span class="input-with">
                    <Icon glyph=Glyph::Search/>
                    <input
                        class="input"
                        id="filter"
                        type="search"
                        autocomplete="off"
                        placeholder=say(|w| w.home.filter_placeholder())
                        prop:value=move || query.get()
                        on:input=move |event| query.set(event_target_value(&event))
                    />
                </span>
            </div>
            {move || inside()}
        </section>
    }
}

/// Whether every word of the query occurs in what is known of an operation, in either language.
fn matches(operation: &OperationSummary, query: &str, words: &Words) -> bool {
    let traits =
        operation.traits.iter().map(|named| words.states.of_trait(*named)).collect::<Vec<_>>().joined(" ");
    let text = [
        operation.id.as_str(),
        &operation.title.en,
        &operation.title.zh,
        &operation.summary.en,
        &operation.summary.zh,
        &operation.product.title.en,
        &operation.product.title.zh,
        words.shell.cloud(operation.cloud),
        &traits,
    ]
    .joined(" ");
    holds_all(&text, query)
}

fn operation_row(operation: &OperationSummary, words: &'static Words) -> AnyView {
    let language = words.language();
    let title = operation.title.get(language).to_owned();
    let summary = operation.summary.get(language).to_owned();
    let product = operation.product.title.get(language).to_owned();
    let href = Route::flow(operation.id.clone()).href();
    view! {
        <li class="op">
            <div>
                <h3><a href=href>{title}</a></h3>
                <p class="mute">{summary}</p>
                <code class="op-id">{operation.id.clone()}</code>
            </div>
            <p class="op-cloud"><b>{words.shell.cloud(operation.cloud)}</b>" "<span class="mute">{product}</span></p>
            <TraitBadges traits=operation.traits.clone()/>
            <Icon glyph=Glyph::Chevron/>
        </li>
    }
    .into_any()
}

/// The runs that wait for a person.
#[component]
fn NeedsYou() -> impl IntoView {
    let words = use_words();
    let attention = use_attention();
    let client = use_client();
    let count = move || {
        let count = attention.count();
        (count > 0).then(|| view! { <span class="count">{count}</span> })
    };
    let inside = move || {
        let words = words.get();
        match (attention.runs.get(), attention.failed.get()) {
            (None, Some(error)) => {
                let retry = Callback::new(move |()| attention.refresh(client));
                view! { <div class="card-body"><ErrorNote explained=error.explain(words) retry=retry/></div> }
                    .into_any()
            }
            (None, None) => {
                view! { <div class="card-body"><Loading what=said(|w| w.runs.reading())/></div> }.into_any()
            }
            (Some(runs), _) if runs.is_empty() => {
                view! { <p class="card-body mute">{words.home.nothing_needs_you()}</p> }.into_any()
            }
            (Some(runs), _) => {
                let items = runs.iter().map(|run| waiting_run(run, words)).collect_view();
                view! { <ul class="todo">{items}</ul> }.into_any()
            }
        }
    };
    view! {
        <section class="card card-strong" aria-labelledby="todo-h">
            <div class="card-head"><h2 id="todo-h">{say(|w| w.home.needs_you())}</h2>{move || count()}</div>
            {move || inside()}
        </section>
    }
}

fn waiting_run(run: &Run, words: &'static Words) -> AnyView {
    let why = match run.state {
        RunState::Unknown => words.home.unknown_text(),
        RunState::AwaitingPayment => words.home.unpaid_text(),
        _ => words.home.scheduled_text(),
    };
    let when = times::parse(&run.created_at)
        .map(|then| times::ago(then, times::now_ms(), words.language()))
        .unwrap_or_default();
    let target = run.target.clone().map(|target| view! { <span><Leap to=target/></span> });
    view! {
        <li>
            <div class="row">
                <StateBadge state=run.state/>
                <time class="mute" datetime=run.created_at.clone()>{when}</time>
            </div>
            <a href=Route::run(&*run.id).href()>{format!("{} {}", run.title, run.instance)}</a>
            {target}
            <span class="mute">{why}</span>
            <ModeTag mode=run.mode/>
        </li>
    }
    .into_any()
}

/// What was begun on this device and not sent.
#[component]
fn Drafts() -> impl IntoView {
    let words = use_words();
    let catalogue = use_catalogue();
    let profiles = use_profiles();
    let kept = RwSignal::new(drafts::list());
    let count = move || kept.with(|kept| (!kept.is_empty()).then_some(kept.len()));
    let inside = move || {
        let words = words.get();
        let drafts = kept.get();
        if drafts.is_empty() {
            return view! { <p class="card-body mute">{words.home.no_drafts()}</p> }.into_any();
        }
        let item = |draft: Draft| {
            let Draft { operation, profile, about, saved_at, .. } = draft;
            let title = catalogue.named(&operation, |known| known.title.get(words.language()).to_owned());
            let title = title.unwrap_or_else(|| operation.clone());
            let name = [title.as_str(), about.as_str()]
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>();
            let name = name.joined(if words.is_chinese() { "，" } else { ", " });
            let when = times::in_zone(saved_at as f64, &times::local_zone(), Style::Minute, words.language());
            let href = Route::flow(operation.clone()).href();
            let act_as = profile.clone();
            let label = words.home.remove_draft(&name);
            let remove = move |_| {
                drafts::remove(&operation, &profile);
                kept.set(drafts::list());
                crate::browser::focus("draft-h");
            };
            let profile_name = act_as.clone();
            view! {
                <li>
                    <a href=href on:click=move |_| profiles.choose(&act_as)>{name}</a>
                    <span class="mute">{profile_name}</span>
                    <span class="row">
                        <span class="mute">{words.home.draft_saved(&when)}</span>
                        <button class="link" type="button" aria-label=label on:click=remove>{words.home.remove()}</button>
                    </span>
                </li>
            }
        };
        view! { <ul class="todo">{drafts.into_iter().map(item).collect_view()}</ul> }.into_any()
    };
    view! {
        <section class="card" aria-labelledby="draft-h">
            <div class="card-head"><h2 id="draft-h" tabindex="-1">{say(|w| w.home.drafts())}</h2><span class="mute">{move || count()}</span></div>
            {move || inside()}
        </section>
    }
}
