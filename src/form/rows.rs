//! A list: rows that are added, removed and moved by buttons or by Alt and an arrow.

use crate::form::control::Control;
use crate::form::field::{field_view, scalar_control};
use crate::form::frame::{field_error, not_shown_as_rows, type_words};
use crate::form::path::{Path, Step};
use crate::form::row_tools::RowTools;
use crate::form::state::FormState;
use catalog::model::{Field, Kind};
use catalog::text::Joined;
use leptos::prelude::*;

/// The control.
#[must_use]
pub fn list_control(control: Control) -> AnyView {
    let form = control.form();
    let kind = control.kind();
    let Kind::List { item, max_items, .. } = &*kind else { return ().into_any() };
    let tools = RowTools::new(control);
    let glossary = members(item)
        .iter()
        .enumerate()
        .map(|(index, member)| {
            let (name, id) = (member.name.clone(), about(control, member));
            let words = move || member_words(form, control, index);
            view! { <p class="hint" id=id><span class="field-api">{name}</span>": "{words}</p> }
        })
        .collect_view();
    view! {
        {glossary}
        {not_shown_as_rows(control)}
        <div
            class="rows"
            role="group"
            id=control.id()
            tabindex="-1"
            aria-label=control.titled()
            aria-describedby=control.described_by()
        >
            <ol class=tools.list_class()>{tools.rows(Callback::new(move |row| list_row(tools, row)))}</ol>
            {tools.foot(*max_items)}
        </div>
    }
}

/// The members of the items of a list; none when an item is no object.
fn members(item: &Kind) -> &[Field] {
    match item {
        Kind::Object { fields, .. } => fields,
        _ => &[],
    }
}

/// The id of what is said about a member.
fn about(control: Control, member: &Field) -> String {
    control.part_id(&["about", &*member.name].joined("-"))
}

fn list_row(tools: RowTools, row: u64) -> AnyView {
    let control = tools.control;
    let form = control.form();
    let kind = control.kind();
    let Kind::List { item, .. } = &*kind else { return ().into_any() };
    let members = members(item);
    let wide = members.len() > 3 || members.iter().any(|member| is_wide(&member.kind));
    let path = control.path().join(Step::Row(row));
    let id = tools.row_id(row);
    let (mut cells, mut errors) = (Vec::new(), Vec::new());
    let own = Control::new(form, path.clone());
    if let Some(own) = own {
        // A scalar shows its own error in its cell's place below.
        errors.push(field_error(own));
        if members.is_empty() {
            cells.push(cell(own, tools, row));
        }
    }
    for (index, member) in members.iter().enumerate() {
        let path = path.member(index);
        if wide {
            cells.push(field_view(form, path, false));
        } else if let Some(inside) = Control::new(form, path) {
            inside.described_at(about(control, member));
            cells.push(cell(inside, tools, row));
            errors.push(field_error(inside));
        }
    }
    let class = move || row_class(form, &path, wide);
    // An item that is an object has no control of its own; what is wrong with it as a whole leads to its number.
    let number_id = (!members.is_empty()).then(|| id.clone());
    view! {
        <li class=class id=[&*id, "row"].joined("-") on:keydown=move |event| tools.key(row, &event)>
            <span class="rows-no" id=number_id tabindex="-1">{move || tools.number(row)}</span>
            {cells}
            {tools.buttons(row)}
            {errors}
        </li>
    }
}

fn row_class(form: FormState, path: &Path, wide: bool) -> &'static str {
    match (wide, form.is_bad_within(path)) {
        (true, true) => "rows-item rows-wide bad",
        (true, false) => "rows-item rows-wide",
        (false, true) => "rows-item bad",
        (false, false) => "rows-item",
    }
}

fn is_wide(kind: &Kind) -> bool {
    matches!(
        kind,
        Kind::Object { .. } | Kind::FreeObject | Kind::List { .. } | Kind::Integer { epoch_ms: true, .. }
    )
}

/// The type of a member, whether it must be given, and what it is.
fn member_words(form: FormState, control: Control, index: usize) -> String {
    let (words, kind) = (form.words(), control.kind());
    let Kind::List { item, .. } = &*kind else { return String::new() };
    let Some(member) = members(item).get(index) else { return String::new() };
    let needed = if member.required { words.required() } else { words.optional() };
    let description = member.description.get(form.language());
    [&*type_words(words, member), words.comma(), needed, words.stop(), description].joined("")
}

/// One value in a row.
fn cell(control: Control, tools: RowTools, row: u64) -> AnyView {
    let (_, drawn) = scalar_control(control, true);
    let whole = move || control.form().words().cell_of(&tools.control.title(), tools.number(row));
    view! {
        <div class="rows-cell">
            <label for=control.id()>{control.titled()}<span class="vh">{whole}</span></label>
            {drawn}
        </div>
    }
}
