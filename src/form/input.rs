//! From parameters back to what could have been typed. Pure. Together with [`crate::form::output`] it is the
//! identity: no value and no type is lost on the way.

use crate::form::draft::{
    Draft, Entry, FreeKind, FreeRow, FreeText, ListRow, ListText, ObjectText, TimeText,
};
use crate::form::output::{instant, scalar, time_text};
use crate::form::path::Path;
use crate::form::secret::{MASK, SecretText};
use crate::form::time::{Civil, Zone};
use catalog::model::{Field, Kind, Operation};
use catalog::strict_json;
use serde_json::{Map, Value};

impl Draft {
    /// The draft that says `parameters`. `before` is the draft that they came from, if any: its secrets stay where
    /// the mask still stands, its rows keep their numbers and its times their clock. `zone` is the browser's.
    #[must_use]
    pub fn from_parameters(
        operation: &Operation,
        parameters: &Map<String, Value>,
        before: Option<&Draft>,
        zone: &dyn Zone,
    ) -> Draft {
        // Row numbers continue, so that a number never means two rows in the life of a form.
        let mut draft = before.cloned().unwrap_or_default();
        draft.extra = unknown(&operation.fields, parameters);
        let mut reader = Reader { draft: &mut draft, zone };
        let entries = operation.fields.iter().enumerate().map(|(index, field)| {
            let before = before.and_then(|draft| draft.entries.get(index));
            reader.field(field, parameters.get(&field.name), before)
        });
        let entries = entries.collect();
        draft.entries = entries;
        draft
    }

    /// Types a value of the right type into a place, as "Use example" does.
    pub fn set_value(&mut self, operation: &Operation, path: &Path, value: &Value, zone: &dyn Zone) {
        let Some(place) = path.place(operation) else { return };
        let (field, Some(kind)) = (place.field, place.kind) else { return };
        let before = self.entry(path).cloned();
        let mut reader = Reader { draft: self, zone };
        let entry = match path.row() {
            Some(_) => reader.value(kind, value, before.as_ref()),
            None => reader.field(field, Some(value), before.as_ref()),
        };
        self.set(operation, path, entry);
    }

    /// Takes the text of the JSON view of a free object. Its rows follow as soon as the text can be read.
    pub fn set_free_json(&mut self, operation: &Operation, path: &Path, text: String, zone: &dyn Zone) {
        let Some(before) = self.entry(path).cloned() else { return };
        let entry = match (strict_json::parse_text(&text), before) {
            (Ok(Value::Object(members)), before) => {
                let Entry::Free(free) = (Reader { draft: self, zone }).free(&members, Some(&before)) else {
                    return;
                };
                Entry::Free(FreeText { json: Some(text), ..free })
            }
            (_, Entry::Free(free)) => Entry::Free(FreeText { json: Some(text), ..free }),
            _ => return,
        };
        self.set(operation, path, entry);
    }
}

fn unknown(fields: &[Field], members: &Map<String, Value>) -> Map<String, Value> {
    let unknown = members.iter().filter(|(name, _)| fields.iter().all(|field| field.name != **name));
    unknown.map(|(name, value)| (name.clone(), value.clone())).collect()
}

struct Reader<'a> {
    draft: &'a mut Draft,
    zone: &'a dyn Zone,
}

