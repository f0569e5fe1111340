//! The grammar of `[domain."…"]` and of everything below it.
//!
//! The single values of a block stand in a struct of their own, because `[defaults]` may hold the same.

use super::block::{Block, block};
use super::field::{Inline, Keyed, Named, One, Sub, Sum, SumOrOne};
use super::inherit::Inheriting;
use super::reader::Reader;
use super::record::Record;
use super::secret::Reference;
use super::value::whole;
use super::value::{
    Count, Day, Key, List, Node, Octet, OneOf, Scalar, Seconds, Short, Text, Value, Whole, words,
};
use super::written::inline;
use crate::diag::Span;
use schemars::{Schema, SchemaGenerator, json_schema};

words! {
    /// Where a domain is registered.
    Registrar {
        /// In this account, or to be.
        Account = "account",
        /// Elsewhere.
        External = "external",
    }
}

block! {
    /// Single values of a domain.
    DomainValues {
        /// The account that holds the domain, and all below it that names no other.
        account: One<Text>,
        /// "account" (default): the domain is, or is to be, in this account; "external": only its zone is.
        registrar: One<OneOf<Registrar>>,
        /// Years of the next order; a domain is bought only where this is written.
        period: One<Count>,
        /// Years of a renewal; default: period, else 1.
        renew_period: One<Count>,
        /// What one order for this object may cost, tax included.
        max_price: One<Text>,
        /// Contact: a label, else a handle.
        registrant: One<Text>,
        /// Contact: a label, else a handle.
        admin: One<Text>,
        /// Contact: a label, else a handle.
        tech: One<Text>,
        /// Contact: a label, else a handle.
        billing: One<Text>,
        /// The name servers of the delegation.
        name_servers: One<List<Text>>,
        /// True: the domain cannot be transferred away.
        locked: One<bool>,
        /// True: the registry shows no owner.
        whois_privacy: One<bool>,
        /// True: the provider renews.
        auto_renew: One<bool>,
        /// Order a renewal when the expiry is nearer than this, such as "30d".
        renew_before: One<Text>,
    }
}

block! {
    /// Choices among the products of the catalogue, only to override its own.
    Products {
        /// For a registration.
        register: One<Count>,
        /// For a renewal.
        renew: One<Count>,
        /// For a transfer.
        transfer: One<Count>,
        /// For a change of the registrant.
        registrant: One<Count>,
    }
}

block! {
    /// A transfer in, instead of a registration.
    Transfer {
        /// Where the code is fetched.
        auth_code: One<Reference>,
        /// True is the default.
        keep_name_servers: One<bool>,
    }
}

block! {
    /// One domain and everything that hangs under it.
    Domain {
        use values: DomainValues,
        /// Choices among the products of the catalogue, only to override its own.
        products: Sub<Products>,
        /// Further attributes that its product asks for.
        order: Keyed<Scalar>,
        /// Addresses of name servers below the domain.
        glue: Keyed<List<Text>>,
        /// Not owned yet: transfer in instead of registering.
        transfer: Sub<Transfer>,
        /// For the templates and groups it uses.
        vars: Keyed<Text>,
        /// Sent nowhere; shown beside its change.
        note: One<Text>,
        /// The zone and its records.
        zone: Sub<Zone>,
        /// Capacity for redirections, bought.
        redirect_service: Sub<RedirectService>,
        /// Redirections, by the name they start at.
        redirect: Named<Redirect>,
        /// Capacity for mailboxes, bought.
        mail: Sub<Mail>,
        /// Mailboxes, by the part before the @.
        mailbox: Named<Mailbox>,
        /// A hosting.
        hosting: Sub<Hosting>,
        /// Certificates, by common name.
        certificate: Named<Certificate>,
        /// DNSSEC keys of a zone hosted elsewhere.
        ns_key: Sum<Inline<NsKey>>,
    }
}

