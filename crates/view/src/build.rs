//! Drawing views, and drawing them again in the place of others.
//!
//! What is drawn always stands for at least one node, so that there is a place to put the next in front of. A view
//! that comes in the place of one of the same shape keeps its elements: the focus, what was typed and what is open
//! stay.

use crate::attribute::{Attribute, IntoAttribute};
use crate::dom;
use crate::keyed::BuiltKeyed;
use crate::signals::RwSignal;
use crate::template::{Mark, Marks};
use crate::view::View;
use leptos::ev::EventDescriptor;
use leptos::reactive::effect::RenderEffect;
use leptos::reactive::owner::Owner;
use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, Node};

/// What goes into a template.
pub enum Part {
    /// A view.
    Child(View),
    /// The value of an attribute or of a property.
    Attribute(Attribute),
    /// A listener.
    Event(Listener),
    /// A signal that wants to know the element.
    Reference(RwSignal<Option<Element>>),
}

/// What is called when an event happens, and in whose name.
pub struct Listener {
    owner: Owner,
    call: Box<dyn FnMut(Event)>,
}

/// An element.
#[must_use]
pub fn element(template: &'static str, parts: Vec<Part>) -> View {
    View::Element(template, parts)
}

/// The value of an attribute or of a property.
#[must_use]
pub fn attribute(value: impl IntoAttribute) -> Part {
    Part::Attribute(value.into_attribute())
}

