//! Asking on behalf of one account: what a call answers, as lists and objects.
//!
//! Knows which forms an answer may have (a list, one object, null, nothing at all) and not what is in it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde::de::DeserializeOwned;

use crate::http::{BodyError, Request, Response};

use crate::model::{Secret, Time};

use super::api::Calls;
use super::api::lenient::Listed;
use super::errors::{self, Fault};
use super::login::Login;

/// One account's way to its login; counts what it asks.
#[derive(Clone)]
pub(super) struct Session {
    login: Arc<Login>,
    calls: Calls,
    asked: Arc<AtomicUsize>,
}

/// What a list call answered.
#[derive(Debug)]
pub(super) enum List<T> {
    /// A list, perhaps an empty one.
    Items(Vec<T>),
    /// That there is nothing, which may also mean that nothing may be seen.
    Nothing,
}

impl<T> List<T> {
    /// The items, none for nothing.
    pub(super) fn items(self) -> Vec<T> {
        match self {
            List::Items(items) => items,
            List::Nothing => Vec::new(),
        }
    }
}

/// What is wrong with a list of something else.
const NO_ITEM: &str = "it has no member of what was asked for";

impl Session {
    /// Begins asking.
    pub(super) fn new(login: &Arc<Login>, user: &str) -> Self {
        Self {
            login: Arc::clone(login),
            calls: Calls::new(login.api(), user),
            asked: Arc::default(),
        }
    }

    /// How often something was asked.
    pub(super) fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }

    /// The login.
    pub(super) fn login(&self) -> &Login {
        &self.login
    }

    /// Sends a call; the answer says yes.
    pub(super) async fn send(
        &self,
        call: impl Fn(&Calls) -> Request + Send + Sync,
    ) -> Result<Response, Fault> {
        self.send_sealed(call, &[]).await
    }

    /// Sends a call that carries secrets, which a server may repeat and nobody may see.
    pub(super) async fn send_sealed(
        &self,
        call: impl Fn(&Calls) -> Request + Send + Sync,
        sealed: &[Secret],
    ) -> Result<Response, Fault> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        self.login.call(|| call(&self.calls), sealed).await
    }

    /// Asks for a list.
    pub(super) async fn list<T: DeserializeOwned + Default + PartialEq>(
        &self,
        call: impl Fn(&Calls) -> Request + Send + Sync,
    ) -> Result<List<T>, Fault> {
        self.dated_list(call).await.map(|(list, _)| list)
    }

    /// Asks for what may be there or not, and whose members may all be empty.
    pub(super) async fn perhaps<T: DeserializeOwned>(
        &self,
        call: impl Fn(&Calls) -> Request + Send + Sync,
    ) -> Result<List<T>, Fault> {
        self.answered(&call).await.map(|(list, _)| list)
    }

    /// Asks for a list, and tells when it was answered, in the provider's time.
    pub(super) async fn dated_list<T: DeserializeOwned + Default + PartialEq>(
        &self,
        call: impl Fn(&Calls) -> Request + Send + Sync,
    ) -> Result<(List<T>, Option<Time>), Fault> {
        let answered = self.answered(&call).await?;
        // An object without a single known member is no item: some servers tell an error that way, with 200.
        match &answered {
            (List::Items(items), _) if items.contains(&T::default()) => {
                let shown = call(&self.calls).shown().to_string();
                Err(Fault::Nonsense(errors::unusable(&shown, 200, NO_ITEM)))
            }
            (List::Items(_) | List::Nothing, _) => Ok(answered),
        }
    }

    async fn answered<T: DeserializeOwned>(
        &self,
        call: &(impl Fn(&Calls) -> Request + Send + Sync),
    ) -> Result<(List<T>, Option<Time>), Fault> {
        let response = match self.send(call).await {
            Ok(response) => response,
            Err(Fault::Refused(refusal)) if refusal.is_nothing() => {
                return Ok((List::Nothing, None));
            }
            Err(fault) => return Err(fault),
        };
        let date = response.date();
        if response.status == 204 {
            return Ok((List::Nothing, date));
        }
        match response.json() {
            Ok(Listed::List(items)) => Ok((List::Items(items), date)),
            Ok(Listed::One(item)) => Ok((List::Items(vec![item]), date)),
            Ok(Listed::Null) => Ok((List::Nothing, date)),
            Err(error) => Err(self.nonsense(&call(&self.calls), &response, &error)),
        }
    }

    /// Asks for one object; some answer a list of one.
    pub(super) async fn object<T: DeserializeOwned>(
        &self,
        call: impl Fn(&Calls) -> Request + Send + Sync,
    ) -> Result<T, Fault> {
        let response = self.send(&call).await?;
        match response.json() {
            Ok(Listed::One(item)) => Ok(item),
            Ok(Listed::List(mut items)) if items.len() == 1 => Ok(items.remove(0)),
            Ok(Listed::List(_) | Listed::Null) => {
                Err(self.nonsense(&call(&self.calls), &response, &BodyError::Empty))
            }
            Err(error) => Err(self.nonsense(&call(&self.calls), &response, &error)),
        }
    }

    fn nonsense(&self, request: &Request, response: &Response, error: &BodyError) -> Fault {
        let shown = request.shown().to_string();
        Fault::Nonsense(errors::unusable(
            &shown,
            response.status,
            &error.to_string(),
        ))
    }
}
