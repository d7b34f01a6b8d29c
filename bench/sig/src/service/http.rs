//! As much of an HTTP/1.1 client as the load needs: one request at a time on a connection that is
//! kept, answers with a content length.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{bail, ensure, Context, Result};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// More than any answer should take.
const PATIENCE: Duration = Duration::from_secs(30);
/// More than any answer is long.
const LONGEST: usize = 1 << 20;

/// A connection to the service.
pub(crate) struct Connection {
    stream: TcpStream,
    received: Vec<u8>,
}

/// A complete answer.
pub(crate) struct Answer {
    /// The status code.
    pub(crate) status: u16,
    /// The body.
    pub(crate) body: Vec<u8>,
    /// Whether the connection may not be used again.
    pub(crate) closes: bool,
}

impl Connection {
    /// Connects. Nothing is sent.
    pub(crate) async fn open(address: SocketAddr) -> Result<Self> {
        let stream = timeout(PATIENCE, TcpStream::connect(address)).await??;
        stream.set_nodelay(true)?;
        Ok(Self { stream, received: Vec::with_capacity(4096) })
    }

    /// Sends a request and reads its whole answer. After an error the connection is of no use.
    pub(crate) async fn ask(&mut self, request: &[u8]) -> Result<Answer> {
        timeout(PATIENCE, async {
            self.stream.write_all(request).await.context("could not send")?;
            self.answer().await
        })
        .await
        .context("no answer in time")?
    }

    async fn answer(&mut self) -> Result<Answer> {
        let head_length = loop {
            if let Some(at) = find(&self.received, b"\r\n\r\n") {
                break at + 4;
            }
            self.receive().await?;
        };
        let head = std::str::from_utf8(&self.received[..head_length])?;
        let Head { status, length, closes } = Head::parse(head)?;
        while self.received.len() < head_length + length {
            self.receive().await?;
        }
        let body = self.received[head_length..head_length + length].to_vec();
        self.received.drain(..head_length + length);
        Ok(Answer { status, body, closes })
    }

    async fn receive(&mut self) -> Result<()> {
        ensure!(self.received.len() < LONGEST, "an answer is longer than {LONGEST} bytes");
        let read = self.stream.read_buf(&mut self.received).await.context("could not receive")?;
        ensure!(read > 0, "closed after {} bytes of an answer", self.received.len());
        Ok(())
    }
}

fn find(bytes: &[u8], pattern: &[u8]) -> Option<usize> {
    bytes.windows(pattern.len()).position(|window| window == pattern)
}

/// What matters of an answer's head.
#[derive(Debug, PartialEq, Eq)]
struct Head {
    status: u16,
    length: usize,
    closes: bool,
}

impl Head {
    fn parse(text: &str) -> Result<Self> {
        let mut lines = text.split("\r\n");
        let status = lines.next().and_then(|line| line.strip_prefix("HTTP/1.1 ")?.get(..3));
        let status = status.context("no status line of HTTP/1.1")?.parse()?;
        let (mut length, mut closes) = (None, false);
        for (name, value) in lines.filter_map(|line| line.split_once(':')) {
            let value = value.trim();
            if name.eq_ignore_ascii_case("content-length") {
                length = Some(value.parse()?);
            } else if name.eq_ignore_ascii_case("connection") {
                closes = value.eq_ignore_ascii_case("close");
            }
        }
        let Some(length) = length else { bail!("an answer without content-length") };
        ensure!(length < LONGEST, "an answer of {length} bytes");
        Ok(Self { status, length, closes })
    }
}

#[cfg(test)]
mod tests {
    use super::Head;

    #[test]
    fn a_head_says_status_length_and_end() {
        let head = Head::parse("HTTP/1.1 200 OK\r\nContent-Length: 7\r\nConnection: close\r\n\r\n");
        assert_eq!(head.unwrap(), Head { status: 200, length: 7, closes: true });
        let head = Head::parse("HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n");
        assert_eq!(head.unwrap(), Head { status: 503, length: 0, closes: false });
    }

    #[test]
    fn an_answer_of_unknown_length_is_refused() {
        assert!(Head::parse("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").is_err());
        assert!(Head::parse("HTTP/1.0 200 OK\r\ncontent-length: 1\r\n\r\n").is_err());
    }
}
