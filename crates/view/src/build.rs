//! Drawing views, and drawing them again in the place of others.
//!
//! What is drawn always stands for at least one node, so that there is a place to put the next in front of. A view
//! that comes in the place of one of the same shape keeps its elements: the focus, what was typed and what is open
//! stay.

use crate::dom;
use crate::keyed::BuiltKeyed;
use crate::template::{Mark, Marks};
use crate::view::{Draw, Kind, View};
use reactive_graph::effect::RenderEffect;
use reactive_graph::owner::Owner;
use std::borrow::Cow;
use std::cell::RefCell;
use std::marker::PhantomData;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, Node};

/// What is called when an event happens, and in whose name.
pub(crate) struct Listener {
    owner: Owner,
    call: Box<dyn Hear>,
}

/// A listener's function; a trait of its own for the reason that [`Draw`] is one.
pub(crate) trait Hear {
    fn hear(&mut self, event: Event);
}

struct Typed<F, E>(F, PhantomData<fn(E)>);

impl<F: FnMut(E), E: JsCast> Hear for Typed<F, E> {
    fn hear(&mut self, event: Event) {
        (self.0)(event.unchecked_into());
    }
}

impl Listener {
    /// The function for events of one type.
    pub(crate) fn typed<E: JsCast + 'static>(call: impl FnMut(E) + 'static) -> Box<dyn Hear> {
        Box::new(Typed(call, PhantomData))
    }

    pub(crate) fn new(call: Box<dyn Hear>) -> Listener {
        Listener { owner: Owner::current().unwrap_or_default(), call }
    }
}

/// Runs at once, and again whenever something that it has read changes, until it is dropped.
pub(crate) fn live(mut run: Box<dyn FnMut()>) -> RenderEffect<()> {
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
    Value { place: Rc<Place>, effect: Option<RenderEffect<()>> },
    Event(Rc<RefCell<Listener>>),
    Reference(Element),
}

/// Where a value goes, and which one stands there.
struct Place {
    element: Element,
    name: &'static str,
    is_property: bool,
    now: RefCell<View>,
}

/// The text of an attribute; `None` when it is left out.
fn attribute_text(value: &View) -> Option<&str> {
    match value.0.as_deref() {
        Some(Kind::Text(text)) => Some(text),
        Some(Kind::Flag(true)) => Some(""),
        _ => None,
    }
}

/// The value of a property.
fn property_value(value: &View) -> JsValue {
    match value.0.as_deref() {
        Some(Kind::Text(text)) => JsValue::from_str(text),
        Some(Kind::Flag(flag)) => JsValue::from_bool(*flag),
        _ => JsValue::UNDEFINED,
    }
}

impl Place {
    fn set(&self, value: View) {
        let mut value = value;
        while let Some(Kind::Live(draw)) = value.0.as_deref_mut() {
            value = draw.draw();
        }
        if self.is_property {
            // The person may have changed it since, so what was set last says nothing. A property that never had a
            // value is left alone.
            if self.now.borrow().0.is_some() || value.0.is_some() {
                dom::set_property(&self.element, self.name, property_value(&value));
            }
        } else if attribute_text(&self.now.borrow()) != attribute_text(&value) {
            dom::set_attribute(&self.element, self.name, attribute_text(&value));
        }
        self.now.replace(value);
    }

    /// Sets a value and keeps it as new as it says.
    fn follow(self: &Rc<Self>, value: View) -> Option<RenderEffect<()>> {
        match value.0.map(|kind| *kind) {
            Some(Kind::Live(mut draw)) => {
                let place = Rc::clone(self);
                Some(live(Box::new(move || place.set(draw.draw()))))
            }
            fixed => {
                self.set(View(fixed.map(Box::new)));
                None
            }
        }
    }
}

