//! Beside the form: the request as it grows, as JSON that can be edited, and as it will be signed.

use crate::components::json_lines::{Kind, lay_out};
use crate::components::{CopyButton, Tab, TabPanel, Tabs};
use crate::form::frame::error_text;
use crate::form::json_text;
use crate::form::preview::request_preview;
use crate::form::row_tools::focus_soon;
use crate::form::secret::MASK;
use crate::form::state::{FormState, JSON_ID};
use catalog::text::Joined;
use catalog::text::holds;
use leptos::prelude::*;

const GROUP: &str = "request";

/// The request so far, for the profile that it would be signed for.
#[must_use]
pub fn request_aside(form: FormState, profile: Signal<Option<String>>) -> AnyView {
    let chosen = RwSignal::new("json");
    let label = |pick: fn(&'static crate::words::form::FormWords) -> &'static str| {
        Signal::derive(move || pick(form.words()).to_owned())
    };
    let tabs = vec![
        Tab { key: "json", label: label(|words| words.tab_json()) },
        Tab { key: "request", label: label(|words| words.tab_request()) },
    ];
    let panel = move || {
        let key = chosen.get();
        let inside = if key == "request" { request_preview(form, profile) } else { json_panel(form) };
        view! { <TabPanel group=GROUP key=key>{inside}</TabPanel> }
    };
    view! {
        <aside class="stick" aria-label=form.say(|words| words.request_so_far())>
            <div class="card">
                <Tabs group=GROUP label=label(|words| words.request_so_far()) tabs=tabs chosen=chosen/>
                {panel}
            </div>
        </aside>
    }
}

/// The parameters as JSON: read, copied, edited.
fn json_panel(form: FormState) -> AnyView {
    let (json, masked) = (form.json(), form.masked());
    let is_edited = Memo::new(move |_| json.with(Option::is_some));
    let printed = Memo::new(move |_| masked.with(json_text::print));
    let slip = Memo::new(move |_| form.json_slip());
    let error_id = format!("{JSON_ID}-error");
    let edit_id = format!("{JSON_ID}-edit");
    let button_id = edit_id.clone();
    let edit = move |_| {
        let is_edited = is_edited.get_untracked();
        // Text that cannot be read stays open: closing it would lose it.
        let ends = is_edited && slip.with_untracked(Option::is_none);
        if ends {
            json.set(None);
        } else if !is_edited {
            json.set(Some(printed.get_untracked()));
        }
        focus_soon(if ends { edit_id.clone() } else { JSON_ID.to_owned() });
    };
    let copied = Signal::derive(move || json.get().unwrap_or_else(|| printed.get()));
    let id = error_id.clone();
    let error = move || {
        slip.get().map(|slip| {
            let words = form.words();
            let text = [&*words.json_slip(&slip), ". ", words.json_kept()].joined("");
            view! { <div class="code-note">{error_text(form, id.clone(), text)}</div> }
        })
    };
    let inside = move || {
        if is_edited.get() {
            let error_id = error_id.clone();
            view! {
                <textarea
                    class="textarea code-edit"
                    id=JSON_ID
                    rows="14"
                    aria-label=form.say(|words| words.json_label())
                    aria-describedby=move || slip.with(Option::is_some).then(|| error_id.clone())
                    aria-invalid=move || slip.with(Option::is_some).then_some("true")
                    spellcheck="false"
                    autocomplete="off"
                    autocapitalize="off"
                    prop:value=move || json.get().unwrap_or_default()
                    on:input=move |event| form.edit_json(event_target_value(&event))
                ></textarea>
            }
        } else {
            view! {
                <pre id=JSON_ID tabindex="0" role="group" aria-label=form.say(|words| words.json_label())>
                    <code>{move || coloured(&printed.get())}</code>
                </pre>
            }
        }
    };
    let verdict = move || {
        let words = form.words();
        match form.wrong() {
            0 => words.valid().to_owned(),
            count => words.not_valid(count),
        }
    };
    let size = move || {
        let has_secret = printed.with(|text| holds(text, MASK));
        if has_secret {
            form.words().secrets_masked().to_owned()
        } else {
            let size = masked.with(|masked| serde_json::to_string(masked).map_or(0, |text| text.len()));
            form.words().bytes(size)
        }
    };
    view! {
        <div class="code">
            <div class="code-head">
                <span>{form.say(|words| words.json_head())}</span>
                <span class="row">
                    <button class="btn btn-quiet btn-s" type="button" id=button_id on:click=edit>
                        {move || if is_edited.get() { form.words().json_done() } else { form.words().json_edit() }}
                    </button>
                    <CopyButton text=copied what=Signal::derive(move || form.words().json_label().to_owned())/>
                </span>
            </div>
            {inside}
            {error}
            <div class="code-foot"><span>{verdict}</span><span>{size}</span></div>
        </div>
    }
}

/// JSON text, laid out and coloured.
fn coloured(text: &str) -> AnyView {
    let Some(lines) = lay_out(text) else { return text.to_owned().into_any() };
    let mut pieces = AnyView::list();
    for (number, line) in lines.into_iter().enumerate() {
        if number > 0 {
            pieces = pieces.part(["\n", &*"  ".repeat(line.depth)].joined("").into_any());
        }
        for span in line.spans {
            let class = match span.kind {
                Kind::Key => "k",
                Kind::Text => "s",
                Kind::Number => "n",
                Kind::Literal => "l",
                Kind::Mark => "",
            };
            let piece = text.get(span.bytes).unwrap_or_default();
            pieces = pieces.part(match (class, piece) {
                ("", ":") => ": ".into_any(),
                ("", piece) => piece.to_owned().into_any(),
                (class, piece) => {
                    let piece = piece.to_owned();
                    view! { <span class=class>{piece}</span> }
                }
            });
        }
    }
    pieces
}
