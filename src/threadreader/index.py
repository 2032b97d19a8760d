"""SQLite and FTS5 through sqlite-utils: what came from sources. Derived: rebuilt from them at will."""
