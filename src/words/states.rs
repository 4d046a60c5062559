//! Words for the states of a run and for what an operation says of itself.

use crate::client::RunState;
use catalog::model::{Cloud, Trait};

use super::table::table;

table! {
    /// Words for states and traits.
    StateWords

    confirmed: "Confirmed", "已确认";
    sent: "Sent", "已发送";
    accepted: "Accepted", "已受理";
    in_progress: "In progress", "进行中";
    scheduled: "Scheduled", "已预约";
    awaiting_payment: "Awaiting payment", "待支付";
    succeeded: "Succeeded", "成功";
    failed: "Failed", "失败";
    refused: "Refused", "被拒绝";
    not_sent: "Not sent", "未发送";
    cancelled: "Cancelled", "已取消";
    rolled_back: "Rolled back", "已回滚";
    unknown: "Unknown", "结果未知";
    pays: "pays", "产生付款";
    may_pay: "may change the bill", "可能影响费用";
    irreversible: "can't be undone", "不可撤销";
    may_delete: "may delete", "可能删除资源";
    may_stay_unpaid: "may stay unpaid", "可能滞留未支付";
    dry_run: "dry run", "可预检";
    schedules: "at a chosen time", "可预约时间";
    cancellable: "cancellable", "可取消";
    rollback: "rollback", "可回滚";
}

impl StateWords {
    /// The word for a state.
    #[must_use]
    pub fn state(&self, state: RunState) -> &'static str {
        match state {
            RunState::Confirmed => self.confirmed(),
            RunState::Sent => self.sent(),
            RunState::Accepted => self.accepted(),
            RunState::InProgress => self.in_progress(),
            RunState::Scheduled => self.scheduled(),
            RunState::AwaitingPayment => self.awaiting_payment(),
            RunState::Succeeded => self.succeeded(),
            RunState::Failed => self.failed(),
            RunState::Refused => self.refused(),
            RunState::NotSent => self.not_sent(),
            RunState::Cancelled => self.cancelled(),
            RunState::RolledBack => self.rolled_back(),
            RunState::Unknown => self.unknown(),
        }
    }

    /// The word for a trait.
    #[must_use]
    pub fn of_trait(&self, named: Trait) -> &'static str {
        match named {
            Trait::Pays => self.pays(),
            Trait::MayPay => self.may_pay(),
            Trait::Irreversible => self.irreversible(),
            Trait::MayDelete => self.may_delete(),
            Trait::MayStayUnpaid => self.may_stay_unpaid(),
            Trait::DryRun => self.dry_run(),
            Trait::Schedules => self.schedules(),
            Trait::Cancellable => self.cancellable(),
            Trait::Rollback => self.rollback(),
        }
    }
}

impl super::shell::ShellWords {
    /// The name of a cloud.
    #[must_use]
    pub fn cloud(&self, cloud: Cloud) -> &'static str {
        match cloud {
            Cloud::Alibaba => self.alibaba(),
            Cloud::Huawei => self.huawei(),
        }
    }
}
