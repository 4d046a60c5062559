//! The exact request that the server would sign, asked for again while the form changes. Nothing is sent to a cloud.

use crate::client::{ClientError, Preview, PreviewRequest, use_client};
use crate::components::{CopyButton, ErrorNote, Fold, Loading};
use crate::form::state::FormState;
use crate::words::use_words;
use leptos::prelude::*;
use std::rc::Rc;
use std::time::Duration;

/// How long the form must rest before the server is asked.
const REST: Duration = Duration::from_millis(400);

/// The request as it will be signed for a profile.
#[must_use]
pub fn request_preview(form: FormState, profile: Signal<Option<String>>) -> AnyView {
    let client = use_client();
    let words = use_words();
    // Counts questions: an answer to an older one says nothing about the form as it is now.
    let question = RwSignal::new(0_u32);
    let answer = RwSignal::new(None::<Result<Rc<Preview>, ClientError>>);
    let again = RwSignal::new(0_u32);
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let stop = move || {
        if let Some(timer) = timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    };
    let wanted = Memo::new(move |_| {
        let profile = profile.get()?;
        (form.wrong() == 0).then(|| (profile, form.masked().get()))
    });
    Effect::new(move || {
        again.track();
        let number = question.get_untracked().wrapping_add(1);
        question.set(number);
        stop();
        let Some((profile, parameters)) = wanted.get() else {
            answer.set(None);
            return;
        };
        let ask = move || {
            let operation = form.operation();
            let secret_pointers = form.output().secrets.into_iter().map(|(pointer, _)| pointer).collect();
            let request = PreviewRequest { profile, parameters, secret_pointers };
            client.preview(&operation.id, &request).then(move |outcome| {
                if question.try_get_untracked() == Some(number) {
                    answer.set(Some(outcome));
                }
            });
        };
        if let Ok(handle) = set_timeout_with_handle(ask, REST) {
            timer.set_value(Some(handle));
        }
    });
    on_cleanup(stop);
    let shown = move || {
        let waiting = form.wrong();
        if wanted.with(Option::is_none) {
            let text = if waiting == 0 {
                form.words().no_profile().to_owned()
            } else {
                form.words().preview_waiting(waiting)
            };
            return view! { <div class="card-body"><p class="mute">{text}</p></div> };
        }
        match answer.get() {
            None => view! {
                <div class="card-body">
                    <Loading what=Signal::derive(move || form.words().reading_request().to_owned())/>
                </div>
            },
            Some(Err(error)) => {
                let explained = error.explain(words.get());
                let retry = Callback::new(move |()| again.update(|count| *count = count.wrapping_add(1)));
                view! { <div class="card-body"><ErrorNote explained=explained retry=retry/></div> }
            }
            Some(Ok(preview)) => drawn(form, &preview),
        }
    };
    shown.into_any()
}

fn drawn(form: FormState, preview: &Preview) -> AnyView {
    let mut text = format!("{} {}\n", preview.method, preview.url);
    for header in &preview.headers {
        text.push_str(&format!("{}: {}\n", header.name, header.value));
    }
    if !preview.body.is_empty() {
        text.push('\n');
        text.push_str(&preview.body);
    }
    let has_secret = untrack(|| form.has_secret());
    let parts = [
        (Signal::derive(move || form.words().canonical().to_owned()), preview.canonical_request.clone()),
        (Signal::derive(move || form.words().to_sign().to_owned()), preview.string_to_sign.clone()),
    ]
    .into_iter()
    .filter(|(_, text)| !text.is_empty())
    .map(|(title, text)| {
        view! {
            <Fold label=title>
                <pre class="code-plain" tabindex="0" role="group" aria-label=title><code>{text.clone()}</code></pre>
            </Fold>
        }
    })
    .collect_view();
    let copied = text.clone();
    view! {
        <div class="code">
            <div class="code-head">
                <span>{form.say(|words| words.preview_head())}</span>
                <CopyButton
                    text=Signal::derive(move || copied.clone())
                    what=Signal::derive(move || form.words().preview_label().to_owned())
                />
            </div>
            <pre class="code-wrap" tabindex="0" role="group" aria-label=form.say(|words| words.preview_label())>
                <code>{text}</code>
            </pre>
            <div class="code-foot">
                <span>{form.say(|words| words.preview_masked())}</span>
                {has_secret.then(|| view! { <span>{form.say(|words| words.secrets_masked())}</span> })}
            </div>
        </div>
        {parts}
    }
}
