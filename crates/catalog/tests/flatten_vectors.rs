//! RPC parameters are flattened as the vendor's SDKs of four languages and its document flatten them: the vectors of
//! kind `flatten` that the signing tests hold too.
#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests fail as loudly as tests")]

use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use upgrade_catalog::call::{Context, prepare};
use upgrade_catalog::model::{
    Call, Cloud, Field, Kind, Method, Operation, Place, Product, Protocol, Scope, Server, Text,
};

const VECTORS: &str = include_str!("../../signing/tests/data/signing-vectors.json");

fn field(name: &str, kind: Kind) -> Field {
    Field {
        name: name.to_owned(),
        place: Place::Query,
        title: Text::default(),
        description: Text::default(),
        kind,
        required: false,
        needs: vec![],
        json: false,
        secret: false,
        role: None,
        example: None,
        unit: None,
        ask: None,
    }
}

/// The kind that a document would give a value. A list takes after its first item: one vector has a list of unlike
/// items, for which no document has a kind.
fn kind(value: &Value) -> Kind {
    match value {
        Value::Object(members) => Kind::Object { fields: fields(members), min_members: None },
        Value::Array(items) => Kind::List {
            item: Box::new(kind(items.first().unwrap_or(&Value::Null))),
            min_items: None,
            max_items: None,
        },
        Value::Bool(_) => Kind::Boolean,
        Value::Number(_) => {
            Kind::Integer { minimum: None, maximum: None, bits: 64, choices: vec![], epoch_ms: false }
        }
        Value::String(_) | Value::Null => Kind::Text {
            min_length: None,
            max_length: None,
            pattern: None,
            pattern_words: None,
            choices: vec![],
            open: true,
        },
    }
}

/// Items of one list can have different members: a document would name them all.
fn fields(members: &Map<String, Value>) -> Vec<Field> {
    members
        .iter()
        .map(|(name, value)| {
            let mut kind = kind(value);
            if let (Kind::List { item, .. }, Value::Array(items)) = (&mut kind, value)
                && let Kind::Object { fields: known, .. } = item.as_mut()
            {
                let all: Map<String, Value> = items
                    .iter()
                    .filter_map(Value::as_object)
                    .flatten()
                    .map(|(k, v)| (k.clone(), v.clone()))
                    .collect();
                *known = fields(&all);
            }
            field(name, kind)
        })
        .collect()
}

fn operation(fields: Vec<Field>) -> Operation {
    Operation {
        id: "product.Action".to_owned(),
        cloud: Cloud::Alibaba,
        product: Product { code: "product".to_owned(), title: Text::default() },
        title: Text::default(),
        summary: Text::default(),
        description: Text::default(),
        traits: vec![],
        internal: true,
        call: Call {
            method: Method::Post,
            protocol: Protocol::Rpc {
                product: "Product".to_owned(),
                version: "2026-01-01".to_owned(),
                action: "Action".to_owned(),
            },
            changes: false,
            scope: Scope::None,
            servers: vec![Server { host: "product.example.com".to_owned(), site: None, regions: vec![] }],
        },
        fields,
        answer: vec![],
        errors: vec![],
        permissions: vec![],
        examples: vec![],
        calls_per_second: None,
    }
}

/// The query that a call makes, by name. No name may come twice.
fn query(fields: Vec<Field>, parameters: &Map<String, Value>) -> BTreeMap<String, String> {
    let call = prepare(&operation(fields), parameters, &Context::default()).expect("a call");
    let count = call.query.len();
    let found: BTreeMap<_, _> = call.query.into_iter().collect();
    assert_eq!(found.len(), count);
    found
}

#[test]
fn as_the_vendors_flatten() {
    let document: Value = serde_json::from_str(VECTORS).expect("JSON");
    let mut seen = Vec::new();
    for vector in document["vectors"].as_array().expect("a list") {
        if vector["kind"] != "flatten" {
            continue;
        }
        let given = vector["input"]["object"].as_object().expect("an object");
        let wanted: BTreeMap<String, String> =
            serde_json::from_value(vector["expect"]["result"].clone()).expect("texts by name");
        assert_eq!(query(fields(given), given), wanted, "{}", vector["id"]);
        seen.push(vector["id"].as_str().expect("an id").to_owned());
    }
    assert_eq!(seen, ["flatten-go", "flatten-php", "flatten-csharp", "flatten-node", "flatten-doc"]);
}

#[test]
fn what_is_json_is_one_text() {
    let parameters =
        json!({"Whole": {"b": [1, {"c": null}], "a": "x y"}, "List": [{"Free": {"k": [true]}}], "Empty": []});
    let given = parameters.as_object().expect("an object");
    let fields = vec![
        Field { json: true, ..field("Whole", kind(&given["Whole"])) },
        field(
            "List",
            Kind::List {
                item: Box::new(Kind::Object {
                    fields: vec![field("Free", Kind::FreeObject)],
                    min_members: None,
                }),
                min_items: None,
                max_items: None,
            },
        ),
        Field { json: true, ..field("Empty", kind(&given["Empty"])) },
    ];
    let wanted =
        [("Whole", r#"{"b":[1,{"c":null}],"a":"x y"}"#), ("List.1.Free", r#"{"k":[true]}"#), ("Empty", "[]")];
    let wanted = wanted.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    assert_eq!(query(fields, given), wanted);
}

#[test]
fn nothing_is_sent_for_an_empty_list_or_null() {
    let parameters = json!({"List": [], "Text": null, "Gaps": ["a", null, "c"]});
    let given = parameters.as_object().expect("an object");
    let wanted = [("Gaps.1", "a"), ("Gaps.3", "c")];
    let wanted = wanted.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    assert_eq!(query(fields(given), given), wanted);
}
