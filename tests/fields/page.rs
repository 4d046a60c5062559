//! A form in the page of the test, used as a person uses it: by labels, events and focus.

use catalog::model::{Language, Operation};
use leptos::mount::{UnmountHandle, mount_to};
use leptos::prelude::*;
use serde_json::{Map, Value};
use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use upgrade_console::form::browser_zone::BrowserZone;
use upgrade_console::form::draft::Draft;
use upgrade_console::form::offers::Offers;
use upgrade_console::form::{FormParts, FormState, operation_form};
use upgrade_console::state::preferences::{Preferences, Theme};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, Event, HtmlElement};

/// 20 Nov 2026 20:14:05 UTC.
pub(crate) const NOW: i64 = 1_795_205_645_000;

/// A form on the page; it is taken away when dropped.
pub(crate) struct Page {
    /// The form.
    pub(crate) form: FormState,
    /// How often the form went on.
    pub(crate) sent: RwSignal<u32>,
    preferences: Preferences,
    root: HtmlElement,
    handle: Option<UnmountHandle>,
}

impl Drop for Page {
    fn drop(&mut self) {
        drop(self.handle.take());
        self.root.remove();
    }
}

/// Shows a form for an operation.
pub(crate) async fn show(operation: Operation) -> Page {
    show_filled(operation, Value::Object(Map::new())).await
}

/// Shows a form that says these parameters.
pub(crate) async fn show_filled(operation: Operation, parameters: Value) -> Page {
    show_offered(operation, parameters, &[]).await
}

/// Shows a form for whose fields the cloud gives choices.
pub(crate) async fn show_offered(operation: Operation, parameters: Value, fields: &'static [&str]) -> Page {
    let document = web_sys::window().unwrap().document().unwrap();
    // A test that failed could not clear up after itself.
    while let Some(left) = document.query_selector("main.test").unwrap() {
        left.remove();
    }
    let root: HtmlElement = document.create_element("main").unwrap().dyn_into().unwrap();
    root.set_class_name("test");
    document.body().unwrap().append_child(&root).unwrap();
    let made = Rc::new(Cell::new(None));
    let slot = Rc::clone(&made);
    let operation = Arc::new(operation);
    let handle = mount_to(root.clone(), move || {
        let preferences =
            Preferences { language: RwSignal::new(Language::En), theme: RwSignal::new(Theme::System) };
        preferences.provide();
        let draft = Draft::from_parameters(&operation, parameters.as_object().unwrap(), None, &BrowserZone);
        let form = FormState::new(Arc::clone(&operation), draft, NOW);
        form.offer(Offers {
            profile: "demo".to_owned(),
            fields: fields.iter().map(|field| (*field).to_owned()).collect(),
        });
        let sent = RwSignal::new(0);
        slot.set(Some((form, sent, preferences)));
        let parts = FormParts {
            profile: None,
            mode: None,
            on_submit: Callback::new(move |()| sent.update(|sent| *sent += 1)),
            on_clear: Callback::new(|()| ()),
            busy: Signal::stored(false),
            said: Signal::stored(String::new()),
            notice: ().into_any(),
        };
        operation_form(form, parts)
    });
    let (form, sent, preferences) = made.get().unwrap();
    settle().await;
    Page { form, sent, preferences, root, handle: Some(handle) }
}

/// Lets effects run and the page be drawn.
pub(crate) async fn settle() {
    leptos::task::tick().await;
    let frame = js_sys::Promise::new(&mut |done, _| {
        web_sys::window().unwrap().request_animation_frame(&done).unwrap();
    });
    JsFuture::from(frame).await.unwrap();
    leptos::task::tick().await;
}

impl Page {
    /// What would be sent, secrets left out.
    pub(crate) fn said(&self) -> Value {
        Value::Object(self.form.output().parameters)
    }

    /// Changes the language of the page.
    pub(crate) async fn speak(&self, language: Language) {
        self.preferences.language.set(language);
        settle().await;
    }

    /// All that can be read on the page.
    pub(crate) fn text(&self) -> String {
        self.root.inner_text()
    }

    /// The markup, with attributes but without what stands in inputs.
    pub(crate) fn markup(&self) -> String {
        self.root.inner_html()
    }

    /// The first element that a selector finds.
    pub(crate) fn find(&self, selector: &str) -> Option<Element> {
        self.root.query_selector(selector).unwrap()
    }

    /// All elements that a selector finds.
    pub(crate) fn all(&self, selector: &str) -> Vec<Element> {
        let query: js_sys::Function =
            js_sys::Reflect::get(&self.root, &"querySelectorAll".into()).unwrap().unchecked_into();
        let found = query.call1(&self.root, &selector.into()).unwrap();
        js_sys::Array::from(&found).iter().filter_map(|element| element.dyn_into().ok()).collect()
    }

    /// The element that this label names; the label's own words only.
    pub(crate) fn labelled(&self, label: &str) -> Control {
        let labels = self.all("label");
        let of = |element: &Element| element.text_content().unwrap_or_default().trim().to_owned();
        let found = labels.iter().find(|element| of(element) == label);
        let known: Vec<String> = labels.iter().map(of).collect();
        let found = found.unwrap_or_else(|| panic!("no label {label:?} among {known:?}"));
        self.by_id(&found.get_attribute("for").expect("a label names a control"))
    }

    /// The element with this id.
    pub(crate) fn by_id(&self, id: &str) -> Control {
        let selector = format!("[id='{id}']");
        assert_eq!(self.all(&selector).len(), 1, "{id} must be there once");
        Control(self.find(&selector).unwrap().dyn_into().unwrap())
    }

