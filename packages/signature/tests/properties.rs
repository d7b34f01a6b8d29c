//! Laws of the formats, the addresses, the schemes and the sign requests.
#![allow(missing_docs)]

#[path = "support/decoders.rs"]
mod decoders;
#[path = "support/statements.rs"]
mod statements;

use cosmrs::proto::cosmos::tx::v1beta1::{SignDoc, TxBody};
use cosmrs::proto::prost::Message as _;
use modelbond_signature::{
    recover, verify, Binding, Contribution, CosmosAddress, Digest, EthAddress, EthBech32, Feedback,
    Link, Message, Native, PublicKey, RecoveryId, Scheme, SecretKey, SignBytes, SignRequest,
    Signature, SignatureError, Signer, Statement, Unlink,
};
use proptest::prelude::*;

fn secret() -> impl Strategy<Value = [u8; 32]> {
    any::<[u8; 32]>().prop_filter("in range", |bytes| SecretKey::from_bytes(*bytes).is_ok())
}

fn key() -> impl Strategy<Value = PublicKey> {
    secret().prop_map(|bytes| SecretKey::from_bytes(bytes).unwrap().public_key())
}

fn recovery_id() -> impl Strategy<Value = RecoveryId> {
    prop::sample::select(&RecoveryId::ALL[..])
}

/// Numbers of every length, as DER has it.
fn number() -> impl Strategy<Value = [u8; 32]> {
    (any::<[u8; 32]>(), 0..32usize).prop_map(|(mut bytes, zeros)| {
        bytes[..zeros].fill(0);
        bytes
    })
}

fn signature() -> impl Strategy<Value = Signature> {
    (number(), number()).prop_filter_map("in range", |(r, s)| Signature::new(r, s, None).ok())
}