block! {
    /// Single values of a zone.
    ZoneValues {
        /// The account that hosts the zone, where it is another one than the domain's.
        account: One<Text>,
        /// Seconds, of records without a TTL of their own; at Namebay of all.
        ttl: One<Seconds>,
        /// True: the provider signs the zone.
        dnssec: One<bool>,
        /// True: the file is the whole zone; other live records are deleted.
        purge: One<bool>,
    }
}

block! {
    /// A live record that is left alone.
    Ignore requires host reason {
        /// Its host, `*` allowed.
        host: One<Text>,
        /// Its type, `*` allowed; default: any.
        rtype as "type": One<Text>,
        /// Why, for people.
        reason: One<Text>,
        /// Until that day included.
        until: One<Day>,
    }
}

block! {
    /// A zone and its records.
    Zone {
        use values: ZoneValues,
        /// Live records that are left alone.
        ignore: Sum<Inline<Ignore>>,
        /// Templates whose records it takes.
        templates: Sum<Text>,
        /// Records of its templates and groups that it does not take: host/type, `*` allowed.
        except: Sum<Text>,
        /// Master files (RFC 1035) merged with what stands here; globs allowed.
        file: SumOrOne<Text>,
        /// Its records.
        records: Sum<Record>,
        /// Sent nowhere; shown beside its change.
        note: One<Text>,
    }
}

block! {
    /// Single values of a redirection service.
    RedirectServiceValues {
        /// The account that holds it.
        account: One<Text>,
        /// The product, needed only to buy.
        product: One<Count>,
        /// How many redirections it holds.
        capacity: One<Count>,
        /// Years of the next order.
        period: One<Count>,
        /// What one order for this object may cost, tax included.
        max_price: One<Text>,
        /// True: the provider renews.
        auto_renew: One<bool>,
    }
}

block! {
    /// Capacity for redirections, bought.
    RedirectService {
        use values: RedirectServiceValues,
        /// Further attributes that its product asks for.
        order: Keyed<Scalar>,
        /// Sent nowhere; shown beside its change.
        note: One<Text>,
    }
}

block! {
    /// Single values of a redirection.
    RedirectValues {
        /// Where it leads.
        to: One<Text>,
        /// 0 to 6, as the provider numbers them.
        kind as "type": One<Whole<0, 6>>,
        /// False switches it off.
        active: One<bool>,
        /// True: the path is kept.
        relative: One<bool>,
        /// Title of the frame.
        title: One<Text>,
        /// Keywords of the frame.
        keywords: One<Text>,
        /// Description of the frame.
        description: One<Text>,
    }
}

block! {
    /// A redirection.
    Redirect named Name {
        use values: RedirectValues,
        /// Sent nowhere; shown beside its change.
        note: One<Text>,
    }
}

block! {
    /// Single values of a mail service.
    MailValues {
        /// The account that holds it.
        account: One<Text>,
        /// The product, needed only to buy.
        product: One<Count>,
        /// How many mailboxes it holds.
        mailboxes: One<Count>,
        /// Years of the next order.
        period: One<Count>,
        /// What one order for this object may cost, tax included.
        max_price: One<Text>,
        /// True: the provider renews.
        auto_renew: One<bool>,
    }
}

block! {
    /// Capacity for mailboxes, bought.
    Mail {
        use values: MailValues,
        /// Further attributes that its product asks for.
        order: Keyed<Scalar>,
        /// Sent nowhere; shown beside its change.
        note: One<Text>,
    }
}

words! {
    /// What a mailbox is.
    MailboxKind {
        /// One that keeps mail.
        Pop = "pop",
        /// One that only passes mail on.
        Alias = "alias",
    }
}

block! {
    /// Single values of a mailbox.
    MailboxValues {
        /// "pop" (default) or "alias".
        kind as "type": One<OneOf<MailboxKind>>,
        /// The provider's user name; default: the label.
        name: One<Text>,
        /// Needed to create; without it an existing one keeps what it has.
        password: One<Reference>,
        /// For people.
        description: One<Text>,
        /// Other addresses of it.
        aliases: One<List<Text>>,
        /// Addresses that get a copy.
        forward: One<List<Text>>,
        /// True: it takes what no other mailbox takes.
        catch_all: One<bool>,
    }
}

