//! Words of a run.

use super::table::table;

table! {
    /// Words of a run.
    RunWords

    title: "Run", "运行";
    title_of(state: &str, what: &str): "{}: {}", "{}：{}";
    reading: "Reading the run", "正在读取运行";
    state_for(duration: &str): "for {}", "已持续 {}";
    as_of(time: &str): "As of {}", "截至 {}";
    took(duration: &str): "took {}", "历时 {}";
    took_no_time: "less than 1 s", "不到 1 秒";
    timeline: "Timeline", "时间线";
    times_in(zone: &str): "Times in {}", "时区 {}";
    result: "Result", "结果";
    result_so_far: "Result so far", "目前结果";
    answer: "Answer", "云端响应";
    no_answer: "No answer", "没有响应";
    no_answer_text: "The cloud's answer to this call never arrived.", "没有收到云端对这次调用的响应。";
    no_answer_yet: "The cloud has not answered yet.", "云端尚未响应。";
    status: "Status", "状态码";
    code: "Code", "代码";
    took_label: "Took", "耗时";
    size: "Size", "大小";
    milliseconds(count: u64): "{} ms", "{} 毫秒";
    message: "Message", "信息";
    request_id: "Request id", "请求 ID";
    the_request_id: "the request id", "请求 ID";
    order_id: "Order id", "订单 ID";
    the_order_id: "the order id", "订单 ID";
    instance: "Instance", "实例";
    the_instance_id: "the instance id", "实例 ID";
    target: "Target", "目标";
    meaning: "Documented meaning", "文档说明";
    recommend: "Vendor's advice", "厂商建议";
    recommend_link: "Open the vendor's diagnosis of this error", "打开厂商的错误诊断";
    body: "Body", "响应体";
    show_body: "Show the body of the answer", "显示响应体";
    the_body: "the body", "响应体";
    unknown_heading: "We do not know whether the upgrade started", "无法确定升级是否已经开始";
    unknown_text:
        "Until the outcome is known, the console sends no other change to this instance: it could start a second upgrade.",
        "在弄清结果之前，控制台不会向该实例发送其他变更，以免触发第二次升级。";
    the_plan: "The plan", "查看计划";
    form_again: "Fill the form again", "再次填入表单";
    upgrade_itself: "Plan the upgrade itself", "计划正式升级";
    all_runs: "All runs", "全部运行记录";
    live_updates:
        "The console checks the cloud regularly; changes appear here by themselves.",
        "控制台会定期查询云端，变化会自动显示在这里。";
    not_followed:
        "The console is not checking the cloud on its own any more. Press “Check the status” to ask now.",
        "控制台已停止自动查询。请点击“查询状态”手动查询。";
    waits_for_answer: "Waiting for the cloud's answer. It appears here by itself.", "正在等待云端响应，收到后会自动显示。";
    not_tracked: "This console does not follow this upgrade. Look in the vendor's console.", "控制台不会跟踪此次升级，请在云控制台查看。";
    reconnecting: "The connection was lost; trying again.", "连接中断，正在重连。";
    rehearsal_title: "Simulated.", "模拟运行。";
    rehearsal_text:
        "No real cloud was called, no real order exists and nothing was charged.",
        "没有调用真实云，没有产生真实订单和费用。";
    only_checked: "Dry run", "预检";
    open_live(profile: &str): "Open for the live profile {}", "用真实账号配置 {} 打开";
    open_live_text:
        "Opens the form with the same values on a real account. It makes a new plan, which is reviewed by itself.",
        "以相同的内容打开真实账号的表单，会生成新的计划并单独复核。";
    only_checked_text: "The cloud only checked. Nothing was changed.", "云端仅做了检查，没有任何变更。";
    cancels: "Cancels run", "取消的运行";
    rolls_back: "Rolls back run", "回滚的运行";
    undone_by: "Undone by run", "撤销它的运行";
    can_do: "What can be done", "可执行的操作";
    not_now: "Not now.", "暂不可用。";
    asking: "Asking", "正在请求";
    nothing_new: "Nothing has changed.", "没有变化。";
    check_term: "Check", "查询";
    check: "Check the status", "查询状态";
    check_hint: "Only reads. Nothing is sent again.", "只读取，不会再次发送。";
    resend_term: "Send again", "重新发送";
    resend_open: "Send the same call again", "再次发送同一个调用";
    resend_safe:
        "The call carries the token of the first one. The cloud knows it by that token: if the first call arrived, the second changes nothing and gives the same answer, so the change happens at most once.",
        "再次发送的调用带有首次调用的令牌，云端据此识别：如果首次调用已经到达，第二次不会产生任何变更并返回相同的结果，因此变更最多发生一次。";
    resend(profile: &str): "Send again on {}", "在 {} 上重新发送";
    resend_missing: "Enter the secrets.", "请输入敏感值。";
    settle_term: "Settle", "人工认定";
    settle_open: "Record the outcome by hand", "人工认定结果";
    settle_text:
        "Use this only when checking cannot tell. Your name, the state and your evidence go into the record, and the instance is free for another change.",
        "仅在查询无法确定结果时使用。您的姓名、所选状态和依据会写入记录，之后该实例可以进行其他变更。";
    settle_state: "What became of it", "实际结果";
    settle_choose: "Choose a state", "请选择状态";
    settle_missing: "Choose a state.", "请选择状态。";
    settle_nothing: "Nothing happened at the cloud", "云端未执行";
    evidence_missing: "Write how you know.", "请写明依据。";
    evidence: "Evidence", "依据";
    evidence_hint:
        "How you know: what the cloud's own console shows, who confirmed it, a ticket.",
        "您如何得知：云控制台显示的内容、谁确认的、工单号。";
    settle: "Settle the run", "认定结果";
    cancel_term: "Cancel", "取消";
    cancel: "Plan the cancellation", "生成取消计划";
    rollback_term: "Roll back", "回滚";
    rollback: "Plan the rollback", "生成回滚计划";
    undo_hint:
        "Opens a plan of its own to review. Nothing is sent before it is confirmed.",
        "会打开一个单独的计划供复核，确认之前不会发送任何请求。";
    not_paid: "Not paid.", "未支付。";
    order_link: "Open the order at the vendor", "在厂商网站查看订单";
    order_simulated: "Only the simulated cloud knows this order.", "该订单只存在于模拟云中。";
    starts_in(left: &str): "Starts in {}", "{}后开始";
    starts_now: "Its time has come.", "已到开始时间。";
    simulated_clock: "on the simulated clock", "以模拟时钟为准";
    looked(ago: &str, seen: &str): "Last checked {}. {}", "上次查询：{}。{}";
    source_console: "Console", "控制台";
    source_cloud: "Cloud", "云端";
    source_person: "A person", "人工";
}
