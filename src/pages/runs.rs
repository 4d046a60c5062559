//! Being written.

use leptos::prelude::*;

/// The page.
#[component]
pub fn RunsPage() -> impl IntoView {}
