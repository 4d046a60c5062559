//! What a plan means: cost, way back, time, dry run, approvals.

use super::{Reviewing, form_href};
use crate::client::{Answer, ClientError, DryRunRecord, Plan, use_client};
use crate::components::{ErrorNote, Glyph, Icon, Ident, Note, NoteKind};
use crate::state::catalogue::use_catalogue;
use crate::state::health::use_health;
use crate::state::secrets::wipe;
use crate::times;
use crate::words::{Words, use_words};
use catalog::Trait;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The verdicts.
pub(super) fn facts(plan: Plan, reviewing: Reviewing, words: &'static Words) -> AnyView {
    let review = &words.review;
    let cost_class = if plan.review.cost_kind == "free" { "" } else { "ask" };
    let way_back = match plan.review.reversible_kind.as_str() {
        "yes" => ("", Glyph::RolledBack),
        "partly" => ("ask", Glyph::RolledBack),
        _ => ("risk", Glyph::OneWay),
    };
    let approval = (plan.needs.approvals > 0).then(|| {
        fact(
            "ask",
            Glyph::People,
            review.approval,
            sentences(&(review.approvals_needed)(plan.needs.approvals)),
        )
    });
    let operation = plan.operation.clone();
    let catalogue = use_catalogue();
    let has_dry_run = move || {
        catalogue.named(&operation).is_some_and(|operation| operation.traits.contains(&Trait::DryRun))
    };
    let cost = sentences(&plan.review.cost);
    let reversible = sentences(&plan.review.reversible);
    let effective = sentences(&plan.review.effective);
    let dry_run = move || {
        (has_dry_run() || plan.dry_run.is_some())
            .then(|| view! { <DryRunFact plan=plan.clone() reviewing=reviewing/> })
    };
    view! {
        <section class="card" aria-labelledby="f-h">
            <div class="card-head"><h2 id="f-h">{review.what_it_means}</h2></div>
            <dl class="facts">
                {fact(cost_class, Glyph::Coin, review.cost, cost)}
                {fact(way_back.0, way_back.1, review.reversible, reversible)}
                {fact("", Glyph::Clock, review.takes_effect, effective)}
                {move || dry_run()}
                {approval}
            </dl>
        </section>
    }
    .into_any()
}

fn fact(class: &'static str, glyph: Glyph, term: &'static str, said: AnyView) -> AnyView {
    view! { <div class=class><dt><Icon glyph=glyph/>{term}</dt><dd>{said}</dd></div> }.into_any()
}

/// The first sentence carries the verdict; the rest explains it.
fn sentences(text: &str) -> AnyView {
    let end =
        [". ", "。"].iter().filter_map(|stop| text.find(stop).map(|at| at + stop.trim_end().len())).min();
    let (lead, rest) = text.split_at(end.unwrap_or(text.len()));
    let rest = rest.trim().to_owned();
    // Chinese sets no space after a full stop.
    let space = if lead.ends_with('。') { "" } else { " " };
    let rest = (!rest.is_empty()).then(|| format!("{space}{rest}"));
    view! { <p><b>{lead.to_owned()}</b>{rest}</p> }.into_any()
}

/// The dry run: offered, running, passed or not.
#[component]
fn DryRunFact(plan: Plan, reviewing: Reviewing) -> impl IntoView {
    let words = use_words();
    let (client, health) = (use_client(), use_health());
    let running = RwSignal::new(false);
    let failed = RwSignal::new(None::<ClientError>);
    let plan = StoredValue::new(plan);
    let start = move |_| {
        if running.get_untracked() {
            return;
        }
        let Some(secrets) = plan.with_value(|plan| reviewing.secrets(plan)) else { return };
        running.set(true);
        failed.set(None);
        let id = plan.with_value(|plan| plan.id.clone());
        spawn_local(async move {
            let answer = client.dry_run(&id, &secrets).await;
            wipe(secrets);
            health.learn(&answer);
            if running.try_set(false).is_some() {
                // The page is gone; the server has kept what came of it.
                return;
            }
            match answer {
                Ok(done) => match done.plan {
                    Some(plan) => reviewing.plan.set(Some(plan)),
                    None => reviewing.turn.update(|turn| *turn += 1),
                },
                Err(error) => failed.set(Some(error)),
            }
        });
    };
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
                <p class="row" role="status"><Icon glyph=Glyph::Moving class="spin"/>{review.dry_run_running}</p>
            }
            .into_any();
        }
        let error = failed.get().map(|error| view! { <ErrorNote explained=error.explain(words)/> });
        match plan.with_value(|plan| plan.dry_run.clone()) {
            None => view! {
                <p><b>{review.dry_run_offer}</b>" "{review.dry_run_does}</p>
                <p class="row">{button(review.dry_run_start, "btn btn-s")}</p>
                {lacks_secrets().then(|| view! { <p class="hint">{review.why_secrets}</p> })}
                {error}
            }
            .into_any(),
            Some(record) => view! {
                {recorded(&record, words, button(review.dry_run_again, "link").into_any())}
                {required(plan, &record, words)}
                {error}
            }
            .into_any(),
        }
    };
    view! { <div><dt><Icon glyph=Glyph::DryRun/>{move || words.get().review.dry_run}</dt><dd>{move || said()}</dd></div> }
}

fn recorded(record: &DryRunRecord, words: &'static Words, again: AnyView) -> AnyView {
    let review = &words.review;
    let badge = if record.passed {
        view! { <span class="state state-ok"><Icon glyph=Glyph::Ok/>{review.dry_run_passed}</span> }
            .into_any()
    } else {
        view! { <span class="state state-bad"><Icon glyph=Glyph::Refused/>{review.dry_run_failed}</span> }
            .into_any()
    };
    let at = record.at.clone();
    let ago =
        times::parse(&at).map(|then| times::ago(then, times::now_ms(), words.language())).unwrap_or_default();
    let answer = record.answer.clone().map(|answer| answered(answer, words));
    view! { <p class="row" role="status">{badge}<time datetime=at>{ago}</time>" "{again}</p>{answer} }
        .into_any()
}

fn answered(answer: Answer, words: &'static Words) -> AnyView {
    let review = &words.review;
    let line = match (answer.status, answer.duration_ms) {
        (Some(status), Some(took)) => (review.http_in)(status, took),
        _ => String::new(),
    };
    let said =
        [answer.code, answer.message, answer.meaning].into_iter().flatten().filter(|part| !part.is_empty());
    let said = said.map(|part| view! { <p>{part}</p> }).collect_view();
    let request = answer.request_id.filter(|id| !id.is_empty()).map(|id| {
        view! { " " {review.request_id} " " <Ident value=id what=words.run.the_request_id.to_owned()/> }
    });
    view! { {said}<p>{line}{request}</p> }.into_any()
}

/// Parameters that the target needs, with the way to add them.
fn required(plan: StoredValue<Plan>, record: &DryRunRecord, words: &'static Words) -> Option<AnyView> {
    let names = &record.required_parameters;
    if names.is_empty() {
        return None;
    }
    let listed = names.join(if words.is_chinese() { "、" } else { ", " });
    let href = plan.with_value(form_href);
    Some(
        view! {
            <Note kind=NoteKind::Warn>
                <p><b>{(words.review.dry_run_needs_more)(&listed)}</b></p>
                <p class="row"><a class="btn btn-s" href=href>{words.review.dry_run_to_form}</a></p>
            </Note>
        }
        .into_any(),
    )
}
