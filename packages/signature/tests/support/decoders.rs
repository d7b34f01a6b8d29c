//! Every decoder on any input: it never panics, and what it reads it writes back as it was.

use modelbond_signature::typed_data::Document;
use modelbond_signature::{
    CompressedKey, CosmosAddress, EthAddress, EthBech32, Message, Native, RecoveryId, Signature,
    TypedData,
};

/// r ‖ s ‖ v: back with v ∈ {27, 28}.
pub(crate) fn eth_signature(bytes: &[u8]) {
    let Ok(signature) = Signature::from_eth(bytes) else { return };
    let written = signature.to_eth().unwrap();
    assert_eq!(written[..64], bytes[..64]);
    assert_eq!(written[64] % 27, bytes[64] % 27);
    normalized(&signature);
}

/// r ‖ s.
pub(crate) fn cosmos_signature(bytes: &[u8]) {
    let Ok(signature) = Signature::from_cosmos(bytes) else { return };
    assert_eq!(signature.to_cosmos()[..], *bytes);
    assert_eq!(Signature::from_der(&signature.to_der()), Ok(signature));
    normalized(&signature);
}

/// The one DER encoding.
pub(crate) fn der(bytes: &[u8]) {
    let Ok(signature) = Signature::from_der(bytes) else { return };
    assert_eq!(signature.to_der(), bytes);
    normalized(&signature);
}

fn normalized(signature: &Signature) {
    let low = signature.normalized();
    assert!(low.is_low_s() && low.normalized() == low);
    assert_eq!(low == *signature, signature.is_low_s());
}

/// 33 or 65 bytes.
pub(crate) fn public_key(bytes: &[u8]) {
    if let Ok(key) = CompressedKey::from_slice(bytes) {
        assert_eq!(key.as_bytes()[..], *bytes);
    }
    let Ok(key) = Native.public_key(bytes) else { return };
    assert_eq!(Native.public_key(&key.uncompressed()), Ok(key));
    assert_eq!(Native.public_key(key.compressed().as_bytes()), Ok(key));
    match bytes.len() {
        33 => assert_eq!(key.compressed().as_bytes()[..], *bytes),
        _ => assert_eq!(key.uncompressed()[..], *bytes),
    }
}

/// `0x` and 40 digits: back with the right capitals.
pub(crate) fn eth_address(text: &str) {
    let Ok(address) = text.parse::<EthAddress>() else { return };
    let written = address.to_string();
    assert!(written.eq_ignore_ascii_case(text));
    assert_eq!(written.parse(), Ok(address));
}

/// Both kinds of bech32 addresses.
pub(crate) fn bech32_address(text: &str) {
    if let Ok(address) = text.parse::<CosmosAddress>() {
        assert_eq!(address.to_string(), text);
        assert_eq!(CosmosAddress::new(address.prefix(), *address.as_bytes()), Ok(address));
    }
    if let Ok(address) = text.parse::<EthBech32>() {
        assert_eq!(address.to_string(), text);
        assert_eq!(EthBech32::new(address.prefix(), address.eth_address()), Ok(address));
    }
}

/// JSON of typed data: what goes to a wallet is read as the same.
pub(crate) fn typed_data(json: &[u8]) {
    let Ok(document) = serde_json::from_slice::<Document>(json) else { return };
    let Ok(typed) = TypedData::new(document) else { return };
    let written = serde_json::to_vec(typed.document()).unwrap();
    let again = TypedData::new(serde_json::from_slice(&written).unwrap()).unwrap();
    assert_eq!(Message::Eip712(&again).digest(), Message::Eip712(&typed).digest());
    assert_eq!(again, typed);
}

/// A valid document with bytes of it replaced: where, how many, and by what.
pub(crate) fn damaged_typed_data(edits: &[(u16, u8, Vec<u8>)]) {
    let mut json = DOCUMENT.as_bytes().to_vec();
    for (at, length, bytes) in edits {
        let at = usize::from(*at) % (json.len() + 1);
        let end = (at + usize::from(*length)).min(json.len());
        json.splice(at..end, bytes.iter().copied());
    }
    typed_data(&json);
}

const DOCUMENT: &str = r#"{"types":{"P":[{"name":"n","type":"string"},{"name":"w","type":"address[2]"}],
"M":[{"name":"p","type":"P[]"},{"name":"u","type":"uint64"},{"name":"i","type":"int8"},
{"name":"b","type":"bytes"},{"name":"f","type":"bytes4"},{"name":"y","type":"bool"}]},
"primaryType":"M","domain":{"name":"x","chainId":1},"message":{"p":[{"n":"a","w":
["0xcccccccccccccccccccccccccccccccccccccccc","0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826"]}],
"u":"18446744073709551615","i":-128,"b":"0x01","f":"0x01020304","y":true}}"#;

/// v of a message and of a transaction.
pub(crate) fn recovery_byte(v: u64, chain_id: u64) {
    if let Ok(v) = u8::try_from(v) {
        if let Ok(id) = RecoveryId::from_v(v) {
            assert!(id.v() == v || id.id() == v);
        }
    }
    if let Ok(id) = RecoveryId::from_eip155(v, chain_id) {
        assert_eq!(u128::from(v), u128::from(chain_id) * 2 + 35 + u128::from(id.id()));
    }
}

#[test]
fn the_undamaged_document_is_read() {
    assert!(TypedData::new(serde_json::from_str(DOCUMENT).unwrap()).is_ok());
}
