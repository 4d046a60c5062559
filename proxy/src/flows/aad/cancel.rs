//! `CancelCustomerOrder` of Huawei's billing (companions.md section 5): takes an order back that nobody has paid.

use super::order::Order;
use crate::{
    answer::{Answer, EmptyBody},
    asking::AskError,
    choices::same,
    error::text,
    flows::{
        Change, Current, Draft, Flow, Inquiry, Look, Pace, Reversible, Review, Sight, review::generic_review,
    },
    run::State,
};
use catalog::Text;
use futures_util::{FutureExt, future::BoxFuture};
use serde_json::json;

pub(in crate::flows) struct CancelOrder;

const UNPAID: i64 = 6;
const CANCELLED: i64 = 4;

impl Flow for CancelOrder {
    fn current<'a>(&'a self, inquiry: &'a Inquiry<'a>) -> BoxFuture<'a, Result<Current, AskError>> {
        async move {
            let id = inquiry.text("order_id").unwrap_or_default();
            let body = inquiry.ask("huaweibss.ShowCustomerOrderDetails", json!({"order_id": id})).await?;
            let order = Order::read(&body);
            let impossible = why_not(&order).map(|why| ("/order_id".to_owned(), why));
            Ok(Current { impossible, ..Current::default().value("/status", order.status_words()) })
        }
        .boxed()
    }

    fn review(&self, draft: &Draft<'_>) -> Review {
        let mut review = generic_review(draft);
        review.target = Some(text("cancelled", "已取消"));
        review.changes = vec![Change {
            label: text("Order status", "订单状态"),
            pointer: "/status".to_owned(),
            from: draft.current.values.get("/status").cloned(),
            to: text("cancelled", "已取消"),
        }];
        review.reversible = (
            Reversible::No,
            text(
                "A cancelled order does not come back. The change can be planned again.",
                "已取消的订单无法恢复，但可以重新计划该变更。",
            ),
        );
        review.effective = text("At once. The instance stays as it is.", "立即生效，实例保持不变。");
        review.failure =
            text("The order stays as it is, waiting for payment.", "订单保持原状，继续等待支付。");
        review
    }

    /// The answer of this call has no body.
    fn empty_body(&self) -> EmptyBody {
        EmptyBody::Success
    }

    fn accepted(&self, draft: &Draft<'_>, _answer: &Answer) -> Sight {
        let order = same(draft.text("order_id").unwrap_or_default());
        Sight::going(
            State::Accepted,
            text(
                format!("The cloud took the cancellation of the order {}.", order.en),
                format!("云端已接受取消订单 {}。", order.zh),
            ),
        )
    }

    fn pace(&self, state: State) -> Option<Pace> {
        (state == State::Accepted).then_some(Pace::new(0, 5, 60, 30))
    }

    fn look<'a>(&'a self, look: &'a Look<'a>) -> BoxFuture<'a, Result<Sight, AskError>> {
        async move {
            let order = Order::ask(look, look.inquiry.text("order_id").unwrap_or_default()).await?;
            Ok(sight_of(&order, look.run.state))
        }
        .boxed()
    }
}

fn why_not(order: &Order) -> Option<Text> {
    let words = order.status_words();
    (order.status != UNPAID).then(|| {
        text(
            format!("Only an order that is not paid can be cancelled; this one is {}.", words.en),
            format!("只有待支付的订单可以取消，该订单{}。", words.zh),
        )
    })
}

fn sight_of(order: &Order, state: State) -> Sight {
    let (id, words) = (&order.id, order.status_words());
    match order.status {
        CANCELLED => Sight::ended(
            State::Succeeded,
            text(format!("The order {id} is cancelled."), format!("订单 {id} 已取消。")),
        ),
        UNPAID => {
            let detail =
                text(format!("The order {id} still waits for payment."), format!("订单 {id} 仍在等待支付。"));
            if state == State::Unknown {
                Sight::unclear(detail)
            } else {
                Sight::going(State::Accepted, detail)
            }
        }
        _ => Sight::ended(
            State::Failed,
            text(
                format!("The order {id} was not cancelled: it is {}.", words.en),
                format!("订单 {id} 没有取消：{}。", words.zh),
            ),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flows::Standing;

    fn order(status: i64) -> Order {
        Order { id: "CS1".to_owned(), status, ..Order::default() }
    }

    #[test]
    fn only_an_unpaid_order_can_be_cancelled() {
        assert_eq!(why_not(&order(6)), None);
        assert!(why_not(&order(3)).unwrap().en.contains("being processed"));
        assert!(why_not(&order(5)).unwrap().en.contains("completed"));
    }

    #[test]
    fn the_order_itself_says_whether_it_is_cancelled() {
        let standing = |status, state| sight_of(&order(status), state).standing;
        assert_eq!(standing(4, State::Accepted), Standing::Ended(State::Succeeded));
        assert_eq!(standing(4, State::Unknown), Standing::Ended(State::Succeeded));
        assert_eq!(standing(6, State::Accepted), Standing::Going(State::Accepted));
        assert_eq!(standing(6, State::Unknown), Standing::Unclear);
        assert_eq!(standing(3, State::Accepted), Standing::Ended(State::Failed));
        assert_eq!(standing(5, State::Unknown), Standing::Ended(State::Failed));
    }
}
