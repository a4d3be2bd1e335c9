//! Addresses that were met before.

use std::collections::HashMap;

use super::address;

/// Addresses, each with a number; those are equal that [`address::same`] calls the same. One type for all who remember
/// addresses, as a set or as places in a list: the code of each kind of map would weigh in the browser's module.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known(HashMap<String, usize>);

impl Known {
    /// Whether this address is new. It keeps its first number.
    #[inline(never)]
    pub(crate) fn add(&mut self, address: &str, number: usize) -> bool {
        let mut new = false;
        self.0.entry(address::bare(address)).or_insert_with(|| {
            new = true;
            number
        });
        new
    }

    /// The number of an address.
    #[inline(never)]
    pub(crate) fn get(&self, address: &str) -> Option<usize> {
        if self.0.is_empty() { None } else { self.0.get(&address::bare(address)).copied() }
    }

    /// The least number of any of these addresses.
    pub(crate) fn first<'a>(&self, names: impl Iterator<Item = &'a str>) -> Option<usize> {
        names.filter_map(|name| self.get(name)).min()
    }

    pub(crate) fn holds(&self, address: &str) -> bool {
        self.get(address).is_some()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
