"""How fast pages answer, measured from outside on the server that `lms serve` runs.

    .venv/bin/python benchmarks/http.py [--people 200] [--seconds 10] [--clients 64] [--data DIR]

Makes demo data in a temporary folder (or uses --data as it is), adds a class of --people trainees with a course of their own, serves it in
production mode on a spare port, measures, and prints figures; the last line is one JSON object. Everything stays on loopback.
"""

import argparse
import asyncio
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from client import Answer, Client

ROOT = Path(__file__).resolve().parent.parent
LMS = Path(sys.executable).parent / "lms"
PASSWORD = "demo-demo-demo"
ONE_CLIENT_RUNS = 200


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory(prefix="lms-bench-") as folder:
        data = Path(options.data or folder)
        environment = {
            **os.environ,
            "LMS_DATA_DIR": str(data),
            "LMS_DEMO": "no",
            "LMS_BIND": f"127.0.0.1:{_free_port()}",
        }
        begun = time.perf_counter()
        if not options.data:
            subprocess.run([LMS, "init"], env=environment, check=True, stdout=sys.stderr)
            subprocess.run([LMS, "demo"], env=environment, check=True, stdout=sys.stderr)
        demo_seconds = time.perf_counter() - begun
        course = _make_class(environment, options.people)
        server = subprocess.Popen([LMS, "serve"], env=environment, stdout=subprocess.DEVNULL, stderr=sys.stderr)
        try:
            port = int(environment["LMS_BIND"].rpartition(":")[2])
            _wait_for(port)
            figures = asyncio.run(_measure(port, course, options))
        finally:
            server.terminate()
            server.wait(20)
    figures["demo_seconds"] = round(demo_seconds, 1)
    for name, value in figures.items():
        print(f"{name:34} {value}")
    print(json.dumps(figures))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--data", default="")
    return parser.parse_args()


def _free_port() -> int:
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        return int(chosen.getsockname()[1])


def _wait_for(port: int) -> None:
    for _attempt in range(200):
        with socket.socket() as trying:
            if trying.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("The server did not come up.")


def _make_class(environment: dict[str, str], people: int) -> dict[str, str]:
    """A cohort of `people` trainees with passwords, enrolled in the shipped course; run apart, so that this process stays small."""
    script = ROOT / "benchmarks" / "make_class.py"  # with -P: this folder has an http.py, which nobody else is to find
    done = subprocess.run(
        [sys.executable, "-P", script, str(people)], env=environment, check=True, capture_output=True, text=True
    )
    return dict(json.loads(done.stdout.splitlines()[-1]))


async def _measure(port: int, course: dict[str, str], options: argparse.Namespace) -> dict[str, float]:
    def client() -> Client:
        return Client("127.0.0.1", port)

    figures: dict[str, float] = {"yardstick_ms": _yardstick()}
    emails = [course["email"].replace("{}", str(number)) for number in range(options.people)]

    prepared = [client() for _email in emails]
    tokens = [_token((await each.get("/sign-in")).body) for each in prepared]
    begun = time.perf_counter()
    signed = await asyncio.gather(
        *(
            each.post("/sign-in", csrf_token=token, email=email, password=PASSWORD)
            for each, token, email in zip(prepared, tokens, emails, strict=True)
        )
    )
    figures["sign_in_all_seconds"] = round(time.perf_counter() - begun, 2)
    figures["sign_in_errors"] = sum(answer.status != 303 for answer in signed)

    quiz_tokens, quiz_pages = [], []
    for each, number in zip(prepared, range(options.people), strict=True):
        page = course["quiz"].replace("{}", course[f"enrolment{number}"])
        quiz_pages.append(page)
        quiz_tokens.append(_token((await each.get(page)).body))

    async def start(each: Client, page: str, token: str) -> Answer:
        answer = await each.post(page, csrf_token=token)
        return await each.get(answer.headers["location"]) if answer.status == 303 else answer

    begun = time.perf_counter()
    sheets = await asyncio.gather(*(start(*three) for three in zip(prepared, quiz_pages, quiz_tokens, strict=True)))
    figures["quiz_start_all_seconds"] = round(time.perf_counter() - begun, 2)
    figures["quiz_start_errors"] = sum(answer.status != 200 for answer in sheets)

    own = course["enrolment0"]
    lesson = course["lesson"].replace("{}", own)
    trainee = prepared[0]
    attempt = (await trainee.post(quiz_pages[0], csrf_token=quiz_tokens[0])).headers["location"]
    figures["course_page_ms"] = await _median(trainee, f"/learn/{own}")
    figures["lesson_page_ms"] = await _median(trainee, lesson)
    figures["quiz_page_ms"] = await _median(trainee, attempt)

    instructor = client()
    await instructor.submit("/sign-in", "/sign-in", email="instructor@example.org", password=PASSWORD)
    queue = (await instructor.get("/marking")).body.decode()
    work = re.search(r'href="(/marking/[0-9a-f-]{36})', queue)
    assert work, "the queue of the instructor is empty"
    figures["marking_page_ms"] = await _median(instructor, work[1])
    figures["queue_page_ms"] = await _median(instructor, "/marking")

    lead = client()
    await lead.submit("/sign-in", "/sign-in", email="lead@example.org", password=PASSWORD)
    figures["board_ms"] = await _median(lead, "/board")

    print(figures, file=sys.stderr)
    figures |= await _load(prepared[: options.clients], lesson_of(course), options.seconds)
    return figures


def _yardstick() -> float:
    """What a million turns of a plain loop take here: figures of two machines, or of two hours, compare by their ratio to it."""
    taken = []
    for _run in range(5):
        begun = time.perf_counter()
        for _turn in range(1_000_000):
            pass
        taken.append(time.perf_counter() - begun)
    return round(statistics.median(taken) * 1000, 1)


def lesson_of(course: dict[str, str]) -> list[str]:
    return [course["lesson"].replace("{}", value) for name, value in course.items() if name.startswith("enrolment")]


def _token(page: bytes) -> str:
    found = re.search(rb'name="csrf_token" value="([^"]+)"', page)
    assert found
    return found[1].decode()


async def _median(client: Client, path: str) -> float:
    for _warm in range(5):
        answer = await client.get(path)
        assert answer.status == 200, f"{path}: {answer.status}"
    return round(statistics.median([(await client.get(path)).seconds for _run in range(ONE_CLIENT_RUNS)]) * 1000, 2)


async def _load(clients: list[Client], lessons: list[str], seconds: float) -> dict[str, float]:
    end = time.perf_counter() + seconds
    taken: list[float] = []
    errors = 0

    async def read(client: Client, path: str) -> None:
        nonlocal errors
        while time.perf_counter() < end:
            answer = await client.get(path)
            taken.append(answer.seconds)
            errors += answer.status != 200

    await asyncio.gather(*(read(client, path) for client, path in zip(clients, lessons, strict=False)))
    taken.sort()
    return {
        "lesson_requests_per_second": round(len(taken) / seconds, 1),
        "lesson_p95_ms": round(taken[int(len(taken) * 0.95)] * 1000, 1),
        "lesson_errors": errors,
    }


if __name__ == "__main__":
    main()
