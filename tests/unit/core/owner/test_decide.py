"""The order of places in which an owner is looked for."""

from answers import a_finding, a_vulnerability
from tidewaiter.core.finding import Owner
from tidewaiter.core.model.image import Image, ImageConfig
from tidewaiter.core.model.kubernetes import KubernetesObject, Workload
from tidewaiter.core.owner import OwnerRule, Owners, parse_codeowners, path_pattern
from tidewaiter.core.policy.selector import Selector, Traits


def an_object(kind="Deployment", name="web", annotations=None, labels=None):
    """Return an object with metadata only."""
    metadata = {"name": name, "annotations": annotations or {}, "labels": labels or {}}
    namespace = "" if kind == "Namespace" else "shop"
    return KubernetesObject(
        api_version="apps/v1", kind=kind, name=name, namespace=namespace, raw={"metadata": metadata}
    )


class Around:
    """A tree of one workload, one namespace, one image."""

    def __init__(self, *, pod=None, workload=None, namespace=None, image=None, paths=("deploy/web.yaml",)):
        self._workload = workload or an_object()
        self._pod = pod or {}
        self._namespace = namespace
        self._image = image
        self._paths = paths

    def workloads_of(self, finding):
        """Return the one workload."""
        return (
            Workload(
                object=self._workload,
                template_pointer="",
                spec_pointer="",
                pod_metadata={"annotations": self._pod},
                pod_spec={},
                containers=(),
            ),
        )

    def object_of(self, finding):
        """Return nothing: the workload was judged."""
        return

    def namespace_of(self, name):
        """Return the namespace of the test."""
        return self._namespace if name == "shop" else None

    def image_of(self, finding):
        """Return the image of the test."""
        return self._image

    def paths_of(self, finding):
        """Return the paths of the test."""
        return self._paths

    def traits_of(self, finding):
        """Return where the finding is."""
        return Traits(namespace="shop")


RULES = (
    OwnerRule(owner="team:map", name="owners `deploy/**`", pattern=path_pattern("deploy/**")),
    OwnerRule(owner="team:ns", name="owners entry 2", select=Selector(namespace="shop")),
)
CODEOWNERS = parse_codeowners("* @acme/code")


def owner(around, finding=None, rules=(), codeowners=None):
    """Decide for one finding."""
    return Owners(surroundings=around, rules=rules, codeowners=codeowners).owner_of(finding or a_finding())


def test_pod_annotation_before_workload_annotation():
    """The pod template speaks for the pods."""
    around = Around(pod={"team": "pods"}, workload=an_object(annotations={"tidewaiter.dev/owner": "work"}))
    assert Owner(value="pods", rule="pod annotation team of shop/Deployment/web") == owner(around)


def test_keys_in_their_order():
    """Our own key comes before the general ones."""
    around = Around(workload=an_object(annotations={"contact": "c", "team": "t", "tidewaiter.dev/owner": "o"}))
    assert Owner(value="o", rule="annotation tidewaiter.dev/owner of shop/Deployment/web") == owner(around)


def test_managed_by_is_no_owner():
    """The tool that deploys is not the people who act."""
    around = Around(workload=an_object(labels={"app.kubernetes.io/managed-by": "Helm"}))
    assert Owner(value="", rule="none", routable=False) == owner(around)


def test_an_empty_value_falls_through():
    """Mail to nobody is no owner."""
    around = Around(
        workload=an_object(annotations={"owner": " "}), namespace=an_object("Namespace", "shop", {"owner": "n"})
    )
    assert Owner(value="n", rule="annotation owner of Namespace/shop") == owner(around)


def test_an_unroutable_value_falls_through_and_is_kept_as_the_last_resort():
    """A routable owner further down wins; without one the text is told."""
    around = Around(workload=an_object(annotations={"owner": "Web Team"}))
    assert "team:acme/code" == owner(around, codeowners=CODEOWNERS).value
    expected = Owner(value="Web Team", rule="annotation owner of shop/Deployment/web", routable=False)
    assert expected == owner(around)


def test_configuration_before_codeowners():
    """The owner map of the configuration wins, its first entry that fits."""
    assert Owner(value="team:map", rule="owners `deploy/**`") == owner(Around(), rules=RULES, codeowners=CODEOWNERS)
    assert "team:ns" == owner(Around(paths=()), rules=RULES).value


def test_image_labels_speak_for_findings_inside_the_image_only():
    """The people who made the image act on its packages, not on the manifest."""
    config = ImageConfig(labels=(("org.opencontainers.image.authors", "base@example.org"),))
    around = Around(image=Image(ref="shop/web:1", config=config), pod={"owner": "app"})
    assert "mailto:base@example.org" == owner(around, a_vulnerability("CVE-1")).value
    assert "app" == owner(around).value
