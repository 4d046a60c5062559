//! A JSON text, laid out, coloured, foldable and searchable. Long texts are drawn a part at a time, so that megabytes
//! do not stop the page.

use super::json_lines::{Kind, Line, find_all, lay_out};
use super::{CopyButton, Glyph, Icon};
use crate::browser;
use crate::words::{say, use_words};
use leptos::prelude::*;
use std::ops::Range;
use std::sync::Arc;

/// How many lines are drawn at first, and more each time more is asked for.
const PART: usize = 400;

/// A long string inside one line is cut into pieces of this many bytes for drawing; nothing is left out.
const LONGEST_PIECE: usize = 20_000;

/// A JSON text for reading. What is not JSON is shown as it came.
#[component]
pub fn JsonView(
    /// The text, as it came.
    #[prop(into)]
    source: Signal<String>,
    /// Its name, as a heading above it.
    #[prop(into)]
    label: Signal<String>,
    /// What copying it is called: "the body".
    #[prop(into)]
    what: Signal<String>,
    /// Offers a download under this file name.
    #[prop(optional)]
    file: Option<String>,
    /// Offers a search.
    #[prop(optional)]
    search: bool,
) -> impl IntoView {
    let words = use_words();
    let query = RwSignal::new(String::new());
    let text = Memo::new(move |_| source.with(|source| Arc::<str>::from(source.as_str())));
    let lines = Memo::new(move |_| text.with(|text| lay_out(text)).map(Arc::new));
    let hits = Memo::new(move |_| text.with(|text| query.with(|query| find_all(text, query))));
    let said_hits = move || {
        query.with(|query| !query.is_empty()).then(|| words.get().shell.json_hits(hits.with(Vec::len)))
    };
    let download = file.map(|file| {
        let save = move |_| save_as(&source.get_untracked(), &file);
        view! {
            <button class="btn btn-quiet btn-s" type="button" on:click=save>
                <Icon glyph=Glyph::Download class="i-s"/>{say(|w| w.shell.download())}
            </button>
        }
    });
    let finder = search.then(|| {
        view! {
            <input
                class="input input-s"
                type="search"
                aria-label=say(|w| w.shell.json_find())
                placeholder=say(|w| w.shell.json_find())
                prop:value=query
                on:input=move |event| query.set(event_target_value(&event))
            />
            <span class="mute" role="status">{move || said_hits()}</span>
        }
    });
    let inside = move || {
        if text.with(|text| text.is_empty()) {
            return view! { <p class="code-foot">{say(|w| w.shell.json_empty())}</p> }.into_any();
        }
        match lines.get() {
            Some(lines) => {
                view! { <Laid text=text.get() lines=lines hits=hits query=query label=label/> }.into_any()
            }
            None => {
                let plain = text.get().to_string();
                view! {
                    <pre tabindex="0" role="group" aria-label=label><code>{plain}</code></pre>
                    <p class="code-foot"><span>{say(|w| w.shell.json_not())}</span></p>
                }
                .into_any()
            }
        }
    };
    view! {
        <div class="code">
            <div class="code-head">
                <span>{label}</span>
                <span class="row">{finder}{download}<CopyButton text=source what=what/></span>
            </div>
            {move || inside()}
        </div>
    }
}

/// The lines of a text that is JSON.
#[component]
fn Laid(
    text: Arc<str>,
    lines: Arc<Vec<Line>>,
    hits: Memo<Vec<usize>>,
    query: RwSignal<String>,
    label: Signal<String>,
) -> impl IntoView {
    let words = use_words();
    let limit = RwSignal::new(PART);
    let folded = RwSignal::new(Vec::<usize>::new());
    let shown = {
        let lines = Arc::clone(&lines);
        Memo::new(move |_| folded.with(|folded| visible(&lines, folded, limit.get())))
    };
    let drawn = move || {
        let Shown { numbers, .. } = shown.get();
        let drawing =
            Drawing { text: &text, lines: &lines, hits: &hits.get(), width: query.with(String::len) };
        let words = words.get();
        numbers.into_iter().map(|number| drawing.line(number, folded, words)).collect_view()
    };
    let more = move || {
        let left = shown.with(|shown| shown.left);
        (left > 0).then(|| {
            let say_more = words.get().shell.json_more(left.min(PART * 5));
            view! {
                <p class="code-foot">
                    <button class="link" type="button" on:click=move |_| limit.update(|limit| *limit += PART * 5)>
                        {say_more}
                    </button>
                </p>
            }
        })
    };
    view! {
        <pre class="json" tabindex="0" role="group" aria-label=label><code>{move || drawn()}</code></pre>
        {move || more()}
    }
}

/// The lines that folding leaves, as far as they are drawn.
#[derive(Clone, Debug, Default, PartialEq)]
struct Shown {
    /// Their numbers.
    numbers: Vec<usize>,
    /// How many more could be drawn.
    left: usize,
}

