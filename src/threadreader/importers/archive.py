"""A Takeout as it is downloaded: a zip archive, in which each blog has a `feed.atom` among much else."""

import re
import zlib
from collections.abc import Iterator

from threadreader.errors import DocumentUnreadable

ZIP = b"PK\x03\x04"
_FEED = re.compile(r"(?:.*/)?(?:feed\.atom|blog-[^/]*\.xml)")
_NOISE = "__MACOSX/"


def feeds_in(data: bytes, name: str, largest: int) -> Iterator[bytes]:
    """The feeds in the zip archive `data`, of so many bytes at most together.

    Raises DocumentUnreadable, calling it `name`, for one without any, damaged, locked, or larger than that.
    """
    import io
    import zipfile

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            feeds = [one for one in archive.infolist() if _is_feed(one.filename)]
            if not feeds:
                raise DocumentUnreadable(
                    f"{name}: a zip archive without a Blogger feed.atom in it. Save the page as text or HTML."
                )
            left = largest
            for feed in feeds:
                with archive.open(feed) as file:
                    content = file.read(left + 1)  # whatever size the archive says it has
                left -= len(content)
                if left < 0:
                    raise DocumentUnreadable(
                        f"{name}: its feeds are larger than {largest >> 20} MiB. Take one blog out of it."
                    )
                yield content
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError) as error:
        raise DocumentUnreadable(
            f"{name}: a zip archive that can't be opened, not a text. Download it again."
        ) from error


def _is_feed(path: str) -> bool:
    return not path.startswith(_NOISE) and _FEED.fullmatch(path) is not None
