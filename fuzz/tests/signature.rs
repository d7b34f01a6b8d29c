//! Every decoder of `modelbond-signature`: none panics, and what is read is written back.

#[path = "../../packages/signature/tests/support/decoders.rs"]
mod decoders;

use bolero::check;

/// Bytes of the right length, and any bytes beside them.
type Sized<const N: usize> = ([u8; N], Vec<u8>);

#[test]
fn ethereum_signatures_are_read_in_one_way() {
    check!().with_type::<(Sized<64>, u8)>().for_each(|((numbers, any), v)| {
        decoders::eth_signature(&[&numbers[..], &[*v]].concat());
        decoders::eth_signature(any);
    });
}

#[test]
fn cosmos_signatures_are_read_in_one_way() {
    check!().with_type::<Sized<64>>().for_each(|(numbers, any)| {
        decoders::cosmos_signature(numbers);
        decoders::cosmos_signature(any);
    });
}

#[test]
fn der_is_read_in_one_way() {
    check!().with_type::<Vec<u8>>().for_each(|bytes| decoders::der(bytes));
}

#[test]
fn damaged_der_is_read_in_one_way() {
    check!().with_type::<([u8; 64], u8, u8)>().for_each(|(numbers, at, byte)| {
        let Ok(signature) = modelbond_signature::Signature::from_cosmos(numbers) else { return };
        let mut der = signature.to_der();
        let at = usize::from(*at) % der.len();
        der[at] = *byte;
        decoders::der(&der);
    });
}

#[test]
fn public_keys_are_read_in_one_way() {
    check!().with_type::<([u8; 32], u8, Vec<u8>)>().for_each(|(x, first, any)| {
        decoders::public_key(&[&[*first][..], x].concat());
        decoders::public_key(any);
    });
}

#[test]
fn ethereum_addresses_are_read_in_one_way() {
    check!().with_type::<([u8; 20], u8, String)>().for_each(|(bytes, at, any)| {
        let mut text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let capital = usize::from(*at) % text.len();
        text[capital..=capital].make_ascii_uppercase();
        decoders::eth_address(&format!("0x{text}"));
        decoders::eth_address(any);
    });
}

#[test]
fn bech32_addresses_are_read_in_one_way() {
    check!().with_type::<([u8; 20], u8, u8, String)>().for_each(|(bytes, at, byte, any)| {
        let address = modelbond_signature::CosmosAddress::new("modelbond", *bytes).unwrap();
        let mut text = address.to_string().into_bytes();
        let at = usize::from(*at) % text.len();
        text[at] = *byte;
        decoders::bech32_address(&String::from_utf8_lossy(&text));
        decoders::bech32_address(any);
    });
}

#[test]
fn typed_data_is_read_in_one_way() {
    check!().with_type::<Vec<u8>>().for_each(|json| decoders::typed_data(json));
}

#[test]
fn damaged_typed_data_is_read_in_one_way() {
    check!()
        .with_type::<Vec<(u16, u8, Vec<u8>)>>()
        .for_each(|edits| decoders::damaged_typed_data(edits));
}

#[test]
fn recovery_ids_are_read_in_one_way() {
    check!().with_type::<(u64, u64, u8)>().for_each(|(v, chain_id, offset)| {
        decoders::recovery_byte(*v, *chain_id);
        decoders::recovery_byte(u64::from(*offset), *chain_id);
        let near = chain_id.wrapping_mul(2).wrapping_add(u64::from(*offset));
        decoders::recovery_byte(near, *chain_id);
    });
}
