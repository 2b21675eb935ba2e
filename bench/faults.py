"""The corpus of runs with injected faults: each has to be named, with a fitting decision, and nothing may contradict the truth.

python bench/faults.py CORPUS [CORPUS …] [--part tune|publish|all] [--log-only] [--verbose]

CORPUS is what `python bench/corpus --out CORPUS` generated (PyTorch, six minutes).
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml
from judged import said_of_all, share
from readings import mistakes

TRUTH = Path(__file__).parent / "corpus" / "truth.yaml"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpora", type=Path, nargs="+", metavar="CORPUS")
    parser.add_argument("--part", choices=["tune", "publish", "all"], default="publish")
    parser.add_argument("--log-only", action="store_true", help="leave out what an engineer states beside the log")
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    truth = {name: spec for name, spec in yaml.safe_load(TRUTH.read_text("utf-8")).items() if options.part in ("all", spec["part"])}
    runs = [corpus / name for corpus in options.corpora for name in truth if (corpus / name).is_dir()]
    answers = dict(zip(runs, said_of_all([_given(run, options.log_only) for run in runs]), strict=True))
    wrong = {run: mistakes(answers[run], truth[run.name]) for run in runs}
    for run, found in wrong.items():
        if found or options.verbose:
            said = answers[run]
            print(f"{run}: {'; '.join(found) or 'as it is'}")
            diagnoses = ", ".join(f"{key} ({severity} {rule})" for key, (severity, rule) in said.diagnoses.items())
            print(f"    {said.verdict}: {diagnoses} → {', '.join(said.decisions)}")
    faulty = [run for run in runs if "expect" in truth[run.name]]
    healthy = [run for run in runs if truth[run.name].get("quiet") and "expect" not in truth[run.name]]
    kinds = len({truth[run.name]["kind"] for run in faulty})
    shown = f"{options.part}, the logs alone" if options.log_only else options.part
    print(f"| runs that were trained here ({shown}) | |\n|---|---|")
    print(f"| faults of {kinds} kinds, named | {_count(wrong, faulty, 'none of', 'refused')} |")
    print(f"| of them with a fitting decision | {_count(wrong, faulty, 'no decision', 'refused')} |")
    print(f"| of them without anything that contradicts the truth | {_count(wrong, faulty, 'contradicts', 'refused')} |")
    print(f"| healthy runs without an alarm of severity medium or above | {_count(wrong, healthy, 'alarm', 'contradicts', 'refused')} |")


def _given(run: Path, log_only: bool) -> list[str]:
    return [str(file) for file in sorted(run.iterdir()) if file.name != "facts.yaml"] if log_only else [str(run)]


def _count(wrong: Mapping[Path, list[str]], runs: Sequence[Path], *kinds: str) -> str:
    return share(sum(not any(item.startswith(kinds) for item in wrong[run]) for run in runs), len(runs))


if __name__ == "__main__":
    main()
