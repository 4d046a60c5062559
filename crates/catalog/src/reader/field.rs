//! Fields: parameters and members of the body.

use super::kind::{self, Use};
use super::node::Node;
use crate::model::{Field, Kind, Place, Protocol, Role, Scope};
use crate::validate;

const ROLES: [(&str, Role); 7] = [
    ("instance", Role::Instance),
    ("target", Role::Target),
    ("region", Role::Region),
    ("client-token", Role::ClientToken),
    ("dry-run", Role::DryRun),
    ("cancel", Role::Cancel),
    ("start-time", Role::StartTime),
];

/// All top-level fields in the order of the document, and the scope that the profile must fill in.
pub(super) fn fields(operation: &Node<'_>, protocol: &Protocol) -> (Vec<Field>, Scope) {
    let mut fields = Vec::new();
    let mut scope = Scope::None;
    for node in operation.get("parameters").map(|node| node.items()).unwrap_or_default() {
        if node.has("x-bind") {
            bind(&node, &mut scope);
        } else {
            fields.extend(parameter(&node, protocol));
        }
    }
    if let Some(body) = operation.get("requestBody") {
        fields.extend(body_fields(&body));
    }
    check_needs(operation, &fields);
    (fields, scope)
}

/// A parameter that comes from the profile and is no field.
fn bind(node: &Node<'_>, scope: &mut Scope) {
    node.only(&[&["name", "in", "required", "schema", "description", "x-bind"]]);
    let bound = node
        .need("x-bind")
        .and_then(|bind| bind.one_of(&[("project", Scope::Project), ("domain", Scope::Domain)]));
    let Some(bound) = bound else { return };
    if *scope != Scope::None && *scope != bound {
        node.say("a call is bound to the project or to the domain, not to both");
    }
    *scope = bound;
    let (header, path) =
        if bound == Scope::Project { ("X-Project-Id", "project_id") } else { ("X-Domain-Id", "domain_id") };
    let wanted = match node.need_text("in").as_str() {
        "header" => header,
        "path" => path,
        _ => {
            node.say("what is bound to the profile goes in the path or in a header");
            return;
        }
    };
    if node.need_text("name") != wanted {
        node.say(format!("must be named `{wanted}`"));
    }
}

fn parameter(node: &Node<'_>, protocol: &Protocol) -> Option<Field> {
    node.only(&[&["name", "in", "required", "schema", "content", "x-bind", "x-rpc-style", "x-needs"]]);
    let name = node.need_text("name");
    let place = node.need("in")?.one_of(&[
        ("path", Place::Path),
        ("query", Place::Query),
        ("header", Place::Header),
    ])?;
    let required = node.get("required").and_then(|flag| flag.boolean()).unwrap_or(false);
    let as_json = node.get("content");
    let schema = match (&as_json, node.get("schema")) {
        (None, Some(schema)) => schema,
        (Some(content), None) => json_schema(content)?,
        _ => {
            node.say("needs either `schema` or `content`");
            return None;
        }
    };
    let needs = node.get("x-needs").map(|list| list.items()).unwrap_or_default();
    let field = Field {
        json: as_json.is_some(),
        needs: needs.iter().filter_map(Node::text).map(str::to_owned).collect(),
        ..field(&schema, name, place, required)?
    };
    check_style(node, &field, protocol);
    Some(field)
}

/// What a parameter needs is another parameter.
fn check_needs(operation: &Node<'_>, fields: &[Field]) {
    for field in fields {
        for needed in &field.needs {
            if *needed == field.name || fields.iter().all(|other| other.name != *needed) {
                operation.say(format!("`{}` needs `{needed}`, which is not another parameter", field.name));
            }
        }
    }
}

