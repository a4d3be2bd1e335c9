//! Messages between their first log line and their last.

use std::collections::{BTreeMap, HashMap, VecDeque};

use super::{Event, Fact};
use crate::report::Delivery;
use crate::syntax::address;
use crate::vocabulary::{Action, Kind};

/// Messages that are remembered at once; beyond, the oldest is given up with its last status. Logs of busy servers
/// hold a few thousand open messages.
const MAX_OPEN: usize = 200_000;

/// Open messages by queue id.
#[derive(Clone, Debug, Default)]
pub(super) struct Queues {
    open: HashMap<String, Open>,
    order: VecDeque<String>,
}

#[derive(Clone, Debug, Default)]
struct Open {
    sender: Option<String>,
    message_id: Option<String>,
    subject: Option<String>,
    /// Deferred deliveries, the last try of each recipient, by the number of that try.
    deferred: BTreeMap<usize, Delivery>,
    /// The number of each deferred recipient's last try: a message can have very many.
    last_try: HashMap<String, usize>,
    tries: usize,
}

impl Queues {
    /// Takes a fact; gives the deliveries that it completes.
    pub(super) fn apply(&mut self, event: Event) -> Vec<Delivery> {
        let Event { queue, fact } = event;
        if let Fact::Done = fact {
            return self.close(&queue);
        }
        let mut given_up = self.make_room(&queue);
        let open = self.open.entry(queue).or_default();
        match fact {
            Fact::Sender(sender) => open.sender = Some(sender),
            Fact::MessageId(id) => open.message_id = Some(id),
            Fact::Subject(subject) => open.subject = Some(subject),
            Fact::Tried(delivery) => given_up.extend(open.tried(*delivery)),
            Fact::Expired(words) => given_up.extend(open.expire(&words)),
            Fact::Done | Fact::Broken => {}
        }
        given_up
    }

    /// Everything that is still open, oldest first.
    pub(super) fn drain(&mut self) -> Vec<Delivery> {
        let order: Vec<String> = self.order.drain(..).collect();
        let all =
            order.iter().filter_map(|queue| self.open.remove(queue)).flat_map(Open::into_deferred).collect();
        self.open.clear();
        all
    }

    fn close(&mut self, queue: &str) -> Vec<Delivery> {
        self.open.remove(queue).map_or_else(Vec::new, Open::into_deferred)
    }

    /// Remembers a new queue id, and forgets the oldest when there are too many.
    fn make_room(&mut self, queue: &str) -> Vec<Delivery> {
        if self.open.contains_key(queue) {
            return Vec::new();
        }
        let mut given_up = Vec::new();
        while self.open.len() >= MAX_OPEN {
            let Some(oldest) = self.order.pop_front() else { break };
            given_up.extend(self.close(&oldest));
        }
        // Those that left the queue are still in the order. Now and then they are taken out.
        if self.order.len() > 2 * self.open.len() + 1_000 {
            let open = &self.open;
            self.order.retain(|queue| open.contains_key(queue));
        }
        self.order.push_back(queue.to_owned());
        given_up
    }
}

impl Open {
    /// A try that came to an end is complete; a deferred one waits for the next.
    fn tried(&mut self, mut delivery: Delivery) -> Option<Delivery> {
        let recipient = address::bare(delivery.recipient.as_deref().unwrap_or_default());
        if let Some(before) = self.last_try.remove(&recipient) {
            self.deferred.remove(&before);
        }
        self.fill(&mut delivery);
        if delivery.action == Some(Action::Delayed) {
            self.tries += 1;
            self.last_try.insert(recipient, self.tries);
            self.deferred.insert(self.tries, delivery);
            return None;
        }
        Some(delivery)
    }

    fn expire(&mut self, said: &str) -> Vec<Delivery> {
        self.last_try.clear();
        let mut all: Vec<Delivery> = std::mem::take(&mut self.deferred).into_values().collect();
        for delivery in &mut all {
            delivery.action = Some(Action::Failed);
            delivery.kind = Some(Kind::Bounce);
            let words = delivery.diagnostic.get_or_insert_default();
            if !words.is_empty() {
                words.push_str("; ");
            }
            words.push_str(said);
        }
        all
    }

    fn fill(&self, delivery: &mut Delivery) {
        delivery.sender = delivery.sender.take().or_else(|| self.sender.clone());
        delivery.message_id = delivery.message_id.take().or_else(|| self.message_id.clone());
        delivery.subject = delivery.subject.take().or_else(|| self.subject.clone());
    }

    fn into_deferred(mut self) -> Vec<Delivery> {
        let mut all: Vec<Delivery> = std::mem::take(&mut self.deferred).into_values().collect();
        for delivery in &mut all {
            self.fill(delivery);
        }
        all
    }
}
