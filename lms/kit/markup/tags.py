"""Sets of names written as one line each."""


def tags(names: str) -> frozenset[str]:
    """Names between spaces."""
    return frozenset(names.split())
