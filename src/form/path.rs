//! Where a value stands in a draft. Unlike a JSON pointer it names rows by their number, so it stays true when rows
//! move.

use crate::form::draft::{Draft, Entry};
use crate::form::pointer;
use catalog::model::{Field, Kind, Operation, Text};
use catalog::text::Joined;

/// One step down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// To the field with this index in the operation or in an object.
    Member(usize),
    /// To the row with this number.
    Row(u64),
}

/// Where a value stands in a draft.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path(Vec<Step>);

/// What a path leads to, by the model of the operation.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The field, or for an item of a list or a member of a free object the field that holds it.
    pub field: &'a Field,
    /// What the value is; `None` for a member of a free object.
    pub kind: Option<&'a Kind>,
}

impl Path {
    /// The path of a top-level field.
    #[must_use]
    pub fn field(index: usize) -> Path {
        Path(vec![Step::Member(index)])
    }

    /// One step further.
    #[must_use]
    pub fn join(&self, step: Step) -> Path {
        let mut steps = self.0.clone();
        steps.push(step);
        Path(steps)
    }

    /// To a member of the object here.
    #[must_use]
    pub fn member(&self, index: usize) -> Path {
        self.join(Step::Member(index))
    }

    /// The steps from the top.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// The parent and the row, when the last step leads to a row.
    #[must_use]
    pub fn row(&self) -> Option<(Path, u64)> {
        match self.0.split_last()? {
            (Step::Row(id), parent) => Some((Path(parent.to_vec()), *id)),
            _ => None,
        }
    }

    /// Whether this is `ancestor` or lies below it.
    #[must_use]
    pub fn is_within(&self, ancestor: &Path) -> bool {
        self.0.starts_with(&ancestor.0)
    }

    /// A part of an element's id: `0`, `4-r2-1`.
    #[must_use]
    pub fn key(&self) -> String {
        let steps: Vec<String> = self
            .0
            .iter()
            .map(|step| match step {
                Step::Member(index) => index.to_string(),
                Step::Row(id) => format!("r{id}"),
            })
            .collect();
        steps.joined("-")
    }

    /// What stands here, by the model.
    #[must_use]
    pub fn place<'a>(&self, operation: &'a Operation) -> Option<Place<'a>> {
        let Some(Step::Member(first)) = self.0.first() else { return None };
        let field = operation.fields.get(*first)?;
        let mut place = Place { field, kind: Some(&field.kind) };
        for step in self.0.iter().skip(1) {
            place = match (step, place.kind?) {
                (Step::Member(index), Kind::Object { fields, .. }) => {
                    let field = fields.get(*index)?;
                    Place { field, kind: Some(&field.kind) }
                }
                (Step::Row(_), Kind::List { item, .. }) => Place { field: place.field, kind: Some(item) },
                (Step::Row(_), Kind::FreeObject) => Place { field: place.field, kind: None },
                _ => return None,
            };
        }
        Some(place)
    }

    /// The JSON pointer of this place now; `None` when a row is gone, or has no name.
    #[must_use]
    pub fn pointer(&self, operation: &Operation, draft: &Draft) -> Option<String> {
        let mut pointer = String::new();
        for length in 1..=self.0.len() {
            let path = Path(self.0.get(..length)?.to_vec());
            let token = match self.0.get(length - 1)? {
                Step::Member(_) => path.place(operation)?.field.name.clone(),
                Step::Row(id) => match draft.entry(&path.row()?.0)? {
                    Entry::List(list) => list.rows.iter().position(|row| row.id == *id)?.to_string(),
                    Entry::Free(free) => free.rows.iter().find(|row| row.id == *id)?.name.clone(),
                    _ => return None,
                },
            };
            pointer = pointer::child(&pointer, &token);
        }
        Some(pointer)
    }

    /// The place that a JSON pointer names now: the deepest one that the form shows.
    #[must_use]
    pub fn find(operation: &Operation, draft: &Draft, pointer: &str) -> Option<Path> {
        let mut tokens = pointer::tokens(pointer)?.into_iter();
        let first = tokens.next()?;
        let index = operation.fields.iter().position(|field| field.name == first)?;
        let mut path = Path::field(index);
        let mut kind = &operation.fields.get(index)?.kind;
        for token in tokens {
            let Some(entry) = draft.entry(&path) else { break };
            match (kind, entry) {
                (Kind::Object { fields, .. }, Entry::Object(_)) => {
                    let Some(index) = fields.iter().position(|field| field.name == token) else { break };
                    path = path.member(index);
                    kind = &fields.get(index)?.kind;
                }
                (Kind::List { item, .. }, Entry::List(list)) => {
                    let Some(row) = token.parse::<usize>().ok().and_then(|index| list.rows.get(index)) else {
                        break;
                    };
                    path = path.join(Step::Row(row.id));
                    kind = item;
                }
                (Kind::FreeObject, Entry::Free(free)) => {
                    if let Some(row) = free.rows.iter().find(|row| row.name == token) {
                        path = path.join(Step::Row(row.id));
                    }
                    break;
                }
                _ => break,
            }
        }
        Some(path)
    }

    /// The titles from the top to here, and for rows their place (1-based) or name: what an error calls the value.
    #[must_use]
    pub fn titles(&self, operation: &Operation, draft: &Draft) -> Vec<TitlePart> {
        let mut parts = Vec::new();
        for length in 1..=self.0.len() {
            let Some(path) = self.0.get(..length).map(|steps| Path(steps.to_vec())) else { break };
            let Some(place) = path.place(operation) else { break };
            match self.0.get(length - 1) {
                Some(Step::Member(_)) => parts.push(TitlePart::Field(place.field.title.clone())),
                Some(Step::Row(id)) => {
                    let Some((parent, _)) = path.row() else { break };
                    let number =
                        draft.row_ids(&parent).iter().position(|row| row == id).map_or(0, |at| at + 1);
                    let name =
                        draft.free_row(&path).map(|row| row.name.clone()).filter(|name| !name.is_empty());
                    parts.push(TitlePart::Row { number, name });
                }
                None => break,
            }
        }
        parts
    }
}

/// A part of what an error calls a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TitlePart {
    /// A field.
    Field(Text),
    /// A row of the field before it.
    Row {
        /// 1-based.
        number: usize,
        /// The name that was typed, for a member of a free object.
        name: Option<String>,
    },
}
