//! A life in which one coalition acts and everybody else holds still (I4).
//!
//! The others are the creator's vesting tokens, the floor and, in half of the lives, an honest
//! holder. The coalition has traders and, by chance, the metrics source, the treasury, the rewards
//! and provenance ledgers and the stakeholders' tokens; what it owns in ledgers counts as its own.
//! It starts without tokens, acts by chance or greedily, sells everything again, and its wealth
//! must not have grown by more than what was streaming into the reserve before it came.

use cosmwasm_std::Uint128;
use modelbond_interface::market::{ExecuteMsg, Ledger};

use crate::chain::{Chain, Rewind};
use crate::invariants::Step;
use crate::market::worth;
use crate::walk::actions::metrics;
use crate::walk::Life;

const MEMBERS: [&str; 2] = ["mallory", "washer"];
const ONE: u128 = 1_000_000_000_000_000_000;

/// What the coalition owns besides its traders.
#[derive(Debug, Clone, Copy)]
struct Roles {
    metrics: bool,
    treasury: bool,
    ledgers: bool,
    stakeholder: bool,
}

/// One thing that the coalition can do.
#[derive(Debug, Clone)]
enum Move {
    Send(Step),
    Wait(u64),
}

/// Opens with a coalition, lets it act, lets it leave, and compares.
pub(crate) fn live<C: Rewind>(life: &mut Life<C>) {
    let cost = life.suite.opened.cost.u128();
    for name in MEMBERS {
        life.suite.fund(name, cost.saturating_mul(20).min(1 << 110));
    }
    let roles = Roles {
        metrics: life.random.chance(80),
        treasury: life.random.chance(60),
        ledgers: life.random.chance(50),
        stakeholder: life.random.chance(50),
    };
    if life.random.chance(50) {
        life.honest_holder_buys(roles);
    }
    let streaming = life.checker.snapshot(&life.suite).ledgers.pending.u128();
    let before = life.wealth(roles);

    let greedy = life.random.chance(50);
    let moves = life.random.between(10, 80);
    for _ in 0..moves {
        if greedy && life.random.chance(40) {
            life.act_greedily(roles);
        } else {
            let candidates = life.candidates(roles);
            let chosen = life.random.pick(&candidates);
            life.act(&chosen);
        }
    }
    life.leave(roles);
    let after = life.wealth(roles);
    life.report.coalitions += 1;
    if after > before + streaming {
        let detail = format!(
            "{roles:?} gained {} on {before}, while {streaming} streamed in",
            after - before
        );
        life.violate("I4", detail);
    }
}

