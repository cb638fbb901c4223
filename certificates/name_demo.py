"""The names of the demonstration: most people in training have approved theirs, one asks for a correction."""

import io
from collections.abc import Iterator, Sequence

import pydyf
from sqlalchemy import select

from certificates import name_corrections, names, romanising
from lms.kit import files
from lms.kit.db import session
from lms.kit.story import Story
from lms.people.demo import TRAINEE
from lms.people.models import Person
from lms.pipeline.demo import PLANS, Plan
from lms.pipeline.models import Cohort, Stage, Traineeship

APPROVED = 0.6  # share of those in training


def tell(story: Story) -> Iterator[str]:
    """For each cohort in training who approved; the trainee who signs in has not yet, so that it can be tried."""
    yield ""
    asked = False
    for plan in PLANS:
        approved = _approve(story, plan) if plan.starts < 0 < plan.ends else []
        if approved and not asked:
            asked = _ask(story, approved)
        yield f"{len(approved)} names approved" if approved else ""


def _approve(story: Story, plan: Plan) -> Sequence[Person]:
    training = select(Person).join(Traineeship).join(Cohort)
    training = training.where(
        Cohort.slug == plan.slug, Traineeship.stage == Stage.TRAINING, Person.email != TRAINEE.email
    )
    with story.at(story.moment(-4, 10)):
        found = session.scalars(training.order_by(Person.id)).all()
        chosen = [each for each in found if story.chance("name", each.email).random() < APPROVED]
        approved = names.approved_of(chosen)
        fresh = [each for each in chosen if each.id not in approved and not names.problems(each.name, each.latin_name)]
        for person in fresh:
            names.approve(person, person.name, person.latin_name)
    return fresh


def _ask(story: Story, approved: Sequence[Person]) -> bool:
    """Somebody's passport has a hyphen. Whether there was anybody with a name in Hangul."""
    for person in approved:
        apart = [each.latin.upper() for each in romanising.suggested(person.name) if "-" in each.latin]
        if apart:
            with story.at(story.moment(-2, 15)):
                kept = files.keep_bytes(_passport(apart[-1]), name="여권 사본.pdf", media_type="application/pdf")
                reason = "여권에는 이름 사이에 붙임표가 있어요. 여권과 똑같이 적어 주세요."
                name_corrections.ask(person, person.name, apart[-1], reason=reason, evidence=[kept])
            return True
    return False


def _passport(name: str) -> bytes:
    """A sheet that stands for the page of a passport."""
    document, stream = pydyf.PDF(), pydyf.Stream()
    stream.begin_text()
    stream.set_font_size("F", 18)
    stream.set_text_matrix(1, 0, 0, 1, 40, 90)
    stream.show_text_string(f"PASSPORT (invented): {name}")
    stream.end_text()
    document.add_object(stream)
    face = pydyf.Dictionary({"Type": "/Font", "Subtype": "/Type1", "BaseFont": "/Helvetica"})
    document.add_object(face)
    fonts = pydyf.Dictionary({"Font": pydyf.Dictionary({"F": face.reference})})
    box = pydyf.Array([0, 0, 420, 180])
    page = {"Type": "/Page", "Parent": document.pages.reference, "MediaBox": box}
    document.add_page(pydyf.Dictionary(page | {"Contents": stream.reference, "Resources": fonts}))
    written = io.BytesIO()
    document.write(written)
    return written.getvalue()
