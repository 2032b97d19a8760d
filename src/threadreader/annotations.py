"""SQLite of what the reader made. Precious: migrated, backed up, never rebuilt."""
