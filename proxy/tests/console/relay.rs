//! Stands between the server and the simulated clouds: holds a changing call where a test wants it, and tells when
//! something happened, so that a test can strike at that moment.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::{Notify, Semaphore, watch},
};

/// How far a changing call gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gets {
    /// There and back.
    Through,
    /// To the relay, whole, and no further.
    Sent,
    /// To the cloud, which answers; the answer stays at the relay.
    Done,
    /// As `Done`, and the first half of the answer comes back.
    HalfAnswered,
}

/// Goes off when so many things have happened: connections, steps of changing calls, and what a test adds.
pub(crate) struct Fuse {
    left: Mutex<usize>,
    burnt: Notify,
}

impl Fuse {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self { left: Mutex::new(usize::MAX), burnt: Notify::new() })
    }

    pub(crate) fn light(&self, length: usize) {
        *self.left.lock().unwrap() = length;
    }

    /// One more thing happened.
    pub(crate) fn burn(&self) {
        let mut left = self.left.lock().unwrap();
        *left = left.saturating_sub(1);
        if *left == 0 {
            self.burnt.notify_one();
        }
    }

    pub(crate) async fn burnt(&self) {
        self.burnt.notified().await;
    }
}

/// See the module.
pub(crate) struct Relay {
    pub(crate) address: SocketAddr,
    gets: watch::Sender<Gets>,
    held: Arc<Semaphore>,
    pub(crate) fuse: Arc<Fuse>,
}

impl Relay {
    pub(crate) async fn start(clouds: SocketAddr) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let relay = Self {
            address: listener.local_addr().unwrap(),
            gets: watch::Sender::new(Gets::Through),
            held: Arc::new(Semaphore::new(0)),
            fuse: Fuse::new(),
        };
        let (gets, held, fuse) = (relay.gets.clone(), Arc::clone(&relay.held), Arc::clone(&relay.fuse));
        tokio::spawn(async move {
            while let Ok((server, _)) = listener.accept().await {
                fuse.burn();
                let one =
                    Exchange { clouds, gets: gets.clone(), held: Arc::clone(&held), fuse: Arc::clone(&fuse) };
                tokio::spawn(async move { one.serve(server).await });
            }
        });
        relay
    }

    /// How far changing calls get from now on.
    pub(crate) fn lets(&self, gets: Gets) {
        self.gets.send_replace(gets);
    }

    /// Waits until so many more changing calls are where they are held.
    pub(crate) async fn held(&self, calls: u32) {
        self.held.acquire_many(calls).await.unwrap().forget();
    }
}

struct Exchange {
    clouds: SocketAddr,
    gets: watch::Sender<Gets>,
    held: Arc<Semaphore>,
    fuse: Arc<Fuse>,
}

impl Exchange {
    /// Passes on what comes, until one side has enough. A server that was killed is no fault here.
    async fn serve(self, mut server: TcpStream) {
        let Ok(mut cloud) = TcpStream::connect(self.clouds).await else { return };
        while let Some(request) = message(&mut server).await {
            let changing = is_changing(&request);
            let burn = || {
                if changing {
                    self.fuse.burn();
                }
            };
            burn();
            let gets = if changing { *self.gets.borrow() } else { Gets::Through };
            if gets == Gets::Sent {
                return self.hold(server).await;
            }
            if cloud.write_all(&request).await.is_err() {
                return;
            }
            let Some(answer) = message(&mut cloud).await else { return };
            burn();
            match gets {
                Gets::Done => return self.hold(server).await,
                Gets::HalfAnswered => {
                    let _ = server.write_all(&answer[..answer.len() / 2]).await;
                    return self.hold(server).await;
                }
                Gets::Through | Gets::Sent => {}
            }
            // In two pieces, so that there is a moment between them.
            let (first, second) = answer.split_at(answer.len() / 2);
            for piece in [first, second] {
                if server.write_all(piece).await.is_err() {
                    return;
                }
                burn();
            }
        }
    }

    /// Keeps the connection until the server is gone.
    async fn hold(&self, mut server: TcpStream) {
        self.held.add_permits(1);
        let mut rest = Vec::new();
        let _ = server.read_to_end(&mut rest).await;
    }
}

/// A message with its body, as long as `content-length` says.
async fn message(stream: &mut TcpStream) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length:")?.trim().parse::<usize>().ok())
                .unwrap_or_default();
            if bytes.len() >= end + 4 + length {
                return Some(bytes);
            }
        }
        match stream.read(&mut buffer).await {
            Ok(0) | Err(_) => return None,
            Ok(count) => bytes.extend_from_slice(&buffer[..count]),
        }
    }
}

fn is_changing(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let first = text.lines().next().unwrap_or_default();
    ["UpgradeServiceInstance", "RollbackServiceInstance", "RenewChangeInstance", "UpgradeInstanceVersion"]
        .iter()
        .any(|action| text.lines().any(|line| line.eq_ignore_ascii_case(&format!("x-acs-action: {action}"))))
        || first.starts_with("PUT /v2/aad/instance")
        || first.contains("/cbs/instance/upgrade")
        || first.contains("/cbs/instance/rollback")
        || first.starts_with("PUT /v2/orders/customer-orders/cancel")
}
