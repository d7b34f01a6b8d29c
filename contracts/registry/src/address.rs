//! Where markets are: an address that follows from the registry, the market's code, the creator and the
//! symbol, so that it is known before. Nobody else can put anything there, coins excepted, which are
//! nobody's in a market.

use cosmwasm_std::{instantiate2_address, Addr, Api, Env};
use modelbond_signature::SignBytes;

use crate::state::Config;
use crate::ContractError;

/// The salt of a market: D("model", creator, symbol).
pub(crate) fn salt(creator: &Addr, symbol: &str) -> [u8; 32] {
    SignBytes::new("model").field(creator.as_bytes()).field(symbol).finish()
}

/// The address of the market with this salt.
pub(crate) fn market(
    api: &dyn Api,
    env: &Env,
    config: &Config,
    salt: &[u8],
) -> Result<Addr, ContractError> {
    let registry = api.addr_canonicalize(env.contract.address.as_str())?;
    let market = instantiate2_address(&config.market_checksum, &registry, salt)?;
    Ok(api.addr_humanize(&market)?)
}
