//! Merkle trees against Certificate Transparency's published answers and against themselves.

use modelbond_rounds::merkle::{hash_leaf, hash_node, path, root, verify, Hash};
use proptest::prelude::*;
use rstest::rstest;
use sha2::{Digest, Sha256};

/// The leaves that the tests of certificate-transparency-go and RFC 6962's reference code use.
fn certificate_transparency_leaves() -> Vec<Vec<u8>> {
    [
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    ]
    .map(|leaf| hex::decode(leaf).unwrap())
    .to_vec()
}

#[rstest]
#[case::empty(0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
#[case::one(1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d")]
#[case::two(2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125")]
#[case::three(3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77")]
#[case::four(4, "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")]
#[case::five(5, "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4")]
#[case::six(6, "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef")]
#[case::seven(7, "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c")]
#[case::eight(8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328")]
fn roots_are_those_of_certificate_transparency(#[case] count: usize, #[case] expected: &str) {
    let leaves = certificate_transparency_leaves();
    assert_eq!(hex::encode(root(&leaves[..count])), expected);
}

#[rstest]
#[case::first_of_eight(
    0,
    8,
    &[
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]
)]
#[case::sixth_of_eight(
    5,
    8,
    &[
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]
)]
#[case::third_of_three(
    2,
    3,
    &["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]
)]
#[case::second_of_five(
    1,
    5,
    &[
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ]
)]
fn paths_are_those_of_certificate_transparency(
    #[case] index: u64,
    #[case] count: usize,
    #[case] expected: &[&str],
) {
    let leaves = certificate_transparency_leaves();
    let path = path(&leaves[..count], index).unwrap();
    assert_eq!(path.iter().map(hex::encode).collect::<Vec<_>>(), expected);
}

/// The definition, word for word: split at the largest power of two below n.
fn root_by_definition(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Sha256::digest([]).into(),
        [leaf] => hash_leaf(leaf),
        _ => {
            let split = leaves.len().next_power_of_two() / 2;
            let (left, right) = leaves.split_at(split);
            hash_node(&root_by_definition(left), &root_by_definition(right))
        }
    }
}

fn leaves(count: u64) -> Vec<Hash> {
    (0..count).map(|index| Sha256::digest(index.to_be_bytes()).into()).collect()
}

#[test]
fn every_leaf_of_every_small_tree_is_proved_and_nothing_else_is() {
    for count in 0..=66 {
        let leaves = leaves(count);
        let root = root(&leaves);
        assert_eq!(root, root_by_definition(&leaves), "{count} leaves");
        assert_eq!(path(&leaves, count), None);
        for (index, leaf) in (0..count).zip(&leaves) {
            let path = path(&leaves, index).unwrap();
            assert!(verify(&root, index, count, leaf, &path), "leaf {index} of {count}");
            assert!(!verify(&root, index, count, &root, &path));
            assert!(!verify(leaf, index, count, leaf, &path));
            for other in (0..=count).filter(|other| *other != index) {
                assert!(!verify(&root, other, count, leaf, &path), "{index} as {other}");
            }
            assert!(!verify(&root, index, count, leaf, &[&path[..], &[root]].concat()));
            if let Some((_, shorter)) = path.split_last() {
                assert!(!verify(&root, index, count, leaf, shorter));
                assert!(!verify(&root, index, count, leaf, &path[1..]));
            }
        }
    }
}

#[test]
fn a_node_is_no_leaf() {
    let leaves = leaves(2);
    let inner = [hash_leaf(&leaves[0]), hash_leaf(&leaves[1])].concat();
    assert_ne!(root([inner]), root(&leaves));
}

#[test]
fn a_tree_without_leaves_proves_nothing() {
    let empty = root::<Hash>([]);
    assert!(!verify(&empty, 0, 0, &[], &[]));
    assert!(!verify(&empty, 0, 0, &empty, &[]));
}

proptest! {
    #[test]
    fn any_bytes_are_refused_without_a_panic(
        root: Hash,
        index: u64,
        count: u64,
        leaf in prop::collection::vec(any::<u8>(), 0..40),
        path in prop::collection::vec(any::<Hash>(), 0..70),
    ) {
        prop_assert!(!verify(&root, index, count, &leaf, &path));
    }

    #[test]
    fn one_flipped_bit_is_refused(count in 1_u64..200, pick: u64, at: usize, bit in 0_u8..8) {
        let leaves = leaves(count);
        let index = pick % count;
        let leaf = leaves[usize::try_from(index).unwrap()];
        let root = root(&leaves);
        let path = path(&leaves, index).unwrap();
        prop_assert!(verify(&root, index, count, &leaf, &path));
        let mut bytes = path.concat();
        bytes.extend(leaf);
        let at = at % bytes.len();
        bytes[at] ^= 1 << bit;
        let (path, leaf) = bytes.split_at(bytes.len() - 32);
        let path: Vec<Hash> = path.chunks(32).map(|hash| hash.try_into().unwrap()).collect();
        prop_assert!(!verify(&root, index, count, leaf, &path));
    }
}
