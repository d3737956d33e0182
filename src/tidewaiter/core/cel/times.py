"""Timestamps and durations: reading, printing and taking apart, in whole nanoseconds (RFC 3339; Go's duration syntax)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tidewaiter.core.cel.values import NANOS, Duration, Timestamp, checked_duration, checked_timestamp, fail

_RFC3339 = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:[.]([0-9]{1,9})[0-9]*)?"
    r"(?:([Zz])|([+-])([0-9]{2}):([0-9]{2}))"
)
_OFFSET = re.compile(r"([+-]?)([0-9]{1,2}):([0-9]{2})")
_UNIT = re.compile(r"([0-9]+(?:[.][0-9]*)?|[.][0-9]+)(ns|us|µs|μs|ms|s|m|h)")
_UNITS = {"ns": 1, "us": 1000, "µs": 1000, "μs": 1000, "ms": 10**6, "s": NANOS, "m": 60 * NANOS, "h": 3600 * NANOS}
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_LONGEST_DURATION = 200


def parse_timestamp(text: str) -> Timestamp:
    """Return the timestamp of an RFC 3339 text. Raises `Failure`."""
    match = _RFC3339.fullmatch(text)
    if match is None:
        raise fail(f"invalid timestamp {text[:60]!r}: RFC 3339 is expected, as in 2024-01-31T12:00:00Z")
    year, month, day, hour, minute, second = (int(part) for part in match.groups()[:6])
    fraction, _, sign, offset_hours, offset_minutes = match.groups()[6:]
    try:
        days = date(year, month, day).toordinal() - _EPOCH_DAY
    except ValueError:
        raise fail(f"invalid timestamp {text[:60]!r}: no such day") from None
    if hour > 23 or minute > 59 or second > 59:
        raise fail(f"invalid timestamp {text[:60]!r}: no such time")
    seconds = days * 86400 + hour * 3600 + minute * 60 + second
    if sign is not None:
        if int(offset_hours) > 23 or int(offset_minutes) > 59:
            raise fail(f"invalid timestamp {text[:60]!r}: no such time zone offset")
        shift = int(offset_hours) * 3600 + int(offset_minutes) * 60
        seconds -= shift if sign == "+" else -shift
    return checked_timestamp(seconds * NANOS + int((fraction or "0").ljust(9, "0")))


def format_timestamp(value: Timestamp) -> str:
    """Return a timestamp as RFC 3339 in UTC with as many digits of the second as it needs."""
    seconds, nanos = divmod(value.ns, NANOS)
    days, rest = divmod(seconds, 86400)
    day = date.fromordinal(days + _EPOCH_DAY)
    fraction = f".{nanos:09d}".rstrip("0") if nanos else ""
    return (
        f"{day.year:04d}-{day.month:02d}-{day.day:02d}"
        f"T{rest // 3600:02d}:{rest // 60 % 60:02d}:{rest % 60:02d}{fraction}Z"
    )


def parse_duration(text: str) -> Duration:
    """Return the duration of a text such as `1h2m3.5s` or `-1.5ms`. Raises `Failure`."""
    sign = -1 if text.startswith("-") else 1
    body = text[1:] if text[:1] in {"-", "+"} else text
    if body == "0":
        return Duration(0)
    total, at = 0, 0
    if body and len(body) <= _LONGEST_DURATION:
        for match in _UNIT.finditer(body):
            if match.start() != at:
                break
            whole, _, fraction = match[1].partition(".")
            unit = _UNITS[match[2]]
            total += int(whole or 0) * unit + (int(fraction) * unit // 10 ** len(fraction) if fraction else 0)
            at = match.end()
        if at == len(body):
            return checked_duration(sign * total)
    raise fail(f"invalid duration {text[:60]!r}: a number with a unit is expected, as in 1h30m or 2.5s")


def format_duration(value: Duration) -> str:
    """Return a duration in seconds, as in `90s` or `0.000000001s`."""
    seconds, nanos = divmod(abs(value.ns), NANOS)
    fraction = f".{nanos:09d}".rstrip("0") if nanos else ""
    return f"{'-' if value.ns < 0 else ''}{seconds}{fraction}s"


def zone(name: str) -> tzinfo:
    """Return the time zone of an IANA name or an offset such as `+02:00`. Raises `Failure`."""
    match = _OFFSET.fullmatch(name)
    if match is not None:
        minutes = int(match[2]) * 60 + int(match[3])
        if int(match[3]) < 60 and minutes < 24 * 60:
            return timezone(timedelta(minutes=-minutes if match[1] == "-" else minutes))
    elif name in {"UTC", ""}:
        return UTC
    else:
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            pass
    raise fail(f"unknown time zone {name[:60]!r}")


def local_time(value: Timestamp, zone_name: str | None = None) -> datetime:
    """Return the date and time of a timestamp in a time zone (UTC when None), to the microsecond. Raises `Failure`."""
    seconds, nanos = divmod(value.ns, NANOS)
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds, microseconds=nanos // 1000)
    if zone_name is None:
        return moment
    try:
        return moment.astimezone(zone(zone_name))
    except OverflowError:
        raise fail("timestamp out of range in that time zone") from None
