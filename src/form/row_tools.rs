//! What the rows of lists and of free objects have in common: moving, removing, adding, and where the focus goes.

use crate::browser;
use crate::components::{Announcer, Glyph, Icon, use_announcer};
use crate::form::control::Control;
use crate::form::draft::Direction;
use crate::form::path::Step;
use crate::form::state::control_id;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

/// The rows of a list or of a free object.
#[derive(Clone, Copy)]
pub struct RowTools {
    /// The list or object.
    pub control: Control,
    /// The numbers of its rows, in order.
    pub ids: Memo<Vec<u64>>,
    announcer: Announcer,
}

impl RowTools {
    /// The rows of a control.
    #[must_use]
    pub fn new(control: Control) -> RowTools {
        let ids = Memo::new(move |_| control.form.draft.with(|draft| draft.row_ids(&control.path())));
        RowTools { control, ids, announcer: use_announcer() }
    }

    /// The place of a row, 1-based; 0 when it is gone.
    #[must_use]
    pub fn number(self, row: u64) -> usize {
        self.ids.with(|ids| ids.iter().position(|id| *id == row).map_or(0, |at| at + 1))
    }

    /// What a row is called.
    #[must_use]
    pub fn name(self, row: u64) -> String {
        self.control.form.words().row_of(&self.control.title(), self.number(row))
    }

    /// The id of a row's element.
    #[must_use]
    pub fn row_id(self, row: u64) -> String {
        control_id(&self.control.path().join(Step::Row(row)))
    }

    /// Adds a row and goes to it.
    pub fn add(self) {
        let mut added = None;
        self.control.change(|operation, draft, path| added = draft.add_row(operation, path));
        if let Some(row) = added {
            self.announcer.say(self.control.form.words().row_added(&untrack(|| self.name(row))));
            focus_in_row(self.row_id(row));
        }
    }

    /// Removes a row and goes to the one that took its place, or to the button that adds one.
    pub fn remove(self, row: u64) {
        let name = untrack(|| self.name(row));
        let mut next = None;
        self.control.change(|operation, draft, path| next = draft.remove_row(operation, path, row));
        self.announcer.say(untrack(|| self.control.form.words().row_removed(&name)));
        match next {
            Some(row) => focus_in_row(self.row_id(row)),
            None => focus_soon(self.add_id()),
        }
    }

    /// Moves a row by one place. `focused` is what keeps the focus; without it the arrow that was pressed, or at the
    /// end of the list the other one.
    pub fn shift(self, row: u64, direction: Direction, focused: Option<String>) {
        let name = untrack(|| self.name(row));
        let mut moved = false;
        self.control.change(|operation, draft, path| moved = draft.move_row(operation, path, row, direction));
        if !moved {
            return;
        }
        untrack(|| {
            self.announcer.say(self.control.form.words().row_moved(&name, self.number(row)));
        });
        let (this, other) = match direction {
            Direction::Up => (self.up_id(row), self.down_id(row)),
            Direction::Down => (self.down_id(row), self.up_id(row)),
        };
        let focused = focused.unwrap_or_else(|| this.clone());
        let at_end = untrack(|| match direction {
            Direction::Up => self.number(row) == 1,
            Direction::Down => self.number(row) == self.ids.with(Vec::len),
        });
        focus_soon(if at_end && focused == this { other } else { focused });
    }

    /// Alt and an arrow move the row that has the focus.
    pub fn key(self, row: u64, event: &KeyboardEvent) {
        if !event.alt_key() || event.ctrl_key() || event.meta_key() {
            return;
        }
        let direction = match event.key().as_str() {
            "ArrowUp" => Direction::Up,
            "ArrowDown" => Direction::Down,
            _ => return,
        };
        event.prevent_default();
        let focused =
            browser::document().and_then(|document| document.active_element()).map(|element| element.id());
        self.shift(row, direction, focused.filter(|id| !id.is_empty()));
    }

    /// The id of the button that adds a row.
    #[must_use]
    pub fn add_id(self) -> String {
        self.control.part_id("add")
    }

