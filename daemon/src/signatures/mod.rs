//! Signatures as text: what the command line and the HTTP service have in common. Every function
//! is pure; keys are never held here.
//!
//! Bytes are hexadecimal (with or without `0x`) or base64; which one follows from the characters,
//! as no value here is both at a length that is accepted. Schemes and formats are always named.

mod answers;
mod inputs;
mod object;
mod schema;

use modelbond_signature::{
    recover as recover_keys, verify as verify_signature, CompressedKey, CosmosAddress, Native,
    PublicKey, RecoveryId, Signature, SignatureError, Signer,
};

pub use answers::{Addresses, Formats, Key, Reason, Recovered, Verdict};
pub use inputs::{
    parse_bytes, parse_signer, ConvertRequest, Encoding, Format, InputError, ReadMessage,
    RecoverRequest, SignedMessage, VerifyRequest,
};
pub use object::object;

/// Whether the signature is by the signer over the message, and the signer the one that the message
/// names, if it names one. What cannot be read is an error, what is not valid an answer.
pub fn verify(request: &VerifyRequest, prefix: &str) -> Result<Verdict, InputError> {
    let message = request.message.read()?;
    let signer = parse_signer(&request.signer)?;
    let bytes = parse_bytes("signature", &request.signature)?;
    let prefix = signer_prefix(&signer).unwrap_or(prefix);
    let checked = message
        .scheme()
        .read_signature(&bytes)
        .and_then(|signature| verify_signature(&Native, &message.digest(), &signature, &signer));
    let reason = match (checked, message.signer()) {
        // Anybody can sign a document that names somebody else; it says nothing about either.
        (Ok(key), Some(named)) if !is_key_of(named, &key) => other_than_named(named, &key)?,
        (Ok(key), _) => {
            let key = Some(Key::new(&key, prefix)?);
            return Ok(Verdict { valid: true, reason: None, key });
        }
        (Err(error), _) => error.into(),
    };
    Ok(Verdict { valid: false, reason: Some(reason), key: None })
}

fn is_key_of(address: &CosmosAddress, key: &PublicKey) -> bool {
    Signer::Cosmos(address.clone()).is(key)
}

/// A document that names one signer, signed by another.
fn other_than_named(named: &CosmosAddress, key: &PublicKey) -> Result<Reason, InputError> {
    let actual = key.cosmos_address(named.prefix()).map_err(InputError::in_field("prefix"))?;
    let detail = format!("the message names {named} as its signer; the signature is by {actual}");
    Ok(Reason { code: "other_signer".to_owned(), detail })
}

/// The keys that fit the signature over the message, whomever the message names.
pub fn recover(request: &RecoverRequest, prefix: &str) -> Result<Recovered, InputError> {
    recovered(&request.message.read()?, &request.signature, prefix, |_| true)
}

/// The keys that may have signed the message: of those that fit only the one that the message
/// names, if it names one. Where none of them is that one, it is an error.
pub fn signers(request: &RecoverRequest, prefix: &str) -> Result<Recovered, InputError> {
    let message = request.message.read()?;
    let Some(named) = message.signer() else { return recover(request, prefix) };
    let found = recovered(&message, &request.signature, prefix, |key| is_key_of(named, key))?;
    if found.keys.is_empty() {
        let error = SignatureError::NotBySigner { expected: named.to_string() };
        return Err(InputError::in_field("signature")(error));
    }
    Ok(found)
}

fn recovered(
    message: &ReadMessage,
    signature: &str,
    prefix: &str,
    counts: impl Fn(&PublicKey) -> bool,
) -> Result<Recovered, InputError> {
    let bytes = parse_bytes("signature", signature)?;
    let signature =
        message.scheme().read_signature(&bytes).map_err(InputError::in_field("signature"))?;
    let keys = recover_keys(&Native, &message.digest(), &signature)
        .map_err(InputError::in_field("signature"))?;
    let prefix = message.signer().map_or(prefix, |signer| signer.prefix());
    let keys = keys.iter().map(|(_, key)| key).filter(|key| counts(key));
    Ok(Recovered { keys: keys.map(|key| Key::new(key, prefix)).collect::<Result<_, _>>()? })
}

/// The signature in every format.
pub fn convert(request: &ConvertRequest) -> Result<Formats, InputError> {
    let bytes = parse_bytes("signature", &request.signature)?;
    // What is given must be readable, also where the recovery id is known without it.
    let message = request.message.as_ref().map(SignedMessage::read).transpose()?;
    let signer = request.signer.as_deref().map(parse_signer).transpose()?;
    let fault = InputError::in_field("signature");
    let mut signature = match request.from {
        Format::Eth => Signature::from_eth(&bytes),
        Format::Cosmos => Signature::from_cosmos(&bytes),
        Format::Der => Signature::from_der(&bytes),
    }
    .map_err(fault)?;
    if let Some(id) = request.recovery_id {
        let id = RecoveryId::from_v(id).map_err(InputError::in_field("recovery_id"))?;
        signature = signature.with_recovery_id(id);
    }
    if request.normalize {
        signature = signature.normalized();
    }
    if let (None, Some(message), Some(signer)) = (signature.recovery_id(), &message, &signer) {
        signature = signature.with_recovery_id(find_recovery_id(&signature, message, signer)?);
    }
    Ok(Formats::new(&signature))
}

/// Which recovery id makes the signature one by `signer` over `message`.
fn find_recovery_id(
    signature: &Signature,
    message: &ReadMessage,
    signer: &Signer,
) -> Result<RecoveryId, InputError> {
    let keys = recover_keys(&Native, &message.digest(), signature)
        .map_err(InputError::in_field("signature"))?;
    let found = keys.iter().find(|(_, key)| signer.is(key)).map(|(id, _)| *id);
    found.ok_or_else(|| {
        InputError::in_field("signer")(SignatureError::NotBySigner { expected: signer.to_string() })
    })
}

/// Every address of a public key, 33 or 65 bytes.
pub fn key(text: &str, prefix: &str) -> Result<Key, InputError> {
    let bytes = parse_bytes("public_key", text)?;
    let key = Native.public_key(&bytes).map_err(InputError::in_field("public_key"))?;
    Key::new(&key, prefix)
}

fn signer_prefix(signer: &Signer) -> Option<&str> {
    match signer {
        Signer::Cosmos(address) => Some(address.prefix()),
        Signer::EthBech32(address) => Some(address.prefix()),
        Signer::Eth(_) | Signer::Key(_) => None,
    }
}

/// A compressed key, or the compressed form of an uncompressed one.
fn compressed(bytes: &[u8]) -> Result<CompressedKey, SignatureError> {
    Native.public_key(bytes).map(|key| key.compressed())
}
