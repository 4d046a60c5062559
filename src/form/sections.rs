//! How the fields of an operation are grouped: by the parts that they play, never by name.

use catalog::model::{Kind, Operation, Role};

/// A group of fields, in the order in which they are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    /// What identifies the thing to change.
    Instance,
    /// What it is changed to.
    Target,
    /// When it happens.
    When,
    /// A field that has rows or members of its own; its title heads the section.
    Own(usize),
    /// What keeps a change from happening twice or by mistake.
    Safety,
}

/// The sections of an operation with the indices of their fields, in the order in which they are shown; none is empty.
#[must_use]
pub fn sections(operation: &Operation) -> Vec<(Section, Vec<usize>)> {
    let instance = operation.fields.iter().position(|field| field.role == Some(Role::Instance));
    let mut found: Vec<(Section, Vec<usize>)> = Vec::new();
    for (index, field) in operation.fields.iter().enumerate() {
        let wide = matches!(field.kind, Kind::Object { .. } | Kind::FreeObject | Kind::List { .. });
        let section = match field.role {
            Some(Role::Instance | Role::Region) => Section::Instance,
            Some(Role::StartTime | Role::Cancel) => Section::When,
            Some(Role::DryRun | Role::ClientToken) => Section::Safety,
            _ if wide => Section::Own(index),
            Some(Role::Target) => Section::Target,
            // What stands before the instance narrows down which one it is: a product, a type.
            None if instance.is_some_and(|instance| index < instance) => Section::Instance,
            None => Section::Target,
        };
        match found.iter_mut().find(|(known, _)| *known == section) {
            Some((_, fields)) => fields.push(index),
            None => found.push((section, vec![index])),
        }
    }
    crate::order::sort_short(&mut found, |(section, _)| *section);
    found
}

/// The place of each top-level field in the order in which it is shown, by its index.
#[must_use]
pub fn shown_order(operation: &Operation) -> Vec<usize> {
    let mut order = vec![usize::MAX; operation.fields.len()];
    let shown = sections(operation).into_iter().flat_map(|(_, fields)| fields);
    for (place, index) in shown.enumerate() {
        if let Some(slot) = order.get_mut(index) {
            *slot = place;
        }
    }
    order
}
