//! Huawei AAD `UpgradeInstanceSpec` (apis.md section 6): an order that can stay unpaid; `PUT`, and yet two calls are
//! two orders.

use super::{Draft, Flow, Reversible, Review, generic_review};
use crate::{answer::Answer, error::text, run::State};
use catalog::Text;

pub(super) struct Aad;

impl Flow for Aad {
    fn review(&self, draft: &Draft<'_>) -> Review {
        let mut review = generic_review(draft);
        review.target = match review.changes.as_slice() {
            [] => None,
            [only] => Some(only.to.clone()),
            [first, rest @ ..] => Some(format!("{} +{}", first.to, rest.len())),
        };
        review.cost.words = text(
            "Places an order, paid at once when the account may pay. No call tells the price before.",
            "将下单，账号有支付权限时立即付款。没有可以事先询价的接口。",
        );
        review.reversible = (
            Reversible::No,
            text(
                "No. An unpaid order can be cancelled, a paid one not.",
                "不可以。未支付的订单可以取消，已支付的不行。",
            ),
        );
        review.effective = text("When the order is paid.", "订单支付后生效。");
        review.warnings.push(text(
            "Without payment permission the order is created but stays unpaid, until someone pays or cancels it.",
            "账号没有支付权限时，订单会创建但不会支付，需要有人支付或取消。",
        ));
        review
    }

    fn accepted(&self, _draft: &Draft<'_>, answer: &Answer) -> (State, Text) {
        match &answer.order_id {
            Some(order) => (
                State::Accepted,
                text(
                    format!("The cloud created the order {order}. Whether it is paid is not known yet."),
                    format!("云端已创建订单 {order}，是否已支付尚不可知。"),
                ),
            ),
            // No fee changes, so there is no order (apis.md section 6).
            None => (
                State::Accepted,
                text(
                    "The cloud accepted the change without an order: no fee changes.",
                    "云端已接受变更，费用不变，没有产生订单。",
                ),
            ),
        }
    }
}
