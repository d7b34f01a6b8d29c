//! What people do in a round who do not play along, and what that cost whom.

use std::collections::BTreeMap;

use cosmwasm_std::Uint128;
use modelbond_interface::bridge::Scheme;
use modelbond_interface::nodes;
use modelbond_interface::training::{
    Answer, Attested, Phase, ReceiveMsg, Round, SeatId, SeatInfo, Stage,
};
use serde::Serialize;

use super::messages::attested;
use super::{answer, Conduct, Member, Task, Training, ROWS};
use crate::chain::{Contracts, Failure, Outcome};
use crate::Machine;

impl<C: Contracts> Training<C> {
    /// How a machine behaves.
    pub fn conduct(&self, node_id: u64) -> Conduct {
        self.conduct.get(&node_id).copied().unwrap_or(Conduct::Honest)
    }

    /// How a machine behaves in a seat of the last round.
    pub fn conduct_in(&self, seat: &SeatInfo) -> Conduct {
        let key = Self::sealed_key(self.run().rounds, seat.id);
        self.in_seat.get(&key).copied().unwrap_or_else(|| self.conduct(seat.seat.node_id))
    }

    /// Whoever has this seat of the last round behaves so in it, and nowhere else.
    pub fn behave(&mut self, seat: SeatId, conduct: Conduct) {
        let key = Self::sealed_key(self.run().rounds, seat);
        self.in_seat.insert(key, conduct);
    }

    /// What somebody finds in a seat who tells lie number `lie`; 0 is the truth.
    pub fn find(&self, round: &Round, seat: SeatId, lie: u8) -> Answer {
        let task = self.task(round, seat);
        let honest = answer(&task, lie);
        match task {
            Task::Aggregate { samples, .. } => {
                let loss_after = self.loss_after.unwrap_or(honest.loss_after);
                Answer { correct: self.right.min(samples), loss_after, ..honest }
            }
            Task::Work { .. } => Answer { correct: ROWS * 3 / 4, ..honest },
        }
    }

    /// All of these seats do.
    pub fn behave_all(&mut self, seats: &[SeatInfo], conduct: Conduct) {
        for seat in seats {
            self.behave(seat.id, conduct);
        }
    }

    /// Somebody who is not a member of a group, nor owns one.
    ///
    /// # Panics
    /// When everybody is.
    pub fn outsider(&self, group: u8) -> Member {
        let seats = self.seats(Stage::Work, group);
        let owners: Vec<String> =
            seats.iter().map(|seat| self.member(seat.seat.node_id).owner).collect();
        let found = self.members.iter().find(|member| !owners.contains(&member.owner));
        found.expect("somebody else").clone()
    }

    /// The owner of a node challenges a group.
    ///
    /// # Errors
    /// When training refuses it.
    pub fn challenge(&mut self, node_id: u64, group: u8) -> Result<(), Failure> {
        let owner = self.member(node_id).owner;
        let bond = self.run().params.money.challenge_bond.u128();
        self.challenge_as(&owner, node_id, group, bond)
    }

    /// Anybody does, for any node and any bond.
    ///
    /// # Errors
    /// When training refuses it.
    ///
    /// # Panics
    /// When there is no such node.
    pub fn challenge_as(
        &mut self,
        who: &str,
        node_id: u64,
        group: u8,
        bond: u128,
    ) -> Result<(), Failure> {
        let place = self.members.iter().position(|member| member.node_id == node_id);
        let index = u32::try_from(place.expect("a member")).expect("a place");
        let (run_id, round_id) = (self.run_id, self.run().rounds);
        let msg = ReceiveMsg::Challenge { run_id, round_id, group, node_id, index };
        self.pay(who, bond, &msg)
    }

    /// Stakes of all members.
    pub fn stakes(&self) -> BTreeMap<u64, u128> {
        self.members.iter().map(|member| (member.node_id, self.stake(member.node_id))).collect()
    }

