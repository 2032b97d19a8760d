"""What the programs that read Markdown differ in, and how a thread is arranged for them."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from threadreader.model import Person

Style = Literal["nested", "headings", "flat"]
STYLES: tuple[Style, ...] = ("nested", "headings", "flat")


class Preset(NamedTuple):
    """How one program likes its Markdown. Markers are HTML comments in all: every viewer hides them."""

    name: str
    callouts: bool = False  # `> [!note] …` above a note, else its words in bold
    properties: bool = False  # `key:: value` at the top of the page, else YAML between `---`
    bullets: bool = False  # everything is a list, whatever the style


OBSIDIAN = Preset("obsidian", callouts=True)
LOGSEQ = Preset("logseq", properties=True, bullets=True)
PLAIN = Preset("plain")
PRESETS = {preset.name: preset for preset in (OBSIDIAN, LOGSEQ, PLAIN)}


class Form(NamedTuple):
    """How an export is to look."""

    preset: Preset = OBSIDIAN
    style: Style = "nested"
    managed: bool = True  # with markers, so that it can be updated and read back; without to be pasted
    template: str | None = None  # name or file of the reader's own, None for the one that comes with us
    people: Mapping[str, Person] = {}  # whom the reader calls what, by `folded_name`


DEFAULT = Form()
