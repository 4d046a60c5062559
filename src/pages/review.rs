//! Being written.

use leptos::prelude::*;

/// The page.
#[component]
pub fn ReviewPage() -> impl IntoView {}
