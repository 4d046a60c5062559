//! Secrets that this page does not know and that a call needs: they are typed once more, on the review and on the run.

use crate::client::SecretValues;
use crate::form::secret::SecretText;
use leptos::prelude::*;

/// A field for each pointer; what is typed goes into `entered`. The ids begin with `id`; `why` is the id of the text
/// that says why they are asked for.
pub(super) fn secret_fields(
    pointers: &[String],
    id: &'static str,
    why: &'static str,
    entered: RwSignal<SecretValues>,
) -> AnyView {
    let field = |(index, pointer): (usize, &String)| {
        let id = format!("{id}-{index}");
        let name = pointer.trim_start_matches('/').to_owned();
        let pointer = pointer.clone();
        let typed = move |event| {
            let value = SecretText::new(event_target_value(&event));
            entered.update(|entered| {
                entered.retain(|(known, _)| *known != pointer);
                entered.push((pointer.clone(), value));
            });
        };
        view! {
            <div class="field">
                <label for=id.clone()><code>{name}</code></label>
                <input
                    class="input input-mono"
                    type="password"
                    id=id
                    autocomplete="new-password"
                    aria-describedby=why
                    on:input=typed
                />
            </div>
        }
    };
    pointers.iter().enumerate().map(field).collect_view()
}

/// Whether something was typed for every pointer.
pub(super) fn are_typed(pointers: &[String], entered: &SecretValues) -> bool {
    pointers.iter().all(|pointer| entered.iter().any(|(known, value)| known == pointer && !value.is_empty()))
}
