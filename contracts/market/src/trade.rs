//! The rules of buying and selling, without storage (market.md, "Solvency when M moves").
//!
//! A purchase of span D costs c = max(c_B, min(c_M, c_π)): at the backing, the multiplier, and
//! the backing plus premium, each rounded up. The reserve gets max(⌈c·reserve_bps⌉, c_B), so
//! R'·G ≥ R·G'. A sale takes ⌊R·D/G⌋ out. Fees are each on c (or gross), each rounded up. Rates
//! and prices are fixed by the state before the order.

use modelbond_curve::{Rate, Rounding, U256};
use modelbond_interface::market::FeeSplit;

use crate::amount::{add, bps_down, bps_up, portion, ppb_up, sub, BPS, PPB};
use crate::session::Session;
use crate::vesting::floor_of;
use crate::ContractError;

/// A fee, and where it goes: `rewards + provenance + treasury + pending = total`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fee {
    pub(crate) total: u128,
    pub(crate) rewards: u128,
    pub(crate) provenance: u128,
    pub(crate) treasury: u128,
    /// The reserve's part, the launch excess and what rounding left over.
    pub(crate) pending: u128,
}

/// A purchase that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bought {
    /// All tokens that came into being.
    pub(crate) minted: u128,
    /// The buyer's.
    pub(crate) tokens_out: u128,
    pub(crate) cost: u128,
    pub(crate) to_reserve: u128,
    pub(crate) fee: Fee,
    pub(crate) surcharge: u128,
    /// Remainder that is not worth a refund.
    pub(crate) dust: u128,
    pub(crate) refund: u128,
    /// g after.
    g: U256,
}

impl Bought {
    /// `cost + fee + surcharge`.
    fn due(&self) -> Result<u128, ContractError> {
        add(self.cost, add(self.fee.total, self.surcharge)?)
    }

    /// Paid, refund excluded.
    pub(crate) fn amount_in(&self) -> Result<u128, ContractError> {
        add(self.due()?, self.dust)
    }

    pub(crate) fn stakeholder_tokens(&self) -> Result<u128, ContractError> {
        sub(self.minted, self.tokens_out)
    }
}

/// A sale that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sold {
    pub(crate) tokens_in: u128,
    pub(crate) gross: u128,
    pub(crate) burned: u128,
    pub(crate) fee: Fee,
    pub(crate) surcharge: u128,
    pub(crate) reserve_out: u128,
}

/// What a sale does when it would leave the price band.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AtEdge {
    /// Refuse.
    Refuse,
    /// Sell what fits.
    Fill,
    /// Sell all the same: only to show what a holding is worth.
    Ignore,
}

/// The three prices of a span.
struct Pricing {
    backing: Rate,
    premium: Rate,
    multiplier: Rate,
}

impl Session {
    fn pricing(&self) -> Pricing {
        let backing = |premium_bps| Rate::Backing {
            reserve: self.book.reserve,
            total: self.total,
            premium_bps,
        };
        Pricing {
            backing: backing(0),
            premium: backing(self.config.params.multiplier.max_premium_bps.into()),
            multiplier: Rate::Multiplier(self.book.multiplier),
        }
    }

    /// (c, c_B) of `span`.
    pub(crate) fn cost(&self, span: U256) -> Result<(u128, u128), ContractError> {
        let pricing = self.pricing();
        let at_backing = self.curve.cost(span, &pricing.backing)?;
        let at_multiplier = self.curve.cost(span, &pricing.multiplier)?;
        if at_multiplier <= at_backing {
            return Ok((at_backing, at_backing));
        }
        let at_premium = self.curve.cost(span, &pricing.premium)?;
        Ok((at_backing.max(at_multiplier.min(at_premium)), at_backing))
    }

    /// The largest span with c ≤ `cost`.
    pub(crate) fn span_for(&self, cost: u128) -> Result<U256, ContractError> {
        let pricing = self.pricing();
        let at_backing = self.curve.span_for(cost, &pricing.backing)?;
        let at_multiplier = self.curve.span_for(cost, &pricing.multiplier)?;
        if at_multiplier >= at_backing {
            return Ok(at_backing);
        }
        let at_premium = self.curve.span_for(cost, &pricing.premium)?;
        Ok(at_backing.min(at_multiplier.max(at_premium)))
    }

