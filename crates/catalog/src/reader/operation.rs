//! One operation: its words, its wire form, its fields.

use super::document::Shared;
use super::node::Node;
use super::{answer, field};
use crate::model::{Call, Choice, Field, Kind, Method, Operation, Place, Protocol, Role, Trait};
use crate::validate;
use serde_json::Value;

const TRAITS: [(&str, Trait); 9] = [
    ("pays", Trait::Pays),
    ("may-pay", Trait::MayPay),
    ("irreversible", Trait::Irreversible),
    ("may-delete", Trait::MayDelete),
    ("may-stay-unpaid", Trait::MayStayUnpaid),
    ("dry-run", Trait::DryRun),
    ("schedules", Trait::Schedules),
    ("cancellable", Trait::Cancellable),
    ("rollback", Trait::Rollback),
];

const KNOWN: [&str; 18] = [
    "operationId",
    "x-title",
    "summary",
    "description",
    "x-zh",
    "externalDocs",
    "security",
    "parameters",
    "requestBody",
    "responses",
    "x-rpc",
    "x-risk",
    "x-internal",
    "x-changes",
    "x-permissions",
    "x-errors",
    "x-examples",
    "x-calls-per-second",
];

/// Reads one operation of a path.
pub(super) fn read(node: &Node<'_>, path: &str, method: Method, shared: &Shared) -> Option<Operation> {
    node.only(&[&KNOWN]);
    node.only_chinese(&["title", "summary", "description"]);
    let protocol = protocol(node, path, method)?;
    let (mut fields, scope) = field::fields(node, &protocol);
    check_path(node, &protocol, &fields);
    for (index, field) in fields.iter().enumerate() {
        if fields.iter().take(index).any(|other| other.name == field.name) {
            node.say(format!("two fields are named `{}`", field.name));
        }
    }
    check_roles(node, &fields);
    name_regions(node, &mut fields, shared);

    let mut errors = node.get("x-errors").map(|list| answer::errors(&list)).unwrap_or_default();
    errors.extend(shared.errors.iter().cloned());
    // The method of an RPC action says nothing: most of them take both.
    let reads = method == Method::Get && matches!(protocol, Protocol::Rest { .. });
    let changes = node.get("x-changes").and_then(|flag| flag.boolean()).unwrap_or(!reads);
    let traits = traits(node);
    if !changes && !traits.is_empty() {
        node.say("what changes nothing risks nothing: leave out `x-risk`");
    }
    let operation = Operation {
        id: format!("{}.{}", shared.product.code, node.need_text("operationId")),
        cloud: shared.cloud,
        product: shared.product.clone(),
        title: node.words("title", "x-title", true),
        summary: node.words("summary", "summary", true),
        description: node.words("description", "description", true),
        traits,
        internal: node.get("x-internal").and_then(|flag| flag.boolean()).unwrap_or(false),
        call: Call { method, protocol, changes, scope, servers: shared.servers.clone() },
        fields,
        answer: answer::members(node),
        errors,
        permissions: node.get("x-permissions").map(|list| answer::permissions(&list)).unwrap_or_default(),
        examples: node.get("x-examples").map(|list| answer::examples(&list)).unwrap_or_default(),
        calls_per_second: node
            .get("x-calls-per-second")
            .and_then(|rate| rate.count())
            .and_then(|rate| u32::try_from(rate).ok()),
    };
    check_examples(node, &operation);
    Some(operation)
}

fn protocol(node: &Node<'_>, path: &str, method: Method) -> Option<Protocol> {
    let Some(rpc) = node.get("x-rpc") else {
        if path.contains('#') || path.contains('?') || !path.starts_with('/') {
            node.say("a path with an action needs `x-rpc`; any other starts with / and has no # or ?");
            return None;
        }
        return Some(Protocol::Rest { path: path.to_owned() });
    };
    rpc.only(&[&["product", "version", "action"]]);
    let action = rpc.need_text("action");
    if path != format!("/#Action={action}") {
        rpc.say(format!("the path of this action must be `/#Action={action}`"));
    }
    if !matches!(method, Method::Get | Method::Post) {
        node.say("an RPC action goes by get or post");
    }
    if node.has("requestBody") {
        node.say("an RPC action has no body; its parameters go in the query");
    }
    Some(Protocol::Rpc { product: rpc.need_text("product"), version: rpc.need_text("version"), action })
}

