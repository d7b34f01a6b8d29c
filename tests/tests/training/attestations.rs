//! A reveal is signed by the key that is pinned to its seat, over exactly what it says.

use cosmwasm_std::Binary;
use modelbond_interface::bridge::Scheme;
use modelbond_interface::training::{Attested, ExecuteMsg, Hash32, Phase, SeatInfo, Stage};
use modelbond_signature::{Attestation, SignRequest, Signature, SignatureError};
use modelbond_tests::training::{answer, attested, Setup};
use modelbond_tests::{Chain, Contracts, Failure, Machine, Person, Rewind, Training};
use modelbond_training::ContractError;
use rstest::rstest;

const WEEK: u64 = 604_800;

type Request = SignRequest<Attestation>;

/// A round in which trainers and witnesses reveal, a seat, and what it must sign.
struct Story {
    training: Training,
    seat: SeatInfo,
    request: Request,
    person: Person,
}

fn story() -> Story {
    let mut training = Setup::default().nodes(9, 3).build();
    training.play_until(Phase::Reveal);
    story_of(training, 1, 1)
}

fn story_of(training: Training, group: u8, slot: usize) -> Story {
    let seat = training.seats(Stage::Work, group)[slot].clone();
    let round = training.round();
    let found = answer(&training.task(&round, seat.id), 0);
    let request = training.attestation(&round, &seat, &found);
    let person = Machine::called(&training.member(seat.seat.node_id).machine).person;
    Story { training, seat, request, person }
}

impl Story {
    /// Reveals with an attestation, and undoes it.
    fn reveal(&mut self, with: Attested) -> Result<(), ContractError> {
        let mut msg = self.training.reveal_message(&self.seat, Scheme::Direct);
        if let ExecuteMsg::Reveal { attested, .. } = &mut msg {
            *attested = with;
        }
        let sender = self.training.market.address("stranger");
        let address = self.training.address.clone();
        let chain = self.training.chain();
        let result =
            chain.imagine(|chain| chain.execute_any(&sender, &address, &msg, &[]).map(drop));
        result.map_err(Failure::training)
    }

    fn signed(&self, scheme: Scheme) -> Attested {
        attested(&self.person, &self.request, scheme)
    }
}

fn is_not_attested(result: Result<(), ContractError>) -> bool {
    matches!(result, Err(ContractError::Attestation { .. }))
}

#[test]
fn every_scheme_attests() {
    let mut story = story();
    for scheme in Scheme::ALL {
        let signed = story.signed(scheme);
        assert_eq!(story.reveal(signed), Ok(()), "{scheme}");
    }
}

/// Signed for something else than the message says, in every scheme.
#[rstest]
#[case::another_run(|r: &mut Request| r.statement.run_id += 1)]
#[case::another_round(|r: &mut Request| r.statement.round_id += 1)]
#[case::another_beacon(|r: &mut Request| r.statement.beacon[0] ^= 1)]
#[case::another_assignment(|r: &mut Request| r.statement.assignment[0] ^= 1)]
#[case::another_group(|r: &mut Request| r.statement.group = 0)]
#[case::another_slot(|r: &mut Request| r.statement.slot = 2)]
#[case::another_role(|r: &mut Request| r.statement.role = "trainer".to_owned())]
#[case::another_node(|r: &mut Request| r.statement.node_id += 1)]
#[case::another_key_epoch(|r: &mut Request| r.statement.key_epoch += 1)]
#[case::another_work(|r: &mut Request| r.statement.work[31] ^= 1)]
#[case::another_mode(|r: &mut Request| r.statement.mode = "scored".to_owned())]
#[case::another_class(|r: &mut Request| r.statement.device_class.push('2'))]
#[case::another_level(|r: &mut Request| r.statement.attestation_level = 1)]
#[case::another_beginning(|r: &mut Request| r.statement.started_at -= 1)]
#[case::another_end(|r: &mut Request| r.statement.ended_at += 1)]
#[case::another_chain(|r: &mut Request| r.binding.chain_id.push('2'))]
#[case::another_contract(|r: &mut Request| r.binding.contract.push('2'))]
#[case::another_nonce(|r: &mut Request| r.binding.nonce += 1)]
#[case::another_expiry(|r: &mut Request| r.binding.expires_at += 1)]
fn an_attestation_of_something_else_is_refused(#[case] change: fn(&mut SignRequest<Attestation>)) {
    let mut story = story();
    for scheme in Scheme::ALL {
        let right = story.signed(scheme);
        let mut other = story.request.clone();
        change(&mut other);
        let signature = attested(&story.person, &other, scheme).signature;
        assert!(is_not_attested(story.reveal(Attested { signature, ..right })), "{scheme}");
    }
}

