//! Doubts about the catalogue, orders, money and messages, with the answers that are possible.
//!
//! The first answer of each is the most plausible one; `adverse` marks those under which even a correct client does not
//! reach its goal in one run.

use super::{Choice, adverse, workable};

choices! {
    /// Whether the filters of the catalogue are honoured.
    CatalogueFilter = "catalogue-filter" answers "catalogue.filter" {
        /// Yes, in any letter case.
        Honoured = workable("honoured"),
        /// No.
        Ignored = workable("ignored"),
    }
    /// Which sub-type products have that do not create.
    Subtypes = "subtypes" answers "catalogue.subtypes" {
        /// `Renouvellement`, `Transfert`, `Changement`.
        French = workable("french"),
        /// `Renewal`, `Transfer`, `Trade`.
        English = workable("english"),
        /// `Creation`, as all others.
        Creation = workable("creation"),
    }
    /// Whether the catalogue holds products that are not sold any more.
    InactiveProducts = "inactive-products" answers "catalogue.inactive" {
        /// Yes.
        Listed = workable("listed"),
        /// No.
        Hidden = workable("hidden"),
    }
    /// How the tax rate of a contact is written.
    TaxRate = "tax-rate" answers "contact.tax-rate" {
        /// Yes: `20.0`.
        Percent = workable("percent"),
        /// No: `0.2`.
        Fraction = workable("fraction"),
        /// It is null.
        Absent = workable("absent"),
    }
    /// Whether items that are not confirmed are checked.
    QuoteCheck = "quote-check" answers "panier.quote-check" {
        /// Yes.
        Checked = workable("checked"),
        /// No; only Confirm true finds out.
        Unchecked = workable("unchecked"),
    }
    /// Whether a stored cart has prices.
    QuoteTotals = "quote-totals" answers "panier.quote-totals" {
        /// Yes.
        Filled = workable("filled"),
        /// No; they are null.
        Null = workable("null"),
    }
    /// How items that are refused are told.
    CartErrors = "cart-errors" answers "panier.errors" {
        /// With 200, no transaction and the array in `Panier.Errors`.
        Inside = workable("inside"),
        /// With the documented array.
        Array = workable("array"),
    }
    /// What becomes of a cart of which some confirmed items are refused.
    CartPartial = "cart-partial" answers "panier.partial" {
        /// Nothing of it is ordered.
        Nothing = workable("nothing"),
        /// The others are ordered; `Transaction.Errors` tells of the refused ones.
        Others = adverse("others"),
    }
    /// What an order gives for which the account is too low.
    ShortFunds = "short-funds" answers "panier.funds" {
        /// 200, no transaction and code 706 in `Panier.Errors`.
        Inside = workable("inside"),
        /// The documented array with code 400.
        Array = workable("array"),
        /// It is taken; the balance goes below zero.
        Taken = adverse("taken"),
    }
    /// What an order gives that is under way already.
    Repeated = "repeated" answers "panier.repeated" {
        /// It is taken and paid again.
        Accepted = workable("accepted"),
        /// 525.
        Refused = workable("refused"),
    }
    /// When the auth code of a transfer is checked.
    AuthCheck = "auth-check" answers "transfer.auth-check" {
        /// When it is ordered: 530.
        AtOrder = workable("at-order"),
        /// By the registry; the ticket fails.
        Later = workable("later"),
    }
    /// Whose account pays for an order.
    Payer = "payer" answers "order.payer" {
        /// That of the user for whom the order is.
        User = workable("user"),
        /// That of the reseller, where there is one.
        Reseller = adverse("reseller"),
    }
    /// When an order is finished; reads are those of tickets, transactions, owned products and the queue.
    OrderDone = "order-done" answers "order.done" {
        /// The second read of a status sees it finished.
        AfterTwo = workable("after-2"),
        /// It is finished when it is answered.
        AtOnce = workable("at-once"),
        /// The first read.
        AfterOne = workable("after-1"),
        /// The third read.
        AfterThree = workable("after-3"),
        /// The fourth read.
        AfterFour = workable("after-4"),
        /// The fifth read.
        AfterFive = workable("after-5"),
        /// The sixth read.
        AfterSix = workable("after-6"),
        /// An hour later.
        Hour = adverse("hour"),
    }
    /// How an order ends.
    OrderOutcome = "order-outcome" answers "order.outcome" {
        /// It is carried out.
        Completed = workable("completed"),
        /// It waits for somebody; `Remark` says for whom.
        Person = adverse("person"),
        /// It fails; nothing is made, and the money is gone.
        Failed = adverse("failed"),
        /// It stays in a state that nobody knows.
        Silent = adverse("silent"),
    }
    /// Whether a domain that is delegated here comes with its zone.
    OrderZone = "order-zone" answers "order.zone" {
        /// Yes.
        Made = workable("made"),
        /// No.
        None = workable("none"),
    }
    /// Which words tickets have while they are worked on, done and failed.
    TicketWords = "ticket-words" answers "ticket.states" {
        /// `New`, `Completed`, `Failed`.
        English = workable("english"),
        /// `En cours`, `Terminé`, `Refusé`.
        French = workable("french"),
        /// `New` for ever; the queue and the owned products tell.
        Unmoved = workable("unmoved"),
    }
    /// Which product a ticket of a transfer names.
    TicketProduct = "ticket-product" answers "ticket.product" {
        /// Another than was ordered, as in the guide.
        Other = workable("other"),
        /// The one that was ordered.
        Ordered = workable("ordered"),
    }
    /// Whether a ticket repeats the auth code.
    TicketCode = "ticket-code" answers "ticket.auth-code" {
        /// Yes, twice, as in the guide.
        Told = workable("told"),
        /// No; it is empty.
        Hidden = workable("hidden"),
    }
    /// Whether what is ordered is among the owned products.
    OwnedPending = "owned-pending" answers "product.pending" {
        /// No.
        Hidden = workable("hidden"),
        /// Yes, with status 10, `PENDING`.
        Listed = workable("listed"),
    }
    /// What an empty queue answers.
    PollEmpty = "poll-empty" answers "poll.empty" {
        /// `null`.
        Null = workable("null"),
        /// 204 without a body.
        NoContent = workable("204"),
        /// A message without content whose `Count` is 0.
        Zero = workable("zero"),
        /// 404 with the documented array.
        NotFound = workable("404"),
    }
    /// Whose messages the queue of a reseller holds.
    PollView = "poll-view" answers "poll.reseller-view" {
        /// Its own.
        Own = workable("own"),
        /// Its customers' too.
        All = workable("all"),
    }
    /// When an order has an invoice.
    Invoices = "invoices" answers "invoice.when" {
        /// When it is ordered.
        AtOnce = workable("at-once"),
        /// When all of it is finished.
        Done = workable("done"),
        /// Not in the time of a run.
        Never = workable("never"),
    }
    /// Which status runs an automatic renewal again.
    Relaunch = "relaunch" answers "autorenew.relaunch" {
        /// `ready`.
        Ready = workable("ready"),
        /// `new`.
        New = adverse("new"),
    }
    /// How a name is told that is not free.
    AvailabilityWords = "availability-words" answers "availability.words" {
        /// `UnAvailablePerDomainCheck`.
        Known = workable("known"),
        /// `UnAvailableInDropZone`.
        DropZone = workable("drop-zone"),
        /// A word that nobody knows.
        Other = workable("other"),
    }
    /// What the call answers that asks for an auth code.
    Authcode = "authcode" answers "authcode.answer" {
        /// In the answer.
        Told = workable("told"),
        /// 204: it went to the owner.
        NoContent = workable("204"),
        /// 200 with an entry of code 204 in `Errors`.
        Inside = workable("inside"),
        /// 525: read it from the domain.
        Issued = workable("issued"),
    }
}
