//! The RPC operations that the simulated cloud serves: companions.md sections 1, 3 and 4.

use super::{Asked, Refusal, Reply};
use crate::scenario::{Kind, Product};
use crate::world::Products;

/// One RPC operation that the simulated cloud serves.
pub(crate) struct RpcOperation {
    pub(crate) product: Product,
    pub(crate) kind: Kind,
    /// Id in the catalogue; the action follows the dot.
    pub(crate) id: &'static str,
    /// Allowed methods (signing.md section 5).
    pub(crate) methods: &'static [&'static str],
    /// RAM action that the caller needs.
    pub(crate) ram_action: &'static str,
    /// Parameters without which the gateway refuses the call, in the order in which it looks.
    pub(crate) required: &'static [&'static str],
    pub(crate) serve: Serve,
}

type Serve = fn(&mut Products, &Asked<'_>) -> Result<Reply, Refusal>;

impl RpcOperation {
    pub(crate) fn action(&self) -> &'static str {
        self.id.rsplit_once('.').map_or(self.id, |(_, action)| action)
    }

    /// Product code, as in `Recommend`.
    pub(crate) fn product_code(&self) -> &'static str {
        match self.product {
            Product::ComputeNest => "ComputeNestSupplier",
            Product::Bss => "BssOpenApi",
            _ => "alikafka",
        }
    }

    /// Whether `DryRun` is read.
    pub(crate) fn has_dry_run(&self) -> bool {
        self.action() == "UpgradeServiceInstance"
    }

    fn version(&self) -> &'static str {
        match self.product {
            Product::ComputeNest => "2021-05-21",
            Product::Bss => "2017-12-14",
            _ => "2019-09-16",
        }
    }
}

/// Versions and actions are case-sensitive (apis.md section 1).
pub(crate) fn find(version: &str, action: &str) -> Option<&'static RpcOperation> {
    OPERATIONS.iter().find(|known| known.version() == version && known.action() == action)
}

const ANY: &[&str] = &["GET", "POST"];
const POST: &[&str] = &["POST"];

const fn call(
    product: Product,
    kind: Kind,
    methods: &'static [&'static str],
    (id, ram_action): (&'static str, &'static str),
    required: &'static [&'static str],
    serve: Serve,
) -> RpcOperation {
    RpcOperation { product, kind, id, methods, ram_action, required, serve }
}

use Kind::{Changing, Listing, Reading};
use Product::{Bss, ComputeNest, Kafka};

