"""What providers answer when they do not take a message."""


class Refused(OSError):
    """A provider's answer that it does not take this message; every other OSError is bad luck that may pass."""

    def __init__(self, code: int, text: str, *, for_good: bool) -> None:
        super().__init__(f"{code} {text}"[:300])
        self.code = code
        self.for_good = for_good
        """Whether it will refuse the same message again."""
