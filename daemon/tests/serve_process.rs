//! The service as people run it: the real program, real connections, real signals.

mod binary;

use std::fs;
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use binary::Binary;
use rstest::rstest;
use serde_json::Value;
use tempfile::TempDir;

/// A running service; killed if a test leaves it behind.
struct Service {
    child: Child,
    stdout: BufReader<ChildStdout>,
    address: SocketAddr,
}

impl Service {
    fn start(home: &Path, arguments: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_modelbond"));
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("MODELBOND_") {
                command.env_remove(name);
            }
        }
        let mut child = command
            .args(["serve", "--json", "--listen", "127.0.0.1:0"])
            .args(if arguments.contains(&"--log") { &[][..] } else { &["--log", "warn"] })
            .args(arguments)
            .env("MODELBOND_HOME", home)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let said: Value = serde_json::from_str(&line).unwrap();
        let address = said["listening"].as_str().unwrap().strip_prefix("http://").unwrap();
        Self { child, stdout, address: address.parse().unwrap() }
    }

    fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-s", name, &id]).status().unwrap().success());
    }

    /// Exit code, the rest of standard output, and standard error.
    fn wait(mut self) -> (Option<i32>, String, String) {
        let code = self.child.wait().unwrap().code();
        let (mut stdout, mut stderr) = (String::new(), String::new());
        self.stdout.read_to_string(&mut stdout).unwrap();
        self.child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        (code, stdout, stderr)
    }

    fn connect(&self) -> Connection {
        Connection::to(self.address).unwrap()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A connection that sends one request after the other.
struct Connection {
    stream: BufReader<TcpStream>,
}

#[derive(Debug)]
struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Answer {
    fn closes(&self) -> bool {
        self.head.contains("connection: close")
    }
}

impl Connection {
    fn to(address: SocketAddr) -> std::io::Result<Self> {
        Ok(Self { stream: BufReader::new(TcpStream::connect(address)?) })
    }

    fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.stream.get_mut().write_all(bytes.as_ref()).unwrap();
    }

    /// A whole answer; none if the connection ended before its first byte.
    fn receive(&mut self) -> Option<Answer> {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if self.stream.read_line(&mut head).unwrap() == 0 {
                assert_eq!(head, "", "half an answer");
                return None;
            }
        }
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
        self.stream.read_exact(&mut body).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Some(Answer { status, head, body: String::from_utf8(body).unwrap() })
    }

    fn get(&mut self, path: &str) -> Answer {
        self.send(format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n"));
        self.receive().unwrap()
    }

    fn is_ended(&mut self) -> bool {
        matches!(self.stream.read(&mut [0]), Ok(0))
    }
}

