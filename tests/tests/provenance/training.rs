//! The real training contract counts whoever pays for a registered model.

use cosmwasm_std::Uint128;
use modelbond_interface::provenance::ExecuteMsg;
use modelbond_interface::training::{QueryMsg, UsageCredited, UserResponse};
use modelbond_tests::training::Setup;
use modelbond_tests::{Chain, Contracts};

#[test]
fn a_payment_is_usage_of_the_open_run() {
    let mut training = Setup::default().nodes(3, 3).registered().build();
    let model = training.market.market.clone();
    let provenance = training.deployment.provenance.clone();
    let user = training.market.address("user");
    let epoch = training.epoch();
    let run_id = training.run_id;
    let chain = &mut training.market.chain;
    let funds = chain.money(1_000);
    chain.fund(&user, &funds);
    let msg = ExecuteMsg::PayUsage { model, memo: None };
    let outcome = chain.execute_any(&user, &provenance, &msg, &funds).unwrap();
    // Nobody holds a contribution yet, so the part of holders cannot return to the payer either.
    let credited = UsageCredited { run_id, user: user.clone(), amount: 400, epoch };
    assert_eq!(outcome.event::<UsageCredited>(), credited);
    let asked = QueryMsg::User { run_id, user, epoch: Some(epoch) };
    let found: UserResponse = training.query(&asked);
    assert_eq!(found.paid, Uint128::new(400));
}
