//! Kafka `UpgradeInstanceVersion` (apis.md section 5): free, and a major upgrade has no way back.

use super::{Draft, Flow, Reversible, Review, generic_review};
use crate::{answer::Answer, error::text, run::State};
use catalog::Text;

pub(super) struct Kafka;

impl Flow for Kafka {
    fn review(&self, draft: &Draft<'_>) -> Review {
        let mut review = generic_review(draft);
        review.reversible = (
            Reversible::No,
            text(
                "No. From 0.10.x to 2.x the storage format changes and there is no way back; no call undoes any upgrade.",
                "不可以。从 0.10.x 升级到 2.x 会改变存储格式，无法退回；任何升级都没有撤销接口。",
            ),
        );
        review.effective = text(
            "At once, node by node: about 25 minutes for a major version, 15 for a minor one. Clients are disconnected and must reconnect.",
            "立即开始，逐个节点滚动升级：大版本约 25 分钟，小版本约 15 分钟。客户端会断开并需要重连。",
        );
        review.warnings.push(text(
            "If the instance already has this version, the call is not without effect: it updates the minor version.",
            "如果实例已是该版本，此调用并非无操作：会更新小版本。",
        ));
        review
    }

    fn accepted(&self, _draft: &Draft<'_>, _answer: &Answer) -> (State, Text) {
        (
            State::Accepted,
            text("The cloud accepted the upgrade and starts it shortly.", "云端已接受升级请求，稍后开始。"),
        )
    }
}
