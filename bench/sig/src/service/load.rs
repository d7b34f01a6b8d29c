//! The loads: at full speed, at a rate, and through the end of the service.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{ensure, Context, Result};
use tokio::sync::{mpsc, Mutex};
use tokio::task::JoinSet;

use super::http::Connection;
use super::questions::Question;

/// Who asks what on how many connections.
pub(crate) struct Load {
    /// The service.
    pub(crate) address: SocketAddr,
    /// Asked in turn.
    pub(crate) questions: Arc<Vec<Question>>,
    /// How many at once.
    pub(crate) connections: u32,
}

/// What became of the requests.
#[derive(Default)]
pub(crate) struct Outcome {
    /// Requests of which at least a byte may have been sent.
    pub(crate) sent: u64,
    /// Complete answers.
    pub(crate) answered: u64,
    /// Complete answers with another status or verdict than the right one.
    pub(crate) wrong: u64,
    /// Requests without a complete answer.
    pub(crate) lost: u64,
    /// Clients that could not connect any more, and left.
    pub(crate) refused: u64,
    /// What went wrong first.
    pub(crate) why: String,
    /// Milliseconds of every answer.
    pub(crate) latencies: Vec<f64>,
    /// From the first request to the last answer.
    pub(crate) elapsed: Duration,
}

impl Outcome {
    fn add(&mut self, other: Self) {
        self.sent += other.sent;
        self.answered += other.answered;
        self.wrong += other.wrong;
        self.lost += other.lost;
        self.refused += other.refused;
        self.latencies.extend(other.latencies);
        if self.why.is_empty() {
            self.why = other.why;
        }
    }

    fn blame(&mut self, why: String) {
        if self.why.is_empty() {
            self.why = why;
        }
    }
}

/// One client: a connection, opened when it is needed, and what became of its requests.
struct Client {
    address: SocketAddr,
    connection: Option<Connection>,
    outcome: Outcome,
}

impl Client {
    fn new(address: SocketAddr) -> Self {
        Self { address, connection: None, outcome: Outcome::default() }
    }

    /// Asks, and counts the answer's time from `due`. An error means that the service cannot be
    /// reached and nothing was sent.
    async fn ask(&mut self, question: &Question, due: Instant) -> Result<()> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => Connection::open(self.address).await?,
        };
        self.outcome.sent += 1;
        match connection.ask(&question.bytes).await {
            Ok(answer) => {
                self.outcome.answered += 1;
                self.outcome.latencies.push(due.elapsed().as_secs_f64() * 1e3);
                if answer.status != 200 || !question.is_answered_by(&answer.body) {
                    self.outcome.wrong += 1;
                    let body = String::from_utf8_lossy(&answer.body);
                    self.outcome.blame(format!("{} {body}", answer.status));
                }
                self.connection = (!answer.closes).then_some(connection);
            }
            Err(error) => {
                self.outcome.lost += 1;
                self.outcome.blame(format!("{error:#}"));
            }
        }
        Ok(())
    }
}

impl Load {
    /// Every connection asks as soon as it has its answer.
    pub(crate) async fn closed(&self, time: Duration) -> Result<Outcome> {
        let started = Instant::now();
        let mut clients = JoinSet::new();
        for number in 0..self.connections as usize {
            let (questions, address) = (self.questions.clone(), self.address);
            clients.spawn(async move {
                let mut client = Client::new(address);
                for question in questions.iter().cycle().skip(number * 5) {
                    if started.elapsed() >= time {
                        break;
                    }
                    client.ask(question, Instant::now()).await?;
                }
                Ok(client.outcome)
            });
        }
        gather(clients, started).await
    }

    /// Requests are due at equal intervals, whatever the answers do; the time of an answer counts
    /// from when its request was due, so a request that had to wait is not hidden.
    pub(crate) async fn open(&self, rate: u32, time: Duration) -> Result<Outcome> {
        let (due, waiting) = mpsc::unbounded_channel();
        let waiting = Arc::new(Mutex::new(waiting));
        let started = Instant::now();
        let count = rate * u32::try_from(time.as_secs())?;
        // A thread of its own: the runtime's timer is as coarse as a millisecond.
        let clock = std::thread::spawn(move || {
            for number in 0..count {
                let at = started + Duration::from_secs(1) * number / rate;
                std::thread::sleep(at.saturating_duration_since(Instant::now()));
                if due.send((number as usize, at)).is_err() {
                    break;
                }
            }
        });
        let mut clients = JoinSet::new();
        for _ in 0..self.connections {
            let (questions, address) = (self.questions.clone(), self.address);
            let waiting = waiting.clone();
            clients.spawn(async move {
                let mut client = Client::new(address);
                loop {
                    let next = waiting.lock().await.recv().await;
                    let Some((number, at)) = next else { break Ok(client.outcome) };
                    client.ask(&questions[number % questions.len()], at).await?;
                }
            });
        }
        let outcome = gather(clients, started).await?;
        ensure!(clock.join().is_ok(), "the clock stopped");
        Ok(outcome)
    }

    /// The closed loop, in whose middle the service gets SIGTERM. Clients keep asking for `leave`
    /// as clients do until a load balancer has noticed, on new connections where the service
    /// asked for that, and are then gone. Also says how many answers came after the signal.
    pub(crate) async fn through_end(&self, pid: u32, leave: Duration) -> Result<(Outcome, u64)> {
        const BEFORE: Duration = Duration::from_secs(1);
        let started = Instant::now();
        let (signalled, after) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let mut clients = JoinSet::new();
        for number in 0..self.connections as usize {
            let (questions, address) = (self.questions.clone(), self.address);
            let (signalled, after) = (signalled.clone(), after.clone());
            clients.spawn(async move {
                let mut client = Client::new(address);
                for question in questions.iter().cycle().skip(number * 5) {
                    if started.elapsed() >= BEFORE + leave {
                        break;
                    }
                    if let Err(error) = client.ask(question, Instant::now()).await {
                        ensure!(signalled.load(Ordering::SeqCst), "before the signal: {error:#}");
                        client.outcome.refused += 1;
                        client.outcome.blame(format!("{error:#}"));
                        break;
                    }
                    if signalled.load(Ordering::SeqCst) {
                        after.fetch_add(1, Ordering::SeqCst);
                    }
                }
                Ok(client.outcome)
            });
        }
        tokio::time::sleep(BEFORE).await;
        signalled.store(true, Ordering::SeqCst);
        let pid = pid.to_string();
        let kill = std::process::Command::new("kill").args(["-TERM", &pid]).status();
        ensure!(kill.context("kill")?.success(), "process {pid} got no signal");
        let outcome = gather(clients, started).await?;
        Ok((outcome, after.load(Ordering::SeqCst)))
    }
}

async fn gather(mut clients: JoinSet<Result<Outcome>>, started: Instant) -> Result<Outcome> {
    let mut whole = Outcome::default();
    while let Some(client) = clients.join_next().await {
        whole.add(client??);
    }
    whole.elapsed = started.elapsed();
    Ok(whole)
}
