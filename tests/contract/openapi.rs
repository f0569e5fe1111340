//! Holds requests and answers to `schema/namebay.openapi.yaml`; knows nothing of the client.
//!
//! Letter case of member names does not count in requests, and in answers only where the reader asks for it: then both
//! the schemas and the instance are brought into small letters.

use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex};

use bailiwick::sandbox::Seen;
use jsonschema::Validator;
use serde_json::{Map, Value, json};

/// How strictly an answer is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reading {
    /// As a client must: letter case and unknown members do not count.
    Lenient,
    /// As the document has it: every member is one that it lists, spelt as there.
    Exact,
}

/// One exchange.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Exchange<'a> {
    pub(crate) method: &'a str,
    /// The path as sent, without the query.
    pub(crate) path: &'a str,
    /// The query parameters.
    pub(crate) query: &'a [(String, String)],
    /// The request body, nothing where there was none; a form is an object.
    pub(crate) request: Option<&'a Value>,
    pub(crate) status: u16,
    /// The response body, nothing where it was empty.
    pub(crate) response: Option<&'a Value>,
}

/// The document, ready to validate against.
pub(crate) struct Document {
    root: Value,
    compiled: Mutex<BTreeMap<(String, Reading), &'static Validator>>,
}

/// The document of the project.
pub(crate) static NAMEBAY: LazyLock<Document> = LazyLock::new(|| {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schema/namebay.openapi.yaml");
    let text = std::fs::read_to_string(path).unwrap();
    Document {
        root: serde_yaml_ng::from_str(&text).unwrap(),
        compiled: Mutex::default(),
    }
});

impl Document {
    pub(crate) fn root(&self) -> &Value {
        &self.root
    }

    /// Lists method and path template of every call.
    pub(crate) fn calls(&self) -> Vec<(String, String)> {
        let paths = self.root["paths"].as_object().unwrap();
        let calls = paths.iter().flat_map(|(path, methods)| {
            methods
                .as_object()
                .unwrap()
                .keys()
                .filter(|key| *key != "servers")
                .map(|m| (m.to_uppercase(), path.clone()))
        });
        calls.collect()
    }

    /// Finds the template and the operation of a request.
    pub(crate) fn operation(&self, method: &str, path: &str) -> Option<(&str, &Value)> {
        let segments: Vec<&str> = path.trim_matches('/').split('/').collect();
        let paths = self.root["paths"].as_object().unwrap().iter();
        let fits = paths.filter_map(|(template, methods)| {
            let words: Vec<&str> = template.trim_matches('/').split('/').collect();
            let agree = |(word, segment): (&&str, &&str)| {
                word.starts_with('{') || word.eq_ignore_ascii_case(segment)
            };
            let fits = words.len() == segments.len() && words.iter().zip(&segments).all(agree);
            let fixed = words.iter().filter(|word| !word.starts_with('{')).count();
            fits.then_some((fixed, template.as_str(), methods))
        });
        let (_, template, methods) = fits.max_by_key(|(fixed, ..)| *fixed)?;
        Some((template, methods.get(method.to_lowercase())?))
    }

    /// Validates a request of a sandbox's log; values of query parameters are not in it.
    pub(crate) fn check_seen(&self, seen: &Seen) -> Result<(), String> {
        let query: Vec<(String, String)> = seen
            .query
            .iter()
            .map(|name| (name.clone(), "-".to_owned()))
            .collect();
        let (method, path) = (seen.method.as_str(), seen.path.as_str());
        let (request, status) = (seen.body.as_ref(), seen.status.unwrap_or_default());
        self.check_request(&Exchange {
            method,
            path,
            query: &query,
            request,
            status,
            response: None,
        })
    }

