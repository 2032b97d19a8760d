"""Names found as they are typed: what is typed, and which must be first."""

import random

import pytest

from threadreader.search.names import Names, lit

NAMES = [
    "The heron and the gate",
    "Fog on the river",
    "A table of tides",
    "Who painted the gate green",
    "What the ferryman said",
    "Ferries of the north",
    "Letters from a lighthouse",
    "The lighthouse keeper's daughter",
    "On keeping bees in winter",
    "Winter bees",
    "Café by the harbour",
    "Sous le pont d'Ârles",
    "Ångström's ruler",
    "Maps, and what they leave out",
    "Øresund crossings",
    "Ida Lund",
    "Ingrid Adalsteinsdóttir",
    "Olav",
    "Olava Berg",
    "heron_watcher",
    "Mr. T",
    "猫が好き",
    "100% wool",
    "gardening",
    "Who keeps the keys",
]

JUDGED = [
    # what is typed, and what must be first
    ("fog", "Fog on the river"),
    ("riv", "Fog on the river"),
    ("heron", "heron_watcher"),
    ("the heron", "The heron and the gate"),
    ("heron wat", "heron_watcher"),
    ("gate heron", "The heron and the gate"),
    ("green gate", "Who painted the gate green"),
    ("tides table", "A table of tides"),
    ("fotr", "Fog on the river"),
    ("wbee", "Winter bees"),
    ("thatg", "The heron and the gate"),
    ("lfal", "Letters from a lighthouse"),
    ("lighthuose", "Letters from a lighthouse"),
    ("lightouse keper", "The lighthouse keeper's daughter"),
    ("fery", "Ferries of the north"),
    ("feryman", "What the ferryman said"),
    ("cafe", "Café by the harbour"),
    ("CAFÉ", "Café by the harbour"),
    ("arles", "Sous le pont d'Ârles"),
    ("angstrom", "Ångström's ruler"),
    ("angstorm", "Ångström's ruler"),
    ("adalsteinsdottir", "Ingrid Adalsteinsdóttir"),
    ("il", "Ida Lund"),
    ("olav", "Olav"),
    ("olav b", "Olava Berg"),
    ("bees winter", "Winter bees"),
    ("winter b", "Winter bees"),
    ("bees w", "Winter bees"),
    ("on keep", "On keeping bees in winter"),
    ("who k", "Who keeps the keys"),
    ("maps leave", "Maps, and what they leave out"),
    ("crosings", "Øresund crossings"),
    ("猫", "猫が好き"),
    ("100%", "100% wool"),
    ("gardning", "gardening"),
    ("mt", "Mr. T"),
]


@pytest.mark.parametrize(("typed", "first"), JUDGED)
def test_what_is_meant_stands_first(typed: str, first: str) -> None:
    best = Names(NAMES).best(typed, limit=5)
    assert best and NAMES[best[0]] == first


def test_nothing_typed_leaves_the_names_as_they_came() -> None:
    assert Names(NAMES).best(" ", limit=3) == [0, 1, 2]
    assert Names([]).best("", limit=3) == Names([]).best("fog", limit=3) == []


def test_of_equals_the_earlier_is_the_better() -> None:
    assert Names(["Olav", "Olav", "Olav"]).best("ola", limit=2) == [0, 1]


def test_what_fits_nothing_finds_nothing() -> None:
    assert Names(NAMES).best("xylophone", limit=5) == []
    assert Names(NAMES).best("qz", limit=5) == []


@pytest.mark.parametrize("typed", ["a", "ba", "dab", "dabe", "cadbe", "xaba", "a b"])
def test_the_first_few_are_those_of_all(typed: str) -> None:
    chosen = random.Random(7)
    words = ["".join(chosen.choices("abcde", k=chosen.randint(1, 6))) for _ in range(300)]
    names = Names([" ".join(chosen.choices(words, k=chosen.randint(1, 5))) for _ in range(2_000)])
    every = names.best(typed, limit=2_000)
    assert every and names.best(typed, limit=12) == every[:12]


def test_every_word_must_fit() -> None:
    assert Names(NAMES).best("heron submarine", limit=5) == []


def test_what_nobody_waits_for_is_given_up() -> None:
    assert Names(NAMES).best("lighthuose", limit=5, is_wanted=lambda: False) == []


@pytest.mark.parametrize(
    ("name", "typed", "shown"),
    [
        ("Fog on the river", "riv", "Fog on the [riv]er"),
        ("Fog on the river", "river fog", "[Fog] on the [river]"),
        ("Café by the harbour", "cafe", "[Café] by the harbour"),
        ("Fog on the river", "fotr", "[F]og [o]n [t]he [r]iver"),
        ("Ferries of the north", "feries", "[Ferrie]s of the north"),
        ("heron_watcher", "watch", "heron_[watch]er"),
        ("猫が好き", "猫", "[猫]が好き"),
        ("100% wool", "%", "100[%] wool"),
        ("Fog on the river", " ", "Fog on the river"),
        ("", "fog", ""),
    ],
)
def test_the_letters_that_fit_are_lit(name: str, typed: str, shown: str) -> None:
    for start, end in reversed(lit(name, typed)):
        name = f"{name[:start]}[{name[start:end]}]{name[end:]}"
    assert name == shown
