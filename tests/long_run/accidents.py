"""What happens in the long run, drawn at random: faults, restarts, things that come and go."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from simulator.faults import Cloud, Fault, FaultKind
from simulator.noise import digest

from .house import House
from .truth import Gone, gone_line

HOUR: Final = timedelta(hours=1)

# The kinds that take no real time. Of what they spoil, all is right again a day later.
KINDS: Final[tuple[FaultKind, ...]] = (
    "status",
    "html",
    "empty",
    "cut",
    "refuse",
    "truncate",
    "malformed",
    "redirect",
    "extra_keys",
    "null_optionals",
    "empty_lists",
    "fractions",
    "stale",
    "no_data",
)
PATHS: Final = {
    "gridduck": (".", "/asset/\\?", "/telemetry/", "/telemetry/aggregate", "/oauth/"),
    "heimdall": (
        ".",
        "/latest",
        "/currents",
        "/heimdall_dlrs$",
        "/heimdall_aars",
        "/circuit_ratings$",
        "/forecast",
        "/sag_and_clearance",
        "/assets$",
    ),
}
# What looks like an answer, and is none: right only once it has been read again, a day later.
DECEITFUL: Final = {"empty_lists", "no_data", "null_optionals", "stale"}
STATUSES: Final = (403, 404, 429, 500, 502, 503)


@dataclass
class Chance:
    """Chance that can be repeated: the same draws for the same seed."""

    seed: int
    _drawn: int = 0

    def choice[T](self, of: Sequence[T]) -> T:
        """Return one of these, all alike likely."""
        self._drawn += 1
        drawn = int.from_bytes(digest(self.seed, "accidents", self._drawn, 4))
        return of[drawn % len(of)]


def draw_fault(chance: Chance) -> Fault:
    """Return a fault that lasts until it is removed, or spoils a few requests."""
    service: Cloud = chance.choice(("gridduck", "heimdall"))
    kind = chance.choice(KINDS)
    path = chance.choice(PATHS[service])
    return Fault(
        service=service,
        path=path,
        kind=kind,
        count=chance.choice((None, None, 1, 5, 20)),
        skip=chance.choice((0, 0, 3)),
        status=chance.choice(STATUSES) if kind == "status" else None,
        delay=chance.choice((600, 7200)) if kind == "stale" else 0,
    )


@dataclass
class Accidents:
    """Everything that goes wrong or changes, an hour after the other.

    Attributes:
        restarts: whether Home Assistant itself is stopped and started, too.
        told: what has happened, with how often.
        log: when what has happened.
        gone: what was there for a time, with what must be recorded of it.
        doubtful: the hours, by their starts, of which the clouds have told something untrue.
        last_word: the hours of which something untrue may be the last that was told, as an hour is
            read again for two days and no longer.
    """

    house: House
    chance: Chance
    restarts: bool
    reported: dict[str, int] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)
    doubtful: set[int] = field(default_factory=set)
    last_word: set[int] = field(default_factory=set)
    gone: list[Gone] = field(default_factory=list)
    _away: list[str] = field(default_factory=list)
    _added: list[str] = field(default_factory=list)
    _lines: list[str] = field(default_factory=list)

    @property
    def guests(self) -> bool:
        """Whether there is an asset and a line more than at first."""
        return bool(self._added)

    async def day(self) -> None:
        """Let a day pass: hours with accidents, then quiet ones, six at least."""
        began = self.house.simulator.clock.now()
        for action in (self._faults, self._restart, self._faults, self._change, self._faults):
            await action()
            await self.hours(self.chance.choice((1, 2)))
            self._clear()
        past = round((self.house.simulator.clock.now() - began) / HOUR.total_seconds())
        # Six hours are the longest wait after a failure.
        for _ in range(max(6, 24 - past)):
            await self.house.wait(HOUR)

    async def hours(self, count: int) -> None:
        """Let hours pass, now in steps of a poll, now as on a machine that sleeps in between."""
        for _ in range(count):
            step = self.chance.choice((5, 20, 30, 60))
            for _ in range(60 // step):
                await self.house.wait(timedelta(minutes=step))

    def _tell(self, what: str) -> None:
        self.reported[what] = self.reported.get(what, 0) + 1
        now = datetime.fromtimestamp(self.house.simulator.clock.now(), UTC)
        self.log.append(f"{now:%d %H:%M} {what}")

    def _clear(self) -> None:
        self.house.simulator.faults.clear()
        self._tell("all well")

    async def _faults(self) -> None:
        for _ in range(self.chance.choice((1, 2))):
            fault = draw_fault(self.chance)
            self._tell(f"fault {fault.kind} of {fault.service}")
            if fault.kind in DECEITFUL or fault.status == 404:
                # It may be the third hour before that is imported late, or the next.
                hour = int(self.house.simulator.clock.now()) // 3600
                self.doubtful.update(3600 * one for one in range(hour - 3, hour + 3))
                self.last_word.update(3600 * one for one in range(hour - 51, hour - 23))
            self.house.simulator.faults.add(fault)

    async def _restart(self) -> None:
        """Stop for a while and start again; or reload the accounts; or be suspended."""
        match self.chance.choice(("restart", "reload", "restart", "suspend")):
            case "restart" if self.restarts:
                self._tell("restart")
                self._clear()
                await self.house.stop()
                self._come_and_go()
                await self.house.wait(self.chance.choice((0.1, 1, 3, 5)) * HOUR)
                await self.house.start()
            case "reload" | "restart":
                self._tell("reload")
                self._clear()
                await self.house.reload(self.house.gridduck)
                await self.house.reload(self.house.heimdall)
            case _:
                self._tell("suspension")
                await self.house.wait(self.chance.choice((2, 4)) * HOUR)

    async def _change(self) -> None:
        """Let an asset lose or find its connection, and tokens end before their time."""
        self._come_and_go()
        if self.chance.choice((True, False)):
            self._tell("tokens revoked")
            self.house.simulator.gridduck.world.revoke_tokens()
            self.house.simulator.heimdall.world.revoke_tokens()

    def _come_and_go(self) -> None:
        world = self.house.simulator.gridduck.world
        if self._away:
            self._tell("asset back")
            world.reconnect(self._away.pop())
        else:
            self._tell("asset away")
            # Those that are connected: one of the world's own is always offline.
            ids = [one.id for one in world.assets.values() if one.offline_since is None]
            self._away.append(self.chance.choice(ids))
            world.disconnect(self._away[-1])

    def quiet_change(self) -> None:
        """Let something come or go whose past is in."""
        ducks, lines = self.house.simulator.gridduck.world, self.house.simulator.heimdall.world
        if self._added:
            self._tell("asset and line removed")
            asset_id, line_id = self._added.pop(), self._lines.pop()
            now = self.house.simulator.clock.now()
            self.gone.append(Gone.asset(ducks.assets[asset_id], now).without(self.doubtful))
            self.gone.append(gone_line(self.house.home, line_id).without(self.doubtful))
            ducks.remove_asset(asset_id)
            for owner in lines.owners:
                owner.facilities = [
                    one for one in owner.facilities if one.line is None or one.line.id != line_id
                ]
            self._away = [one for one in self._away if one != asset_id]
        else:
            self._tell("asset and line added")
            self._added.append(ducks.add_asset(f"Guest {len(self.gone)}"))
            self._lines.append(lines.add_line())

    def end(self) -> None:
        """Let everything be well again."""
        self._clear()
        while self._away:
            self.house.simulator.gridduck.world.reconnect(self._away.pop())

    def all_reported(self) -> Iterator[str]:
        """Yield what has happened, the most frequent first."""
        for what, times in sorted(self.reported.items(), key=lambda one: -one[1]):
            yield f"{times} times {what}"
