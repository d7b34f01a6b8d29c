//! What a round owes a node, and to whoever moved it on.

use anyhow::Result;
use modelbond_client::ClientError;
use modelbond_interface::training::{
    ClaimableResponse, Due, Group, QueryMsg, Round, SeatInfo, Stage,
};

use super::contract::{explain, Training, TRAINING};
use super::name;

/// Something that is owed.
#[derive(Debug, Clone, PartialEq)]
pub struct Owed {
    /// For what.
    pub due: Due,
    /// How much, and to whom.
    pub answer: ClaimableResponse,
}

/// Everything that a round may owe to a node in these seats, whose owner challenged, led or moved it
/// on. Whether it does, training says.
pub fn candidates(
    round: &Round,
    (seats, groups): (&[SeatInfo], &[Group]),
    (node_id, owner): (u64, &str),
) -> Vec<Due> {
    let mut dues = Vec::new();
    for seat in seats {
        if seat.id.stage == Stage::Work && seat.id.slot == 0 {
            dues.push(Due::Contribution { group: seat.id.group });
        }
        // A trainer's seat too: it is paid for where the group found no data.
        dues.push(Due::Seat(seat.id));
    }
    let leader = round.lead.leaders.get(usize::from(round.lead.attempt));
    if leader.is_some_and(|leader| leader.node_id == node_id) {
        dues.push(Due::Lead {});
    }
    let challenged = groups.iter().filter(|group| {
        group.challenge.as_ref().is_some_and(|challenge| challenge.by.as_str() == owner)
    });
    dues.extend(challenged.map(|group| Due::Challenge { group: group.group }));
    dues.push(Due::Advances {});
    dues
}

/// As people read it.
pub fn describe(due: Due) -> String {
    match due {
        Due::Contribution { group } => format!("contribution of group {group}"),
        Due::Seat(id) => format!("seat {}", name::seat(id)),
        Due::Lead {} => "lead".to_owned(),
        Due::Advances {} => "advances".to_owned(),
        Due::Challenge { group } => format!("challenge of group {group}"),
    }
}

/// Reads what is written as `contribution:0`, `seat:work:0:1`, `lead`, `advances` or `challenge:0`.
pub fn parse_due(text: &str) -> Result<Due, String> {
    let wrong = || {
        "write contribution:GROUP, seat:STAGE:GROUP:SLOT, lead, advances or challenge:GROUP"
            .to_owned()
    };
    let (kind, rest) = text.split_once(':').map_or((text, None), |(kind, rest)| (kind, Some(rest)));
    let group = |rest: &str| rest.parse().map_err(|_| wrong());
    match (kind, rest) {
        ("contribution", Some(rest)) => Ok(Due::Contribution { group: group(rest)? }),
        ("challenge", Some(rest)) => Ok(Due::Challenge { group: group(rest)? }),
        ("seat", Some(rest)) => name::parse_seat(rest).map(Due::Seat),
        ("lead", None) => Ok(Due::Lead {}),
        ("advances", None) => Ok(Due::Advances {}),
        _ => Err(wrong()),
    }
}

impl Training {
    /// What `claim` would pay; none where training says that nothing is owed for that.
    pub async fn owed(&self, round: &Round, due: Due, sender: &str) -> Result<Option<Owed>> {
        let question = QueryMsg::Claimable {
            run_id: round.run_id,
            round_id: round.round_id,
            due,
            sender: Some(sender.to_owned()),
        };
        match self.client.query::<ClaimableResponse>(&self.address, &question).await {
            Ok(answer) if answer.claimed => Ok(None),
            Ok(answer) => Ok(Some(Owed { due, answer })),
            Err(ClientError::Contract { .. }) => Ok(None),
            Err(error) => Err(explain(error, TRAINING, "training did not answer")),
        }
    }
}

#[cfg(test)]
mod tests {
    use modelbond_interface::training::{Lead, SeatId};
    use rstest::rstest;

    use super::*;
    use crate::training::sample;

    #[rstest]
    #[case("contribution:2", Some(Due::Contribution { group: 2 }))]
    #[case("seat:check:1:0", Some(Due::Seat(SeatId { stage: Stage::Check, group: 1, slot: 0 })))]
    #[case("lead", Some(Due::Lead {}))]
    #[case("advances", Some(Due::Advances {}))]
    #[case("challenge:0", Some(Due::Challenge { group: 0 }))]
    #[case("lead:1", None)]
    #[case("contribution", None)]
    #[case("seat:1", None)]
    fn a_due_is_read(#[case] text: &str, #[case] expected: Option<Due>) {
        assert_eq!(parse_due(text).ok(), expected);
    }

    #[test]
    fn a_trainer_has_a_contribution_and_a_seat_everybody_else_a_seat() {
        let leaders = vec![sample::leader(8), sample::leader(7)];
        let round =
            Round { lead: Lead { leaders, attempt: 1, ..Lead::default() }, ..sample::round() };
        let trainer = sample::seat(Stage::Work, 0, 0, 7);
        let auditor = sample::seat(Stage::Check, 0, 2, 7);
        let seats = [trainer.clone(), auditor.clone()];
        let dues = candidates(&round, (&seats, &[]), (7, "wasm1owner7"));
        let expected = [
            Due::Contribution { group: 0 },
            Due::Seat(trainer.id),
            Due::Seat(auditor.id),
            Due::Lead {},
            Due::Advances {},
        ];
        assert_eq!(dues, expected);
        // The leader who failed is owed nothing, and does not claim for another one.
        let failed = candidates(&round, (&[], &[]), (8, "wasm1owner8"));
        assert_eq!(failed, [Due::Advances {}]);
    }
}