/// Draws a view, beside the page; it is mounted afterwards.
pub(crate) fn build(view: View) -> Built {
    let Some(kind) = view.0 else { return built_text(Cow::Borrowed("")) };
    match *kind {
        Kind::Text(text) => built_text(text),
        Kind::Flag(flag) => built_text(Cow::Borrowed(if flag { "true" } else { "false" })),
        Kind::Element(template, parts) => Built::Element(Box::new(build_element(template, parts))),
        Kind::List(items) => {
            Built::List { items: items.into_iter().map(build).collect(), end: dom::text("") }
        }
        Kind::Live(draw) => Built::Live(follow(draw, Rc::default())),
        Kind::Keyed(keyed) => Built::Keyed(keyed.build()),
        // Only parts of elements; `view!` puts them nowhere else.
        Kind::Event(_) | Kind::Reference(_) => built_text(Cow::Borrowed("")),
    }
}

fn built_text(text: Cow<'static, str>) -> Built {
    Built::Text { node: dom::text(&text), text }
}

fn follow(mut draw: Box<dyn Draw>, drawn: Rc<RefCell<Option<Built>>>) -> BuiltLive {
    let place = Rc::clone(&drawn);
    let effect = live(Box::new(move || {
        let view = draw.draw();
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

fn build_element(template: &'static str, parts: Vec<View>) -> BuiltElement {
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

fn build_part(element: &Element, mark: Mark, name: &'static str, part: View) -> BuiltPart {
    match mark {
        Mark::Attribute | Mark::Property => {
            let place = Rc::new(Place {
                element: element.clone(),
                name,
                is_property: mark == Mark::Property,
                now: RefCell::default(),
            });
            let effect = place.follow(part);
            BuiltPart::Value { place, effect }
        }
        _ => match part.0.map(|kind| *kind) {
            Some(Kind::Event(listener)) => BuiltPart::Event(listen(element, name, listener)),
            Some(Kind::Reference(reference)) => {
                reference.set(Some(element.clone()));
                BuiltPart::Reference(element.clone())
            }
            child => {
                let child = build(View(child.map(Box::new)));
                child.mount(element, None);
                BuiltPart::Child(child)
            }
        },
    }
}

fn listen(element: &Element, event: &str, listener: Listener) -> Rc<RefCell<Listener>> {
    let listener = Rc::new(RefCell::new(listener));
    let called = Rc::clone(&listener);
    dom::listen(
        element,
        event,
        Box::new(move |event| {
            let Listener { owner, call } = &mut *called.borrow_mut();
            owner.with(|| call.hear(event));
        }),
    );
    listener
}

impl BuiltPart {
    fn rebuild(&mut self, part: View) {
        match self {
            BuiltPart::Child(built) => built.rebuild(part),
            BuiltPart::Value { place, effect } => {
                *effect = None;
                *effect = place.follow(part);
            }
            // The parts of one template are always of the same kinds.
            BuiltPart::Event(listener) => {
                if let Some(Kind::Event(new)) = part.0.map(|kind| *kind) {
                    listener.replace(new);
                }
            }
            BuiltPart::Reference(element) => {
                if let Some(Kind::Reference(reference)) = part.0.as_deref() {
                    reference.set(Some(element.clone()));
                }
            }
        }
    }
}

impl Built {
    /// Draws another view in the place of this one.
    pub(crate) fn rebuild(&mut self, view: View) {
        match (&mut *self, view.0.map(|kind| *kind)) {
            (Built::Text { node, text }, None) => change_text(node, text, Cow::Borrowed("")),
            (Built::Text { node, text }, Some(Kind::Text(new))) => change_text(node, text, new),
            (Built::Element(built), Some(Kind::Element(template, parts))) if built.template == template => {
                for (built, part) in built.parts.iter_mut().zip(parts) {
                    built.rebuild(part);
                }
            }
            (Built::List { items, end }, Some(Kind::List(views))) => rebuild_list(items, end, views),
            (Built::Live(built), Some(Kind::Live(draw))) => {
                // The effect before would draw into the same place, so it ends first.
                built.effect = None;
                *built = follow(draw, Rc::clone(&built.drawn));
            }
            (_, kind) => {
                let new = build(View(kind.map(Box::new)));
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