    /// Splits a fee on `amount`.
    fn fee(&self, amount: u128, rate_ppb: u64) -> Result<Fee, ContractError> {
        let fees = &self.config.params.fees;
        let total = ppb_up(amount, rate_ppb)?;
        let usual = bps_up(amount, fees.fee_bps)?.min(total);
        let FeeSplit { rewards_bps, provenance_bps, treasury_bps, .. } = fees.split;
        let rewards = bps_down(usual, rewards_bps)?;
        let provenance = bps_down(usual, provenance_bps)?;
        let treasury = bps_down(usual, treasury_bps)?;
        let pending = sub(total, add(rewards, add(provenance, treasury)?)?)?;
        Ok(Fee { total, rewards, provenance, treasury, pending })
    }

    /// The buyer's part of `minted`: without the stakeholders', of which the very last unit of
    /// the supply carries none.
    fn buyer_part(&self, minted: u128) -> Result<u128, ContractError> {
        let reaches_end = add(self.book.supply.into(), minted)? == self.curve.max_supply();
        let sharing = if reaches_end { minted.saturating_sub(1) } else { minted };
        sub(minted, bps_up(sharing, self.config.params.allocation.stakeholder_bps)?)
    }

    /// The fewest minted tokens whose buyer's part is `tokens_out`.
    fn minted_for(&self, tokens_out: u128) -> Result<u128, ContractError> {
        let left = sub(self.curve.max_supply(), self.book.supply.into())?;
        let kept = BPS.saturating_sub(self.config.params.allocation.stakeholder_bps.into());
        let minted = portion(tokens_out, BPS, kept, Rounding::Up)?;
        if minted <= left {
            return Ok(minted);
        }
        let available = self.buyer_part(left)?;
        if available >= tokens_out {
            return Ok(left);
        }
        Err(ContractError::SupplyExceeded { available: available.into() })
    }

    fn purchase(&self, minted: u128) -> Result<Bought, ContractError> {
        let g = self.curve.g(add(self.book.supply.into(), minted)?)?;
        let (cost, at_backing) = self.cost(g.saturating_sub(self.g))?;
        let rates = self.rates();
        let share = bps_up(cost, self.config.params.allocation.reserve_bps)?;
        Ok(Bought {
            minted,
            tokens_out: self.buyer_part(minted)?,
            cost,
            to_reserve: share.max(at_backing),
            fee: self.fee(cost, rates.fee)?,
            surcharge: ppb_up(cost, rates.buy_surcharge)?,
            dust: 0,
            refund: 0,
            g,
        })
    }

    /// The highest supply that a purchase may lead to when `supply` is too high, else `None`.
    fn buy_edge(&self, supply: u128) -> Result<Option<u128>, ContractError> {
        let high = self.band().high;
        if crate::session::base_price(&self.curve, supply)? <= high {
            return Ok(None);
        }
        let edge = self.curve.highest_supply_at(U256::from_u128(high))?;
        Ok(Some(edge.clamp(self.book.supply.into(), supply)))
    }

    fn buy_limit(&self, edge: u128) -> ContractError {
        let fitting = sub(edge, self.book.supply.into()).and_then(|minted| self.purchase(minted));
        let (tokens, due) = match fitting {
            Ok(fits) if fits.tokens_out > 0 => (fits.tokens_out, fits.due().unwrap_or(0)),
            _ => (0, 0),
        };
        ContractError::BuyLimit { max_tokens_out: tokens.into(), max_amount_in: due.into() }
    }

