//! Which typed events belong to which action of a contract that is not a market. An event may come
//! after messages to other contracts, when their answer is taken; it comes within the transaction.

use std::collections::BTreeMap;

use modelbond_interface::event::TypedEvent;
use modelbond_interface::{
    market as m, provenance as p, registry as r, rewards as w, training as t,
};

use crate::finding::{At, Finding, Notes};
use crate::Entry;

/// A contract of which there is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Singleton {
    Registry,
    Provenance,
    Rewards,
    Training,
}

/// Royalties that waited were shared out. Payments are told apart by where they come from.
const ROYALTY: &str = "revenue_shared royalty";

/// Events of an action.
struct Rule {
    action: &'static str,
    /// Each once; more often, if it is in `may`, too.
    must: &'static [&'static str],
    /// Any number of times.
    may: &'static [&'static str],
    /// At least one of these, if there are any, in an audit of all markets: one of them is a market's.
    one_of: &'static [&'static str],
}

const fn rule(
    action: &'static str,
    must: &'static [&'static str],
    may: &'static [&'static str],
) -> Rule {
    Rule { action, must, may, one_of: &[] }
}

const REGISTRY: &[Rule] = &[
    rule("instantiate", &[], &[]),
    rule("open_model", &[r::ModelOpened::TYPE], &[r::ModelsConnected::TYPE]),
    rule("update_model", &[r::ModelUpdated::TYPE], &[]),
    rule("offer_model", &[r::ModelOffered::TYPE], &[]),
    rule("accept_model", &[r::ModelHandedOver::TYPE], &[]),
    rule("connect", &[r::ModelsConnected::TYPE], &[]),
    rule("disconnect", &[r::ModelsDisconnected::TYPE], &[]),
];

const PROVENANCE: &[Rule] = &[
    rule("instantiate", &[], &[]),
    rule("mint_contribution", &[p::ContributionMinted::TYPE], &[ROYALTY]),
    rule("pay_usage", &["revenue_shared usage"], &[ROYALTY]),
    rule("distribute", &[ROYALTY], &[]),
    rule("collect_fees", &["revenue_shared fees"], &[]),
    rule("forward", &[p::RevenueForwarded::TYPE], &[]),
    rule("claim", &[p::EarningsClaimed::TYPE], &[p::EarningsClaimed::TYPE, ROYALTY]),
    rule("burn", &[p::ContributionBurned::TYPE], &[p::EarningsClaimed::TYPE, ROYALTY]),
    rule("contribute", &[p::ContributionOffered::TYPE], &[]),
    rule("draw_witnesses", &[p::WitnessesDrawn::TYPE], &[]),
    rule("commit_score", &[p::ScoreCommitted::TYPE], &[]),
    rule("reveal_score", &[p::ScoreRevealed::TYPE], &[]),
    rule("conclude_offer", &[p::OfferConcluded::TYPE], &[p::ContributionMinted::TYPE, ROYALTY]),
    rule("transfer_nft", &[], &[]),
    rule("send_nft", &[], &[]),
    rule("approve", &[], &[]),
    rule("revoke", &[], &[]),
    rule("approve_all", &[], &[]),
    rule("revoke_all", &[], &[]),
];

const REWARDS: &[Rule] = &[
    rule("instantiate", &[], &[]),
    Rule {
        // It fixes a budget or spends more of one: then the market emits, if only nothing.
        one_of: &[w::RewardsBudgeted::TYPE, m::MarketEmitted::TYPE],
        ..rule("settle", &[], &[w::RewardsBudgeted::TYPE, w::RewardsBought::TYPE])
    },
    rule("credit", &[w::WorkCredited::TYPE], &[w::RewardsPaid::TYPE]),
    rule("claim", &[w::RewardsPaid::TYPE], &[w::RewardsPaid::TYPE]),
];

const TRAINING: &[Rule] = &[
    rule("instantiate", &[], &[]),
    rule("open_run", &[t::RunOpened::TYPE], &[]),
    rule("set_algorithm", &[t::RunAlgorithmSet::TYPE], &[]),
    rule("add_slices", &[], &[]),
    rule("fund", &[t::RunFunded::TYPE], &[]),
    rule("bond", &[t::RunFunded::TYPE], &[]),
    rule("challenge", &[t::RoundChallenged::TYPE], &[]),
    rule("close_run", &[t::RunClosed::TYPE], &[]),
    rule("burn", &[t::RunBurned::TYPE], &[]),
    rule("advance", &[], &[]),
    rule("prove_lead", &[], &[]),
    rule("commit", &[t::RoundCommitted::TYPE], &[]),
    rule("reveal", &[t::RoundRevealed::TYPE], &[]),
    rule("post_output", &[], &[]),
    rule("open_slice", &[], &[]),
    rule("post_aggregate", &[t::RoundPosted::TYPE], &[]),
    rule("settle", &[t::RoundSettled::TYPE], &[t::RoundMetricsRefused::TYPE]),
    rule("claim", &[t::RoundClaimed::TYPE], &[]),
    rule("credit", &[t::UsageCredited::TYPE], &[]),
    rule("submit_feedback", &[t::FeedbackSubmitted::TYPE], &[]),
];

