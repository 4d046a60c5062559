//! An object with members of any name: rows of name, type and value, or JSON.

use crate::components::{Glyph, Icon};
use crate::form::browser_zone::BrowserZone;
use crate::form::control::Control;
use crate::form::draft::{Entry, FreeKind, FreeText};
use crate::form::frame::ErrorText;
use crate::form::json_text;
use crate::form::path::{Path, Step};
use crate::form::picker::{Picked, picker};
use crate::form::row_tools::{RowTools, focus_soon};
use crate::form::secret::SecretText;
use crate::form::text::SecretInput;
use leptos::prelude::*;
use serde_json::{Map, Value};

/// The control.
#[must_use]
pub fn free_control(control: Control) -> AnyView {
    let form = control.form;
    let tools = RowTools::new(control);
    let as_json = Memo::new(move |_| {
        control.entry.with(|entry| matches!(entry, Some(Entry::Free(FreeText { json: Some(_), .. }))))
    });
    let toggle_id = control.part_id("as");
    let toggle = {
        let toggle_id = toggle_id.clone();
        move |_| {
            let name = control.field().name;
            let masked = form.masked.get_untracked();
            control.change(|operation, draft, path| {
                if let Some(Entry::Free(free)) = draft.entry_mut(operation, path) {
                    free.json = match free.json {
                        Some(_) => None,
                        None => Some(json_text::print(&members(&masked, &name))),
                    };
                }
            });
            focus_soon(toggle_id.clone());
        }
    };
    let other = move || match control.entry.get() {
        Some(Entry::Other(value)) => {
            Some(view! { <p class="hint">{form.words().not_shown_as_rows(&value.to_string())}</p> })
        }
        _ => None,
    };
    let inside = move || {
        if as_json.get() {
            json_area(control)
        } else {
            view! {
                <div
                    class="rows"
                    role="group"
                    aria-label=move || control.title()
                    aria-describedby=move || control.described_by()
                >
                    <ul class=move || if tools.ids.with(Vec::is_empty) { "vh" } else { "" }>
                        <For each=move || tools.ids.get() key=|row| *row children=move |row| free_row(control, tools, row)/>
                    </ul>
                    {tools.foot(None)}
                </div>
            }
            .into_any()
        }
    };
    view! {
        {other}
        <div id=move || (!as_json.get()).then(|| control.id()) tabindex="-1">{inside}</div>
        <p class="row">
            <button class="btn btn-quiet btn-s" type="button" id=toggle_id on:click=toggle>
                {move || if as_json.get() { form.words().edit_as_rows() } else { form.words().edit_as_json() }}
            </button>
        </p>
    }
    .into_any()
}

fn members(masked: &Map<String, Value>, name: &str) -> Map<String, Value> {
    masked.get(name).and_then(Value::as_object).cloned().unwrap_or_default()
}

fn json_area(control: Control) -> AnyView {
    let form = control.form;
    let text = move || match control.entry.get() {
        Some(Entry::Free(FreeText { json: Some(text), .. })) => text,
        _ => String::new(),
    };
    let typed = move |event: leptos::ev::Event| {
        let text = event_target_value(&event);
        control.change(|operation, draft, path| draft.set_free_json(operation, path, text, &BrowserZone));
    };
    view! {
        <textarea
            class="textarea input-mono"
            rows="8"
            id=control.id()
            aria-label=move || form.words().json_of(&control.title())
            aria-describedby=move || control.described_by()
            aria-invalid=move || control.invalid()
            spellcheck="false"
            autocomplete="off"
            prop:value=text
            on:input=typed
            on:blur=move |_| control.touch()
        ></textarea>
    }
    .into_any()
}

