//! The one place where a change is confirmed. The button repeats what it does and to whom, says why it is closed, and
//! however often it is pressed, one confirmation goes out.

use super::{Reviewing, origin};
use crate::client::{ClientError, ConfirmRequest, Confirmation, Mode, Plan, use_client};
use crate::components::{ErrorNote, Glyph, Leap, ModeTag, Note, NoteKind};
use crate::form::row_tools::focus_soon;
use crate::pages::secret_fields::secret_fields;
use crate::route::Route;
use crate::router::use_router;
use crate::state::attention::use_attention;
use crate::state::health::use_health;
use crate::times::{self, Style};
use crate::words::{Words, errors::Explained};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use std::rc::Rc;

/// Where it stands why a confirmation did not work.
const TROUBLE: &str = "trouble";

/// The card.
pub(super) fn confirm(plan: &Rc<Plan>, reviewing: Reviewing, words: &'static Words) -> AnyView {
    let review = &words.review;
    let (client, health, attention) = (use_client(), use_health(), use_attention());
    let router = use_router();
    let Reviewing { sending, problem, .. } = reviewing;
    let plan_value = StoredValue::new(Rc::clone(plan));
    let expired = times::parse(&plan.expires_at).is_some_and(|end| end <= times::now_ms());
    if expired && reviewing.void.with_untracked(Option::is_none) {
        let end = times::here(&plan.expires_at, Style::Minute, words.language());
        reviewing.void.set(Some(Explained {
            title: review.expired_title().to_owned(),
            detail: review.expired_text(&end),
            next: words.errors.next_expired().to_owned(),
        }));
    }
    let blocked =
        Memo::new(move |_| plan_value.with_value(|plan| blocked(plan, reviewing, health.is_well(), words)));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        // Checked and set in one turn of the event loop: of ten clicks in one frame, nine end here.
        if sending.get_untracked() || blocked.get_untracked().is_some() {
            return;
        }
        let plan = plan_value.get_value();
        let Some(secrets) = reviewing.secrets(&plan) else { return };
        sending.set(true);
        problem.set(None);
        let request = ConfirmRequest {
            payload_hash: plan.payload_hash.clone(),
            confirmation: Some(Confirmation {
                instance_id: plan.needs.instance_id.then(|| reviewing.typed.get_untracked()),
                accept_unknown_cost: plan.needs.accept_unknown_cost.then_some(true),
                reason: plan.needs.reason.then(|| reviewing.reason.get_untracked()),
            }),
            secrets,
        };
        let asked = client.confirm(&plan.id, &request);
        asked.then(move |answer| match answer {
            Ok(run) => {
                reviewing.kept.forget(&plan.id);
                attention.refresh(client);
                if sending.try_get_untracked().is_some() {
                    crate::state::drafts::remove(&plan.operation, &plan.profile);
                    router.go(&Route::run(&*run.id).href());
                }
            }
            Err(error) => {
                // `try_`: the person may have left the page meanwhile. What the plan asks for may have grown since.
                if error.is_silence() || error.code() == "confirmation_required" {
                    let _ = reviewing.turn.try_update(|turn| *turn += 1);
                }
                if ends_plan(&error) {
                    let _ = reviewing.void.try_set(Some(error.explain(words)));
                } else {
                    let _ = problem.try_set(Some(error));
                }
                let is_gone = sending.try_set(false).is_some();
                // The button may be closed now; why is where the person goes on.
                if !is_gone {
                    focus_soon(TROUBLE.to_owned());
                }
            }
        });
    };
    // Reading the plan again tells whether the confirmation arrived.
    health.on_return(move || {
        if problem.with_untracked(|problem| problem.as_ref().is_some_and(ClientError::is_silence)) {
            problem.set(None);
            reviewing.turn.update(|turn| *turn += 1);
        }
    });
    let label = review.do_on(&plan.title, &plan.profile);
    let press = move || if sending.get() { review.sending().to_owned() } else { label.clone() };
    let why = move || blocked.get().unwrap_or(review.ready());
    let button_class = match plan.mode {
        _ if plan.review.reversible_kind == "no" || plan.needs.instance_id => "btn btn-danger btn-block",
        Mode::Live | Mode::Simulated => "btn btn-primary btn-block",
    };
    let leap = match (plan.review.changes.first(), plan.target.clone()) {
        // The first change is the one that the target says in short.
        (change, Some(target)) => Some((change.and_then(|change| change.from.clone()), target)),
        (Some(change), None) => Some((change.from.clone(), change.to.clone())),
        (None, None) => None,
    };
    let leap = leap.map(|(from, to)| {
        // A Chinese sign is as wide as two letters.
        let short =
            |text: &str| text.chars().map(|sign| if sign.is_ascii() { 1 } else { 2 }).sum::<u32>() <= 14;
        let large = short(&to) && from.as_deref().is_none_or(short);
        view! { <p><Leap from=from to=to large=large/></p> }
    });
    let warnings = plan
        .review
        .warnings
        .iter()
        .cloned()
        .map(|warning| view! { <Note kind=NoteKind::Warn glyph=Glyph::Alert><p>{warning}</p></Note> })
        .collect_view();
    let trouble = move || match (reviewing.void.get(), problem.get()) {
        (Some(explained), _) => view! { <ErrorNote explained=explained/> }.into_any(),
        (None, Some(error)) => {
            let see = error.code() == "instance_busy" || error.is_silence();
            let explained = if error.is_silence() {
                Explained {
                    title: review.silence_after().to_owned(),
                    detail: review.silence_after_text().to_owned(),
                    next: error.explain(words).next,
                }
            } else {
                error.explain(words)
            };
            view! {
                <ErrorNote explained=explained/>
                {see.then(|| view! { <p><a href=Route::Runs.href()>{review.see_runs()}</a></p> })}
            }
            .into_any()
        }
        (None, None) => ().into_any(),
    };
    let back_to = if plan.undoes.is_some() { review.back_to_run() } else { review.back_to_form() };
    let expires = times::here(&plan.expires_at, Style::Minute, words.language());
    let hash = short_hash(&plan.payload_hash);
    view! {
        <aside class="stick" aria-labelledby="c-h">
            <form class="card card-strong" novalidate on:submit=submit>
                <div class="card-head"><h2 id="c-h">{review.confirm()}</h2><ModeTag mode=plan.mode/></div>
                <div class="card-body stack">
                    {leap}
                    {warnings}
                    {plan.needs.instance_id.then(|| typed_instance(plan, reviewing, words))}
                    {plan.needs.accept_unknown_cost.then(|| cost_tick(reviewing, words))}
                    {plan.needs.reason.then(|| reason_field(reviewing, words))}
                    {secrets_again(plan, reviewing, words)}
                    <div class="stack-s">
                        <button
                            class=button_class
                            type="submit"
                            id="confirm"
                            disabled=move || blocked.get().is_some() || sending.get()
                            aria-describedby="why"
                        >
                            {move || press()}
                        </button>
                        <p class="hint" id="why" role="status">{move || why()}</p>
                        <div id=TROUBLE tabindex="-1">{move || trouble()}</div>
                        <a class="btn btn-block" href=origin(plan)>{back_to}</a>
                    </div>
                </div>
                <div class="card-foot">
                    <span>{review.plan_id()}" "<code>{plan.id.clone()}</code></span>
                    <span title=plan.payload_hash.clone()>{review.payload()}" "<code>{hash}</code></span>
                    <span>{review.expires()}" "<time datetime=plan.expires_at.clone()>{expires}</time></span>
                </div>
            </form>
        </aside>
    }
    .into_any()
}

