"""The laboratory's faults with the observer in the loop: `python bench/lab/observed.py RUNS [--half tuned|score] [--each N]`.

The first steps of recorded runs are trained anew, the observer watching, and its record is judged alone. A fault of the implementation is one
that the loop itself shows (labels, loss, optimizer, modes, clearing); the others may need the whole course. Healthy twins are watched alike.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from spec import Spec
from torch.utils.data import TensorDataset
from training import Training
from truth import Record, is_harmful, is_healthy, names_of_faults, records_in, spreads

from advise import Advisor
from advise.live import Observer

IMPLEMENTATION = frozenset(
    {
        "label_out_of_range",
        "double_softmax",
        "logits_as_log_probabilities",
        "nothing_optimized",
        "last_bias_optimized",
        "loss_detached",
        "gradients_not_cleared",
        "dev_in_train_mode",
        "dev_in_train",
    }
)
LOUD = ("high", "medium")


class Watched(Training):
    """A training that is watched, and stops after a few steps."""

    def __init__(self, spec: Spec, path: Path) -> None:
        super().__init__(spec)
        sets = [
            TensorDataset(x, y) if isinstance(y, torch.Tensor) else None
            for x, y in ((self.data.train_x, self.data.train_y), (self.data.dev_x, self.data.dev_y))
        ]
        self.watch = Observer(self.model, self.optimizer, path, train=sets[0], dev=sets[1])

    def _step(self, step: int, batches: Any) -> Any:
        values = super()._step(step, batches)
        self.watch.step(values["loss"])
        return values

    def _evaluate(self, step: int) -> None:
        super()._evaluate(step)
        row = self.evaluations[-1]
        self.watch.evaluated({name.replace("/", "_"): value for name, value in row.items() if name.startswith("dev/")})


@dataclass(frozen=True, slots=True)
class Seen:
    fault: str | None
    loud: frozenset[str]


def seen(fault: str | None, run: dict[str, Any], steps: int, advisor: Advisor) -> Seen:
    spec = Spec(**run["spec"]).but(stop_at=steps, eval_every=max(1, steps // 3))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "advise.jsonl"
        training = Watched(spec, path)
        ending = training._through()
        error = IndexError(ending.removeprefix("IndexError: ")) if ending.startswith("IndexError") else None
        training.watch.__exit__(type(error) if error else None, error, None)
        plan = advisor.advise(str(path))
    return Seen(fault, frozenset(item.id for item in plan.diagnoses if item.severity in LOUD))


def table(found: Iterable[Seen]) -> str:
    truth = names_of_faults()
    rows: dict[str | None, list[bool]] = defaultdict(list)
    for each in found:
        rows[each.fault].append(bool(each.loud & truth[each.fault].names) if each.fault else not each.loud)
    lines = ["| fault | named in the first steps |", "|---|---|"]
    order = sorted((fault for fault in rows if fault), key=lambda fault: (fault not in IMPLEMENTATION, fault))
    lines += [
        f"| {'**' if fault in IMPLEMENTATION else ''}{fault}{'**' if fault in IMPLEMENTATION else ''} | {sum(rows[fault])}/{len(rows[fault])} |"
        for fault in order
    ]
    for title, chosen in (("of the implementation", [f for f in order if f in IMPLEMENTATION]), ("all", order)):
        hits = [hit for fault in chosen for hit in rows[fault]]
        lines.append(f"| {title} | {sum(hits)}/{len(hits)} ({sum(hits) / max(1, len(hits)):.1%}) |")
    quiet = rows[None]
    lines.append(f"| healthy, quiet | {sum(quiet)}/{len(quiet)} ({sum(quiet) / max(1, len(quiet)):.1%}) |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("runs", type=Path)
    parser.add_argument("--half", choices=["tuned", "score"], default="tuned")
    parser.add_argument("--each", type=int, default=6, help="runs of each fault")
    parser.add_argument("--healthy", type=int, default=60)
    parser.add_argument("--steps", type=int, default=50)
    parser.add_argument("--show", action="store_true", help="what was said, of the tuned half alone")
    options = parser.parse_args()
    torch.set_num_threads(1)
    advisor = Advisor(engine="plain")
    records: list[Record] = [record for record in records_in(options.runs) if record["half"] == options.half]
    spread = spreads(records)
    counts: Counter[str | None] = Counter()
    found: list[Seen] = []
    for record in records:
        fault = record["fault"]
        if fault is not None and counts[fault] < options.each and (fault in IMPLEMENTATION or is_harmful(record, spread)):
            counts[fault] += 1
            found.append(seen(fault, record["run"], options.steps, advisor))
            if options.show and options.half == "tuned":
                print(fault, sorted(found[-1].loud), flush=True)
        if counts[None] < options.healthy and is_healthy(record["twin"]):
            counts[None] += 1
            found.append(seen(None, record["twin"], options.steps, advisor))
            if options.show and options.half == "tuned" and found[-1].loud:
                print("HEALTHY", record["twin"]["spec"].get("task"), record["twin"]["spec"].get("network"), sorted(found[-1].loud), flush=True)
    print(f"{len(found)} trainings of the {options.half} half, {options.steps} steps each, judged by the observer's record alone.\n")
    print(table(found))


if __name__ == "__main__":
    main()
