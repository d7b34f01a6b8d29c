//! Published answers and answers of other implementations: keys, addresses, digests, signatures.
#![allow(missing_docs)]

#[path = "support/statements.rs"]
mod statements;

use base64::engine::general_purpose::STANDARD;
use base64::Engine;
use modelbond_signature::typed_data::Document;
use modelbond_signature::{
    adr036_sign_doc, keccak256, recover, sha256, verify, CosmosAddress, Digest, EthAddress,
    EthBech32, Message, Native, PublicKey, RecoveryId, Scheme, SecretKey, SignRequest, Signature,
    Signer, Statement, TypedData,
};
use rstest::rstest;
use serde_json::json;

/// The key of EIP-712's example, keccak256("cow").
const COW: &str = "c85ef7d79691fe79573b1a7064c19c1a9819ebdbd1faaab1a8ec92344438aaf4";

/// An ADR-036 signature made elsewhere: key, signer (whose address is also the data) and r ‖ s.
const ADR036_KEY: &str = "A/MdHVpitzHNSdD1Zw3kY+L5PEIPyd9l6sD5i4aIfXp9";
const ADR036_SIGNER: &str = "cosmos1m9l358xunhhwds0568za49mzhvuxx9uxre5tud";
const ADR036_SIGNATURE: &str =
    "vb78/y129cOiWyQkeFF8wCKZsOyzjpILnpEVZ72o5YUhEOmQZzVPcbUqWPLR7aZQ20j6vnYhIuCQN0HEG3igFg==";

fn cow() -> SecretKey {
    SecretKey::from_bytes(bytes(COW)).unwrap()
}

fn bytes<const N: usize>(text: &str) -> [u8; N] {
    hex::decode(text).unwrap().try_into().unwrap()
}

fn typed(document: serde_json::Value) -> TypedData {
    TypedData::new(serde_json::from_value::<Document>(document).unwrap()).unwrap()
}

fn mail() -> TypedData {
    typed(json!({
        "types": {
            "EIP712Domain": [
                { "name": "name", "type": "string" },
                { "name": "version", "type": "string" },
                { "name": "chainId", "type": "uint256" },
                { "name": "verifyingContract", "type": "address" },
            ],
            "Person": [
                { "name": "name", "type": "string" },
                { "name": "wallet", "type": "address" },
            ],
            "Mail": [
                { "name": "from", "type": "Person" },
                { "name": "to", "type": "Person" },
                { "name": "contents", "type": "string" },
            ],
        },
        "primaryType": "Mail",
        "domain": {
            "name": "Ether Mail",
            "version": "1",
            "chainId": 1,
            "verifyingContract": "0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC",
        },
        "message": {
            "from": { "name": "Cow", "wallet": "0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826" },
            "to": { "name": "Bob", "wallet": "0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB" },
            "contents": "Hello, Bob!",
        },
    }))
}

#[test]
fn the_key_of_eip_712s_example_has_its_addresses() {
    assert_eq!(keccak256("cow"), bytes(COW));
    let key = cow().public_key();
    assert_eq!(
        key.compressed().to_string(),
        "030947751e3022ecf3016be03ec77ab0ce3c2662b4843898cb068d74f698ccc8ad"
    );
    assert_eq!(key.eth_address().to_string(), "0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826");
    assert_eq!(
        key.cosmos_address("cosmos").unwrap().to_string(),
        "cosmos17lhf4defwy62pnx8du74p62daut53rev66jw7a"
    );
    assert_eq!(
        key.eth_bech32("cosmos").unwrap().to_string(),
        "cosmos1e54rm8un3cfum9r7cpdtcll8xn0cmkpxalqpmw"
    );
}

#[rstest]
// The smallest keys: the generator and its double, in SEC 2 and in every list of test keys.
#[case::one(
    1,
    "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
    "0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf",
    "751e76e8199196d454941c45d1b3a323f1433bd6"
)]
#[case::two(
    2,
    "02c6047f9441ed7d6d3045406e95c07cd85c778e4b8cef3ca7abac09b95c709ee5",
    "0x2B5AD5c4795c026514f8317c7a215E218DcCD6cF",
    "06afd46bcdfd22ef94ac122aa11f241244a37ecc"
)]
fn a_small_key_has_its_addresses(
    #[case] secret: u8,
    #[case] compressed: &str,
    #[case] eth: &str,
    #[case] hash160: &str,
) {
    let mut number = [0; 32];
    number[31] = secret;
    let key = SecretKey::from_bytes(number).unwrap().public_key();
    assert_eq!(key.compressed().to_string(), compressed);
    assert_eq!(key.eth_address().to_string(), eth);
    assert_eq!(hex::encode(key.cosmos_address("cosmos").unwrap().as_bytes()), hash160);
    assert_eq!(Native.public_key(&hex::decode(compressed).unwrap()), Ok(key));
    assert_eq!(Native.public_key(&key.uncompressed()), Ok(key));
}

