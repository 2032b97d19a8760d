"""Screens: each a task of the reader; they hold state and talk to the library."""