block! {
    /// An automatic answer.
    AutoresponderValues {
        /// The subject.
        subject: One<Text>,
        /// The text.
        message: One<Text>,
        /// The first day.
        start: One<Day>,
        /// The last day.
        finish: One<Day>,
        /// False switches it off and keeps its text.
        active: One<bool>,
        /// An address that gets a copy.
        forward: One<Text>,
    }
}

/// The automatic answer of a mailbox, or `false` for none.
#[derive(Debug, Clone)]
pub(crate) enum Autoresponder {
    /// There shall be none.
    Removed,
    /// This one.
    Written(Box<AutoresponderValues>),
}

impl Value for Autoresponder {
    fn read(key: Key<'_>, node: Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        let span = reader.span(&node);
        if node.get_ref().as_bool() == Some(false) {
            return Some(Autoresponder::Removed);
        }
        if !node.get_ref().is_table() {
            return reader.wrong_type(key, span, "a table, or false", node.get_ref());
        }
        let Inline(block) = Inline::read(key, node, reader)?;
        Some(Autoresponder::Written(Box::new(block)))
    }

    fn schema(generator: &mut SchemaGenerator) -> Schema {
        let written = Inline::<AutoresponderValues>::schema(generator);
        json_schema!({ "anyOf": [{ "const": false }, written] })
    }

    fn fill(&mut self, _: Span, filling: &mut Inheriting<'_>) {
        match self {
            Autoresponder::Removed => {}
            Autoresponder::Written(values) => values.fill(filling),
        }
    }

    fn written(&self) -> toml_edit::Value {
        match self {
            Autoresponder::Removed => false.into(),
            Autoresponder::Written(values) => inline(Block::written(&**values)),
        }
    }
}

block! {
    /// A mailbox or mail alias.
    Mailbox named Local {
        use values: MailboxValues,
        /// The automatic answer; false removes one.
        autoresponder: One<Autoresponder>,
        /// Sent nowhere; shown beside its change.
        note: One<Text>,
    }
}

block! {
    /// Single values of a hosting.
    HostingValues {
        /// The account that holds it.
        account: One<Text>,
        /// The product, needed only to buy.
        product: One<Count>,
        /// Years of the next order.
        period: One<Count>,
        /// What one order for this object may cost, tax included.
        max_price: One<Text>,
        /// True: the provider renews.
        auto_renew: One<bool>,
        /// Password of the FTP user that comes with the hosting.
        admin_password: One<Reference>,
        /// Combell: FTP of a Linux hosting.
        ftp: One<bool>,
    }
}

block! {
    /// A hosting and what is in it.
    Hosting {
        use values: HostingValues,
        /// Further attributes that its product asks for.
        order: Keyed<Scalar>,
        /// FTP users, by a label of ours.
        ftp_user: Named<FtpUser>,
        /// Databases, by a label of ours.
        database: Named<Database>,
        /// Additional sites, by domain.
        site: Named<Site>,
        /// WordPress installations, by a label of ours.
        wordpress: Named<Wordpress>,
        /// Sent nowhere; shown beside its change.
        note: One<Text>,
    }
}

block! {
    /// Single values of an FTP user.
    FtpUserValues {
        /// Without a leading slash: below the hosting's directory.
        dir: One<Text>,
        /// Needed to create.
        password: One<Reference>,
        /// For people.
        description: One<Text>,
    }
}

block! {
    /// An FTP user.
    FtpUser named Label {
        use values: FtpUserValues,
        /// Sent nowhere; shown beside its change.
        note: One<Text>,
    }
}

block! {
    /// Single values of a database.
    DatabaseValues {
        /// Its type, such as "mysql5".
        kind as "type": One<Text>,
        /// Set after creation; left out: the generated one goes to `[secrets]`.
        password: One<Reference>,
    }
}

block! {
    /// A database.
    Database named Label {
        use values: DatabaseValues,
        /// Sent nowhere; shown beside its change.
        note: One<Text>,
    }
}

