"""The assets that requests may curtail, and what those behind each source draw together."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import replace
from typing import Self

from .models import AssetState, Candidate, Request


class Fleet:
    """The assets as they are shown, with sums that one changed asset changes in no time.

    Attributes:
        states: the assets, by key.
        drawn: what the candidates of each source draw as far as it sees them, W.
    """

    def __init__(self, requests: Iterable[Request] = ()) -> None:
        """Take the candidates of load limits, none of which has been shown."""
        self.states: dict[str, AssetState] = {}
        self.drawn: defaultdict[str, float] = defaultdict(float)
        self._behind: defaultdict[str, dict[str, float]] = defaultdict(dict)
        for request in requests:
            for candidate in request.candidates.values():
                self.add(request.limit.source, candidate)

    def frozen(self) -> Self:
        """Return a copy that does not follow what is shown from now on."""
        copied = copy(self)
        copied.states, copied.drawn = self.states.copy(), self.drawn.copy()
        return copied

    def add(self, source: str, candidate: Candidate) -> None:
        """Take a candidate that is behind a source, before it is shown."""
        self._behind[candidate.key][source] = candidate.behind

    def behind(self, key: str) -> Mapping[str, float]:
        """Return which share of an asset each source sees."""
        return self._behind.get(key, {})

    def count_anew(self, former: Self, counted: defaultdict[str, float], key: str) -> None:
        """Add what an asset draws behind each source where it was not counted in `former`, W.

        It is taken from sources where it is no longer counted.
        """
        now, before = self.behind(key), former.behind(key)
        state = self.states.get(key) or former.states.get(key)
        if now == before or state is None or not state.power:
            return
        for source in now.keys() | before.keys():
            counted[source] += (now.get(source, 0.0) - before.get(source, 0.0)) * state.power

    def show(self, state: AssetState) -> None:
        """Take over what an account shows of an asset."""
        before = self.states.get(state.key)
        self.states[state.key] = state
        change = (state.power or 0.0) - ((before and before.power) or 0.0)
        if change:
            for source, share in self.behind(state.key).items():
                self.drawn[source] += share * change

    def forget(self, key: str) -> None:
        """Drop an asset that its account no longer shows."""
        if (state := self.states.get(key)) is not None:
            self.show(replace(state, power=None))
            del self.states[key]
