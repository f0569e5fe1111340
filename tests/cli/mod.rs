//! The command line as a person or a pipeline meets it: streams, exit codes, and what is refused.

mod usage;
