"""Documents of which it is known what must be read in them, and what came of those that are here."""

from typing import NamedTuple

from threadreader.errors import DocumentError
from threadreader.library.sources import Sources


class ExpectedDocument(NamedTuple):
    """A line of the table in `seeds/README.md`."""

    name: str
    digest: str  # SHA-256 of the bytes, hexadecimal
    layout: str
    comments: int
    on_post: int  # how many of the comments are on the post itself


class Verdict(NamedTuple):
    """What came of an expected document."""

    expected: ExpectedDocument
    found: ExpectedDocument | None = None  # None: the document is not here, or can't be read
    error: str | None = None

    @property
    def agrees(self) -> bool:
        """Is nothing wrong? A document that is not here is not wrong."""
        return self.error is None and self.found in (None, self.expected)


def expected_documents(readme: str) -> list[ExpectedDocument]:
    """The documents in the table of `seeds/README.md`: file, SHA-256, layout, comments, on the post."""
    rows = [[cell.strip(" `") for cell in line.strip(" |").split("|")] for line in readme.splitlines()]
    return [
        ExpectedDocument(name, digest, layout, int(comments), int(on_post))
        for name, digest, layout, comments, on_post in (row for row in rows if len(row) == 5)
        if len(digest) == 64 and comments.isdecimal() and on_post.isdecimal()
    ]


def verdict(expected: ExpectedDocument, sources: Sources) -> Verdict:
    """Read an expected document again, if it was ever added, and compare."""
    if not sources.document(expected.digest).exists():
        return Verdict(expected)
    try:
        (draft,) = sources.read(expected.digest)
    except (DocumentError, ValueError) as error:
        return Verdict(expected, error=str(error))
    on_post = sum(comment.parent is None for comment in draft.comments)
    read = (draft.layout, len(draft.comments), on_post)
    return Verdict(expected, ExpectedDocument(expected.name, expected.digest, *read))
