//! Advanced Anti-DDoS v2: instances and changed specifications (apis.md section 6, companions.md section 5). The
//! orders that changes make are orders of the account: `orders`.

pub(crate) mod orders;
mod read;
mod upgrade;

use crate::crowd::{Member, Stock, number_after};
use crate::huawei::ServiceError;
use crate::moment::later;
use jiff::Timestamp;
use orders::Order;
use serde::Serialize;

/// Ids of the crowd.
const CROWD_PREFIX: &str = "2b5ce2a4-0000-4000-9000-";

/// `instance_access_type`: what the instance protects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
enum Access {
    Website,
    Ip,
}

/// `overseas_type`: where the instance is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
enum Place {
    Mainland,
    Overseas,
}

/// How changes to an instance end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
enum Conduct {
    /// The order is paid and completed.
    Completed,
    /// The account may not pay: the order stays unpaid.
    Unpaid,
    /// No change costs anything, so there is no order.
    Free,
    /// The order is cancelled while it is processed.
    Cancelled,
    /// Frozen.
    Frozen,
    /// Restricted.
    Restricted,
    /// The account has not verified its real name.
    NotVerified,
}

/// Specifications. The cloud reads bandwidths as text and shows them as numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
struct Specification {
    basic_bandwidth: i64,
    elastic_bandwidth: i64,
    service_bandwidth: i64,
    port_num: i64,
    bind_domain_num: i64,
    elastic_service_bandwidth_type: i64,
    elastic_service_bandwidth: i64,
    /// Zero: never bought.
    basic_qps: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Instance {
    instance_id: String,
    name: String,
    access: Access,
    place: Place,
    conduct: Conduct,
    specification: Specification,
    /// How many domains are protected now; fewer cannot be bought.
    domains: usize,
    address: String,
    created: Timestamp,
    expires: Timestamp,
}

impl Instance {
    fn new(
        instance_id: String,
        number: u32,
        name: String,
        access: Access,
        place: Place,
        reset_at: Timestamp,
    ) -> Self {
        let mainland = place == Place::Mainland;
        let website = access == Access::Website;
        Self {
            instance_id,
            name,
            access,
            place,
            conduct: Conduct::Completed,
            specification: Specification {
                basic_bandwidth: if mainland { 10 } else { 0 },
                elastic_bandwidth: if mainland { 10 } else { 0 },
                service_bandwidth: 100,
                port_num: if website { 0 } else { 50 },
                bind_domain_num: if website { 50 } else { 0 },
                elastic_service_bandwidth_type: 0,
                elastic_service_bandwidth: 0,
                basic_qps: if website { 3000 } else { 0 },
            },
            domains: if website { 3 } else { 0 },
            // 198.18.0.0/15 is set aside for tests.
            address: format!("198.18.{}.{}", number / 250 % 256, number % 250 + 1),
            created: later(reset_at, -165 * 86_400),
            expires: later(reset_at, 200 * 86_400),
        }
    }
}

impl Member for Instance {
    fn member(number: u32, reset_at: Timestamp) -> Self {
        let access = if number.is_multiple_of(2) { Access::Ip } else { Access::Website };
        let place = if number.is_multiple_of(5) { Place::Overseas } else { Place::Mainland };
        let id = format!("{CROWD_PREFIX}{number:012}");
        let mut member = Self::new(id, number, format!("shield-{number:06}"), access, place, reset_at);
        member.address = member.address.replacen("198.18.", "198.19.", 1);
        member
    }

    fn number(id: &str) -> Option<u32> {
        number_after(id, CROWD_PREFIX)
    }

    fn has_id(&self, id: &str) -> bool {
        self.instance_id == id
    }

    /// Nothing happens to an instance by itself; its orders change it.
    fn settle(&mut self, _: Timestamp) {}
}

/// All instances and orders.
#[derive(Serialize)]
pub(crate) struct Aad {
    instances: Stock<Instance>,
    orders: Vec<Order>,
}

impl Aad {
    pub(crate) fn new(now: Timestamp, crowd: u32) -> Self {
        let instance = |number: u32, name: &str, access: Access, place: Place, conduct: Conduct| {
            let id = format!("2b5ce2a4-0000-4000-8000-{number:012}");
            Instance { conduct, ..Instance::new(id, number, name.to_owned(), access, place, now) }
        };
        use Access::{Ip, Website};
        use Place::{Mainland, Overseas};
        let mut no_qps = instance(7, "shield-no-qps", Website, Mainland, Conduct::Completed);
        no_qps.specification.basic_qps = 0;
        let expired = instance(10, "shield-expired", Website, Mainland, Conduct::Completed);
        let own = vec![
            instance(1, "shield-website", Website, Mainland, Conduct::Completed),
            instance(2, "shield-ip", Ip, Mainland, Conduct::Completed),
            instance(3, "shield-overseas", Website, Overseas, Conduct::Completed),
            instance(4, "shield-frozen", Website, Mainland, Conduct::Frozen),
            instance(5, "shield-unpaid", Website, Mainland, Conduct::Unpaid),
            instance(6, "shield-no-fee", Ip, Mainland, Conduct::Free),
            no_qps,
            instance(8, "shield-restricted", Website, Mainland, Conduct::Restricted),
            instance(9, "shield-not-verified", Website, Mainland, Conduct::NotVerified),
            Instance { expires: later(now, -3 * 86_400), ..expired },
            instance(11, "shield-order-cancelled", Website, Mainland, Conduct::Cancelled),
            instance(12, "shield-overseas-ip", Ip, Overseas, Conduct::Completed),
        ];
        Self { instances: Stock::new(own, crowd, now), orders: Vec::new() }
    }

    /// Brings every order and instance up to this moment.
    pub(crate) fn settle(&mut self, now: Timestamp) {
        self.instances.settle(now);
        for order in &mut self.orders {
            order.settle(&mut self.instances, now);
        }
    }
}

fn bad(description: &str) -> ServiceError {
    refused("Anti-DDoS.10000001", description)
}

fn refused(code: &'static str, description: &str) -> ServiceError {
    ServiceError::new(400, code, description)
}
