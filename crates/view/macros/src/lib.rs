//! `view!`: the markup of Leptos, compiled to one string and a list of parts.
//!
//! The string says what never changes: elements, attributes, texts, and where the parts go. The parts are what Rust
//! computes. `upgrade-view` reads the string when it draws, in one loop for all views; so a view costs the page the
//! bytes of its markup and not a function for each element.

mod markup;
mod svg;

use proc_macro::TokenStream;

/// Draws markup: elements, components, `{blocks}` and `"texts"`, in the syntax of Leptos.
///
/// On elements: `name="text"`, `name=value`, `name=move || value`, `prop:name=value`, `on:event=handler`,
/// `node_ref=reference`. On components: properties, and children.
#[proc_macro]
pub fn view(tokens: TokenStream) -> TokenStream {
    markup::expand(tokens.into()).unwrap_or_else(|error| error.to_compile_error()).into()
}
