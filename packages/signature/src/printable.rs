//! Text of other people, for one line of a wallet or a terminal.

/// `text` with every character as `\u{…}` that could begin another line, move a cursor, turn the
/// line around or stand there unseen: controls, line and paragraph separators, marks of direction,
/// zero-width characters, tags.
#[must_use]
pub fn printable(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for character in text.chars() {
        if misleads(character) {
            line.extend(character.escape_unicode());
        } else {
            line.push(character);
        }
    }
    line
}

fn misleads(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{feff}')
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(character, '\u{2060}'..='\u{206f}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::printable;

    #[test]
    fn what_misleads_is_written_out_and_nothing_else() {
        assert_eq!(printable("pay é 1"), "pay é 1");
        assert_eq!(printable("a\nb\u{1b}[2K"), "a\\u{a}b\\u{1b}[2K");
        for hidden in
            ['\u{200b}', '\u{202e}', '\u{2066}', '\u{61c}', '\u{feff}', '\u{e0041}', '\u{ad}']
        {
            assert!(printable(&hidden.to_string()).starts_with("\\u{"), "{hidden:?}");
        }
    }
}
