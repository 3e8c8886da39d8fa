"""How a body is signed, and how whoever receives it looks whether it is ours.

    X-Anhuan-Timestamp: 1790244000
    X-Anhuan-Signature: v1=<hex of HMAC-SHA256(secret, timestamp + "." + body)>

The receiver computes the same over the bytes as they came, compares in constant time, and refuses a timestamp that is
more than five minutes away: what was recorded on the way cannot be sent again later.
"""

import hmac


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """The value of `X-Anhuan-Signature`. `timestamp` in whole seconds since 1970, UTC."""
    signed = b"%d." % timestamp + body
    return f"v1={hmac.digest(secret.encode(), signed, 'sha256').hex()}"
