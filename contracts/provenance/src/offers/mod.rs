//! Offered contributions: somebody gives data to a model, nodes of its run score it, and what more than
//! two thirds of them found alike makes it an NFT.
//!
//! | message | needs | then |
//! |---|---|---|
//! | `contribute` | an open run, data that the model was not offered before, the fee | waits |
//! | `draw_witnesses` | the beacon round of `draws_at`; C of a round of training that opened after the offer | commits |
//! | `commit_score` | a seat; until `witness_secs` after the draw | |
//! | `reveal_score` | all have committed, or their time is over; for `witness_secs` more | |
//! | `conclude_offer` | nothing more can be revealed; or it could not be drawn for a week | accepted or rejected |
//!
//! - **Who scores** follows from a beacon round that is fixed with the offer and lies ahead of it, and from C
//!   of a round of training that was not open yet, in which a leader's VRF output and the salts of everybody's
//!   reveals are. The roster is the one that this round drew from: nobody changes it after either seed is
//!   known. When the message is sent changes nothing. Nodes of the contributor and of the sender do not score,
//!   and nobody has two seats. An emitter of a central beacon can keep its round back, and so keep an offer
//!   from being drawn; no more than that.
//! - **What is scored** is fixed with the draw: the data, the model that the deciding round began with, and that
//!   round's slice of the holdout. What training does meanwhile changes no score.
//! - **Nobody copies**: a commit binds chain, contract, offer, seat, node, owner and salt, and reveals begin
//!   when commits have ended. Witnesses who trust each other can still copy by consent.
//! - **Nobody decides alone**: see [`modelbond_economy::offer`]. Who is silent counts as one who disagrees.
//! - **Money**: an offer's fee is its own ledger, which is there until the offer is concluded and then paid
//!   out to the unit, in that message: at most nine owners, and the sender. Nobody is slashed.
//! - **Data** that were accepted, or wait, are not taken twice for a model. What was rejected was not scored,
//!   and may be offered again; a contributor's signature may not. Data can be copied by whoever sees them:
//!   who offers some shows them only after the offer is in a block.

mod conclude;
mod contribute;
mod draw;
mod query;
mod score;
mod signed;
mod state;
mod world;

pub(crate) use conclude::conclude;
pub(crate) use contribute::contribute;
pub(crate) use draw::draw;
pub(crate) use query::{offer, offers};
pub(crate) use score::{commit, reveal};
