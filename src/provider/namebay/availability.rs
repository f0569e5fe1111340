//! Whether a name can be had, in the words of an answer; pure.
//!
//! The list of words is not documented: one that is not known means that the name is not available.

use crate::model::Secret;
use crate::model::market::{Availability as Standing, Transferability as Movable};

use super::api::availability::{Availability, TldDetails, Transferable};

/// The verdict of a registry on a name that is free.
const FREE: i64 = 1;

/// Reads whether a name is free.
pub(super) fn free(answer: &Availability) -> Standing {
    let reason = |text: &super::api::lenient::Text| text.word().map(Into::into);
    if answer.forbidden.0 == Some(true) {
        return Standing::Forbidden(reason(&answer.forbidden_reason));
    }
    if answer.reserved.0 == Some(true) {
        return Standing::Reserved(reason(&answer.reserved_reason));
    }
    if let Some(error) = answer.error.word() {
        return Standing::Unknown(error.into());
    }
    let code = answer.verdict.0.code.0.or(answer.code.0);
    match (answer.status.word(), code) {
        (Some(word), None | Some(FREE)) if word.eq_ignore_ascii_case("AvailablePerDomainCheck") => {
            Standing::Free
        }
        (Some(word), Some(code)) if word.eq_ignore_ascii_case("AvailablePerDomainCheck") => {
            Standing::Unknown(format!("{word}, code {code}").into())
        }
        (Some(word), _) if word.eq_ignore_ascii_case("UnAvailableInDropZone") => Standing::Taken,
        (Some(word), _) => Standing::Unknown(word.into()),
        // One page of the reference shows the verdict alone.
        (None, Some(FREE)) => Standing::Free,
        (None, Some(code)) => Standing::Unknown(format!("code {code}").into()),
        (None, None) => Standing::Unknown("the answer says nothing".into()),
    }
}

/// Reads whether a domain can be transferred in; the answer may repeat the code.
pub(super) fn movable(answer: &Transferable, code: &Secret) -> Movable {
    let said = |fallback: &str| -> Box<str> {
        let words = [&answer.message, &answer.status];
        let said = words.into_iter().find(|text| text.word().is_some());
        said.map_or(fallback.into(), |text| {
            let mut text = text.clone();
            text.mask(code.expose());
            text.word().unwrap_or(fallback).into()
        })
    };
    let inwards = answer
        .direction
        .word()
        .is_none_or(|way| way.eq_ignore_ascii_case("in"));
    if answer.under_way.0 == Some(true) {
        Movable::UnderWay
    } else if answer.transferable.0 != Some(true) {
        Movable::No(Some(said("it cannot be transferred")))
    } else if !inwards {
        Movable::No(Some("it is held by this provider already".into()))
    } else if answer.valid_date.0 == Some(false) {
        Movable::No(Some(
            "it was registered, or transferred, too short a time ago".into(),
        ))
    } else {
        Movable::Yes
    }
}

/// What is wrong with a period, beside the rules of the TLD.
#[cfg_attr(
    not(test),
    expect(
        dead_code,
        reason = "what orders and quotes are made of; nothing orders yet"
    )
)]
pub(super) fn period_flaw(rules: &TldDetails, years: u32, renewal: Renewal) -> Option<String> {
    let (least, most) = match renewal {
        Renewal::No => (rules.min_period.0, rules.max_period.0),
        Renewal::Yes => (rules.min_renewal.0, rules.max_renewal.0),
    };
    let years = i64::from(years);
    // Nought is no rule.
    let below = least.filter(|least| *least > 0 && years < *least);
    let above = most.filter(|most| *most > 0 && years > *most);
    match (below, above) {
        (Some(least), _) => Some(format!("this TLD takes no fewer than {least} years")),
        (None, Some(most)) => Some(format!("this TLD takes no more than {most} years")),
        (None, None) => None,
    }
}

