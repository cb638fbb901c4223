"""Measure how fast certificates are made, from facts to stored bytes: printed, with their credential, signed.

    .venv/bin/python benchmarks/certificates.py [--count 500] [--workers 2] [--cohorts 5] [--keep DIR]

Each worker is a process of its own that prints its share and writes each file as the store does: beside, flushed to the
disk, renamed. Of a hundred people ninety have a Hangul name, seven a Latin one, two one with hanja, one a name of a script
that is laid out for itself. Prints figures; the last line is one JSON object. ``per_second`` counts everything from the start
of the workers; ``warm_ms`` is the processor time of a certificate, median, once a worker has printed ten.
"""

import argparse
import json
import os
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from certificates import keys
from certificates.credential import Holder, email_hash, issuer_address
from certificates.facts import CourseFact, Facts
from certificates.rendering import PROGRAMME
from certificates.sealing import complete
from certificates.seals import Seal

SURNAMES = "김이박최정강조윤장임한오서신권황안송류홍"
SYLLABLES = "민서준하은지우현도윤예진수아시연주원태영호재성경미라솔빛나람"
SPELLED = (
    "min seo jun ha eun ji u hyeon do yun ye jin su a si yeon ju won tae yeong ho jae seong gyeong mi ra sol bit na ram"
)
GIVEN = dict(zip(SYLLABLES, SPELLED.split(), strict=True))
LATIN = (
    "Nguyễn Thị Ánh Nguyệt",
    "Wojciech Żółkiewski",
    "Maria dos Santos",
    "Çelik Oğuz",
    "Анна Ковалёва",
    "Suharto",
    "Ng Wei",
)
HANJA = ("金俤㬎 (김제현)", "南宮天 (남궁천)")
OTHERS = ("محمد عبد الرحمن", "श्रीनिवास रामानुजन्", "דוד בן־גוריון")
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
WARM = 10


@dataclass(frozen=True)
class Share:
    """What one worker found: processor time and size of each file, memory once warm and in the end."""

    seconds: list[float]
    sizes: list[int]
    warm_kb: int
    end_kb: int


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory(prefix="lms-bench-") as temporary:
        folder = Path(options.keep or temporary)
        folder.mkdir(parents=True, exist_ok=True)
        own = keys.configured(temporary, "", "", "")
        people = list(_people(options.count, options.cohorts))
        shares = [people[at :: options.workers] for at in range(options.workers)]
        begun = time.perf_counter()
        with ProcessPoolExecutor(options.workers, mp_context=get_context("spawn")) as pool:
            done = list(pool.map(partial(_print, folder, own), shares))
        wall = time.perf_counter() - begun
    figures = _figures(done, options.count, wall)
    for name, value in figures.items():
        print(f"{name:34} {value}")
    print(json.dumps(figures))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--cohorts", type=int, default=5)
    parser.add_argument("--keep", default="", metavar="DIR")
    return parser.parse_args()


def _people(count: int, cohorts: int) -> Iterator[Facts]:
    """The same people each time; cohort after cohort, as they are issued."""
    chance = random.Random(20261122)
    for number in range(count):
        code = "".join(chance.choices(ALPHABET, k=26))
        name, latin_name = _name(chance, number % 100)
        cohort = number * cohorts // count + 1
        begin = date(2026, 3, 2) + timedelta(weeks=4 * cohort)
        yield Facts(
            year=2026,
            serial=number + 1,
            code="-".join(code[at : at + 4] for at in range(0, len(code), 4)),
            name=name,
            latin_name=latin_name,
            programme={"ko": "인공지능 전문인재 양성 과정", "en": "AI Expert Development Programme"},
            cohort={"ko": f"제{cohort}기", "en": f"Cohort {cohort}"},
            courses=(
                CourseFact({"ko": "머신러닝 입문", "en": "Machine Learning for Beginners"}, 120),
                CourseFact({"ko": "모델의 정직한 평가", "en": "Evaluating Models Honestly"}, 16),
            ),
            hours=136,
            starts_on=begin,
            ends_on=begin + timedelta(weeks=16),
            completed_on=begin + timedelta(days=112 - chance.randrange(9)),
            issued_on=begin + timedelta(days=119),
            issuer={"ko": "서울 인공지능 허브", "en": "Seoul AI Hub"},
            signatory={"ko": "한서윤", "en": "Han Seoyun"},
            signatory_title={"ko": "서울 인공지능 허브장", "en": "Director of the Seoul AI Hub"},
            verify_url=f"https://hub.example.kr/v/{code}",
        )


def _name(chance: random.Random, place: int) -> tuple[str, str]:
    """A name as written and in Latin letters."""
    if place >= 99:
        return chance.choice(OTHERS), "A Name of Another Script"
    if place >= 97:
        return chance.choice(HANJA), "Kim Jehyeon"
    if place >= 90:
        return chance.choice(LATIN), ""
    given = chance.sample(list(GIVEN), 2)
    return chance.choice(SURNAMES) + "".join(given), f"Kim {GIVEN[given[0]].capitalize()}{GIVEN[given[1]]}"


def _print(folder: Path, own: keys.Keys, share: list[Facts]) -> Share:
    seconds, sizes, warm = [], [], 0
    for place, facts in enumerate(share):
        if place == WARM:
            warm = _memory()
        begun = time.process_time()
        content = complete(facts, PROGRAMME, _seal(own, facts))
        _store(folder / f"{facts.year}-{facts.serial:04d}.pdf", content)
        seconds.append(time.process_time() - begun)
        sizes.append(len(content))
    return Share(seconds, sizes, warm, _memory())


def _seal(own: keys.Keys, facts: Facts) -> Seal:
    salt = f"salt of {facts.serial}"
    holder = Holder(
        email_hash(f"{facts.serial}@example.kr", salt), salt, "https://hub.example.kr/status/1", facts.serial
    )
    return Seal(own, issuer_address("https://hub.example.kr"), holder, datetime.now(UTC))


def _store(path: Path, content: bytes) -> None:
    beside = path.with_suffix(".part")
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.rename(path)


def _memory() -> int:
    """The most that this process has ever held, in kB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _figures(done: list[Share], count: int, wall: float) -> dict[str, float]:
    sizes = [size for share in done for size in share.sizes]
    warm = [each for share in done for each in share.seconds[WARM:]] or [
        each for share in done for each in share.seconds
    ]
    return {
        "count": count,
        "workers": len(done),
        "seconds": round(wall, 2),
        "per_second": round(count / wall, 1),
        "warm_ms": round(1000 * statistics.median(warm), 2),
        "warm_mean_ms": round(1000 * statistics.mean(warm), 2),
        "bytes_median": statistics.median_low(sizes),
        "bytes_most": max(sizes),
        "rss_warm_mb": round(max(share.warm_kb for share in done) / 1024, 1),
        "rss_mb": round(max(share.end_kb for share in done) / 1024, 1),
    }


if __name__ == "__main__":
    main()
