//! The server's sentences. They name instants as all its answers do, in RFC 3339; a person reads them on a clock.

use serde_json::Value;

/// Members that hold sentences of the server's own, or that such members lie in. What a person or a cloud wrote is never
/// among them: parameters, bodies, messages and values of choices stay as they are.
static SENTENCES: &[&str] = &[
    "items",
    "plan",
    "review",
    "changes",
    "from",
    "to",
    "target",
    "cost",
    "reversible",
    "effective",
    "failure",
    "warnings",
    "timeline",
    "actions",
    "reason",
    "outcome",
    "next_step",
    "last_seen",
    "unavailable",
    "errors",
    "detail",
];

/// Writes every sentence of an answer anew.
pub(super) fn tell(answer: &mut Value, write: &dyn Fn(&str) -> String) {
    match answer {
        Value::String(sentence) => *sentence = write(sentence),
        Value::Array(items) => items.iter_mut().for_each(|item| tell(item, write)),
        Value::Object(members) => {
            for &name in SENTENCES {
                if let Some(member) = members.get_mut(name) {
                    tell(member, write);
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::tell;
    use serde_json::{Value, json};

    #[test]
    fn only_the_servers_own_sentences_are_written_anew() {
        let answer = |said: &str| {
            json!({
                "created_at": "now", "target": said, "answer": {"message": "now", "body": "now"},
                "parameters": {"target": "now", "reason": ["now"]}, "value": {"to": "now"},
                "review": {"instance": "now", "effective": said, "warnings": [said],
                    "changes": [{"label": "now", "from": null, "to": said}]},
                "timeline": [{"at": "now", "detail": said, "answer": {"detail": "now"}}],
                "items": [{"id": "now", "outcome": said, "actions": [{"name": "now", "reason": said}]}],
            })
        };
        let mut told: Value = answer("now");
        tell(&mut told, &|sentence| sentence.replace("now", "then"));
        assert_eq!(told, answer("then"));
    }
}
