//! Attacks with how a request arrives: too large, read in two ways, too slow, too many (security.md A29 to A39).

use crate::{
    raw::{self, HANG, message},
    support::{Console, ROOMY},
    target::{HOST, JSON, OURS, Target},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    time::timeout,
};

#[tokio::test]
async fn what_is_too_large_is_refused_early() {
    let target = Target::new().await;
    let many = (0..65).map(|number| format!("X-{number}: x")).collect::<Vec<_>>();
    let wide = format!("X-Wide: {}", "w".repeat(17 * 1024));
    let wider = format!("X-Wider: {}", "w".repeat(200 * 1024));
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    for (lines, what) in
        [(many, "65 fields"), (vec![wide.as_str()], "17 KiB"), (vec![wider.as_str()], "200 KiB")]
    {
        let mut head = vec![HOST, JSON, OURS];
        head.extend(lines);
        let answer = target.sends(&target.confirmation(&head)).await;
        assert_eq!(answer.status(), 431, "{what} {}", answer.0);
    }
    for length in [2 * 1024, 3 * 1024, 12 * 1024] {
        let path = format!("GET /api/runs?q={} HTTP/1.1", "q".repeat(length));
        let answer = target.sends(&message(&[&path, HOST, "Connection: close"], "")).await;
        assert_eq!(answer.status(), 414, "{length} {}", answer.0);
    }
    let at_limit = 64 * 1024;
    for (length, status) in [(at_limit, 400), (at_limit + 1, 413)] {
        let declared = format!("Content-Length: {length}");
        let start = format!("POST {} HTTP/1.1", target.path);
        let head = [start.as_str(), HOST, JSON, OURS, &declared, "Connection: close"];
        let answer = target.sends(&message(&head, &" ".repeat(length))).await;
        assert_eq!(answer.status(), status, "{length} {}", answer.0);
        // In chunks nothing is declared, and the reading stops at the limit all the same.
        let head = [start.as_str(), HOST, JSON, OURS, "Transfer-Encoding: chunked", "Connection: close"];
        let chunk = format!("1000\r\n{}\r\n", " ".repeat(0x1000));
        let rest = length % 0x1000;
        let body = chunk.repeat(length / 0x1000) + &format!("{rest:x}\r\n{}\r\n", " ".repeat(rest));
        let body = if rest == 0 { chunk.repeat(length / 0x1000) } else { body };
        let answer = target.sends(&message(&head, &format!("{body}0\r\n\r\n"))).await;
        assert_eq!(answer.status(), status, "{length} in chunks {}", answer.0);
    }
    // Ten gigabytes are announced and nothing comes: the answer does not wait for them.
    let start = format!("POST {} HTTP/1.1", target.path);
    for more in [vec![], vec!["Expect: 100-continue"]] {
        let mut head = vec![start.as_str(), HOST, JSON, OURS, "Content-Length: 10000000000"];
        head.extend(more);
        let answer = target.sends(&message(&head, "")).await;
        assert_eq!((answer.status(), answer.answers()), (413, 1), "{}", answer.0);
    }
    target.is_unharmed("sizes").await;
}

