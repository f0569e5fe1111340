//! placeholder until the file format lands
use super::model::{Scope, Step};
/// placeholder
pub fn digest(_: &[Step], _: &[Scope]) -> String {
    String::new()
}
