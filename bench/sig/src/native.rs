//! Signatures per second on one core, beside libsecp256k1 called directly in the same run.
//!
//! In each round every case runs over a few samples right before or after its peer on the same, the
//! order changing from round to round; the ratio is that of the two times of a round, and what is
//! printed is the median over the rounds. Rounds are many and short, so that other work on the
//! machine falls into few of them. A ratio of 1 is the peer's own speed.
//!
//! | case | does | its peer |
//! |---|---|---|
//! | verify by key, Cosmos schemes | message → digest, 64 bytes → signature, key → point, verify | 64 bytes and key → libsecp256k1's types, verify of a known digest |
//! | verify by key, Ethereum schemes | message → digest, 65 bytes → signature, recover, compare keys: a wrong v is refused | the same peer |
//! | verify by address, Ethereum schemes | message → digest, 65 bytes → signature, recover, hash, compare | recovery from a known digest |
//! | verify by address, Cosmos schemes | message → digest, 64 bytes → signature, recover by one id or both, hash, compare | recovery by the same ids |
//! | recover | message → digest, signature → one key (Ethereum) or two (Cosmos) | recovery by the same ids |
//! | core | the same from a known digest and a parsed signature | the same peers |
//!
//! A message is bytes; one of typed data is the JSON document as serde read it, which is checked and
//! hashed. What reading its text adds is a line of its own.

use std::fmt::Write;
use std::hint::black_box;
use std::time::Instant;

use anyhow::{ensure, Context, Result};
use modelbond_signature::{
    recover, verify, Digest, Message, Native, Scheme, Signature, Signer, TypedData,
};
use secp256k1::ecdsa::{self, RecoverableSignature, RecoveryId};
use serde_json::{json, Value};

use crate::report::{quantile, sorted, Report};
use crate::samples::{samples, Sample, SignedMessage};

/// What verification should reach, of the speed of libsecp256k1.
const WANTED: f64 = 0.8;
/// Keys and messages of a case.
const SAMPLES: usize = 64;
/// Those of one round.
const AT_ONCE: usize = 8;
const BATCHES: usize = SAMPLES / AT_ONCE;

/// How long to measure.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Rounds; a hundred take 1 to 2 s.
    #[arg(long, default_value_t = 800, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    rounds: u32,
}

/// Does its work on a sample, and says whether the result is right.
type Work = fn(&Sample) -> bool;

struct Case {
    name: String,
    samples: usize,
    ours: Work,
    peer: Work,
    peer_name: &'static str,
    /// Verification of the whole path, for which a speed is wanted.
    is_target: bool,
    /// Nanoseconds a sample, of ours and of the peer, by round.
    times: Vec<(f64, f64)>,
}

/// Every case over every round.
pub(crate) fn measure(options: &Options) -> Result<Report> {
    let samples: Vec<Vec<Sample>> =
        Scheme::ALL.iter().map(|scheme| samples(*scheme, SAMPLES)).collect::<Result<_>>()?;
    let mut cases = cases();
    for round in 0..options.rounds {
        // By pass over all samples: each of them is measured in both orders.
        let ours_first = (round as usize / BATCHES).is_multiple_of(2);
        for case in &mut cases {
            let samples = &samples[case.samples];
            let batch = &samples[round as usize % BATCHES * AT_ONCE..][..AT_ONCE];
            let works = if ours_first { [case.ours, case.peer] } else { [case.peer, case.ours] };
            let mut times = [0.0; 2];
            // The first time brings the samples into the caches: they come from a parser otherwise.
            for _ in 0..2 {
                for (time, work) in times.iter_mut().zip(works) {
                    *time = pass(work, batch).with_context(|| case.name.clone())?;
                }
            }
            let [first, second] = times;
            case.times.push(if ours_first { (first, second) } else { (second, first) });
        }
    }
    Ok(report(options.rounds, &cases))
}

