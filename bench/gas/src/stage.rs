//! The actors and contracts of the measurement, and one pass over every message.

use std::path::Path;
use std::process::Stdio;

use anyhow::{ensure, Context, Result};
use cosmwasm_std::{coins, to_json_binary, Coin, Decimal, Timestamp, Uint128};
use modelbond_client::{keys, Client, Network, Receipt, Signer};
use modelbond_interface::market::{
    CurveKind, ExecuteMsg, InstantiateMsg, Ledger, MarketParams, Metrics, TOKEN,
};
use serde_json::{json, Value};

use crate::beacon::Beacon;
use crate::bridge::Bridge;
use crate::report::Report;

const DENOM: &str = "uusd";
/// Nanoseconds between observations of the market.
const OBSERVATION_INTERVAL: u64 = 600_000_000_000;
/// A pass takes less than this, also on a busy machine.
const LONGEST_PASS: u64 = 120_000_000_000;
const MAX_SUPPLY: u128 = 1_000_000_000 * TOKEN;

/// Everybody and everything that the measurement needs.
pub(crate) struct Stage {
    home: String,
    codes: Vec<u64>,
    market_code: u64,
    market: String,
    probe: String,
    cw20_base: String,
    beacon: Beacon,
    bridge: Bridge,
    /// Creator, stakeholder, metrics source, rewards and provenance in one.
    insider: Signer,
    trader: Signer,
    other: Signer,
}

impl Stage {
    /// Stores and instantiates, opens a market past its launch, gives both traders tokens.
    pub(crate) async fn set(devnet: &Path, artifacts: &Path) -> Result<Self> {
        let devnet: Value = serde_json::from_str(&std::fs::read_to_string(devnet)?)?;
        let text = |key: &str| devnet[key].as_str().context(key.to_owned()).map(str::to_owned);
        let client = Client::connect(Network {
            chain_id: text("chain_id")?,
            rpc: vec![text("rpc")?],
            prefix: text("prefix")?,
            gas_price: "0stake".parse()?,
        })
        .await?;
        let phrase = devnet["faucet"]["mnemonic_file"].as_str().context("faucet")?;
        let phrase = std::fs::read_to_string(phrase)?;
        let signer = |index| -> Result<Signer> {
            Ok(client.signer(keys::from_mnemonic(phrase.trim(), "wasm", index)?))
        };
        let (insider, trader, other) = (signer(0)?, signer(1)?, signer(2)?);
        for friend in [&trader, &other] {
            let coins = [Coin::new(10u128.pow(15), DENOM), Coin::new(10u128.pow(9), "stake")];
            insider.send(friend.address(), &coins).await?;
        }

        let mut codes = Vec::new();
        for name in ["market", "cw20_base", "bench_probe", "bridge", "beacon"] {
            let path = artifacts.join(name).with_extension("wasm");
            let wasm = std::fs::read(&path).with_context(|| {
                format!("{}: run scripts/build-wasm.sh --with-bench", path.display())
            })?;
            codes.push(insider.store(wasm).await?.0);
        }
        let [market_code, cw20_code, probe_code, bridge_code, beacon_code] = codes[..] else {
            unreachable!("five codes")
        };
        let me = insider.address().to_owned();
        let tokens = json!({"name": "Plain", "symbol": "PLAIN", "decimals": 6, "mint": null,
            "initial_balances": [{"address": trader.address(), "amount": "1000000000000"},
                                 {"address": other.address(), "amount": "1000000000000"}]});
        let (cw20_base, _) = insider.instantiate(cw20_code, "plain", &tokens, &[], None).await?;
        let (probe, _) = insider.instantiate(probe_code, "probe", &json!({}), &[], None).await?;
        let bridge = Bridge::make(&insider, bridge_code, &probe).await?;
        let deposit = coins(10u128.pow(14), DENOM);
        let (market, _) =
            insider.instantiate(market_code, "market", &opening(&me), &deposit, None).await?;
        let stage = Self {
            home: text("home")?,
            codes,
            market_code,
            market,
            probe,
            cw20_base,
            beacon: Beacon::of(beacon_code),
            bridge,
            insider,
            trader,
            other,
        };
        stage.prepare().await?;
        Ok(stage)
    }

    /// The bridge.
    pub(crate) fn bridge(&self) -> &Bridge {
        &self.bridge
    }

    /// The contract that measures.
    pub(crate) fn probe(&self) -> &str {
        &self.probe
    }

    /// Who pays for measurements.
    pub(crate) fn trader(&self) -> &Signer {
        &self.trader
    }

