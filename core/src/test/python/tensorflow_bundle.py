"""Reads the tensors of a TensorFlow checkpoint without TensorFlow: numpy views by name.

Only what the fixtures need: an uncompressed index (LevelDB's table format), one data file, float32. Checksums are not compared.
"""

from __future__ import annotations

import numpy


def varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def block(table: bytes, offset: int, size: int) -> list[tuple[str, bytes]]:
    data = table[offset : offset + size]
    end = size - 4 - 4 * int.from_bytes(data[-4:], "little")
    at, key, entries = 0, b"", []
    while at < end:
        shared, at = varint(data, at)
        added, at = varint(data, at)
        length, at = varint(data, at)
        key = key[:shared] + data[at : at + added]
        at += added
        entries.append((key.decode(), data[at : at + length]))
        at += length
    return entries


def fields(message: bytes) -> list[tuple[int, int | bytes]]:
    at, found = 0, []
    while at < len(message):
        tag, at = varint(message, at)
        if tag & 7 == 0:
            value, at = varint(message, at)
        elif tag & 7 == 2:
            length, at = varint(message, at)
            value, at = message[at : at + length], at + length
        else:
            assert tag & 7 == 5, tag
            value, at = int.from_bytes(message[at : at + 4], "little"), at + 4
        found.append((tag >> 3, value))
    return found


def read(index: bytes, data: bytes) -> dict[str, numpy.ndarray]:
    footer, at = index[-48:], 0
    handles = []
    for _ in range(4):
        value, at = varint(footer, at)
        handles.append(value)
    tensors = {}
    for _, handle in block(index, *handles[2:]):
        offset, at = varint(handle, 0)
        size, _ = varint(handle, at)
        for name, entry in block(index, offset, size):
            if not name:
                continue
            parts = fields(entry)
            sizes = [dict(fields(d))[1] for n, s in parts if n == 2 for m, d in fields(s) if m == 2]
            numbers = dict((n, v) for n, v in parts if n != 2)
            assert numbers[1] == 1 and numbers.get(3, 0) == 0, "float32 in one data file"
            flat = numpy.frombuffer(data, "<f4", numbers[5] // 4, numbers.get(4, 0))
            tensors[name] = flat.reshape(sizes)
    return tensors
