//! Every decoder of training: none panics, and what is read is written back.

use bolero::check;
use modelbond_interface::nodes::{Member, MEMBER_BYTES};
use modelbond_interface::training::Hash32;
use modelbond_learn::codec;
use modelbond_learn::dataset::Dataset;
use modelbond_learn::model::Model;
use modelbond_rounds::merkle;

#[test]
fn updates_are_read_in_one_way() {
    check!().with_type::<(Vec<u8>, Vec<u8>)>().for_each(|(any, tail)| {
        for bytes in [any.clone(), [&b"MBU\x01"[..], any, tail].concat()] {
            if let Ok(update) = codec::decode(&bytes) {
                assert_eq!(codec::encode(&update).as_deref(), Ok(&bytes[..]));
            }
        }
    });
}

#[test]
fn models_are_read_in_one_way() {
    check!().with_type::<Vec<u8>>().for_each(|bytes| {
        if let Ok(model) = Model::from_bytes(bytes) {
            assert_eq!(&model.to_bytes(), bytes);
        }
    });
}

#[test]
fn tables_are_read_or_refused() {
    check!().with_type::<(Vec<u8>, String)>().for_each(|(bytes, label)| {
        let _ = Dataset::from_csv(bytes, label);
        let named = [b"a,b\n", &bytes[..]].concat();
        if let Ok(rows) = Dataset::from_csv(&named, "b") {
            assert_eq!(rows.width(), 1);
        }
    });
}

#[test]
fn hashes_are_read_in_one_way() {
    check!().with_type::<(String, [u8; 32])>().for_each(|(any, bytes)| {
        let hash = Hash32(*bytes);
        assert_eq!(hash.to_string().parse(), Ok(hash));
        if let Ok(hash) = any.parse::<Hash32>() {
            assert_eq!(hash.to_string(), any.to_ascii_lowercase());
        }
    });
}

#[test]
fn members_of_a_page_are_read_in_one_way() {
    check!().with_type::<Vec<u8>>().for_each(|page| {
        let members: Vec<Member> = Member::of_page(page).collect();
        assert_eq!(members.len(), page.len() / MEMBER_BYTES);
        let bytes: Vec<u8> = members.iter().flat_map(Member::to_bytes).collect();
        assert_eq!(bytes, page[..bytes.len()]);
    });
}

#[test]
fn a_path_shows_its_leaf_and_no_other() {
    check!().with_type::<(Vec<[u8; 32]>, u16, [u8; 32], Vec<[u8; 32]>)>().for_each(
        |(leaves, index, other, any)| {
            let count = leaves.len() as u64;
            let index = u64::from(*index) % count.max(1);
            let root = merkle::root(leaves);
            let _ = merkle::verify(other, index, count, &root, any);
            let Some(path) = merkle::path(leaves, index) else { return };
            let leaf = leaves[index as usize];
            assert!(merkle::verify(&root, index, count, &leaf, &path));
            if *other != leaf {
                assert!(!merkle::verify(&root, index, count, other, &path));
            }
        },
    );
}