fn free_row(control: Control, tools: RowTools, row: u64) -> AnyView {
    let form = control.form;
    let path = StoredValue::new(control.path().join(Step::Row(row)));
    let id = tools.row_id(row);
    let read =
        move || form.draft.with(|draft| path.try_with_value(|path| draft.free_row(path).cloned()).flatten());
    let member = Memo::new(move |_| read());
    let name =
        Memo::new(move |_| member.with(|row| row.as_ref().map(|row| row.name.clone()).unwrap_or_default()));
    let kind = Memo::new(move |_| member.with(|row| row.as_ref().map(|row| row.kind).unwrap_or_default()));
    // What the row is called: by its name as soon as it has one.
    let called =
        move || {
            let words = form.words();
            name.with(|name| {
                if name.is_empty() { tools.name(row) } else { words.named_row_of(&control.title(), name) }
            })
        };
    let problem = move |part: &'static str| {
        Memo::new(move |_| {
            let problem = path.try_with_value(|path| form.problem_at(path, part)).flatten();
            problem.map(|problem| form.say_problem(&problem))
        })
    };
    let (name_problem, value_problem) = (problem("-name"), problem(""));
    let touch = move || {
        if let Some(path) = path.try_get_value() {
            form.touch(&path);
        }
    };
    let rename = move |event: leptos::ev::Event| {
        let text = event_target_value(&event);
        edit(control, path, |row| row.name = text);
    };
    let retype = move |event: leptos::ev::Event| {
        let Some(kind) = FreeKind::from_key(&event_target_value(&event)) else { return };
        let Some(path) = path.try_get_value() else { return };
        form.change(|operation, draft| draft.set_free_kind(operation, &path, kind));
    };
    let kinds = move || {
        let (words, now) = (form.words(), kind.get());
        FreeKind::ALL
            .into_iter()
            .zip(words.free_kinds())
            .map(|(kind, label)| view! { <option value=kind.key() selected={kind == now}>{label}</option> })
            .collect_view()
    };
    let row_id = format!("{id}-row");
    let name_id = format!("{id}-name");
    let kind_id = format!("{id}-kind");
    let name_error = format!("{id}-name-error");
    let value_error = format!("{id}-error");
    let secret_hint = format!("{id}-kept");
    let tail = move || view! { <span class="vh">{move || form.words().cell_of(&control.title(), tools.number(row))}</span> };
    let is_fresh = Memo::new(move |_| {
        form.fresh.with(|fresh| path.try_with_value(|path| fresh.contains(path))) == Some(true)
    });
    let class = move || {
        let bad = name_problem.with(Option::is_some) || value_problem.with(Option::is_some);
        match (bad, is_fresh.get()) {
            (true, _) => "rows-item rows-typed bad",
            (false, true) => "rows-item rows-typed fresh",
            (false, false) => "rows-item rows-typed",
        }
    };
    let value = {
        let (id, value_error, secret_hint) = (id.clone(), value_error.clone(), secret_hint.clone());
        move || {
            let described = {
                let (value_error, secret_hint) = (value_error.clone(), secret_hint.clone());
                let is_secret = kind.get() == FreeKind::Secret;
                Signal::derive(move || {
                    let error = value_problem.with(Option::is_some).then(|| value_error.clone());
                    let hint = is_secret.then(|| secret_hint.clone());
                    let ids: Vec<String> = error.into_iter().chain(hint).collect();
                    (!ids.is_empty()).then(|| ids.join(" "))
                })
            };
            let invalid = Signal::derive(move || value_problem.with(Option::is_some).then_some("true"));
            free_value(
                control,
                path,
                member,
                kind.get(),
                id.clone(),
                Signal::derive(called),
                described,
                invalid,
                Callback::new(move |()| touch()),
            )
        }
    };
    let below = {
        let (name_error, value_error) = (name_error.clone(), value_error.clone());
        view! {
            {move || name_problem.get().map(|text| view! { <ErrorText form=form id=name_error.clone() text=text/> })}
            {move || value_problem.get().map(|text| view! { <ErrorText form=form id=value_error.clone() text=text/> })}
            {move || is_fresh.get().then(|| view! { <p class="hint">{form.say(|words| words.fresh_row())}</p> })}
            {move || {
                (kind.get() == FreeKind::Secret)
                    .then(|| view! { <p class="hint" id=secret_hint.clone()>{form.say(|words| words.secret_hint())}</p> })
            }}
        }
    };
    view! {
        <li class=class id=row_id on:keydown=move |event| tools.key(row, &event)>
            <div class="rows-cell">
                <label for=name_id.clone()>{form.say(|words| words.free_name())}{tail()}</label>
                <input
                    class="input input-mono"
                    type="text"
                    id=name_id
                    aria-describedby=move || name_problem.with(Option::is_some).then(|| name_error.clone())
                    aria-invalid=move || name_problem.with(Option::is_some).then_some("true")
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    prop:value=move || name.get()
                    on:input=rename
                    on:blur=move |_| touch_if_begun(name, touch)
                />
            </div>
            <div class="rows-cell">
                <label for=kind_id.clone()>{form.say(|words| words.free_kind())}{tail()}</label>
                <span class="select-wrap">
                    <select class="select" id=kind_id prop:value=move || kind.get().key() on:change=retype>{kinds}</select>
                    <Icon glyph=Glyph::Down/>
                </span>
            </div>
            <div class="rows-cell">
                <label for=id>{form.say(|words| words.free_value())}{tail()}</label>
                {value}
            </div>
            {tools.buttons(row)}
            {below}
        </li>
    }
    .into_any()
}

