//! Every message × every role.

use std::collections::BTreeSet;

use cosmwasm_std::{to_json_binary, Binary, Uint128};
use cw20::Cw20ReceiveMsg;
use modelbond_interface::bridge::Scheme;
use modelbond_interface::training::{Due, ExecuteMsg, Hash32, Phase, ReceiveMsg, SeatId, Stage};
use modelbond_tests::training::{signed_feedback, Conduct, Setup};
use modelbond_tests::{Chain, Contracts, Machine, Person, Rewind, Training};

/// The run's owner, its usage source, a user, who advances rounds, who made training, the token, the
/// nodes contract, anybody; and every node's owner and own account.
fn roles(training: &Training) -> Vec<(String, String)> {
    let names = ["creator", "provenance", "user", "keeper", "deployer", "stranger"];
    let mut roles: Vec<(String, String)> =
        names.map(|name| (name.to_owned(), training.market.address(name))).to_vec();
    roles.push(("token".to_owned(), training.market.market.clone()));
    roles.push(("nodes".to_owned(), training.nodes.clone()));
    for member in &training.members {
        roles.push((member.owner.clone(), training.market.address(&member.owner)));
        let account = Machine::called(&member.machine).person.cosmos.to_string();
        roles.push((member.machine.clone(), account));
    }
    roles
}

/// Messages that were looked at.
#[derive(Default)]
struct Table {
    kinds: BTreeSet<String>,
}

impl Table {
    /// Sends a message as each role, and undoes it; `allowed` are addresses, nobody for everybody.
    fn check(&mut self, training: &mut Training, msg: &ExecuteMsg, allowed: &[String]) {
        let json = serde_json::to_value(msg).unwrap();
        let kind = json.as_object().unwrap().keys().next().unwrap().clone();
        let address = training.address.clone();
        for (role, sender) in roles(training) {
            let result = training
                .chain()
                .imagine(|chain| chain.execute_any(&sender, &address, msg, &[]).map(drop));
            let expected = allowed.is_empty() || allowed.contains(&sender);
            assert_eq!(result.is_ok(), expected, "{kind} by {role}: {result:?}");
        }
        self.kinds.insert(kind);
    }
}

fn between_rounds(training: &mut Training, table: &mut Table) {
    let run_id = training.run_id;
    let creator = [training.market.address("creator")];
    let slices = vec![Hash32([1; 32])];
    table.check(training, &ExecuteMsg::AddSlices { run_id, slices }, &creator);
    let (algorithm_hash, known_answer) = (Hash32([2; 32]), Hash32([3; 32]));
    let msg = ExecuteMsg::SetAlgorithm { run_id, algorithm_hash, known_answer };
    table.check(training, &msg, &creator);
    table.check(training, &ExecuteMsg::CloseRun { run_id }, &creator);
    table.check(training, &ExecuteMsg::Advance { run_id }, &[]);
    for purse in [ReceiveMsg::Fund { run_id }, ReceiveMsg::Bond { run_id }] {
        // Whoever sends `receive` is the token: it is of no worth but as the run's.
        let received = Cw20ReceiveMsg {
            sender: training.market.address("stranger"),
            amount: Uint128::new(5),
            msg: to_json_binary(&purse).unwrap(),
        };
        let token = [training.market.market.clone()];
        table.check(training, &ExecuteMsg::Receive(received), &token);
    }
}

fn users(training: &mut Training, table: &mut Table) {
    let run_id = training.run_id;
    let amount = Uint128::new(1_000_000);
    let rater = Person::called("rater").cosmos.to_string();
    for user in [training.market.address("user"), rater] {
        let msg = ExecuteMsg::Credit { run_id, user, amount };
        let source = [training.market.address("provenance")];
        table.check(training, &msg, &source);
        training.send("provenance", &msg).unwrap();
    }
    let epoch = training.epoch();
    let msg = ExecuteMsg::SubmitFeedback { run_id, score: 9, epoch, signed: None };
    let user = [training.market.address("user")];
    table.check(training, &msg, &user);
    let rater = Person::called("rater");
    let request = training.feedback_request(&rater, 9, epoch);
    let signed = Some(signed_feedback(&rater, &request, Scheme::Eip191));
    table.check(training, &ExecuteMsg::SubmitFeedback { run_id, score: 9, epoch, signed }, &[]);
}

