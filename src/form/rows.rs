//! A list: rows that are added, removed and moved by buttons or by Alt and an arrow.

use crate::form::choice::{choice_control, is_choice};
use crate::form::control::Control;
use crate::form::draft::Entry;
use crate::form::field::field_view;
use crate::form::frame::{FieldError, has_choices, type_words};
use crate::form::path::Step;
use crate::form::picker::{is_picked, picker_control};
use crate::form::row_tools::RowTools;
use crate::form::text::{secret_control, text_control};
use catalog::model::{Field, Kind};
use leptos::prelude::*;

/// The control.
#[must_use]
pub fn list_control(control: Control) -> AnyView {
    let form = control.form;
    let Kind::List { item, max_items, .. } = control.kind() else { return ().into_any() };
    let tools = RowTools::new(control);
    let members = match *item {
        Kind::Object { fields, .. } => fields,
        _ => Vec::new(),
    };
    let about = StoredValue::new(
        members.iter().map(|member| control.part_id(&format!("about-{}", member.name))).collect::<Vec<_>>(),
    );
    let glossary = members
        .clone()
        .into_iter()
        .enumerate()
        .map(|(index, member)| {
            let id = about.with_value(|about| about.get(index).cloned());
            let description = member.description.clone();
            let name = member.name.clone();
            view! {
                <p class="hint" id=id>
                    <span class="field-api">{name}</span>
                    " "
                    {move || member_words(form, &member)}
                    " "
                    {move || description.get(form.language.get()).to_owned()}
                </p>
            }
        })
        .collect_view();
    let wide = members.iter().any(|member| is_wide(&member.kind)) || members.len() > 3;
    let members = StoredValue::new(members);
    let draw = move |row: u64| {
        let path = control.path().join(Step::Row(row));
        let id = tools.row_id(row);
        let bad = {
            let path = path.clone();
            move || form.is_bad_within(&path)
        };
        let cells = if wide {
            let fields = members.with_value(Vec::len);
            (0..fields).map(|index| field_view(form, path.member(index))).collect_view().into_any()
        } else if members.with_value(Vec::is_empty) {
            Control::new(form, path.clone()).map(|item| cell(item, tools, row, None)).into_any()
        } else {
            let fields = members.with_value(Vec::len);
            (0..fields)
                .filter_map(|index| {
                    let member = Control::new(form, path.member(index))?;
                    let about = about.with_value(|about| about.get(index).cloned());
                    Some(cell(member, tools, row, about))
                })
                .collect_view()
                .into_any()
        };
        // A scalar shows its own error in its cell's place below.
        let own = Control::new(form, path.clone());
        let below = if members.with_value(Vec::is_empty) {
            own.map(|own| view! { <FieldError control=own/> }).into_any()
        } else if wide {
            own.map(|own| view! { <FieldError control=own/> }).into_any()
        } else {
            let count = members.with_value(Vec::len);
            let errors = (0..count)
                .filter_map(|index| Control::new(form, path.member(index)))
                .map(|member| view! { <FieldError control=member/> })
                .collect_view();
            view! { {own.map(|own| view! { <FieldError control=own/> })}{errors} }.into_any()
        };
        let class = move || {
            format!("rows-item{}{}", if wide { " rows-wide" } else { "" }, if bad() { " bad" } else { "" })
        };
        // An item that is an object has no control of its own; what is wrong with it as a whole leads to its number.
        let number_id = (!members.with_value(Vec::is_empty)).then(|| id.clone());
        view! {
            <li class=class id=format!("{id}-row") on:keydown=move |event| tools.key(row, &event)>
                <span class="rows-no" id=number_id tabindex="-1">{move || tools.number(row)}</span>
                {cells}
                {tools.buttons(row)}
                {below}
            </li>
        }
        .into_any()
    };
    let other = move || match control.entry.get() {
        Some(Entry::Other(value)) => {
            Some(view! { <p class="hint">{form.words().not_shown_as_rows(&value.to_string())}</p> })
        }
        _ => None,
    };
    view! {
        {glossary}
        {other}
        <div
            class="rows"
            role="group"
            id=control.id()
            tabindex="-1"
            aria-label=move || control.title()
            aria-describedby=move || control.described_by()
        >
            <ol class=move || if tools.ids.with(Vec::is_empty) { "vh" } else { "" }>
                <For each=move || tools.ids.get() key=|row| *row children=draw/>
            </ol>
            {tools.foot(max_items)}
        </div>
    }
    .into_any()
}

fn is_wide(kind: &Kind) -> bool {
    matches!(
        kind,
        Kind::Object { .. } | Kind::FreeObject | Kind::List { .. } | Kind::Integer { epoch_ms: true, .. }
    )
}

fn member_words(form: crate::form::state::FormState, member: &Field) -> String {
    let words = form.words();
    let needed = if member.required { words.required() } else { words.optional() };
    format!("{}{}{needed}.", type_words(words, member), words.comma())
}

/// One value in a row.
fn cell(control: Control, tools: RowTools, row: u64, about: Option<String>) -> AnyView {
    let form = control.form;
    if let Some(about) = about {
        control.described_at(about);
    }
    let field = control.field();
    let drawn = if field.secret && matches!(control.kind(), Kind::Text { .. }) {
        secret_control(control)
    } else if is_picked(control) {
        picker_control(control)
    } else if is_choice(control) && (has_choices(&control.kind()) || matches!(control.kind(), Kind::Boolean))
    {
        choice_control(control)
    } else {
        text_control(control)
    };
    view! {
        <div class="rows-cell">
            <label for=control.id()>
                {move || control.title()}
                <span class="vh">{move || form.words().cell_of(&tools.control.title(), tools.number(row))}</span>
            </label>
            {drawn}
        </div>
    }
    .into_any()
}
