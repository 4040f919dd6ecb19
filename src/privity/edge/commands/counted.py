"""Numbers of things as people say them at a terminal."""


def counted(count: int, one: str, many: str = "") -> str:
    """Return a count and what is counted: `1 case`, `2 cases`.

    Args: many: several of them, where it is not `one` with an `s`.
    """
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"
