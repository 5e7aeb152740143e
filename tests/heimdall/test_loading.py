"""What a line carries beside what it can carry."""

import pytest

from custom_components.gridduck_heimdall.heimdall.rating import Basis, InForce, Loading


@pytest.mark.parametrize(
    ("current", "headroom", "percent"),
    [(0, 800, 0), (200, 600, 25), (800, 0, 100), (1000, -200, 125)],
)
def test_loading(current: float, headroom: float, percent: float) -> None:
    loading = Loading(current, InForce(800, Basis.DLR, fallback=False))
    assert (loading.headroom, loading.percent) == (headroom, percent)
