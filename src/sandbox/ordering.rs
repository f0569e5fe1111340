//! Builds money, orders, messages and the names of others into what a sandbox knows.

use super::call::Logins;
use super::desk::Desk;
use super::dialect::Dialect;
use super::fulfil;
use super::seed::{Seed, user};
use super::state::{
    Change, Message, Order, OrderItem, OrderKind, RenewalRun, Stage, Standing, Traded, User, Wish,
};

impl Seed {
    fn trade(mut self, change: Traded) -> Self {
        self.state.apply(Change::Traded(Box::new(change)));
        self
    }

    /// Changes the account of a user, who is made up where nobody entered them; contacts are untouched.
    pub fn account(mut self, handle: &str, change: impl FnOnce(&mut User)) -> Self {
        let known = self.state.users.get(handle).cloned();
        let mut user = known.unwrap_or_else(|| user(handle));
        change(&mut user);
        self.state.apply(Change::User(user));
        self
    }

    /// Gives a user so much to spend, in cents, and no credit beside it.
    pub fn funds(self, handle: &str, cents: i64) -> Self {
        self.account(handle, |user| {
            (user.balance, user.credit, user.spent) = (cents, 0, 0);
        })
    }

    /// Prices a product, in ten-thousandths of a euro.
    pub fn price(self, product: u64, price: i64) -> Self {
        self.trade(Traded::Price(product, price))
    }

    /// Lets another registrar hold a name, unlocked, with an auth code.
    pub fn elsewhere(self, name: &str, code: &str) -> Self {
        let standing = Standing::Registered {
            code: code.to_owned(),
            locked: false,
            name_servers: vec!["ns1.dns.test".to_owned(), "ns2.dns.test".to_owned()],
        };
        self.standing(name, Some(standing))
    }

    /// Says what is true of a name that no account here holds; nothing makes it free.
    pub fn standing(self, name: &str, standing: Option<Standing>) -> Self {
        self.trade(Traded::Name(name.to_ascii_lowercase(), standing))
    }

    /// Adds a message to the queue of a user.
    pub fn message(self, handle: &str, name: &str, class: &str) -> Self {
        let message = Message {
            number: self.state.next_number(),
            user: handle.to_owned(),
            name: name.to_owned(),
            handle: String::new(),
            class: class.to_owned(),
            ticket: 0,
            status: 1,
            created: self.midnight(-1),
        };
        self.trade(Traded::Message(message))
    }

    /// Adds a run of an automatic renewal of a domain that is there.
    pub fn renewal_run(self, name: &str, status: &str) -> Self {
        let Some(domain) = self.state.domain(name) else {
            return self;
        };
        let run = RenewalRun {
            number: self.state.next_number(),
            user: domain.holder.clone(),
            domain: domain.name.clone(),
            status: status.to_owned(),
            detail: (status == "failed").then(|| "Insufficient funds on the account".to_owned()),
            order: None,
        };
        self.trade(Traded::Run(run))
    }

    /// Adds the order of a registration that is paid and waits for a person; `settle_orders` ends it.
    pub fn registration_under_way(self, handle: &str, name: &str) -> Self {
        let number = self.state.next_number();
        let contacts = [
            "registrant_handle",
            "admin_handle",
            "tech_handle",
            "billing_handle",
        ];
        let mut attributes: std::collections::BTreeMap<String, String> = contacts
            .map(|role| (role.to_owned(), handle.to_owned()))
            .into();
        for (key, value) in [
            ("domain", name),
            ("ns1", "dns1.namebay.com"),
            ("ns2", "dns2.namebay.com"),
        ] {
            attributes.insert(key.to_owned(), value.to_owned());
        }
        let item = OrderItem {
            wish: Wish {
                number,
                product: 790,
                period: 1,
                quantity: 1,
                update: false,
                attributes,
            },
            kind: OrderKind::Creation,
            name: name.to_ascii_lowercase(),
            class: "domain".to_owned(),
            handle: None,
            unit_price: 100_000,
            total: 100_000,
            extended: None,
            stage: Stage::Pending,
        };
        let order = Order {
            id: format!("NBAY-RESTAPI-{number:07x}14012026110000"),
            number: number + 1,
            user: handle.to_owned(),
            payer: handle.to_owned(),
            ip: None,
            net: 100_000,
            gross: 120_000,
            placed: self.midnight(-1),
            reads: 0,
            automatic: false,
            held: true,
            items: vec![item],
        };
        self.account(handle, |user| user.spent += 120_000)
            .trade(Traded::Order(order))
    }

    /// Finishes every order that is under way, as a registry or a person does; `Stage::Failed` lets them fail.
    pub fn settle_orders(mut self, stage: Stage) -> Self {
        let now = self.now();
        let dialect = Dialect::default();
        let mut desk = Desk {
            state: &mut self.state,
            dialect: &dialect,
            now,
            logins: Logins::Any,
            changes: Vec::new(),
        };
        let orders: Vec<Order> = desk.state.commerce.orders.values().cloned().collect();
        for order in orders {
            match stage {
                Stage::Pending => {}
                Stage::Done => fulfil::finish(&mut desk, order, false),
                Stage::Failed => fulfil::finish(&mut desk, order, true),
            }
        }
        self
    }
}
