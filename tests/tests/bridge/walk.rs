//! Random sequences of links, ends and replays by six people, against a table of who is who.

use std::collections::BTreeMap;

use modelbond_interface::bridge::{ExecuteMsg, Scheme};
use modelbond_tests::bridge::{link_message, unlink_message};
use modelbond_tests::random::Random;
use modelbond_tests::{Bridge, Person};

const STEPS: usize = 600;

#[test]
fn the_bridge_and_the_table_agree_after_every_step_and_no_replay_is_accepted() {
    let mut bridge = Bridge::on_mock();
    let mut random = Random::new(4);
    let people: Vec<Person> = (0..6).map(|i| Person::called(&format!("person {i}"))).collect();
    let mut table: BTreeMap<usize, usize> = BTreeMap::new();
    let mut accepted: Vec<ExecuteMsg> = vec![];
    let (mut links, mut ends, mut replays) = (0, 0, 0);
    for _ in 0..STEPS {
        let (eth, cosmos) = (pick(&mut random), pick(&mut random));
        match random.below(3) {
            0 => {
                let free = !table.contains_key(&eth) && !table.values().any(|c| *c == cosmos);
                let request = bridge.link_request(&people[eth], &people[cosmos]);
                let schemes = if random.chance(50) {
                    (Scheme::Eip712, Scheme::Direct)
                } else {
                    (Scheme::Eip191, Scheme::Adr036)
                };
                let msg =
                    link_message(&request, (&people[eth], schemes.0), (&people[cosmos], schemes.1));
                assert_eq!(bridge.send_by_stranger(&msg).is_ok(), free);
                if free {
                    table.insert(eth, cosmos);
                    accepted.push(msg);
                    links += 1;
                }
            }
            1 => {
                let right = table.get(&eth) == Some(&cosmos);
                let request = bridge.unlink_request(&people[eth], &people[cosmos]);
                let msg = unlink_message(&request, &people[eth], Scheme::Eip712);
                assert_eq!(bridge.send_by_stranger(&msg).is_ok(), right);
                if right {
                    table.remove(&eth);
                    accepted.push(msg);
                    ends += 1;
                }
            }
            _ if !accepted.is_empty() => {
                let old = random.below(accepted.len() as u128) as usize;
                assert!(bridge.send_by_stranger(&accepted[old]).is_err());
                replays += 1;
            }
            _ => {}
        }
        for (index, person) in people.iter().enumerate() {
            let by_eth = bridge.try_resolve(&person.eth.to_string()).unwrap();
            let expected = table.get(&index).map(|cosmos| people[*cosmos].cosmos.to_string());
            assert_eq!(by_eth.map(|link| link.cosmos_address.into_string()), expected);
            let by_cosmos = bridge.try_resolve(person.cosmos.as_str()).unwrap();
            let found = table.iter().find(|(_, cosmos)| **cosmos == index);
            let expected = found.map(|(eth, _)| people[*eth].eth.to_string());
            assert_eq!(by_cosmos.map(|link| link.eth_address), expected);
        }
    }
    assert!(
        links > 20 && ends > 5 && replays > 100,
        "{links} links, {ends} ends, {replays} replays"
    );
}

fn pick(random: &mut Random) -> usize {
    random.below(6) as usize
}
