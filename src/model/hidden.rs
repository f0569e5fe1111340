//! Which characters are not seen as they are.
//!
//! One list for all that is shown and all that is written; how they are escaped there is each form's own.

/// True for a character that changes how text around it is shown, or is not shown itself: controls, marks
/// of direction, zero-width and other blank ones. The plain space is not one of them.
pub fn hidden(c: char) -> bool {
    match c {
        ' '..='~' => false,
        c if c.is_control() || c.is_whitespace() => true,
        '\u{00ad}' | '\u{034f}' | '\u{061c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}'
        | '\u{17b5}' => true,
        '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' => true,
        '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' => true,
        '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' => true,
        '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}' => true,
        _ => false,
    }
}
