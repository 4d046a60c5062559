//! What every input of the form has in common, whatever it is an input for: what stands in it, what describes it, and
//! where what is typed goes.

use crate::components::{Glyph, Icon};
use crate::form::control::{Control, ids};
use leptos::prelude::*;

/// What an input is bound to.
pub struct Binding {
    /// The id of the input.
    pub id: String,
    /// What it is called, where no label says so.
    pub label: Option<Signal<String>>,
    /// What stands in it.
    pub value: Signal<String>,
    /// The ids of what describes it.
    pub described_by: Signal<Option<String>>,
    /// For `aria-invalid`.
    pub invalid: Signal<Option<&'static str>>,
    /// For `aria-required`.
    pub required: Option<&'static str>,
    /// Which keys a touch screen offers.
    pub inputmode: Option<&'static str>,
    /// Whether it cannot be typed into now.
    pub readonly: Option<Signal<bool>>,
    /// Takes what is typed or chosen.
    pub typed: Callback<String>,
    /// The person has left it.
    pub left: Callback<()>,
}

impl Binding {
    /// An input that nothing describes.
    #[must_use]
    pub fn new(id: String, value: Signal<String>, typed: Callback<String>, left: Callback<()>) -> Binding {
        Binding {
            id,
            label: None,
            value,
            described_by: Signal::stored(None),
            invalid: Signal::stored(None),
            required: None,
            inputmode: None,
            readonly: None,
            typed,
            left,
        }
    }

    /// Described by what is wrong with it, while something is, and by a hint.
    #[must_use]
    pub fn described(self, problem: Memo<Option<String>>, error: String, hint: Option<String>) -> Binding {
        let described = move || ids([problem.with(Option::is_some).then(|| error.clone()), hint.clone()]);
        Binding {
            described_by: Signal::derive(described),
            invalid: Signal::derive(move || problem.with(Option::is_some).then_some("true")),
            ..self
        }
    }

    /// The input of a control.
    #[must_use]
    pub fn of(control: Control) -> Binding {
        Binding {
            described_by: Signal::derive(control.described_by()),
            invalid: Signal::derive(control.invalid()),
            required: control.required(),
            ..Binding::new(
                control.id(),
                Signal::derive(control.value()),
                Callback::new(move |text| control.set_text(text)),
                Callback::new(move |()| control.touch()),
            )
        }
    }
}

/// A line of text.
#[must_use]
pub fn line(binding: Binding) -> AnyView {
    let Binding { id, label, value, described_by, invalid, required, inputmode, readonly, typed, left } =
        binding;
    view! {
        <input
            class="input input-mono"
            type="text"
            id=id
            inputmode=inputmode
            readonly=readonly
            aria-label=label
            aria-describedby=described_by
            aria-invalid=invalid
            aria-required=required
            autocomplete="off"
            autocapitalize="off"
            spellcheck="false"
            prop:value=value
            on:input=move |event| typed.run(event_target_value(&event))
            on:blur=move |_| left.try_run(())
        />
    }
}

/// Several lines of JSON.
#[must_use]
pub fn area(binding: Binding, rows: &'static str) -> AnyView {
    let Binding { id, label, value, described_by, invalid, typed, left, .. } = binding;
    view! {
        <textarea
            class="textarea input-mono"
            rows=rows
            id=id
            aria-label=label
            aria-describedby=described_by
            aria-invalid=invalid
            spellcheck="false"
            autocomplete="off"
            prop:value=value
            on:input=move |event| typed.run(event_target_value(&event))
            on:blur=move |_| left.try_run(())
        ></textarea>
    }
}

/// A choice of values, each with its label.
#[must_use]
pub fn select(binding: Binding, options: Signal<Vec<(String, String)>>) -> AnyView {
    let Binding { id, value, described_by, invalid, required, typed, left, .. } = binding;
    let options = move || {
        let (now, options) = (value.get(), options.get());
        let options = options.into_iter().map(|(value, label)| {
            let is_now = value == now;
            view! { <option value=value selected=is_now>{label}</option> }
        });
        options.collect_view()
    };
    view! {
        <span class="select-wrap">
            <select
                class="select"
                id=id
                aria-describedby=described_by
                aria-invalid=invalid
                aria-required=required
                prop:value=value
                on:change=move |event| typed.run(event_target_value(&event))
                on:blur=move |_| left.try_run(())
            >
                {options}
            </select>
            <Icon glyph=Glyph::Down/>
        </span>
    }
}

/// A secret: shown only while the person asks for it.
#[must_use]
pub fn secret(binding: Binding, title: Signal<String>) -> AnyView {
    let Binding { id, value, described_by, invalid, typed, left, .. } = binding;
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
                aria-describedby=described_by
                aria-invalid=invalid
                prop:value=value
                on:input=move |event| typed.run(event_target_value(&event))
                on:blur=move |_| left.try_run(())
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
