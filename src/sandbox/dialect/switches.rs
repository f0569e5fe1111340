//! The switches themselves: what the documents leave open, and the answers that are possible.
//!
//! The first answer of each is the most plausible one; `adverse` marks those under which even a correct client does not
//! reach its goal in one run.

use super::{Choice, DialectError, Lot, Reach, Switch, adverse, pick, workable};

switches! {
    /// How the zone's own name is spelt in `Host` of an answer.
    apex: Apex = "apex" answers "record.apex" {
        /// `@`.
        At = workable("at"),
        /// The empty string, although the model asks for one character.
        Empty = workable("empty"),
        /// The zone's name.
        Full = workable("full"),
        /// As the request spelt it.
        AsSent = workable("as-sent"),
    }
    /// How hosts below the apex are spelt in an answer.
    hosts: Hosts = "hosts" answers "record.host-form" {
        /// Relative to the zone: `www`.
        Relative = workable("relative"),
        /// `www.example.com`.
        Full = workable("full"),
        /// `www.example.com.`.
        FullDot = workable("full-dot"),
        /// Relative, in capitals.
        Upper = workable("upper"),
        /// As the request spelt it.
        AsSent = workable("as-sent"),
    }
    /// Which spellings of `Host` and layouts of `Data` a request may use.
    input: Input = "input" answers "record.host-input" {
        /// Every one that the documents permit.
        Any = workable("any"),
        /// Only the server's own; others are refused with 552.
        Own = adverse("own"),
    }
    /// How the data of TXT records is written in answers.
    txt: Txt = "txt" answers "record.txt" {
        /// The bare text, quoted only where it could be taken for a quoted one.
        Plain = workable("plain"),
        /// One quoted string, whatever its length.
        Quoted = workable("quoted"),
        /// Quoted strings of at most 255 bytes.
        Chunks = workable("chunks"),
        /// As the request wrote it.
        AsSent = workable("as-sent"),
    }
    /// How the value of CAA records is written in answers.
    caa: Caa = "caa" answers "record.caa" {
        /// `0 issue "letsencrypt.org"`.
        Quoted = workable("quoted"),
        /// `0 issue letsencrypt.org`.
        Bare = workable("bare"),
    }
    /// Where the preference of MX records stands in answers.
    mx: Mx = "mx" answers "record.mx" {
        /// In `Weight`.
        Weight = workable("weight"),
        /// In front of the host in `Data`.
        Data = workable("data"),
    }
    /// Where the numbers of SRV records stand in answers.
    srv: Srv = "srv" answers "record.srv" {
        /// Priority in `Weight`; weight, port and target in `Data`.
        Weight = workable("weight"),
        /// All four in `Data`.
        Data = workable("data"),
    }
    /// Where the parts of NAPTR records stand in answers.
    naptr: Naptr = "naptr" answers "record.naptr" {
        /// Order in `Weight`; service and replacement in `Data`; the rest in fields of their own.
        Fields = workable("fields"),
        /// Order, service and replacement in `Data`; the rest in fields of their own.
        OrderInData = workable("order-in-data"),
        /// All six in `Data`.
        Data = workable("data"),
    }
    /// How IPv6 addresses are written in answers.
    ipv6: Ipv6 = "ipv6" answers "record.ipv6" {
        /// Compressed (RFC 5952).
        Short = workable("short"),
        /// Eight groups of four digits.
        Full = workable("full"),
        /// As the request wrote it.
        AsSent = workable("as-sent"),
    }
    /// How the hexadecimal tails of DS, SSHFP and TLSA records are written in answers.
    hex: Hex = "hex" answers "record.hex" {
        /// As the request wrote it.
        AsSent = workable("as-sent"),
        /// In capitals.
        Upper = workable("upper"),
        /// In small letters.
        Lower = workable("lower"),
    }
    /// Whether host names in `Data` end with a dot in answers.
    targets: Targets = "targets" answers "record.target-dot" {
        /// Never.
        Bare = workable("bare"),
        /// Always.
        Dotted = workable("dotted"),
        /// As the request wrote it.
        AsSent = workable("as-sent"),
    }
    /// How a host name in `Data` of a request is read.
    target_input: TargetInput = "target-input" answers "record.target-input" {
        /// A complete name, with or without the final dot.
        Absolute = workable("absolute"),
        /// Below the zone unless it ends with a dot, as in a master file.
        Relative = adverse("relative"),
        /// A complete name; a final dot is refused with 530.
        Undotted = adverse("undotted"),
    }
    /// Which numbers come as `37.0`.
    numbers: Numbers = "numbers" answers "number.form" {
        /// Those that the documents call decimal.
        Documented = workable("documented"),
        /// None.
        Integer = workable("integer"),
        /// All.
        Decimal = workable("decimal"),
    }
    /// What stands in `Weight` and the NAPTR fields of records that have none.
    unset: Unset = "unset" answers "record.unset" {
        Null = workable("null"),
        /// `0`, and the empty string.
        Zero = workable("zero"),
        /// The member is left out.
        Absent = workable("absent"),
    }
    /// The HTTP status that carries a business code (510 and up, and 300).
    codes: Codes = "codes" answers "error.status" {
        /// The code itself.
        Status = workable("status"),
        BadRequest = workable("400"),
        Ok = workable("200"),
    }
    /// The HTTP status of a list of results in which some succeeded and some did not.
    mixed: Mixed = "mixed" answers "error.mixed" {
        Ok = workable("200"),
        /// That of the first failure.
        Failure = workable("failure"),
    }
    /// The body of a 400 for a request that the model forbids.
    invalid: Invalid = "invalid" answers "error.model" {
        /// The framework's object with `Message` and `ModelState`.
        ModelState = workable("model-state"),
        /// The documented array.
        Array = workable("array"),
    }
    /// The answer of a list call that finds nothing.
    empty: Empty = "empty" answers "list.empty" {
        /// An empty list.
        List = workable("list"),
        /// 404 with the documented array.
        NotFound = workable("404"),
    }
    /// The answer of DELETE.
    delete: Delete = "delete" answers "delete.answer" {
        /// 204 without a body.
        NoContent = workable("204"),
        /// 200 with an empty body.
        Empty = workable("empty"),
        /// 200 with the object that is gone.
        Object = workable("object"),
        /// 200 with `true`.
        True = workable("true"),
    }
    /// How dates are written.
    dates: Dates = "dates" answers "date.zone" {
        /// Without a zone.
        Bare = workable("bare"),
        /// With an offset.
        Offset = workable("offset"),
        /// With `Z`.
        Utc = workable("utc"),
    }
    /// The order of lists.
    order: Order = "order" answers "list.order" {
        /// As stored.
        Stored = workable("stored"),
        /// Last first.
        Reversed = workable("reversed"),
        /// Another one at each request.
        Shuffled = workable("shuffled"),
    }
    /// The letter case of member names in answers.
    keys: Keys = "keys" answers "key.case" {
        /// As in the reference.
        Pascal = workable("pascal"),
        /// With a small first letter.
        Camel = workable("camel"),
    }
    /// Whether answers hold members that no document lists.
    extras: Extras = "extras" answers "member.unknown" {
        /// No.
        None = workable("none"),
        /// Yes.
        Some = workable("some"),
    }
    /// Whether state words carry blanks.
    states: States = "states" answers "state.blanks" {
        /// No.
        Trimmed = workable("trimmed"),
        /// One in front.
        Padded = workable("padded"),
    }
    /// What a new zone holds beside SOA and NS.
    defaults: Defaults = "defaults" answers "zone.defaults" {
        /// Nothing.
        None = workable("none"),
        /// An address and a mail host of the provider.
        Parking = workable("parking"),
    }
    /// Which of the records that make up a zone are listed among its records.
    apex_records: ApexRecords = "apex-records" answers "zone.apex-records" {
        /// Neither SOA nor the provider's NS.
        Hidden = workable("hidden"),
        /// The NS.
        Ns = workable("ns"),
        /// Both.
        SoaNs = workable("soa-ns"),
    }
    /// Whether the NS records at the apex can be changed.
    apex_ns: ApexNs = "apex-ns" answers "zone.apex-ns" {
        /// Yes.
        Editable = workable("editable"),
        /// No: 550.
        Fixed = adverse("fixed"),
    }
    /// Whether a zone is made only for a domain whose first name server is the provider's (714).
    delegation: Delegation = "delegation" answers "zone.delegation" {
        /// Yes.
        Checked = workable("checked"),
        /// No.
        Unchecked = workable("unchecked"),
    }
    /// What becomes of a zone for a name that no account here holds: is it enough that the domain exists
    /// somewhere and is delegated here?
    outside: Outside = "outside" answers "zone.outside" {
        /// It is made: the name is taken to be registered elsewhere and delegated here.
        Made = workable("made"),
        /// 404: the domain has to be in the account.
        Refused = adverse("refused"),
    }
    /// What `SoaSerial` is.
    serial: Serial = "serial" answers "zone.serial" {
        /// The minute of the last write, as a date text.
        Minute = workable("minute"),
        /// The second of the last write, as a date text of another form.
        Second = workable("second"),
        /// A number that each write moves.
        Counter = workable("counter"),
        /// A date text that no write moves.
        Never = workable("never"),
    }
    /// Whether the calls that were only inferred exist.
    inferred: Inferred = "inferred" answers "call.inferred" {
        /// Yes.
        Exist = workable("exist"),
        /// 404 without an error array.
        NotFound = workable("404"),
        NotAllowed = workable("405"),
        NotImplemented = workable("501"),
    }
    /// The word that unlocks a domain; others give 572.
    unlock: Unlock = "unlock" answers "domain.unlock-word" {
        Active = workable("Active"),
        Unprotected = adverse("Unprotected"),
        Ok = adverse("ok"),
    }
    /// The status that a locked domain shows.
    locked: Locked = "locked" answers "domain.locked-word" {
        Protected = workable("protected"),
        ProtectedCapital = workable("Protected"),
        Lock = workable("lock"),
    }
    /// The status that an unlocked domain shows.
    unlocked: Unlocked = "unlocked" answers "domain.unlocked-word" {
        Active = workable("Active"),
        Ok = workable("ok"),
    }
    /// What is seen only at the third read after a write.
    lag: Lag = "lag" answers "domain.lag" {
        /// Nothing.
        None = workable("none"),
        /// The settings of a domain.
        Settings = adverse("settings"),
        /// Its settings, contacts and name servers.
        All = adverse("all"),
    }
    /// What PUT of a record does with members that are left out.
    put: Put = "put" answers "record.put" {
        /// Clears them.
        Replace = workable("replace"),
        /// Keeps them.
        Merge = workable("merge"),
    }
    /// What becomes of a record's id in PUT.
    ids: Ids = "ids" answers "record.id" {
        /// It stays.
        Kept = workable("kept"),
        /// The record gets another.
        New = workable("new"),
    }
    /// What a record that is there already gives.
    duplicates: Duplicates = "duplicates" answers "record.duplicate" {
        /// 525.
        Refused = workable("refused"),
        /// A second one.
        Accepted = workable("accepted"),
        /// The one that is there.
        Merged = workable("merged"),
    }
    /// Which record types are taken; others give 530.
    types: Types = "types" answers "record.types" {
        /// All that fit into eight characters.
        Any = workable("any"),
        /// Those of the older API, and CAA.
        LegacyCaa = adverse("legacy-caa"),
        /// Those of the older API.
        Legacy = adverse("legacy"),
    }
    /// Whether records that the DNS forbids are refused.
    validation: Validation = "validation" answers "record.validation" {
        /// Yes: 530 for data, 550 for a CNAME beside others.
        Checked = workable("checked"),
        /// No.
        Unchecked = workable("unchecked"),
    }
    /// How the `name` filters match.
    filter: Filter = "filter" answers "list.name-filter" {
        /// Exactly.
        Exact = workable("exact"),
        /// By prefix.
        Prefix = workable("prefix"),
        /// Anywhere.
        Substring = workable("substring"),
        /// Not at all.
        Ignored = workable("ignored"),
    }
    /// What acting for somebody else's customer gives.
    foreign: Foreign = "foreign" answers "user.foreign" {
        NotFound = workable("404"),
        Unauthorized = workable("401"),
    }
    /// Who holds role R of an object of a reseller's customer.
    role_r: RoleR = "role-r" answers "contact.reseller-role" {
        /// The customer.
        Holder = workable("holder"),
        /// The reseller.
        Reseller = adverse("reseller"),
    }
    /// Which objects the lists of a reseller's own handle hold.
    reseller_view: ResellerView = "reseller-view" answers "product.reseller-view" {
        /// Its own.
        Own = workable("own"),
        /// Its customers' too.
        All = adverse("all"),
    }
    /// What a successful change of contacts answers.
    contact_put: ContactPut = "contact-put" answers "contact.put-answer" {
        /// One entry of code 200 per contact.
        Entries = workable("entries"),
        /// An empty list.
        Empty = workable("empty"),
        /// The contacts of the domain.
        Contacts = workable("contacts"),
    }
    /// Whether the owner can be changed among the contacts.
    owner_role: OwnerRole = "owner-role" answers "contact.owner-role" {
        /// Yes.
        Accepted = workable("accepted"),
        /// No: 572.
        Refused = adverse("refused"),
    }
    /// What a successful change of name servers answers.
    ns_put: NsPut = "ns-put" answers "delegation.put-answer" {
        /// The name servers.
        List = workable("list"),
        /// One entry of code 200 per name server.
        Entries = workable("entries"),
        /// An empty list.
        Empty = workable("empty"),
    }
    /// The code for a glue host that is there already.
    glue_exists: GlueExists = "glue-exists" answers "glue.exists-code" {
        /// 525, as on the page of PUT.
        Put = workable("525"),
        /// 530, as on the page of POST.
        Post = workable("530"),
    }
    /// The status of an expired domain among the owned products.
    expired: Expired = "expired" answers "product.expired-status" {
        Registered = workable("registered"),
        Expired = workable("expired"),
    }
    /// When a zone that is to be signed is signed.
    signing: Signing = "signing" answers "dnssec.signing" {
        /// Later than the answer, as in the guide.
        Deferred = workable("deferred"),
        /// At once.
        AtOnce = workable("at-once"),
    }
    /// What an import does with the DNSSEC state of the zone.
    import_dnssec: ImportDnssec = "import-dnssec" answers "import.dnssec" {
        /// Keeps it.
        Kept = workable("kept"),
        /// Turns it off.
        Dropped = workable("dropped"),
    }
    /// What a redirection adds to the zone at its host, where no address and no CNAME stands yet.
    redirect_records: RedirectRecords = "redirect-records" answers "redirect.records" {
        /// An A record of the redirecting server.
        Address = workable("a"),
        /// A CNAME record; an A record at the apex.
        Alias = workable("cname"),
        /// Nothing.
        None = workable("none"),
    }
    /// How `UrlOrigin` is spelt in answers.
    redirect_origin: RedirectOrigin = "redirect-origin" answers "redirect.origin-form" {
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
    redirect_inactive: RedirectInactive = "redirect-inactive" answers "redirect.inactive" {
        /// Yes.
        Listed = workable("listed"),
        /// No.
        Hidden = adverse("hidden"),
    }
    /// What the answer of POST of a redirection holds.
    redirect_post: RedirectPost = "redirect-post" answers "redirect.post-answer" {
        /// All members, as in the guide.
        Object = workable("object"),
        /// The handle alone.
        Handle = workable("handle"),
    }
    /// What PUT of a redirection does with members that are left out.
    redirect_put: RedirectPut = "redirect-put" answers "redirect.put" {
        /// Clears them; `Active` becomes false.
        Replace = workable("replace"),
        /// Keeps them.
        Merge = workable("merge"),
    }
    /// What stands in texts of redirections, mailboxes and FTP users that are not set.
    texts: Texts = "texts" answers "text.unset" {
        Null = workable("null"),
        /// The empty string.
        Empty = workable("empty"),
        /// The member is left out.
        Absent = workable("absent"),
    }
    /// What null does in a PUT that keeps what is left out.
    nulls: Nulls = "nulls" answers "put.null" {
        /// It clears the member.
        Clears = workable("clears"),
        /// Nothing, as if it were left out; the empty string and the empty list clear.
        Kept = workable("kept"),
    }
    /// When a mailbox that was written is completed.
    mailbox_state: MailboxState = "mailbox-state" answers "mailbox.state" {
        /// At once.
        Completed = workable("completed"),
        /// After two reads that show it pending.
        Pending = workable("pending"),
    }
    /// The letter case of `State` of mailboxes.
    state_case: StateCase = "state-case" answers "mailbox.state-case" {
        /// `Completed`, as in the guide.
        Capital = workable("capital"),
        /// `completed`, as in the reference.
        Small = workable("small"),
    }
    /// What stands in `Forward` and `Alias` of a mailbox that has none.
    mail_lists: MailLists = "mail-lists" answers "mailbox.empty-lists" {
        /// Null, as in the guide.
        Null = workable("null"),
        /// An empty list.
        Empty = workable("empty"),
    }
    /// What PUT does with `Forward` and `Alias`.
    mail_list_put: MailListPut = "mail-list-put" answers "mailbox.list-put" {
        /// Replaces them.
        Replace = workable("replace"),
        /// Adds to them.
        Add = adverse("add"),
    }
    /// The letter case of mail addresses in answers.
    mail_address: MailAddress = "mail-address" answers "mailbox.address-form" {
        /// As the request spelt them.
        AsSent = workable("as-sent"),
        /// Small letters.
        Lower = workable("lower"),
    }
    /// What stands in `UserPwd` of an answer.
    mail_secret: MailSecret = "mail-secret" answers "mailbox.password-answer" {
        /// The member is left out, as in the guide.
        Absent = workable("absent"),
        Null = workable("null"),
        /// The password.
        Told = workable("told"),
    }
    /// Which passwords a mailbox takes; others give 530.
    mail_password: MailPassword = "mail-password" answers "mailbox.password-rule" {
        /// Every one of at least one character.
        Any = workable("any"),
        /// At least eight characters with a letter, a digit and something else.
        Checked = adverse("checked"),
    }
    /// How a mailbox or an auto-responder is refused.
    mail_errors: MailErrors = "mail-errors" answers "mailbox.errors" {
        /// With the documented array.
        Array = workable("array"),
        /// With 200, an object without a handle and the array in `Errors`.
        Inside = workable("inside"),
    }
    /// Whether mail services and mailboxes are among the owned products.
    mail_class: MailClass = "mail-class" answers "product.mail-class" {
        /// Yes, as in the guide.
        Listed = workable("listed"),
        /// No; the mail calls alone list them.
        Unlisted = workable("unlisted"),
    }
    /// Whether `object_class` filters the owned products.
    class_filter: ClassFilter = "class-filter" answers "product.class-filter" {
        /// Yes.
        Honoured = workable("honoured"),
        /// No.
        Ignored = workable("ignored"),
    }
    /// What GET answers where there is no auto-responder.
    responder_none: ResponderNone = "responder-none" answers "responder.none" {
        /// 404 with the documented array.
        NotFound = workable("404"),
        Null = workable("null"),
        /// An object without members.
        Empty = workable("empty"),
        /// An inactive one without text.
        Inactive = workable("inactive"),
    }
    /// Whether DELETE of an auto-responder exists.
    responder_delete: ResponderDelete = "responder-delete" answers "responder.delete" {
        /// Yes, as in the guide.
        Exists = workable("exists"),
        /// 404 without an error array.
        NotFound = adverse("404"),
        NotAllowed = adverse("405"),
    }
    /// Which moment of its day a date-only `finish` becomes.
    responder_finish: ResponderFinish = "responder-finish" answers "responder.finish" {
        /// The first, as in the guide.
        Midnight = workable("midnight"),
        /// The last second.
        DayEnd = workable("day-end"),
    }
    /// Which keys of an auto-responder are seen.
    responder_keys: ResponderKeys = "responder-keys" answers "responder.keys" {
        /// Any letter case.
        Any = workable("any"),
        /// Small letters alone, as in the guide.
        Small = workable("small"),
        /// Those of the reference alone.
        Pascal = adverse("pascal"),
    }
    /// Whether `Dir` of an FTP user may be relative to the hosting's directory; it is always answered complete.
    ftp_dir: FtpDir = "ftp-dir" answers "ftp.dir" {
        /// Yes.
        Relative = workable("relative"),
        /// No: 530.
        Absolute = adverse("absolute"),
    }
    /// The full name of a hosting's own user where nobody gave it one.
    ftp_admin: FtpAdmin = "ftp-admin" answers "ftp.admin-name" {
        None = workable("none"),
        /// The hosting's handle.
        Handle = workable("handle"),
        /// `Administrator`.
        Word = workable("word"),
    }
}
