//! Every message × every role.

use std::collections::BTreeSet;

use cosmwasm_std::coins;
use cw_utils::PaymentError;
use modelbond_interface::bridge::Scheme;
use modelbond_interface::provenance::ExecuteMsg;
use modelbond_provenance::ContractError;
use modelbond_tests::offers::{signed_contribution, FEE, FOUND};
use modelbond_tests::{Chain, Contracts, Offers, Person, Rewind};

/// The contributor, the model's creator, who made everything, who emits, anybody; the contracts around;
/// and every node's owner and own account.
fn roles(offers: &Offers) -> Vec<(String, String)> {
    let names = ["alice", "creator", "deployer", "emitter", "stranger"];
    let mut roles: Vec<(String, String)> =
        names.map(|name| (name.to_owned(), offers.account(name))).to_vec();
    let training = &offers.training;
    let deployment = &training.deployment;
    for (role, address) in [
        ("market", &training.market.market),
        ("training", &deployment.training),
        ("nodes", &deployment.nodes),
        ("registry", &deployment.registry),
        ("rewards", &deployment.rewards),
        ("beacon", &deployment.beacon),
        ("provenance", &deployment.provenance),
    ] {
        roles.push((role.to_owned(), address.clone()));
    }
    for member in &training.members {
        for name in [&member.owner, &member.machine] {
            roles.push((name.clone(), offers.account(name)));
        }
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
    fn check(&mut self, offers: &mut Offers, msg: &ExecuteMsg, amount: u128, allowed: &[String]) {
        let json = serde_json::to_value(msg).unwrap();
        let kind = json.as_object().unwrap().keys().next().unwrap().clone();
        let address = offers.address.clone();
        for (role, sender) in roles(offers) {
            let result = offers.chain().imagine(|chain| {
                let funds = chain.money(amount);
                chain.fund(&sender, &funds);
                chain.execute_any(&sender, &address, msg, &funds).map(drop)
            });
            let expected = allowed.is_empty() || allowed.contains(&sender);
            assert_eq!(result.is_ok(), expected, "{kind} by {role}: {result:?}");
        }
        if amount == 0 {
            let stranger = offers.account("stranger");
            let funds = coins(1, "ureserve");
            offers.chain().fund(&stranger, &funds);
            let result = offers.chain().execute_any(&stranger, &address, msg, &funds);
            let expected: ContractError = PaymentError::NonPayable {}.into();
            assert_eq!(result.unwrap_err().provenance(), expected, "{kind} with coins");
        }
        self.kinds.insert(kind);
    }
}

#[test]
fn every_message_is_accepted_from_exactly_the_roles_that_may_send_it() {
    let (mut offers, mut table) = (Offers::on_mock(), Table::default());
    let msg = ExecuteMsg::Contribute { offered: offers.offered("alice", "data"), signed: None };
    let alice = [offers.account("alice")];
    table.check(&mut offers, &msg, FEE, &alice);

    let offered = offers.offered("signer", "signed data");
    let request = offers.request(&offered);
    let signed = signed_contribution(&Person::called("signer"), &request, Scheme::Eip712);
    let msg = ExecuteMsg::Contribute { offered, signed: Some(signed) };
    table.check(&mut offers, &msg, FEE, &[]);

    let offer_id = offers.contribute("alice", "data", FEE).unwrap();
    offers.training.play();
    offers.emit(offer_id);
    table.check(&mut offers, &ExecuteMsg::DrawWitnesses { offer_id }, 0, &[]);
    let witnesses = offers.draw(offer_id).unwrap();

    let own = [witnesses[3].owner.to_string(), witnesses[3].account.to_string()];
    let msg = offers.commit_message(offer_id, &witnesses[3], FOUND);
    table.check(&mut offers, &msg, 0, &own);
    for slot in 0..9 {
        offers.commit(offer_id, slot, FOUND).unwrap();
    }
    let msg = offers.reveal_message(offer_id, 3);
    table.check(&mut offers, &msg, 0, &own);
    for slot in 0..9 {
        offers.reveal(offer_id, slot).unwrap();
    }
    table.check(&mut offers, &ExecuteMsg::ConcludeOffer { offer_id }, 0, &[]);
    let expected =
        ["commit_score", "conclude_offer", "contribute", "draw_witnesses", "reveal_score"];
    assert_eq!(table.kinds.iter().map(String::as_str).collect::<Vec<_>>(), expected);
}
