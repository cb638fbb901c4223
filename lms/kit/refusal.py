"""How a rule says no."""


class Refused(Exception):
    """A deed that the rules do not allow. The sentence is for the person who tried and says what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Conflict(Refused):
    """Somebody else was quicker; what the person wanted must be decided anew."""
