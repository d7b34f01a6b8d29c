//! Names of phases, stages, seats and verdicts, as messages spell them.

use cosmwasm_std::Addr;
use modelbond_interface::training::{Group, SeatId, Stage, Verdict, Verified};
use serde::Serialize;

use crate::network::NetworkFile;

/// A variant without fields in snake case, such as `check_commit`.
pub fn of(variant: impl Serialize) -> String {
    match serde_json::to_value(variant) {
        Ok(serde_json::Value::String(name)) => name,
        Ok(serde_json::Value::Object(fields)) => fields.keys().next().cloned().unwrap_or_default(),
        _ => String::new(),
    }
}

/// A seat as the command line takes it: `work:0:1`.
pub fn seat(seat: SeatId) -> String {
    format!("{}:{}:{}", of(seat.stage), seat.group, seat.slot)
}

/// Reads a seat.
pub fn parse_seat(text: &str) -> Result<SeatId, String> {
    let stages = || Stage::ALL.map(of).join(", ");
    let wrong = || format!("a seat is STAGE:GROUP:SLOT, such as work:0:1; stages are {}", stages());
    let mut parts = text.split(':');
    let (Some(stage), Some(group), Some(slot), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(wrong());
    };
    let stage = Stage::ALL.into_iter().find(|known| of(known) == stage).ok_or_else(wrong)?;
    let number = |text: &str| text.parse().map_err(|_| wrong());
    Ok(SeatId { stage, group: number(group)?, slot: number(slot)? })
}

/// A group's verdict, with how it was verified.
pub fn verdict(group: &Group) -> String {
    match &group.verdict {
        Verdict::Accepted { by } => {
            let by = match by {
                Verified::None => "nobody: no other node",
                Verified::Witnesses => "its witnesses",
                Verified::Audit => "an audit",
                Verified::AuditMissed => "its witnesses; the audit was missed",
                Verified::Jury => "a jury",
            };
            format!("accepted by {by}")
        }
        verdict => of(verdict),
    }
}

/// The symbol under which a market is recorded; else a short form of its address.
pub fn model(network: &NetworkFile, address: &Addr) -> String {
    let recorded = network.markets.iter().find(|(_, market)| market.address == address.as_str());
    recorded.map_or_else(|| short(address.as_str()), |(symbol, _)| symbol.clone())
}

/// The first and last characters of something long.
pub fn short(text: &str) -> String {
    let count = text.chars().count();
    if count <= 18 {
        return text.to_owned();
    }
    let head: String = text.chars().take(10).collect();
    let tail: String = text.chars().skip(count - 6).collect();
    format!("{head}…{tail}")
}

#[cfg(test)]
mod tests {
    use modelbond_interface::training::{Phase, RunStatus};
    use rstest::rstest;

    use super::*;

    #[test]
    fn names_are_those_of_the_messages() {
        assert_eq!(of(Phase::CheckCommit), "check_commit");
        assert_eq!(of(RunStatus::Open {}), "open");
        assert_eq!(of(Stage::SecondCommittee), "second_committee");
    }

    #[rstest]
    #[case("work:0:1", Some((Stage::Work, 0, 1)))]
    #[case("third_committee:0:20", Some((Stage::ThirdCommittee, 0, 20)))]
    #[case("work:0", None)]
    #[case("work:0:1:2", None)]
    #[case("labour:0:1", None)]
    #[case("work:256:1", None)]
    fn a_seat_is_read_as_it_is_written(
        #[case] text: &str,
        #[case] expected: Option<(Stage, u8, u8)>,
    ) {
        let read = parse_seat(text);
        let expected = expected.map(|(stage, group, slot)| SeatId { stage, group, slot });
        assert_eq!(read.clone().ok(), expected, "{read:?}");
        if let Ok(id) = read {
            assert_eq!(seat(id), text);
        }
    }

    #[test]
    fn long_names_are_shortened() {
        assert_eq!(short("wasm1short"), "wasm1short");
        assert_eq!(short("wasm1qqqqqqqqqqqqqqqqqqqqqzzzzzz"), "wasm1qqqqq…zzzzzz");
    }
}
