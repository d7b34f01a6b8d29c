//! Who is drawn: groups from A, auditors, juries and committees from C. By units, over a roster that is
//! read page by page.

use std::cell::RefCell;
use std::collections::btree_map::Entry;
use std::collections::BTreeMap;

use modelbond_election::draw::{draw, DrawError, Drawn, Pool, Roster, Span, Stream};
use modelbond_interface::nodes::{Directory, Member};
use modelbond_interface::training::{Hash32, Sizes};

use crate::world::World;
use crate::RoundError;

/// Roles that one node may have in the groups of a round.
pub const MAX_ROLES: u8 = 2;

/// A roster of the nodes contract. Each page is read once.
pub struct Pages<'a, W> {
    world: &'a W,
    run_id: u64,
    epoch: u64,
    directory: Directory,
    read: RefCell<BTreeMap<u32, Vec<Member>>>,
}

impl<'a, W: World> Pages<'a, W> {
    /// The roster of a run in an epoch.
    ///
    /// # Errors
    /// When its directory cannot be read.
    pub fn open(world: &'a W, run_id: u64, epoch: u64) -> Result<Self, RoundError> {
        let directory = world.directory(run_id, epoch)?;
        Ok(Self { world, run_id, epoch, directory, read: RefCell::default() })
    }
}

impl<W: World> Roster for Pages<'_, W> {
    type Member = Member;
    type Error = RoundError;

    fn total_units(&self) -> u64 {
        self.directory.units
    }

    fn member_at(&self, unit: u64) -> Result<(Member, Span), RoundError> {
        let inconsistent = || RoundError::Roster { epoch: self.epoch, unit };
        let mut first = 0_u64;
        for (page, units) in (0_u32..).zip(&self.directory.pages) {
            let end = first.checked_add(*units).ok_or_else(inconsistent)?;
            if unit >= end {
                first = end;
                continue;
            }
            let mut read = self.read.borrow_mut();
            let members = match read.entry(page) {
                Entry::Occupied(entry) => entry.into_mut(),
                Entry::Vacant(entry) => {
                    entry.insert(self.world.page(self.run_id, self.epoch, page)?)
                }
            };
            for member in members {
                let span = Span { first, units: member.units.into() };
                if span.contains(unit) {
                    return Ok((*member, span));
                }
                first = first.checked_add(span.units).ok_or_else(inconsistent)?;
            }
            break;
        }
        Err(inconsistent())
    }
}

/// The groups of a round: a trainer and witnesses each, of distinct owners within a group, no node in
/// more than [`MAX_ROLES`]. Where nobody is left who may serve, a seat stays empty; a group without a
/// trainer, and those after it, are not there.
///
/// # Errors
/// A roster that cannot be read.
pub fn groups<R>(
    roster: &R,
    assignment: Hash32,
    sizes: &Sizes,
) -> Result<Vec<Vec<Drawn<Member>>>, RoundError>
where
    R: Roster<Member = Member, Error = RoundError>,
{
    let mut stream = Stream::new(&assignment.0);
    let mut base = Pool::new(roster.total_units());
    let mut roles: BTreeMap<u64, u8> = BTreeMap::new();
    let mut groups = Vec::new();
    for _ in 0..sizes.groups {
        let mut pool = base.clone();
        let mut group: Vec<Drawn<Member>> = Vec::new();
        for _ in 0..=sizes.witnesses {
            let fresh =
                |member: &Member| group.iter().all(|d| d.member.owner_id != member.owner_id);
            match seat(draw(&mut stream, roster, &mut pool, fresh))? {
                Some(drawn) => group.push(drawn),
                None => break,
            }
        }
        if group.is_empty() {
            break;
        }
        for drawn in &group {
            let count = roles.entry(drawn.member.node_id).or_default();
            *count = count.saturating_add(1);
            if *count >= MAX_ROLES {
                base.remove(drawn.span);
            }
        }
        groups.push(group);
    }
    Ok(groups)
}

/// Somebody who may not be drawn, nor anybody of the same owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Excluded {
    /// Their units.
    pub span: Span,
    /// Their owner's number.
    pub owner_id: u64,
}

/// Up to `count` nodes who have nothing to do with those who are excluded.
///
/// # Errors
/// A roster that cannot be read.
pub fn fresh<R>(
    roster: &R,
    seed: &[u8; 32],
    count: u8,
    excluded: &[Excluded],
) -> Result<Vec<Drawn<Member>>, RoundError>
where
    R: Roster<Member = Member, Error = RoundError>,
{
    let mut stream = Stream::new(seed);
    let mut pool = Pool::new(roster.total_units());
    for one in excluded {
        pool.remove(one.span);
    }
    let mut drawn = Vec::new();
    let apart = |member: &Member| excluded.iter().all(|one| one.owner_id != member.owner_id);
    for _ in 0..count {
        match seat(draw(&mut stream, roster, &mut pool, apart))? {
            Some(one) => drawn.push(one),
            None => break,
        }
    }
    Ok(drawn)
}

/// An empty seat where nobody may be drawn. A stream gives out with probability 2⁻¹²⁸.
fn seat(
    drawn: Result<Drawn<Member>, DrawError<RoundError>>,
) -> Result<Option<Drawn<Member>>, RoundError> {
    match drawn {
        Ok(drawn) => Ok(Some(drawn)),
        Err(
            DrawError::NobodyLeft | DrawError::TooManyPicks { .. } | DrawError::NoNumber { .. },
        ) => Ok(None),
        Err(DrawError::Inconsistent { unit }) => Err(RoundError::Roster { epoch: 0, unit }),
        Err(DrawError::Roster(error)) => Err(error),
    }
}
