//! Kinds: the part of JSON Schema that is understood. What is not understood is refused, because a limit that is
//! not checked is worse than none.

use super::field;
use super::node::Node;
use crate::model::{Choice, Kind, Place, Text};
use crate::number::compare;
use serde_json::Value;

/// Where a schema stands: which words it needs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// A field, with a title.
    Field,
    /// An item of a list.
    Item,
    /// The whole body.
    Body,
}

/// Keywords that say something about a field and limit nothing.
const ABOUT: [&str; 8] = ["type", "title", "description", "x-zh", "examples", "x-secret", "x-role", "x-unit"];

/// Deeper nesting is no form that a person could fill in.
const MAX_DEPTH: usize = 8;

/// Reads a schema.
pub(super) fn read(node: &Node<'_>, usage: Use, depth: usize) -> Option<Kind> {
    let node = node.resolve()?;
    if depth > MAX_DEPTH {
        node.say(format!("nested deeper than {MAX_DEPTH}; does it refer to itself?"));
        return None;
    }
    let known = |special: &[&str]| {
        let about: &[&str] =
            if usage == Use::Field { &ABOUT } else { &["type", "description", "x-zh", "title"] };
        let ask: &[&str] = if usage == Use::Field { &["x-ask"] } else { &[] };
        node.only(&[about, ask, special]);
    };
    match node.need("type")?.text()? {
        "string" => {
            known(&["enum", "oneOf", "anyOf", "pattern", "x-pattern-words", "minLength", "maxLength"]);
            text(&node)
        }
        "integer" => {
            known(&["format", "enum", "oneOf", "minimum", "maximum", "x-time"]);
            integer(&node)
        }
        "number" => {
            known(&["format", "minimum", "maximum"]);
            number(&node)
        }
        "boolean" => {
            known(&[]);
            Some(Kind::Boolean)
        }
        "array" => {
            known(&["items", "minItems", "maxItems"]);
            let item = read(&node.need("items")?, Use::Item, depth + 1)?;
            let (min_items, max_items) = (count(&node, "minItems"), count(&node, "maxItems"));
            check_order(&node, "minItems", min_items, "maxItems", max_items);
            Some(Kind::List { item: Box::new(item), min_items, max_items })
        }
        "object" => object(&node, &known, depth),
        other => {
            node.say(format!("`{other}` is not one of string, integer, number, boolean, array, object"));
            None
        }
    }
}

fn object(node: &Node<'_>, known: &dyn Fn(&[&str]), depth: usize) -> Option<Kind> {
    if node.need("additionalProperties")?.boolean()? {
        known(&["additionalProperties"]);
        return Some(Kind::FreeObject);
    }
    known(&["additionalProperties", "properties", "required", "minProperties"]);
    let required: Vec<Node<'_>> = node.get("required").map(|node| node.items()).unwrap_or_default();
    let names: Vec<&str> = required.iter().filter_map(Node::text).collect();
    let properties = node.need("properties")?;
    for item in &required {
        if item.value().as_str().is_some_and(|name| !properties.has(name)) {
            item.say("is required, but stands not in `properties`");
        }
    }
    let mut fields = Vec::new();
    for (name, schema) in properties.members() {
        // The place is settled by the field that holds this object.
        fields.extend(field::field_at(
            &schema,
            name.to_owned(),
            Place::Body,
            names.contains(&name),
            depth + 1,
        ));
    }
    let min_members = count(node, "minProperties");
    if min_members.is_some_and(|minimum| minimum > fields.len() as u64) {
        node.say("`minProperties` is more than there are properties");
    }
    Some(Kind::Object { fields, min_members })
}

fn text(node: &Node<'_>) -> Option<Kind> {
    let Some(branches) = node.get("anyOf") else {
        let choices = choices(node, &|value| value.is_string());
        let open = choices.is_empty();
        return Some(limits(node).into_kind(choices, open));
    };
    for name in ["enum", "oneOf", "pattern", "minLength", "maxLength"] {
        if node.has(name) {
            node.say(format!("`{name}` cannot stand beside `anyOf`; write it in a branch"));
        }
    }
    let items = branches.items();
    let [known, other] = items.as_slice() else {
        branches.say("must have two branches: known values, and what others look like");
        return None;
    };
    known.only(&[&["enum", "oneOf"]]);
    other.only(&[&["pattern", "x-pattern-words", "minLength", "maxLength"]]);
    let choices = choices(known, &|value| value.is_string());
    if choices.is_empty() {
        known.say("must list the known values by `oneOf` or `enum`");
    }
    Some(limits(other).into_kind(choices, true))
}

struct Limits {
    min_length: Option<u64>,
    max_length: Option<u64>,
    pattern: Option<String>,
    pattern_words: Option<Text>,
}

impl Limits {
    fn into_kind(self, choices: Vec<Choice>, open: bool) -> Kind {
        let Self { min_length, max_length, pattern, pattern_words } = self;
        Kind::Text { min_length, max_length, pattern, pattern_words, choices, open }
    }
}