    fn up_id(self, row: u64) -> String {
        format!("{}-up", self.row_id(row))
    }

    fn down_id(self, row: u64) -> String {
        format!("{}-down", self.row_id(row))
    }

    /// The buttons of a row.
    #[must_use]
    pub fn buttons(self, row: u64) -> AnyView {
        let words = move || self.control.form.words();
        let is_first = move || self.number(row) <= 1;
        let is_last = move || self.number(row) == self.ids.with(Vec::len);
        view! {
            <div class="rows-tools" role="group" aria-label=move || self.name(row)>
                <button
                    class="btn btn-quiet btn-icon"
                    type="button"
                    id=self.up_id(row)
                    aria-label=move || words().move_up(&self.name(row))
                    disabled=is_first
                    on:click=move |_| self.shift(row, Direction::Up, None)
                >
                    <Icon glyph=Glyph::Up/>
                </button>
                <button
                    class="btn btn-quiet btn-icon"
                    type="button"
                    id=self.down_id(row)
                    aria-label=move || words().move_down(&self.name(row))
                    disabled=is_last
                    on:click=move |_| self.shift(row, Direction::Down, None)
                >
                    <Icon glyph=Glyph::Up class="i-flip"/>
                </button>
                <button
                    class="btn btn-quiet btn-icon"
                    type="button"
                    id=format!("{}-remove", self.row_id(row))
                    aria-label=move || words().remove(&self.name(row))
                    on:click=move |_| self.remove(row)
                >
                    <Icon glyph=Glyph::X/>
                </button>
            </div>
        }
        .into_any()
    }

    /// The button that adds a row, and how many there are; at the most that is taken, the reason why no more.
    #[must_use]
    pub fn foot(self, most: Option<u64>) -> AnyView {
        let form = self.control.form;
        let count = move || self.ids.with(Vec::len);
        let is_full = move || most.is_some_and(|most| count() as u64 >= most);
        let why_id = self.control.part_id("full");
        let described = {
            let why_id = why_id.clone();
            move || is_full().then(|| why_id.clone())
        };
        let counted = move || {
            let words = form.words();
            match most {
                _ if count() == 0 => words.no_rows().to_owned(),
                Some(most) => words.rows_of(count(), most),
                None => words.rows_count(count()),
            }
        };
        // Not `disabled`: a person who tabs to it hears why it does nothing.
        view! {
            <div class="rows-foot">
                <button
                    class="btn btn-s"
                    type="button"
                    id=self.add_id()
                    aria-disabled=move || is_full().then_some("true")
                    aria-describedby=described
                    on:click=move |_| {
                        if !is_full() {
                            self.add();
                        }
                    }
                >
                    <Icon glyph=Glyph::Plus class="i-s"/>
                    {form.say(|words| words.add_row())}
                    <span class="vh">{move || form.words().add_row_to(&self.control.title())}</span>
                </button>
                <span>{counted}</span>
                {move || {
                    most.filter(|_| is_full()).map(|most| {
                        view! { <span id=why_id.clone() role="status">{form.words().rows_full(most)}</span> }
                    })
                }}
                {move || (count() > 1).then(|| view! { <span class="row-end">{form.say(|words| words.order_kept())}</span> })}
            </div>
        }
        .into_any()
    }
}

/// Focuses an element once the page has been drawn again.
pub fn focus_soon(id: String) {
    request_animation_frame(move || {
        browser::focus(&id);
    });
}

/// Focuses the first control of a row once the page has been drawn again.
fn focus_in_row(row_id: String) {
    request_animation_frame(move || {
        let row = browser::element(&format!("{row_id}-row"));
        let control = row.and_then(|row| {
            row.query_selector("input, select, textarea, button:not([disabled])").ok().flatten()
        });
        match control.map(|control| control.id()).filter(|id| !id.is_empty()) {
            Some(id) => browser::focus(&id),
            None => browser::focus(&row_id),
        };
    });
}
