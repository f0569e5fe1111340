//! `products`: what each account can buy, at which price, and what an order has to say. Nothing is ordered.

use super::args::Cli;
use super::args::commands::Products as Args;
use super::env::Env;
use super::exit::Exit;
use super::failure::{Audience, Failure, Stop};
use super::markets;
use super::session::{Session, block_on};
use crate::model::market::ProductFilter;
use crate::render::catalogue::{self, Offered};

/// Prints the catalogue of each account.
pub(super) fn run(cli: &Cli, args: &Args, env: &mut Env) -> Result<Exit, Stop> {
    let audience = args.json.audience();
    let filter = ProductFilter {
        kind: args.kind.as_deref().map(Into::into),
        subtype: args.subtype.as_deref().map(Into::into),
        tld: args.tld.as_deref().map(tld),
    };
    let all = block_on(async {
        let session = Session::open(&cli.globals, audience, None, env).await?;
        let all = ask(&session, &filter).await;
        session.close().await;
        Ok(all?)
    })?;
    let text = match audience {
        Audience::Programs => catalogue::json(&all),
        Audience::People => catalogue::table(&all, env.streams.out.style()),
    };
    env.streams.out.text(&text);
    if all.is_empty() {
        env.streams
            .err
            .line("notice: no product is like that; leave a filter out to see more");
    }
    Ok(Exit::Done)
}

async fn ask(session: &Session, filter: &ProductFilter) -> Result<Vec<Offered>, Failure> {
    let mut all = Vec::new();
    for (account, market) in markets::all(&session.connected, "products")? {
        let products = market.products(filter).await;
        let products = products.map_err(|error| Failure::from(&error))?;
        all.extend(products.into_iter().map(|product| Offered {
            account: account.clone(),
            product,
        }));
    }
    Ok(all)
}

/// `.com` and `com` mean the same.
fn tld(text: &str) -> Box<str> {
    text.trim_matches('.').to_ascii_lowercase().into()
}
