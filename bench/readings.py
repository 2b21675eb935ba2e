"""The logs that an expert has read: what he sees has to be said, and nothing that contradicts him.

python bench/readings.py [--part tune|publish|all] [--verbose]
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from judged import DATA, Said, said_of_all, share

TRUTH = Path(__file__).with_name("readings.yaml")
LOUD = ("high", "medium")


def mistakes(said: Said, truth: Mapping[str, Any]) -> list[str]:
    found = []
    if "refused" in truth:
        return [] if truth["refused"] in said.error else [f"not refused: {said.error or said.verdict}"]
    if said.error:
        return [f"refused: {said.error}"]
    if "expect" in truth and not said.ids & set(truth["expect"]):
        found.append(f"none of {truth['expect']}")
    if "fitting" in truth and not said.ids & set(truth["fitting"]):
        found.append(f"no decision of {truth['fitting']}")
    found += [f"contradicts: {name}" for name in sorted(said.ids & set(truth.get("forbidden", [])))]
    if truth.get("quiet"):
        found += [f"alarm: {name}" for name in said.of_severity(*LOUD) if name not in truth.get("allowed", [])]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--part", choices=["tune", "publish", "all"], default="publish")
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    truth = {name: spec for name, spec in yaml.safe_load(TRUTH.read_text("utf-8")).items() if options.part in ("all", spec["part"])}
    answers = dict(zip(truth, said_of_all([[str(DATA / name)] for name in truth]), strict=True))
    wrong = {name: mistakes(answers[name], spec) for name, spec in truth.items()}
    for name, found in wrong.items():
        if found or options.verbose:
            said = answers[name]
            print(f"{name}: {'; '.join(found) or 'as read'}")
            diagnoses = ", ".join(f"{key} ({severity})" for key, (severity, _) in said.diagnoses.items())
            print(f"    {said.verdict}: {diagnoses} → {', '.join(said.decisions)}")
    contradicted = [name for name, found in wrong.items() if any(item.startswith(("contradicts", "alarm")) for item in found)]
    named = [name for name, found in wrong.items() if not any(item.startswith(("none of", "no decision", "refused")) for item in found)]
    print(f"| logs read by an expert ({options.part}) | |\n|---|---|")
    print(f"| read, and his reading said with a fitting decision | {share(len(named), len(truth))} |")
    print(f"| contradicted, or alarmed without need | {share(len(contradicted), len(truth))} |")


if __name__ == "__main__":
    main()
