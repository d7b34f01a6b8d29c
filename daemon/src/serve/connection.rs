//! Connections: how many, for how long, and how they end.
//!
//! - There are at most `max_connections`; further clients wait in the system's queue. Those of one
//!   client beyond `max_connections_per_client` are closed at once.
//! - A connection on which no whole request head arrives for `header_timeout` is closed.
//! - A connection whose client takes nothing of its answers for `write_timeout` is closed.
//! - When the service closes, the system's queue is accepted to its end first. A connection ends
//!   when it has been answered and nothing of another request has arrived; one that was never
//!   used is given the time of `drain` for its first request.
//! - An end is announced: the sending half is closed, and what the client still sends is read for
//!   a moment, so that its last answer is not destroyed by a reset.

use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::Arc;
use std::task::{ready, Context, Poll};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{oneshot, OwnedSemaphorePermit, Semaphore};
use tokio::time::{sleep, Instant, Sleep};

use super::limits::{ConnectionLimit, Place};
use super::metrics::Limit;
use super::shutdown::Phase;
use super::state::App;

/// How long what a client still sends is read after the end was announced.
const LINGER: Duration = Duration::from_millis(500);
/// Pause after an error of accepting, such as too many open files.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// What requests and their connection know of each other.
#[derive(Debug, Default)]
pub struct Activity {
    begun: AtomicU32,
    busy: AtomicBool,
}

impl Activity {
    /// A request's head has arrived.
    pub fn begin(&self) {
        self.busy.store(true, Ordering::Release);
        self.begun.fetch_add(1, Ordering::AcqRel);
    }

    /// Its answer is known.
    pub fn end(&self) {
        self.busy.store(false, Ordering::Release);
    }
}

/// Who is at the other end of a request's connection.
#[derive(Debug, Clone)]
pub struct Peer {
    address: IpAddr,
    activity: Arc<Activity>,
}

impl Peer {
    /// A client at this address, for a router without a socket.
    pub fn at(address: IpAddr) -> Self {
        Self { address, activity: Arc::default() }
    }

    /// The address.
    pub fn address(&self) -> IpAddr {
        self.address
    }

    /// What its connection does.
    pub fn activity(&self) -> &Activity {
        &self.activity
    }
}

impl Connected<IncomingStream<'_, Gate>> for Peer {
    fn connect_info(stream: IncomingStream<'_, Gate>) -> Self {
        Self { address: stream.remote_addr().ip(), activity: Arc::clone(&stream.io().activity) }
    }
}

/// The listening socket, until the service closes.
pub struct Gate {
    app: App,
    address: SocketAddr,
    state: Door,
    slots: Arc<Semaphore>,
    clients: Arc<ConnectionLimit>,
    closed: Option<oneshot::Sender<()>>,
}

enum Door {
    Open(TcpListener),
    /// The queue is accepted to its end.
    Emptying(std::net::TcpListener),
    Shut,
}

impl Gate {
    /// Says with `closed` that no further connection will come; each one has a permit of `slots`.
    pub fn new(
        app: App,
        listener: TcpListener,
        slots: Arc<Semaphore>,
        closed: oneshot::Sender<()>,
    ) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let clients = Arc::new(ConnectionLimit::new(app.settings().max_connections_per_client));
        let state = Door::Open(listener);
        Ok(Self { app, address, state, slots, clients, closed: Some(closed) })
    }

    /// The next connection; none when there will be no more.
    async fn next(&mut self) -> io::Result<Option<(TcpStream, SocketAddr)>> {
        if let Door::Open(listener) = &self.state {
            tokio::select! {
                biased;
                accepted = listener.accept() => return accepted.map(Some),
                () = self.app.shutdown().reached(Phase::Closing) => {}
            }
        }
        // Asking the system itself, as the runtime may not have heard of the last ones yet.
        self.state = match std::mem::replace(&mut self.state, Door::Shut) {
            Door::Open(listener) => Door::Emptying(listener.into_std()?),
            state => state,
        };
        let Door::Emptying(listener) = &self.state else { return Ok(None) };
        match listener.accept() {
            Ok((stream, address)) => {
                stream.set_nonblocking(true)?;
                Ok(Some((TcpStream::from_std(stream)?, address)))
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                self.state = Door::Shut;
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }
}

impl Listener for Gate {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        // The semaphore is never closed, so there is always a permit in the end.
        let permit = Arc::clone(&self.slots).acquire_owned().await.ok();
        loop {
            match self.next().await {
                Ok(Some((stream, address))) => {
                    let Some(place) = self.clients.admit(address.ip()) else {
                        self.app.metrics().rejected(Limit::Connections);
                        drop(stream);
                        // Else a client that only connects would keep others from their turn.
                        tokio::task::yield_now().await;
                        continue;
                    };
                    // Answers are short and complete; waiting for more would only delay them.
                    let _ = stream.set_nodelay(true);
                    return (Connection::new(&self.app, stream, permit, place), address);
                }
                Ok(None) => break,
                Err(error) => {
                    let of_one_client = matches!(
                        error.kind(),
                        io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset
                    );
                    if !of_one_client {
                        tracing::warn!(%error, "cannot accept a connection");
                        sleep(ACCEPT_PAUSE).await;
                    }
                }
            }
        }
        drop(permit);
        if let Some(closed) = self.closed.take() {
            let _ = closed.send(());
        }
        std::future::pending().await
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.address)
    }
}

