//! What stands under the name `leptos`, in a real browser: drawing, drawing again, following, ending.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by stopping")]

use leptos::mount::{UnmountHandle, mount_to};
use leptos::prelude::*;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Element, HtmlElement, HtmlInputElement};

wasm_bindgen_test_configure!(run_in_browser);

/// A view on the page; taken away when dropped.
struct Page {
    root: HtmlElement,
    handle: Option<UnmountHandle>,
}

impl Drop for Page {
    fn drop(&mut self) {
        drop(self.handle.take());
        self.root.remove();
    }
}

fn show<T: IntoView>(draw: impl FnOnce() -> T + 'static) -> Page {
    let document = web_sys::window().unwrap().document().unwrap();
    let root: HtmlElement = document.create_element("div").unwrap().unchecked_into();
    document.body().unwrap().append_child(&root).unwrap();
    Page { handle: Some(mount_to(root.clone(), draw)), root }
}

impl Page {
    fn find(&self, selector: &str) -> HtmlElement {
        self.root
            .query_selector(selector)
            .unwrap()
            .unwrap_or_else(|| panic!("no {selector}"))
            .unchecked_into()
    }

    fn all(&self, selector: &str) -> Vec<Element> {
        let found = self.root.query_selector_all(selector).unwrap();
        (0..found.length()).map(|at| found.item(at).unwrap().unchecked_into()).collect()
    }

    fn text(&self) -> String {
        self.root.text_content().unwrap()
    }
}

fn focused() -> Option<Element> {
    web_sys::window().unwrap().document().unwrap().active_element()
}

/// Lets effects run.
async fn settle() {
    leptos::task::tick().await;
    leptos::task::tick().await;
}

#[wasm_bindgen_test]
async fn static_markup_texts_and_blocks_stand_where_they_were_written() {
    let page = show(|| {
        view! { "before" <p class="a" hidden>"<b>&amp;" {"x"} <i>{1_u32}{None::<String>}{vec!["y", "z"]}</i></p> {"after"} }
    });
    assert_eq!(
        page.root.inner_html(),
        "before<p class=\"a\" hidden=\"\">&lt;b&gt;&amp;amp;x<i>1yz</i></p>after"
    );
}

#[wasm_bindgen_test]
async fn svg_has_its_namespace_wherever_it_begins() {
    let page = show(|| {
        let inner = || view! { <path d="M0 0"></path> };
        view! { <div><svg viewBox="0 0 1 1">{move || inner()}<use href="#i"></use></svg></div> }
    });
    for name in ["svg", "path", "use"] {
        let namespace = page.find(name).namespace_uri();
        assert_eq!(namespace.as_deref(), Some("http://www.w3.org/2000/svg"), "{name}");
    }
    assert_eq!(page.find("svg").get_attribute("viewBox").as_deref(), Some("0 0 1 1"));
    assert_eq!(page.find("div").namespace_uri().as_deref(), Some("http://www.w3.org/1999/xhtml"));
}

#[wasm_bindgen_test]
async fn attributes_follow_and_are_left_out() {
    let (off, name) = (RwSignal::new(true), RwSignal::new(None::<String>));
    let page = show(move || {
        view! { <button disabled=move || off.get() aria-label=move || name.get() tabindex=3>"b"</button> }
    });
    let button = page.find("button");
    assert_eq!(button.get_attribute("disabled").as_deref(), Some(""));
    assert_eq!(button.get_attribute("tabindex").as_deref(), Some("3"));
    assert!(!button.has_attribute("aria-label"));
    off.set(false);
    name.set(Some("Name".to_owned()));
    settle().await;
    assert!(!button.has_attribute("disabled"));
    assert_eq!(button.get_attribute("aria-label").as_deref(), Some("Name"));
    name.set(None);
    settle().await;
    assert!(!button.has_attribute("aria-label"));
}

#[wasm_bindgen_test]
async fn a_value_is_set_again_over_what_was_typed_and_after_the_options_are_there() {
    let value = RwSignal::new("b".to_owned());
    let page = show(move || {
        view! {
            <select prop:value=move || value.get()>{["a", "b", "c"].map(|one| view! { <option value=one>{one}</option> })}</select>
            <input prop:value=move || value.get()/>
        }
    });
    settle().await;
    let select = || js_sys::Reflect::get(&page.find("select"), &"value".into()).unwrap();
    let input: HtmlInputElement = page.find("input").unchecked_into();
    assert_eq!((select().as_string().as_deref(), input.value().as_str()), (Some("b"), "b"));
    input.set_value("typed");
    value.set("b".to_owned());
    settle().await;
    assert_eq!(input.value(), "b");
    value.set("c".to_owned());
    settle().await;
    assert_eq!(select(), JsValue::from_str("c"));
}