fn verification() -> String {
    let examples = modelbond::serve::examples::of("/v1/signatures/verify");
    let body = examples[0].request.to_string();
    format!(
        "POST /v1/signatures/verify HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    )
}

#[test]
fn a_signal_in_the_middle_of_load_loses_no_request() {
    const CONNECTIONS: usize = 8;
    const AFTER: usize = 15;
    let home = TempDir::new().unwrap();
    let service = Service::start(home.path(), &["--rate-limit", "0"]);
    let (sent, answered) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let (signalled, seen_draining) = (AtomicBool::new(false), AtomicBool::new(false));
    let request = verification();
    std::thread::scope(|scope| {
        for _ in 0..CONNECTIONS {
            scope.spawn(|| {
                let mut connection = service.connect();
                let mut after = 0;
                // New connections are served too while it drains.
                while after < AFTER {
                    sent.fetch_add(1, Ordering::SeqCst);
                    connection.send(&request);
                    let answer = connection.receive().expect("every request is answered");
                    assert_eq!(answer.status, 200);
                    assert!(answer.body.starts_with("{\"valid\":true"), "{answer:?}");
                    answered.fetch_add(1, Ordering::SeqCst);
                    if answer.closes() {
                        seen_draining.store(true, Ordering::SeqCst);
                        after += 1;
                        assert!(connection.is_ended());
                        match Connection::to(service.address) {
                            Ok(next) => connection = next,
                            Err(_) => return,
                        }
                    }
                }
            });
        }
        scope.spawn(|| {
            while answered.load(Ordering::SeqCst) < 20 * CONNECTIONS {
                std::thread::yield_now();
            }
            service.signal("TERM");
            signalled.store(true, Ordering::SeqCst);
        });
    });
    assert!(signalled.load(Ordering::SeqCst) && seen_draining.load(Ordering::SeqCst));
    assert_eq!(sent.load(Ordering::SeqCst), answered.load(Ordering::SeqCst));
    assert_eq!(service.wait(), (Some(0), String::new(), String::new()));
}

#[test]
fn what_was_begun_before_the_end_is_answered_after_it() {
    let home = TempDir::new().unwrap();
    let service = Service::start(home.path(), &["--drain-ms", "0"]);
    let request = verification();
    let (first, rest) = request.split_at(request.len() - 10);
    let mut in_body = service.connect();
    in_body.send(first);
    let mut in_head = service.connect();
    in_head.send(&request[..20]);
    let mut idle = service.connect();
    assert_eq!(idle.get("/health").status, 200);
    // Both beginnings have arrived once a later connection was answered.
    assert_eq!(service.connect().get("/health").status, 200);
    service.signal("TERM");
    assert!(idle.is_ended(), "a connection with nothing to answer ends");
    in_body.send(rest);
    in_head.send(&request[20..]);
    for mut connection in [in_body, in_head] {
        let answer = connection.receive().unwrap();
        assert_eq!((answer.status, answer.closes()), (200, true), "{answer:?}");
        assert!(connection.is_ended());
    }
    assert_eq!(service.wait(), (Some(0), String::new(), String::new()));
}

#[rstest]
#[case::interrupt("INT")]
#[case::terminate("TERM")]
fn a_second_signal_ends_it_at_once(#[case] second: &str) {
    let home = TempDir::new().unwrap();
    let service = Service::start(home.path(), &["--drain-ms", "3600000"]);
    let mut connection = service.connect();
    service.signal("TERM");
    loop {
        let answer = connection.get("/health");
        if answer.status == 503 {
            assert!(answer.body.contains("draining") && answer.closes());
            break;
        }
        // The end began between an answer and its head.
        if answer.closes() {
            connection = service.connect();
        }
    }
    service.signal(second);
    let (code, stdout, stderr) = service.wait();
    assert_eq!((code, stdout.as_str()), (Some(1), ""));
    assert!(stderr.contains("stopped at once"), "{stderr}");
}

#[test]
fn a_head_that_does_not_end_is_cut_off_and_a_body_that_does_not_end_is_408() {
    let home = TempDir::new().unwrap();
    let text = "[serve]\nheader_timeout_ms = 50\nrequest_timeout_ms = 60\nchain_timeout_ms = 10\n";
    fs::write(home.path().join("config.toml"), text).unwrap();
    let service = Service::start(home.path(), &["--drain-ms", "0"]);
    let request = verification();
    let mut silent = service.connect();
    let mut in_head = service.connect();
    in_head.send(&request[..20]);
    let mut in_body = service.connect();
    in_body.send(&request[..request.len() - 1]);
    assert!(in_head.is_ended() && silent.is_ended());
    let answer = in_body.receive().unwrap();
    assert_eq!(answer.status, 408);
    assert!(answer.body.contains("\"code\":\"timeout\""), "{answer:?}");
    service.signal("TERM");
    assert_eq!(service.wait().0, Some(0));
}

#[test]
fn a_body_without_a_length_is_cut_off_at_the_limit_and_still_answered() {
    let home = TempDir::new().unwrap();
    let service = Service::start(home.path(), &["--body-limit", "1000", "--drain-ms", "0"]);
    let mut connection = service.connect();
    connection.send(
        "POST /v1/signatures/verify HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
         transfer-encoding: chunked\r\n\r\n",
    );
    for _ in 0..3 {
        connection.send(format!("200\r\n{}\r\n", " ".repeat(0x200)));
    }
    assert_eq!(connection.receive().unwrap().status, 413);
    service.signal("TERM");
    assert_eq!(service.wait().0, Some(0));
}

#[test]
fn more_connections_than_allowed_wait_for_their_turn() {
    let home = TempDir::new().unwrap();
    let service = Service::start(home.path(), &["--max-connections", "2", "--drain-ms", "0"]);
    let mut first = service.connect();
    let mut second = service.connect();
    for connection in [&mut first, &mut second] {
        assert_eq!(connection.get("/health").status, 200);
    }
    let mut third = service.connect();
    third.send("GET /metrics HTTP/1.1\r\nhost: x\r\n\r\n");
    let metrics = first.get("/metrics").body;
    assert!(metrics.contains("modelbond_http_connections 2"), "{metrics}");
    drop(first);
    assert_eq!(third.receive().unwrap().status, 200);
    service.signal("TERM");
    assert_eq!(service.wait().0, Some(0));
}

#[test]
fn a_client_that_never_reads_its_answers_is_cut_off() {
    let home = TempDir::new().unwrap();
    fs::write(home.path().join("config.toml"), "[serve]\nwrite_timeout_ms = 50\n").unwrap();
    let arguments = ["--rate-limit", "0", "--max-connections", "1", "--drain-ms", "0"];
    let service = Service::start(home.path(), &arguments);
    let mut greedy = service.connect();
    let stream = greedy.stream.get_mut();
    // Never reached; so that a service which waits for ever fails here.
    stream.set_write_timeout(Some(std::time::Duration::from_secs(60))).unwrap();
    let request = "GET /openapi.json HTTP/1.1\r\nhost: x\r\n\r\n".repeat(100);
    let kind = loop {
        if let Err(error) = stream.write_all(request.as_bytes()) {
            break error.kind();
        }
    };
    assert!(matches!(kind, ErrorKind::ConnectionReset | ErrorKind::BrokenPipe), "{kind:?}");
    assert_eq!(service.connect().get("/health").status, 200, "its place is free");
    service.signal("TERM");
    assert_eq!(service.wait(), (Some(0), String::new(), String::new()));
}

#[test]
fn more_connections_of_one_client_than_its_share_are_closed_at_once() {
    let home = TempDir::new().unwrap();
    fs::write(home.path().join("config.toml"), "[serve]\nmax_connections_per_client = 2\n")
        .unwrap();
    let service = Service::start(home.path(), &["--drain-ms", "0"]);
    let mut first = service.connect();
    let mut second = service.connect();
    for connection in [&mut first, &mut second] {
        assert_eq!(connection.get("/health").status, 200);
    }
    assert!(service.connect().is_ended() && service.connect().is_ended());
    let metrics = second.get("/metrics").body;
    assert!(
        metrics.contains("modelbond_http_rejected_total{limit=\"connections\"} 2"),
        "{metrics}"
    );
    drop(first);
    while !second.get("/metrics").body.contains("modelbond_http_connections 1\n") {}
    assert_eq!(service.connect().get("/health").status, 200);
    service.signal("TERM");
    assert_eq!(service.wait().0, Some(0));
}

#[test]
fn the_rate_is_limited_by_client() {
    let home = TempDir::new().unwrap();
    let service =
        Service::start(home.path(), &["--rate-limit", "1", "--rate-burst", "3", "--drain-ms", "0"]);
    let statuses: Vec<u16> =
        (0..4).map(|_| service.connect().get("/openapi.json").status).collect();
    assert_eq!(statuses, [200, 200, 200, 429]);
    service.signal("TERM");
    assert_eq!(service.wait().0, Some(0));
}

/// Anything that opened the keystore would fail: it is open to all, its only key is garbage, the
/// key that signs is missing.
#[test]
fn no_key_is_ever_opened() {
    let home = TempDir::new().unwrap();
    let keys = home.path().join("keys");
    fs::create_dir(&keys).unwrap();
    fs::set_permissions(&keys, fs::Permissions::from_mode(0o777)).unwrap();
    // Whoever reads it waits for ever.
    assert!(Command::new("mkfifo").arg(keys.join("alice.json")).status().unwrap().success());
    fs::write(home.path().join("config.toml"), "from = \"alice\"\npassphrase_file = \"none\"\n")
        .unwrap();
    let service = Service::start(home.path(), &["--drain-ms", "0"]);
    let mut connection = service.connect();
    connection.send(verification());
    assert_eq!(connection.receive().unwrap().status, 200);
    let address = "0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826";
    let answer = connection.get(&format!("/v1/identities/{address}"));
    assert_eq!(answer.status, 503);
    assert!(answer.body.contains("no_bridge"), "{answer:?}");
    let open = fs::read_dir(format!("/proc/{}/fd", service.child.id())).unwrap();
    let open: Vec<_> = open.filter_map(|entry| fs::read_link(entry.ok()?.path()).ok()).collect();
    assert!(!open.is_empty() && open.iter().all(|path| !path.starts_with(&keys)), "{open:?}");
    service.signal("TERM");
    assert_eq!(service.wait(), (Some(0), String::new(), String::new()));
}

#[test]
fn the_log_has_a_line_with_every_request() {
    let home = TempDir::new().unwrap();
    let log = ["--log", "info", "--log-format", "json", "--drain-ms", "0"];
    let service = Service::start(home.path(), &log);
    let mut connection = service.connect();
    connection.send("GET /nowhere HTTP/1.1\r\nhost: x\r\nx-request-id: other\r\n\r\n");
    connection.receive().unwrap();
    service.signal("TERM");
    let (code, _, stderr) = service.wait();
    assert_eq!(code, Some(0));
    let lines: Vec<Value> = stderr.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let line = lines.iter().find(|line| line["span"]["id"] == "other").unwrap();
    assert_eq!(
        (&line["message"], &line["method"], &line["route"], &line["status"], &line["client"]),
        (&"answered".into(), &"GET".into(), &"unmatched".into(), &404.into(), &"127.0.0.1".into())
    );
    assert!(line["latency_us"].is_u64(), "{line}");
}

#[test]
fn a_port_that_is_taken_is_named() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let run = Binary::new().run(["serve", "--json", "--listen", &address]);
    assert_eq!((run.code, run.stdout.as_str()), (1, ""));
    let error = run.json_error();
    assert!(error["error"].as_str().unwrap().contains(&address), "{error}");
    assert!(error["hint"].as_str().unwrap().contains("127.0.0.1:0"), "{error}");
}

