//! What came of it, counted and written.

use cosmwasm_std::Uint128;
use modelbond_interface::training::Sizes;
use serde::Serialize;

use super::{Scenario, Strategy, UNIT};
use crate::decimal;
use crate::format;
use crate::output::{Page, Report};

/// By how many millionths of all stake the adversary's share may rise, where pay is staked, without that
/// counting: pay is drawn by lot. Where it is not, nothing is left to chance.
pub const LOTTERY_MILLIONTHS: u64 = 10_000;

/// What both sides gained and lost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Side {
    /// Seats that lost stake for a wrong answer.
    pub wrong_seats: u64,
    /// What they lost.
    pub lost_for_wrong: Uint128,
    /// Seats that lost stake for silence.
    pub silent_seats: u64,
    /// What they lost.
    pub lost_for_silence: Uint128,
    /// What was paid.
    pub earned: Uint128,
}

/// The adversary's part of all stake after a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Share {
    /// After which round; 0 for the start.
    pub round: u32,
    /// In millionths.
    pub millionths: u64,
}

/// What came of a scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// The adversary's part of all units at the start, in 1/100.
    pub adversary_percent: u8,
    /// Its nodes.
    pub adversary_nodes: u16,
    /// Rounds that were played.
    pub rounds: u32,
    /// Its part at the start and after each third of the rounds.
    pub shares: Vec<Share>,
    /// Its part in the end if nobody had lost stake for silence, in millionths: who is offline more
    /// often loses more, whoever lies.
    pub but_for_silence_millionths: u64,
    /// Groups that were drawn.
    pub groups: u64,
    /// Groups that were accepted.
    pub accepted_groups: u64,
    /// Groups of those with the adversary's answer.
    pub wrong_groups: u64,
    /// Groups about which nothing could be said.
    pub void_groups: u64,
    /// New models that a committee confirmed.
    pub models: u32,
    /// Models of those that were lies.
    pub wrong_models: u32,
    /// Rounds after which the model was the old one.
    pub rounds_without_model: u32,
    /// Rounds that looked like two builds.
    pub held_rounds: u32,
    /// What they cost the run's owner: burned of its bond.
    pub burned_bond: Uint128,
    /// Who did what they should.
    pub honest: Side,
    /// Who did not.
    pub adversary: Side,
    #[serde(skip)]
    every: u32,
    #[serde(skip)]
    last: u32,
    #[serde(skip)]
    restake: bool,
}

/// What came of a round.
#[derive(Debug, Clone, Copy)]
pub struct Ended {
    /// Whether its new model is a lie, if there is one.
    pub wrong: Option<bool>,
    /// Whether it was held.
    pub held: bool,
    /// What of the bond is gone.
    pub burned_bond: Uint128,
    /// What the adversary has staked, and what all have.
    pub stakes: (Uint128, Uint128),
}

impl Tally {
    /// Nothing yet.
    #[must_use]
    pub fn new(scenario: &Scenario, stakes: (Uint128, Uint128)) -> Self {
        Self {
            adversary_percent: scenario.adversary_percent,
            adversary_nodes: scenario.adversaries(),
            rounds: 0,
            shares: vec![Share { round: 0, millionths: millionths(stakes) }],
            but_for_silence_millionths: millionths(stakes),
            groups: 0,
            accepted_groups: 0,
            wrong_groups: 0,
            void_groups: 0,
            models: 0,
            wrong_models: 0,
            rounds_without_model: 0,
            held_rounds: 0,
            burned_bond: Uint128::zero(),
            honest: Side::default(),
            adversary: Side::default(),
            every: scenario.rounds.div_ceil(3).max(1),
            last: scenario.rounds,
            restake: scenario.restake,
        }
    }

    fn side(&mut self, adversary: bool) -> &mut Side {
        if adversary {
            &mut self.adversary
        } else {
            &mut self.honest
        }
    }

    /// A node lost stake.
    pub fn slashed(&mut self, adversary: bool, wrong: bool, amount: Uint128) {
        let side = self.side(adversary);
        let (seats, lost) = if wrong {
            (&mut side.wrong_seats, &mut side.lost_for_wrong)
        } else {
            (&mut side.silent_seats, &mut side.lost_for_silence)
        };
        *seats += 1;
        *lost = lost.saturating_add(amount);
    }

