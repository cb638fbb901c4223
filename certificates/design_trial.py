"""The process that tries a design from elsewhere, and later prints it: little time, little memory, small files, no secrets.

Reads one request as JSON from its input and answers as JSON. Nothing of the design is touched before the limits hold.
"""

import base64
import json
import resource
import signal
import sys
from dataclasses import asdict
from types import FrameType
from typing import Any

from certificates import trying
from certificates.design import Drawn
from certificates.enclosing import Enclosure
from certificates.facts import Facts

LARGEST_FILE = 48 * 1024 * 1024  # bytes: the typefaces are copied by WeasyPrint, and the answer is a file
GRACE = 2  # seconds of processor time between being told and being killed


def main() -> None:
    asked = json.load(sys.stdin)
    limit(asked["seconds"] * len(asked["pages"]), asked["megabytes"])
    seal = base64.b64decode(asked["seal"]) if asked["seal"] else None
    wording = tuple((language, key, text) for language, key, text in asked["wording"])
    enclosed = Enclosure.from_json(asked["enclosed"]) if asked["enclosed"] else None
    for languages, facts in asked["pages"]:
        resource.setrlimit(
            resource.RLIMIT_CPU, (spent() + asked["seconds"], resource.getrlimit(resource.RLIMIT_CPU)[1])
        )
        done = trying.attempt(Drawn(asked["folder"], languages, wording, seal), Facts.from_json(facts), enclosed)
        say(done)
        if done.kind:
            break


def limit(seconds: int, megabytes: int) -> None:
    """From here on this process may use so much more and no more."""
    signal.signal(signal.SIGXCPU, out_of_time)
    resource.setrlimit(resource.RLIMIT_CPU, (spent() + seconds, spent() + seconds + GRACE))
    resource.setrlimit(resource.RLIMIT_AS, (held() + megabytes * 1024**2,) * 2)
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def spent() -> int:
    """Seconds of processor time until now."""
    own = resource.getrusage(resource.RUSAGE_SELF)
    return int(own.ru_utime + own.ru_stime)


def held() -> int:
    """Bytes of address space that Python and the libraries take already."""
    try:
        with open("/proc/self/statm") as pages:
            return int(pages.read().split()[0]) * resource.getpagesize()
    except OSError:
        return 1024**3


def out_of_time(_signal: int, _frame: FrameType | None) -> None:
    raise trying.OutOfTime


def say(attempt: trying.Attempt) -> None:
    answer: dict[str, Any] = asdict(attempt) | {"picture": base64.b64encode(attempt.picture).decode()}
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
