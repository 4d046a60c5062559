//! One field as a labelled control, by its kind.

use crate::form::choice::{choice_control, is_choice, is_radios};
use crate::form::control::Control;
use crate::form::draft::Entry;
use crate::form::frame::{FieldFrame, Naming};
use crate::form::free::free_control;
use crate::form::path::Path;
use crate::form::picker::{is_picked, picker_control};
use crate::form::rows::list_control;
use crate::form::state::FormState;
use crate::form::text::{secret_control, text_control, token_control};
use crate::form::time_control::time_control;
use catalog::model::{Kind, Role};
use leptos::prelude::*;

/// The field at a path, with everything around its control.
#[must_use]
pub fn field_view(form: FormState, path: Path) -> AnyView {
    draw(form, path, false)
}

/// The same for a field whose title is the legend of its section.
#[must_use]
pub fn section_field_view(form: FormState, path: Path) -> AnyView {
    draw(form, path, true)
}

fn draw(form: FormState, path: Path, has_legend: bool) -> AnyView {
    let Some(control) = Control::new(form, path) else { return ().into_any() };
    let field = control.field();
    let kind = control.kind();
    let (naming, inside) = match &kind {
        Kind::Text { .. } if field.secret => (Naming::Label, secret_control(control)),
        Kind::Text { .. } if field.role == Some(Role::ClientToken) => (Naming::Label, token_control(control)),
        Kind::Integer { epoch_ms: true, .. } => (Naming::Label, time_control(control)),
        Kind::Object { fields, .. } => (Naming::Group, object_control(control, fields.len())),
        Kind::FreeObject => (Naming::Group, free_control(control)),
        Kind::List { .. } => (Naming::Group, list_control(control)),
        _ if is_picked(control) => (Naming::Label, picker_control(control)),
        _ if is_choice(control) => {
            (if is_radios(control) { Naming::Group } else { Naming::Label }, choice_control(control))
        }
        _ => (Naming::Label, text_control(control)),
    };
    let naming = if has_legend { Naming::Legend } else { naming };
    view! { <FieldFrame control=control naming=naming>{inside}</FieldFrame> }.into_any()
}

/// An object with known members: each of them a field.
fn object_control(control: Control, members: usize) -> AnyView {
    let form = control.form;
    let fields = (0..members).map(|index| field_view(form, control.path().member(index))).collect_view();
    let other = move || match control.entry.get() {
        Some(Entry::Other(value)) => {
            Some(view! { <p class="hint">{form.words().not_shown_as_rows(&value.to_string())}</p> })
        }
        _ => None,
    };
    view! {
        <p class="hint">{form.say(|words| words.object_hint())}</p>
        {other}
        <div
            class="two members"
            role="group"
            id=control.id()
            tabindex="-1"
            aria-label=move || control.title()
            aria-describedby=move || control.described_by()
        >
            {fields}
        </div>
    }
    .into_any()
}
