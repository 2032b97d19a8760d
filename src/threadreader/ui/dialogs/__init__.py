"""Dialogs: small screens on top that ask for one thing and return it."""
