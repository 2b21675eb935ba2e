"""How long an event file of 200,000 scalars takes to read, after the imports.

python bench/tensorboard.py [--scalars N]
"""

import argparse
import math
import os
import struct
import sys
import tempfile
import time

import google_crc32c

from advise.runlog.readers.tensorboard import _classes, read

TAGS = ("train/loss", "train/accuracy", "train/grad_norm", "lr", "val/loss")
BUDGET_SECONDS = 1.0


def framed(data: bytes) -> bytes:
    """A TFRecord."""
    length = struct.pack("<Q", len(data))
    return length + _checksum(length) + data + _checksum(data)


def _checksum(data: bytes) -> bytes:
    crc = google_crc32c.value(data)
    return struct.pack("<I", (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF)


def event(tag: str, step: int, value: float) -> bytes:
    """An event as PyTorch's SummaryWriter writes it: one scalar each."""
    message = _classes()["Event"](wall_time=1.7e9 + step, step=step)
    message.summary.value.add(tag=tag.encode(), simple_value=value)
    return framed(message.SerializeToString())


def write_events(path: str, scalars: int) -> None:
    """An event file of scalars, five each step."""
    with open(path, "wb") as stream:
        stream.write(framed(struct.pack("<Bd", 9, 1.7e9) + b"\x1a\x0dbrain.Event:2"))
        for index in range(scalars):
            stream.write(event(TAGS[index % len(TAGS)], index // len(TAGS), math.exp(-index / scalars)))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scalars", type=int, default=200_000)
    scalars = parser.parse_args().scalars
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "events.out.tfevents.1")
        write_events(path, scalars)
        taken = []
        for _ in range(5):
            start = time.perf_counter()
            (table,) = read(path, path)
            taken.append(time.perf_counter() - start)
        size = os.path.getsize(path)
    best = min(taken)
    print(f"{scalars} scalars, {size / 1e6:.1f} MB: {best:.2f} s (best of {len(taken)}, worst {max(taken):.2f}), {len(table.lines)} records")
    return 0 if best <= BUDGET_SECONDS * scalars / 200_000 else 1


if __name__ == "__main__":
    sys.exit(main())
