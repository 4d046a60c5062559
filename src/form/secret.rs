//! A secret that was typed: kept in memory only.

use std::fmt;
use zeroize::Zeroizing;

/// What stands for a secret wherever a value is shown.
pub const MASK: &str = "••••••••";

/// Text that is never shown, logged or stored: it has no serialisation, and its `Debug` says only whether it is empty.
/// The memory is overwritten when it is dropped; what the browser keeps in its input is not ours to overwrite.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct SecretText(Zeroizing<String>);

impl SecretText {
    /// Takes what was typed.
    #[must_use]
    pub fn new(text: String) -> SecretText {
        SecretText(Zeroizing::new(text))
    }

    /// The text itself: for the call that sends it and for the input it was typed into, nowhere else.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether nothing was typed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(if self.is_empty() { "SecretText(empty)" } else { "SecretText(…)" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_says_nothing() {
        let shown = format!("{:?}", SecretText::new("hunter2".to_owned()));
        assert_eq!(shown, "SecretText(…)");
    }
}
