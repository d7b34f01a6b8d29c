//! Provenance's books against its answers.

use std::collections::{BTreeMap, BTreeSet};

use cosmwasm_std::Uint128;
use modelbond_interface::provenance::{
    ContributionResponse, OfferResponse, OfferStatus, RevenueResponse, Witness,
};

use crate::finding::{At, Finding, Notes};
use crate::provenance::ProvenanceBooks;

/// What provenance answers after the last entry of the log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProvenanceAnswers {
    /// What models have earned, by market.
    pub revenues: BTreeMap<String, RevenueResponse>,
    /// Contributions to each of these models, by market.
    pub tokens: BTreeMap<String, Vec<String>>,
    /// NFTs, by id.
    pub contributions: BTreeMap<String, ContributionResponse>,
    /// What those that are not burned can claim, by id.
    pub claimable: BTreeMap<String, Uint128>,
    /// Offers about these models.
    pub offers: Vec<OfferResponse>,
    /// What it has at the bank, by denom.
    pub bank: BTreeMap<String, u128>,
}

/// Every difference between provenance's books and its answers.
#[must_use]
pub fn compare_provenance(
    contract: &str,
    books: &ProvenanceBooks,
    answers: &ProvenanceAnswers,
) -> Vec<Finding> {
    let mut findings = vec![];
    let at = At::State { contract: contract.to_owned() };
    let notes = &mut Notes { at: &at, findings: &mut findings };
    for (model, answer) in &answers.revenues {
        revenue(books, model, answer, notes);
    }
    for (model, ids) in &answers.tokens {
        let expected = books.tokens.iter().filter(|(_, token)| token.model == *model);
        let expected: BTreeSet<&String> = expected.map(|(id, _)| id).collect();
        let actual: BTreeSet<&String> = ids.iter().collect();
        for id in expected.symmetric_difference(&actual) {
            let (expected, actual) = (expected.contains(id), actual.contains(id));
            notes.equal(format!("whether {id} contributed to {model}"), expected, actual);
        }
    }
    for (id, answer) in &answers.contributions {
        token(books, id, answer, notes);
    }
    for (id, actual) in &answers.claimable {
        let expected = books.claimable(id);
        if expected.abs_diff(actual.u128()) > 1 {
            let expected = format!("{expected}, within one unit");
            notes.note(format!("what {id} can claim"), expected, actual);
        }
    }
    for answer in &answers.offers {
        offer(books, answer, notes);
    }
    for (denom, actual) in &answers.bank {
        let least = books.money(denom);
        if *actual < least {
            notes.note(format!("bank balance of {denom}"), format!("at least {least}"), actual);
        }
    }
    findings
}

fn revenue(books: &ProvenanceBooks, model: &str, answer: &RevenueResponse, notes: &mut Notes) {
    let expected = books.models.get(model).cloned().unwrap_or_default();
    let RevenueResponse { denom, weight, usage, royalties, fees, .. } = answer;
    let mut equal = |what: &str, expected: u128, actual: &Uint128| {
        notes.equal(format!("{what} of {model}"), expected, actual.u128());
    };
    equal("weight", expected.pool.weight, weight);
    equal("usage", expected.usage, usage);
    equal("royalties", expected.royalties.saturating_add(expected.undistributed), royalties);
    equal("fees", expected.fees, fees);
    equal("royalties that wait", expected.undistributed, &answer.undistributed);
    equal("what waits for the reserve", expected.reserve, &answer.reserve);
    equal("what waits for the owner", expected.owner, &answer.owner);
    equal("what holders have", expected.holders, &answer.holders);
    if !expected.denom.is_empty() {
        notes.equal(format!("denom of {model}"), expected.denom.as_str(), denom.as_str());
    }
}

fn token(books: &ProvenanceBooks, id: &str, answer: &ContributionResponse, notes: &mut Notes) {
    let Some(expected) = books.tokens.get(id) else {
        return notes.note(format!("NFT {id}"), "none", "one");
    };
    let what = |what: &str| format!("{what} of {id}");
    notes.equal(what("weight"), expected.share.weight, answer.weight.u128());
    notes.equal(what("model"), expected.model.as_str(), answer.contribution.model.as_str());
    let contributor = answer.contribution.contributor.as_str();
    notes.equal(what("contributor"), expected.contributor.as_str(), contributor);
    let parents = answer.contribution.parents.join(",");
    notes.equal(what("parents"), expected.parents.as_str(), parents.as_str());
    let holder = expected.holder.as_deref().unwrap_or("nobody");
    let actual = answer.owner.as_ref().map_or("nobody", |owner| owner.as_str());
    notes.equal(what("holder"), holder, actual);
}

fn offer(books: &ProvenanceBooks, answer: &OfferResponse, notes: &mut Notes) {
    let OfferResponse { offer_id, fee, status, witnesses, .. } = answer;
    let Some(expected) = books.offers.get(offer_id) else {
        return notes.note(format!("offer {offer_id}"), "none", "one");
    };
    let what = |what: &str| format!("{what} of offer {offer_id}");
    notes.equal(what("fee"), expected.fee, fee.amount.u128());
    notes.equal(what("denom"), expected.denom.as_str(), fee.denom.as_str());
    let accepted = matches!(status, OfferStatus::Accepted { .. });
    let concluded = accepted || *status == OfferStatus::Rejected {};
    notes.equal(what("acceptance"), expected.accepted, accepted);
    notes.equal(what("end"), expected.concluded, concluded);
    let contributor = answer.offered.contributor.as_str();
    notes.equal(what("contributor"), expected.contributor.as_str(), contributor);
    notes.equal(what("sender"), expected.sender.as_str(), answer.sender.as_str());
    let data_hash = answer.offered.data_hash.to_string();
    notes.equal(what("data"), expected.data_hash.as_str(), data_hash.as_str());
    let round = |round: Option<(u64, u64)>| match round {
        Some((run_id, round_id)) => format!("round {round_id} of run {run_id}"),
        None => "none".to_owned(),
    };
    let actual = answer.round_id.map(|round_id| (answer.run_id, round_id));
    notes.equal(what("seed"), round(expected.drawn_by), round(actual));
    let nodes: Vec<String> = witnesses.iter().map(|w| w.node_id.to_string()).collect();
    notes.equal(what("witnesses"), expected.node_ids.as_str(), nodes.join(",").as_str());
    for Witness { slot, commit, score, .. } in witnesses {
        let seat = format!("{} of witness {slot}", what("commit"));
        notes.equal(seat, expected.committed.contains(slot), commit.is_some());
        let shown = |score: Option<(u32, i32)>| match score {
            Some((quality, improvement)) => format!("{quality} and {improvement}"),
            None => "none".to_owned(),
        };
        let actual = score.map(|score| (score.quality, score.improvement));
        let seat = format!("{} of witness {slot}", what("score"));
        notes.equal(seat, shown(expected.revealed.get(slot).copied()), shown(actual));
    }
}
