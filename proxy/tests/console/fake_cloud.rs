//! A cloud that misbehaves as a test wants, on a raw socket.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};

/// From a request to its answer.
pub(crate) type Decision = Arc<dyn Fn(&str) -> Vec<u8> + Send + Sync>;

/// What it does with a connection.
#[derive(Clone)]
pub(crate) enum Does {
    /// Answers every request of the connection with these bytes.
    Answers(Vec<u8>),
    /// Answers once, then closes.
    AnswersAndCloses(Vec<u8>),
    /// Answers when the test says so.
    AnswersWhenReleased(Vec<u8>),
    /// Answers with the request's own target, decoded once, in a refusal.
    Echoes,
    /// Answers as the test decides by the request.
    Decides(Decision),
    /// Reads the request and never answers.
    Hangs,
    /// Resets the connection without reading.
    ResetsAtOnce,
    /// Resets the connection in the middle of the request.
    ResetsInTheMiddle,
    /// Reads the request, then resets the connection.
    ResetsAfterwards,
    /// Reads the request, then closes in good order.
    Closes,
    /// Sends the bytes, then fills without end.
    Floods(Vec<u8>, Vec<u8>),
}

/// See the module.
pub(crate) struct FakeCloud {
    pub(crate) address: SocketAddr,
    does: Arc<Mutex<Does>>,
    connections: Arc<AtomicUsize>,
    requests: Arc<Mutex<Vec<String>>>,
    sent: Arc<AtomicUsize>,
    released: Arc<Semaphore>,
    arrived: Arc<Semaphore>,
    reads_too: Arc<AtomicBool>,
}

impl FakeCloud {
    pub(crate) async fn start(does: Does) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let cloud = Self {
            address: listener.local_addr().unwrap(),
            does: Arc::new(Mutex::new(does)),
            connections: Arc::default(),
            requests: Arc::default(),
            sent: Arc::default(),
            released: Arc::new(Semaphore::new(0)),
            arrived: Arc::new(Semaphore::new(0)),
            reads_too: Arc::default(),
        };
        let (does, connections) = (Arc::clone(&cloud.does), Arc::clone(&cloud.connections));
        let (requests, sent) = (Arc::clone(&cloud.requests), Arc::clone(&cloud.sent));
        let (released, arrived) = (Arc::clone(&cloud.released), Arc::clone(&cloud.arrived));
        let reads_too = Arc::clone(&cloud.reads_too);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let connections = Arc::clone(&connections);
                let mut one = Connection {
                    stream,
                    reads_too: Arc::clone(&reads_too),
                    requests: Arc::clone(&requests),
                    sent: Arc::clone(&sent),
                    released: Arc::clone(&released),
                    arrived: Arc::clone(&arrived),
                };
                let does = does.lock().unwrap().clone();
                tokio::spawn(async move {
                    if !matches!(does, Does::ResetsAtOnce) && !one.refuses_reads().await {
                        return;
                    }
                    connections.fetch_add(1, Ordering::SeqCst);
                    one.serve(does).await;
                });
            }
        });
        cloud
    }

    /// Does it to the reads of flows, too.
    pub(crate) fn takes_reads(&self) {
        self.reads_too.store(true, Ordering::SeqCst);
    }

    /// Does something else from the next connection on, and counts from zero.
    pub(crate) fn turns_to(&self, does: Does) {
        *self.does.lock().unwrap() = does;
        self.connections.store(0, Ordering::SeqCst);
        self.sent.store(0, Ordering::SeqCst);
        self.requests.lock().unwrap().clear();
    }

    /// A configuration whose demo profiles go to this cloud, with more limits.
    pub(crate) fn config(&self, limits: &str) -> String {
        let endpoint = format!("http://{}", self.address);
        config_for(&endpoint, limits)
    }

    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// Every request as it came: head and body.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    /// Bytes of answers that the network took.
    pub(crate) fn sent(&self) -> usize {
        self.sent.load(Ordering::SeqCst)
    }

    /// Waits for the next request.
    pub(crate) async fn request_arrived(&self) {
        self.arrived.acquire().await.unwrap().forget();
    }

    /// Lets one answer go.
    pub(crate) fn release(&self) {
        self.released.add_permits(1);
    }
}

/// A configuration whose demo profiles go to an endpoint, with more limits.
pub(crate) fn config_for(endpoint: &str, limits: &str) -> String {
    format!(
        "{}{limits}\n\
         [[profiles]]\nname = \"demo-alibaba\"\ncloud = \"alibaba\"\nmode = \"simulated\"\n\
         region = \"cn-hangzhou\"\nendpoint = \"{endpoint}\"\n\
         [[profiles]]\nname = \"demo-huawei\"\ncloud = \"huawei\"\nmode = \"simulated\"\n\
         region = \"cn-north-4\"\nendpoint = \"{endpoint}\"\n\
         project_id = \"0123456789abcdef0123456789abcdef\"\n\
         domain_id = \"fedcba9876543210fedcba9876543210\"\n",
        crate::support::ROOMY
    )
}

