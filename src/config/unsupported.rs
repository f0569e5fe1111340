//! What the grammar holds and this version does not act on yet: refused with its line, never passed over.
//!
//! Each later version removes lines here, and nothing else has to know. It runs after a document was
//! decoded, so that a misspelt key is still told as such.

use super::grammar::domain::{
    Domain, DomainValues, Hosting, HostingValues, Mail, MailValues, RedirectService,
    RedirectServiceValues,
};
use super::grammar::field::{Keyed, Named, One, Sub};
use super::grammar::{Allow, Contact, Defaults, Document, HostingDefaults, Provider};
use super::said;
use crate::diag::{Diagnostic, Diagnostics, Span};

struct Refusing<'a> {
    told: &'a mut Diagnostics,
    header: String,
}

impl Refusing<'_> {
    fn refuse(&mut self, what: String, span: Span) {
        let message =
            format!("{what} is known, but this version of bailiwick does not act on it yet");
        let help = "take it out until a version does";
        self.told.push(
            Diagnostic::error(said::NOT_SUPPORTED_YET, message)
                .at(span, "")
                .help(help),
        );
    }

    fn key<T>(&mut self, key: &str, value: &One<T>) {
        if let Some(at) = value {
            self.refuse(format!("`{key}` of {}", self.header), at.span);
        }
    }

    fn keyed<T>(&mut self, key: &str, value: &Keyed<T>) {
        if let Some((name, _)) = value.0.first() {
            self.refuse(format!("`{key}` of {}", self.header), name.span);
        }
    }

    fn block<B>(&mut self, key: &str, value: &Sub<B>) {
        if let Some(at) = &value.0 {
            let header = self.below(&[key]);
            self.refuse(header, at.span);
        }
    }

    fn named<B>(&mut self, key: &str, value: &Named<B>) {
        for called in &value.0 {
            let header = self.below(&[key, &called.name.value]);
            self.refuse(header, called.name.span);
        }
    }

    /// Looks at a block below this one.
    fn inside(&mut self, keys: &[&str], look: impl FnOnce(&mut Self)) {
        let below = self.below(keys);
        let header = std::mem::replace(&mut self.header, below);
        look(self);
        self.header = header;
    }

    fn below(&self, keys: &[&str]) -> String {
        let keys: Vec<String> = keys.iter().map(|key| said::quoted(key)).collect();
        match self.header.strip_suffix(']') {
            Some(outer) => format!("{outer}.{}]", keys.join(".")),
            None => format!("[{}]", keys.join(".")),
        }
    }
}

/// Refuses what a document holds beyond this version.
pub(crate) fn refuse(document: &Document, told: &mut Diagnostics) {
    let mut refusing = Refusing {
        told,
        header: said::header::<&str>(&[]),
    };
    for item in &document.moved.0 {
        refusing.refuse("[[moved]]".to_owned(), item.span);
    }
    if let Some(at) = &document.defaults.0 {
        defaults(&at.value, &mut refusing);
    }
    for item in &document.allow.0 {
        allow(&item.value.0, &mut refusing);
    }
    for called in &document.account.0 {
        if let Some(at) = &called.block.provider
            && at.value.0 == Provider::Combell
        {
            refusing.refuse("provider = \"combell\"".to_owned(), at.span);
        }
    }
    for called in &document.contact.0 {
        refusing.header = said::header(&["contact", &called.name.value]);
        contact(&called.block, &mut refusing);
    }
    for called in &document.group.0 {
        refusing.header = said::header(&["group", &called.name.value]);
        domain(&called.block.values, &mut refusing);
    }
    for called in &document.domain.0 {
        refusing.header = said::header(&["domain", &called.name.value]);
        domain(&called.block, &mut refusing);
    }
}

fn values(values: &DomainValues, refusing: &mut Refusing<'_>) {
    let DomainValues {
        account: _,
        registrar: _,
        period,
        renew_period,
        max_price,
        registrant,
        admin: _,
        tech: _,
        billing: _,
        name_servers: _,
        locked: _,
        whois_privacy: _,
        auto_renew: _,
        renew_before,
    } = values;
    refusing.key("period", period);
    refusing.key("renew_period", renew_period);
    refusing.key("max_price", max_price);
    refusing.key("registrant", registrant);
    refusing.key("renew_before", renew_before);
}

fn redirect_service_values(values: &RedirectServiceValues, refusing: &mut Refusing<'_>) {
    let RedirectServiceValues {
        account: _,
        product,
        capacity: _,
        period,
        max_price,
        auto_renew,
    } = values;
    refusing.key("product", product);
    refusing.key("period", period);
    refusing.key("max_price", max_price);
    refusing.key("auto_renew", auto_renew);
}

