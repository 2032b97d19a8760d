"""Everything that knows Textual: the app, its screens, its widgets, its keys."""