static OPERATIONS: [RpcOperation; 20] = [
    call(
        ComputeNest,
        Changing,
        ANY,
        ("computenestsupplier.UpgradeServiceInstance", "computenestsupplier:UpgradeServiceInstance"),
        // Formally optional, but nothing can be upgraded without them (apis.md section 2).
        &["ServiceInstanceId", "ServiceVersion"],
        |products, asked| products.computenest.upgrade(asked),
    ),
    call(
        ComputeNest,
        Changing,
        ANY,
        ("computenestsupplier.RollbackServiceInstance", "computenestsupplier:RollbackServiceInstance"),
        &["ServiceInstanceId"],
        |products, asked| products.computenest.roll_back(asked),
    ),
    call(
        ComputeNest,
        Listing,
        ANY,
        ("computenestsupplier.ListServiceInstances", "computenestsupplier:ListServiceInstances"),
        &[],
        |products, asked| products.computenest.list(asked),
    ),
    call(
        ComputeNest,
        Reading,
        ANY,
        ("computenestsupplier.GetServiceInstance", "computenestsupplier:GetServiceInstance"),
        &["RegionId", "ServiceInstanceId"],
        |products, asked| products.computenest.get(asked),
    ),
    call(
        ComputeNest,
        Reading,
        ANY,
        (
            "computenestsupplier.ListServiceInstanceUpgradeHistory",
            "computenestsupplier:ListServiceInstanceUpgradeHistory",
        ),
        &["RegionId", "ServiceInstanceId"],
        |products, asked| products.computenest.upgrade_history(asked),
    ),
    call(
        ComputeNest,
        Reading,
        ANY,
        ("computenestsupplier.ListServiceInstanceLogs", "computenestsupplier:ListServiceInstanceLogs"),
        &["RegionId", "ServiceInstanceId"],
        |products, asked| products.computenest.logs(asked),
    ),
    call(
        ComputeNest,
        Reading,
        ANY,
        (
            "computenestsupplier.GetServiceTemplateParameterConstraints",
            "computenestsupplier:GetServiceTemplateParameterConstraints",
        ),
        &["RegionId", "DeployRegionId", "ServiceId", "TemplateName"],
        |products, asked| products.computenest.parameter_constraints(asked),
    ),
    call(
        ComputeNest,
        Reading,
        ANY,
        ("computenestsupplier.GetServiceEstimateCost", "computenestsupplier:GetServiceEstimateCost"),
        &["ServiceId"],
        |products, asked| products.computenest.estimate_cost(asked),
    ),
    call(
        Bss,
        Changing,
        POST,
        ("bssopenapi.RenewChangeInstance", "bss:RenewChangeInstance"),
        &["ProductCode", "InstanceId", "RenewPeriod"],
        |products, asked| products.bss.renew_change(asked),
    ),
    call(
        Bss,
        Changing,
        ANY,
        ("bssopenapi.CancelOrder", "bss:CancelOrder"),
        &["OrderId"],
        |products, asked| products.bss.cancel_order(asked),
    ),
    call(
        Bss,
        Listing,
        ANY,
        ("bssopenapi.QueryProductList", "bss:QueryProductList"),
        &["PageNum"],
        |products, asked| products.bss.product_list(asked),
    ),
    call(
        Bss,
        Listing,
        ANY,
        ("bssopenapi.QueryAvailableInstances", "bss:QueryAvailableInstances"),
        &[],
        |products, asked| products.bss.available_instances(asked),
    ),
    call(
        Bss,
        Reading,
        ANY,
        ("bssopenapi.DescribePricingModule", "bss:DescribePricingModule"),
        &["ProductCode", "SubscriptionType"],
        |products, asked| products.bss.pricing_module(asked),
    ),
    call(
        Bss,
        Reading,
        ANY,
        ("bssopenapi.GetSubscriptionPrice", "bss:GetSubscriptionPrice"),
        &["ProductCode", "OrderType", "SubscriptionType"],
        |products, asked| products.bss.subscription_price(asked),
    ),
    call(
        Bss,
        Reading,
        ANY,
        ("bssopenapi.GetOrderDetail", "bss:GetOrderDetail"),
        &["OrderId"],
        |products, asked| products.bss.order_detail(asked),
    ),
    call(Bss, Reading, ANY, ("bssopenapi.QueryOrders", "bss:QueryOrders"), &[], |products, asked| {
        products.bss.orders(asked)
    }),
    call(
        Bss,
        Reading,
        ANY,
        ("bssopenapi.QueryAccountBalance", "bss:QueryAccountBalance"),
        &[],
        |products, asked| products.bss.account_balance(asked),
    ),
    call(
        Kafka,
        Changing,
        POST,
        ("alikafka.UpgradeInstanceVersion", "alikafka:UpdateInstance"),
        &["InstanceId", "RegionId", "TargetVersion"],
        |products, asked| products.kafka.upgrade(asked),
    ),
    call(
        Kafka,
        Listing,
        ANY,
        ("alikafka.GetInstanceList", "alikafka:ListInstance"),
        &["RegionId"],
        |products, asked| products.kafka.list(asked),
    ),
    call(
        Kafka,
        Listing,
        ANY,
        ("alikafka.GetAllInstanceIdList", "alikafka:ListInstance"),
        &[],
        |products, asked| products.kafka.all_ids(asked),
    ),
];
