"""`advise fleet`: which of many runs are sick, and what they have in common."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from advise.cli.options import BY_SUFFIX, SETTINGS, Drafts, DrawnWriting, Language, Output, Rules
from advise.files import write, write_bytes
from advise.text import LanguageChoice

if TYPE_CHECKING:
    from advise.experiments.fleet import Fleet

FleetForm = Literal["text", "md", "jsonl", "csv", "parquet", "html"]
_BY_SUFFIX: dict[str, FleetForm] = {
    **{suffix: form for suffix, form in BY_SUFFIX.items() if form in ("md", "text", "html")},
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".parquet": "parquet",
}  # fmt: skip
_TOP = 30


def fleet_command(
    sources: Annotated[
        list[str],
        typer.Argument(metavar="PATH…", help="Folders of runs, logs, patterns ('runs/*/log.csv'), mlflow:PATH, optuna:PATH.", show_default=False),
    ],
    language: Language = None,
    form: Annotated[FleetForm | None, typer.Option("--format", help="Default: by the ending of -o, else text.")] = None,
    output: Output = None,
    where: Annotated[
        str | None, typer.Option("--where", metavar="FILTER", help="Only runs of which this holds, as in 'verdict == \"stop\" and lr.peak > 1e-3'.")
    ] = None,
    sort: Annotated[
        str | None, typer.Option("--sort", metavar="COLUMN", help="By this column, -COLUMN for the largest first; default: worst first.")
    ] = None,
    top: Annotated[int, typer.Option("--top", min=0, help="So many rows in text; 0 for all.")] = _TOP,
    jobs: Annotated[int, typer.Option("--jobs", min=0, help="Workers; 0 for one a core.")] = 0,
    backend: Annotated[Literal["loky", "dask", "ray"], typer.Option("--backend", help="Where the work is done.")] = "loky",
    address: Annotated[str | None, typer.Option("--address", help="The scheduler of the cluster; by default one is started here.")] = None,
    limit: Annotated[float, typer.Option("--time-limit", min=0.1, metavar="SECONDS", help="For each run.")] = 60.0,
    store: Annotated[
        Path | None,
        typer.Option("--store", metavar="FILE", help="Where results are kept, so that only what changed is judged anew; default: beside -o."),
    ] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Judge everything anew.")] = False,
    rules: Rules = None,
    drafts: Drafts = False,
) -> None:
    """Advise on every run of a folder, a sweep, a tracker: one row a run, the worst first, and what the runs say together."""
    from advise.experiments.fleet import fleet
    from advise.experiments.fleet.driving import Work
    from advise.runlog.readers.progress import telling

    chosen: FleetForm = form or ("text" if output is None else _BY_SUFFIX.get(output.suffix.lower(), "text"))
    if chosen == "parquet" and output is None:
        raise typer.BadParameter("a Parquet file needs a name: -o fleet.parquet", param_hint="--format")
    kept = store or _store(sources, output)
    folders = tuple(str(folder) for folder in rules or ())
    work = Work(jobs, backend, address, limit, folders, str(SETTINGS) if os.path.lexists(SETTINGS) else None, drafts)
    with telling("judging") as tell:
        found = fleet(sources, work=work, store=kept, tell=tell, fresh=fresh)
    if where is not None:
        found = found.where(where)
    _write(found, chosen, output, language, sort, top)


def _store(sources: list[str], output: Path | None) -> Path:
    """Beside the output, else in the user's cache by what was asked for."""
    if output is not None:
        return output.with_name(f".{output.name}.fleet")
    from platformdirs import user_cache_path

    said = "\0".join([os.getcwd(), *sources])
    return user_cache_path("advise") / f"fleet-{hashlib.blake2b(said.encode('utf-8', 'surrogateescape'), digest_size=8).hexdigest()}.db"


def _write(found: Fleet, form: FleetForm, output: Path | None, language: LanguageChoice | None, sort: str | None, top: int) -> None:
    from advise.experiments.fleet.tables import as_csv, as_parquet, json_lines

    match form:
        case "jsonl":
            write("".join(json_lines(found)), output)
        case "csv":
            write(as_csv(found), output)
        case "parquet" if output is not None:
            write_bytes(as_parquet(found), output)
        case "text" | "md" | "html":
            _write_page(found, DrawnWriting(language, form, output), sort, top)


def _write_page(found: Fleet, writing: DrawnWriting, sort: str | None, top: int) -> None:
    from advise.experiments.fleet.html import as_html
    from advise.experiments.fleet.page import fleet_page
    from advise.experiments.fleet.tables import json_lines
    from advise.render.voice import Voice

    voice = Voice(found.base.strings, writing.spoken)
    writing.write(
        lambda: "".join(json_lines(found)), lambda: fleet_page(found, voice, top=top, sort=sort), lambda: as_html(found, writing.spoken, sort)
    )
