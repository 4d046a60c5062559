//! XML answers: what an RPC caller who asks for nothing gets (apis.md section 1).

use serde_json::Value;

/// Writes an object as an XML document with this root element. Arrays repeat the element; scalars are text.
pub(crate) fn document(root: &str, body: &Value) -> String {
    let mut text = String::from("<?xml version='1.0' encoding='UTF-8'?>");
    element(&mut text, root, body);
    text
}

fn element(text: &mut String, name: &str, value: &Value) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| element(text, name, item)),
        Value::Null => {}
        _ => {
            text.push('<');
            text.push_str(name);
            text.push('>');
            match value {
                Value::Object(members) => {
                    members.iter().for_each(|(name, member)| element(text, name, member));
                }
                Value::String(content) => escape(text, content),
                other => text.push_str(&other.to_string()),
            }
            text.push_str("</");
            text.push_str(name);
            text.push('>');
        }
    }
}

fn escape(text: &mut String, content: &str) {
    for character in content.chars() {
        match character {
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '&' => text.push_str("&amp;"),
            '"' => text.push_str("&quot;"),
            '\'' => text.push_str("&apos;"),
            // XML 1.0 has no way to write other control characters.
            control if control < ' ' && !matches!(control, '\t' | '\n' | '\r') => text.push('\u{fffd}'),
            other => text.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn objects_arrays_and_special_characters() {
        let body =
            json!({"Code": 200, "Success": true, "Names": ["a", "<b&'\">"], "Data": {"Id": "x"}, "No": null});
        assert_eq!(
            document("R", &body),
            "<?xml version='1.0' encoding='UTF-8'?><R><Code>200</Code><Success>true</Success><Names>a</Names>\
             <Names>&lt;b&amp;&apos;&quot;&gt;</Names><Data><Id>x</Id></Data></R>"
        );
    }
}