#[tokio::test]
async fn two_readings_of_one_message_are_none() {
    let target = Target::new().await;
    let inner = target.confirmation(&[HOST, JSON, OURS]);
    let start = format!("POST {} HTTP/1.1", target.path);
    let length = format!("Content-Length: {}", target.body.len());
    let longer = format!("Content-Length: {}", target.body.len() + 1);
    let chunked = "Transfer-Encoding: chunked";
    let whole = format!("{:x}\r\n{}\r\n0\r\n\r\n", target.body.len(), target.body);
    let chunk_of = |size: &str| format!("{size}\r\n{}\r\n0\r\n\r\n", target.body);
    let size = target.body.len();
    let table: Vec<(&str, Vec<&str>, String)> = vec![
        ("two lengths", vec![&length, &longer], target.body.clone()),
        ("a list of lengths", vec!["Content-Length: 5, 6"], target.body.clone()),
        ("a signed length", vec!["Content-Length: +5"], target.body.clone()),
        ("another coding", vec!["Transfer-Encoding: xchunked"], whole.clone()),
        ("chunked twice", vec!["Transfer-Encoding: chunked, identity"], whole.clone()),
        ("a space before the colon", vec!["Transfer-Encoding : chunked"], whole.clone()),
        ("a folded line", vec!["X-A: b\r\n c", &length], target.body.clone()),
        ("a NUL in a value", vec!["X-A: b\0c", &length], target.body.clone()),
        ("a CR in a value", vec!["X-A: b\rc", &length], target.body.clone()),
        ("a name with a space", vec!["X A: b", &length], target.body.clone()),
        ("a hexadecimal prefix", vec![chunked], chunk_of(&format!("0x{size:x}"))),
        ("a signed chunk size", vec![chunked], chunk_of(&format!("+{size:x}"))),
        ("a chunk size with a space", vec![chunked], chunk_of(&format!(" {size:x}"))),
        ("a chunk size of 17 digits", vec![chunked], chunk_of("fffffffffffffffff")),
        ("a chunk without its end", vec![chunked], format!("{size:x}\r\n{}XX0\r\n\r\n", target.body)),
    ];
    for (what, lines, body) in table {
        let mut head = vec![start.as_str(), HOST, JSON, OURS];
        head.extend(&lines);
        // A second request stands behind it, in case the first one ends elsewhere than it says.
        let second = inner.replace("X-Upgrade-Console: 1", "X-Upgrade-Console: no");
        let answer = target.sends(&(message(&head, &body) + &second)).await;
        assert!(answer.answers() <= 1, "{what}\n{}", answer.0);
        assert!(matches!(answer.status(), 0 | 400), "{what}\n{}", answer.0);
        target.is_unharmed(what).await;
    }
}

#[tokio::test]
async fn a_request_in_chunks_is_the_last_of_its_connection() {
    let chunked = "Transfer-Encoding: chunked";
    for more in [[chunked, "X-A: b"], [chunked, "Content-Length: 5"], ["Content-Length: 5", chunked]] {
        let target = Target::new().await;
        let start = format!("POST {} HTTP/1.1", target.path);
        let body = format!("{:x}\r\n{}\r\n0\r\n\r\n", target.body.len(), target.body);
        let head = [start.as_str(), HOST, JSON, OURS, more[0], more[1]];
        let second = message(&["GET /api/session HTTP/1.1", HOST], "");
        let answer = target.sends(&(message(&head, &body) + &second)).await;
        assert_eq!(
            (answer.answers(), answer.header("connection")),
            (1, Some("close")),
            "{more:?}\n{}",
            answer.0
        );
    }
}

/// RFC 9112 section 2.2 lets a server take a line feed alone for the end of a line, and hyper has no setting against it.
/// See ARCHITECTURE.md.
#[tokio::test]
async fn a_bare_line_feed_ends_a_line_and_hides_nothing() {
    let target = Target::new().await;
    let get = message(&["GET /api/session HTTP/1.1", HOST, "Connection: close"], "");
    let answer = target.sends(&get.replace("\r\n", "\n")).await;
    assert_eq!((answer.status(), answer.answers()), (200, 1), "{}", answer.0);
    // What stands behind one is a line, and counts as one.
    for (line, status) in [
        ("X-A: b\nOrigin: https://evil.example", 403),
        ("X-A: b\nSec-Fetch-Site: cross-site", 403),
        ("X-A: b\nHost: {host}", 400),
        ("X-A: b\nContent-Type: application/json", 415),
        ("X-A: b\nContent-Length: 1", 400),
        ("X-A: b\n Origin: null", 400),
    ] {
        let answer = target.sends(&target.confirmation(&[HOST, JSON, OURS, line])).await;
        assert_eq!((answer.status(), answer.answers()), (status, 1), "{line:?}\n{}", answer.0);
    }
    // Where a body says how long it is, there is none.
    let start = format!("POST {} HTTP/1.1", target.path);
    let (size, body) = (target.body.len(), &target.body);
    for body in [
        format!("{size:x}\n{body}\r\n0\r\n\r\n"),
        format!("{size:x};a\n{body}\r\n0\r\n\r\n"),
        format!("{size:x}\r\n{body}\n0\r\n\r\n"),
        format!("{size:x}\r\n{body}\r\n0\n\r\n"),
    ] {
        let head = [&start, HOST, JSON, OURS, "Transfer-Encoding: chunked"];
        let answer = target.sends(&(message(&head, &body) + &get)).await;
        assert!(answer.answers() <= 1 && matches!(answer.status(), 0 | 400), "{body}\n{}", answer.0);
    }
    target.is_unharmed("line feeds").await;
}

