//! A ledger in an object store: S3, Google Cloud Storage, Azure, and what speaks as they do.
//!
//! Every write is conditional: the document replaces the version that was read, a segment only nothing at all. So
//! whoever lost the lease without knowing cannot overwrite what its successor wrote. It does not know what it stores,
//! and reads no environment: addresses and credentials are given.

mod lease;
mod work;

use super::error::LedgerError;
use super::store::{Holder, Lease, LedgerKey, Put, RunId, Standing, Store};
use crate::model::Time;
use futures_util::StreamExt as _;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _, PutMode, PutOptions, UpdateVersion};
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use work::Work;

const DOCUMENT: &str = "ledger.json";
const JOURNAL: &str = "journal";
const CACHE: &str = "cache";
/// Says that a document was written here once.
const MADE: &str = "made";
/// No object of a ledger is larger; what is, was not written by this program.
const LARGEST: u64 = 256 << 20;
/// No ledger has more segments that were not filed.
const MOST: usize = 100_000;

/// Tells the time of this machine.
pub type Clock = Arc<dyn Fn() -> Time + Send + Sync>;

/// A place in an object store, below which each account has its ledger.
#[derive(Clone)]
pub struct Objects {
    store: Arc<dyn ObjectStore>,
    base: Path,
    /// As the file writes it.
    name: Arc<str>,
    work: Work,
    clock: Clock,
}

impl std::fmt::Debug for Objects {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // A store's own text may hold what it logs in with.
        f.debug_tuple("Objects").field(&self.name).finish()
    }
}

impl Objects {
    /// The place at an address (`s3://bucket/prefix`, `gs://…`, `az://…`), with settings under the names that the
    /// environment has for them. Nothing is sent. Fails with what is wrong with them.
    pub fn open(
        address: &str,
        settings: Vec<(String, String)>,
        clock: Clock,
    ) -> Result<Self, String> {
        let url = url::Url::parse(address).map_err(|error| error.to_string())?;
        let mut options: Vec<(String, String)> = settings
            .into_iter()
            .map(|(name, value)| (name.to_lowercase(), value))
            .collect();
        let own = [
            "allow_http",
            "aws_allow_http",
            "azure_allow_http",
            "google_allow_http",
        ];
        options.retain(|(name, _)| !own.contains(&name.as_str()));
        let endpoints = options.iter().filter(|(name, _)| name.contains("endpoint"));
        let mut plain = false;
        for (name, value) in endpoints {
            let endpoint = url::Url::parse(value)
                .map_err(|_| format!("{} is no address", name.to_uppercase()))?;
            plain |= match endpoint.scheme() {
                "https" => false,
                "http" if is_loopback(&endpoint) => true,
                _ => return Err(format!("{} must begin with https://", name.to_uppercase())),
            };
        }
        if plain {
            options.push(("allow_http".into(), "true".into()));
        }
        // Only the first of a process counts; all of them are the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        // Its text may repeat a setting, and a setting may be a secret.
        let (store, base) = object_store::parse_url_opts(&url, options).map_err(|_| {
            "the store cannot be set up: a setting is missing or cannot be used".to_owned()
        })?;
        let work = Work::thread().map_err(|error| error.to_string())?;
        Ok(Self {
            store: store.into(),
            base,
            name: address.trim_end_matches('/').into(),
            work,
            clock,
        })
    }

    /// A store in memory, for tests: it answers at once, and heartbeats belong to the caller's runtime.
    pub fn in_memory(store: Arc<object_store::memory::InMemory>, clock: Clock) -> Self {
        Self {
            store,
            base: Path::default(),
            name: "memory:".into(),
            work: Work::Here,
            clock,
        }
    }

    pub(super) fn account(&self, key: &LedgerKey) -> Account {
        Account {
            objects: self.clone(),
            folder: key.folder_name().into(),
            known: Arc::default(),
        }
    }
}

fn is_loopback(url: &url::Url) -> bool {
    match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        None => false,
    }
}

/// One account's ledger.
#[derive(Debug, Clone)]
pub(super) struct Account {
    objects: Objects,
    folder: Arc<str>,
    /// The version of the document that was read or written last.
    known: Arc<Mutex<Option<UpdateVersion>>>,
}

/// An object.
pub(super) struct Body {
    bytes: Vec<u8>,
    at: Time,
    version: UpdateVersion,
}

type Answer<T> = Result<T, object_store::Error>;

impl Account {
    fn shown(&self, item: &str) -> String {
        format!("{}/{}/{item}", self.objects.name, self.folder)
    }

