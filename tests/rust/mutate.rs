//! Ways to damage a mail, the same ones each time.

/// A small generator of numbers: the same seed gives the same mails on every machine.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// A generator for one mail.
    #[must_use]
    pub fn new(seed: &str) -> Self {
        // FNV-1a.
        Self(
            seed.bytes()
                .fold(0xcbf2_9ce4_8422_2325, |hash, b| (hash ^ u64::from(b)).wrapping_mul(0x100_0000_01b3)),
        )
    }

    /// A number below `limit`.
    pub fn below(&mut self, limit: usize) -> usize {
        // xorshift64*
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % limit.max(1)
    }
}

/// The mail cut off at every `step`th byte.
pub fn truncated(mail: &[u8], step: usize) -> impl Iterator<Item = Vec<u8>> {
    (0..mail.len()).step_by(step).map(|end| mail[..end].to_vec())
}

/// The mail with `count` bytes exchanged, a few at a time.
pub fn flipped(mail: &[u8], count: usize, random: &mut Random) -> Vec<Vec<u8>> {
    let nasty = [0, b'\n', b'\r', b'<', b'>', b'@', b'"', b'(', b'=', b':', b';', b'-', 0x1b, 0x80, 0xff];
    let mut all = Vec::new();
    for round in 0..count {
        let mut copy = mail.to_vec();
        for _ in 0..=round % 4 {
            let at = random.below(copy.len());
            let Some(byte) = copy.get_mut(at) else { continue };
            *byte = if random.below(2) == 0 {
                nasty[random.below(nasty.len())]
            } else {
                *byte ^ (1 << random.below(8))
            };
        }
        all.push(copy);
    }
    all
}

/// The mail with its blocks (what stands between empty lines) turned round, doubled, and left out one at a time.
#[must_use]
pub fn swapped(mail: &[u8]) -> Vec<Vec<u8>> {
    let text = mail.to_vec();
    let mut blocks: Vec<&[u8]> = Vec::new();
    let mut start = 0;
    for at in 0..text.len().saturating_sub(1) {
        if &text[at..at + 2] == b"\n\n" && at + 2 > start {
            blocks.push(&text[start..at + 2]);
            start = at + 2;
        }
    }
    blocks.push(&text[start..]);
    let mut all = vec![blocks.iter().rev().copied().collect::<Vec<_>>().concat(), [mail, mail].concat()];
    for at in 0..blocks.len() {
        let without = blocks.iter().enumerate().filter(|(index, _)| *index != at).map(|(_, block)| *block);
        all.push(without.collect::<Vec<_>>().concat());
        if at > 0 {
            let mut turned = blocks.clone();
            turned.swap(at - 1, at);
            all.push(turned.concat());
        }
    }
    all
}

/// Two mails, the first half of one with the second half of the other.
#[must_use]
pub fn crossed(a: &[u8], b: &[u8]) -> Vec<u8> {
    [&a[..a.len() / 2], &b[b.len() / 2..]].concat()
}
