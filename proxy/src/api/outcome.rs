//! What came of a run and what to do next, in words: one pair for each way a run can stand.

use crate::{
    error::text,
    run::{Failure, Run, State},
};
use catalog::Text;

/// Outcome and next step.
pub(super) fn of(run: &Run) -> (Text, Text) {
    match (run.state, run.failure) {
        (State::Confirmed, _) => (
            text("Confirmed. The call is being prepared.", "已确认，正在准备调用。"),
            text("Wait a moment.", "请稍候。"),
        ),
        (State::Sent, _) => (
            text("Sent. The cloud has not answered yet.", "已发送，等待云端应答。"),
            text("Wait for the answer; do not send it again elsewhere.", "请等待应答，不要在别处重复发送。"),
        ),
        (State::Accepted, _) => (
            text("The cloud accepted the request.", "云端已接受请求。"),
            text(
                "Look at the instance in the vendor's console to see when it is done; quote the request id if you ask for support.",
                "请在云控制台查看实例何时完成；如需支持，请提供请求 ID。",
            ),
        ),
        (State::InProgress, _) => (
            text("The cloud is working on it.", "云端正在处理。"),
            text("Wait until it is done.", "请等待完成。"),
        ),
        (State::Scheduled, _) => (
            text("Scheduled. The cloud starts it at the chosen time.", "已计划，云端将在所选时间开始。"),
            text(
                "Until it starts, fill the form again with `cancel` set to yes and the same time to take it back.",
                "开始之前，可用相同时间并将 `cancel` 设为“是”重新提交以取消。",
            ),
        ),
        (State::AwaitingPayment, _) => (
            text("The order exists and is not paid.", "订单已创建，尚未支付。"),
            text(
                "Someone with payment permission has to pay or cancel it.",
                "需要有支付权限的人支付或取消。",
            ),
        ),
        (State::Succeeded, _) => {
            (text("Done.", "已完成。"), text("Nothing is left to do.", "无需其他操作。"))
        }
        (State::Failed, _) => (
            text("The cloud took the request and ended it badly.", "云端接受了请求，但执行失败。"),
            text(
                "Read the answer, then ask the vendor's support with the request id.",
                "请查看应答，并凭请求 ID 联系厂商支持。",
            ),
        ),
        (State::Cancelled, _) => (
            text("Cancelled before it started.", "已在开始前取消。"),
            text("Nothing is left to do.", "无需其他操作。"),
        ),
        (State::RolledBack, _) => {
            (text("Rolled back.", "已回滚。"), text("Nothing is left to do.", "无需其他操作。"))
        }
        (State::Refused, Some(Failure::Credentials)) => (
            text(
                "The cloud did not accept who is calling. Nothing changed.",
                "云端未通过调用者身份验证，没有任何变更。",
            ),
            text(
                "Have the operator of this console check the credentials of the profile and the server's clock.",
                "请控制台管理员检查账号配置的凭证和服务器时钟。",
            ),
        ),
        (State::Refused, Some(Failure::Throttled)) => (
            text("The cloud asked to slow down. Nothing changed.", "云端限流，没有任何变更。"),
            text(
                "Wait a minute, then fill the form again from this run.",
                "请等待一分钟，再从该记录重新填写表单。",
            ),
        ),
        (State::Refused, _) => (
            text("The cloud refused the request. Nothing changed.", "云端拒绝了请求，没有任何变更。"),
            text("Read the reason, change the values and plan again.", "请查看原因，修改后重新计划。"),
        ),
        (State::NotSent, Some(Failure::Credentials)) => (
            text(
                "Nothing was sent: IAM refused the credentials of the profile.",
                "没有发送：IAM 拒绝了该账号配置的凭证。",
            ),
            text(
                "Have the operator of this console check the credentials of the profile.",
                "请控制台管理员检查账号配置的凭证。",
            ),
        ),
        (State::NotSent, _) => (
            text("Nothing was sent: the cloud could not be reached.", "没有发送：无法连接云端。"),
            text(
                "Check the connection, then fill the form again from this run.",
                "请检查网络，再从该记录重新填写表单。",
            ),
        ),
        (State::Unknown, failure) => (
            match failure {
                Some(Failure::Timeout) => text(
                    "Sent, and no answer came in time. Whether the cloud acted is not known.",
                    "已发送，但超时未收到应答。云端是否已执行尚不可知。",
                ),
                Some(Failure::ServerError) => text(
                    "The cloud failed while it worked on the request. Whether it acted is not known.",
                    "云端处理请求时出错，是否已执行尚不可知。",
                ),
                Some(Failure::Unreadable) => text(
                    "Sent, and the answer cannot be read. Whether the cloud acted is not known.",
                    "已发送，但应答无法读取。云端是否已执行尚不可知。",
                ),
                _ => text(
                    "Sent, then the connection ended. Whether the cloud acted is not known.",
                    "已发送，但连接中断。云端是否已执行尚不可知。",
                ),
            },
            text(
                "Do not send it again. Look at the instance and its orders in the vendor's console first.",
                "请勿重复发送。先在云控制台查看该实例及其订单。",
            ),
        ),
    }
}
