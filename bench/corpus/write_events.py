"""TensorBoard event files, framed by tensorboardX; times come from the run's clock, so that the file is the same each time."""

from __future__ import annotations

from pathlib import Path

from numbers_shown import wall
from record import Record
from tensorboardX.proto.event_pb2 import Event
from tensorboardX.proto.summary_pb2 import Summary
from tensorboardX.record_writer import RecordWriter


def events(folder: Path, sessions: list[Record]) -> str:
    path = folder / "log.tfevents"
    path.unlink(missing_ok=True)
    writer = RecordWriter(str(path))
    writer.write(Event(wall_time=wall(0), file_version="brain.Event:2").SerializeToString())
    for record in sessions:
        for row in record.rows:
            for name, value in row.values.items():
                tag = name if "/" in name else f"{'train' if row.split == 'train' else 'val'}/{name}"
                summary = Summary(value=[Summary.Value(tag=tag, simple_value=value)])
                writer.write(Event(wall_time=wall(row.seconds), step=row.step, summary=summary).SerializeToString())
    writer.close()
    return "val/{}"
