//! Work that waits for something: a queue that the browser empties after each of its own steps.
//!
//! The executor of `wasm-bindgen-futures` is not used, for it carries the machinery to suspend WebAssembly along.

use crate::dom;
use any_spawner::{CustomExecutor, Executor, PinnedFuture, PinnedLocalFuture};
use send_wrapper::SendWrapper;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::Future;
use std::sync::Arc;
use std::task::{Context, Wake, Waker};
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;

/// A piece of work; nothing is left of it when it is done.
struct Task(SendWrapper<Work>);

struct Work {
    rest: RefCell<Option<PinnedLocalFuture<()>>>,
    is_due: Cell<bool>,
}

thread_local! {
    /// What goes on next, in this order.
    static DUE: RefCell<VecDeque<Arc<Task>>> = const { RefCell::new(VecDeque::new()) };
    /// Whether the browser was asked for a turn.
    static IS_ASKED: Cell<bool> = const { Cell::new(false) };
    static GO_ON: JsValue = Closure::wrap(Box::new(go_on) as Box<dyn FnMut()>).into_js_value();
}

impl Wake for Task {
    fn wake(self: Arc<Self>) {
        if self.0.is_due.replace(true) {
            return;
        }
        DUE.with_borrow_mut(|due| due.push_back(self));
        ask();
    }
}

/// Asks the browser for a turn, once.
fn ask() {
    if !IS_ASKED.replace(true) {
        GO_ON.with(dom::queue_microtask);
    }
}

/// Goes on with everything that is due. What becomes due meanwhile waits for the next turn, and so does the rest when
/// the browser breaks off a piece of work: each is taken out of the queue only when it is its turn.
fn go_on() {
    IS_ASKED.set(false);
    for _ in 0..DUE.with_borrow(VecDeque::len) {
        let Some(task) = DUE.with_borrow_mut(VecDeque::pop_front) else { break };
        if DUE.with_borrow(|due| !due.is_empty()) {
            ask();
        }
        task.0.is_due.set(false);
        let waker = Waker::from(Arc::clone(&task));
        let rest = task.0.rest.take();
        if let Some(mut work) = rest
            && work.as_mut().poll(&mut Context::from_waker(&waker)).is_pending()
        {
            task.0.rest.replace(Some(work));
        }
    }
}

/// The queue, as Leptos wants it.
struct Queue;

impl CustomExecutor for Queue {
    fn spawn(&self, work: PinnedFuture<()>) {
        self.spawn_local(work);
    }

    fn spawn_local(&self, work: PinnedLocalFuture<()>) {
        let work = Work { rest: RefCell::new(Some(work)), is_due: Cell::new(false) };
        Arc::new(Task(SendWrapper::new(work))).wake();
    }

    fn poll_local(&self) {}
}

/// Gives Leptos the queue. Later calls do nothing.
pub(crate) fn init() {
    let _ = Executor::init_custom_executor(Queue);
}

/// Runs a future on this thread.
pub fn spawn_local(work: impl Future<Output = ()> + 'static) {
    spawn(Box::pin(work));
}

fn spawn(work: PinnedLocalFuture<()>) {
    Executor::spawn_local(work);
}

/// Runs a future in the name of the present owner and gives it up when the owner ends.
pub fn spawn_local_scoped_with_cancellation(work: impl Future<Output = ()> + 'static) {
    let work: PinnedLocalFuture<()> = Box::pin(work);
    reactive_graph::spawn_local_scoped_with_cancellation(work);
}

/// Waits until the work that is due is done.
pub async fn tick() {
    Executor::tick().await;
}
