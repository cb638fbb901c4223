"""Where a person is signed in: begun at sign-in, ended at sign-out, from elsewhere, or by time."""

from datetime import timedelta

from flask import request
from flask import session as cookie
from flask_login import login_user
from sqlalchemy import Select, select, update

from lms.kit import clock
from lms.kit.db import session
from lms.people.models import Device, Person

LASTS = timedelta(days=14)
# What a browser says of itself, most particular first: nearly all of them claim to be Mozilla, and many to be Chrome or Safari.
BROWSERS = (
    ("Edg", "Edge"),
    ("Whale", "Whale"),
    ("SamsungBrowser", "Samsung Internet"),
    ("KAKAOTALK", "KakaoTalk"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrome", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)
KEPT_IN_COOKIE = ("language", "held")


def begin(person: Person) -> Device:
    """Sign `person` in here: a new device row, and a cookie that held nothing else before (no session fixation)."""
    device = Device(
        person_id=person.id,
        expires_at=clock.now() + LASTS,
        browser=(request.user_agent.string or "")[:200],
        address=request.remote_addr or "",
    )
    session.add(device)
    session.flush()
    kept = {name: cookie[name] for name in KEPT_IN_COOKIE if name in cookie}
    cookie.clear()
    cookie.update(kept)
    cookie.permanent = True
    login_user(device)
    return device


def end(device: Device) -> None:
    """Sign this device out, wherever it is."""
    device.ended_at = device.ended_at or clock.now()


def end_all(person: Person, *, but: Device | None = None) -> None:
    """Sign the person out everywhere, or everywhere else."""
    ended = update(Device).where(Device.person_id == person.id, Device.ended_at.is_(None)).values(ended_at=clock.now())
    session.execute(ended.where(Device.id != but.id) if but else ended)


def browser_of(device: Device) -> str:
    """The browser and its system as people call them ("Chrome · Windows"); nothing where neither is known."""
    found = (next((name for mark, name in names if mark in device.browser), "") for names in (BROWSERS, SYSTEMS))
    return " · ".join(name for name in found if name)


def of(person: Person) -> Select[Device]:
    """The devices where the person is signed in now, newest first."""
    return (
        select(Device)
        .where(Device.person_id == person.id, Device.ended_at.is_(None), Device.expires_at > clock.now())
        .order_by(Device.signed_in_at.desc())
    )
