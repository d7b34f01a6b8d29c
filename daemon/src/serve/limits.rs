//! How many requests one client may send, and how many connections it may have.
//!
//! Each client has a bucket (GCRA, as of the crate governor) that fills with `rate_limit` requests
//! a second up to `rate_burst`. Clients are told apart by the address of their connection; IPv6 by
//! its first 56 bits, as many customers have that many. One with more (/48) counts as 256 clients
//! at most. Memory is bounded whatever arrives: there is a fixed number of buckets without locks,
//! and a client's one follows from a keyed hash of its address, so that nobody can choose to share
//! somebody's.
//!
//! The connections of each client are counted exactly, in as much memory as there are connections.
//!
//! Behind a reverse proxy all clients have one address: limit there, and switch these off.

use std::collections::hash_map::Entry;
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};

use governor::clock::{Clock, DefaultClock};
use governor::nanos::Nanos;
use governor::state::{InMemoryState, NotKeyed, StateStore};
use governor::{Quota, RateLimiter};

/// Routes that are never limited by rate.
pub const UNLIMITED: [&str; 2] = ["/health", "/metrics"];
/// 8 bytes each.
const BUCKETS: usize = 1 << 16;

/// The limit on requests by client.
pub struct RateLimit {
    limiter: RateLimiter<u64, Buckets, DefaultClock>,
    hasher: RandomState,
}

impl RateLimit {
    /// `per_second` for long and `burst` at once; none if there is no limit.
    pub fn new(per_second: u32, burst: u32) -> Option<Self> {
        let quota = Quota::per_second(NonZeroU32::new(per_second)?);
        let quota = quota.allow_burst(NonZeroU32::new(burst)?);
        let buckets = Buckets((0..BUCKETS).map(|_| InMemoryState::default()).collect());
        let limiter = RateLimiter::new(quota, buckets, DefaultClock::default());
        Some(Self { limiter, hasher: RandomState::new() })
    }

    /// Takes one request from the client's bucket; else says in how many whole seconds there is
    /// one again.
    pub fn take(&self, client: IpAddr) -> Result<(), u64> {
        let key = self.hasher.hash_one(customer(client));
        self.limiter.check_key(&key).map_err(|until| {
            let wait = until.wait_time_from(self.limiter.clock().now());
            wait.as_secs().saturating_add(u64::from(wait.subsec_nanos() > 0)).max(1)
        })
    }
}

/// The limit on connections by client.
#[derive(Debug)]
pub struct ConnectionLimit {
    most: u32,
    /// Clients without a connection are not in it.
    open: Mutex<HashMap<IpAddr, u32>>,
}

impl ConnectionLimit {
    /// At most `most` at the same time; 0 for no limit.
    pub fn new(most: u32) -> Self {
        let most = if most == 0 { u32::MAX } else { most };
        Self { most, open: Mutex::default() }
    }

    /// A place for one more connection of the client's, if it may have one.
    pub fn admit(self: &Arc<Self>, client: IpAddr) -> Option<Place> {
        let client = customer(client);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(client).or_default();
        if *count >= self.most {
            return None;
        }
        *count += 1;
        Some(Place { limit: Arc::clone(self), client })
    }
}

/// One connection of a client, until it is dropped.
#[derive(Debug)]
pub struct Place {
    limit: Arc<ConnectionLimit>,
    client: IpAddr,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.limit.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Entry::Occupied(mut count) = open.entry(self.client) {
            *count.get_mut() -= 1;
            if *count.get() == 0 {
                count.remove();
            }
        }
    }
}

/// The part of an address that one customer has.
fn customer(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d & 0xff00, 0, 0, 0, 0).into()
        }
        address => address,
    }
}

/// A fixed number of buckets.
struct Buckets(Box<[InMemoryState]>);

impl StateStore for Buckets {
    type Key = u64;

    fn measure_and_replace<T, F, E>(&self, key: &u64, f: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        let index = usize::try_from(*key % self.0.len() as u64).unwrap_or_default();
        self.0[index].measure_and_replace(&NotKeyed::NonKey, f)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[test]
    fn a_burst_is_taken_and_then_the_client_waits_and_others_do_not() {
        let limit = RateLimit::new(1, 3).unwrap();
        let [one, other] = ["192.0.2.1", "192.0.2.2"].map(|ip| ip.parse().unwrap());
        for _ in 0..3 {
            assert_eq!(limit.take(one), Ok(()));
        }
        assert_eq!(limit.take(one), Err(1));
        assert_eq!(limit.take(other), Ok(()));
    }

    #[test]
    fn a_client_has_its_share_of_connections_and_others_have_theirs() {
        let limit = Arc::new(ConnectionLimit::new(2));
        let [one, same, other] =
            ["2001:db8::1", "2001:db8::2", "192.0.2.1"].map(|ip| ip.parse().unwrap());
        let places = [limit.admit(one), limit.admit(same)];
        assert!(places.iter().all(Option::is_some) && limit.admit(one).is_none());
        assert!(limit.admit(other).is_some());
        drop(places);
        assert!(limit.open.lock().unwrap().is_empty(), "nothing is left of who was here");
        assert!(limit.admit(one).is_some());
    }

    #[test]
    fn no_share_is_no_limit() {
        let limit = Arc::new(ConnectionLimit::new(0));
        let places: Vec<_> = (0..1000).map(|_| limit.admit([192, 0, 2, 1].into())).collect();
        assert!(places.iter().all(Option::is_some));
    }

    #[test]
    fn no_rate_is_no_limit() {
        assert!(RateLimit::new(0, 5).is_none());
    }

    #[rstest]
    #[case::within_64_bits("2001:db8::1", "2001:db8:0:0:ffff::2", true)]
    #[case::within_56_bits("2001:db8::1", "2001:db8:0:ff::1", true)]
    #[case::other_56_bits("2001:db8::1", "2001:db8:0:100::1", false)]
    #[case::mapped("::ffff:192.0.2.1", "192.0.2.1", true)]
    #[case::neighbours("192.0.2.1", "192.0.2.2", false)]
    fn addresses_of_one_customer_are_one(#[case] a: &str, #[case] b: &str, #[case] same: bool) {
        assert_eq!(customer(a.parse().unwrap()) == customer(b.parse().unwrap()), same);
    }
}
