"""Queries over the index: exact first, then forgiving."""
