//! A place in a document: its value, where it stands, and the report that its problems go to.

use super::ReadError;
use crate::model::Text;
use crate::validate::nearest;
use serde_json::{Map, Value};
use std::cell::RefCell;

/// The problems of one document.
pub(super) struct Report {
    file: String,
    problems: RefCell<Vec<ReadError>>,
}

impl Report {
    pub(super) fn new(file: &str) -> Self {
        Self { file: file.to_owned(), problems: RefCell::default() }
    }

    /// Reads YAML. Keys that stand twice are an error of the parser, and its budgets stop documents that unfold.
    pub(super) fn parse(&self, text: &str) -> Option<Value> {
        match serde_saphyr::from_str::<Value>(text) {
            Ok(value) => Some(value),
            Err(error) => {
                let place = match error.location() {
                    Some(at) => format!("line {}, column {}", at.line(), at.column()),
                    None => "document".to_owned(),
                };
                // The first line says what is wrong; those after it draw the place.
                let message = error.without_snippet().to_string();
                self.say(
                    &place,
                    format!("not readable as YAML: {}", message.lines().next().unwrap_or_default()),
                );
                None
            }
        }
    }

    pub(super) fn root<'a>(&'a self, root: &'a Value) -> Node<'a> {
        Node { value: root, root, place: String::new(), report: self }
    }

    pub(super) fn say(&self, place: &str, message: impl Into<String>) {
        let place = if place.is_empty() { "document" } else { place };
        let message = message.into();
        self.problems.borrow_mut().push(ReadError {
            file: self.file.clone(),
            place: place.to_owned(),
            message,
        });
    }

    /// The same place can be reached through several references; its problems are told once.
    pub(super) fn into_problems(self) -> Vec<ReadError> {
        let mut told: Vec<ReadError> = Vec::new();
        for problem in self.problems.into_inner() {
            if !told.contains(&problem) {
                told.push(problem);
            }
        }
        told
    }
}

/// A value and where it stands.
#[derive(Clone)]
pub(super) struct Node<'a> {
    value: &'a Value,
    root: &'a Value,
    place: String,
    report: &'a Report,
}