/// How lists and objects go over the wire is fixed by the style of the API; a document says it all the same, for
/// other tools.
fn check_style(node: &Node<'_>, field: &Field, protocol: &Protocol) {
    let rpc = matches!(protocol, Protocol::Rpc { .. });
    if rpc && field.place != Place::Query {
        node.say("parameters of an RPC action go in the query");
    }
    if field.json && (field.place != Place::Query || plain(&field.kind)) {
        node.say("`content` is for an object or a list that goes in the query as one text of JSON");
    }
    match &field.kind {
        Kind::Object { .. } | Kind::FreeObject if !field.json => {
            node.say("an object goes in the body, or under `content` as one text of JSON");
        }
        Kind::List { .. } if field.place != Place::Query => {
            node.say("a list goes in the query or in the body")
        }
        Kind::List { .. } if field.json => {}
        Kind::List { .. } if rpc && !node.has("x-rpc-style") => {
            node.say("a list needs `x-rpc-style: repeat-list`")
        }
        Kind::List { item, .. } if !rpc && !plain(item) => node.say("a list in the query has plain items"),
        _ => {}
    }
    if let Some(style) = node.get("x-rpc-style") {
        style.one_of(&[("repeat-list", ())]);
        if !rpc || field.json || !matches!(field.kind, Kind::List { .. }) {
            style.say("is for lists of an RPC action");
        }
    }
}

fn plain(kind: &Kind) -> bool {
    !matches!(kind, Kind::Object { .. } | Kind::FreeObject | Kind::List { .. })
}

fn body_fields(body: &Node<'_>) -> Vec<Field> {
    body.only(&[&["required", "content", "description"]]);
    let Some(schema) = body.need("content").and_then(|content| json_schema(&content)) else {
        return Vec::new();
    };
    match kind::read(&schema, Use::Body, 0) {
        Some(Kind::Object { fields, .. }) => fields,
        Some(_) => {
            schema.say("the body must be an object with known members (additionalProperties: false)");
            Vec::new()
        }
        None => Vec::new(),
    }
}

/// The schema of the only media type that is known.
pub(super) fn json_schema<'a>(content: &Node<'a>) -> Option<Node<'a>> {
    content.only(&[&["application/json"]]);
    let media = content.need("application/json")?;
    media.only(&[&["schema"]]);
    media.need("schema")
}

/// A field from its schema.
pub(super) fn field(schema: &Node<'_>, name: String, place: Place, required: bool) -> Option<Field> {
    field_at(schema, name, place, required, 0)
}

/// As [`field`], at a depth of nesting.
pub(super) fn field_at(
    schema: &Node<'_>,
    name: String,
    place: Place,
    required: bool,
    depth: usize,
) -> Option<Field> {
    let schema = schema.resolve()?;
    let title = schema.words("title", "title", true);
    let description = schema.words("description", "description", false);
    schema.only_chinese(&["title", "description"]);
    let mut kind = kind::read(&schema, Use::Field, depth)?;
    // Members have the place of the field that holds them.
    settle(&mut kind, place);
    let mut example = None;
    if let Some(examples) = schema.get("examples") {
        for item in examples.items() {
            for problem in validate::validate_kind(&kind, item.value(), "") {
                item.say(problem.complaint.words("", crate::model::Language::En));
            }
            example.get_or_insert_with(|| item.value().clone());
        }
    }
    Some(Field {
        name,
        place,
        title,
        description,
        kind,
        required,
        needs: Vec::new(),
        json: false,
        secret: schema.get("x-secret").and_then(|flag| flag.boolean()).unwrap_or(false),
        role: schema.get("x-role").and_then(|role| role.one_of(&ROLES)),
        example,
        unit: schema.get("x-unit").map(|unit| unit.pair()),
        ask: schema.get("x-ask").map(|ask| ask.pair()),
    })
}

fn settle(kind: &mut Kind, place: Place) {
    match kind {
        Kind::Object { fields, .. } => {
            for field in fields {
                field.place = place;
                settle(&mut field.kind, place);
            }
        }
        Kind::List { item, .. } => settle(item, place),
        _ => {}
    }
}