    fn at(&self, item: &str) -> Result<Path, object_store::Error> {
        let base = self.objects.base.as_ref();
        Ok(Path::parse(format!("{base}/{}/{item}", self.folder))?)
    }

    fn wait<T: Send + 'static>(
        &self,
        (item, verb): (&str, &'static str),
        request: impl Future<Output = Answer<T>> + Send + 'static,
    ) -> Result<T, LedgerError> {
        let name = self.shown(item);
        let answer = self.objects.work.wait(request);
        let answer = answer.map_err(LedgerError::io(&name, verb))?;
        answer.map_err(|error| trouble(&name, verb, said(&error)))
    }

    fn getting(&self, item: &str) -> impl Future<Output = Answer<Option<Body>>> + Send + use<> {
        let (at, store) = (self.at(item), Arc::clone(&self.objects.store));
        async move {
            let found = match store.get(&at?).await {
                Ok(found) => found,
                Err(object_store::Error::NotFound { .. }) => return Ok(None),
                Err(error) => return Err(error),
            };
            if found.meta.size > LARGEST {
                return Err(too_large());
            }
            let version = UpdateVersion {
                e_tag: found.meta.e_tag.clone(),
                version: found.meta.version.clone(),
            };
            let at = Time::from_second(found.meta.last_modified.timestamp()).unwrap_or_default();
            let bytes = found.bytes().await?.to_vec();
            Ok(Some(Body { bytes, at, version }))
        }
    }

    fn get(&self, item: &str) -> Result<Option<Body>, LedgerError> {
        self.wait((item, "read"), self.getting(item))
    }

    /// Writes; `None` if the condition was not met.
    fn putting(
        &self,
        item: &str,
        bytes: Vec<u8>,
        mode: PutMode,
    ) -> impl Future<Output = Answer<Option<UpdateVersion>>> + Send + use<> {
        let (at, store) = (self.at(item), Arc::clone(&self.objects.store));
        async move {
            match store
                .put_opts(&at?, bytes.into(), PutOptions::from(mode))
                .await
            {
                Ok(put) => Ok(Some(UpdateVersion {
                    e_tag: put.e_tag,
                    version: put.version,
                })),
                Err(
                    object_store::Error::AlreadyExists { .. }
                    | object_store::Error::Precondition { .. },
                ) => Ok(None),
                Err(error) => Err(error),
            }
        }
    }

    /// Writes. The request may be repeated when its answer was lost: what stands there then is our own.
    fn put(
        &self,
        item: &str,
        bytes: Vec<u8>,
        mode: PutMode,
    ) -> Result<Option<UpdateVersion>, LedgerError> {
        let put = self.wait((item, "write"), self.putting(item, bytes.clone(), mode))?;
        if put.is_some() {
            return Ok(put);
        }
        let there = self.get(item)?;
        Ok(there.and_then(|there| (there.bytes == bytes).then_some(there.version)))
    }

    /// What time it is at the store: what it says of an object that was just written.
    fn store_time(&self) -> Result<Time, LedgerError> {
        const ASKED: &str = "clock";
        let now = (self.objects.clock)();
        self.put(ASKED, now.to_string().into_bytes(), PutMode::Overwrite)?;
        Ok(self.get(ASKED)?.map_or(now, |there| there.at))
    }

    fn list(&self, below: &str) -> Result<Vec<String>, LedgerError> {
        let (at, store) = (self.at(below), Arc::clone(&self.objects.store));
        self.wait((below, "read"), async move {
            let at = at?;
            let mut found = Vec::new();
            let mut listed = store.list(Some(&at));
            while let Some(object) = listed.next().await {
                let location = object?.location;
                if let Some(parts) = location.prefix_match(&at) {
                    let parts: Vec<String> = parts.map(|part| part.as_ref().to_owned()).collect();
                    found.push(parts.join("/"));
                }
                if found.len() > MOST {
                    return Err(too_large());
                }
            }
            found.sort();
            Ok(found)
        })
    }

    fn known(&self) -> std::sync::MutexGuard<'_, Option<UpdateVersion>> {
        // Each change is one assignment.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn too_large() -> object_store::Error {
    object_store::Error::Generic {
        store: "ledger",
        source: "it is larger than any ledger".into(),
    }
}

/// What a store's error says. Its own text may hold addresses with credentials in them, and is the server's.
fn said(error: &object_store::Error) -> &'static str {
    match error {
        object_store::Error::NotFound { .. } => "there is no such bucket or object",
        object_store::Error::PermissionDenied { .. }
        | object_store::Error::Unauthenticated { .. } => "the object store refused the credentials",
        object_store::Error::NotImplemented { .. } | object_store::Error::NotSupported { .. } => {
            "the object store cannot write under a condition, which a ledger needs"
        }
        object_store::Error::Generic { .. }
        | object_store::Error::InvalidPath { .. }
        | object_store::Error::JoinError { .. }
        | object_store::Error::AlreadyExists { .. }
        | object_store::Error::Precondition { .. }
        | object_store::Error::NotModified { .. }
        | object_store::Error::UnknownConfigurationKey { .. }
        | _ => "the object store did not answer, or not as it should",
    }
}

