//! JSON text as lines of coloured spans. Pure. The text is never parsed into values: numbers keep their digits,
//! members keep their order and repeated names stay, so what is shown is what was sent.

use std::ops::Range;

/// What a span is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The name of a member.
    Key,
    /// A string.
    Text,
    /// A number.
    Number,
    /// `true`, `false` or `null`.
    Literal,
    /// A brace, bracket, comma or colon.
    Mark,
}

/// A piece of a line: bytes of the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// What it is.
    pub kind: Kind,
    /// Where it stands in the source.
    pub bytes: Range<usize>,
}

/// One line of the layout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// How deep it is nested.
    pub depth: usize,
    /// Its pieces.
    pub spans: Vec<Span>,
    /// When it opens an object or a list: the line that closes it.
    pub closes: Option<usize>,
    /// When it opens one: how many members it has.
    pub members: usize,
}

impl Line {
    fn new(depth: usize) -> Self {
        Line { depth, spans: Vec::new(), closes: None, members: 0 }
    }
}

/// Lays JSON out, two values never on one line. `None` when the text is not JSON (or holds more than one value).
#[must_use]
pub fn lay_out(source: &str) -> Option<Vec<Line>> {
    let mut layout = Layout { source, at: 0, lines: vec![Line::new(0)], open: Vec::new() };
    layout.value()?;
    layout.space();
    (layout.at == source.len()).then_some(layout.lines)
}

struct Layout<'a> {
    source: &'a str,
    at: usize,
    lines: Vec<Line>,
    /// The lines that opened what is still open, each with the bracket that closes it.
    open: Vec<(usize, u8)>,
}

impl Layout<'_> {
    /// One value, however deep: a loop, not a recursion, so that no text can exhaust the stack.
    fn value(&mut self) -> Option<()> {
        loop {
            self.space();
            let opened = match self.peek()? {
                b'{' => Some(b'}'),
                b'[' => Some(b']'),
                b'"' => {
                    let bytes = self.string()?;
                    self.push(Kind::Text, bytes);
                    None
                }
                b'-' | b'0'..=b'9' => {
                    let bytes = self.number()?;
                    self.push(Kind::Number, bytes);
                    None
                }
                _ => {
                    let bytes = self.literal()?;
                    self.push(Kind::Literal, bytes);
                    None
                }
            };
            if let Some(closing) = opened {
                self.mark();
                self.space();
                if self.peek()? == closing {
                    self.mark();
                } else {
                    self.open.push((self.lines.len() - 1, closing));
                    self.next_item()?;
                    continue;
                }
            }
            if !self.after_value()? {
                return Some(());
            }
        }
    }

    /// After a value: a comma and the next item, or brackets that close. False at the end of the outermost value.
    fn after_value(&mut self) -> Option<bool> {
        loop {
            let Some((opener, closing)) = self.open.last().copied() else { return Some(false) };
            self.space();
            match self.peek()? {
                b',' => {
                    self.mark();
                    self.next_item()?;
                    return Some(true);
                }
                other if other == closing => {
                    self.open.pop();
                    self.lines.push(Line::new(self.open.len()));
                    let closer = self.lines.len() - 1;
                    if let Some(line) = self.lines.get_mut(opener) {
                        line.closes = Some(closer);
                    }
                    self.mark();
                }
                _ => return None,
            }
        }
    }

    /// A new line, with the name of the member when it is in an object.
    fn next_item(&mut self) -> Option<()> {
        let (opener, closing) = self.open.last().copied()?;
        if let Some(line) = self.lines.get_mut(opener) {
            line.members += 1;
        }
        self.lines.push(Line::new(self.open.len()));
        if closing == b'}' {
            self.space();
            let bytes = self.string()?;
            self.push(Kind::Key, bytes);
            self.space();
            if self.peek()? != b':' {
                return None;
            }
            self.mark();
        }
        Some(())
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.source.as_bytes().get(self.at).copied()
    }

    fn mark(&mut self) {
        self.push(Kind::Mark, self.at..self.at + 1);
        self.at += 1;
    }

    fn push(&mut self, kind: Kind, bytes: Range<usize>) {
        if let Some(line) = self.lines.last_mut() {
            line.spans.push(Span { kind, bytes });
        }
    }

    fn string(&mut self) -> Option<Range<usize>> {
        let start = self.at;
        if self.peek()? != b'"' {
            return None;
        }
        self.at += 1;
        loop {
            match self.peek()? {
                b'"' => {
                    self.at += 1;
                    return Some(start..self.at);
                }
                b'\\' => self.at += 2,
                0..0x20 => return None,
                _ => self.at += 1,
            }
        }
    }

    fn number(&mut self) -> Option<Range<usize>> {
        let start = self.at;
        self.skip(b"-");
        // One zero, or digits that do not start with one.
        if !self.skip(b"0") {
            self.digits()?;
        }
        if self.skip(b".") {
            self.digits()?;
        }
        if self.skip(b"eE") {
            self.skip(b"+-");
            self.digits()?;
        }
        Some(start..self.at)
    }

    fn digits(&mut self) -> Option<()> {
        let start = self.at;
        while self.skip(b"0123456789") {}
        (self.at > start).then_some(())
    }

    /// Passes one of these bytes, if it stands here.
    fn skip(&mut self, bytes: &[u8]) -> bool {
        let is_here = self.peek().is_some_and(|byte| bytes.contains(&byte));
        self.at += usize::from(is_here);
        is_here
    }

    fn literal(&mut self) -> Option<Range<usize>> {
        let rest = self.source.get(self.at..)?;
        let word = ["true", "false", "null"].into_iter().find(|word| rest.starts_with(word))?;
        let start = self.at;
        self.at += word.len();
        Some(start..self.at)
    }
}

/// Where a text occurs in the source, without regard to ASCII case: the start of each place.
#[must_use]
pub fn find_all(source: &str, wanted: &str) -> Vec<usize> {
    if wanted.is_empty() {
        return Vec::new();
    }
    let (haystack, needle) = (source.as_bytes(), wanted.as_bytes());
    let mut places = Vec::new();
    let mut at = 0;
    while let Some(window) = haystack.get(at..at + needle.len()) {
        if window.eq_ignore_ascii_case(needle) {
            places.push(at);
            at += needle.len();
        } else {
            at += 1;
        }
    }
    places
}
