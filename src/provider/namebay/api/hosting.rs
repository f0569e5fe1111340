//! The FTP users of a hosting.

use serde::Serialize;

use super::lenient::Text;
use super::{Calls, wire};
use crate::http::{Method, Request};

wire! {
    /// An FTP user as it is answered. `Pwd` is left out: it is a secret, if it ever comes.
    FtpUser {
        id: Text = "Id",
        host: Text = "Host",
        user_name: Text = "UserName",
        login: Text = "Login",
        full_name: Text = "FullName",
        description: Text = "Description",
        dir: Text = "Dir",
    }
}

/// An FTP user as it is written. Holds a password, so that it is not shown.
#[derive(Clone, Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::provider::namebay) struct FtpUserInput<'a> {
    /// The password, which no write may lack.
    pub(in crate::provider::namebay) pwd: &'a str,
    /// Our label.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::provider::namebay) full_name: Option<&'a str>,
    /// For people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::provider::namebay) description: Option<&'a str>,
    /// The directory that it sees, absolute.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::provider::namebay) dir: Option<&'a str>,
}

const LIST: &str = "/api/Hosting/{hosting_handle}/User";
const ONE: &str = "/api/Hosting/{hosting_handle}/User/{id}";

impl Calls {
    /// Lists the FTP users of a hosting; inferred, no page documents it.
    pub(in crate::provider::namebay) fn ftp_users(&self, hosting: &str) -> Request {
        self.get(LIST, "list the FTP users of a hosting")
            .at("hosting_handle", hosting)
    }

    /// Makes an FTP user.
    pub(in crate::provider::namebay) fn create_ftp_user(
        &self,
        hosting: &str,
        input: &FtpUserInput<'_>,
    ) -> Request {
        self.write(Method::Post, LIST, "create an FTP user")
            .at("hosting_handle", hosting)
            .json(input)
    }

    /// Changes an FTP user.
    pub(in crate::provider::namebay) fn update_ftp_user(
        &self,
        hosting: &str,
        id: &str,
        input: &FtpUserInput<'_>,
    ) -> Request {
        self.write(Method::Put, ONE, "update an FTP user")
            .at("hosting_handle", hosting)
            .at("id", id)
            .json(input)
    }

    /// Deletes an FTP user.
    pub(in crate::provider::namebay) fn delete_ftp_user(&self, hosting: &str, id: &str) -> Request {
        self.write(Method::Delete, ONE, "delete an FTP user")
            .at("hosting_handle", hosting)
            .at("id", id)
    }
}
