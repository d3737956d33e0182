"""An archive that comes through a pipe is kept in a nameless file of our own: its index stands at its end."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, Final

from tidewaiter.ports.images import ImageError
from tidewaiter.scan.image import Limits

_CHUNK: Final = 1 << 20


@contextmanager
def spooled(stream: BinaryIO, *, limit: int = Limits().image_bytes) -> Iterator[BinaryIO]:
    """Read a stream to its end and hand out a file with its bytes; raises ImageError above `limit` bytes."""
    with tempfile.TemporaryFile(prefix="tidewaiter-") as file:
        size = 0
        try:
            while chunk := stream.read(_CHUNK):
                size += len(chunk)
                if size > limit:
                    raise ImageError(
                        f"standard input has more than {limit >> 30} GiB", "save the image to a file and scan that"
                    )
                file.write(chunk)
            file.flush()
        except OSError as error:
            words = f"standard input cannot be kept: {error.strerror or error}"
            raise ImageError(words, "set TMPDIR to a folder with more room") from error
        if not size:
            raise ImageError(
                "standard input is empty", "pipe an archive into it: `docker save IMAGE | tidewaiter scan -`"
            )
        yield file
