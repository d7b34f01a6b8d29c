//! A running `modelbond serve` under load over loopback: how many signatures it verifies a second,
//! how long one takes at a given rate, and whether a request is lost when it is ended.
//!
//! Client and server share the machine, so its cores serve both. Every answer is checked: status
//! 200 and the right verdict. Nothing but this machine is ever asked, for a bounded time.

mod http;
mod load;
mod questions;

use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{bail, ensure, Context, Result};
use serde_json::json;

use crate::report::{quantile, sorted, Report};
use load::{Load, Outcome};

/// Verifications a second that two cores must do, the load's own work included.
const LEAST_PER_SECOND: f64 = 3_000.0;
/// What 99 of 100 requests must be answered within.
const MOST_P99_MS: f64 = 20.0;

/// Where the service is and how much is asked.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// The service: http://127.0.0.1:PORT.
    #[arg(long)]
    url: String,
    /// Its process, which gets SIGTERM in the middle of the last load.
    #[arg(long, value_parser = clap::value_parser!(u32).range(2..))]
    pid: u32,
    /// Connections.
    #[arg(long, default_value_t = 32, value_parser = clap::value_parser!(u32).range(1..=256))]
    connections: u32,
    /// Seconds of each load.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=60))]
    seconds: u32,
    /// Requests a second of the open loop.
    #[arg(long, default_value_t = 500, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    rate: u32,
    /// Milliseconds after SIGTERM for which clients still send: less than the service's drain time.
    #[arg(long, default_value_t = 500, value_parser = clap::value_parser!(u32).range(0..=60_000))]
    leave_ms: u32,
}

/// The three loads.
pub(crate) fn measure(options: &Options) -> Result<Report> {
    let address = loopback(&options.url)?;
    let load = Load {
        address,
        questions: Arc::new(questions::questions(address)?),
        connections: options.connections,
    };
    let seconds = Duration::from_secs(options.seconds.into());
    let leave = Duration::from_millis(options.leave_ms.into());
    let runtime = tokio::runtime::Runtime::new().context("no runtime")?;
    runtime.block_on(async {
        let closed = load.closed(seconds).await?;
        let open = load.open(options.rate, seconds).await?;
        let (end, after_signal) = load.through_end(options.pid, leave).await?;
        report(options, [closed, open, end], after_signal)
    })
}

/// The address of a URL of this machine.
fn loopback(url: &str) -> Result<SocketAddr> {
    let authority = url.strip_prefix("http://").context("--url begins with http://")?;
    let authority = authority.strip_suffix('/').unwrap_or(authority);
    let host = authority.rsplit_once(':').map(|(host, _)| host);
    if !matches!(host, Some("127.0.0.1" | "localhost")) {
        bail!("only http://127.0.0.1:PORT and http://localhost:PORT are put under load, not {url}");
    }
    let mut addresses =
        authority.to_socket_addrs().with_context(|| format!("cannot read {url}"))?;
    let address = addresses.find(|address| address.ip().is_loopback() && address.is_ipv4());
    address.with_context(|| format!("{url} is not on this machine"))
}

fn report(options: &Options, outcomes: [Outcome; 3], after_signal: u64) -> Result<Report> {
    let [closed, open, end] = outcomes;
    for (name, outcome) in [("closed loop", &closed), ("open loop", &open), ("shutdown", &end)] {
        ensure!(
            outcome.wrong == 0,
            "{} wrong answers in the {name}: {}",
            outcome.wrong,
            outcome.why
        );
    }
    let unanswered = closed.lost + open.lost;
    ensure!(
        unanswered == 0,
        "{unanswered} requests unanswered before the end: {}{}",
        closed.why,
        open.why
    );
    let (wanted, connections) = (options.rate, options.connections);
    let asked = open.sent;
    let [closed_rate, open_rate] =
        [&closed, &open].map(|outcome| outcome.answered as f64 / outcome.elapsed.as_secs_f64());
    let latencies = |outcome: Outcome| {
        let sorted = sorted(outcome.latencies);
        [0.5, 0.99, 1.0].map(|share| quantile(&sorted, share))
    };
    let Outcome { sent, answered, lost, refused, why, .. } = end;
    let (c, o) = (latencies(closed), latencies(open));
    let mut table = format!(
        "{:<44} {:>8} {:>8} {:>8} {:>8}\n",
        "POST /v1/signatures/verify, four schemes", "per s", "p50 ms", "p99 ms", "max ms"
    );
    let rows = [
        (format!("closed loop, {connections} connections"), closed_rate, c),
        (format!("open loop, {wanted} a second, from the due time"), open_rate, o),
    ];
    for (name, rate, [median, high, longest]) in rows {
        table += &format!("{name:<44} {rate:>8.0} {median:>8.2} {high:>8.2} {longest:>8.2}\n");
    }
    table += &format!(
        "SIGTERM under load: {sent} requests sent, {answered} answered ({after_signal} after the \
         signal), {lost} lost; {refused} clients refused\n"
    );
    if !why.is_empty() {
        table += &format!("  the first: {why}\n");
    }
    let times = |[median, high, longest]: [f64; 3]| json!({"p50_ms": median, "p99_ms": high, "max_ms": longest});
    let figures = json!({
        "connections": connections,
        "closed_loop": {"per_second": closed_rate.round(), "latency": times(c)},
        "open_loop": {"rate": wanted, "requests": asked, "per_second": open_rate, "latency": times(o)},
        "shutdown": {
            "sent": sent, "answered": answered, "after_signal": after_signal, "lost": lost,
            "refused": refused,
        },
    });
    let mut report = Report::default();
    report.section("service", table, figures);
    report.at_least("requests a second, closed loop", LEAST_PER_SECOND, closed_rate);
    report.at_most(&format!("p99 at {wanted} a second, ms"), MOST_P99_MS, o[1]);
    report.none("requests lost at SIGTERM", lost);
    report.none("clients refused while the service drains", refused);
    ensure!(after_signal > 0, "no answer after the signal: {why}");
    Ok(report)
}

#[cfg(test)]
mod tests {
    use super::loopback;

    #[test]
    fn another_machine_is_never_put_under_load() {
        for url in [
            "http://example.com:80",
            "http://10.0.0.1:80",
            "https://127.0.0.1:80",
            "http://127.0.0.1.example.com:80",
            "http://127.0.0.1@example.com:80",
            "http://0.0.0.0:80",
            "http://127.0.0.1",
            "http://127.0.0.1:80/path",
        ] {
            assert!(loopback(url).is_err(), "{url}");
        }
        for url in ["http://127.0.0.1:80", "http://localhost:80/"] {
            assert_eq!(loopback(url).unwrap().to_string(), "127.0.0.1:80");
        }
    }
}
