"""Width, height and length from the head of an MP4 file, and whether it is one at all."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

_KNOWN = (b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"dash")


@dataclass(frozen=True, slots=True)
class Video:
    """Pixels and whole seconds; zeros where the file does not tell."""

    mime: str
    width: int
    height: int
    seconds: int


def recognize(content: bytes) -> Video | None:
    """None when the bytes are not an MP4."""
    try:
        return _video(content) if content[4:8] == b"ftyp" and content[8:12] in _KNOWN else None
    except (struct.error, ZeroDivisionError):
        return None


def _video(content: bytes) -> Video:
    seconds = width = height = 0
    for kind, body in _boxes(content):
        if kind != b"moov":
            continue
        for part, inside in _boxes(body):
            if part == b"mvhd":
                seconds = _seconds(inside)
            elif part == b"trak":
                shown = next((track for name, track in _boxes(inside) if name == b"tkhd"), b"")
                found = _size(shown)
                width, height = max(width, found[0]), max(height, found[1])
    return Video("video/mp4", width, height, seconds)


def _boxes(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    position = 0
    while position + 8 <= len(content):
        size, kind = struct.unpack(">I4s", content[position : position + 8])
        head = 8
        if size == 1:
            (size,) = struct.unpack(">Q", content[position + 8 : position + 16])
            head = 16
        end = position + size if size else len(content)
        if end < position + head:
            return
        yield kind, content[position + head : end]
        position = end


def _seconds(header: bytes) -> int:
    """Of a movie header: its clock's ticks a second, and how many of them it lasts."""
    form, start = (">IQ", 20) if header[:1] == b"\x01" else (">II", 12)
    scale, length = (int(each) for each in struct.unpack(form, header[start : start + struct.calcsize(form)]))
    return round(length / scale)


def _size(header: bytes) -> tuple[int, int]:
    """Of a track header: its last two numbers, with 16 bits behind the point."""
    if len(header) < 8:
        return 0, 0
    width, height = struct.unpack(">II", header[-8:])
    return width >> 16, height >> 16
