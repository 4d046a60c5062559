//! Work that waits for something: Leptos' tasks, compiled once.

use any_spawner::Executor;
use std::future::Future;
use std::pin::Pin;

/// Runs a future on this thread.
pub fn spawn_local(work: impl Future<Output = ()> + 'static) {
    let work: Pin<Box<dyn Future<Output = ()>>> = Box::pin(work);
    Executor::spawn_local(work);
}

/// Runs a future in the name of the present owner and gives it up when the owner ends.
pub fn spawn_local_scoped_with_cancellation(work: impl Future<Output = ()> + 'static) {
    let work: Pin<Box<dyn Future<Output = ()>>> = Box::pin(work);
    leptos::task::spawn_local_scoped_with_cancellation(work);
}

/// Waits until the work that is due is done.
pub async fn tick() {
    leptos::task::tick().await;
}
