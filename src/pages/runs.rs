//! The history: every run, newest first, each with its own mode. What it is filtered by stands in the address.

mod filters;

use super::onward::form_href;
use crate::client::{ClientError, Mode, Page, PlanKind, Run, RunFilter, RunState, put, use_client};
use crate::components::{Empty, ErrorNote, Glyph, Icon, Leap, Loading, ModeTag, PageHead, StateBadge};
use crate::route::Route;
use crate::router::use_router;
use crate::state::band::{BandScope, set_band};
use crate::times::{self, Style};
use crate::words::{Words, said, use_words};
use leptos::prelude::*;
use std::rc::Rc;

/// How many runs stand on a page.
const PAGE: &str = "50";

/// The page.
#[component]
pub fn RunsPage() -> impl IntoView {
    set_band(Signal::stored(BandScope::Mixed));
    let words = use_words();
    let client = use_client();
    let router = use_router();
    let filter = Memo::new(move |_| filters::of(&router.query()));
    let page = RwSignal::new(None::<Page<Rc<Run>>>);
    let failed = RwSignal::new(None::<ClientError>);
    let busy = RwSignal::new(false);
    let turn = RwSignal::new(0_u32);
    let again = move || turn.update(|turn| *turn += 1);
    Effect::new(move || {
        client.follow_language();
        turn.track();
        let filter = filter.get().with("limit", PAGE);
        busy.set(true);
        client.runs(&filter).then_here(move |answer| {
            busy.set(false);
            put(answer, page, failed);
        });
    });
    let count = move || {
        let words = words.get();
        page.with(|page| {
            let page = page.as_ref()?;
            let count = page.items.len();
            let is_part = page.next.is_some() || !filter.with(|filter| filter.get("before").is_empty());
            Some(if is_part { words.runs.count_first(count) } else { words.runs.count(count) })
        })
    };
    let zone = move || {
        let words = words.get();
        words.runs.times_in(&times::offset_name(times::now_ms(), &times::local_zone()))
    };
    let inside = move || {
        let words = words.get();
        if let Some(error) = failed.get() {
            let retry = Callback::new(move |()| again());
            return view! {
                <div class="card-body"><ErrorNote explained=error.explain(words) retry=retry/></div>
            }
            .into_any();
        }
        match page.get() {
            None => {
                view! { <div class="card-body"><Loading what=said(|w| w.runs.reading())/></div> }.into_any()
            }
            Some(found) if found.items.is_empty() => {
                let filtered = filter.with_untracked(|filter| *filter != RunFilter::default());
                view! { <div class="card-body">{empty(filtered, words)}</div> }.into_any()
            }
            Some(found) => listed(&found, &filter.get_untracked(), words),
        }
    };
    view! {
        <PageHead heading=said(|w| w.runs.title()) side=ViewFn::from(move || exports(&filter.get(), words.get()))/>
        <div class="card" aria-busy=move || busy.get().then_some("true")>
            {filters::filters(filter, again)}
            <div class="chips">
                <span role="status">{move || count()}</span>
                <span class="row-end">{move || zone()}</span>
            </div>
            {move || inside()}
        </div>
    }
}

/// Everything that the filters let through, as files.
fn exports(filter: &RunFilter, words: &'static Words) -> AnyView {
    let language = if words.is_chinese() { "zh" } else { "en" };
    let link = |format: &str, label: &'static str| {
        let query = filters::whole(filter).with("format", format).with("lang", language).query();
        view! {
            <a class="btn btn-s" href=format!("api/runs{query}") download=format!("upgrade-console-runs.{format}")>
                <Icon glyph=Glyph::Download class="i-s"/>
                {label}
            </a>
        }
    };
    view! { <div class="row">{link("jsonl", words.runs.export_jsonl())}{link("csv", words.runs.export_csv())}</div> }
        .into_any()
}

/// Nothing to list, and the way out.
fn empty(filtered: bool, words: &'static Words) -> AnyView {
    if filtered {
        return view! {
            <Empty title=said(|w| w.runs.none_title())>
                <p>{words.runs.none_text()}</p>
                <a class="btn btn-s" href=Route::Runs.href() on:click=filters::to_search>{words.runs.clear_filters()}</a>
            </Empty>
        }
        .into_any();
    }
    view! {
        <Empty title=said(|w| w.runs.empty_title()) glyph=Glyph::Ring>
            <p>{words.runs.empty_text()}</p>
            <a class="btn btn-s" href=Route::Home.href()>{words.runs.choose_operation()}</a>
        </Empty>
    }
    .into_any()
}

