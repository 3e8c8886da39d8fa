"""A load generator that costs little: keep-alive HTTP/1.1 over plain sockets, one request at a time per client.

    python -m bench.load PORT SECONDS CLIENTS < requests.json     ->     {"answers": n, "p50_ms": …, "p99_ms": …}

Standard input holds a list of {"headers": {...}, "body": "..."}; client i sends request i modulo the list, again and
again, each time under a new idempotency key. Anything but 201 ends the run with the answer.
"""

import asyncio
import json
import sys
import time

import uuid_utils


async def client(port: int, request: dict[str, object], until: float, taken: list[float]) -> None:
    """Send until the time is up; `taken` gets the seconds of each answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    body = str(request["body"]).encode()
    fixed = "".join(f"{k}: {v}\r\n" for k, v in dict(request["headers"]).items())  # type: ignore[call-overload]
    head = f"POST /api/v1/cases HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: {len(body)}\r\n{fixed}"
    while time.perf_counter() < until:
        begun = time.perf_counter()
        key = uuid_utils.uuid7()
        writer.write(f"{head}Idempotency-Key: {key}\r\n\r\n".encode() + body)
        status = await reader.readline()
        length = 0
        while (line := await reader.readline()) != b"\r\n":
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        answer = await reader.readexactly(length)
        if b" 201 " not in status:
            raise SystemExit(f"{status.decode()}{answer.decode()}")
        taken.append(time.perf_counter() - begun)
    writer.close()


async def main() -> None:
    """Run all clients for the time and print the figures."""
    port, seconds, clients = int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])
    requests = json.load(sys.stdin)
    taken: list[float] = []
    begun = time.perf_counter()
    until = begun + seconds
    await asyncio.gather(*(client(port, requests[n % len(requests)], until, taken) for n in range(clients)))
    spent = time.perf_counter() - begun
    taken.sort()
    figures = {
        "answers": len(taken),
        "per_second": len(taken) / spent,
        "p50_ms": taken[len(taken) // 2] * 1000,
        "p99_ms": taken[int(len(taken) * 0.99)] * 1000,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    asyncio.run(main())
