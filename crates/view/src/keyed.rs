//! Lists whose rows keep their elements: a row is drawn once for each key and moved with it.

use crate::build::{Built, build, live};
use crate::dom;
use crate::view::{IntoView, View};
use leptos_macro::component;
use reactive_graph::effect::RenderEffect;
use reactive_graph::owner::Owner;
use std::cell::RefCell;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::rc::Rc;
use web_sys::Node;

/// A row that is asked for: its key, and how to draw it if it is new.
type Wanted = (u64, Box<dyn FnOnce() -> View>);

/// Rows that keep their elements.
pub struct Keyed {
    /// Owns the rows, which outlive a change of the list.
    owner: Owner,
    each: Box<dyn FnMut() -> Vec<Wanted>>,
}

/// Draws a row for each item and keeps the elements of the rows whose keys stay.
#[component]
pub fn For<E, I, T, F, K, C, N>(
    /// Returns the items; what it reads is followed.
    each: E,
    /// Tells the key of an item.
    key: F,
    /// Draws an item.
    children: C,
) -> impl IntoView
where
    E: Fn() -> I + 'static,
    I: IntoIterator<Item = T> + 'static,
    T: 'static,
    F: Fn(&T) -> K + 'static,
    K: Hash + 'static,
    C: Fn(T) -> N + Clone + 'static,
    N: IntoView + 'static,
{
    let each = move || {
        let row = |item: T| -> Wanted {
            let children = children.clone();
            (number(&key(&item)), Box::new(move || children(item).into_view()))
        };
        each().into_iter().map(row).collect()
    };
    View::keyed(Keyed { owner: Owner::current().unwrap_or_default(), each: Box::new(each) })
}

/// A key as a number. Two keys of one list are the same number with a chance that is never met.
fn number(key: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}

/// A row that is drawn.
struct Row {
    key: u64,
    built: Built,
    /// Ends what the row follows when the row goes.
    _owner: Owner,
}

/// The rows as they stand, with the empty text after the last.
struct Rows {
    owner: Owner,
    rows: Vec<Row>,
    end: Node,
}

/// Rows that are drawn.
pub(crate) struct BuiltKeyed {
    _effect: RenderEffect<()>,
    rows: Rc<RefCell<Rows>>,
}

impl Keyed {
    /// Draws the rows and keeps them as new as the list.
    pub(crate) fn build(self) -> BuiltKeyed {
        let Keyed { owner, mut each } = self;
        let rows = Rc::new(RefCell::new(Rows { owner, rows: Vec::new(), end: dom::text("") }));
        let place = Rc::clone(&rows);
        let effect = live(Box::new(move || {
            let wanted = each();
            place.borrow_mut().change(wanted);
        }));
        BuiltKeyed { _effect: effect, rows }
    }
}

impl BuiltKeyed {
    pub(crate) fn each_node(&self, visit: &mut dyn FnMut(&Node)) {
        let rows = self.rows.borrow();
        rows.rows.iter().for_each(|row| row.built.each_node(visit));
        visit(&rows.end);
    }
}

impl Rows {
    /// Keeps the rows that are still wanted, draws those that are new, and moves only those that stand elsewhere.
    fn change(&mut self, wanted: Vec<Wanted>) {
        let mut before: Vec<Option<Row>> = std::mem::take(&mut self.rows).into_iter().map(Some).collect();
        let mut rows: Vec<Row> = wanted
            .into_iter()
            .map(|(key, draw)| {
                let kept = before.iter_mut().find(|row| row.as_ref().is_some_and(|row| row.key == key));
                kept.and_then(Option::take).unwrap_or_else(|| self.draw(key, draw))
            })
            .collect();
        before.into_iter().flatten().for_each(|gone| gone.built.unmount());
        // Not mounted yet: whoever mounts it takes the rows in order.
        if let Some(parent) = self.end.parent_node() {
            let mut next = self.end.clone();
            for row in rows.iter_mut().rev() {
                let mut last = None;
                row.built.each_node(&mut |node| last = Some(node.clone()));
                if last.and_then(|last| last.next_sibling()).as_ref() != Some(&next) {
                    row.built.mount(&parent, Some(&next));
                }
                next = row.built.first().unwrap_or(next);
            }
        }
        self.rows = rows;
    }

    fn draw(&self, key: u64, draw: Box<dyn FnOnce() -> View>) -> Row {
        let owner = self.owner.child();
        let built = owner.with(|| build(draw()));
        Row { key, built, _owner: owner }
    }
}