#[wasm_bindgen_test]
async fn a_part_that_is_drawn_again_in_the_same_shape_keeps_its_elements_and_the_focus() {
    let count = RwSignal::new(1_u32);
    let pressed = Rc::new(RefCell::new(Vec::new()));
    let seen = Rc::clone(&pressed);
    let page = show(move || {
        move || {
            let now = count.get();
            let seen = Rc::clone(&seen);
            let rows: Vec<_> = (0..now).map(|row| view! { <li>{row}</li> }).collect();
            view! { <button id=format!("b{now}") on:click=move |_| seen.borrow_mut().push(now)>{now}</button><ol>{rows}</ol> }
        }
    });
    let button = page.find("button");
    button.focus().unwrap();
    let first = page.find("li");
    count.set(3);
    settle().await;
    assert_eq!(page.root.inner_html(), "<button id=\"b3\">3</button><ol><li>0</li><li>1</li><li>2</li></ol>");
    assert_eq!(focused().as_ref(), Some(button.as_ref()));
    assert_eq!(page.find("li"), first);
    button.click();
    count.set(2);
    settle().await;
    button.click();
    assert_eq!(page.all("li").len(), 2);
    // One listener, always the newest.
    assert_eq!(*pressed.borrow(), [3, 2]);
}

#[wasm_bindgen_test]
async fn another_shape_takes_the_place_between_its_neighbours() {
    let step = RwSignal::new(0);
    let page = show(move || {
        view! {
            <i>"a"</i>
            {move || match step.get() {
                0 => ().into_any(),
                1 => "text".into_any(),
                2 => view! { <b>"b"</b><u>"u"</u> }.into_any(),
                3 => (move || Some("inner")).into_any(),
                _ => view! { <b>"c"</b> }.into_any(),
            }}
            <i>"z"</i>
        }
    });
    let shapes = ["", "text", "<b>b</b><u>u</u>", "inner", "<b>c</b>", "text", ""];
    for (at, shape) in [0, 1, 2, 3, 4, 1, 0].into_iter().zip(shapes) {
        step.set(at);
        settle().await;
        assert_eq!(page.root.inner_html(), format!("<i>a</i>{shape}<i>z</i>"));
    }
}

#[wasm_bindgen_test]
async fn what_is_drawn_no_more_is_cleaned_up_and_follows_nothing() {
    let (shown, value) = (RwSignal::new(true), RwSignal::new(0));
    let (cleaned, read) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(0)));
    let counts = (Rc::clone(&cleaned), Rc::clone(&read));
    let page = show(move || {
        move || {
            shown.get().then(|| {
                let (cleaned, read, again) = (Rc::clone(&cleaned), Rc::clone(&read), Rc::clone(&read));
                on_cleanup(move || cleaned.set(cleaned.get() + 1));
                Effect::new(move || {
                    let _ = value.get();
                    read.set(read.get() + 1);
                });
                view! { <p title=move || { again.set(again.get() + 1); value.get() }>{move || value.get()}</p> }
            })
        }
    });
    settle().await;
    let (cleaned, read) = counts;
    assert_eq!((cleaned.get(), read.get()), (0, 2));
    value.set(1);
    settle().await;
    assert_eq!((read.get(), page.text().as_str()), (4, "1"));
    shown.set(false);
    settle().await;
    assert_eq!((cleaned.get(), page.text().as_str()), (1, ""));
    value.set(2);
    settle().await;
    assert_eq!(read.get(), 4);
    shown.set(true);
    settle().await;
    assert_eq!(page.text(), "2");
    drop(page);
    assert_eq!(cleaned.get(), 2);
}