    /// Somebody was paid; strangers do not count.
    pub fn paid(&mut self, adversary: Option<bool>, amount: Uint128) {
        if let Some(adversary) = adversary {
            let side = self.side(adversary);
            side.earned = side.earned.saturating_add(amount);
        }
    }

    /// A group was accepted.
    pub fn accepted(&mut self, wrong: bool) {
        self.groups += 1;
        self.accepted_groups += 1;
        self.wrong_groups += u64::from(wrong);
    }

    /// A group is void.
    pub fn void(&mut self) {
        self.groups += 1;
        self.void_groups += 1;
    }

    /// A group was neither.
    pub fn rejected(&mut self) {
        self.groups += 1;
    }

    /// A round is final.
    pub fn ended(&mut self, Ended { wrong, held, burned_bond, stakes }: Ended) {
        self.rounds += 1;
        self.burned_bond = self.burned_bond.saturating_add(burned_bond);
        self.held_rounds += u32::from(held);
        match wrong {
            Some(wrong) => {
                self.models += 1;
                self.wrong_models += u32::from(wrong);
            }
            None => self.rounds_without_model += 1,
        }
        let (bad, all) = stakes;
        let (lost, also) = (self.adversary.lost_for_silence, self.honest.lost_for_silence);
        let (bad, all) = (bad.saturating_add(lost), all.saturating_add(lost).saturating_add(also));
        self.but_for_silence_millionths = millionths((bad, all));
        if self.rounds.is_multiple_of(self.every) || self.rounds == self.last {
            self.shares.push(Share { round: self.rounds, millionths: millionths(stakes) });
        }
    }

    /// What must not be.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let percent = self.adversary_percent;
        let wrong = self.honest.wrong_seats;
        if wrong > 0 {
            faults.push(format!(
                "with {percent} % of all units the adversary had {wrong} honest seats slashed for wrong answers"
            ));
        }
        let first = self.shares.first().map(|share| share.millionths).unwrap_or_default();
        let last = self.but_for_silence_millionths;
        let chance = if self.restake { LOTTERY_MILLIONTHS } else { 0 };
        if last > first + chance {
            let (from, to) = (share(first), share(last));
            faults.push(format!(
                "the adversary's share grew from {from} to {to}, what silence cost apart"
            ));
        }
        faults
    }
}

fn millionths((part, all): (Uint128, Uint128)) -> u64 {
    let ratio = part.checked_multiply_ratio(1_000_000_u128, all).ok();
    ratio.and_then(|ratio| u64::try_from(ratio.u128()).ok()).unwrap_or_default()
}

fn share(millionths: u64) -> String {
    format!("{} %", decimal::format(Uint128::from(millionths), 4))
}

/// How often a group is captured.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Chance {
    /// Groups.
    pub groups: u8,
    /// Witnesses of each.
    pub witnesses: u8,
    /// Of one group, for each share of the adversary.
    pub chances: Vec<f64>,
}

/// The same by experiment, for the groups that were played.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Drawn {
    /// Assignments.
    pub draws: u32,
    /// Groups in them.
    pub groups: u64,
    /// Captured ones, for each share of the adversary.
    pub captured: Vec<u64>,
}

/// The answer of `simulate collusion`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Collusion {
    /// Nodes.
    pub nodes: u16,
    /// Sizes of groups, audits and juries.
    pub sizes: Sizes,
    /// When the adversary lies.
    pub strategy: Strategy,
    /// How often an honest node is offline, in 1/10,000.
    pub offline_bps: u16,
    /// One of the adversary's.
    pub adversary_offline_bps: u16,
    /// Whether what is earned is staked.
    pub restake: bool,
    /// Whether the adversary declares a build of its own.
    pub own_build: bool,
    /// Seed.
    pub seed: u64,
    /// For each share of the adversary.
    pub tallies: Vec<Tally>,
    /// How often groups of some sizes are captured.
    pub chances: Vec<Chance>,
    /// The same by experiment.
    pub drawn: Drawn,
    /// How often a jury is captured about a group in which the adversary has one seat, for each share of
    /// it; null where no jury is full.
    pub jury_chances: Vec<Option<f64>>,
}

