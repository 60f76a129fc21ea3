"""The ``stake`` command."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Optional

import typer
from rich.console import Console

from game.core.errors import GameError, ScenarioError

app = typer.Typer(
    help="Minority Stake: a strategy game of investments and alliances.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
scenario_app = typer.Typer(
    help="Check, measure and describe scenarios.", no_args_is_help=True, rich_markup_mode=None
)
app.add_typer(scenario_app, name="scenario")

FLAGSHIP = "alibaba-meizu"
INTERRUPTED = 130
"""Exit code of a command that the interrupt key ended."""

ScenarioName = Annotated[
    str, typer.Argument(help="Name of a shipped scenario, or path of a YAML file.")
]


@app.command()
def play(
    scenario: Annotated[
        str | None, typer.Argument(help="Scenario to open; the title screen when left out.")
    ] = None,
    seat: Annotated[str, typer.Option(help="Company to play, by id.")] = "",
    seed: Annotated[int, typer.Option(help="Seed of the game.", min=0)] = 2015,
    load: Annotated[Optional[Path], typer.Option(help="Saved game to open.")] = None,  # noqa: UP045
    lang: Annotated[str | None, typer.Option(help="en or zh; as set last when left out.")] = None,
    scale: Annotated[
        float | None,
        typer.Option(help="UI scale; as set last when left out.", min=1.0, max=2.0),
    ] = None,
    size: Annotated[str, typer.Option(help="Window size.")] = "1280x720",
    advanced: Annotated[
        bool | None,
        typer.Option(
            "--advanced/--plain",
            help="With or without advanced clauses, when --seat begins a game; "
            "as the scenario has it when left out.",
        ),
    ] = None,
) -> None:
    """Open the game; without a display, play a showcase headless."""
    from game.cli.play import run_play

    run_play(scenario, seat, seed, load, lang, scale, size, advanced)


@app.command()
def showcase(
    scenario: ScenarioName = FLAGSHIP,
    seed: Annotated[int, typer.Option(min=0)] = 2015,
    out: Annotated[Path, typer.Option(help="Folder for pictures and report.")] = Path("showcase"),
    lang: Annotated[str, typer.Option(help="en or zh.")] = "en",
) -> None:
    """Play a whole game by machine and leave pictures of the screens and a report."""
    from game.cli.play import run_showcase

    run_showcase(scenario, seed, out, lang)


@app.command()
def sim(
    scenario: ScenarioName = FLAGSHIP,
    games: Annotated[int, typer.Option(help="Games to play.")] = 100,
    seed: Annotated[int, typer.Option(help="Seed: the same seed, the same tables.", min=0)] = 1,
    seats: Annotated[
        str, typer.Option(help="Who plays: 'strategist', or 'alibaba=idle,*=strategist'.")
    ] = "strategist",
    workers: Annotated[int, typer.Option(help="Processes.")] = 1,
    block: Annotated[
        int, typer.Option(help="Games stepped together; changes speed, never results.")
    ] = 64,
    out: Annotated[
        Path | None, typer.Option(help="Folder for Parquet tables and manifest.")
    ] = None,
    history: Annotated[
        bool, typer.Option("--history", help="Hold the games against the scenario's yearly facts.")
    ] = False,
    json_: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Play many games without a window and print who wins, with 95 % intervals."""
    from game.cli.sim import run_sim

    run_sim(scenario, games, seed, seats, workers, block, out, history, json_)


@app.command()
def balance(
    scenario: ScenarioName = FLAGSHIP,
    reference: Annotated[
        bool,
        typer.Option(
            "--reference", help="How often a reference player wins, by seat and rivals' level."
        ),
    ] = False,
    games: Annotated[
        int, typer.Option(help="Games; with --reference, games a seat and level.", min=1)
    ] = 200,
    seed: Annotated[int, typer.Option(min=0)] = 1,
    workers: Annotated[int, typer.Option(help="Processes.")] = 1,
    depth: Annotated[
        bool, typer.Option("--depth", help="Also what a seat loses without each lever; slow.")
    ] = False,
    out: Annotated[Path | None, typer.Option(help="Page to write, as docs/balance.md.")] = None,
    levels: Annotated[str, typer.Option(help="Levels, as 1,2; all when left out.")] = "",
    seats: Annotated[str, typer.Option(help="Companies by id; all when left out.")] = "",
) -> None:
    """Hold the board against its gates; with --reference, measure how hard each seat is."""
    from game.cli.balance import run_board, run_reference

    if reference:
        run_reference(scenario, games, seed, workers, levels, seats)
    else:
        run_board(scenario, games, seed, workers, depth, out)