fn a_round(training: &mut Training, table: &mut Table) {
    training.play_until(Phase::Elect);
    training.market.chain.wait(3);
    let msg = training.prove_message(3);
    table.check(training, &msg, &[]);

    training.play_to(Phase::Commit);
    let (run_id, round_id) = (training.run_id, training.round().round_id);
    let seat = training.seats(Stage::Work, 0)[1].clone();
    let own = [seat.seat.owner.to_string(), seat.seat.account.to_string()];
    let commit = Hash32([7; 32]);
    let msg = ExecuteMsg::Commit { run_id, round_id, seat: seat.id, commit };
    table.check(training, &msg, &own);

    // Somebody is late, so that there is something to burn.
    training.conduct.insert(seat.seat.node_id, Conduct::Late);
    training.play_to(Phase::Reveal);
    let trainer = training.seats(Stage::Work, 0)[0].clone();
    let msg = training.reveal_message(&trainer, Scheme::Direct);
    table.check(training, &msg, &[]);
    let msg = training.output_message(&training.round());
    table.check(training, &msg, &[]);
    let msg = training.slice_message();
    table.check(training, &msg, &[]);

    training.play_to(Phase::CheckSeeding);
    training.conduct.clear();
    training.play_to(Phase::Post);
    let leader = training.round().lead.leaders[0].clone();
    let leads = [leader.owner.to_string(), leader.account.to_string()];
    let msg = training.aggregate_message();
    table.check(training, &msg, &leads);

    training.play_to(Phase::Settle);
    table.check(training, &ExecuteMsg::Settle { run_id }, &[]);
    training.play_to(Phase::Final);
    for due in [
        Due::Contribution { group: 0 },
        Due::Seat(SeatId { stage: Stage::Work, group: 1, slot: 1 }),
        Due::Lead {},
    ] {
        table.check(training, &ExecuteMsg::Claim { run_id, round_id, due }, &[]);
    }
    let due = Due::Advances {};
    let keeper = [training.market.address("keeper")];
    table.check(training, &ExecuteMsg::Claim { run_id, round_id, due }, &keeper);
    let amount = training.ledger().burnable;
    assert!(!amount.is_zero());
    table.check(training, &ExecuteMsg::Burn { run_id, amount: Uint128::one() }, &[]);
}

#[test]
fn every_message_is_accepted_from_exactly_the_roles_that_may_send_it() {
    let mut training = Setup::default().nodes(9, 3).build();
    let mut table = Table::default();
    between_rounds(&mut training, &mut table);
    users(&mut training, &mut table);
    a_round(&mut training, &mut table);

    let (run_id, mut params) = (training.run_id, training.run().params);
    training.send("creator", &ExecuteMsg::CloseRun { run_id }).unwrap();
    params.dataset.slices.clear();
    let msg = ExecuteMsg::OpenRun { model: training.market.market.clone(), params };
    let creator = [training.market.address("creator")];
    table.check(&mut training, &msg, &creator);

    let schema = cosmwasm_schema::schema_for!(ExecuteMsg);
    let variants = schema.schema.subschemas.unwrap().one_of.unwrap().len();
    assert_eq!(variants, table.kinds.len(), "a new message belongs into this table");
}

/// The binary inside `receive` says what is wanted; the token says who wants it.
#[test]
fn a_challenge_is_the_node_owners_alone() {
    let mut training = Setup::default().nodes(9, 3).build();
    training.play_until(Phase::CheckSeeding);
    let (run_id, round_id) = (training.run_id, training.round().round_id);
    let bond = training.run().params.money.challenge_bond;
    let msg = ReceiveMsg::Challenge { run_id, round_id, group: 0, node_id: 4, index: 3 };
    let msg: Binary = to_json_binary(&msg).unwrap();
    let (token, address) = (training.market.market.clone(), training.address.clone());
    let owner = training.market.address("owner4");
    for (role, by) in roles(&training) {
        let received = Cw20ReceiveMsg { sender: by.clone(), amount: bond, msg: msg.clone() };
        let result = training.chain().imagine(|chain| {
            chain.execute_any(&token, &address, &ExecuteMsg::Receive(received), &[]).map(drop)
        });
        assert_eq!(result.is_ok(), by == owner, "challenge by {role}: {result:?}");
    }
}
