//! Billing: orders, payment, sites, ClientTokens and every business error.

use crate::common::{BSS, Clouds, Response};
use simulator::ALIBABA;

fn query<'a>(id: &'a str, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut query = vec![("ProductCode", "vipcloudfw"), ("InstanceId", id), ("RenewPeriod", "2")];
    query.extend_from_slice(more);
    query
}

async fn renew(clouds: &Clouds, id: &str, more: &[(&str, &str)]) -> Response {
    clouds.rpc(BSS, "RenewChangeInstance", &query(id, more)).await
}

fn id(number: u32) -> String {
    format!("vipcloudfw-cn-7mz2k0t9{number:03}")
}

fn orders(clouds: &Clouds) -> usize {
    clouds.simulator.state()["bss"]["orders"].as_array().unwrap().len()
}

#[tokio::test]
async fn a_renewal_makes_an_order_that_is_paid() {
    let clouds = Clouds::start().await;
    let before = clouds.instance("bss", "subscriptions", &id(1));
    let change =
        [("Parameter.1.Code", "Bandwidth"), ("Parameter.1.Value", "100"), ("ProductType", "vipcloudfw")];
    let answer = renew(&clouds, &id(1), &change).await;
    let body = answer.json();
    assert_eq!((answer.status, &body["Code"], &body["Success"]), (200, &"Success".into(), &true.into()));
    assert_eq!(body["Message"], "Successful!");
    assert_eq!(body["Data"]["HostId"], "100.100.64.1:8150");
    let order_id = body["Data"]["OrderId"].as_str().unwrap();
    assert_eq!(order_id.len(), 15);
    assert!(order_id.starts_with("20240102") && order_id.bytes().all(|digit| digit.is_ascii_digit()));

    assert_eq!(clouds.instance("bss", "orders", order_id)["payment_status"], "Unpaid");
    assert_eq!(clouds.instance("bss", "subscriptions", &id(1)), before);
    clouds.simulator.advance(10).unwrap();
    assert_eq!(clouds.instance("bss", "orders", order_id)["payment_status"], "Paid");
    let after = clouds.instance("bss", "subscriptions", &id(1));
    assert_eq!(after["config"]["Bandwidth"], "100");
    assert_eq!(after["config"]["FwVpcNumber"], before["config"]["FwVpcNumber"]);
    assert!(after["end_time"].as_str() > before["end_time"].as_str());
}

#[tokio::test]
async fn orders_can_stay_unpaid_or_be_cancelled() {
    let clouds = Clouds::start().await;
    for (number, end) in [(7, "Unpaid"), (8, "Cancelled"), (10, "Paid")] {
        let answer = renew(&clouds, &id(number), &[]).await;
        clouds.simulator.advance(3600).unwrap();
        let order = clouds.instance("bss", "orders", answer.json()["Data"]["OrderId"].as_str().unwrap());
        assert_eq!(order["payment_status"], end);
    }
}

#[tokio::test]
async fn business_errors() {
    let clouds = Clouds::start().await;
    for (instance, status, code) in [
        (id(2), 400, "ResourceNotExists"),
        (id(4), 400, "ORDER.ACCOUNT_STATUS_ILLEGAL"),
        (id(5), 500, "InternalError"),
        ("rm-skjdhaskjdh".to_owned(), 400, "ResourceNotExists"),
        ("vipcloudfw-intl-7mz2k0t9003".to_owned(), 400, "NotApplicable"),
    ] {
        assert_eq!(renew(&clouds, &instance, &[]).await.refusal(), (status, code.to_owned()), "{instance}");
    }
    let soft = renew(&clouds, &id(6), &[]).await;
    assert_eq!(soft.status, 200);
    assert_eq!(soft.json()["Success"], false);
    assert_eq!(soft.json()["Code"], "InvalidConfigCode");
    let module = [("Parameter.1.Code", "X"), ("Parameter.1.Value", "1")];
    assert_eq!(renew(&clouds, &id(9), &module).await.refusal(), (400, "InvalidModuleCode".to_owned()));
    for (more, code) in [
        (&[("ProductType", "cfw_pre_intl")][..], "ResourceNotExists"),
        (&[("Parameter.1.Code", "Bandwidth")], "MissingParameter.1.Value"),
        (&[("Parameter.2.Value", "1")], "MissingParameter.2.Code"),
        (&[("Parameter.101.Code", "a"), ("Parameter.101.Value", "b")], "InvalidParameter.101.Code"),
        (&[("Parameter.0.Code", "a"), ("Parameter.0.Value", "b")], "InvalidParameter.0.Code"),
        (&[("ClientToken", "ü")], "InvalidClientToken"),
        (
            &[("ClientToken", "12345678901234567890123456789012345678901234567890123456789012345")],
            "InvalidClientToken",
        ),
    ] {
        assert_eq!(renew(&clouds, &id(1), more).await.refusal(), (400, code.to_owned()));
    }
    for period in ["0", "10", "13", "-1", "1.5", "two"] {
        let query = [("ProductCode", "vipcloudfw"), ("InstanceId", &id(1)), ("RenewPeriod", period)];
        let answer = clouds.rpc(BSS, "RenewChangeInstance", &query).await;
        assert_eq!(answer.refusal(), (400, "InvalidRenewPeriod".to_owned()), "{period}");
    }
    assert_eq!(orders(&clouds), 0);
}

#[tokio::test]
async fn the_host_tells_the_site() {
    let clouds = Clouds::start().await;
    let (china, abroad) = ("business.aliyuncs.com", "business.ap-southeast-1.aliyuncs.com");
    let own = id(1);
    for (instance, host, status) in [
        (own.as_str(), china, 200),
        (own.as_str(), abroad, 400),
        ("vipcloudfw-intl-7mz2k0t9003", china, 400),
        ("vipcloudfw-intl-7mz2k0t9003", abroad, 200),
    ] {
        let request = clouds.acs3(&ALIBABA, BSS, "RenewChangeInstance", &query(instance, &[]));
        let answer = clouds.send(&request.with("host", host).sign_acs3(&ALIBABA)).await;
        assert_eq!(answer.status, status, "{instance} {host}: {}", answer.body);
        if status == 400 {
            assert_eq!(answer.json()["Code"], "NotApplicable");
        }
    }
}

#[tokio::test]
async fn one_client_token_is_one_order() {
    let clouds = Clouds::start().await;
    let token = [("ClientToken", "JASIOFKVNVIXXXXXX")];
    let first = renew(&clouds, &id(1), &token).await.json();
    clouds.simulator.advance(3600).unwrap();
    let second = renew(&clouds, &id(1), &token).await.json();
    assert_eq!(first["Data"], second["Data"]);
    assert_ne!(first["RequestId"], second["RequestId"]);
    assert_eq!(orders(&clouds), 1);
    let applied: Vec<bool> = clouds.simulator.calls().iter().map(|call| call.applied).collect();
    assert_eq!(applied, [true, false]);

    let mut other = token.to_vec();
    other.push(("ProductType", "vipcloudfw"));
    assert_eq!(
        renew(&clouds, &id(1), &other).await.refusal(),
        (400, "IdempotentParameterMismatch".to_owned())
    );
    assert_eq!(
        renew(&clouds, &id(10), &token).await.refusal(),
        (400, "IdempotentParameterMismatch".to_owned())
    );
    assert_eq!(orders(&clouds), 1);
    // Without a token every call is an order.
    renew(&clouds, &id(1), &[]).await;
    renew(&clouds, &id(1), &[]).await;
    assert_eq!(orders(&clouds), 3);
}