    /// Buys for at most `funds`: the largest buyer's part that they pay for, at the fewest
    /// minted tokens that give it.
    pub(crate) fn buy(&mut self, funds: u128, partial: bool) -> Result<Bought, ContractError> {
        let supply = u128::from(self.book.supply);
        if supply == self.curve.max_supply() {
            return Err(ContractError::SupplyExceeded { available: 0u128.into() });
        }
        let span = self.span_for(self.largest_cost(funds)?)?;
        let mut reached = self.supply_after(span)?;
        let edge = self.buy_edge(reached)?;
        if let Some(edge) = edge {
            reached = edge;
        }
        let tokens_out = self.buyer_part(sub(reached, supply)?)?;
        if tokens_out == 0 {
            return Err(match edge {
                Some(edge) => self.buy_limit(edge),
                None => ContractError::NothingBought {
                    amount_in: funds.into(),
                    unit_price: self.unit_price()?.into(),
                },
            });
        }
        let mut bought = self.purchase(self.minted_for(tokens_out)?)?;
        let remainder = sub(funds, bought.due()?)?;
        // The funds would have bought more, were it not for the limit or the end of the supply.
        let capped = edge.is_some() || reached == self.curve.max_supply();
        if capped && !partial && remainder >= self.unit_price()? {
            return Err(match edge {
                Some(edge) => self.buy_limit(edge),
                None => ContractError::SupplyExceeded { available: tokens_out.into() },
            });
        }
        self.settle_remainder(&mut bought, remainder)?;
        self.book_purchase(&bought)?;
        Ok(bought)
    }

    /// Buys exactly `tokens_out` for at most `funds`; without `funds`, for what it costs.
    pub(crate) fn buy_exact(
        &mut self,
        tokens_out: u128,
        funds: Option<u128>,
    ) -> Result<Bought, ContractError> {
        if tokens_out == 0 {
            return Err(ContractError::ZeroAmount);
        }
        let minted = self.minted_for(tokens_out)?;
        if let Some(edge) = self.buy_edge(add(self.book.supply.into(), minted)?)? {
            return Err(self.buy_limit(edge));
        }
        let mut bought = self.purchase(minted)?;
        let needed = bought.due()?;
        let sent = funds.unwrap_or(needed);
        let remainder = sent.checked_sub(needed).ok_or(ContractError::InsufficientFunds {
            tokens_out: tokens_out.into(),
            needed: needed.into(),
            sent: sent.into(),
        })?;
        self.settle_remainder(&mut bought, remainder)?;
        self.book_purchase(&bought)?;
        Ok(bought)
    }

    /// The largest c with c + fee + surcharge ≤ `funds`.
    fn largest_cost(&self, funds: u128) -> Result<u128, ContractError> {
        let rates = self.rates();
        let with_fees = PPB.saturating_add(rates.fee).saturating_add(rates.buy_surcharge);
        let mut cost = portion(funds, PPB, with_fees, Rounding::Down)?;
        // Two roundings up cost at most two units more than the estimate allowed for.
        while cost > 0 {
            let fees = add(ppb_up(cost, rates.fee)?, ppb_up(cost, rates.buy_surcharge)?)?;
            if add(cost, fees)? <= funds {
                break;
            }
            cost = sub(cost, 1)?;
        }
        Ok(cost)
    }

    /// What one base unit costs a buyer now, with all fees.
    fn unit_price(&self) -> Result<u128, ContractError> {
        self.purchase(self.minted_for(1)?)?.due()
    }

    /// Refunds the remainder, unless it is below both the price of one unit and c/10⁴.
    fn settle_remainder(&self, bought: &mut Bought, remainder: u128) -> Result<(), ContractError> {
        let is_dust = remainder > 0
            && remainder.saturating_mul(BPS.into()) < bought.cost
            && remainder < self.unit_price()?;
        if is_dust {
            bought.dust = remainder;
        } else {
            bought.refund = remainder;
        }
        Ok(())
    }

    fn book_purchase(&mut self, bought: &Bought) -> Result<(), ContractError> {
        self.book.reserve = add(self.book.reserve, bought.to_reserve)?;
        let to_treasury = sub(bought.cost, bought.to_reserve)?;
        self.book.treasury = add(self.book.treasury, to_treasury)?;
        let extra = add(bought.surcharge, bought.dust)?;
        self.book_fee(&bought.fee, extra)?;
        self.book_volume(bought.cost, bought.fee.total)?;
        let supply = add(self.book.supply.into(), bought.minted)?;
        self.move_to(supply, bought.g)
    }

