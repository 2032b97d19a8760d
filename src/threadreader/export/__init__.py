"""A thread, or marks, as people keep them: Markdown that can be exported again and read back, JSON, W3C Web
Annotations, a table, a page. Pure: the stores are read and files written in `library/exporting.py`.
"""

from threadreader.export.document import Document, of_marks, of_thread
from threadreader.export.markdown import file_name, link_to, path, quotation, slug, subtree
from threadreader.export.marks import Shelved, in_order
from threadreader.export.presets import OBSIDIAN, PRESETS, STYLES, Form, Preset, Style

__all__ = [
    "OBSIDIAN",
    "PRESETS",
    "STYLES",
    "Document",
    "Form",
    "Preset",
    "Shelved",
    "Style",
    "file_name",
    "in_order",
    "link_to",
    "of_marks",
    "of_thread",
    "path",
    "quotation",
    "slug",
    "subtree",
]
