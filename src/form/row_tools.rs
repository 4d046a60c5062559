//! What the rows of lists and of free objects have in common: moving, removing, adding, and where the focus goes.

use crate::browser;
use crate::components::{Glyph, Icon, use_announcer};
use crate::form::control::Control;
use crate::form::draft::Direction;
use crate::form::path::Step;
use crate::form::state::control_id;
use crate::words::form::FormWords;
use catalog::text::Joined;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

/// The rows of a list or of a free object.
#[derive(Clone, Copy)]
pub struct RowTools {
    /// The list or object.
    pub control: Control,
    /// The numbers of its rows, in order.
    pub ids: Memo<Vec<u64>>,
}

impl RowTools {
    /// The rows of a control.
    #[must_use]
    pub fn new(control: Control) -> RowTools {
        let ids = Memo::new(move |_| control.form().draft().with(|draft| draft.row_ids(&control.path())));
        RowTools { control, ids }
    }

    /// The rows, each drawn once for its number and moved with it.
    #[must_use]
    pub fn rows(self, draw: Callback<u64, AnyView>) -> AnyView {
        view! { <For each=move || self.ids.get() key=|row| *row children=move |row| draw.run(row)/> }
    }

    /// The class of the list; without rows there is nothing to see.
    pub fn list_class(self) -> impl Fn() -> &'static str {
        move || if self.ids.with(Vec::is_empty) { "vh" } else { "" }
    }

    fn words(self) -> &'static FormWords {
        self.control.form().words()
    }

    fn count(self) -> usize {
        self.ids.with(Vec::len)
    }

    /// The place of a row, 1-based; 0 when it is gone.
    #[must_use]
    pub fn number(self, row: u64) -> usize {
        self.ids.with(|ids| ids.iter().position(|id| *id == row).map_or(0, |at| at + 1))
    }

    /// What a row is called.
    #[must_use]
    pub fn name(self, row: u64) -> String {
        self.words().row_of(&self.control.title(), self.number(row))
    }

    /// The id of a row's element.
    #[must_use]
    pub fn row_id(self, row: u64) -> String {
        control_id(&self.control.path().join(Step::Row(row)))
    }

    /// Adds a row and goes to it.
    pub fn add(self) {
        let announcer = use_announcer();
        let mut added = None;
        self.control.change(|operation, draft, path| added = draft.add_row(operation, path));
        if let Some(row) = added {
            announcer.say(self.words().row_added(&self.name(row)));
            focus_in_row(self.row_id(row));
        }
    }

    /// Removes a row and goes to the one that took its place, or to the button that adds one.
    pub fn remove(self, row: u64) {
        let announcer = use_announcer();
        let said = self.words().row_removed(&self.name(row));
        let mut next = None;
        self.control.change(|operation, draft, path| next = draft.remove_row(operation, path, row));
        announcer.say(said);
        match next {
            Some(row) => focus_in_row(self.row_id(row)),
            None => focus_soon(self.add_id()),
        }
    }

    /// Moves a row by one place. `focused` is what keeps the focus; without it the arrow that was pressed, or at the
    /// end of the list the other one.
    pub fn shift(self, row: u64, direction: Direction, focused: Option<String>) {
        let announcer = use_announcer();
        let name = self.name(row);
        let mut moved = false;
        self.control.change(|operation, draft, path| moved = draft.move_row(operation, path, row, direction));
        if !moved {
            return;
        }
        let number = self.number(row);
        announcer.say(self.words().row_moved(&name, number));
        let (this, other, last) = match direction {
            Direction::Up => ("up", "down", 1),
            Direction::Down => ("down", "up", self.count()),
        };
        let this = self.tool_id(row, this);
        let at_end = number == last && focused.as_ref().is_none_or(|focused| *focused == this);
        focus_soon(if at_end { self.tool_id(row, other) } else { focused.unwrap_or(this) });
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

    /// The id of a button of a row.
    fn tool_id(self, row: u64, tool: &str) -> String {
        [&*self.row_id(row), tool].joined("-")
    }

    /// The buttons of a row.
    #[must_use]
    pub fn buttons(self, row: u64) -> AnyView {
        view! {
            <div class="rows-tools" role="group" aria-label=move || self.name(row)>
                {self.tool(row, Tool::Up)}
                {self.tool(row, Tool::Down)}
                {self.tool(row, Tool::Remove)}
            </div>
        }
    }

    fn tool(self, row: u64, tool: Tool) -> AnyView {
        let (key, glyph, class) = match tool {
            Tool::Up => ("up", Glyph::Up, ""),
            Tool::Down => ("down", Glyph::Up, "i-flip"),
            Tool::Remove => ("remove", Glyph::X, ""),
        };
        let label = move || {
            let (words, name) = (self.words(), self.name(row));
            match tool {
                Tool::Up => words.move_up(&name),
                Tool::Down => words.move_down(&name),
                Tool::Remove => words.remove(&name),
            }
        };
        let disabled = move || match tool {
            Tool::Up => self.number(row) <= 1,
            Tool::Down => self.number(row) == self.count(),
            Tool::Remove => false,
        };
        let press = move |_| match tool {
            Tool::Up => self.shift(row, Direction::Up, None),
            Tool::Down => self.shift(row, Direction::Down, None),
            Tool::Remove => self.remove(row),
        };
        view! {
            <button
                class="btn btn-quiet btn-icon"
                type="button"
                id=self.tool_id(row, key)
                aria-label=label
                disabled=disabled
                on:click=press
            >
                <Icon glyph=glyph class=class/>
            </button>
        }
    }

    /// The button that adds a row, and how many there are; at the most that is taken, the reason why no more.
    #[must_use]
    pub fn foot(self, most: Option<u64>) -> AnyView {
        let form = self.control.form();
        let is_full = move || most.is_some_and(|most| self.count() as u64 >= most);
        let why_id = self.control.part_id("full");
        let why = why_id.clone();
        let described = move || is_full().then(|| why.clone());
        let counted = move || {
            let words = form.words();
            match (self.count(), most) {
                (0, _) => words.no_rows().to_owned(),
                (count, Some(most)) => words.rows_of(count, most),
                (count, None) => words.rows_count(count),
            }
        };
        let add = move |_| {
            if !is_full() {
                self.add();
            }
        };
        let full = move || {
            let id = why_id.clone();
            most.filter(|_| is_full())
                .map(|most| view! { <span id=id role="status">{form.words().rows_full(most)}</span> })
        };
        let kept = form.say(|words| words.order_kept());
        // Not `disabled`: a person who tabs to it hears why it does nothing.
        view! {
            <div class="rows-foot">
                <button
                    class="btn btn-s"
                    type="button"
                    id=self.add_id()
                    aria-disabled=move || is_full().then_some("true")
                    aria-describedby=described
                    on:click=add
                >
                    <Icon glyph=Glyph::Plus class="i-s"/>
                    {form.say(|words| words.add_row())}
                    <span class="vh">{move || form.words().add_row_to(&self.control.title())}</span>
                </button>
                <span>{counted}</span>
                {full}
                {move || (self.count() > 1).then(|| view! { <span class="row-end">{kept}</span> })}
            </div>
        }
    }
}

/// What a button of a row does.
#[derive(Clone, Copy)]
enum Tool {
    Up,
    Down,
    Remove,
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