/// Nanoseconds a sample.
fn pass(work: Work, samples: &[Sample]) -> Result<f64> {
    samples.iter().for_each(Sample::renew);
    let started = Instant::now();
    let right = samples.iter().filter(|sample| work(black_box(sample))).count();
    let elapsed = started.elapsed();
    ensure!(right == samples.len(), "{right} of {} are right", samples.len());
    Ok(elapsed.as_nanos() as f64 / samples.len() as f64)
}

fn cases() -> Vec<Case> {
    const VERIFY: &str = "verify";
    const RECOVER: &str = "recover";
    const SEARCH: &str = "recover by one id or both";
    const BOTH: &str = "recover by both ids";
    let mut cases = Vec::new();
    let mut add = |name: String, samples, ours, (peer, peer_name), is_target| {
        cases.push(Case { name, samples, ours, peer, peer_name, is_target, times: Vec::new() });
    };
    let raw_verify: (Work, _) = (raw_verify, VERIFY);
    let raw_recover: (Work, _) = (raw_recover, RECOVER);
    let raw_search: (Work, _) = (raw_search, SEARCH);
    let raw_both: (Work, _) = (raw_both, BOTH);
    for (index, scheme) in Scheme::ALL.into_iter().enumerate() {
        let is_eth = matches!(scheme, Scheme::Eip191 | Scheme::Eip712);
        let by_address = if is_eth { raw_recover } else { raw_search };
        add(format!("verify {scheme} by key"), index, |s| verifies(s, &s.by_key), raw_verify, true);
        let ours: Work = |s| verifies(s, &s.by_address);
        add(format!("verify {scheme} by address"), index, ours, by_address, true);
        let recovered = if is_eth { raw_recover } else { raw_both };
        add(format!("recover {scheme}"), index, recovers, recovered, false);
    }
    let (eip191, eip712, direct) = (0, 1, 3);
    let name = "verify eip712 by address, from JSON".to_owned();
    add(name, eip712, verifies_json, raw_recover, false);
    let core: Work = |s| core_verifies(s, &s.by_key);
    add("core: verify 64 bytes by key".to_owned(), direct, core, raw_verify, false);
    let core: Work = |s| core_verifies(s, &s.by_address);
    add("core: verify 65 bytes by address".to_owned(), eip191, core, raw_recover, false);
    add("core: recover 65 bytes".to_owned(), eip191, core_recovers, raw_recover, false);
    cases
}

/// The digest of a message, from what arrives.
fn digest(message: &SignedMessage) -> Option<Digest> {
    Some(match message {
        SignedMessage::Eip191(text) => Message::Eip191(text.as_bytes()).digest(),
        SignedMessage::Eip712(_, copy) => {
            Message::Eip712(&TypedData::new(copy.take()?).ok()?).digest()
        }
        SignedMessage::Adr036(signer, text) => {
            Message::Adr036 { signer, data: text.as_bytes() }.digest()
        }
        SignedMessage::Direct(sign_doc) => Message::Direct(sign_doc).digest(),
    })
}

fn verifies(sample: &Sample, signer: &Signer) -> bool {
    let Some(digest) = digest(&sample.message) else { return false };
    let Ok(signature) = sample.scheme.read_signature(&sample.signature) else { return false };
    verify(&Native, &digest, &signature, signer) == Ok(sample.key)
}

/// The same, from the JSON of typed data.
fn verifies_json(sample: &Sample) -> bool {
    let Ok(document) = serde_json::from_str(&sample.json) else { return false };
    let Ok(typed_data) = TypedData::new(document) else { return false };
    let Ok(signature) = sample.scheme.read_signature(&sample.signature) else { return false };
    let digest = Message::Eip712(&typed_data).digest();
    verify(&Native, &digest, &signature, &sample.by_address) == Ok(sample.key)
}

fn recovers(sample: &Sample) -> bool {
    let Some(digest) = digest(&sample.message) else { return false };
    let Ok(signature) = sample.scheme.read_signature(&sample.signature) else { return false };
    finds(sample, &digest, &signature)
}

