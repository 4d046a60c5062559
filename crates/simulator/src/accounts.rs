//! The accounts that exist in the simulated clouds. All are invented; none opens anything anywhere else.
//!
//! There is one tenant in each cloud. Its long-lived key and its temporary (STS) key see the same instances.

/// Which of the two simulated clouds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Cloud {
    /// Alibaba Cloud: RPC calls signed with ACS3-HMAC-SHA256 or RPC V1.
    Alibaba,
    /// Huawei Cloud: REST calls signed with SDK-HMAC-SHA256, or with an IAM token.
    Huawei,
}

/// An access key of a simulated account. Has no `Debug`: a key is never printed, invented or not.
#[derive(Clone, Copy)]
pub struct Account {
    /// Short name of the key: `ali`, `ali-sts`, `hw` or `hw-sts`.
    pub name: &'static str,
    /// The cloud that knows the key.
    pub cloud: Cloud,
    /// Access key id.
    pub access_key: &'static str,
    /// Access key secret.
    pub secret_key: &'static str,
    /// The token that must come with a temporary key; absent for a long-lived key.
    pub security_token: Option<&'static str>,
    /// Huawei: the project of region cn-north-4. Absent for Alibaba.
    pub project_id: Option<&'static str>,
    /// Huawei: the account (domain) id. Absent for Alibaba.
    pub domain_id: Option<&'static str>,
}

/// An IAM user who can log in with a password and receive a token (Huawei, `POST /v3/auth/tokens`).
#[derive(Clone, Copy)]
pub struct IamUser {
    /// User name.
    pub name: &'static str,
    /// Password.
    pub password: &'static str,
    /// Name of the account (domain) that the user belongs to.
    pub domain_name: &'static str,
    /// Id of that account.
    pub domain_id: &'static str,
    /// Id of the user.
    pub user_id: &'static str,
}

/// Huawei: id of the project of region cn-north-4, in which all simulated bastion hosts live.
pub const HUAWEI_PROJECT_ID: &str = "0123456789abcdef0123456789abcdef";
/// Huawei: id of the account (domain).
pub const HUAWEI_DOMAIN_ID: &str = "fedcba9876543210fedcba9876543210";
/// Huawei: name of the account (domain).
pub const HUAWEI_DOMAIN_NAME: &str = "demo-domain";
/// Huawei: the projects of the account, name and id. A project is named after its region.
pub const HUAWEI_PROJECTS: [(&str, &str); 2] =
    [("cn-north-4", HUAWEI_PROJECT_ID), ("ap-southeast-1", "89abcdef0123456789abcdef01234567")];
/// Alibaba: id of the account that owns every simulated instance.
pub const ALIBABA_ACCOUNT_ID: &str = "1563457855430000";
/// Alibaba: a security token that once belonged to the temporary key and has expired.
pub const EXPIRED_STS_TOKEN: &str = "fakeStsToken/expired==";

/// The long-lived key of the Alibaba account.
pub const ALIBABA: Account = Account {
    name: "ali",
    cloud: Cloud::Alibaba,
    access_key: "fakeAliAccessKey0001",
    secret_key: "fakeAliSecret/with+special=chars~0001",
    security_token: None,
    project_id: None,
    domain_id: None,
};

/// The temporary key of the Alibaba account.
pub const ALIBABA_STS: Account = Account {
    name: "ali-sts",
    cloud: Cloud::Alibaba,
    access_key: "STS.fakeAliAccessKey0002",
    secret_key: "fakeAliStsSecret0002",
    security_token: Some("fakeStsToken/AAA+bbb==~c*d"),
    project_id: None,
    domain_id: None,
};

/// The long-lived key of the Huawei account.
pub const HUAWEI: Account = Account {
    name: "hw",
    cloud: Cloud::Huawei,
    access_key: "FAKEHUAWEIAK00000001",
    secret_key: "fakeHwSecret/with+special=chars~0001",
    security_token: None,
    project_id: Some(HUAWEI_PROJECT_ID),
    domain_id: Some(HUAWEI_DOMAIN_ID),
};

/// The temporary key of the Huawei account.
pub const HUAWEI_STS: Account = Account {
    name: "hw-sts",
    cloud: Cloud::Huawei,
    access_key: "FAKEHUAWEISTSAK00002",
    secret_key: "fakeHwStsSecret0002",
    security_token: Some("fakeSecurityToken/AAA+bbb==~c*d"),
    project_id: Some(HUAWEI_PROJECT_ID),
    domain_id: Some(HUAWEI_DOMAIN_ID),
};

/// The IAM user of the Huawei account.
pub const IAM_USER: IamUser = IamUser {
    name: "demo-user",
    password: "Demo-Passw0rd-0001",
    domain_name: HUAWEI_DOMAIN_NAME,
    domain_id: HUAWEI_DOMAIN_ID,
    user_id: "76543210fedcba9876543210fedcba98",
};

static ACCOUNTS: [Account; 4] = [ALIBABA, ALIBABA_STS, HUAWEI, HUAWEI_STS];

/// All access keys that the simulated clouds know.
pub fn accounts() -> &'static [Account] {
    &ACCOUNTS
}

/// Finds the key with this id in one cloud.
pub(crate) fn find(cloud: Cloud, access_key: &str) -> Option<&'static Account> {
    ACCOUNTS.iter().find(|account| account.cloud == cloud && account.access_key == access_key)
}
