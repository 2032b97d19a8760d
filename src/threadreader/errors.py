"""Everything that can go wrong, as one tree.

    ThreadReaderError
    ├── DocumentError            a document can't be read
    │   ├── DocumentUnreadable   missing, forbidden, empty, binary, too large
    │   └── NoThreadFound        text, but neither a footer nor a count line
    ├── LibraryError             a library can't be opened or written
    │   ├── IndexStale           index.db has another version, or is damaged: rebuild it from sources/
    │   ├── AnnotationsDamaged   annotations.db is damaged: never touched, the reader decides
    │   ├── StoreTooNew          a newer threadreader wrote annotations.db
    │   ├── QueryInterrupted     a newer query took its place
    │   └── LibraryReadOnly      nothing can be kept here
    ├── ExportError              an export can't be written, or read back
    │   ├── ExportRefused        a file that is there is not to be replaced
    │   └── TemplateBroken       a template can't be followed
    ├── MendingRefused           a comment can't be mended so
    ├── ProgramFailed            another program can't be started, or says that it failed
    └── UnknownReference         what names a post or a comment names none, or several

The text of each says what, where, and the next step, in one line: the command line prints it and the
reader shows it as it is.
"""


class ThreadReaderError(Exception):
    """Any failure that threadreader explains itself; the message is one line for a person."""


class DocumentError(ThreadReaderError):
    """A document can't be read."""


class DocumentUnreadable(DocumentError):
    """The document is missing, forbidden, empty, binary or too large."""


class NoThreadFound(DocumentError):
    """The document is text, but no importer recognises a thread in it."""


class LibraryError(ThreadReaderError):
    """A library can't be opened or written."""


class IndexStale(LibraryError):
    """`index.db` has another version or is damaged; it can be rebuilt from `sources/`."""


class AnnotationsDamaged(LibraryError):
    """`annotations.db` can't be read; it is left exactly as it is."""


class StoreTooNew(LibraryError):
    """`annotations.db` was written by a newer threadreader."""


class QueryInterrupted(LibraryError):
    """A query of the index was given up because its answer is no longer wanted."""


class LibraryReadOnly(LibraryError):
    """The library can be read but nothing can be kept in it."""


class ExportError(ThreadReaderError):
    """An export can't be written, or a file that was exported can't be read back."""


class ExportRefused(ExportError):
    """A file is there that is not ours, or holds another export; nothing was written."""


class TemplateBroken(ExportError):
    """A template of the reader's can't be followed; the line is told."""


class MendingRefused(ThreadReaderError):
    """A comment can't be hung there, split there, or joined with that; nothing was changed."""


class ProgramFailed(ThreadReaderError):
    """A browser, an editor or a command can't be started, or says that it failed."""


class UnknownReference(ThreadReaderError):
    """What was given as POST or COMMENT names nothing, or more than one thing."""
