"""A small HTTP client for measuring: keep-alive connections on asyncio, so that the client costs less than the server."""

import asyncio
import re
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

TOKEN = re.compile(rb'name="csrf_token" value="([^"]+)"')


@dataclass
class Answer:
    """What came back, and how many seconds it took from the first byte sent to the last received."""

    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float


@dataclass
class Client:
    """One person's browser: a connection and the cookies it was given."""

    host: str
    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    reader: asyncio.StreamReader | None = None
    writer: asyncio.StreamWriter | None = None

    async def get(self, path: str) -> Answer:
        return await self._send("GET", path, b"")

    async def post(self, path: str, **fields: str) -> Answer:
        return await self._send("POST", path, urlencode(fields).encode())

    async def submit(self, page: str, path: str, **fields: str) -> Answer:
        """Open a page for its forgery token, then post the form."""
        found = TOKEN.search((await self.get(page)).body)
        assert found, f"{page} has no form"
        return await self.post(path, csrf_token=found[1].decode(), **fields)

    def close(self) -> None:
        if self.writer:
            self.writer.close()

    async def _send(self, method: str, path: str, body: bytes) -> Answer:
        begun = time.perf_counter()
        if (
            self.writer is None or self.writer.is_closing() or (self.reader and self.reader.at_eof())
        ):  # or closed while idle
            self.reader, self.writer = await asyncio.open_connection(self.host, self.port)
        assert self.reader
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self.host}:{self.port}", "Accept-Language: ko"]
        if self.cookies:
            lines.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        if method == "POST":
            lines += [f"Content-Length: {len(body)}", "Content-Type: application/x-www-form-urlencoded"]
        self.writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers: dict[str, str] = {}
        for line in head[1:]:
            name, _colon, value = line.partition(": ")
            if name.lower() == "set-cookie":
                key, _equals, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
            elif name:
                headers[name.lower()] = value
        content = await self._body(headers)
        if headers.get("connection", "").lower() == "close":
            self.writer.close()
        return Answer(int(head[0].split(" ")[1]), headers, content, time.perf_counter() - begun)

    async def _body(self, headers: dict[str, str]) -> bytes:
        assert self.reader
        if headers.get("transfer-encoding") == "chunked":
            parts = []
            while size := int((await self.reader.readline()).strip() or b"0", 16):
                parts.append(await self.reader.readexactly(size))
                await self.reader.readline()
            await self.reader.readline()
            return b"".join(parts)
        return await self.reader.readexactly(int(headers.get("content-length", "0")))
