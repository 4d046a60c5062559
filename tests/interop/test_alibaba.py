"""The three Alibaba upgrades as the official SDK makes them: success, refusals, and how the SDK reads both."""

from datetime import UTC, datetime, timedelta

import pytest
from alibabacloud_tea_openapi.exceptions import ClientException, ServerException, ThrottlingException
from alibabacloud_tea_openapi.utils import Utils
from support import instances, sdks
from support.accounts import ALIBABA, ALIBABA_STS

ACCOUNTS = pytest.mark.parametrize("account", [ALIBABA, ALIBABA_STS], ids=["key", "sts"])
SIGNATURES = pytest.mark.parametrize("signature", sdks.SIGNATURES)


def kafka(clouds, instance=instances.KAFKA_OLD, target="2.2.0", account=ALIBABA, signature="acs3"):
    """The smallest of the three calls."""
    return sdks.upgrade_instance_version(
        clouds.address, account, signature, instance_id=instance, target_version=target
    )


def firewall(clouds, instance, account=ALIBABA, signature="acs3", **given):
    """A renewal for one month, without a change unless one is given."""
    given = {"product_code": "vipcloudfw", "product_type": "vipcloudfw", "renew_period": 1, **given}
    return sdks.renew_change_instance(clouds.address, account, signature, instance_id=instance, **given)


def service(clouds, instance, version="2", account=ALIBABA, signature="acs3", **given):
    """An upgrade of a service instance."""
    return sdks.upgrade_service_instance(
        clouds.address, account, signature, service_instance_id=instance, service_version=version, **given
    )


def applied(clouds):
    """Operations of the calls that took effect."""
    return [call["operation"] for call in clouds.calls() if call["applied"]]


@ACCOUNTS
@SIGNATURES
def test_compute_nest_upgrades(clouds, account, signature):
    body = service(clouds, instances.SERVICE, account=account, signature=signature)
    assert body.status == "Upgrading"
    assert body.service_instance_id == instances.SERVICE
    assert body.request_id
    assert applied(clouds) == ["computenestsupplier.UpgradeServiceInstance"]


@SIGNATURES
def test_compute_nest_takes_parameters_that_need_encoding(clouds, signature):
    body = service(
        clouds,
        instances.SERVICE,
        signature=signature,
        parameters={"EcsInstanceType": "ecs.g7.large", "Note": "a+b c/d=e*~'%é 中文", "Count": 3, "On": True},
        client_token="token with+odd*characters~/=",
    )
    assert body.status == "Upgrading"


@SIGNATURES
@pytest.mark.parametrize("dry_run", ["true", True], ids=["text", "boolean"])
def test_compute_nest_dry_run_names_what_is_missing_and_changes_nothing(clouds, signature, dry_run):
    body = service(clouds, instances.SERVICE_NEEDS_ZONE, signature=signature, dry_run=dry_run)
    assert body.status == "Deployed"
    assert body.upgrade_required_parameters == ["ZoneId", "DiskSize"]
    assert applied(clouds) == []


def test_compute_nest_can_answer_the_names_as_a_list_in_a_string(clouds):
    body = service(clouds, instances.SERVICE_NEEDS_PARAMETERS, dry_run="true")
    assert body.upgrade_required_parameters == ["['EcsInstanceType', 'InstancePassword']"]


@SIGNATURES
def test_compute_nest_repeats_its_answer_for_the_same_client_token(clouds, signature):
    given = {"client_token": "10CM943JP0EN9D51H", "signature": signature}
    first = service(clouds, instances.SERVICE, **given)
    second = service(clouds, instances.SERVICE, **given)
    assert (first.status, second.status) == ("Upgrading", "Upgrading")
    assert len(applied(clouds)) == 1


@ACCOUNTS
@SIGNATURES
def test_bss_renews_and_changes(clouds, account, signature):
    body = firewall(
        clouds,
        instances.FIREWALL,
        account=account,
        signature=signature,
        client_token="JASIOFKVNVIXXXXXX",
        parameter=[("Bandwidth", "100"), ("Note", "100 GB + more*")],
    )
    assert (body.code, body.success, body.message) == ("Success", True, "Successful!")
    assert body.data.order_id.isdigit()
    assert applied(clouds) == ["bssopenapi.RenewChangeInstance"]


