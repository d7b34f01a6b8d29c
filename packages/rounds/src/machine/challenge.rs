//! Challenges: anybody who is ready may stake tokens on a group's answer being wrong.

use cosmwasm_std::{Addr, Uint128};
use modelbond_interface::nodes::{Member, PAGE_MEMBERS};
use modelbond_interface::training::{
    Challenge, Group, Phase, Round, RoundChallenged, Stage, Verdict,
};

use super::run::ensure_token;
use super::Machine;
use crate::state::{group_of, GROUPS};
use crate::verdict::{read, Reading};
use crate::world::World;
use crate::RoundError;

/// Who challenges what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChallengeClaim {
    /// The run.
    pub run_id: u64,
    /// The round.
    pub round_id: u64,
    /// The group.
    pub group: u8,
    /// A node of the challenger.
    pub node_id: u64,
    /// Its place in the roster.
    pub index: u32,
    /// Who sent the tokens.
    pub by: Addr,
}

impl<W: World> Machine<'_, W> {
    /// Takes a challenge of `amount` of `token`.
    ///
    /// # Errors
    /// When it is too late, or not a matter for a jury.
    pub fn challenge(
        &mut self,
        claim: ChallengeClaim,
        token: &Addr,
        amount: Uint128,
    ) -> Result<(), RoundError> {
        let mut opened = self.opened_as(claim.run_id, claim.round_id)?;
        ensure_token(&opened.run, token)?;
        let phases = [Phase::CheckSeeding, Phase::CheckAssign, Phase::CheckCommit];
        self.ensure_phase(&opened.round, &phases, "while the first checks go on")?;
        let number = claim.group;
        let refuse = |why| RoundError::NotChallengeable { group: number, why };
        if opened.round.appealing {
            return Err(refuse("the first checks are over"));
        }
        let needed = opened.run.params.money.challenge_bond;
        if amount != needed {
            return Err(RoundError::ChallengeBond { needed, actual: amount });
        }
        let mut group = group_of(self.store, opened.key(), number)?;
        ensure_challengeable(&group).map_err(refuse)?;
        let answers = self.answers(opened.key(), Stage::Work, number, group.seats);
        if !matches!(read(&answers), Reading::Agree { .. }) {
            return Err(refuse("its members do not agree: a jury will decide anyway"));
        }
        self.member(&opened.round, claim.node_id, claim.index)?;
        let node = self.world.keys(opened.round.roster.epoch, &[claim.node_id])?;
        let owner = node.into_iter().next().map(|node| node.owner);
        let owner = owner.ok_or(refuse("the node has no keys"))?;
        if owner != claim.by {
            return Err(RoundError::Unauthorized { owner, sender: claim.by });
        }
        group.challenge =
            Some(Challenge { by: claim.by.clone(), bond: amount, owed: Uint128::zero() });
        let ledger = &mut opened.run.ledger;
        ledger.reserved =
            ledger.reserved.checked_add(amount).map_err(cosmwasm_std::StdError::from)?;
        GROUPS.save(self.store, (claim.run_id, claim.round_id, number), &group);
        self.save(&opened)?;
        self.event(RoundChallenged {
            run_id: claim.run_id,
            round_id: claim.round_id,
            group: number,
            by: claim.by.into_string(),
        });
        Ok(())
    }

    /// The member of a round's roster at a place, which must be this node.
    pub(crate) fn member(
        &self,
        round: &Round,
        node_id: u64,
        index: u32,
    ) -> Result<Member, RoundError> {
        let size = u32::try_from(PAGE_MEMBERS).unwrap_or(1);
        let page = index.checked_div(size).unwrap_or_default();
        let place = index.checked_rem(size).and_then(|place| usize::try_from(place).ok());
        let members = self.world.page(round.run_id, round.roster.epoch, page)?;
        let member = place.and_then(|place| members.get(place)).copied();
        let own = member.filter(|member| member.node_id == node_id && member.units > 0);
        own.ok_or(RoundError::NotThere { index, node_id })
    }
}

fn ensure_challengeable(group: &Group) -> Result<(), &'static str> {
    if group.challenge.is_some() {
        return Err("it was challenged already");
    }
    if group.jury_stage.is_some() {
        return Err("a jury sits about it already");
    }
    match group.verdict {
        Verdict::Open {} => Ok(()),
        _ => Err("it has its verdict"),
    }
}
