//! Beside the form: the request as it grows, as JSON that can be edited, and as it will be signed.

use crate::components::json_lines::{Kind, lay_out};
use crate::components::{CopyButton, Tab, TabPanel, Tabs};
use crate::form::frame::ErrorText;
use crate::form::json_text;
use crate::form::preview::RequestPreview;
use crate::form::row_tools::focus_soon;
use crate::form::secret::MASK;
use crate::form::state::{FormState, JSON_ID};
use leptos::prelude::*;

const GROUP: &str = "request";

/// The request so far.
#[component]
pub fn RequestAside(
    /// The form.
    form: FormState,
    /// The profile that the request would be signed for.
    #[prop(into)]
    profile: Signal<Option<String>>,
) -> impl IntoView {
    let chosen = RwSignal::new("json");
    let label = |pick: fn(&'static crate::words::form::FormWords) -> &'static str| {
        Signal::derive(move || pick(form.words()).to_owned())
    };
    let tabs = vec![
        Tab { key: "json", label: label(|words| words.tab_json()) },
        Tab { key: "request", label: label(|words| words.tab_request()) },
    ];
    let panel = move || match chosen.get() {
        "request" => view! {
            <TabPanel group=GROUP key="request"><RequestPreview form=form profile=profile/></TabPanel>
        }
        .into_any(),
        _ => view! { <TabPanel group=GROUP key="json"><JsonPanel form=form/></TabPanel> }.into_any(),
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
#[component]
fn JsonPanel(form: FormState) -> impl IntoView {
    let is_edited = Memo::new(move |_| form.json.with(Option::is_some));
    let printed = Memo::new(move |_| form.masked.with(json_text::print));
    let slip = Memo::new(move |_| form.json_slip());
    let error_id = format!("{JSON_ID}-error");
    let edit_id = format!("{JSON_ID}-edit");
    let edit = {
        let edit_id = edit_id.clone();
        move |_| {
            if is_edited.get_untracked() {
                // Text that cannot be read stays open: closing it would lose it.
                if slip.with_untracked(Option::is_some) {
                    focus_soon(JSON_ID.to_owned());
                } else {
                    form.json.set(None);
                    focus_soon(edit_id.clone());
                }
            } else {
                form.json.set(Some(printed.get_untracked()));
                focus_soon(JSON_ID.to_owned());
            }
        }
    };
    let copied = Signal::derive(move || form.json.get().unwrap_or_else(|| printed.get()));
    let error = {
        let error_id = error_id.clone();
        move || {
            slip.get().map(|slip| {
                let words = form.words();
                let text = format!("{}. {}", words.json_slip(&slip), words.json_kept());
                view! { <div class="code-note"><ErrorText form=form id=error_id.clone() text=text/></div> }
            })
        }
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
                    prop:value=move || form.json.get().unwrap_or_default()
                    on:input=move |event| form.edit_json(event_target_value(&event))
                ></textarea>
            }
            .into_any()
        } else {
            view! {
                <pre id=JSON_ID tabindex="0" role="group" aria-label=form.say(|words| words.json_label())>
                    <code>{move || coloured(&printed.get())}</code>
                </pre>
            }
            .into_any()
        }
    };
    let verdict = move || {
        let words = form.words();
        match form.problems.with(Vec::len) {
            0 => words.valid().to_owned(),
            count => words.not_valid(count),
        }
    };
    let masked = move || {
        let has_secret = printed.with(|text| text.contains(MASK));
        if has_secret {
            form.words().secrets_masked().to_owned()
        } else {
            let size = form.masked.with(|masked| serde_json::to_string(masked).map_or(0, |text| text.len()));
            form.words().bytes(size)
        }
    };
    view! {
        <div class="code">
            <div class="code-head">
                <span>{form.say(|words| words.json_head())}</span>
                <span class="row">
                    <button class="btn btn-quiet btn-s" type="button" id=edit_id on:click=edit>
                        {move || if is_edited.get() { form.words().json_done() } else { form.words().json_edit() }}
                    </button>
                    <CopyButton text=copied what=Signal::derive(move || form.words().json_label().to_owned())/>
                </span>
            </div>
            {inside}
            {error}
            <div class="code-foot"><span>{verdict}</span><span>{masked}</span></div>
        </div>
    }
}

/// JSON text, laid out and coloured.
fn coloured(text: &str) -> AnyView {
    let Some(lines) = lay_out(text) else { return text.to_owned().into_any() };
    let drawn = lines.into_iter().enumerate().map(|(number, line)| {
        let mut pieces: Vec<AnyView> = Vec::new();
        let lead = if number == 0 { String::new() } else { format!("\n{}", "  ".repeat(line.depth)) };
        pieces.push(lead.into_any());
        for span in line.spans {
            let class = match span.kind {
                Kind::Key => "k",
                Kind::Text => "s",
                Kind::Number => "n",
                Kind::Literal => "l",
                Kind::Mark => "",
            };
            let piece = text.get(span.bytes).unwrap_or_default().to_owned();
            pieces.push(match (class, piece.as_str()) {
                ("", ":") => ": ".into_any(),
                ("", _) => piece.into_any(),
                (class, _) => view! { <span class=class.to_owned()>{piece}</span> }.into_any(),
            });
        }
        pieces
    });
    drawn.flatten().collect_view().into_any()
}
