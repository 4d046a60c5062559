"""Instances of the simulated clouds, by what they are for. crates/simulator/README.md describes each."""

# Compute Nest: version 1 unless the name says otherwise; 2, 3 and 4 are on offer.
SERVICE = "si-5cbae874da0e47000001"
SERVICE_NEEDS_PARAMETERS = "si-5cbae874da0e47000002"
SERVICE_NEEDS_ZONE = "si-5cbae874da0e47000003"
SERVICE_UPGRADING = "si-5cbae874da0e47000004"
SERVICE_LATEST = "si-5cbae874da0e47000006"
SERVICE_UPGRADE_FAILS = "si-5cbae874da0e47000007"
SERVICE_UNKNOWN = "si-00000000000000000000"

# Kafka
KAFKA_OLD = "alikafka_post-cn-v0h1fgs20001"
KAFKA_OLD_MINOR = "alikafka_post-cn-v0h1fgs20002"
KAFKA_LATEST_MINOR = "alikafka_post-cn-v0h1fgs20003"
KAFKA_STOPPED = "alikafka_post-cn-v0h1fgs20005"
KAFKA_UPGRADE_FAILS = "alikafka_post-cn-v0h1fgs20006"
KAFKA_UPGRADING = "alikafka_post-cn-v0h1fgs20007"
KAFKA_NOT_OURS = "alikafka_post-cn-v0h1fgs20008"
KAFKA_LOCKED = "alikafka_post-cn-v0h1fgs20009"
KAFKA_SERVICE_FAILS = "alikafka_post-cn-v0h1fgs20010"
KAFKA_DEPLOYING = "alikafka_post-cn-v0h1fgs20011"
KAFKA_UNKNOWN = "alikafka_post-cn-000000000000"

# Billing: product code and type vipcloudfw
FIREWALL = "vipcloudfw-cn-7mz2k0t9001"
FIREWALL_EXPIRED = "vipcloudfw-cn-7mz2k0t9002"
FIREWALL_INTERNATIONAL = "vipcloudfw-intl-7mz2k0t9003"
FIREWALL_PROFILE_INCOMPLETE = "vipcloudfw-cn-7mz2k0t9004"
FIREWALL_INTERNAL_ERROR = "vipcloudfw-cn-7mz2k0t9005"
FIREWALL_SOFT_FAILURE = "vipcloudfw-cn-7mz2k0t9006"
FIREWALL_CANCELLED = "vipcloudfw-cn-7mz2k0t9008"
FIREWALL_UNKNOWN_MODULE = "vipcloudfw-cn-7mz2k0t9009"
