//! Words of the shell: what stands on every page.

use super::table::table;

table! {
    /// Words of the shell.
    ShellWords

    brand: "Upgrade Console", "升级控制台";
    document_title(page: &str): "{}: Upgrade Console", "{}：升级控制台";
    skip: "Skip to the content", "跳到正文";
    mode_and_account: "Mode and account", "模式与账号";
    simulated: "Simulated", "模拟";
    live: "Live", "真实";
    profile: "Profile", "账号配置";
    switch_profile: "Act as profile", "使用的账号配置";
    rehearsal: "A rehearsal. Nothing reaches a real cloud.", "演练环境，不会触达真实云。";
    real_account: "Real account. What you confirm happens and may cost money.", "真实账号。确认后立即生效，可能产生费用。";
    each_row_says: "Every row says its own mode.", "每一行各自标明模式。";
    no_profile: "No profile is configured for you.", "没有可供您使用的账号配置。";
    mode_unknown: "Mode not known yet", "模式尚未读到";
    alibaba: "Alibaba Cloud", "阿里云";
    huawei: "Huawei Cloud", "华为云";
    international_site: "International site", "国际站";
    main_navigation: "Main", "主导航";
    operations: "Operations", "升级操作";
    runs: "Runs", "运行记录";
    need_you: " need you", " 项待处理";
    go_to: "Go to", "跳转";
    go_to_label: "Go to an operation, a page or a profile", "跳转到操作、页面或账号配置";
    go_to_hint: "Operation, page or profile", "操作、页面或账号配置";
    go_to_none(query: &str): "Nothing matches “{}”", "没有与“{}”匹配的内容";
    go_to_found[count]: "1 match|{} matches", "匹配 {} 项";
    other_language: "中文", "English";
    other_language_tag: "zh-CN", "en";
    theme_system: "as the system", "跟随系统";
    theme_light: "light", "浅色";
    theme_dark: "dark", "深色";
    theme_now(theme: &str): "Theme: {}", "主题：{}";
    theme_next(now: &str, next: &str): "Theme: {}. Change to {}", "主题：{}，切换为{}";
    keys_stay: "Keys stay on the server, never in this browser", "密钥只保存在服务器上，从不进入浏览器";
    you_are_here: "You are here", "路径";
    steps: "Steps", "步骤";
    step_fill: "Fill in", "填写";
    step_review: "Review", "复核";
    step_follow: "Follow", "跟踪";
    step_done: "done: ", "已完成：";
    from: "from ", "从 ";
    to: " to ", " 到 ";
    copy: "Copy", "复制";
    copy_named(what: &str): "Copy {}", "复制{}";
    copied(what: &str): "Copied: {}", "已复制{}";
    copy_failed: "The browser did not allow copying. Select the text and copy it.", "浏览器不允许复制，请选中文字后手动复制。";
    loading: "Loading", "正在读取";
    try_again: "Try again", "重试";
    offline_title: "No network", "没有网络";
    offline_text:
        "This browser is offline. What you typed is kept; nothing can be confirmed until the network is back.",
        "浏览器处于离线状态。已填写的内容会保留；恢复网络之前无法确认任何变更。";
    unreachable_title: "The console's server does not answer", "控制台服务没有响应";
    unreachable_text:
        "What you typed is kept. Nothing can be confirmed until it answers; it is asked again every few seconds.",
        "已填写的内容会保留。服务恢复之前无法确认任何变更；页面每隔几秒会自动重试。";
    back_online: "The server answers again.", "服务已恢复响应。";
    not_found_title: "This page does not exist", "页面不存在";
    not_found_text(path: &str):
        "There is no page at {}. The link may be old, or a part of it was lost.",
        "{} 没有对应的页面。链接可能已经过期，或者不完整。";
    problem_heading: "There is a problem", "有内容需要修改";
    error_prefix(title: &str): "Error: {}", "错误：{}";
    json_find: "Find in the body", "在响应体中查找";
    json_no_hits: "not found", "未找到";
    json_places[count]: "1 place|{} places", "{} 处";
    json_empty: "The body is empty.", "响应体为空。";
    json_not: "Not JSON: shown as it came.", "不是 JSON，按原文显示。";
    json_more(count: usize): "Show {} more lines", "再显示 {} 行";
    json_fold: "Fold", "折叠";
    json_unfold: "Unfold", "展开";
    json_items[count]: "1 item|{} items", "{} 项";
    download: "Download", "下载";
}

impl ShellWords {
    /// How many places a search has found.
    #[must_use]
    pub fn json_hits(&self, count: usize) -> String {
        if count == 0 { self.json_no_hits().to_owned() } else { self.json_places(count) }
    }
}