fn core_verifies(sample: &Sample, signer: &Signer) -> bool {
    verify(&Native, &sample.digest, &sample.parsed, signer) == Ok(sample.key)
}

fn core_recovers(sample: &Sample) -> bool {
    finds(sample, &sample.digest, &sample.parsed)
}

fn finds(sample: &Sample, digest: &Digest, signature: &Signature) -> bool {
    let keys = recover(&Native, digest, signature).unwrap_or_default();
    keys.iter().any(|(_, key)| *key == sample.key)
}

/// libsecp256k1: 64 bytes and the key's 33 into its types, and its verification.
fn raw_verify(sample: &Sample) -> bool {
    let Ok(signature) = ecdsa::Signature::from_compact(&sample.signature[..64]) else {
        return false;
    };
    let Ok(key) = secp256k1::PublicKey::from_slice(&sample.compressed) else { return false };
    signature.verify(raw_message(sample), &key).is_ok()
}

/// libsecp256k1: 64 bytes and the id into its types, and its recovery.
fn raw_recover(sample: &Sample) -> bool {
    raw_key(sample, sample.recovery_id) == Some(sample.raw_key)
}

fn raw_search(sample: &Sample) -> bool {
    [0, 1].into_iter().any(|id| raw_key(sample, id) == Some(sample.raw_key))
}

fn raw_both(sample: &Sample) -> bool {
    let keys = [0, 1].map(|id| raw_key(sample, id));
    keys.contains(&Some(sample.raw_key))
}

fn raw_key(sample: &Sample, id: u8) -> Option<secp256k1::PublicKey> {
    let id = RecoveryId::from_u8_masked(id);
    let signature = RecoverableSignature::from_compact(&sample.signature[..64], id).ok()?;
    signature.recover(raw_message(sample)).ok()
}

fn raw_message(sample: &Sample) -> secp256k1::Message {
    secp256k1::Message::from_digest(*sample.digest.as_bytes())
}

fn report(rounds: u32, cases: &[Case]) -> Report {
    let mut table = format!(
        "{:<34} {:>8} {:>8} {:>6} {:>13}  peer: libsecp256k1, known digest\n",
        "on one core", "per s", "peer", "ratio", "5-95 %"
    );
    let mut figures = Vec::new();
    let mut report = Report::default();
    let mut slowest: Option<(f64, &str)> = None;
    for case in cases {
        let ratios = sorted(case.times.iter().map(|(ours, peer)| peer / ours).collect());
        let rate = |times: Vec<f64>| 1e9 / quantile(&sorted(times), 0.5);
        let ours = rate(case.times.iter().map(|times| times.0).collect());
        let peer = rate(case.times.iter().map(|times| times.1).collect());
        let [low, ratio, high] = [0.05, 0.5, 0.95].map(|share| quantile(&ratios, share));
        let _ = writeln!(
            table,
            "{:<34} {ours:>8.0} {peer:>8.0} {ratio:>6.3} {low:>6.3}-{high:.3}  {}",
            case.name, case.peer_name
        );
        figures.push(json!({
            "case": case.name, "per_second": ours.round(), "peer": case.peer_name,
            "peer_per_second": peer.round(), "ratio": rounded(ratio), "ratio_5": rounded(low),
            "ratio_95": rounded(high),
        }));
        if case.is_target && slowest.is_none_or(|(least, _)| ratio < least) {
            slowest = Some((ratio, &case.name));
        }
    }
    let figures = json!({"rounds": rounds, "samples": SAMPLES, "cases": figures});
    report.section("native", table, figures);
    if let Some((ratio, name)) = slowest {
        report.at_least(&format!("{name} (the slowest) / libsecp256k1"), WANTED, ratio);
    }
    report
}

fn rounded(ratio: f64) -> Value {
    json!((ratio * 1e3).round() / 1e3)
}
