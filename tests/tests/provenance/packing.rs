//! What is stored is read back the same, and nothing else is taken for it.

use cosmwasm_std::testing::MockStorage;
use cosmwasm_std::{Addr, Storage, Timestamp};
use cw721::{Approval, Expiration};
use modelbond_economy::shares::{Index, Pool, Share};
use modelbond_interface::hash::Hash32;
use modelbond_interface::provenance::Contribution;
use modelbond_provenance::pack::{Pack, Table};
use modelbond_provenance::state::{Config, Ledger, Token};
use proptest::prelude::*;

fn address() -> impl Strategy<Value = Addr> {
    "wasm1[a-z0-9]{38}".prop_map(Addr::unchecked)
}

fn hash() -> impl Strategy<Value = Hash32> {
    any::<[u8; 32]>().prop_map(Hash32)
}

fn time() -> impl Strategy<Value = Timestamp> {
    any::<u64>().prop_map(Timestamp::from_nanos)
}

fn expiration() -> impl Strategy<Value = Expiration> {
    prop_oneof![
        Just(Expiration::Never {}),
        any::<u64>().prop_map(Expiration::AtHeight),
        time().prop_map(Expiration::AtTime),
    ]
}

fn share() -> impl Strategy<Value = Share> {
    any::<(u128, u64, u64)>()
        .prop_map(|(units, parts, dust)| Share { paid: Index { units, parts }, dust })
}

fn token() -> impl Strategy<Value = Token> {
    let approval = (address(), expiration());
    let approval = approval.prop_map(|(spender, expires)| Approval { spender, expires });
    (address(), prop::collection::vec(approval, 0..4), share())
        .prop_map(|(owner, approvals, share)| Token { owner, approvals, share })
}

fn ledger() -> impl Strategy<Value = Ledger> {
    let pool = any::<(u64, u128, u64, u128)>().prop_map(|(weight, units, parts, dust)| Pool {
        weight,
        index: Index { units, parts },
        dust,
    });
    (pool, any::<[u128; 6]>(), any::<u32>()).prop_map(|(pool, money, contributions)| {
        let [reserve, owner, holders, usage, royalties, fees] = money;
        Ledger { pool, reserve, owner, holders, usage, royalties, fees, contributions }
    })
}

fn contribution() -> impl Strategy<Value = Contribution> {
    let parents = prop::collection::vec("[0-9-]{1,64}", 0..17);
    let what = (address(), address(), hash(), hash(), time(), parents);
    (what, any::<(u32, i32, u64, u64)>()).prop_map(|(what, (quality, improvement, run, round))| {
        let (model, contributor, data_hash, attestation, at, parents) = what;
        Contribution {
            model,
            contributor,
            data_hash,
            quality,
            improvement,
            at,
            attestation,
            run_id: run,
            round_id: round,
            parents,
        }
    })
}

fn config() -> impl Strategy<Value = Config> {
    ([address(), address(), address()], any::<(u64, u64)>(), time()).prop_map(
        |([registry, training, beacon], (evm_chain_id, witness_secs), made_at)| Config {
            registry,
            training,
            beacon,
            evm_chain_id,
            witness_secs,
            made_at,
        },
    )
}

fn ensure_faithful<T: Pack + PartialEq + std::fmt::Debug>(record: &T) {
    let mut bytes = vec![];
    record.pack(&mut bytes);
    let mut rest = bytes.as_slice();
    assert_eq!(T::unpack(&mut rest).as_ref(), Some(record));
    assert!(rest.is_empty());
    for length in 0..bytes.len() {
        assert_eq!(T::unpack(&mut &bytes[..length]), None, "{length} of {} bytes", bytes.len());
    }
}

proptest! {
    #[test]
    fn records_come_back_unchanged_and_cut_ones_are_refused(
        token in token(),
        ledger in ledger(),
        contribution in contribution(),
        config in config(),
    ) {
        ensure_faithful(&token);
        ensure_faithful(&ledger);
        ensure_faithful(&contribution);
        ensure_faithful(&config);
    }

    #[test]
    fn no_bytes_make_reading_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Token::unpack(&mut bytes.as_slice());
        let _ = Ledger::unpack(&mut bytes.as_slice());
        let _ = Contribution::unpack(&mut bytes.as_slice());
        let _ = Config::unpack(&mut bytes.as_slice());
    }
}

#[test]
fn a_record_with_more_behind_it_is_refused() {
    const NUMBERS: Table<&str, u64> = Table::new("numbers");
    let mut storage = MockStorage::new();
    NUMBERS.save(&mut storage, "one", &300);
    assert_eq!(NUMBERS.may_load(&storage, "one").unwrap(), Some(300));
    let (key, mut value) =
        storage.range(None, None, cosmwasm_std::Order::Ascending).next().expect("what was saved");
    assert_eq!(value, [0xac, 2]);
    value.push(0);
    storage.set(&key, &value);
    let error = NUMBERS.may_load(&storage, "one").unwrap_err().to_string();
    assert!(error.contains("a stored record cannot be read"), "{error}");
}

#[test]
fn numbers_too_large_for_their_type_are_refused() {
    let mut bytes = vec![];
    (u128::from(u64::MAX) + 1).pack(&mut bytes);
    assert_eq!(u64::unpack(&mut bytes.as_slice()), None);
    assert_eq!(u128::unpack(&mut [0xff; 19].as_slice()), None);
}
