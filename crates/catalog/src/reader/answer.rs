//! What comes back: members of the answer, errors, permissions, examples.

use super::field::json_schema;
use super::kind;
use super::node::Node;
use crate::model::{AnswerField, ErrorCode, Example, Permission, Text};
use serde_json::{Map, Value};

/// Members of the first successful answer, flattened. Other answers are read too, so that what is wrong in them is
/// said.
pub(super) fn members(operation: &Node<'_>) -> Vec<AnswerField> {
    let Some(responses) = operation.need("responses") else { return Vec::new() };
    let mut found = None;
    for (status, response) in responses.members() {
        let known =
            status == "default" || (status.len() == 3 && status.bytes().all(|byte| byte.is_ascii_digit()));
        if !known {
            response.say("the name of a response is a status of three digits, or default");
        }
        response.only(&[&["description", "content", "headers"]]);
        response.need_text("description");
        let mut fields = Vec::new();
        if let Some(schema) = response.get("content").and_then(|content| json_schema(&content)) {
            flatten(&schema, "", 0, &mut fields);
        }
        if status.starts_with('2') && found.is_none() {
            found = Some(fields);
        }
    }
    if found.is_none() {
        responses.say("no successful response");
    }
    found.unwrap_or_default()
}

fn flatten(node: &Node<'_>, path: &str, depth: usize, fields: &mut Vec<AnswerField>) {
    let Some(node) = node.resolve() else { return };
    if depth > 16 {
        node.say("nested deeper than 16; does it refer to itself?");
        return;
    }
    node.only(&[&["type", "format", "description", "x-zh", "properties", "items", "oneOf", "enum"]]);
    node.only_chinese(&["description"]);
    let kind = node.need_text("type");
    if !path.is_empty() {
        fields.push(AnswerField {
            path: path.to_owned(),
            kind: kind.clone(),
            description: node.words("description", "description", true),
            choices: kind::choices(&node, &|value| value.is_string() || value.is_number()),
        });
    }
    match kind.as_str() {
        "object" => {
            if let Some(properties) = node.get("properties") {
                for (name, schema) in properties.members() {
                    let below = if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
                    flatten(&schema, &below, depth + 1, fields);
                }
            }
        }
        "array" => {
            if let Some(items) = node.need("items") {
                flatten(&items, &format!("{path}[]"), depth + 1, fields);
            }
        }
        "string" | "integer" | "number" | "boolean" => {}
        other => node.say(format!("`{other}` is not a JSON type")),
    }
}

/// Documented errors.
pub(super) fn errors(list: &Node<'_>) -> Vec<ErrorCode> {
    let read = |node: &Node<'_>| {
        node.only(&[&["status", "code", "message", "meaning", "zh"]]);
        let status = node.need("status").and_then(|status| status.count());
        let status = status.and_then(|status| u16::try_from(status).ok()).unwrap_or_default();
        if !(100..600).contains(&status) {
            node.say("`status` must be an HTTP status");
        }
        ErrorCode {
            status,
            code: node.need_text("code"),
            message: node.need_text("message"),
            meaning: node.words_beside("meaning", true),
        }
    };
    list.items().iter().map(read).collect()
}

/// Permissions.
pub(super) fn permissions(list: &Node<'_>) -> Vec<Permission> {
    let read = |node: &Node<'_>| {
        node.only(&[&["action", "resource", "note", "zh"]]);
        let resource = node.get("resource").and_then(|node| node.text()).unwrap_or_default().to_owned();
        Permission { action: node.need_text("action"), resource, note: node.words_beside("note", false) }
    };
    list.items().iter().map(read).collect()
}

/// Examples. Whether their parameters fit is checked when the fields are known.
pub(super) fn examples(list: &Node<'_>) -> Vec<Example> {
    let read = |node: &Node<'_>| {
        node.only(&[&["title", "zh", "parameters", "answer"]]);
        let title: Text = node.words_beside("title", true);
        let parameters = match node.need("parameters").map(|node| node.value()) {
            Some(Value::Object(parameters)) => parameters.clone(),
            _ => {
                node.say("`parameters` must be an object");
                Map::new()
            }
        };
        Example { title, parameters, answer: node.get("answer").map(|node| node.value().clone()) }
    };
    list.items().iter().map(read).collect()
}
