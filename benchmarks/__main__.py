"""`python -m benchmarks`: measure everything and print a table. What is compared runs in turns."""

import os
import sys
from importlib.metadata import version

from benchmarks import adding, pressing, searching, starting
from benchmarks.figures import crowding, heading
from benchmarks.workplace import MANY, Workplace


def main() -> None:
    """Print the figures as they come; one that misses its goal says so, and is no failure."""
    print(
        f"Python {sys.version.split()[0]}, Textual {version('textual')}, {os.cpu_count()} cores,"
        f" {crowding():.1f} times slowed down by other programs; keys are pressed in {MANY:,} comments.\n"
    )
    print(heading(), flush=True)
    with Workplace.made() as place:
        for measure in (starting, adding, pressing, searching):
            for figure in measure.figures(place):
                print(figure, flush=True)


if __name__ == "__main__":
    main()
