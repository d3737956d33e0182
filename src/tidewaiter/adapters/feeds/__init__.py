"""The feeds family: one file per feed, each recognises its documents by content (scanning guide 10.1)."""

from tidewaiter.adapters.feeds.almalinux_osv import AlmalinuxOsv
from tidewaiter.adapters.feeds.alpine_secdb import AlpineSecdb
from tidewaiter.adapters.feeds.alpine_secdb_yaml import AlpineSecdbYaml
from tidewaiter.adapters.feeds.alpine_secfixes import AlpineSecfixes
from tidewaiter.adapters.feeds.amazon_updateinfo import AmazonUpdateinfo
from tidewaiter.adapters.feeds.arch_security import ArchSecurity
from tidewaiter.adapters.feeds.azure_oval import AzureOval
from tidewaiter.adapters.feeds.bitnami_vulndb import BitnamiVulndb
from tidewaiter.adapters.feeds.bottlerocket import Bottlerocket
from tidewaiter.adapters.feeds.chainguard_secdb import ChainguardSecdb
from tidewaiter.adapters.feeds.cve_records import CveRecords
from tidewaiter.adapters.feeds.debian_advisories import DebianAdvisories
from tidewaiter.adapters.feeds.debian_changelog_fixes import DebianChangelogFixes
from tidewaiter.adapters.feeds.debian_tracker import DebianTracker
from tidewaiter.adapters.feeds.end_of_life import EndOfLife
from tidewaiter.adapters.feeds.epss import Epss
from tidewaiter.adapters.feeds.fedora_updateinfo import FedoraUpdateinfo
from tidewaiter.adapters.feeds.friendsofphp import Friendsofphp
from tidewaiter.adapters.feeds.go_vulndb import GoVulndb
from tidewaiter.adapters.feeds.kev import Kev
from tidewaiter.adapters.feeds.kubernetes_cve_feed import KubernetesCveFeed
from tidewaiter.adapters.feeds.kubernetes_feed import KubernetesFeed
from tidewaiter.adapters.feeds.malicious_packages import MaliciousPackages
from tidewaiter.adapters.feeds.nodejs_core import NodejsCore
from tidewaiter.adapters.feeds.npm_security_wg import NpmSecurityWg
from tidewaiter.adapters.feeds.nvd import Nvd
from tidewaiter.adapters.feeds.oracle_oval import OracleOval
from tidewaiter.adapters.feeds.osv import Osv
from tidewaiter.adapters.feeds.photon import Photon
from tidewaiter.adapters.feeds.photon_oval import PhotonOval
from tidewaiter.adapters.feeds.redhat_csaf_vex import RedhatCsafVex
from tidewaiter.adapters.feeds.redhat_repositories import RedhatRepositories
from tidewaiter.adapters.feeds.retirejs import Retirejs
from tidewaiter.adapters.feeds.rocky_errata import RockyErrata
from tidewaiter.adapters.feeds.rocky_osv import RockyOsv
from tidewaiter.adapters.feeds.rocky_oval import RockyOval
from tidewaiter.adapters.feeds.rocky_updateinfo import RockyUpdateinfo
from tidewaiter.adapters.feeds.rubysec import Rubysec
from tidewaiter.adapters.feeds.rustsec import Rustsec
from tidewaiter.adapters.feeds.suse_osv import SuseOsv
from tidewaiter.adapters.feeds.suse_oval import SuseOval
from tidewaiter.adapters.feeds.ubuntu_cve_tracker import UbuntuCveTracker
from tidewaiter.adapters.feeds.ubuntu_vex import UbuntuVex
from tidewaiter.adapters.feeds.victims import Victims
from tidewaiter.adapters.feeds.vulnrichment import Vulnrichment
from tidewaiter.adapters.feeds.wolfi_secdb import WolfiSecdb
from tidewaiter.core.registry import Registry
from tidewaiter.ports.advisories import FeedReader

BUILTIN: tuple[FeedReader, ...] = (
    Kev(),
    Epss(),
    DebianChangelogFixes(),
    Vulnrichment(),
    AlmalinuxOsv(),
    AmazonUpdateinfo(),
    ArchSecurity(),
    AzureOval(),
    Bottlerocket(),
    DebianAdvisories(),
    FedoraUpdateinfo(),
    OracleOval(),
    Photon(),
    PhotonOval(),
    RockyErrata(),
    RockyOsv(),
    RockyOval(),
    RockyUpdateinfo(),
    SuseOsv(),
    SuseOval(),
    EndOfLife(),
    BitnamiVulndb(),
    CveRecords(),
    Friendsofphp(),
    GoVulndb(),
    KubernetesCveFeed(),
    KubernetesFeed(),
    MaliciousPackages(),
    NodejsCore(),
    NpmSecurityWg(),
    Nvd(),
    Retirejs(),
    Rubysec(),
    Rustsec(),
    Victims(),
    Osv(),
    DebianTracker(),
    AlpineSecdb(),
    AlpineSecdbYaml(),
    AlpineSecfixes(),
    WolfiSecdb(),
    ChainguardSecdb(),
    RedhatCsafVex(),
    RedhatRepositories(),
    UbuntuVex(),
    UbuntuCveTracker(),
)


def registry() -> Registry[FeedReader]:
    """Return the built-in feeds by id."""
    return Registry("feeds", BUILTIN)
