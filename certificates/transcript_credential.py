"""A transcript for machines: an Open Badges 3.0 credential whose achievement has one result for each completed course."""

from collections.abc import Iterator

from certificates.credential import Document, Holder, about, both
from certificates.transcript_facts import PASSED, CourseDone, Part, TranscriptFacts

KIND = "ext:Transcript"  # the standard has no such achievement, and lets others be named with this prefix
LOWEST, HIGHEST = "0", "100"


def credential(facts: TranscriptFacts, holder: Holder, issuer: str) -> Document:
    """Without a proof. Everything that is printed stands in it."""
    courses = [(f"{facts.verify_url}#course-{number}", course) for number, course in _numbered(facts)]
    achievement: Document = {
        "id": f"{facts.verify_url}#transcript",
        "type": ["Achievement"],
        "achievementType": KIND,
        "name": "성적증명서 / Transcript",
        "description": f"{len(courses)} completed course(s), {facts.hours} h",
        "criteria": {"narrative": "\n".join(_told(facts))},
        "resultDescription": [_described(address, course) for address, course in courses],
    }
    results = [_result(address, course.grade) for address, course in courses]
    name = f"성적증명서 {facts.number} / Transcript {facts.number_en}"
    return about(facts, holder, issuer, name, {"achievement": achievement, "result": results})


def _numbered(facts: TranscriptFacts) -> Iterator[tuple[int, CourseDone]]:
    yield from enumerate((course for part in facts.parts for course in part.courses), 1)


def _described(address: str, course: CourseDone) -> Document:
    """What the result of a course is measured by."""
    head: Document = {"id": address, "type": ["ResultDescription"], "name": both(course.title)}
    if course.grade == PASSED:
        return head | {"resultType": "Status"}
    return head | {"resultType": "RawScore", "valueMin": LOWEST, "valueMax": HIGHEST}


def _result(address: str, grade: str) -> Document:
    told = {"status": "Completed"} if grade == PASSED else {"value": grade}
    return {"type": ["Result"], "resultDescription": address, **told}


def _told(facts: TranscriptFacts) -> Iterator[str]:
    """Line by line what is printed, because hours and days of a course have no property of their own in a result."""
    numbers = iter(range(1, 1 + sum(len(part.courses) for part in facts.parts)))
    for part in facts.parts:
        yield _heading(part)
        for course in part.courses:
            days = f"{course.starts_on.isoformat()} to {course.ends_on.isoformat()}"
            done = f"completed on {course.completed_on.isoformat()}, grade {course.grade}"
            yield f"{next(numbers)}. {both(course.title)} ({course.hours} h; {days}; {done})"


def _heading(part: Part) -> str:
    head = f"{both(part.programme)}, {both(part.cohort)}"
    if part.completed_on is None:
        return head
    certified = f", certificate {part.certificate}" if part.certificate else ""
    return f"{head}, programme completed on {part.completed_on.isoformat()}{certified}"
