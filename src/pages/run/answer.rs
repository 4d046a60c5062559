//! What the cloud answered, verbatim, with what its documents say about it.

use crate::client::{Answer, Run, RunState};
use crate::components::{Empty, Fold, Glyph, JsonView, ModeTag};
use crate::pages::rows::{filled, ident, row};
use crate::words::Words;
use leptos::prelude::*;

/// The card.
pub(super) fn answer(run: &Run, words: &'static Words) -> AnyView {
    let table = &words.run;
    let inside = match &run.answer {
        Some(answer) => answered(answer, &run.id, words),
        None => {
            let text = match run.state {
                RunState::Unknown => table.no_answer_text(),
                RunState::Confirmed | RunState::Sent => table.no_answer_yet(),
                // A run that never left has no answer, and its outcome says why.
                _ => "",
            };
            view! {
                <div class="card-body">
                    <Empty title=table.no_answer().to_owned() glyph=Glyph::Unsent><p>{text}</p></Empty>
                </div>
            }
            .into_any()
        }
    };
    view! {
        <section class="card" aria-labelledby="a-h">
            <div class="card-head"><h2 id="a-h">{table.answer()}</h2><ModeTag mode=run.mode/></div>
            {inside}
        </section>
    }
    .into_any()
}

fn answered(answer: &Answer, run: &str, words: &'static Words) -> AnyView {
    let table = &words.run;
    let body = answer.body.clone().unwrap_or_default();
    let size = body.len();
    let code = filled(answer.code.as_ref()).map(|code| row(table.code(), view! { <code>{code}</code> }));
    let message = filled(answer.message.as_ref()).map(|message| row(table.message(), message));
    let meaning = filled(answer.meaning.as_ref()).map(|meaning| row(table.meaning(), meaning));
    let address = filled(answer.recommend.as_ref()).filter(|address| address.starts_with("https://"));
    let recommend = address.map(|address| {
        let link = view! {
            <a href=address target="_blank" rel="external noopener noreferrer">{table.recommend_link()}</a>
        };
        row(table.recommend(), link)
    });
    let request = filled(answer.request_id.as_ref());
    let request = request.map(|id| row(table.request_id(), ident(id, table.the_request_id())));
    let more: Vec<AnyView> = [code, message, meaning, recommend, request].into_iter().flatten().collect();
    let more = (!more.is_empty()).then(|| view! { <dl class="facts facts-tight facts-top">{more}</dl> });
    let file = format!("{run}.json");
    let shown = (size > 0).then(|| {
        view! {
            <Fold label=table.show_body().to_owned() said=Signal::stored(bytes(size, words))>
                <JsonView
                    source=body.clone()
                    label=table.body().to_owned()
                    what=table.the_body().to_owned()
                    file=file.clone()
                    search=true
                />
            </Fold>
        }
    });
    view! {
        <div class="card-body">
            <dl class="kv">
                {answer.status.map(|status| row(table.status(), view! { <b>{status}</b> }))}
                {answer.duration_ms.map(|took| row(table.took_label(), table.milliseconds(took)))}
                {row(table.size(), bytes(size, words))}
            </dl>
        </div>
        {more}
        {shown}
    }
    .into_any()
}

fn bytes(size: usize, words: &'static Words) -> String {
    let unit = if words.is_chinese() { "字节" } else { "B" };
    match size {
        0..=9_999 => format!("{size} {unit}"),
        10_000..=9_999_999 => format!("{} kB", size / 1000),
        _ => format!("{} MB", size / 1_000_000),
    }
}
