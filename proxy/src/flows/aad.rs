//! Huawei AAD `UpgradeInstanceSpec` (apis.md section 6, companions.md section 5): an order that can stay unpaid; `PUT`,
//! and yet two calls are two orders.

mod cancel;
mod order;
mod specification;

pub(super) use cancel::CancelOrder;

use super::{
    Current, Draft, Flow, Inquiry, Look, Pace, Reversible, Review, Sight, Undo, review::generic_review,
};
use crate::{
    answer::Answer,
    asking::AskError,
    choices::{Choice, Choices, Choosing, day, number_at, same, text_at},
    error::text,
    plan::PlanKind,
    run::{Run, State},
};
use catalog::{Text, model::Site};
use futures_util::{FutureExt, future::BoxFuture};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

pub(super) struct Aad;

impl Flow for Aad {
    fn current<'a>(&'a self, inquiry: &'a Inquiry<'a>) -> BoxFuture<'a, Result<Current, AskError>> {
        specification::current(inquiry).boxed()
    }

    fn review(&self, draft: &Draft<'_>) -> Review {
        let mut review = generic_review(draft);
        review.target = match review.changes.as_slice() {
            [] => None,
            [only] => Some(only.to.clone()),
            [first, rest @ ..] => Some(text(
                format!("{} and {} more", first.to.en, rest.len()),
                format!("{} 等 {} 项", first.to.zh, rest.len() + 1),
            )),
        };
        review.cost.words = text(
            "Places an order; it is paid at once if the account has payment permission. The price cannot be asked for beforehand.",
            "将下单；账号有支付权限时立即付款。无法事先询价。",
        );
        review.reversible = (
            Reversible::No,
            text(
                "No. An unpaid order can be cancelled, a paid one not.",
                "不可以。未支付的订单可以取消，已支付的不行。",
            ),
        );
        review.effective = text("When the order is paid.", "订单支付后生效。");
        review.failure = text(
            "An order that is not paid changes nothing; it waits until it is paid, cancelled or runs out. What a paid order that fails leaves behind is not documented.",
            "未支付的订单不会变更任何内容，直到支付、取消或过期。已支付的订单失败后的状态没有文档说明。",
        );
        review.warnings.push(text(
            "Without payment permission the order is created but stays unpaid, until someone pays or cancels it.",
            "账号没有支付权限时，订单会创建但不会支付，需要有人支付或取消。",
        ));
        review
    }

    fn choice_fields(&self) -> &'static [&'static str] {
        &[
            "/instance_id",
            "/upgrade_data/basic_bandwidth",
            "/upgrade_data/elastic_bandwidth",
            "/upgrade_data/service_bandwidth",
            "/upgrade_data/port_num",
            "/upgrade_data/bind_domain_num",
            "/upgrade_data/elastic_service_bandwidth",
            "/upgrade_data/basic_qps",
        ]
    }

    fn choices<'a>(&'a self, choosing: Choosing<'a>) -> BoxFuture<'a, Result<Choices, AskError>> {
        specification::choices(choosing).boxed()
    }

    fn accepted(&self, _draft: &Draft<'_>, answer: &Answer) -> Sight {
        match &answer.order_id {
            Some(order) => Sight::going(
                State::Accepted,
                text(
                    format!("The cloud created the order {order}. Whether it is paid is not known yet."),
                    format!("云端已创建订单 {order}，是否已支付尚不可知。"),
                ),
            ),
            // No fee changes, so there is no order (apis.md section 6).
            None => Sight::going(
                State::Accepted,
                text(
                    "The cloud accepted the change without an order: no fee changes.",
                    "云端已接受变更，费用不变，没有产生订单。",
                ),
            ),
        }
    }

    fn ends(&self) -> &'static [State] {
        &[State::Succeeded, State::Failed, State::Cancelled]
    }

    fn pace(&self, state: State) -> Option<Pace> {
        match state {
            State::Accepted | State::InProgress => Some(Pace::new(5, 10, 60, 2 * 60)),
            // People take their time; after seven days the cloud cancels.
            State::AwaitingPayment => Some(Pace::new(10, 10, 300, 8 * 24 * 60)),
            _ => None,
        }
    }

    fn look<'a>(&'a self, look: &'a Look<'a>) -> BoxFuture<'a, Result<Sight, AskError>> {
        order::look(look).boxed()
    }

    fn undo(&self, kind: PlanKind, run: &Run, _parameters: &Map<String, Value>, _now: Timestamp) -> Undo {
        let Some(order) = run.order_id.as_deref().filter(|_| kind == PlanKind::Cancel) else {
            return Undo::None;
        };
        match run.state {
            State::AwaitingPayment => Undo::by("huaweibss.CancelCustomerOrder", json!({"order_id": order})),
            State::Accepted | State::Unknown => Undo::Unavailable(text(
                "Whether the order is paid is not known yet; only an unpaid one can be cancelled.",
                "订单是否已支付尚不可知，只有待支付的订单可以取消。",
            )),
            State::InProgress => Undo::Unavailable(text(
                "The order does not wait for payment any more, so it cannot be cancelled.",
                "订单已不是待支付状态，无法取消。",
            )),
            _ => Undo::None,
        }
    }

    /// The list of orders: the page of a single one has no documented address.
    fn order_url(&self, _order: &str, site: Site) -> Option<String> {
        let host = match site {
            Site::China => "account.huaweicloud.com",
            Site::International => "account-intl.huaweicloud.com",
        };
        Some(format!("https://{host}/usercenter/#/userindex/myOrder"))
    }
}