#[rstest]
// EIP-55, "Test Cases".
#[case::all_capitals("0x52908400098527886E0F7030069857D2E4169EE7")]
#[case::all_capitals_too("0x8617E340B3D01FA5F11F306F4090FD50E238070D")]
#[case::all_small("0xde709f2102306220921060314715629080e2fb77")]
#[case::all_small_too("0x27b1fdb04752bbc536007a920d24acb045561c26")]
#[case::first("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")]
#[case::second("0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359")]
#[case::third("0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB")]
#[case::fourth("0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb")]
fn an_address_is_written_with_eip_55s_capitals(#[case] text: &str) {
    let address: EthAddress = text.parse().unwrap();
    assert_eq!(address.to_string(), text);
    assert_eq!(text.to_lowercase().parse(), Ok(address));
    assert_eq!(format!("0x{}", text[2..].to_uppercase()).parse(), Ok(address));
}

#[test]
fn eip_712s_mail_has_its_hashes() {
    let mail = mail();
    assert_eq!(
        mail.encoded_type(),
        "Mail(Person from,Person to,string contents)Person(string name,address wallet)"
    );
    assert_eq!(
        hex::encode(mail.domain_separator()),
        "f2cee375fa42b42143804025fc449deafd50cc031ca257e0b194a650a912090f"
    );
    assert_eq!(
        mail.struct_hash().map(hex::encode).as_deref(),
        Some("c52c0ee5d84264471806290a3f2c4cecfc5490626bf912d01f240d7a274b371e")
    );
    assert_eq!(
        Message::Eip712(&mail).digest().to_string(),
        "be609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2"
    );
}

#[rstest]
#[case::eip_712(
    Message::Eip712(&mail()).digest(),
    "be609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2",
    "4355c47d63924e8a72e509b65029052eb6c299d53a04e167c5775fd466751c9d\
     07299936d304c153f6443dfa05f40ff007d72911b6f72307f996231605b915621c"
)]
#[case::eip_191(
    Message::Eip191(b"hello world").digest(),
    "d9eba16ed0ecae432b71fe008c98cc872bb4cc214d3220a36f365326cf807d68",
    "e1ffe99aa71b20a5a9bfe344aa88d410141149c2be44ab8ff3e4fa4cdc1e90dc\
     41ad65439332078f28538cd371b4bf9b216af7478cff49abda5ce04a3d603c6a1b"
)]
fn an_ethereum_signature_is_made_verified_and_recovered(
    #[case] digest: Digest,
    #[case] expected_digest: &str,
    #[case] signature: &str,
) {
    assert_eq!(digest.to_string(), expected_digest);
    let signed = cow().sign(&digest).unwrap();
    assert_eq!(signed.to_eth().map(hex::encode), Ok(signature.to_owned()));
    let key = cow().public_key();
    let read = Scheme::Eip191.read_signature(&bytes::<65>(signature)).unwrap();
    assert_eq!(verify(&Native, &digest, &read, &Signer::Eth(key.eth_address())), Ok(key));
    assert_eq!(recover(&Native, &digest, &read), Ok(vec![(read.recovery_id().unwrap(), key)]));
}

fn adr036() -> (PublicKey, CosmosAddress, Digest, Signature) {
    let key = Native.public_key(&STANDARD.decode(ADR036_KEY).unwrap()).unwrap();
    let signer: CosmosAddress = ADR036_SIGNER.parse().unwrap();
    let digest = Message::Adr036 { signer: &signer, data: ADR036_SIGNER.as_bytes() }.digest();
    let signature = Scheme::Adr036.read_signature(&STANDARD.decode(ADR036_SIGNATURE).unwrap());
    (key, signer, digest, signature.unwrap())
}

