//! What surrounds a changing operation. What is peculiar to one product lives in that product's file; an operation
//! without one gets what its traits say.

mod aad;
mod alikafka;
mod bss;
mod cbh;
mod compute_nest;
pub mod current;
pub mod look;
pub mod review;
pub mod traces;

pub use current::{Current, Inquiry, Price, Quote, Quoted};
pub use look::{Look, Pace, Sight, Standing, Undo};
pub use review::{Change, Cost, CostKind, Reversible, Review};

use crate::{
    answer::{Answer, EmptyBody},
    asking::AskError,
    choices::{Choices, Choosing},
    error::{FieldError, text},
    plan::PlanKind,
    run::{Run, State},
};
use catalog::{Operation, Role, Text, model::Site};
use futures_util::{FutureExt, future::BoxFuture};
use jiff::Timestamp;
use review::generic_review;
use serde_json::{Map, Value};

/// The input of a plan, as flows see it. Secrets are masked.
#[derive(Clone, Copy)]
pub struct Draft<'a> {
    /// The operation.
    pub operation: &'a Operation,
    /// Parameters with masks for secrets.
    pub parameters: &'a Map<String, Value>,
    /// The clock that the profile's cloud goes by.
    pub now: Timestamp,
    /// Whether a plan is being confirmed: then the time kept for reading the review may be used up.
    pub confirming: bool,
    /// What the cloud told of the instance; nothing when it was not asked or could not be.
    pub current: &'a Current,
}

impl<'a> Draft<'a> {
    /// Text of a top-level parameter.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&'a str> {
        self.parameters.get(name).and_then(Value::as_str)
    }

    fn by_role(&self, role: Role) -> Option<&'a Value> {
        self.operation.field_with(role).and_then(|field| self.parameters.get(&field.name))
    }

    /// Whether the plan only checks: its dry-run field says "true".
    #[must_use]
    pub fn is_dry_run(&self) -> bool {
        self.by_role(Role::DryRun).and_then(Value::as_str) == Some("true")
    }

    /// Whether the plan takes a schedule back.
    #[must_use]
    pub fn is_cancel(&self) -> bool {
        self.by_role(Role::Cancel).and_then(Value::as_bool) == Some(true)
    }
}

/// The rules of one product.
pub trait Flow: Send + Sync {
    /// Rules that need a clock: refused when the plan is made (400) and when it is confirmed (409).
    fn check(&self, draft: &Draft<'_>) -> Vec<FieldError> {
        let _ = draft;
        Vec::new()
    }

    /// What the cloud says of the instance now, and whether the plan can work. When it cannot be asked, the plan is
    /// made without: people must be able to type what a list does not show.
    fn current<'a>(&'a self, inquiry: &'a Inquiry<'a>) -> BoxFuture<'a, Result<Current, AskError>> {
        let _ = inquiry;
        async { Ok(Current::default()) }.boxed()
    }

    /// What it costs, when the cloud can say. `None`: there is nobody to ask.
    fn price<'a>(
        &'a self,
        inquiry: &'a Inquiry<'a>,
        current: &'a Current,
    ) -> BoxFuture<'a, Result<Option<Quoted>, AskError>> {
        let _ = (inquiry, current);
        async { Ok(None) }.boxed()
    }

    /// What the person sees.
    fn review(&self, draft: &Draft<'_>) -> Review {
        generic_review(draft)
    }

    /// Pointers of fields whose choices come from the cloud; `*` stands for an index, or for the name of a free member.
    fn choice_fields(&self) -> &'static [&'static str] {
        &[]
    }

    /// Choices for one of them.
    fn choices<'a>(&'a self, choosing: Choosing<'a>) -> BoxFuture<'a, Result<Choices, AskError>> {
        let _ = choosing;
        async { Ok(Choices::default()) }.boxed()
    }

    /// What an empty 2xx body means.
    fn empty_body(&self) -> EmptyBody {
        EmptyBody::Unreadable
    }

    /// Where an accepted run stands, with what to say.
    fn accepted(&self, draft: &Draft<'_>, answer: &Answer) -> Sight {
        let _ = (draft, answer);
        Sight::going(State::Accepted, text("The cloud accepted the request.", "云端已接受请求。"))
    }

    /// How often to look at the cloud while a run is in a state; `None` when there is nothing to look at.
    fn pace(&self, state: State) -> Option<Pace> {
        let _ = state;
        None
    }

    /// Looks where a run stands. Also the check of a run whose outcome is unknown: then it looks for traces of the call.
    fn look<'a>(&'a self, look: &'a Look<'a>) -> BoxFuture<'a, Result<Sight, AskError>> {
        let _ = look;
        async { Ok(Sight::unclear(text("Nothing can be asked.", "没有可以查询的内容。"))) }.boxed()
    }

    /// How a run that the cloud took can end (design.md section 3).
    fn ends(&self) -> &'static [State] {
        USUAL_ENDS
    }

    /// How a run can be taken back as it stands at `now`, the clock of the profile's cloud.
    fn undo(&self, kind: PlanKind, run: &Run, parameters: &Map<String, Value>, now: Timestamp) -> Undo {
        let _ = (kind, run, parameters, now);
        Undo::None
    }

    /// Why what a plan would take back, by what the cloud tells now, is not what this run did.
    fn takes_back_another(&self, run: &Run, current: &Current) -> Option<Text> {
        let _ = (run, current);
        None
    }

    /// The vendor's page of an order, on the site that the account belongs to.
    fn order_url(&self, order: &str, site: Site) -> Option<String> {
        let _ = (order, site);
        None
    }
}

/// How what the cloud took ends where a product says nothing else.
pub const USUAL_ENDS: &[State] = &[State::Succeeded, State::Failed];

struct Generic;

impl Flow for Generic {}

/// The flow of an operation.
#[must_use]
pub fn of(operation: &Operation) -> &'static dyn Flow {
    match operation.id.as_str() {
        "computenestsupplier.UpgradeServiceInstance" => &compute_nest::ComputeNest,
        "computenestsupplier.RollbackServiceInstance" => &compute_nest::Rollback,
        "bssopenapi.RenewChangeInstance" => &bss::Bss,
        "alikafka.UpgradeInstanceVersion" => &alikafka::Kafka,
        "cbh.UpgradeInstance" => &cbh::Cbh,
        "cbh.RollbackInstance" => &cbh::Rollback,
        "aad.UpgradeInstanceSpec" => &aad::Aad,
        "huaweibss.CancelCustomerOrder" => &aad::CancelOrder,
        _ => &Generic,
    }
}

/// Names of parameters that an answer to a dry run asks for.
#[must_use]
pub fn required_parameters(answer: &Answer) -> Vec<String> {
    compute_nest::required_parameters(&answer.body)
}

#[cfg(test)]
pub(crate) mod testing {
    use super::*;

    /// A draft of a catalogue operation.
    pub(crate) fn with_draft<T>(
        id: &str,
        parameters: Value,
        now: Timestamp,
        test: impl FnOnce(Draft<'_>) -> T,
    ) -> T {
        let catalogue = catalog::reader::Catalogue::embedded().unwrap();
        let parameters = parameters.as_object().cloned().unwrap();
        test(Draft {
            operation: catalogue.get(id).unwrap(),
            parameters: &parameters,
            now,
            confirming: false,
            current: Current::nothing(),
        })
    }
}
