"""The one error of reading SBOMs."""


class SbomError(Exception):
    """A text that is no usable SBOM: what happened, and what to do about it."""

    def __init__(self, message: str, advice: str = "") -> None:
        """Keep the sentence and the advice; both without final stop."""
        super().__init__(message)
        self.message = message
        self.advice = advice
