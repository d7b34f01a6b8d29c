//! Block rewards with everything that they are made of: a model of the real registry, its real market, and
//! work. What rounds would leave in training's storage is put there; how they come to it is told by the
//! stories about training.

use std::collections::BTreeMap;

use cosmwasm_std::Addr;
use modelbond_interface::rewards::{
    ExecuteMsg, ModelRewardsResponse, OperatorResponse, QueryMsg, RewardsBought, RewardsBudgeted,
    RewardsPaid, Segment, SegmentResponse, SegmentsResponse,
};
use modelbond_interface::training::ModelWork;
use modelbond_rounds::state::WORK;
use serde::de::DeserializeOwned;

use crate::builder::Builder;
use crate::chain::{Chain, Contracts, Failure, Outcome};
use crate::deployment::{Deployment, Terms};
use crate::mock::Mock;
use crate::suite::Suite;

/// Length of the market's epochs, in stories.
pub const EPOCH_SECS: u64 = 3_600;
/// How long the market waits between two slices.
pub const SLICE_SECS: u64 = 600;

/// Rewards of a model on a mock.
pub struct Rewards {
    /// The model's market, and with it the chain.
    pub market: Suite<Mock>,
    /// All contracts of which there is one.
    pub deployment: Deployment,
    /// Address of rewards.
    pub address: String,
    /// What training says was done for the model.
    pub work: ModelWork,
    /// Tokens that somebody sent to rewards.
    pub donated: u128,
}

impl Default for Rewards {
    fn default() -> Self {
        Self::with(|market| market)
    }
}

impl Rewards {
    /// A new model with the fast parameters of a devnet and epochs of an hour, changed like this. Its launch is
    /// over, nobody has done any work.
    ///
    /// # Panics
    /// When a contract refuses.
    #[must_use]
    pub fn with(change: impl FnOnce(Builder) -> Builder) -> Self {
        let mut chain = Mock::default();
        let deployment = Deployment::on(&mut chain, Terms::default()).expect("deploys");
        let market =
            Suite::builder().fast().with_params(|params| params.emission.epoch_secs = EPOCH_SECS);
        let mut market = change(market).build_in(chain, &deployment).expect("opens");
        market.wait(100);
        let address = deployment.rewards.clone();
        Self { market, deployment, address, work: ModelWork::default(), donated: 0 }
    }

    /// A model that does as well as it can, as good for its market, since a while.
    #[must_use]
    pub fn successful() -> Self {
        let mut rewards = Self::default();
        rewards.succeed();
        rewards
    }

    /// P_model is 1, and M is as high as it gets.
    ///
    /// # Panics
    /// When the market refuses.
    pub fn succeed(&mut self) {
        self.perform(1_000_000);
        self.market.report([100; 4]).expect("reports");
        self.next_epoch();
    }

    /// P_model is this, in millionths.
    pub fn perform(&mut self, performance: u64) {
        self.work.performance = performance;
        self.store();
    }

    fn store(&mut self) {
        let training = Addr::unchecked(&self.deployment.training);
        let model = Addr::unchecked(&self.market.market);
        let mut storage = self.market.chain.app_mut().contract_storage_mut(&training);
        WORK.save(storage.as_mut(), &model, &self.work);
    }

    /// A round is settled, in which these had so many paid seats. Nobody has claimed anything. Where the round
    /// began.
    pub fn round(&mut self, seats: &[(&str, u32)]) -> u64 {
        let offset = self.work.work;
        self.work.work += seats.iter().map(|(_, work)| u64::from(*work)).sum::<u64>();
        self.store();
        offset
    }

    /// The same, and everybody claims at once.
    ///
    /// # Panics
    /// When rewards refuses.
    pub fn play(&mut self, seats: &[(&str, u32)]) -> u64 {
        let offset = self.round(seats);
        for (operator, work) in seats {
            self.credit(operator, offset, *work).expect("is credited");
        }
        offset
    }

