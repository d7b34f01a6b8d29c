"""Numbers and tables for people. A dollar and a token both have 6 decimals."""

import textwrap
from decimal import Decimal

WIDTH = 120
UNIT = Decimal(10**6)


def money(units: int | Decimal, places: int = 2) -> str:
    """Reserve base units as dollars."""
    return f"{Decimal(units) / UNIT:,.{places}f} USD"


def dollars(units: int) -> str:
    """Reserve base units as dollars, for a column whose head says so."""
    return f"{Decimal(units) / UNIT:,.2f}"


def tokens(units: int) -> str:
    """Token base units as whole tokens."""
    return f"{Decimal(units) / UNIT:,.2f}"


def ratio(value: Decimal) -> str:
    """A multiplier."""
    return f"{value:.5f}"


def fields(rows: dict[str, str]) -> str:
    """Labels with their values, aligned."""
    width = max(map(len, rows))
    return "\n".join(f"  {label:<{width}}  {value}" for label, value in rows.items())


def paragraph(label: str, text: str) -> str:
    """A text after a label, broken into lines."""
    return textwrap.fill(text, WIDTH, initial_indent=f"  {label}", subsequent_indent=" " * (len(label) + 2))


def table(head: list[str], rows: list[list[str]], left: int = 1) -> str:
    """A table whose first `left` columns are aligned left, the others right."""
    cells = [head, *rows]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]

    def line(row: list[str]) -> str:
        padded = [
            cell.ljust(width) if column < left else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths))
        ]
        return ("  " + "  ".join(padded)).rstrip()

    return "\n".join(line(row) for row in cells)
