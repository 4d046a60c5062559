//! Text, numbers and secrets.

use crate::browser;
use crate::form::binding::{self, Binding};
use crate::form::control::Control;
use crate::form::draft::Entry;
use crate::form::secret::SecretText;
use catalog::model::Kind;
use leptos::prelude::*;

/// A line of text, or a number that is typed as text: a number input would take away what it cannot read.
#[must_use]
pub fn text_control(control: Control) -> AnyView {
    let inputmode = match *control.kind() {
        Kind::Integer { minimum: Some(0..), .. } => Some("numeric"),
        Kind::Integer { .. } | Kind::Number { .. } => Some("decimal"),
        _ => None,
    };
    let input = binding::line(Binding { inputmode, ..Binding::of(control) });
    let field = control.field();
    if field.unit.is_none() {
        return input;
    }
    let form = control.form();
    let unit =
        move || field.unit.as_ref().map(|unit| unit.get(form.language()).to_owned()).unwrap_or_default();
    view! { <span class="affix">{input}<span class="unit">{unit}</span></span> }
}

/// A secret: shown only while the person asks for it.
#[must_use]
pub fn secret_control(control: Control) -> AnyView {
    let typed = move || {
        control.entry().with(|entry| match entry {
            Some(Entry::Secret { text }) => text.reveal().to_owned(),
            _ => String::new(),
        })
    };
    let hint = control.part_id("kept");
    let kept = hint.clone();
    let input = binding::secret(
        Binding {
            value: Signal::derive(typed),
            described_by: Signal::derive(move || control.described_with(Some(kept.clone()))),
            typed: Callback::new(move |text| control.set(Entry::Secret { text: SecretText::new(text) })),
            ..Binding::of(control)
        },
        Signal::derive(move || control.whole_title()),
    );
    view! { {input}<p class="hint" id=hint>{control.form().say(|words| words.secret_hint())}</p> }
}

/// The idempotency token: made for the form, changed only on purpose.
#[must_use]
pub fn token_control(control: Control) -> AnyView {
    let form = control.form();
    let editing = RwSignal::new(false);
    let own = Memo::new(move |_| form.draft().with(|draft| draft.own_token));
    let open = move || editing.get() || own.get();
    let hint = control.part_id("made");
    let made = hint.clone();
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
    let input = binding::line(Binding {
        described_by: Signal::derive(move || control.described_with(Some(made.clone()))),
        required: None,
        readonly: Some(Signal::derive(move || !open())),
        ..Binding::of(control)
    });
    view! {
        <p class="hint" id=hint>
            {move || if own.get() { form.words().own_token_hint() } else { form.words().token_hint() }}
        </p>
        <span class="affix">
            {input}
            <button class="btn" type="button" aria-label=name on:click=press>{label}</button>
        </span>
    }
}
