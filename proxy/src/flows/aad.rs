//! Huawei AAD `UpgradeInstanceSpec` (apis.md section 6): an order that can stay unpaid; `PUT`, and yet two calls are
//! two orders.

use super::{Draft, Flow, Reversible, Review, Sight, review::generic_review};
use crate::{
    answer::Answer,
    asking::AskError,
    choices::{Choice, Choices, Choosing, day, number_at, rows, same, text_at},
    error::text,
    run::State,
};
use catalog::Text;
use futures_util::{FutureExt, future::BoxFuture};
use jiff::Timestamp;
use serde_json::{Value, json};

pub(super) struct Aad;

impl Flow for Aad {
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

    fn choice_fields(&self) -> &'static [&'static str] {
        &["/instance_id"]
    }

    fn choices<'a>(&'a self, choosing: Choosing<'a>) -> BoxFuture<'a, Result<Choices, AskError>> {
        async move {
            let body = choosing.ask("aad.ListInstance", json!({})).await?;
            let found = rows(&body, "/items")
                .iter()
                .filter(|row| {
                    choosing.matches(&[&text_at(row, "/instance_name"), &text_at(row, "/instance_id")])
                })
                .map(|row| instance(row, choosing.profile.now()))
                .collect();
            Ok(choosing.page(found))
        }
        .boxed()
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
}

fn instance(row: &Value, now: Timestamp) -> Choice {
    let id = text_at(row, "/instance_id");
    let name =
        Some(text_at(row, "/instance_name")).filter(|name| !name.is_empty()).unwrap_or_else(|| id.clone());
    let expires = number_at(row, "/expire_time");
    let frozen = number_at(row, "/instance_status") == Some(2);
    let expired = expires.is_some_and(|at| at > 0 && at < now.as_millisecond());
    let gigabits = |pointer: &str| {
        let value = text_at(row, pointer);
        if value.is_empty() { Text::default() } else { same(&format!("{value} Gbit/s")) }
    };
    let mut choice = Choice::new(id, name)
        .detail("Status", "状态", if frozen { text("frozen", "已冻结") } else { text("normal", "正常") })
        .detail("Basic bandwidth", "基础防护带宽", gigabits("/ips/0/basic_bandwidth"))
        .detail("Elastic bandwidth", "弹性防护带宽", gigabits("/ips/0/elastic_bandwidth"))
        .detail("Expires", "到期", day(expires));
    if frozen {
        choice.unavailable = Some(text("It is frozen.", "实例已冻结。"));
    } else if expired {
        choice.unavailable = Some(text("It has expired.", "实例已到期。"));
    }
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
}
