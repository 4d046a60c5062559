//! A catalogue entry as a form: what was typed, what it means, and how it is drawn.
//!
//! The first modules are pure and run anywhere: [`draft`] holds what was typed, [`output`] turns it into parameters
//! and [`input`] back, [`problems`] says what is wrong. The others draw it: [`state`] is the form while it is open,
//! [`control`] one place of it, [`field`] picks the control by the kind of the field.

pub mod draft;
mod draft_json;
pub mod input;
pub mod json_text;
pub mod link;
pub mod offers;
pub mod output;
pub mod path;
pub mod pointer;
pub mod problems;
pub mod rules;
pub mod secret;
pub mod sections;
pub mod stored;
#[cfg(test)]
mod tests;
pub mod time;
pub mod token;

pub mod aside;
pub mod binding;
pub mod browser_zone;
pub mod choice;
pub mod control;
pub mod field;
pub mod frame;
pub mod free;
pub mod operation_form;
pub mod picker;
pub mod preview;
pub mod row_tools;
pub mod rows;
pub mod state;
pub mod text;
pub mod time_control;
pub mod timeline;

pub use operation_form::{FormParts, operation_form};
pub use state::FormState;
