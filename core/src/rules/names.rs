//! The names under which providers run mail servers and mailboxes, for looking up.

use std::collections::HashMap;

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
pub(crate) struct Domains(HashMap<String, usize>);

impl Domains {
    fn new(tables: &Tables, of: fn(&Provider) -> &[Str]) -> Self {
        let each = tables.providers.iter().enumerate();
        let names = each
            .flat_map(|(n, provider)| of(provider).iter().map(move |name| (name.to_ascii_lowercase(), n)));
        Self(names.collect())
    }

    /// The place of the provider with the longest of the domains that a name is in: `mx.example.com` is in `example.com`,
    /// `notexample.com` is not.
    pub(crate) fn find(&self, name: &str) -> Option<usize> {
        let name = name.to_ascii_lowercase();
        let mut rest = name.as_str();
        loop {
            if let Some(n) = self.0.get(rest) {
                return Some(*n);
            }
            rest = &rest[rest.find('.')? + 1..];
        }
    }
}