@ACCOUNTS
@SIGNATURES
def test_kafka_upgrades(clouds, account, signature):
    body = kafka(clouds, account=account, signature=signature)
    assert (body.code, body.success, body.message) == (200, True, "operation success.")
    assert applied(clouds) == ["alikafka.UpgradeInstanceVersion"]


@SIGNATURES
def test_unknown_key(clouds, signature):
    with pytest.raises(ClientException) as caught:
        kafka(clouds, account={**ALIBABA, "access_key": "nobody"}, signature=signature)
    assert (caught.value.status_code, caught.value.code) == (404, "InvalidAccessKeyId.NotFound")
    assert "Specified access key is not found." in caught.value.message
    assert applied(clouds) == []


@ACCOUNTS
@SIGNATURES
def test_wrong_secret(clouds, account, signature):
    with pytest.raises(ClientException) as caught:
        kafka(clouds, account={**account, "secret": "not the secret"}, signature=signature)
    assert (caught.value.status_code, caught.value.code) == (400, "SignatureDoesNotMatch")
    assert applied(clouds) == []


@SIGNATURES
def test_wrong_and_missing_security_token(clouds, signature):
    with pytest.raises(ClientException):
        kafka(clouds, account={**ALIBABA_STS, "security_token": "another"}, signature=signature)
    without = {name: value for name, value in ALIBABA_STS.items() if name != "security_token"}
    with pytest.raises(ClientException) as caught:
        kafka(clouds, account=without, signature=signature)
    assert caught.value.code == "MissingSecurityToken"
    assert applied(clouds) == []


@SIGNATURES
@pytest.mark.parametrize("minutes", [-16, 16])
def test_skewed_clock(clouds, signature, minutes, monkeypatch):
    moment = datetime.now(UTC) + timedelta(minutes=minutes)
    monkeypatch.setattr(Utils, "get_timestamp", staticmethod(lambda: moment.strftime("%Y-%m-%dT%H:%M:%SZ")))
    with pytest.raises(ClientException) as caught:
        kafka(clouds, signature=signature)
    assert (caught.value.status_code, caught.value.code) == (400, "InvalidTimeStamp.Expired")
    assert applied(clouds) == []


@SIGNATURES
def test_a_clock_that_is_a_little_off_is_accepted(clouds, signature, monkeypatch):
    moment = datetime.now(UTC) - timedelta(minutes=14)
    monkeypatch.setattr(Utils, "get_timestamp", staticmethod(lambda: moment.strftime("%Y-%m-%dT%H:%M:%SZ")))
    assert kafka(clouds, signature=signature).success is True


@SIGNATURES
def test_a_nonce_is_good_once(clouds, signature, monkeypatch):
    monkeypatch.setattr(Utils, "get_nonce", staticmethod(lambda: "the-same-nonce-" + signature))
    kafka(clouds, signature=signature)
    with pytest.raises(ClientException) as caught:
        kafka(clouds, instance=instances.KAFKA_OLD_MINOR, signature=signature)
    assert caught.value.code == "SignatureNonceUsed"
    assert len(applied(clouds)) == 1


@SIGNATURES
def test_more_than_two_kafka_calls_a_second_are_throttled(clouds, signature):
    with pytest.raises(ThrottlingException) as caught:
        for _ in range(20):
            try:
                kafka(clouds, instance=instances.KAFKA_STOPPED, signature=signature)
            except ThrottlingException:
                raise
            except ClientException as refused:
                # Not throttled yet: the instance refuses by its condition.
                assert refused.code == "Instance.StatusNotRunning"
    assert caught.value.status_code == 400
    assert caught.value.code.startswith("Throttling")
    assert caught.value.retry_after > 0


@SIGNATURES
@pytest.mark.parametrize(
    ("call", "missing"),
    [
        (lambda clouds, signature: kafka(clouds, target=None, signature=signature), "TargetVersion"),
        (
            lambda clouds, signature: firewall(clouds, instances.FIREWALL, renew_period=None, signature=signature),
            "RenewPeriod",
        ),
        (lambda clouds, signature: firewall(clouds, None, signature=signature), "InstanceId"),
    ],
    ids=["kafka", "bss period", "bss instance"],
)
def test_missing_parameter(clouds, signature, call, missing):
    with pytest.raises(ClientException) as caught:
        call(clouds, signature)
    assert caught.value.status_code == 400
    assert missing in caught.value.code + caught.value.message
    assert applied(clouds) == []


