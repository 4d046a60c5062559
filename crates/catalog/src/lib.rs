//! The catalogue: what an upgrade operation is, how its documents are read, how a value is checked, and which
//! call it makes. Pure: no clock, no network, no disk. The page and the server use the same code, so that what
//! is said while typing is what the server will say.
//!
//! `apis/*.yaml` → `reader` (server only) → [`model`] → [`validate`] → [`call`].

// What the page downloads for JSON: something small under the same name.
#[cfg(target_arch = "wasm32")]
extern crate upgrade_json as serde_json;

pub mod call;
pub mod model;
pub mod number;
pub mod phrase;
pub mod read_json;
#[cfg(feature = "reader")]
pub mod reader;
pub mod strict_json;
pub mod text;
pub mod validate;

pub use model::{Cloud, Field, Kind, Operation, OperationSummary, Role, Text, Trait};
