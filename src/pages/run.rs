//! Being written.

use leptos::prelude::*;

/// The page.
#[component]
pub fn RunPage() -> impl IntoView {}