    /// The button with this name.
    pub(crate) fn button(&self, name: &str) -> Control {
        let buttons = self.all("button");
        let found = buttons.iter().find(|button| {
            button
                .get_attribute("aria-label")
                .unwrap_or_else(|| button.text_content().unwrap_or_default())
                .trim()
                == name
        });
        let known: Vec<String> = buttons.iter().map(name_of).collect();
        Control(
            found.unwrap_or_else(|| panic!("no button {name:?} among {known:?}")).clone().dyn_into().unwrap(),
        )
    }

    /// Whether there is a button with this name.
    pub(crate) fn has_button(&self, name: &str) -> bool {
        self.all("button").iter().any(|button| name_of(button) == name)
    }

    /// The id of what has the focus.
    pub(crate) fn focused(&self) -> String {
        web_sys::window()
            .unwrap()
            .document()
            .unwrap()
            .active_element()
            .map(|element| element.id())
            .unwrap_or_default()
    }

    /// The links of the error summary: where they lead, and their words.
    pub(crate) fn summary(&self) -> Vec<(String, String)> {
        let links = self.all(".error-summary a");
        links
            .iter()
            .map(|link| {
                (link.get_attribute("href").unwrap_or_default(), link.text_content().unwrap_or_default())
            })
            .collect()
    }
}

fn name_of(button: &Element) -> String {
    button
        .get_attribute("aria-label")
        .unwrap_or_else(|| button.text_content().unwrap_or_default())
        .trim()
        .to_owned()
}

/// An element of the form.
#[derive(Clone)]
pub(crate) struct Control(pub(crate) HtmlElement);

impl Control {
    /// What stands in it.
    pub(crate) fn value(&self) -> String {
        js_sys::Reflect::get(&self.0, &"value".into()).unwrap().as_string().unwrap_or_default()
    }

    /// Whether it is checked.
    pub(crate) fn checked(&self) -> bool {
        js_sys::Reflect::get(&self.0, &"checked".into()).unwrap().as_bool().unwrap_or_default()
    }

    /// An attribute.
    pub(crate) fn attribute(&self, name: &str) -> Option<String> {
        self.0.get_attribute(name)
    }

    /// Types this in the place of what stands there.
    pub(crate) async fn type_in(&self, text: &str) {
        self.0.focus().unwrap();
        js_sys::Reflect::set(&self.0, &"value".into(), &JsValue::from_str(text)).unwrap();
        self.fire("input").await;
    }

    /// Types one after the other with no moment in between, however slowly this machine draws.
    pub(crate) async fn type_at_once(&self, texts: [&str; 2]) {
        for text in texts {
            js_sys::Reflect::set(&self.0, &"value".into(), &JsValue::from_str(text)).unwrap();
            self.0.dispatch_event(&make_event("Event", "input", &[("bubbles", true.into())])).unwrap();
        }
        settle().await;
    }

    /// Chooses an option of a select.
    pub(crate) async fn choose(&self, value: &str) {
        js_sys::Reflect::set(&self.0, &"value".into(), &JsValue::from_str(value)).unwrap();
        assert_eq!(self.value(), value, "the option is offered");
        self.fire("change").await;
    }

    /// Presses it.
    pub(crate) async fn press(&self) {
        self.0.click();
        settle().await;
    }

    /// Leaves it.
    pub(crate) async fn leave(&self) {
        self.fire("blur").await;
    }

    /// Presses a key with Alt.
    pub(crate) async fn alt(&self, key: &str) {
        self.strike(key, true).await;
    }

    /// Presses a key; true when the page used it up.
    pub(crate) async fn key(&self, key: &str) -> bool {
        self.strike(key, false).await
    }

    async fn strike(&self, key: &str, alt: bool) -> bool {
        self.0.focus().unwrap();
        let event = make_event(
            "KeyboardEvent",
            "keydown",
            &[("key", key.into()), ("altKey", alt.into()), ("bubbles", true.into())],
        );
        let untouched = self.0.dispatch_event(&event).unwrap();
        settle().await;
        !untouched
    }

    async fn fire(&self, name: &str) {
        let event = make_event("Event", name, &[("bubbles", (name != "blur").into())]);
        self.0.dispatch_event(&event).unwrap();
        settle().await;
    }

    /// The words of the elements that describe it.
    pub(crate) fn described(&self) -> Vec<String> {
        let document = web_sys::window().unwrap().document().unwrap();
        let ids = self.attribute("aria-describedby").unwrap_or_default();
        ids.split_whitespace()
            .map(|id| {
                let found = document
                    .get_element_by_id(id)
                    .unwrap_or_else(|| panic!("{id} describes but is not there"));
                found.text_content().unwrap_or_default()
            })
            .collect()
    }
}

fn make_event(class: &str, name: &str, members: &[(&str, JsValue)]) -> Event {
    let options = js_sys::Object::new();
    for (member, value) in members {
        js_sys::Reflect::set(&options, &JsValue::from_str(member), value).unwrap();
    }
    js_sys::Reflect::set(&options, &"cancelable".into(), &true.into()).unwrap();
    let class: js_sys::Function =
        js_sys::Reflect::get(&js_sys::global(), &class.into()).unwrap().unchecked_into();
    let arguments = js_sys::Array::of2(&name.into(), &options);
    js_sys::Reflect::construct(&class, &arguments).unwrap().unchecked_into()
}
