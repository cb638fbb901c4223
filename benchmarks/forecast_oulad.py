"""Try the product's forecast on real learner records: who will pass, told at 25, 50 and 75 % of a course.

    .venv/bin/python benchmarks/forecast_oulad.py DATA --history DIR --out FILE
        [--score BASELINES] [--only 2013B,2013J] [--leave-one-out]

DATA holds the presentations to forecast, DIR the earlier ones to learn from (it may be the same folder); both are folders of
the Open University Learning Analytics dataset, DATA also one that was cut at a day (no results in it), or a folder of such
folders. Of DATA only what was known on the day is read: no results, no later row. Of DIR only presentations whose results
were out by then. Writes module,pres,f,forecast,lo,hi. --score prints how a file of baselines (with the true numbers) and
this one compare. --only: these presentations alone, to forecast and to learn from; --leave-one-out: learn from all the
others, whenever they were; both are for tuning.
"""

import argparse
import csv
import json
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from oulad import Presentation, presentations

from lms.reporting import forecast
from lms.reporting.forecast import Forecast, Running
from lms.reporting.forecast_learning import is_autumn
from lms.reporting.forecast_timing import same_day

SHARES = (0.25, 0.5, 0.75)
AFTER = 365  # days: the year's end plays no part here, everybody who passes counts


def main() -> None:
    options = _options()
    begun = time.perf_counter()
    shown, earlier = _read(Path(options.data)), _read(Path(options.history))
    if options.only:
        shown, earlier = (
            [each for each in group if each.name in options.only.split(",")] for group in (shown, earlier)
        )
    earlier = [each for each in earlier if each.results]
    lines = [
        (each.module, each.name, share, found)
        for each in shown
        for share in _shares(each)
        if (found := told(each, share, earlier, everything=options.leave_one_out))
    ]
    with Path(options.out).open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("module", "pres", "f", "forecast", "lo", "hi"))
        writer.writerows((module, name, share, it.median, it.low, it.high) for module, name, share, it in lines)
    figures: dict[str, object] = {"forecasts": len(lines), "seconds": round(time.perf_counter() - begun, 2)}
    if options.score:
        figures |= _scored(Path(options.out), Path(options.score))
    print(json.dumps(figures))


def told(
    cohort: Presentation, share: float, earlier: Sequence[Presentation], *, everything: bool = False
) -> Forecast | None:
    """The forecast at a share of the course; None where no earlier cohort had its results by then."""
    day = share * cohort.days
    today = cohort.starts_on + timedelta(days=int(day))
    before = [
        each
        for each in earlier
        if (each.module, each.name) != (cohort.module, cohort.name) and (everything or each.known_on <= today)
    ]
    if not before:
        return None
    running = Running(
        key=f"{cohort.module} {cohort.name}",
        programme=cohort.module,
        autumn=is_autumn(cohort.starts_on),
        people=Counter(cohort.standing(day).values()),
        pasts=[each.past(same_day(cohort.course, day, each.course)) for each in before],
        days_after=AFTER,
    )
    return forecast.year(0, [running])


def _shares(cohort: Presentation) -> tuple[float, ...]:
    """The points to forecast at: of a presentation that was cut, the one at which it was."""
    if cohort.results:
        return SHARES
    return (next((share for share in SHARES if cohort.last_day <= share * cohort.days), SHARES[-1]),)


def _read(folder: Path) -> list[Presentation]:
    if (folder / "courses.csv").exists():
        return presentations(folder)
    return [each for inner in sorted(folder.iterdir()) if inner.is_dir() for each in presentations(inner)]


def _scored(out: Path, baselines: Path) -> dict[str, object]:
    """Print the table and give our own lines of it."""
    with baselines.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    actual = {(row["module"], row["pres"], float(row["f"])): float(row["actual"]) for row in rows}
    methods: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        if row["lo"] and row["hi"]:
            methods[row["method"]].append(row)
    with out.open(newline="", encoding="utf-8") as file:
        methods["this product"] = list(csv.DictReader(file))
    figures: dict[str, object] = {}
    for method, lines in sorted(methods.items()):
        for share in SHARES:
            known = [
                (actual[key], *(float(row[name]) for name in ("forecast", "lo", "hi")))
                for row in lines
                if (key := (row["module"], row["pres"], float(row["f"]))) in actual and key[2] == share
            ]
            if known:
                line = _line(known)
                print(f"{method:28} {share:.0%}  {line}")
                if method == "this product":
                    figures[f"{share:.0%}"] = line
    return figures


def _line(known: Sequence[tuple[float, ...]]) -> str:
    off = [(told - truth) / truth for truth, told, _low, _high in known]
    inside = statistics.mean(low <= truth <= high for truth, _told, low, high in known)
    width = statistics.mean((high - low) / truth for truth, _told, low, high in known)
    error = statistics.mean(map(abs, off))
    return (
        f"n {len(known):2}  error {error:.1%}  bias {statistics.mean(off):+.1%}  holds {inside:.0%}  width {width:.2f}"
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("data")
    parser.add_argument("--history", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--score")
    parser.add_argument("--only")
    parser.add_argument("--leave-one-out", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