#[test]
fn typed_data_of_another_evm_chain_is_refused() {
    let mut story = story();
    story.request.binding.evm_chain_id = 1;
    let signed = story.signed(Scheme::Eip712);
    assert!(is_not_attested(story.reveal(signed)));
}

/// Another machine's, the owner's own, another owner's.
#[rstest]
#[case::another_machine("machine 99")]
#[case::owner("owner1")]
#[case::another_owner("owner2")]
fn another_key_attests_nothing(#[case] name: &str) {
    let mut story = story();
    for scheme in Scheme::ALL {
        let signed = attested(&Person::called(name), &story.request, scheme);
        assert!(is_not_attested(story.reveal(signed)), "{scheme}");
        // By the address in an ADR-036 document, too.
        let person = Person::called(name);
        let signature = person.sign(&story.request, scheme, &story.person.cosmos);
        let signed = Attested { signature, ..story.signed(scheme) };
        assert!(is_not_attested(story.reveal(signed)), "{scheme}");
    }
}

#[test]
fn a_seat_next_door_attests_nothing() {
    let mut story = story();
    let neighbour = story.training.seats(Stage::Work, 1)[2].clone();
    let machine = story.training.member(neighbour.seat.node_id).machine;
    for scheme in Scheme::ALL {
        let signed = attested(&Machine::called(&machine).person, &story.request, scheme);
        assert!(is_not_attested(story.reveal(signed)), "{scheme}");
    }
}

#[test]
fn a_signature_of_one_scheme_is_none_of_another() {
    let mut story = story();
    for scheme in Scheme::ALL {
        for other in Scheme::ALL.into_iter().filter(|other| *other != scheme) {
            let signed = Attested { scheme: other, ..story.signed(scheme) };
            assert!(is_not_attested(story.reveal(signed)), "{scheme} as {other}");
        }
    }
}

#[rstest]
#[case::nothing(0)]
#[case::a_byte_too_few(63)]
#[case::a_byte_too_many(66)]
#[case::far_too_long(10_000)]
fn garbage_attests_nothing(#[case] length: usize) {
    let mut story = story();
    for scheme in Scheme::ALL {
        let signature = Binary::from(vec![1; length]);
        let signed = Attested { signature, ..story.signed(scheme) };
        assert!(is_not_attested(story.reveal(signed)), "{scheme}");
    }
}

/// n − s for s: the twin that everybody can make of a signature.
fn twin(low: &Signature) -> Signature {
    const N: Hash32 = Hash32([
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xfe, 0xba, 0xae, 0xdc, 0xe6, 0xaf, 0x48, 0xa0, 0x3b, 0xbf, 0xd2, 0x5e, 0x8c, 0xd0, 0x36,
        0x41, 0x41,
    ]);
    let mut s = [0; 32];
    let mut borrow = 0;
    for i in (0..32).rev() {
        let digit = i16::from(N.0[i]) - i16::from(low.s()[i]) - borrow;
        borrow = i16::from(digit < 0);
        s[i] = digit.rem_euclid(256) as u8;
    }
    Signature::new(*low.r(), s, None).unwrap()
}

#[test]
fn high_s_is_refused() {
    let mut story = story();
    for scheme in Scheme::ALL {
        let right = story.signed(scheme);
        let low = scheme.read_signature(&right.signature).unwrap();
        let mut bytes = twin(&low).to_cosmos().to_vec();
        if let Some(v) = right.signature.get(64) {
            // The other parity: 27 for 28.
            bytes.push(55 - v);
        }
        let result = story.reveal(Attested { signature: bytes.into(), ..right });
        let expected = ContractError::Attestation { source: SignatureError::HighS };
        assert_eq!(result, Err(expected), "{scheme}");
    }
}