    /// Past launch and lock-up, with tokens in both accounts, a multiplier above 1 and every
    /// ledger filled: what a market looks like on an ordinary day.
    async fn prepare(&self) -> Result<()> {
        let opened = self.block_time().await?;
        self.report_metrics().await?;
        while self.block_time().await? < opened + 25_000_000_000 {
            tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        }
        for _ in 0..2 {
            self.buy(&self.trader, 20_000_000_000).await?;
            self.buy(&self.other, 20_000_000_000).await?;
        }
        let probe = self.trader.execute(&self.market, &transfer(&self.probe), &[]).await?;
        ensure!(probe.gas_used > 0, "no gas measured");
        self.trader.execute(&self.cw20_base, &transfer(&self.probe), &[]).await?;
        Ok(())
    }

    /// Pins every code by a governance proposal.
    pub(crate) async fn pin(&self, script: &Path) -> Result<()> {
        let status = tokio::process::Command::new(script)
            .args(["pin", "--home", &self.home])
            .args(self.codes.iter().map(u64::to_string))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .status()
            .await?;
        ensure!(status.success(), "{} pin failed: {status}", script.display());
        Ok(())
    }

    /// Until no 10-minute observation falls due during a pass: it would be charged to whichever
    /// message comes first.
    async fn settle(&self) -> Result<()> {
        let left = |now: u64| OBSERVATION_INTERVAL - now % OBSERVATION_INTERVAL;
        while left(self.block_time().await?) < LONGEST_PASS {
            tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        }
        self.report_metrics().await?;
        Ok(())
    }

    /// Every message once.
    pub(crate) async fn measure(&mut self, report: &mut Report, setting: &str) -> Result<()> {
        self.settle().await?;
        let amount = Uint128::new(1_000_000);
        let address = |signer: &Signer| signer.address().to_owned();
        let (trader, other) = (address(&self.trader), address(&self.other));
        let mut note = |message: &str, receipt: Receipt| {
            report.note(message, setting, receipt.gas_used);
        };

        note("bank send", self.trader.send(&other, &coins(1_000, DENOM)).await?);
        note("market buy", self.buy(&self.trader, 1_000_000_000).await?);
        let exact = ExecuteMsg::BuyExact {
            tokens_out: Uint128::new(1_000 * TOKEN),
            deadline: self.deadline().await?,
        };
        note("market buy_exact", self.pay(&self.trader, &exact, 10_000_000_000).await?);
        let sell = ExecuteMsg::Sell {
            tokens_in: Uint128::new(100 * TOKEN),
            min_reserve_out: Uint128::one(),
            deadline: self.deadline().await?,
            partial: false,
        };
        note("market sell", self.run(&self.trader, &sell).await?);

        for (name, contract) in [("market", &self.market), ("cw20_base", &self.cw20_base)] {
            let messages = [
                ("transfer", &self.trader, transfer(&other)),
                (
                    "send",
                    &self.trader,
                    ExecuteMsg::Send {
                        contract: self.probe.clone(),
                        amount,
                        msg: to_json_binary(&json!({}))?,
                    },
                ),
                (
                    "increase_allowance",
                    &self.trader,
                    ExecuteMsg::IncreaseAllowance {
                        spender: other.clone(),
                        amount: Uint128::new(10_000_000),
                        expires: None,
                    },
                ),
                (
                    "decrease_allowance",
                    &self.trader,
                    ExecuteMsg::DecreaseAllowance { spender: other.clone(), amount, expires: None },
                ),
                (
                    "transfer_from",
                    &self.other,
                    ExecuteMsg::TransferFrom {
                        owner: trader.clone(),
                        recipient: other.clone(),
                        amount,
                    },
                ),
                (
                    "send_from",
                    &self.other,
                    ExecuteMsg::SendFrom {
                        owner: trader.clone(),
                        contract: self.probe.clone(),
                        amount,
                        msg: to_json_binary(&json!({}))?,
                    },
                ),
                ("burn_from", &self.other, ExecuteMsg::BurnFrom { owner: trader.clone(), amount }),
                ("burn", &self.trader, ExecuteMsg::Burn { amount }),
            ];
            for (message, signer, msg) in messages {
                note(&format!("{name} {message}"), signer.execute(contract, &msg, &[]).await?);
            }
        }

        note("market report_metrics", self.report_metrics().await?);
        note(
            "market fund_reserve",
            self.pay(&self.trader, &ExecuteMsg::FundReserve {}, 1_000_000).await?,
        );
        note("market claim_vested", self.run(&self.insider, &ExecuteMsg::ClaimVested {}).await?);
        for (name, ledger) in [("treasury", Ledger::Treasury), ("provenance", Ledger::Provenance)] {
            let withdrawn = self.run(&self.insider, &ExecuteMsg::WithdrawLedger { ledger }).await?;
            note(&format!("market withdraw_ledger {name}"), withdrawn);
        }
        let marketing = ExecuteMsg::UpdateMarketing {
            project: Some("https://modelbond.example".into()),
            description: None,
            marketing: None,
        };
        note("market update_marketing", self.run(&self.insider, &marketing).await?);
        let logo = ExecuteMsg::UploadLogo(cw20::Logo::Url("https://modelbond.example/logo".into()));
        note("market upload_logo", self.run(&self.insider, &logo).await?);

        let me = address(&self.insider);
        let deposit = coins(10u128.pow(14), DENOM);
        let (fresh, opened) = self
            .insider
            .instantiate(self.market_code, "another", &opening(&me), &deposit, None)
            .await?;
        note("market instantiate", opened);
        // The first slice of a market: on the old one the next is due in ten minutes.
        let emit = ExecuteMsg::Emit { budget: Uint128::new(1_000_000), max_tokens: Uint128::MAX };
        self.market_for_emission(&fresh).await?;
        note("market emit", self.insider.execute(&fresh, &emit, &[]).await?);
        self.beacon.measure(&self.trader, report, setting).await?;
        self.bridge.measure(&self.trader, report, setting).await
    }

