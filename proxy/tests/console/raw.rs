//! A client for tests in which the bytes are the point: what is written here goes over the wire as it stands.

use std::{net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// No exchange of these tests takes so long; a test that waits for it has found a hang.
pub(crate) const HANG: Duration = Duration::from_secs(60);

/// What came back until the server closed the connection.
pub(crate) struct Wire(pub(crate) String);

impl Wire {
    /// The status of the first answer; 0 when the connection closed without one.
    pub(crate) fn status(&self) -> u16 {
        self.0.get(9..12).and_then(|digits| digits.parse().ok()).unwrap_or_default()
    }

    pub(crate) fn answers(&self) -> usize {
        self.0.matches("HTTP/1.1 ").count()
    }

    /// The value of a header of the first answer.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let head = self.0.split("\r\n\r\n").next().unwrap_or_default();
        head.lines().find_map(|line| {
            let (known, value) = line.split_once(':')?;
            known.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

/// Writes bytes, with `{host}` replaced by the server's address, and reads until the server closes.
pub(crate) async fn exchange(address: SocketAddr, request: &[u8]) -> Wire {
    let mut stream = TcpStream::connect(address).await.unwrap();
    // A server that refuses early may close before everything is written.
    let _ = stream.write_all(request).await;
    read_to_end(&mut stream).await
}

pub(crate) async fn read_to_end(stream: &mut TcpStream) -> Wire {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        match timeout(HANG, stream.read(&mut buffer)).await.expect("the server never closed the connection") {
            Ok(0) | Err(_) => break,
            Ok(count) => bytes.extend_from_slice(&buffer[..count]),
        }
    }
    Wire(String::from_utf8_lossy(&bytes).into_owned())
}

/// Reads until the text is there.
pub(crate) async fn read_until(stream: &mut TcpStream, wanted: &str) -> String {
    let mut text = String::new();
    let mut buffer = [0; 4096];
    while !text.contains(wanted) {
        let count = timeout(HANG, stream.read(&mut buffer)).await.expect("nothing came").unwrap();
        assert_ne!(count, 0, "closed before `{wanted}`: {text}");
        text.push_str(&String::from_utf8_lossy(&buffer[..count]));
    }
    text
}

/// Lines of a head and a body, as they go over the wire.
pub(crate) fn message(lines: &[&str], body: &str) -> String {
    format!("{}\r\n\r\n{body}", lines.join("\r\n"))
}
