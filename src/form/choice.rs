//! One of several known values: radio buttons for a few, a select for many, and "other" where others are accepted.

use crate::form::binding::{self, Binding};
use crate::form::control::Control;
use crate::form::json_text::plain;
use crate::form::path::Step;
use crate::form::row_tools::focus_soon;
use catalog::model::{Kind, Role, Text};
use catalog::text::Joined;
use catalog::text::holds;
use leptos::prelude::*;
use std::rc::Rc;

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

impl Known {
    /// A value that needs no explanation.
    fn bare(value: &str) -> Known {
        Known { value: value.to_owned(), title: Text::default() }
    }
}

/// The known values of a control: of its kind, or for a region that has none the regions of the operation. And whether
/// other values are accepted too.
#[must_use]
pub fn known_values(control: Control) -> (Vec<Known>, bool) {
    let kind = control.kind();
    let (choices, mut open) = match &*kind {
        Kind::Text { choices, open, .. } => (choices.as_slice(), *open),
        Kind::Integer { choices, .. } => (choices.as_slice(), false),
        Kind::Boolean => return (vec![Known::bare("true"), Known::bare("false")], false),
        _ => return (Vec::new(), false),
    };
    let mut known: Vec<Known> = choices
        .iter()
        .map(|choice| Known { value: plain(&choice.value), title: choice.title.clone() })
        .collect();
    if control.field().role == Some(Role::Region) {
        let only_regions = known.is_empty();
        open = open && !only_regions;
        let operation = control.form().operation();
        for region in operation.call.servers.iter().flat_map(|server| &server.regions) {
            match known.iter_mut().find(|known| known.value == region.id) {
                Some(known) if known.title.en.is_empty() => known.title = region.title.clone(),
                None if only_regions => {
                    known.push(Known { value: region.id.clone(), title: region.title.clone() });
                }
                _ => {}
            }
        }
    }
    (known, open)
}

/// A choice: a key, as [`Control`] is.
#[derive(Clone, Copy)]
pub struct Choice(StoredValue<Parts>);

/// What a choice consists of.
struct Parts {
    control: Control,
    known: Vec<Known>,
    open: bool,
    /// Whether "other" was chosen before anything was typed into it.
    other: RwSignal<bool>,
}

impl Choice {
    /// The choice that a control is; `None` when it has no known values.
    #[must_use]
    pub fn of(control: Control) -> Option<Choice> {
        let (known, open) = known_values(control);
        let parts = Parts { control, known, open, other: RwSignal::new(false) };
        (!parts.known.is_empty()).then(|| Choice(StoredValue::new(parts)))
    }

    fn control(self) -> Control {
        self.0.with_value(|choice| choice.control)
    }

    fn other(self) -> RwSignal<bool> {
        self.0.with_value(|choice| choice.other)
    }

    fn known(self) -> Vec<Known> {
        self.0.with_value(|choice| choice.known.clone())
    }

    fn is_open(self) -> bool {
        self.0.with_value(|choice| choice.open)
    }

    /// Whether it is drawn as radio buttons, so that its label names a group.
    #[must_use]
    pub fn is_radios(self) -> bool {
        let few = self.0.with_value(|choice| choice.known.len() <= FEW);
        few && self.control().field().role != Some(Role::Region)
    }

    /// The control.
    #[must_use]
    pub fn draw(self) -> AnyView {
        if self.is_radios() { radios(self) } else { select(self) }
    }

    fn is_known(self, value: &str) -> bool {
        self.0.with_value(|choice| choice.known.iter().any(|known| known.value == value))
    }

    /// Whether the input for other values is shown.
    fn shows_other(self) -> bool {
        let value = self.control().shown();
        self.other().get() || (!value.is_empty() && !self.is_known(&value))
    }

    fn choose(self, value: &str) {
        let control = self.control();
        self.other().set(value == OTHER);
        if value != OTHER {
            control.set_text(value.to_owned());
        } else if self.is_known(&control.shown()) {
            control.set_text(String::new());
        }
    }

    fn other_input(self) -> AnyView {
        let control = self.control();
        let label = Signal::derive(move || control.form().words().other_of(&control.title()));
        binding::line(Binding {
            id: control.part_id("other"),
            label: Some(label),
            required: None,
            ..Binding::of(control)
        })
    }
}

