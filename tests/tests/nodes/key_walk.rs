//! Random sequences of announcements, of taking them back and of replays, against a table of which keys
//! count when: the past is asked for again after every step.

use std::collections::BTreeMap;

use modelbond_interface::bridge::Scheme;
use modelbond_interface::nodes::ExecuteMsg;
use modelbond_tests::random::Random;
use modelbond_tests::{Chain, Machine, Nodes};

const STEPS: usize = 400;
const NODES: u64 = 3;

#[test]
fn the_contract_and_the_table_agree_on_every_epoch_and_no_replay_is_accepted() {
    let mut nodes = Nodes::on_mock();
    let mut random = Random::new(5);
    // By node: from which epoch which VRF key counts.
    let mut table = BTreeMap::<u64, BTreeMap<u64, [u8; 32]>>::new();
    for node_id in 1..=NODES {
        let machine = format!("machine of {node_id}");
        let from_epoch = nodes.register("alice", &machine).unwrap().from_epoch;
        table.entry(node_id).or_default().insert(from_epoch, Machine::called(&machine).vrf);
    }
    let mut announced: Vec<ExecuteMsg> = vec![];
    let (mut rotations, mut cancelled, mut replays, mut refused) = (0, 0, 0, 0);
    for step in 0..STEPS {
        let node_id = 1 + random.below(u128::from(NODES)) as u64;
        let epoch = nodes.epoch();
        let keys = table.get_mut(&node_id).unwrap();
        let pending = keys.range(epoch + 1..).next().map(|(from_epoch, _)| *from_epoch);
        match random.below(6) {
            0 | 1 => {
                let machine = Machine::called(&format!("machine of step {step}"));
                let scheme = random.pick(&Scheme::ALL);
                let new = machine.keys(&nodes.rotation(node_id, &machine), scheme);
                let msg = ExecuteMsg::RotateKeys { node_id, keys: new };
                let result = nodes.send("alice", &msg);
                assert_eq!(result.is_ok(), pending.is_none(), "step {step}");
                match result {
                    Ok(_) => {
                        keys.insert(epoch + 2, machine.vrf);
                        rotations += 1;
                        announced.push(msg);
                    }
                    Err(_) => refused += 1,
                }
            }
            2 => {
                let good = pending == Some(epoch + 2) && keys.len() > 1;
                assert_eq!(nodes.cancel("alice", node_id).is_ok(), good, "step {step}");
                if good {
                    keys.remove(&(epoch + 2));
                    cancelled += 1;
                }
            }
            3 if !announced.is_empty() => {
                assert!(nodes.send("alice", &random.pick(&announced)).is_err());
                replays += 1;
            }
            _ => nodes.chain.wait(random.below(60) as u64),
        }
        for epoch in 0..nodes.epoch() + 3 {
            for (node_id, keys) in &table {
                let expected = keys.range(..=epoch).last().map(|(from, vrf)| (*from, vrf.to_vec()));
                let found = nodes
                    .keys(epoch, &[*node_id])
                    .ok()
                    .map(|found| (found[0].keys.from_epoch, found[0].keys.vrf_key.to_vec()));
                assert_eq!(found, expected, "step {step}: node {node_id} in epoch {epoch}");
            }
        }
    }
    assert!(
        rotations > 30 && cancelled > 5 && replays > 30 && refused > 20,
        "{rotations} announced, {cancelled} taken back, {replays} replays, {refused} refused"
    );
}
