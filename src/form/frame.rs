//! What stands around every control: label, name, type, help, example, error.

use crate::components::{Glyph, Icon};
use crate::form::browser_zone::BrowserZone;
use crate::form::control::Control;
use crate::form::draft::Entry;
use crate::form::json_text::plain;
use crate::form::state::FormState;
use crate::words::form::FormWords;
use catalog::model::{Kind, Role};
use catalog::text::Joined;
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
#[must_use]
pub fn frame(control: Control, naming: Naming, inside: AnyView) -> AnyView {
    let class = move || if control.problem().with(Option::is_some) { "field field-bad" } else { "field" };
    view! {
        <div class=class>
            {field_top(control, naming)}
            {help(control)}
            {field_error(control)}
            {inside}
        </div>
    }
}

fn field_top(control: Control, naming: Naming) -> AnyView {
    let field = control.field();
    let form = control.form();
    let name = match naming {
        Naming::Label => view! { <label for=control.id()>{control.titled()}</label> },
        Naming::Group => view! { <span class="label" id=control.part_id("label")>{control.titled()}</span> },
        Naming::Legend => ().into_any(),
    };
    let needed = move || {
        let words = form.words();
        if control.required().is_some() {
            view! { <span class="req">{words.required()}</span> }
        } else {
            words.optional().into_any()
        }
    };
    let api_name = field.name.clone();
    view! {
        <div class=if naming == Naming::Legend { "field-top field-top-plain" } else { "field-top" }>
            {name}
            <span class="field-api">{api_name}</span>
            <span class="field-type">
                {move || type_words(form.words(), &field)}
                {form.say(|words| words.comma())}
                {needed}
            </span>
        </div>
    }
}

/// The description, and the example that can be used.
fn help(control: Control) -> AnyView {
    let form = control.form();
    let field = control.field();
    let hint = (!field.description.en.is_empty()).then(|| {
        let field = control.field();
        let description = move || field.description.get(form.language()).to_owned();
        view! { <p class="hint" id=control.part_id("hint")>{description}</p> }
    });
    // A choice shows its values; a token from an example would be shared by everybody; an example's time is long past.
    let offers = !matches!(field.kind, Kind::Boolean | Kind::Integer { epoch_ms: true, .. })
        && !has_choices(&field.kind)
        && !matches!(field.role, Some(Role::ClientToken | Role::Region));
    let example = field.example.as_ref().filter(|_| offers).map(|example| {
        let shown = plain(example);
        let use_it = move |_| {
            let field = control.field();
            control.change(|operation, draft, path| {
                if let Some(example) = &field.example {
                    draft.set_value(operation, path, example, &BrowserZone);
                }
            });
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

/// A value that has no rows: edited JSON has put one of another type there.
#[must_use]
pub fn not_shown_as_rows(control: Control) -> AnyView {
    let other = move || match control.entry().get() {
        Some(Entry::Other(value)) => {
            let text = control.form().words().not_shown_as_rows(&value.to_string());
            view! { <p class="hint">{text}</p> }
        }
        _ => ().into_any(),
    };
    other.into_any()
}

/// What is wrong with a field, beside it.
#[must_use]
pub fn field_error(control: Control) -> AnyView {
    error_beside(control.form(), control.part_id("error"), control.problem())
}

/// What is wrong, while something is.
#[must_use]
pub fn error_beside(form: FormState, id: String, problem: Memo<Option<String>>) -> AnyView {
    let error = move || problem.get().map(|text| error_text(form, id.clone(), text));
    error.into_any()
}

/// What is wrong, with the word "Error" for those who do not see the colour. The control refers to its id.
#[must_use]
pub fn error_text(form: FormState, id: String, text: String) -> AnyView {
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
    let name = type_name(words, &field.kind);
    let limits = match &field.kind {
        Kind::Text { min_length, max_length, choices, .. } if choices.is_empty() => {
            // "1 or more" says no more than that it is given.
            words.characters(min_length.filter(|least| *least > 1 || max_length.is_some()), *max_length)
        }
        Kind::Integer { epoch_ms: true, .. } => words.instant_type().to_owned(),
        Kind::Integer { minimum, maximum, choices, .. } if choices.is_empty() => {
            // The greatest number of its width is no limit that a person would meet.
            let maximum = maximum.filter(|most| ![i64::from(i32::MAX), i64::MAX].contains(most));
            words.numbers(minimum.map(|n| n.to_string()), maximum.map(|n| n.to_string()))
        }
        Kind::Number { minimum, maximum } => {
            let text = |bound: &Option<serde_json::Number>| bound.as_ref().map(ToString::to_string);
            words.numbers(text(minimum), text(maximum))
        }
        Kind::List { max_items: Some(most), .. } => words.up_to_rows(*most),
        _ => String::new(),
    };
    if limits.is_empty() { name } else { [&*name, words.comma(), &limits].joined("") }
}

fn type_name(words: &FormWords, kind: &Kind) -> String {
    let name = match kind {
        Kind::Text { .. } => "string",
        Kind::Integer { .. } => "integer",
        Kind::Number { .. } => "number",
        Kind::Boolean => "boolean",
        Kind::Object { .. } | Kind::FreeObject => "object",
        Kind::List { item, .. } => {
            return words.list_of(&match &**item {
                // What an item is made of says more than that it is an object.
                Kind::Object { fields, .. } => {
                    let names: Vec<&str> = fields.iter().map(|field| &*field.name).collect();
                    names.joined(words.and())
                }
                item => type_name(words, item),
            });
        }
    };
    name.to_owned()
}
