"""A thread and what the reader made of it, as Markdown. Pure."""