impl<C: Rewind> Life<'_, C> {
    /// Somebody else buys and holds; if stakeholders' tokens come from that, they are not the
    /// coalition's to sell, so the roles without them only.
    fn honest_holder_buys(&mut self, roles: Roles) {
        if roles.stakeholder {
            return;
        }
        let cost = self.suite.opened.cost.u128();
        self.suite.fund("alice", cost);
        for _ in 0..3 {
            let amount = self.random.magnitude(cost / 10).max(1).min(self.suite.coins("alice"));
            let step = self.buying("alice", amount, true);
            self.perform(&step);
            self.suite.wait(600);
        }
        // Mostly until nothing streams in any more, so that the bound is zero.
        if self.random.chance(80) {
            let secs = self.suite.params().stream_secs + self.suite.params().fees.launch_secs;
            self.suite.wait(secs);
        }
    }

    /// Coins of the members, the ledgers they own and their tokens at the backing.
    fn wealth(&mut self, roles: Roles) -> u128 {
        let snapshot = self.checker.snapshot(&self.suite);
        let mut coins = 0;
        let mut tokens = 0;
        for name in MEMBERS {
            coins += self.suite.coins(name);
            tokens += self.suite.tokens(name);
        }
        let ledgers = &snapshot.ledgers;
        if roles.treasury {
            coins += ledgers.treasury.u128() + self.suite.coins("creator");
        }
        if roles.ledgers {
            coins += (ledgers.rewards + ledgers.provenance).u128();
            coins += self.suite.coins("rewards") + self.suite.coins("provenance");
            tokens += self.suite.tokens("rewards");
        }
        if roles.stakeholder {
            coins += self.suite.coins("stakeholder");
            tokens += self.suite.tokens("stakeholder");
        }
        let (supply, reserve) = (snapshot.price.supply, snapshot.ledgers.reserve);
        coins + worth(self.checker.curve(), supply, reserve, tokens.into())
    }

    fn act(&mut self, chosen: &Move) {
        match chosen {
            Move::Send(step) => {
                self.perform(step);
            }
            Move::Wait(secs) => self.suite.wait(*secs),
        }
    }

    /// What the coalition may consider now.
    fn candidates(&mut self, roles: Roles) -> Vec<Move> {
        let snapshot = self.checker.snapshot(&self.suite);
        let reserve = snapshot.ledgers.reserve.u128();
        let name = self.random.pick(&MEMBERS);
        let (purse, tokens) = (self.suite.coins(name), self.free_tokens(name));
        let mut moves = vec![];
        for divisor in [4, 20, 200] {
            let amount = (reserve / divisor).min(purse);
            moves.push(Move::Send(self.buying(name, amount.max(1), true)));
        }
        let small = self.random.magnitude(reserve).min(purse);
        moves.push(Move::Send(self.buying(name, small.max(1), false)));
        if tokens > 0 {
            moves.push(Move::Send(self.selling(name, tokens, true)));
            let part = self.random.magnitude(tokens);
            moves.push(Move::Send(self.selling(name, part.min(tokens), true)));
            let amount = Uint128::new((tokens / 50).max(1));
            moves.push(Move::Send(self.step(name, ExecuteMsg::Burn { amount }, 0)));
        }
        let window = self.suite.params().limits.window_secs;
        moves.push(Move::Wait(window));
        let secs = self.random.magnitude(u128::from(self.suite.params().stream_secs));
        moves.push(Move::Wait(secs as u64));
        if roles.metrics {
            for value in [0, ONE] {
                let msg = ExecuteMsg::ReportMetrics { metrics: metrics(|| value) };
                moves.push(Move::Send(self.step("training", msg, 0)));
            }
        }
        if roles.treasury {
            let msg = ExecuteMsg::WithdrawLedger { ledger: Ledger::Treasury };
            moves.push(Move::Send(self.step("creator", msg, 0)));
        }
        if roles.ledgers {
            let budget = snapshot.ledgers.rewards;
            let msg = ExecuteMsg::Emit { budget, max_tokens: snapshot.price.supply };
            moves.push(Move::Send(self.step("rewards", msg, 0)));
            let tokens = self.free_tokens("rewards");
            if tokens > 0 {
                moves.push(Move::Send(self.selling("rewards", tokens, true)));
            }
        }
        if roles.stakeholder && !self.suite.account("stakeholder").vested.is_zero() {
            moves.push(Move::Send(self.step("stakeholder", ExecuteMsg::ClaimVested {}, 0)));
        }
        moves
    }

    /// Tries every pair of eight moves and makes the one that leaves it wealthiest.
    fn act_greedily(&mut self, roles: Roles) {
        let mut first = self.candidates(roles);
        while first.len() > 8 {
            let dropped = self.random.below(first.len() as u128) as usize;
            first.swap_remove(dropped);
        }
        let mut best: Option<(u128, Vec<Move>)> = None;
        for one in &first {
            for two in &first {
                let wealth = self.imagine(roles, &[one, two]);
                let Some(wealth) = wealth else { continue };
                if best.as_ref().is_none_or(|(most, _)| wealth > *most) {
                    best = Some((wealth, vec![one.clone(), two.clone()]));
                }
            }
        }
        for chosen in best.map(|(_, moves)| moves).unwrap_or_default() {
            self.act(&chosen);
        }
    }

    /// The coalition's wealth after these moves; `None` when one is refused or both only wait.
    fn imagine(&mut self, roles: Roles, moves: &[&Move]) -> Option<u128> {
        if moves.iter().all(|chosen| matches!(chosen, Move::Wait(_))) {
            return None;
        }
        let curve = self.checker.curve().clone();
        let suite = &mut self.suite;
        let market = suite.market.clone();
        let address = |name: &str| suite.chain.account(name);
        let mut members: Vec<String> = MEMBERS.iter().map(|name| address(name)).collect();
        if roles.treasury {
            members.push(address("creator"));
        }
        if roles.ledgers {
            members.push(address("rewards"));
            members.push(address("provenance"));
        }
        if roles.stakeholder {
            members.push(address("stakeholder"));
        }
        suite.chain.imagine(|chain| {
            for chosen in moves {
                match chosen {
                    Move::Send(step) => {
                        let funds = chain.money(step.funds);
                        chain.execute(&step.sender, &market, &step.msg, &funds).ok()?;
                    }
                    Move::Wait(secs) => chain.wait(*secs),
                }
            }
            wealth_of(chain, &market, &curve, roles, &members)
        })
    }

    /// Sells everything that the coalition has and can still get.
    fn leave(&mut self, roles: Roles) {
        self.suite.wait_for_unlock();
        if roles.stakeholder {
            let vesting = self.suite.params().vesting.clone();
            self.suite.wait(vesting.cliff_secs.max(vesting.duration_secs));
            if !self.suite.account("stakeholder").vested.is_zero() {
                let step = self.step("stakeholder", ExecuteMsg::ClaimVested {}, 0);
                self.perform(&step);
            }
        }
        let window = self.suite.params().limits.window_secs;
        for name in ["mallory", "washer", "rewards", "stakeholder"] {
            let owned = match name {
                "rewards" => roles.ledgers,
                "stakeholder" => roles.stakeholder,
                _ => true,
            };
            let mut refusals = 0;
            while owned && refusals < 3 {
                let tokens = self.free_tokens(name);
                if tokens == 0 {
                    break;
                }
                let step = self.selling(name, tokens, true);
                if self.perform(&step) {
                    refusals = 0;
                } else {
                    refusals += 1;
                    self.suite.wait(window);
                }
            }
        }
    }
}

