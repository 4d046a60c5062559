//! BSS `RenewChangeInstance` (apis.md section 4): pays at once, cannot be taken back.

mod choices;
mod orders;
mod price;
mod subscription;

use super::{
    Change, Current, Draft, Flow, Inquiry, Look, Pace, Quoted, Reversible, Review, Sight,
    review::generic_review,
};
use crate::{
    answer::Answer,
    asking::AskError,
    choices::{Choices, Choosing, same},
    error::text,
    run::State,
};
use catalog::model::Site;
use futures_util::{FutureExt, future::BoxFuture};
use serde_json::Value;

/// An order is paid within seconds.
const SOON: Pace = Pace::new(5, 5, 30, 30);
/// One that is not paid by then waits for a person.
const UNPAID: Pace = Pace::new(10, 10, 300, 24 * 60);

pub(super) struct Bss;

/// `1 month`, `2 months`.
fn counted(number: i64, one: &str) -> String {
    format!("{number} {one}{}", if number == 1 { "" } else { "s" })
}

impl Flow for Bss {
    fn current<'a>(&'a self, inquiry: &'a Inquiry<'a>) -> BoxFuture<'a, Result<Current, AskError>> {
        subscription::current(inquiry).boxed()
    }

    fn price<'a>(
        &'a self,
        inquiry: &'a Inquiry<'a>,
        current: &'a Current,
    ) -> BoxFuture<'a, Result<Option<Quoted>, AskError>> {
        price::quotes(inquiry, current).boxed()
    }

    fn review(&self, draft: &Draft<'_>) -> Review {
        let mut review = generic_review(draft);
        // Product code and type say which subscription it is, not what changes.
        review.changes.retain(|change| !matches!(change.pointer.as_str(), "/ProductCode" | "/ProductType"));
        let months = draft.parameters.get("RenewPeriod").and_then(Value::as_i64).unwrap_or_default();
        review.target = Some(
            match review.changes.iter().filter(|change| change.pointer.starts_with("/Parameter/")).count() {
                0 => text(format!("+{}", counted(months, "month")), format!("+{months} 个月")),
                count => text(
                    format!(
                        "+{}, {}",
                        counted(months, "month"),
                        counted(i64::try_from(count).unwrap_or(i64::MAX), "module")
                    ),
                    format!("+{months} 个月，{count} 个模块"),
                ),
            },
        );
        for Change { pointer, label, to, .. } in &mut review.changes {
            if pointer == "/RenewPeriod" {
                *label = text("Subscription, months longer", "订阅延长的月数");
                *to = same(&format!("+{months}"));
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
        review.failure = text(
            "An order that is not paid, when the account cannot pay it: it can be paid or cancelled in the vendor's console. Whether a renewal stays when the change after it fails is not documented.",
            "账户无法支付时会留下未付款订单，可在厂商控制台支付或取消。续费成功而变配失败时，续费是否保留，文档未说明。",
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

    fn choice_fields(&self) -> &'static [&'static str] {
        &["/InstanceId", "/ProductCode", "/Parameter/*/Code", "/Parameter/*/Value"]
    }

    fn choices<'a>(&'a self, choosing: Choosing<'a>) -> BoxFuture<'a, Result<Choices, AskError>> {
        choices::choices(choosing).boxed()
    }

    fn accepted(&self, _draft: &Draft<'_>, answer: &Answer) -> Sight {
        let order = answer.order_id.as_deref().unwrap_or("-");
        Sight::going(
            State::Accepted,
            text(
                format!("The order was placed and is paid from the account: {order}."),
                format!("订单已提交，并从账户扣款：{order}。"),
            ),
        )
    }

    fn pace(&self, state: State) -> Option<Pace> {
        match state {
            State::Accepted => Some(SOON),
            state => state.is_going().then_some(UNPAID),
        }
    }

    fn look<'a>(&'a self, look: &'a Look<'a>) -> BoxFuture<'a, Result<Sight, AskError>> {
        orders::look(look).boxed()
    }

    fn order_url(&self, _order: &str, site: Site) -> Option<String> {
        // The vendor documents the list only, not the address of one order.
        let host = match site {
            Site::China => "usercenter2.aliyun.com",
            Site::International => "usercenter2-intl.aliyun.com",
        };
        Some(format!("https://{host}/order/list"))
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
            review.changes.iter().map(|change| (change.label.en.as_str(), change.to.en.as_str())).collect();
        assert!(shown.contains(&("Bandwidth", "10")), "{shown:?}");
        assert!(shown.iter().any(|(_, to)| *to == "+2"), "{shown:?}");
        assert_eq!(shown.len(), 2, "{shown:?}");
        assert_eq!(review.warnings.len(), 1);
    }

    #[test]
    fn orders_are_shown_on_the_site_of_the_account() {
        let url = |site| Bss.order_url("202407022550621", site).unwrap();
        assert_eq!(url(Site::China), "https://usercenter2.aliyun.com/order/list");
        assert_eq!(url(Site::International), "https://usercenter2-intl.aliyun.com/order/list");
    }
}
