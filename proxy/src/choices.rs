//! Choices for a field, from the cloud's own lists: what may be chosen, and what may not, with the reason.

use crate::{asking::AskError, profile::Profile};
use catalog::{Operation, Text};
use serde_json::{Map, Value};
use std::{collections::BTreeMap, sync::Arc};

/// So many choices are shown at a time; more are asked for with the cursor.
pub const PAGE: usize = 20;

/// What choices are asked for with.
#[derive(Clone, Copy)]
pub struct Choosing<'a> {
    /// Who asks.
    pub profile: &'a Profile,
    /// The operation.
    pub operation: &'a Operation,
    /// Pointer to the field, e.g. `/InstanceId` or `/Parameter/0/Code`.
    pub field: &'a str,
    /// What the form holds so far.
    pub parameters: &'a Map<String, Value>,
    /// What was typed, lower case and trimmed; empty for everything.
    pub query: &'a str,
    /// Where the page before ended.
    pub cursor: Option<&'a str>,
}

impl<'a> Choosing<'a> {
    /// A text of the form that is not empty.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&'a str> {
        self.parameters.get(name).and_then(Value::as_str).filter(|value| !value.is_empty())
    }

    /// The region of the form, else of the profile.
    #[must_use]
    pub fn region(&self) -> &'a str {
        self.text("RegionId").or(self.profile.config.region.as_deref()).unwrap_or_default()
    }

    /// Asks the cloud. Whoever types or turns a page goes on in the list that was read when it was opened.
    ///
    /// # Errors
    /// As [`AskError`] says.
    pub async fn ask(&self, id: &str, parameters: Value) -> Result<Arc<Value>, AskError> {
        let parameters = parameters.as_object().cloned().unwrap_or_default();
        let goes_on = !self.query.is_empty() || self.cursor.is_some();
        self.profile.ask_for_list(id, parameters, goes_on).await
    }

    /// Every row of a list that the cloud gives page by page, up to an end. Pages that hold nothing of what was typed are
    /// thus never shown; whoever types on goes on in what was read.
    ///
    /// # Errors
    /// As [`AskError`] says.
    pub async fn ask_for_all(&self, id: &str, parameters: Value, pages: Pages) -> Result<All, AskError> {
        let parameters = parameters.as_object().cloned().unwrap_or_default();
        let goes_on = !self.query.is_empty() || self.cursor.is_some();
        Ok(All(self.profile.ask_for_whole_list(id, parameters, pages, goes_on).await?))
    }

    /// Whether any of the texts contains what was typed.
    #[must_use]
    pub fn matches(&self, texts: &[&str]) -> bool {
        self.query.is_empty() || texts.iter().any(|text| text.to_lowercase().contains(self.query))
    }

    /// The page of a list that the cloud gives as a whole.
    #[must_use]
    pub fn page(&self, all: Vec<Choice>) -> Choices {
        let start = self.cursor.and_then(|cursor| cursor.parse::<usize>().ok()).unwrap_or_default();
        let next = (all.len() > start + PAGE).then(|| (start + PAGE).to_string());
        Choices { items: all.into_iter().skip(start).take(PAGE).collect(), next }
    }
}

/// How a list that the cloud gives page by page is read.
#[derive(Clone, Copy)]
pub struct Pages {
    /// Where the rows of a page stand.
    pub rows: &'static str,
    /// So many pages are read at most: a list without end would hold a person up without end.
    pub most: usize,
    /// Turns the parameters of a page into those of the next, given the page and how many rows were read so far; says
    /// whether there is a next.
    pub turn: fn(parameters: &mut Map<String, Value>, page: &Value, read: usize) -> bool,
}

/// The rows of a list that the cloud gives page by page.
pub struct All(Arc<Value>);

impl All {
    /// What is kept of a list that was read.
    #[must_use]
    pub fn keep(rows: Vec<Value>, cut: bool) -> Value {
        serde_json::json!({"rows": rows, "cut": cut})
    }

    /// The rows that were read.
    #[must_use]
    pub fn rows(&self) -> &[Value] {
        rows(&self.0, "/rows")
    }

    /// Whether there are more rows than were read.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.0.get("cut") == Some(&Value::Bool(true))
    }
}

impl Choices {
    /// With a line that cannot be chosen below the last one, which says what the list does not show.
    #[must_use]
    pub fn but(mut self, note: Option<Text>) -> Self {
        if let Some(note) = note.filter(|_| self.next.is_none()) {
            self.items.push(Choice { unavailable: Some(note), ..Choice::new("", "…") });
        }
        self
    }
}

/// A page of choices.
#[derive(Debug, Default, PartialEq)]
pub struct Choices {
    /// The choices.
    pub items: Vec<Choice>,
    /// Cursor of the next page.
    pub next: Option<String>,
}

/// One choice.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// The value that is put into the field.
    pub value: Value,
    /// What it is called.
    pub label: String,
    /// What else helps to choose: name and value.
    pub details: Vec<(Text, Text)>,
    /// Why it cannot be chosen.
    pub unavailable: Option<Text>,
    /// Other fields that the row knows, by pointer.
    pub fills: BTreeMap<String, Value>,
}

impl Choice {
    /// A choice with nothing but a value and a name.
    #[must_use]
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            value: Value::String(value.into()),
            label: label.into(),
            details: Vec::new(),
            unavailable: None,
            fills: BTreeMap::new(),
        }
    }

    /// With one more detail, if there is something to say.
    #[must_use]
    pub fn detail(mut self, en: &str, zh: &str, value: Text) -> Self {
        if !value.en.is_empty() {
            self.details.push((Text { en: en.to_owned(), zh: zh.to_owned() }, value));
        }
        self
    }

    /// With a field that it fills.
    #[must_use]
    pub fn fill(mut self, pointer: &str, value: &str) -> Self {
        if !value.is_empty() {
            self.fills.insert(pointer.to_owned(), Value::String(value.to_owned()));
        }
        self
    }
}

/// The same words in both languages: names, ids, versions.
#[must_use]
pub fn same(words: &str) -> Text {
    Text { en: words.to_owned(), zh: words.to_owned() }
}

/// Text at a pointer; numbers as text, because vendors slip (apis.md section 8).
#[must_use]
pub fn text_at(row: &Value, pointer: &str) -> String {
    match row.pointer(pointer) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

/// A whole number at a pointer; text that is one, too.
#[must_use]
pub fn number_at(row: &Value, pointer: &str) -> Option<i64> {
    match row.pointer(pointer) {
        Some(Value::Number(number)) => number.as_i64(),
        Some(Value::String(text)) => text.parse().ok(),
        _ => None,
    }
}

/// The items of a list at a pointer.
#[must_use]
pub fn rows<'a>(body: &'a Value, pointer: &str) -> &'a [Value] {
    body.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// A day, from an instant in milliseconds.
#[must_use]
pub fn day(milliseconds: Option<i64>) -> Text {
    milliseconds
        .filter(|milliseconds| *milliseconds > 0)
        .and_then(|milliseconds| jiff::Timestamp::from_millisecond(milliseconds).ok())
        .map(|at| same(&at.strftime("%Y-%m-%d").to_string()))
        .unwrap_or_default()
}
