"""Users of an image (passwd(5))."""


def uid_of(user: str, passwd: bytes | None) -> int | None:
    """Return the uid of a config's `User`: empty is root, a number is itself, a name is looked up; None when unknown."""
    name = user.split(":", 1)[0].strip()
    if name in {"", "root"}:
        return 0
    if name.isascii() and name.isdigit():
        return int(name) if len(name) <= 10 else None
    for line in (passwd or b"").decode("utf-8", "replace").splitlines():
        fields = line.split(":")
        if len(fields) >= 3 and fields[0] == name and fields[2].isascii() and fields[2].isdigit():
            return int(fields[2])
    return None
