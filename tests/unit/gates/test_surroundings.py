"""What a tree knows of a finding's subject."""

from answers import a_finding, a_vulnerability
from tidewaiter.core.context import Binding, Context, Tree
from tidewaiter.core.model.dockerfile import Dockerfile
from tidewaiter.core.model.image import Image
from tidewaiter.core.model.location import Location
from tidewaiter.core.policy.selector import Selector
from tidewaiter.gates.build.surroundings import TreeSurroundings
from tidewaiter.scan.kubernetes import read_manifests, workloads

MANIFEST = b"""
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {tier: front}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop, labels: {app: web}}
spec:
  template:
    spec:
      containers: [{name: web, image: "shop/web:1"}]
"""


def around():
    """Return the surroundings of one Deployment and its image."""
    objects = read_manifests(MANIFEST, "deploy/web.yaml").objects
    tree = Tree(
        objects=objects,
        workloads=workloads(objects),
        images=(Image(ref="shop/web:1", digest="sha256:abc"),),
        dockerfiles=(Dockerfile(path="web/Dockerfile"),),
        bindings=(Binding(name="shop/web:1", image="shop/web:1", dockerfile="web/Dockerfile"),),
    )
    return TreeSurroundings(Context(tree))


def test_a_container_finding_knows_its_workload_image_and_paths():
    """The manifest stands before the Dockerfile of the image that the container runs."""
    finding = a_finding()
    here = around()
    assert ["shop/Deployment/web"] == [workload.ref for workload in here.workloads_of(finding)]
    assert "shop/web:1" == here.image_of(finding).ref
    assert ("deploy/web.yaml", "web/Dockerfile") == here.paths_of(finding)


def test_an_image_finding_knows_who_runs_it():
    """So that the application's owner is found for what the image holds."""
    finding = a_vulnerability("CVE-1")
    here = around()
    assert ["shop/Deployment/web"] == [workload.ref for workload in here.workloads_of(finding)]
    assert ("web/Dockerfile", "deploy/web.yaml") == here.paths_of(finding)


def test_selectors_see_the_object_and_its_namespace():
    """Kind, name, labels, namespace labels, container and digest can be selected."""
    traits = around().traits_of(a_finding())
    for selector in (
        Selector(kind="Deployment", name="web", labels={"app": "web"}),
        Selector(namespace="shop", namespace_labels={"tier": "front"}),
        Selector(container="web", image="sha256:abc"),
    ):
        assert selector.matches(traits)


def test_a_subject_that_the_tree_does_not_hold_has_no_surroundings():
    """Nothing is guessed."""
    finding = a_finding(ref="shop/Deployment/gone", location=Location(file="x.yaml"))
    here = around()
    assert ((), None, None) == (here.workloads_of(finding), here.object_of(finding), here.image_of(finding))