    /// Training credits work.
    ///
    /// # Errors
    /// When rewards refuses.
    pub fn credit(&mut self, operator: &str, offset: u64, work: u32) -> Result<Outcome, Failure> {
        let msg = self.credit_message(operator, offset, work);
        let training = self.deployment.training.clone();
        self.send_from(&training, &msg)
    }

    /// What training says.
    #[must_use]
    pub fn credit_message(&self, operator: &str, offset: u64, work: u32) -> ExecuteMsg {
        let model = Addr::unchecked(&self.market.market);
        let operator = Addr::unchecked(self.market.address(operator));
        ExecuteMsg::Credit { model, operator, offset, work }
    }

    /// Somebody settles an epoch.
    ///
    /// # Errors
    /// When rewards or the market refuses.
    pub fn settle_epoch(&mut self, epoch: u32) -> Result<Outcome, Failure> {
        let model = self.market.market.clone();
        self.send("keeper", &ExecuteMsg::Settle { model, epoch })
    }

    /// Somebody settles the epoch that is due.
    ///
    /// # Errors
    /// When rewards or the market refuses.
    pub fn settle(&mut self) -> Result<Outcome, Failure> {
        self.settle_epoch(self.epoch().wrapping_sub(1))
    }

    /// The budget that the first settlement of an epoch fixes, and what it buys.
    ///
    /// # Panics
    /// When rewards refuses, or it was not the first one.
    pub fn budget(&mut self) -> (RewardsBudgeted, Option<RewardsBought>) {
        let outcome = self.settle().expect("settles");
        (outcome.event(), outcome.find())
    }

    /// Somebody claims for an operator.
    ///
    /// # Errors
    /// When nothing is due.
    pub fn claim(&mut self, operator: &str) -> Result<Vec<RewardsPaid>, Failure> {
        let (model, operator) = (self.market.market.clone(), self.market.address(operator));
        let msg = ExecuteMsg::Claim { model, operator: Some(operator) };
        Ok(paid(&self.send("stranger", &msg)?))
    }

    /// Sends any message.
    ///
    /// # Errors
    /// When rewards refuses.
    pub fn send(&mut self, who: &str, msg: &ExecuteMsg) -> Result<Outcome, Failure> {
        let sender = self.market.address(who);
        self.send_from(&sender, msg)
    }

    /// Sends any message from an address.
    ///
    /// # Errors
    /// When rewards refuses.
    pub fn send_from(&mut self, sender: &str, msg: &ExecuteMsg) -> Result<Outcome, Failure> {
        let address = self.address.clone();
        self.market.chain.execute_any(sender, &address, msg, &[])
    }

    /// Tells a story and undoes it, time included.
    pub fn imagine<R>(&mut self, story: impl FnOnce(&mut Self) -> R) -> R {
        let (block, work, donated) =
            (self.market.chain.app().block_info(), self.work, self.donated);
        let mark = self.market.chain.app_mut().storage_mut().mark();
        let result = story(self);
        let app = self.market.chain.app_mut();
        app.storage_mut().rewind(mark);
        app.set_block(block);
        (self.work, self.donated) = (work, donated);
        result
    }

    /// Somebody with enough coins buys for so much of the reserve denom, and sells it again: volume.
    ///
    /// # Panics
    /// When the market refuses.
    pub fn trade(&mut self, amount: u128) {
        self.market.fund("trader", amount);
        let tokens = self.market.buy("trader", amount).expect("buys").tokens_out.u128();
        self.market.sell("trader", tokens).expect("sells");
    }

    /// Number of the market's epoch now.
    #[must_use]
    pub fn epoch(&self) -> u32 {
        let opened_at = self.market.config().opened_at;
        let age = self.market.chain.now().seconds() - opened_at.seconds();
        u32::try_from(age / self.market.params().emission.epoch_secs).expect("a number")
    }

    /// Waits for the market's next epoch.
    pub fn next_epoch(&mut self) {
        let length = self.market.params().emission.epoch_secs;
        let opened_at = self.market.config().opened_at;
        let age = self.market.chain.now().seconds() - opened_at.seconds();
        self.market.wait(length - age % length);
    }

