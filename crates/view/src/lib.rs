//! Leptos with one type each: one for views, one for what is kept in signals, one for memos, one for effects.
//!
//! The page is written as for Leptos, and this crate stands under the name `leptos` in it. `#[component]`,
//! owners and the reactive graph are Leptos' own; what is different is that nothing here is compiled again for each
//! view, each closure or each value. A view is a template (a string that `view!` writes) and its parts; a signal is a
//! number, with the value behind `dyn Any`. Each of them costs an indirection when it is used and saves the page a
//! copy of the machinery in the download.
//!
//! It never sets `innerHTML`, so a page with Trusted Types needs no policy for it.
//!
//! | Module | Knows |
//! | --- | --- |
//! | [`view`] | what can be drawn, and what can be the value of an attribute |
//! | `template` | the string that `view!` writes |
//! | `build` | drawing a template and drawing it again |
//! | [`keyed`] | lists whose rows keep their elements |
//! | [`component`] | calling what `#[component]` made |
//! | [`context`] | what an owner provides to everything below it |
//! | `arena` | where signals stand, by names of four bytes |
//! | [`task`] | the queue of work that waits for something |
//! | [`signals`] | signals, memos, stored values, effects |

// What `#[component]` and `view!` write names this crate as the page does.
extern crate self as leptos;

mod arena;
mod build;
pub mod callback;
pub mod children;
pub mod component;
pub mod context;
mod dom;
pub mod ev;
pub mod helpers;
pub mod html;
pub mod keyed;
pub mod mount;
pub mod node_ref;
pub mod signals;
pub mod task;
mod template;
pub mod view;

pub use view::{AnyView, CollectView, IntoAttribute, IntoView, View};

// What `#[component]` names.
#[doc(no_inline)]
pub use {reactive_graph as reactive, typed_builder, typed_builder_macro};

/// Everything that a page needs, as in Leptos.
pub mod prelude {
    pub use crate::callback::Callback;
    pub use crate::children::{Children, ChildrenFn, ToChildren, ViewFn};
    pub use crate::context::{provide_context, use_context};
    pub use crate::helpers::{
        TimeoutHandle, event_target_checked, event_target_value, on_cleanup, request_animation_frame,
        set_interval_with_handle, set_timeout, set_timeout_with_handle, window_event_listener,
        window_event_listener_untyped,
    };
    pub use crate::keyed::{For, ForProps};
    pub use crate::node_ref::NodeRef;
    pub use crate::signals::{Effect, Memo, ReadSignal, RwSignal, Signal, StoredValue, signal};
    pub use crate::view::{AnyView, CollectView, IntoAttribute, IntoView};
    pub use leptos_macro::component;
    pub use reactive_graph::IntoReactiveValue;
    pub use reactive_graph::graph::untrack;
    pub use upgrade_view_macros::view;
}
