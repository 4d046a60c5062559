//! What the tests do to a page: mount, find, press, type, wait for frames, and stand in for the server.

use catalog::read_json::ReadJson;
use catalog::strict_json::parse_answer;
use leptos::prelude::AnyView;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Document, Element, HtmlElement, HtmlInputElement};

#[wasm_bindgen(inline_js = r#"
// Answers are looked up by "METHOD path", the longest matching start first; every request is kept.
export function answerFetch(answers) {
  window.__sent = [];
  window.__answers = answers;
  window.fetch = async (request) => {
    const path = new URL(request.url).pathname + new URL(request.url).search;
    const key = `${request.method} ${path}`;
    window.__sent.push({ key, headers: Object.fromEntries(request.headers), body: await request.clone().text() });
    const answers = window.__answers;
    const found = Object.keys(answers).filter((one) => key.startsWith(one)).sort((a, b) => b.length - a.length)[0];
    if (found === undefined) throw new TypeError("Failed to fetch");
    const { status, body } = answers[found];
    return new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });
  };
  // A stream that is open and brings no news; the browser's own would find no server, and say so sooner or later.
  window.__streams = 0;
  window.EventSource = class {
    readyState = 1;
    constructor() { window.__streams += 1; }
    addEventListener() {}
    close() {}
  };
}
export function streams() { return window.__streams; }
// The clock and what is done at every tick of it, in the hands of the test.
let held;
export function holdTime() {
  const { setInterval, clearInterval } = window;
  held = { setInterval, clearInterval, now: Date.now, ahead: 0, ticks: new Map() };
  let last = 1e9;
  window.setInterval = (tick) => { held.ticks.set(++last, tick); return last; };
  window.clearInterval = (id) => held.ticks.delete(id) || clearInterval.call(window, id);
  Date.now = () => held.now.call(Date) + held.ahead;
}
export function passTime(ms) { held.ahead += ms; }
export function tickTime() { for (const tick of [...held.ticks.values()]) tick(); }
export function releaseTime() {
  Object.assign(window, { setInterval: held.setInterval, clearInterval: held.clearInterval });
  Date.now = held.now;
}
export function happens(name) { document.dispatchEvent(new Event(name, { bubbles: true })); }
export function addAnswers(more) { Object.assign(window.__answers, more); }
export function sentCalls() { return JSON.stringify(window.__sent ?? []); }
export function frame() { return new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0))); }
export function pressKey(target, key) {
  return target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
}
"#)]
extern "C" {
    #[wasm_bindgen(js_name = answerFetch)]
    fn answer_fetch(answers: JsValue);
    #[wasm_bindgen(js_name = addAnswers)]
    fn more_answers(answers: JsValue);
    #[wasm_bindgen(js_name = sentCalls)]
    fn sent_calls() -> String;
    fn frame() -> js_sys::Promise;
    #[wasm_bindgen(js_name = pressKey)]
    fn press_key(target: &Element, key: &str) -> bool;
    /// How many streams of news the page has opened.
    pub(crate) fn streams() -> u32;
    #[wasm_bindgen(js_name = holdTime)]
    fn hold_time();
    #[wasm_bindgen(js_name = passTime)]
    fn pass_time(ms: f64);
    #[wasm_bindgen(js_name = tickTime)]
    fn tick_time();
    #[wasm_bindgen(js_name = releaseTime)]
    fn release_time();
    /// What the browser tells a page, as it would reach it: through the document to the window.
    pub(crate) fn happens(name: &str);
}

/// The clock of the browser, held for a test: nothing ticks but when the test says so.
pub(crate) struct Clock;

impl Clock {
    pub(crate) fn hold() -> Self {
        hold_time();
        Self
    }

    /// Time passes and nothing runs, as in a machine that sleeps.
    pub(crate) fn pass(&self, seconds: u32) {
        pass_time(f64::from(seconds) * 1000.0);
    }

    /// What runs every second runs once.
    pub(crate) fn tick(&self) {
        tick_time();
    }
}

impl Drop for Clock {
    fn drop(&mut self) {
        release_time();
    }
}

/// A request that the page made.
pub(crate) struct Sent {
    pub(crate) key: String,
    pub(crate) headers: serde_json::Map<String, serde_json::Value>,
    pub(crate) body: String,
}

catalog::read_members!(Sent { key, headers, body });

/// Stands in for the server: `{"GET /api/session": {"status": 200, "body": …}}`.
pub(crate) fn stand_in(answers: &serde_json::Value) {
    answer_fetch(js_sys::JSON::parse(&answers.to_string()).unwrap());
}

/// Adds to what the stand-in answers, or changes it.
pub(crate) fn add_answers(answers: &serde_json::Value) {
    more_answers(js_sys::JSON::parse(&answers.to_string()).unwrap());
}

