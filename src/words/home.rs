//! Words of the home page.

/// Words of the home page.
#[derive(Debug)]
pub struct HomeWords {
    pub title: &'static str,
    pub heading: &'static str,
    pub lede: &'static str,
    pub filter: &'static str,
    pub filter_placeholder: &'static str,
    pub count: fn(usize, usize) -> String,
    pub none_title: fn(&str) -> String,
    pub none_text: fn(&str) -> String,
    pub clear_filter: &'static str,
    pub needs_you: &'static str,
    pub nothing_needs_you: &'static str,
    pub unknown_text: &'static str,
    pub unpaid_text: &'static str,
    pub scheduled_text: &'static str,
    pub drafts: &'static str,
    pub no_drafts: &'static str,
    pub draft_saved: fn(&str) -> String,
    pub remove_draft: fn(&str) -> String,
    pub remove: &'static str,
    pub reading: &'static str,
}

/// English.
pub const EN: HomeWords = HomeWords {
    title: "Operations",
    heading: "Upgrade an instance",
    lede: "Choose what to upgrade. You will see the change, its cost and the exact request before anything is sent.",
    filter: "Filter operations",
    filter_placeholder: "Filter by product, cloud or effect",
    count: |shown, all| format!("{shown} of {all}"),
    none_title: |query| format!("No operation matches “{query}”"),
    none_text: |products| format!("There are operations for {products}."),
    clear_filter: "Clear the filter",
    needs_you: "Needs you",
    nothing_needs_you: "No run waits for anyone.",
    unknown_text: "Sent, outcome unknown. Find out before anything else.",
    unpaid_text: "Order created, not paid.",
    scheduled_text: "Waits for its time.",
    drafts: "Drafts on this device",
    no_drafts: "What you type in a form is kept here until you send it.",
    draft_saved: |when| format!("Saved {when}. Secrets are not kept."),
    remove_draft: |what| format!("Remove the draft of {what}"),
    remove: "Remove",
    reading: "Reading the operations",
};

/// Simplified Chinese.
pub const ZH: HomeWords = HomeWords {
    title: "升级操作",
    heading: "升级实例",
    lede: "选择要升级的内容。发送之前，您会看到具体变更、费用和完整请求。",
    filter: "筛选操作",
    filter_placeholder: "按产品、云或效果筛选",
    count: |shown, all| format!("{shown} / {all}"),
    none_title: |query| format!("没有与“{query}”匹配的操作"),
    none_text: |products| format!("可用操作涉及：{products}。"),
    clear_filter: "清除筛选",
    needs_you: "待处理",
    nothing_needs_you: "没有需要处理的运行。",
    unknown_text: "已发送，结果未知。请先弄清结果。",
    unpaid_text: "订单已创建，尚未支付。",
    scheduled_text: "等待预约的时间。",
    drafts: "本设备上的草稿",
    no_drafts: "表单中填写的内容会保留在这里，直到发送。",
    draft_saved: |when| format!("保存于 {when}，不含密钥。"),
    remove_draft: |what| format!("删除草稿：{what}"),
    remove: "删除",
    reading: "正在读取操作列表",
};
