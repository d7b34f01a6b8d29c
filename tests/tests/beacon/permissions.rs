//! Every message × every role.

use modelbond_interface::beacon::ExecuteMsg;
use modelbond_tests::beacon::{chain_hash, public, submit_message, NOTICE_SECS, OWNER};
use modelbond_tests::{Beacon, Chain, Emitter, Rewind};

/// The owner, the one who deployed it, the emitter's account, anybody.
const ROLES: [&str; 4] = [OWNER, "deployer", "central", "stranger"];

fn expected(kind: &str) -> &'static [&'static str] {
    match kind {
        "switch_source" => &[OWNER],
        _ => &ROLES, // signatures and times are the authority
    }
}

#[test]
fn every_message_is_accepted_from_exactly_the_roles_that_may_send_it() {
    let mut beacon = Beacon::on_mock();
    let source = public(beacon.chain.now());
    let chain_hash = chain_hash(&source);
    let switch_at = beacon.chain.now().plus_seconds(NOTICE_SECS);
    let messages = [
        ("submit_round", submit_message(1, Emitter::called("central").sign(1))),
        ("switch_source", ExecuteMsg::SwitchSource { source, chain_hash, switch_at }),
        ("prune", ExecuteMsg::Prune { start_after: None, limit: None }),
    ];
    let schema = cosmwasm_schema::schema_for!(ExecuteMsg);
    let variants = schema.schema.subschemas.unwrap().one_of.unwrap().len();
    assert_eq!(variants, messages.len(), "a new message belongs into this table");
    for (kind, msg) in &messages {
        for role in ROLES {
            let address = beacon.address.clone();
            let result = beacon.chain.imagine(|chain| {
                let sender = chain.account(role);
                modelbond_tests::Contracts::execute_any(chain, &sender, &address, msg, &[])
                    .map(drop)
            });
            assert_eq!(
                result.is_ok(),
                expected(kind).contains(&role),
                "{kind} by {role}: {result:?}"
            );
        }
    }
}
