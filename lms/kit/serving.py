"""The servers of one installation: some processes for pages, one for later work, on one socket.

Python answers one request at a time in a process, however many threads it has, and printing a certificate would hold
up pages beside it. So the parent loads the program, opens nothing, forks, and looks after its children: one that ends
is begun anew, all end with it.
"""

import gc
import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Sequence
from typing import NoReturn

import waitress
from flask import Flask

from lms.kit import front

log = logging.getLogger("lms.serving")
TOO_SOON = 3.0  # seconds: a process that ends within them would end again
Part = Callable[[], None]


def listening(host: str, port: int) -> socket.socket:
    """The socket that all processes take requests from. Raises OSError where the address is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    chosen = socket.socket(family, socket.SOCK_STREAM)
    chosen.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    chosen.bind((host.strip("[]"), port))
    chosen.listen(2048)
    return chosen


def pages(app: Flask, door: socket.socket, *, threads: int, largest_body: int) -> None:
    """Answer requests until told to end. Slow uploads are buffered and hold no thread."""
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a crowd is no warning: it is answered in turn
    logging.basicConfig()
    server = waitress.create_server(
        app,
        sockets=[door],
        threads=threads,
        ident=None,
        max_request_body_size=largest_body + 1024 * 1024,
        connection_limit=1000,
        channel_timeout=60,
    )
    front.speak(server, front.too_large(app))
    server.run()


def run(parts: Sequence[Part]) -> int:
    """Run each part in a process of its own until one is told to end; returns an exit code.

    Call it with no thread running and no database open: a fork copies both half.
    """
    gc.collect()
    gc.freeze()  # what is loaded by now stays: the collector need not walk through it, and its pages stay shared
    family = _Family()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, family.end)
    for part in parts:
        family.begin(part)
    return family.watch()


class _Family:
    """The children of this process."""

    def __init__(self) -> None:
        self.running: dict[int, tuple[Part, float]] = {}
        self.ending = False
        self.alive, self.held = os.pipe()  # nobody writes: it ends when the parent does, whatever ended it

    def begin(self, part: Part) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        if (child := os.fork()) == 0:
            os.close(self.held)
            _live(part, self.alive)
        self.running[child] = (part, time.monotonic())

    def end(self, *_signal: object) -> None:
        self.ending = True
        for child in self.running:
            os.kill(child, signal.SIGTERM)

    def watch(self) -> int:
        code = 0
        while self.running:
            child, status = os.wait()
            part, begun = self.running.pop(child)
            if self.ending:
                continue
            log.error("A process of the server ended (%s).", os.waitstatus_to_exitcode(status))
            if time.monotonic() - begun < TOO_SOON:
                code = 1
                self.end()
            else:
                self.begin(part)
        return code


def _live(part: Part, alive: int) -> NoReturn:
    """The life of a child."""

    def end(*_signal: object) -> NoReturn:
        raise SystemExit(0)

    def orphaned() -> None:
        os.read(alive, 1)
        os.kill(os.getpid(), signal.SIGTERM)

    code = 1
    try:
        signal.signal(signal.SIGTERM, end)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches the parent too, which tells everybody
        threading.Thread(target=orphaned, name="parent", daemon=True).start()
        part()
        code = 0
    except SystemExit:
        code = 0
    except BaseException:
        log.exception("A process of the server broke.")
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
