//! Placeholder until `cargo xtask generate` writes it from rules/reasons.toml.

use crate::vocabulary::closed_list;

closed_list! {
    /// Why a delivery failed.
    Reason {
        /// Nothing says why.
        OnHold = "onhold",
        /// There is a text, and no rule understands it.
        Undefined = "undefined",
        /// A feedback report.
        Feedback = "feedback",
        /// An automatic reply.
        Vacation = "vacation",
        /// A success notice.
        Delivered = "delivered",
    }
}
