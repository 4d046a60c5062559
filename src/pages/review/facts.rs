//! What a plan means: cost, way back, time, approvals.

use super::{Reviewing, price};
use crate::client::{Plan, PlanKind};
use crate::components::{Glyph, Icon};
use crate::pages::onward;
use crate::route::Route;
use crate::words::Words;
use catalog::text::find;
use leptos::prelude::*;

/// The verdicts.
pub(super) fn facts(plan: &Plan, reviewing: Reviewing, words: &'static Words) -> AnyView {
    let review = &words.review;
    let cost_class = if matches!(plan.review.cost_kind.as_str(), "free" | "quoted") { "" } else { "ask" };
    let way_back = match plan.review.reversible_kind.as_str() {
        "yes" => ("", Glyph::RolledBack),
        "partly" => ("ask", Glyph::RolledBack),
        _ => ("risk", Glyph::OneWay),
    };
    let approval = (plan.needs.approvals > 0).then(|| {
        fact(
            "ask",
            Glyph::People,
            review.approval(),
            sentences(&review.approvals_needed(plan.needs.approvals as usize)),
        )
    });
    let cost = [sentences(&plan.review.cost), price::price(plan, reviewing, words)].into_any();
    let failure = (!plan.review.failure.is_empty())
        .then(|| fact("", Glyph::Failed, review.if_it_fails(), sentences(&plan.review.failure)));
    let undoes = plan.undoes.clone().map(|run| {
        let term = if plan.kind == PlanKind::Cancel { words.run.cancels() } else { words.run.rolls_back() };
        let href = Route::run(&*run).href();
        fact("", Glyph::RolledBack, term, view! { <a class="id" href=href>{run}</a> }.into_any())
    });
    let live = (plan.kind == PlanKind::Upgrade)
        .then(|| onward::live(plan.mode, &plan.operation, &plan.profile, &plan.id, words));
    let reversible = sentences(&plan.review.reversible);
    let effective = sentences(&plan.review.effective);
    view! {
        <section class="card" aria-labelledby="f-h">
            <div class="card-head"><h2 id="f-h">{review.what_it_means()}</h2></div>
            <dl class="facts">
                {undoes}
                {fact(cost_class, Glyph::Coin, review.cost(), cost)}
                {fact(way_back.0, way_back.1, review.reversible(), reversible)}
                {fact("", Glyph::Clock, review.takes_effect(), effective)}
                {failure}
                {approval}
            </dl>
            {live}
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
        [". ", "。"].iter().filter_map(|stop| find(text, stop).map(|at| at + stop.trim_end().len())).min();
    let (lead, rest) = end.and_then(|end| text.split_at_checked(end)).unwrap_or((text, ""));
    let rest = rest.trim().to_owned();
    // Chinese sets no space after a full stop.
    let space = if lead.ends_with('。') { "" } else { " " };
    let rest = (!rest.is_empty()).then(|| format!("{space}{rest}"));
    view! { <p><b>{lead.to_owned()}</b>{rest}</p> }.into_any()
}
