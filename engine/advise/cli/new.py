"""`advise kb new …`: scaffolding for whoever writes rules."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from advise.files import note

if TYPE_CHECKING:
    from advise.authoring.scaffold import Scaffold


new = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Scaffold a rule with its test, a fact, a source, or a decision and its first rule."
)

RuleId = Annotated[str, typer.Argument(metavar="TOPIC/NAME", help="The id of the rule, which becomes its path.")]
CatalogueOption = Annotated[
    Path, typer.Option("--kb", metavar="DIR", help="A folder with kb/ and rules/ in it, such as one of your own; or the folder of the catalogues.")
]
FolderOption = Annotated[Path, typer.Option("--to", help="The folder of rules.")]


@new.command("rule")
def new_rule(
    kind: Annotated[Literal["diagnosis", "decision", "check", "derive"], typer.Argument(help="The kind of rule.")],
    rule_id: RuleId,
    concludes: Annotated[str, typer.Option("--concludes", help="What it concludes; by default the last part of the id.")] = "",
    group: Annotated[str, typer.Option("--group", help="The group of a new diagnosis; by default the topic.")] = "",
    catalogue: CatalogueOption = Path("kb"),
    folder: FolderOption = Path("rules"),
) -> None:
    """Scaffold a rule and its test; a new diagnosis comes into the catalogue too."""
    _announce(_scaffold(catalogue, folder).rule(kind, rule_id, concludes, group), rule_id)


@new.command("fact")
def new_fact(
    name: Annotated[str, typer.Argument(metavar="GROUP.NAME", help="The name of the fact.")],
    kind: Annotated[str, typer.Option("--type", help="The type of its value: number, integer, boolean, enum, text or a list.")] = "number",
    catalogue: CatalogueOption = Path("kb"),
) -> None:
    """Scaffold a fact, in the file in which the facts of its group stand."""
    _announce(_scaffold(catalogue).fact(name, kind))


@new.command("decision")
def new_decision(
    name: Annotated[str, typer.Argument(metavar="DECISION", help="The id of the decision.")],
    rule_id: RuleId,
    slot: Annotated[str, typer.Option("--slot", help="The part of the training that it acts on.")],
    catalogue: CatalogueOption = Path("kb"),
    folder: FolderOption = Path("rules"),
) -> None:
    """Scaffold a decision, with the first rule that asks for it and its test."""
    _announce(_scaffold(catalogue, folder).decision(name, rule_id, slot), rule_id)


@new.command("source")
def new_source(
    source_id: Annotated[str, typer.Argument(metavar="DOCUMENT#SECTION", help="What a rule cites.")],
    kind: Annotated[str, typer.Option("--kind", help="What a new document is: paper, docs, guide, code, …")] = "",
    url: Annotated[str, typer.Option("--url", help="Where a new document can be read.")] = "",
    catalogue: CatalogueOption = Path("kb"),
) -> None:
    """Scaffold a source: a section of a document, and the document where it is new."""
    _announce(_scaffold(catalogue).source(source_id, kind, url))


def _scaffold(catalogue: Path, folder: Path = Path("rules")) -> Scaffold:
    from advise.authoring.scaffold import Scaffold

    if not (catalogue / "kb").is_dir():
        return Scaffold(catalogue, folder)
    note(f"knowledge: {catalogue}")
    return Scaffold(catalogue / "kb", catalogue / "rules" if folder == Path("rules") else folder)


def _announce(paths: list[Path], rule_id: str = "") -> None:
    for path in paths:
        note(f"written: {path}")
    note(f"next: fill in what says FILL IN, then: advise kb lint {rule_id}".rstrip())
