//! The names under which providers run mail servers and mailboxes, for looking up.

use super::table::{Provider, Str, Tables};

/// Domains, each with its provider's place in the table.
#[derive(Debug)]
pub(crate) struct Names {
    /// Under which the mail servers are.
    pub(crate) hosts: Domains,
    /// Of the mailboxes.
    pub(crate) mailboxes: Domains,
}

impl Names {
    pub(super) fn new(tables: &Tables) -> Self {
        Self {
            hosts: Domains::new(tables, |provider| &provider.hosts),
            mailboxes: Domains::new(tables, |provider| &provider.domains),
        }
    }
}

#[derive(Debug)]
pub(crate) struct Domains {
    of: fn(&Provider) -> &[Str],
    /// A bit for each hash under which a domain is filed: most that are asked for are not there.
    bits: Vec<u64>,
    /// The hash of a domain, its provider's place in the table and its own among the provider's, as one number; in their
    /// order.
    filed: Vec<u64>,
}

impl Domains {
    fn new(tables: &Tables, of: fn(&Provider) -> &[Str]) -> Self {
        let mut filed: Vec<u64> = Vec::new();
        for (n, provider) in (0_u64..).zip(tables.providers.iter()) {
            for (place, name) in (0_u64..).zip(of(provider)) {
                let hash = name.bytes().rev().fold(0, with_byte);
                filed.push(u64::from(hash) << 32 | n << 16 | place);
            }
        }
        filed.sort_unstable();
        let mut bits = vec![0; (filed.len() / 4).next_power_of_two()];
        for filed in &filed {
            let (number, bit) = place((filed >> 32) as u32, bits.len());
            bits[number] |= bit;
        }
        Self { of, bits, filed }
    }

    /// The place of the provider with the longest of the domains that a name is in: `mx.example.com` is in `example.com`,
    /// `notexample.com` is not.
    pub(crate) fn find(&self, tables: &Tables, name: &str) -> Option<usize> {
        let (mut hash, mut found) = (0, None);
        for (at, byte) in name.bytes().enumerate().rev() {
            hash = with_byte(hash, byte);
            if at == 0 || name.as_bytes()[at - 1] == b'.' {
                let (number, bit) = place(hash, self.bits.len());
                if self.bits[number] & bit != 0 {
                    found = self.get(tables, hash, &name.as_bytes()[at..]).or(found);
                }
            }
        }
        found
    }

    /// The provider of exactly this domain, the last of several.
    fn get(&self, tables: &Tables, hash: u32, domain: &[u8]) -> Option<usize> {
        let end = self.filed.partition_point(|filed| (filed >> 32) as u32 <= hash);
        let same = self.filed[..end].iter().rev().take_while(|filed| (**filed >> 32) as u32 == hash);
        let provider = |filed: &u64| (filed >> 16) as usize & 0xffff;
        let name = |filed: &u64| &(self.of)(&tables.providers[provider(filed)])[*filed as usize & 0xffff];
        same.filter(|filed| name(filed).as_bytes().eq_ignore_ascii_case(domain)).map(provider).next()
    }
}

/// A hash of what stands behind a byte (FNV-1a), with the byte in lower case.
fn with_byte(hash: u32, byte: u8) -> u32 {
    (hash ^ u32::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0193)
}

/// In which of so many numbers, a power of two, the bit for a hash stands.
const fn place(hash: u32, numbers: usize) -> (usize, u64) {
    ((hash >> 6) as usize & (numbers - 1), 1 << (hash % 64))
}