fn radios(choice: Choice) -> AnyView {
    let control = choice.control();
    let in_row = control.path().steps().iter().any(|step| matches!(step, Step::Row(_)));
    let mut options = choice.known();
    if choice.is_open() {
        options.push(Known::bare(OTHER));
    }
    if control.required().is_none() {
        options.push(Known::bare(""));
    }
    let options =
        options.into_iter().enumerate().map(|(index, option)| radio(choice, index, Rc::new(option)));
    let options = options.collect_view();
    let label_id = (!in_row).then(|| control.part_id("label"));
    let named = in_row.then_some(move || control.whole_title());
    view! {
        <div
            class="options"
            role="radiogroup"
            aria-labelledby=label_id
            aria-label=named
            aria-describedby=control.described_by()
            aria-invalid=control.invalid()
            aria-required=control.required()
        >
            {options}
        </div>
        {move || choice.shows_other().then(|| choice.other_input())}
    }
}

fn radio(choice: Choice, index: usize, option: Rc<Known>) -> AnyView {
    let control = choice.control();
    let form = control.form();
    // The first one takes the focus for all.
    let id = if index == 0 { control.id() } else { control.part_id(&index.to_string()) };
    let this = Rc::clone(&option);
    let is_on = Signal::derive(move || match (choice.shows_other(), &*this.value) {
        (others, OTHER) => others,
        (others, value) => !others && control.shown() == value,
    });
    let is_boolean = matches!(*control.kind(), Kind::Boolean);
    let class = if is_boolean || ["", OTHER].contains(&&*option.value) { "" } else { "mono" };
    let this = Rc::clone(&option);
    let label = move || {
        let words = form.words();
        match &*this.value {
            "true" if is_boolean => words.yes(),
            "false" if is_boolean => words.no(),
            OTHER => words.other(),
            "" => words.not_sent(),
            value => return value.to_owned(),
        }
        .to_owned()
    };
    let this = Rc::clone(&option);
    let hint = move || match &*this.value {
        "" => form.words().not_sent_hint().to_owned(),
        _ => this.title.get(form.language()).to_owned(),
    };
    let value = option.value.clone();
    let pick = move |_| {
        choice.choose(&option.value);
        if option.value == OTHER {
            focus_soon(control.part_id("other"));
        }
    };
    let hint_id = format!("{id}-about");
    view! {
        <div class=move || if is_on.get() { "option on" } else { "option" }>
            <input
                type="radio"
                name=control.id()
                id=id.clone()
                value=value
                aria-describedby=hint_id.clone()
                prop:checked=is_on
                on:change=pick
                on:blur=move |_| control.touch()
            />
            <label for=id class=class>{label}</label>
            <p class="hint" id=hint_id>{hint}</p>
        </div>
    }
}

fn select(choice: Choice) -> AnyView {
    let control = choice.control();
    let form = control.form();
    let shows_other = move || choice.is_open() && choice.shows_other();
    let selected = move || if shows_other() { OTHER.to_owned() } else { control.shown() };
    let options = move || {
        let (words, language, now) = (form.words(), form.language(), selected());
        let first = if control.required().is_some() { words.choose() } else { words.not_sent() };
        let mut options = vec![(String::new(), first.to_owned())];
        options.extend(choice.known().into_iter().map(|known| {
            let label = match known.title.get(language) {
                "" => known.value.clone(),
                title if holds(title, &known.value) => title.to_owned(),
                title => [&*known.value, words.comma(), title].joined(""),
            };
            (known.value, label)
        }));
        if choice.is_open() {
            options.push((OTHER.to_owned(), words.other().to_owned()));
        }
        // What edited JSON or a link says is shown, and refused, rather than hidden.
        if options.iter().all(|(value, _)| *value != now) {
            let label = words.odd_choice(&now);
            options.push((now, label));
        }
        options
    };
    let input = binding::select(
        Binding {
            value: Signal::derive(selected),
            typed: Callback::new(move |value: String| choice.choose(&value)),
            ..Binding::of(control)
        },
        Signal::derive(options),
    );
    view! { {input}{move || shows_other().then(|| choice.other_input())} }
}