/// An event that no rule of its contract names may come with any action.
const fn rules(singleton: Singleton) -> &'static [Rule] {
    match singleton {
        Singleton::Registry => REGISTRY,
        Singleton::Provenance => PROVENANCE,
        Singleton::Rewards => REWARDS,
        Singleton::Training => TRAINING,
    }
}

/// An action under way.
#[derive(Debug, Clone)]
struct UnderWay {
    singleton: Singleton,
    action: String,
    at: At,
    seen: BTreeMap<String, u32>,
}

/// The actions under way in a transaction, the last one of each contract.
#[derive(Debug, Clone, Default)]
pub(crate) struct Actions {
    under_way: BTreeMap<Singleton, UnderWay>,
    /// Whether all markets are audited.
    pub(crate) whole: bool,
}

impl Actions {
    /// An action begins; what it must be said with is to follow.
    pub(crate) fn begin(&mut self, singleton: Singleton, entry: &Entry, notes: &mut Notes) {
        // An answer that was taken may say something without being an action.
        let Some(action) = entry.attribute("action") else { return };
        if rules(singleton).iter().all(|rule| rule.action != action) {
            notes.note("the action", "one of this contract", action);
        }
        let begun = UnderWay {
            singleton,
            action: action.to_owned(),
            at: notes.at.clone(),
            seen: BTreeMap::new(),
        };
        if let Some(before) = self.under_way.insert(singleton, begun) {
            before.end(self.whole, notes.findings);
        }
    }

    /// An event comes with the action under way.
    pub(crate) fn event(&mut self, singleton: Singleton, entry: &Entry, notes: &mut Notes) {
        let kind = kind_of(entry);
        let kind = kind.as_str();
        let Some(under_way) = self.under_way.get_mut(&singleton) else {
            return notes.note(format!("what {kind} belongs to"), "an action", "none");
        };
        let seen = under_way.seen.entry(kind.to_owned()).or_default();
        *seen = seen.saturating_add(1);
        let (once, rules) = (*seen == 1, rules(singleton));
        let belongs = |rule: &Rule| rule.may.contains(&kind) || (once && rule.must.contains(&kind));
        let named = rules.iter().any(|r| r.must.contains(&kind) || r.may.contains(&kind));
        let of_action = rules.iter().find(|rule| rule.action == under_way.action);
        if named && !of_action.is_some_and(belongs) {
            let what = format!("events {kind} of the action {}", under_way.action);
            notes.note(what, seen.saturating_sub(1), *seen);
        }
    }

    /// A market says something on behalf of the action under way.
    pub(crate) fn of_market(&mut self, entry: &Entry) {
        let Some(under_way) = self.under_way.get_mut(&Singleton::Rewards) else { return };
        let seen = under_way.seen.entry(kind_of(entry)).or_default();
        *seen = seen.saturating_add(1);
    }

    /// The action of a contract that is under way.
    pub(crate) fn current(&self, singleton: Singleton) -> Option<&str> {
        self.under_way.get(&singleton).map(|under_way| under_way.action.as_str())
    }

    /// The transaction is over.
    pub(crate) fn close(&mut self, findings: &mut Vec<Finding>) {
        for under_way in std::mem::take(&mut self.under_way).into_values() {
            under_way.end(self.whole, findings);
        }
    }
}

fn kind_of(entry: &Entry) -> String {
    let kind = entry.event.ty.strip_prefix("wasm-").unwrap_or_default();
    match entry.attribute("source") {
        Some(source) if kind == p::RevenueShared::TYPE => format!("{kind} {source}"),
        _ => kind.to_owned(),
    }
}

impl UnderWay {
    fn end(&self, whole: bool, findings: &mut Vec<Finding>) {
        let rule = rules(self.singleton).iter().find(|rule| rule.action == self.action);
        let Some(rule) = rule else { return };
        let mut notes = Notes { at: &self.at, findings };
        let what = format!("what comes with the action {}", self.action);
        for kind in rule.must {
            if !self.seen.contains_key(*kind) {
                notes.note(what.as_str(), kind, "nothing");
            }
        }
        let one = rule.one_of.iter().any(|kind| self.seen.contains_key(*kind));
        if whole && !rule.one_of.is_empty() && !one {
            notes.note(what, rule.one_of.join(" or "), "nothing");
        }
    }
}