/// A connection of a client.
pub struct Connection {
    stream: TcpStream,
    app: App,
    activity: Arc<Activity>,
    on_close: Pin<Box<dyn Future<Output = ()> + Send>>,
    deadline: Pin<Box<Sleep>>,
    /// The service closes.
    closing: bool,
    /// Something of the next request has arrived.
    head_begun: bool,
    /// Requests whose head was seen when the deadline was last set.
    seen: u32,
    /// Something was written and may not have left.
    unflushed: bool,
    /// The client will send no more.
    ended: bool,
    /// The end was announced.
    lingering: bool,
    /// When what waits to leave is given up; none while nothing waits.
    stalled: Option<Pin<Box<Sleep>>>,
    /// Taken when it is dropped.
    place: Option<Place>,
    _permit: Option<OwnedSemaphorePermit>,
}

impl Connection {
    fn new(
        app: &App,
        stream: TcpStream,
        permit: Option<OwnedSemaphorePermit>,
        place: Place,
    ) -> Self {
        app.metrics().connections.inc();
        Self {
            stream,
            activity: Arc::default(),
            on_close: Box::pin(app.shutdown().reached(Phase::Closing)),
            deadline: Box::pin(sleep(app.settings().header_timeout())),
            app: app.clone(),
            closing: false,
            head_begun: false,
            seen: 0,
            unflushed: false,
            ended: false,
            lingering: false,
            stalled: None,
            place: Some(place),
            _permit: permit,
        }
    }

    /// Whether a connection on which nothing arrives is to end now; asks to be woken for that.
    fn is_over(&mut self, context: &mut Context<'_>) -> bool {
        let settings = self.app.settings();
        let begun = self.activity.begun.load(Ordering::Acquire);
        if begun != self.seen {
            self.seen = begun;
            self.head_begun = false;
            self.deadline.as_mut().reset(Instant::now() + settings.header_timeout());
        }
        if !self.closing && self.on_close.as_mut().poll(context).is_ready() {
            self.closing = true;
            let first_request = Instant::now() + settings.drain();
            if begun == 0 && !self.head_begun && first_request < self.deadline.deadline() {
                self.deadline.as_mut().reset(first_request);
            }
        }
        // The program has the word; how long it may take is not decided here. How long the client
        // may leave its words unread is: by `sent`.
        if self.activity.busy.load(Ordering::Acquire) || self.unflushed {
            return false;
        }
        let answered = begun > 0 && !self.head_begun;
        (self.closing && answered) || self.deadline.as_mut().poll(context).is_ready()
    }

    /// What became of bytes that are to leave: an error if none has for too long.
    fn sent<T>(
        &mut self,
        context: &mut Context<'_>,
        result: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if result.is_ready() {
            self.stalled = None;
            return result;
        }
        let patience = self.app.settings().write_timeout();
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(sleep(patience)));
        ready!(stalled.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        // Before it is counted, so that who sees the number can have the place.
        self.place = None;
        self.app.metrics().connections.dec();
    }
}

impl AsyncRead for Connection {
    /// Ends as if the client had, when the connection is over: HTTP then closes it in order.
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        if let Poll::Ready(result) = Pin::new(&mut this.stream).poll_read(context, buffer) {
            let arrived = buffer.filled().len() > before;
            this.head_begun |= arrived;
            this.ended |= !arrived;
            return Poll::Ready(result);
        }
        if this.is_over(context) {
            return Poll::Ready(Ok(()));
        }
        Poll::Pending
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        this.unflushed = true;
        let result = Pin::new(&mut this.stream).poll_write(context, bytes);
        this.sent(context, result)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        this.unflushed = true;
        let result = Pin::new(&mut this.stream).poll_write_vectored(context, slices);
        this.sent(context, result)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let result = Pin::new(&mut this.stream).poll_flush(context);
        ready!(this.sent(context, result))?;
        this.unflushed = false;
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if !this.lingering {
            ready!(Pin::new(&mut this.stream).poll_shutdown(context))?;
            this.lingering = true;
            this.deadline.as_mut().reset(Instant::now() + LINGER);
        }
        let mut scrap = [0; 1024];
        while !this.ended && this.deadline.as_mut().poll(context).is_pending() {
            let mut scrap = ReadBuf::new(&mut scrap);
            ready!(Pin::new(&mut this.stream).poll_read(context, &mut scrap))?;
            this.ended = scrap.filled().is_empty();
        }
        Poll::Ready(Ok(()))
    }
}
