"""A mail provider that costs next to nothing: takes any POST on 127.0.0.1 and answers as SendGrid does.

It prints its port and runs until its standard input ends.
"""

import asyncio
import sys

ANSWER = b"HTTP/1.1 202 Accepted\r\nX-Message-Id: %08d\r\nContent-Length: 0\r\n\r\n"


class Sink(asyncio.Protocol):
    """One connection; requests come one after the other."""

    taken = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.rest = b""

    def data_received(self, data: bytes) -> None:
        self.rest += data
        while (end := self.rest.find(b"\r\n\r\n")) >= 0:
            head = self.rest[:end].lower()
            at = head.find(b"content-length:")
            length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
            if len(self.rest) < end + 4 + length:
                return
            self.rest = self.rest[end + 4 + length :]
            Sink.taken += 1
            self.transport.write(ANSWER % Sink.taken)


async def main() -> None:
    """Serve until nobody holds our input any more."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Sink, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(main())
