//! What a bystander would write down who knows what was agreed, and shares every amount out NFT by NFT: no index, no
//! marks, no remainders that are carried.

use modelbond_interface::provenance::{HOLDERS_BPS, RESERVE_BPS};
use modelbond_provenance::state::Ledger;

use crate::exact::Exact;
use crate::world::Parents;

/// An NFT.
pub(crate) struct Token {
    pub(crate) model: usize,
    pub(crate) weight: u128,
    /// `None` once it is burned.
    pub(crate) holder: Option<usize>,
    /// Its part of all that was shared out.
    pub(crate) earned: Exact,
    pub(crate) paid: u128,
    /// Where it stands in the list of its model, and of its holder.
    places: (usize, usize),
}

impl Token {
    pub(crate) fn unpaid(&self) -> Exact {
        self.earned.minus(self.paid.into())
    }
}

/// A model.
pub(crate) struct Model {
    parents: Parents,
    pub(crate) owner: usize,
    /// Royalties.
    pub(crate) waiting: u128,
    pub(crate) reserve: u128,
    pub(crate) owners: u128,
    pub(crate) holders: u128,
    income: [u128; 3],
    pub(crate) weight: u128,
    /// What burned NFTs left to the others, since something was shared out.
    left: Exact,
    /// How many that were.
    burned: u128,
    /// Not burned.
    pub(crate) tokens: Vec<usize>,
    minted: u32,
}

impl Model {
    /// Most units that remainders are together: less than one of each NFT, and of the pool.
    pub(crate) fn remainders(&self) -> u128 {
        self.tokens.len() as u128 + self.burned
    }
}

/// Where money comes from.
#[derive(Clone, Copy)]
pub(crate) enum Source {
    Usage,
    Royalty,
    Fees,
}

/// All of them.
pub(crate) struct Books {
    pub(crate) models: Vec<Model>,
    pub(crate) tokens: Vec<Token>,
    /// By holder, not burned.
    pub(crate) hands: Vec<Vec<usize>>,
}

impl Books {
    pub(crate) fn new(graph: &[Parents], people: usize) -> Self {
        let model = |parents: &Parents| Model {
            parents: parents.clone(),
            owner: 0,
            waiting: 0,
            reserve: 0,
            owners: 0,
            holders: 0,
            income: [0; 3],
            weight: 0,
            left: Exact::default(),
            burned: 0,
            tokens: vec![],
            minted: 0,
        };
        let models = graph.iter().map(model).collect();
        Self { models, tokens: vec![], hands: vec![vec![]; people] }
    }

    /// Money comes in for a model. Returns the reserve's part.
    pub(crate) fn income(&mut self, model: usize, source: Source, amount: u128) -> u128 {
        self.models[model].income[source as usize] += amount;
        if matches!(source, Source::Fees) {
            let reserve = self.share_out(model, amount);
            self.models[model].reserve += reserve;
            return reserve;
        }
        let part = |bps: u16| amount * u128::from(bps) / 10_000;
        let (mut agreed, mut rest) = (RESERVE_BPS + HOLDERS_BPS, amount - part(HOLDERS_BPS));
        for (parent, bps) in self.models[model].parents.clone() {
            agreed += bps;
            rest -= part(bps);
            self.models[parent].waiting += part(bps);
        }
        let owner = part(10_000 - agreed);
        let reserve = rest - owner + self.share_out(model, part(HOLDERS_BPS));
        self.models[model].owners += owner;
        self.models[model].reserve += reserve;
        reserve
    }

    /// Royalties that wait are income.
    pub(crate) fn share_waiting(&mut self, model: usize) {
        let amount = std::mem::take(&mut self.models[model].waiting);
        if amount > 0 {
            self.income(model, Source::Royalty, amount);
        }
    }

    /// Gives each NFT its part. Returns what nobody has a part in.
    fn share_out(&mut self, model: usize, amount: u128) -> u128 {
        let model = &mut self.models[model];
        if model.weight == 0 {
            return amount;
        }
        model.holders += amount;
        model.burned = 0;
        let amount = Exact::from(amount).plus(std::mem::take(&mut model.left));
        let part = amount.among(model.weight);
        for number in &model.tokens {
            let token = &mut self.tokens[*number];
            token.earned = token.earned.plus(part(token.weight));
        }
        0
    }

    pub(crate) fn mint(&mut self, model: usize, holder: usize, weight: u128) {
        if weight > 0 {
            self.share_waiting(model);
        }
        let (number, book) = (self.tokens.len(), &mut self.models[model]);
        let places = (book.tokens.len(), self.hands[holder].len());
        book.tokens.push(number);
        book.weight += weight;
        book.minted += 1;
        self.hands[holder].push(number);
        let (holder, earned, paid) = (Some(holder), Exact::default(), 0);
        self.tokens.push(Token { model, weight, holder, earned, paid, places });
    }

    pub(crate) fn pay(&mut self, number: usize, amount: u128) {
        let token = &mut self.tokens[number];
        token.paid += amount;
        self.models[token.model].holders -= amount;
    }

    pub(crate) fn hand_over(&mut self, number: usize, to: Option<usize>) {
        let token = &mut self.tokens[number];
        let (from, place) = (token.holder.expect("is held"), token.places.1);
        token.holder = to;
        self.hands[from].swap_remove(place);
        if let Some(moved) = self.hands[from].get(place) {
            self.tokens[*moved].places.1 = place;
        }
        if let Some(to) = to {
            self.tokens[number].places.1 = self.hands[to].len();
            self.hands[to].push(number);
        }
    }

    /// Ends an NFT that was paid. What is smaller than a unit is for the others.
    pub(crate) fn burn(&mut self, number: usize) {
        self.hand_over(number, None);
        let token = &self.tokens[number];
        let (place, model) = (token.places.0, &mut self.models[token.model]);
        model.weight -= token.weight;
        model.left = model.left.plus(token.unpaid());
        model.burned += 1;
        model.tokens.swap_remove(place);
        if let Some(moved) = model.tokens.get(place) {
            self.tokens[*moved].places.0 = place;
        }
    }

    /// What an NFT has to get, its part of royalties that wait included.
    pub(crate) fn due(&self, number: usize) -> Exact {
        let token = &self.tokens[number];
        let model = &self.models[token.model];
        if model.waiting == 0 || token.weight == 0 {
            return token.unpaid();
        }
        let holders = model.waiting * u128::from(HOLDERS_BPS) / 10_000;
        let amount = Exact::from(holders).plus(model.left);
        token.unpaid().plus(amount.among(model.weight)(token.weight))
    }

    /// The contract's record of a model is this one.
    pub(crate) fn ensure_same(&self, model: usize, ledger: &Ledger) {
        let book = &self.models[model];
        let known = [ledger.reserve, ledger.owner, ledger.holders, ledger.pool.weight.into()];
        assert_eq!(known, [book.reserve, book.owners, book.holders, book.weight], "{model}");
        assert_eq!([ledger.usage, ledger.royalties, ledger.fees], book.income, "{model}");
        assert_eq!(ledger.contributions, book.minted, "{model}");
    }
}
