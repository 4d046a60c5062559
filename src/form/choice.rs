//! One of several known values: radio buttons for a few, a select for many, and "other" where others are accepted.

use crate::components::{Glyph, Icon};
use crate::form::control::Control;
use crate::form::path::Step;
use catalog::model::{Kind, Role, Text};
use leptos::prelude::*;
use serde_json::Value;
use std::sync::Arc;

/// Up to this many known values are shown as radio buttons.
const FEW: usize = 4;
/// The value of the option that opens the input for other values. No value of a catalogue is a control character.
const OTHER: &str = "\u{1}other";

/// A known value.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    /// As it is typed.
    pub value: String,
    /// What it means.
    pub title: Text,
}

/// The known values of a control: of its kind, or for a region that has none the regions of the operation. And whether
/// other values are accepted too.
#[must_use]
pub fn known_values(control: Control) -> (Vec<Known>, bool) {
    let (choices, open) = match control.kind() {
        Kind::Text { choices, open, .. } => (choices, open),
        Kind::Integer { choices, .. } => (choices, false),
        Kind::Boolean => {
            let known =
                ["true", "false"].map(|value| Known { value: value.to_owned(), title: Text::default() });
            return (known.to_vec(), false);
        }
        _ => (Vec::new(), false),
    };
    let is_region = control.field().role == Some(Role::Region);
    let mut known: Vec<Known> = choices
        .into_iter()
        .map(|choice| Known {
            value: match choice.value {
                Value::String(text) => text,
                other => other.to_string(),
            },
            title: choice.title,
        })
        .collect();
    if is_region {
        let operation = control.form.operation();
        let regions = operation.call.servers.iter().flat_map(|server| &server.regions);
        if known.is_empty() {
            for region in regions {
                if known.iter().all(|other| other.value != region.id) {
                    known.push(Known { value: region.id.clone(), title: region.title.clone() });
                }
            }
            return (known, false);
        }
        for (choice, region) in regions
            .filter_map(|region| {
                let index = known.iter().position(|choice| choice.value == region.id)?;
                Some((index, region))
            })
            .collect::<Vec<_>>()
        {
            if let Some(choice) = known.get_mut(choice).filter(|choice| choice.title.en.is_empty()) {
                choice.title = region.title.clone();
            }
        }
    }
    (known, open)
}

/// Whether a control is drawn as a choice.
#[must_use]
pub fn is_choice(control: Control) -> bool {
    matches!(control.kind(), Kind::Boolean) || !known_values(control).0.is_empty()
}

/// Whether a choice is drawn as radio buttons, so that its label names a group.
#[must_use]
pub fn is_radios(control: Control) -> bool {
    let (known, _) = known_values(control);
    known.len() <= FEW && control.field().role != Some(Role::Region)
}

/// The control.
#[must_use]
pub fn choice_control(control: Control) -> AnyView {
    let (known, open) = known_values(control);
    let known = Arc::new(known);
    // Whether "other" was chosen before anything was typed into it.
    let other = RwSignal::new(false);
    if is_radios(control) { radios(control, known, open, other) } else { select(control, known, open, other) }
}

fn is_known(known: &[Known], value: &str) -> bool {
    known.iter().any(|choice| choice.value == value)
}

fn choose(control: Control, known: &[Known], other: RwSignal<bool>, value: &str) {
    if value == OTHER {
        other.set(true);
        if is_known(known, &control.shown()) {
            control.set_text(String::new());
        }
    } else {
        other.set(false);
        control.set_text(value.to_owned());
    }
}

