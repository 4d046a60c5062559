//! Words of the home page.

use super::table::table;

table! {
    /// Words of the home page.
    HomeWords

    title: "Operations", "升级操作";
    heading: "Upgrade an instance", "升级实例";
    lede:
        "Choose what to upgrade. You will see the change, its cost and the exact request before anything is sent.",
        "选择要升级的内容。发送之前，您会看到具体变更、费用和完整请求。";
    filter: "Filter operations", "筛选操作";
    filter_placeholder: "Filter by product, cloud or effect", "按产品、云或效果筛选";
    count(shown: usize, all: usize): "{} of {}", "{} / {}";
    none_title(query: &str): "No operation matches “{}”", "没有与“{}”匹配的操作";
    none_text(products: &str): "There are operations for {}.", "可用操作涉及：{}。";
    clear_filter: "Clear the filter", "清除筛选";
    needs_you: "Needs you", "待处理";
    nothing_needs_you: "Nothing needs you now.", "没有需要处理的运行。";
    unknown_text: "Sent, outcome unknown. Find out before anything else.", "已发送，结果未知。请先弄清结果。";
    unpaid_text: "Order created, not paid.", "订单已创建，尚未支付。";
    scheduled_text: "Starts at the time above.", "将在上述时间开始。";
    drafts: "Drafts on this device", "本设备上的草稿";
    no_drafts: "What you type in a form is kept here until you send it.", "表单中填写的内容会保留在这里，直到发送。";
    draft_saved(when: &str): "Saved {}. Secrets are not kept.", "保存于 {}，不含敏感值。";
    remove_draft(what: &str): "Remove the draft of {}", "删除草稿：{}";
    remove: "Remove", "删除";
    reading: "Reading the operations", "正在读取操作列表";
}
