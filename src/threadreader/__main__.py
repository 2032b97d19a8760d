"""`python -m threadreader`."""

from threadreader.cli import main

main()
