"""Why a change could not be made."""


class EditError(ValueError):
    """The text cannot be changed in place; it was left as it was."""

    advice = "make the change by hand"