fn listed(page: &Page<Rc<Run>>, filter: &RunFilter, words: &'static Words) -> AnyView {
    let (now, zone) = (times::now_ms(), times::local_zone());
    let link = |before: &str, label: &'static str| {
        let href = format!("{}{}", Route::Runs.href(), filters::whole(filter).with("before", before).query());
        view! { <a class="btn btn-s" href=href>{label}</a> }
    };
    let older = page.next.as_deref().map(|next| link(next, words.runs.older()));
    let newest = (!filter.get("before").is_empty()).then(|| link("", words.runs.newer()));
    let rows = page.items.iter().map(|run| row(run, now, &zone, words)).collect_view();
    let column = |label: &'static str| view! { <th scope="col" role="columnheader">{label}</th> };
    view! {
        <table class="table table-cards table-runs" role="table">
            <caption class="vh">{words.runs.caption()}</caption>
            <thead role="rowgroup">
                <tr role="row">
                    {column(words.runs.when())}
                    {column(words.runs.state())}
                    {column(words.runs.run())}
                    {column(words.runs.change())}
                    {column(words.runs.mode_profile())}
                    {column(words.runs.who())}
                    {column(words.runs.again())}
                </tr>
            </thead>
            <tbody role="rowgroup">{rows}</tbody>
        </table>
        <div class="card-foot"><span>{words.runs.caption()}</span><span class="row row-end">{newest}{older}</span></div>
    }
    .into_any()
}

fn row(run: &Run, now: f64, zone: &str, words: &'static Words) -> AnyView {
    let language = words.language();
    let at = times::parse(&run.created_at).unwrap_or(f64::NAN);
    let clock = times::in_zone(at, zone, Style::Clock, language);
    let day_of = |instant| times::in_zone(instant, zone, Style::Day, language);
    let day = match day_of(at) {
        day if day == day_of(now) => words.runs.today().to_owned(),
        // Noon to noon: a day of 23 or 25 hours still has one yesterday.
        day if day == day_of(now - 86_400_000.0) => words.runs.yesterday().to_owned(),
        day => day,
    };
    let class = if run.state.needs_someone() { "alert" } else { "" };
    let mode_word = match run.mode {
        Mode::Simulated => words.shell.simulated(),
        Mode::Live => words.shell.live(),
    };
    let target = match run.target.clone() {
        Some(target) => view! { <span><Leap to=target/></span> }.into_any(),
        None => view! { <span class="mute">{words.review.not_known()}</span> }.into_any(),
    };
    // Why it did not go as wanted, in the cloud's own short word.
    let code = match run.state {
        RunState::Refused | RunState::Failed => run.answer.as_ref().and_then(|answer| answer.code.clone()),
        _ => None,
    };
    let code =
        code.filter(|code| !code.is_empty()).map(|code| view! { <span class="sub mono">{code}</span> });
    let only_checked = run.dry_run.then(|| view! { <span class="sub">{words.run.only_checked()}</span> });
    // What takes a run back begins at that run, not at a form.
    let again = (run.kind == PlanKind::Upgrade).then(|| {
        let href = form_href(&run.operation, &run.profile, &run.plan);
        let name = words.runs.again_named(&run.title, &run.instance, &clock);
        view! { <a href=href aria-label=name>{words.runs.again_link()}</a> }
    });
    view! {
        <tr role="row" class=class data-mode=mode_word>
            <td role="cell" data-label=words.runs.when()>
                <span><time datetime=run.created_at.clone()>{clock}</time><span class="sub">{day}</span></span>
            </td>
            <td role="cell" data-label=words.runs.state()><span><StateBadge state=run.state/>{only_checked}{code}</span></td>
            <th scope="row" role="rowheader" data-label=words.runs.run()>
                <span><a href=Route::run(&*run.id).href()>{run.title.clone()}</a><span class="sub mono">{run.instance.clone()}</span></span>
            </th>
            <td role="cell" data-label=words.runs.change()>{target}</td>
            <td role="cell" data-label=words.runs.mode()>
                <span><ModeTag mode=run.mode/><span class="sub">{run.profile.clone()}</span></span>
            </td>
            <td role="cell" data-label=words.runs.who()><span>{run.user.clone()}</span></td>
            <td role="cell" data-label=words.runs.again()><span>{again}</span></td>
        </tr>
    }
    .into_any()
}
