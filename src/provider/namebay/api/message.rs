//! The message queue: one message at a time, taken off by acknowledging it.

use super::lenient::{Loose, Moment, Text, Whole};
use super::{Calls, wire};
use crate::http::{Method, Request};

wire! {
    /// The message at the head, or its acknowledgement; without a name there is none.
    Message {
        id: Text = "Id",
        count: Whole = "Count",
        created: Moment = "Created",
        name: Text = "Message",
        about: Loose<About> = "Data",
    }
}

wire! {
    /// What a message is about; further members vary with the message and are passed over.
    About {
        handle: Text = "object_handle",
        class: Text = "object_class",
        ticket: Text = "tickets_id",
        status: Whole = "statusId",
        logged: Moment = "logDate",
        old_handle: Text = "old_object_handle",
    }
}

impl Calls {
    /// Reads the head of the queue, which stays there.
    pub(in crate::provider::namebay) fn message(&self) -> Request {
        self.get("/api/Poll", "read the message queue")
    }

    /// Takes a message off the queue.
    pub(in crate::provider::namebay) fn acknowledge(&self, id: &str) -> Request {
        self.write(
            Method::Put,
            "/api/Poll/{id}/Acknowledge",
            "acknowledge a message",
        )
        .at("id", id)
    }
}
