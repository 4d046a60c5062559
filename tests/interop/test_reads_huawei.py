"""The official SDKs read every answer of the calls around the two Huawei upgrades into their models."""

import pytest
from huaweicloudsdkaad import v2 as aad
from huaweicloudsdkcbh import v2 as cbh
from huaweicloudsdkcore.exceptions.exceptions import ClientRequestException, ServerResponseException
from reading import aad_v1, aad_v1_client, body_of, orders, orders_client, unknown_members
from support import instances, sdks
from support.accounts import HUAWEI, HUAWEI_STS
from support.processes import fetch

# The server id of the host that can be rolled back.
CAN_ROLL_BACK = "c7277d87-5a0d-4cfc-a418-97acb567cf09"


def order(clouds, account):
    """The order of a change that the account may not pay."""
    return sdks.upgrade_protection(clouds.address, account, instances.SHIELD_UNPAID, service_bandwidth=200).order_id


def order_details(clouds, account):
    """One order, with English words."""
    request = orders.ShowCustomerOrderDetailsRequest(order_id=order(clouds, account), x_language="en_US")
    return orders_client(clouds.address, account).show_customer_order_details(request)


def order_list(clouds, account):
    """Unpaid orders."""
    order(clouds, account)
    return orders_client(clouds.address, account).list_customer_orders(orders.ListCustomerOrdersRequest(status=6))


# Operation, the call, and members that the answer has and the SDK's model does not know.
READS = [
    (
        "cbh.ListInstances",
        lambda clouds, account: sdks.cbh_client(clouds.address, account).list_instances(
            cbh.ListInstancesRequest(limit="20")
        ),
        set(),
    ),
    (
        "cbh.ShowInstanceStatus",
        lambda clouds, account: sdks.cbh_client(clouds.address, account).show_instance_status(
            cbh.ShowInstanceStatusRequest(server_id=instances.BASTION)
        ),
        set(),
    ),
    (
        "aad.ListInstance",
        lambda clouds, account: aad_v1_client(clouds.address, account).list_instance(aad_v1.ListInstanceRequest()),
        {"overseas_type"},
    ),
    (
        "aad.ShowInstanceByInstanceId",
        lambda clouds, account: sdks.aad_client(clouds.address, account).show_instance_by_instance_id(
            aad.ShowInstanceByInstanceIdRequest(instance_id=instances.SHIELD_WEBSITE)
        ),
        set(),
    ),
    (
        "aad.ListInstanceDomains",
        lambda clouds, account: sdks.aad_client(clouds.address, account).list_instance_domains(
            aad.ListInstanceDomainsRequest(instance_id=instances.SHIELD_WEBSITE, limit=2, offset=0)
        ),
        set(),
    ),
    ("huaweibss.ShowCustomerOrderDetails", order_details, set()),
    ("huaweibss.ListCustomerOrders", order_list, set()),
]


@pytest.mark.parametrize("account", [HUAWEI, HUAWEI_STS], ids=["key", "sts"])
@pytest.mark.parametrize(("operation", "call", "more"), READS, ids=[read[0] for read in READS])
def test_an_answer_is_read_whole(clouds, operation, call, more, account):
    answer = call(clouds, account)
    assert answer.status_code == 200
    unknown = unknown_members(body_of(answer), answer.to_dict())
    assert {name.split(":")[0].rsplit("/", 1)[-1] for name in unknown} == more, unknown
    last = clouds.calls()[-1]
    assert (last["operation"], last["verdict"], last["changing"]) == (operation, "accepted", False)


def test_cbh_lists_pages_and_a_boolean(clouds):
    status, _, _ = fetch(clouds.admin + "/reset", {"crowd": 50})
    assert status == 200
    client = sdks.cbh_client(clouds.address, HUAWEI)
    page = client.list_instances(cbh.ListInstancesRequest(limit="25", offset="50"))
    assert (page.total, len(page.instance)) == (61, 11)
    all_of_them = client.list_instances(cbh.ListInstancesRequest())
    latest = next(row for row in all_of_them.instance if row.name == "bastion-latest")
    # The model wants text and makes some of it.
    assert (latest.update, body_of(all_of_them)["instance"][2]["update"]) == ("False", False)


def test_cbh_ids_change_and_come_back(clouds):
    client = sdks.cbh_client(clouds.address, HUAWEI)
    clouds.advance(3600)
    answer = client.rollback_instance(
        cbh.RollbackInstanceRequest(body=cbh.RollbackInstanceRequestBody(server_id=CAN_ROLL_BACK))
    )
    assert (answer.status_code, answer.raw_content) == (200, b"")
    status = client.show_instance_status(cbh.ShowInstanceStatusRequest(server_id=CAN_ROLL_BACK))
    assert status.status == "UPGRADING"
    clouds.advance(1800)
    with pytest.raises(ClientRequestException) as caught:
        client.show_instance_status(cbh.ShowInstanceStatusRequest(server_id=CAN_ROLL_BACK))
    assert caught.value.status_code == 404


def test_an_order_goes_from_unpaid_to_completed(clouds):
    order_id = sdks.upgrade_protection(clouds.address, HUAWEI, instances.SHIELD_WEBSITE, service_bandwidth=200).order_id
    client = orders_client(clouds.address, HUAWEI)
    statuses = []
    for seconds in (0, 5, 15):
        clouds.advance(seconds)
        answer = client.show_customer_order_details(orders.ShowCustomerOrderDetailsRequest(order_id=order_id))
        statuses.append(answer.order_info.status)
    assert statuses == [6, 3, 5]


def test_an_unpaid_order_is_cancelled_once(clouds):
    order_id = order(clouds, HUAWEI)
    client = orders_client(clouds.address, HUAWEI)
    request = orders.CancelCustomerOrderRequest(body=orders.CancelCustomerOrderReq(order_id=order_id))
    assert client.cancel_customer_order(request).status_code == 204
    with pytest.raises(ClientRequestException) as caught:
        client.cancel_customer_order(request)
    assert (caught.value.status_code, caught.value.error_code) == (400, "CBC.99005010")


def test_lists_can_fail(clouds):
    clouds.scenario("lists_fail")
    with pytest.raises(ServerResponseException) as caught:
        sdks.cbh_client(clouds.address, HUAWEI).list_instances(cbh.ListInstancesRequest())
    assert caught.value.status_code == 500
