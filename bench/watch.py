"""What `advise watch` takes of a core, and of memory, on a log that grows by a line a second for days: the clock is simulated, the work is not.

Half an hour is watched at each age of the log. The log is written by this process too; its share of the time is measured apart and left out.
"""

from __future__ import annotations

import argparse
import math
import random
import resource
import tempfile
import time
from pathlib import Path

from advise import Advisor
from advise.infer.driver import MANY_PLANS
from advise.live.watch.source import Reading, source_of
from advise.live.watch.watch import Watch

SECONDS = 1800
HOUR = 3600
EVALUATED_EVERY = 1000


class Trainer:
    """Writes a healthy log, a line at a time."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", encoding="utf-8", buffering=1 << 16)
        self._drawn = random.Random(0)
        self.step = 0

    def write(self, count: int) -> float:
        """Take so many steps; the seconds of a core that it took."""
        began = time.process_time()
        for _ in range(count):
            self.step += 1
            loss = 2 * math.exp(-self.step / 50_000) + 1 + self._drawn.gauss(0, 0.02)
            norm = abs(self._drawn.gauss(1, 0.2))
            self._file.write(f"2026-12-01 12:00:00 step {self.step} | train loss {loss:.4f} | lr 1.00e-03 | grad_norm {norm:.3f}\n")
            if self.step % EVALUATED_EVERY == 0:
                self._file.write(f"step {self.step} | val loss {loss + 0.1:.4f} | val acc {1 - loss / 4:.4f}\n")
        self._file.flush()
        return time.process_time() - began


def main() -> None:
    """Measure, and print a row for each age."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hours", type=float, nargs="+", default=[1, 24, 72, 240], help="the ages of the log")
    hours = parser.parse_args().hours
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "train.log"
        trainer, clock = Trainer(log), [0.0]
        watch = Watch(Advisor(engine=MANY_PLANS), source_of(str(log)), Reading(), now=lambda: clock[0])
        print("| age of the log, h | share of a core | peak memory, MB | log, MB | told |\n|---|---|---|---|---|")
        for age in sorted(hours):
            trainer.write(max(0, int(age * HOUR) - trainer.step))
            clock[0] = max(clock[0] + 1, float(trainer.step))
            events = list(watch.poll())
            began, writing = time.process_time(), 0.0
            for _ in range(SECONDS):
                writing += trainer.write(1)
                clock[0] += 1
                events += watch.poll()
            share = (time.process_time() - began - writing) / SECONDS
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            alarms = [event.finding.id for event in events if event.finding is not None and event.finding.severity in ("high", "medium")]
            print(f"| {age:g} | {share:.2%} | {memory:.0f} | {log.stat().st_size / 1024**2:.0f} | {', '.join(alarms) or 'nothing'} |", flush=True)
        watch.source.close()


if __name__ == "__main__":
    main()