#[rstest]
#[case::filter("log = \"modelbond=loud\"", "serve.log")]
#[case::connections("max_connections = 0", "serve.max_connections is 0")]
#[case::header("header_timeout_ms = 9223372036854775807", "serve.header_timeout_ms is above")]
#[case::burst("rate_burst = 0", "serve.rate_burst is 0")]
#[case::chain("chain_timeout_ms = 10000", "serve.chain_timeout_ms (10000) is not below")]
#[case::unknown("listn = \"x\"", "serve.listn is not a setting")]
#[case::type_of("rate_limit = \"many\"", "serve.rate_limit")]
fn settings_that_make_no_sense_are_usage_errors(#[case] text: &str, #[case] what: &str) {
    let binary = Binary::new();
    fs::write(binary.home().join("config.toml"), format!("[serve]\n{text}\n")).unwrap();
    let run = binary.run(["serve", "--json", "--listen", "127.0.0.1:0"]);
    assert_eq!(run.code, 2, "{run:?}");
    let error = run.json_error();
    assert!(error["error"].as_str().unwrap().contains(what), "{error}");
    assert!(error["hint"].is_string(), "{error}");
}

#[test]
fn settings_of_the_service_are_shown_with_their_origin() {
    let binary = Binary::new()
        .env("MODELBOND_SERVE_RATE_BURST", "7")
        .env("MODELBOND_SERVE_LISTEN", "127.0.0.1:1");
    let file = binary.home().join("config.toml");
    fs::write(&file, "[serve]\nrate_limit = 3\nrate_burst = 4\n").unwrap();
    let shown = binary.run(["config", "show", "--json"]).json();
    let setting = |key: &str| {
        let found = shown["settings"].as_array().unwrap().iter().find(|s| s["key"] == key).unwrap();
        (found["value"].clone(), found["origin"].as_str().unwrap().to_owned())
    };
    assert_eq!(setting("serve.rate_limit"), (3.into(), format!("file {}", file.display())));
    assert_eq!(
        setting("serve.rate_burst"),
        (7.into(), "environment MODELBOND_SERVE_RATE_BURST".into())
    );
    assert_eq!(setting("serve.listen").0, "127.0.0.1:1");
    assert_eq!(setting("serve.body_limit"), (65536.into(), "default".into()));
    assert_eq!(setting("serve.log_format"), ("text".into(), "default".into()));
}