#[wasm_bindgen_test]
async fn rows_keep_their_elements_when_the_list_changes() {
    let keys = RwSignal::new(vec![1_u64, 2, 3]);
    let ended = Rc::new(RefCell::new(Vec::new()));
    let drawn = Rc::new(RefCell::new(Vec::new()));
    let (ends, draws) = (Rc::clone(&ended), Rc::clone(&drawn));
    let page = show(move || {
        view! {
            <ol>
                <li class="before">"0"</li>
                <For
                    each=move || keys.get()
                    key=|key| *key
                    children=move |key| {
                        draws.borrow_mut().push(key);
                        let ends = Rc::clone(&ends);
                        on_cleanup(move || ends.borrow_mut().push(key));
                        view! { <li><input id=format!("row-{key}")/>{key}</li> }
                    }
                />
                <li class="after">"9"</li>
            </ol>
        }
    });
    assert_eq!(page.text(), "01239");
    let second = page.find("#row-2");
    second.focus().unwrap();
    // Rows around it come and go: it is not even moved.
    for (now, text) in [
        (vec![4_u64, 2, 3], "04239"),
        (vec![4, 2, 3, 5], "042359"),
        (vec![2, 5], "0259"),
        (vec![6, 7, 2], "06729"),
    ] {
        keys.set(now);
        settle().await;
        assert_eq!(page.text(), text);
        assert_eq!(focused().as_ref(), Some(second.as_ref()), "{text}");
    }
    keys.set(vec![2, 7, 6]);
    settle().await;
    assert_eq!(page.text(), "02769");
    assert_eq!(page.find("#row-2"), second);
    keys.set(Vec::new());
    settle().await;
    assert_eq!(page.text(), "09");
    assert_eq!(*drawn.borrow(), [1, 2, 3, 4, 5, 6, 7]);
    let mut ended = ended.borrow().clone();
    ended.sort_unstable();
    assert_eq!(ended, [1, 2, 3, 4, 5, 6, 7]);
}

#[wasm_bindgen_test]
async fn a_memo_tells_only_when_it_has_become_another() {
    let value = RwSignal::new(1);
    let told = Rc::new(Cell::new(0));
    let count = Rc::clone(&told);
    let _page = show(move || {
        let is_even = Memo::new(move |_| value.get() % 2 == 0);
        let words = Signal::derive(move || if is_even.get() { "even" } else { "odd" });
        Effect::new(move |before: Option<&'static str>| {
            count.set(count.get() + 1);
            let now = words.get();
            assert_ne!(before, Some(now));
            now
        });
    });
    for (next, times) in [(1, 1), (3, 1), (4, 2), (6, 2), (7, 3)] {
        value.set(next);
        settle().await;
        assert_eq!(told.get(), times, "{next}");
    }
}

#[wasm_bindgen_test]
async fn a_signal_whose_owner_has_ended_can_be_asked_and_is_not_changed() {
    let kept = Rc::new(Cell::new(None));
    let keep = Rc::clone(&kept);
    let page = show(move || {
        let signal = RwSignal::new(5);
        keep.set(Some((signal, StoredValue::new(6))));
    });
    let (signal, stored) = kept.get().unwrap();
    assert_eq!((signal.try_get_untracked(), stored.try_get_value()), (Some(5), Some(6)));
    drop(page);
    assert_eq!((signal.try_get_untracked(), stored.try_get_value()), (None, None));
    assert_eq!(signal.try_set(7), Some(7));
    assert_eq!(signal.try_update(|value| *value += 1), None);
    signal.set(8);
}

#[wasm_bindgen_test]
async fn the_nearest_context_of_a_type_is_found_and_is_nobody_elses() {
    let page = show(|| {
        provide_context(1_i32);
        provide_context('c');
        let known =
            || format!("{:?}{:?}{:?}", use_context::<i32>(), use_context::<char>(), use_context::<u8>());
        let inner = move || {
            provide_context(2_i32);
            known()
        };
        view! { <p>{move || inner()}</p><b>{move || known()}</b> }
    });
    settle().await;
    assert_eq!(page.find("p").text_content().unwrap(), "Some(2)Some('c')None");
    assert_eq!(page.find("b").text_content().unwrap(), "Some(1)Some('c')None");
    assert_eq!(use_context::<i32>(), None);
}

#[wasm_bindgen_test]
async fn a_reference_knows_its_element_and_a_listener_its_context() {
    let heard = Rc::new(Cell::new(0));
    let count = Rc::clone(&heard);
    let page = show(move || {
        provide_context(7_i32);
        let place = NodeRef::<leptos::html::Input>::new();
        let pressed = move |event: leptos::ev::MouseEvent| {
            assert!(event.bubbles());
            place.get_untracked().unwrap().set_value("heard");
            count.set(use_context::<i32>().unwrap());
        };
        view! { <input node_ref=place/><button on:click=pressed>"b"</button> }
    });
    page.find("button").click();
    assert_eq!(heard.get(), 7);
    assert_eq!(page.find("input").unchecked_into::<HtmlInputElement>().value(), "heard");
}
