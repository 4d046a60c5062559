//! Operations to test with, in the model's own JSON.

use catalog::model::Operation;
use catalog::read_json::ReadJson;
use serde_json::{Value, json};

fn field(name: &str, kind: Value, more: Value) -> Value {
    let mut field = json!({
        "name": name, "place": "query", "title": {"en": name, "zh": name}, "description": {"en": "", "zh": ""},
        "kind": kind, "required": false
    });
    for (key, value) in more.as_object().unwrap() {
        field[key] = value.clone();
    }
    field
}

fn operation(fields: Vec<Value>) -> Operation {
    Operation::read_json(&json!({
        "id": "test.Upgrade", "cloud": "alibaba", "product": {"code": "test", "title": {"en": "Test", "zh": "测试"}},
        "title": {"en": "Upgrade", "zh": "升级"}, "summary": {"en": "", "zh": ""}, "description": {"en": "", "zh": ""},
        "traits": [],
        "call": {
            "method": "POST", "protocol": {"style": "rpc", "product": "test", "version": "1", "action": "Upgrade"},
            "changes": true, "scope": "none", "servers": []
        },
        "fields": fields, "answer": [], "errors": [], "permissions": [], "examples": []
    }))
    .unwrap()
}

/// One required text.
pub(super) fn plain() -> Operation {
    operation(vec![field(
        "InstanceId",
        json!({"type": "text", "open": true}),
        json!({"required": true, "role": "instance"}),
    )])
}

/// A field of every kind.
pub(super) fn every_kind() -> Operation {
    let text = json!({"type": "text", "open": true});
    let pair = json!({"type": "object", "fields": [
        field("Code", text.clone(), json!({"required": true})), field("Value", text.clone(), json!({"required": true}))
    ]});
    operation(vec![
        field("Product", text.clone(), json!({})),
        field("InstanceId", text.clone(), json!({"required": true, "role": "instance"})),
        field(
            "Version",
            json!({"type": "text", "open": false, "choices": [
                {"value": "1", "title": {"en": "one", "zh": "一"}}, {"value": "2", "title": {"en": "two", "zh": "二"}}
            ]}),
            json!({"role": "target"}),
        ),
        field("Period", json!({"type": "integer", "bits": 64}), json!({})),
        field("Ratio", json!({"type": "number"}), json!({})),
        field(
            "Start",
            json!({"type": "integer", "bits": 64, "epoch_ms": true}),
            json!({"role": "start-time", "required": true}),
        ),
        field("Cancel", json!({"type": "boolean"}), json!({"role": "cancel"})),
        field("Modules", json!({"type": "list", "item": pair, "max_items": 100}), json!({})),
        field("Tags", json!({"type": "list", "item": text}), json!({})),
        field("Parameters", json!({"type": "free-object"}), json!({})),
        field(
            "Data",
            json!({"type": "object", "min_members": 1, "fields": [
                field("Band", text.clone(), json!({})), field("Size", json!({"type": "integer", "bits": 32}), json!({}))
            ]}),
            json!({}),
        ),
        field("Password", text.clone(), json!({"secret": true})),
        field("ClientToken", text, json!({"role": "client-token"})),
    ])
}
