//! A random walk, and what is checked around every message of it.

use std::collections::{BTreeMap, HashMap};

use cosmwasm_std::{coin, from_json, Addr, Coin, Response, Uint128};
use modelbond_provenance::pack::Pack;
use modelbond_provenance::state::{Ledger, DENOMS, LEDGERS, NUM_TOKENS, ROYALTIES, TOKENS};

use crate::books::Books;
use crate::exact::Exact;
use crate::graph::{self, ancestors};
use crate::messages::{coins_sent, id};
use crate::random::Random;
use crate::world::{account, World};

pub(crate) const PEOPLE: usize = 60;

/// What rounding is worth, at most: an NFT that is short of a unit by its weight in 2⁻⁶⁴ units, 10¹² here, gets it.
pub(crate) const GRAIN: Exact = Exact::power(24);

/// A unit, and that.
pub(crate) fn unit() -> Exact {
    Exact::from(1).plus(GRAIN)
}

/// The walk.
pub(crate) struct Walk {
    pub(crate) world: World,
    pub(crate) random: Random,
    pub(crate) books: Books,
    pub(crate) people: Vec<Addr>,
    /// May move what anybody holds.
    pub(crate) operator: Addr,
    pub(crate) stranger: Addr,
    numbers: HashMap<Vec<u8>, usize>,
    /// By denom.
    came: BTreeMap<String, u128>,
    went: BTreeMap<String, u128>,
    /// What was done, and how often.
    counts: BTreeMap<&'static str, u64>,
    /// What was refused, and how often.
    pub(crate) refused: BTreeMap<&'static str, u64>,
    done: u64,
    seed: u64,
}

/// A failure says how to see it again.
impl Drop for Walk {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("seed {}, after {} operations", self.seed, self.done);
        }
    }
}

impl Walk {
    pub(crate) fn new(seed: u64) -> Self {
        let mut random = Random(seed);
        let people: Vec<Addr> =
            (0..PEOPLE).map(|number| account(&format!("person {number}"))).collect();
        let mut world = World::new(graph::draw(&mut random), &people[0]);
        let last = world.models.len() - 1;
        assert!(ancestors(&world.parents, last) >= 1_000);
        assert_eq!(world.parents[last].len(), 16);
        let stranger = world.stranger();
        let numbers = world.models.iter().enumerate();
        let numbers = numbers.map(|(number, model)| (model.as_bytes().to_vec(), number)).collect();
        let mut walk = Self {
            books: Books::new(&world.parents, PEOPLE),
            operator: account("operator"),
            stranger,
            world,
            random,
            people,
            numbers,
            came: BTreeMap::new(),
            went: BTreeMap::new(),
            counts: BTreeMap::new(),
            refused: BTreeMap::new(),
            done: 0,
            seed,
        };
        walk.allow_operator();
        walk
    }

    /// Messages so far that did what they should.
    pub(crate) fn done(&self) -> u64 {
        self.done
    }

    /// One of all models, and more often one of the late ones, which have many ancestors.
    pub(crate) fn model(&mut self) -> usize {
        let count = self.world.models.len();
        if self.random.chance(50) {
            return self.random.below(count);
        }
        let reach = self.random.below(count) + 1;
        count - 1 - self.random.below(reach)
    }

    /// An NFT that is not burned.
    pub(crate) fn some_token(&mut self) -> Option<usize> {
        let hand = self.random.below(PEOPLE);
        let hand = &self.books.hands[hand];
        hand.get(self.random.below(hand.len())).copied()
    }

    /// A message was accepted, and the books say what it should have done. All that came is in a ledger or went out,
    /// and every record of money that was written is as in the books.
    pub(crate) fn settle(&mut self, kind: &'static str, funds: Option<Coin>, response: &Response) {
        let mut change: BTreeMap<&str, i128> = BTreeMap::new();
        for (key, was, is) in self.world.storage.written() {
            let Some((model, ledgers)) = self.about_money(key) else { continue };
            let worth = if ledgers { worth_of_ledger } else { worth_of_royalties };
            let (was, now) = (was.map_or(0, worth), is.map_or(0, worth));
            *change.entry(self.world.denoms[model]).or_default() += now as i128 - was as i128;
            if ledgers {
                self.books.ensure_same(model, &ledger(is.expect("never goes")));
            } else {
                assert_eq!(now, self.books.models[model].waiting, "royalties of {model}");
            }
        }
        let mut moved: BTreeMap<String, i128> = BTreeMap::new();
        if let Some(coin) = funds {
            *moved.entry(coin.denom.clone()).or_default() += coin.amount.u128() as i128;
            *self.came.entry(coin.denom).or_default() += coin.amount.u128();
        }
        for coin in coins_sent(response) {
            *moved.entry(coin.denom.clone()).or_default() -= coin.amount.u128() as i128;
            *self.went.entry(coin.denom).or_default() += coin.amount.u128();
        }
        for denom in graph::DENOMS {
            let change = change.get(denom).copied().unwrap_or_default();
            assert_eq!(change, moved.remove(denom).unwrap_or_default(), "{kind}: I8 in {denom}");
        }
        assert!(moved.is_empty(), "{kind}: {moved:?}");
        *self.counts.entry(kind).or_default() += 1;
        self.done += 1;
    }