block! {
    /// An additional site of a hosting.
    Site named Name {
        /// Sent nowhere; shown beside its change.
        note: One<Text>,
    }
}

block! {
    /// Single values of a WordPress installation.
    WordpressValues {
        /// The title.
        title: One<Text>,
        /// The site it is installed in.
        site: One<Text>,
        /// The folder it is installed in; default: the root.
        dir: One<Text>,
        /// The administrator's name.
        admin_user: One<Text>,
        /// The administrator's address.
        admin_email: One<Text>,
        /// The administrator's password.
        admin_password: One<Reference>,
    }
}

block! {
    /// A WordPress installation.
    Wordpress named Label {
        use values: WordpressValues,
        /// Sent nowhere; shown beside its change.
        note: One<Text>,
    }
}

words! {
    /// How the right to a name is proven.
    Validation {
        /// By a record.
        Dns = "dns",
        /// By a tag in a page.
        Meta = "meta",
        /// By a mail.
        Email = "email",
    }
}

words! {
    /// Combell's certificates.
    CertificateKind {
        /// One name.
        Standard = "standard",
        /// Several names.
        MultiDomain = "multi_domain",
        /// All names below one.
        Wildcard = "wildcard",
    }
}

/// A certificate's product: a number of the catalogue, or a word at Combell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CertificateProduct {
    /// A number.
    Number(i64),
    /// A word.
    Word(CertificateKind),
}

impl Value for CertificateProduct {
    fn read(key: Key<'_>, node: Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        if whole(node.get_ref()).is_some() {
            let Whole(number) = Count::read(key, node, reader)?;
            return Some(CertificateProduct::Number(number));
        }
        OneOf::read(key, node, reader).map(|OneOf(word)| CertificateProduct::Word(word))
    }

    fn schema(generator: &mut SchemaGenerator) -> Schema {
        let number = Count::schema(generator);
        json_schema!({ "anyOf": [number, OneOf::<CertificateKind>::schema(generator)] })
    }

    fn fill(&mut self, _: Span, _: &mut Inheriting<'_>) {}

    fn written(&self) -> toml_edit::Value {
        match self {
            CertificateProduct::Number(number) => (*number).into(),
            CertificateProduct::Word(word) => OneOf(*word).written(),
        }
    }
}

block! {
    /// Single values of a certificate.
    CertificateValues {
        /// The account that holds it.
        account: One<Text>,
        /// The product; at Combell "standard" (default), "multi_domain" or "wildcard".
        product: One<CertificateProduct>,
        /// Only to override the catalogue's choice for a name that begins with `*.`
        wildcard_product: One<Count>,
        /// "dns" (default), "meta" or "email".
        validation: One<OneOf<Validation>>,
        /// Meta: which names are verified; default: the common name.
        names: One<List<Text>>,
        /// A file with the request.
        csr: One<Text>,
        /// A file with the key, from which the request is made.
        key: One<Text>,
        /// Years of the next order.
        period: One<Count>,
        /// What one order for this object may cost, tax included.
        max_price: One<Text>,
        /// How long before its end it is renewed, such as "30d".
        renew_before: One<Text>,
        /// Where the issued certificate is written.
        output: One<Text>,
    }
}

block! {
    /// A certificate.
    Certificate named Name {
        use values: CertificateValues,
        /// Further attributes that its product asks for.
        order: Keyed<Scalar>,
        /// Sent nowhere; shown beside its change.
        note: One<Text>,
    }
}

block! {
    /// A DNSSEC key of a zone hosted elsewhere.
    NsKey requires key_tag algorithm digest_type digest {
        /// The key tag.
        key_tag: One<Short>,
        /// The algorithm's number.
        algorithm: One<Octet>,
        /// The digest type's number.
        digest_type: One<Octet>,
        /// The digest, in hex.
        digest: One<Text>,
        /// The public key, asked for by some TLDs.
        public_key: One<Text>,
        /// Sent nowhere; shown beside its change.
        note: One<Text>,
    }
}