    /// Validates a request alone.
    pub(crate) fn check_request(&self, exchange: &Exchange<'_>) -> Result<(), String> {
        let Exchange {
            method,
            path,
            query,
            request,
            ..
        } = *exchange;
        let (template, operation) = self
            .operation(method, path)
            .ok_or_else(|| format!("no call {method} {path}"))?;
        let told = |what: String| format!("{method} {template}: {what}");
        let listed: Vec<&Value> = operation["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|p| self.deref(p))
            .collect();
        let listed_query = listed.iter().filter(|parameter| parameter["in"] == "query");
        let names: Vec<&str> = listed_query
            .clone()
            .map(|parameter| parameter["name"].as_str().unwrap())
            .collect();
        if let Some((name, _)) = query
            .iter()
            .find(|(name, _)| !names.contains(&name.as_str()))
        {
            return Err(told(format!(
                "query parameter {name} is not listed: {names:?}"
            )));
        }
        for parameter in listed_query.filter(|parameter| parameter["required"] == true) {
            let name = parameter["name"].as_str().unwrap();
            if !query
                .iter()
                .any(|(key, value)| key == name && !value.is_empty())
            {
                return Err(told(format!("query parameter {name} is missing")));
            }
        }
        let content = &operation["requestBody"]["content"];
        match (
            content
                .as_object()
                .and_then(|content| content.values().next()),
            request,
        ) {
            (None, None) => Ok(()),
            (None, Some(body)) => Err(told(format!("takes no body, but got {body}"))),
            (Some(_), None) => Err(told("the body is missing".to_owned())),
            (Some(media), Some(body)) => self
                .check(&media["schema"], body, Reading::Lenient)
                .map_err(told),
        }
    }

    /// Validates request and answer.
    pub(crate) fn check_exchange(
        &self,
        exchange: &Exchange<'_>,
        reading: Reading,
    ) -> Result<(), String> {
        self.check_request(exchange)?;
        self.check_response(exchange, reading)
    }

    /// Validates an answer alone.
    pub(crate) fn check_response(
        &self,
        exchange: &Exchange<'_>,
        reading: Reading,
    ) -> Result<(), String> {
        let Exchange {
            method,
            path,
            status,
            response,
            ..
        } = *exchange;
        let (template, operation) = self
            .operation(method, path)
            .ok_or_else(|| format!("no call {method} {path}"))?;
        let told = |what: String| format!("{status} of {method} {template}: {what}");
        let responses = &operation["responses"];
        let listed = responses
            .get(status.to_string())
            .unwrap_or(&responses["default"]);
        let schema = &self.deref(listed)["content"]["application/json"]["schema"];
        match (schema.is_null(), response) {
            (_, None) if method == "DELETE" && status < 300 => Ok(()),
            (true, None) => Ok(()),
            (true, Some(body)) => Err(told(format!("has no body, but came with {body}"))),
            (false, None) => Err(told("the body is missing".to_owned())),
            (false, Some(body)) => self.check(schema, body, reading).or_else(|problem| {
                // error.status: the documented array may come with 200.
                let errors = json!({ "$ref": "#/components/schemas/ErrorList" });
                let carried = status == 200 && self.check(&errors, body, reading).is_ok();
                if carried { Ok(()) } else { Err(told(problem)) }
            }),
        }
    }

    fn deref<'a>(&'a self, value: &'a Value) -> &'a Value {
        let target = value["$ref"]
            .as_str()
            .and_then(|target| self.root.pointer(target.strip_prefix('#')?));
        target.unwrap_or(value)
    }

    fn check(&self, schema: &Value, instance: &Value, reading: Reading) -> Result<(), String> {
        let validator = self.validator(schema, reading);
        let instance = match reading {
            Reading::Lenient => small_keys(instance),
            Reading::Exact => instance.clone(),
        };
        let problems: Vec<String> = validator
            .iter_errors(&instance)
            .map(|error| format!("{} at {}", error, error.instance_path()))
            .collect();
        if problems.is_empty() {
            Ok(())
        } else {
            Err(format!("{}\n  in {instance}", problems.join("; ")))
        }
    }

    fn validator(&self, schema: &Value, reading: Reading) -> &'static Validator {
        let key = (schema.to_string(), reading);
        let mut compiled = self.compiled.lock().unwrap();
        compiled.entry(key).or_insert_with(|| {
            let mut whole = schema.as_object().unwrap().clone();
            whole.insert("components".to_owned(), self.root["components"].clone());
            let whole = with_schemas(Value::Object(whole), reading);
            Box::leak(Box::new(jsonschema::draft202012::new(&whole).unwrap()))
        })
    }
}

/// Brings the members of schemas into small letters, or closes them against unknown members.
fn with_schemas(schema: Value, reading: Reading) -> Value {
    match schema {
        Value::Array(items) => Value::Array(
            items
                .into_iter()
                .map(|item| with_schemas(item, reading))
                .collect(),
        ),
        Value::Object(members) => {
            let mut members: Map<String, Value> = members
                .into_iter()
                .map(|(key, value)| (key, with_schemas(value, reading)))
                .collect();
            if let Some(Value::Object(properties)) = members.get_mut("properties")
                && reading == Reading::Lenient
            {
                let small = std::mem::take(properties)
                    .into_iter()
                    .map(|(key, value)| (key.to_lowercase(), value));
                *properties = small.collect();
            }
            if let Some(Value::Array(required)) = members.get_mut("required")
                && reading == Reading::Lenient
            {
                required
                    .iter_mut()
                    .for_each(|name| *name = name.as_str().unwrap().to_lowercase().into());
            }
            if reading == Reading::Exact && members.contains_key("properties") {
                members
                    .entry("additionalProperties")
                    .or_insert(Value::Bool(false));
            }
            Value::Object(members)
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => schema,
    }
}

fn small_keys(value: &Value) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.iter().map(small_keys).collect()),
        Value::Object(members) => Value::Object(
            members
                .iter()
                .map(|(key, value)| (key.to_lowercase(), small_keys(value)))
                .collect(),
        ),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

#[test]
fn the_validator_finds_what_is_wrong() {
    let good = json!({"host": "www", "data": "192.0.2.1", "type": "A"});
    let record = json!({"Id": 13.0, "Host": "www", "Data": "192.0.2.1", "Type": "A", "New": 1});
    let exchange = Exchange {
        method: "POST",
        path: "/api/Zone/DO1/Record",
        query: &[("user".to_owned(), "AA1".to_owned())],
        request: Some(&good),
        status: 200,
        response: Some(&record),
    };
    NAMEBAY.check_exchange(&exchange, Reading::Lenient).unwrap();
    assert!(
        NAMEBAY
            .check_exchange(&exchange, Reading::Exact)
            .unwrap_err()
            .contains("New")
    );
    let misspelt = json!({"Hostname": "www", "Data": "192.0.2.1", "Type": "A"});
    let problem = NAMEBAY
        .check_request(&Exchange {
            request: Some(&misspelt),
            ..exchange
        })
        .unwrap_err();
    assert!(problem.contains("hostname"), "{problem}");
    let query = [("users".to_owned(), "AA1".to_owned())];
    assert!(
        NAMEBAY
            .check_request(&Exchange {
                query: &query,
                ..exchange
            })
            .unwrap_err()
            .contains("users")
    );
    let failure = json!([{"Code": 525, "Detail": null}]);
    for status in [200, 400, 525] {
        let exchange = Exchange {
            status,
            response: Some(&failure),
            ..exchange
        };
        NAMEBAY.check_response(&exchange, Reading::Exact).unwrap();
    }
    assert!(
        NAMEBAY
            .check_response(
                &Exchange {
                    response: None,
                    ..exchange
                },
                Reading::Lenient
            )
            .is_err()
    );
}