/// The requests that begin with this method and path.
pub(crate) fn sent(start: &str) -> Vec<Sent> {
    let all: Vec<Sent> = ReadJson::read_json(&parse_answer(&sent_calls()).unwrap()).unwrap();
    all.into_iter().filter(|sent| sent.key.starts_with(start)).collect()
}

/// Something mounted on the page, taken away when it is dropped.
pub(crate) struct Mounted {
    pub(crate) root: HtmlElement,
    _handle: Box<dyn std::any::Any>,
}

impl Drop for Mounted {
    fn drop(&mut self) {
        self.root.remove();
    }
}

/// Mounts a view.
pub(crate) fn mount(view: impl FnOnce() -> AnyView + 'static) -> Mounted {
    let root: HtmlElement = document().create_element("div").unwrap().dyn_into().unwrap();
    document().body().unwrap().append_child(&root).unwrap();
    let handle = leptos::mount::mount_to(root.clone(), view);
    Mounted { root, _handle: Box::new(handle) }
}

/// The whole app at an address. The address and the base are put back when it is dropped.
pub(crate) struct Opened {
    pub(crate) page: Mounted,
    before: String,
    base: Element,
}

impl Drop for Opened {
    fn drop(&mut self) {
        self.base.remove();
        go(&self.before);
    }
}

fn go(path: &str) {
    let history = web_sys::window().unwrap().history().unwrap();
    history.replace_state_with_url(&JsValue::NULL, "", Some(path)).unwrap();
}

/// Opens the app from a cold link and waits for something on the page.
pub(crate) async fn open_at(path: &str, selector: &str) -> Opened {
    let before = web_sys::window().unwrap().location().href().unwrap();
    go(path);
    // The server's page has one; the test runner's has none.
    let base = document().create_element("base").unwrap();
    base.set_attribute("href", "/").unwrap();
    document().head().unwrap().append_child(&base).unwrap();
    let page = mount(|| leptos::prelude::IntoView::into_any(upgrade_console::App()));
    appears(&page.root, selector).await;
    drawn().await;
    Opened { page, before, base }
}

/// So many frames are waited for what should come; it takes a few.
const FRAMES: u32 = 3_600;

/// Waits, frame by frame, until a condition holds.
pub(crate) async fn until(what: &str, condition: impl Fn() -> bool) {
    for _ in 0..FRAMES {
        if condition() {
            return;
        }
        JsFuture::from(frame()).await.unwrap();
    }
    panic!("{what} did not come");
}

pub(crate) fn document() -> Document {
    web_sys::window().unwrap().document().unwrap()
}

/// Lets the page draw what has changed.
pub(crate) async fn drawn() {
    for _ in 0..3 {
        JsFuture::from(frame()).await.unwrap();
    }
}

/// Waits, frame by frame, until something is there.
pub(crate) async fn appears(root: &HtmlElement, selector: &str) -> HtmlElement {
    for _ in 0..FRAMES {
        if let Some(found) = root.query_selector(selector).unwrap() {
            return found.dyn_into().unwrap();
        }
        JsFuture::from(frame()).await.unwrap();
    }
    panic!("`{selector}` did not appear in: {}", root.inner_text());
}

pub(crate) fn find(root: &HtmlElement, selector: &str) -> HtmlElement {
    let found = root.query_selector(selector).unwrap();
    found.unwrap_or_else(|| panic!("no `{selector}` in: {}", root.inner_text())).dyn_into().unwrap()
}

pub(crate) fn all(root: &HtmlElement, selector: &str) -> Vec<HtmlElement> {
    let found = root.query_selector_all(selector).unwrap();
    (0..found.length()).map(|index| found.get(index).unwrap().dyn_into().unwrap()).collect()
}

pub(crate) fn text(element: &HtmlElement) -> String {
    element.text_content().unwrap_or_default().trim().to_owned()
}

/// Types a whole text, as a person would who replaces what is there.
pub(crate) fn type_into(input: &HtmlElement, value: &str) {
    let input: HtmlInputElement = input.clone().dyn_into().unwrap();
    input.set_value(value);
    let init = web_sys::Event::new("input").unwrap();
    input.dispatch_event(&init).unwrap();
}

/// Presses a key; false when the page took it.
pub(crate) fn press(target: &HtmlElement, key: &str) -> bool {
    press_key(target, key)
}

pub(crate) fn focused_id() -> String {
    document().active_element().map(|element| element.id()).unwrap_or_default()
}

/// Which symbol is drawn.
pub(crate) fn glyph(root: &HtmlElement) -> String {
    root.query_selector("use").unwrap().unwrap().get_attribute("href").unwrap()
}
