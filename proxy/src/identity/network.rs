//! An address or a range of addresses, as a list of trusted peers has them.

use std::net::IpAddr;

/// Addresses that share their first bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Network {
    first: IpAddr,
    bits: u8,
}

impl Network {
    /// Reads `10.1.2.3`, `10.1.0.0/16`, `fd00::1` or `fd00::/8`; says what is wrong with anything else.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text, None),
        };
        let Ok(address) = address.parse::<IpAddr>() else {
            return Err(
                "it is an IP address or a range such as `10.1.0.0/16`; names are not looked up".to_owned()
            );
        };
        let width = if address.is_ipv4() { 32 } else { 128 };
        let bits = match bits.map(str::parse::<u8>) {
            None => width,
            Some(Ok(0)) => return Err("it would trust every address there is".to_owned()),
            Some(Ok(bits)) if bits <= width => bits,
            Some(_) => return Err(format!("after the slash stands a number from 1 to {width}")),
        };
        let network = Self { first: address, bits };
        let first = network.start(address);
        if first != address {
            return Err(format!("the range begins at `{first}/{bits}`; write that"));
        }
        Ok(network)
    }

    /// Whether an address is one of these. An IPv4 address may come dressed as IPv6, from a socket that takes both.
    pub(super) fn holds(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        address.is_ipv4() == self.first.is_ipv4() && self.start(address) == self.first
    }

    /// The address with all bits behind the shared ones cleared.
    fn start(&self, address: IpAddr) -> IpAddr {
        match address {
            IpAddr::V4(address) => {
                let mask = u32::MAX.checked_shl(32 - u32::from(self.bits)).unwrap_or_default();
                IpAddr::V4((address.to_bits() & mask).into())
            }
            IpAddr::V6(address) => {
                let mask = u128::MAX.checked_shl(128 - u32::from(self.bits)).unwrap_or_default();
                IpAddr::V6((address.to_bits() & mask).into())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(network: &str, address: &str) -> bool {
        Network::read(network).unwrap().holds(address.parse().unwrap())
    }

    #[test]
    fn an_address_is_in_its_range_only() {
        assert!(holds("127.0.0.1", "127.0.0.1") && !holds("127.0.0.1", "127.0.0.2"));
        assert!(holds("10.1.0.0/16", "10.1.255.255") && !holds("10.1.0.0/16", "10.2.0.0"));
        assert!(holds("128.0.0.0/1", "255.0.0.1") && !holds("128.0.0.0/1", "127.0.0.1"));
        assert!(holds("fd00::/8", "fd12::1") && !holds("fd00::/8", "fe80::1"));
        assert!(holds("10.0.0.0/8", "::ffff:10.9.8.7") && !holds("::1", "127.0.0.1"));
    }

    #[test]
    fn what_is_no_range_is_refused_with_what_would_be_right() {
        let refusal = |text: &str| Network::read(text).unwrap_err();
        assert!(refusal("portal.example").contains("names are not looked up"));
        assert!(refusal("10.1.2.3/16").contains("`10.1.0.0/16`"));
        for everyone in ["0.0.0.0/0", "::/0"] {
            assert!(refusal(everyone).contains("every address"), "{everyone}");
        }
        for bad in ["10.0.0.0/33", "fd00::/129", "10.0.0.0/", "10.0.0.0/x", "10.0.0.0/-1"] {
            assert!(refusal(bad).contains("from 1 to"), "{bad}");
        }
    }
}
