//! A draft as JSON and back: everything but secrets, and but what edited JSON held that could not be read.

use crate::form::draft::{
    Clock, Draft, Entry, FreeKind, FreeRow, FreeText, ListRow, ListText, ObjectText, TimeText,
};
use crate::form::secret::SecretText;
use catalog::read_json::{Members, ReadJson};
use catalog::read_members;
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
    fn collect(value: Option<&Value>, fits: &mut bool) -> Self {
        let mut members = Members::of(value, fits);
        Draft::of_entries(members.needed("entries"), members.needed("own_token"), members.needed("last_row"))
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
    fn collect(value: Option<&Value>, fits: &mut bool) -> Self {
        let mut members = Members::of(value, fits);
        let name = value.and_then(Value::as_object).and_then(|members| members.keys().next());
        match name.map(String::as_str) {
            Some("text") => Entry::Text(members.needed("text")),
            Some("other") => Entry::Other(members.needed("other")),
            Some("time") => Entry::Time(members.needed("time")),
            Some("object") => {
                Entry::Object(ObjectText { members: members.needed("object"), extra: Map::new() })
            }
            Some("free") => Entry::Free(FreeText { rows: members.needed("free"), json: None }),
            Some("list") => Entry::List(ListText { rows: members.needed("list") }),
            name => {
                if name != Some("secret") {
                    members.refuse();
                }
                Entry::Secret { text: SecretText::default() }
            }
        }
    }
}

impl ReadJson for TimeText {
    fn collect(value: Option<&Value>, fits: &mut bool) -> Self {
        let mut members = Members::of(value, fits);
        TimeText {
            wall: members.needed("wall"),
            clock: members.known("clock", Clock::from_key),
            second: members.needed("second"),
            partial: false,
        }
    }
}

impl FreeRow {
    fn to_json(&self) -> Value {
        json!({"id": self.id, "name": self.name, "kind": self.kind.key(), "text": self.text})
    }
}

impl ReadJson for FreeRow {
    fn collect(value: Option<&Value>, fits: &mut bool) -> Self {
        let mut members = Members::of(value, fits);
        FreeRow {
            id: members.needed("id"),
            name: members.needed("name"),
            kind: members.known("kind", FreeKind::from_key),
            text: members.needed("text"),
            secret: SecretText::default(),
        }
    }
}

read_members!(ListRow { id, entry });

fn all<T>(items: &[T], to_json: impl Fn(&T) -> Value) -> Value {
    Value::Array(items.iter().map(to_json).collect())
}