    /// Whose money a record is, and whether it is a ledger; others are royalties.
    fn about_money(&self, key: &[u8]) -> Option<(usize, bool)> {
        let ledger = key.strip_prefix(b"\0\x07ledgers".as_slice());
        let model = ledger.or_else(|| key.strip_prefix(b"\0\x09royalties".as_slice()))?;
        Some((self.numbers[model], ledger.is_some()))
    }

    /// An NFT that has got all it could get now has got its exact part, to a unit, and no more.
    pub(crate) fn ensure_fair(&self, token: usize, owed: u128) {
        let token = &self.books.tokens[token];
        let short = token.unpaid().minus(owed.into());
        assert!(short.plus(GRAIN) >= Exact::default(), "I11: too much, by {short:?}");
        assert!(short < unit(), "I11: short of {short:?}");
    }

    /// Every record there is, against the books, and all money.
    pub(crate) fn ensure_whole(&self) {
        let mut held: BTreeMap<&str, u128> = BTreeMap::new();
        let storage = &self.world.storage;
        for (model, address) in self.world.models.iter().enumerate() {
            let ledger = LEDGERS.may_load(storage, address).expect("a ledger");
            let ledger = ledger.unwrap_or_default();
            let waiting = ROYALTIES.may_load(storage, address).expect("an amount");
            self.books.ensure_same(model, &ledger);
            assert_eq!(waiting.unwrap_or_default().u128(), self.books.models[model].waiting);
            self.ensure_shared(model, &ledger);
            let denom = self.world.denoms[model];
            if ledger.usage + ledger.royalties + ledger.fees > 0 {
                assert_eq!(DENOMS.load(storage, address).as_deref(), Ok(denom));
            }
            *held.entry(denom).or_default() += worth(&ledger) + waiting.unwrap_or_default().u128();
        }
        for (denom, held) in held {
            let went = self.went.get(denom).copied().unwrap_or_default();
            assert_eq!(self.came[denom], went + held, "I8 in {denom}");
        }
        let living: usize = self.books.hands.iter().map(Vec::len).sum();
        assert_eq!(NUM_TOKENS.load(storage), Ok(living as u64));
    }

    /// If all holders of a model claimed now, they would get their exact parts, and what they left would be less
    /// than a unit each, and together what is there, to a 2⁻⁶⁴th.
    fn ensure_shared(&self, model: usize, ledger: &Ledger) {
        let mut pool = ledger.pool;
        let (mut units, mut parts) = (0, 0);
        for number in &self.books.models[model].tokens {
            let known = &self.books.tokens[*number];
            let token = TOKENS.may_load(&self.world.storage, &id(*number)).expect("an NFT");
            let token = token.expect("is not burned");
            assert_eq!(Some(token.owner), known.holder.map(|holder| self.people[holder].clone()));
            let (owed, share) = pool.pay(known.weight as u64, token.share).expect("fits");
            self.ensure_fair(*number, owed);
            units += owed;
            parts += u128::from(share.dust);
        }
        parts += pool.dust;
        assert_eq!(parts % (1 << 64), 0, "I8 of {model}");
        assert_eq!(units + (parts >> 64), ledger.holders, "I8 of {model}");
    }

    /// What is there of a denom.
    pub(crate) fn held(&self, denom: &str) -> u128 {
        self.came[denom] - self.went[denom]
    }

    /// Everything was among the operations.
    pub(crate) fn ensure_varied(&self) {
        for (kind, count) in &self.counts {
            assert!(*count >= 1_000, "{kind}: {count}");
        }
        for (kind, count) in &self.refused {
            assert!(*count >= 500, "{kind}: {count}");
        }
    }

    /// Coins of a model's denom.
    pub(crate) fn money(&self, model: usize, amount: u128) -> Coin {
        coin(amount, self.world.denoms[model])
    }
}

fn ledger(bytes: &[u8]) -> Ledger {
    Ledger::unpack(&mut &*bytes).expect("a ledger")
}

fn worth(ledger: &Ledger) -> u128 {
    ledger.reserve + ledger.owner + ledger.holders
}

fn worth_of_ledger(bytes: &[u8]) -> u128 {
    worth(&ledger(bytes))
}

fn worth_of_royalties(bytes: &[u8]) -> u128 {
    from_json::<Uint128>(bytes).expect("an amount").u128()
}
