//! What came of a run and what to do next, in words: one pair for each way a run can stand.

use crate::{
    error::text,
    run::{Failure, Run, Source, State},
};
use catalog::Text;

/// Outcome and next step.
pub(super) fn of(run: &Run) -> (Text, Text) {
    if let Some(settled) = settled(run) {
        return settled;
    }
    match (run.state, run.failure) {
        (State::Confirmed, _) => (
            text("Confirmed. The call is being prepared.", "已确认，正在准备调用。"),
            text("Wait a moment.", "请稍候。"),
        ),
        (State::Sent, _) => (
            text("Sent. The cloud has not answered yet.", "已发送，等待云端响应。"),
            text("Wait for the answer; do not send it again elsewhere.", "请等待响应，不要在别处重复发送。"),
        ),
        (State::Accepted, _) if !run.followed => (
            text("The cloud accepted the request.", "云端已接受请求。"),
            text(
                "Look at the instance in the vendor's console to see when it is done; quote the request id if you ask for support.",
                "请在云控制台查看实例何时完成；如需支持，请提供请求 ID。",
            ),
        ),
        (State::Accepted, _) => (
            text(
                "The cloud accepted the request. It has not reported progress yet.",
                "云端已接受请求，尚未返回进度。",
            ),
            text("You need not do anything; this console keeps checking.", "无需操作，控制台会继续查询。"),
        ),
        (State::InProgress, _) => (
            text("The cloud is working on it.", "云端正在处理。"),
            text("You need not do anything; this console keeps checking.", "无需操作，控制台会继续查询。"),
        ),
        (State::Scheduled, _) => (
            text("The cloud starts it at the chosen time.", "已预约，云端将在所选时间开始。"),
            text("It can be cancelled here until it starts.", "开始之前可在此取消。"),
        ),
        (State::AwaitingPayment, _) => (
            text("The order exists and is not paid.", "订单已创建，尚未支付。"),
            text(
                "Someone with payment permission has to pay it in the vendor's console, or it is cancelled here.",
                "需要有支付权限的人在云控制台支付，或在此取消订单。",
            ),
        ),
        (State::Succeeded, _) if run.dry_run => (
            text("The dry run passed. Nothing was changed.", "预检通过，没有变更任何内容。"),
            text("Plan the upgrade itself when you are ready.", "准备好后即可计划正式升级。"),
        ),
        (State::Succeeded, _) => {
            (text("Done.", "已完成。"), text("Nothing is left to do.", "无需其他操作。"))
        }
        (State::Failed, _) => (
            failed(run),
            text(
                "Look at what it left behind in the vendor's console, and ask the vendor's support with the request id.",
                "请在云控制台查看实例现状，并凭请求 ID 联系厂商支持。",
            ),
        ),
        (State::Cancelled, _) => (
            text("Cancelled before it took effect; it will not start.", "已在生效前取消，不会再执行。"),
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
        (State::Refused, _) if permissions(run).is_some() => (
            text(
                "The cloud knows the caller and does not allow this call. Nothing changed.",
                "云端认识调用者，但不允许此调用，没有任何变更。",
            ),
            grant(permissions(run).unwrap_or_default()),
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
        (State::NotSent, Some(Failure::Throttled)) => (
            text("Nothing was sent: IAM asked to slow down.", "没有发送：IAM 限流。"),
            text(
                "Wait a minute, then fill the form again from this run.",
                "请等待一分钟，再从该记录重新填写表单。",
            ),
        ),
        (State::NotSent, Some(_)) => (
            text("Nothing was sent: the cloud could not be reached.", "没有发送：无法连接云端。"),
            text(
                "Check the connection, then fill the form again from this run.",
                "请检查网络，再从该记录重新填写表单。",
            ),
        ),
        // It was not for the cloud that nothing was sent.
        (State::NotSent, None) => (
            last_detail(run),
            text(
                "Once that is put right, fill the form again from this run.",
                "处理好之后，再从该记录重新填写表单。",
            ),
        ),
        (State::Unknown, failure) => (
            match failure {
                Some(Failure::Timeout) => text(
                    "Sent, and no answer came in time. Whether the cloud acted is not known.",
                    "已发送，但超时未收到响应。云端是否已执行尚不可知。",
                ),
                Some(Failure::ServerError) => text(
                    "The cloud failed while it worked on the request. Whether it acted is not known.",
                    "云端处理请求时出错，是否已执行尚不可知。",
                ),
                Some(Failure::Unreadable) => text(
                    "Sent, and the answer cannot be read. Whether the cloud acted is not known.",
                    "已发送，但响应无法读取。云端是否已执行尚不可知。",
                ),
                Some(Failure::GivenUp) => text(
                    "Accepted, but its end was not seen in the time that it should take.",
                    "已被接受，但在预期时间内没有看到结束。",
                ),
                _ => text(
                    "Sent, then the connection ended. Whether the cloud acted is not known.",
                    "已发送，但连接中断。云端是否已执行尚不可知。",
                ),
            },
            unknown(run),
        ),
    }
}

/// What the timeline says last.
fn last_detail(run: &Run) -> Text {
    run.timeline.last().map(|event| event.detail.clone()).unwrap_or_default()
}

/// What the caller would have to be allowed, when that is why the cloud refused.
fn permissions(run: &Run) -> Option<&[String]> {
    run.answer.as_ref()?.permissions.as_deref()
}

fn grant(actions: &[String]) -> Text {
    if actions.is_empty() {
        return text(
            "Have the administrator of the cloud account allow the profile's user this call, then fill the form again from this run.",
            "请云账号管理员为该账号配置的用户授权此调用，再从该记录重新填写表单。",
        );
    }
    text(
        format!(
            "Have the administrator of the cloud account grant the profile's user {}, then fill the form again from this run.",
            actions.join(", ")
        ),
        format!("请云账号管理员为该账号配置的用户授予 {} 权限，再从该记录重新填写表单。", actions.join("、")),
    )
}

/// What a person found out, in that person's words: nobody else may be said to have said it.
fn settled(run: &Run) -> Option<(Text, Text)> {
    let end = run.timeline.last()?;
    let by_person = run.is_over() && end.source == Source::Person && end.state == run.state;
    by_person.then(|| (end.detail.clone(), text("Nothing is left to do here.", "无需在此继续操作。")))
}

/// How it ended, in the words of who saw it: the answer to the call only says that it was accepted.
fn failed(run: &Run) -> Text {
    let mut outcome = text("The cloud accepted the request, but it failed.", "云端已接受请求，但执行失败。");
    if let Some(end) = run.timeline.last().filter(|event| event.state == State::Failed) {
        outcome.en = format!("{} {}", outcome.en, end.detail.en);
        outcome.zh.push_str(&end.detail.zh);
    }
    outcome
}

/// What to do about an unknown outcome, in the order in which it should be done.
fn unknown(run: &Run) -> Text {
    match (run.checked, run.client_token.is_some()) {
        (false, _) => text(
            "Do not send it again elsewhere. Check the status: this console asks the cloud what became of it.",
            "请勿在别处重复发送。请先检查状态，控制台会向云端查询结果。",
        ),
        (true, true) => text(
            "The check found no trace. Sending it again with the same token is safe: the cloud acts once for a token. Or say what became of it, with evidence.",
            "检查没有发现痕迹。使用相同令牌重新发送是安全的：同一令牌云端只执行一次。也可以凭依据人工认定结果。",
        ),
        (true, false) => text(
            "The check could not tell. Look at the instance and its orders in the vendor's console, then say here what became of it, with evidence.",
            "检查无法判断。请在云控制台查看实例及订单，再在此凭依据认定结果。",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::{Step, testing::run};
    use jiff::Timestamp;

    #[test]
    fn what_was_not_sent_blames_the_cloud_only_when_it_was_the_clouds_fault() {
        let words = || text("Nothing was sent: the console stopped first.", "没有发送：控制台先停止了。");
        let ended = |failure| {
            let mut run = run();
            let step = Step { failure, ..Step::to(State::NotSent, words()) };
            run.apply(step, Timestamp::UNIX_EPOCH);
            of(&run)
        };
        let (outcome, next) = ended(None);
        assert_eq!(outcome, words());
        assert!(!next.en.contains("connection"), "{}", next.en);
        assert!(ended(Some(Failure::Unreachable)).0.en.contains("cloud could not be reached"));
    }
}
