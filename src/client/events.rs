//! The stream of a run's timeline.

use super::{TimelineEntry, encode};
use std::rc::Rc;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Event, EventSource, MessageEvent};

/// What is done with a piece of news.
type Heard = Rc<dyn Fn(News)>;

/// News of the stream.
#[derive(Clone, Debug, PartialEq)]
pub enum News {
    /// It is open; after a loss, again.
    Open,
    /// A new line of the timeline.
    Entry(TimelineEntry),
    /// The connection was lost. `gone` when the browser has given up: then somebody has to open it anew.
    Lost {
        /// Whether the browser has given up.
        gone: bool,
    },
}

/// A subscription to a run's timeline; dropping it closes the connection. The browser connects again by itself and
/// names the last event that it saw, so nothing is missed.
pub struct RunEvents {
    source: EventSource,
    _heard: Closure<dyn FnMut(MessageEvent)>,
    _opened: Closure<dyn FnMut(Event)>,
    _lost: Closure<dyn FnMut(Event)>,
}

impl RunEvents {
    /// Opens the stream of a run behind the first `known` lines of its timeline; `None` when the browser cannot.
    #[must_use]
    pub fn open(run: &str, known: usize, heard: Rc<dyn Fn(News)>) -> Option<Self> {
        let source = EventSource::new(&format!("api/runs/{}/events?after={known}", encode(run))).ok()?;
        let on_entry = {
            let heard: Heard = Rc::clone(&heard);
            Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
                let text = event.data().as_string().unwrap_or_default();
                if let Some(entry) = super::read(&text) {
                    heard(News::Entry(entry));
                }
            })
        };
        let on_open = {
            let heard: Heard = Rc::clone(&heard);
            Closure::<dyn FnMut(Event)>::new(move |_| heard(News::Open))
        };
        let on_lost = {
            let source = source.clone();
            Closure::<dyn FnMut(Event)>::new(move |_| {
                heard(News::Lost { gone: source.ready_state() == EventSource::CLOSED });
            })
        };
        source.add_event_listener_with_callback("timeline", on_entry.as_ref().unchecked_ref()).ok()?;
        source.set_onopen(Some(on_open.as_ref().unchecked_ref()));
        source.set_onerror(Some(on_lost.as_ref().unchecked_ref()));
        Some(RunEvents { source, _heard: on_entry, _opened: on_open, _lost: on_lost })
    }
}

impl Drop for RunEvents {
    fn drop(&mut self) {
        self.source.set_onopen(None);
        self.source.set_onerror(None);
        self.source.close();
    }
}