    /// Fills the rewards ledger and lets M rise.
    async fn market_for_emission(&self, market: &str) -> Result<()> {
        let buy = self.buy_order().await?;
        self.trader.execute(market, &buy, &coins(20_000_000_000, DENOM)).await?;
        self.insider.execute(market, &metrics(), &[]).await?;
        let now = self.block_time().await?;
        while self.block_time().await? < now + 3_000_000_000 {
            tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        }
        Ok(())
    }

    /// Gas of one quote's mathematics, of each kind on each curve.
    pub(crate) async fn measure_quotes(&self, report: &mut Report) -> Result<()> {
        let (few, many) = (1u64, 21u64);
        for shape in ["linear", "exponential", "sigmoid"] {
            for quote in ["buy", "buy_exact", "sell"] {
                let run = |times: u64| {
                    let msg = json!({"quote": {"quote": quote, "shape": shape, "times": times}});
                    async move { self.trader.execute(&self.probe, &msg, &[]).await }
                };
                let gas = run(many).await?.gas_used.saturating_sub(run(few).await?.gas_used);
                report.note(&format!("{shape} {quote}"), "maths", gas / (many - few));
            }
        }
        Ok(())
    }

    async fn block_time(&self) -> Result<u64> {
        Ok(self.insider.client().latest_block().await?.time)
    }

    async fn deadline(&self) -> Result<Timestamp> {
        Ok(Timestamp::from_nanos(self.block_time().await?).plus_seconds(120))
    }

    async fn buy_order(&self) -> Result<ExecuteMsg> {
        Ok(ExecuteMsg::Buy {
            min_tokens_out: Uint128::one(),
            deadline: self.deadline().await?,
            partial: false,
            recipient: None,
        })
    }

    async fn buy(&self, signer: &Signer, amount: u128) -> Result<Receipt> {
        self.pay(signer, &self.buy_order().await?, amount).await
    }

    async fn pay(&self, signer: &Signer, msg: &ExecuteMsg, amount: u128) -> Result<Receipt> {
        Ok(signer.execute(&self.market, msg, &coins(amount, DENOM)).await?)
    }

    async fn run(&self, signer: &Signer, msg: &ExecuteMsg) -> Result<Receipt> {
        Ok(signer.execute(&self.market, msg, &[]).await?)
    }

    async fn report_metrics(&self) -> Result<Receipt> {
        self.run(&self.insider, &metrics()).await
    }
}

fn transfer(recipient: &str) -> ExecuteMsg {
    ExecuteMsg::Transfer { recipient: recipient.into(), amount: Uint128::new(1_000_000) }
}

fn metrics() -> ExecuteMsg {
    ExecuteMsg::ReportMetrics {
        metrics: Metrics {
            accuracy: Decimal::percent(91),
            adoption: Decimal::percent(40),
            improvement: Decimal::percent(97),
            growth: Decimal::percent(30),
        },
    }
}

fn opening(me: &str) -> InstantiateMsg {
    let scale = Decimal::from_ratio(2_500_000u128, 1u128);
    InstantiateMsg {
        name: "Bench".into(),
        symbol: "BENCH".into(),
        reserve_denom: DENOM.into(),
        creator: me.into(),
        metrics_source: me.into(),
        rewards: me.into(),
        provenance: me.into(),
        params: MarketParams::recommended(CurveKind::Sigmoid, scale, MAX_SUPPLY.into()).fast(),
        marketing: None,
    }
}
