//! Words for the states of a run and for what an operation says of itself.

use crate::client::RunState;
use catalog::model::{Cloud, Trait};

/// Words for states and traits.
#[derive(Debug)]
pub struct StateWords {
    pub confirmed: &'static str,
    pub sent: &'static str,
    pub accepted: &'static str,
    pub in_progress: &'static str,
    pub scheduled: &'static str,
    pub awaiting_payment: &'static str,
    pub succeeded: &'static str,
    pub failed: &'static str,
    pub refused: &'static str,
    pub not_sent: &'static str,
    pub cancelled: &'static str,
    pub rolled_back: &'static str,
    pub unknown: &'static str,
    pub pays: &'static str,
    pub may_pay: &'static str,
    pub irreversible: &'static str,
    pub may_delete: &'static str,
    pub may_stay_unpaid: &'static str,
    pub dry_run: &'static str,
    pub schedules: &'static str,
    pub cancellable: &'static str,
    pub rollback: &'static str,
}

impl StateWords {
    /// The word for a state.
    #[must_use]
    pub fn state(&self, state: RunState) -> &'static str {
        match state {
            RunState::Confirmed => self.confirmed,
            RunState::Sent => self.sent,
            RunState::Accepted => self.accepted,
            RunState::InProgress => self.in_progress,
            RunState::Scheduled => self.scheduled,
            RunState::AwaitingPayment => self.awaiting_payment,
            RunState::Succeeded => self.succeeded,
            RunState::Failed => self.failed,
            RunState::Refused => self.refused,
            RunState::NotSent => self.not_sent,
            RunState::Cancelled => self.cancelled,
            RunState::RolledBack => self.rolled_back,
            RunState::Unknown => self.unknown,
        }
    }

    /// The word for a trait.
    #[must_use]
    pub fn of_trait(&self, named: Trait) -> &'static str {
        match named {
            Trait::Pays => self.pays,
            Trait::MayPay => self.may_pay,
            Trait::Irreversible => self.irreversible,
            Trait::MayDelete => self.may_delete,
            Trait::MayStayUnpaid => self.may_stay_unpaid,
            Trait::DryRun => self.dry_run,
            Trait::Schedules => self.schedules,
            Trait::Cancellable => self.cancellable,
            Trait::Rollback => self.rollback,
        }
    }
}

impl super::shell::ShellWords {
    /// The name of a cloud.
    #[must_use]
    pub fn cloud(&self, cloud: Cloud) -> &'static str {
        match cloud {
            Cloud::Alibaba => self.alibaba,
            Cloud::Huawei => self.huawei,
        }
    }
}

/// English.
pub const EN: StateWords = StateWords {
    confirmed: "Confirmed",
    sent: "Sent",
    accepted: "Accepted",
    in_progress: "In progress",
    scheduled: "Scheduled",
    awaiting_payment: "Awaiting payment",
    succeeded: "Succeeded",
    failed: "Failed",
    refused: "Refused",
    not_sent: "Not sent",
    cancelled: "Cancelled",
    rolled_back: "Rolled back",
    unknown: "Unknown",
    pays: "pays",
    may_pay: "may change the bill",
    irreversible: "can't be undone",
    may_delete: "may delete",
    may_stay_unpaid: "may stay unpaid",
    dry_run: "dry run",
    schedules: "at a chosen time",
    cancellable: "cancellable",
    rollback: "rollback",
};

/// Simplified Chinese.
pub const ZH: StateWords = StateWords {
    confirmed: "已确认",
    sent: "已发送",
    accepted: "已受理",
    in_progress: "进行中",
    scheduled: "已预约",
    awaiting_payment: "待支付",
    succeeded: "成功",
    failed: "失败",
    refused: "被拒绝",
    not_sent: "未发送",
    cancelled: "已取消",
    rolled_back: "已回滚",
    unknown: "结果未知",
    pays: "产生付款",
    may_pay: "可能影响费用",
    irreversible: "不可撤销",
    may_delete: "可能删除资源",
    may_stay_unpaid: "可能待支付",
    dry_run: "可预检",
    schedules: "可预约时间",
    cancellable: "可取消",
    rollback: "可回滚",
};
