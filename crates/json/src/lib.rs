//! JSON values for the page, under the name `serde_json`.
//!
//! The page is downloaded, and serde_json brings what a page has no use for: hash tables for objects of ten members,
//! five instances of its printer, and the tables that turn floats into digits and back. Here an object is a list of
//! members and a number is the text that was typed, so that none of it changes on the way.
//!
//! It is that part of serde_json's interface which the page uses, with the same meaning, and `tests/alike.rs` compares
//! them. One thing differs: a number with a point or an exponent stays as it was typed, so `1e2` is printed as `1e2`.
//! JSON is read by `catalog::strict_json` on both sides.

mod macros;
mod map;
mod number;
mod print;
mod value;

pub use map::{Iter, Map};
pub use number::{NotANumber, Number};
pub use print::{Printable, to_string, to_string_pretty};
pub use value::{ToJson, Value};
