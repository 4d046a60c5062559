//! A draft as JSON and back: everything but secrets, and but what edited JSON held that could not be read.

use crate::form::draft::{
    Clock, Draft, Entry, FreeKind, FreeRow, FreeText, ListRow, ListText, ObjectText, TimeText,
};
use crate::form::secret::SecretText;
use catalog::read_json::{ReadJson, member};
use serde_json::{Map, Value, json};

impl Draft {
    /// What was typed, without secrets.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "entries": all(&self.entries, Entry::to_json),
            "own_token": self.own_token,
            "last_row": self.last_row_number(),
        })
    }
}

impl ReadJson for Draft {
    fn read_json(value: &Value) -> Option<Self> {
        let members = value.as_object()?;
        Some(Draft::of_entries(
            member(members, "entries")?,
            member(members, "own_token")?,
            member(members, "last_row")?,
        ))
    }
}

impl Entry {
    /// One member, named after what the entry is.
    fn to_json(&self) -> Value {
        let (name, value) = match self {
            Entry::Text(text) => ("text", Value::from(text.as_str())),
            Entry::Other(value) => ("other", value.clone()),
            Entry::Time(time) => {
                ("time", json!({"wall": time.wall, "clock": time.clock.key(), "second": time.second}))
            }
            Entry::Secret { .. } => ("secret", Value::Null),
            Entry::Object(object) => ("object", all(&object.members, Entry::to_json)),
            Entry::Free(free) => ("free", all(&free.rows, FreeRow::to_json)),
            Entry::List(list) => {
                ("list", all(&list.rows, |row| json!({"id": row.id, "entry": row.entry.to_json()})))
            }
        };
        let mut members = Map::new();
        members.insert(name.to_owned(), value);
        Value::Object(members)
    }
}

impl ReadJson for Entry {
    fn read_json(value: &Value) -> Option<Self> {
        let (name, value) = value.as_object()?.iter().next()?;
        Some(match name.as_str() {
            "text" => Entry::Text(ReadJson::read_json(value)?),
            "other" => Entry::Other(value.clone()),
            "time" => {
                let members = value.as_object()?;
                Entry::Time(TimeText {
                    wall: member(members, "wall")?,
                    clock: Clock::from_key(members.get("clock")?.as_str()?)?,
                    second: member(members, "second")?,
                    partial: false,
                })
            }
            "secret" => Entry::Secret { text: SecretText::default() },
            "object" => Entry::Object(ObjectText { members: ReadJson::read_json(value)?, extra: Map::new() }),
            "free" => Entry::Free(FreeText { rows: ReadJson::read_json(value)?, json: None }),
            "list" => Entry::List(ListText { rows: ReadJson::read_json(value)? }),
            _ => return None,
        })
    }
}

impl FreeRow {
    fn to_json(&self) -> Value {
        json!({"id": self.id, "name": self.name, "kind": self.kind.key(), "text": self.text})
    }
}

impl ReadJson for FreeRow {
    fn read_json(value: &Value) -> Option<Self> {
        let members = value.as_object()?;
        Some(FreeRow {
            id: member(members, "id")?,
            name: member(members, "name")?,
            kind: FreeKind::from_key(members.get("kind")?.as_str()?)?,
            text: member(members, "text")?,
            secret: SecretText::default(),
        })
    }
}

impl ReadJson for ListRow {
    fn read_json(value: &Value) -> Option<Self> {
        let members = value.as_object()?;
        Some(ListRow { id: member(members, "id")?, entry: member(members, "entry")? })
    }
}

fn all<T>(items: &[T], to_json: impl Fn(&T) -> Value) -> Value {
    Value::Array(items.iter().map(to_json).collect())
}
