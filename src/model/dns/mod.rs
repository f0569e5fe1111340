//! Canonical forms of DNS names and data; grown beside.
/// True if the tool knows the form of this type.
pub fn is_known_type(rtype: &str) -> bool {
    !rtype.is_empty()
}