#[test]
fn work_does_not_end_before_it_begins() {
    let mut story = story();
    let statement = &mut story.request.statement;
    let (started_at, ended_at) = (statement.ended_at, statement.started_at);
    (statement.started_at, statement.ended_at) = (started_at, ended_at);
    let signed = story.signed(Scheme::Eip191);
    let expected = ContractError::EndsBeforeStart { started_at, ended_at };
    assert_eq!(story.reveal(signed), Err(expected));
    story.request.statement.ended_at = started_at;
    let signed = story.signed(Scheme::Eip191);
    assert_eq!(story.reveal(signed), Ok(()), "it may take less than a second");
}

#[test]
fn there_are_three_levels() {
    let mut story = story();
    for level in 0..=2 {
        story.request.statement.attestation_level = level;
        let signed = story.signed(Scheme::Direct);
        assert_eq!(story.reveal(signed), Ok(()));
    }
    for level in [3, u8::MAX] {
        story.request.statement.attestation_level = level;
        let signed = story.signed(Scheme::Direct);
        assert_eq!(story.reveal(signed), Err(ContractError::Level { level }));
    }
}

#[test]
fn an_attestation_is_valid_up_to_its_last_second_and_for_a_week() {
    let mut story = story();
    let now = story.training.market.chain.now().seconds();
    for expires_at in [now, now + WEEK] {
        story.request.binding.expires_at = expires_at;
        let signed = story.signed(Scheme::Adr036);
        assert_eq!(story.reveal(signed), Ok(()));
    }
    story.request.binding.expires_at = now - 1;
    let signed = story.signed(Scheme::Adr036);
    let source = SignatureError::Expired { expires_at: now - 1, now };
    assert_eq!(story.reveal(signed), Err(ContractError::Attestation { source }));
    for expires_at in [now + WEEK + 1, u64::MAX] {
        story.request.binding.expires_at = expires_at;
        let signed = story.signed(Scheme::Adr036);
        let latest = now + WEEK;
        let expected = ContractError::ExpiresTooLate { expires_at, latest };
        assert_eq!(story.reveal(signed), Err(expected));
    }
}

/// A reveal of the first round, sent again in the second one by somebody who kept it.
#[test]
fn an_attestation_of_the_last_round_is_refused_in_the_next() {
    let mut training = Setup::default().nodes(3, 3).build();
    training.play_until(Phase::Reveal);
    let first = story_of(training, 0, 0);
    let old = first.signed(Scheme::Direct);
    let mut training = first.training;
    training.play_to(Phase::Final);
    training.play_until(Phase::Reveal);
    let mut second = story_of(training, 0, 0);
    assert!(is_not_attested(second.reveal(old)));
}

#[test]
fn after_a_rotation_the_pinned_key_counts_in_its_round_and_the_new_one_later() {
    let mut training = Setup::default().nodes(3, 3).build();
    let node_id = 2;
    let new = Machine::called("machine of tomorrow");
    training.rotate(node_id, "machine of tomorrow").unwrap();
    training.ready_all().unwrap();
    // The round pins the roster of the last epoch in which the old key counts, and seats are drawn in
    // the first one in which the new key does.
    training.advance().unwrap();
    training.ready_all().unwrap();
    training.play_to(Phase::Reveal);
    let seat_of = |training: &Training| {
        let seats = training.all_seats(Stage::Work);
        seats.into_iter().find(|seat| seat.seat.node_id == node_id).unwrap().id
    };
    let id = seat_of(&training);
    let mut story = story_of(training, id.group, id.slot.into());
    for scheme in Scheme::ALL {
        let signed = attested(&new.person, &story.request, scheme);
        assert!(is_not_attested(story.reveal(signed)), "{scheme}");
        let signed = story.signed(scheme);
        assert_eq!(story.reveal(signed), Ok(()), "{scheme}");
    }

    let (old, mut training) = (story.person, story.training);
    training.play_to(Phase::Final);
    let member = training.members.iter_mut().find(|member| member.node_id == node_id);
    member.unwrap().machine = "machine of tomorrow".to_owned();
    training.play_until(Phase::Reveal);
    let id = seat_of(&training);
    let mut story = story_of(training, id.group, id.slot.into());
    assert_eq!(story.seat.seat.account.as_str(), new.person.cosmos.as_str());
    for scheme in Scheme::ALL {
        let signed = attested(&old, &story.request, scheme);
        assert!(is_not_attested(story.reveal(signed)), "{scheme}");
        let signed = story.signed(scheme);
        assert_eq!(story.reveal(signed), Ok(()), "{scheme}");
    }
}
