//! The grammar of the desired-state file: every block and key, declared once.
//!
//! From these declarations come the reader, the messages about unknown keys, the joining of parts, and the
//! JSON Schema. What a later version will act on is here too; refusing it until then is the business of
//! `unsupported`, so that the grammar does not change when the meaning arrives.

pub(crate) mod block;
pub(crate) mod domain;
pub(crate) mod field;
pub(crate) mod inherit;
mod named;
pub(crate) mod reader;
pub(crate) mod record;
pub(crate) mod secret;
pub(crate) mod value;
pub(crate) mod written;

use crate::diag::Span;
use block::{Block, block};
use domain::{
    CertificateValues, DatabaseValues, Domain, DomainValues, FtpUserValues, HostingValues,
    MailValues, MailboxValues, RedirectServiceValues, RedirectValues, WordpressValues, ZoneValues,
};
use field::{Inline, Keyed, Named, One, Sub, Sum};
use inherit::Inheriting;
use reader::Reader;
use record::Record;
use schemars::{Schema, SchemaGenerator, json_schema};
use secret::{Reference, Shown};
use value::{Count, Day, Key, List, Node, OneOf, Text, Value, Whole, words};
use written::inline;

block! {
    /// A desired-state file of bailiwick.
    Document {
        /// About this file; in the first file only.
        bailiwick: Sub<Bailiwick>,
        /// Logins at providers, by a label of ours.
        account: Named<Account>,
        /// Single values of domains and of the blocks below them; fills in blocks that are written, never makes one.
        defaults: Sub<Defaults>,
        /// Limits of one apply; in the first file only.
        guard: Sub<Guard>,
        /// Consents, reviewed with the change.
        allow: Sum<Inline<Allow>>,
        /// Renames in the ledger, without a request.
        moved: Sum<Inline<Moved>>,
        /// Where one-time secrets go; in the first file only.
        secrets: Sub<Secrets>,
        /// Who is told; in the first file only.
        notify: Sub<Notify>,
        /// Patience with the API; in the first file only.
        http: Sub<Http>,
        /// Contacts, by a label of ours.
        contact: Named<Contact>,
        /// Records shared by zones.
        template: Named<Template>,
        /// Many domains, one description.
        group: Named<Group>,
        /// Domains, by name.
        domain: Named<Domain>,
    }
}

block! {
    /// About this file.
    Bailiwick {
        /// Version of the tool this file was written for, such as ">=0.1".
        requires: One<Text>,
        /// Further files, relative to this one; globs, sorted.
        include: One<List<Text>>,
        /// Root of ledgers and journals.
        ledger: One<Ledger>,
        /// Sent nowhere.
        note: One<Text>,
    }
}

block! {
    /// A ledger in a folder.
    LedgerFolder requires path {
        /// The folder.
        path: One<Text>,
        /// True: the folder outlives the run, also where CI is set.
        durable: One<bool>,
    }
}

/// The root of ledgers and journals.
#[derive(Debug, Clone)]
pub(crate) enum Ledger {
    /// A folder, or the address of an object store.
    Plain(Text),
    /// A folder, with what is known of it.
    Folder(LedgerFolder),
}

impl Value for Ledger {
    fn read(key: Key<'_>, node: Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        let span = reader.span(&node);
        if let Some(text) = node.get_ref().as_str() {
            return Some(Ledger::Plain(text.into()));
        }
        if !node.get_ref().is_table() {
            return reader.wrong_type(key, span, "a path or { path = \"…\" }", node.get_ref());
        }
        Inline::read(key, node, reader).map(|Inline(it)| Ledger::Folder(it))
    }

    fn schema(generator: &mut SchemaGenerator) -> Schema {
        let folder = Inline::<LedgerFolder>::schema(generator);
        json_schema!({ "anyOf": [{ "type": "string" }, folder] })
    }

