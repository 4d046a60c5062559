//! Values as text.

use crate::{Map, Value};
use std::fmt::{Error, Write};

/// What can be printed.
pub trait Printable {
    /// Adds the text; `indent` is the depth, if it is laid out.
    fn print(&self, out: &mut String, indent: Option<usize>);
}

/// The compact text.
///
/// # Errors
/// None; serde_json has some.
pub fn to_string(value: &impl Printable) -> Result<String, Error> {
    Ok(print(value, false))
}

/// The text with a line for each member and item, two blanks to a level.
///
/// # Errors
/// None; serde_json has some.
pub fn to_string_pretty(value: &impl Printable) -> Result<String, Error> {
    Ok(print(value, true))
}

pub(crate) fn print(value: &dyn Printable, pretty: bool) -> String {
    let mut out = String::new();
    value.print(&mut out, pretty.then_some(0));
    out
}

impl Printable for Value {
    fn print(&self, out: &mut String, indent: Option<usize>) {
        match self {
            Value::Null => out.push_str("null"),
            Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Value::Number(number) => out.push_str(&number.to_string()),
            Value::String(text) => print_text(out, text),
            Value::Array(items) => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    next_line(out, index > 0, indent, 1);
                    item.print(out, deeper(indent));
                }
                next_line(out, false, indent.filter(|_| !items.is_empty()), 0);
                out.push(']');
            }
            Value::Object(members) => members.print(out, indent),
        }
    }
}

impl Printable for Map<String, Value> {
    fn print(&self, out: &mut String, indent: Option<usize>) {
        out.push('{');
        for (index, (name, value)) in self.iter().enumerate() {
            next_line(out, index > 0, indent, 1);
            print_text(out, name);
            out.push_str(if indent.is_some() { ": " } else { ":" });
            value.print(out, deeper(indent));
        }
        next_line(out, false, indent.filter(|_| !self.is_empty()), 0);
        out.push('}');
    }
}

fn deeper(indent: Option<usize>) -> Option<usize> {
    indent.map(|depth| depth + 1)
}

/// A comma after what stands before, and a new line when it is laid out.
fn next_line(out: &mut String, comma: bool, indent: Option<usize>, more: usize) {
    if comma {
        out.push(',');
    }
    if let Some(depth) = indent {
        out.push('\n');
        for _ in 0..depth + more {
            out.push_str("  ");
        }
    }
}

fn print_text(out: &mut String, text: &str) {
    out.push('"');
    for letter in text.chars() {
        let short = match letter {
            '"' => "\\\"",
            '\\' => "\\\\",
            '\u{8}' => "\\b",
            '\t' => "\\t",
            '\n' => "\\n",
            '\u{c}' => "\\f",
            '\r' => "\\r",
            '\0'..' ' => {
                // Writing into a `String` never fails.
                let _ = write!(out, "\\u{:04x}", u32::from(letter));
                continue;
            }
            _ => {
                out.push(letter);
                continue;
            }
        };
        out.push_str(short);
    }
    out.push('"');
}
