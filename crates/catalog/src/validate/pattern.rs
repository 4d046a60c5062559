//! Regular expressions of the subset that ECMA 262 and `regex-lite` share, by whichever of the two is at hand: the
//! browser has the one, the server the other. Their verdicts are the same; the documents are tested for it.

#[cfg(target_arch = "wasm32")]
pub(super) use browser::Pattern;
#[cfg(not(target_arch = "wasm32"))]
pub(super) use regex_lite::Regex as Pattern;

#[cfg(target_arch = "wasm32")]
mod browser {
    use js_sys::{Array, Function, Reflect, RegExp, global};
    use wasm_bindgen::{JsCast, JsValue};

    /// A regular expression of the browser.
    pub(in crate::validate) struct Pattern(RegExp);

    impl Pattern {
        /// Reads an unanchored pattern, in code points as JSON Schema wants it.
        ///
        /// # Errors
        /// What the browser says when it cannot be read.
        pub(in crate::validate) fn new(pattern: &str) -> Result<Self, JsValue> {
            // Not `RegExp::new`, which would let the exception of a bad pattern through the whole page.
            let make = Reflect::get(&global(), &"RegExp".into())?.dyn_into::<Function>()?;
            let regex = Reflect::construct(&make, &Array::of2(&pattern.into(), &"u".into()))?;
            Ok(Pattern(regex.dyn_into()?))
        }

        /// Whether it is found anywhere in the text.
        pub(in crate::validate) fn is_match(&self, text: &str) -> bool {
            self.0.test(text)
        }
    }
}