    fn fill(&mut self, _: Span, _: &mut Inheriting<'_>) {}

    fn written(&self) -> toml_edit::Value {
        match self {
            Ledger::Plain(path) => path.written(),
            Ledger::Folder(folder) => inline(Block::written(folder)),
        }
    }
}

words! {
    /// The providers.
    Provider {
        /// Namebay.
        Namebay = "namebay",
        /// Combell.
        Combell = "combell",
    }
}

words! {
    /// Generations of Combell's API.
    CombellVersion {
        /// The guide's calls alone.
        V1 = "v1",
        /// The current one.
        V2 = "v2",
    }
}

words! {
    /// How Combell's signature spells the path.
    SigningCase {
        /// As it is sent.
        AsIs = "as-is",
        /// In lower case.
        Lower = "lower",
    }
}

block! {
    /// One login at one provider, or one customer of a reseller's login.
    Account {
        /// "namebay" or "combell".
        provider: One<OneOf<Provider>>,
        /// Another account whose credentials, endpoints, token, rate limit and breaker it shares.
        login: One<Text>,
        /// Namebay: the handle acted for. Combell: names its ledger; default: the label.
        user: One<Text>,
        /// Namebay: the login's name.
        username: One<Shown>,
        /// Namebay: the login's password.
        password: One<Reference>,
        /// Combell: the API key.
        api_key: One<Reference>,
        /// Combell: the API secret.
        api_secret: One<Reference>,
        /// Namebay: where tokens are asked for; /token is appended.
        auth_url: One<Text>,
        /// The API's address.
        base_url: One<Text>,
        /// Combell: "v2" (default) or "v1".
        version: One<OneOf<CombellVersion>>,
        /// Combell: "as-is" or "lower".
        signing_case: One<OneOf<SigningCase>>,
        /// Requests in a time, such as "5/1s".
        rate_limit: One<Text>,
        /// Namebay: sent with orders.
        ip_address: One<Text>,
        /// Sent nowhere.
        note: One<Text>,
    }
}

block! {
    /// Values for hostings.
    HostingDefaults {
        use values: HostingValues,
        /// Values for FTP users.
        ftp_user: Sub<FtpUserValues>,
        /// Values for databases.
        database: Sub<DatabaseValues>,
        /// Values for WordPress installations.
        wordpress: Sub<WordpressValues>,
    }
}

block! {
    /// Single values of domains and of the blocks below them.
    Defaults {
        use values: DomainValues,
        /// For templates and groups.
        vars: Keyed<Text>,
        /// Values for zones.
        zone: Sub<ZoneValues>,
        /// Values for redirection services.
        redirect_service: Sub<RedirectServiceValues>,
        /// Values for redirections.
        redirect: Sub<RedirectValues>,
        /// Values for mail services.
        mail: Sub<MailValues>,
        /// Values for mailboxes.
        mailbox: Sub<MailboxValues>,
        /// Values for hostings.
        hosting: Sub<HostingDefaults>,
        /// Values for certificates.
        certificate: Sub<CertificateValues>,
        /// About these defaults; sent nowhere, no default for notes.
        note: One<Text>,
    }
}

block! {
    /// Limits of one apply.
    Guard {
        /// What one apply may spend, tax included.
        max_cost: One<Text>,
        /// Registrations, transfers and registrant changes of one apply.
        max_orders: One<Count>,
        /// Of a zone's live values that the tool may write; more deletions are refused.
        max_delete_percent: One<Whole<0, 100>>,
        /// Zones that one apply may touch.
        max_zones: One<Count>,
        /// Addresses that are never destroyed unless named by a consent.
        protect: One<List<Text>>,
        /// Sent nowhere.
        note: One<Text>,
    }
}

block! {
    /// A consent.
    Allow {
        /// What may be destroyed, whatever protects it.
        destroy: One<List<Text>>,
        /// What may be ordered, each for at most max_cost.
        order: One<List<Text>>,
        /// Where max_delete_percent, max_zones and the emptied zone do not hold.
        share: One<List<Text>>,
        /// What one order may cost.
        max_cost: One<Text>,
        /// Why, for people.
        reason: One<Text>,
        /// Until that day included (UTC).
        until: One<Day>,
        /// Sent nowhere.
        note: One<Text>,
    }
}

block! {
    /// A rename in the ledger.
    Moved requires from to {
        /// The old address.
        from: One<Text>,
        /// The new address.
        to: One<Text>,
        /// Sent nowhere.
        note: One<Text>,
    }
}

block! {
    /// Where one-time secrets go.
    Secrets requires output recipients {
        /// A folder; one age file per secret.
        output: One<Text>,
        /// Who can read them.
        recipients: One<List<Text>>,
        /// Sent nowhere.
        note: One<Text>,
    }
}

words! {
    /// The form of a notification.
    NotifyForm {
        /// The JSON of the report.
        Json = "json",
        /// For Slack.
        Slack = "slack",
        /// For Teams.
        Teams = "teams",
    }
}

words! {
    /// What is notified.
    NotifyOn {
        /// Something differs.
        Drift = "drift",
        /// Nothing differs any more.
        Recovered = "recovered",
        /// Something ends.
        Expiry = "expiry",
        /// An apply failed.
        Failed = "failed",
        /// An order was carried out.
        PendingDone = "pending-done",
    }
}

block! {
    /// Who is told.
    Notify requires webhook {
        /// The address.
        webhook: One<Reference>,
        /// The key of the signature.
        key: One<Reference>,
        /// "json", "slack" or "teams".
        form: One<OneOf<NotifyForm>>,
        /// What is told.
        on: One<List<OneOf<NotifyOn>>>,
        /// Sent nowhere.
        note: One<Text>,
    }
}

block! {
    /// Patience with the API.
    Http {
        /// How often a read or an idempotent write is tried.
        attempts: One<Whole<1, 100>>,
        /// How long an answer may take, such as "30s".
        timeout: One<Text>,
        /// How long is waited when the API asks for it, such as "60s".
        max_wait: One<Text>,
        /// Sent nowhere.
        note: One<Text>,
    }
}

block! {
    /// A contact: an existing handle, or the data of one that is made.
    Contact {
        /// An existing handle.
        handle: One<Text>,
        /// First name.
        first_name: One<Text>,
        /// Last name.
        last_name: One<Text>,
        /// Organisation.
        organisation: One<Text>,
        /// Street and number.
        address: One<Text>,
        /// City.
        city: One<Text>,
        /// Postcode.
        postcode: One<Text>,
        /// Country, two letters.
        country: One<Text>,
        /// Mail address.
        mail: One<Text>,
        /// Combell; at Namebay not sent.
        phone: One<Text>,
        /// Sent nowhere; shown beside its change.
        note: One<Text>,
    }
}

block! {
    /// Records shared by zones.
    Template {
        /// The records; "{domain}", "{domain-dashed}" and what `vars` name are filled in.
        records: Sum<Record>,
        /// Sent nowhere; shown beside its changes.
        note: One<Text>,
    }
}

block! {
    /// Many domains, one description.
    Group {
        use values: Domain,
        /// The domains.
        domains: Sum<Text>,
    }
}

/// The JSON Schema of a file.
pub(crate) fn schema() -> serde_json::Value {
    let generator = schemars::generate::SchemaSettings::draft2020_12().into_generator();
    let mut schema = generator.into_root_schema_for::<block::Described<Document>>();
    schema.insert("title".to_owned(), "bailiwick".into());
    schema.to_value()
}