fn mail_values(values: &MailValues, refusing: &mut Refusing<'_>) {
    let MailValues {
        account: _,
        product,
        mailboxes: _,
        period,
        max_price,
        auto_renew,
    } = values;
    refusing.key("product", product);
    refusing.key("period", period);
    refusing.key("max_price", max_price);
    refusing.key("auto_renew", auto_renew);
}

fn hosting_values(values: &HostingValues, refusing: &mut Refusing<'_>) {
    let HostingValues {
        account: _,
        product,
        period,
        max_price,
        auto_renew,
        admin_password: _,
        ftp,
    } = values;
    refusing.key("product", product);
    refusing.key("period", period);
    refusing.key("max_price", max_price);
    refusing.key("auto_renew", auto_renew);
    refusing.key("ftp", ftp);
}

fn defaults(block: &Defaults, refusing: &mut Refusing<'_>) {
    let Defaults {
        values: own,
        vars: _,
        zone: _,
        redirect_service,
        redirect: _,
        mail,
        mailbox: _,
        hosting,
        certificate,
        note: _,
    } = block;
    refusing.header = said::header(&["defaults"]);
    values(own, refusing);
    refusing.block("certificate", certificate);
    if let Some(at) = &redirect_service.0 {
        refusing.inside(&["redirect_service"], |it| {
            redirect_service_values(&at.value, it)
        });
    }
    if let Some(at) = &mail.0 {
        refusing.inside(&["mail"], |it| mail_values(&at.value, it));
    }
    if let Some(at) = &hosting.0 {
        let HostingDefaults {
            values,
            ftp_user: _,
            database,
            wordpress,
        } = &at.value;
        refusing.inside(&["hosting"], |it| {
            hosting_values(values, it);
            it.block("database", database);
            it.block("wordpress", wordpress);
        });
    }
}

fn allow(block: &Allow, refusing: &mut Refusing<'_>) {
    let Allow {
        destroy: _,
        order,
        share: _,
        max_cost,
        reason: _,
        until: _,
        note: _,
    } = block;
    refusing.header = "[[allow]]".to_owned();
    refusing.key("order", order);
    refusing.key("max_cost", max_cost);
}

fn contact(block: &Contact, refusing: &mut Refusing<'_>) {
    let Contact {
        handle: _,
        first_name,
        last_name,
        organisation,
        address,
        city,
        postcode,
        country,
        mail,
        phone,
        note: _,
    } = block;
    let data = [
        first_name,
        last_name,
        organisation,
        address,
        city,
        postcode,
        country,
        mail,
        phone,
    ];
    // A contact that is made is one thing, however many lines describe it.
    if let Some(at) = data.into_iter().flatten().next() {
        let what = format!("{} with data of its own (only `handle`)", refusing.header);
        refusing.refuse(what, at.span);
    }
}

fn domain(block: &Domain, refusing: &mut Refusing<'_>) {
    let Domain {
        values: own,
        products,
        order,
        glue,
        transfer,
        vars: _,
        note: _,
        zone: _,
        redirect_service,
        redirect: _,
        mail,
        mailbox: _,
        hosting,
        certificate,
        ns_key,
    } = block;
    values(own, refusing);
    refusing.block("products", products);
    refusing.keyed("order", order);
    refusing.keyed("glue", glue);
    refusing.block("transfer", transfer);
    if let Some(at) = &redirect_service.0 {
        let RedirectService {
            values,
            order,
            note: _,
        } = &at.value;
        refusing.inside(&["redirect_service"], |it| {
            redirect_service_values(values, it);
            it.keyed("order", order);
        });
    }
    if let Some(at) = &mail.0 {
        let Mail {
            values,
            order,
            note: _,
        } = &at.value;
        refusing.inside(&["mail"], |it| {
            mail_values(values, it);
            it.keyed("order", order);
        });
    }
    if let Some(at) = &hosting.0 {
        let Hosting {
            values,
            order,
            ftp_user: _,
            database,
            site,
            wordpress,
            note: _,
        } = &at.value;
        refusing.inside(&["hosting"], |it| {
            hosting_values(values, it);
            it.keyed("order", order);
            it.named("database", database);
            it.named("site", site);
            it.named("wordpress", wordpress);
        });
    }
    refusing.named("certificate", certificate);
    if let Some(at) = ns_key.0.first() {
        let header = refusing.below(&["ns_key"]);
        refusing.refuse(header, at.span);
    }
}
