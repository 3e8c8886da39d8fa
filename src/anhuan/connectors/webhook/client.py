"""Sends a body to an address that is not trusted: TLS unless set otherwise, and no way into one's own network.

The name is resolved once, every address of it is looked at, and the connection goes to an address that was looked at: a
name that answers otherwise the next time leads nowhere else. Redirects are answers like any other and are not followed.
Proxies of the environment are not used.
"""

import asyncio
import http.client
import socket
import ssl
from collections.abc import Sequence
from datetime import datetime
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from anhuan.connectors.webhook.signing import signature
from anhuan.ports.deliveries import Delivery, Undelivered, Webhook

TIMEOUT_S = 10.0
ANSWER_BYTES_MOST = 64 * 1024
"""More of an answer is not read; nothing of it is used but its status."""

Address = IPv4Address | IPv6Address


class HttpSender:
    """`ports.deliveries.Sender` over HTTP/1.1."""

    def __init__(self, networks: str = "", *, plain_http: bool = False, trusted: ssl.SSLContext | None = None) -> None:
        self._networks: list[IPv4Network | IPv6Network] = [
            ip_network(part.strip()) for part in networks.split(",") if part.strip()
        ]
        self._plain_http = plain_http
        self._trusted = trusted

    async def send(self, webhook: Webhook, delivery: Delivery, at: datetime) -> None:
        """Returns once the other system answered 2xx. Raises Undelivered."""
        url = self._looked_at(webhook.url)
        body = delivery.body.encode()
        timestamp = int(at.timestamp())
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "Anhuan-Webhook/1",
            "X-Anhuan-Delivery": delivery.id,
            "X-Anhuan-Timestamp": str(timestamp),
            "X-Anhuan-Signature": signature(webhook.secret, timestamp, body),
        }
        status = await asyncio.to_thread(self._post, url, body, headers)
        if not 200 <= status < 300:
            raise Undelivered(f"{url.hostname} answered {status}")

    def _looked_at(self, text: str) -> SplitResult:
        try:
            url = urlsplit(text)
            port = url.port
        except ValueError as error:
            raise Undelivered(f"the address cannot be read: {error}") from None
        if url.scheme != "https" and not (url.scheme == "http" and self._plain_http):
            raise Undelivered("only https is called (ANHUAN_WEBHOOK_HTTP allows http)")
        if not url.hostname or url.username is not None or port == 0:
            raise Undelivered("the address needs a host, and no user in it")
        return url

    def _post(self, url: SplitResult, body: bytes, headers: dict[str, str]) -> int:
        host = url.hostname or ""
        port = url.port or (443 if url.scheme == "https" else 80)
        path = (url.path or "/") + (f"?{url.query}" if url.query else "")
        try:
            connection = self._connect(url.scheme, host, port)
            try:
                connection.request("POST", path, body, headers)
                answer = connection.getresponse()
                answer.read(ANSWER_BYTES_MOST)
                return answer.status
            finally:
                connection.close()
        except (OSError, http.client.HTTPException) as error:
            raise Undelivered(f"{host} could not be reached: {type(error).__name__}: {error}") from error

    def _connect(self, scheme: str, host: str, port: int) -> http.client.HTTPConnection:
        """A connection to an address of the host's that was looked at."""
        addresses = [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        self._refuse_private(host, addresses)
        raw = socket.create_connection((addresses[0], port), TIMEOUT_S)
        connection = http.client.HTTPConnection(host, port, timeout=TIMEOUT_S)
        try:
            context = self._trusted or ssl.create_default_context()
            connection.sock = context.wrap_socket(raw, server_hostname=host) if scheme == "https" else raw
        except BaseException:
            raw.close()
            raise
        return connection

    def _refuse_private(self, host: str, addresses: Sequence[str]) -> None:
        for text in addresses:
            address = _plain(ip_address(text.partition("%")[0]))
            allowed = any(address.version == net.version and address in net for net in self._networks)
            if not allowed and (not address.is_global or address.is_multicast):
                raise Undelivered(
                    f"{host} is {address}, which is no public address (ANHUAN_WEBHOOK_NETWORKS allows some)"
                )


def _plain(address: Address) -> Address:
    """An IPv4 address that is written as an IPv6 one is judged as what it is."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
