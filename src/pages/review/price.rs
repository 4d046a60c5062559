//! The price of a plan: what the cloud quoted, when, and asking again. It is asked again by itself when it has grown
//! old, without drawing the page anew: somebody may be typing beside it.

use super::Reviewing;
use crate::client::{ClientError, Plan, Price, use_client};
use crate::components::{ErrorNote, use_announcer};
use crate::times::{self, Style};
use crate::words::Words;
use leptos::prelude::*;
use std::time::Duration;

/// A price is asked for no more often than this by itself, whatever the clocks say.
const SHORTEST_MS: f64 = 60_000.0;

/// The quotes; nothing where nobody was asked for any.
pub(super) fn price(plan: &Plan, reviewing: Reviewing, words: &'static Words) -> AnyView {
    let Some(first) = plan.review.price.clone() else { return ().into_any() };
    let (client, announcer) = (use_client(), use_announcer());
    let open = plan.run.is_none();
    let id = StoredValue::new(plan.id.clone());
    let shown = RwSignal::new(first.clone());
    let asking = RwSignal::new(false);
    let failed = RwSignal::new(None::<ClientError>);
    let ask = move |by_hand: bool| {
        if asking.try_get_untracked() != Some(false) {
            return;
        }
        asking.set(true);
        failed.set(None);
        client.price(&id.get_value()).then(move |answer| {
            if asking.try_set(false).is_some() {
                // The page is gone; the server has kept what it was told.
                return;
            }
            match answer {
                Ok(plan) => {
                    let same = reviewing
                        .plan
                        .with_untracked(|known| known.as_ref().is_some_and(|known| known.rest == plan.rest));
                    match plan.review.price.clone() {
                        Some(price) if same => shown.set(price),
                        _ => reviewing.plan.set(Some(plan)),
                    }
                    if by_hand {
                        announcer.say(words.review.price_asked());
                    }
                }
                Err(error) => failed.set(Some(error)),
            }
        });
    };
    if open {
        // Old already when the page was opened, then whenever it grows old, by the server's own count of time.
        let old = times::parse(&first.stale_at).is_some_and(|stale| stale <= times::now_ms());
        if old {
            ask(false);
        }
        Effect::new(move || {
            let price = shown.get();
            let life = times::parse(&price.stale_at).zip(times::parse(&price.asked_at));
            let life = life.map_or(SHORTEST_MS, |(stale, asked)| (stale - asked).max(SHORTEST_MS));
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "minutes, and above zero"
            )]
            let life = Duration::from_millis(life as u64);
            if let Ok(timer) = set_timeout_with_handle(move || ask(false), life) {
                on_cleanup(move || timer.clear());
            }
        });
    }
    // The verdict may be the note itself; it is not said twice.
    let verdict = plan.review.cost.clone();
    let table = move || shown.with(|price| quotes(price, &verdict, words));
    let said = move || if asking.get() { words.review.price_asking() } else { words.review.price_again() };
    let again = open.then(|| {
        view! { <button class="link" type="button" on:click=move |_| ask(true)>{move || said()}</button> }
    });
    let problem = move || failed.get().map(|error| view! { <ErrorNote explained=error.explain(words)/> });
    let asked = move || {
        shown
            .with(|price| words.review.price_at(&times::here(&price.asked_at, Style::Full, words.language())))
    };
    view! {
        {move || table()}
        <p class="row"><span>{move || asked()}</span>{again}</p>
        {move || problem()}
    }
    .into_any()
}

fn quotes(price: &Price, verdict: &str, words: &'static Words) -> AnyView {
    let review = &words.review;
    let rows = price
        .quotes
        .iter()
        .cloned()
        .map(|quote| {
            let amount = format!("{} {}", quote.currency, quote.amount);
            let detail = (!quote.detail.is_empty()).then(|| view! { <span class="sub">{quote.detail}</span> });
            view! {
                <tr role="row">
                    <th scope="row" role="rowheader" data-label=review.price_what()><span>{quote.label}{detail}</span></th>
                    <td class="num" role="cell" data-label=review.price_amount()>
                        <span class="amount">{amount.trim().to_owned()}</span>
                    </td>
                </tr>
            }
        })
        .collect_view();
    let table = (!price.quotes.is_empty()).then(|| {
        view! {
            <table class="table table-cards quotes" role="table">
                <caption class="vh">{review.price_caption()}</caption>
                <thead role="rowgroup">
                    <tr role="row">
                        <th scope="col" role="columnheader">{review.price_what()}</th>
                        <th class="num" scope="col" role="columnheader">{review.price_amount()}</th>
                    </tr>
                </thead>
                <tbody role="rowgroup">{rows}</tbody>
            </table>
        }
    });
    let note =
        (!price.note.is_empty() && price.note != verdict).then(|| view! { <p>{price.note.clone()}</p> });
    view! { {table}{note} }.into_any()
}
