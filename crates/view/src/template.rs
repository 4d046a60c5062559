//! The string that `view!` writes: marks (control characters), each followed by a name or a text.

/// What a mark says. The characters are those of `macros/src/markup.rs`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    /// An element begins; its name follows.
    Open,
    /// An element of SVG begins.
    OpenSvg,
    /// The element ends.
    Close,
    /// A text.
    Text,
    /// The name of an attribute whose value is next.
    Name,
    /// That value.
    Value,
    /// A part goes here.
    Child,
    /// A part is the value of the attribute of this name.
    Attribute,
    /// A part is the value of the property of this name.
    Property,
    /// A part listens to the event of this name.
    Event,
    /// A part wants to know the element.
    Reference,
}

impl Mark {
    fn of(byte: u8) -> Option<Mark> {
        Some(match byte {
            1 => Mark::Open,
            2 => Mark::OpenSvg,
            3 => Mark::Close,
            4 => Mark::Text,
            5 => Mark::Name,
            6 => Mark::Value,
            7 => Mark::Child,
            8 => Mark::Attribute,
            14 => Mark::Property,
            15 => Mark::Event,
            16 => Mark::Reference,
            _ => return None,
        })
    }
}

/// The marks of a template, each with what follows it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Marks(pub(crate) &'static str);

impl Iterator for Marks {
    type Item = (Mark, &'static str);

    fn next(&mut self) -> Option<Self::Item> {
        let mark = Mark::of(*self.0.as_bytes().first()?)?;
        let rest = self.0.get(1..)?;
        let end = rest.bytes().position(|byte| Mark::of(byte).is_some()).unwrap_or(rest.len());
        let (text, rest) = rest.split_at_checked(end)?;
        self.0 = rest;
        Some((mark, text))
    }
}

#[cfg(test)]
mod tests {
    use super::{Mark, Marks};

    #[test]
    fn a_template_is_read_mark_by_mark() {
        let template = "\u{1}p\u{5}class\u{6}a b\u{5}open\u{6}\u{8}id\u{4}中 文\n\u{7}\u{2}svg\u{3}\u{3}";
        let read: Vec<_> = Marks(template).collect();
        assert_eq!(
            read,
            [
                (Mark::Open, "p"),
                (Mark::Name, "class"),
                (Mark::Value, "a b"),
                (Mark::Name, "open"),
                (Mark::Value, ""),
                (Mark::Attribute, "id"),
                (Mark::Text, "中 文\n"),
                (Mark::Child, ""),
                (Mark::OpenSvg, "svg"),
                (Mark::Close, ""),
                (Mark::Close, ""),
            ]
        );
    }

    #[test]
    fn a_text_that_is_no_template_has_no_marks() {
        assert_eq!(Marks("plain").count(), 0);
        assert_eq!(Marks("").count(), 0);
    }
}
