"""Lines as the reader draws them, measured by another table than the one they are drawn by.

The reader counts by Rich, terminals by tables of their own; `wcwidth` is the one that most of them follow.
"""

import pytest
from rich.cells import cell_len

from threadreader.ui.widgets.glyphs import ASCII, UNICODE
from threadreader.ui.widgets.thread_layout import POST
from threadreader.ui.widgets.wrapping import cells, fitted, wrap
from ui.test_comment_painter import painter_of
from ui.threads import changed, thread

wcwidth = pytest.importorskip("wcwidth", reason="of the dev dependencies")

AGREED = {
    "wide": "漢字かな交じり文、全角。 ＡＢＣ ｶﾞ",
    "joined emoji": "a 👩‍👩‍👧‍👦 family, 👩🏽‍💻 at work 🏳️‍🌈",
    "skin": "👍🏽 and 👋🏿 again",
    "variation selectors": "❤️ ✈️ ☺️ 1️⃣ ❤︎ 漢︀",
    "flags": "🇳🇴🇩🇪 and 🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "combining": "e\u0301 n\u0303 a" + "\u0301" * 9 + " \u0301",
    "right to left": "before שָׁלוֹם and السَّلام after 12 (3)",
    "tabs": "a\tb\t\tc",
    "jamo": "\u1112\u1161\u11ab\u1100\u1173\u11af ᅡ",
    "no width": "a\u200bb\u200cc\u2060d\ufeffe\u200ef so\u00adft",
    "long words": "漢" * 90 + " " + "longer" * 30 + " " + "👩‍👩‍👧‍👦" * 40,
    "thai": "ที่นี่มีนกกระสา",
    "devanagari without vowel signs beside": "नमस",
}
DISPUTED = {
    # Rich counts nothing for a sign that stands beside its letter, wcwidth a cell: the wider is counted.
    "tamil": "நிலா " * 20,
    "bengali": "বাংলা " * 20,
    "khmer": "ភាសា" * 30,
    "myanmar": "မြန်မာ " * 20,
    "sinhala": "සිංහල " * 20,
    "devanagari": "क्षत्रिय नमस्ते " * 12,
    # Half a flag is a letter of one cell to Rich, a picture of two to wcwidth.
    "half a flag": "🇳 and 🇳🇴🇩 " * 10,
    # A colour of skin belongs to the person before it; alone it is nothing to Rich, a picture to wcwidth.
    "skin alone": "a🏽 🏽 " * 20,
    # An emoji asked for as text stays as wide in Rich, and in most terminals; to wcwidth it is one cell.
    "text presentation": "⌚︎ " * 30,
}
NARROWER = 60  # cells that a line of disputed characters may end before the edge, at most


def drawn(text: str, width: int, *, plain: bool = False) -> list[str]:
    """Every line of a thread in which `text` stands everywhere."""
    told = thread([0, 1, 2, 0], {"1.1": text, "1.1.1": f"> {text}\n\n- {text}"}, body=text)
    painter = painter_of(changed(told, "1.1", author=text[:30]), width, glyphs=ASCII if plain else UNICODE)
    lines = [strip.text for node in range(5) for strip in painter.strips(node, node == 2)]
    painter.layout.fold(range(5), True)
    return lines + [painter.strips(node, False)[0].text for node in range(5)]


@pytest.mark.parametrize("width", [20, 40, 79, 120])
@pytest.mark.parametrize("name", AGREED)
def test_every_line_is_as_wide_as_the_pane_by_another_table_too(name: str, width: int) -> None:
    assert {wcwidth.wcswidth(line) for line in drawn(AGREED[name], width)} == {width}


@pytest.mark.parametrize("width", [20, 40, 79, 120])
@pytest.mark.parametrize("name", DISPUTED)
def test_what_tables_disagree_about_is_never_wider_than_the_pane(name: str, width: int) -> None:
    text = DISPUTED[name]
    assert wcwidth.wcswidth(text) != cell_len(text) or name == "devanagari"
    for line in drawn(text, width):
        assert width - NARROWER <= wcwidth.wcswidth(line) <= width
        assert width - NARROWER <= cell_len(line) <= width


@pytest.mark.parametrize("text", [*AGREED.values(), *DISPUTED.values()])
def test_what_is_counted_is_what_is_cut(text: str) -> None:
    text = text.replace("\t", "    ")
    for width in (1, 7, 30):
        assert cells(fitted(text, width)) == width
        for line in wrap(text, width):
            shown = text[line.start : line.end]
            assert wcwidth.wcswidth(line.prefix + shown) <= max(width, cells(shown[:1]), 4)


def test_right_to_left_words_leave_the_rest_of_the_line_as_it_is() -> None:
    hebrew = drawn("שלום עולם, זה ארוך מאוד " * 4, 40)
    latin = drawn("shlm wlm, zh arkh mawd " * 4, 40)
    assert not any(
        mark in "".join(hebrew) for mark in "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2069"
    )
    assert {line[:6] for line in hebrew if line.startswith("  │")} <= {
        line[:4] + tail for line in latin for tail in {h[4:6] for h in hebrew}
    }
    assert all(line[0] in " ▌" for line in hebrew)
    assert drawn("שלום", 40)[POST].startswith("  ")