impl Collusion {
    /// What must not be.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        self.tallies.iter().flat_map(Tally::faults).collect()
    }

    fn row(&self, label: &str, of: impl Fn(&Tally) -> String) -> Vec<String> {
        std::iter::once(label.to_owned()).chain(self.tallies.iter().map(of)).collect()
    }

    fn rows(&self) -> Vec<Vec<String>> {
        let tokens = |amount: Uint128| format::grouped(&(amount.u128() / UNIT).to_string());
        let mut rows = vec![self.row("adversary's nodes", |t| t.adversary_nodes.to_string())];
        let rounds = self.tallies.first().map(|tally| tally.shares.clone()).unwrap_or_default();
        for (place, Share { round, .. }) in rounds.iter().enumerate() {
            let label = match round {
                0 => String::from("its share of all stake"),
                round => format!("  after {round} rounds"),
            };
            rows.push(self.row(&label, |tally| {
                tally.shares.get(place).map(|at| share(at.millionths)).unwrap_or_default()
            }));
        }
        let count = |number: u64| format::grouped(&number.to_string());
        let more = [
            self.row("  but for silence", |t| share(t.but_for_silence_millionths)),
            self.row("groups drawn", |t| count(t.groups)),
            self.row("  accepted", |t| count(t.accepted_groups)),
            self.row("  of these wrong", |t| count(t.wrong_groups)),
            self.row("  void", |t| count(t.void_groups)),
            self.row("new models", |t| count(t.models.into())),
            self.row("  of these wrong", |t| count(t.wrong_models.into())),
            self.row("rounds without a new model", |t| count(t.rounds_without_model.into())),
            self.row("held rounds", |t| count(t.held_rounds.into())),
            self.row("  burned of the bond, tokens", |t| tokens(t.burned_bond)),
            self.row("honest seats slashed for wrong answers", |t| count(t.honest.wrong_seats)),
            self.row("adversary's seats slashed for them", |t| count(t.adversary.wrong_seats)),
            self.row("adversary lost for wrong answers, tokens", |t| {
                tokens(t.adversary.lost_for_wrong)
            }),
            self.row("adversary lost for silence, tokens", |t| {
                tokens(t.adversary.lost_for_silence)
            }),
            self.row("honest nodes lost for silence, tokens", |t| {
                tokens(t.honest.lost_for_silence)
            }),
            self.row("adversary earned, tokens", |t| tokens(t.adversary.earned)),
            self.row("honest nodes earned, tokens", |t| tokens(t.honest.earned)),
        ];
        rows.extend(more);
        rows
    }
}

/// A chance, with three significant digits.
fn chance(chance: f64) -> String {
    let digits = if chance > 0.0 { (-chance.log10()).ceil().max(0.0) as usize + 2 } else { 0 };
    format!("{chance:.digits$}")
}

impl Report for Collusion {
    fn page(&self) -> Page {
        let heads: Vec<String> =
            self.tallies.iter().map(|tally| format!("{} %", tally.adversary_percent)).collect();
        let head: Vec<&str> = std::iter::once("").chain(heads.iter().map(String::as_str)).collect();
        let sizes = &self.sizes;
        let page = Page::new("Collusion")
            .field("nodes", self.nodes)
            .field(
                "groups",
                format!("{} of a trainer and {} witnesses", sizes.groups, sizes.witnesses),
            )
            .field("audits, jury", format!("1/{}, {}", sizes.audit_one_in, sizes.jury))
            .field("lies", format!("{:?}", self.strategy).to_lowercase())
            .field("offline", format::bps(self.offline_bps.into()))
            .field("adversary offline", format::bps(self.adversary_offline_bps.into()))
            .field("restake", self.restake)
            .field("own build", self.own_build)
            .field("seed", self.seed)
            .table(&head, self.rows())
            .heading("Chance of a captured group: every seat is the adversary's");
        let row = |of: &Chance| {
            let label = format!("k = {}, w = {}", of.groups, of.witnesses);
            std::iter::once(label).chain(of.chances.iter().map(|one| chance(*one))).collect()
        };
        let mut rows: Vec<Vec<String>> = self.chances.iter().map(row).collect();
        if self.drawn.groups > 0 {
            let label = format!("drawn, of {}", format::grouped(&self.drawn.groups.to_string()));
            let captured = self.drawn.captured.iter().map(ToString::to_string);
            rows.push(std::iter::once(label).chain(captured).collect());
        }
        let all = self.jury_chances.iter();
        let row = all.map(|one| one.map_or_else(|| String::from("-"), chance));
        let label = format!("jury of {}", sizes.jury);
        let rows_of_jury = vec![std::iter::once(label).chain(row).collect()];
        page.table(&head, rows)
            .heading("Chance of a captured jury: more than two thirds are the adversary's")
            .table(&head, rows_of_jury)
    }
}
