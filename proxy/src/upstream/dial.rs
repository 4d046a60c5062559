//! Connects only where a profile may go, to the very address that was checked (security.md R4, A53).

use super::Unreachable;
use http::Uri;
use hyper_rustls::{HttpsConnector, MaybeHttpsStream};
use hyper_util::rt::TokioIo;
use std::{
    fmt,
    future::Future,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use tokio::net::TcpStream;
use tower::Service;

/// Where a profile may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// The built-in clouds: whatever the host's name, this loopback address.
    BuiltIn(SocketAddr),
    /// Loopback, by name or address.
    Loopback,
    /// The internet, and private networks where the profile says so.
    Internet {
        /// Whether RFC 1918, CGNAT and ULA addresses may be reached.
        private: bool,
    },
}

/// Our own word for why no connection was made.
#[derive(Debug)]
pub(super) struct Refused(pub(super) Unreachable);

impl fmt::Display for Refused {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?}", self.0)
    }
}

impl std::error::Error for Refused {}

#[derive(Clone)]
pub(super) struct Dialer {
    reach: Reach,
}

impl Dialer {
    pub(super) fn new(reach: Reach) -> Self {
        Self { reach }
    }
}

impl Service<Uri> for Dialer {
    type Response = TokioIo<TcpStream>;
    type Error = Refused;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let reach = self.reach;
        Box::pin(async move {
            let addresses = match reach {
                Reach::BuiltIn(address) => vec![address],
                Reach::Loopback | Reach::Internet { .. } => resolve(&uri, reach).await?,
            };
            for address in addresses {
                if let Ok(stream) = TcpStream::connect(address).await {
                    // A request is one small write: waiting to fill a packet would only add delay.
                    let _ = stream.set_nodelay(true);
                    return Ok(TokioIo::new(stream));
                }
            }
            Err(Refused(Unreachable::Connect))
        })
    }
}

/// A connector that gives up in time: name, connection and TLS together.
#[derive(Clone)]
pub(super) struct InTime {
    connector: HttpsConnector<Dialer>,
    limit: Duration,
}

impl InTime {
    pub(super) fn new(connector: HttpsConnector<Dialer>, limit: Duration) -> Self {
        Self { connector, limit }
    }
}

impl Service<Uri> for InTime {
    type Response = MaybeHttpsStream<TokioIo<TcpStream>>;
    type Error = Box<dyn std::error::Error + Send + Sync>;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.connector.poll_ready(context)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let connected = tokio::time::timeout(self.limit, self.connector.call(uri));
        Box::pin(async move { connected.await.unwrap_or_else(|_| Err(Refused(Unreachable::Timeout).into())) })
    }
}

async fn resolve(uri: &Uri, reach: Reach) -> Result<Vec<SocketAddr>, Refused> {
    let host = uri.host().ok_or(Refused(Unreachable::Name))?;
    let port = uri.port_u16().unwrap_or(if uri.scheme_str() == Some("http") { 80 } else { 443 });
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let found: Vec<SocketAddr> =
        tokio::net::lookup_host((bare, port)).await.map_err(|_| Refused(Unreachable::Name))?.collect();
    // One forbidden address is enough: a name that points inside and outside is an attack, not a mistake.
    if found.is_empty() {
        Err(Refused(Unreachable::Name))
    } else if found.iter().all(|address| allowed(reach, address.ip())) {
        Ok(found)
    } else {
        Err(Refused(Unreachable::ForbiddenAddress))
    }
}

fn allowed(reach: Reach, address: IpAddr) -> bool {
    let address = match address {
        IpAddr::V6(v6) => v6.to_ipv4_mapped().map_or(IpAddr::V6(v6), IpAddr::V4),
        v4 @ IpAddr::V4(_) => v4,
    };
    match reach {
        Reach::BuiltIn(_) | Reach::Loopback => address.is_loopback(),
        Reach::Internet { private } => {
            let never = match address {
                IpAddr::V4(v4) => never_v4(v4),
                IpAddr::V6(v6) => never_v6(v6),
            };
            !never && (private || !is_private(address))
        }
    }
}

/// Alibaba's metadata service stands in 100.64/10 among its VPC endpoints, so it is named.
const ALIBABA_METADATA: Ipv4Addr = Ipv4Addr::new(100, 100, 100, 200);

fn never_v4(v4: Ipv4Addr) -> bool {
    v4.is_loopback()
        || v4.is_link_local()
        || v4.is_unspecified()
        || v4.is_broadcast()
        || v4.is_multicast()
        || v4.octets()[0] == 0
        || v4 == ALIBABA_METADATA
}

fn never_v6(v6: Ipv6Addr) -> bool {
    v6.is_loopback() || v6.is_unspecified() || v6.is_multicast() || v6.is_unicast_link_local()
}

fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4.is_private() || (v4.octets()[0] == 100 && v4.octets()[1] & 0xc0 == 64),
        IpAddr::V6(v6) => v6.is_unique_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn internet(private: bool, text: &str) -> bool {
        allowed(Reach::Internet { private }, text.parse().unwrap())
    }

    #[test]
    fn a_live_profile_reaches_no_inside_address() {
        for inside in [
            "127.0.0.1",
            "169.254.169.254",
            "10.1.2.3",
            "192.168.0.1",
            "172.16.5.5",
            "100.100.100.200",
            "100.64.0.1",
            "::1",
            "fe80::1",
            "fd00::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "0.0.0.0",
        ] {
            assert!(!internet(false, inside), "{inside}");
        }
        assert!(internet(false, "47.246.1.1"));
        assert!(internet(false, "2400:3200::1"));
    }

    #[test]
    fn private_endpoints_are_opt_in_and_metadata_never() {
        assert!(internet(true, "100.64.0.1"));
        assert!(internet(true, "10.1.2.3"));
        for never in ["127.0.0.1", "100.100.100.200", "169.254.169.254", "::ffff:127.0.0.1"] {
            assert!(!internet(true, never), "{never}");
        }
    }

    #[test]
    fn a_simulated_profile_reaches_loopback_only() {
        assert!(allowed(Reach::Loopback, "127.0.0.1".parse().unwrap()));
        assert!(!allowed(Reach::Loopback, "10.0.0.1".parse().unwrap()));
    }
}