#[tokio::test]
async fn a_request_in_the_body_of_a_refused_one_is_not_a_request() {
    let target = Target::new().await;
    let inner = target.confirmation(&[HOST, JSON, OURS]);
    let length = format!("Content-Length: {}", inner.len());
    let start = format!("POST {} HTTP/1.1", target.path);
    for lines in [vec![HOST, JSON], vec![HOST, OURS], vec!["Host: evil.example", JSON, OURS]] {
        let mut head = vec![start.as_str()];
        head.extend(&lines);
        head.push(&length);
        let answer = target.sends(&message(&head, &inner)).await;
        assert_eq!(answer.answers(), 1, "{}", answer.0);
        target.is_unharmed("inner").await;
    }
    // And one that follows is checked by itself.
    let refused = target.confirmation(&[HOST, JSON]).replace("Connection: close\r\n", "");
    let answer =
        target.sends(&(refused.clone() + &target.confirmation(&[HOST, JSON, "Origin: null", OURS]))).await;
    assert!(!answer.0.contains(" 201 "), "{}", answer.0);
    target.is_unharmed("pipelined").await;
}

#[tokio::test]
async fn other_protocols_are_not_spoken() {
    let target = Target::new().await;
    let answer = target.sends("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await;
    assert!(matches!(answer.status(), 0 | 400), "{}", answer.0);
    for upgrade in ["h2c", "websocket"] {
        let lines = [
            "GET /api/session HTTP/1.1",
            HOST,
            &format!("Upgrade: {upgrade}"),
            "Connection: Upgrade, HTTP2-Settings, close",
            "HTTP2-Settings: AAMAAABkAAQAAP__",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "Sec-WebSocket-Version: 13",
        ];
        let answer = target.sends(&message(&lines, "")).await;
        assert_eq!((answer.status(), answer.header("upgrade")), (200, None), "{}", answer.0);
    }
    let answer = target.sends("\x16\x03\x01\x02\x00\x01\x00\x01\u{fc}\x03\x03 not http\r\n\r\n").await;
    assert!(matches!(answer.status(), 0 | 400), "{}", answer.0);
    target.is_unharmed("protocols").await;
}

#[tokio::test]
async fn slow_heads_are_closed_while_others_are_served() {
    let target = Target::new().await;
    let mut slow = Vec::new();
    for _ in 0..100 {
        let mut stream = TcpStream::connect(target.console.address).await.unwrap();
        stream.write_all(b"GET /healthz HTTP/1.1\r\nHo").await.unwrap();
        slow.push(stream);
    }
    target.console.get("/healthz").await.expect(200);
    for mut stream in slow {
        // A byte now and then does not buy more time.
        let _ = stream.write_all(b"s").await;
        let answer = raw::read_to_end(&mut stream).await;
        assert!(matches!(answer.status(), 0 | 408), "{}", answer.0);
    }
    target.console.get("/healthz").await.expect(200);
}

#[tokio::test]
async fn slow_bodies_are_closed() {
    let target = Target::new().await;
    for declared in
        [format!("Content-Length: {}", target.body.len()), "Transfer-Encoding: chunked".to_owned()]
    {
        let mut stream = TcpStream::connect(target.console.address).await.unwrap();
        let start = format!("POST {} HTTP/1.1", target.path);
        let head = message(&[&start, HOST, JSON, OURS, &declared], "1\r\n{").replace("{host}", &target.host);
        stream.write_all(head.as_bytes()).await.unwrap();
        let answer = raw::read_to_end(&mut stream).await;
        assert_eq!(answer.status(), 408, "{}", answer.0);
    }
    // A body that ends early is not waited for.
    let half = target.confirmation(&[HOST, JSON, OURS]);
    let mut stream = TcpStream::connect(target.console.address).await.unwrap();
    stream.write_all(&half.as_bytes()[..half.len() - 10]).await.unwrap();
    stream.shutdown().await.unwrap();
    let answer = raw::read_to_end(&mut stream).await;
    assert!(matches!(answer.status(), 0 | 400), "{}", answer.0);
    target.is_unharmed("slow bodies").await;
}

#[tokio::test]
async fn a_client_that_takes_no_answer_loses_its_connection() {
    let target = Target::new().await;
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4 * 1024).unwrap();
    let mut stream = socket.connect(target.console.address).await.unwrap();
    let request = format!("GET /api/openapi.json HTTP/1.1\r\nHost: {}\r\n\r\n", target.host);
    let requests = request.repeat(64);
    // Ask and ask, and never read: the server's answers fill every buffer, then it stops reading, then it gives up.
    let ended = timeout(HANG, async {
        loop {
            if let Err(error) = stream.write_all(requests.as_bytes()).await {
                return error.kind();
            }
        }
    })
    .await
    .expect("the server keeps a connection whose client never reads");
    assert!(
        matches!(ended, std::io::ErrorKind::ConnectionReset | std::io::ErrorKind::BrokenPipe),
        "{ended:?}"
    );
    target.is_unharmed("no reader").await;
}