struct Connection {
    stream: TcpStream,
    requests: Arc<Mutex<Vec<String>>>,
    sent: Arc<AtomicUsize>,
    released: Arc<Semaphore>,
    arrived: Arc<Semaphore>,
    reads_too: Arc<AtomicBool>,
}

impl Connection {
    /// Refuses what flows ask around a call, so that a test sees the call alone. Says whether anything else came.
    async fn refuses_reads(&mut self) -> bool {
        let mut first = true;
        loop {
            match self.next_is_read().await {
                Some(true) => {
                    self.request().await;
                    self.refuse_read().await;
                }
                Some(false) => return true,
                None => return first,
            }
            first = false;
        }
    }

    /// Whether the next request asks a list, a state or a price. Nothing is taken from the connection for it.
    async fn next_is_read(&self) -> Option<bool> {
        let mut head = vec![0; 16 * 1024];
        loop {
            let count = self.stream.peek(&mut head).await.ok().filter(|count| *count > 0)?;
            let sent = String::from_utf8_lossy(&head[..count]);
            if count == head.len() || sent.contains("\r\n\r\n") {
                return Some(self.is_read(&sent));
            }
            // More of the head is on its way.
            tokio::task::yield_now().await;
        }
    }

    fn is_read(&self, request: &str) -> bool {
        let head = request.split("\r\n\r\n").next().unwrap_or_default();
        let action = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("x-acs-action").then(|| value.trim())
        });
        let asks = ["List", "Get", "Query", "Describe"];
        let resources = ["/cbs/instance/list", "/aad/instances", "/customer-orders"];
        let line = head.lines().next().unwrap_or_default();
        let reads = action.is_some_and(|action| asks.iter().any(|ask| action.starts_with(ask)))
            || (line.starts_with("GET ") && resources.iter().any(|path| line.contains(path)));
        reads && !self.reads_too.load(Ordering::SeqCst)
    }

    async fn refuse_read(&mut self) {
        let body = r#"{"Code":"NotHere","Message":"no reads","error_code":"NotHere","error_msg":"no reads"}"#;
        self.write(&answer(404, "application/json", body)).await;
    }

    async fn serve(mut self, does: Does) {
        match does {
            Does::ResetsAtOnce => return self.reset(),
            Does::ResetsInTheMiddle => {
                let mut some = [0; 16];
                let _ = self.stream.read(&mut some).await;
                return self.reset();
            }
            _ => {}
        }
        while let Some(request) = self.request().await {
            if self.is_read(&request) {
                self.refuse_read().await;
                continue;
            }
            self.requests.lock().unwrap().push(request.clone());
            self.arrived.add_permits(1);
            match &does {
                Does::Answers(bytes) => self.write(bytes).await,
                Does::AnswersAndCloses(bytes) => {
                    self.write(bytes).await;
                    return;
                }
                Does::AnswersWhenReleased(bytes) => {
                    self.released.acquire().await.unwrap().forget();
                    self.write(bytes).await;
                }
                Does::Echoes => self.write(&echo(&request)).await,
                Does::Decides(decide) => self.write(&decide(&request)).await,
                Does::Hangs => std::future::pending().await,
                Does::ResetsAfterwards => return self.reset(),
                Does::Closes | Does::ResetsAtOnce | Does::ResetsInTheMiddle => return,
                Does::Floods(first, then) => {
                    self.write(first).await;
                    while let Ok(count) = self.stream.write(then).await {
                        self.sent.fetch_add(count, Ordering::SeqCst);
                    }
                    return;
                }
            }
        }
    }

    async fn write(&mut self, bytes: &[u8]) {
        if self.stream.write_all(bytes).await.is_ok() {
            self.sent.fetch_add(bytes.len(), Ordering::SeqCst);
        }
    }

    /// One request: the head, and as much body as `content-length` says.
    async fn request(&mut self) -> Option<String> {
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
                    return Some(String::from_utf8_lossy(&bytes).into_owned());
                }
            }
            match self.stream.read(&mut buffer).await {
                Ok(0) | Err(_) => return None,
                Ok(count) => bytes.extend_from_slice(&buffer[..count]),
            }
        }
    }

    fn reset(self) {
        self.stream.set_zero_linger().unwrap();
    }
}

/// A refusal that repeats the request.
pub(crate) fn echo(request: &str) -> Vec<u8> {
    let body = serde_json::json!({
        "RequestId": "R-1",
        "Code": "SignatureDoesNotMatch",
        "Message": format!("server CanonicalRequest is [{request}]"),
    });
    answer(400, "application/json", &body.to_string())
}

/// A well-formed answer.
pub(crate) fn answer(status: u16, content_type: &str, body: &str) -> Vec<u8> {
    answer_with(status, &[("content-type", content_type)], body)
}

/// A well-formed answer with more headers.
pub(crate) fn answer_with(status: u16, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    let mut text = format!("HTTP/1.1 {status} Word\r\ncontent-length: {}\r\n", body.len());
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    format!("{text}\r\n{body}").into_bytes()
}