@pytest.mark.parametrize(
    ("instance", "target", "code"),
    [
        (instances.KAFKA_UNKNOWN, "2.2.0", "BIZ.INSTANCE.NOT.FOUND"),
        (instances.KAFKA_STOPPED, "2.2.0", "Instance.StatusNotRunning"),
        (instances.KAFKA_DEPLOYING, "2.2.0", "BIZ.INSTANCE.STATUS.ERROR"),
        (instances.KAFKA_UPGRADING, "2.2.0", "BIZ_INSTANCE_STATUS_ERROR"),
        (instances.KAFKA_NOT_OURS, "2.2.0", "AUTH_RESOURCE_OWNER_ERROR"),
        (instances.KAFKA_LOCKED, "2.2.0", "Instance.Change.NotAllowed"),
        (instances.KAFKA_SERVICE_FAILS, "2.2.0", "Instance.UpgradeService.version"),
        (instances.KAFKA_LATEST_MINOR, "2.2.0", "ONS_INIT_ENV_ERROR"),
        (instances.KAFKA_OLD, "9.9.9", "INVALID_PARAMETER"),
    ],
)
def test_kafka_refusals(clouds, instance, target, code):
    with pytest.raises(ClientException) as caught:
        kafka(clouds, instance=instance, target=target)
    assert (caught.value.status_code, caught.value.code) == (400, code)
    assert applied(clouds) == []


@pytest.mark.parametrize(
    ("instance", "status", "code", "exception"),
    [
        ("vipcloudfw-cn-0000000000", 400, "ResourceNotExists", ClientException),
        (instances.FIREWALL_EXPIRED, 400, "ResourceNotExists", ClientException),
        (instances.FIREWALL_PROFILE_INCOMPLETE, 400, "ORDER.ACCOUNT_STATUS_ILLEGAL", ClientException),
        (instances.FIREWALL_INTERNAL_ERROR, 500, "InternalError", ServerException),
    ],
)
def test_bss_refusals(clouds, instance, status, code, exception):
    with pytest.raises(exception) as caught:
        firewall(clouds, instance)
    assert (caught.value.status_code, caught.value.code) == (status, code)
    assert applied(clouds) == []


def test_bss_can_fail_with_http_200(clouds):
    body = firewall(clouds, instances.FIREWALL_SOFT_FAILURE)
    assert (body.code, body.success) == ("InvalidConfigCode", False)
    assert applied(clouds) == []


def test_bss_of_the_other_site_is_not_applicable(clouds):
    with pytest.raises(ClientException) as caught:
        firewall(clouds, instances.FIREWALL_INTERNATIONAL, product_type="cfw_pre_intl")
    assert caught.value.code == "NotApplicable"


def test_bss_refuses_an_unknown_module(clouds):
    with pytest.raises(ClientException) as caught:
        firewall(clouds, instances.FIREWALL_UNKNOWN_MODULE, parameter=[("NoSuchModule", "1")])
    assert caught.value.code == "InvalidModuleCode"


@SIGNATURES
def test_compute_nest_refuses_an_unknown_instance(clouds, signature):
    with pytest.raises(ClientException) as caught:
        service(clouds, instances.SERVICE_UNKNOWN, signature=signature)
    assert (caught.value.status_code, caught.value.code) == (400, "EntityNotExist.ServiceInstance")


def test_scenarios_reach_the_sdks_as_their_own_exceptions(clouds):
    clouds.scenario("throttled")
    with pytest.raises(ThrottlingException):
        service(clouds, instances.SERVICE)
    clouds.scenario("error_5xx")
    with pytest.raises(ServerException) as caught:
        service(clouds, instances.SERVICE)
    assert (caught.value.status_code, caught.value.code) == (503, "ServiceUnavailable")
    clouds.scenario("no_permission")
    with pytest.raises(ClientException) as caught:
        service(clouds, instances.SERVICE)
    assert caught.value.status_code == 403
    assert applied(clouds) == []
    clouds.scenario("normal")
    assert service(clouds, instances.SERVICE).status == "Upgrading"
