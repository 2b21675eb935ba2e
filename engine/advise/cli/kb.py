"""`advise kb …`: for whoever writes rules."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from advise.cli.new import new
from advise.cli.options import Rules
from advise.errors import KnowledgeError
from advise.files import note, write
from advise.terms import EntryKind

if TYPE_CHECKING:
    from advise.authoring.workbench import Workbench
    from advise.documents.problems import Problem

kb = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="For whoever writes rules: check, look up, generate, scaffold.")

kb.add_typer(new, name="new")

TopicsArgument = Annotated[list[str] | None, typer.Argument(metavar="[TOPIC…]", help="Only these rules, e.g. stability or stability/oscillation.")]
SymptomsOption = Annotated[bool, typer.Option("--symptoms", help="The symptoms of kb/symptoms.yaml instead.")]
CheckOption = Annotated[bool, typer.Option("--check", help="Write nothing; exit with 1 when what is committed is stale.")]


Shelf = Literal["rules", "facts", "decisions", "diagnoses", "checklist", "sources", "errata"]


def _workbench(rules: list[Path] | None, topics: list[str] | None = None) -> Workbench:
    from advise.authoring.workbench import Workbench
    from advise.knowledge.files import root_with

    return Workbench.open(root_with(rules or []), topics or ())


def _described(rules: list[Path] | None) -> str:
    from advise.knowledge.files import described, root_with

    return described(root_with(rules or []))


def _loaded(rules: list[Path] | None) -> Workbench:
    workbench = _workbench(rules)
    if workbench.base is None or workbench.problems:
        raise KnowledgeError(workbench.problems)
    return workbench


@kb.command()
def lint(
    topics: TopicsArgument = None,
    rules: Rules = None,
) -> None:
    """Check every file of kb/ and rules/, its content and its tests."""
    workbench = _workbench(rules, topics)
    workbench.check_known(topics or [])
    problems, count = list(workbench.problems), 0
    warnings: list[Problem] = []
    if not problems:
        problems, warnings = workbench.lint()
        count, failed = workbench.run_tests(topics or [])
        problems += failed
    shown, doubtful = ([item for item in found if not topics or workbench.concerns(item, topics)] for found in (problems, warnings))
    for problem in doubtful:
        note(f"warning: {problem}")
    _report(shown)
    note(f"{len(workbench.files)} files, {count} rule tests, {len(shown)} problems, {len(doubtful)} warnings; knowledge: {_described(rules)}")
    raise typer.Exit(1 if shown else 0)


@kb.command("test")
def run_tests(topics: TopicsArgument = None, rules: Rules = None) -> None:
    """Run the tests beside the rules."""
    workbench = _loaded(rules)
    workbench.check_known(topics or [])
    count, problems = workbench.run_tests(topics or [])
    _report(problems)
    note(f"{count} rule tests, {len(problems)} failed")
    raise typer.Exit(1 if problems or not count else 0)


def _report(problems: list[Problem]) -> None:
    from advise.documents.problems import render

    if problems:
        note(render(problems))


@kb.command("list")
def list_shelf(shelf: Annotated[Shelf, typer.Argument(help="What to list.")] = "rules", rules: Rules = None) -> None:
    """List the rules, facts, decisions, diagnoses, checklist items, sources or errata."""
    from advise.authoring.listing import lines

    base = _loaded(rules).base
    assert base is not None  # noqa: S101 - _loaded has made sure
    write("\n".join(lines(shelf, base)), None)


@kb.command()
def search(
    words: Annotated[list[str], typer.Argument(metavar="WORD…", help="Words in English or Chinese, a name, or part of one.")],
    kind: Annotated[EntryKind, typer.Option("--kind", help="Only entries of this kind.")] = "any",
    count: Annotated[int, typer.Option("--count", min=1, help="How many, the best first.")] = 20,
    rules: Rules = None,
) -> None:
    """Find rules, facts, diagnoses, decisions, checklist items, sources and errata by words."""
    from advise.authoring.listing import found_lines

    base = _loaded(rules).base
    assert base is not None  # noqa: S101 - _loaded has made sure
    found = list(found_lines(" ".join(words), base, kind))
    if found:
        write("\n".join(found[:count]), None)
    note(f"{len(found)} found" + (f", the best {count} shown" if len(found) > count else ""))
    raise typer.Exit(0 if found else 1)


@kb.command()
def show(
    name: Annotated[str, typer.Argument(help="A rule, fact, decision, diagnosis, checklist item, source or erratum.")], rules: Rules = None
) -> None:
    """Show everything about one name."""
    from advise.authoring.listing import description

    workbench = _loaded(rules)
    assert workbench.base is not None  # noqa: S101 - _loaded has made sure
    write(description(name, workbench.base, workbench.tests), None)


@kb.command()
def coverage(rules: Rules = None, symptoms: SymptomsOption = False) -> None:
    """Show, for each checklist item, the rules that speak of it and their tests; exit with 1 on a hole."""
    from advise.authoring.listing import coverage_lines, symptom_lines

    workbench = _loaded(rules)
    assert workbench.base is not None  # noqa: S101 - _loaded has made sure
    if symptoms:
        text, covered = symptom_lines(workbench.base, workbench.tests)
        write("\n".join(text), None)
        note(f"{len(text)} symptoms, {covered} with a rule that fires on facts alone")
        return
    text, holes = coverage_lines(workbench.base, workbench.tests)
    write("\n".join(text), None)
    note(f"{len(workbench.base.checklist)} items, {holes} without a rule or a test")
    raise typer.Exit(1 if holes else 0)


@kb.command()
def schema(check: CheckOption = False, folder: Annotated[Path, typer.Option("--to", help="Where the schemas lie.")] = Path("kb/schema")) -> None:
    """Write the JSON Schemas for editors and embeddings."""
    from advise.authoring.schema import schemas

    base = _loaded(None).base
    assert base is not None  # noqa: S101 - _loaded has made sure
    _generate(schemas(base), folder, check=check, command="advise kb schema")


@kb.command()
def docs(check: CheckOption = False, folder: Annotated[Path, typer.Option("--to", help="Where the pages lie.")] = Path("docs/rules")) -> None:
    """Write a page a rule, and their index."""
    from advise.authoring.docs import pages

    workbench = _loaded(None)
    assert workbench.base is not None  # noqa: S101 - _loaded has made sure
    _generate(pages(workbench.base, workbench.tests), folder, check=check, command="advise kb docs")


def _generate(made: dict[str, str], folder: Path, *, check: bool, command: str) -> None:
    present = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    stale = [name for name, text in made.items() if name not in present or (folder / name).read_text(encoding="utf-8") != text]
    strays = sorted(present - made.keys())
    if check:
        for name in (*stale, *strays):
            note(f"{folder / name} is stale: run `{command}`")
        raise typer.Exit(1 if stale or strays else 0)
    for name in stale:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        write(made[name], folder / name)
    for name in strays:
        (folder / name).unlink()
    note(f"{folder}: {len(made)} files, {len(stale)} written, {len(strays)} removed")