/// A listener to an event. The event's own type is known from its name.
#[must_use]
pub fn on<E>(_: E, mut call: impl FnMut(E::EventType) + 'static) -> Part
where
    E: EventDescriptor,
    E::EventType: JsCast,
{
    listener(Box::new(move |event| call(event.unchecked_into())))
}

fn listener(call: Box<dyn FnMut(Event)>) -> Part {
    Part::Event(Listener { owner: Owner::current().unwrap_or_default(), call })
}

/// A reference to the element.
#[must_use]
pub fn reference<E>(reference: crate::node_ref::NodeRef<E>) -> Part
where
    E: leptos::html::ElementType,
{
    Part::Reference(reference.element)
}

/// Runs at once, and again whenever something that it has read changes, until it is dropped.
pub(crate) fn live(run: Box<dyn FnMut()>) -> RenderEffect<()> {
    let mut run = run;
    RenderEffect::new(move |_: Option<()>| run())
}

/// What is drawn.
pub(crate) enum Built {
    /// A text, or the empty text that stands for nothing.
    Text {
        node: Node,
        text: Cow<'static, str>,
    },
    Element(Box<BuiltElement>),
    /// Several, and the empty text after the last.
    List {
        items: Vec<Built>,
        end: Node,
    },
    Live(BuiltLive),
    Keyed(BuiltKeyed),
}

/// An element and its parts.
pub(crate) struct BuiltElement {
    template: &'static str,
    node: Element,
    parts: Vec<BuiltPart>,
}

/// What is drawn again by itself. The effect is dropped before what it draws.
pub(crate) struct BuiltLive {
    effect: Option<RenderEffect<()>>,
    drawn: Rc<RefCell<Option<Built>>>,
}

enum BuiltPart {
    Child(Built),
    Attribute { place: Rc<Place>, effect: Option<RenderEffect<()>> },
    Event(Rc<RefCell<Listener>>),
    Reference(Element),
}

/// Where a value goes, and which one stands there.
struct Place {
    element: Element,
    name: &'static str,
    is_property: bool,
    now: RefCell<Attribute>,
}

impl Place {
    fn set(&self, value: Attribute) {
        let value = value.found();
        if self.is_property {
            // The person may have changed it since, so what was set last says nothing. A property that never had a
            // value is left alone.
            let is_untouched = matches!(*self.now.borrow(), Attribute::None);
            if !(is_untouched && matches!(value, Attribute::None)) {
                dom::set_property(&self.element, self.name, &value);
            }
        } else if self.now.borrow().text() != value.text() {
            dom::set_attribute(&self.element, self.name, value.text());
        }
        self.now.replace(value);
    }

    /// Sets a value and keeps it as new as it says.
    fn follow(self: &Rc<Self>, value: Attribute) -> Option<RenderEffect<()>> {
        if let Attribute::Live(mut find) = value {
            let place = Rc::clone(self);
            Some(live(Box::new(move || place.set(find()))))
        } else {
            self.set(value);
            None
        }
    }
}

/// Draws a view, beside the page; it is mounted afterwards.
pub(crate) fn build(view: View) -> Built {
    match view {
        View::Empty => built_text(Cow::Borrowed("")),
        View::Text(text) => built_text(text),
        View::Element(template, parts) => Built::Element(Box::new(build_element(template, parts))),
        View::List(items) => {
            Built::List { items: items.into_iter().map(build).collect(), end: dom::text("") }
        }
        View::Live(draw) => Built::Live(follow(draw, Rc::default())),
        View::Keyed(keyed) => Built::Keyed(keyed.build()),
    }
}

fn built_text(text: Cow<'static, str>) -> Built {
    Built::Text { node: dom::text(&text), text }
}

fn follow(mut draw: Box<dyn FnMut() -> View>, drawn: Rc<RefCell<Option<Built>>>) -> BuiltLive {
    let place = Rc::clone(&drawn);
    let effect = live(Box::new(move || {
        let view = draw();
        let before = place.borrow_mut().take();
        let now = match before {
            Some(mut built) => {
                built.rebuild(view);
                built
            }
            None => build(view),
        };
        place.replace(Some(now));
    }));
    BuiltLive { effect: Some(effect), drawn }
}

fn build_element(template: &'static str, parts: Vec<Part>) -> BuiltElement {
    let mut parts = parts.into_iter();
    let mut built = Vec::with_capacity(parts.len());
    let mut open: Vec<Element> = Vec::new();
    let mut root = None;
    let mut attribute = "";
    for (mark, text) in Marks(template) {
        if let Mark::Open | Mark::OpenSvg = mark {
            open.push(dom::element(text, mark == Mark::OpenSvg));
            continue;
        }
        let Some(here) = open.last() else { break };
        match mark {
            Mark::Close => {
                let closed = open.pop();
                match (open.last(), closed) {
                    (Some(parent), Some(closed)) => dom::insert(parent, &closed, None),
                    (None, closed) => root = closed,
                    _ => {}
                }
            }
            Mark::Text => dom::insert(here, &dom::text(text), None),
            Mark::Name => attribute = text,
            Mark::Value => dom::set_attribute(here, attribute, Some(text)),
            _ => built.extend(parts.next().map(|part| build_part(here, mark, text, part))),
        }
    }
    let node = root.unwrap_or_else(|| dom::element("span", false));
    BuiltElement { template, node, parts: built }
}

fn build_part(element: &Element, mark: Mark, name: &'static str, part: Part) -> BuiltPart {
    match part {
        Part::Child(view) => {
            let child = build(view);
            child.mount(element, None);
            BuiltPart::Child(child)
        }
        Part::Attribute(value) => {
            let place = Rc::new(Place {
                element: element.clone(),
                name,
                is_property: mark == Mark::Property,
                now: RefCell::new(Attribute::None),
            });
            let effect = place.follow(value);
            BuiltPart::Attribute { place, effect }
        }
        Part::Event(listener) => {
            let listener = Rc::new(RefCell::new(listener));
            let called = Rc::clone(&listener);
            dom::listen(
                element,
                name,
                Box::new(move |event| {
                    let Listener { owner, call } = &mut *called.borrow_mut();
                    owner.with(|| call(event));
                }),
            );
            BuiltPart::Event(listener)
        }
        Part::Reference(reference) => {
            reference.set(Some(element.clone()));
            BuiltPart::Reference(element.clone())
        }
    }
}

impl BuiltPart {
    fn rebuild(&mut self, part: Part) {
        match (self, part) {
            (BuiltPart::Child(built), Part::Child(view)) => built.rebuild(view),
            (BuiltPart::Attribute { place, effect }, Part::Attribute(value)) => {
                *effect = None;
                *effect = place.follow(value);
            }
            (BuiltPart::Event(listener), Part::Event(new)) => {
                listener.replace(new);
            }
            (BuiltPart::Reference(element), Part::Reference(reference)) => {
                reference.set(Some(element.clone()))
            }
            // The parts of one template are always of the same kinds.
            _ => {}
        }
    }
}

impl Built {
    /// Draws another view in the place of this one.
    pub(crate) fn rebuild(&mut self, view: View) {
        match (&mut *self, view) {
            (Built::Text { node, text }, View::Empty) => change_text(node, text, Cow::Borrowed("")),
            (Built::Text { node, text }, View::Text(new)) => change_text(node, text, new),
            (Built::Element(built), View::Element(template, parts)) if built.template == template => {
                for (built, part) in built.parts.iter_mut().zip(parts) {
                    built.rebuild(part);
                }
            }
            (Built::List { items, end }, View::List(views)) => rebuild_list(items, end, views),
            (Built::Live(built), View::Live(draw)) => {
                // The effect before would draw into the same place, so it ends first.
                built.effect = None;
                *built = follow(draw, Rc::clone(&built.drawn));
            }
            (_, view) => {
                let new = build(view);
                self.replace(new);
            }
        }
    }

    /// Puts something else in the place of this.
    fn replace(&mut self, new: Built) {
        let first = self.first();
        if let Some(parent) = first.as_ref().and_then(Node::parent_node) {
            new.mount(&parent, first.as_ref());
        }
        self.unmount();
        *self = new;
    }

    /// Puts it into the page: in front of a node, or last.
    pub(crate) fn mount(&self, parent: &Node, before: Option<&Node>) {
        self.each_node(&mut |node| dom::insert(parent, node, before));
    }

    /// Takes it out of the page.
    pub(crate) fn unmount(&self) {
        self.each_node(&mut dom::remove);
    }

    /// Its first node.
    pub(crate) fn first(&self) -> Option<Node> {
        let mut first = None;
        self.each_node(&mut |node| {
            if first.is_none() {
                first = Some(node.clone());
            }
        });
        first
    }

    /// Its nodes, in order; what is inside elements is theirs.
    pub(crate) fn each_node(&self, visit: &mut dyn FnMut(&Node)) {
        match self {
            Built::Text { node, .. } => visit(node),
            Built::Element(element) => visit(&element.node),
            Built::List { items, end } => {
                items.iter().for_each(|item| item.each_node(visit));
                visit(end);
            }
            Built::Live(BuiltLive { drawn, .. }) => {
                if let Some(built) = drawn.borrow().as_ref() {
                    built.each_node(visit);
                }
            }
            Built::Keyed(keyed) => keyed.each_node(visit),
        }
    }
}

fn change_text(node: &Node, now: &mut Cow<'static, str>, new: Cow<'static, str>) {
    if *now != new {
        dom::change_text(node, &new);
        *now = new;
    }
}

fn rebuild_list(items: &mut Vec<Built>, end: &Node, views: Vec<View>) {
    items.drain(views.len().min(items.len())..).for_each(|gone| gone.unmount());
    let mut views = views.into_iter();
    for (item, view) in items.iter_mut().zip(&mut views) {
        item.rebuild(view);
    }
    for view in views {
        let item = build(view);
        if let Some(parent) = end.parent_node() {
            item.mount(&parent, Some(end));
        }
        items.push(item);
    }
}
