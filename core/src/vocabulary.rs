//! The closed lists of words a record is written in.
//!
//! Every list is an enum whose [`as_str`](Kind::as_str) is the stable name that all surfaces print and accept.

/// Declares an enum with a stable string for each variant, `as_str`, `ALL`, `FromStr`, `Display` and `Serialize`.
macro_rules! closed_list {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum $name { $($(#[$vmeta])* $variant,)+ }

        impl $name {
            /// Every value, in the order of the list.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The stable name, as records carry it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::Error;
            fn from_str(name: &str) -> Result<Self, $crate::Error> {
                match name {
                    $($text => Ok(Self::$variant),)+
                    _ => Err($crate::Error::unknown_name(stringify!($name), name, &[$($text),+])),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
    };
}
pub(crate) use closed_list;

closed_list! {
    /// What a message, or one record of it, is.
    #[derive(Default)]
    Kind {
        /// A delivery failed for good.
        Bounce = "bounce",
        /// Still queued; nothing failed yet.
        Delay = "delay",
        /// A complaint or another feedback report (RFC 5965, RFC 6591 and look-alikes).
        Feedback = "feedback",
        /// A vacation notice, challenge, ticket or read receipt (RFC 3834 and look-alikes).
        AutoReply = "auto_reply",
        /// A success notice.
        Delivery = "delivery",
        /// Anything else; such a message has no records.
        #[default]
        Other = "other",
    }
}

closed_list! {
    /// The Action field of RFC 3464, section 2.3.3.
    Action {
        /// The message could not be delivered.
        Failed = "failed",
        /// Not delivered yet; the reporting MTA keeps trying.
        Delayed = "delayed",
        /// Delivered to the recipient.
        Delivered = "delivered",
        /// Handed to a system that does not send delivery reports.
        Relayed = "relayed",
        /// Delivered to a list or alias that forwards it further.
        Expanded = "expanded",
    }
}

closed_list! {
    /// The stage of the SMTP dialogue that a reply answers (RFC 5321).
    Command {
        /// Connection and greeting.
        Conn = "CONN",
        /// `EHLO`, `HELO` or `LHLO`.
        Ehlo = "EHLO",
        /// `STARTTLS` (RFC 3207).
        StartTls = "STARTTLS",
        /// `AUTH` (RFC 4954).
        Auth = "AUTH",
        /// `MAIL FROM`.
        Mail = "MAIL",
        /// `RCPT TO`.
        Rcpt = "RCPT",
        /// `DATA`, `BDAT` and the end of the data.
        Data = "DATA",
        /// `QUIT`.
        Quit = "QUIT",
    }
}

closed_list! {
    /// Whose side a failure is on.
    #[derive(Default)]
    Blame {
        /// The recipient: mailbox missing, full, disabled or choosy.
        Recipient = "recipient",
        /// The sending side: reputation, authentication, content, volume.
        Sender = "sender",
        /// The system that should have taken the message.
        Receiver = "receiver",
        /// What lies between both: DNS, connections, routes.
        Path = "path",
        /// Nobody did anything wrong.
        Nobody = "nobody",
        /// The report does not let one say.
        #[default]
        Unknown = "unknown",
    }
}

closed_list! {
    /// What the sender should do now.
    #[derive(Default)]
    Advice {
        /// Nothing.
        #[default]
        None = "none",
        /// Send no more mail to this address.
        Suppress = "suppress",
        /// Send again later.
        Retry = "retry",
        /// Send slower, or less, to this provider.
        SlowDown = "slow_down",
        /// Change the message.
        FixContent = "fix_content",
        /// Reach the recipient another way; only they can change this.
        ContactRecipient = "contact_recipient",
        /// Repair the sending side: DNS, authentication, listing, TLS.
        FixSender = "fix_sender",
        /// A person should look at the evidence.
        Review = "review",
    }
}

closed_list! {
    /// Which kind of knowledge decided the reason.
    #[derive(Default)]
    DecidedBy {
        /// A provider's own words or token.
        Provider = "provider",
        /// Words that mean the same from anyone.
        Phrase = "phrase",
        /// A provider's reading of a bare enhanced status code.
        ProviderCode = "provider_code",
        /// The registered meaning of an enhanced status code (RFC 3463).
        Status = "status",
        /// The SMTP stage or the reply code alone.
        Stage = "stage",
        /// Nothing: `onhold` or `undefined`.
        #[default]
        None = "none",
        /// The report's format, for kinds that need no decision.
        Format = "format",
    }
}

closed_list! {
    /// Where the recipient address was read.
    RecipientSource {
        /// Final-Recipient of RFC 3464.
        FinalRecipient = "final_recipient",
        /// Original-Recipient of RFC 3464 (or ORCPT).
        OriginalRecipient = "original_recipient",
        /// A header of the report, such as X-Failed-Recipients.
        Header = "header",
        /// The human-readable text of the report.
        Text = "text",
        /// The diagnostic words of the deciding reply.
        Diagnostic = "diagnostic",
        /// The address that the report was sent to (VERP).
        Verp = "verp",
        /// The single To of the returned mail.
        ReturnedTo = "returned_to",
        /// Original-Rcpt-To of a feedback report, or what stands in for it.
        Feedback = "feedback",
        /// The author of an automatic reply.
        From = "from",
        /// A line of a server's log.
        Log = "log",
    }
}

closed_list! {
    /// What the caller's address book says of a recipient.
    AddressStatus {
        /// A known good address: bounces never overwrite this.
        Whitelisted = "whitelisted",
        /// A recipient who keeps changing filter settings.
        Unstable = "unstable",
    }
}

closed_list! {
    /// Whether a report answers mail that the caller really sent.
    Authenticity {
        /// Proven by a token, tag or known Message-ID.
        Genuine = "genuine",
        /// Neither proven nor contradicted.
        Unproven = "unproven",
        /// Contradicted: what it carries cannot come from the caller's mail.
        Contradicted = "contradicted",
    }
}

closed_list! {
    /// A limit that a message ran into ([`Limits`](crate::Limits)).
    Limit {
        /// More bytes than `max_bytes`; the rest was not read.
        Bytes = "bytes",
        /// Multiparts nested deeper than `max_depth`.
        Depth = "depth",
        /// More MIME parts than `max_parts`.
        Parts = "parts",
        /// More header bytes than `max_header_bytes` in one header block.
        HeaderBytes = "header_bytes",
        /// More recipients than `max_recipients`.
        Recipients = "recipients",
        /// More text than `max_text_bytes`; the rest was not searched.
        Text = "text",
    }
}
