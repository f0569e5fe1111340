//! The portfolio of an agency, for the example of that name: 25 domains of three customers under one login.

use super::seed::{Seed, somebody};
use super::state::Contact;

/// The agency, which may act for its customers.
const AGENCY: &str = "AG100000";
/// Craftsmen and shops of a town.
const TOWN: &str = "AG100001";
/// Doctors and lawyers.
const PRACTICES: &str = "AG100002";
/// Associations and events.
const EVENTS: &str = "AG100003";

/// Holder, name, and how many mailboxes and redirections were bought; all are delegated here and have a zone.
const DOMAINS: [(&str, &str, u32, u32); 25] = [
    (TOWN, "boulangerie-martin.example", 10, 5),
    (TOWN, "garage-dupont.example", 5, 5),
    (TOWN, "fleurs-du-port.example", 5, 5),
    (TOWN, "librairie-centrale.example", 10, 5),
    (TOWN, "menuiserie-blanc.example", 5, 5),
    (TOWN, "cave-des-amis.example", 5, 5),
    (TOWN, "coiffure-elodie.example", 0, 5),
    (TOWN, "pizzeria-roma.example", 0, 5),
    (TOWN, "optique-riviera.example", 0, 0),
    (PRACTICES, "cabinet-moreau.example", 20, 5),
    (PRACTICES, "dentiste-leroy.example", 10, 5),
    (PRACTICES, "avocats-du-rocher.example", 20, 5),
    (PRACTICES, "notaire-vidal.example", 10, 0),
    (PRACTICES, "kine-beausoleil.example", 5, 0),
    (PRACTICES, "veto-des-pins.example", 5, 0),
    (PRACTICES, "pharmacie-du-parc.example", 5, 0),
    (PRACTICES, "architecte-rossi.example", 5, 0),
    (EVENTS, "voile-club.example", 10, 10),
    (EVENTS, "festival-jazz.example", 10, 10),
    (EVENTS, "trail-des-cimes.example", 5, 10),
    (EVENTS, "choeur-saint-charles.example", 5, 0),
    (EVENTS, "marche-de-noel.example", 0, 5),
    (EVENTS, "salon-du-livre.example", 5, 5),
    (EVENTS, "rallye-historique.example", 0, 5),
    (EVENTS, "amis-du-musee.example", 5, 0),
];

/// The domains that have a web hosting.
const HOSTED: [&str; 4] = [
    "boulangerie-martin.example",
    "librairie-centrale.example",
    "avocats-du-rocher.example",
    "festival-jazz.example",
];

/// Adds the portfolio: services without anything in them, and zones as the provider makes them.
pub(super) fn agency(seed: Seed) -> Seed {
    let organisation = |handle: &str, name: &str, mail: &str| Contact {
        organisation: Some(name.to_owned()),
        mail: mail.to_owned(),
        ..somebody(handle)
    };
    let mut seed = seed
        .user(AGENCY)
        .funds(AGENCY, 60_000)
        .customer(TOWN, AGENCY)
        .customer(PRACTICES, AGENCY)
        .customer(EVENTS, AGENCY)
        .contact(organisation(
            AGENCY,
            "Agence Exemple",
            "support@example.com",
        ))
        .contact(organisation(TOWN, "Commerces du Port", "port@example.com"))
        .contact(organisation(
            PRACTICES,
            "Cabinets Réunis",
            "cabinets@example.com",
        ))
        .contact(organisation(
            EVENTS,
            "Fêtes et Loisirs",
            "fetes@example.com",
        ));
    for (number, (holder, name, mailboxes, redirections)) in (1..).zip(DOMAINS) {
        seed = seed
            .domain(holder, name)
            .expires_in(name, 40 + 11 * number)
            .zone(name);
        if mailboxes > 0 {
            seed = seed.mail_service(name, mailboxes);
        }
        if redirections > 0 {
            seed = seed.redirect_service(name, redirections);
        }
    }
    HOSTED.into_iter().fold(seed, Seed::hosting)
}