impl<'a> Node<'a> {
    pub(super) fn value(&self) -> &'a Value {
        self.value
    }

    pub(super) fn place(&self) -> &str {
        &self.place
    }

    pub(super) fn say(&self, message: impl Into<String>) {
        self.report.say(&self.place, message);
    }

    /// The members; says so and yields nothing when it is no object.
    pub(super) fn members(&self) -> impl Iterator<Item = (&'a str, Node<'a>)> + use<'a> {
        let object = self.object();
        let node = self.clone();
        object.into_iter().flatten().map(move |(name, value)| (name.as_str(), node.at_member(name, value)))
    }

    fn object(&self) -> Option<&'a Map<String, Value>> {
        let object = self.value.as_object();
        if object.is_none() {
            self.say("must be an object");
        }
        object
    }

    fn at_member(&self, name: &str, value: &'a Value) -> Node<'a> {
        let place = if self.place.is_empty() { name.to_owned() } else { format!("{}.{name}", self.place) };
        Node { value, place, ..self.clone() }
    }

    /// The items; says so and yields nothing when it is no list.
    pub(super) fn items(&self) -> Vec<Node<'a>> {
        let Some(items) = self.value.as_array() else {
            self.say("must be a list");
            return Vec::new();
        };
        let at = |(index, value)| Node { value, place: format!("{}[{index}]", self.place), ..self.clone() };
        items.iter().enumerate().map(at).collect()
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.value.get(name).is_some()
    }

    pub(super) fn get(&self, name: &str) -> Option<Node<'a>> {
        self.value.get(name).map(|value| self.at_member(name, value))
    }

    pub(super) fn need(&self, name: &str) -> Option<Node<'a>> {
        let found = self.get(name);
        if found.is_none() && self.object().is_some() {
            self.say(format!("`{name}` is missing"));
        }
        found
    }

    pub(super) fn text(&self) -> Option<&'a str> {
        let text = self.value.as_str();
        if text.is_none() {
            self.say("must be a text; put quotation marks around it if it looks like a number");
        }
        text
    }

    pub(super) fn boolean(&self) -> Option<bool> {
        let value = self.value.as_bool();
        if value.is_none() {
            self.say("must be true or false");
        }
        value
    }

    pub(super) fn count(&self) -> Option<u64> {
        let value = self.value.as_u64();
        if value.is_none() {
            self.say("must be a whole number, 0 or more");
        }
        value
    }

    pub(super) fn integer(&self) -> Option<i64> {
        let value = self.value.as_i64();
        if value.is_none() {
            self.say("must be a whole number of at most 64 bits");
        }
        value
    }

    /// The text of a member that must be there; empty when it is not.
    pub(super) fn need_text(&self, name: &str) -> String {
        self.need(name).and_then(|node| node.text()).unwrap_or_default().to_owned()
    }

    /// One of a set of words, with what each means.
    pub(super) fn one_of<T: Copy>(&self, choices: &[(&str, T)]) -> Option<T> {
        let text = self.text()?;
        let found = choices.iter().find(|(word, _)| *word == text).map(|(_, meaning)| *meaning);
        if found.is_none() {
            let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
            self.say(format!("`{text}` is not one of {}", words.join(", ")));
        }
        found
    }

    /// Refuses members with other names.
    pub(super) fn only(&self, known: &[&[&str]]) {
        let Some(object) = self.object() else { return };
        let known = || known.iter().copied().flatten().copied();
        for name in object.keys() {
            if known().all(|word| word != name) {
                let what = if name.starts_with("x-") { "extension" } else { "keyword" };
                let hint = match nearest(name, known()) {
                    Some(nearest) => format!("; did you mean `{nearest}`?"),
                    None => format!("; known here are {}", known().collect::<Vec<_>>().join(", ")),
                };
                self.say(format!("`{name}` is not a known {what} here{hint}"));
            }
        }
    }

    /// Words under a name, with their Chinese under `x-zh`. Both must be there, or neither where it is optional.
    pub(super) fn words(&self, name: &str, english_name: &str, required: bool) -> Text {
        let english = self.get(english_name).and_then(|node| node.text()).unwrap_or_default().trim();
        let chinese = self.get("x-zh").and_then(|node| node.get(name)).and_then(|node| node.text());
        let chinese = chinese.unwrap_or_default().trim();
        self.check_words(english, chinese, english_name, &format!("x-zh.{name}"), required);
        Text { en: english.to_owned(), zh: chinese.to_owned() }
    }

    /// Words under a name, with their Chinese beside them under `zh`.
    pub(super) fn words_beside(&self, name: &str, required: bool) -> Text {
        let english = self.get(name).and_then(|node| node.text()).unwrap_or_default().trim();
        let chinese = self.get("zh").and_then(|node| node.text()).unwrap_or_default().trim();
        self.check_words(english, chinese, name, "zh", required);
        Text { en: english.to_owned(), zh: chinese.to_owned() }
    }

    /// An extension that is `{en, zh}`.
    pub(super) fn pair(&self) -> Text {
        self.only(&[&["en", "zh"]]);
        Text { en: self.need_text("en"), zh: self.need_text("zh") }
    }

    fn check_words(
        &self,
        english: &str,
        chinese: &str,
        english_name: &str,
        chinese_name: &str,
        required: bool,
    ) {
        match (english.is_empty(), chinese.is_empty()) {
            (true, true) if required => {
                self.say(format!("`{english_name}` is missing, and its Chinese in `{chinese_name}`"));
            }
            (false, true) => {
                self.say(format!("`{english_name}` has no Chinese; write it in `{chinese_name}`"));
            }
            (true, false) => {
                self.say(format!("`{chinese_name}` has no English; write it in `{english_name}`"))
            }
            _ => {}
        }
    }

    /// Refuses Chinese for words that are not read here.
    pub(super) fn only_chinese(&self, known: &[&str]) {
        if let Some(node) = self.get("x-zh") {
            node.only(&[known]);
        }
    }

    /// Follows `$ref` within the document.
    pub(super) fn resolve(&self) -> Option<Node<'a>> {
        let mut node = self.clone();
        // A chain longer than this goes in circles.
        for _ in 0..8 {
            let Some(reference) = node.get("$ref") else { return Some(node) };
            node.only(&[&["$ref"]]);
            let text = reference.text()?;
            let Some(target) = text.strip_prefix('#').and_then(|pointer| self.root.pointer(pointer)) else {
                reference.say(format!("`{text}` is nowhere in this document"));
                return None;
            };
            let place = text.trim_start_matches("#/").replace('/', ".");
            node = Node { value: target, place, ..node.clone() };
        }
        self.say("`$ref` goes in circles");
        None
    }
}