fn visible(lines: &[Line], folded: &[usize], limit: usize) -> Shown {
    let mut shown = Shown::default();
    let mut number = 0;
    while let Some(line) = lines.get(number) {
        if shown.numbers.len() < limit {
            shown.numbers.push(number);
        } else {
            shown.left += 1;
        }
        number = match line.closes {
            Some(closer) if folded.contains(&number) => closer + 1,
            _ => number + 1,
        };
    }
    shown
}

/// What is needed to draw a line.
struct Drawing<'a> {
    text: &'a str,
    lines: &'a [Line],
    hits: &'a [usize],
    width: usize,
}

impl Drawing<'_> {
    fn line(
        &self,
        number: usize,
        folded: RwSignal<Vec<usize>>,
        words: &'static crate::words::Words,
    ) -> AnyView {
        let Some(line) = self.lines.get(number) else { return ().into_any() };
        let is_folded = folded.with(|folded| folded.contains(&number));
        let button = line.closes.map(|_| {
            let toggle = move |_| {
                folded.update(|folded| match folded.iter().position(|known| *known == number) {
                    Some(at) => drop(folded.remove(at)),
                    None => folded.push(number),
                });
            };
            view! {
                <button
                    class="json-fold"
                    type="button"
                    aria-expanded=if is_folded { "false" } else { "true" }
                    aria-label=if is_folded { words.shell.json_unfold() } else { words.shell.json_fold() }
                    on:click=toggle
                >
                    <Icon glyph=Glyph::Chevron class="i-s"/>
                </button>
            }
        });
        let mut pieces = self.pieces(line);
        if is_folded {
            let rest = format!(" {} ", words.shell.json_items(line.members));
            pieces.push(view! { <span class="c">{rest}</span> }.into_any());
            if let Some(closer) = line.closes.and_then(|closer| self.lines.get(closer)) {
                pieces.extend(self.pieces(closer));
            }
        }
        let indent = "  ".repeat(line.depth);
        view! { <span class="json-line">{button}{indent}{pieces}{"\n"}</span> }.into_any()
    }

    fn pieces(&self, line: &Line) -> Vec<AnyView> {
        let mut pieces = Vec::new();
        for (index, span) in line.spans.iter().enumerate() {
            let class = match span.kind {
                Kind::Key => "k",
                Kind::Text => "s",
                Kind::Number => "n",
                Kind::Literal => "l",
                Kind::Mark => "",
            };
            for (bytes, is_hit) in self.cut(&span.bytes) {
                let piece = self.text.get(bytes).unwrap_or_default().to_owned();
                pieces.push(match (is_hit, class) {
                    (true, _) => view! { <mark>{piece}</mark> }.into_any(),
                    (false, "") => piece.into_any(),
                    (false, class) => view! { <span class=class.to_owned()>{piece}</span> }.into_any(),
                });
            }
            // A space after the colon and before an opening bracket, as people write it.
            if span.kind == Kind::Mark
                && line.spans.get(index + 1).is_some()
                && self.text.get(span.bytes.clone()) == Some(":")
            {
                pieces.push(" ".into_any());
            }
        }
        pieces
    }

    /// A span cut where found places begin and end, and into drawable lengths, always between characters.
    fn cut(&self, bytes: &Range<usize>) -> Vec<(Range<usize>, bool)> {
        let mut pieces = Vec::new();
        let mut at = bytes.start;
        let first = self.hits.partition_point(|hit| hit + self.width <= bytes.start);
        for hit in self.hits.iter().skip(first).copied().take_while(|hit| *hit < bytes.end) {
            let (from, to) = (hit.max(bytes.start), (hit + self.width).min(bytes.end));
            if !self.text.is_char_boundary(from) || !self.text.is_char_boundary(to) {
                continue;
            }
            pieces.push((at..from, false));
            pieces.push((from..to, true));
            at = to;
        }
        while bytes.end - at > LONGEST_PIECE {
            let mut to = at + LONGEST_PIECE;
            while !self.text.is_char_boundary(to) {
                to += 1;
            }
            pieces.push((at..to, false));
            at = to;
        }
        pieces.push((at..bytes.end, false));
        pieces.retain(|(range, _)| !range.is_empty());
        pieces
    }
}

/// Hands a text to the browser as a file, byte for byte.
fn save_as(text: &str, file: &str) {
    use wasm_bindgen::JsCast;
    let parts = js_sys::Array::of1(&wasm_bindgen::JsValue::from_str(text));
    let options = web_sys::BlobPropertyBag::new();
    options.set_type("application/octet-stream");
    let Ok(blob) = web_sys::Blob::new_with_str_sequence_and_options(&parts, &options) else { return };
    let Ok(address) = web_sys::Url::create_object_url_with_blob(&blob) else { return };
    let link = browser::document().and_then(|document| document.create_element("a").ok());
    if let Some(link) = link.and_then(|link| link.dyn_into::<web_sys::HtmlAnchorElement>().ok()) {
        link.set_href(&address);
        link.set_download(file);
        link.click();
    }
    let _ = web_sys::Url::revoke_object_url(&address);
}
