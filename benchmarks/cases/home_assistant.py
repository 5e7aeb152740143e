"""What an account of many assets costs Home Assistant: to open, and to tell of a poll."""

from typing import Final

from benchmarks.framework import BLOCK, CPU, OURS, WALL, Bound, Case, Contender, Growth
from benchmarks.hass.announcing import CHANGED
from benchmarks.hass.setting_up import ENTITIES, KEPT

_PLAIN: Final = "plain"
_ASSETS: Final = {"assets": 5_000, "sites": 50, "lines": 1}
_QUICK: Final = {"assets": 40, "sites": 2}
_BESIDE: Final = (
    "Beside it stands the same account with a plain DataUpdateCoordinator and plain "
    "CoordinatorEntity classes: the same client, descriptions and values. Home Assistant's limit "
    "of 10,000 new enabled entities an account is lifted for both."
)
_SHARES: Final = (
    ("0", 0.0, "nothing", 0.05),
    ("1", 0.01, "1 %", 0.10),
    ("100", 1.0, "everything", 1.0),
)


def _contenders(module: str) -> tuple[Contender, Contender]:
    return (
        Contender(key=OURS, title="ours", factory=f"{module}:ours"),
        Contender(key=_PLAIN, title="plain", factory=f"{module}:plain"),
    )


CASES: Final = (
    *(
        Case(
            key=f"announce_{name}",
            title=f"Tell the entities of 5,000 assets of a poll: {changed} changed",
            text=(
                "From the decoded list of all assets to the last state that is written; all "
                "entities are enabled, diagnostic ones too. Of an asset that changed, power, "
                f"energy, signal and last contact have. {_BESIDE}"
            ),
            contenders=_contenders("benchmarks.hass.announcing"),
            settings={**_ASSETS, "share": share},
            quick=_QUICK,
            bounds=(
                Bound(against=_PLAIN, most=most),
                Bound(figure=CHANGED, against=_PLAIN, most=1, least=1),
            ),
            figures=(WALL, CPU, BLOCK, CHANGED),
            growth=Growth(setting="assets", sizes=(10, 100, 1_000, 5_000)),
        )
        for name, share, changed, most in _SHARES
    ),
    Case(
        key="open_account",
        title="Open an account of 5,000 assets",
        text=(
            "From adding the account until Home Assistant is quiet: token, list, devices, "
            f"entities, their first states. All entities are enabled. {_BESIDE} Memory is what "
            "stays resident, so it has Home Assistant's own records of devices, entities and "
            "states in it. The longest block of ours is a run of Python's garbage collector over "
            "all that Home Assistant holds by then; no other callback takes 50 ms."
        ),
        contenders=_contenders("benchmarks.hass.setting_up"),
        settings=_ASSETS,
        quick=_QUICK,
        bounds=(Bound(against=_PLAIN, most=1.0),),
        figures=(WALL, CPU, BLOCK, KEPT, ENTITIES),
        processes=3,
        values=1,
        warmups=0,
    ),
)
