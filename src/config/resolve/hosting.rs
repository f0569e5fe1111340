//! A hosting and its FTP users.
//!
//! The hosting's own user has no label: what the file may say of it is its password.

use super::super::grammar::domain::{FtpUser, FtpUserValues, Hosting, HostingValues};
use super::super::grammar::field::{Called, One, Sub};
use super::super::grammar::value::{At, Text};
use super::super::said;
use super::domain::{Resolving, declared};
use super::family::{Living, Naming, has_controls};
use crate::diag::{Diagnostic, SourceId};
use crate::model::{Account, Address, Attrs, Kind, Value};
use std::sync::Arc;

const NAMING: Naming = Naming {
    key: "ftp_user",
    canonical: str::to_owned,
    two: "two FTP users of one label",
    code: said::FTP_USER,
};

/// What the hosting's own user is called in addresses; no label can be this.
const ADMIN: &str = "(admin)";

impl Resolving<'_, '_> {
    /// Resolves the hosting and its FTP users.
    pub(super) fn hosting(&mut self, hosting: Sub<Hosting>, living: &Living) {
        let Some(At { span, value }) = hosting.0.map(|at| *at) else {
            return;
        };
        let Hosting {
            values,
            order: _,
            ftp_user,
            database: _,
            site: _,
            wordpress: _,
            note,
        } = value;
        let own = self.of_hosting(&values.account, span.source, |values| &values.account);
        let account = self.account_below(own, living, span);
        let password = self.of_hosting(&values.admin_password, span.source, |values| {
            &values.admin_password
        });
        if let (Some(account), Some(at)) = (&account, password) {
            let note: Option<Arc<str>> = note.as_ref().map(|at| Arc::from(&*at.value));
            let part = self.wanted("", Attrs::none(), at.span, note.as_ref());
            let mut object = declared(vec![part]);
            let address = self.ftp_user_address(account, ADMIN);
            self.secret((&address, &mut object), "admin_password", at, note.as_ref());
            self.objects.push((address, object));
        }
        self.bought(Kind::Hosting, account.as_ref(), (span, None), note);
        for called in self.joined(&NAMING, ftp_user) {
            self.ftp_user(called, account.as_ref());
        }
    }

    fn of_hosting<T: Clone>(
        &self,
        own: &One<T>,
        source: SourceId,
        of: impl Fn(&HostingValues) -> &One<T>,
    ) -> Option<At<T>> {
        let default = |values| of(values).as_ref();
        self.desk
            .nearest(own, source, |defaults| {
                default(&defaults.hosting.0.as_ref()?.value.values)
            })
            .cloned()
    }

    fn of_user<T: Clone>(
        &self,
        own: &One<T>,
        source: SourceId,
        of: impl Fn(&FtpUserValues) -> &One<T>,
    ) -> Option<At<T>> {
        let default = |values| of(values).as_ref();
        self.desk
            .nearest(own, source, |defaults| {
                let hosting = &defaults.hosting.0.as_ref()?.value;
                default(&hosting.ftp_user.0.as_ref()?.value)
            })
            .cloned()
    }

    fn ftp_user_address(&self, account: &Account, label: &str) -> Address {
        Address {
            name: label.into(),
            ..Address::of(account, self.apex.shared(), Kind::FtpUser)
        }
    }

    fn ftp_user(&mut self, called: Called<FtpUser>, account: Option<&Account>) {
        let Called {
            name,
            block: FtpUser { values, note },
        } = called;
        let source = name.span.source;
        let problem = label_problem(&name.value);
        if let Some(why) = problem {
            let message = format!("{:?} cannot be the label of an FTP user: {why}", name.value);
            let told = Diagnostic::error(said::FTP_USER, message).at(name.span, "");
            self.desk.error(match &*name.value {
                ADMIN => told.help("write admin_password under the hosting, for its own user"),
                _ => told,
            });
        }
        let mut attrs: Vec<(&'static str, Value)> = Vec::new();
        let dir = self.of_user(&values.dir, source, |values| &values.dir);
        match dir {
            Some(at) => attrs.extend(self.dir(&at).map(|dir| ("dir", Value::text(dir)))),
            None => self.no_dir(&name),
        }
        let about = self.of_user(&values.description, source, |values| &values.description);
        attrs.extend(about.map(|at| ("description", Value::text(&at.value))));
        let password = self.of_user(&values.password, source, |values| &values.password);
        let (Some(account), None) = (account, problem) else {
            return;
        };
        let note: Option<Arc<str>> = note.map(|at| Arc::from(&*at.value));
        let part = self.wanted("", Attrs::new(attrs), name.span, note.as_ref());
        let mut object = declared(vec![part]);
        let address = self.ftp_user_address(account, &name.value);
        if let Some(at) = password {
            self.secret((&address, &mut object), "password", at, note.as_ref());
        }
        self.objects.push((address, object));
    }

    fn no_dir(&mut self, name: &At<Text>) {
        let path = [
            "domain",
            self.apex.as_str(),
            "hosting",
            "ftp_user",
            &name.value,
        ];
        if self.desk.is_lost(&said::header(&path), "dir", name.span) {
            return;
        }
        let message = format!("the FTP user {} has no `dir`", name.value);
        let problem = Diagnostic::error(said::FTP_USER, message)
            .at(name.span, "")
            .help(
                "write dir = \"…\", below the hosting's directory; \".\" is that directory itself",
            );
        self.desk.error(problem);
    }

    fn dir<'t>(&mut self, at: &'t At<Text>) -> Option<&'t str> {
        let Some(why) = dir_problem(&at.value) else {
            return Some(&at.value);
        };
        let message = format!("`dir` cannot be {:?}: {why}", at.value);
        let problem = Diagnostic::error(said::FTP_USER, message).at(at.span, "");
        self.desk.error(problem);
        None
    }
}

/// Why a text cannot be the label of an FTP user.
pub(in crate::config) fn label_problem(text: &str) -> Option<&'static str> {
    if text.trim().is_empty() {
        Some("it is empty")
    } else if text == ADMIN {
        Some("it stands for the hosting's own user")
    } else if has_controls(text) || text != text.trim() {
        Some("it has blanks around it or control characters in it")
    } else if text.contains('/') {
        Some("a / ends a name in addresses")
    } else if text.starts_with('#') {
        Some("names that begin with # stand for users without a label")
    } else if text.chars().count() > 100 {
        Some("it is longer than 100 characters")
    } else {
        None
    }
}

/// Why a text cannot be the directory of an FTP user.
pub(in crate::config) fn dir_problem(text: &str) -> Option<&'static str> {
    if text.trim().is_empty() {
        Some("it is empty; \".\" is the hosting's own directory")
    } else if has_controls(text) {
        Some("it has control characters")
    } else if text.split(['/', '\\']).any(|step| step == "..") {
        Some("`..` could lead out of the hosting's directory")
    } else {
        None
    }
}
