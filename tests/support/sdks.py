"""The clouds' official Python SDKs, pointed at a server on this machine over http."""

from alibabacloud_alikafka20190916 import models as kafka_models
from alibabacloud_alikafka20190916.client import Client as KafkaClient
from alibabacloud_bssopenapi20171214 import models as bss_models
from alibabacloud_bssopenapi20171214.client import Client as BssClient
from alibabacloud_computenestsupplier20210521 import models as nest_models
from alibabacloud_computenestsupplier20210521.client import Client as NestClient
from alibabacloud_tea_openapi.utils_models import Config
from darabonba.runtime import RuntimeOptions
from huaweicloudsdkaad import v2 as aad
from huaweicloudsdkaad.v2 import AadClient
from huaweicloudsdkcbh import v2 as cbh
from huaweicloudsdkcbh.v2 import CbhClient
from huaweicloudsdkcore.auth.credentials import BasicCredentials, GlobalCredentials
from huaweicloudsdkcore.region.region import Region

SIGNATURES = ("acs3", "v1")

RUNTIME = {"autoretry": False, "connect_timeout": 20_000, "read_timeout": 20_000}


def alibaba(client, address, account, signature):
    """A client of one Alibaba product; `signature` is one of SIGNATURES."""
    config = Config(
        access_key_id=account["access_key"],
        access_key_secret=account["secret"],
        security_token=account.get("security_token"),
        endpoint=address,
        protocol="http",
        region_id="cn-hangzhou",
    )
    if signature == "v1":
        # The SDK's own name for SignatureVersion 1.0.
        config.signature_algorithm = "v2"
    return client(config)


def upgrade_service_instance(address, account, signature, **given):
    """Compute Nest `UpgradeServiceInstance`; the body of the answer."""
    client = alibaba(NestClient, address, account, signature)
    request = nest_models.UpgradeServiceInstanceRequest(**{"region_id": "cn-hangzhou", **given})
    return client.upgrade_service_instance_with_options(request, RuntimeOptions(**RUNTIME)).body


def renew_change_instance(address, account, signature, parameter=(), **given):
    """BSS `RenewChangeInstance`; the body of the answer."""
    client = alibaba(BssClient, address, account, signature)
    pairs = [bss_models.RenewChangeInstanceRequestParameter(code=code, value=value) for code, value in parameter]
    request = bss_models.RenewChangeInstanceRequest(parameter=pairs or None, **given)
    return client.renew_change_instance_with_options(request, RuntimeOptions(**RUNTIME)).body


def upgrade_instance_version(address, account, signature, **given):
    """Kafka `UpgradeInstanceVersion`; the body of the answer."""
    client = alibaba(KafkaClient, address, account, signature)
    request = kafka_models.UpgradeInstanceVersionRequest(**{"region_id": "cn-hangzhou", **given})
    return client.upgrade_instance_version_with_options(request, RuntimeOptions(**RUNTIME)).body


def cbh_client(address, account):
    """A client of CBH. Without a project in the account the SDK asks IAM, at the same address, for the region's."""
    credentials = BasicCredentials(account["access_key"], account["secret"], account.get("project_id"))
    if "security_token" in account:
        credentials = credentials.with_security_token(account["security_token"])
    builder = CbhClient.new_builder().with_credentials(credentials.with_iam_endpoint(f"http://{address}"))
    if "project_id" not in account:
        # Only a region makes the SDK look the project up.
        return builder.with_region(Region("cn-north-4", f"http://{address}")).build()
    return builder.with_endpoint(f"http://{address}").build()


def upgrade_bastion(address, account, **given):
    """CBH `UpgradeInstance`; the SDK's answer object."""
    body = cbh.UpgradeCbhRequestBody(**given)
    return cbh_client(address, account).upgrade_instance(cbh.UpgradeInstanceRequest(body=body))


def aad_client(address, account):
    """A client of AAD. Without a domain in the account the SDK asks IAM, at the same address, for its id."""
    credentials = GlobalCredentials(account["access_key"], account["secret"], account.get("domain_id"))
    if "security_token" in account:
        credentials = credentials.with_security_token(account["security_token"])
    builder = AadClient.new_builder().with_credentials(credentials.with_iam_endpoint(f"http://{address}"))
    if "domain_id" not in account:
        return builder.with_region(Region("cn-north-4", f"http://{address}")).build()
    return builder.with_endpoint(f"http://{address}").build()


def upgrade_protection(address, account, instance_id, **upgrade_data):
    """AAD `UpgradeInstanceSpec`; the SDK's answer object."""
    body = aad.UpgradeInstanceSpecV2RequestBody(
        instance_id=instance_id, upgrade_data=aad.UpgradeInstanceData(**upgrade_data)
    )
    return aad_client(address, account).upgrade_instance_spec(aad.UpgradeInstanceSpecRequest(body=body))
