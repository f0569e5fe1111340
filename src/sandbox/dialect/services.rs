//! Doubts about redirections, mail and hosting, with the answers that are possible.
//!
//! The first answer of each is the most plausible one; `adverse` marks those under which even a correct client does not
//! reach its goal in one run.

use super::{Choice, adverse, workable};

choices! {
    /// What a redirection adds to the zone at its host, where no address and no CNAME stands yet.
    RedirectRecords = "redirect-records" answers "redirect.records" {
        /// An A record of the redirecting server.
        Address = workable("a"),
        /// A CNAME record; an A record at the apex.
        Alias = workable("cname"),
        /// Nothing.
        None = workable("none"),
    }
    /// How `UrlOrigin` is spelt in answers.
    RedirectOrigin = "redirect-origin" answers "redirect.origin-form" {
        /// As the request spelt it.
        AsSent = workable("as-sent"),
        /// In small letters, without a final dot.
        Lower = workable("lower"),
        /// With a final dot.
        Dotted = workable("dotted"),
        /// With `http://` in front.
        Scheme = workable("scheme"),
        /// `@` for the apex, complete names below it.
        At = workable("at"),
    }
    /// Whether the list holds inactive redirections.
    RedirectInactive = "redirect-inactive" answers "redirect.inactive" {
        /// Yes.
        Listed = workable("listed"),
        /// No.
        Hidden = adverse("hidden"),
    }
    /// What the answer of POST of a redirection holds.
    RedirectPost = "redirect-post" answers "redirect.post-answer" {
        /// All members, as in the guide.
        Object = workable("object"),
        /// The handle alone.
        Handle = workable("handle"),
    }
    /// What PUT of a redirection does with members that are left out.
    RedirectPut = "redirect-put" answers "redirect.put" {
        /// Clears them; `Active` becomes false.
        Replace = workable("replace"),
        /// Keeps them.
        Merge = workable("merge"),
    }
    /// What stands in texts of redirections, mailboxes and FTP users that are not set.
    Texts = "texts" answers "text.unset" {
        Null = workable("null"),
        /// The empty string.
        Empty = workable("empty"),
        /// The member is left out.
        Absent = workable("absent"),
    }
    /// What null does in a PUT that keeps what is left out.
    Nulls = "nulls" answers "put.null" {
        /// It clears the member.
        Clears = workable("clears"),
        /// Nothing, as if it were left out; the empty string and the empty list clear.
        Kept = workable("kept"),
    }
    /// When a mailbox that was written is completed.
    MailboxState = "mailbox-state" answers "mailbox.state" {
        /// At once.
        Completed = workable("completed"),
        /// After two reads that show it pending.
        Pending = workable("pending"),
    }
    /// The letter case of `State` of mailboxes.
    StateCase = "state-case" answers "mailbox.state-case" {
        /// `Completed`, as in the guide.
        Capital = workable("capital"),
        /// `completed`, as in the reference.
        Small = workable("small"),
    }
    /// What stands in `Forward` and `Alias` of a mailbox that has none.
    MailLists = "mail-lists" answers "mailbox.empty-lists" {
        /// Null, as in the guide.
        Null = workable("null"),
        /// An empty list.
        Empty = workable("empty"),
    }
    /// What PUT does with `Forward` and `Alias`.
    MailListPut = "mail-list-put" answers "mailbox.list-put" {
        /// Replaces them.
        Replace = workable("replace"),
        /// Adds to them.
        Add = adverse("add"),
    }
    /// The letter case of mail addresses in answers.
    MailAddress = "mail-address" answers "mailbox.address-form" {
        /// As the request spelt them.
        AsSent = workable("as-sent"),
        /// Small letters.
        Lower = workable("lower"),
    }
    /// What stands in `UserPwd` of an answer.
    MailSecret = "mail-secret" answers "mailbox.password-answer" {
        /// The member is left out, as in the guide.
        Absent = workable("absent"),
        Null = workable("null"),
        /// The password.
        Told = workable("told"),
    }
    /// Which passwords a mailbox takes; others give 530.
    MailPassword = "mail-password" answers "mailbox.password-rule" {
        /// Every one of at least one character.
        Any = workable("any"),
        /// At least eight characters with a letter, a digit and something else.
        Checked = adverse("checked"),
    }
    /// What a PUT does that gives a mailbox another address or another type.
    MailMove = "mail-move" answers "mailbox.move" {
        /// Changes them.
        Changed = workable("changed"),
        /// Refuses it with 550.
        Refused = adverse("refused"),
        /// Nothing, and answers what there is.
        Ignored = adverse("ignored"),
    }
    /// How a mailbox or an auto-responder is refused.
    MailErrors = "mail-errors" answers "mailbox.errors" {
        /// With the documented array.
        Array = workable("array"),
        /// With 200, an object without a handle and the array in `Errors`.
        Inside = workable("inside"),
    }
    /// Whether mail services and mailboxes are among the owned products.
    MailClass = "mail-class" answers "product.mail-class" {
        /// Yes, as in the guide.
        Listed = workable("listed"),
        /// No; the mail calls alone list them.
        Unlisted = workable("unlisted"),
    }
    /// Whether `object_class` filters the owned products.
    ClassFilter = "class-filter" answers "product.class-filter" {
        /// Yes.
        Honoured = workable("honoured"),
        /// No.
        Ignored = workable("ignored"),
    }
    /// What GET answers where there is no auto-responder.
    ResponderNone = "responder-none" answers "responder.none" {
        /// 404 with the documented array.
        NotFound = workable("404"),
        Null = workable("null"),
        /// An object without members.
        Empty = workable("empty"),
        /// An inactive one without text.
        Inactive = workable("inactive"),
    }
    /// Whether DELETE of an auto-responder exists.
    ResponderDelete = "responder-delete" answers "responder.delete" {
        /// Yes, as in the guide.
        Exists = workable("exists"),
        /// 404 without an error array.
        NotFound = adverse("404"),
        NotAllowed = adverse("405"),
    }
    /// Which moment of its day a date-only `finish` becomes.
    ResponderFinish = "responder-finish" answers "responder.finish" {
        /// The first, as in the guide.
        Midnight = workable("midnight"),
        /// The last second.
        DayEnd = workable("day-end"),
    }
    /// Which keys of an auto-responder are seen.
    ResponderKeys = "responder-keys" answers "responder.keys" {
        /// Any letter case.
        Any = workable("any"),
        /// Small letters alone, as in the guide.
        Small = workable("small"),
        /// Those of the reference alone.
        Pascal = adverse("pascal"),
    }
    /// Whether `Dir` of an FTP user may be relative to the hosting's directory; it is always answered complete.
    FtpDir = "ftp-dir" answers "ftp.dir" {
        /// Yes.
        Relative = workable("relative"),
        /// No: 530.
        Absolute = adverse("absolute"),
    }
    /// The full name of a hosting's own user where nobody gave it one.
    FtpAdmin = "ftp-admin" answers "ftp.admin-name" {
        None = workable("none"),
        /// The hosting's handle.
        Handle = workable("handle"),
        /// `Administrator`.
        Word = workable("word"),
    }
}
