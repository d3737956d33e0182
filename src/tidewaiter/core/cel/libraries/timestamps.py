"""Parts of timestamps and durations (CEL language definition). Months, days of month, year and week count from 0."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidewaiter.core.cel.declarations import Function, Library, Overload, function, member
from tidewaiter.core.cel.operators import truncated_quotient
from tidewaiter.core.cel.times import local_time
from tidewaiter.core.cel.types import DURATION, INT, STRING, TIMESTAMP
from tidewaiter.core.cel.values import NANOS, Duration, Timestamp

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime


def _part(read: Callable[[datetime], int]) -> tuple[Overload, Overload]:
    def of(value: Timestamp, zone: str | None = None) -> int:
        return read(local_time(value, zone))

    return member((TIMESTAMP,), INT, of), member((TIMESTAMP, STRING), INT, of)


def _span(nanoseconds: int) -> Overload:
    def of(value: Duration) -> int:
        return truncated_quotient(value.ns, nanoseconds)

    return member((DURATION,), INT, of)


def _milliseconds(value: Duration) -> int:
    return (
        truncated_quotient(value.ns, 10**6) % 1000 if value.ns >= 0 else -(truncated_quotient(-value.ns, 10**6) % 1000)
    )


def _named(name: str, *overloads: Overload) -> Function:
    return function(name, *overloads)


LIBRARY = Library(
    id="timestamps",
    functions=(
        _named("getFullYear", *_part(lambda moment: moment.year)),
        _named("getMonth", *_part(lambda moment: moment.month - 1)),
        _named("getDate", *_part(lambda moment: moment.day)),
        _named("getDayOfMonth", *_part(lambda moment: moment.day - 1)),
        _named("getDayOfYear", *_part(lambda moment: moment.timetuple().tm_yday - 1)),
        _named("getDayOfWeek", *_part(lambda moment: moment.isoweekday() % 7)),
        _named("getHours", *_part(lambda moment: moment.hour), _span(3600 * NANOS)),
        _named("getMinutes", *_part(lambda moment: moment.minute), _span(60 * NANOS)),
        _named("getSeconds", *_part(lambda moment: moment.second), _span(NANOS)),
        _named(
            "getMilliseconds",
            *_part(lambda moment: moment.microsecond // 1000),
            member((DURATION,), INT, _milliseconds),
        ),
    ),
)
