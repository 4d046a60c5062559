//! Callouts, and what stands where nothing else can: loading, empty, failed.

use super::{Glyph, Icon};
use crate::words::{errors::Explained, say};
use leptos::prelude::*;

/// What a note is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NoteKind {
    /// Neutral.
    #[default]
    Info,
    /// Went well.
    Ok,
    /// Needs care.
    Warn,
    /// Went wrong, or destroys.
    Bad,
    /// Only a rehearsal.
    Simulated,
    /// Nobody knows.
    Unknown,
}

impl NoteKind {
    fn look(self) -> (&'static str, Glyph) {
        match self {
            NoteKind::Info => ("note note-info", Glyph::Info),
            NoteKind::Ok => ("note note-ok", Glyph::Ok),
            NoteKind::Warn => ("note note-warn", Glyph::Alert),
            NoteKind::Bad => ("note note-bad", Glyph::Refused),
            NoteKind::Simulated => ("note note-sim", Glyph::Mask),
            NoteKind::Unknown => ("note note-unknown", Glyph::Unknown),
        }
    }
}

/// A callout.
#[component]
pub fn Note(
    /// What it is about.
    kind: NoteKind,
    /// Another glyph than its own.
    #[prop(optional)]
    glyph: Option<Glyph>,
    /// `alert`, only when it appears by itself.
    #[prop(optional)]
    role: Option<&'static str>,
    /// What it says.
    children: Children,
) -> impl IntoView {
    let (class, own) = kind.look();
    view! { <div class=class role=role><Icon glyph=glyph.unwrap_or(own)/><div>{children}</div></div> }
}

/// A failure with its next step, and a way to try again where there is one.
#[component]
pub fn ErrorNote(
    /// What to say.
    explained: Explained,
    /// What trying again does.
    #[prop(optional, into)]
    retry: Option<Callback<()>>,
) -> impl IntoView {
    let again = say(|w| w.shell.try_again());
    let Explained { title, detail, next } = explained;
    view! {
        <Note kind=NoteKind::Bad role="alert">
            <p><b>{title}</b></p>
            {(!detail.is_empty()).then(|| view! { <p>{detail}</p> })}
            <p>{next}</p>
            {retry
                .map(|retry| {
                    view! {
                        <p class="row">
                            <button class="btn btn-s" type="button" on:click=move |_| retry.run(())>{again}</button>
                        </p>
                    }
                })}
        </Note>
    }
}

/// Something is being read.
#[component]
pub fn Loading(
    /// What, in words: "Reading the runs".
    #[prop(into)]
    what: Signal<String>,
) -> impl IntoView {
    let bones = ["bone bone-40", "bone bone-90", "bone bone-65"]
        .map(|class| view! { <span class=class.to_owned()></span> })
        .collect_view();
    view! {
        <div class="loading">
            <p class="row mute" role="status"><Icon glyph=Glyph::Moving class="spin"/>{what}</p>
            <div class="bones" aria-hidden="true">{bones}</div>
        </div>
    }
}

/// There is nothing, and what to do about it.
#[component]
pub fn Empty(
    /// What is missing.
    #[prop(into)]
    title: Signal<String>,
    /// A glyph that fits.
    #[prop(optional)]
    glyph: Option<Glyph>,
    /// More, and the way out.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="empty">
            <Icon glyph=glyph.unwrap_or(Glyph::Search) class="i-l"/>
            <h3>{title}</h3>
            {children}
        </div>
    }
}
