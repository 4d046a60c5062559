//! A catalogue entry as a form: what was typed, what it means, and how it is drawn.
//!
//! The first modules are pure and run anywhere: [`draft`] holds what was typed, [`output`] turns it into parameters
//! and [`input`] back, [`problems`] says what is wrong. The others draw it.

pub mod draft;
pub mod input;
pub mod json_text;
pub mod link;
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