#[tokio::test]
async fn connections_that_do_nothing_give_their_place_back() {
    // Long enough for five to come before the first of them is closed.
    let console = Console::with(&format!("{ROOMY}header_seconds = 5\nconnections = 4\n"), |_| None).await;
    let mut idle = Vec::new();
    for _ in 0..4 {
        idle.push(TcpStream::connect(console.address).await.unwrap());
    }
    // All four are taken before the fifth comes: it is turned away at once, not left waiting.
    let mut fifth = TcpStream::connect(console.address).await.unwrap();
    let _ = fifth.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await;
    assert_eq!(raw::read_to_end(&mut fifth).await.status(), 0);
    for mut stream in idle {
        let mut some = [0; 64];
        assert_eq!(timeout(HANG, stream.read(&mut some)).await.unwrap().unwrap_or_default(), 0);
    }
    console.get("/healthz").await.expect(200);
}

#[tokio::test]
async fn more_requests_than_places_are_told_to_come_again() {
    let console = Console::with(&format!("{ROOMY}in_flight = 1\n"), |_| None).await;
    // A body that is on its way holds the one place.
    let mut first = TcpStream::connect(console.address).await.unwrap();
    let head = format!(
        "POST /api/plans HTTP/1.1\r\nHost: {}\r\n{JSON}\r\n{OURS}\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n",
        console.address
    );
    first.write_all(head.as_bytes()).await.unwrap();
    // The handler waits for the body when it has asked for it.
    raw::read_until(&mut first, "100 Continue").await;
    let reply = console.get("/api/session").await;
    assert_eq!((reply.status.as_u16(), reply.code().as_str()), (503, "overloaded"));
    assert_eq!(reply.header("retry-after"), "1");
    first.write_all(b"{}").await.unwrap();
    raw::read_until(&mut first, "HTTP/1.1 400").await;
    console.get("/api/session").await.expect(200);
}
