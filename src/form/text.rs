//! Text, numbers and secrets.

use crate::browser;
use crate::components::{Glyph, Icon};
use crate::form::control::Control;
use crate::form::draft::Entry;
use crate::form::secret::SecretText;
use catalog::model::Kind;
use leptos::prelude::*;

/// A line of text, or a number that is typed as text: a number input would take away what it cannot read.
#[must_use]
pub fn text_control(control: Control) -> AnyView {
    let inputmode = match control.kind() {
        Kind::Integer { minimum: Some(0..), .. } => Some("numeric"),
        Kind::Integer { .. } | Kind::Number { .. } => Some("decimal"),
        _ => None,
    };
    let unit = control.field().unit;
    let input = view! {
        <input
            class="input input-mono"
            type="text"
            id=control.id()
            inputmode=inputmode
            aria-describedby=move || control.described_by()
            aria-invalid=move || control.invalid()
            aria-required=move || control.required()
            autocomplete="off"
            autocapitalize="off"
            spellcheck="false"
            prop:value=move || control.shown()
            on:input=move |event| control.set_text(event_target_value(&event))
            on:blur=move |_| control.touch()
        />
    };
    match unit {
        Some(unit) => {
            let language = control.form.language;
            view! {
                <span class="affix">
                    {input}<span class="unit">{move || unit.get(language.get()).to_owned()}</span>
                </span>
            }
            .into_any()
        }
        None => input.into_any(),
    }
}

/// A secret: shown only while the person asks for it.
#[must_use]
pub fn secret_control(control: Control) -> AnyView {
    let form = control.form;
    let typed = move || {
        control.entry.with(|entry| match entry {
            Some(Entry::Secret { text }) => text.reveal().to_owned(),
            _ => String::new(),
        })
    };
    let hint = control.part_id("kept");
    view! {
        <SecretInput
            id=control.id()
            title=Signal::derive(move || control.whole_title())
            typed=Signal::derive(typed)
            described_by=Signal::derive({
                let hint = hint.clone();
                move || Some([control.described_by(), Some(hint.clone())].into_iter().flatten().collect::<Vec<_>>().join(" "))
            })
            invalid=Signal::derive(move || control.invalid())
            on_input=Callback::new(move |text: String| control.set(Entry::Secret { text: SecretText::new(text) }))
            on_blur=Callback::new(move |()| control.touch())
        />
        <p class="hint" id=hint>{form.say(|words| words.secret_hint())}</p>
    }
    .into_any()
}

/// A password input with a button that shows what was typed.
#[component]
pub fn SecretInput(
    /// The id of the input.
    id: String,
    /// What it is called.
    title: Signal<String>,
    /// What was typed.
    typed: Signal<String>,
    /// The ids of what describes it.
    described_by: Signal<Option<String>>,
    /// For `aria-invalid`.
    invalid: Signal<Option<&'static str>>,
    /// Takes what is typed.
    on_input: Callback<String>,
    /// The person has left it.
    on_blur: Callback<()>,
) -> impl IntoView {
    let words = crate::words::use_words();
    let shown = RwSignal::new(false);
    let label = move || {
        let words = &words.get().form;
        if shown.get() { words.hide_secret(&title.get()) } else { words.show_secret(&title.get()) }
    };
    view! {
        <span class="affix">
            <input
                class="input input-mono"
                id=id
                type=move || if shown.get() { "text" } else { "password" }
                autocomplete="new-password"
                spellcheck="false"
                aria-describedby=move || described_by.get()
                aria-invalid=move || invalid.get()
                prop:value=move || typed.get()
                on:input=move |event| on_input.run(event_target_value(&event))
                on:blur=move |_| on_blur.run(())
            />
            <button
                class="btn btn-icon"
                type="button"
                aria-label=label
                aria-pressed=move || if shown.get() { "true" } else { "false" }
                on:click=move |_| shown.update(|shown| *shown = !*shown)
            >
                {move || view! { <Icon glyph=if shown.get() { Glyph::EyeOff } else { Glyph::Eye }/> }}
            </button>
        </span>
    }
}

/// The idempotency token: made for the form, changed only on purpose.
#[must_use]
pub fn token_control(control: Control) -> AnyView {
    let form = control.form;
    let editing = RwSignal::new(false);
    let own = Memo::new(move |_| form.draft.with(|draft| draft.own_token));
    let open = move || editing.get() || own.get();
    let hint = control.part_id("made");
    let described = {
        let hint = hint.clone();
        move || {
            [control.described_by(), Some(hint.clone())].into_iter().flatten().collect::<Vec<_>>().join(" ")
        }
    };
    let press = move |_| {
        if open() {
            editing.set(false);
            form.renew_token();
        } else {
            editing.set(true);
            browser::focus(&control.id());
        }
    };
    let label = move || {
        let words = form.words();
        if open() { words.new_token() } else { words.change() }
    };
    let name = move || {
        if open() { form.words().new_token().to_owned() } else { form.words().change_of(&control.title()) }
    };
    view! {
        <p class="hint" id=hint>
            {move || if own.get() { form.words().own_token_hint() } else { form.words().token_hint() }}
        </p>
        <span class="affix">
            <input
                class="input input-mono"
                type="text"
                id=control.id()
                readonly=move || !open()
                aria-describedby=described
                aria-invalid=move || control.invalid()
                autocomplete="off"
                spellcheck="false"
                prop:value=move || control.shown()
                on:input=move |event| control.set_text(event_target_value(&event))
                on:blur=move |_| control.touch()
            />
            <button class="btn" type="button" aria-label=name on:click=press>{label}</button>
        </span>
    }
    .into_any()
}
