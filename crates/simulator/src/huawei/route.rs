//! The APIs that the simulated cloud serves: by method, path and, where it names a product, host.

use crate::scenario::{Kind, Product};
use crate::wire::WireRequest;

/// One API, with what stands in its path.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Route<'a> {
    CbhUpgrade { project: &'a str },
    CbhRollback { project: &'a str },
    CbhList { project: &'a str },
    CbhStatus { project: &'a str, server: &'a str },
    AadUpgrade,
    AadList,
    AadListByAccess,
    AadShow { instance: &'a str },
    AadDomains { instance: &'a str },
    OrderDetails { order: &'a str },
    OrderList,
    OrderCancel,
    IamTokens,
    IamProjects,
    IamAuthProjects,
    IamAuthDomains,
}

impl<'a> Route<'a> {
    pub(super) fn find(request: &'a WireRequest) -> Option<Self> {
        let route = Self::by_path(&request.method, &request.path)?;
        route.is_served_at(&request.host_name()).then_some(route)
    }

    fn by_path(method: &str, path: &'a str) -> Option<Self> {
        let mut segments = path.split('/');
        // A path begins with a slash, so that there is nothing before the first one.
        segments.next().filter(|before| before.is_empty())?;
        let segments: Vec<&str> = segments.collect();
        Some(match (method, segments.as_slice()) {
            ("POST", ["v2", project, "cbs", "instance", "upgrade"]) => Self::CbhUpgrade { project },
            ("POST", ["v2", project, "cbs", "instance", "rollback"]) => Self::CbhRollback { project },
            ("GET", ["v2", project, "cbs", "instance", "list"]) => Self::CbhList { project },
            ("GET", ["v2", project, "cbs", "instance", server, "status"]) => {
                Self::CbhStatus { project, server }
            }
            ("PUT", ["v2", "aad", "instance"]) => Self::AadUpgrade,
            ("GET", ["v1", "aad", "instances"]) => Self::AadList,
            ("GET", ["v2", "aad", "instances"]) => Self::AadListByAccess,
            ("GET", ["v2", "aad", "instances", instance]) => Self::AadShow { instance },
            ("GET", ["v2", "aad", "instances", instance, "domains"]) => Self::AadDomains { instance },
            ("GET", ["v2", "orders", "customer-orders", "details", order]) => Self::OrderDetails { order },
            ("GET", ["v2", "orders", "customer-orders"]) => Self::OrderList,
            ("PUT", ["v2", "orders", "customer-orders", "cancel"]) => Self::OrderCancel,
            ("POST", ["v3", "auth", "tokens"]) => Self::IamTokens,
            ("GET", ["v3", "projects"]) => Self::IamProjects,
            ("GET", ["v3", "auth", "projects"]) => Self::IamAuthProjects,
            ("GET", ["v3", "auth", "domains"]) => Self::IamAuthDomains,
            _ => return None,
        })
    }

    pub(super) fn product(self) -> Product {
        match self {
            Self::CbhUpgrade { .. }
            | Self::CbhRollback { .. }
            | Self::CbhList { .. }
            | Self::CbhStatus { .. } => Product::Cbh,
            Self::AadUpgrade
            | Self::AadList
            | Self::AadListByAccess
            | Self::AadShow { .. }
            | Self::AadDomains { .. } => Product::Aad,
            Self::OrderDetails { .. } | Self::OrderList | Self::OrderCancel => Product::HuaweiBss,
            Self::IamTokens | Self::IamProjects | Self::IamAuthProjects | Self::IamAuthDomains => {
                Product::Iam
            }
        }
    }

    /// The project in the path; empty where there is none.
    pub(super) fn project(self) -> &'a str {
        match self {
            Self::CbhUpgrade { project }
            | Self::CbhRollback { project }
            | Self::CbhList { project }
            | Self::CbhStatus { project, .. } => project,
            _ => "",
        }
    }

    /// Id in the catalogue.
    pub(super) fn id(self) -> &'static str {
        match self {
            Self::CbhUpgrade { .. } => "cbh.UpgradeInstance",
            Self::CbhRollback { .. } => "cbh.RollbackInstance",
            Self::CbhList { .. } => "cbh.ListInstances",
            Self::CbhStatus { .. } => "cbh.ShowInstanceStatus",
            Self::AadUpgrade => "aad.UpgradeInstanceSpec",
            Self::AadList => "aad.ListInstance",
            Self::AadListByAccess => "aad.ListInstanceV2",
            Self::AadShow { .. } => "aad.ShowInstanceByInstanceId",
            Self::AadDomains { .. } => "aad.ListInstanceDomains",
            Self::OrderDetails { .. } => "huaweibss.ShowCustomerOrderDetails",
            Self::OrderList => "huaweibss.ListCustomerOrders",
            Self::OrderCancel => "huaweibss.CancelCustomerOrder",
            Self::IamTokens => "iam.KeystoneCreateUserTokenByPassword",
            Self::IamProjects => "iam.KeystoneListProjects",
            Self::IamAuthProjects => "iam.KeystoneListAuthProjects",
            Self::IamAuthDomains => "iam.KeystoneListAuthDomains",
        }
    }

    pub(super) fn kind(self) -> Kind {
        match self {
            Self::CbhUpgrade { .. } | Self::CbhRollback { .. } | Self::AadUpgrade | Self::OrderCancel => {
                Kind::Changing
            }
            Self::CbhList { .. } | Self::AadList | Self::AadListByAccess => Kind::Listing,
            _ => Kind::Reading,
        }
    }

    /// A host of the cloud serves one product; another host, such as a loopback address, serves all.
    fn is_served_at(self, host: &str) -> bool {
        let name = host.strip_suffix(".myhuaweicloud.com").or_else(|| host.strip_suffix(".myhuaweicloud.eu"));
        let Some(name) = name else { return true };
        let product = name.split('.').next().unwrap_or_default();
        match self.product() {
            Product::Cbh => product == "cbh",
            Product::Aad => product == "aad",
            Product::HuaweiBss => matches!(product, "bss" | "bss-intl"),
            _ => matches!(product, "iam" | "iam-pub"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_exact() {
        assert!(Route::by_path("POST", "/v2/p/cbs/instance/upgrade").is_some());
        for (method, path) in [
            ("PUT", "/v2/p/cbs/instance/upgrade"),
            ("POST", "/v2/p/cbs/instance/upgrade/"),
            ("POST", "v2/p/cbs/instance/upgrade"),
            ("PUT", "//v2/aad/instance"),
            ("GET", "/v1/aad/instances/x"),
            ("POST", "/v2/orders/customer-orders/cancel"),
        ] {
            assert!(Route::by_path(method, path).is_none(), "{method} {path}");
        }
    }

    #[test]
    fn a_host_of_the_cloud_serves_its_own_product() {
        let at = |path: &str, host: &str| {
            Route::by_path("GET", path).is_some_and(|route| route.is_served_at(host))
        };
        let orders = "/v2/orders/customer-orders";
        for (path, host, served) in [
            (orders, "bss.myhuaweicloud.com", true),
            (orders, "bss-intl.myhuaweicloud.com", true),
            (orders, "bss.myhuaweicloud.eu", true),
            (orders, "aad.myhuaweicloud.com", false),
            ("/v1/aad/instances", "aad.myhuaweicloud.com", true),
            ("/v1/aad/instances", "bss.myhuaweicloud.com", false),
            ("/v2/p/cbs/instance/list", "cbh.cn-north-4.myhuaweicloud.com", true),
            ("/v2/p/cbs/instance/list", "aad.myhuaweicloud.com", false),
            ("/v3/projects", "iam.cn-north-4.myhuaweicloud.com", true),
            ("/v3/projects", "127.0.0.1", true),
        ] {
            assert_eq!(at(path, host), served, "{path} {host}");
        }
    }
}
