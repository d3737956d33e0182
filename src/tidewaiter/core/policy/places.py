"""Where a finding stands: the field of the subject or of the judged element, else its nearest existing ancestor."""

from typing import Any

from tidewaiter.core.model.location import Location
from tidewaiter.core.policy.fields import common, subjects
from tidewaiter.core.policy.fields.base import Place, Subject, View

_IN_IMAGES = frozenset({"tool", "notableFile"})


def place_of_item(item: Any, subject: Subject, view: View) -> Place:
    """Return the place of an element of a collection; an element without one stands where its subject stands."""
    whole = subject.place(view)
    if not isinstance(item, View):
        return whole
    own = subjects().get(item.record.name)
    if own is not None:
        return own.place(item)
    if item.record.name in _IN_IMAGES and item.parent is not None:
        return Place(**common.image_place(item.fact.location, item.parent.fact))
    if item.pointer and whole.object is not None:
        return Place(object=whole.object, pointer=item.pointer)
    return whole


def key_of(item: Any, index: int) -> str:
    """Return the element's own name, which stays the same when the order changes."""
    if isinstance(item, View) and item.record.key is not None:
        return str(item.record.key(item))
    if isinstance(item, str | int | float):
        return str(item)
    return f"#{index}"


def related_locations(values: Any, subject: Subject, view: View) -> tuple[Location, ...]:
    """Return the places that a rule's `related` names: JSON Pointers in the subject's object, or elements."""
    found = []
    whole = subject.place(view)
    for value in values if isinstance(values, list | tuple) else ():
        if isinstance(value, str) and whole.object is not None:
            found.append(whole.object.at(value))
        elif isinstance(value, View):
            found.append(place_of_item(value, subject, view).at())
    return tuple(found)