/// Why the button is closed, the most important reason first; `None` when it is open.
fn blocked(plan: &Plan, reviewing: Reviewing, is_well: bool, words: &'static Words) -> Option<&'static str> {
    let review = &words.review;
    let needs = &plan.needs;
    let reasons = [
        (reviewing.void.with(Option::is_some), review.why_expired()),
        (!is_well, review.why_network()),
        (needs.approvals > 0, review.why_approvals()),
        (
            needs.instance_id && reviewing.typed.with(|typed| *typed != plan.review.instance),
            review.why_typed(),
        ),
        (needs.accept_unknown_cost && !reviewing.accepted.get(), review.why_cost()),
        (needs.reason && reviewing.reason.with(|reason| reason.trim().is_empty()), review.why_reason()),
        (reviewing.secrets(plan).is_none(), review.why_secrets()),
    ];
    reasons.into_iter().find_map(|(closed, why)| closed.then_some(why))
}

/// Whether a refusal means that this plan can never be confirmed any more.
fn ends_plan(error: &ClientError) -> bool {
    match error.status() {
        Some(410 | 404) => true,
        Some(409) => error.code() != "instance_busy" && error.code() != "approval_required",
        _ => false,
    }
}

fn typed_instance(plan: &Plan, reviewing: Reviewing, words: &'static Words) -> AnyView {
    let review = &words.review;
    let instance = plan.review.instance.clone();
    let wanted = instance.clone();
    let said = move || {
        let typed = reviewing.typed.get();
        let all = wanted.chars().count();
        let same = typed.chars().zip(wanted.chars()).take_while(|(one, other)| one == other).count();
        if typed == wanted {
            review.matches_all().to_owned()
        } else if same < typed.chars().count() {
            review.differs_at(same + 1)
        } else {
            review.matches_so_far(same, all)
        }
    };
    view! {
        <div class="field">
            <label for="typed"><b>{review.type_instance()}</b></label>
            <p class="hint" id="typed-hint"><code>{instance}</code></p>
            <input
                class="input input-mono"
                id="typed"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                aria-describedby="typed-hint typed-left"
                prop:value=move || reviewing.typed.get()
                on:input=move |event| reviewing.typed.set(event_target_value(&event))
            />
            <p class="hint" id="typed-left" role="status">{move || said()}</p>
        </div>
    }
    .into_any()
}

fn cost_tick(reviewing: Reviewing, words: &'static Words) -> AnyView {
    view! {
        <div class="check">
            <input
                type="checkbox"
                id="accept-cost"
                prop:checked=move || reviewing.accepted.get()
                on:change=move |event| reviewing.accepted.set(event_target_checked(&event))
            />
            <label for="accept-cost">{words.review.accept_cost()}</label>
        </div>
    }
    .into_any()
}

fn reason_field(reviewing: Reviewing, words: &'static Words) -> AnyView {
    view! {
        <div class="field">
            <label for="reason"><b>{words.review.reason()}</b></label>
            <p class="hint" id="reason-hint">{words.review.reason_hint()}</p>
            <textarea
                class="textarea"
                id="reason"
                rows="2"
                maxlength="500"
                aria-describedby="reason-hint"
                prop:value=move || reviewing.reason.get()
                on:input=move |event| reviewing.reason.set(event_target_value(&event))
            ></textarea>
        </div>
    }
    .into_any()
}

/// Asks for secrets that this page does not know, e.g. because the link was opened anew.
fn secrets_again(plan: &Plan, reviewing: Reviewing, words: &'static Words) -> Option<AnyView> {
    if plan.secret_pointers.is_empty() || reviewing.kept.of(&plan.id).is_some() {
        return None;
    }
    let fields = secret_fields(&plan.secret_pointers, "secret", "secrets-why", reviewing.entered);
    Some(
        view! {
            <fieldset class="stack-s">
                <legend><b>{words.review.secrets_again()}</b></legend>
                <p class="hint" id="secrets-why">{words.review.secrets_why()}</p>
                {fields}
            </fieldset>
        }
        .into_any(),
    )
}

/// A hash short enough to compare by eye.
fn short_hash(hash: &str) -> String {
    let (kind, digits) = hash.split_once(':').unwrap_or(("", hash));
    let (first, last) = (digits.get(..4), digits.get(digits.len().saturating_sub(4)..));
    match (first, last) {
        (Some(first), Some(last)) if digits.len() > 12 => format!("{kind}:{first}…{last}"),
        _ => hash.to_owned(),
    }
}
