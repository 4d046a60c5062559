"""The calls around the upgrades, read with the official SDKs: lists before, states while the clock moves, undoing after."""

import time

import pytest
from alibabacloud_alikafka20190916 import models as kafka_models
from alibabacloud_alikafka20190916.client import Client as KafkaClient
from alibabacloud_bssopenapi20171214 import models as bss_models
from alibabacloud_bssopenapi20171214.client import Client as BssClient
from alibabacloud_computenestsupplier20210521 import models as nest_models
from alibabacloud_computenestsupplier20210521.client import Client as NestClient
from alibabacloud_tea_openapi.exceptions import ThrottlingException
from darabonba.runtime import RuntimeOptions
from huaweicloudsdkaad import v1 as aad_v1
from huaweicloudsdkaad import v2 as aad_v2
from huaweicloudsdkcbh import v2 as cbh
from huaweicloudsdkcore.auth.credentials import GlobalCredentials
from support import instances, sdks
from support.accounts import ALIBABA, HUAWEI

RUNTIME = RuntimeOptions(**sdks.RUNTIME)
SIGNATURES = pytest.mark.parametrize("signature", sdks.SIGNATURES)


def nest(clouds, signature="acs3"):
    return sdks.alibaba(NestClient, clouds.address, ALIBABA, signature)


def service(clouds):
    """What Compute Nest says of the instance."""
    request = nest_models.GetServiceInstanceRequest(region_id="cn-hangzhou", service_instance_id=instances.SERVICE)
    return nest(clouds).get_service_instance_with_options(request, RUNTIME).body


def kafka_row(clouds, instance, signature="acs3"):
    """The row of an instance in Kafka's list."""
    request = kafka_models.GetInstanceListRequest(region_id="cn-hangzhou", instance_id=[instance])
    client = sdks.alibaba(KafkaClient, clouds.address, ALIBABA, signature)
    while True:
        try:
            [row] = client.get_instance_list_with_options(request, RUNTIME).body.instance_list.instance_vo
            return row
        except ThrottlingException as throttled:
            # Two calls a second for each user; the answer says how long to wait.
            time.sleep(throttled.retry_after / 1000)


def bastion(clouds, name):
    """The row of a bastion host, found by its name: its ids change with a cross-version upgrade."""
    answer = sdks.cbh_client(clouds.address, HUAWEI).list_instances(cbh.ListInstancesRequest())
    return next(row for row in answer.instance if row.name == name)


def protection_client(clouds):
    """AAD's first version, which has the list."""
    credentials = GlobalCredentials(HUAWEI["access_key"], HUAWEI["secret"], HUAWEI["domain_id"])
    builder = aad_v1.AadClient.new_builder().with_credentials(credentials)
    return builder.with_endpoint(f"http://{clouds.address}").build()


@SIGNATURES
def test_compute_nest_lists_its_instances(clouds, signature):
    request = nest_models.ListServiceInstancesRequest(region_id="cn-hangzhou", max_results=100)
    body = nest(clouds, signature).list_service_instances_with_options(request, RUNTIME).body
    rows = {row.service_instance_id: row for row in body.service_instances}
    assert rows[instances.SERVICE].status == "Deployed"
    assert rows[instances.SERVICE_UPGRADING].status == "Upgrading"
    assert instances.SERVICE_UNKNOWN not in rows


def test_compute_nest_upgrades_and_rolls_back_as_time_passes(clouds):
    before = service(clouds)
    assert (before.status, before.service.version) == ("Deployed", "1")
    assert "2" in [offered.version for offered in before.service.upgradable_service_infos]
    sdks.upgrade_service_instance(
        clouds.address, ALIBABA, "acs3", service_instance_id=instances.SERVICE, service_version="2"
    )
    assert service(clouds).status == "Upgrading"
    clouds.advance(3600)
    after = service(clouds)
    assert (after.status, after.service.version) == ("Deployed", "2")
    request = nest_models.ListServiceInstanceUpgradeHistoryRequest(
        region_id="cn-hangzhou", service_instance_id=instances.SERVICE
    )
    history = nest(clouds).list_service_instance_upgrade_history_with_options(request, RUNTIME).body.upgrade_history
    assert (history[0].status, history[0].from_version, history[0].to_version) == ("UpgradeSuccessful", "1", "2")

    request = nest_models.RollbackServiceInstanceRequest(region_id="cn-hangzhou", service_instance_id=instances.SERVICE)
    assert nest(clouds).rollback_service_instance_with_options(request, RUNTIME).body.status == "UpgradeRollbacking"
    clouds.advance(3600)
    assert service(clouds).service.version == "1"