fn radios(control: Control, known: Arc<Vec<Known>>, open: bool, other: RwSignal<bool>) -> AnyView {
    let form = control.form;
    let is_boolean = matches!(control.kind(), Kind::Boolean);
    let required = control.field().required;
    let in_row = control.path().steps().iter().any(|step| matches!(step, Step::Row(_)));
    let shows_other = {
        let known = Arc::clone(&known);
        move || {
            let value = control.shown();
            other.get() || (!value.is_empty() && !is_known(&known, &value))
        }
    };
    let mut values: Vec<String> = known.iter().map(|choice| choice.value.clone()).collect();
    if open {
        values.push(OTHER.to_owned());
    }
    if !required {
        values.push(String::new());
    }
    let options = values
        .into_iter()
        .enumerate()
        .map(|(index, value)| {
            // The first one takes the focus for all.
            let id = if index == 0 { control.id() } else { control.part_id(&index.to_string()) };
            let value = Arc::<str>::from(value);
            let is_on = {
                let (value, shows_other) = (Arc::clone(&value), shows_other.clone());
                move || {
                    let others = shows_other();
                    if &*value == OTHER { others } else { !others && control.shown() == *value }
                }
            };
            let choice = known.iter().find(|choice| choice.value == *value).cloned();
            let label = {
                let (value, choice) = (Arc::clone(&value), choice.clone());
                move || {
                    let words = form.words();
                    match &choice {
                        _ if is_boolean && &*value == "true" => words.yes().to_owned(),
                        _ if is_boolean && &*value == "false" => words.no().to_owned(),
                        Some(choice) => choice.value.clone(),
                        None if &*value == OTHER => words.other().to_owned(),
                        None => words.not_sent().to_owned(),
                    }
                }
            };
            let hint = {
                let value = Arc::clone(&value);
                move || match &choice {
                    Some(choice) => choice.title.get(form.language.get()).to_owned(),
                    None if value.is_empty() => form.words().not_sent_hint().to_owned(),
                    None => String::new(),
                }
            };
            let pick = {
                let (known, value) = (Arc::clone(&known), Arc::clone(&value));
                move |_| {
                    choose(control, &known, other, &value);
                    if &*value == OTHER {
                        let id = control.part_id("other");
                        request_animation_frame(move || {
                            crate::browser::focus(&id);
                        });
                    }
                }
            };
            let hint_id = format!("{id}-about");
            let input_class = if is_boolean || value.is_empty() || &*value == OTHER { "" } else { "mono" };
            let on = is_on.clone();
            view! {
                <div class=move || if on() { "option on" } else { "option" }>
                    <input
                        type="radio"
                        name=control.id()
                        id=id.clone()
                        value=value.to_string()
                        aria-describedby=hint_id.clone()
                        prop:checked=is_on
                        on:change=pick
                        on:blur=move |_| control.touch()
                    />
                    <label for=id class=input_class>{label}</label>
                    <p class="hint" id=hint_id>{hint}</p>
                </div>
            }
        })
        .collect_view();
    let label_id = if in_row { None } else { Some(control.part_id("label")) };
    let named = in_row.then_some(move || control.whole_title());
    view! {
        <div
            class="options"
            role="radiogroup"
            aria-labelledby=label_id
            aria-label=named
            aria-describedby=move || control.described_by()
            aria-invalid=move || control.invalid()
            aria-required=move || control.required()
        >
            {options}
        </div>
        {move || shows_other().then(|| other_input(control))}
    }
    .into_any()
}

fn select(control: Control, known: Arc<Vec<Known>>, open: bool, other: RwSignal<bool>) -> AnyView {
    let form = control.form;
    let required = control.field().required;
    let shows_other = {
        let known = Arc::clone(&known);
        move || open && (other.get() || !control.shown().is_empty() && !is_known(&known, &control.shown()))
    };
    let selected = {
        let shows_other = shows_other.clone();
        move || if shows_other() { OTHER.to_owned() } else { control.shown() }
    };
    let options = {
        let known = Arc::clone(&known);
        let selected = selected.clone();
        move || {
            let (words, language, now) = (form.words(), form.language.get(), selected());
            let mut options =
                vec![(String::new(), if required { words.choose() } else { words.not_sent() }.to_owned())];
            options.extend(known.iter().map(|choice| {
                let title = choice.title.get(language);
                let label = match title {
                    "" => choice.value.clone(),
                    title if title.contains(&choice.value) => title.to_owned(),
                    title => format!("{}{}{title}", choice.value, words.comma()),
                };
                (choice.value.clone(), label)
            }));
            if open {
                options.push((OTHER.to_owned(), words.other().to_owned()));
            }
            // What edited JSON or a link says is shown, and refused, rather than hidden.
            if options.iter().all(|(value, _)| *value != now) {
                options.push((now.clone(), words.odd_choice(&now)));
            }
            options
                .into_iter()
                .map(|(value, label)| {
                    let is_now = value == now;
                    view! { <option value=value selected=is_now>{label}</option> }
                })
                .collect_view()
        }
    };
    let pick = move |event: leptos::ev::Event| choose(control, &known, other, &event_target_value(&event));
    view! {
        <span class="select-wrap">
            <select
                class="select"
                id=control.id()
                aria-describedby=move || control.described_by()
                aria-invalid=move || control.invalid()
                aria-required=move || control.required()
                prop:value=selected
                on:change=pick
                on:blur=move |_| control.touch()
            >
                {options}
            </select>
            <Icon glyph=Glyph::Down/>
        </span>
        {move || shows_other().then(|| other_input(control))}
    }
    .into_any()
}

fn other_input(control: Control) -> AnyView {
    view! {
        <input
            class="input input-mono"
            type="text"
            id=control.part_id("other")
            aria-label=move || control.form.words().other_of(&control.title())
            aria-describedby=move || control.described_by()
            aria-invalid=move || control.invalid()
            autocomplete="off"
            spellcheck="false"
            prop:value=move || control.shown()
            on:input=move |event| control.set_text(event_target_value(&event))
            on:blur=move |_| control.touch()
        />
    }
    .into_any()
}
