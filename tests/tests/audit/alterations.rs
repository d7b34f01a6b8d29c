//! What is done to an event log, one alteration at a time.

use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;

use cosmwasm_std::Event;
use modelbond_audit::Entry;
use modelbond_tests::random::Random;

/// One alteration of a log.
#[derive(Debug, Clone)]
pub(crate) struct Alteration {
    /// What was done, to which kind of event: for counting.
    pub(crate) kind: String,
    /// The log after it.
    pub(crate) log: Vec<Rc<Entry>>,
}

/// How often an alteration was made, and not seen.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    made: u64,
    unseen: BTreeMap<String, (u64, u64)>,
}

impl Tally {
    /// Counts one.
    pub(crate) fn count(&mut self, kind: &str, seen: bool) {
        self.made += 1;
        let counts = self.unseen.entry(kind.to_owned()).or_default();
        counts.0 += 1;
        counts.1 += u64::from(!seen);
    }

    /// Alterations made.
    pub(crate) fn made(&self) -> u64 {
        self.made
    }

    /// Kinds of which at least one was not seen and that no `excuse` is part of.
    pub(crate) fn missed(&self, excuses: &[&str]) -> Vec<String> {
        let missed = self.unseen.iter().filter(|(_, counts)| counts.1 > 0);
        let missed = missed.filter(|(kind, _)| !excuses.iter().any(|e| kind.contains(e)));
        missed.map(|(kind, (made, unseen))| format!("{kind}: {unseen} of {made}")).collect()
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} alterations of {} kinds", self.made, self.unseen.len())?;
        for (kind, (made, unseen)) in self.unseen.iter().filter(|(_, counts)| counts.1 > 0) {
            writeln!(f, "  not seen: {kind}: {unseen} of {made}")?;
        }
        Ok(())
    }
}

/// Name of an event's kind: its action, or its type.
fn name(event: &Event) -> String {
    match event.ty.strip_prefix("wasm-") {
        Some(kind) => kind.to_owned(),
        None => {
            let action = event.attributes.iter().find(|a| a.key == "action");
            format!("action {}", action.map_or("none", |a| a.value.as_str()))
        }
    }
}

/// A random alteration of what `contracts` said. `others` are addresses of other contracts.
pub(crate) fn alter(
    log: &[Rc<Entry>],
    contracts: &[String],
    others: &[String],
    random: &mut Random,
) -> Option<Alteration> {
    let at = random.below(log.len() as u128) as usize;
    if !contracts.contains(&log[at].contract) {
        return None;
    }
    let called = name(&log[at].event);
    let mut log = log.to_vec();
    let kind = match random.below(12) {
        0..=4 => {
            let index = random.below(log[at].event.attributes.len() as u128) as usize;
            let attribute = Rc::make_mut(&mut log[at]).event.attributes.get_mut(index)?;
            let (value, how) = changed(&attribute.value, others, random)?;
            attribute.value = value;
            format!("{called}.{} {how}", attribute.key)
        }
        5 => {
            let index = random.below(log[at].event.attributes.len() as u128) as usize;
            let attribute = log[at].event.attributes.get(index)?.key.clone();
            Rc::make_mut(&mut log[at]).event.attributes.remove(index);
            format!("{called}.{attribute} removed")
        }
        6 => {
            log.remove(at);
            format!("{called} removed")
        }
        7 => {
            log.insert(at, log[at].clone());
            format!("{called} twice")
        }
        8 => {
            let with = (at + 1) % log.len();
            if log[at] == log[with] {
                return None;
            }
            let kind = format!("{called} before {}", name(&log[with].event));
            log.swap(at, with);
            kind
        }
        9 => {
            let to = random.below(log.len() as u128) as usize;
            if to == at {
                return None;
            }
            let entry = log.remove(at);
            log.insert(to, entry);
            format!("{called} elsewhere")
        }
        10 => {
            let other = random.pick(others);
            if other == log[at].contract {
                return None;
            }
            Rc::make_mut(&mut log[at]).contract = other;
            format!("{called} of another contract")
        }
        _ => {
            let (first, last) = transaction(&log, at);
            let said: Vec<Rc<Entry>> = log.drain(first..last).collect();
            match random.below(3) {
                0 => format!("transaction of {called} removed"),
                1 => {
                    let twice: Vec<Rc<Entry>> = said.iter().chain(&said).cloned().collect();
                    log.splice(first..first, twice);
                    format!("transaction of {called} twice")
                }
                _ => {
                    let to = random.below(log.len() as u128 + 1) as usize;
                    if to == first {
                        return None;
                    }
                    log.splice(to..to, said);
                    format!("transaction of {called} elsewhere")
                }
            }
        }
    };
    Some(Alteration { kind, log })
}

/// First and one after the last entry of a transaction.
fn transaction(log: &[Rc<Entry>], at: usize) -> (usize, usize) {
    let place = |entry: &Entry| (entry.height, entry.tx);
    let same = |entry: &&Rc<Entry>| place(entry) == place(&log[at]);
    let before = log[..at].iter().rev().take_while(same).count();
    let after = log[at..].iter().take_while(same).count();
    (at - before, at + after)
}

/// Another value of the same form.
fn changed(value: &str, others: &[String], random: &mut Random) -> Option<(String, &'static str)> {
    if let Ok(number) = value.parse::<u128>() {
        let (number, how) = match random.below(4) {
            0 => (number.checked_add(1)?, "+ 1"),
            1 => (number.checked_sub(1)?, "- 1"),
            2 => (number.checked_mul(2).filter(|twice| *twice != number)?, "doubled"),
            _ => (Some(0).filter(|_| number != 0)?, "zeroed"),
        };
        return Some((number.to_string(), how));
    }
    if value.starts_with("wasm1") {
        let other = random.pick(others);
        return (other != value).then_some((other, "another"));
    }
    Some(match value {
        "true" => ("false".to_owned(), "turned"),
        "false" => ("true".to_owned(), "turned"),
        _ => (format!("{value}x"), "changed"),
    })
}
