"""Running sums do not depend on the order in which hours arrive."""

from itertools import accumulate

from hypothesis import given, strategies as st

from custom_components.gridduck_heimdall.history.sums import Recorded, Row, changed_rows

amounts_of = st.dictionaries(st.integers(0, 30), st.floats(-1e3, 1e6, allow_nan=False), max_size=20)

type Table = dict[int, Recorded]


def write(table: Table, amounts: dict[int, float], cut: int | None = None) -> list[Row]:
    """Write as the recorder would; cut off after so many rows."""
    if not amounts:
        return []
    first = min(amounts)
    sums = [row.sum for hour, row in sorted(table.items()) if hour < first]
    later = {hour: row for hour, row in table.items() if hour >= first}
    rows = list(changed_rows((sums[-1] if sums else None) or 0.0, later, amounts))[:cut]
    table.update({row.hour: Recorded(row.state, row.sum) for row in rows})
    return rows


def in_one_go(amounts: dict[int, float]) -> Table:
    hours = sorted(amounts)
    states = [amounts[hour] for hour in hours]
    return dict(zip(hours, map(Recorded, states, accumulate(states), strict=True), strict=True))


@given(st.lists(amounts_of, max_size=6))
def test_any_order(batches: list[dict[int, float]]) -> None:
    """Imports, overlaps, repeats and corrections in any order end as one import of the newest."""
    table, newest = dict[int, Recorded](), dict[int, float]()
    for batch in batches:
        write(table, batch)
        newest |= batch
        assert write(table, batch) == []
        assert dict(sorted(table.items())) == in_one_go(newest)


@given(amounts_of, amounts_of, st.integers(0, 20))
def test_a_write_cut_off_heals(before: dict[int, float], after: dict[int, float], cut: int) -> None:
    table = dict[int, Recorded]()
    write(table, before)
    write(table, after, cut)
    write(table, after)
    assert dict(sorted(table.items())) == in_one_go(before | after)


def test_rows_of_others() -> None:
    """A row without an amount has the difference of the sums; one without a sum has nothing."""
    table = {1: Recorded(None, 7.0), 2: Recorded(None, None), 3: Recorded(None, 9.0)}
    assert list(changed_rows(5.0, table, {2: 1.0})) == [
        Row(1, 2.0, 7.0),
        Row(2, 1.0, 8.0),
        Row(3, 2.0, 10.0),
    ]
    assert list(changed_rows(0.0, {2: Recorded(None, None)}, {})) == [Row(2, 0.0, 0.0)]
