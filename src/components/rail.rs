//! The timeline of a run.

use super::{Glyph, Icon, Ident};
use crate::route::Route;
use catalog::text::find;
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
    /// What the cloud said, verbatim.
    pub message: String,
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
            .map(|RailItem { glyph, class, at, time, after, title, detail, from, message, id }| {
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
                            {(!detail.is_empty()).then(|| linked(&detail))}
                            {(!from.is_empty()).then(|| view! { <p class="rail-from">{from}</p> })}
                            {(!message.is_empty()).then(|| view! { <p class="rail-from">{message}</p> })}
                            {(!id.0.is_empty()).then(|| view! { <p class="rail-from"><Ident value=id.0 what=id.1/></p> })}
                        </div>
                    </li>
                }
            })
            .collect_view()
    };
    view! { <ol class="rail">{move || stops()}</ol> }
}

/// A sentence, with the run that it names as a link.
fn linked(sentence: &str) -> AnyView {
    let start = find(sentence, "run_").unwrap_or(sentence.len());
    let part = |from: usize, to: usize| sentence.get(from..to).unwrap_or_default().to_owned();
    let is_other = |sign: u8| !sign.is_ascii_alphanumeric() && sign != b'_';
    let length = sentence.bytes().skip(start).position(is_other);
    let end = length.map_or(sentence.len(), |length| start + length);
    let (before, id, after) = (part(0, start), part(start, end), part(end, sentence.len()));
    let run = (start < end).then(|| view! { <a class="id" href=Route::run(&*id).href()>{id}</a> });
    view! { <p>{before}{run}{after}</p> }.into_any()
}
