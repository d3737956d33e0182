"""Remarks beside the report."""

import pytest

from tidewaiter.core.context import Context, Tree
from tidewaiter.core.model.image import Image
from tidewaiter.gates.build.notes import asides
from tidewaiter.scan.kubernetes import read_manifests, workloads

POD = b"apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: c, image: 'shop/web:1'}]}\n"


def context(*images: str) -> Context:
    """Return a tree with one pod and these images, none of them bound."""
    objects = read_manifests(POD, "pod.yaml").objects
    tree = Tree(objects=objects, workloads=workloads(objects), images=tuple(Image(ref=name) for name in images))
    return Context(tree)


@pytest.mark.parametrize(("environment", "told"), [("prod", 1), ("Production", 1), ("production", 0), ("staging", 0)])
def test_an_environment_that_sounds_like_production_is_told(environment: str, told: int) -> None:
    """`prod` is not `production`, and somebody who writes it should know."""
    assert told == len(list(asides(context(), environment)))


def test_an_image_that_nothing_runs_is_told() -> None:
    """A bound name with a typing error would leave the manifest's image unread."""
    assert ["image shop/wbe:1"] == [note.subject for note in asides(context("shop/wbe:1"), "")]
    assert [] == list(asides(Context(Tree(images=(Image(ref="x"),))), ""))
