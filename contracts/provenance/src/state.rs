//! What is stored. Money is in ledgers, one for each model, and in what waits for it as royalties: the balance of the
//! contract decides nothing.

use cosmwasm_std::{Addr, Storage, Timestamp, Uint128};
use cw721::{Approval, Expiration};
use cw_storage_plus::{Item, Map};
use modelbond_economy::shares::{Pool, Share};
use modelbond_interface::provenance::Contribution;

use crate::pack::{Single, Table};
use crate::ContractError;

/// What was fixed at instantiation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The registry.
    pub registry: Addr,
    /// Training.
    pub training: Addr,
    /// The beacon.
    pub beacon: Addr,
    /// chainId of the EIP-712 domain of signed contributions.
    pub evm_chain_id: u64,
    /// How long witnesses have to commit, and again to reveal.
    pub witness_secs: u64,
    /// When this contract was made.
    pub made_at: Timestamp,
}

/// What of an NFT changes.
#[derive(Debug, Clone, PartialEq)]
pub struct Token {
    /// Who holds it.
    pub owner: Addr,
    /// Who may move it besides; none after it moved.
    pub approvals: Vec<Approval>,
    /// Its share of what its model earns.
    pub share: Share,
}

/// What a model has earned. Everything that came in is in `reserve`, `owner` or `holders`, or went out from there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger {
    /// Shares of its NFTs.
    pub pool: Pool,
    /// Waits for the reserve.
    pub reserve: u128,
    /// Waits for the owner.
    pub owner: u128,
    /// Shared out to NFTs and not paid.
    pub holders: u128,
    /// Paid by users since the beginning.
    pub usage: u128,
    /// Royalties shared out since the beginning.
    pub royalties: u128,
    /// Trade fees since the beginning.
    pub fees: u128,
    /// Contributions so far, burned ones included.
    pub contributions: u32,
}

impl Ledger {
    /// Whether nothing has come in so far.
    pub(crate) fn has_no_income(&self) -> bool {
        self.usage == 0 && self.royalties == 0 && self.fees == 0
    }
}

/// Set at instantiation, never changed.
pub const CONFIG: Single<Config> = Single::new("config");

/// Token id → what was contributed. Appears when it is minted, never changes, never goes.
pub const CONTRIBUTIONS: Table<&str, Contribution> = Table::new("contributions");

/// Token id → NFT. Appears when it is minted, goes when it is burned.
pub const TOKENS: Table<&str, Token> = Table::new("tokens");

/// How many there are in [`TOKENS`].
pub const NUM_TOKENS: Item<u64> = Item::new("num_tokens");

/// (Holder, token id) → 1: the reverse of [`TOKENS`].
pub const HELD: Map<(&Addr, &str), u8> = Map::new("held");

/// (Holder, operator) → until when the operator may move everything of the holder. Appears with `approve_all`, goes
/// with `revoke_all`.
pub const OPERATORS: Map<(&Addr, &Addr), Expiration> = Map::new("operators");

/// Model → what it has earned. Appears with the first contribution or income, never goes.
pub const LEDGERS: Table<&Addr, Ledger> = Table::new("ledgers");

/// Model → denom of all its money. Appears with the first income, never changes: it is what the registry says, at a
/// third of the price.
pub const DENOMS: Map<&Addr, String> = Map::new("denoms");

/// Model → royalties that it has got and not shared out. Goes when they are.
pub const ROYALTIES: Map<&Addr, Uint128> = Map::new("royalties");

/// (Model, number) → token id, in the order of minting, from 0. Never goes.
pub const MODEL_TOKENS: Map<(&Addr, u32), String> = Map::new("model_tokens");

/// (Parent, child), token ids → 1. Appears when the child is minted, never goes; the parent need not be there.
pub const CHILDREN: Map<(&str, &str), u8> = Map::new("children");

/// Token id → how many contributions of other people are built on it. While it is not minted, how many of anybody.
pub const USES: Map<&str, u32> = Map::new("uses");

/// (Token id, contributor) → how many contributions of that person are built on a contribution that is not minted:
/// what to take from [`USES`] when it turns out to be by the same. Goes then.
pub const EARLY_USES: Map<(&str, &Addr), u32> = Map::new("early_uses");

/// The contribution.
pub(crate) fn contribution(
    storage: &dyn Storage,
    token_id: &str,
) -> Result<Contribution, ContractError> {
    let found = CONTRIBUTIONS.may_load(storage, token_id)?;
    found.ok_or_else(|| ContractError::UnknownToken { token_id: token_id.to_owned() })
}

/// The NFT, which is not burned.
pub(crate) fn token(storage: &dyn Storage, token_id: &str) -> Result<Token, ContractError> {
    let found = TOKENS.may_load(storage, token_id)?;
    found.ok_or_else(|| ContractError::UnknownToken { token_id: token_id.to_owned() })
}

/// The ledger of a model; an empty one before it has earned or got anything.
pub(crate) fn ledger(storage: &dyn Storage, model: &Addr) -> Result<Ledger, ContractError> {
    Ok(LEDGERS.may_load(storage, model)?.unwrap_or_default())
}

/// Royalties of a model that are not shared out.
pub(crate) fn waiting(storage: &dyn Storage, model: &Addr) -> Result<u128, ContractError> {
    Ok(ROYALTIES.may_load(storage, model)?.unwrap_or_default().u128())
}
