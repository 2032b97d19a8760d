"""Finding words again in a text that changed."""
