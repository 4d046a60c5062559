//! Rows of the lists of facts on the pages of plans and runs.

use crate::components::Ident;
use leptos::prelude::*;

/// A term and what is said of it.
pub(super) fn row(term: &'static str, said: impl IntoView) -> AnyView {
    told(term, said.into_any())
}

fn told(term: &'static str, said: AnyView) -> AnyView {
    view! { <div><dt>{term}</dt><dd>{said}</dd></div> }.into_any()
}

/// An id that can be copied; `what` is its name in words.
pub(super) fn ident(value: String, what: &'static str) -> AnyView {
    view! { <Ident value=value what=what.to_owned()/> }.into_any()
}

/// A text that says something.
pub(super) fn filled(text: Option<&String>) -> Option<String> {
    text.filter(|text| !text.is_empty()).cloned()
}