/// Whether a period is that of a renewal.
#[cfg_attr(
    not(test),
    expect(
        dead_code,
        reason = "what orders and quotes are made of; nothing orders yet"
    )
)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Renewal {
    /// Of a new domain.
    No,
    /// Of one that is held.
    Yes,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn guide(id: &str) -> serde_json::Value {
        let rows: Vec<serde_json::Value> =
            serde_json::from_str(include_str!("../../../tests/namebay/guide_orders.json")).unwrap();
        let row = rows.into_iter().find(|row| row["id"] == id).unwrap();
        row["response"].clone()
    }

    fn code() -> Secret {
        Secret::new("Auth-7421-xyz".to_owned())
    }

    #[test]
    fn the_guides_names_can_be_had() {
        assert_eq!(
            free(&serde_json::from_value(guide("nb-02")).unwrap()),
            Standing::Free
        );
        for id in ["nb-07", "nb-11"] {
            let answer = serde_json::from_value(guide(id)).unwrap();
            assert_eq!(movable(&answer, &code()), Movable::Yes, "{id}");
        }
    }

    #[test]
    fn what_is_not_known_is_not_free() {
        let read = |change: serde_json::Value| {
            let mut json = guide("nb-02");
            for (name, value) in change.as_object().unwrap() {
                json[name] = value.clone();
            }
            free(&serde_json::from_value(json).unwrap())
        };
        assert_eq!(
            read(json!({"Status": "UnAvailableInDropZone"})),
            Standing::Taken
        );
        assert_eq!(
            read(json!({"Forbidden": true, "ForbiddenReason": "a city"})),
            Standing::Forbidden(Some("a city".into()))
        );
        assert_eq!(read(json!({"Reserved": "true"})), Standing::Reserved(None));
        for odd in [
            json!({"Status": "Available"}),
            json!({"Status": null, "AvailabilityResponse": null}),
            json!({"Status": null, "AvailabilityResponse": {"code": -4}}),
            json!({"AvailabilityResponse": {"code": 0}}),
            json!({"Error": "the registry cannot be reached"}),
        ] {
            assert!(matches!(read(odd.clone()), Standing::Unknown(_)), "{odd}");
        }
        let bare = |json| free(&serde_json::from_value(json).unwrap());
        assert_eq!(bare(json!({"code": 1, "notices": 1})), Standing::Free);
        assert!(matches!(bare(json!({"code": 0})), Standing::Unknown(_)));
        assert!(matches!(bare(json!({})), Standing::Unknown(_)));
    }

    #[test]
    fn a_transfer_has_reasons_against_it() {
        let read = |json| movable(&serde_json::from_value(json).unwrap(), &code());
        assert_eq!(
            read(json!({"IsTransferable": true, "InTransfer": true})),
            Movable::UnderWay
        );
        assert_eq!(
            read(json!({"IsTransferable": false, "Message": "locked"})),
            Movable::No(Some("locked".into()))
        );
        assert_eq!(
            read(json!({"Message": "Auth-7421-xyz is wrong"})),
            Movable::No(Some("(secret) is wrong".into()))
        );
        for no in [
            json!({}),
            json!({"IsTransferable": true, "Direction": "Out"}),
            json!({"IsTransferable": true, "ValidDate": false}),
        ] {
            assert!(matches!(read(no.clone()), Movable::No(_)), "{no}");
        }
    }

    #[test]
    fn a_period_has_bounds_where_the_tld_names_them() {
        let rules = serde_json::from_value(json!({
            "minRegistrationPeriod": 2.0, "maxregistrationperiod": "9", "maxRenewPeriod": 0,
        }))
        .unwrap();
        let flaw = |years, renewal| period_flaw(&rules, years, renewal).is_some();
        assert!(flaw(1, Renewal::No) && flaw(10, Renewal::No));
        assert!(!flaw(2, Renewal::No) && !flaw(9, Renewal::No));
        assert!(!flaw(1, Renewal::Yes) && !flaw(100, Renewal::Yes));
    }
}
