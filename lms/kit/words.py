"""A text that its author wrote in several languages."""

from collections.abc import Mapping


class Words(dict[str, str]):
    """Language code → text, e.g. ``Words(ko="강좌", en="Course")``; languages without text are left out."""

    def __init__(self, texts: Mapping[str, str] | None = None, /, **more: str) -> None:
        super().__init__({code: text for code, text in {**(texts or {}), **more}.items() if text})

    @classmethod
    def kept(cls, texts: Mapping[str, str]) -> "Words":
        """As they come back from the database, where only languages with a text are."""
        words = cls.__new__(cls)
        words.update(texts)
        return words

    def best(self, language: str) -> str:
        """The text in `language`; else English, else Korean, else any; else ""."""
        for code in (language, "en", "ko"):
            if code in self:
                return self[code]
        return next(iter(self.values()), "")

    def language(self, wanted: str) -> str:
        """The code of the text that `best` gives, for a ``lang`` attribute."""
        return next((code for code in (wanted, "en", "ko") if code in self), next(iter(self), wanted))
