//! Mail services, mailboxes and their automatic answers.

use serde::Serialize;

use super::lenient::{Many, Moment, Text, Whole, Yes};
use super::{Calls, wire};
use crate::http::{Method, Request};

wire! {
    /// Bought capacity for mailboxes; the one family whose members are written in snake case.
    MailService {
        handle: Text = "handle",
        name: Text = "name",
        max_mail: Whole = "max_mail",
        expires: Moment = "expires_at",
    }
}

wire! {
    /// A mailbox as it is answered. `UserPwd` is left out: it is a secret that may come unasked. `Etat` too: it echoes
    /// the last operation.
    MailBox {
        handle: Text = "ObjectHandle",
        service: Text = "ServiceHandle",
        kind: Text = "UserType",
        name: Text = "UserName",
        description: Text = "UserDescription",
        address: Text = "UserMailAddress",
        catch_all: Yes = "IsCatchAll",
        redirected: Yes = "IsRedir",
        forward: Many<Text> = "Forward",
        aliases: Many<Text> = "Alias",
        state: Text = "State",
    }
}

wire! {
    /// The automatic answer of a mailbox. Days may come with or without a time and an offset.
    AutoResponder {
        handle: Text = "ObjectHandle",
        active: Yes = "Active",
        forward: Text = "Forward",
        message: Text = "Message",
        subject: Text = "Subject",
        start: Text = "Start",
        finish: Text = "Finish",
    }
}

/// A mailbox as it is written; what is left out stays as it is. Holds a password, so that it is not shown.
#[derive(Clone, Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::provider::namebay) struct MailBoxInput<'a> {
    /// The service that pays for it, of a new one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::provider::namebay) service_handle: Option<&'a str>,
    /// `pop` or `alias`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::provider::namebay) user_type: Option<&'a str>,
    /// The address, of a new one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::provider::namebay) user_mail_address: Option<&'a str>,
    /// The user name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::provider::namebay) user_name: Option<&'a str>,
    /// The password.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::provider::namebay) user_pwd: Option<&'a str>,
    /// For people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::provider::namebay) user_description: Option<&'a str>,
    /// Whether it takes what no other address does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::provider::namebay) is_catch_all: Option<bool>,
    /// Whether `forward` counts, of a mailbox that is no alias.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::provider::namebay) is_redir: Option<bool>,
    /// Where mail goes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::provider::namebay) forward: Option<Vec<&'a str>>,
    /// Its other addresses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::provider::namebay) alias: Option<Vec<&'a str>>,
}

/// What `PUT AutoResponder` changes; a dictionary, whose keys the guide writes in lower case.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(in crate::provider::namebay) struct AutoResponderInput<'a> {
    /// The first day; local midnight.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::provider::namebay) start: Option<&'a str>,
    /// The last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::provider::namebay) finish: Option<&'a str>,
    /// Whether it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::provider::namebay) active: Option<bool>,
    /// What it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::provider::namebay) subject: Option<&'a str>,
    /// What it answers, at length.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::provider::namebay) message: Option<&'a str>,
    /// Where mail goes meanwhile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::provider::namebay) forward: Option<&'a str>,
}

const BOX: &str = "/api/Mail/{handle}";
/// As the guide spells it; the reference writes `AutoResponder`, and routing knows no case.
const ANSWER: &str = "/api/Mail/{handle}/Autoresponder";

impl Calls {
    /// Lists the account's mail services.
    pub(in crate::provider::namebay) fn mail_services(&self) -> Request {
        self.get("/api/Mail/Service", "list mail services")
    }

    /// Lists the account's mailboxes.
    pub(in crate::provider::namebay) fn mailboxes(&self) -> Request {
        self.get("/api/Mail", "list mailboxes")
    }

    /// Lists the mailboxes of one handle.
    pub(in crate::provider::namebay) fn mailbox(&self, handle: &str) -> Request {
        self.get("/api/Mail", "read a mailbox")
            .query("objectHandle", handle)
    }

    /// Lists the mailboxes of one address; whether the filter is exact is not documented.
    pub(in crate::provider::namebay) fn mailboxes_at(&self, address: &str) -> Request {
        self.get("/api/Mail", "list mailboxes")
            .query("address", address)
    }

    /// Makes a mailbox.
    pub(in crate::provider::namebay) fn create_mailbox(&self, input: &MailBoxInput<'_>) -> Request {
        self.write(Method::Post, "/api/Mail", "create a mailbox")
            .json(input)
    }

    /// Changes a mailbox.
    pub(in crate::provider::namebay) fn update_mailbox(
        &self,
        handle: &str,
        input: &MailBoxInput<'_>,
    ) -> Request {
        self.write(Method::Put, BOX, "update a mailbox")
            .at("handle", handle)
            .json(input)
    }

    /// Deletes a mailbox.
    pub(in crate::provider::namebay) fn delete_mailbox(&self, handle: &str) -> Request {
        self.write(Method::Delete, BOX, "delete a mailbox")
            .at("handle", handle)
    }

    /// Reads the automatic answer of a mailbox.
    pub(in crate::provider::namebay) fn autoresponder(&self, mailbox: &str) -> Request {
        self.get(ANSWER, "read the autoresponder of a mailbox")
            .at("handle", mailbox)
    }

    /// Makes or changes it.
    pub(in crate::provider::namebay) fn set_autoresponder(
        &self,
        mailbox: &str,
        input: &AutoResponderInput<'_>,
    ) -> Request {
        self.write(Method::Put, ANSWER, "set the autoresponder of a mailbox")
            .at("handle", mailbox)
            .json(input)
    }

    /// Removes it.
    pub(in crate::provider::namebay) fn delete_autoresponder(&self, mailbox: &str) -> Request {
        self.write(
            Method::Delete,
            ANSWER,
            "remove the autoresponder of a mailbox",
        )
        .at("handle", mailbox)
    }
}