@SIGNATURES
def test_kafka_shows_the_new_version_when_it_is_done(clouds, signature):
    row = kafka_row(clouds, instances.KAFKA_OLD, signature)
    assert (row.view_instance_status_code, row.service_status) == (2, 5)
    assert row.upgrade_service_detail_info.current_2open_source_version == "0.10.2"
    sdks.upgrade_instance_version(
        clouds.address, ALIBABA, signature, instance_id=instances.KAFKA_OLD, target_version="2.2.0"
    )
    # For a while the list still says running: that is no proof of anything.
    assert kafka_row(clouds, instances.KAFKA_OLD).view_instance_status_code == 2
    clouds.advance(120)
    assert kafka_row(clouds, instances.KAFKA_OLD).view_instance_status_code == 7
    clouds.advance(3600)
    row = kafka_row(clouds, instances.KAFKA_OLD)
    assert row.view_instance_status_code == 2
    assert row.upgrade_service_detail_info.current_2open_source_version == "2.2.0"


@SIGNATURES
def test_bss_lists_subscriptions_and_follows_an_order(clouds, signature):
    client = sdks.alibaba(BssClient, clouds.address, ALIBABA, signature)
    request = bss_models.QueryAvailableInstancesRequest(product_code="vipcloudfw", page_num=1, page_size=100)
    rows = client.query_available_instances_with_options(request, RUNTIME).body.data.instance_list
    assert instances.FIREWALL in [row.instance_id for row in rows]
    order = sdks.renew_change_instance(
        clouds.address,
        ALIBABA,
        signature,
        instance_id=instances.FIREWALL,
        product_code="vipcloudfw",
        product_type="vipcloudfw",
        renew_period=1,
    ).data.order_id

    def status():
        request = bss_models.GetOrderDetailRequest(order_id=order)
        return client.get_order_detail_with_options(request, RUNTIME).body.data.order_list.order[0].payment_status

    assert status() == "Unpaid"
    clouds.advance(60)
    assert status() == "Paid"


def test_cbh_changes_its_ids_with_a_cross_version_upgrade(clouds):
    before = bastion(clouds, "bastion-cross-version")
    assert (before.server_id, before.update) == (instances.BASTION_CROSS_VERSION, "CROSS_OS")
    start = int((time.time() + 25 * 3600) * 1000)
    sdks.upgrade_bastion(clouds.address, HUAWEI, server_id=before.server_id, upgrade_time=start)
    # The answer is empty: the list is the only receipt.
    assert int(bastion(clouds, "bastion-cross-version").upgrade_time) == start
    clouds.advance(26 * 3600)
    after = bastion(clouds, "bastion-cross-version")
    assert after.bastion_version != before.bastion_version
    assert after.server_id != before.server_id
    assert after.update == "ROLLBACK"


def test_aad_shows_the_new_specification_when_the_order_is_done(clouds):
    listed = protection_client(clouds).list_instance(aad_v1.ListInstanceRequest())
    assert instances.SHIELD_WEBSITE in [row.instance_id for row in listed.items]

    def bandwidth():
        client = sdks.aad_client(clouds.address, HUAWEI)
        request = aad_v2.ShowInstanceByInstanceIdRequest(instance_id=instances.SHIELD_WEBSITE)
        return client.show_instance_by_instance_id(request).product_spec_data.service_bandwidth

    assert bandwidth() == 100
    sdks.upgrade_protection(clouds.address, HUAWEI, instances.SHIELD_WEBSITE, service_bandwidth=200)
    assert bandwidth() == 100
    clouds.advance(60)
    assert bandwidth() == 200