fn limits(node: &Node<'_>) -> Limits {
    let (min_length, max_length) = (count(node, "minLength"), count(node, "maxLength"));
    check_order(node, "minLength", min_length, "maxLength", max_length);
    let pattern = node.get("pattern").and_then(|pattern| {
        let text = pattern.text()?;
        if let Err(error) = regex_lite::Regex::new(text) {
            pattern.say(format!("cannot be read as a regular expression: {error}"));
        }
        Some(text.to_owned())
    });
    let pattern_words = node.get("x-pattern-words").map(|words| words.pair());
    match (&pattern, &pattern_words) {
        (Some(_), None) => {
            node.say("`pattern` needs `x-pattern-words`, so that a person is told what it asks for")
        }
        (None, Some(_)) => node.say("`x-pattern-words` without `pattern`"),
        _ => {}
    }
    Limits { min_length, max_length, pattern, pattern_words }
}

fn integer(node: &Node<'_>) -> Option<Kind> {
    let bits = node.need("format")?.one_of(&[("int32", 32), ("int64", 64)])?;
    let epoch_ms = node.get("x-time").and_then(|time| time.one_of(&[("epoch-ms", true)])).unwrap_or(false);
    let minimum = node.get("minimum").and_then(|bound| bound.integer());
    let maximum = node.get("maximum").and_then(|bound| bound.integer());
    check_order(node, "minimum", minimum, "maximum", maximum);
    let choices = choices(node, &Value::is_i64);
    let fits = |number: i64| bits == 64 || i32::try_from(number).is_ok();
    let values = choices.iter().filter_map(|choice| choice.value.as_i64());
    if !minimum.into_iter().chain(maximum).chain(values).all(fits) {
        node.say("a limit or value does not fit into int32");
    }
    if !choices.is_empty() && (minimum.is_some() || maximum.is_some()) {
        node.say("known values need no `minimum` or `maximum`");
    }
    // `format` alone limits nothing in JSON Schema; any other tool must see the same limits.
    if bits == 32 && choices.is_empty() && (minimum.is_none() || maximum.is_none()) {
        node.say("`format: int32` needs `minimum` and `maximum`, so that every tool sees the same limits");
    }
    Some(Kind::Integer { minimum, maximum, bits, choices, epoch_ms })
}

fn number(node: &Node<'_>) -> Option<Kind> {
    if let Some(format) = node.get("format") {
        format.one_of(&[("float", ()), ("double", ())])?;
    }
    let bound = |name: &str| {
        let bound = node.get(name)?;
        let value = bound.value().as_number().cloned();
        if value.is_none() {
            bound.say("must be a number");
        }
        value
    };
    let (minimum, maximum) = (bound("minimum"), bound("maximum"));
    if let (Some(least), Some(greatest)) = (&minimum, &maximum)
        && compare(least, greatest).is_gt()
    {
        node.say("`minimum` is more than `maximum`");
    }
    Some(Kind::Number { minimum, maximum })
}

/// Known values: `oneOf` with titles in both languages, or a bare `enum`.
pub(super) fn choices(node: &Node<'_>, fits: &dyn Fn(&Value) -> bool) -> Vec<Choice> {
    if node.has("oneOf") && node.has("enum") {
        node.say("write the known values in `oneOf` or in `enum`, not in both");
    }
    let mut choices: Vec<Choice> = Vec::new();
    for item in node.get("enum").map(|list| list.items()).unwrap_or_default() {
        add(&mut choices, &item, item.value(), Text::default(), fits);
    }
    for item in node.get("oneOf").map(|list| list.items()).unwrap_or_default() {
        item.only(&[&["const", "title", "x-zh"]]);
        item.only_chinese(&["title"]);
        let title = item.words("title", "title", false);
        if let Some(value) = item.need("const") {
            add(&mut choices, &item, value.value(), title, fits);
        }
    }
    choices
}

fn add(
    choices: &mut Vec<Choice>,
    node: &Node<'_>,
    value: &Value,
    title: Text,
    fits: &dyn Fn(&Value) -> bool,
) {
    if !fits(value) {
        node.say(format!("{value} is not of the type that the field has"));
    } else if choices.iter().any(|choice| choice.value == *value) {
        node.say(format!("{value} stands here twice"));
    } else {
        choices.push(Choice { value: value.clone(), title });
    }
}

fn count(node: &Node<'_>, name: &str) -> Option<u64> {
    node.get(name).and_then(|node| node.count())
}

fn check_order<T: PartialOrd>(node: &Node<'_>, low: &str, least: Option<T>, high: &str, greatest: Option<T>) {
    if let (Some(least), Some(greatest)) = (least, greatest)
        && least > greatest
    {
        node.say(format!("`{low}` is more than `{high}`"));
    }
}
