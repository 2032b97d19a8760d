"""Widgets: given attributes, they draw, and say by messages what was asked of them."""
