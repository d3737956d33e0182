"""The private exception by which the readers of one layer stop; the layer pass turns it into an Unknown."""


class DamageError(Exception):
    """A layer cannot be read on: what is wrong, and at which uncompressed byte."""

    def __init__(self, reason: str, offset: int, advice: str = "") -> None:
        """Keep the reason (no final stop) and the offset in uncompressed bytes."""
        super().__init__(reason)
        self.reason = reason
        self.offset = offset
        self.advice = advice
