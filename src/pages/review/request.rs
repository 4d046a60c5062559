//! The exact request of a plan, asked for only when somebody opens it, and its parameters.

use crate::client::{ClientError, Plan, Preview, use_client};
use crate::components::{CopyButton, ErrorNote, Fold, JsonView, Loading};
use crate::form::pointer;
use crate::words::{Words, said, use_words};
use catalog::text::find;
use leptos::prelude::*;
use serde_json::{Map, Value};
use std::rc::Rc;

/// The folds: the request, what is signed, the parameters.
pub(super) fn request(plan: &Plan, words: &'static Words) -> AnyView {
    let review = &words.review;
    let count = review.parameters_count(plan.parameters.len(), plan.secret_pointers.len());
    let shown = serde_json::to_string(&masked(plan)).unwrap_or_default();
    // A confirmed plan was sent already, with another time and nonce.
    let note = if plan.run.is_none() { review.exact_request_note() } else { review.exact_request_past() };
    let preview = RwSignal::new(None::<Rc<Preview>>);
    let failed = RwSignal::new(None::<ClientError>);
    let plan = StoredValue::new(plan.id.clone());
    let summary = Signal::derive(move || {
        preview.with(|preview| {
            preview.as_ref().map_or_else(String::new, |preview| {
                review.request_summary(&preview.method, preview.headers.len(), !preview.body.is_empty())
            })
        })
    });
    let all = shown.clone();
    view! {
        <section class="card" aria-label=review.exact_request()>
            <Fold label=review.exact_request().to_owned() said=summary>
                <Asked plan=plan preview=preview failed=failed/>
                {move || preview.get().map(|preview| sent(&preview, note, words))}
            </Fold>
            <Fold label=review.canonical().to_owned()>
                <Asked plan=plan preview=preview failed=failed/>
                {move || {
                    preview.get().map(|preview| {
                        view! {
                            <div class="stack-s">
                                {code(review.canonical_request(), preview.canonical_request.clone())}
                                {code(review.string_to_sign(), preview.string_to_sign.clone())}
                            </div>
                        }
                    })
                }}
            </Fold>
            <Fold label=review.all_parameters().to_owned() said=Signal::stored(count)>
                <JsonView
                    source=all.clone()
                    label=review.all_parameters().to_owned()
                    what=review.all_parameters().to_owned()
                />
            </Fold>
        </section>
    }
    .into_any()
}

/// Asks for the preview when it is first drawn, and shows the wait and the failure.
#[component]
fn Asked(
    plan: StoredValue<String>,
    preview: RwSignal<Option<Rc<Preview>>>,
    failed: RwSignal<Option<ClientError>>,
) -> impl IntoView {
    let words = use_words();
    let client = use_client();
    let turn = RwSignal::new(0_u32);
    Effect::new(move || {
        turn.track();
        if preview.with_untracked(Option::is_some) {
            return;
        }
        plan.with_value(|plan| client.preview_of_plan(plan)).show(preview, failed);
    });
    move || match (preview.with(Option::is_some), failed.get()) {
        (true, _) => ().into_any(),
        (false, None) => view! { <Loading what=said(|w| w.shell.loading())/> }.into_any(),
        (false, Some(error)) => {
            let retry = Callback::new(move |()| turn.update(|turn| *turn += 1));
            view! { <ErrorNote explained=error.explain(words.get()) retry=retry/> }.into_any()
        }
    }
}

/// A request as it goes over the wire: request line, headers, body.
fn sent(preview: &Preview, note: &'static str, words: &'static Words) -> AnyView {
    let (host, target) = split_address(&preview.url);
    let line = format!("{} {target} HTTP/1.1", preview.method);
    let mut whole = format!("{line}\n");
    let has_host = preview.headers.iter().any(|header| header.name.eq_ignore_ascii_case("host"));
    let headers = (!has_host)
        .then(|| ("host".to_owned(), host))
        .into_iter()
        .chain(preview.headers.iter().map(|header| (header.name.clone(), header.value.clone())))
        .map(|(name, value)| {
            whole.push_str(&format!("{name}: {value}\n"));
            view! { <span class="k">{format!("{name}:")}</span>{format!(" {value}\n")} }
        })
        .collect::<Vec<_>>();
    let body = (!preview.body.is_empty()).then(|| {
        whole.push_str(&format!("\n{}\n", preview.body));
        format!("\n{}\n", preview.body)
    });
    view! {
        <div class="code">
            <div class="code-head">
                <span>{note}</span>
                <CopyButton text=whole what=words.review.exact_request().to_owned()/>
            </div>
            <pre tabindex="0" role="group" aria-label=words.review.exact_request()>
                <code>{format!("{line}\n")}{headers}{body}</code>
            </pre>
        </div>
    }
    .into_any()
}

fn code(label: &'static str, text: String) -> AnyView {
    let copy = text.clone();
    view! {
        <div class="code">
            <div class="code-head"><span>{label}</span><CopyButton text=copy what=label.to_owned()/></div>
            <pre tabindex="0" role="group" aria-label=label><code>{text}</code></pre>
        </div>
    }
    .into_any()
}

/// `https://host/path?query` as host and the rest.
fn split_address(url: &str) -> (String, String) {
    let rest = find(url, "://").and_then(|at| url.get(at + 3..)).unwrap_or(url);
    match rest.split_once('/') {
        Some((host, target)) => (host.to_owned(), format!("/{target}")),
        None => (rest.to_owned(), "/".to_owned()),
    }
}

/// The parameters with a mask wherever a secret stands.
fn masked(plan: &Plan) -> Map<String, Value> {
    let mut parameters = plan.parameters.clone();
    pointer::mask(&mut parameters, &plan.secret_pointers);
    parameters
}
