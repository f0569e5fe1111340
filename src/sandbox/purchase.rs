//! What orders make of services: new ones, longer ones, larger ones.

use super::desk::Desk;
use super::fulfil::later;
use super::seed::Seed;
use super::state::{Hosting, MailService, OrderItem, RedirectService, Served};

/// Makes the service of an item and gives its handle.
pub(super) fn bought(desk: &mut Desk<'_>, item: &OrderItem) -> Option<String> {
    let domain = desk.state.domain(&item.name)?.clone();
    let number = desk.state.next_number();
    let expires = later(desk.now, item.wish.period);
    let auto_renew = desk.user(&domain.holder).auto_renew;
    let (handle, served) = match item.class.as_str() {
        "mail" => {
            let handle = format!("MA{:06}", 100_000 + number);
            let service = MailService {
                handle: handle.clone(),
                number,
                domain: domain.name,
                domain_handle: domain.handle,
                holder: domain.holder,
                capacity: item.wish.quantity,
                created: desk.now,
                expires,
                auto_renew,
            };
            (handle, Served::MailService(service))
        }
        "service" => {
            let handle = format!("RS{:06}", 100_000 + number);
            let service = RedirectService {
                handle: handle.clone(),
                number,
                domain: domain.name,
                holder: domain.holder,
                units: item.wish.quantity,
                created: desk.now,
                expires,
                auto_renew,
            };
            (handle, Served::RedirectService(service))
        }
        _ => {
            let usual = Seed::empty_at(desk.now)
                .domain(&domain.holder, &domain.name)
                .hosting(&domain.name);
            let usual = usual.state.hosting(&domain.name)?.clone();
            let handle = format!("HO{:06}", 100_000 + number);
            let root = usual.root.replace(
                &usual.handle.to_ascii_lowercase(),
                &handle.to_ascii_lowercase(),
            );
            let own = usual.admin_user().cloned().map(|mut own| {
                own.id = number + 1;
                own.user_name.clone_from(&handle);
                own.dir.clone_from(&root);
                (own.id, own)
            });
            let hosting = Hosting {
                handle: handle.clone(),
                number,
                root,
                created: desk.now,
                expires,
                auto_renew,
                users: own.into_iter().collect(),
                ..usual
            };
            (handle, Served::Hosting(hosting))
        }
    };
    desk.serve(served);
    Some(handle)
}

/// Lengthens or enlarges the service of an item and gives its handle.
pub(super) fn extended(desk: &mut Desk<'_>, item: &OrderItem) -> Option<String> {
    let handle = item.handle.clone()?;
    let years = item.wish.period;
    let services = &desk.state.services;
    let served = match item.class.as_str() {
        "mail" => {
            let mut service = services.mail_services.get(&handle)?.clone();
            service.capacity += item.wish.quantity;
            service.expires = later(service.expires, years);
            Served::MailService(service)
        }
        "service" => {
            let mut service = services.redirect_services.get(&handle)?.clone();
            service.units += item.wish.quantity;
            service.expires = later(service.expires, years);
            Served::RedirectService(service)
        }
        _ => {
            let mut hosting = services.hostings.get(&handle)?.clone();
            hosting.expires = later(hosting.expires, years);
            Served::Hosting(hosting)
        }
    };
    desk.serve(served);
    Some(handle)
}
