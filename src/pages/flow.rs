//! The form of an operation.

use leptos::prelude::*;

/// The page.
#[component]
pub fn FlowPage() -> impl IntoView {}
