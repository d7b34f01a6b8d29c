//! Members and their units, in place: each change writes one page and the directory.
//!
//! Only rosters of the next epoch are ever written. In each of them the units of a page, of all pages
//! and of each owner are the sums of its members' units, and `owners` counts owners with units.
//! `largest_owner_units` is the most that any owner ever had in it: after a decrease it may be too high,
//! never too low, so that whoever asks for a small share of the largest owner is never deceived.

use cosmwasm_std::Storage;
use modelbond_interface::nodes::{Directory, Member, MAX_MEMBERS, PAGE_MEMBERS};

use crate::state::{DIRECTORIES, MEMBERS, OWNER_UNITS, PAGES};
use crate::ContractError;

/// Which roster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RosterId {
    pub(crate) run_id: u64,
    pub(crate) epoch: u64,
}

/// Members of a page, as a place counts.
fn page_members() -> u32 {
    u32::try_from(PAGE_MEMBERS).unwrap_or(u32::MAX)
}

/// Page and slot in it.
pub(crate) fn position(place: u32) -> (u32, usize) {
    let page = place.checked_div(page_members()).unwrap_or_default();
    let slot = place.checked_rem(page_members()).unwrap_or_default();
    (page, usize::try_from(slot).unwrap_or(usize::MAX))
}

impl RosterId {
    /// The directory; an empty one where nobody was ready.
    pub(crate) fn directory(self, storage: &dyn Storage) -> Result<Directory, ContractError> {
        let directory = DIRECTORIES.may_load(storage, (self.run_id, self.epoch))?;
        Ok(directory.unwrap_or_default())
    }

    /// Stores the directory; an empty one is none.
    pub(crate) fn save_directory(
        self,
        storage: &mut dyn Storage,
        directory: &Directory,
    ) -> Result<(), ContractError> {
        let key = (self.run_id, self.epoch);
        if directory.members == 0 {
            DIRECTORIES.remove(storage, key);
            return Ok(());
        }
        Ok(DIRECTORIES.save(storage, key, directory)?)
    }

    /// Members of a page.
    pub(crate) fn page(self, storage: &dyn Storage, page: u32) -> Vec<Member> {
        let key = PAGES.key((self.run_id, self.epoch, page));
        let bytes = storage.get(&key).unwrap_or_default();
        Member::of_page(&bytes).collect()
    }

    /// Stores a page; an empty one is none.
    pub(crate) fn save_page(self, storage: &mut dyn Storage, page: u32, members: &[Member]) {
        let key = PAGES.key((self.run_id, self.epoch, page));
        if members.is_empty() {
            storage.remove(&key);
            return;
        }
        let bytes: Vec<u8> = members.iter().flat_map(Member::to_bytes).collect();
        storage.set(&key, &bytes);
    }

    /// Puts a member at its place, or at the end; the place.
    pub(crate) fn put(
        self,
        storage: &mut dyn Storage,
        place: Option<u32>,
        member: Member,
    ) -> Result<u32, ContractError> {
        let mut directory = self.directory(storage)?;
        let place = match place {
            Some(place) => place,
            None => self.append(&mut directory)?,
        };
        let members = self.page(storage, position(place).0);
        self.write(storage, directory, members, (place, member))?;
        Ok(place)
    }

    /// Writes a member into its page and the directory.
    fn write(
        self,
        storage: &mut dyn Storage,
        mut directory: Directory,
        mut members: Vec<Member>,
        (place, member): (u32, Member),
    ) -> Result<(), ContractError> {
        let (page, slot) = position(place);
        let before = match members.get_mut(slot) {
            Some(before) => std::mem::replace(before, member).units,
            None => {
                members.push(member);
                0
            }
        };
        self.save_page(storage, page, &members);
        self.change_units(storage, &mut directory, page, (&member, before))?;
        self.save_directory(storage, &directory)
    }

    /// The next free place, which is taken.
    fn append(self, directory: &mut Directory) -> Result<u32, ContractError> {
        let place = directory.members;
        if place >= MAX_MEMBERS {
            let RosterId { run_id, epoch } = self;
            return Err(ContractError::RosterFull { run_id, epoch, most: MAX_MEMBERS });
        }
        directory.members = place.saturating_add(1);
        if position(place).1 == 0 {
            directory.pages.push(0);
        }
        Ok(place)
    }

    /// Counts a member whose units were `before`.
    pub(crate) fn change_units(
        self,
        storage: &mut dyn Storage,
        directory: &mut Directory,
        page: u32,
        (member, before): (&Member, u32),
    ) -> Result<(), ContractError> {
        if member.units == before {
            return Ok(());
        }
        // At most 4,096 members of at most 2³² − 1 units: no sum comes near 2⁶⁴.
        let changed = |sum: u64| {
            sum.saturating_sub(u64::from(before)).saturating_add(u64::from(member.units))
        };
        directory.units = changed(directory.units);
        let page = usize::try_from(page).ok();
        if let Some(units) = page.and_then(|page| directory.pages.get_mut(page)) {
            *units = changed(*units);
        }
        let key = (self.run_id, self.epoch, member.owner_id);
        let had = OWNER_UNITS.may_load(storage, key)?.unwrap_or_default();
        let has = changed(had);
        match (had, has) {
            (0, 1..) => directory.owners = directory.owners.saturating_add(1),
            (1.., 0) => directory.owners = directory.owners.saturating_sub(1),
            _ => {}
        }
        directory.largest_owner_units = directory.largest_owner_units.max(has);
        if has == 0 {
            OWNER_UNITS.remove(storage, key);
            return Ok(());
        }
        Ok(OWNER_UNITS.save(storage, key, &has)?)
    }

    /// Changes the units of a node that is a member.
    pub(crate) fn set_units(
        self,
        storage: &mut dyn Storage,
        node_id: u64,
        units: u32,
    ) -> Result<(), ContractError> {
        let Some(stored) = MEMBERS.may_load(storage, (self.run_id, self.epoch, node_id))? else {
            return Ok(());
        };
        let (page, slot) = position(stored.place);
        let members = self.page(storage, page);
        match members.get(slot).copied() {
            Some(member) if member.units != units => {
                let directory = self.directory(storage)?;
                let changed = (stored.place, Member { units, ..member });
                self.write(storage, directory, members, changed)
            }
            _ => Ok(()),
        }
    }
}
