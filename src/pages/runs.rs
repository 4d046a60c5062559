//! The history: every run, newest first, each with its own mode.

use crate::client::{ClientError, Mode, Page, Run, RunFilter, use_client};
use crate::components::{Empty, ErrorNote, Glyph, Leap, Loading, ModeTag, PageHead, StateBadge};
use crate::route::Route;
use crate::router::use_router;
use crate::state::band::{BandScope, set_band};
use crate::state::health::use_health;
use crate::times::{self, Style};
use crate::words::{Words, said, use_words};
use leptos::prelude::*;
use leptos::task::spawn_local_scoped_with_cancellation;

/// How many runs stand on a page.
const PAGE: u32 = 50;

/// The page.
#[component]
pub fn RunsPage() -> impl IntoView {
    set_band(Signal::stored(BandScope::Mixed));
    let words = use_words();
    let (client, health) = (use_client(), use_health());
    let router = use_router();
    let before = Memo::new(move |_| {
        router.query().into_iter().find(|(name, _)| name == "before").map(|(_, value)| value)
    });
    let page = RwSignal::new(None::<Page<Run>>);
    let failed = RwSignal::new(None::<ClientError>);
    let turn = RwSignal::new(0_u32);
    Effect::new(move || {
        client.follow_language();
        turn.track();
        let filter = RunFilter { before: before.get(), limit: Some(PAGE), ..RunFilter::default() };
        spawn_local_scoped_with_cancellation(async move {
            let answer = client.runs(&filter).await;
            health.learn(&answer);
            match answer {
                Ok(found) => {
                    failed.set(None);
                    page.set(Some(found));
                }
                Err(error) => failed.set(Some(error)),
            }
        });
    });
    let inside = move || {
        let words = words.get();
        if let Some(error) = failed.get() {
            let retry = Callback::new(move |()| turn.update(|turn| *turn += 1));
            return view! { <ErrorNote explained=error.explain(words) retry=retry/> }.into_any();
        }
        match page.get() {
            None => view! { <div class="card card-body"><Loading what=said(|w| w.runs.reading)/></div> }
                .into_any(),
            Some(found) if found.items.is_empty() && before.with(Option::is_none) => view! {
                <Empty title=said(|w| w.runs.empty_title) glyph=Glyph::Ring>
                    <p>{words.runs.empty_text}</p>
                    <a class="btn btn-s" href=Route::Home.href()>{words.runs.choose_operation}</a>
                </Empty>
            }
            .into_any(),
            Some(found) => listed(found, before.with(Option::is_some), words),
        }
    };
    view! {
        <PageHead heading=said(|w| w.runs.title)/>
        {move || inside()}
    }
}

fn listed(page: Page<Run>, is_later_page: bool, words: &'static Words) -> AnyView {
    let language = words.language();
    let (now, zone) = (times::now_ms(), times::local_zone());
    let count = page.items.len();
    let said = if is_later_page || page.next.is_some() {
        (words.runs.count_first)(count)
    } else {
        (words.runs.count)(count)
    };
    let offset = times::offset_name(now, language);
    let older = page.next.map(|next| {
        let next: String = js_sys::encode_uri_component(&next).into();
        view! { <a class="btn btn-s" href=format!("{}?before={next}", Route::Runs.href())>{words.runs.older}</a> }
    });
    let newest =
        is_later_page.then(|| view! { <a class="btn btn-s" href=Route::Runs.href()>{words.runs.newer}</a> });
    let rows = page.items.into_iter().map(|run| row(run, now, &zone, words)).collect_view();
    view! {
        <div class="card">
            <div class="chips">
                <span role="status">{said}</span>
                <span class="row-end">{(words.runs.times_in)(&offset)}</span>
            </div>
            <table class="table table-cards" role="table">
                <caption class="vh">{words.runs.caption}</caption>
                <thead role="rowgroup">
                    <tr role="row">
                        <th scope="col" role="columnheader">{words.runs.when}</th>
                        <th scope="col" role="columnheader">{words.runs.state}</th>
                        <th scope="col" role="columnheader">{words.runs.run}</th>
                        <th scope="col" role="columnheader">{words.runs.change}</th>
                        <th scope="col" role="columnheader">{words.runs.mode_profile}</th>
                        <th scope="col" role="columnheader">{words.runs.who}</th>
                    </tr>
                </thead>
                <tbody role="rowgroup">{rows}</tbody>
            </table>
            <div class="card-foot"><span>{words.runs.caption}</span><span class="row row-end">{newest}{older}</span></div>
        </div>
    }
    .into_any()
}

fn row(run: Run, now: f64, zone: &str, words: &'static Words) -> AnyView {
    let language = words.language();
    let at = times::parse(&run.created_at).unwrap_or(f64::NAN);
    let clock = times::in_zone(at, zone, Style::Clock, language);
    let day = times::in_zone(at, zone, Style::Day, language);
    let day_of = |instant| times::in_zone(instant, zone, Style::Day, language);
    let day = match day {
        day if day == day_of(now) => words.runs.today.to_owned(),
        // Noon to noon: a day of 23 or 25 hours still has one yesterday.
        day if day == day_of(now - 86_400_000.0) => words.runs.yesterday.to_owned(),
        day => day,
    };
    let class = if run.state.needs_someone() { "alert" } else { "" };
    let mode_word = match run.mode {
        Mode::Simulated => words.shell.simulated,
        Mode::Live => words.shell.live,
    };
    let target = match run.target {
        Some(target) => view! { <span><Leap to=target/></span> }.into_any(),
        None => view! { <span class="mute">{words.review.not_known}</span> }.into_any(),
    };
    view! {
        <tr role="row" class=class data-mode=mode_word>
            <td role="cell" data-label=words.runs.when>
                <span><time datetime=run.created_at>{clock}</time><span class="sub">{day}</span></span>
            </td>
            <td role="cell" data-label=words.runs.state><StateBadge state=run.state/></td>
            <th scope="row" role="rowheader" data-label=words.runs.run>
                <span><a href=Route::run(run.id).href()>{run.title}</a><span class="sub mono">{run.instance}</span></span>
            </th>
            <td role="cell" data-label=words.runs.change>{target}</td>
            <td role="cell" data-label=words.runs.mode>
                <span><ModeTag mode=run.mode/><span class="sub">{run.profile}</span></span>
            </td>
            <td role="cell" data-label=words.runs.who><span>{run.user}</span></td>
        </tr>
    }
    .into_any()
}