    /// Books a fee, and `extra` with its pending part in one deposit.
    fn book_fee(&mut self, fee: &Fee, extra: u128) -> Result<(), ContractError> {
        self.book.rewards = add(self.book.rewards, fee.rewards)?;
        self.book.provenance = add(self.book.provenance, fee.provenance)?;
        self.book.treasury = add(self.book.treasury, fee.treasury)?;
        self.defer(add(fee.pending, extra)?)
    }

    /// Puts `amount` into the pending reserve; at most once per message.
    pub(crate) fn defer(&mut self, amount: u128) -> Result<(), ContractError> {
        let duration = crate::amount::nanos(self.config.params.stream_secs);
        Ok(self.book.pending.deposit(amount, self.now, duration)?)
    }

    fn book_volume(&mut self, amount: u128, fee: u128) -> Result<(), ContractError> {
        let totals = &mut self.book.totals;
        totals.volume = totals.volume.saturating_add(amount);
        totals.fees = totals.fees.saturating_add(fee);
        totals.trades = totals.trades.saturating_add(1);
        Ok(())
    }

    /// The lowest supply that a sale may lead to when `supply` is too low, else `None`.
    fn sell_edge(&self, supply: u128) -> Result<Option<u128>, ContractError> {
        let low = self.band().low;
        if crate::session::base_price(&self.curve, supply)? >= low {
            return Ok(None);
        }
        let edge = self.curve.lowest_supply_at(U256::from_u128(low))?;
        Ok(Some(edge.clamp(supply, self.book.supply.into())))
    }

    /// Takes `tokens` off the curve: (tokens used, what they are worth at the backing).
    fn unwind(&mut self, tokens: u128, edge: AtEdge) -> Result<(u128, u128), ContractError> {
        if tokens == 0 {
            return Err(ContractError::ZeroAmount);
        }
        let supply = u128::from(self.book.supply);
        let most = sub(supply, floor_of(self.config.params.initial_supply.u128())?)?;
        if tokens > most {
            let (tokens, most) = (tokens.into(), most.into());
            return Err(ContractError::BelowFloor { tokens, most });
        }
        let mut reached = sub(supply, tokens)?;
        if edge != AtEdge::Ignore {
            if let Some(lowest) = self.sell_edge(reached)? {
                if edge == AtEdge::Refuse || lowest == supply {
                    let most = sub(supply, lowest)?;
                    return Err(ContractError::SellLimit { max_tokens_in: most.into() });
                }
                reached = lowest;
            }
        }
        let g = self.curve.g(reached)?;
        let backing =
            Rate::Backing { reserve: self.book.reserve, total: self.total, premium_bps: 0 };
        let gross = self.curve.payout(self.g.saturating_sub(g), &backing)?;
        self.book.reserve = sub(self.book.reserve, gross)?;
        self.move_to(reached, g)?;
        Ok((sub(supply, reached)?, gross))
    }

    /// Sells `tokens` at the backing.
    pub(crate) fn sell(&mut self, tokens: u128, edge: AtEdge) -> Result<Sold, ContractError> {
        let rates = self.rates();
        let (tokens_in, gross) = self.unwind(tokens, edge)?;
        let burned = bps_up(gross, self.config.params.allocation.burn_bps)?;
        let fee = self.fee(gross, rates.fee)?;
        let surcharge = ppb_up(gross, rates.sell_surcharge)?;
        let fees = add(burned, add(fee.total, surcharge)?)?;
        let reserve_out =
            gross.checked_sub(fees).filter(|net| *net > 0).ok_or(ContractError::NothingPaid {
                tokens_in: tokens_in.into(),
                gross: gross.into(),
                fees: fees.into(),
            })?;
        self.book_fee(&fee, add(burned, surcharge)?)?;
        self.book_volume(gross, fee.total)?;
        Ok(Sold { tokens_in, gross, burned, fee, surcharge, reserve_out })
    }

    /// Burns `tokens`: a sale that pays nothing, its value streams back.
    pub(crate) fn burn(&mut self, tokens: u128) -> Result<u128, ContractError> {
        let (_, gross) = self.unwind(tokens, AtEdge::Refuse)?;
        self.defer(gross)?;
        Ok(gross)
    }
}
