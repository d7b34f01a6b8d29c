//! [`Bare`]: the market's entry points on a storage and a bank of a few lines, for runs of millions
//! of messages. Queries to the chain fail, so a market that looked at a bank balance would not
//! work here; and every touch of the storage is counted (I12).

use cosmwasm_std::{
    coins, Addr, Api, BankMsg, Binary, BlockInfo, Coin, ContractInfo, CosmosMsg, Deps, DepsMut,
    Env, Event, MessageInfo, Querier, QuerierResult, QuerierWrapper, Response, SystemError,
    SystemResult, Timestamp, TransactionInfo,
};
use cosmwasm_std::{
    CanonicalAddr, Empty, RecoverPubkeyError, StdResult, Storage, VerificationError,
};
use cw_multi_test::MockApiBech32;
use modelbond_interface::market::{ExecuteMsg, InstantiateMsg, QueryMsg};
use modelbond_market::contract;

use crate::chain::{Chain, Failure, Outcome, Rewind};
use crate::mock::GENESIS_SECS;
use crate::tape::{Tape, Touches};

/// A chain that runs one market.
pub struct Bare {
    api: Trusting,
    store: Tape,
    bank: Tape,
    denom: String,
    market: Addr,
    height: u64,
    now: Timestamp,
    most: Touches,
}

/// Takes every string with the right prefix for an address: a walk makes no others, and decoding
/// them a million times over would be most of its work.
struct Trusting(MockApiBech32);

impl Api for Trusting {
    fn addr_validate(&self, human: &str) -> StdResult<Addr> {
        if human.starts_with("wasm1") {
            return Ok(Addr::unchecked(human));
        }
        self.0.addr_validate(human)
    }

    fn addr_canonicalize(&self, human: &str) -> StdResult<CanonicalAddr> {
        self.0.addr_canonicalize(human)
    }

    fn addr_humanize(&self, canonical: &CanonicalAddr) -> StdResult<Addr> {
        self.0.addr_humanize(canonical)
    }

    fn secp256k1_verify(&self, _: &[u8], _: &[u8], _: &[u8]) -> Result<bool, VerificationError> {
        Err(VerificationError::unknown_err(0))
    }

    fn secp256k1_recover_pubkey(
        &self,
        _: &[u8],
        _: &[u8],
        _: u8,
    ) -> Result<Vec<u8>, RecoverPubkeyError> {
        Err(RecoverPubkeyError::unknown_err(0))
    }

    fn ed25519_verify(&self, _: &[u8], _: &[u8], _: &[u8]) -> Result<bool, VerificationError> {
        Err(VerificationError::unknown_err(0))
    }

    fn ed25519_batch_verify(
        &self,
        _: &[&[u8]],
        _: &[&[u8]],
        _: &[&[u8]],
    ) -> Result<bool, VerificationError> {
        Err(VerificationError::unknown_err(0))
    }

    fn debug(&self, _: &str) {}
}

/// Answers nothing.
struct Silent;

impl Querier for Silent {
    fn raw_query(&self, _: &[u8]) -> QuerierResult {
        let kind = "a market asks nobody".to_owned();
        SystemResult::Err(SystemError::UnsupportedRequest { kind })
    }
}

impl Default for Bare {
    fn default() -> Self {
        let api = MockApiBech32::new("wasm");
        Self {
            market: api.addr_make("market"),
            api: Trusting(api),
            store: Tape::default(),
            bank: Tape::default(),
            denom: "ureserve".to_owned(),
            height: 1,
            now: Timestamp::from_seconds(GENESIS_SECS),
            most: Touches::default(),
        }
    }
}

impl Bare {
    /// The most storage touches that one message needed.
    #[must_use]
    pub fn most_touches(&self) -> Touches {
        self.most
    }

    /// Number of stored records.
    #[must_use]
    pub fn records(&self) -> usize {
        self.store.len()
    }

    /// Lets nanoseconds pass.
    pub fn wait_nanos(&mut self, nanos: u64) {
        self.now = self.now.plus_nanos(nanos);
        self.height += 1;
    }

    fn env(&self) -> Env {
        Env {
            block: BlockInfo { height: self.height, time: self.now, chain_id: "bare-1".to_owned() },
            transaction: Some(TransactionInfo { index: 0 }),
            contract: ContractInfo { address: self.market.clone() },
        }
    }

    fn key(address: &str, denom: &str) -> Vec<u8> {
        [address.as_bytes(), b"/", denom.as_bytes()].concat()
    }

    fn add_coins(&mut self, address: &str, coins: &[Coin]) {
        for coin in coins {
            let amount = self.balance_of(address, &coin.denom) + coin.amount.u128();
            self.bank.set(&Self::key(address, &coin.denom), &amount.to_be_bytes());
        }
    }

