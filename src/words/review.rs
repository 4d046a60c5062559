//! Words of the review.

use super::table::table;

table! {
    /// Words of the review.
    ReviewWords

    title: "Review", "复核";
    title_of(what: &str): "Review: {}", "复核：{}";
    plan: "Plan", "计划";
    reading: "Reading the plan", "正在读取计划";
    planned_by(who: &str): "Planned by {}", "由 {} 提交";
    instance_id: "the instance id", "实例 ID";
    what_changes: "What changes", "变更内容";
    values_change[count]: "1 value; the rest stays|{} values; the rest stays", "{} 项变更，其余不变";
    value: "Value", "项目";
    now: "Now", "当前";
    after: "After", "变更后";
    not_known: "not known", "未知";
    no_changes: "This plan names no changed value; see all parameters below.", "该计划没有列出变更项，请查看下方的全部参数。";
    table_caption: "Current and target values", "当前值与目标值";
    what_it_means: "What it means", "影响";
    cost: "Cost", "费用";
    reversible: "Reversible", "能否撤销";
    takes_effect: "Takes effect", "生效时间";
    dry_run: "Dry run", "预检";
    approval: "Approval", "审批";
    approvals_needed[count]: "One approval is needed.|{} approvals are needed.", "需要 {} 人审批。";
    dry_run_first: "before the confirmation", "在确认之前";
    dry_run_offer: "Not done yet.", "尚未预检。";
    dry_run_does:
        "Asks the cloud to check permission, state and parameters. It changes nothing.",
        "由云端检查权限、状态和参数，不会产生任何变更。";
    dry_run_start: "Run the dry run", "开始预检";
    dry_run_again: "Run again", "再次预检";
    dry_run_running: "Asking the cloud", "正在请求云端";
    dry_run_passed: "Passed", "已通过";
    dry_run_failed: "Not passed", "未通过";
    dry_run_incomplete: "Parameters are missing", "缺少参数";
    dry_run_needs_more(names: &str): "The new version needs more parameters: {}.", "新版本还需要以下参数：{}。";
    dry_run_to_form: "Add these fields", "添加这些字段";
    http_in(status: u16, milliseconds: u64): "HTTP {} in {} ms.", "HTTP {}，耗时 {} 毫秒。";
    request_id: "Request id", "请求 ID";
    exact_request: "Exact request", "完整请求";
    exact_request_note: "As it will be sent; access key masked, signature cut", "即将发送的内容；访问密钥已掩码，签名已截断";
    exact_request_past: "As it would be sent now; access key masked, signature cut", "若现在发送的内容；访问密钥已掩码，签名已截断";
    request_summary_of(method: &str, headers: usize, body: &str): "{}, {} headers, {}", "{}，{} 个请求头，{}";
    with_body: "with a body", "有请求体";
    no_body: "no body", "无请求体";
    canonical: "Canonical request and string to sign", "规范请求与待签名字符串";
    canonical_request: "Canonical request", "规范请求";
    string_to_sign: "String to sign", "待签名字符串";
    all_parameters: "All parameters", "全部参数";
    parameters_all(all: usize): "{}", "{} 项";
    parameters_secret(all: usize, secret: usize): "{}, of them {} secret", "{} 项，其中 {} 项为敏感值";
    confirm: "Confirm", "确认";
    type_instance: "Type the instance id", "输入实例 ID";
    matches_so_far(matching: usize, all: usize): "{} of {} characters match so far", "已匹配 {} / {} 个字符";
    matches_all: "The id matches", "ID 一致";
    differs_at(position: usize): "Differs at character {}", "第 {} 个字符不一致";
    accept_cost: "I accept that the cost is not known", "我接受费用未知";
    reason: "Reason", "原因";
    reason_hint:
        "Why no dry run has passed. Written into the record beside your name.",
        "说明为何没有通过预检。与您的姓名一起写入记录。";
    secrets_again: "Enter the secrets again", "请再次输入敏感值";
    secrets_why:
        "They are never kept, so a page that was opened anew has to ask. They must be the ones that were planned.",
        "敏感值从不保存，重新打开页面后需要再次输入，且必须与计划中的一致。";
    do_on(title: &str, profile: &str): "{} on {}", "在 {1} 上{0}";
    silence_after: "The answer to your confirmation was lost", "没有收到对您确认操作的响应";
    silence_after_text:
        "Your confirmation may have arrived. Confirming again is safe: a plan runs at most once, and the same run is shown.",
        "确认可能已经送达。再次确认是安全的：每个计划最多执行一次，会显示同一个运行。";
    sending: "Recording your confirmation", "正在记录您的确认";
    why_network: "To enable the button, wait until the console's server answers again.", "控制台服务恢复响应后按钮才可用。";
    why_typed: "To enable the button, type the whole instance id.", "完整输入实例 ID 后按钮才可用。";
    why_cost: "To enable the button, accept that the cost is not known.", "接受费用未知后按钮才可用。";
    why_reason: "To enable the button, run a dry run that passes or give a reason.", "预检通过或填写原因后，按钮才可用。";
    why_secrets: "To enable the button, enter the secrets.", "输入敏感值后按钮才可用。";
    why_approvals: "To enable the button, get the approvals that are missing.", "完成审批后按钮才可用。";
    why_expired: "This plan can no longer be confirmed.", "该计划已不能确认。";
    ready: "Sends this request once. It is recorded first.", "该请求只发送一次，发送前会先写入记录。";
    back_to_form: "Back to the form", "返回表单";
    back_to_run: "Back to the run", "返回运行";
    plan_id: "Plan", "计划";
    payload: "Payload", "载荷";
    expires: "Expires", "有效期至";
    expired_title: "This plan has expired", "计划已过期";
    expired_text(when: &str): "It was valid until {}. Nothing was sent.", "有效期至 {}，没有发送任何请求。";
    already_run: "This plan was confirmed", "该计划已确认";
    already_run_text: "A plan runs at most once. Its run tells what came of it.", "每个计划最多执行一次，结果请查看对应的运行。";
    open_run: "Open the run", "打开运行";
    see_runs: "See the runs", "查看运行记录";
    if_it_fails: "If it fails", "失败时";
    price_caption: "Quoted prices", "云端报价";
    price_what: "For", "内容";
    price_amount: "Amount", "金额";
    price_at(when: &str): "Asked {}.", "询价时间 {}。";
    price_again: "Ask again", "重新询价";
    price_asking: "Asking the cloud", "正在询价";
    price_asked: "The price was asked again.", "已重新询价。";
}

impl ReviewWords {
    /// What a request is made of.
    #[must_use]
    pub fn request_summary(&self, method: &str, headers: usize, has_body: bool) -> String {
        self.request_summary_of(method, headers, if has_body { self.with_body() } else { self.no_body() })
    }

    /// How many parameters there are, and how many of them are secret.
    #[must_use]
    pub fn parameters_count(&self, all: usize, secret: usize) -> String {
        match secret {
            0 => self.parameters_all(all),
            _ => self.parameters_secret(all, secret),
        }
    }
}
