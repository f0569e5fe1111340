//! Canonical forms of DNS names and data; grown beside.
