//! Random walks over whole rounds: any network, any conduct, challenges and claims at any time.
//!
//! After every message each token that training holds is in exactly one ledger (I8); stakes never grow;
//! every round ends; everything is paid at most once; and when the run is closed and everything claimed,
//! nothing is left but what is to be burned, to the last base unit.
//!
//! Two kinds of people walk. *Tame* ones: fewer than a third of all units misbehave, and no three of them
//! say the same; then who is honest never loses anything. *Wild* ones lie together, in any number.

use std::collections::{BTreeMap, BTreeSet};

use cosmwasm_std::Uint128;
use modelbond_interface::training::{
    Check, Due, ExecuteMsg, Mode, Phase, QueryMsg, ReceiveMsg, Round, RoundResponse, RunParams,
    RunStatus, SeatsResponse, Stage, Verdict, HOLD_SECS,
};
use modelbond_rounds::RoundError;
use modelbond_tests::random::Random;
use modelbond_tests::training::{Conduct, Setup, UNIT};
use modelbond_tests::{Chain, Training};

use crate::refusal::refused;

const WALKS: u64 = 15;
const ROUNDS: u64 = 3;
/// Steps of a round, at most.
const STEPS: u32 = 300;
/// Who advances rounds.
const KEEPERS: [&str; 2] = ["keeper", "walker"];

/// How often what was seen.
type Seen = BTreeMap<&'static str, u32>;

struct Walk {
    training: Training,
    random: Random,
    tame: bool,
    /// Often one build is wrong.
    faulty: bool,
    stakes: BTreeMap<u64, u128>,
    honest: BTreeSet<u64>,
    claimed: BTreeSet<String>,
    seen: Seen,
}

fn small(random: &mut Random, low: u128, high: u128) -> u8 {
    random.between(low, high) as u8
}

fn any_params(random: &mut Random, mode: Mode) -> impl FnOnce(&mut RunParams) {
    let sizes = modelbond_interface::training::Sizes {
        groups: small(random, 1, 5),
        witnesses: random.pick(&[0, 0, 1, 2, 4]),
        audit_one_in: small(random, 1, 8),
        jury: small(random, 3, 9),
    };
    let penalties = modelbond_interface::training::Penalties {
        wrong_bps: random.between(0, 5_000) as u16,
        late_bps: random.between(0, 500) as u16,
        absent_bps: random.between(0, 100) as u16,
    };
    let odd = |random: &mut Random| Uint128::new(random.between(1, 20 * UNIT));
    let (round_budget, challenge_bond) = (odd(random), odd(random));
    let slices = random.below(12) as usize;
    move |params| {
        params.algorithm.mode = mode;
        params.sizes = sizes;
        params.penalties = penalties;
        params.money.round_budget = round_budget;
        params.money.challenge_bond = challenge_bond;
        params.dataset.slices.truncate(slices);
    }
}

impl Walk {
    fn begin(seed: u64, tame: bool) -> Self {
        let mut random = Random::new(seed);
        let mode = if seed.is_multiple_of(3) { Mode::Scored } else { Mode::Exact };
        let sizes: &[u128] =
            if tame { &[1, 2, 3, 4, 5, 7, 9, 13, 20, 24] } else { &[2, 6, 12, 16, 20] };
        let faulty = !tame && seed % 4 == 1;
        let count = if faulty { 20 } else { random.pick(sizes) };
        let mut setup = Setup::default();
        for number in 0..count {
            let owner = if random.chance(15) { random.below(number + 1) } else { number };
            setup = setup.node(&format!("owner{owner}"), random.between(2, 8) as u32);
        }
        let last = random.between(count / 5, count / 3) as usize;
        let setup = setup.with_build(last, "modelbond 0.2.0");
        let setup = setup.with_params(any_params(&mut random, mode)).with_params(|params| {
            if faulty {
                // Groups of more than one build.
                (params.sizes.groups, params.sizes.witnesses) = (4, 4);
            }
        });
        let mut training = setup.build();
        training.checking = true;
        let stakes: BTreeMap<u64, u128> =
            training.members.iter().map(|m| (m.node_id, training.stake(m.node_id))).collect();
        let honest = stakes.keys().copied().collect();
        let (claimed, seen) = (BTreeSet::new(), Seen::new());
        Self { training, random, tame, faulty, stakes, honest, claimed, seen }
    }

    fn note(&mut self, what: &'static str) {
        *self.seen.entry(what).or_default() += 1;
    }

