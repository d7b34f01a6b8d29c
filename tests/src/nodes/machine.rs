//! A machine: two keys made from its name.

use cosmwasm_std::Timestamp;
use modelbond_election::vrf;
use modelbond_interface::bridge::{Proof, Scheme};
use modelbond_interface::nodes::NewKeys;
use modelbond_signature::{sha256, SignRequest, Statement};

use crate::bridge::Person;

/// A machine's keys. Its name begins with `machine`.
pub struct Machine {
    /// The attestation key.
    pub person: Person,
    /// The VRF key.
    pub vrf: [u8; 32],
}

impl Machine {
    /// The machine called `name`.
    #[must_use]
    pub fn called(name: &str) -> Self {
        Self { person: Person::called(name), vrf: Self::secret(name).public_key() }
    }

    /// The VRF secret of the machine called `name`.
    #[must_use]
    pub fn secret(name: &str) -> vrf::SecretKey {
        vrf::SecretKey::from_bytes(&sha256(format!("vrf of {name}")))
    }

    /// Its keys, with a proof of this request.
    #[must_use]
    pub fn keys<S: Statement>(&self, request: &SignRequest<S>, scheme: Scheme) -> NewKeys {
        let signature = self.person.sign(request, scheme, &self.person.cosmos);
        NewKeys {
            attestation_key: self.person.pubkey(),
            vrf_key: self.vrf.into(),
            proof: Proof { scheme, signature },
            expires_at: Timestamp::from_seconds(request.binding.expires_at),
        }
    }
}
