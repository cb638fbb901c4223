"""The servers of one installation, as `lms serve` runs them: killed ones come back, all end together."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path

import pytest
import waitress

from lms.kit import front, jobs, serving

LMS = Path(sys.executable).parent / "lms"
PATIENCE = 30


@pytest.fixture
def family():
    """A parent with two children that answer each connection with their number and one that waits; told to end at last."""
    program = """
import json, os, socket, sys, threading
from lms.kit import serving
serving.TOO_SOON = float(sys.argv[1])
door = serving.listening("127.0.0.1", 0)

def answer():
    while True:
        caller, _address = door.accept()
        caller.sendall(str(os.getpid()).encode())
        caller.close()

print(json.dumps(door.getsockname()[1]), flush=True)
sys.exit(serving.run([answer, answer, threading.Event().wait]))
"""
    started = []

    def start(too_soon="0"):
        parent = subprocess.Popen([sys.executable, "-c", program, too_soon], stdout=subprocess.PIPE)
        started.append(parent)
        return parent, json.loads(parent.stdout.readline())

    yield start
    for parent in started:
        parent.terminate()
        assert parent.wait(PATIENCE) is not None
        parent.stdout.close()


def called(port):
    """The process that answered, or None where nobody does any more."""
    try:
        with socket.create_connection(("127.0.0.1", port), PATIENCE) as caller:
            return int(caller.recv(20) or 0)
    except OSError:
        return None


def test_a_killed_process_is_begun_anew_and_all_end_together(family):
    parent, port = family()
    killed = called(port)
    os.kill(killed, signal.SIGKILL)
    answers = [called(port) for _call in range(200)]
    assert None not in answers
    parent.terminate()
    assert parent.wait(PATIENCE) == 0
    assert called(port) is None


def test_children_end_when_their_parent_is_killed(family):
    parent, port = family()
    parent.kill()
    parent.wait(PATIENCE)
    parent.stdout.read()  # ends when the last child has let go of it
    assert called(port) is None


def test_what_would_end_again_at_once_ends_all(family):
    parent, port = family("3600")
    os.kill(called(port), signal.SIGKILL)
    assert parent.wait(PATIENCE) == 1
    assert called(port) is None


def test_a_key_reaches_the_process_that_does_later_work():
    told, seen = threading.Event(), []
    bell, ring = os.pipe()
    before = jobs._send
    try:
        jobs.ring(ring)
        keys = [jobs.new_key(), jobs.new_key()]
        for key in keys:
            jobs.send(key)
        jobs.send_by(lambda key: (seen.append(key), told.set() if len(seen) == 2 else None))
        os.close(ring)
        jobs.Runner.listen(None, bell)
        assert told.is_set()
        assert seen == keys
    finally:
        jobs.send_by(before)
        os.close(bell)


def test_the_product_is_served_by_several_processes(tmp_path):
    door = serving.listening("127.0.0.1", 0)
    port = door.getsockname()[1]
    environment = {**os.environ, "LMS_DATA_DIR": str(tmp_path), "LMS_BIND": f"127.0.0.1:{port}", "LMS_PROCESSES": "2"}
    environment.pop("LMS_DATABASE_URL", None)
    subprocess.run([LMS, "init"], env=environment, check=True, capture_output=True)
    taken = subprocess.run([LMS, "serve"], env=environment, capture_output=True, text=True, timeout=PATIENCE)
    assert (taken.returncode, "cannot be used" in taken.stderr) == (1, True)
    door.close()
    served = subprocess.Popen([LMS, "serve"], env=environment, stdout=subprocess.PIPE)
    try:
        assert b"Serving on" in served.stdout.readline()
        for _visit in range(8):
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/cohorts", timeout=PATIENCE) as answer:
                assert answer.status == 200
    finally:
        served.terminate()
        assert served.wait(PATIENCE) == 0
        served.stdout.close()


@pytest.mark.parametrize("language,words", [("ko", "너무 커요"), ("en-GB,en;q=0.9", "That is too large")])
def test_a_body_too_large_to_be_read_is_refused_with_a_page(app, language, words):
    server = waitress.create_server(app, host="127.0.0.1", port=0, threads=1, ident=None, max_request_body_size=1000)
    front.speak(server, front.too_large(app))
    threading.Thread(target=server.run, daemon=True).start()
    head = f"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nAccept-Language: {language}\r\nContent-Length: 2147483648\r\n\r\n"
    try:
        with socket.create_connection(("127.0.0.1", server.effective_port), PATIENCE) as caller:
            caller.sendall(head.encode())
            with caller.makefile("rb") as answer:
                said = answer.read()
    finally:
        server.close()
    told, _gap, body = said.partition(b"\r\n\r\n")
    assert told.startswith(b"HTTP/1.1 413 ")
    assert b"Set-Cookie" not in told
    assert b"Content-Security-Policy" in told
    assert words in body.decode().partition("<h1>")[2].partition("</h1>")[0]
