"""Who may be the same person twice: by what people leave the same when they come back under another address."""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

WITHOUT_DOTS = frozenset({"gmail.com", "googlemail.com"})
ALIASES = {"googlemail.com": "gmail.com", "hanmail.net": "daum.net"}


@dataclass(frozen=True)
class Face:
    """What is compared of a person."""

    id: UUID
    email: str
    name: str
    latin_name: str


def mailbox(email: str) -> str:
    """The box that an address leads to: without what stands behind a plus, one name for each service."""
    local, _at, domain = unicodedata.normalize("NFKC", email).strip().casefold().rpartition("@")
    local = local.partition("+")[0]
    if domain in WITHOUT_DOTS:
        local = local.replace(".", "")
    return f"{local}@{ALIASES.get(domain, domain)}"


def letters(name: str) -> str:
    """A name as it is compared: composed, small, letters alone."""
    return "".join(letter for letter in unicodedata.normalize("NFKC", name).casefold() if letter.isalpha())


def latin(name: str) -> str:
    """A Latin spelling as it is compared: its parts in any order, without marks above letters."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    for mark in "-'’.":
        plain = plain.replace(mark, "")
    parts = "".join(letter if letter.isalpha() else " " for letter in plain if not unicodedata.combining(letter))
    return " ".join(sorted(parts.split()))


def keys(face: Face) -> Iterator[tuple[str, str]]:
    """By what another row would be likely the same: (reason, key); reasons are "mailbox", "names", "latin"."""
    yield "mailbox", mailbox(face.email)
    name, spelling = letters(face.name), latin(face.latin_name)
    if name and spelling and name != spelling.replace(" ", ""):
        yield "names", f"{name}/{spelling}"
    elif len(spelling.split()) > 1:
        yield "latin", spelling


@dataclass
class Index:
    """People by what they may be the same in."""

    by_key: dict[tuple[str, str], list[Face]] = field(default_factory=dict)

    def add(self, faces: Iterable[Face]) -> "Index":
        for face in faces:
            for key in keys(face):
                self.by_key.setdefault(key, []).append(face)
        return self

    def like(self, face: Face) -> list[tuple[str, Face]]:
        """Others that may be the same, the surest reason first, each once."""
        found: dict[UUID, tuple[str, Face]] = {}
        for key in keys(face):
            for other in self.by_key.get(key, ()):
                if other.id != face.id:
                    found.setdefault(other.id, (key[0], other))
        return list(found.values())

    def pairs(self) -> list[tuple[str, Face, Face]]:
        """Every two that may be the same, each pair once, the surest reason first."""
        found: dict[frozenset[UUID], tuple[str, Face, Face]] = {}
        for reason in ("mailbox", "names", "latin"):
            for (kind, _key), faces in self.by_key.items():
                if kind != reason:
                    continue
                first, *others = sorted(faces, key=lambda face: face.id)
                for other in others:
                    found.setdefault(frozenset({first.id, other.id}), (reason, first, other))
        return list(found.values())