    /// Asks rewards.
    ///
    /// # Errors
    /// When it refuses.
    pub fn try_query<T: DeserializeOwned>(&self, msg: &QueryMsg) -> Result<T, Failure> {
        self.market.chain.query_any(&self.address, msg)
    }

    fn query<T: DeserializeOwned>(&self, msg: &QueryMsg) -> T {
        self.try_query(msg).expect("answers")
    }

    /// Where the model stands.
    #[must_use]
    pub fn model(&self) -> ModelRewardsResponse {
        self.query(&QueryMsg::Model { model: self.market.market.clone() })
    }

    /// The segment of a place on the line.
    #[must_use]
    pub fn segment(&self, offset: u64) -> Option<Segment> {
        let model = self.market.market.clone();
        self.query::<SegmentResponse>(&QueryMsg::Segment { model, offset }).segment
    }

    /// All segments.
    #[must_use]
    pub fn segments(&self) -> Vec<Segment> {
        let mut all: Vec<Segment> = vec![];
        loop {
            let (model, limit) = (self.market.market.clone(), Some(30));
            let start_after = all.last().map(|segment| segment.end);
            let msg = QueryMsg::Segments { model, start_after, limit };
            let page = self.query::<SegmentsResponse>(&msg).segments;
            if page.is_empty() {
                return all;
            }
            all.extend(page);
        }
    }

    /// The first unpaid pieces of an operator.
    #[must_use]
    pub fn operator(&self, who: &str) -> OperatorResponse {
        let (model, operator) = (self.market.market.clone(), self.market.address(who));
        let (start_after, limit) = (None, Some(30));
        self.query(&QueryMsg::Operator { model, operator, start_after, limit })
    }

    /// Gives rewards tokens, which belong to nobody there.
    ///
    /// # Panics
    /// When the market refuses.
    pub fn donate(&mut self, who: &str, tokens: u128) {
        let (recipient, amount) = (self.address.clone(), tokens.into());
        let msg = modelbond_interface::market::ExecuteMsg::Transfer { recipient, amount };
        self.market.send(who, &msg, 0).expect("gives");
        self.donated += tokens;
    }

    /// I8 and I10 for rewards: it holds what it owes and what was given to it; what it owes is what its
    /// segments have not paid; no segment pays more than it has, or to more seats.
    ///
    /// # Panics
    /// When that is not so.
    pub fn check(&self) {
        let (model, segments) = (self.model(), self.segments());
        let held = self.market.tokens_at(&self.address);
        assert_eq!(held, model.owed.u128() + self.donated, "I8");
        let left: u128 = segments.iter().map(|s| (s.tokens - s.paid_tokens).u128()).sum();
        assert_eq!(model.owed.u128(), left, "I8: {segments:?}");
        let mut end = 0;
        for segment in &segments {
            assert_eq!(segment.start, end, "I10: {segments:?}");
            assert!(segment.end > segment.start);
            assert!(segment.paid_work <= segment.end - segment.start, "I10: {segment:?}");
            assert!(segment.closed || segment.paid_work == 0, "I10: {segment:?}");
            assert!(!segment.closed || !segment.tokens.is_zero(), "{segment:?}");
            end = segment.end;
        }
        let last_is_open = segments.last().is_some_and(|segment| !segment.closed);
        assert_eq!(model.open.is_some(), last_is_open);
        assert_eq!(model.uncut_work, self.work.work - end);
    }
}

/// What a message paid.
#[must_use]
pub fn paid(outcome: &Outcome) -> Vec<RewardsPaid> {
    outcome.events.iter().filter_map(|event| RewardsPaid::try_from(event).ok()).collect()
}

/// Σ tokens by operator.
#[must_use]
pub fn by_operator(paid: &[RewardsPaid]) -> BTreeMap<String, u128> {
    let mut sums = BTreeMap::new();
    for piece in paid {
        *sums.entry(piece.operator.clone()).or_default() += piece.tokens.u128();
    }
    sums
}
