"""The official SDKs read every answer of the calls around the three Alibaba upgrades into their models."""

import json

import pytest
from alibabacloud_tea_openapi.exceptions import ClientException, ServerException
from reading import alibaba, alibaba_models, alibaba_raw, unknown_members
from support import instances, sdks
from support.accounts import ALIBABA, ALIBABA_STS
from support.processes import fetch

SERVICE_ID = "service-3a1b2c4d5e6f40000001"
INSTANCE = {"region_id": "cn-hangzhou", "service_instance_id": instances.SERVICE}
FIREWALL = {"product_code": "vipcloudfw", "product_type": "vipcloudfw", "subscription_type": "Subscription"}


def module(**given):
    """A module of a price."""
    return alibaba_models("bssopenapi").GetSubscriptionPriceRequestModuleList(**given)


def order(clouds):
    """The order of a renewal."""
    body = sdks.renew_change_instance(
        clouds.address,
        ALIBABA,
        "acs3",
        instance_id=instances.FIREWALL,
        product_code="vipcloudfw",
        renew_period=1,
        parameter=[("Bandwidth", "100")],
    )
    return body.data.order_id


# Product, action, the request as the SDK's model takes it, and as query parameters.
READS = [
    ("computenestsupplier", "ListServiceInstances", {"region_id": "cn-hangzhou"}, {"RegionId": "cn-hangzhou"}),
    (
        "computenestsupplier",
        "GetServiceInstance",
        INSTANCE,
        {"RegionId": "cn-hangzhou", "ServiceInstanceId": instances.SERVICE},
    ),
    (
        "computenestsupplier",
        "ListServiceInstanceUpgradeHistory",
        {"region_id": "cn-hangzhou", "service_instance_id": instances.SERVICE_LATEST},
        {"RegionId": "cn-hangzhou", "ServiceInstanceId": instances.SERVICE_LATEST},
    ),
    (
        "computenestsupplier",
        "ListServiceInstanceLogs",
        INSTANCE,
        {"RegionId": "cn-hangzhou", "ServiceInstanceId": instances.SERVICE},
    ),
    (
        "computenestsupplier",
        "GetServiceTemplateParameterConstraints",
        {
            "region_id": "cn-hangzhou",
            "deploy_region_id": "cn-hangzhou",
            "service_id": SERVICE_ID,
            "template_name": "Template 1",
        },
        {
            "RegionId": "cn-hangzhou",
            "DeployRegionId": "cn-hangzhou",
            "ServiceId": SERVICE_ID,
            "TemplateName": "Template 1",
        },
    ),
    (
        "computenestsupplier",
        "GetServiceEstimateCost",
        {"service_id": SERVICE_ID, "parameters": {"DiskSize": 100}},
        {"ServiceId": SERVICE_ID, "Parameters": '{"DiskSize":100}'},
    ),
    (
        "bssopenapi",
        "QueryProductList",
        {"page_num": 1, "query_total_count": True},
        {"PageNum": 1, "QueryTotalCount": True},
    ),
    ("bssopenapi", "QueryAvailableInstances", {"product_code": "vipcloudfw"}, {"ProductCode": "vipcloudfw"}),
    (
        "bssopenapi",
        "DescribePricingModule",
        FIREWALL,
        {"ProductCode": "vipcloudfw", "ProductType": "vipcloudfw", "SubscriptionType": "Subscription"},
    ),
    (
        "bssopenapi",
        "GetSubscriptionPrice",
        {
            **FIREWALL,
            "order_type": "Renewal",
            "instance_id": instances.FIREWALL,
            "service_period_quantity": 1,
            "service_period_unit": "Year",
            "module_list": [module(module_code="Bandwidth", config="Bandwidth:100")],
        },
        {
            "ProductCode": "vipcloudfw",
            "SubscriptionType": "Subscription",
            "OrderType": "Renewal",
            "InstanceId": instances.FIREWALL,
            "ServicePeriodQuantity": 1,
            "ServicePeriodUnit": "Year",
            "ModuleList": [{"ModuleCode": "Bandwidth", "Config": "Bandwidth:100"}],
        },
    ),
    ("bssopenapi", "GetOrderDetail", order, order),
    ("bssopenapi", "QueryOrders", order, order),
    ("bssopenapi", "QueryAccountBalance", {}, {}),
    ("alikafka", "GetInstanceList", {"region_id": "cn-hangzhou"}, {"RegionId": "cn-hangzhou"}),
    ("alikafka", "GetAllInstanceIdList", {}, {}),
]