    fn take_coins(&mut self, address: &str, coins: &[Coin]) -> Result<(), Failure> {
        for coin in coins {
            let balance = self.balance_of(address, &coin.denom);
            let rest = balance
                .checked_sub(coin.amount.u128())
                .ok_or_else(|| Failure::Text(format!("{address} has {balance}, not {coin}")))?;
            self.bank.set(&Self::key(address, &coin.denom), &rest.to_be_bytes());
        }
        Ok(())
    }

    fn call(
        &mut self,
        sender: &str,
        funds: &[Coin],
        entry: impl FnOnce(DepsMut, Env, MessageInfo) -> Result<Response, Failure>,
    ) -> Result<Outcome, Failure> {
        let (stored, banked) = (self.store.mark(), self.bank.mark());
        self.store.take_touches();
        let result = self.call_unguarded(sender, funds, entry);
        let touches = self.store.take_touches();
        if result.is_ok() {
            if touches.total() > self.most.total() {
                self.most = touches;
            }
            self.store.keep(stored);
            self.bank.keep(banked);
        } else {
            self.store.rewind(stored);
            self.bank.rewind(banked);
        }
        result
    }

    fn call_unguarded(
        &mut self,
        sender: &str,
        funds: &[Coin],
        entry: impl FnOnce(DepsMut, Env, MessageInfo) -> Result<Response, Failure>,
    ) -> Result<Outcome, Failure> {
        let market = self.market.to_string();
        self.pay(sender, &market, funds)?;
        let env = self.env();
        let deps = DepsMut {
            storage: &mut self.store,
            api: &self.api,
            querier: QuerierWrapper::<Empty>::new(&Silent),
        };
        let info = MessageInfo { sender: Addr::unchecked(sender), funds: funds.to_vec() };
        let response = entry(deps, env, info)?;
        for message in &response.messages {
            match &message.msg {
                CosmosMsg::Bank(BankMsg::Send { to_address, amount }) => {
                    self.pay(&market, to_address, amount)?;
                }
                CosmosMsg::Wasm(_) => {} // cw20 `Send`: its receiver takes everything
                other => return Err(Failure::Text(format!("unexpected message {other:?}"))),
            }
        }
        let mut events = vec![Event::new("wasm").add_attributes(response.attributes)];
        events.extend(response.events.into_iter().map(|mut event| {
            event.ty.insert_str(0, "wasm-");
            event
        }));
        Ok(Outcome { events, data: response.data, gas: None })
    }
}

impl Chain for Bare {
    fn denom(&self) -> &str {
        &self.denom
    }

    fn account(&self, name: &str) -> String {
        self.api.0.addr_make(name).into_string()
    }

    fn fund(&mut self, address: &str, coins: &[Coin]) {
        self.add_coins(address, coins);
    }

    fn balance_of(&self, address: &str, denom: &str) -> u128 {
        let bytes = self.bank.get(&Self::key(address, denom));
        bytes.and_then(|bytes| bytes.try_into().ok()).map_or(0, u128::from_be_bytes)
    }

    fn now(&self) -> Timestamp {
        self.now
    }

    fn wait(&mut self, secs: u64) {
        self.wait_nanos(secs * 1_000_000_000);
    }

    fn pay(&mut self, from: &str, to: &str, coins: &[Coin]) -> Result<(), Failure> {
        self.take_coins(from, coins)?;
        self.add_coins(to, coins);
        Ok(())
    }

    fn open(
        &mut self,
        sender: &str,
        msg: &InstantiateMsg,
        funds: &[Coin],
    ) -> Result<(String, Outcome), Failure> {
        if !self.store.is_empty() {
            return Err(Failure::Text("a bare chain runs one market".to_owned()));
        }
        let msg = msg.clone();
        let outcome = self.call(sender, funds, |deps, env, info| {
            Ok(contract::instantiate(deps, env, info, msg)?)
        })?;
        Ok((self.market.to_string(), outcome))
    }

    fn execute(
        &mut self,
        sender: &str,
        _: &str,
        msg: &ExecuteMsg,
        funds: &[Coin],
    ) -> Result<Outcome, Failure> {
        let msg = msg.clone();
        self.call(sender, funds, |deps, env, info| Ok(contract::execute(deps, env, info, msg)?))
    }

    fn query_raw(&self, _: &str, msg: &QueryMsg) -> Result<Binary, Failure> {
        let deps = Deps {
            storage: &self.store,
            api: &self.api,
            querier: QuerierWrapper::<Empty>::new(&Silent),
        };
        Ok(contract::query(deps, self.env(), msg.clone())?)
    }

    fn money(&self, amount: u128) -> Vec<Coin> {
        if amount == 0 {
            return vec![];
        }
        coins(amount, &self.denom)
    }
}

impl Rewind for Bare {
    fn imagine<R>(&mut self, story: impl FnOnce(&mut Self) -> R) -> R {
        let (stored, banked) = (self.store.mark(), self.bank.mark());
        let (now, height, most) = (self.now, self.height, self.most);
        let result = story(self);
        self.store.rewind(stored);
        self.bank.rewind(banked);
        (self.now, self.height, self.most) = (now, height, most);
        result
    }
}