#[test]
fn an_adr_036_signature_is_verified() {
    let (key, signer, digest, signature) = adr036();
    assert_eq!(
        adr036_sign_doc(&signer, ADR036_SIGNER.as_bytes()),
        "{\"account_number\":\"0\",\"chain_id\":\"\",\"fee\":{\"amount\":[],\"gas\":\"0\"},\"memo\":\"\",\
         \"msgs\":[{\"type\":\"sign/MsgSignData\",\"value\":{\"data\":\
         \"Y29zbW9zMW05bDM1OHh1bmhod2RzMDU2OHphNDltemh2dXh4OXV4cmU1dHVk\",\"signer\":\
         \"cosmos1m9l358xunhhwds0568za49mzhvuxx9uxre5tud\"}}],\"sequence\":\"0\"}"
    );
    assert_eq!(
        digest.to_string(),
        "a39b65a338e0774a452bb0741c33941eb45d128e4652febd2efad83c41c55f40"
    );
    assert_eq!(key.cosmos_address("cosmos").as_ref(), Ok(&signer));
    assert_eq!(key.eth_address().to_string(), "0x5B27B60B87EE3A9aa54201845B3B4b8d45AE934e");
    assert_eq!(verify(&Native, &digest, &signature, &Signer::Cosmos(signer)), Ok(key));
    assert_eq!(verify(&Native, &digest, &signature, &Signer::Key(key.compressed())), Ok(key));
}

#[test]
fn recovery_id_one_names_the_key_of_the_adr_036_signature() {
    let (key, _, digest, signature) = adr036();
    assert_eq!(recover(&Native, &digest, &signature).map(|keys| keys.len()), Ok(2));
    let named = signature.with_recovery_id(RecoveryId::Odd);
    assert_eq!(named.recovery_id().map(RecoveryId::id), Some(1));
    assert_eq!(recover(&Native, &digest, &named), Ok(vec![(RecoveryId::Odd, key)]));
}

#[test]
fn the_high_s_twin_of_the_adr_036_signature_normalizes_to_it() {
    let (_, _, _, signature) = adr036();
    let s = bytes("deef166f98cab08e4ad5a70d2e1259addf65e22839277d5b2f9b1cc8b4bda12b");
    let twin = Signature::new(*signature.r(), s, Some(RecoveryId::Even)).unwrap();
    assert!(!twin.is_low_s());
    assert_eq!(twin.normalized(), signature.with_recovery_id(RecoveryId::Odd));
}

/// Typed data at the edges of EIP-712. The digests are those of ethers 6.17, viem 2.57 and
/// @metamask/eth-sig-util 8 (V4), which agree; of recursive types, which ethers refuses, those of
/// the other two.
#[rstest]
#[case::nested_arrays(
    json!({ "N": [{ "name": "k", "type": "uint8[2][]" }] }),
    json!({ "k": [[1, 2], [3, 4]] }),
    "a63933029c2ef7f024895c07e19c27973512e04e078be7849f56377216fe33bd"
)]
#[case::arrays_of_structs_without_members(
    json!({ "S": [], "N": [{ "name": "k", "type": "S[]" }] }),
    json!({ "k": [{}, {}] }),
    "a7d1336ffb85b900ab715534c6ccd24cf4199a3bc161bda61523c41c6ba85655"
)]
#[case::recursive_types(
    json!({ "N": [{ "name": "kids", "type": "N[]" }] }),
    json!({ "kids": [{ "kids": [] }] }),
    "c91e9b6ac4aa843538be2c6404d67d3a8b568ffc032cedf050a782678912c7de"
)]
#[case::arrays_of_every_kind(
    json!({ "N": [
        { "name": "b", "type": "string[]" },
        { "name": "c", "type": "bytes[]" },
        { "name": "d", "type": "bool[2]" },
        { "name": "e", "type": "bytes3[]" },
    ] }),
    json!({ "b": ["a", "ü"], "c": ["0x", "0x01"], "d": [true, false], "e": ["0x010203"] }),
    "3dbe52439da855b75d1e04403a4b1685dfae66c4bb48ffca36186975b3b6832a"
)]
#[case::types_sorted_by_their_bytes(
    json!({
        "N": [
            { "name": "a", "type": "_b" },
            { "name": "b", "type": "Z" },
            { "name": "c", "type": "a" },
        ],
        "_b": [], "Z": [], "a": [],
    }),
    json!({ "a": {}, "b": {}, "c": {} }),
    "f714f585ec85e19124f9508fd54e8eb87a3b0f57e678a899dbf07778ebfcc903"
)]
#[case::the_smallest_int8(
    json!({ "N": [{ "name": "b", "type": "int8" }] }),
    json!({ "b": -128 }),
    "719556323431534ed2725f97a2e8602921d2e5373531813618c0e8ebd1ce7115"
)]
#[case::a_number_beyond_what_json_numbers_carry(
    json!({ "N": [{ "name": "b", "type": "uint64" }] }),
    json!({ "b": "9007199254740993" }),
    "8a3b90a28718cfe33be33e5a4b1a23da42e8d5772f56406902b37a3d61989686"
)]
#[case::a_member_with_a_dollar(
    json!({ "N": [{ "name": "$", "type": "uint8" }] }),
    json!({ "$": 2 }),
    "b3051cd53681a6fd94efddb7aa8c202fdec8e64a87595d5e8d67c1e8776c6d25"
)]
#[case::bytes_in_capitals(
    json!({ "N": [{ "name": "b", "type": "bytes" }] }),
    json!({ "b": "0xABcd" }),
    "8b918456fc4933d0cfdebb627b90aa2cca6ff6915298d62dc6af0a97484a0659"
)]
fn typed_data_has_the_digest_of_the_wallet_libraries(
    #[case] types: serde_json::Value,
    #[case] message: serde_json::Value,
    #[case] digest: &str,
) {
    let domain = json!({ "name": "x" });
    let document =
        json!({ "types": types, "primaryType": "N", "domain": domain, "message": message });
    assert_eq!(Message::Eip712(&typed(document)).digest().to_string(), digest);
}

