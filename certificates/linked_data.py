"""The canonical form of our credentials (RDF Dataset Canonicalization), which is what their proofs sign.

A whole JSON-LD processor takes longer for a credential than the rest of a certificate. Ours are of one shape: known
vocabularies, values that are text, addresses or nodes, and no two nameless nodes alike. Whatever is not of this shape
is refused, so nothing can stand in a credential without being signed. A test compares with a JSON-LD processor.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent / "contexts"
CREDENTIALS = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
FILES = {CREDENTIALS: "credentials-v2.json", OPEN_BADGES: "open-badges-3.0.3.json"}
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
BOOLEAN = "XMLSchema#boolean"
ESCAPES = {"\t": "\\t", "\b": "\\b", "\n": "\\n", "\r": "\\r", "\f": "\\f", '"': '\\"', "\\": "\\\\"}
CONTROLS = re.compile('[\x00-\x1f"\\\\\x7f]')
ADDRESS = re.compile(r'[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>"{}|\\^`]+')
BLANK = "_:"
DEEPEST = 8

Term = tuple[str, str]  # the address of a property, and the kind of its values: "", "@id", "@vocab", or a data type
Quad = tuple[str, str, str]


class Unknown(ValueError):
    """A document is not of the shape that we issue."""


@cache
def vocabulary(contexts: tuple[str, ...]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for address in contexts:
        if address not in FILES:
            raise Unknown(f"the context {address}")
        found |= json.loads((FOLDER / FILES[address]).read_text(encoding="utf-8"))["@context"]
    return found


@cache
def terms(contexts: tuple[str, ...], types: tuple[str, ...]) -> dict[str, Term]:
    """What may stand in a node of these types."""
    words = vocabulary(contexts)
    own = dict(words)
    for each in sorted(types):
        own |= words[each].get("@context", {}) if isinstance(words.get(each), dict) else {}
    return {name: _term(said) for name, said in own.items() if isinstance(said, str | dict) and name[0] != "@"}


def _term(said: str | Mapping[str, Any]) -> Term:
    return (said, "") if isinstance(said, str) else (said["@id"], said.get("@type", ""))


def canonical(document: Mapping[str, Any]) -> str:
    """N-Quads of a document in canonical order, with canonical labels. Raises Unknown."""
    contexts = document.get("@context")
    if not isinstance(contexts, list) or not all(isinstance(each, str) for each in contexts):
        raise Unknown("the contexts")
    body = {key: value for key, value in document.items() if key != "@context"}
    quads: list[Quad] = []
    _node(body, tuple(contexts), quads, _labels(), 0)
    return "".join(sorted(_named(quads)))


def _labels() -> Iterator[str]:
    number = 0
    while True:
        yield f"_:b{number}"
        number += 1


def _node(
    node: Mapping[str, Any], contexts: tuple[str, ...], quads: list[Quad], labels: Iterator[str], deep: int
) -> str:
    """Write the quads of a node and return its name."""
    if deep > DEEPEST:
        raise Unknown("too many levels")
    own = dict(node)
    subject = _address(own.pop("id")) if "id" in own else next(labels)
    types = _many(own.pop("type", []))
    if not all(isinstance(each, str) for each in types):
        raise Unknown("a type")
    known = terms(contexts, tuple(types))
    for each in types:
        if each not in known:
            raise Unknown(f"the type {each}")
        quads.append((subject, TYPE, _address(known[each][0])))
    for name, said in own.items():
        if name not in known or known[name][0][0] == "@":
            raise Unknown(f"the property {name}")
        address, kind = known[name]
        for value in _many(said):
            told = (
                _node(value, contexts, quads, labels, deep + 1)
                if isinstance(value, dict)
                else _value(value, kind, name)
            )
            quads.append((subject, f"<{address}>", told))
    return subject


def _many(said: Any) -> Sequence[Any]:
    return said if isinstance(said, list) else [said]


def _value(value: Any, kind: str, name: str) -> str:
    if isinstance(value, bool) and kind.endswith(BOOLEAN):
        value = "true" if value else "false"
    if not isinstance(value, str):
        raise Unknown(f"the value of {name}")
    if kind == "@id":
        return _address(value)
    if kind == "@vocab":  # our only one is the purpose of a proof
        return _address(f"https://w3id.org/security#{value}")
    text = '"' + CONTROLS.sub(lambda found: ESCAPES.get(found[0], f"\\u{ord(found[0]):04X}"), value) + '"'
    return f"{text}^^<{kind}>" if kind else text


def _address(value: Any) -> str:
    if not isinstance(value, str) or not ADDRESS.fullmatch(value):
        raise Unknown("an address")
    return f"<{value}>"


def _named(quads: list[Quad]) -> list[str]:
    """The quads as lines, nameless nodes named by what is said of them."""
    quads = list(dict.fromkeys(quads))
    about: dict[str, list[Quad]] = {}
    for quad in quads:
        for label in {quad[0], quad[2]}:
            if label.startswith(BLANK):
                about.setdefault(label, []).append(quad)
    digests = {_digest(label, own): label for label, own in about.items()}
    if len(digests) != len(about):
        raise Unknown("nameless nodes that are alike")
    names = {digests[digest]: f"_:c14n{place}" for place, digest in enumerate(sorted(digests))}
    return [_line(quad, names) for quad in quads]


def _digest(label: str, about: list[Quad]) -> str:
    names = {each: "_:a" if each == label else "_:z" for quad in about for each in quad if each.startswith(BLANK)}
    return sha256("".join(sorted(_line(quad, names) for quad in about)).encode()).hexdigest()


def _line(quad: Quad, names: Mapping[str, str]) -> str:
    subject, told, said = quad
    return f"{names.get(subject, subject)} {told} {names.get(said, said)} .\n"
