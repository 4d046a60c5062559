//! BSS `RenewChangeInstance` (apis.md section 4): pays at once, cannot be taken back.

use super::{Change, Draft, Flow, Reversible, Review, generic_review};
use crate::{answer::Answer, error::text, run::State};
use catalog::Text;
use serde_json::Value;

pub(super) struct Bss;

impl Flow for Bss {
    fn review(&self, draft: &Draft<'_>) -> Review {
        let mut review = generic_review(draft);
        // Product code and type say which subscription it is, not what changes.
        review.changes.retain(|change| !matches!(change.pointer.as_str(), "/ProductCode" | "/ProductType"));
        let months = draft.parameters.get("RenewPeriod").and_then(Value::as_i64).unwrap_or_default();
        review.target = Some(
            match review.changes.iter().filter(|change| change.pointer.starts_with("/Parameter/")).count() {
                0 => format!("+{months} M"),
                count => format!("+{months} M, {count} Δ"),
            },
        );
        for Change { pointer, label, to, .. } in &mut review.changes {
            if pointer == "/RenewPeriod" {
                *label = text("Subscription, months longer", "订阅延长的月数");
                *to = format!("+{months}");
            }
        }
        review.cost.words = text(
            "Places a renewal and a change, paid from the account at once. The price is not known here.",
            "将下续费和变配订单，并立即从账户扣款。此处无法得知价格。",
        );
        review.reversible = (
            Reversible::No,
            text("No. No call takes back a paid order.", "不可以。已付款的订单没有撤销接口。"),
        );
        review.effective = text(
            "The renewal first; the change of modules after the renewal has taken effect.",
            "先续费，续费生效后再变更配置。",
        );
        let product = draft.text("ProductCode").unwrap_or_default().to_ascii_lowercase();
        if matches!(product.as_str(), "ecs" | "rds") {
            review.warnings.push(text(
                "The vendor says that this call is not for creating ECS or RDS instances.",
                "厂商说明：该接口不能用于创建 ECS 或 RDS 实例。",
            ));
        }
        review
    }

    fn accepted(&self, _draft: &Draft<'_>, answer: &Answer) -> (State, Text) {
        let order = answer.order_id.as_deref().unwrap_or("-");
        (
            State::Accepted,
            text(
                format!("The order was placed and is paid from the account: {order}."),
                format!("订单已提交，并从账户扣款：{order}。"),
            ),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flows::{CostKind, testing::with_draft};
    use jiff::Timestamp;
    use serde_json::json;

    #[test]
    fn it_pays_cannot_be_undone_and_shows_only_what_changes() {
        let parameters = json!({"ProductCode": "rds", "ProductType": "rds", "InstanceId": "rm-1", "RenewPeriod": 2,
            "Parameter": [{"Code": "Bandwidth", "Value": "10"}]});
        let review =
            with_draft("bssopenapi.RenewChangeInstance", parameters, Timestamp::UNIX_EPOCH, |draft| {
                Bss.review(&draft)
            });
        assert_eq!((review.cost.kind, review.reversible.0), (CostKind::Order, Reversible::No));
        let shown: Vec<_> =
            review.changes.iter().map(|change| (change.label.en.as_str(), change.to.as_str())).collect();
        assert!(shown.contains(&("Bandwidth", "10")), "{shown:?}");
        assert!(shown.iter().any(|(_, to)| *to == "+2"), "{shown:?}");
        assert_eq!(shown.len(), 2, "{shown:?}");
        assert_eq!(review.warnings.len(), 1);
    }
}