    /// Who lost how much since.
    pub fn lost(&self, before: &BTreeMap<u64, u128>) -> BTreeMap<u64, u128> {
        let now = self.stakes();
        let lost = before.iter().map(|(node_id, stake)| (*node_id, stake - now[node_id]));
        lost.filter(|(_, lost)| *lost > 0).collect()
    }

    /// What seats lose that are fined one after the other, by node.
    pub fn fines(
        &self,
        before: &BTreeMap<u64, u128>,
        seats: &[(SeatInfo, u16)],
    ) -> BTreeMap<u64, u128> {
        let mut fines: BTreeMap<u64, u128> = BTreeMap::new();
        for (seat, bps) in seats {
            let fine = fines.entry(seat.seat.node_id).or_default();
            *fine += (before[&seat.seat.node_id] - *fine) * u128::from(*bps) / 10_000;
        }
        fines
    }

    /// A node's owner takes stake away.
    ///
    /// # Errors
    /// When nodes refuses.
    pub fn unstake(&mut self, node_id: u64, amount: u128) -> Result<(), Failure> {
        let (model, owner) = (self.market.market.clone(), self.member(node_id).owner);
        let amount = Uint128::new(amount);
        self.send_nodes(&owner, &nodes::ExecuteMsg::Unstake { model, node_id, amount })
    }

    /// Anybody pays out what has unbonded of it.
    ///
    /// # Errors
    /// When nodes refuses.
    pub fn withdraw(&mut self, node_id: u64) -> Result<(), Failure> {
        let model = self.market.market.clone();
        self.send_nodes("stranger", &nodes::ExecuteMsg::Withdraw { model, node_id })
    }

    /// The attestation of an answer by a seat's machine, as if it were this late.
    ///
    /// # Panics
    /// When nothing was assigned yet.
    pub fn attest(
        &self,
        round: &Round,
        seat: &SeatInfo,
        answer: &Answer,
        (scheme, now): (Scheme, u64),
    ) -> Attested {
        let mut request = self.attestation(round, seat, answer);
        let early = self.market.chain.now().seconds() - now;
        request.statement.started_at -= early;
        request.statement.ended_at -= early;
        request.binding.expires_at -= early;
        let machine = Machine::called(&self.member(seat.seat.node_id).machine);
        attested(&machine.person, &request, scheme)
    }

    /// Another machine answers for a node from now on.
    ///
    /// # Panics
    /// When there is no such node.
    pub fn use_machine(&mut self, node_id: u64, machine: &str) {
        let member = self.members.iter_mut().find(|member| member.node_id == node_id);
        machine.clone_into(&mut member.expect("a member").machine);
    }

    /// What a node has staked, with what unbonds.
    ///
    /// # Panics
    /// When nodes does not answer.
    pub fn all_stake(&self, node_id: u64) -> u128 {
        let msg = nodes::QueryMsg::Stake { model: self.market.market.clone(), node_id };
        let stake: nodes::StakeResponse =
            self.market.chain.query_any(&self.nodes, &msg).expect("answers");
        let unbonding: Uint128 = stake.unbondings.iter().map(|one| one.amount).sum();
        (stake.amount + unbonding).u128()
    }

    /// Sends any message to any contract.
    ///
    /// # Errors
    /// When it refuses.
    pub fn send_any(
        &mut self,
        who: &str,
        contract: &str,
        msg: &impl Serialize,
    ) -> Result<Outcome, Failure> {
        let sender = self.market.chain.account(who);
        self.market.chain.execute_any(&sender, contract, msg, &[])
    }

    /// Plays the round to its end, claims everything that it owes, and looks where the money is.
    ///
    /// # Panics
    /// When the round does not end, or a token is missing.
    pub fn finish(&mut self) -> u128 {
        self.play_to(Phase::Final);
        self.check_money();
        let owed = self.ledger().reserved.u128();
        let paid = self.claim_all();
        self.check_money();
        let left = self.ledger().reserved.u128();
        assert_eq!(owed - paid, left);
        paid
    }
}