/// A new row is not wrong while the person goes from its empty name to its type.
fn touch_if_begun(name: Memo<String>, touch: impl Fn()) {
    if name.try_get_untracked().is_some_and(|name| !name.is_empty()) {
        touch();
    }
}

fn edit(control: Control, path: StoredValue<Path>, change: impl FnOnce(&mut crate::form::draft::FreeRow)) {
    let Some(path) = path.try_get_value() else { return };
    control.form.change(|operation, draft| {
        if let Some(row) = draft.free_row_mut(operation, &path) {
            change(row);
        }
    });
}

#[expect(clippy::too_many_arguments, reason = "the parts of one row, which only this module puts together")]
fn free_value(
    control: Control,
    path: StoredValue<Path>,
    member: Memo<Option<crate::form::draft::FreeRow>>,
    kind: FreeKind,
    id: String,
    called: Signal<String>,
    described: Signal<Option<String>>,
    invalid: Signal<Option<&'static str>>,
    left: Callback<()>,
) -> AnyView {
    let form = control.form;
    let text = move || member.with(|row| row.as_ref().map(|row| row.text.clone()).unwrap_or_default());
    let typed = move |event: leptos::ev::Event| {
        let text = event_target_value(&event);
        edit(control, path, |row| row.text = text);
    };
    match kind {
        FreeKind::Secret => {
            let secret = move || {
                member.with(|row| row.as_ref().map(|row| row.secret.reveal().to_owned()).unwrap_or_default())
            };
            view! {
                <SecretInput
                    id=id
                    title=called
                    typed=Signal::derive(secret)
                    described_by=described
                    invalid=invalid
                    on_input=Callback::new(move |text: String| edit(control, path, |row| row.secret = SecretText::new(text)))
                    on_blur=left
                />
            }
            .into_any()
        }
        FreeKind::Boolean => view! {
            <span class="select-wrap">
                <select
                    class="select"
                    id=id
                    aria-describedby=move || described.get()
                    aria-invalid=move || invalid.get()
                    prop:value=text
                    on:change=typed
                    on:blur=move |_| left.run(())
                >
                    {move || {
                        let now = text();
                        ["", "true", "false"]
                            .into_iter()
                            .map(|value| {
                                let label = if value.is_empty() { form.words().choose() } else { value };
                                view! { <option value=value selected={value == now}>{label}</option> }
                            })
                            .collect_view()
                    }}
                </select>
                <Icon glyph=Glyph::Down/>
            </span>
        }
        .into_any(),
        FreeKind::Json => view! {
            <textarea
                class="textarea input-mono"
                rows="2"
                id=id
                aria-describedby=move || described.get()
                aria-invalid=move || invalid.get()
                spellcheck="false"
                prop:value=text
                on:input=typed
                on:blur=move |_| left.run(())
            ></textarea>
        }
        .into_any(),
        FreeKind::Text if path.try_with_value(|path| form.offers_at(path)) == Some(true) => picker(
            form,
            Picked {
                path: path.get_value(),
                id,
                title: called,
                value: Signal::derive(text),
                described_by: described,
                invalid,
                required: None,
                inputmode: None,
                known: Signal::stored(Vec::new()),
                left,
            },
        ),
        FreeKind::Text | FreeKind::Number => view! {
            <input
                class="input input-mono"
                type="text"
                id=id
                inputmode=(kind == FreeKind::Number).then_some("decimal")
                aria-describedby=move || described.get()
                aria-invalid=move || invalid.get()
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                prop:value=text
                on:input=typed
                on:blur=move |_| left.run(())
            />
        }
        .into_any(),
    }
}
