"""Links into other projects' references, without the network.

``docs/inventories/<name>.toml`` lists the names that our pages link to and where they are
described. Each list becomes an ``objects.inv`` beside the doctrees, and intersphinx reads that.
A new file in the folder is a new inventory. A reference that no list knows is a warning (and fails
the build) that names the list to edit.
"""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx.errors import ConfigError
from sphinx.util import logging

from facts.folders import INVENTORIES
from facts.toml_file import check_keys, read_toml, tables

if TYPE_CHECKING:
    from sphinx.addnodes import pending_xref
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.domains import Domain


logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Entry:
    """One name of another project's reference."""

    name: str
    type: str
    location: str


@dataclass(frozen=True)
class Inventory:
    """The names of one project that our pages link to."""

    project: str
    url: str
    modules: tuple[str, ...]
    entries: tuple[Entry, ...]


def read_inventory(path: Path) -> Inventory:
    """Return the inventory that a list describes.

    Raises:
        ConfigError: the list is no TOML, lacks a key, or has one name of one type twice.

    """
    data = read_toml(path, ConfigError)
    check_keys(data, ("project", "url", "modules", "group"), "the file", path, ConfigError)
    entries = [
        entry
        for group in tables(data, "group", path, ConfigError)
        for entry in _group_entries(group, path)
    ]
    inventory = Inventory(data["project"], data["url"], tuple(data["modules"]), tuple(entries))
    seen: set[tuple[str, str]] = set()
    for entry in entries:
        if (entry.name, entry.type) in seen:
            raise ConfigError(f"{path}: {entry.name} ({entry.type}) is listed twice; remove one.")
        seen.add((entry.name, entry.type))
    return inventory


def _group_entries(group: dict[str, Any], path: Path) -> list[Entry]:
    keys = ("type", "page", "names", "anchor")
    check_keys(group, keys, "a group", path, ConfigError, optional=["anchor"])
    names = group["names"]
    if not isinstance(names, list):
        raise ConfigError(f"{path}: names is {names!r}; it has to be a list of names")
    kind = str(group["type"])
    entries = []
    for name in map(str, names):
        parent, _, last = name.rpartition(".")
        words = {"name": name, "parent": parent, "last": last}
        page = str(group["page"]).format(**words)
        anchor = str(group.get("anchor", "{name}")).format(**words)
        entries.append(
            Entry(name, kind if ":" in kind else f"py:{kind}", f"{page}#{anchor}".rstrip("#"))
        )
    return entries


def inventory_bytes(inventory: Inventory) -> bytes:
    """Return an inventory in Sphinx's format, version 2; the same list gives the same bytes."""
    header = (
        "# Sphinx inventory version 2\n"
        f"# Project: {inventory.project}\n"
        "# Version: \n"
        "# The remainder of this file is compressed using zlib.\n"
    )
    lines = sorted(
        f"{entry.name} {entry.type} 1 {entry.location} -\n" for entry in inventory.entries
    )
    return header.encode() + zlib.compress("".join(lines).encode(), 9)


def list_to_edit(target: str, inventories: dict[str, Inventory]) -> str | None:
    """Return the name of the inventory whose project ``target`` belongs to."""
    module = target.partition(".")[0]
    return next(
        (name for name, inventory in inventories.items() if module in inventory.modules), None
    )


def _read_all(folder: Path) -> dict[str, Inventory]:
    return {path.stem: read_inventory(path) for path in sorted(folder.glob("*.toml"))}


def on_config_inited(app: Sphinx, config: Config) -> None:
    """Write the inventories and tell intersphinx where they are."""
    built = Path(app.doctreedir) / INVENTORIES.name
    built.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    for name, inventory in _read_all(Path(app.confdir) / INVENTORIES.name).items():
        content = inventory_bytes(inventory)
        digest.update(content)
        path = built / f"{name}.inv"
        path.write_bytes(content)
        config.intersphinx_mapping[name] = (inventory.url, (str(path),))
    config.inventory_digest = digest.hexdigest()


def on_warn_missing_reference(
    app: Sphinx, domain: Domain | None, node: pending_xref
) -> bool | None:
    """Say which list lacks the name that a page links to."""
    target = node["reftarget"]
    if domain is None or domain.name != "py":
        return None
    inventories = _read_all(Path(app.confdir) / INVENTORIES.name)
    name = list_to_edit(target, inventories)
    if name is None:
        return None
    listed = sorted(
        {e.type.partition(":")[2] for e in inventories[name].entries if e.name == target}
    )
    problem = (
        f"is listed as {' and '.join(listed)}: use the role that fits, or list it again"
        if listed
        else "is not listed: correct the name, or add it"
    )
    logger.warning(
        "py:%s reference target not found: %s %s in docs/%s/%s.toml",
        node["reftype"],
        target,
        problem,
        INVENTORIES.name,
        name,
        location=node,
        type="ref",
        subtype=node["reftype"],
    )
    return True
