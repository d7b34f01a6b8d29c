//! Random sequences of everything, against a ledger of its own, with the roster's directory counted
//! again after each step.

use std::collections::{BTreeMap, BTreeSet};

use cosmwasm_std::Addr;
use modelbond_interface::nodes::{Directory, Member, PAGE_MEMBERS};
use modelbond_nodes::state::TOTALS;
use modelbond_tests::nodes::{terms, PLENTY, RUN, UNIT};
use modelbond_tests::random::Random;
use modelbond_tests::{Chain, Nodes};

const STEPS: usize = 1_500;
const RUNS: [u64; 2] = [RUN, 2];

/// What a node has.
#[derive(Default)]
struct Stake {
    amount: u128,
    /// Amount, when it is over in seconds, epoch.
    unbondings: Vec<(u128, u64, u64)>,
}

impl Stake {
    fn all(&self) -> u128 {
        self.amount + self.unbondings.iter().map(|one| one.0).sum::<u128>()
    }

    fn slash(&mut self, bps: u16) -> u128 {
        let taken = self.all() * u128::from(bps) / 10_000;
        let mut owed = taken;
        let parts = self.unbondings.iter_mut().map(|one| &mut one.0);
        for part in std::iter::once(&mut self.amount).chain(parts) {
            let now = owed.min(*part);
            *part -= now;
            owed -= now;
        }
        self.unbondings.retain(|one| one.0 > 0);
        taken
    }
}

/// What ought to be.
struct Ledger {
    owners: Vec<&'static str>,
    stakes: BTreeMap<u64, Stake>,
    /// By run and epoch: members in order.
    rosters: BTreeMap<(u64, u64), Vec<(u64, u32)>>,
    pruned: BTreeSet<(u64, u64)>,
    pinned: Option<u64>,
    slashed: u128,
    paid: u128,
}

impl Ledger {
    fn units(&self, node_id: u64, run_id: u64) -> u32 {
        let unit = UNIT * u128::from(run_id);
        (self.stakes[&node_id].amount / unit) as u32
    }

    fn follow(&mut self, node_id: u64, next: u64) {
        for run_id in RUNS {
            let units = self.units(node_id, run_id);
            let roster = self.rosters.entry((run_id, next)).or_default();
            roster.iter_mut().filter(|one| one.0 == node_id).for_each(|one| one.1 = units);
        }
    }
}

fn begin() -> (Nodes, Ledger) {
    let mut nodes = Nodes::on_mock();
    let mut second = terms(2, &nodes.token);
    second.unit_stake = (2 * UNIT).into();
    nodes.set_run(second).unwrap();
    let owners = vec!["alice", "bob", "alice", "carol", "bob", "alice"];
    let names: Vec<String> = (0..owners.len()).map(|i| format!("machine {i}")).collect();
    let machines: Vec<_> = owners.iter().copied().zip(names.iter().map(String::as_str)).collect();
    let stakes = nodes.fleet(&machines).into_iter().map(|id| (id, Stake::default())).collect();
    let ledger = Ledger {
        owners,
        stakes,
        rosters: BTreeMap::new(),
        pruned: BTreeSet::new(),
        pinned: None,
        slashed: 0,
        paid: 0,
    };
    (nodes, ledger)
}

#[test]
fn the_contract_and_the_ledger_agree_after_every_step() {
    let (mut nodes, mut ledger) = begin();
    let mut random = Random::new(11);
    let mut accepted = BTreeMap::<&str, usize>::new();
    for step in 0..STEPS {
        let (kind, ok) = act(&mut nodes, &mut ledger, &mut random);
        *accepted.entry(kind).or_default() += usize::from(ok);
        agree(&nodes, &ledger, step);
    }
    for kind in ["stake", "unstake", "withdraw", "ready", "slash", "prune", "pin", "wait"] {
        assert!(accepted.get(kind).is_some_and(|n| *n > 10), "{kind}: {accepted:?}");
    }
}