@pytest.mark.parametrize("signature", sdks.SIGNATURES)
@pytest.mark.parametrize(("product", "action", "given", "query"), READS, ids=[read[1] for read in READS])
def test_an_answer_is_read_whole(clouds, product, action, given, query, signature):
    if callable(given):
        order_id = given(clouds)
        given, query = ({"order_id": order_id}, {"OrderId": order_id}) if action == "GetOrderDetail" else ({}, {})
    account = ALIBABA if signature == "acs3" else ALIBABA_STS
    body = alibaba(clouds.address, account, signature, product, action, **given)
    sent = alibaba_raw(clouds.address, ALIBABA, product, action, query)
    read = body.to_map()
    assert read.pop("RequestId") != sent.pop("RequestId")
    # Every member of the answer has a place in the model of the SDK, and its value arrives.
    assert unknown_members(sent, read) == []
    calls = [call for call in clouds.calls() if call["operation"] == f"{product}.{action}"]
    assert [(call["verdict"], call["changing"], call["applied"]) for call in calls] == [("accepted", False, False)] * 2


def test_compute_nest_finds_pages_and_targets(clouds):
    status, _, _ = fetch(clouds.admin + "/reset", {"crowd": 300})
    assert status == 200
    models = alibaba_models("computenestsupplier")
    filters = [models.ListServiceInstancesRequestFilter(name="Name", value=["*-0001*", "shop-latest"])]
    seen, token = [], None
    while True:
        body = alibaba(
            clouds.address,
            ALIBABA,
            "acs3",
            "computenestsupplier",
            "ListServiceInstances",
            region_id="cn-hangzhou",
            max_results=40,
            next_token=token,
            filter=filters,
        )
        assert body.total_count == 101
        seen += [row.name for row in body.service_instances]
        token = body.next_token
        if not token:
            break
    assert len(seen) == len(set(seen)) == 101
    one = alibaba(clouds.address, ALIBABA, "acs3", "computenestsupplier", "GetServiceInstance", **INSTANCE)
    assert one.service.upgradable_service_versions == ["2", "3", "4"]
    assert json.loads(one.parameters) == {"EcsInstanceType": "ecs.g6.large"}


def test_compute_nest_rolls_back(clouds):
    sdks.upgrade_service_instance(
        clouds.address, ALIBABA, "acs3", service_instance_id=instances.SERVICE, service_version="2"
    )
    clouds.advance(180)
    body = alibaba(
        clouds.address,
        ALIBABA,
        "acs3",
        "computenestsupplier",
        "RollbackServiceInstance",
        client_token="one",
        **INSTANCE,
    )
    assert (body.status, body.service_instance_id) == ("UpgradeRollbacking", instances.SERVICE)
    clouds.advance(120)
    rows = alibaba(
        clouds.address, ALIBABA, "acs3", "computenestsupplier", "ListServiceInstanceUpgradeHistory", **INSTANCE
    ).upgrade_history
    assert [(row.type, row.status, row.to_version) for row in rows] == [
        ("Rollback", "UpgradeSuccessful", "1"),
        ("Upgrade", "UpgradeSuccessful", "2"),
    ]


def test_bss_orders_are_followed_and_cancelled(clouds):
    body = sdks.renew_change_instance(
        clouds.address,
        ALIBABA,
        "acs3",
        instance_id="vipcloudfw-cn-7mz2k0t9007",
        product_code="vipcloudfw",
        renew_period=1,
    )
    order_id = body.data.order_id
    detail = alibaba(clouds.address, ALIBABA, "acs3", "bssopenapi", "GetOrderDetail", order_id=order_id)
    row = detail.data.order_list.order[0]
    assert (row.payment_status, json.loads(row.instance_ids)) == ("Unpaid", ["vipcloudfw-cn-7mz2k0t9007"])
    cancelled = alibaba(clouds.address, ALIBABA, "acs3", "bssopenapi", "CancelOrder", order_id=order_id)
    assert (cancelled.success, cancelled.data.host_id) == (True, "100.100.64.1:8150")
    with pytest.raises(ClientException) as caught:
        alibaba(clouds.address, ALIBABA, "acs3", "bssopenapi", "CancelOrder", order_id=order_id)
    assert caught.value.code == "ORDER.STATUS_ILLEGAL"


def test_kafka_shows_an_upgrade_after_a_minute(clouds):
    sdks.upgrade_instance_version(
        clouds.address, ALIBABA, "acs3", instance_id=instances.KAFKA_OLD, target_version="2.2.0"
    )

    def seen():
        body = alibaba(
            clouds.address,
            ALIBABA,
            "acs3",
            "alikafka",
            "GetInstanceList",
            region_id="cn-hangzhou",
            instance_id=[instances.KAFKA_OLD],
        )
        row = body.instance_list.instance_vo[0]
        return row.view_instance_status_code, row.service_status

    assert seen() == (2, 5)
    clouds.advance(60)
    assert seen() == (7, 8)


def test_lists_can_fail_and_the_rest_goes_on(clouds):
    clouds.scenario("lists_fail")
    with pytest.raises(ServerException):
        alibaba(clouds.address, ALIBABA, "acs3", "computenestsupplier", "ListServiceInstances", region_id="cn-hangzhou")
    one = alibaba(clouds.address, ALIBABA, "acs3", "computenestsupplier", "GetServiceInstance", **INSTANCE)
    assert one.status == "Deployed"
