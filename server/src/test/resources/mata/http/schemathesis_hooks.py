"""What JSON Schema cannot say about our requests: pictures are pictures, and a template has its braces once."""

import base64
import struct
import zlib

import schemathesis
from hypothesis import strategies as st


def png(width, height):
    """A grey PNG."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\x00" + bytes([120]) * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


pictures = st.builds(png, st.integers(1, 40), st.integers(1, 40))
texts = st.text(st.characters(min_codepoint=97, max_codepoint=122), max_size=10)

schemathesis.openapi.format("picture", pictures.map(lambda data: base64.b64encode(data).decode()))
schemathesis.openapi.format("binary", pictures)
schemathesis.openapi.format("prompt-template", st.builds("{0}{{}}{1}".format, texts, texts))
schemathesis.openapi.media_type("image/png", pictures)


@schemathesis.hook
def filter_case(context, case):
    """Leaves out what is sound as such, but not for the model it names, or not within the server's limits."""
    if not case.operation.path.startswith("/v1/infer"):
        return True
    if (case.media_type or "").startswith("image/"):
        return "model" in (case.query or {})
    body = case.body
    if not isinstance(body, dict):
        return True
    model, task, params = body.get("model"), body.get("task"), body.get("params")
    if task is not None and model != f"test/{task}":
        return False
    size = params.get("target_size") if isinstance(params, dict) else None
    return not (
        isinstance(size, list)
        and len(size) == 2
        and all(isinstance(side, int) for side in size)
        and size[0] * size[1] > 64_000_000
    )