/// One random step, the same in both; its kind, and whether the contract did it.
fn act(nodes: &mut Nodes, ledger: &mut Ledger, random: &mut Random) -> (&'static str, bool) {
    let node_id = 1 + random.below(6) as u64;
    let owner = ledger.owners[node_id as usize - 1];
    let (now, epoch) = (nodes.chain.now().seconds(), nodes.epoch());
    match random.below(12) {
        0 | 1 => {
            let amount = random.magnitude(20 * UNIT);
            nodes.stake(owner, node_id, amount).unwrap();
            ledger.stakes.get_mut(&node_id).unwrap().amount += amount;
            ledger.follow(node_id, epoch + 1);
            ("stake", true)
        }
        2 | 3 => {
            let amount = random.magnitude(12 * UNIT);
            let stake = ledger.stakes.get_mut(&node_id).unwrap();
            let good = amount <= stake.amount && stake.unbondings.len() < 16;
            assert_eq!(nodes.unstake(owner, node_id, amount).is_ok(), good);
            if good {
                stake.amount -= amount;
                stake.unbondings.push((amount, now + 300, epoch));
                ledger.follow(node_id, epoch + 1);
            }
            ("unstake", good)
        }
        4 => {
            let pinned = ledger.pinned;
            let stake = ledger.stakes.get_mut(&node_id).unwrap();
            let free = |one: &(u128, u64, u64)| {
                one.1 <= now && pinned.is_none_or(|pinned| pinned > one.2 + 1)
            };
            let amount: u128 = stake.unbondings.iter().filter(|one| free(one)).map(|o| o.0).sum();
            let result = nodes.withdraw(node_id);
            assert_eq!(result.is_ok(), amount > 0, "{result:?}");
            if let Ok(event) = result {
                assert_eq!(event.amount, amount);
                stake.unbondings.retain(|one| !free(one));
                ledger.paid += amount;
            }
            ("withdraw", amount > 0)
        }
        5..=7 => {
            let run_id = random.pick(&RUNS);
            let units = ledger.units(node_id, run_id);
            assert_eq!(nodes.ready(owner, run_id, node_id).is_ok(), units > 0);
            if units > 0 {
                let roster = ledger.rosters.entry((run_id, epoch + 1)).or_default();
                match roster.iter_mut().find(|one| one.0 == node_id) {
                    Some(one) => one.1 = units,
                    None => roster.push((node_id, units)),
                }
            }
            ("ready", units > 0)
        }
        8 => {
            let items: Vec<(u64, u16)> = (0..random.below(5))
                .map(|_| (random.below(8) as u64, random.below(10_001) as u16 / 8))
                .collect();
            let (data, events) = nodes.slash(&items).unwrap();
            assert_eq!(events.len(), items.len());
            for ((node_id, bps), amount) in items.iter().zip(&data.amounts) {
                let taken = ledger.stakes.get_mut(node_id).map_or(0, |stake| stake.slash(*bps));
                assert_eq!(amount.u128(), taken);
                ledger.slashed += taken;
                if ledger.stakes.contains_key(node_id) {
                    ledger.follow(*node_id, epoch + 1);
                }
            }
            ("slash", !data.total.is_zero())
        }
        9 => {
            let old = epoch.saturating_sub(random.between(1, 5) as u64);
            let good = old + 2 <= epoch && ledger.pinned.is_none_or(|pinned| pinned > old);
            let result = nodes.prune(old, Some(random.below(5) as u32));
            assert_eq!(result.is_ok(), good, "{result:?}");
            let event = result.ok().flatten();
            if let Some(event) = &event {
                let roster = ledger.rosters.get_mut(&(RUN, old)).unwrap();
                roster.truncate(roster.len() - event.members as usize);
                assert_eq!(event.left as usize, roster.len());
                ledger.pruned.insert((RUN, old));
            }
            ("prune", event.is_some())
        }
        10 => {
            let pinned = random.chance(60).then(|| epoch.saturating_sub(random.below(6) as u64));
            nodes.pin(pinned);
            ledger.pinned = pinned;
            ("pin", true)
        }
        _ => {
            nodes.chain.wait(random.below(90) as u64);
            ("wait", true)
        }
    }
}

fn agree(nodes: &Nodes, ledger: &Ledger, step: usize) {
    // Every token is found again.
    let owed: u128 = ledger.stakes.values().map(Stake::all).sum();
    assert_eq!(nodes.tokens_at(&nodes.address), owed, "step {step}");
    let [address, token] = [&nodes.address, &nodes.token].map(Addr::unchecked);
    let storage = nodes.chain.app().contract_storage(&address);
    let total = TOTALS.may_load(&*storage, &token).unwrap().unwrap_or_default();
    assert_eq!(total.u128(), owed);
    assert_eq!(nodes.tokens("training"), ledger.slashed);
    let owners: u128 = ["alice", "bob", "carol"].map(|who| nodes.tokens(who)).iter().sum();
    assert_eq!(owners + owed + ledger.slashed, 3 * PLENTY);
    for (node_id, stake) in &ledger.stakes {
        let found = nodes.stake_in(*node_id);
        assert_eq!(found.amount.u128(), stake.amount);
        let unbondings: Vec<_> = found
            .unbondings
            .iter()
            .map(|one| (one.amount.u128(), one.unbonds_at.seconds(), one.epoch))
            .collect();
        assert_eq!(unbondings, stake.unbondings);
    }
    // Every roster that there ever was, those of epochs that have begun included, is what it was.
    let newest = nodes.epoch() + 1;
    for ((run_id, epoch), expected) in &ledger.rosters {
        if epoch + 4 < newest && !step.is_multiple_of(50) {
            continue; // the old ones are looked at from time to time
        }
        let members: Vec<Member> =
            nodes.members(*run_id, *epoch).iter().map(|info| info.member).collect();
        let found: Vec<_> = members.iter().map(|member| (member.node_id, member.units)).collect();
        assert_eq!(&found, expected, "step {step}: run {run_id}, epoch {epoch}");
        counted(&nodes.roster(*run_id, *epoch), &members);
    }
}

/// The directory is the sum of the members.
fn counted(directory: &Directory, members: &[Member]) {
    let sum = |members: &[Member]| members.iter().map(|one| u64::from(one.units)).sum::<u64>();
    let mut owners = BTreeMap::<u64, u64>::new();
    for member in members.iter().filter(|member| member.units > 0) {
        *owners.entry(member.owner_id).or_default() += u64::from(member.units);
    }
    assert_eq!(directory.members as usize, members.len());
    assert_eq!(directory.units, sum(members));
    assert_eq!(directory.owners as usize, owners.len());
    assert!(directory.largest_owner_units >= owners.values().max().copied().unwrap_or(0));
    let pages: Vec<u64> = members.chunks(PAGE_MEMBERS).map(sum).collect();
    assert_eq!(directory.pages, pages);
}
