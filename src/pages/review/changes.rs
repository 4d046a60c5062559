//! Current and target, side by side.

use crate::client::Plan;
use crate::words::Words;
use leptos::prelude::*;

/// The table of changed values.
pub(super) fn changes(plan: &Plan, words: &'static Words) -> AnyView {
    let review = &words.review;
    let count = plan.review.changes.len();
    let inside = if count == 0 {
        view! { <p class="card-body mute">{review.no_changes()}</p> }.into_any()
    } else {
        let rows = plan
            .review
            .changes
            .iter()
            .cloned()
            .map(|change| {
                let from = match change.from {
                    Some(from) => view! { <code>{from}</code> }.into_any(),
                    None => view! { <span class="mute">{review.not_known()}</span> }.into_any(),
                };
                view! {
                    <tr role="row">
                        <th scope="row" role="rowheader" data-label=review.value()><span>{change.label}</span></th>
                        <td role="cell" data-label=review.now()>{from}</td>
                        <td class="to" role="cell" data-label=review.after()><code>{change.to}</code></td>
                    </tr>
                }
            })
            .collect_view();
        view! {
            <table class="table table-cards" role="table">
                <caption class="vh">{review.table_caption()}</caption>
                <thead role="rowgroup">
                    <tr role="row">
                        <th scope="col" role="columnheader">{review.value()}</th>
                        <th scope="col" role="columnheader">{review.now()}</th>
                        <th scope="col" role="columnheader">{review.after()}</th>
                    </tr>
                </thead>
                <tbody role="rowgroup">{rows}</tbody>
            </table>
        }
        .into_any()
    };
    let said = (count > 0).then(|| review.values_change(count));
    view! {
        <section class="card" aria-labelledby="ch-h">
            <div class="card-head"><h2 id="ch-h">{review.what_changes()}</h2><span class="mute">{said}</span></div>
            {inside}
        </section>
    }
    .into_any()
}
