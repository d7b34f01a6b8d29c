//! Every message × every role.

use modelbond_interface::bridge::{ExecuteMsg, Scheme};
use modelbond_tests::bridge::{link_message, unlink_message};
use modelbond_tests::{Bridge, Chain, Contracts, Person, Rewind};

/// The Ethereum side's own account, the Cosmos side, the one who deployed it, anybody.
const ROLES: [&str; 4] = ["alice", "bob", "deployer", "stranger"];

fn expected(kind: &str) -> &'static [&'static str] {
    match kind {
        "unlink" => &["bob"],
        _ => &ROLES, // signatures are the authority
    }
}

#[test]
fn every_message_is_accepted_from_exactly_the_roles_that_may_send_it() {
    let mut bridge = Bridge::on_mock();
    let [alice, bob, carol] = ["alice", "bob", "carol"].map(Person::called);
    bridge.link(&alice, &bob).unwrap();
    let unlink = ExecuteMsg::Unlink { eth_address: alice.eth.to_string(), proof: None };
    let signed = bridge.unlink_request(&alice, &bob);
    let link = bridge.link_request(&carol, &carol);
    let messages = [
        ("link", link_message(&link, (&carol, Scheme::Eip712), (&carol, Scheme::Adr036))),
        ("unlink", unlink),
        ("unlink by proof", unlink_message(&signed, &alice, Scheme::Eip712)),
    ];
    let schema = cosmwasm_schema::schema_for!(ExecuteMsg);
    let variants = schema.schema.subschemas.unwrap().one_of.unwrap().len();
    assert_eq!(variants, 2, "a new message belongs into this table");
    for (kind, msg) in &messages {
        for role in ROLES {
            let sender = match role {
                "deployer" => bridge.chain.account(role),
                person => Person::called(person).cosmos.to_string(),
            };
            let address = bridge.address.clone();
            let result = bridge
                .chain
                .imagine(|chain| chain.execute_any(&sender, &address, msg, &[]).map(drop));
            assert_eq!(
                result.is_ok(),
                expected(kind).contains(&role),
                "{kind} by {role}: {result:?}"
            );
        }
    }
}