@app.command()
def bench(
    json_: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    scenario: ScenarioName = FLAGSHIP,
    worlds: Annotated[int, typer.Option(help="Worlds in the block.", min=2)] = 128,
    turns: Annotated[int, typer.Option(help="Turns timed.", min=1)] = 8,
    growth: Annotated[
        bool, typer.Option("--growth", help="How cost grows with worlds, companies, markets.")
    ] = False,
) -> None:
    """Measure the speed of the engine in units of its own demand law."""
    from game.cli.bench import run_bench, run_growth

    if growth:
        run_growth(scenario, worlds, json_)
    else:
        run_bench(scenario, worlds, turns, json_)


@app.command()
def explain(
    file: Annotated[Path, typer.Argument(help="Saved game, or replay.")],
    company: Annotated[str, typer.Option(help="Company, by id.")],
    what: Annotated[
        str,
        typer.Option(
            help="share, units, price, revenue, profit, cash, debt, value, quote, doors or score."
        ),
    ] = "profit",
    market: Annotated[
        str,
        typer.Option(
            help="sector/region; share, units and price need one, revenue and profit may have one."
        ),
    ] = "",
    turn: Annotated[str, typer.Option(help="Quarter, as 2016-Q2; the last one played.")] = "",
    json_: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    lang: Annotated[str, typer.Option(help="en or zh.")] = "en",
    observer: Annotated[
        bool,
        typer.Option(
            "--observer", help="See everything: closed books and true effort, not the seat's view."
        ),
    ] = False,
) -> None:
    """Say what changed a figure since the quarter before, and by which cause."""
    from game.cli.explain import run_explain

    run_explain(file, company, what, market, turn, json_, lang, observer)


@app.command()
def why(
    file: Annotated[Path, typer.Argument(help="Saved game, or replay.")],
    company: Annotated[str, typer.Option(help="Company, by id; all of them.")] = "",
    turn: Annotated[str, typer.Option(help="Quarter, as 2016-Q2; the last one played.")] = "",
    memory: Annotated[
        bool,
        typer.Option("--memory", help="Its mandates, its rival, and what it remembers instead."),
    ] = False,
    json_: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    lang: Annotated[str, typer.Option(help="en or zh.")] = "en",
    observer: Annotated[
        bool,
        typer.Option("--observer", help="See everything: what only the company itself knew, too."),
    ] = False,
) -> None:
    """Say why companies did what they did in a quarter, each move with its grounds."""
    from game.cli.why import run_why

    run_why(file, company, turn, memory, json_, lang, observer)


@app.command()
def statements(
    file: Annotated[Path, typer.Argument(help="Saved game, or replay.")],
    company: Annotated[str, typer.Option(help="Company, by id; the own one.")] = "",
    turn: Annotated[str, typer.Option(help="Quarter, as 2016-Q2; the last one played.")] = "",
    json_: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    lang: Annotated[str, typer.Option(help="en or zh.")] = "en",
) -> None:
    """Print profit and loss, cash flow and balance sheet of a company's quarter."""
    from game.cli.statements import run_statements

    run_statements(file, company, turn, json_, lang)