fn traits(node: &Node<'_>) -> Vec<Trait> {
    let items = node.get("x-risk").map(|node| node.items()).unwrap_or_default();
    items.iter().filter_map(|item| item.one_of(&TRAITS)).collect()
}

/// Every name in the path template is a path field or bound to the profile.
fn check_path(node: &Node<'_>, protocol: &Protocol, fields: &[Field]) {
    let Protocol::Rest { path } = protocol else { return };
    let mut names = Vec::new();
    for part in path.split('{').skip(1) {
        match part.split_once('}') {
            Some((name, _)) => names.push(name),
            None => node.say("the path has a { without }"),
        }
    }
    let bound = |name: &str| {
        node.get("parameters").map(|list| list.items()).unwrap_or_default().iter().any(|parameter| {
            parameter.has("x-bind")
                && parameter.value().get("in").and_then(Value::as_str) == Some("path")
                && parameter.value().get("name").and_then(Value::as_str) == Some(name)
        })
    };
    let in_path = |name: &str| fields.iter().any(|field| field.place == Place::Path && field.name == name);
    for name in &names {
        if !in_path(name) && !bound(name) {
            node.say(format!("`{{{name}}}` in the path has no parameter with `in: path`"));
        }
    }
    for field in fields.iter().filter(|field| field.place == Place::Path) {
        if !names.contains(&field.name.as_str()) {
            node.say(format!("`{}` is not in the path", field.name));
        }
        if !field.required {
            node.say(format!("`{}` is a part of the path and must be required", field.name));
        }
    }
}

/// A part is played by one top-level field, of the type that fits it.
fn check_roles(node: &Node<'_>, fields: &[Field]) {
    for (index, field) in fields.iter().enumerate() {
        let Some(role) = field.role else { continue };
        if fields.iter().take(index).any(|other| other.role == Some(role)) {
            node.say(format!("two fields have the role of `{}`", field.name));
        }
        let fits = match role {
            Role::Instance | Role::Region | Role::ClientToken => matches!(field.kind, Kind::Text { .. }),
            Role::DryRun => {
                let choices = match &field.kind {
                    Kind::Text { choices, open: false, .. } => choices.as_slice(),
                    _ => &[],
                };
                ["true", "false"].iter().all(|word| choices.iter().any(|choice| choice.value == *word))
            }
            Role::Cancel => matches!(field.kind, Kind::Boolean),
            Role::StartTime => matches!(field.kind, Kind::Integer { epoch_ms: true, .. }),
            Role::Target => true,
        };
        if !fits {
            node.say(format!("`{}` has a type that does not fit its `x-role`", field.name));
        }
    }
}

/// The region field offers exactly the regions that have a host, by their names.
fn name_regions(node: &Node<'_>, fields: &mut [Field], shared: &Shared) {
    let known: Vec<_> = shared.servers.iter().flat_map(|server| &server.regions).collect();
    let Some(field) = fields.iter_mut().find(|field| field.role == Some(Role::Region)) else { return };
    let Kind::Text { choices, .. } = &mut field.kind else { return };
    for region in &known {
        if !choices.iter().any(|choice| choice.value == region.id.as_str()) {
            node.say(format!("`{}` does not offer the region `{}` of the servers", field.name, region.id));
        }
    }
    for Choice { value, title } in choices {
        match known.iter().find(|region| *value == region.id.as_str()) {
            Some(region) => title.clone_from(&region.title),
            None => node.say(format!("`{}` offers {value}, which no server has", field.name)),
        }
    }
}

/// Examples must pass what they are examples of.
fn check_examples(node: &Node<'_>, operation: &Operation) {
    let nodes = node.get("x-examples").map(|list| list.items()).unwrap_or_default();
    for (example, node) in operation.examples.iter().zip(nodes) {
        for problem in validate::validate(operation, &example.parameters) {
            let words = problem.complaint.words("", crate::model::Language::En);
            node.say(format!("parameters{}: {words}", problem.pointer));
        }
    }
}