/// Why an instance cannot be changed, by its row in the list.
fn why_not(row: &Value, now: Timestamp) -> Option<Text> {
    let expires = number_at(row, "/expire_time");
    if number_at(row, "/instance_status") == Some(2) {
        Some(text("It is frozen.", "实例已冻结。"))
    } else if expires.is_some_and(|at| at > 0 && at < now.as_millisecond()) {
        Some(text("It has expired.", "实例已到期。"))
    } else {
        None
    }
}

fn instance(row: &Value, now: Timestamp) -> Choice {
    let id = text_at(row, "/instance_id");
    let name =
        Some(text_at(row, "/instance_name")).filter(|name| !name.is_empty()).unwrap_or_else(|| id.clone());
    let expires = number_at(row, "/expire_time");
    let frozen = number_at(row, "/instance_status") == Some(2);
    let gigabits = |pointer: &str| {
        let value = text_at(row, pointer);
        if value.is_empty() { Text::default() } else { same(&format!("{value} Gbit/s")) }
    };
    let mut choice = Choice::new(id, name)
        .detail("Status", "状态", if frozen { text("frozen", "已冻结") } else { text("normal", "正常") })
        .detail("Basic bandwidth", "基础防护带宽", gigabits("/ips/0/basic_bandwidth"))
        .detail("Elastic bandwidth", "弹性防护带宽", gigabits("/ips/0/elastic_bandwidth"))
        .detail("Expires", "到期", day(expires));
    choice.unavailable = why_not(row, now);
    choice
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frozen_and_expired_instances_cannot_be_chosen() {
        let now = Timestamp::from_millisecond(1_000).unwrap();
        let why = |status: i64, expires: i64| {
            let row = json!({"instance_id": "i", "instance_status": status, "expire_time": expires,
                "ips": [{"basic_bandwidth": 20}]});
            instance(&row, now).unavailable.map(|why| why.en)
        };
        assert_eq!(why(0, 2_000), None);
        assert!(why(2, 2_000).unwrap().contains("frozen"));
        assert!(why(0, 500).unwrap().contains("expired"));
    }

    #[test]
    fn an_unpaid_order_can_be_cancelled_and_no_other() {
        let undo = |kind, state, order: Option<&str>| {
            let run = Run { state, order_id: order.map(ToOwned::to_owned), ..crate::run::testing::run() };
            Aad.undo(kind, &run, &Map::new(), Timestamp::UNIX_EPOCH)
        };
        let cancel = |state| undo(PlanKind::Cancel, state, Some("CS1"));
        let by = Undo::by("huaweibss.CancelCustomerOrder", json!({"order_id": "CS1"}));
        assert_eq!(cancel(State::AwaitingPayment), by);
        for state in [State::Accepted, State::InProgress, State::Unknown] {
            assert!(matches!(cancel(state), Undo::Unavailable(_)), "{state:?}");
        }
        for state in [State::Succeeded, State::Failed, State::Cancelled, State::Refused] {
            assert_eq!(cancel(state), Undo::None, "{state:?}");
        }
        assert_eq!(undo(PlanKind::Cancel, State::AwaitingPayment, None), Undo::None);
        assert_eq!(undo(PlanKind::Rollback, State::Succeeded, Some("CS1")), Undo::None);
    }

    #[test]
    fn orders_are_shown_on_the_site_of_the_account() {
        let host = |site| Aad.order_url("CS1", site).unwrap();
        assert!(host(Site::China).starts_with("https://account.huaweicloud.com/"));
        assert!(host(Site::International).starts_with("https://account-intl.huaweicloud.com/"));
    }
}