fn wealth_of<C: Chain>(
    chain: &C,
    market: &str,
    curve: &modelbond_curve::Curve,
    roles: Roles,
    members: &[String],
) -> Option<u128> {
    use cw20::{BalanceResponse, TokenInfoResponse};
    use modelbond_interface::market::{LedgersResponse, QueryMsg};
    let ledgers: LedgersResponse = chain.query(market, &QueryMsg::Ledgers {}).ok()?;
    let supply: TokenInfoResponse = chain.query(market, &QueryMsg::TokenInfo {}).ok()?;
    let (mut coins, mut tokens) = (0, Uint128::zero());
    for member in members {
        coins += chain.balance(member);
        let query = QueryMsg::Balance { address: member.clone() };
        tokens += chain.query::<BalanceResponse>(market, &query).ok()?.balance;
    }
    if roles.treasury {
        coins += ledgers.treasury.u128();
        tokens -= initial_claims(chain, market, members)?;
    }
    if roles.ledgers {
        coins += (ledgers.rewards + ledgers.provenance).u128();
    }
    Some(coins + worth(curve, supply.total_supply, ledgers.reserve, tokens))
}

/// The creator's own tokens are no part of the coalition's: it starts without any.
fn initial_claims<C: Chain>(chain: &C, market: &str, members: &[String]) -> Option<Uint128> {
    use cw20::BalanceResponse;
    use modelbond_interface::market::QueryMsg;
    let creator = chain.account("creator");
    if !members.contains(&creator) {
        return Some(Uint128::zero());
    }
    let query = QueryMsg::Balance { address: creator };
    Some(chain.query::<BalanceResponse>(market, &query).ok()?.balance)
}
