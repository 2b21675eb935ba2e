"""Writes what is generated from the examples: the plan of each facts file and log, the excerpt in the README, and what the guide for users shows.

Run by `make generate`; `tests/test_generated.py` checks that nothing is stale.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from advise import Advisor, Plan
from advise.render import render

HOME = Path(__file__).resolve().parent
REPOSITORY = HOME.parent
README = REPOSITORY / "README.md"
GUIDE = REPOSITORY / "docs" / "users.md"
# The log of which the README shows the plan: the one that `make demo` reads.
SHOWN = "nan-hidden-hf-log-of-zero"
FACTS = re.compile(r"^```yaml\n(# (\S+\.yaml)\n.*?)^```$", re.MULTILINE | re.DOTALL)
SESSION = re.compile(r"^```console\n\$ advise (.*)\n(?:.*\n)*?```$", re.MULTILINE)
BEGIN, END = "<!-- begin generated: {name} -->", "<!-- end generated: {name} -->"


def generated() -> Iterator[tuple[Path, str]]:
    """Every generated file below `examples/`, the README and the guide for users, with what belongs in it."""
    os.chdir(REPOSITORY)  # origins in a plan are shown relative to where it was asked for
    advisor = Advisor()
    for log in sorted(HOME.glob("logs/*/")):
        plan = advisor.advise(log.relative_to(REPOSITORY))
        yield log / "plan.json", plan.to_json() + "\n"
        yield log / "plan.md", _markdown(plan, advisor)
        if log.name == SHOWN:
            yield README, with_excerpt(README.read_text(encoding="utf-8"), "plan", _excerpt(plan, advisor))
    for facts in sorted(HOME.glob("*/*.yaml")):
        # In the order of names facts.yaml comes before the follow-ups, which read its plan.
        plan = advisor.advise(facts.relative_to(REPOSITORY))
        stem = "plan" if facts.stem == "facts" else f"{facts.stem}.plan"
        yield facts.with_name(f"{stem}.json"), plan.to_json() + "\n"
        yield facts.with_name(f"{stem}.md"), _markdown(plan, advisor)
    yield GUIDE, _with_sessions(GUIDE.read_text(encoding="utf-8"))


def _with_sessions(text: str) -> str:
    """The guide, with what each command that it shows says about the facts that it shows."""
    with TemporaryDirectory() as folder:
        for facts, name in FACTS.findall(text):
            (Path(folder) / name).write_text(facts, encoding="utf-8")
        return SESSION.sub(lambda match: f"```console\n$ advise {match[1]}\n{_said(match[1], folder)}```", text)


def _said(arguments: str, folder: str) -> str:
    environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": "100"}
    command = [sys.executable, "-m", "advise", *shlex.split(arguments)]
    return subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True, text=True).stdout  # noqa: S603


def _markdown(plan: Plan, advisor: Advisor) -> str:
    return render(plan, advisor.knowledge.strings, "md", "both")


def _excerpt(plan: Plan, advisor: Advisor) -> str:
    """What is read first, without what folds, as a quotation."""
    above, _, _ = render(plan, advisor.knowledge.strings, "md", "en").partition("<details>")
    return "\n".join(f"> {line}".rstrip() for line in above.rstrip().splitlines())


def with_excerpt(text: str, name: str, excerpt: str) -> str:
    """The text with what stands between the markers of `name` replaced."""
    begin, end = BEGIN.format(name=name), END.format(name=name)
    before, _, rest = text.partition(begin)
    _, _, after = rest.partition(end)
    return f"{before}{begin}\n{excerpt}\n{end}{after}"


if __name__ == "__main__":
    for path, text in generated():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(f"written: {path.relative_to(REPOSITORY)}")  # noqa: T201