@app.command()
def deal(
    file: Annotated[Path, typer.Argument(help="Saved game, or replay.")],
    with_: Annotated[str, typer.Option("--with", help="The other company, by id.")],
    mode: Annotated[
        str,
        typer.Option(
            help="weigh: what the draft is worth, and the odds; work: what of yours would make it "
            "work; ask: what would they give for it; best: the best for you that they accept; "
            "closest: the nearest to the draft that they accept."
        ),
    ] = "best",
    give: Annotated[
        list[str],
        typer.Option(
            help="A clause of yours: cash=590, loan=100, new=29%, founders=5%, shares:jd=3%, or a "
            "pledge as os=60%; with ! at its end to nobody else. Further: board, standstill, "
            "whole, business:smartphones/china, non_compete:smartphones/china, and "
            "venture:smartphones/china=450 with venture_share=45%."
        ),
    ] = [],  # noqa: B006
    take: Annotated[list[str], typer.Option(help="A clause of theirs.")] = [],  # noqa: B006
    term: Annotated[int, typer.Option(help="Of all pledges, quarters; 0: the middle one.")] = 0,
    lock: Annotated[
        list[str],
        typer.Option(help="A clause that stays as drafted: cash, term, give.new, take.offline."),
    ] = [],  # noqa: B006
    json_: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    lang: Annotated[str, typer.Option(help="en or zh.")] = "en",
) -> None:
    """Ask the solver about a deal with one company, by what the game's seat knows."""
    from game.cli.deal import run_deal

    run_deal(file, with_, mode, give, take, term, lock, json_, lang)


@app.command()
def deals(
    file: Annotated[Path, typer.Argument(help="Saved game, or replay.")],
    json_: Annotated[bool, typer.Option("--json", help="Print one JSON array.")] = False,
    lang: Annotated[str, typer.Option(help="en or zh.")] = "en",
) -> None:
    """List the best deals on the board for the game's seat, each with its reason."""
    from game.cli.deal import run_deals

    run_deals(file, json_, lang)


@app.command()
def replay(file: Annotated[Path, typer.Argument(help="Save or replay file.")]) -> None:
    """Play a recorded game again and say whether it comes out the same."""
    from game.cli.play import run_replay

    run_replay(file)


@scenario_app.command("check")
def scenario_check(
    files: Annotated[list[str], typer.Argument(help="YAML files, or names of shipped scenarios.")],
    json_: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Report every fault of scenario files, each with its place."""
    from game.cli.scenario import run_check

    raise typer.Exit(run_check(files, json_))


@scenario_app.command("par")
def scenario_par(
    file: Annotated[str, typer.Argument(help="YAML file, or name of a shipped scenario.")],
    games: Annotated[int, typer.Option(help="Games of strategists to measure.")] = 400,
    seed: Annotated[int, typer.Option(min=0)] = 1,
    workers: Annotated[int, typer.Option()] = 1,
) -> None:
    """Measure what each seat usually reaches and write the par table beside the scenario."""
    from game.cli.scenario import run_par

    run_par(file, games, seed, workers)


@scenario_app.command("calibrate")
def scenario_calibrate(
    file: Annotated[str, typer.Argument(help="YAML file, or name of a shipped scenario.")],
    check: Annotated[
        bool, typer.Option("--check", help="Only say whether the stored fit still gives the facts.")
    ] = False,
    write: Annotated[
        bool, typer.Option("--write", help="Store appeals and costs beside the scenario.")
    ] = False,
    json_: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Fit appeals and costs so that the first quarter sells the facts at their prices."""
    from game.cli.calibrate import run_calibrate

    raise typer.Exit(run_calibrate(file, check, write, json_))


@scenario_app.command("schema")
def scenario_schema() -> None:
    """Print the JSON Schema that editors use for completion."""
    from game.cli.scenario import run_schema

    run_schema()


def run(arguments: list[str] | None = None) -> None:
    """Entry point of ``stake``: a person's mistake is one line and exit code 2."""
    try:
        app(arguments)
    except ScenarioError as error:
        console = Console(stderr=True, soft_wrap=True, highlight=False, markup=False)
        for fault in error.faults:
            console.print(fault)
        if not error.faults:
            console.print(error.line())
        sys.exit(2)
    except GameError as error:
        Console(stderr=True, soft_wrap=True, highlight=False, markup=False).print(error.line())
        sys.exit(2)
    except (KeyboardInterrupt, SystemExit) as end:  # typer turns the one into the other
        if isinstance(end, SystemExit) and end.code != INTERRUPTED:
            raise
        Console(stderr=True).print("Stopped; nothing was written.")
        sys.exit(INTERRUPTED)
