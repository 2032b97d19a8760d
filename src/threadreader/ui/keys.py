"""Key sequences, counts and the keymap."""
