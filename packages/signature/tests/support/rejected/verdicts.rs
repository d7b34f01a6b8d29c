//! Signatures that are well-formed and by nobody, by somebody else, or too late.

use modelbond_signature::{
    recover, verify, Digest, EthAddress, Message, Native, PublicKey, RecoveryId, SecretKey,
    Signature, SignatureError, Signer,
};

use super::{row, Row};
use crate::statements;

fn secret(byte: u8) -> SecretKey {
    SecretKey::from_bytes([byte; 32]).unwrap()
}

/// The twin of a low-s signature.
fn high(signature: &Signature) -> Signature {
    let order = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";
    let mut s: [u8; 32] = hex::decode(order).unwrap().try_into().unwrap();
    let mut borrow = 0;
    for (digit, subtrahend) in s.iter_mut().zip(signature.s()).rev() {
        let difference = i16::from(*digit) - i16::from(*subtrahend) - borrow;
        borrow = i16::from(difference < 0);
        *digit = difference.rem_euclid(256) as u8;
    }
    Signature::new(*signature.r(), s, signature.recovery_id()).unwrap()
}

pub(super) fn verdicts() -> Vec<Row> {
    let (ours, theirs) = (secret(1).public_key(), secret(2).public_key());
    let digest = Message::Eip191(b"hello").digest();
    let signature = secret(1).sign(&digest).unwrap();
    let unnamed = Signature::from_cosmos(&signature.to_cosmos()).unwrap();
    let other_digest = Digest::from_bytes([9; 32]);
    // No point of the curve has x = 5.
    let mut five = [0; 32];
    five[31] = 5;
    let nobodys = Signature::new(five, five, Some(RecoveryId::Even)).unwrap();
    let nobodys_unnamed = Signature::new(five, five, None).unwrap();
    let eth = |key: &PublicKey| Signer::Eth(key.eth_address());
    let cosmos = |key: &PublicKey| Signer::Cosmos(key.cosmos_address("cosmos").unwrap());
    let bech32 = |key: &PublicKey| Signer::EthBech32(key.eth_bech32("evmos").unwrap());
    let check = |signature: &Signature, signer: &Signer| -> Result<PublicKey, SignatureError> {
        verify(&Native, &digest, signature, signer)
    };
    let request = statements::bound(statements::link());
    let late = request.binding.expires_at + 1;
    let address: EthAddress = statements::ETH_ADDRESS.parse().unwrap();
    vec![
        row("high s, verified", "high_s", check(&high(&signature), &eth(&ours))),
        row("high s, recovered", "high_s", recover(&Native, &digest, &high(&signature))),
        row("r is no point's x, verified", "no_key", check(&nobodys, &eth(&ours))),
        row("r is no point's x, recovered", "no_key", recover(&Native, &digest, &nobodys)),
        row(
            "r is no point's x, recovered without recovery id",
            "no_key",
            recover(&Native, &digest, &nobodys_unnamed),
        ),
        row("by another Ethereum address", "other_signer", check(&signature, &eth(&theirs))),
        row("by another Cosmos address", "other_signer", check(&signature, &cosmos(&theirs))),
        row("by another address in bech32", "other_signer", check(&signature, &bech32(&theirs))),
        row("by another key", "other_signer", check(&signature, &Signer::Key(theirs.compressed()))),
        row(
            "the other recovery id",
            "other_signer",
            check(
                &unnamed.with_recovery_id(match signature.recovery_id() {
                    Some(RecoveryId::Even) => RecoveryId::Odd,
                    _ => RecoveryId::Even,
                }),
                &eth(&ours),
            ),
        ),
        row(
            "an Ethereum address that is somebody else's",
            "other_signer",
            check(&signature, &Signer::Eth(address)),
        ),
        row(
            "over another message",
            "not_by_signer",
            verify(&Native, &other_digest, &unnamed, &cosmos(&ours)),
        ),
        row(
            "without recovery id, by another Cosmos address",
            "not_by_signer",
            check(&unnamed, &cosmos(&theirs)),
        ),
        row(
            "without recovery id, by another key",
            "not_by_signer",
            check(&unnamed, &Signer::Key(theirs.compressed())),
        ),
        row("a second after its expiry", "expired", request.ensure_unexpired(late)),
        row("at the end of time", "expired", request.ensure_unexpired(u64::MAX)),
    ]
}