    /// Everybody chooses how to behave in this round.
    fn choose(&mut self) {
        self.training.conduct.clear();
        self.training.proving = self.random.chance(85);
        self.training.slicing = self.random.chance(85);
        let mood = if self.faulty { self.random.below(2) } else { self.random.below(5) };
        let percent = match mood {
            0 => 0,
            1 => 75,
            _ => self.random.pick(&[10, 10, 25, 50]),
        };
        let all: u128 = self.stakes.values().sum();
        let (mut bad, mut without_data) = (0, 0);
        for member in self.training.members.clone() {
            let units = self.stakes[&member.node_id];
            let lie = if self.tame { member.node_id as u8 } else { small(&mut self.random, 1, 2) };
            let misbehaves = self.random.chance(percent);
            let conduct = match (mood, self.random.below(5)) {
                // A fault of a build; and a dataset that is gone.
                (0, _) if !self.tame && member.build.ends_with("0.2.0") => Conduct::Liar(1),
                _ if !misbehaves => continue,
                (1, _) if !self.tame => Conduct::WithoutData,
                (_, 0) => Conduct::Silent,
                (_, 1) => Conduct::Late,
                (_, 2) if without_data < 2 => Conduct::WithoutData,
                (_, 3) => Conduct::LiarAtWork(lie),
                _ => Conduct::Liar(lie),
            };
            if !self.tame || 3 * (bad + units) < all {
                bad += units;
                without_data += u32::from(conduct == Conduct::WithoutData);
                self.training.conduct.insert(member.node_id, conduct);
                self.honest.remove(&member.node_id);
            }
        }
    }

    fn check_stakes(&mut self) {
        for (node_id, before) in &mut self.stakes {
            let now = self.training.stake(*node_id);
            assert!(now <= *before, "stakes never grow");
            if self.tame && self.honest.contains(node_id) {
                assert_eq!(now, *before, "node {node_id} was honest");
            }
            *before = now;
        }
    }

    /// Somebody challenges something, which may be refused.
    fn challenge(&mut self) {
        let round = self.training.round();
        let member = self.random.pick(&self.training.members.clone());
        let (run_id, round_id, node_id) = (round.run_id, round.round_id, member.node_id);
        let group = self.random.below(u128::from(round.groups)) as u8;
        let index = self.training.place(node_id);
        let bond = self.training.run().params.money.challenge_bond.u128();
        let msg = ReceiveMsg::Challenge { run_id, round_id, group, node_id, index };
        if self.training.pay(&member.owner, bond, &msg).is_ok() {
            self.note("challenge");
        }
        self.training.check_money();
    }

    fn round_of(&self, round_id: u64) -> Round {
        let msg = QueryMsg::Round { run_id: self.training.run_id, round_id: Some(round_id) };
        self.training.query::<RoundResponse>(&msg).round.unwrap()
    }

    /// Everything that a round may owe.
    fn dues(&self, round_id: u64) -> Vec<Due> {
        let (run_id, groups) = (self.training.run_id, self.round_of(round_id).groups);
        let mut dues = vec![Due::Lead {}, Due::Advances {}];
        for group in 0..groups {
            dues.extend([Due::Contribution { group }, Due::Challenge { group }]);
        }
        for stage in Stage::ALL {
            for group in 0..groups.max(1) {
                let msg = QueryMsg::Seats { run_id, round_id, stage, group };
                let seats = self.training.query::<SeatsResponse>(&msg).seats;
                dues.extend(seats.iter().map(|seat| Due::Seat(seat.id)));
            }
        }
        dues
    }

    fn claim(&mut self, who: &str, round_id: u64, due: Due) {
        let before = self.training.held();
        let msg = ExecuteMsg::Claim { run_id: self.training.run_id, round_id, due };
        let paid = self.training.send(who, &msg).is_ok();
        assert_eq!(paid, self.training.held() < before);
        if paid {
            let by = if due == (Due::Advances {}) { who } else { "" };
            let name = format!("{round_id} {due:?} {by}");
            assert!(self.claimed.insert(name.clone()), "{name} was paid twice");
        }
    }

    fn claim_something(&mut self) {
        let rounds = self.training.run().rounds;
        let round_id = self.random.between(1, rounds.into()) as u64;
        let due = self.random.pick(&self.dues(round_id));
        let who = self.random.pick(&KEEPERS);
        self.claim(who, round_id, due);
    }

    /// Opens a round; false when there is nobody left who could take part.
    fn open(&mut self) -> bool {
        self.choose();
        loop {
            let result = self.training.advance();
            if result.is_ok() {
                return true;
            }
            match refused(result) {
                RoundError::Held { .. } => {
                    self.training.market.chain.wait(HOLD_SECS);
                    self.training.wait_epochs(1);
                }
                RoundError::Bond { needed, .. } => {
                    let run_id = self.training.run_id;
                    let bond = ReceiveMsg::Bond { run_id };
                    self.training.pay("creator", needed.u128(), &bond).unwrap();
                }
                RoundError::NobodyReady { .. } => return false,
                other => panic!("{other}"),
            }
        }
    }

