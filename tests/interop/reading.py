"""Calls that only read, as the official SDKs make them, and what the SDKs' models know of the answers."""

import json

from alibabacloud_alikafka20190916 import models as kafka_models
from alibabacloud_alikafka20190916.client import Client as KafkaClient
from alibabacloud_bssopenapi20171214 import models as bss_models
from alibabacloud_bssopenapi20171214.client import Client as BssClient
from alibabacloud_computenestsupplier20210521 import models as nest_models
from alibabacloud_computenestsupplier20210521.client import Client as NestClient
from alibabacloud_tea_openapi import utils_models
from alibabacloud_tea_openapi.utils import Utils
from darabonba.runtime import RuntimeOptions
from huaweicloudsdkaad import v1 as aad_v1
from huaweicloudsdkaad.v1 import AadClient as AadV1Client
from huaweicloudsdkbss import v2 as orders
from huaweicloudsdkbss.v2 import BssClient as OrdersClient
from huaweicloudsdkcore.auth.credentials import GlobalCredentials
from support import sdks

PRODUCTS = {
    "computenestsupplier": (NestClient, nest_models, "2021-05-21"),
    "bssopenapi": (BssClient, bss_models, "2017-12-14"),
    "alikafka": (KafkaClient, kafka_models, "2019-09-16"),
}


def snake(action):
    """ListServiceInstances -> list_service_instances."""
    return "".join("_" + letter.lower() if letter.isupper() else letter for letter in action).lstrip("_")


def alibaba_models(product):
    """The module of request and answer models of a product."""
    return PRODUCTS[product][1]


def alibaba(address, account, signature, product, action, **given):
    """The body of an answer, as the SDK's model."""
    client_class, models, _ = PRODUCTS[product]
    client = sdks.alibaba(client_class, address, account, signature)
    # An action without parameters has a method without a request.
    if not hasattr(models, f"{action}Request"):
        return getattr(client, f"{snake(action)}_with_options")(RuntimeOptions(**sdks.RUNTIME)).body
    request = getattr(models, f"{action}Request")(**given)
    return getattr(client, f"{snake(action)}_with_options")(request, RuntimeOptions(**sdks.RUNTIME)).body


def alibaba_raw(address, account, product, action, query):
    """The body of an answer as it was sent; the SDK signs, and no model reads it."""
    client_class, _, version = PRODUCTS[product]
    client = sdks.alibaba(client_class, address, account, "acs3")
    params = utils_models.Params(
        action=action,
        version=version,
        protocol="HTTP",
        pathname="/",
        method="POST",
        auth_type="AK",
        style="RPC",
        req_body_type="formData",
        body_type="json",
    )
    request = utils_models.OpenApiRequest(query=Utils.query(query))
    return client.call_api(params, request, RuntimeOptions(**sdks.RUNTIME))["body"]


def aad_v1_client(address, account):
    """A client of the first version of AAD, which has the list."""
    credentials = GlobalCredentials(account["access_key"], account["secret"], account.get("domain_id"))
    if "security_token" in account:
        credentials = credentials.with_security_token(account["security_token"])
    return AadV1Client.new_builder().with_credentials(credentials).with_endpoint(f"http://{address}").build()


def orders_client(address, account):
    """A client of the account's orders."""
    credentials = GlobalCredentials(account["access_key"], account["secret"], account.get("domain_id"))
    if "security_token" in account:
        credentials = credentials.with_security_token(account["security_token"])
    return OrdersClient.new_builder().with_credentials(credentials).with_endpoint(f"http://{address}").build()


def unknown_members(sent, read, path=""):
    """Members of an answer that the SDK's model did not take over, wherever they stand.

    Empty texts, lists and objects and null count as taken over: a model may leave them out. So does a number or a
    boolean that became text because the model wants text.
    """
    if isinstance(sent, dict):
        if not isinstance(read, dict):
            return [path] if sent else []
        return [name for key, value in sent.items() for name in unknown_members(value, read.get(key), f"{path}/{key}")]
    if isinstance(sent, list):
        if not sent:
            return []
        if not isinstance(read, list) or len(read) != len(sent):
            return [path]
        return [
            name
            for index, (one, other) in enumerate(zip(sent, read))
            for name in unknown_members(one, other, f"{path}/{index}")
        ]
    if sent is None or sent == "" or sent == read or (isinstance(read, str) and str(sent) == read):
        return []
    return [f"{path}: {sent!r} became {read!r}"]


def body_of(answer):
    """The JSON of a Huawei answer, as it was sent."""
    return json.loads(answer.raw_content)


__all__ = [
    "aad_v1",
    "aad_v1_client",
    "alibaba",
    "alibaba_models",
    "alibaba_raw",
    "body_of",
    "orders",
    "orders_client",
    "snake",
    "unknown_members",
]
