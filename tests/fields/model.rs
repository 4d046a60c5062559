//! Fields of every kind, in the model's own JSON.

use catalog::model::Operation;
use catalog::read_json::ReadJson;
use serde_json::{Value, json};

/// A field with a title, a description, and what `more` says.
pub(crate) fn field(name: &str, kind: Value, more: Value) -> Value {
    let mut field = json!({
        "name": name, "place": "body",
        "title": {"en": format!("The {name}"), "zh": format!("{name}的标题")},
        "description": {"en": format!("What {name} is for."), "zh": format!("{name}的说明。")},
        "kind": kind, "required": false
    });
    for (key, value) in more.as_object().unwrap() {
        field[key] = value.clone();
    }
    field
}

/// An operation with these fields.
pub(crate) fn operation(fields: Vec<Value>) -> Operation {
    Operation::read_json(&json!({
        "id": "test.Upgrade", "cloud": "huawei", "product": {"code": "test", "title": {"en": "Test", "zh": "测试"}},
        "title": {"en": "Upgrade it", "zh": "升级"}, "summary": {"en": "", "zh": ""}, "description": {"en": "", "zh": ""},
        "traits": [],
        "call": {
            "method": "POST", "protocol": {"style": "rest", "path": "/v1/{project_id}/upgrade"},
            "changes": true, "scope": "project",
            "servers": [{"host": "test.{region}.example", "regions": [
                {"id": "cn-north-4", "title": {"en": "CN North-Beijing4", "zh": "华北-北京四"}},
                {"id": "cn-east-3", "title": {"en": "CN East-Shanghai1", "zh": "华东-上海一"}}
            ]}]
        },
        "fields": fields, "answer": [], "errors": [], "permissions": [], "examples": []
    }))
    .unwrap()
}

/// Any text.
pub(crate) fn text() -> Value {
    json!({"type": "text", "open": true})
}

/// A whole number.
pub(crate) fn integer() -> Value {
    json!({"type": "integer", "bits": 64, "minimum": 0})
}

/// Known values, each titled "N is N".
pub(crate) fn choices(values: &[Value], open: bool) -> Value {
    let choices: Vec<Value> = values
        .iter()
        .map(|value| {
            let shown = value.to_string().replace('"', "");
            json!({"value": value, "title": {"en": format!("means {shown}"), "zh": format!("意为 {shown}")}})
        })
        .collect();
    if values.first().is_some_and(Value::is_number) {
        json!({"type": "integer", "bits": 64, "choices": choices})
    } else {
        json!({"type": "text", "open": open, "choices": choices})
    }
}