/// Prefixes of chains, and the odd ones that BIP-173 allows.
fn prefix() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z]{1,20}", "[!-@\\[-`a-~]{1,51}"]
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[ -~]{0,20}", any::<String>()]
}

proptest! {
    #[test]
    fn every_format_gives_the_signature_back(signature in signature(), id in recovery_id()) {
        let named = signature.with_recovery_id(id);
        prop_assert_eq!(Signature::from_eth(&named.to_eth().unwrap()), Ok(named));
        prop_assert_eq!(Signature::from_cosmos(&named.to_cosmos()), Ok(signature));
        prop_assert_eq!(Signature::from_der(&named.to_der()), Ok(signature));
    }

    #[test]
    fn v_of_either_convention_is_the_same_signature(signature in signature(), id in recovery_id()) {
        let mut bytes = signature.with_recovery_id(id).to_eth().unwrap();
        bytes[64] -= 27;
        prop_assert_eq!(Signature::from_eth(&bytes), Ok(signature.with_recovery_id(id)));
    }

    #[test]
    fn der_that_is_read_is_the_one_encoding(
        signature in signature(), at: prop::sample::Index, byte: u8, cut in 0..3usize, more: bool,
    ) {
        let mut der = signature.to_der();
        let index = at.index(der.len());
        der[index] = byte;
        der.truncate(der.len() - cut);
        if more {
            der.push(byte);
        }
        if let Ok(read) = Signature::from_der(&der) {
            prop_assert_eq!(read.to_der(), der);
        }
    }

    #[test]
    fn any_bytes_are_read_in_one_way_or_refused(
        bytes in prop::collection::vec(any::<u8>(), 0..80), v: u64, chain_id: u64,
    ) {
        decoders::eth_signature(&bytes);
        decoders::cosmos_signature(&bytes);
        decoders::der(&bytes);
        decoders::public_key(&bytes);
        decoders::typed_data(&bytes);
        decoders::recovery_byte(v % 256, chain_id);
        decoders::recovery_byte(v, chain_id);
    }

    #[test]
    fn damaged_typed_data_is_read_in_one_way_or_refused(
        edits in prop::collection::vec(any::<(u16, u8, Vec<u8>)>(), 0..2),
        digit in (any::<u16>(), 0..2u8, prop::sample::select(&b"0123456789abN[]{}\":,-"[..])),
    ) {
        let (at, length, byte) = digit;
        decoders::damaged_typed_data(&[(at, length, vec![byte])]);
        decoders::damaged_typed_data(&edits);
    }

    #[test]
    fn normalizing_twice_is_normalizing_once(signature in signature(), id in recovery_id()) {
        let named = signature.with_recovery_id(id);
        let low = named.normalized();
        // n/2 begins with 0x7f.
        prop_assert!(low.is_low_s() && low.s()[0] < 0x80);
        prop_assert_eq!(low.normalized(), low);
        prop_assert_eq!(low.r(), named.r());
        let flipped = low.recovery_id() != named.recovery_id();
        prop_assert_eq!(flipped, !named.is_low_s());
        prop_assert_eq!(low == named, named.is_low_s());
    }

    #[test]
    fn eip_155s_v_is_read_for_its_chain_only(chain: u64, id in recovery_id(), other: u64) {
        let v = u128::from(chain) * 2 + 35 + u128::from(id.id());
        match u64::try_from(v) {
            Ok(v) => {
                prop_assert_eq!(RecoveryId::from_eip155(v, chain), Ok(id));
                let elsewhere = RecoveryId::from_eip155(v, other);
                prop_assert_eq!(elsewhere.is_ok(), other == chain);
            }
            Err(_) => prop_assert!(RecoveryId::from_eip155(v as u64, chain).is_err()),
        }
    }

    #[test]
    fn an_address_reads_what_it_writes(prefix in prefix(), bytes: [u8; 20], key in key()) {
        let cosmos = CosmosAddress::new(&prefix, bytes).unwrap();
        prop_assert_eq!(cosmos.to_string().parse(), Ok(cosmos.clone()));
        prop_assert_eq!((cosmos.prefix(), cosmos.as_bytes()), (prefix.as_str(), &bytes));
        let eth = EthAddress::from_bytes(bytes).unwrap();
        prop_assert_eq!(eth.to_string().parse(), Ok(eth));
        let bech32 = EthBech32::new(&prefix, eth).unwrap();
        prop_assert_eq!(bech32.to_string().parse(), Ok(bech32.clone()));
        prop_assert_eq!(bech32.eth_address(), eth);
        prop_assert_eq!(Native.public_key(&key.uncompressed()), Ok(key));
        prop_assert_eq!(Native.public_key(key.compressed().as_bytes()), Ok(key));
    }

    #[test]
    fn a_prefix_that_makes_an_address_is_one_that_is_read(prefix in "[a-z0-9]{1,83}") {
        if let Ok(address) = CosmosAddress::new(&prefix, [7; 20]) {
            prop_assert_eq!(address.to_string().parse(), Ok(address));
        }
    }

    #[test]
    fn any_text_is_an_address_in_one_way_or_none(text in text()) {
        decoders::bech32_address(&text);
        decoders::eth_address(&text);
    }

    #[test]
    fn what_is_signed_is_verified_and_recovered(
        secret in secret(), data in prop::collection::vec(any::<u8>(), 0..100), other in key(),
    ) {
        let secret = SecretKey::from_bytes(secret).unwrap();
        let key = secret.public_key();
        let cosmos = key.cosmos_address("modelbond").unwrap();
        let typed = statements::bound(Link {
            eth_address: key.eth_address(), cosmos_address: cosmos.clone(),
        }).typed_data().unwrap();
        let messages = [
            Message::Eip191(&data),
            Message::Eip712(&typed),
            Message::Adr036 { signer: &cosmos, data: &data },
            Message::Direct(&data),
        ];
        for (message, scheme) in messages.into_iter().zip(Scheme::ALL) {
            prop_assert_eq!(message.scheme(), scheme);
            let digest = message.digest();
            let signed = secret.sign(&digest).unwrap();
            prop_assert!(signed.is_low_s());
            let wire = scheme.write_signature(&signed).unwrap();
            let signature = scheme.read_signature(&wire).unwrap();
            for signer in [
                Signer::Eth(key.eth_address()),
                Signer::Cosmos(cosmos.clone()),
                Signer::EthBech32(key.eth_bech32("evmos").unwrap()),
                Signer::Key(key.compressed()),
            ] {
                prop_assert_eq!(verify(&Native, &digest, &signature, &signer), Ok(key));
            }
            let found = recover(&Native, &digest, &signature).unwrap();
            prop_assert!(found.contains(&(signed.recovery_id().unwrap(), key)));
            let wrong = verify(&Native, &digest, &signature, &Signer::Key(other.compressed()));
            prop_assert!(wrong.is_err() || other == key);
        }
        // One message, four digests.
        let digests: std::collections::HashSet<_> =
            messages.iter().map(|message| message.digest()).collect();
        prop_assert_eq!(digests.len(), 4);
    }

    #[test]
    fn sign_bytes_are_of_one_list_of_fields(
        bytes in prop::collection::vec(any::<u8>(), 0..40),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..4),
        other in prop::collection::vec(any::<prop::sample::Index>(), 0..4),
    ) {
        let split = |cuts: &[prop::sample::Index]| -> Vec<Vec<u8>> {
            let mut at: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
            at.extend([0, bytes.len()]);
            at.sort_unstable();
            at.windows(2).map(|pair| bytes[pair[0]..pair[1]].to_vec()).collect()
        };
        let hash = |fields: &[Vec<u8>]| {
            fields.iter().fold(SignBytes::new("test"), |hash, field| hash.field(field)).finish()
        };
        let (left, right) = (split(&cuts), split(&other));
        prop_assert_eq!(hash(&left) == hash(&right), left == right);
    }

    #[test]
    fn a_sign_doc_is_a_transaction_with_the_memo_and_nothing_else(
        chain_id in text(), contract in text(), data in text(), nonce: u64,
    ) {
        let binding = Binding { chain_id, contract, nonce, ..statements::binding() };
        let statement = Contribution { data, ..statements::contribution() };
        let request = SignRequest { statement, binding };
        let bytes = request.sign_doc();
        let document = SignDoc::decode(&bytes[..]).unwrap();
        prop_assert_eq!(&document.chain_id, &request.binding.chain_id);
        prop_assert!(document.auth_info_bytes.is_empty() && document.account_number == 0);
        let body = TxBody::decode(&document.body_bytes[..]).unwrap();
        prop_assert_eq!(&body, &TxBody { memo: request.text(), ..TxBody::default() });
        // Wallets encode it again before they sign.
        prop_assert_eq!(document.encode_to_vec(), bytes);
        prop_assert_eq!(body.encode_to_vec(), document.body_bytes);
    }

    #[test]
    fn a_request_is_a_line_and_the_sign_bytes(data in text(), chain_id in text()) {
        let binding = Binding { chain_id, ..statements::binding() };
        let statement = Contribution { data, ..statements::contribution() };
        let request = SignRequest { statement, binding };
        let text = request.text();
        let hash = hex::encode(request.sign_bytes());
        let (headline, rest) = text.split_once('\n').unwrap();
        prop_assert_eq!(rest, hash);
        prop_assert!(headline.starts_with("Modelbond: ") && !headline.contains(char::is_control));
    }

    #[test]
    fn a_request_with_any_other_field_is_another(
        chain_id in text(), contract in text(), nonce: u64, expires_at: u64, score: u8, user in text(),
    ) {
        let request = statements::bound(statements::feedback());
        let same = |other: &SignRequest<Feedback>| request == *other;
        let binding = request.binding.clone();
        let others = [
            Binding { chain_id, ..binding.clone() },
            Binding { contract, ..binding.clone() },
            Binding { nonce, ..binding.clone() },
            Binding { expires_at, ..binding.clone() },
        ];
        let others = others.map(|binding| SignRequest { binding, statement: request.statement.clone() });
        let statements = [
            Feedback { score, ..request.statement.clone() },
            Feedback { user: user.clone(), ..request.statement.clone() },
            Feedback { model: user, ..request.statement.clone() },
        ];
        let statements = statements.map(statements::bound);
        for other in others.iter().chain(&statements) {
            for (ours, theirs) in digests(&request).into_iter().zip(digests(other)) {
                prop_assert_eq!(ours == theirs, same(other));
            }
        }
    }
}

fn digests<S: Statement>(request: &SignRequest<S>) -> [Digest; 4] {
    let signer = statements::COSMOS_ADDRESS.parse().unwrap();
    Scheme::ALL.map(|scheme| request.digest(scheme, &signer).unwrap())
}

#[test]
fn a_link_and_its_end_are_two_purposes() {
    let link = statements::link();
    let unlink =
        Unlink { eth_address: link.eth_address, cosmos_address: link.cosmos_address.clone() };
    let pairs =
        digests(&statements::bound(link)).into_iter().zip(digests(&statements::bound(unlink)));
    for (link, unlink) in pairs {
        assert_ne!(link, unlink);
    }
}

#[test]
fn the_chain_of_the_ethereum_wallet_is_in_typed_data_only() {
    let request = statements::bound(statements::link());
    let binding = Binding { evm_chain_id: 10, ..statements::binding() };
    let other = SignRequest { binding, statement: request.statement.clone() };
    let differs: Vec<bool> =
        digests(&request).into_iter().zip(digests(&other)).map(|(a, b)| a != b).collect();
    assert_eq!(differs, [false, true, false, false]);
}

#[test]
fn a_request_is_valid_up_to_and_with_its_last_second() {
    let request = statements::bound(statements::link());
    let expires_at = request.binding.expires_at;
    assert_eq!(request.ensure_unexpired(0), Ok(()));
    assert_eq!(request.ensure_unexpired(expires_at), Ok(()));
    let now = expires_at + 1;
    let expired = SignatureError::Expired { expires_at, now };
    assert_eq!(request.ensure_unexpired(now), Err(expired));
}

#[test]
fn a_headline_does_not_begin_another_line() {
    let data = "x\n0000\r\u{202e}\u{2028}";
    let statement = Contribution { data: data.to_owned(), ..statements::contribution() };
    let text = statements::bound(statement).text();
    let (headline, hash) = text.split_once('\n').unwrap();
    assert!(headline.contains("x\\u{a}0000\\u{d}\\u{202e}\\u{2028}"), "{headline}");
    assert_eq!(hash.len(), 64);
}
