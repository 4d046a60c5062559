//! Words for every way in which a call to the console's own server can fail. Each has a next step.

/// What to say about one failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explained {
    /// What happened, in a few words.
    pub title: String,
    /// More, where there is more to say.
    pub detail: String,
    /// What to do now.
    pub next: String,
}

use super::table::table;

table! {
    /// Words for failures.
    ErrorWords

    unreachable: "The console's server cannot be reached", "无法连接控制台服务";
    unreachable_detail:
        "The browser got no answer from the console's server. No cloud was asked.",
        "浏览器没有收到控制台服务的响应，请求没有到达任何云。";
    unreachable_next:
        "Check that the console's server is running and that you are still in its network, then try again.",
        "请确认控制台服务正在运行、您仍在其网络内，然后重试。";
    offline: "This browser is offline", "浏览器处于离线状态";
    offline_detail: "The browser says that it has no network. No cloud was asked.", "浏览器报告没有网络，请求没有到达任何云。";
    offline_next: "Reconnect, then try again. What you typed is kept.", "恢复网络后重试。已填写的内容会保留。";
    too_slow: "The console's server took too long", "控制台服务响应超时";
    too_slow_detail:
        "No answer came in time. If this was a confirmation, look at the runs before you do anything else.",
        "没有及时收到响应。如果刚才是确认操作，请先查看运行记录，再做其他操作。";
    too_slow_next: "Open the runs to see whether it started, then try again.", "打开运行记录，确认是否已经开始，再重试。";
    not_json: "The answer did not come from the console", "响应不是控制台返回的";
    not_json_detail(status: u16):
        "Something between this browser and the console's server answered with HTTP {}, in a form that the console does not use.",
        "浏览器与控制台服务之间的某个环节返回了 HTTP {}，内容不是控制台的格式。";
    not_json_next:
        "Sign in to the portal again or reload the page. If it stays, tell whoever runs the portal.",
        "请重新登录门户或刷新页面；仍未恢复时，请联系门户管理员。";
    not_json_other: "Reload the page. If it stays, tell whoever runs the portal.", "请刷新页面；仍未恢复时，请联系门户管理员。";
    no_words(status: u16): "The server answered with HTTP {} and no explanation.", "服务返回了 HTTP {}，没有说明原因。";
    next_bad_input: "Correct what is named, then try again.", "请修改所指出的内容后重试。";
    next_not_signed_in: "Sign in to the portal again, then reload the page.", "请重新登录门户，再刷新页面。";
    next_forbidden:
        "Choose another profile, or ask whoever runs the console for access.",
        "请换一个账号配置，或向控制台管理员申请权限。";
    next_not_found: "Check the link, or start from the list of operations.", "请检查链接，或从升级操作列表重新开始。";
    next_outdated: "Go back to the form and make a new plan from the same values.", "请返回表单，用相同的内容重新生成计划。";
    next_changed:
        "Reload the page to see the plan as it is now, then review it again.",
        "请刷新页面，查看计划的最新内容后再次复核。";
    next_busy:
        "Open the run that is still open for this instance and wait for its end, or record its outcome by hand.",
        "请打开该实例尚未结束的运行，等待结束或人工认定结果。";
    next_run: "The page shows the run as it is now, with what can be done.", "页面已显示该运行的最新状态和可执行的操作。";
    next_expired: "Go back to the form and make a new plan from the same values.", "请返回表单，用相同的内容重新生成计划。";
    next_host: "Open the console under the address that its configuration names.", "请使用配置中指定的地址访问控制台。";
    next_large: "Send less at once: shorten what was typed.", "内容过长，请精简后重试。";
    next_many: "Wait a little, then try again.", "请稍候再重试。";
    next_server:
        "Try again. If it stays, tell whoever runs the console, with the time.",
        "请重试；仍未恢复时，请把发生时间告知控制台管理员。";
    next_store:
        "The record cannot be written, so nothing is sent. Tell whoever runs the console.",
        "记录无法写入，因此不会发送任何请求。请联系控制台管理员。";
    next_confirmation: "Give the confirmation that is asked for, then confirm again.", "请补全所要求的确认内容，再次确认。";
}
