//! `QueryProductList`.

use super::{Bss, PRODUCT_CODE, asked_site, read};
use crate::paging::NumberedPage;
use crate::rpc::{Asked, Refusal, Reply};
use serde_json::{Value, json};

/// Code, type, name and billing of products that both sites sell, besides the firewall.
const PRODUCTS: [(&str, &str, &str, &str); 27] = [
    ("ecs", "", "Elastic Compute Service", "Subscription"),
    ("ecs", "", "Elastic Compute Service", "PayAsYouGo"),
    ("yundisk", "", "Block Storage", "Subscription"),
    ("rds", "rds", "ApsaraDB RDS", "Subscription"),
    ("rds", "rds", "ApsaraDB RDS", "PayAsYouGo"),
    ("redisa", "redisa", "Tair (Redis OSS-compatible)", "Subscription"),
    ("kvstore", "kvstore", "ApsaraDB for Redis", "PayAsYouGo"),
    ("dds", "dds", "ApsaraDB for MongoDB", "Subscription"),
    ("polardb", "polardb_sub", "PolarDB", "Subscription"),
    ("polardb", "polardb", "PolarDB", "PayAsYouGo"),
    ("slb", "slb", "Classic Load Balancer", "PayAsYouGo"),
    ("eip", "eip", "Elastic IP Address", "PayAsYouGo"),
    ("eip", "eip_pre", "Elastic IP Address", "Subscription"),
    ("nat_gw", "nat_gw", "NAT Gateway", "PayAsYouGo"),
    ("cbn", "cbn", "Cloud Enterprise Network", "Subscription"),
    ("vpn", "vpn", "VPN Gateway", "Subscription"),
    ("oss", "oss", "Object Storage Service", "PayAsYouGo"),
    ("ossbag", "ossbag", "OSS resource plan", "Subscription"),
    ("nas", "naspost", "File Storage NAS", "PayAsYouGo"),
    ("cdn", "cdn", "CDN", "PayAsYouGo"),
    ("waf", "waf_v3prepaid", "Web Application Firewall", "Subscription"),
    ("ddos", "ddosbgp", "Anti-DDoS Origin", "Subscription"),
    ("sas", "sas", "Security Center", "Subscription"),
    ("bastionhost", "bastionhost", "Bastionhost", "Subscription"),
    ("alikafka", "alikafka_pre", "ApsaraMQ for Kafka", "Subscription"),
    ("alikafka", "alikafka_post", "ApsaraMQ for Kafka", "PayAsYouGo"),
    ("elasticsearch", "elasticsearchpre", "Elasticsearch", "Subscription"),
];

impl Bss {
    /// `QueryProductList`: by page; how many there are is said on demand only.
    pub(crate) fn product_list(&self, asked: &Asked<'_>) -> Result<Reply, Refusal> {
        let page = NumberedPage::read(asked.parameters)?;
        let counted = asked.parameters.flag("QueryTotalCount")?;
        let firewall = (PRODUCT_CODE, asked_site(asked).product_type(), "Cloud Firewall", "Subscription");
        let (products, total) = page.cut(std::iter::once(firewall).chain(PRODUCTS));
        let rows: Vec<Value> = products
            .into_iter()
            .map(|(code, kind, name, billing)| {
                json!({
                    "ProductCode": code,
                    "ProductType": kind,
                    "ProductName": name,
                    "SubscriptionType": billing,
                })
            })
            .collect();
        let mut data =
            json!({"ProductList": {"Product": rows}, "PageNum": page.number, "PageSize": page.size});
        if counted {
            data["TotalCount"] = json!(total);
        }
        read(data)
    }
}
