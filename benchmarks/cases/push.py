"""What GridDuck sends by itself: many large messages at once."""

from typing import Final

from benchmarks.framework import BLOCK, CPU, OURS, Bound, Case, Contender
from benchmarks.hass.pushing import COLLECTION, NEW, TAKEN

_MOST: Final = 0.010
_SETTINGS: Final = {"assets": 3_000, "sites": 50, "lines": 1, "messages": 20}
_QUICK: Final = {"assets": 40, "sites": 2, "messages": 2, "slow": 0}
_TEXT: Final = (
    "20 messages of 1 MB each reach the data hook of an account of 3,000 assets at once, over HTTP "
    "and from another process; what is refused as too many comes again. All entities are "
    "registered, and Home Assistant's limit of 10,000 new enabled entities is lifted. There are "
    "1,000 entities of other integrations. Before, nothing was known of power, energy, signal and "
    "last contact, so that the first value of each asset brings new entities. The garbage "
    "collector of Python is kept out of the longest block: it does not run meanwhile, and the time "
    "that it then takes for all that is new is reported separately. Home Assistant's own saving of "
    "its registries, 10 seconds after the first new entity, is put off."
)
_SPOILED: Final = (
    " Each item has NaN in it. 20 bodies that do not end are there first, and one of 5 MB; all of "
    "these are refused."
)

CASES: Final = tuple(
    Case(
        key=key,
        title=title,
        text=f"{_TEXT}{more}",
        contenders=(Contender(key=OURS, title="ours", factory="benchmarks.hass.pushing:ours"),),
        settings={**_SETTINGS, "lenient": lenient, "slow": slow},
        quick=_QUICK,
        bounds=(Bound(figure=BLOCK, most=_MOST),),
        figures=(CPU, BLOCK, COLLECTION, TAKEN, NEW),
        processes=1,
        values=1,
        warmups=0,
    )
    for key, title, more, lenient, slow in (
        ("push", "Take 20 messages of 1 MB at once", "", False, 0),
        (
            "push_spoiled",
            "Take 20 messages of 1 MB that are not strict JSON",
            _SPOILED,
            True,
            20,
        ),
    )
)
