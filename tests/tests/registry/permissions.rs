//! Every message × every role.

use modelbond_interface::registry::{ConnectionKind, ExecuteMsg};
use modelbond_tests::{Chain, Contracts, Registry, Rewind};

/// Who made the model, who owns it now, whom it is offered to, who owns the model that is pointed at,
/// whoever deployed it all, training, the model's market, anybody.
const ROLES: [&str; 8] =
    ["creator", "owner", "heir", "other", "deployer", "training", "market", "stranger"];

fn expected(kind: &str) -> &'static [&'static str] {
    match kind {
        "open_model" => &ROLES,
        "accept_model" => &["heir"],
        _ => &["owner"],
    }
}

/// A model that was handed over and is offered again, connected to another one.
fn everything_possible() -> (Registry, String, String) {
    let mut registry = Registry::on_mock();
    let model = registry.open("creator", "ONE");
    let other = registry.open("other", "TWO");
    registry.offer("creator", &model, Some("owner")).unwrap();
    registry.accept("owner", &model).unwrap();
    registry.offer("owner", &model, Some("heir")).unwrap();
    registry.connect("owner", (&model, &other), ConnectionKind::Cites).unwrap();
    (registry, model, other)
}

#[test]
fn every_message_is_accepted_from_exactly_the_roles_that_may_send_it() {
    let (mut registry, model, other) = everything_possible();
    let open = registry.message("NEW");
    let (metadata, use_cases) = (open.metadata.clone(), open.use_cases.clone());
    let (from, to) = (model.clone(), other.clone());
    let messages = [
        ("open_model", ExecuteMsg::OpenModel(Box::new(open))),
        ("update_model", ExecuteMsg::UpdateModel { model: model.clone(), metadata, use_cases }),
        ("offer_model", ExecuteMsg::OfferModel { model: model.clone(), to: None }),
        ("accept_model", ExecuteMsg::AcceptModel { model: model.clone() }),
        (
            "connect",
            ExecuteMsg::Connect {
                from: from.clone(),
                to: to.clone(),
                kind: ConnectionKind::Deploys,
            },
        ),
        ("disconnect", ExecuteMsg::Disconnect { from, to, kind: ConnectionKind::Cites }),
    ];
    let schema = cosmwasm_schema::schema_for!(ExecuteMsg);
    let variants = schema.schema.subschemas.unwrap().one_of.unwrap().len();
    assert_eq!(variants, messages.len(), "a new message belongs into this table");
    let (address, funds) = (registry.address.clone(), registry.funds());
    let training = registry.deployment.training.clone();
    for (kind, msg) in &messages {
        for role in ROLES {
            let sender = match role {
                "training" => training.clone(),
                "market" => model.clone(),
                _ => registry.account(role),
            };
            let funds = if *kind == "open_model" { funds.as_slice() } else { &[] };
            let result = registry.chain.imagine(|chain| {
                chain.fund(&sender, funds);
                let outcome = chain.execute_any(&sender, &address, msg, funds);
                outcome.map(|outcome| outcome.attribute("action").map(str::to_owned))
            });
            let allowed = expected(kind).contains(&role);
            assert_eq!(result.is_ok(), allowed, "{kind} by {role}: {result:?}");
            if let Ok(action) = result {
                assert_eq!(action.as_deref(), Some(*kind));
            }
        }
    }
}
