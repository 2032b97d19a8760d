"""Programs that the reader is measured beside."""
