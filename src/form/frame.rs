//! What stands around every control: label, name, type, help, example, error.

use crate::components::{Glyph, Icon};
use crate::form::browser_zone::BrowserZone;
use crate::form::control::Control;
use crate::words::form::FormWords;
use catalog::model::{Kind, Role};
use leptos::prelude::*;

/// How the label is tied to what it labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Naming {
    /// The control is one element with the field's id.
    Label,
    /// The control is a group, named by the id with `-label`.
    Group,
    /// The legend of the section names it already.
    Legend,
}

/// A field: everything around its control, then the control.
#[component]
pub fn FieldFrame(
    /// The field.
    control: Control,
    /// How the label is tied.
    naming: Naming,
    /// The control itself.
    children: Children,
) -> impl IntoView {
    let class = move || if control.problem.with(Option::is_some) { "field field-bad" } else { "field" };
    view! {
        <div class=class>
            <FieldTop control=control naming=naming/>
            <Help control=control/>
            <FieldError control=control/>
            {children()}
        </div>
    }
}

#[component]
fn FieldTop(control: Control, naming: Naming) -> impl IntoView {
    let field = control.field();
    let name = match naming {
        Naming::Label => view! { <label for=control.id()>{move || control.title()}</label> }.into_any(),
        Naming::Group => {
            view! { <span class="label" id=control.part_id("label")>{move || control.title()}</span> }
                .into_any()
        }
        Naming::Legend => ().into_any(),
    };
    let required = field.required;
    view! {
        <div class=if naming == Naming::Legend { "field-top field-top-plain" } else { "field-top" }>
            {name}
            <span class="field-api">{field.name.clone()}</span>
            <span class="field-type">
                {move || type_words(control.form.words(), &field)}
                {move || control.form.words().comma()}
                {move || {
                    let words = control.form.words();
                    if required {
                        view! { <span class="req">{words.required()}</span> }.into_any()
                    } else {
                        words.optional().into_any()
                    }
                }}
            </span>
        </div>
    }
}

/// The description, and the example that can be used.
#[component]
fn Help(control: Control) -> impl IntoView {
    let form = control.form;
    let field = control.field();
    let description = field.description.clone();
    let hint = (!description.en.is_empty()).then(|| {
        view! {
            <p class="hint" id=control.part_id("hint")>{move || description.get(form.language.get()).to_owned()}</p>
        }
    });
    // A choice shows its values; a token from an example would be shared by everybody.
    let offers = !matches!(&field.kind, Kind::Boolean)
        && !has_choices(&field.kind)
        && !matches!(field.role, Some(Role::ClientToken | Role::Region));
    let example = field.example.filter(|_| offers).map(|example| {
        let shown = match &example {
            serde_json::Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let use_it = move |_| {
            let example = example.clone();
            control.change(|operation, draft, path| draft.set_value(operation, path, &example, &BrowserZone));
        };
        view! {
            <p class="hint">
                <span>{move || form.words().example(&shown)}</span>
                " "
                <button
                    class="link"
                    type="button"
                    aria-label=move || form.words().use_example_of(&control.title())
                    on:click=use_it
                >
                    {form.say(|words| words.use_example())}
                </button>
            </p>
        }
    });
    view! { {hint}{example} }
}

/// What is wrong, beside the field.
#[component]
pub fn FieldError(
    /// The field.
    control: Control,
) -> impl IntoView {
    move || {
        control
            .problem
            .get()
            .map(|text| view! { <ErrorText form=control.form id=control.part_id("error") text=text/> })
    }
}

/// What is wrong, with the word "Error" for those who do not see the colour.
#[component]
pub fn ErrorText(
    /// The form.
    form: crate::form::state::FormState,
    /// The id that the control refers to.
    id: String,
    /// What is wrong.
    text: String,
) -> impl IntoView {
    view! {
        <p class="field-error" id=id>
            <Icon glyph=Glyph::Alert class="i-s"/>
            <span><span class="vh">{form.say(|words| words.error())}</span>{text}</span>
        </p>
    }
}

/// Whether a kind has known values.
#[must_use]
pub fn has_choices(kind: &Kind) -> bool {
    match kind {
        Kind::Text { choices, .. } | Kind::Integer { choices, .. } => !choices.is_empty(),
        _ => false,
    }
}

/// The type and the limits, as the documents name them: "string, 1 to 64 characters".
#[must_use]
pub fn type_words(words: &FormWords, field: &catalog::Field) -> String {
    let mut parts = vec![match &field.kind {
        Kind::Text { .. } => "string".to_owned(),
        Kind::Integer { .. } => "integer".to_owned(),
        Kind::Number { .. } => "number".to_owned(),
        Kind::Boolean => "boolean".to_owned(),
        Kind::Object { .. } | Kind::FreeObject => "object".to_owned(),
        Kind::List { item, .. } => words.list_of(&item_words(words, item)),
    }];
    match &field.kind {
        Kind::Text { min_length, max_length, choices, .. } if choices.is_empty() => {
            // "1 or more" says no more than that it is given.
            parts.push(
                words.characters(min_length.filter(|least| *least > 1 || max_length.is_some()), *max_length),
            );
        }
        Kind::Integer { epoch_ms: true, .. } => parts.push(words.instant_type().to_owned()),
        Kind::Integer { minimum, maximum, choices, .. } if choices.is_empty() => {
            // The greatest number of its width is no limit that a person would meet.
            let maximum = maximum.filter(|most| ![i64::from(i32::MAX), i64::MAX].contains(most));
            parts.push(words.numbers(minimum.map(|n| n.to_string()), maximum.map(|n| n.to_string())));
        }
        Kind::Number { minimum, maximum } => {
            parts.push(words.numbers(minimum.map(|n| n.to_string()), maximum.map(|n| n.to_string())));
        }
        Kind::List { max_items: Some(most), .. } => parts.push(words.up_to_rows(*most)),
        _ => {}
    }
    parts.retain(|part| !part.is_empty());
    parts.join(words.comma())
}

fn item_words(words: &FormWords, item: &Kind) -> String {
    match item {
        Kind::Object { fields, .. } => {
            fields.iter().map(|field| field.name.as_str()).collect::<Vec<_>>().join(words.and())
        }
        Kind::Text { .. } => "string".to_owned(),
        Kind::Integer { .. } => "integer".to_owned(),
        Kind::Number { .. } => "number".to_owned(),
        Kind::Boolean => "boolean".to_owned(),
        Kind::FreeObject => "object".to_owned(),
        Kind::List { item, .. } => words.list_of(&item_words(words, item)),
    }
}
