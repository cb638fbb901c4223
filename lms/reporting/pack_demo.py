"""Two reports of the year: one of two months ago, and one of this week that names what is different."""

from collections.abc import Iterator
from datetime import date

from lms.kit import clock
from lms.kit.story import Story
from lms.people.demo import LEAD, known
from lms.pipeline.demo import PLANS
from lms.reporting import pack_files, packs
from lms.reporting.pack_freezing import Period

# Days ago up to which was reported, and what was said about the target.
REPORTED = (
    (
        62,
        "상반기 기수의 수료 심사가 늦어져 수료증 발급이 한 달가량 밀렸습니다.\n심사 인력을 늘려 다음 보고까지 마칩니다.",
    ),
    (
        2,
        "하반기 기수가 아직 교육 중이어서 고른 속도에 미치지 못합니다.\n연말까지 수료할 사람과 전망은 아래와 같습니다.",
    ),
)


def tell(story: Story) -> Iterator[str]:
    """When everything else is told. The files are left to the server."""
    story.left_over.add(pack_files.make_report_files.__name__)
    for _chapter in range(2 * len(PLANS) + 3):
        yield ""
    new_year = date(story.day(-REPORTED[-1][0]).year, 1, 1)
    for number, (ago, why) in enumerate(REPORTED):
        last = max(story.day(-ago), new_year)
        with story.at(story.moment((last - story.today).days + 1, 10)):
            packs.hand_over(known(LEAD), Period("", new_year, last, clock.now()), explanation=why, seen=number)
    yield f"{len(REPORTED)} reports"
