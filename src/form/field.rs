//! One field as a labelled control, by its kind.

use crate::form::choice::Choice;
use crate::form::control::Control;
use crate::form::frame::{Naming, frame, has_choices, not_shown_as_rows};
use crate::form::free::free_control;
use crate::form::path::Path;
use crate::form::picker::{is_picked, picker_control};
use crate::form::rows::list_control;
use crate::form::state::FormState;
use crate::form::text::{secret_control, text_control, token_control};
use crate::form::time_control::time_control;
use catalog::model::{Kind, Role};
use leptos::prelude::*;

/// The field at a path, with everything around its control. `has_legend`: its title is the legend of its section.
#[must_use]
pub fn field_view(form: FormState, path: Path, has_legend: bool) -> AnyView {
    let Some(control) = Control::new(form, path) else { return ().into_any() };
    let (naming, inside) = match &*control.kind() {
        Kind::Object { fields, .. } => (Naming::Group, object_control(control, fields.len())),
        Kind::FreeObject => (Naming::Group, free_control(control)),
        Kind::List { .. } => (Naming::Group, list_control(control)),
        _ => scalar_control(control, false),
    };
    frame(control, if has_legend { Naming::Legend } else { naming }, inside)
}

/// The control of a value without parts, and how its label is tied to it. A cell of a row has no room for all of them.
#[must_use]
pub fn scalar_control(control: Control, in_cell: bool) -> (Naming, AnyView) {
    let (field, kind) = (control.field(), control.kind());
    let drawn = match *kind {
        Kind::Text { .. } if field.secret => secret_control(control),
        Kind::Text { .. } if field.role == Some(Role::ClientToken) && !in_cell => token_control(control),
        Kind::Integer { epoch_ms: true, .. } if !in_cell => time_control(control),
        _ if is_picked(control) => picker_control(control),
        _ => match Choice::of(control)
            .filter(|_| !in_cell || matches!(*kind, Kind::Boolean) || has_choices(&kind))
        {
            Some(choice) if choice.is_radios() => return (Naming::Group, choice.draw()),
            Some(choice) => choice.draw(),
            None => text_control(control),
        },
    };
    (Naming::Label, drawn)
}

/// An object with known members: each of them a field.
fn object_control(control: Control, members: usize) -> AnyView {
    let form = control.form();
    let fields =
        (0..members).map(|index| field_view(form, control.path().member(index), false)).collect_view();
    view! {
        <p class="hint">{form.say(|words| words.object_hint())}</p>
        {not_shown_as_rows(control)}
        <div
            class="two members"
            role="group"
            id=control.id()
            tabindex="-1"
            aria-label=control.titled()
            aria-describedby=control.described_by()
        >
            {fields}
        </div>
    }
}
