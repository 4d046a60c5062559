//! The timeline of a run.

use super::{Glyph, Icon, Ident};
use leptos::prelude::*;

/// One stop of a timeline, in words.
#[derive(Clone, Debug, PartialEq)]
pub struct RailItem {
    /// What it shows.
    pub glyph: Glyph,
    /// `rail-now`, `rail-next`, `rail-unknown`, `rail-ok`, `rail-bad` or nothing.
    pub class: &'static str,
    /// RFC 3339; empty for what has not happened.
    pub at: String,
    /// The time in words.
    pub time: String,
    /// How long after the stop before.
    pub after: String,
    /// The state.
    pub title: String,
    /// More about it.
    pub detail: String,
    /// Whose word it is, and what was answered, in short.
    pub from: String,
    /// An id to quote to a vendor, with what it is called; empty when there is none.
    pub id: (String, String),
}

/// A timeline, oldest first.
#[component]
pub fn Rail(
    /// Its stops.
    #[prop(into)]
    items: Signal<Vec<RailItem>>,
) -> impl IntoView {
    let stops = move || {
        items
            .get()
            .into_iter()
            .map(|RailItem { glyph, class, at, time, after, title, detail, from, id }| {
                let spin = if glyph == Glyph::Moving { "spin" } else { "" };
                view! {
                    <li class=format!("rail-item {class}")>
                        <p class="rail-time">
                            {(!at.is_empty()).then(|| view! { <time datetime=at>{time}</time> })}
                            {(!after.is_empty()).then(|| view! { <small>{after}</small> })}
                        </p>
                        <span class="rail-dot"><Icon glyph=glyph class=spin/></span>
                        <div class="rail-body">
                            <h3>{title}</h3>
                            {(!detail.is_empty()).then(|| view! { <p>{detail}</p> })}
                            {(!from.is_empty()).then(|| view! { <p class="rail-from">{from}</p> })}
                            {(!id.0.is_empty()).then(|| view! { <p class="rail-from"><Ident value=id.0 what=id.1/></p> })}
                        </div>
                    </li>
                }
            })
            .collect_view()
    };
    view! { <ol class="rail">{move || stops()}</ol> }
}
