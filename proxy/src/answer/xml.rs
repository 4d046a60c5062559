//! XML as the values that the same answer in JSON would be. RPC answers in XML when nobody asked for JSON, and gateways
//! do for their own errors.

use quick_xml::{Reader, events::Event};
use serde_json::{Map, Value};

/// As deep as `serde_json` reads; what is deeper is no answer of these clouds.
const DEEPEST: usize = 128;

/// An element that was begun and not ended.
struct Element {
    name: String,
    members: Map<String, Value>,
    /// Entities and CDATA sections cut the text into pieces; spaces beside them belong to it.
    text: String,
}

/// The document's element: one member for each element in it, with text as text. Of several with one name the first
/// counts, and empty ones are left out. Nothing for a page of HTML and for what is not whole.
pub(super) fn value(body: &str) -> Option<Value> {
    let mut reader = Reader::from_str(body);
    reader.config_mut().expand_empty_elements = true;
    let mut open: Vec<Element> = Vec::new();
    let mut document = None;
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) => {
                let name = start.local_name().as_ref().to_owned();
                let is_second = open.is_empty() && document.is_some();
                if is_second
                    || open.len() == DEEPEST
                    || (open.is_empty() && name.eq_ignore_ascii_case("html"))
                {
                    return None;
                }
                open.push(Element { name, members: Map::new(), text: String::new() });
            }
            Event::End(_) => {
                let Element { name, members, text } = open.pop()?;
                let value = match (members.is_empty(), text.trim()) {
                    (false, _) => Value::Object(members),
                    (true, "") => Value::Null,
                    (true, text) => Value::from(text),
                };
                match open.last_mut() {
                    None => document = Some(value),
                    Some(_) if value.is_null() => {}
                    Some(parent) => {
                        parent.members.entry(name).or_insert(value);
                    }
                }
            }
            Event::Text(piece) => say(&mut open, &piece),
            Event::CData(piece) => say(&mut open, &piece),
            Event::GeneralRef(entity) => match entity.resolve_char_ref().ok()? {
                Some(character) => say(&mut open, character.encode_utf8(&mut [0; 4])),
                None => say(&mut open, predefined(&entity)?),
            },
            // A document type could define entities: no answer of these clouds has one.
            Event::DocType(_) => return None,
            Event::Eof => break,
            // Empty elements come as a start and an end.
            Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
    document.filter(|value| open.is_empty() && value.is_object())
}

fn say(open: &mut [Element], piece: &str) {
    if let Some(element) = open.last_mut() {
        element.text.push_str(piece);
    }
}

/// The entities that every document has.
fn predefined(entity: &str) -> Option<&'static str> {
    match entity {
        "amp" => Some("&"),
        "lt" => Some("<"),
        "gt" => Some(">"),
        "quot" => Some("\""),
        "apos" => Some("'"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn text_is_what_it_stands_for() {
        for (written, meant) in [
            ("a &lt; b &amp; c", "a < b & c"),
            ("&quot;x&quot; isn&apos;t &gt; &#x4e2d;&#65;", "\"x\" isn't > 中A"),
            ("<![CDATA[a < b && c]]>", "a < b && c"),
            ("see <![CDATA[<this>]]> &amp; <![CDATA[ that ]]>.", "see <this> &  that ."),
            ("\n  a <!-- no --> b\n", "a  b"),
        ] {
            let body = format!("<E><M>{written}</M></E>");
            assert_eq!(value(&body), Some(json!({"M": meant})), "{written}");
        }
    }

    #[test]
    fn elements_are_members() {
        let body =
            "<?xml version='1.0'?>\n<R>\n <Id>1</Id>\n <No/><No2></No2>\n <D><X>a</X><X>b</X></D>\n</R>\n";
        assert_eq!(value(body), Some(json!({"Id": "1", "D": {"X": "a"}})));
    }

    #[test]
    fn what_is_not_whole_is_nothing() {
        let deep = |count: usize| format!("<A>{}x{}</A>", "<B>".repeat(count), "</B>".repeat(count));
        assert!(value(&deep(DEEPEST - 1)).is_some());
        for body in [
            "<E><Code>X</Code>",
            "<E><Code>X</E>",
            "<E><Code>X</Code></E><E/>",
            "<E><Code>&undefined;</Code></E>",
            "<E>text only</E>",
            "<html><Code>X</Code></html>",
            &deep(DEEPEST),
        ] {
            assert_eq!(value(body), None, "{body}");
        }
    }
}
