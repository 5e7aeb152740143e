"""Prices: GridDuck sends them in the minor unit of a currency that it names by symbol.

Contract: gridduck-api.md, "List assets" (`price_per_kwh`, `currency`).
"""

_CODES = {"£": "GBP", "€": "EUR", "$": "USD"}
_MINOR_UNITS = {
    "BHD": 1000,
    "CLP": 1,
    "ISK": 1,
    "JOD": 1000,
    "JPY": 1,
    "KRW": 1,
    "KWD": 1000,
    "OMR": 1000,
    "TND": 1000,
    "VND": 1,
}
"""Minor units of one major unit (ISO 4217), where it is not a hundred."""
_CODE_LENGTH = 3


def currency_code(symbol: str | None) -> str | None:
    """Return the ISO 4217 code of a symbol or of a code, None for anything else."""
    text = (symbol or "").strip()
    if len(text) == _CODE_LENGTH and text.isascii() and text.isalpha():
        return text.upper()
    return _CODES.get(text)


def major_units(minor: float | None, code: str | None) -> float | None:
    """Return a price in the major unit: 14 with GBP is 0.14.

    Args:
        minor: the price in the minor unit.
        code: ISO 4217 code; a hundred minor units where it is not known.
    """
    return None if minor is None else round(minor / _MINOR_UNITS.get(code or "", 100), 6)
