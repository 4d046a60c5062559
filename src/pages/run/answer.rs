//! What the cloud answered, verbatim, with what its documents say about it.

use crate::client::{Answer, Run, RunState};
use crate::components::{Empty, Fold, Glyph, Ident, JsonView, ModeTag};
use crate::words::Words;
use leptos::prelude::*;

/// The card.
pub(super) fn answer(run: &Run, words: &'static Words) -> AnyView {
    let table = &words.run;
    let inside = match run.answer.clone() {
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

fn answered(answer: Answer, run: &str, words: &'static Words) -> AnyView {
    let table = &words.run;
    let body = answer.body.unwrap_or_default();
    let size = body.len();
    let fact = |term: &'static str, value: Option<AnyView>| {
        value.map(|value| view! { <div><dt>{term}</dt><dd>{value}</dd></div> })
    };
    let text = |value: Option<String>| value.filter(|value| !value.is_empty());
    let code = text(answer.code)
        .map(|code| view! { <div><dt>{table.code()}</dt><dd><code>{code}</code></dd></div> });
    let request = text(answer.request_id).map(|id| {
        view! {
            <div><dt>{table.request_id()}</dt><dd><Ident value=id what=table.the_request_id().to_owned()/></dd></div>
        }
    });
    let message =
        text(answer.message).map(|message| view! { <div><dt>{table.message()}</dt><dd>{message}</dd></div> });
    let meaning =
        text(answer.meaning).map(|meaning| view! { <div><dt>{table.meaning()}</dt><dd>{meaning}</dd></div> });
    let recommend = text(answer.recommend).filter(|address| address.starts_with("https://")).map(|address| {
        view! {
            <div>
                <dt>{table.recommend()}</dt>
                <dd>
                    <a href=address target="_blank" rel="external noopener noreferrer">{table.recommend_link()}</a>
                </dd>
            </div>
        }
    });
    let more = (request.is_some() || code.is_some() || message.is_some() || meaning.is_some() || recommend.is_some())
        .then(|| view! { <dl class="facts facts-tight facts-top">{code}{message}{meaning}{recommend}{request}</dl> });
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
                {fact(table.status(), answer.status.map(|status| view! { <b>{status}</b> }.into_any()))}
                {fact(table.took_label(), answer.duration_ms.map(|took| table.milliseconds(took).into_any()))}
                {fact(table.size(), Some(bytes(size, words).into_any()))}
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
