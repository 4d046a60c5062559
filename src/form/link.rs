//! Values in the address of a form: a link can fill it, and never sends anything. Pure.

use crate::form::draft::Draft;
use crate::form::output::{Output, scalar};
use crate::form::pointer;
use crate::form::time::Zone;
use catalog::model::{Field, Kind, Operation, Role};
use catalog::strict_json;
use serde_json::{Map, Value};

/// Names in the address that are not parameters: the account to act as, and the plan to start from.
pub const RESERVED: [&str; 2] = ["profile", "from"];

/// What a link said.
#[derive(Clone, Debug, PartialEq)]
pub struct Filled {
    /// The draft with the values in it.
    pub draft: Draft,
    /// How many values were taken.
    pub taken: usize,
    /// Names that no field has, in the order of the link.
    pub unknown: Vec<String>,
    /// Names of secret fields: an address is kept in histories and logs, so no secret is taken from one.
    pub secret: Vec<String>,
    /// Names that stand there more than once; the last value counts.
    pub repeated: Vec<String>,
}

/// Fills a draft from the names and values of an address. A name is the vendor's; below it, parts are separated by
/// slashes, as in a JSON pointer: `upgrade_data/basic_qps`, `Parameter/0/Code`.
#[must_use]
pub fn fill(operation: &Operation, start: &Draft, pairs: &[(String, String)], zone: &dyn Zone) -> Filled {
    let mut parameters = Output::of(operation, start, zone).masked;
    let mut filled = Filled {
        draft: start.clone(),
        taken: 0,
        unknown: Vec::new(),
        secret: Vec::new(),
        repeated: Vec::new(),
    };
    for (index, (name, text)) in pairs.iter().enumerate() {
        if RESERVED.contains(&name.as_str()) {
            continue;
        }
        if pairs.iter().skip(index + 1).any(|(other, _)| other == name) {
            if !filled.repeated.contains(name) {
                filled.repeated.push(name.clone());
            }
            continue;
        }
        let pointer = if name.starts_with('/') { name.clone() } else { format!("/{name}") };
        let tokens = pointer::tokens(&pointer).unwrap_or_default();
        match field(&operation.fields, &tokens) {
            // A token belongs to one plan; a link that carries one would make two plans share it.
            Some(Found { field, .. }) if field.role == Some(Role::ClientToken) => {}
            Some(Found { field, .. }) if field.secret => filled.secret.push(name.clone()),
            Some(Found { kind, .. }) => {
                let value = kind.map_or_else(|| Some(Value::from(text.clone())), |kind| read(kind, text));
                if let Some(value) = value {
                    pointer::place(&mut parameters, &tokens, value);
                    filled.taken += 1;
                }
            }
            None => filled.unknown.push(name.clone()),
        }
    }
    for field in &operation.fields {
        if let (Kind::List { item, .. }, Some(Value::Array(items))) =
            (&field.kind, parameters.get_mut(&field.name))
            && matches!(**item, Kind::Object { .. })
        {
            // Places that the link skipped are rows without values.
            for item in items.iter_mut().filter(|item| item.is_null()) {
                *item = Value::Object(Map::new());
            }
        }
    }
    filled.draft = Draft::from_parameters(operation, &parameters, Some(start), zone);
    filled
}

struct Found<'a> {
    field: &'a Field,
    /// `None` for a member of a free object.
    kind: Option<&'a Kind>,
}

fn field<'a>(fields: &'a [Field], tokens: &[String]) -> Option<Found<'a>> {
    let (first, rest) = tokens.split_first()?;
    let field = fields.iter().find(|field| field.name == *first)?;
    let mut kind = &field.kind;
    let mut rest = rest.iter();
    loop {
        match (kind, rest.as_slice()) {
            (_, []) => return Some(Found { field, kind: Some(kind) }),
            (Kind::Object { fields, .. }, tokens) => return self::field(fields, tokens),
            (Kind::List { item, .. }, [index, ..])
                if index.parse::<usize>().is_ok_and(|index| index < 100) =>
            {
                kind = item;
                rest.next();
            }
            (Kind::FreeObject, [_]) => return Some(Found { field, kind: None }),
            _ => return None,
        }
    }
}

/// A value as it can stand in an address: text as it is, anything with parts as JSON.
fn read(kind: &Kind, text: &str) -> Option<Value> {
    match kind {
        Kind::Object { .. } | Kind::FreeObject | Kind::List { .. } => {
            Some(strict_json::parse_text(text).unwrap_or_else(|_| Value::from(text)))
        }
        _ => scalar(kind, text),
    }
}