impl Reader<'_> {
    fn field(&mut self, field: &Field, value: Option<&Value>, before: Option<&Entry>) -> Entry {
        let blank = Entry::blank(field);
        let Some(value) = value else { return self.not_given(blank, before) };
        if let Entry::Secret { .. } = blank {
            return match value {
                Value::String(text) if text == MASK => {
                    before.filter(|entry| matches!(entry, Entry::Secret { .. })).cloned().unwrap_or(blank)
                }
                Value::String(text) => Entry::Secret { text: SecretText::new(text.clone()) },
                other => Entry::Secret { text: SecretText::new(other.to_string()) },
            };
        }
        if field.secret && value.as_str() == Some(MASK) {
            return before.cloned().unwrap_or(blank);
        }
        self.value(&field.kind, value, before)
    }

    /// Nothing is given, but how a person was about to give it stays.
    fn not_given(&self, blank: Entry, before: Option<&Entry>) -> Entry {
        match (blank, before) {
            (Entry::Time(mut time), Some(Entry::Time(earlier))) => {
                time.clock = earlier.clock;
                Entry::Time(time)
            }
            (Entry::Free(mut free), Some(Entry::Free(earlier))) => {
                free.json = earlier.json.as_ref().map(|_| String::from("{}"));
                Entry::Free(free)
            }
            (blank, _) => blank,
        }
    }

    fn value(&mut self, kind: &Kind, value: &Value, before: Option<&Entry>) -> Entry {
        match (kind, value) {
            (_, Value::Null) => Entry::Other(Value::Null),
            (Kind::Integer { epoch_ms: true, .. }, _) => self.time(value, before),
            (Kind::Text { .. }, Value::String(text)) if !text.is_empty() => Entry::Text(text.clone()),
            (Kind::Integer { .. }, Value::Number(number)) if number.is_i64() => {
                Entry::Text(number.to_string())
            }
            (Kind::Number { .. }, Value::Number(number)) => Entry::Text(number.to_string()),
            (Kind::Boolean, Value::Bool(flag)) => Entry::Text(flag.to_string()),
            // A text that is no value of its type is what was typed; one that is would change its type.
            (Kind::Integer { .. } | Kind::Number { .. } | Kind::Boolean, Value::String(text))
                if !text.is_empty() && scalar(kind, text).is_some_and(|value| value.is_string()) =>
            {
                Entry::Text(text.clone())
            }
            (Kind::Object { fields, .. }, Value::Object(members)) => self.object(fields, members, before),
            (Kind::FreeObject, Value::Object(members)) => self.free(members, before),
            (Kind::List { item, .. }, Value::Array(items)) => self.list(item, items, before),
            (_, value) => Entry::Other(value.clone()),
        }
    }

    fn time(&self, value: &Value, before: Option<&Entry>) -> Entry {
        let before = match before {
            Some(Entry::Time(time)) => time.clone(),
            _ => TimeText::default(),
        };
        if let Value::String(wall) = value {
            // Only a time without meaning is written as text; one with a meaning would change its type.
            let time = TimeText { wall: wall.clone(), partial: false, ..before };
            let meaningless = instant(&time, self.zone).is_err() && Civil::parse(wall).is_some();
            return if meaningless { Entry::Time(time) } else { Entry::Other(value.clone()) };
        }
        let text = value.as_i64().and_then(|instant| time_text(instant, before.clock, self.zone));
        text.map_or_else(|| Entry::Other(value.clone()), Entry::Time)
    }

    fn object(&mut self, fields: &[Field], members: &Map<String, Value>, before: Option<&Entry>) -> Entry {
        let before = match before {
            Some(Entry::Object(object)) => Some(object),
            _ => None,
        };
        let entries = fields.iter().enumerate().map(|(index, field)| {
            let before = before.and_then(|object| object.members.get(index));
            self.field(field, members.get(&field.name), before)
        });
        Entry::Object(ObjectText { members: entries.collect(), extra: unknown(fields, members) })
    }

    fn free(&mut self, members: &Map<String, Value>, before: Option<&Entry>) -> Entry {
        let before = match before {
            Some(Entry::Free(free)) => free.clone(),
            _ => FreeText::default(),
        };
        let rows = members.iter().map(|(name, value)| {
            let earlier = before.rows.iter().find(|row| row.name == *name);
            let id = match earlier {
                Some(row) => row.id,
                None => self.draft.take_row_number(),
            };
            free_row(id, name, value, earlier)
        });
        let mut rows: Vec<FreeRow> = rows.collect();
        // JSON cannot say a row without a name; what was typed into it stays.
        rows.extend(before.rows.into_iter().filter(|row| row.name.is_empty()));
        // The JSON view follows, unless it is what is being typed in: then it says the same already.
        let json = before.json.map(|text| {
            let says = strict_json::parse_text(&text).ok();
            let same = says.as_ref() == Some(&Value::Object(members.clone()));
            if same { text } else { serde_json::to_string_pretty(members).unwrap_or(text) }
        });
        Entry::Free(FreeText { rows, json })
    }

    fn list(&mut self, item: &Kind, items: &[Value], before: Option<&Entry>) -> Entry {
        let before = match before {
            Some(Entry::List(list)) => list.rows.as_slice(),
            _ => &[],
        };
        let rows = items.iter().enumerate().map(|(index, value)| {
            let earlier = before.get(index);
            let id = match earlier {
                Some(row) => row.id,
                None => self.draft.take_row_number(),
            };
            let entry = match value {
                // A row without a value says null, unless it is an object, which then has no members.
                Value::Null if !matches!(item, Kind::Object { .. }) => Entry::blank_of(item),
                value => self.value(item, value, earlier.map(|row| &row.entry)),
            };
            ListRow { id, entry }
        });
        let rows: Vec<ListRow> = rows.collect();
        Entry::List(ListText { rows })
    }
}

fn free_row(id: u64, name: &str, value: &Value, earlier: Option<&FreeRow>) -> FreeRow {
    let row = FreeRow { id, name: name.to_owned(), ..FreeRow::default() };
    let was_secret = earlier.filter(|row| row.kind == FreeKind::Secret);
    match (value, was_secret) {
        (Value::String(text), earlier) if text == MASK => FreeRow {
            kind: FreeKind::Secret,
            secret: earlier.map(|row| row.secret.clone()).unwrap_or_default(),
            ..row
        },
        // Once a secret, always a secret: a new value typed over the mask is not suddenly shown and stored.
        (Value::String(text), Some(_)) => {
            FreeRow { kind: FreeKind::Secret, secret: SecretText::new(text.clone()), ..row }
        }
        (Value::String(text), None) => {
            // What was typed as a number or JSON and could not be read keeps the type that was chosen for it.
            let kind = earlier.filter(|row| row.text == *text).map_or(FreeKind::Text, |row| row.kind);
            FreeRow { kind, text: text.clone(), ..row }
        }
        (Value::Number(number), _) => FreeRow { kind: FreeKind::Number, text: number.to_string(), ..row },
        (Value::Bool(flag), _) => FreeRow { kind: FreeKind::Boolean, text: flag.to_string(), ..row },
        (other, _) => FreeRow { kind: FreeKind::Json, text: other.to_string(), ..row },
    }
}
