"""The frame's menus: where the links lead, for whom, and which of them the page that is open belongs to."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from flask import url_for

from lms.kit import i18n
from lms.people.models import Role


def _(words: str) -> str:
    """Marks words for the catalogue; they are translated when a page is drawn."""
    return words


@dataclass(frozen=True)
class Entry:
    """A link of the frame: where it leads, its words, and for whom (no roles: for everybody, also strangers).

    `under` names the pages that belong to it: endpoints, or blueprints with a dot at the end.
    """

    endpoint: str
    label: str
    roles: frozenset[Role] = frozenset()
    stranger: bool = False
    under: tuple[str, ...] = ()

    def nearness(self, endpoint: str) -> int:
        """How closely a page belongs to this link: 0 if not at all, most for the page itself."""
        if endpoint == self.endpoint:
            return 1000
        return max((len(part) for part in self.under if part == endpoint or _room_of(endpoint) == part), default=0)

    def is_for(self, roles: frozenset[Role] | None) -> bool:
        """Whether somebody with these roles sees it; None: a stranger."""
        if roles is None:
            return self.stranger
        return (not self.roles and not self.stranger) or bool(self.roles & roles)


@dataclass(frozen=True)
class Link:
    """An `Entry` for one reader, ready to print."""

    url: str
    label: str
    current: str  # what aria-current says: "page", "true" for a page under it, or nothing


def _room_of(endpoint: str) -> str:
    return endpoint.partition(".")[0] + "."


def _for(*roles: Role) -> frozenset[Role]:
    return frozenset(roles)


NAVIGATION = (
    Entry("pipeline.catalogue", _("Open cohorts"), stranger=True, under=("learning.cohort", "catalogue.course")),
    Entry("certificates.verify", _("Verify a certificate"), stranger=True, under=("certificates.",)),
    Entry(
        "home.home",
        _("My learning"),
        _for(Role.TRAINEE),
        under=("learning.", "quizzes.", "assignments.", "gradebook.checklist"),
    ),
    Entry("attendance.mine", _("My attendance"), _for(Role.TRAINEE), under=("attendance.ask", "attendance.excuse")),
    Entry(
        "pipeline.mine",
        _("My applications"),
        _for(Role.TRAINEE),
        under=("pipeline.application", "pipeline.apply", "pipeline.review", "pipeline.profile"),
    ),
    Entry(
        "certificates.mine",
        _("My certificates"),
        _for(Role.TRAINEE),
        under=(
            "certificates.my_name",
            "certificates.name_correction",
            "certificates.shares",
            "certificates.transcripts_of_mine",
        ),
    ),
    Entry("assignments.queue", _("Marking"), _for(Role.INSTRUCTOR), under=("assignments.",)),
    Entry("reporting.board", _("Board"), _for(Role.LEAD, Role.ADMIN), under=("reporting.",)),
    Entry(
        "pipeline.cohorts",
        _("Cohorts"),
        _for(Role.LEAD, Role.ADMIN),
        under=(
            "pipeline.",
            "admissions.",
            "learning.cohort",
            "certificates.issue",
            "certificates.batch",
            "certificates.issuing_rule",
            "certificates.designs",
            "certificates.new_design",
            "certificates.own_design",
            "gradebook.programme_rules",
        ),
    ),
    Entry("placement.work", _("Placement"), _for(Role.LEAD, Role.ADMIN), under=("placement.", "surveys.")),
    Entry("bulk.tables", _("Import"), _for(Role.LEAD, Role.ADMIN), under=("bulk.",)),
    Entry("attendance.waiting", _("Attendance"), _for(Role.INSTRUCTOR, Role.LEAD, Role.ADMIN), under=("attendance.",)),
    Entry(
        "reporting.support",
        _("Support"),
        _for(Role.INSTRUCTOR),
        under=("reporting.support_of", "reporting.support_rules"),
    ),
    Entry("learning.offerings", _("Offerings"), _for(Role.INSTRUCTOR, Role.LEAD), under=("learning.", "gradebook.")),
    Entry(
        "catalogue.courses",
        _("Courses"),
        _for(Role.INSTRUCTOR, Role.LEAD, Role.ADMIN),
        under=("catalogue.", "importing.", "gradebook.rules"),
    ),
    Entry("certificates.register", _("Certificates"), _for(Role.LEAD, Role.ADMIN), under=("certificates.",)),
    Entry(
        "people.accounts",
        _("Accounts"),
        _for(Role.ADMIN),
        under=(
            "people.person",
            "people.invitation",
            "people.audit_trail",
            "people.duplicates",
            "people.merge_page",
            "people.erasure",
        ),
    ),
)
ACCOUNT = (
    Entry("people.account", _("My account")),
    Entry("pipeline.catalogue", _("Open cohorts")),
    Entry("surveys.mine", _("Surveys"), _for(Role.TRAINEE)),
    Entry("placement.mine", _("After the course"), _for(Role.TRAINEE)),
)
FOOTER = (
    Entry("pipeline.catalogue", _("Open cohorts")),
    Entry("certificates.verify", _("Verify a certificate")),
    Entry("people.privacy", _("Privacy")),
)


@lru_cache(maxsize=4096)
def of(roles: frozenset[Role] | None, current: str, language: str) -> dict[str, list[Link]]:
    """The frame's links for one kind of reader on one page; `roles` is None for strangers."""

    def links(entries: Iterable[Entry], sections: bool = False) -> list[Link]:
        shown = [(entry, entry.nearness(current)) for entry in entries]
        nearest = max((near for _entry, near in shown), default=0)
        return [
            Link(
                url_for(entry.endpoint),
                i18n.text_in(language, entry.label),
                "page" if entry.endpoint == current else "true" if sections and 0 < near == nearest else "",
            )
            for entry, near in shown
        ]

    return {
        "nav": links((entry for entry in NAVIGATION if entry.is_for(roles)), sections=True),
        "account_links": links(entry for entry in ACCOUNT if entry.is_for(roles)),
        "footer_links": links(FOOTER),
    }
