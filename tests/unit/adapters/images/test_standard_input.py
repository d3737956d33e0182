"""An archive that comes through a pipe."""

import io

import pytest

from tidewaiter.adapters.images.standard_input import spooled
from tidewaiter.ports.images import ImageError


class Broken(io.BytesIO):
    """A pipe whose writer fails."""

    def read(self, _: int | None = -1, /) -> bytes:
        """Refuse."""
        raise OSError(5, "Input/output error")


def test_bytes_stay_the_same():
    """What comes is handed out as a file with a descriptor."""
    with spooled(io.BytesIO(b"x" * 3_000_000)) as file:
        assert file.fileno()
        file.seek(0)
        assert file.read() == b"x" * 3_000_000


@pytest.mark.parametrize(
    ("stream", "words"),
    [
        (io.BytesIO(b"x" * 11), "more than 0 GiB"),
        (io.BytesIO(), "is empty"),
        (Broken(), "cannot be kept: Input/output error"),
    ],
)
def test_streams_that_are_refused(stream: io.BytesIO, words: str):
    """Too much, nothing, and a broken pipe are told with what to do about it."""
    with pytest.raises(ImageError) as caught, spooled(stream, limit=10):
        pass
    assert words in caught.value.message
    assert caught.value.advice
