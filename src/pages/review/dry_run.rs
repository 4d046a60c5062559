//! The dry run: a step of its own before the confirmation, for operations that have one. The cloud checks and changes
//! nothing; what it asks for on top leads back to the form, where everything that was typed still stands.

use super::{Reviewing, form_href};
use crate::client::{Answer, ClientError, DryRunRecord, Plan, use_client};
use crate::components::{ErrorNote, Glyph, Icon, Note, NoteKind};
use crate::form::row_tools::focus_soon;
use crate::pages::rows::{filled, ident};
use crate::state::catalogue::use_catalogue;
use crate::times;
use crate::words::{Words, use_words};
use catalog::Trait;
use catalog::text::Joined;
use leptos::prelude::*;
use std::rc::Rc;

/// The id of what came of it.
const RESULT: &str = "dry-result";

/// The step, where the operation has one.
pub(super) fn dry_run(plan: &Rc<Plan>, reviewing: Reviewing) -> AnyView {
    let operation = plan.operation.clone();
    let catalogue = use_catalogue();
    let is_offered = Memo::new(move |_| {
        catalogue.named(&operation, |operation| operation.traits.contains(&Trait::DryRun)) == Some(true)
    });
    let has_run = plan.dry_run.is_some();
    // A plan that takes a run back, or only checks itself, has nothing to check before.
    let is_asked_for = plan.needs.reason;
    let plan = StoredValue::new(Rc::clone(plan));
    (move || {
        (has_run || is_asked_for && is_offered.get())
            .then(|| view! { <DryRun plan=plan reviewing=reviewing/> })
    })
    .into_any()
}

#[component]
fn DryRun(plan: StoredValue<Rc<Plan>>, reviewing: Reviewing) -> impl IntoView {
    let words = use_words();
    let client = use_client();
    let running = RwSignal::new(false);
    let failed = RwSignal::new(None::<ClientError>);
    let start = move |_| {
        if running.get_untracked() {
            return;
        }
        let Some(secrets) = plan.with_value(|plan| reviewing.secrets(plan)) else { return };
        running.set(true);
        failed.set(None);
        let asked = plan.with_value(|plan| client.dry_run(&plan.id, &secrets));
        asked.then(move |answer| {
            if running.try_set(false).is_some() {
                // The page is gone; the server has kept what came of it.
                return;
            }
            match answer {
                Ok(done) => {
                    match done.plan {
                        Some(plan) => reviewing.plan.set(Some(plan)),
                        None => reviewing.turn.update(|turn| *turn += 1),
                    }
                    // The button that was pressed is gone; the result is where the person goes on.
                    focus_soon(RESULT.to_owned());
                }
                Err(error) => failed.set(Some(error)),
            }
        });
    };
    let is_open = plan.with_value(|plan| plan.run.is_none());
    let lacks_secrets = move || plan.with_value(|plan| reviewing.secrets(plan).is_none());
    let button = move |label: &'static str, class: &'static str| {
        view! {
            <button
                class=class
                type="button"
                disabled=move || running.get() || lacks_secrets()
                on:click=start
            >
                {label}
            </button>
        }
    };
    let said = move || {
        let words = words.get();
        let review = &words.review;
        if running.get() {
            return view! {
                <p class="row" role="status"><Icon glyph=Glyph::Moving class="spin"/>{review.dry_run_running()}</p>
            }
            .into_any();
        }
        let error = failed.get().map(|error| view! { <ErrorNote explained=error.explain(words)/> });
        match plan.with_value(|plan| plan.dry_run.clone()) {
            None => view! {
                <p><b>{review.dry_run_offer()}</b>" "{review.dry_run_does()}</p>
                <p class="row">{button(review.dry_run_start(), "btn btn-primary")}</p>
                {lacks_secrets().then(|| view! { <p class="hint">{review.why_secrets()}</p> })}
                {error}
            }
            .into_any(),
            Some(record) => view! {
                {recorded(&record, words, is_open.then(|| button(review.dry_run_again(), "link").into_any()))}
                {is_open.then(|| required(plan, &record, words))}
                {error}
            }
            .into_any(),
        }
    };
    let passed = plan.with_value(|plan| plan.dry_run.as_ref().is_some_and(|record| record.passed));
    let why =
        (!passed).then(|| view! { <span class="mute">{move || words.get().review.dry_run_first()}</span> });
    view! {
        <section class="card" aria-labelledby="dry-h">
            <div class="card-head">
                <h2 class="row" id="dry-h"><Icon glyph=Glyph::DryRun/>{move || words.get().review.dry_run()}</h2>
                {why}
            </div>
            <div class="card-body stack-s">{move || said()}</div>
        </section>
    }
}

fn recorded(record: &DryRunRecord, words: &'static Words, again: Option<AnyView>) -> AnyView {
    let review = &words.review;
    let asks_for_more = !record.required_parameters.is_empty();
    let failed = if asks_for_more { review.dry_run_incomplete() } else { review.dry_run_failed() };
    let badge = if record.passed {
        view! { <span class="state state-ok"><Icon glyph=Glyph::Ok/>{review.dry_run_passed()}</span> }
            .into_any()
    } else {
        view! { <span class="state state-bad"><Icon glyph=Glyph::Refused/>{failed}</span> }.into_any()
    };
    let at = record.at.clone();
    let ago =
        times::parse(&at).map(|then| times::ago(then, times::now_ms(), words.language())).unwrap_or_default();
    let answer = record.answer.as_ref().map(|answer| answered(answer, words));
    view! { <p class="row" role="status" id=RESULT tabindex="-1">{badge}<time datetime=at>{ago}</time>" "{again}</p>{answer} }
        .into_any()
}

fn answered(answer: &Answer, words: &'static Words) -> AnyView {
    let review = &words.review;
    let line = match (answer.status, answer.duration_ms) {
        (Some(status), Some(took)) => review.http_in(status, took),
        _ => String::new(),
    };
    let parts = [&answer.code, &answer.message, &answer.meaning].into_iter();
    let parts =
        parts.filter_map(|part| filled(part.as_ref())).map(|part| view! { <p>{part}</p> }).collect_view();
    let request = filled(answer.request_id.as_ref()).map(|id| {
        let id = ident(id, words.run.the_request_id());
        view! { " " {review.request_id()} " " {id} }
    });
    view! { {parts}<p>{line}{request}</p> }.into_any()
}

/// Parameters that the target needs, with the way to add them.
fn required(plan: StoredValue<Rc<Plan>>, record: &DryRunRecord, words: &'static Words) -> Option<AnyView> {
    let names = &record.required_parameters;
    if names.is_empty() {
        return None;
    }
    let listed = names.joined(if words.is_chinese() { "、" } else { ", " });
    let href = plan.with_value(|plan| form_href(plan));
    Some(
        view! {
            <Note kind=NoteKind::Warn>
                <p><b>{words.review.dry_run_needs_more(&listed)}</b></p>
                <p class="row"><a class="btn btn-primary" href=href>{words.review.dry_run_to_form()}</a></p>
            </Note>
        }
        .into_any(),
    )
}
