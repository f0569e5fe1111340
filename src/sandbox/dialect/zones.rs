//! Doubts about zones, records and domains, and about calls in general, with the answers that are possible.
//!
//! The first answer of each is the most plausible one; `adverse` marks those under which even a correct client does not
//! reach its goal in one run.

use super::{Choice, adverse, workable};

choices! {
    /// How the zone's own name is spelt in `Host` of an answer.
    Apex = "apex" answers "record.apex" {
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
    Hosts = "hosts" answers "record.host-form" {
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
    Input = "input" answers "record.host-input" {
        /// Every one that the documents permit.
        Any = workable("any"),
        /// Only the server's own; others are refused with 552.
        Own = adverse("own"),
    }
    /// How the data of TXT records is written in answers.
    Txt = "txt" answers "record.txt" {
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
    Caa = "caa" answers "record.caa" {
        /// `0 issue "letsencrypt.org"`.
        Quoted = workable("quoted"),
        /// `0 issue letsencrypt.org`.
        Bare = workable("bare"),
    }
    /// Where the preference of MX records stands in answers.
    Mx = "mx" answers "record.mx" {
        /// In `Weight`.
        Weight = workable("weight"),
        /// In front of the host in `Data`.
        Data = workable("data"),
    }
    /// Where the numbers of SRV records stand in answers.
    Srv = "srv" answers "record.srv" {
        /// Priority in `Weight`; weight, port and target in `Data`.
        Weight = workable("weight"),
        /// All four in `Data`.
        Data = workable("data"),
    }
    /// Where the parts of NAPTR records stand in answers.
    Naptr = "naptr" answers "record.naptr" {
        /// Order in `Weight`; service and replacement in `Data`; the rest in fields of their own.
        Fields = workable("fields"),
        /// Order, service and replacement in `Data`; the rest in fields of their own.
        OrderInData = workable("order-in-data"),
        /// All six in `Data`.
        Data = workable("data"),
    }
    /// How IPv6 addresses are written in answers.
    Ipv6 = "ipv6" answers "record.ipv6" {
        /// Compressed (RFC 5952).
        Short = workable("short"),
        /// Eight groups of four digits.
        Full = workable("full"),
        /// As the request wrote it.
        AsSent = workable("as-sent"),
    }
    /// How the hexadecimal tails of DS, SSHFP and TLSA records are written in answers.
    Hex = "hex" answers "record.hex" {
        /// As the request wrote it.
        AsSent = workable("as-sent"),
        /// In capitals.
        Upper = workable("upper"),
        /// In small letters.
        Lower = workable("lower"),
    }
    /// Whether host names in `Data` end with a dot in answers.
    Targets = "targets" answers "record.target-dot" {
        /// Never.
        Bare = workable("bare"),
        /// Always.
        Dotted = workable("dotted"),
        /// As the request wrote it.
        AsSent = workable("as-sent"),
    }
    /// How a host name in `Data` of a request is read.
    TargetInput = "target-input" answers "record.target-input" {
        /// A complete name, with or without the final dot.
        Absolute = workable("absolute"),
        /// Below the zone unless it ends with a dot, as in a master file.
        Relative = adverse("relative"),
        /// A complete name; a final dot is refused with 530.
        Undotted = adverse("undotted"),
    }
    /// Which numbers come as `37.0`.
    Numbers = "numbers" answers "number.form" {
        /// Those that the documents call decimal.
        Documented = workable("documented"),
        /// None.
        Integer = workable("integer"),
        /// All.
        Decimal = workable("decimal"),
    }
    /// What stands in `Weight` and the NAPTR fields of records that have none.
    Unset = "unset" answers "record.unset" {
        Null = workable("null"),
        /// `0`, and the empty string.
        Zero = workable("zero"),
        /// The member is left out.
        Absent = workable("absent"),
    }
    /// The HTTP status that carries a business code (510 and up, and 300).
    Codes = "codes" answers "error.status" {
        /// The code itself.
        Status = workable("status"),
        BadRequest = workable("400"),
        Ok = workable("200"),
    }
    /// The HTTP status of a list of results in which some succeeded and some did not.
    Mixed = "mixed" answers "error.mixed" {
        Ok = workable("200"),
        /// That of the first failure.
        Failure = workable("failure"),
    }
    /// The body of a 400 for a request that the model forbids.
    Invalid = "invalid" answers "error.model" {
        /// The framework's object with `Message` and `ModelState`.
        ModelState = workable("model-state"),
        /// The documented array.
        Array = workable("array"),
    }
    /// The answer of a list call that finds nothing.
    Empty = "empty" answers "list.empty" {
        /// An empty list.
        List = workable("list"),
        /// 404 with the documented array.
        NotFound = workable("404"),
    }
    /// The answer of DELETE.
    Delete = "delete" answers "delete.answer" {
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
    Dates = "dates" answers "date.zone" {
        /// Without a zone.
        Bare = workable("bare"),
        /// With an offset.
        Offset = workable("offset"),
        /// With `Z`.
        Utc = workable("utc"),
    }
    /// The order of lists.
    Order = "order" answers "list.order" {
        /// As stored.
        Stored = workable("stored"),
        /// Last first.
        Reversed = workable("reversed"),
        /// Another one at each request.
        Shuffled = workable("shuffled"),
    }
    /// The letter case of member names in answers.
    Keys = "keys" answers "key.case" {
        /// As in the reference.
        Pascal = workable("pascal"),
        /// With a small first letter.
        Camel = workable("camel"),
    }
    /// Whether answers hold members that no document lists.
    Extras = "extras" answers "member.unknown" {
        /// No.
        None = workable("none"),
        /// Yes.
        Some = workable("some"),
    }
    /// Whether state words carry blanks.
    States = "states" answers "state.blanks" {
        /// No.
        Trimmed = workable("trimmed"),
        /// One in front.
        Padded = workable("padded"),
    }
    /// What a new zone holds beside SOA and NS.
    Defaults = "defaults" answers "zone.defaults" {
        /// Nothing.
        None = workable("none"),
        /// An address and a mail host of the provider.
        Parking = workable("parking"),
    }
    /// Which of the records that make up a zone are listed among its records.
    ApexRecords = "apex-records" answers "zone.apex-records" {
        /// Neither SOA nor the provider's NS.
        Hidden = workable("hidden"),
        /// The NS.
        Ns = workable("ns"),
        /// Both.
        SoaNs = workable("soa-ns"),
    }
    /// Whether the NS records at the apex can be changed.
    ApexNs = "apex-ns" answers "zone.apex-ns" {
        /// Yes.
        Editable = workable("editable"),
        /// No: 550.
        Fixed = adverse("fixed"),
    }
    /// Whether a zone is made only for a domain whose first name server is the provider's (714).
    Delegation = "delegation" answers "zone.delegation" {
        /// Yes.
        Checked = workable("checked"),
        /// No.
        Unchecked = workable("unchecked"),
    }
    /// What becomes of a zone for a name that no account here holds: is it enough that the domain exists
    /// somewhere and is delegated here?
    Outside = "outside" answers "zone.outside" {
        /// It is made: the name is taken to be registered elsewhere and delegated here.
        Made = workable("made"),
        /// 404: the domain has to be in the account.
        Refused = adverse("refused"),
    }
    /// What `SoaSerial` is.
    Serial = "serial" answers "zone.serial" {
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
    Inferred = "inferred" answers "call.inferred" {
        /// Yes.
        Exist = workable("exist"),
        /// 404 without an error array.
        NotFound = workable("404"),
        NotAllowed = workable("405"),
        NotImplemented = workable("501"),
    }
    /// The word that unlocks a domain; others give 572.
    Unlock = "unlock" answers "domain.unlock-word" {
        Active = workable("Active"),
        Unprotected = adverse("Unprotected"),
        Ok = adverse("ok"),
    }
    /// The status that a locked domain shows.
    Locked = "locked" answers "domain.locked-word" {
        Protected = workable("protected"),
        ProtectedCapital = workable("Protected"),
        Lock = workable("lock"),
    }
    /// The status that an unlocked domain shows.
    Unlocked = "unlocked" answers "domain.unlocked-word" {
        Active = workable("Active"),
        Ok = workable("ok"),
    }
    /// What is seen only at the third read after a write.
    Lag = "lag" answers "domain.lag" {
        /// Nothing.
        None = workable("none"),
        /// The settings of a domain.
        Settings = adverse("settings"),
        /// Its settings, contacts and name servers.
        All = adverse("all"),
    }
    /// What PUT of a record does with members that are left out.
    Put = "put" answers "record.put" {
        /// Clears them.
        Replace = workable("replace"),
        /// Keeps them.
        Merge = workable("merge"),
    }
    /// What becomes of a record's id in PUT.
    Ids = "ids" answers "record.id" {
        /// It stays.
        Kept = workable("kept"),
        /// The record gets another.
        New = workable("new"),
    }
    /// What a record that is there already gives.
    Duplicates = "duplicates" answers "record.duplicate" {
        /// 525.
        Refused = workable("refused"),
        /// A second one.
        Accepted = workable("accepted"),
        /// The one that is there.
        Merged = workable("merged"),
    }
    /// Which record types are taken; others give 530.
    Types = "types" answers "record.types" {
        /// All that fit into eight characters.
        Any = workable("any"),
        /// Those of the older API, and CAA.
        LegacyCaa = adverse("legacy-caa"),
        /// Those of the older API.
        Legacy = adverse("legacy"),
    }
    /// Whether records that the DNS forbids are refused.
    Validation = "validation" answers "record.validation" {
        /// Yes: 530 for data, 550 for a CNAME beside others.
        Checked = workable("checked"),
        /// No.
        Unchecked = workable("unchecked"),
    }
    /// How the `name` filters match.
    Filter = "filter" answers "list.name-filter" {
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
    Foreign = "foreign" answers "user.foreign" {
        NotFound = workable("404"),
        Unauthorized = workable("401"),
    }
    /// Who holds role R of an object of a reseller's customer.
    RoleR = "role-r" answers "contact.reseller-role" {
        /// The customer.
        Holder = workable("holder"),
        /// The reseller.
        Reseller = adverse("reseller"),
    }
    /// Which objects the lists of a reseller's own handle hold.
    ResellerView = "reseller-view" answers "product.reseller-view" {
        /// Its own.
        Own = workable("own"),
        /// Its customers' too.
        All = adverse("all"),
    }
    /// What a successful change of contacts answers.
    ContactPut = "contact-put" answers "contact.put-answer" {
        /// One entry of code 200 per contact.
        Entries = workable("entries"),
        /// An empty list.
        Empty = workable("empty"),
        /// The contacts of the domain.
        Contacts = workable("contacts"),
    }
    /// Whether the owner can be changed among the contacts.
    OwnerRole = "owner-role" answers "contact.owner-role" {
        /// Yes.
        Accepted = workable("accepted"),
        /// No: 572.
        Refused = adverse("refused"),
    }
    /// What a successful change of name servers answers.
    NsPut = "ns-put" answers "delegation.put-answer" {
        /// The name servers.
        List = workable("list"),
        /// One entry of code 200 per name server.
        Entries = workable("entries"),
        /// An empty list.
        Empty = workable("empty"),
    }
    /// The code for a glue host that is there already.
    GlueExists = "glue-exists" answers "glue.exists-code" {
        /// 525, as on the page of PUT.
        Put = workable("525"),
        /// 530, as on the page of POST.
        Post = workable("530"),
    }
    /// The status of an expired domain among the owned products.
    Expired = "expired" answers "product.expired-status" {
        Registered = workable("registered"),
        Expired = workable("expired"),
    }
    /// When a zone that is to be signed is signed.
    Signing = "signing" answers "dnssec.signing" {
        /// Later than the answer, as in the guide.
        Deferred = workable("deferred"),
        /// At once.
        AtOnce = workable("at-once"),
    }
    /// What an import does with the DNSSEC state of the zone.
    ImportDnssec = "import-dnssec" answers "import.dnssec" {
        /// Keeps it.
        Kept = workable("kept"),
        /// Turns it off.
        Dropped = workable("dropped"),
    }
}