fn trouble(name: &str, verb: &'static str, text: &'static str) -> LedgerError {
    LedgerError::io(name, verb)(io::Error::other(text))
}

fn segment(run: &RunId, number: u32) -> String {
    format!("{JOURNAL}/{}/{number:06}", run.as_str())
}

impl Store for Account {
    fn name(&self, item: &str) -> String {
        self.shown(item)
    }

    fn used(&self) -> Result<bool, LedgerError> {
        Ok(self.get(MADE)?.is_some() || !self.segments()?.is_empty())
    }

    fn document(&self) -> Result<Option<Vec<u8>>, LedgerError> {
        let there = self.get(DOCUMENT)?;
        *self.known() = there.as_ref().map(|there| there.version.clone());
        Ok(there.map(|there| there.bytes))
    }

    fn put_document(&self, bytes: &[u8]) -> Result<(), LedgerError> {
        let known = self.known().clone();
        let (first, mode) = match known {
            Some(version) => (false, PutMode::Update(version)),
            None => (true, PutMode::Create),
        };
        let Some(version) = self.put(DOCUMENT, bytes.to_vec(), mode)? else {
            return Err(LedgerError::Lost {
                name: self.shown(DOCUMENT),
            });
        };
        *self.known() = Some(version);
        if first {
            self.put(MADE, Vec::new(), PutMode::Overwrite)?;
        }
        Ok(())
    }

    fn put_first_document(&self, bytes: &[u8]) -> Result<Put, LedgerError> {
        let put = self.wait(
            (DOCUMENT, "write"),
            self.putting(DOCUMENT, bytes.to_vec(), PutMode::Create),
        )?;
        let Some(version) = put else {
            return Ok(Put::Exists);
        };
        *self.known() = Some(version);
        self.put(MADE, Vec::new(), PutMode::Overwrite)?;
        Ok(Put::Written)
    }

    fn segments(&self) -> Result<Vec<(RunId, u32)>, LedgerError> {
        let read = |name: String| {
            let (run, number) = name.split_once('/')?;
            Some((RunId::parse(run)?, number.parse().ok()?))
        };
        let mut found: Vec<_> = self.list(JOURNAL)?.into_iter().filter_map(read).collect();
        found.sort();
        Ok(found)
    }

    fn segment(&self, run: &RunId, number: u32) -> Result<Option<Vec<u8>>, LedgerError> {
        Ok(self.get(&segment(run, number))?.map(|there| there.bytes))
    }

    fn put_segment(&self, run: &RunId, number: u32, bytes: &[u8]) -> Result<Put, LedgerError> {
        let put = self.put(&segment(run, number), bytes.to_vec(), PutMode::Create)?;
        Ok(put.map_or(Put::Exists, |_| Put::Written))
    }

    fn remove_run(&self, run: &RunId) -> Result<(), LedgerError> {
        let below = format!("{JOURNAL}/{}", run.as_str());
        // The last ones first: what a kill leaves is then the beginning of the run, never a gap in it.
        for name in self.list(&below)?.into_iter().rev() {
            let item = format!("{below}/{name}");
            let (at, store) = (self.at(&item), Arc::clone(&self.objects.store));
            self.wait((&item, "remove"), async move {
                match store.delete(&at?).await {
                    Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
                    Err(error) => Err(error),
                }
            })?;
        }
        Ok(())
    }

    fn standing(&self) -> Result<Standing, LedgerError> {
        lease::standing(self, (self.objects.clock)())
    }

    fn lock(&self, holder: &Holder) -> Result<Box<dyn Lease>, LedgerError> {
        Ok(Box::new(lease::take(self, holder)?))
    }

    fn release(&self) -> Result<Option<Holder>, LedgerError> {
        lease::release(self)
    }

    fn cached(&self, name: &str) -> Option<Vec<u8>> {
        let there = self.get(&format!("{CACHE}/{name}")).ok()?;
        there.map(|there| there.bytes)
    }

    fn cache(&self, name: &str, bytes: &[u8]) -> Result<(), LedgerError> {
        let item = format!("{CACHE}/{name}");
        self.put(&item, bytes.to_vec(), PutMode::Overwrite)?;
        Ok(())
    }
}
