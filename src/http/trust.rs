//! Whose certificates are believed.
//!
//! The system's store, or what is named instead of it; the roots bundled with this program where the system has none
//! (a bare container). Reads files and no environment; but where nothing is named, the library that finds the
//! system's store looks at `SSL_CERT_FILE` and `SSL_CERT_DIR` itself.

use std::path::PathBuf;
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::{ClientConfig, RootCertStore};

/// Whose certificates are believed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum TrustStore {
    /// The system's, with the bundled roots where it has none.
    #[default]
    System,
    /// Only those in these places, as `SSL_CERT_FILE` and `SSL_CERT_DIR` name them.
    Named {
        /// A file of certificates in PEM form.
        file: Option<PathBuf>,
        /// Folders of such files.
        folders: Vec<PathBuf>,
    },
}

impl TrustStore {
    /// Returns the TLS settings of a client that believes these roots, or what is wrong with the places named.
    ///
    /// Places that are named and hold nothing usable are an error: falling back would believe more than was asked for.
    pub(super) fn tls(&self) -> Result<ClientConfig, Box<str>> {
        let mut roots = RootCertStore::empty();
        match self {
            Self::System => {
                add(&mut roots, rustls_native_certs::load_native_certs().certs);
                if roots.is_empty() {
                    add(
                        &mut roots,
                        webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().cloned(),
                    );
                }
            }
            Self::Named { file, folders } => {
                let file = file.as_deref().map(|file| (Some(file), None));
                let folders = folders.iter().map(|folder| (None, Some(folder.as_path())));
                let mut problems = Vec::new();
                for (file, folder) in file.into_iter().chain(folders) {
                    let found = rustls_native_certs::load_certs_from_paths(file, folder);
                    problems.extend(found.errors.iter().map(ToString::to_string));
                    add(&mut roots, found.certs);
                }
                if roots.is_empty() {
                    problems.push("no certificate to trust is found where SSL_CERT_FILE or SSL_CERT_DIR points".to_owned());
                    return Err(problems.join("; ").into());
                }
            }
        }
        config(roots)
    }
}

/// Returns the TLS settings of a client that never speaks TLS, without the cost of reading any certificate.
pub(super) fn none() -> Result<ClientConfig, Box<str>> {
    config(RootCertStore::empty())
}

/// A store may hold roots that are no longer well-formed; they are left out, as browsers do.
fn add(roots: &mut RootCertStore, certificates: impl IntoIterator<Item = CertificateDer<'static>>) {
    roots.add_parsable_certificates(certificates);
}

fn config(roots: RootCertStore) -> Result<ClientConfig, Box<str>> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let versions =
        ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let versions = versions.map_err(|error| error.to_string())?;
    Ok(versions.with_root_certificates(roots).with_no_client_auth())
}
