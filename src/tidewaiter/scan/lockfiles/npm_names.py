"""How the tools of npm's world write a package with its version or range."""


def split_descriptor(descriptor: str) -> tuple[str, str]:
    """Return name and range of `name@range`, scopes (`@scope/name`) kept."""
    name, _, range_ = descriptor[1:].partition("@")
    return descriptor[:1] + name, range_