/// The sign bytes, then the digest of each scheme.
fn digests<S: Statement>(request: &SignRequest<S>) -> [String; 5] {
    let signer = statements::COSMOS_ADDRESS.parse().unwrap();
    let [a, b, c, d] = Scheme::ALL.map(|s| request.digest(s, &signer).unwrap().to_string());
    [hex::encode(request.sign_bytes()), a, b, c, d]
}

// Sign bytes, SignDoc and ADR-036 document: written again in Python (hashlib, struct, json).
// EIP-191 and EIP-712: eth-account 0.14 of the same text and JSON; the EIP-712 digests are also
// those of ethers 6.17 and @metamask/eth-sig-util 8 (V4).
#[rstest]
#[case::link(
    digests(&statements::bound(statements::link())),
    [
        "bdc6840e10ab35f49d2238b3cec6de85fa8de3f4fef0b40ebf829277b618497c",
        "bcdfbbb7e31354f49e7fe54638a0688cd588248ef9f9d232096839ffccb7a927",
        "9d69f91a2d5ab08ec41b622f56ce45e952ae6378e84e2679a58f527698c479e9",
        "f52ee8608f643725f2b271ddb5dadd3ba2aba566c5d4980e97554def68348614",
        "98ad56b3b04f95c17548ab39b51e61d3df0eb72d5af2543e4819d92d7336d731",
    ]
)]
#[case::unlink(
    digests(&statements::bound(statements::unlink())),
    [
        "1303038a2258799ba5cffc91226d4853672d01837151ac918579c18d6d3fa703",
        "353e8ec368cdc4e4c73eff8310e7fc99b1c5246f06fef2858640032eaf24e3b5",
        "563a69fe6fcd2a653eaf219af12189bb142227cc18d1882db901b80bd1e76123",
        "938de673d45585715dd3df2ae83fbbaf549c8499a8d069f6cedc4615b5f8c7be",
        "309f09b1327b8123ee930a789ce41c86a441467299dd9311ca0f2b941a42848c",
    ]
)]
#[case::attestation(
    digests(&statements::bound(statements::attestation())),
    [
        "5dd9a34556c167072f3a3672b86ee738bfbfe75221e8e30b814acbfde37eb3cc",
        "0e09cdcc550ca47293aae6fc651f4013b78f4b38843a595afc08c8541cdce6ef",
        "5af8fd68881f9f1df31365e764f7251b2cf70b22fe63cbe053e4d7b01c0a66f1",
        "519f7065969297829a53db8e9dba1e3e837ffeee24be883ac231e6b952c7ea7a",
        "7a3d9f6b019d65fc0461472e69231e6af955912a64d334cfffee89377e4c029e",
    ]
)]
#[case::contribution(
    digests(&statements::bound(statements::contribution())),
    [
        "e9fc671546decd9ff9e6e119fae6a9b64d67d0f3668df30039ba1cd67296088f",
        "75aee82e3d4159cff6e5be8c8b8992600e2eff5e468eef785aaa1d6de2424234",
        "45971309e50636c1b1dd86d36735bc51e7a7d9b31d70cb6d69751a55c7749c88",
        "7910c14b85afe96eaf1e0d39482d747138a2ea37d270d051e63cd5da1cb7b7ff",
        "56a519f6a72e23effb2b36aa2d919a8eb2cbb4af5d134a4bef507666b56dd099",
    ]
)]
#[case::feedback(
    digests(&statements::bound(statements::feedback())),
    [
        "8901ed4dba1745cdce95d05932a47157ea777ea6c7d33ce634999dde5ec6e1e6",
        "0c88861ca535027e179ce9859689aa62ce349e5233b16fb536d7a8beb9a4555e",
        "2acfae3fafcbcc269ea65cb2ffba9134ecbf210efd13f75f82256699559b96c5",
        "493710b178f744fd8755fc7bd4e07521b3b1bdaf84a5e6247ae9d08c41d5735f",
        "9a78a132e4d580ece32ba536650ed83c0c202e0b77cea3ad06a8855d595d51fc",
    ]
)]
#[case::root_attestation(
    digests(&statements::bound(statements::root_attestation())),
    [
        "f1918d1c1c7c542a1967745052686148d54befb28f24cbff4a11d9f789dcf879",
        "0f9a33900853077989f4831f92abc7cb1d0a54f345ff1bfc2dc8f3cbe56fc81e",
        "8724597bb17e52e7e8475cf5deb84113187514ee22022db019048198398530f0",
        "5e28cd89306dae66fe79df9fae81902d5f7a51e9168180cd873aa1c33c45dda6",
        "aaccd3005f9e5d3fe66daeecb8aeab76eec1d9ebfaf909ed730da4889737cec6",
    ]
)]
#[case::registration(
    digests(&statements::bound(statements::registration())),
    [
        "078a03c94c0a0e4d74f8656bdfdfbf6ada52921b790dcd357beab4829afb44e0",
        "6272aa5901f94d921afa649f4f9e37ca6d520a1e23b632c8ba7bbcd5c26d3ea6",
        "4e1e571f08dae2bd6a9f91d35ff894d5dc88f3c17cc6859ca72f7f5bed765091",
        "908dc9abd9c617a54f2b4c48a9a908efe4bd8dd7b6b1127a60ffed92625be002",
        "31401fdf223dbf9ee54de32c9d74cb6ec72fc733a2dbb347ec10f8c4ae39afe4",
    ]
)]
#[case::key_rotation(
    digests(&statements::bound(statements::key_rotation())),
    [
        "ba56e557d454a3b58a2ac02e31f705ad366003124cd0607d9d021b753236c294",
        "c225026012b2411d416a027ba153f1bd483839bd39886a3d56400a53c2abd83b",
        "115f17b08073cb803f4fbe469049fe3a21a8f1f964312ba222cbde8e729802d6",
        "b7b69c4a35c6d3ad21b2e5f5685f65523efa094cdf71d73a83a068e7af050476",
        "73591067d0de45dbae6ba91e9df693445fa1c2fe2375cb92a79d259d142f3d0c",
    ]
)]
fn a_statement_has_its_pinned_digests(#[case] actual: [String; 5], #[case] expected: [&str; 5]) {
    assert_eq!(actual, expected);
}

#[test]
fn the_three_hashes_are_not_each_other() {
    // FIPS 180-4 and the Keccak team's vectors of the empty message.
    assert_eq!(
        hex::encode(sha256("")),
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    );
    assert_eq!(
        hex::encode(keccak256("")),
        "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"
    );
}

#[test]
fn eth_bech32_of_an_address_is_the_address() {
    let address: EthAddress = statements::ETH_ADDRESS.parse().unwrap();
    let text = "cosmos1e54rm8un3cfum9r7cpdtcll8xn0cmkpxalqpmw";
    assert_eq!(EthBech32::new("cosmos", address).map(|a| a.to_string()), Ok(text.to_owned()));
    assert_eq!(text.parse::<EthBech32>().map(|a| a.eth_address()), Ok(address));
}