    /// Plays an open round to its end.
    fn play(&mut self) {
        for _ in 0..STEPS {
            let phase = self.training.round().phase;
            if phase == Phase::Final {
                return self.look();
            }
            let checks = [Phase::CheckSeeding, Phase::CheckAssign, Phase::CheckCommit];
            if checks.contains(&phase) && self.random.chance(60) {
                self.challenge();
            }
            if self.random.chance(20) {
                self.claim_something();
            }
            let run_id = self.training.run_id;
            let walks = self.random.chance(10);
            if walks && self.training.send("walker", &ExecuteMsg::Advance { run_id }).is_ok() {
                self.note("walker advanced");
            } else {
                self.training.step();
            }
            self.check_stakes();
        }
        panic!("the round does not end: {:?}", self.training.round().phase);
    }

    /// Notes what a round was like.
    fn look(&mut self) {
        let (run, round) = (self.training.run(), self.training.round());
        assert_eq!(run.open_round, None);
        self.note("rounds");
        for (seen, what) in [
            (round.held, "held"),
            (round.lead.beacon_only, "led by the beacon alone"),
            (round.lead.attempt > 0, "second leader"),
            (round.model.confirmed, "confirmed"),
            (!round.model.confirmed, "not confirmed"),
            (round.appealing, "appeals"),
            (run.params.algorithm.mode == Mode::Scored, "scored"),
            (!round.pay.from_rolled_over.is_zero(), "paid from what was rolled over"),
            (!round.pay.per_unavailable.is_zero(), "paid from the bond"),
        ] {
            if seen {
                self.note(what);
            }
        }
        for group in self.training.groups() {
            self.note(match group.verdict {
                Verdict::Open {} => panic!("a group without a verdict"),
                Verdict::Accepted { .. } => "accepted",
                Verdict::Rejected {} => "rejected",
                Verdict::Void {} => "void",
                Verdict::Unavailable {} => "unavailable",
            });
            if group.check == Check::Jury {
                self.note("jury");
            }
            if group.wrong > 0 {
                self.note("convicted");
            }
            if let Some(challenge) = group.challenge {
                let won = challenge.owed > challenge.bond;
                self.note(if won { "challenge won" } else { "challenge not won" });
            }
        }
    }

    /// Closes the run and claims everything, in a random order, some of it twice.
    fn end(mut self) -> Seen {
        let run_id = self.training.run_id;
        self.training.send("creator", &ExecuteMsg::CloseRun { run_id }).unwrap();
        assert_eq!(self.training.run().status, RunStatus::Closed {});
        let mut claims = Vec::new();
        for round_id in 1..=self.training.run().rounds {
            for due in self.dues(round_id) {
                claims.extend(KEEPERS.map(|who| (who, round_id, due)));
            }
        }
        for place in (1..claims.len()).rev() {
            claims.swap(place, self.random.below(place as u128 + 1) as usize);
        }
        for (who, round_id, due) in claims {
            self.claim(who, round_id, due);
        }
        let ledger = self.training.ledger();
        assert_eq!(ledger.reserved.u128(), 0, "everything that was owed is paid");
        assert_eq!(ledger.burnable.u128(), self.training.held());
        self.seen
    }
}

fn walk(seed: u64, tame: bool) -> Seen {
    let mut walk = Walk::begin(seed, tame);
    for _ in 0..ROUNDS {
        if !walk.open() {
            break;
        }
        walk.play();
    }
    walk.end()
}

fn walks(first: u64, tame: bool) -> Seen {
    let mut all = Seen::new();
    for seed in first..first + WALKS {
        for (what, count) in walk(seed, tame) {
            *all.entry(what).or_default() += count;
        }
    }
    all
}

#[test]
fn who_is_honest_among_tame_people_never_loses_anything() {
    let seen = walks(1_000, true);
    for what in ["rounds", "accepted", "convicted", "challenge", "confirmed", "scored", "appeals"] {
        assert!(seen.contains_key(what), "no {what}: {seen:?}");
    }
    assert!(!seen.contains_key("held"), "{seen:?}");
}

#[test]
fn wild_people_neither_make_nor_lose_money() {
    let seen = walks(2_000, false);
    for what in [
        "rounds",
        "held",
        "led by the beacon alone",
        "second leader",
        "confirmed",
        "not confirmed",
        "appeals",
        "scored",
        "paid from what was rolled over",
        "paid from the bond",
        "accepted",
        "rejected",
        "void",
        "unavailable",
        "jury",
        "convicted",
        "challenge won",
        "challenge not won",
        "walker advanced",
    ] {
        assert!(seen.contains_key(what), "no {what}: {seen:?}");
    }
}
