//! skeleton

mod render;
